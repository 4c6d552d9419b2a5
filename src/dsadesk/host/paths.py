"""Where things lie on each platform, and whether a folder is a bad place for a vault.

Sources: XDG Base Directory Specification 0.8; Windows known folders (local, never roaming: a vault must not be copied around while it is
open); Apple's File System Programming Guide.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path, PurePath
from typing import Final

NAME: Final = "dsadesk"
NETWORK, SYNCED = "network-folder", "synced-folder"

_NETWORK_FILE_SYSTEMS = frozenset(
    {"nfs", "nfs4", "cifs", "smb3", "smbfs", "ncpfs", "afs", "afpfs", "9p", "davfs", "ceph", "glusterfs", "lustre"}
    | {"fuse.sshfs", "fuse.rclone", "fuse.davfs2", "fuse.glusterfs", "fuse.gvfsd-fuse"}
)
_SYNCED_NAMES = ("onedrive", "dropbox", "google drive", "googledrive", "icloud drive", "nextcloud", "owncloud")
_SYNCED_ON_MACOS = (("Library", "Mobile Documents"), ("Library", "CloudStorage"))
_ONEDRIVE_VARIABLES = ("OneDrive", "OneDriveCommercial", "OneDriveConsumer")


@dataclass(frozen=True)
class Machine:
    """What decides where things lie: the platform as Python names it, the home folder and the environment."""

    platform: str
    home: Path
    environment: Mapping[str, str]


def this_machine() -> Machine:
    """The machine that this runs on."""
    return Machine(sys.platform, Path.home(), os.environ)


def data_folder(machine: Machine | None = None) -> Path:
    """Where what must not be lost lies."""
    machine = machine or this_machine()
    if machine.platform == "win32":
        return _local_app_data(machine) / NAME
    if machine.platform == "darwin":
        return machine.home / "Library" / "Application Support" / NAME
    return _xdg(machine, "XDG_DATA_HOME", ".local", "share")


def vault_folder(machine: Machine | None = None) -> Path:
    """Where this person's vault lies when nobody says otherwise."""
    return data_folder(machine) / "vault"


def config_folder(machine: Machine | None = None) -> Path:
    """Where preferences that are no secret lie."""
    machine = machine or this_machine()
    if machine.platform in ("win32", "darwin"):
        return data_folder(machine) / "config"
    return _xdg(machine, "XDG_CONFIG_HOME", ".config")


def log_folder(machine: Machine | None = None) -> Path:
    """Where the log lies."""
    machine = machine or this_machine()
    if machine.platform == "win32":
        return data_folder(machine) / "logs"
    if machine.platform == "darwin":
        return machine.home / "Library" / "Logs" / NAME
    return _xdg(machine, "XDG_STATE_HOME", ".local", "state") / "logs"


def cache_folder(machine: Machine | None = None) -> Path:
    """Where what can be made again lies."""
    machine = machine or this_machine()
    if machine.platform == "win32":
        return data_folder(machine) / "cache"
    if machine.platform == "darwin":
        return machine.home / "Library" / "Caches" / NAME
    return _xdg(machine, "XDG_CACHE_HOME", ".cache")


def placement_warning(folder: PurePath, machine: Machine | None = None, mounts: str | None = None) -> str:
    """Why a folder is a bad place for a vault: "network-folder", "synced-folder", or "" when nothing speaks against it.

    A network folder has no shared memory, which the database's journal needs; a synchronised one is copied file by file while it is
    being written. `mounts` is the text of /proc/self/mounts and is read where the platform has it.
    """
    machine = machine or this_machine()
    if _is_synced(folder, machine):
        return SYNCED
    if machine.platform == "win32":
        return NETWORK if str(folder).startswith(("\\\\", "//")) else ""
    if machine.platform == "linux":
        return NETWORK if _file_system(folder, _mounts() if mounts is None else mounts) in _NETWORK_FILE_SYSTEMS else ""
    return ""


def _xdg(machine: Machine, variable: str, *default: str) -> Path:
    named = machine.environment.get(variable, "")
    # The specification says that a relative path there is to be ignored.
    base = Path(named) if named.startswith("/") else machine.home.joinpath(*default)
    return base / NAME


def _local_app_data(machine: Machine) -> Path:
    named = machine.environment.get("LOCALAPPDATA", "")
    return Path(named) if named else machine.home / "AppData" / "Local"


def _is_synced(folder: PurePath, machine: Machine) -> bool:
    if any(part.lower().startswith(_SYNCED_NAMES) for part in folder.parts):
        return True
    if machine.platform == "darwin":
        return any(folder.is_relative_to(machine.home.joinpath(*parts)) for parts in _SYNCED_ON_MACOS)
    roots = (machine.environment.get(name, "") for name in _ONEDRIVE_VARIABLES)
    return any(folder.is_relative_to(root) for root in roots if root)


def _mounts() -> str:
    try:
        return Path("/proc/self/mounts").read_text(encoding="utf-8", errors="replace")
    except OSError:
        return ""


def _file_system(folder: PurePath, mounts: str) -> str:
    best, kind = -1, ""
    for line in mounts.splitlines():
        fields = line.split(" ")
        if len(fields) < 3:
            continue
        # Spaces and tabs in a mount's path are written in octal.
        place = PurePath(fields[1].replace("\\040", " ").replace("\\011", "\t").replace("\\134", "\\"))
        if folder.is_relative_to(place) and len(place.parts) >= best:
            best, kind = len(place.parts), fields[2]
    return kind
