"""A file that holds room on the disk, given back to the database when the disk is full.

A full disk stops SQLite from opening a file at all (it cannot make its shared memory file), so without this nothing could be read or
tidied either.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import sys
from pathlib import Path
from typing import BinaryIO, Final

from dsadesk.storage.faults import is_disk_full
from dsadesk.storage.files import DISK, Disk

RESERVE_BYTES: Final = 32 * 1024 * 1024
_CHUNK = bytes(1024 * 1024)
_PROBE = bytes(64 * 1024)


class Reserve:
    """The reserve file of one vault folder."""

    def __init__(self, folder: Path, size: int, disk: Disk = DISK) -> None:
        self._disk = disk
        self._path = folder / "reserve"
        self._size = size

    @property
    def is_filled(self) -> bool:
        """Whether the room is held."""
        return self._path.exists() and self._path.stat().st_size >= self._size

    def fill(self) -> None:
        """Takes the room. Raises: OSError when there is none."""
        if self.is_filled:
            return
        self._disk.remove(self._path)
        try:
            with self._disk.write_new(self._path) as file:
                _take(file, self._size)
                file.flush()
                self._disk.flush(file.fileno())
        except BaseException:
            self.release()
            raise

    def refill(self) -> None:
        """Takes the room back when the disk has plenty again; never an error."""
        with contextlib.suppress(OSError):
            if not self.is_filled and shutil.disk_usage(self._path.parent).free > 4 * self._size:
                self.fill()

    def release(self) -> bool:
        """Gives the room back. Returns whether there was any to give."""
        held = self._path.exists()
        with contextlib.suppress(OSError):
            self._disk.remove(self._path)
        return held

    def disk_is_full(self) -> bool:
        """Whether the disk takes no more: found by trying, because a quota does not show in the free space."""
        probe = self._path.with_name("reserve.probe")
        try:
            self._disk.remove(probe)
            with self._disk.write_new(probe) as file:
                file.write(_PROBE)
                file.flush()
                self._disk.flush(file.fileno())
        except OSError as error:
            return is_disk_full(error)
        finally:
            with contextlib.suppress(OSError):
                self._disk.remove(probe)
        return False


def _take(file: BinaryIO, size: int) -> None:
    if sys.platform == "linux" and size:
        try:
            # Zeros would hold no room on a file system that compresses.
            os.posix_fallocate(file.fileno(), 0, size)
        except OSError as error:
            if is_disk_full(error):
                raise
        else:
            return
    file.writelines(_CHUNK[: size - start] for start in range(0, size, len(_CHUNK)))
