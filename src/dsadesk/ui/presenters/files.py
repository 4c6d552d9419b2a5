"""Files that a person chose, read and written whole."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from dsadesk.errors import RuleError
from dsadesk.services.file_faults import unwritable


@dataclass(frozen=True)
class SavedFile:
    """One file that was written, how large it is, and what it is for."""

    name: str
    size: str
    purpose: str


def read_file(file: Path) -> bytes:
    """Return a file's bytes. Raises: RuleError("file-unreadable", name, why)."""
    try:
        return file.read_bytes()
    except OSError as error:
        raise RuleError("file-unreadable", name=file.name, why=error.strerror or "") from error


def write_file(file: Path, data: bytes) -> None:
    """Write a file whole or not at all. Raises: RuleError("file-no-room" | "file-unwritable", name)."""
    part = file.with_name(file.name + ".part")
    try:
        part.write_bytes(data)
        part.replace(file)
    except OSError as error:
        part.unlink(missing_ok=True)
        raise unwritable(file.name, error) from error
