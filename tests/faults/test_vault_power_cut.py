"""A vault whose power is cut at any instant: nothing acknowledged is lost, and nothing half-written is visible under a final name.

The work of `power_cut.py` is recorded by strace and cut on paper by `power_cut_disk.py`: what was not flushed is dropped, reordered or torn.
Whether that finds anything is shown by the same cuts through the same work done without flushing.
"""

from __future__ import annotations

from functools import cache

import pytest

from tests.faults.power_cut import Recording, recorded, without_flushes_of_objects
from tests.faults.power_cut_disk import (
    ROOT,
    Dice,
    Disk,
    Fate,
    Flushed,
    Made,
    Operation,
    Removed,
    Renamed,
    Sized,
    Written,
    cuts,
    sectors,
    survivors,
)
from tests.faults.power_cut_record import CannotRecordError

STEPS = 126
SHARDS, CUTS = 6, 250
SOAK_SHARDS, SOAK_CUTS = 20, 500


@cache
def _recorded(mode: str) -> Recording | str:
    try:
        return recorded(mode, STEPS)
    except CannotRecordError as error:
        return str(error)


def recording(mode: str) -> Recording:
    found = _recorded(mode)
    if isinstance(found, str):
        pytest.skip(f"no power can be cut here: {found}")
    return found


# ---------------------------------------------------------------- the vault


@pytest.mark.parametrize("shard", range(SHARDS))
def test_a_power_cut_at_any_instant_loses_nothing_that_was_acknowledged(shard: int) -> None:
    judge = recording("full").judged(CUTS, f"suite {shard}")
    assert (judge.looked_at, judge.losses) == (CUTS, [])


def test_nor_does_it_where_the_disk_has_no_shared_memory_and_the_journal_is_another() -> None:
    judge = recording("rollback").judged(CUTS, "suite")
    assert (judge.looked_at, judge.losses) == (CUTS, [])


@pytest.mark.soak
@pytest.mark.parametrize("shard", range(SOAK_SHARDS))
def test_ten_thousand_power_cuts_lose_nothing(shard: int) -> None:
    judge = recording("full").judged(SOAK_CUTS, f"soak {shard}")
    assert (judge.looked_at, judge.losses) == (SOAK_CUTS, [])


@pytest.mark.soak
@pytest.mark.parametrize("shard", range(4))
def test_two_thousand_power_cuts_with_the_other_journal_lose_nothing(shard: int) -> None:
    judge = recording("rollback").judged(SOAK_CUTS, f"soak {shard}")
    assert (judge.looked_at, judge.losses) == (SOAK_CUTS, [])


# ---------------------------------------------------------------- that the cuts would show it


@pytest.mark.parametrize(("mode", "at_least"), [("off", 20), ("normal", 3), ("rollback-full", 3)])
def test_the_same_cuts_find_losses_where_the_engine_flushes_less(mode: str, at_least: int) -> None:
    judge = recording(mode).judged(60, "weaker")
    assert judge.cuts_that_lost >= at_least, judge.losses


def test_the_same_cuts_find_half_written_objects_where_nobody_flushes_their_files() -> None:
    whole = recording("full")
    unflushed = without_flushes_of_objects(whole.operations, files=True, folder=False)
    assert len(unflushed) < len(whole.operations)
    judge = Recording(unflushed, whole.expected).judged(60, "objects")
    assert any("half written" in loss for loss in judge.losses), judge.losses


def test_the_same_cuts_find_lost_objects_where_nobody_flushes_their_names() -> None:
    whole = recording("full")
    unflushed = without_flushes_of_objects(whole.operations, files=False, folder=True)
    assert len(unflushed) < len(whole.operations)
    judge = Recording(unflushed, whole.expected).judged(60, "names")
    assert any("object-missing" in loss for loss in judge.losses), judge.losses


# ---------------------------------------------------------------- the disk on paper


