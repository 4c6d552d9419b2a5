"""Frozen settings of one running program. They are read once, in `bootstrap`, and passed down."""

from __future__ import annotations

from pathlib import Path

from msgspec import Struct

# Everything below is a limit that a hostile or mistaken input meets; docs/formats names each.
MAX_ANSWERS_BYTES = 2 * 1024 * 1024
MAX_CATALOGUE_BYTES = 64 * 1024 * 1024
MAX_SAMPLE_BYTES = 4 * 1024 * 1024 * 1024


class Settings(Struct, frozen=True, kw_only=True):
    """Where things lie and how long things may take. `work_factor` is scrypt's log2 N for new kits, and four times Argon2id's memory in KiB as a power of two."""

    vault: Path
    logs: Path
    work_factor: int = 18
    idle_lock_seconds: int = 900
    language: str = "en"
