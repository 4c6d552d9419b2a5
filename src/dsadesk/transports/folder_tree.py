"""What a store in a folder looks like from outside: the names in a folder, and whether anything has changed there."""

from __future__ import annotations

import os
import stat
from pathlib import Path

from dsadesk.transports.names import MAX_NAME, is_component, is_name

_FINER_THAN_NS = 10_000_000


class FolderTree:
    """The folders below a store's root, as `gate.Tree`. Operating system errors are the caller's to translate."""

    def __init__(self, root: Path) -> None:
        self._root = root

    def stamp(self, folder: str) -> str | None:
        """The folder's times and number.

        "" where the time is a whole multiple of 10 ms: such times come from FAT, exFAT and others that count coarsely, and some of their
        drivers do not touch a folder's time when a file comes into it.
        """
        try:
            status = os.lstat(self._root / folder)
        except (FileNotFoundError, NotADirectoryError):
            return None
        if not stat.S_ISDIR(status.st_mode) or is_link(self._root / folder):
            return None
        if status.st_mtime_ns % _FINER_THAN_NS == 0:
            return ""
        return f"{status.st_mtime_ns}.{status.st_ctime_ns}.{status.st_ino}"

    def read(self, folder: str) -> tuple[list[str], list[str]]:
        """The names of the objects in a folder, and of the folders in it; links and foreign names are left out."""
        try:
            with os.scandir(self._root / folder) as found:
                entries = [entry for entry in found if is_component(entry.name) and not entry.is_symlink()]
        except (FileNotFoundError, NotADirectoryError):
            return [], []
        names, folders = [], []
        for entry in entries:
            name = f"{folder}/{entry.name}"
            if entry.is_dir():
                if len(name) < MAX_NAME and not is_link(Path(entry.path)):
                    folders.append(name)
            elif is_name(name) and entry.is_file():
                names.append(name)
        return names, folders


def is_link(path: Path) -> bool:
    """A symbolic link or a Windows junction, which could lead out of the store."""
    try:
        status = os.lstat(path)
    except (FileNotFoundError, NotADirectoryError):
        return False
    is_junction = getattr(status, "st_reparse_tag", 0) == getattr(stat, "IO_REPARSE_TAG_MOUNT_POINT", -1)
    return stat.S_ISLNK(status.st_mode) or is_junction
