"""A delivery on its way to a stick, where the stick is missing, full, write-protected or pulled out in the middle of writing."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from dsadesk.errors import (
    RuleError,
    StoreFullError,
    StoreMissingError,
    StoreReadOnlyError,
    StoreUnreachableError,
    TransferStoppedError,
)
from dsadesk.host.drives import _measured
from dsadesk.ports import OutboxItem, RemovableDrive
from dsadesk.services import handing_over, taking_in
from dsadesk.services.handing_over import Fitness
from dsadesk.services.naming import delivery_name
from dsadesk.services.session import Session
from tests.faults.test_folder_drives import Drive, drive
from tests.support.desks import Pair, sealed_request, two_desks

__all__ = ["drive"]
ROOM = "size=1m"


@pytest.fixture
def pair() -> Pair:
    made = two_desks()
    sealed_request(made)
    return made


def plugged_in(session: Session, *drives: RemovableDrive) -> tuple[Session, OutboxItem]:
    world = replace(session.world, removable_drives=lambda: drives)
    return replace(session, world=world), session.vault.outbox.unfinished()[0]


def seen(place: Path, *, is_read_only: bool = False) -> RemovableDrive:
    found = _measured(place, is_read_only=is_read_only)
    assert found is not None
    return found


def fitness(session: Session, item: OutboxItem) -> Sequence[Fitness]:
    return [stick.fitness for stick in handing_over.sticks(session, item)]


def test_the_size_that_is_told_before_is_the_size_of_the_file(pair: Pair, tmp_path: Path) -> None:
    session, item = plugged_in(pair.asks)
    told: list[tuple[int, int]] = []
    written = handing_over.export_to(session, item, tmp_path / "a.dsabundle", lambda *far: told.append(far))
    data = (tmp_path / "a.dsabundle").read_bytes()
    assert written.size == len(data) == handing_over.size_of(item)
    assert written.sha256 == hashlib.sha256(data).hexdigest()
    assert max(told) == (len(data), len(data))


def test_without_a_stick_it_says_so(pair: Pair) -> None:
    session, item = plugged_in(pair.asks)
    assert fitness(session, item) == []
    with pytest.raises(RuleError, match="no-stick"):
        handing_over.the_stick(session, item)


def test_of_several_sticks_one_has_to_be_named(pair: Pair, tmp_path: Path) -> None:
    session, item = plugged_in(pair.asks, seen(tmp_path), seen(tmp_path))
    assert fitness(session, item) == [Fitness.READY, Fitness.READY]
    with pytest.raises(RuleError, match="several-sticks"):
        handing_over.the_stick(session, item)


def test_a_delivery_goes_on_the_one_stick_that_is_plugged_in(pair: Pair, drive: Drive) -> None:
    drive.plug_in(ROOM)
    session, item = plugged_in(pair.asks, seen(drive.place))
    target = handing_over.the_stick(session, item) / delivery_name(session, item)
    handing_over.export_to(session, item, target)
    assert [path.name for path in drive.place.iterdir()] == [target.name]
    with target.open("rb") as handle:
        assert taking_in.import_bundle(pair.holds, handle, target.name) is not None


def test_a_write_protected_stick_is_told_before_and_again_when_it_is_written_to(pair: Pair, drive: Drive) -> None:
    drive.plug_in(ROOM)
    drive.write_protect()
    session, item = plugged_in(pair.asks, seen(drive.place, is_read_only=True))
    assert fitness(session, item) == [Fitness.READ_ONLY]
    with pytest.raises(StoreReadOnlyError, match="stick-read-only"):
        handing_over.the_stick(session, item)
    with pytest.raises(StoreReadOnlyError):
        handing_over.export_to(session, item, drive.place / "a.dsabundle")


def test_a_full_stick_is_told_before_and_again_when_it_is_written_to(pair: Pair, drive: Drive) -> None:
    drive.plug_in("size=16k")
    session, item = plugged_in(pair.asks, seen(drive.place))
    assert fitness(session, item) == [Fitness.FULL]
    with pytest.raises(StoreFullError, match="stick-full"):
        handing_over.the_stick(session, item)
    with pytest.raises(StoreFullError):
        handing_over.export_to(session, item, drive.place / "a.dsabundle")
    assert list(drive.place.iterdir()) == []


def test_a_stick_that_is_pulled_out_while_it_is_written_to_is_told(pair: Pair, drive: Drive) -> None:
    drive.plug_in(ROOM)
    session, item = plugged_in(pair.asks, seen(drive.place))
    with pytest.raises((StoreUnreachableError, StoreMissingError)):
        handing_over.export_to(session, item, drive.place / "a.dsabundle", lambda *_: drive.pull_out())
    assert list(drive.place.iterdir()) == []
    assert session.vault.outbox.unfinished()[0] == item


def test_writing_that_a_person_stops_leaves_nothing(pair: Pair, tmp_path: Path) -> None:
    session, item = plugged_in(pair.asks)

    def stop(done: int, total: int) -> None:
        if done > total // 2:
            raise handing_over.stopped()

    with pytest.raises(TransferStoppedError, match="export-stopped"):
        handing_over.export_to(session, item, tmp_path / "a.dsabundle", stop)
    assert list(tmp_path.iterdir()) == []
