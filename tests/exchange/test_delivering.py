"""Sending and fetching beside whatever else goes on: two lanes, one of which is never paused, and a vault that is used by one thread."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import TypeVar

import pytest

from dsadesk.domain.ids import BoxId, BundleId
from dsadesk.errors import StoreMissingError, StoreUnreachableError
from dsadesk.host.clock import SystemPulse
from dsadesk.ports import DeliveryState
from dsadesk.services import admitting, exchanging, keeping_cards, retrying, reviewing, rotating
from dsadesk.services.delivering import Deliverer, in_a_thread
from dsadesk.services.exchanging import Exchange
from dsadesk.services.trying_stores import Worsened
from dsadesk.sync.runner import Runner
from dsadesk.transports.memory import LossyTransport, MemoryTransport
from tests.exchange.test_engine import big_request, through
from tests.support.desks import Pair, sealed_request, second_laptop, two_desks

T = TypeVar("T")
LONG = 60.0


def in_parallel(pair: Pair) -> None:
    for desk in (pair.requester, pair.supplier):
        object.__setattr__(desk.world, "drive", Runner())
        object.__setattr__(desk.world, "pulse", SystemPulse())


class News:
    """What a deliverer told."""

    def __init__(self) -> None:
        self.told: list[Exchange] = []
        self._door = threading.Condition()

    def __call__(self, done: Exchange) -> None:
        with self._door:
            self.told.append(done)
            self._door.notify_all()

    def until(self, what: Callable[[list[Exchange]], bool]) -> None:
        with self._door:
            assert self._door.wait_for(lambda: what(self.told), LONG)


@contextmanager
def going(
    pair: Pair,
    news: News,
    *,
    paused: bool = False,
    every: float = 0.01,
    worsened: Callable[[Worsened], None] = lambda _: None,
) -> Iterator[Deliverer]:
    """The requester's deliverer at work, with its vault on a thread of its own."""
    with ThreadPoolExecutor(1) as lane:
        deliverer = Deliverer(pair.asks, lambda work: lane.submit(work).result(), beside=in_a_thread, patience=LONG)
        if paused:
            deliverer.controls.pause()
        thread = threading.Thread(target=lambda: deliverer.keep_going(news, every, worsened))
        thread.start()
        while not deliverer.is_automatic:  # else a look that is asked for at once would be a round of its own
            thread.join(0.01)
        try:
            yield deliverer
        finally:
            deliverer.stop()
            thread.join(LONG)
            assert not thread.is_alive()


def test_a_pause_does_not_keep_answers_waiting() -> None:
    pair = two_desks()
    request = sealed_request(pair, sample=False)
    pair.carry()
    reviewing.start_assessment(pair.holds, request)
    in_parallel(pair)
    sealed_request(pair, sample=False)
    news = News()
    with going(pair, news, paused=True) as deliverer:
        exchanging.send_all(pair.holds, Exchange())
        news.until(lambda told: any(done.taken for done in told))
        assert len([item for item in pair.asks.vault.outbox.unfinished() if item.kind == "request"]) == 1
        deliverer.controls.resume()
        news.until(lambda told: any(item.kind == "request" for done in told for item in done.sent))


def test_what_is_sealed_meanwhile_goes_when_it_is_poked() -> None:
    pair = two_desks()
    in_parallel(pair)
    news = News()
    with going(pair, news) as deliverer:
        deliverer.post(lambda: sealed_request(pair, sample=False))
        deliverer.controls.poke()
        news.until(lambda told: any(done.sent for done in told))


def test_a_drive_that_is_plugged_in_is_tried_when_it_is_poked() -> None:
    pair = two_desks()
    store = pair.stores.by_address["inbox-of-supplier"] = MemoryTransport("inbox-of-supplier")
    store.problem = StoreMissingError("folder-missing", address="E:")
    in_parallel(pair)
    sealed_request(pair, sample=False)
    news = News()
    with going(pair, news) as deliverer:
        news.until(lambda told: any(p.error.code == "folder-missing" for done in told for p in done.problems))
        store.problem = None
        deliverer.controls.poke()
        news.until(lambda told: any(done.sent for done in told))


class Cut(LossyTransport):
    """A link that is cut at each second part that is fetched."""

    def __init__(self, inner: MemoryTransport) -> None:
        super().__init__(inner)
        self.got: Counter[str] = Counter()
        self._calls = 0

    def get(self, name: str, limit: int) -> bytes:
        if "/p/" in name:
            self._calls += 1
            if self._calls % 2:
                raise StoreUnreachableError("no-link")
        data = super().get(name, limit)
        self.got[name] += 1
        return data


def test_a_cut_while_fetching_costs_one_part_and_not_the_object() -> None:
    pair = two_desks()
    request = big_request(pair)
    exchanging.send_all(pair.asks, Exchange())
    store = through(pair, Cut)
    done = exchanging.fetch(pair.holds, Exchange(), patience=LONG)
    assert [taken.request for taken in done.taken] == [request]
    assert set(store.got.values()) == {1}


def test_without_patience_a_cut_while_fetching_is_told() -> None:
    pair = two_desks()
    big_request(pair)
    exchanging.send_all(pair.asks, Exchange())
    through(pair, Cut)
    assert [p.error.code for p in exchanging.fetch(pair.holds, Exchange()).problems] == ["no-link"]


