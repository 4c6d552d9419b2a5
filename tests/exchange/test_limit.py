"""The limit holds for what is fetched as for what is sent, over every kind of store, and whoever waits for it is let go at once."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from dsadesk import bootstrap
from dsadesk.errors import TransferStoppedError
from dsadesk.host.entropy import SystemEntropy
from dsadesk.ports import NO_ACCESS, StoreAccess
from dsadesk.services import exchanging, keeping_cards, stores
from dsadesk.services.exchanging import Exchange
from dsadesk.sync.controls import Controls
from dsadesk.sync.pace import MOST_SAVED_SECONDS
from dsadesk.sync.patient import PatientReader
from dsadesk.sync.stepping import PassingTime
from tests.exchange.test_runner import BIG, big_request
from tests.support.desks import SUPPLIER, Pair, memory_world, two_desks
from tests.support.machine import LONG
from tests.support.servers.sshd import Sshd
from tests.support.servers.sshd import why_not as sshd_is_missing
from tests.support.servers.web import WebServer

LIMIT = 64_000.0


@pytest.fixture
def pair() -> Pair:
    return two_desks(
        lambda name, s, clock: memory_world(stores=s, clock=clock, seed=name, open_transport=bootstrap.open_transport)
    )


@pytest.fixture(scope="module")
def sshd() -> Iterator[Sshd]:
    if sshd_is_missing():
        pytest.skip(sshd_is_missing())
    with Sshd() as server:
        yield server


@pytest.fixture(params=["folder", "nginx", "sshd", "swift_server"])
def place(request: pytest.FixtureRequest, tmp_path: Path) -> tuple[str, StoreAccess]:
    if request.param == "folder":
        return str(tmp_path), NO_ACCESS
    server = request.getfixturevalue(request.param)
    if isinstance(server, WebServer):
        return server.url(server.fresh()), server.access
    if isinstance(server, Sshd):
        server.folder("limited")
        return server.address("limited"), server.access
    from tests.support.servers.buckets import new_address

    return new_address(server), server.access


def keep(pair: Pair, place: tuple[str, StoreAccess]) -> None:
    address, access = place
    bootstrap.prepare_store(address, pair.clock, SystemEntropy(), access).close()
    keeping_cards.set_inbox_address(pair.holds, address)
    keeping_cards.set_partner_address(pair.asks, SUPPLIER.id, address)
    for session in (pair.asks, pair.holds):
        stores.keep_store(session, address, access)


def test_fetching_keeps_to_the_limit_to_within_two_per_cent(pair: Pair, place: tuple[str, StoreAccess]) -> None:
    keep(pair, place)
    request = big_request(pair)
    assert not exchanging.send_all(pair.asks, Exchange()).problems
    pulse = PassingTime()
    controls = Controls(pulse)
    controls.pacer.set_limit(LIMIT)
    exchanging.fetch(pair.holds, done := Exchange(), controls=controls)
    assert [taken.request for taken in done.taken] == [request]
    least = len(BIG) - LIMIT * MOST_SAVED_SECONDS - 16 * 1024
    assert pulse.elapsed() * LIMIT >= 0.98 * least
    # Besides the sample: the commit with its questions, headers, and what encrypting a connection takes.
    assert pulse.elapsed() * LIMIT <= 1.02 * (len(BIG) + 120_000)
    pair.holds.let_go()


def test_another_limit_holds_for_the_connection_that_is_kept(pair: Pair, nginx: WebServer) -> None:
    keep(pair, (nginx.url(nginx.fresh()), nginx.access))
    exchanging.fetch(pair.holds, Exchange(), controls=Controls(PassingTime()))
    big_request(pair)
    exchanging.send_all(pair.asks, Exchange())
    pulse = PassingTime()
    controls = Controls(pulse)
    exchanging.fetch(pair.holds, Exchange(), controls=controls)
    before = pair.holds.kept
    controls.pacer.set_limit(LIMIT)
    big_request(pair)
    exchanging.send_all(pair.asks, Exchange())
    exchanging.fetch(pair.holds, done := Exchange(), controls=controls)
    assert done.taken
    assert pair.holds.kept is before, "the same connection"
    assert pulse.elapsed() * LIMIT > 0.9 * len(BIG)
    pair.holds.let_go()


def test_cancelling_lets_go_whoever_waits_for_the_limit(pair: Pair, tmp_path: Path) -> None:
    class Watched(PassingTime):
        """Tells when somebody waits, and lets no time pass."""

        def __init__(self) -> None:
            super().__init__()
            self.waits = threading.Event()

        def wait(self, door: threading.Condition, seconds: float) -> None:
            del seconds
            self.waits.set()
            door.wait(LONG)

    keep(pair, (str(tmp_path), NO_ACCESS))
    big_request(pair)
    exchanging.send_all(pair.asks, Exchange())
    (name, *_) = [each for each in pair.holds.world.open_transport(str(tmp_path), "").list("") if "/p/" in each]
    pulse = Watched()
    controls = Controls(pulse)
    controls.pacer.set_limit(1.0)
    valve = controls.pacer.valve()
    reader = PatientReader(
        pair.holds.world.open_transport(str(tmp_path), "", NO_ACCESS, valve), controls, LONG, lambda: 0.5, valve
    )
    stopped = list[str]()

    def read() -> None:
        try:
            reader.get(name, 10**8)
        except TransferStoppedError as error:
            stopped.append(error.code)

    thread = threading.Thread(target=read)
    thread.start()
    assert pulse.waits.wait(LONG)
    controls.cancel()
    thread.join(LONG)
    assert stopped == ["cancelled"]