def left(
    operations: list[Operation], fate: Fate, seed: str, tmp_path_factory: pytest.TempPathFactory
) -> dict[str, bytes]:
    disk = Disk()
    for operation in operations:
        disk.play(operation)
    folder = tmp_path_factory.mktemp("left")
    disk.lay_out(folder, fate, Dice(seed))
    return {path.name: path.read_bytes() for path in folder.iterdir()}


FILE = [Made(1, ROOT, "file.new", is_folder=False), Written(1, 0, b"a" * 1000)]
NAMED = [Renamed(1, ROOT, "file.new", "file"), Flushed(ROOT)]


def test_what_was_flushed_is_there_whatever_happens(tmp_path_factory: pytest.TempPathFactory) -> None:
    for fate in Fate:
        assert left([*FILE, Flushed(1), *NAMED], fate, "x", tmp_path_factory) == {"file": b"a" * 1000}


def test_a_name_without_its_bytes_is_what_a_missing_flush_leaves(tmp_path_factory: pytest.TempPathFactory) -> None:
    assert left([*FILE, *NAMED], Fate.LOST, "x", tmp_path_factory) == {"file": b""}
    found = {len(left([*FILE, *NAMED], Fate.SCATTERED, str(n), tmp_path_factory)["file"]) for n in range(40)}
    assert found == {0, 512, 1000}


def test_names_that_were_not_flushed_may_be_the_old_ones_or_none(tmp_path_factory: pytest.TempPathFactory) -> None:
    unflushed = [*FILE, Flushed(1), NAMED[0]]
    found = {tuple(left(unflushed, Fate.SCATTERED, str(n), tmp_path_factory)) for n in range(40)}
    assert found == {(), ("file.new",), ("file",)}


def test_later_writes_may_survive_earlier_ones(tmp_path_factory: pytest.TempPathFactory) -> None:
    written = [Flushed(ROOT), Written(1, 0, b"b" * 512), Written(1, 512, b"c" * 512), Sized(1, 600)]
    found = {
        left([*FILE, Flushed(1), *written], Fate.SCATTERED, str(n), tmp_path_factory)["file.new"] for n in range(99)
    }
    assert b"a" * 512 + b"c" * 512 in found
    assert b"b" * 512 + b"c" * 88 in found
    assert b"b" * 512 + b"a" * 488 in found


def test_a_file_that_was_removed_may_be_there_again(tmp_path_factory: pytest.TempPathFactory) -> None:
    removed = [*FILE, Flushed(1), Flushed(ROOT), Removed(1, ROOT, "file.new")]
    assert left(removed, Fate.LOST, "x", tmp_path_factory) == {"file.new": b"a" * 1000}
    assert left(removed, Fate.KEPT, "x", tmp_path_factory) == {}


def test_a_write_is_torn_at_the_disks_sectors_and_nowhere_else() -> None:
    pieces = list(sectors(Written(1, 700, bytes(1000))))
    assert [(piece.offset, len(piece.data)) for piece in pieces] == [(700, 324), (1024, 512), (1536, 164)]


def test_the_fates_differ_and_repeat() -> None:
    assert survivors(4, Fate.LOST, Dice("x")) == [False] * 4
    assert survivors(4, Fate.KEPT, Dice("x")) == [True] * 4
    for fate in Fate:
        assert survivors(50, fate, Dice("x")) == survivors(50, fate, Dice("x"))
    assert sorted(survivors(50, Fate.OLDEST, Dice("x")), reverse=True) == survivors(50, Fate.OLDEST, Dice("x"))
    assert sorted(survivors(50, Fate.NEWEST, Dice("x"))) == survivors(50, Fate.NEWEST, Dice("x"))


def test_cuts_come_in_order_and_half_of_them_beside_a_flush_or_a_promise() -> None:
    operations = [Flushed(1) if n % 100 == 0 else Sized(1, n) for n in range(1000)]
    chosen = cuts(operations, 400, "x")
    assert [cut.at for cut in chosen] == sorted(cut.at for cut in chosen)
    assert 200 <= sum(cut.at % 100 in (0, 1) for cut in chosen) < 230
    assert {cut.fate for cut in chosen} == set(Fate)
