from __future__ import annotations

import hashlib
import os
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

import pytest

from dsadesk.errors import StoreError, StoreFullError, StoreMissingError, StoreReadOnlyError
from dsadesk.transports.exported_file import export_file

DATA = os.urandom(300_000)


def write(file: BinaryIO) -> None:
    file.write(DATA)


@pytest.fixture
def stick(tmp_path: Path) -> Iterator[Path]:
    """A drive of one megabyte."""
    place = tmp_path / "stick"
    place.mkdir()
    if (
        os.geteuid() != 0
        or subprocess.run(["mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", place], check=False).returncode
    ):
        pytest.skip("mounting a drive needs root")
    yield place
    subprocess.run(["umount", "-l", place], check=True)


def test_a_file_appears_whole_with_its_size_and_digest(tmp_path: Path) -> None:
    done = export_file(tmp_path / "a.dsabundle", write)
    assert (done.size, done.sha256) == (len(DATA), hashlib.sha256(DATA).hexdigest())
    assert done.path.read_bytes() == DATA
    assert [path.name for path in tmp_path.iterdir()] == ["a.dsabundle"]


def test_no_drive_at_all(tmp_path: Path) -> None:
    with pytest.raises(StoreMissingError):
        export_file(tmp_path / "none" / "a.dsabundle", write)


def test_a_full_drive_leaves_nothing_half_written(stick: Path) -> None:
    (stick / "filler").write_bytes(bytes(900_000))
    with pytest.raises(StoreFullError):
        export_file(stick / "a.dsabundle", write)
    assert [path.name for path in stick.iterdir()] == ["filler"]
    (stick / "filler").unlink()
    assert export_file(stick / "a.dsabundle", write).size == len(DATA)


def test_a_write_protected_drive(stick: Path) -> None:
    subprocess.run(["mount", "-o", "remount,ro", stick], check=True)
    with pytest.raises(StoreReadOnlyError):
        export_file(stick / "a.dsabundle", write)


def test_a_drive_that_is_pulled_out_in_the_middle(stick: Path) -> None:
    def pulled(file: BinaryIO) -> None:
        file.write(DATA[:1000])
        file.flush()
        subprocess.run(["umount", "-l", stick], check=True)
        subprocess.run(["mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", stick], check=True)
        file.write(DATA[1000:])

    with pytest.raises(StoreError):
        export_file(stick / "a.dsabundle", pulled)
    assert not list(stick.iterdir())


def test_a_writer_that_fails_leaves_the_file_that_was_there(tmp_path: Path) -> None:
    target = tmp_path / "a.dsabundle"
    target.write_bytes(b"old")

    def broken(file: BinaryIO) -> None:
        file.write(b"new")
        raise ValueError("no more")

    with pytest.raises(ValueError, match="no more"):
        export_file(target, broken)
    assert target.read_bytes() == b"old"
    assert [path.name for path in tmp_path.iterdir()] == ["a.dsabundle"]
