"""A poll with nothing new costs next to nothing, and what a cursor passed over is found all the same."""

from __future__ import annotations

import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path

import pytest

from dsadesk.errors import StoreMissingError, StoreUnreachableError
from dsadesk.ports import Transport
from dsadesk.services import exchanging
from dsadesk.services.exchanging import Exchange
from dsadesk.services.session import BOOKMARK, Session
from dsadesk.sync.bookmark import MAX_WAITING, Bookmark, days_ago
from dsadesk.sync.commit import commit_prefix
from dsadesk.transports.folder import FolderTransport
from dsadesk.transports.memory import FaultyTransport, LossyTransport, MemoryTransport
from dsadesk.transports.recorded import RecordedTransport
from tests.exchange.test_engine import big_request
from tests.support.desks import Pair, sealed_request, two_desks

INBOX = "inbox-of-supplier"
HOUR = 3600
DAY = 24 * HOUR


class PassedOver(LossyTransport):
    """A store that hides names and moves its cursor over them all the same."""

    def poll(self, prefix: str, cursor: str) -> tuple[tuple[str, ...], str]:
        names, moved = self._inner.poll(prefix, cursor)
        return tuple(name for name in names if name not in self.hidden), moved


def through(pair: Pair, wrap: Callable[[Transport], Transport]) -> Transport:
    wrapped = wrap(pair.stores.open(INBOX))
    pair.stores.by_address[INBOX] = wrapped
    return wrapped


def fetched(pair: Pair) -> Exchange:
    return exchanging.fetch(pair.holds, Exchange())


def send(pair: Pair) -> str:
    """Sends a request and says under which name its commit lies."""
    pair.clock.advance(1)
    before = set(pair.stores.open(INBOX).list("dsa1/"))
    sealed_request(pair)
    assert not exchanging.send_all(pair.asks, Exchange()).problems
    return next(name for name in pair.stores.open(INBOX).list("dsa1/") if "/n/" in name and name not in before)


def bookmark(session: Session) -> Bookmark:
    return Bookmark.from_bytes(session.vault.settings.read(f"{BOOKMARK}{INBOX}.{session.box}"))


def test_a_poll_with_nothing_new_is_one_call_and_writes_nothing():
    pair = two_desks()
    send(pair)
    assert len(fetched(pair).taken) == 1
    fetched(pair)
    store = through(pair, RecordedTransport)
    kept = pair.holds.vault.settings
    pair.holds.vault.settings = _Unwritable(kept)
    assert not fetched(pair).problems
    assert [call.method for call in store.calls if call.method != "store_id"] == ["poll"]


class _Unwritable:
    """Settings that are only read."""

    def __init__(self, inner):
        self.read = inner.read

    def write(self, name: str, value: bytes) -> None:
        raise AssertionError(name)

    remove = write


def test_the_bookmark_moves_only_when_everything_before_it_is_dealt_with():
    pair = two_desks()
    names = [send(pair), send(pair)]
    calls = 0
    while True:
        calls += 1
        faulty = FaultyTransport(pair.stores.open(INBOX), calls, StoreUnreachableError("no-link"))
        before = bookmark(pair.holds)
        pair.stores.by_address[INBOX], whole = faulty, pair.stores.open(INBOX)
        fetched(pair)
        pair.stores.by_address[INBOX] = whole
        if faulty.calls < calls:
            break
        done = [pair.holds.vault.inbox.has_looked_at(pair.holds.box, name) for name in names]
        assert bookmark(pair.holds) == before or all(done)
    assert calls > 3
    assert bookmark(pair.holds).cursor
    assert all(pair.holds.vault.inbox.has_looked_at(pair.holds.box, name) for name in names)


def test_what_waits_for_a_part_is_looked_at_every_time_although_the_cursor_has_passed_it():

    pair = two_desks()
    big_request(pair)
    exchanging.send_all(pair.asks, Exchange())
    store = through(pair, LossyTransport)
    store.hidden.update(name for name in store.list("dsa1/") if "/p/" in name)
    assert len(fetched(pair).incomplete) == 1
    mark = bookmark(pair.holds)
    assert mark.cursor
    assert len(mark.waiting) == 1
    assert len(fetched(pair).incomplete) == 1
    store.hidden.clear()
    assert len(fetched(pair).taken) == 1
    assert bookmark(pair.holds).waiting == ()


def test_a_name_that_the_cursor_passed_is_found_within_six_hours_and_at_the_next_start():
    for start_again in (False, True):
        pair = two_desks()
        fetched(pair)
        store = through(pair, PassedOver)
        store.hidden.add(send(pair))
        assert not fetched(pair).taken
        store.hidden.clear()
        pair.clock.advance(5 * HOUR)
        assert not fetched(pair).taken
        if start_again:
            pair.holds.looked.clear()
        else:
            pair.clock.advance(HOUR)
        assert len(fetched(pair).taken) == 1


def test_a_name_that_came_under_an_old_day_is_found_within_a_week():
    pair = two_desks()
    fetched(pair)
    store = through(pair, PassedOver)
    store.hidden.add(send(pair))
    assert not fetched(pair).taken
    store.hidden.clear()
    pair.clock.advance(4 * DAY)
    assert not fetched(pair).taken
    pair.clock.advance(3 * DAY)
    assert len(fetched(pair).taken) == 1


