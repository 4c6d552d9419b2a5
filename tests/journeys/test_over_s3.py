"""A request with a sample between two desks whose inboxes are buckets of a real OpenStack Swift."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator

import pytest

from dsadesk import bootstrap
from dsadesk.domain.lifecycle import Stage
from dsadesk.host.entropy import SystemEntropy
from dsadesk.ports import NO_ACCESS, DeliveryState, Flow, StoreAccess, Transport
from dsadesk.services import attaching, exchanging, keeping_cards, viewing
from dsadesk.services.exchanging import Exchange
from tests.exchange.test_engine import BIG, big_request
from tests.support.desks import Pair, memory_world, two_desks
from tests.support.servers.buckets import new_address
from tests.support.servers.swift import Swift


@pytest.fixture
def pair(swift_server: Swift) -> Iterator[Pair]:
    opened: list[Transport] = []

    def open_transport(
        address: str, expected: str, access: StoreAccess = NO_ACCESS, flow: Flow | None = None
    ) -> Transport:
        opened.append(bootstrap.open_transport(address, expected, swift_server.access, flow))
        return opened[-1]

    pair = two_desks(lambda name, s, c: memory_world(stores=s, clock=c, seed=name, open_transport=open_transport))
    for session in (pair.asks, pair.holds):
        address = new_address(swift_server)
        bootstrap.prepare_store(address, pair.clock, SystemEntropy(), swift_server.access).close()
        keeping_cards.set_inbox_address(session, address)
    keeping_cards.import_card(pair.asks, pair.holds.card_bytes)
    keeping_cards.import_card(pair.holds, pair.asks.card_bytes)
    yield pair
    for transport in opened:
        transport.close()


def test_a_request_is_delivered_opened_and_acknowledged_through_buckets(pair: Pair) -> None:
    request = big_request(pair)
    first, second = pair.carry()
    assert [item.request for item in first.sent] == [request]
    assert not first.problems + second.problems
    assert [taken.request for taken in second.taken] == [request]
    assert viewing.view(pair.holds, request).stage is Stage.RECEIVED
    with attaching.open_sample(pair.holds, request, 1) as plain:
        assert hashlib.sha256(plain.read()).digest() == hashlib.sha256(BIG).digest()
    assert viewing.view(pair.asks, request).stage is Stage.RECEIVED
    assert exchanging.deliveries(pair.asks, request)[0].state is DeliveryState.DELIVERED
    again = exchanging.fetch(pair.holds, Exchange())
    assert not [*again.taken, *again.problems, *again.quarantined]


def test_the_connection_to_ones_own_inbox_is_kept_between_two_looks_and_dropped_when_the_desk_is_locked(
    pair: Pair,
) -> None:
    exchanging.fetch(pair.holds, Exchange())
    session, kept = pair.holds, pair.holds.kept
    exchanging.fetch(pair.holds, Exchange())
    assert kept is not None
    assert pair.holds.kept is kept
    pair.supplier.lock()
    assert session.kept is None
