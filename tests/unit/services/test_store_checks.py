"""What is kept of the trials of stores: which are due, what became worse, and that nothing is left lying in them or in the vault."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest

from dsadesk.errors import RuleError, StoreError, StoreMissingError, StoreRefusedError, StoreUnreachableError
from dsadesk.ports import NO_ACCESS, StoreAccess
from dsadesk.services import keeping_cards, store_checks, store_doctor, stores
from dsadesk.services.session import STORE, STORE_CHECK, STORE_LEFT
from dsadesk.services.store_findings import Diagnosis, Finding, Level
from dsadesk.services.wording.stores import verdict_of
from dsadesk.transports.memory import MemoryTransport
from tests.support.desks import SUPPLIER, Pair, sealed_request, two_desks

OWN, THEIRS = "inbox-of-requester", "inbox-of-supplier"
WEEK = timedelta(days=7).total_seconds()


class Failing(MemoryTransport):
    """Refuses or loses chosen acts. `faults` may be changed at any time."""

    def __init__(self, address: str = OWN, **faults: StoreError) -> None:
        super().__init__(address)
        self.faults = faults
        self.opened = 0

    def check(self) -> None:
        self.opened += 1
        self._fail("check")
        super().check()

    def put(self, name: str, data: bytes) -> None:
        super().put(name, data)
        self._fail("put")

    def poll(self, prefix: str, cursor: str) -> tuple[tuple[str, ...], str]:
        self._fail("poll")
        return super().poll(prefix, cursor)

    def delete(self, name: str) -> None:
        self._fail("delete")
        super().delete(name)

    def _fail(self, act: str) -> None:
        if act in self.faults:
            raise self.faults[act]


@pytest.fixture
def pair() -> Pair:
    return two_desks()


@pytest.fixture
def store(pair: Pair) -> Failing:
    made = pair.stores.by_address[OWN] = Failing()
    return made


def tried(pair: Pair, *, by_itself: bool = True) -> Diagnosis:
    pair.clock.advance(WEEK)
    return store_doctor.examine(pair.asks, OWN, by_itself=by_itself)


REFUSED = StoreRefusedError("access-refused", address=OWN)
CUT = StoreUnreachableError("no-link")


def test_only_what_became_worse_is_news(pair: Pair, store: Failing) -> None:
    store.faults["poll"] = REFUSED
    assert tried(pair).worse == (), "it is usable, and nobody knows that it was ever better"
    assert tried(pair).worse == ()
    store.faults["delete"] = REFUSED
    (said,) = tried(pair).worse
    assert "cannot be tidied away" in said
    assert tried(pair).worse == ()


def test_what_became_worse_stays_marked_until_it_is_better_or_a_person_tries_the_store(
    pair: Pair, store: Failing
) -> None:
    tried(pair)
    store.faults["delete"] = REFUSED
    tried(pair)
    tried(pair)
    assert list(store_checks.worse_stores(pair.asks)) == [OWN]
    del store.faults["delete"]
    tried(pair)
    assert store_checks.worse_stores(pair.asks) == {}
    store.faults["delete"] = REFUSED
    tried(pair)
    assert list(store_checks.worse_stores(pair.asks)) == [OWN]
    tried(pair, by_itself=False)
    assert store_checks.worse_stores(pair.asks) == {}


def test_a_store_that_was_never_tried_is_news_only_when_it_is_useless(pair: Pair, store: Failing) -> None:
    store.faults["check"] = REFUSED
    assert tried(pair).worse


def test_what_an_earlier_version_kept_is_compared_as_a_whole(pair: Pair, store: Failing) -> None:
    at = pair.clock.now().isoformat()
    pair.asks.vault.settings.write(STORE_CHECK + OWN, f'{{"at":"{at}","level":"can-live-with"}}'.encode())
    store.faults["delete"] = REFUSED
    assert tried(pair).worse == ()
    store.faults["check"] = REFUSED
    assert tried(pair).worse


def test_a_trial_that_the_link_cut_off_says_nothing_of_the_store(pair: Pair, store: Failing) -> None:
    tried(pair)
    before = store_checks.last_check(pair.asks, OWN)
    store.faults["poll"] = CUT
    found = tried(pair)
    assert found.is_cut_off
    assert found.worse == ()
    assert "long enough" in verdict_of(found)
    assert store_checks.last_check(pair.asks, OWN) == before
    assert OWN in store_checks.due_stores(pair.asks)


@pytest.mark.parametrize(("address", "is_cut_off"), [("/media/stick", True), ("https://files.example/x", False)])
def test_a_stick_that_is_not_plugged_in_is_no_worse_and_a_server_without_its_marker_is(
    address: str, is_cut_off: bool
) -> None:
    finding = Finding(about="marker", level=Level.UNUSABLE, error=StoreMissingError("marker-missing", address=address))
    now = two_desks().clock.now()
    found = Diagnosis(address=address, store_id="", at=now, findings=(finding,))
    assert found.is_cut_off == is_cut_off


def test_what_a_cut_left_lying_is_removed_the_next_time(pair: Pair, store: Failing) -> None:
    store.faults["delete"] = CUT
    tried(pair)
    assert store.list("")
    assert set(store.list("")) <= set(store_checks.left_in(pair.asks, OWN))
    del store.faults["delete"]
    tried(pair)
    assert store.list("") == ()
    assert store_checks.left_in(pair.asks, OWN) == ()


def test_what_was_written_before_its_answer_was_lost_is_removed_too(pair: Pair, store: Failing) -> None:
    store.faults.update(put=CUT, delete=CUT)
    tried(pair)
    assert len(store.list("")) == 1
    store.faults.clear()
    tried(pair)
    assert store.list("") == ()


def test_the_owner_removes_what_others_trials_left_a_week_ago(pair: Pair, store: Failing) -> None:
    store.put("dsa1/doctor/p/20260105/" + "a" * 52, b"old")
    today = f"{pair.clock.now() + timedelta(days=7):%Y%m%d}"
    store.put(f"dsa1/doctor/n/{today}/1700000000000-{'b' * 32}", b"new")
    tried(pair)
    assert [name.split("/")[3] for name in store.list("")] == [today]


# ---------------------------------------------------------------- which are due


def test_every_store_that_something_was_sent_to_is_due_with_our_own(pair: Pair) -> None:
    pair.asks.vault.settings.remove(STORE + THEIRS)
    assert store_checks.due_stores(pair.asks) == (OWN,)
    sealed_request(pair, sample=False)
    pair.carry()
    assert store_checks.due_stores(pair.asks) == (OWN, THEIRS)


def test_an_address_that_only_a_card_names_is_not_opened_for_a_trial(pair: Pair) -> None:
    assert THEIRS in {store.address for store in stores.known_stores(pair.asks)}
    assert THEIRS not in store_checks.due_stores(pair.asks)
    keeping_cards.set_partner_address(pair.asks, SUPPLIER.id, THEIRS)
    assert THEIRS in store_checks.due_stores(pair.asks)


def test_on_a_link_that_costs_a_store_is_due_after_four_weeks(pair: Pair, store: Failing) -> None:
    assert store_checks.due_stores(pair.asks, is_costly=True) == (OWN,)
    tried(pair)
    pair.clock.advance(2 * WEEK)
    assert store_checks.due_stores(pair.asks) == (OWN,)
    assert store_checks.due_stores(pair.asks, is_costly=True) == ()
    pair.clock.advance(2 * WEEK)
    assert store_checks.due_stores(pair.asks, is_costly=True) == (OWN,)


# ---------------------------------------------------------------- nothing stays behind


def kept_of(pair: Pair, address: str) -> list[bytes]:
    kept = (pair.asks.vault.settings.read(prefix + address) for prefix in (STORE, STORE_CHECK, STORE_LEFT))
    return [value for value in kept if value is not None]


@pytest.mark.parametrize("address", ["another", "another/"])
def test_nothing_is_kept_of_a_store_that_is_forgotten(pair: Pair, address: str) -> None:
    pair.stores.by_address["another"] = Failing("another", delete=CUT)
    stores.keep_store(pair.asks, "another", StoreAccess(user="x"), "store-0001")
    store_doctor.examine(pair.asks, "another")
    assert kept_of(pair, "another")
    stores.forget_store(pair.asks, address)
    assert kept_of(pair, "another") == []
    with pytest.raises(RuleError, match="no-such-store"):
        stores.forget_store(pair.asks, address)


def test_nothing_is_kept_of_a_store_that_was_tried_and_not_taken(pair: Pair) -> None:
    store_doctor.try_out(pair.asks, "another", NO_ACCESS)
    assert kept_of(pair, "another") == []


def test_nothing_is_kept_of_a_store_that_a_partner_moved_away_from(pair: Pair) -> None:
    keeping_cards.set_partner_address(pair.asks, SUPPLIER.id, "old-place")
    store_doctor.examine(pair.asks, "old-place")
    keeping_cards.set_partner_address(pair.asks, SUPPLIER.id, "new-place")
    store_checks.due_stores(pair.asks)
    assert store_checks.last_check(pair.asks, "old-place") is None


# ---------------------------------------------------------------- never twice at once


class Held(Failing):
    """Begins a trial and waits."""

    def __init__(self) -> None:
        super().__init__()
        self.is_begun, self.may_go_on = threading.Event(), threading.Event()

    def store_id(self) -> str:
        self.is_begun.set()
        assert self.may_go_on.wait(60)
        return ""


def test_whoever_wants_a_store_tried_that_is_being_tried_gets_what_comes_of_it(pair: Pair) -> None:
    store = pair.stores.by_address[OWN] = Held()
    with ThreadPoolExecutor(2) as pool:
        first = pool.submit(store_doctor.examine, pair.asks, OWN)
        assert store.is_begun.wait(60)
        begun = store.opened
        second = pool.submit(store_doctor.examine, pair.asks, OWN)
        trials = pair.asks.trials
        with trials.door:
            assert trials.door.wait_for(lambda: trials.waiting[OWN], 60)
        assert store.opened == begun
        store.may_go_on.set()
        assert second.result(60) is first.result(60)
    assert store_doctor.examine(pair.asks, OWN) is not first.result(), "the next one is a trial of its own"
