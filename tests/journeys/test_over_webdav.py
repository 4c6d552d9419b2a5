"""A request with a sample travels between two desks whose inboxes lie on a real WebDAV server, by passwords that their vaults keep."""

from __future__ import annotations

import hashlib
from dataclasses import replace

import pytest

from dsadesk import bootstrap
from dsadesk.domain.ids import RequestId
from dsadesk.domain.lifecycle import Stage
from dsadesk.host.clock import SystemPulse
from dsadesk.host.entropy import SystemEntropy
from dsadesk.host.memory import FixedClock
from dsadesk.ports import DeliveryState, StoreAccess, Transport
from dsadesk.services import attaching, exchanging, keeping_cards, reviewing, store_doctor, stores, viewing
from dsadesk.services.exchanging import Exchange
from dsadesk.services.inbox_store import prepare_inbox
from dsadesk.services.reading import require_state
from dsadesk.services.session import Session, World
from dsadesk.services.store_findings import Level
from dsadesk.sync.runner import Runner
from tests.exchange.test_engine import BIG, big_request
from tests.support.desks import Pair, Stores, memory_world, two_desks
from tests.support.servers.web import PASSWORD, WebServer


def threaded(name: str, unused: Stores, clock: FixedClock) -> World:
    """A world that sends as the program does, over several connections at once."""
    made = memory_world(stores=unused, clock=clock, seed=name, open_transport=bootstrap.open_transport)
    return replace(made, pulse=SystemPulse(), drive=Runner(), patience=20.0)


@pytest.fixture
def pair(web_server: WebServer) -> Pair:
    made = two_desks(threaded)
    places = {session: web_server.url(web_server.fresh()) for session in ("requester", "supplier")}
    for session, own in ((made.asks, "requester"), (made.holds, "supplier")):
        for address in places.values():
            bootstrap.prepare_store(address, made.clock, SystemEntropy(), web_server.access).close()
            assert store_doctor.try_out(session, address, web_server.access).level is not Level.UNUSABLE
            stores.keep_store(session, address, web_server.access)
        keeping_cards.set_inbox_address(session, places[own])
    keeping_cards.import_card(made.asks, made.holds.card_bytes)
    keeping_cards.import_card(made.holds, made.asks.card_bytes)
    return made


def states(session: Session, request: RequestId) -> set[DeliveryState]:
    """Where a side's deliveries are; receipts are not answered."""
    return {item.state for item in exchanging.deliveries(session, request) if item.kind != "receipt"}


def test_a_request_with_a_sample_is_sent_fetched_answered_and_acknowledged(pair: Pair, web_server: WebServer):
    request = big_request(pair)
    first, second = pair.carry()
    assert [item.request for item in first.sent] == [request]
    assert not first.problems + second.problems
    assert [taken.request for taken in second.taken] == [request]
    with attaching.open_sample(pair.holds, request, 1) as plain:
        assert hashlib.sha256(plain.read()).digest() == hashlib.sha256(BIG).digest()
    assert viewing.view(pair.asks, request).stage is Stage.RECEIVED
    assert states(pair.asks, request) == {DeliveryState.DELIVERED}
    question = next(iter(viewing.view(pair.holds, request).answers)).question_id
    reviewing.ask(pair.holds, request, question, "Which sites?")
    pair.carry()
    assert require_state(pair.asks, request).open_questions[0].body.text == "Which sites?"
    pair.carry()
    assert states(pair.holds, request) == {DeliveryState.DELIVERED}
    again = exchanging.fetch(pair.holds, Exchange())
    assert not [*again.taken, *again.problems, *again.quarantined]
    lying = b"".join(path.read_bytes() for path in web_server.path("dav").rglob("*") if path.is_file())
    assert b"Bathing" not in lying
    assert PASSWORD.encode() not in lying
    pair.requester.lock()
    pair.supplier.lock()


def test_a_password_that_changed_keeps_what_waits_and_says_what_to_do(pair: Pair, web_server: WebServer):
    request = big_request(pair)
    address = keeping_cards.address_of(pair.asks, pair.holds.profile.organisation.id)
    stores.keep_store(pair.asks, address, replace(web_server.access, secret="old"))
    done = exchanging.send_all(pair.asks, Exchange(), patience=0.0)
    assert [problem.error.code for problem in done.problems] == ["access-refused"]
    stores.keep_store(pair.asks, address, web_server.access)
    assert [item.request for item in exchanging.send_all(pair.asks, Exchange()).sent] == [request]
    assert [taken.request for taken in exchanging.fetch(pair.holds, Exchange()).taken] == [request]
    pair.requester.lock()
    pair.supplier.lock()


def test_an_inbox_is_made_with_room_for_what_comes_so_that_nobody_far_away_has_to(pair: Pair, web_server: WebServer):
    session, folder = pair.holds, web_server.fresh()

    def prepare(address: str, access: StoreAccess) -> Transport:
        return bootstrap.prepare_store(address, pair.clock, SystemEntropy(), access)

    object.__setattr__(session.world, "prepare_store", prepare)
    for _ in range(2):
        prepare_inbox(session, web_server.url(folder), web_server.access)
        assert {each.name for each in (web_server.path(folder) / "dsa1" / session.box).iterdir()} == {"n", "p"}
