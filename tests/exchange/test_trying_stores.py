"""Stores are tried by themselves, each week, beside sending and fetching; not at a cost that nobody asked for, and never in the way."""

from __future__ import annotations

import threading
from datetime import timedelta

import pytest

from dsadesk.errors import StoreRefusedError, StoreUnreachableError
from dsadesk.host.clock import SystemPulse
from dsadesk.ports import Flow, StoreAccess, Transport
from dsadesk.services import keeping_cards, store_checks
from dsadesk.services.store_doctor import CUT_SIZE
from dsadesk.services.trying_stores import LOOK_SECONDS, Rounds, Worsened
from dsadesk.sync.controls import Controls
from dsadesk.sync.posting import on_the_spot
from dsadesk.sync.stepping import PassingTime
from dsadesk.transports.memory import MemoryTransport
from tests.exchange.test_delivering import News, going, in_parallel
from tests.support.desks import SUPPLIER, Pair, two_desks

OWN, THEIRS = "inbox-of-requester", "inbox-of-supplier"
LONG = 60.0
CUT, REFUSED = StoreUnreachableError("no-link"), StoreRefusedError("access-refused", address=THEIRS)


@pytest.fixture
def pair() -> Pair:
    made = two_desks()
    keeping_cards.set_partner_address(made.asks, SUPPLIER.id, THEIRS)
    return made


class Clinic:
    """The rounds of a desk, told to go when a test says so."""

    def __init__(self, pair: Pair) -> None:
        self.pair, self.pulse, self.told = pair, PassingTime(), list[Worsened]()
        self.controls = Controls(self.pulse)
        self.rounds = Rounds(pair.asks, on_the_spot, self.controls)

    def go(self, *, costly: bool = False) -> None:
        self.rounds.go(lambda: costly, self.told.append)

    def tried(self) -> set[str]:
        checks = {address: store_checks.last_check(self.pair.asks, address) for address in (OWN, THEIRS)}
        return {address for address, check in checks.items() if check and check.at == self.pair.clock.now()}

    def store(self, address: str) -> MemoryTransport:
        made = self.pair.stores.by_address[address] = MemoryTransport(address)
        return made


@pytest.fixture
def clinic(pair: Pair) -> Clinic:
    return Clinic(pair)


def test_each_store_in_use_is_tried_once_a_week(clinic: Clinic) -> None:
    clinic.go()
    assert clinic.tried() == {OWN, THEIRS}
    clinic.pair.clock.advance(timedelta(days=6).total_seconds())
    clinic.go()
    assert clinic.tried() == set()
    clinic.pair.clock.advance(timedelta(days=1).total_seconds())
    clinic.go()
    assert clinic.tried() == {OWN, THEIRS}
    assert clinic.told == []


def test_a_link_that_costs_is_not_used_for_a_store_that_was_tried_in_four_weeks(clinic: Clinic) -> None:
    clinic.go(costly=True)
    assert clinic.tried() == {OWN, THEIRS}, "nobody ever tried them"
    clinic.pair.clock.advance(timedelta(days=27).total_seconds())
    clinic.go(costly=True)
    assert clinic.tried() == set()
    clinic.pair.clock.advance(timedelta(days=1).total_seconds())
    clinic.go(costly=True)
    assert clinic.tried() == {OWN, THEIRS}


def test_what_begins_to_cost_meanwhile_ends_the_rounds_before_the_next_store(clinic: Clinic) -> None:
    answers = iter((False, False, True))
    clinic.rounds.go(lambda: next(answers), clinic.told.append)
    assert clinic.tried() == {OWN}


def test_a_store_that_cannot_be_reached_is_put_off_for_longer_each_time_and_is_no_news(clinic: Clinic) -> None:
    store = clinic.store(THEIRS)
    tries: list[float] = []

    class Tried(MemoryTransport):
        def check(self) -> None:
            tries.append(clinic.pulse.elapsed() / LOOK_SECONDS)
            raise CUT

    clinic.pair.stores.by_address[THEIRS] = Tried(THEIRS)
    for _ in range(80):
        clinic.go()
        clinic.pulse.advance(LOOK_SECONDS)
    assert tries == [0, 1, 3, 7, 15, 31, 55, 79]
    clinic.pair.stores.by_address[THEIRS] = store
    clinic.pulse.advance(24 * LOOK_SECONDS)
    clinic.go()
    assert THEIRS in clinic.tried()
    assert clinic.told == []


