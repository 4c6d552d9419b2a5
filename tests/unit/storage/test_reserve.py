from __future__ import annotations

from pathlib import Path

from dsadesk.storage.reserve import RESERVE_BYTES, Reserve


def test_the_reserve_really_takes_the_room(tmp_path: Path) -> None:
    reserve = Reserve(tmp_path, 3_000_000)
    assert not reserve.is_filled
    reserve.fill()
    reserve.fill()
    assert reserve.is_filled
    found = (tmp_path / "reserve").stat()
    assert (found.st_size, found.st_blocks * 512 >= 3_000_000) == (3_000_000, True)


def test_the_reserve_is_given_back_and_taken_again(tmp_path: Path) -> None:
    reserve = Reserve(tmp_path, 10_000)
    assert not reserve.release()
    reserve.fill()
    assert reserve.release()
    assert not reserve.is_filled
    reserve.refill()
    assert reserve.is_filled


def test_a_reserve_that_was_cut_short_is_taken_anew(tmp_path: Path) -> None:
    (tmp_path / "reserve").write_bytes(b"short")
    reserve = Reserve(tmp_path, 10_000)
    assert not reserve.is_filled
    reserve.refill()
    assert reserve.is_filled


def test_a_disk_with_room_is_not_full_and_the_question_leaves_nothing(tmp_path: Path) -> None:
    assert not Reserve(tmp_path, 0).disk_is_full()
    assert not Reserve(tmp_path / "absent", 0).disk_is_full()
    assert list(tmp_path.iterdir()) == []


def test_thirty_two_megabytes_are_held() -> None:
    assert RESERVE_BYTES == 32 * 1024 * 1024
