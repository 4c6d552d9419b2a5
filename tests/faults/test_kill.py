"""kill -9 while typing, sealing and delivering: nothing acknowledged is lost, nothing half-written is visible, nothing is delivered twice."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="killing needs fork; see docs/untested.md")
ROOT = Path(__file__).resolve().parents[2]
PHASES = ("typing", "sealing", "delivering")


def kill(phase: str, rounds: int, least: int, seed: str, folder: Path) -> dict[str, int]:
    done = subprocess.run(
        [sys.executable, "-m", "tests.faults.killing", phase, str(rounds), str(least), seed, str(folder)],
        cwd=ROOT,
        env=os.environ | {"PYTHONPATH": f"{ROOT / 'src'}{os.pathsep}{ROOT}"},
        capture_output=True,
        text=True,
        check=False,
        timeout=3000,
    )
    assert done.returncode == 0, done.stderr[-3000:]
    return dict(json.loads(done.stdout.splitlines()[-1]))


@pytest.mark.parametrize("phase", PHASES)
def test_a_kill_at_any_instant_loses_nothing(phase: str, tmp_path: Path) -> None:
    happened = kill(phase, 20, 12, "suite", tmp_path / "kill")
    assert happened["killed_at_work"] >= 12, happened


@pytest.mark.soak
@pytest.mark.parametrize("phase", PHASES)
def test_a_thousand_kills_lose_nothing(phase: str, tmp_path: Path) -> None:
    happened = kill(phase, 334, 200, "soak", tmp_path / "kill")
    assert happened["killed_at_work"] >= 200, happened
