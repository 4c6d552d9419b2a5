"""A file for a stick or an e-mail: appears under its name whole, flushed and read back, or not at all."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import BinaryIO

from dsadesk.errors import StoreUnreachableError
from dsadesk.ports import ExportedFile
from dsadesk.transports.faults import as_store_errors


def export_file(target: Path, write: Callable[[BinaryIO], None]) -> ExportedFile:
    """Lets `write` fill a new file, flushes it, reads it back and gives it its name; a file of that name is replaced whole.

    Raises: StoreFullError, StoreReadOnlyError, StoreMissingError, StoreUnreachableError (the stick was pulled, or gave back other bytes:
    "read-back-differs").
    """
    part = target.with_name(f".{target.name}.part")
    try:
        with as_store_errors(str(target.parent), writing=True):
            part.unlink(missing_ok=True)
            with part.open("x+b") as file:
                write(file)
                file.flush()
                os.fsync(file.fileno())
                file.seek(0)
                written = hashlib.file_digest(file, "sha256").hexdigest()
            with part.open("rb") as again:
                _forget_cached(again)
                size, digest = part.stat().st_size, hashlib.file_digest(again, "sha256").hexdigest()
            if digest != written:
                raise StoreUnreachableError("read-back-differs", address=str(target.parent))
            part.replace(target)
        return ExportedFile(path=target, size=size, sha256=digest)
    finally:
        with suppress(OSError):
            part.unlink(missing_ok=True)


def _forget_cached(file: BinaryIO) -> None:
    """Asks the system to read from the medium rather than from its memory, where it can be asked."""
    advise = getattr(os, "posix_fadvise", None)
    if advise is not None:
        with suppress(OSError):
            advise(file.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)
