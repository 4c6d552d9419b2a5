"""What a run does while one of its greetings is lost: turns are given by hand, so nothing waits."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from dsadesk.errors import StoreUnreachableError
from dsadesk.ports import Parts
from dsadesk.services.sending import engine_for
from dsadesk.sync.orders import Greet, Order, Outcome, Purpose, PutCommit, PutPart, perform
from dsadesk.transports.memory import MemoryTransport
from tests.exchange.test_engine import INBOX, big_request
from tests.support.desks import two_desks

STORE_TIME = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)


class Far(MemoryTransport):
    """A store with a clock, to which several connections are made."""

    parts = Parts.HTTP

    def round_trip(self) -> float:
        return 0.6


def is_meeting(order: Order) -> bool:
    return isinstance(order, Greet) and order.purpose is Purpose.MEET


def test_a_commit_has_the_stores_time_although_the_first_act_was_lost_and_another_greeting_came_back() -> None:
    pair = two_desks()
    big_request(pair)
    pair.stores.by_address[INBOX] = store = Far(INBOX, now=lambda: STORE_TIME)
    pair.clock.advance(timedelta(days=3650).total_seconds())
    engine = engine_for(pair.asks, patience=600.0)
    now, under_way, done, outcomes = 0.0, [], [], []
    has_lost = False
    while not (turn := engine.turn(now, outcomes)).is_over:
        now += 1.0 + (turn.wait or 0.0)
        under_way += turn.orders
        under_way.sort(key=lambda order: is_meeting(order) and not has_lost)
        if not under_way:
            outcomes = []
            continue
        order = under_way.pop(0)
        if is_meeting(order) and not has_lost:
            assert any(isinstance(each, PutPart) for each in done), "parts went while the first act hung"
            has_lost = True
            outcomes = [Outcome(order=order, ended=now, error=StoreUnreachableError("store-silent", address=INBOX))]
            continue
        done.append(order)
        outcomes = [replace(perform(order, store), began=now - 1.0, ended=now)]
    assert has_lost
    (commit,) = [order for order in done if isinstance(order, PutCommit)]
    named = datetime.fromtimestamp(int(commit.name.rsplit("/", 1)[-1][:13]) / 1000, UTC)
    assert abs(named - STORE_TIME) < timedelta(days=1)
