"""Real drives that are full, read-only, pulled or swapped. Mounting needs the administrator; elsewhere the tests say so and skip."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from dsadesk.errors import StoreError, StoreFullError, StoreMissingError, StoreReadOnlyError
from dsadesk.transports.folder import FolderTransport

MADE_AT = datetime(2026, 3, 2, tzinfo=UTC)


class Drive:
    """A small memory drive that can be plugged in, pulled out and write-protected."""

    def __init__(self, place: Path) -> None:
        self.place = place
        self._mounted = False

    def plug_in(self, options: str = "size=256k") -> None:
        command = ["mount", "-t", "tmpfs", "-o", options, "tmpfs", str(self.place)]
        if shutil.which("mount") is None or subprocess.run(command, check=False, capture_output=True).returncode != 0:
            pytest.skip("this account cannot mount a drive")
        self._mounted = True

    def write_protect(self) -> None:
        subprocess.run(["mount", "-o", "remount,ro", str(self.place)], check=True)

    def pull_out(self) -> None:
        if self._mounted:
            subprocess.run(["umount", "-l", str(self.place)], check=True)
            self._mounted = False


@pytest.fixture
def drive(tmp_path: Path) -> Iterator[Drive]:
    place = tmp_path / "drive"
    place.mkdir()
    made = Drive(place)
    yield made
    made.pull_out()


def refusal(call: Callable[[], object]) -> StoreError:
    with pytest.raises(StoreError) as caught:
        call()
    return caught.value


def test_a_full_drive_says_so_keeps_what_it_has_and_shows_nothing_half(drive: Drive):
    drive.plug_in()
    transport = FolderTransport.prepare(drive.place, "store-0001", MADE_AT)
    kept = []
    part = os.urandom(32 * 1024)
    while True:
        name = f"dsa1/box/p/{len(kept):04}"
        try:
            transport.put(name, part)
        except StoreFullError:
            break
        kept.append(name)
    assert kept
    assert refusal(lambda: transport.put("dsa1/box/p/more", part)).code == "store-full"
    assert transport.list("") == tuple(kept)
    assert [transport.get(name, len(part)) for name in kept] == [part] * len(kept)
    assert list(drive.place.rglob(".tmp-*")) == []
    transport.check()
    transport.delete(kept[0])
    transport.put("dsa1/box/p/9999", part)


def test_a_drive_too_full_for_a_marker_is_not_a_store(drive: Drive):
    drive.plug_in("size=4k")
    (drive.place / "filler").write_bytes(bytes(4096))
    assert isinstance(refusal(lambda: FolderTransport.prepare(drive.place, "store-0001", MADE_AT)), StoreFullError)
    assert refusal(FolderTransport(drive.place, expected_id=None).check).code == "marker-missing"
    (drive.place / "filler").unlink()
    FolderTransport.prepare(drive.place, "store-0001", MADE_AT).check()


def test_a_write_protected_drive_can_be_read_and_says_that_it_is_protected(drive: Drive):
    drive.plug_in()
    transport = FolderTransport.prepare(drive.place, "store-0001", MADE_AT)
    transport.put("dsa1/a/b", b"x")
    drive.write_protect()
    assert transport.list("") == ("dsa1/a/b",)
    assert transport.get("dsa1/a/b", 1) == b"x"
    transport.put("dsa1/a/b", b"x")
    acts: tuple[Callable[[], object], ...] = (
        transport.check, lambda: transport.put("dsa1/a/c", b"y"), lambda: transport.put("dsa1/d/e", b"y"), lambda: transport.delete("dsa1/a/b"),
    )  # fmt: skip
    for act in acts:
        error = refusal(act)
        assert isinstance(error, StoreReadOnlyError)
        assert error.code == "store-read-only"


def test_a_folder_without_the_right_to_write_is_read_only(tmp_path: Path):
    if hasattr(os, "geteuid") and os.geteuid() == 0:
        pytest.skip("the administrator may write everywhere; the write-protected drive covers this")
    transport = FolderTransport.prepare(tmp_path, "store-0001", MADE_AT)
    (tmp_path / "dsa1").chmod(0o555)
    try:
        assert isinstance(refusal(transport.check), StoreReadOnlyError)
        assert isinstance(refusal(lambda: transport.put("dsa1/a", b"x")), StoreReadOnlyError)
    finally:
        (tmp_path / "dsa1").chmod(0o755)


def test_a_pulled_drive_is_missing_and_its_mount_point_stays_untouched(drive: Drive):
    drive.plug_in()
    transport = FolderTransport.prepare(drive.place, "store-0001", MADE_AT)
    transport.put("dsa1/a/b", b"x")
    drive.pull_out()
    acts: tuple[Callable[[], object], ...] = (
        transport.check, lambda: transport.put("dsa1/a/c", b"y"), lambda: transport.list(""), lambda: transport.get("dsa1/a/b", 1),
        lambda: transport.has("dsa1/a/b"), lambda: transport.delete("dsa1/a/b"),
    )  # fmt: skip
    for act in acts:
        error = refusal(act)
        assert isinstance(error, StoreMissingError)
        assert error.code == "folder-empty"
    assert list(drive.place.iterdir()) == []


def test_another_drive_at_the_same_place_is_told_by_its_marker(drive: Drive):
    drive.plug_in()
    transport = FolderTransport.prepare(drive.place, "store-0001", MADE_AT)
    drive.pull_out()
    drive.plug_in()
    FolderTransport.prepare(drive.place, "store-0002", MADE_AT)
    error = refusal(lambda: transport.put("dsa1/a", b"x"))
    assert (error.code, error.fields["expected"], error.fields["found"]) == ("other-store", "store-0001", "store-0002")
    assert FolderTransport(drive.place, expected_id=None).list("") == ()