def test_a_gap_in_a_chain_is_looked_for_at_once():
    pair = two_desks()
    fetched(pair)
    store = through(pair, PassedOver)
    store.hidden.add(send(pair))
    fetched(pair)
    pair.clock.advance(4 * DAY)
    send(pair)
    store.hidden.clear()
    recorded = through(pair, RecordedTransport)
    done = fetched(pair)
    assert [each.warnings for each in done.taken] == [("gap",), ()]
    assert [call.method for call in recorded.calls].count("poll") == 2


def test_a_gap_that_cannot_be_filled_does_not_make_every_poll_a_whole_look():
    pair = two_desks()
    fetched(pair)
    store = through(pair, PassedOver)
    store.hidden.add(send(pair))
    fetched(pair)
    send(pair)
    assert [each.warnings for each in fetched(pair).taken] == [("gap",)]
    recorded = through(pair, RecordedTransport)
    fetched(pair)
    assert [call.method for call in recorded.calls].count("poll") == 1


def test_a_clock_that_is_put_back_or_wrong_by_years_hides_nothing():
    pair = two_desks()
    pair.clock.advance(20 * 365 * DAY)
    fetched(pair)
    pair.clock.advance(-20 * 365 * DAY)
    store = through(pair, PassedOver)
    store.hidden.add(send(pair))
    pair.clock.advance(40 * 365 * DAY)
    fetched(pair)
    pair.clock.advance(-40 * 365 * DAY)
    store.hidden.clear()
    assert len(fetched(pair).taken) == 1


def test_a_store_that_hides_what_it_lists_costs_one_look_a_poll_until_it_shows_it():
    class Ghost(LossyTransport):
        def poll(self, prefix: str, cursor: str) -> tuple[tuple[str, ...], str]:
            return self._inner.poll(prefix, cursor)

    pair = two_desks()
    fetched(pair)
    store = through(pair, Ghost)
    store.hidden.add(send(pair))
    for _ in range(3):
        assert not fetched(pair).problems
    store.hidden.clear()
    assert len(fetched(pair).taken) == 1


def test_too_many_names_to_remember_are_not_passed_over():
    pair = two_desks()
    fetched(pair)
    before = bookmark(pair.holds)
    prefix = commit_prefix(pair.holds.box)

    class Crowd(MemoryTransport):
        def get(self, name: str, limit: int) -> bytes:
            raise StoreMissingError("object-missing", name=name)

    crowd = pair.stores.by_address[INBOX] = Crowd()
    for n in range(MAX_WAITING + 1):
        crowd.put(f"{prefix}20260302/{n:013d}-{'a' * 32}", b"")
    fetched(pair)
    assert bookmark(pair.holds) == before


@pytest.mark.parametrize("kept", [None, b"", b"x", b"[]", b'{"cursor":1}', b'{"wide_at":"x"}', b"\xff"])
def test_a_bookmark_that_cannot_be_read_counts_as_none(kept: bytes | None):
    mark = Bookmark.from_bytes(kept)
    assert mark == Bookmark()
    assert mark.is_whole_look_due(datetime(2026, 3, 2, tzinfo=UTC))


def test_a_bookmark_reads_back():
    now = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
    mark = Bookmark(cursor="c", waiting=("a", "b"), wide_at=now, whole_at=now)
    assert Bookmark.from_bytes(mark.to_bytes()) == mark
    assert not mark.is_wide_look_due(now)
    assert days_ago(now) == "20260227"


def test_nothing_is_missed_in_real_folders_into_which_several_write_while_somebody_looks(tmp_path: Path):
    """Finds a stamp that is taken after a reading. Coarse stamps are what the property test makes: Linux from 6.13 on has none here."""
    FolderTransport.prepare(tmp_path, "store-0001", datetime(2026, 3, 2, tzinfo=UTC))
    writers, days, rounds = 3, 60, 4

    def write(prefix: str, writer: int) -> list[str]:
        """As another machine does through a share: no sooner there than written."""
        names = [f"{prefix}{20260300 + n}/{1772323200000 + n:013d}-{writer}" for n in range(days)]
        for name in names:
            (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
            (tmp_path / name).touch()
        return names

    for number in range(rounds):
        prefix, seen, cursor = f"dsa1/box{number}/n/", set(), ""
        # A thousand times as fast, a folder settles after 15 ms, a few grains of a real file system's clock.
        reader = FolderTransport(tmp_path, seconds=lambda: time.time() * 1000)
        with ThreadPoolExecutor(writers) as pool:
            working = [pool.submit(write, prefix, writer) for writer in range(writers)]
            while not all(one.done() for one in working):
                names, cursor = reader.poll(prefix, cursor)
                seen.update(names)
        written = {name for one in working for name in one.result()}
        reader = FolderTransport(tmp_path, seconds=lambda: time.time() * 1000 + 60)
        seen.update(reader.poll(prefix, cursor)[0])
        assert seen == written
