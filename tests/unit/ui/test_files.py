"""Files that a person chose: what cannot be written is said by its reason, and nothing half-written stays."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from dsadesk.cli.output import write_file as write_from_the_command_line
from dsadesk.errors import RuleError
from dsadesk.ui.presenters.files import write_file


@pytest.mark.parametrize("write_file", [write_file, write_from_the_command_line])
@pytest.mark.skipif(not Path("/dev/full").exists(), reason="only Linux has a device that is always full")
def test_a_full_disk_is_told_apart_from_a_folder_that_may_not_be_written_to(
    tmp_path: Path, write_file: Callable[[Path, bytes], None]
) -> None:
    (tmp_path / "record.pdf.part").symlink_to("/dev/full")
    with pytest.raises(RuleError) as full:
        write_file(tmp_path / "record.pdf", b"x" * 100_000)
    assert full.value.code == "file-no-room"
    assert list(tmp_path.iterdir()) == []
    with pytest.raises(RuleError) as away:
        write_file(tmp_path / "gone" / "record.pdf", b"x")
    assert away.value.code == "file-unwritable"
