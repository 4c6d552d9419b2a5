from __future__ import annotations

from pathlib import Path, PurePosixPath, PureWindowsPath

import pytest

from dsadesk.host.paths import (
    Machine,
    cache_folder,
    config_folder,
    data_folder,
    log_folder,
    placement_warning,
    vault_folder,
)

HOME = Path("/home/a")
LINUX = Machine("linux", HOME, {})
MACOS = Machine("darwin", HOME, {})
WINDOWS = Machine("win32", HOME, {"LOCALAPPDATA": "/local"})
FOLDERS = (data_folder, vault_folder, config_folder, log_folder, cache_folder)


def test_folders_on_linux_follow_the_base_directory_specification() -> None:
    assert [folder(LINUX).as_posix() for folder in FOLDERS] == [
        "/home/a/.local/share/dsadesk",
        "/home/a/.local/share/dsadesk/vault",
        "/home/a/.config/dsadesk",
        "/home/a/.local/state/dsadesk/logs",
        "/home/a/.cache/dsadesk",
    ]


def test_a_relative_folder_in_the_environment_is_ignored() -> None:
    assert data_folder(Machine("linux", HOME, {"XDG_DATA_HOME": "data"})) == data_folder(LINUX)
    assert data_folder(Machine("linux", HOME, {"XDG_DATA_HOME": "/data"})).as_posix() == "/data/dsadesk"


def test_folders_on_macos_lie_in_the_library() -> None:
    assert [folder(MACOS).as_posix() for folder in FOLDERS] == [
        "/home/a/Library/Application Support/dsadesk",
        "/home/a/Library/Application Support/dsadesk/vault",
        "/home/a/Library/Application Support/dsadesk/config",
        "/home/a/Library/Logs/dsadesk",
        "/home/a/Library/Caches/dsadesk",
    ]


def test_folders_on_windows_are_local_and_never_roam() -> None:
    assert {folder(WINDOWS).as_posix().split("/")[1] for folder in FOLDERS} == {"local"}
    assert data_folder(Machine("win32", HOME, {})).as_posix() == "/home/a/AppData/Local/dsadesk"


def test_the_folders_of_this_machine_are_absolute() -> None:
    assert all(folder().is_absolute() for folder in FOLDERS)


MOUNTS = """\
/dev/sda1 / ext4 rw 0 0
server:/export /home nfs4 rw 0 0
/dev/sda2 /home/a/local ext4 rw 0 0
//server/share /mnt/team\\040share cifs rw 0 0
broken
"""


@pytest.mark.parametrize(
    ("folder", "warning"),
    [
        ("/srv/vault", ""),
        ("/home/a/vault", "network-folder"),
        ("/home/a/local/vault", ""),
        ("/home/a/localvault", "network-folder"),
        ("/mnt/team share/vault", "network-folder"),
        ("/srv/Dropbox/vault", "synced-folder"),
        ("/srv/OneDrive - Cyngor Caerdydd/vault", "synced-folder"),
    ],
)
def test_a_vault_on_a_share_or_in_a_synchronised_folder_is_warned_of(folder: str, warning: str) -> None:
    assert placement_warning(PurePosixPath(folder), LINUX, MOUNTS) == warning


def test_a_path_of_another_machine_is_a_network_folder_on_windows() -> None:
    assert placement_warning(PureWindowsPath(r"\\server\share\vault"), WINDOWS) == "network-folder"
    assert placement_warning(PureWindowsPath(r"C:\Users\a\vault"), WINDOWS) == ""


def test_the_folder_that_onedrive_names_in_the_environment_is_synchronised() -> None:
    machine = Machine("win32", HOME, {"OneDriveCommercial": r"C:\Users\a\Work files"})
    assert placement_warning(PureWindowsPath(r"C:\Users\a\Work files\vault"), machine) == "synced-folder"
    assert placement_warning(PureWindowsPath(r"C:\Users\a\vault"), machine) == ""


def test_apples_cloud_folders_are_synchronised() -> None:
    cloud = HOME / "Library" / "Mobile Documents" / "vault"
    assert placement_warning(cloud, MACOS) == "synced-folder"
    assert placement_warning(data_folder(MACOS), MACOS) == ""


def test_this_machines_own_mounts_are_read(tmp_path: Path) -> None:
    assert placement_warning(tmp_path) in ("", "network-folder")
