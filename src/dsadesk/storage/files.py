"""What the vault asks of a file system: files that are whole or absent, folders only the owner can enter, one holder at a time.

Everything that can fail on a disk goes through one call of `Disk` each, so that a test can let any of them fail without touching the rest.
POSIX locks with flock, Windows with msvcrt; both are dropped by the system when the process dies.
"""

from __future__ import annotations

import contextlib
import errno
import io
import os
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO, Final

from dsadesk.errors import VaultBusyError
from dsadesk.storage.faults import system_fault

FOLDER_MODE = 0o700
FILE_MODE = 0o600
_BINARY = getattr(os, "O_BINARY", 0)

if sys.platform == "win32":
    import msvcrt

    def _lock(descriptor: int) -> None:
        msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)
else:
    import fcntl

    def _lock(descriptor: int) -> None:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)


_HELD = frozenset({errno.EWOULDBLOCK, errno.EACCES, errno.EAGAIN, getattr(errno, "EDEADLOCK", errno.EAGAIN)})


class Disk:
    """The file system: the calls that can fail, and what is made of them."""

    # ------------------------------------------------------------ one call each

    def open(self, path: Path, flags: int) -> int:
        """A descriptor; a file that is made by it can be read by its owner alone."""
        return os.open(path, flags | _BINARY, FILE_MODE)

    def raw(self, descriptor: int, mode: str) -> io.FileIO:
        """The unbuffered file over a descriptor, which it owns."""
        return io.FileIO(descriptor, mode)

    def flush(self, descriptor: int) -> None:
        """Brings a file's bytes, or a folder's names, to the disk."""
        os.fsync(descriptor)

    def rename(self, source: Path, target: Path) -> None:
        """Renames over whatever lies at the target. The new name is not on the disk yet."""
        source.replace(target)

    def remove(self, path: Path) -> None:
        """Removes a file; removing twice is fine."""
        path.unlink(missing_ok=True)

    def make(self, folder: Path, mode: int) -> None:
        """Makes one folder; making it twice is fine."""
        folder.mkdir(mode=mode, exist_ok=True)

    # ------------------------------------------------------------ what is made of them

    def create_or_open(self, path: Path) -> int:
        """A descriptor for reading and writing a file that only its owner may read."""
        return self.open(path, os.O_RDWR | os.O_CREAT)

    def create_new(self, path: Path) -> int:
        """The same for a file that must not exist yet."""
        return self.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL)

    def write_new(self, path: Path) -> BinaryIO:
        """A buffered file that must not exist yet, for writing and reading back."""
        return io.BufferedRandom(self.raw(self.create_new(path), "r+b"))

    def open_to_read(self, path: Path) -> BinaryIO:
        """A buffered file for reading."""
        return io.BufferedReader(self.raw(self.open(path, os.O_RDONLY), "rb"))

    def read(self, path: Path, limit: int) -> bytes:
        """The beginning of a file, at most so many bytes."""
        with self.open_to_read(path) as file:
            return file.read(limit)

    def make_folder(self, path: Path) -> None:
        """Makes a folder that only its owner may enter, with what is missing above it, and has the new names on disk."""
        missing = [each for each in (path, *path.parents) if not each.exists()]
        for each in reversed(missing):
            self.make(each, FOLDER_MODE if each == path else 0o777)
            self.sync_folder(each.parent)
        path.chmod(FOLDER_MODE)

    def sync_folder(self, path: Path) -> None:
        """Brings a folder's names to the disk. Windows does that with the rename itself."""
        if sys.platform != "win32":
            self._sync(path, os.O_RDONLY)

    def sync_file(self, path: Path) -> None:
        """Brings a closed file's bytes to the disk."""
        self._sync(path, os.O_RDWR)

    def replace(self, source: Path, target: Path) -> None:
        """Renames over whatever lies at the target, and has the new name on disk before it returns."""
        self.rename(source, target)
        self.sync_folder(target.parent)

    def write_whole(self, path: Path, data: bytes) -> None:
        """Makes a file hold exactly these bytes, or leaves it as it was. Raises: OSError."""
        part = path.with_name(path.name + ".new")
        self.remove(part)
        try:
            with self.write_new(part) as file:
                file.write(data)
                file.flush()
                self.flush(file.fileno())
            self.replace(part, path)
        except BaseException:
            with contextlib.suppress(OSError):
                self.remove(part)
            raise

    def _sync(self, path: Path, flags: int) -> None:
        descriptor = self.open(path, flags)
        try:
            self.flush(descriptor)
        finally:
            os.close(descriptor)


DISK: Final = Disk()


class FolderLock:
    """Holds a folder for this process until released or until the process ends, however it ends."""

    def __init__(self, path: Path, disk: Disk = DISK) -> None:
        try:
            self._descriptor: int | None = disk.create_or_open(path)
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


def free_name(path: Path) -> Path:
    """The path itself, or with a number before its ending when something lies there."""
    number = 1
    free = path
    while free.exists():
        number += 1
        free = path.with_name(f"{path.stem}-{number}{path.suffix}")
    return free


@contextlib.contextmanager
def translated() -> Iterator[None]:
    """Turns the operating system's errors into the vault's. Raises: DiskFullError, VaultError."""
    try:
        yield
    except OSError as error:
        raise system_fault(error) from error