def test_only_what_became_worse_is_told(clinic: Clinic) -> None:
    store = clinic.store(THEIRS)
    clinic.go()
    store.problem = REFUSED
    clinic.pair.clock.advance(timedelta(days=7).total_seconds())
    clinic.go()
    assert [each.address for each in clinic.told] == [THEIRS]
    assert "not a store that can be used now" in clinic.told[0].sentences[0]
    clinic.pair.clock.advance(timedelta(days=7).total_seconds())
    clinic.go()
    assert len(clinic.told) == 1


def test_its_bytes_keep_to_the_limit(clinic: Clinic) -> None:
    passed = list[int]()

    class Counting(MemoryTransport):
        def __init__(self, flow: Flow | None) -> None:
            super().__init__(OWN)
            self._flow = flow

        def put(self, name: str, data: bytes) -> None:
            assert self._flow is not None
            for start in range(0, len(data), 1024):
                run = len(data[start : start + 1024])
                self._flow.pass_on(run)
                passed.append(run)

    def open_transport(address: str, expected_id: str, access: StoreAccess, flow: Flow | None = None) -> Transport:
        del address, expected_id, access
        return Counting(flow)

    object.__setattr__(clinic.pair.asks.world, "open_transport", open_transport)
    clinic.controls.pacer.set_limit(1_000.0)
    clinic.go()
    assert sum(passed) > CUT_SIZE
    assert clinic.pulse.elapsed() * 1_000.0 == pytest.approx(sum(passed), rel=0.02)


# ---------------------------------------------------------------- beside the rest


class Held(MemoryTransport):
    """Begins a trial and waits until somebody lets go."""

    def __init__(self, address: str) -> None:
        super().__init__(address)
        self.is_begun, self.may_go_on = threading.Event(), threading.Event()

    def check(self) -> None:
        self.is_begun.set()
        self.may_go_on.wait(LONG)

    def close(self) -> None:
        self.may_go_on.set()


def test_a_store_that_keeps_its_trial_waiting_keeps_no_news_waiting(pair: Pair) -> None:
    in_parallel(pair)
    store = pair.stores.by_address[THEIRS] = Held(THEIRS)
    with going(pair, News(), every=3600.0) as deliverer:
        assert store.is_begun.wait(LONG)
        assert deliverer.round().problems == []
        assert not store.may_go_on.is_set()


def test_stopping_leaves_the_store_that_is_being_tried_at_once(pair: Pair) -> None:
    in_parallel(pair)
    store = pair.stores.by_address[THEIRS] = Held(THEIRS)
    with going(pair, News(), every=3600.0):
        assert store.is_begun.wait(LONG)
    assert store.may_go_on.is_set()
    assert store_checks.last_check(pair.asks, THEIRS) is None


def test_nothing_is_tried_before_our_own_inbox_was_reached(pair: Pair) -> None:
    in_parallel(pair)
    own = pair.stores.by_address[OWN] = MemoryTransport(OWN)
    own.problem = REFUSED
    theirs = pair.stores.by_address[THEIRS] = Held(THEIRS)
    with going(pair, News(), every=3600.0) as deliverer:
        assert [problem.error.code for problem in deliverer.round().problems] == ["access-refused"]
        assert not theirs.is_begun.is_set()
        own.problem = None
        deliverer.round()
        assert theirs.is_begun.wait(LONG)


def test_a_sending_desk_without_an_inbox_tries_where_it_sends_to() -> None:
    pair = two_desks()
    pair.asks.vault.settings.remove("address." + pair.asks.profile.organisation.id)
    object.__setattr__(pair.requester.world, "pulse", SystemPulse())
    keeping_cards.set_partner_address(pair.asks, SUPPLIER.id, THEIRS)
    theirs = pair.stores.by_address[THEIRS] = Held(THEIRS)
    with going(pair, News(), every=3600.0):
        assert theirs.is_begun.wait(LONG)
