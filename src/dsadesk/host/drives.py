"""Drives that can be taken out: which are plugged in, where, how much room they have, and whether they may be written to.

Linux says in /sys which disks are removable or hang on USB; a stick that is itself encrypted is looked for beneath its mapping. Windows
is asked for its drive letters and macOS for what lies in /Volumes; neither of these two has run yet (docs/untested.md).
"""

from __future__ import annotations

import contextlib
import ctypes
import os
import re
import shutil
import string
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

from dsadesk.ports import RemovableDrive

_OCTAL = re.compile(r"\\([0-7]{3})")
_SYSTEM = ("/", "/boot", "/boot/efi", "/usr", "/home", "/var")
_DRIVE_REMOVABLE = 2
_FILE_READ_ONLY_VOLUME = 0x00080000


def removable_drives() -> tuple[RemovableDrive, ...]:
    """Every removable drive that is plugged in and can be looked into, by name. Implements `ports.RemovableDrives`."""
    if sys.platform == "win32":
        found = _of_windows()
    elif sys.platform == "darwin":
        found = _of_macos(Path("/Volumes"))
    else:
        found = of_linux(Path("/proc/self/mountinfo"), Path("/sys/dev/block"))
    return tuple(sorted(found, key=lambda drive: (drive.name.casefold(), str(drive.folder))))


# ---------------------------------------------------------------- Linux


def of_linux(mounts: Path, devices: Path) -> Iterator[RemovableDrive]:
    """The drives of a mount table (proc(5), "mountinfo") whose devices /sys calls removable, each at its first place."""
    try:
        lines = mounts.read_text("utf-8", "surrogateescape").splitlines()
    except OSError:
        return
    seen: set[str] = set()
    for line in lines:
        fields = line.split(" ")
        if len(fields) < 6:
            continue
        device, folder, options = fields[2], _unescaped(fields[4]), fields[5].split(",")
        if device in seen or folder in _SYSTEM or not _is_removable(devices / device):
            continue
        seen.add(device)
        drive = _measured(Path(folder), is_read_only="ro" in options)
        if drive is not None:
            yield drive


def _unescaped(field: str) -> str:
    return _OCTAL.sub(lambda match: chr(int(match[1], 8)), field)


def _is_removable(device: Path) -> bool:
    """Whether the disk of a device, or of one that it is made of, can be taken out."""
    try:
        real = device.resolve(strict=True)
    except OSError:
        return False
    beneath = real / "slaves"
    made_of = sorted(beneath.iterdir()) if beneath.is_dir() else []
    if made_of:
        return any(_is_removable(each) for each in made_of)
    disk = real.parent if (real / "partition").exists() else real
    with contextlib.suppress(OSError):
        if (disk / "removable").read_text().strip() == "1":
            return True
    # A hard disk in a case calls itself fixed; what it hangs on tells.
    return any(part.startswith("usb") for part in disk.parts)


def _measured(folder: Path, *, is_read_only: bool, name: str = "") -> RemovableDrive | None:
    try:
        room = shutil.disk_usage(folder)
    except OSError:
        return None  # it was pulled out a moment ago
    return RemovableDrive(
        folder=folder,
        name=name or folder.name or str(folder),
        free=room.free,
        size=room.total,
        is_read_only=is_read_only,
    )


# ---------------------------------------------------------------- macOS and Windows


def _of_macos(volumes: Path) -> Iterator[RemovableDrive]:
    for folder in sorted(volumes.iterdir()) if volumes.is_dir() else ():
        if folder.is_symlink() or not folder.is_dir():
            continue  # the system's own volume is a link to /
        read_only = bool(os.statvfs(folder).f_flag & os.ST_RDONLY)
        drive = _measured(folder, is_read_only=read_only)
        if drive is not None:
            yield drive


def _of_windows() -> Iterator[RemovableDrive]:
    system = getattr(ctypes, "windll").kernel32  # noqa: B009 - there is no such name elsewhere
    letters: int = system.GetLogicalDrives()
    for bit, letter in enumerate(string.ascii_uppercase):
        root = f"{letter}:\\"
        if letters >> bit & 1 and system.GetDriveTypeW(root) == _DRIVE_REMOVABLE:
            drive = _of_letter(root, system.GetVolumeInformationW)
            if drive is not None:
                yield drive


def _of_letter(root: str, volume_information: Callable[..., int]) -> RemovableDrive | None:
    """None for a slot with no card in it."""
    label, flags = ctypes.create_unicode_buffer(261), ctypes.c_ulong()
    if not volume_information(root, label, len(label), None, None, ctypes.byref(flags), None, 0):
        return None
    name = f"{label.value} ({root[:2]})" if label.value else root[:2]
    return _measured(Path(root), is_read_only=bool(flags.value & _FILE_READ_ONLY_VOLUME), name=name)
