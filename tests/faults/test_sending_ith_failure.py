"""The i-th call of the database fails while a delivery with a sample is sent: sending again sends it once, whole, and nothing else."""

from __future__ import annotations

import errno
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from dsadesk.domain.ids import RequestId
from dsadesk.host.memory import SeededEntropy
from dsadesk.ports import DeliveryState
from dsadesk.services import exchanging
from dsadesk.services.desk import Desk
from dsadesk.services.exchanging import Exchange
from dsadesk.services.session import Session
from dsadesk.storage.vault import SqlcipherPlace
from dsadesk.sync.commit import hash_name
from dsadesk.transports.memory import MemoryTransport
from tests.exchange.test_engine import INBOX, big_request
from tests.support.deliveries import parts_named
from tests.support.desks import PASSPHRASE, Pair, folder_world, memory_world, two_desks
from tests.unit.storage.failing import FailingDisk, Plan, failing_connection

MOST_CALLS = 600


@dataclass
class Sealed:
    """A vault in a folder with a sealed delivery in it, and the other side."""

    pair: Pair
    folder: Path
    request: RequestId


@pytest.fixture(scope="module")
def sealed(tmp_path_factory: pytest.TempPathFactory) -> Sealed:
    folder = tmp_path_factory.mktemp("sending")

    def world(name, stores, clock):
        if name == "requester":
            return folder_world(folder / "vault", stores=stores, clock=clock, seed=name)
        return memory_world(stores=stores, clock=clock, seed=name)

    pair = two_desks(world)
    request = big_request(pair)
    pair.requester.lock()
    return Sealed(pair, folder / "vault", request)


@contextmanager
def opened(sealed: Sealed, folder: Path, plan: Plan | None = None, failure: str = "") -> Iterator[Session]:
    clock, stores = sealed.pair.clock, sealed.pair.stores
    options = {}
    if plan is not None and failure == "disk":
        options = {"disk": FailingDisk(plan, errno.EIO)}
    elif plan is not None:
        options = {"connection": failing_connection(plan, full=failure == "full")}
    place = SqlcipherPlace(folder, clock, SeededEntropy("again"), reserve_bytes=65536, **options)
    desk = Desk(memory_world(stores=stores, clock=clock, seed=f"run {plan is None}", place=place))
    desk.unlock_with_passphrase(PASSPHRASE)
    try:
        yield desk.session
    finally:
        if plan is not None:
            plan.disarm()
        desk.lock()


def lies_there_once(sealed: Sealed, store: MemoryTransport) -> None:
    """One commit, and every part that it names, each the bytes of its name."""
    names = store.list("dsa1/")
    commits = [name for name in names if "/n/" in name]
    assert len(commits) == 1
    parts = parts_named(commits[0], store.get(commits[0], 1 << 30), sealed.pair.holds.identities)
    assert parts
    for name in parts:
        assert hash_name(store.get(name, 1 << 30), 52) == name.rsplit("/", 1)[-1]


def sweep(sealed: Sealed, tmp_path: Path, failure: str) -> int:
    at = 0
    while True:
        at += 1
        assert at < MOST_CALLS
        store = sealed.pair.stores.by_address[INBOX] = MemoryTransport(INBOX)
        folder, plan = tmp_path / f"vault-{at}", Plan()
        shutil.copytree(sealed.folder, folder)
        with opened(sealed, folder, plan, failure) as session:
            plan.arm(at)
            done = Exchange()
            exchanging.send_all(session, done)
            failures = plan.failures
        if failures:
            assert done.problems, f"call {at} failed and nobody said so"
        with opened(sealed, folder) as session:
            assert not exchanging.send_all(session, Exchange()).problems
            assert [item.state for item in session.vault.outbox.all()] == [DeliveryState.COMMITTED]
        lies_there_once(sealed, store)
        shutil.rmtree(folder)
        if not failures:
            return at


@pytest.mark.parametrize(("failure", "least"), [("error", 60), ("full", 60), ("disk", 1)])
def test_any_call_of_the_database_or_the_disk_may_fail_while_sending(
    sealed: Sealed, tmp_path: Path, failure: str, least: int
) -> None:
    assert sweep(sealed, tmp_path, failure) > least
