"""A request with a sample in parts travels between two desks over a real SFTP server, whose connections are cut on the way."""

from __future__ import annotations

import hashlib
import io
from collections.abc import Iterator

import pytest

from dsadesk.domain.ids import RequestId
from dsadesk.domain.lifecycle import Stage
from dsadesk.host.memory import FixedClock
from dsadesk.ports import NO_ACCESS, DeliveryState, Flow, StoreAccess, Transport
from dsadesk.services import attaching, drafting, exchanging, keeping_cards, reviewing, sealing, viewing
from dsadesk.services.reading import require_state
from dsadesk.services.session import Session, World
from dsadesk.transports.sftp.transport import SftpTransport, prepare_on_server
from tests.support.desks import ANSWERS, REQUESTER, SUPPLIER, Pair, Stores, memory_world, two_desks
from tests.support.servers.relay import Relay
from tests.support.servers.sshd import Sshd, why_not

pytestmark = pytest.mark.skipif(bool(why_not()), reason=why_not() or "sshd can be started")

ROWS = b"".join(b"%d,%s\n" % (n, hashlib.sha256(b"%d" % n).hexdigest().encode()) for n in range(20_000))
SAMPLE = b"site,result\n" + ROWS


class Office:
    """Opens stores with what one laptop is let in by, and closes them in the end."""

    def __init__(self, access: StoreAccess) -> None:
        self._access = access
        self.opened: list[SftpTransport] = []

    def open(
        self, address: str, expected_id: str, access: StoreAccess = NO_ACCESS, flow: Flow | None = None
    ) -> Transport:
        del access
        made = SftpTransport(address, expected_id=expected_id or None, access=self._access, flow=flow)
        self.opened.append(made)
        return made


@pytest.fixture
def server() -> Iterator[Sshd]:
    with Sshd() as made:
        yield made


@pytest.fixture
def relay(server: Sshd) -> Iterator[Relay]:
    with Relay(server.port) as made:
        yield made


@pytest.fixture
def pair(server: Sshd, relay: Relay) -> Iterator[Pair]:
    offices: list[Office] = []

    def world(name: str, stores: Stores, clock: FixedClock) -> World:
        offices.append(Office(server.access_of(name)))
        return memory_world(stores=stores, clock=clock, seed=name, open_transport=offices[-1].open)

    made = two_desks(world)
    for desk, other, name in ((made.asks, SUPPLIER, "requester"), (made.holds, REQUESTER, "supplier")):
        server.folder(name)
        own = server.address(name, relay.port)
        office = offices[0 if desk is made.asks else 1]
        transport = office.open(own, "")
        assert isinstance(transport, SftpTransport)
        prepare_on_server(transport, f"store-of-{name}", made.clock.now())
        keeping_cards.set_inbox_address(desk, own)
        keeping_cards.set_partner_address(
            desk, other.id, server.address("supplier" if name == "requester" else "requester", relay.port)
        )
    yield made
    for office in offices:
        for each in office.opened:
            each.close()


def states(session: Session, request: RequestId) -> set[DeliveryState]:
    """Where a side's deliveries are; receipts are not answered."""
    return {item.state for item in exchanging.deliveries(session, request) if item.kind != "receipt"}


def test_a_request_with_a_sample_arrives_and_both_sides_know(pair: Pair, server: Sshd, relay: Relay):
    draft = drafting.start(pair.asks, title="Bathing water results")
    drafting.address_to(pair.asks, draft.request, SUPPLIER.id)
    drafting.load_answers(pair.asks, draft.request, ANSWERS.read_bytes())
    attaching.attach(pair.asks, draft.request, io.BytesIO(SAMPLE), "results.csv")
    sealing.seal_request(pair.asks, draft.request)

    cut_at = relay.up + len(SAMPLE) // 2
    relay.on_up = lambda up: relay.cut() if up > cut_at else None
    first = exchanging.exchange(pair.asks)
    relay.on_up = lambda _: None
    assert [problem.error.code for problem in first.problems][:1] == ["connection-lost"]
    assert not list((server.files / "supplier").rglob("n/*/*"))  # nothing is visible before it is all there

    pair.carry()
    request = draft.request
    with attaching.open_sample(pair.holds, request, 1) as plain:
        assert plain.read() == SAMPLE
    assert viewing.view(pair.asks, request).stage is Stage.RECEIVED
    assert states(pair.asks, request) == {DeliveryState.DELIVERED}

    reviewing.ask(
        pair.holds, request, next(iter(viewing.view(pair.holds, request).answers)).question_id, "Which sites?"
    )
    pair.carry()
    assert require_state(pair.asks, request).open_questions[0].body.text == "Which sites?"
    pair.carry()
    assert states(pair.holds, request) == {DeliveryState.DELIVERED}

    assert list(server.files.rglob(".tmp-*")) == []
    assert b"Bathing" not in b"".join(path.read_bytes() for path in server.files.rglob("*") if path.is_file())
