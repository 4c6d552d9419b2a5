"""Writes the drawing of the lifecycle from its rows: python -m tests.support.draw_states."""

from __future__ import annotations

from pathlib import Path

from dsadesk.domain.lifecycle import mermaid

if __name__ == "__main__":
    (Path(__file__).parents[2] / "docs/states/request.mmd").write_text(mermaid(), "utf-8")