def test_a_round_sends_fetches_and_sends_what_that_called_for() -> None:
    pair = two_desks()
    request = sealed_request(pair, sample=False)
    exchanging.send_all(pair.asks, Exchange())
    in_parallel(pair)
    with ThreadPoolExecutor(1) as lane:
        deliverer = Deliverer(pair.holds, lambda work: lane.submit(work).result(), beside=in_a_thread)
        done = deliverer.round()
    assert [taken.request for taken in done.taken] == [request]
    assert pair.holds.vault.outbox.unfinished() == ()
    assert [item.state for item in pair.holds.vault.outbox.all()] == [DeliveryState.COMMITTED]


def test_a_stopped_deliverer_does_nothing_more() -> None:
    pair = two_desks()
    sealed_request(pair, sample=False)
    deliverer = Deliverer(pair.asks)
    deliverer.stop()
    assert not deliverer.round().sent
    assert pair.asks.vault.outbox.all()[0].state is DeliveryState.QUEUED


def test_what_is_raised_beside_is_raised_where_it_is_waited_for() -> None:
    def work() -> None:
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        in_a_thread(work)(lambda: False)


def test_who_asks_for_a_look_while_it_goes_on_by_itself_gets_what_came_of_it() -> None:
    pair = two_desks()
    request = sealed_request(pair, sample=False)
    pair.carry()
    in_parallel(pair)
    news = News()
    with going(pair, news, every=3600.0) as deliverer:
        reviewing.start_assessment(pair.holds, request)
        exchanging.send_all(pair.holds, Exchange())
        assert [taken.event_types for taken in deliverer.round().taken] == [("AssessmentStarted",)]


def test_a_look_that_is_asked_for_does_not_wait_for_what_is_paused() -> None:
    pair = two_desks()
    in_parallel(pair)
    sealed_request(pair, sample=False)
    with going(pair, News(), paused=True, every=3600.0) as deliverer:
        with deliverer._door:
            assert deliverer._door.wait_for(lambda: deliverer.lately.is_sending, LONG)
        assert not deliverer.round().sent
        assert deliverer.lately.is_sending


def test_how_the_last_look_came_out_and_when_the_next_one_is_can_be_told() -> None:
    pair = two_desks()
    store = pair.stores.by_address["inbox-of-requester"] = MemoryTransport("inbox-of-requester")
    store.problem = StoreMissingError("folder-missing", address="E:")
    in_parallel(pair)
    news = News()
    with going(pair, news, every=3600.0) as deliverer:
        assert [problem.error.code for problem in deliverer.round().problems] == ["folder-missing"]
        assert deliverer.lately.fault is not None
        assert deliverer.lately.fault.code == "folder-missing"
        store.problem = None
        deliverer.round()
        assert deliverer.lately.fault is None
        assert deliverer.lately.looked_at == pair.clock.now()
        before = len(news.told)
        store.problem = StoreMissingError("folder-missing", address="E:")
        deliverer.poll_every(0.01)
        news.until(lambda told: len(told) > before + 1)


def test_a_crash_of_one_lane_ends_the_other_and_is_raised() -> None:
    pair = two_desks()
    in_parallel(pair)

    def broken(work: Callable[[], object]) -> object:
        if threading.current_thread().name == "delivering":
            raise ZeroDivisionError
        return work()

    deliverer = Deliverer(pair.asks, broken, beside=in_a_thread)
    with pytest.raises(ZeroDivisionError):
        deliverer.keep_going(News())


def test_what_was_held_back_is_tried_again_without_the_vault_waiting_for_the_store() -> None:
    """Nothing of a store is used on the vault's thread: neither while news is taken in nor when somebody tries it again."""
    pair = two_desks()
    laptop = second_laptop(pair, pair.supplier, "laptop")
    rotating.rotate_inbox(pair.holds)
    keeping_cards.import_card(pair.asks, pair.holds.card_bytes)
    sealed_request(pair, sample=False)
    exchanging.send_all(pair.asks, Exchange())
    users = set[int]()

    class Watched(LossyTransport):
        def get(self, name: str, limit: int) -> bytes:
            users.add(threading.get_ident())
            return super().get(name, limit)

    through(pair, Watched)
    with ThreadPoolExecutor(1) as lane:

        def post(work: Callable[[], T]) -> T:
            return lane.submit(work).result()

        (held,) = exchanging.fetch(laptop.session, Exchange(), post=post).quarantined
        assert held.code == "not-for-us"
        ((_, given),) = rotating.passes_for_members(pair.holds).made
        post(lambda: laptop.take(admitting.accept(laptop.session, given)))
        users.clear()
        assert retrying.retry_held(laptop.session, {"not-for-us"}, post=post) == 1
        assert users
        assert post(threading.get_ident) not in users


def test_going_on_with_everything_leaves_alone_what_was_paused_alone() -> None:
    pair = two_desks()
    controls = Deliverer(pair.asks).controls
    key = (BundleId("b"), BoxId("x"))
    controls.pause(key)
    controls.pause()
    controls.resume()
    assert not controls.is_paused
    assert controls.wishes().paused == {key}
    controls.resume(key)
    assert controls.wishes().paused == frozenset()
