"""What the vault asks of a file system: files that are whole or absent, folders only the owner can enter, one holder at a time.

POSIX locks with flock, Windows with msvcrt; both are dropped by the system when the process dies.
"""

from __future__ import annotations

import contextlib
import errno
import os
import sys
from collections.abc import Iterator
from pathlib import Path

from dsadesk.errors import VaultBusyError
from dsadesk.storage.faults import system_fault

FOLDER_MODE = 0o700
FILE_MODE = 0o600

if sys.platform == "win32":
    import msvcrt

    def _lock(descriptor: int) -> None:
        msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)
else:
    import fcntl

    def _lock(descriptor: int) -> None:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)


_HELD = frozenset({errno.EWOULDBLOCK, errno.EACCES, errno.EAGAIN, getattr(errno, "EDEADLOCK", errno.EAGAIN)})


class FolderLock:
    """Holds a folder for this process until released or until the process ends, however it ends."""

    def __init__(self, path: Path) -> None:
        try:
            self._descriptor: int | None = create_or_open(path)
        except OSError as error:
            raise system_fault(error) from error
        try:
            _lock(self._descriptor)
        except OSError as error:
            self.release()
            if error.errno in _HELD:
                raise VaultBusyError("vault-busy") from error
            raise system_fault(error) from error

    def release(self) -> None:
        """Lets go. Releasing twice is fine."""
        if self._descriptor is not None:
            os.close(self._descriptor)
            self._descriptor = None


def create_or_open(path: Path) -> int:
    """A descriptor for reading and writing a file that only its owner may read."""
    return os.open(path, os.O_RDWR | os.O_CREAT | getattr(os, "O_BINARY", 0), FILE_MODE)


def create_new(path: Path) -> int:
    """The same for a file that must not exist yet."""
    flags = os.O_RDWR | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0)
    return os.open(path, flags, FILE_MODE)


def make_folder(path: Path) -> None:
    """Makes a folder that only its owner may enter, with what is missing above it."""
    path.mkdir(mode=FOLDER_MODE, parents=True, exist_ok=True)
    path.chmod(FOLDER_MODE)


def sync_folder(path: Path) -> None:
    """Brings a folder's names to the disk. Windows does that with the rename itself."""
    if sys.platform != "win32":
        descriptor = os.open(path, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


def sync_file(path: Path) -> None:
    """Brings a closed file's bytes to the disk."""
    descriptor = os.open(path, os.O_RDWR | getattr(os, "O_BINARY", 0))
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def replace(source: Path, target: Path) -> None:
    """Renames over whatever lies at the target, and has the new name on disk before it returns."""
    source.replace(target)
    sync_folder(target.parent)


def free_name(path: Path) -> Path:
    """The path itself, or with a number before its ending when something lies there."""
    number = 1
    free = path
    while free.exists():
        number += 1
        free = path.with_name(f"{path.stem}-{number}{path.suffix}")
    return free


def write_whole(path: Path, data: bytes) -> None:
    """Makes a file hold exactly these bytes, or leaves it as it was. Raises: OSError."""
    part = path.with_name(path.name + ".new")
    part.unlink(missing_ok=True)
    try:
        with os.fdopen(create_new(part), "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        replace(part, path)
    except BaseException:
        with contextlib.suppress(OSError):
            part.unlink(missing_ok=True)
        raise


@contextlib.contextmanager
def translated() -> Iterator[None]:
    """Turns the operating system's errors into the vault's. Raises: DiskFullError, VaultError."""
    try:
        yield
    except OSError as error:
        raise system_fault(error) from error
