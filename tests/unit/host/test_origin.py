from __future__ import annotations

import os
import stat
from pathlib import Path

import pytest

from dsadesk.host.origin import ZONE_MARK, ZONE_STREAM, mark_as_foreign


def test_on_windows_the_mark_is_a_stream_beside_the_file(tmp_path: Path) -> None:
    file = tmp_path / "sample.csv"
    file.touch()
    assert mark_as_foreign(file, "win32")
    # Here the stream is an ordinary file of that name; on NTFS it is part of the file.
    assert Path(str(file) + ZONE_STREAM).read_bytes() == ZONE_MARK


def test_a_file_system_without_marks_is_no_error(tmp_path: Path) -> None:
    assert not mark_as_foreign(tmp_path / "missing" / "sample.csv", "win32")
    assert not mark_as_foreign(tmp_path / "sample.csv", "linux")


@pytest.mark.skipif(os.name != "posix", reason="rights of POSIX")
def test_the_file_is_for_its_owner_alone(tmp_path: Path) -> None:
    file = tmp_path / "sample.csv"
    file.touch(0o644)
    mark_as_foreign(file, "linux")
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
