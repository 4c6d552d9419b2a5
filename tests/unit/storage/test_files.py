from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest

from dsadesk.errors import VaultBusyError, VaultError
from dsadesk.storage.files import DISK, FolderLock, free_name


def test_a_lock_is_held_by_one_and_given_up_twice(tmp_path: Path) -> None:
    first = FolderLock(tmp_path / "lock")
    with pytest.raises(VaultBusyError):
        FolderLock(tmp_path / "lock")
    first.release()
    first.release()
    FolderLock(tmp_path / "lock").release()


def test_a_lock_in_a_folder_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(VaultError) as caught:
        FolderLock(tmp_path / "absent" / "lock")
    assert caught.value.code == "disk-error"


def test_a_file_is_replaced_whole_and_no_part_of_it_stays(tmp_path: Path) -> None:
    for data in (b"first", b"second"):
        DISK.write_whole(tmp_path / "file", data)
    assert (tmp_path / "file").read_bytes() == b"second"
    assert [path.name for path in tmp_path.iterdir()] == ["file"]


def test_a_file_that_cannot_be_replaced_stays_as_it_was(tmp_path: Path) -> None:
    (tmp_path / "file").mkdir()
    (tmp_path / "file" / "inside").touch()
    with pytest.raises(OSError, match="directory"):
        DISK.write_whole(tmp_path / "file", b"data")
    assert sorted(path.name for path in tmp_path.rglob("*")) == ["file", "inside"]


def test_what_a_crash_left_half_written_is_written_anew(tmp_path: Path) -> None:
    (tmp_path / "file.new").write_bytes(b"half")
    DISK.write_whole(tmp_path / "file", b"whole")
    assert (tmp_path / "file").read_bytes() == b"whole"


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has access lists instead of modes")
def test_files_and_folders_are_their_owners_alone_whatever_the_mask(tmp_path: Path) -> None:
    before = os.umask(0)
    try:
        DISK.make_folder(tmp_path / "a" / "b")
        DISK.write_whole(tmp_path / "a" / "b" / "file", b"data")
        os.close(DISK.create_new(tmp_path / "a" / "b" / "new"))
        FolderLock(tmp_path / "a" / "b" / "lock").release()
    finally:
        os.umask(before)
    assert (tmp_path / "a" / "b").stat().st_mode & 0o777 == 0o700
    assert {path.stat().st_mode & 0o777 for path in (tmp_path / "a" / "b").iterdir()} == {0o600}


def test_a_free_name_has_a_number_when_the_name_is_taken(tmp_path: Path) -> None:
    assert free_name(tmp_path / "a.json") == tmp_path / "a.json"
    (tmp_path / "a.json").touch()
    (tmp_path / "a-2.json").touch()
    assert free_name(tmp_path / "a.json") == tmp_path / "a-3.json"


def test_folders_and_closed_files_can_be_brought_to_the_disk(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"x")
    DISK.sync_file(tmp_path / "file")
    DISK.sync_folder(tmp_path)
    assert (tmp_path / "file").read_bytes() == b"x"
