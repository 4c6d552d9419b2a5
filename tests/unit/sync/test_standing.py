"""A store in a run of sending: the first greeting that comes back opens the way, whichever it is, and others are made only once."""

from __future__ import annotations

from datetime import UTC, datetime

from dsadesk.domain.ids import BoxId, BundleId, OrganisationId
from dsadesk.errors import StoreUnreachableError
from dsadesk.ports import DeliveryState, OutboxItem, Parts
from dsadesk.sync.orders import Greet, Outcome, Purpose, Route
from dsadesk.sync.policy import FIRST_CONNECTIONS
from dsadesk.sync.standing import Standing

NOON = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
FAR = 0.6
ITEM = OutboxItem(
    id=BundleId("b"),
    box=BoxId("a" * 26),
    org=OrganisationId("voa"),
    request=None,
    kind="request",
    seq=1,
    manifest_sha256="",
    sealed=b"sealed",
    objects=(),
    state=DeliveryState.QUEUED,
    created_at=NOON,
    changed_at=NOON,
)


def greeting() -> tuple[Standing, Greet, list[Greet]]:
    """A store that is being greeted, over one connection and a few more."""
    store = Standing(Route("https://far"), 0.0)
    first = store.greet()
    return store, first, store.extra_greetings(ITEM, 16, 0.0)


def answer(order: Greet, time: datetime | None = None) -> Outcome:
    return Outcome(order=order, parts=Parts.HTTP, round_trip=FAR, store_time=time)


def test_the_first_greeting_that_comes_back_opens_the_way_and_the_first_act_tells_the_time() -> None:
    """The first act may wait long for what the link lost of it."""
    store, first, more = greeting()
    assert len(more) == FIRST_CONNECTIONS - 1
    store.answered(answer(more[0]), 1.0)
    assert store.greeted_at == 1.0
    assert store.link is not None
    assert store.link.connections == FIRST_CONNECTIONS
    assert store.time_at(2.0) is None
    store.answered(answer(first, NOON), 3.0)
    assert store.time_at(3.0) == NOON


def test_more_greetings_are_made_once_however_fast_they_fail() -> None:
    store, _, more = greeting()
    for each in more:
        assert each.purpose is Purpose.WARM
        store.answered(Outcome(order=each, error=StoreUnreachableError("connection-refused", address="far")), 0.1)
    assert store.link is None
    assert store.warm == store.extra == 0
    assert store.extra_greetings(ITEM, 16, 0.2) == []
    store.greet()
    assert store.extra_greetings(ITEM, 16, 5.0)


def test_that_the_way_is_open_says_nothing_of_the_stores_time() -> None:
    """The first act may be lost after another greeting came back: a laptop's own time must not take its place."""
    store, first, more = greeting()
    store.answered(answer(more[0]), 1.0)
    assert store.is_time_due(1.0)
    store.answered(answer(first, NOON), 3.0)
    assert not store.is_time_due(3.0)
    assert store.is_time_due(3.0 + 3600.0)
