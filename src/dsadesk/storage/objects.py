"""Encrypted files beside the database: written under a temporary name, flushed, renamed, and the folder flushed."""

from __future__ import annotations

import contextlib
import io
import os
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, BinaryIO, Final

from dsadesk.domain.ids import ObjectId
from dsadesk.errors import DamagedVaultError
from dsadesk.ports import Entropy, ObjectWriter
from dsadesk.storage.faults import system_fault
from dsadesk.storage.files import DISK, Disk, translated

PART_SUFFIX: Final = ".part"
_NAME = re.compile(r"[0-9a-f]{64}\Z")
_BUFFER_BYTES = 256 * 1024


def is_object_name(name: str) -> bool:
    """Whether this can be the name of an object: 64 lower-case hexadecimal digits."""
    return _NAME.match(name) is not None


def checked_name(name: ObjectId) -> ObjectId:
    """The name itself, when it is 64 hexadecimal digits and so can be nothing but a file of ours. Raises: ValueError."""
    if not is_object_name(name):
        raise ValueError("an object's name is 64 lower-case hexadecimal digits")
    return name


class _ObjectFile(io.RawIOBase):
    """A file whose failures are the vault's. Once dropped it swallows what the buffer above still holds."""

    def __init__(self, raw: io.FileIO) -> None:
        self._raw = raw
        self.is_dropped = False

    def readable(self) -> bool:
        return self._raw.readable()

    def writable(self) -> bool:
        return self._raw.writable()

    def seekable(self) -> bool:
        return True

    def fileno(self) -> int:
        return self._raw.fileno()

    def readinto(self, buffer: Any, /) -> int | None:
        with translated():
            return self._raw.readinto(buffer)

    def write(self, data: Any, /) -> int | None:
        if self.is_dropped:
            return memoryview(data).nbytes
        with translated():
            return self._raw.write(data)

    def seek(self, offset: int, whence: int = 0, /) -> int:
        return self._raw.seek(offset, whence)

    def truncate(self, size: int | None = None, /) -> int:
        with translated():
            return self._raw.truncate(size)

    def close(self) -> None:
        super().close()
        self._raw.close()


class FolderObjectWriter:
    """Implements `ports.ObjectWriter`."""

    def __init__(self, objects: FolderObjects, part: Path, disk: Disk) -> None:
        self._objects = objects
        self._part = part
        self._disk = disk
        self._raw = _ObjectFile(disk.raw(disk.create_new(part), "r+b"))
        self._file = io.BufferedRandom(self._raw, _BUFFER_BYTES)
        self._is_done = False

    @property
    def file(self) -> BinaryIO:
        """Where the encrypted bytes go."""
        return self._file

    def commit(self, name: ObjectId) -> None:
        """Flushes, renames into place and flushes the folder. Raises: DiskFullError, VaultError, ValueError for a bad name."""
        target = self._objects.path_of(name)
        try:
            with translated():
                self._file.flush()
                self._disk.flush(self._file.fileno())
                self._file.close()
                if target.exists():
                    # Its name may not be on the disk yet: whoever put it there may have been cut off before that.
                    self._disk.sync_folder(target.parent)
                else:
                    self._disk.replace(self._part, target)
        finally:
            self.abort()

    def abort(self) -> None:
        """Removes what was written. Called twice, or after commit, it does nothing."""
        if not self._is_done:
            self._is_done = True
            self._raw.is_dropped = True
            self._file.close()
            self._objects.forget(self._part)


class FolderObjects:
    """Implements `ports.Objects` in one folder."""

    def __init__(self, folder: Path, entropy: Entropy, disk: Disk = DISK) -> None:
        self._folder = folder
        self._disk = disk
        self._entropy = entropy
        self._being_written: set[Path] = set()

    def create(self) -> ObjectWriter:
        """Begins a new object. Raises: DiskFullError, VaultError."""
        part = self._folder / f"{self._entropy.token(16).hex()}{PART_SUFFIX}"
        with translated():
            writer = FolderObjectWriter(self, part, self._disk)
        self._being_written.add(part)
        return writer

    def open(self, name: ObjectId) -> BinaryIO:
        """An object for reading, seekable. Raises: DamagedVaultError("object-missing"), VaultError, also while it is read."""
        path = self.path_of(name)
        try:
            raw = self._disk.raw(self._disk.open(path, os.O_RDONLY), "rb")
        except FileNotFoundError:
            raise DamagedVaultError("object-missing", object=name) from None
        except OSError as error:
            raise system_fault(error) from error
        return io.BufferedReader(_ObjectFile(raw), _BUFFER_BYTES)

    def size(self, name: ObjectId) -> int:
        """An object's size in bytes. Raises: DamagedVaultError("object-missing")."""
        try:
            return self.path_of(name).stat().st_size
        except FileNotFoundError:
            raise DamagedVaultError("object-missing", object=name) from None

    def has(self, name: ObjectId) -> bool:
        """Whether the object is in place."""
        return self.path_of(name).is_file()

    def remove(self, name: ObjectId) -> None:
        """Removes an object; removing twice is fine. Raises: VaultError."""
        with translated():
            self._disk.remove(self.path_of(name))

    def sweep(self, keep: frozenset[ObjectId]) -> int:
        """Removes temporary files that nobody is writing and objects that are not to be kept. Raises: VaultError."""
        removed = 0
        for path in sorted(self._folder.iterdir()):
            is_kept = ObjectId(path.name) in keep or path in self._being_written
            if not is_kept and (path.suffix == PART_SUFFIX or _NAME.match(path.name)):
                with translated():
                    self._disk.remove(path)
                removed += 1
        return removed

    def names(self) -> frozenset[ObjectId]:
        """Every object that is in place."""
        return frozenset(ObjectId(path.name) for path in self._folder.iterdir() if _NAME.match(path.name))

    def paths(self) -> Iterator[Path]:
        """The files of every object, by name."""
        return (self._folder / name for name in sorted(self.names()))

    def path_of(self, name: ObjectId) -> Path:
        """Where an object lies. Raises: ValueError for a bad name."""
        return self._folder / checked_name(name)

    def forget(self, part: Path) -> None:
        """Removes a temporary file that is no longer being written."""
        self._being_written.discard(part)
        with contextlib.suppress(OSError):
            self._disk.remove(part)
