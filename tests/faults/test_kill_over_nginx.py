"""kill -9 of a process that sends to a real nginx, again and again: nothing is lost, nothing doubled, nothing half-written is visible."""

from __future__ import annotations

import hashlib
import io
import os
import signal
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

from dsadesk import bootstrap
from dsadesk.domain.ids import RequestId
from dsadesk.domain.lifecycle import Stage
from dsadesk.host.clock import SystemClock
from dsadesk.host.entropy import SystemEntropy
from dsadesk.ports import DeliveryState
from dsadesk.services import attaching, drafting, exchanging, keeping_cards, sealing, stores, viewing
from dsadesk.services.exchanging import Exchange
from dsadesk.sync.commit import hash_name
from dsadesk.transports.folder import FolderTransport
from tests.faults.killing import NAME
from tests.faults.sending import web_desk
from tests.support.desks import ANSWERS, PASSPHRASE, REQUESTER, SUPPLIER
from tests.support.servers.web import WebServer

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="killing needs SIGKILL; see docs/untested.md")

ROOT = Path(__file__).resolve().parents[2]
SAMPLE = b"site,result\n" + b"".join(
    b"%d,%s\n" % (n, hashlib.sha256(b"%d" % n).hexdigest().encode()) for n in range(40_000)
)


@dataclass
class Killed:
    """What happened: how often the sender was killed at work, and how many parts lie in the store beyond those that the commit names."""

    kills: int
    orphans: int


def prepared(folder: Path, server: WebServer, place: str) -> RequestId:
    """Two vaults that know each other and the server, and a sealed request with a sample of 2.8 MB."""
    folder.mkdir()
    address = server.url(place)
    bootstrap.prepare_store(address, SystemClock(), SystemEntropy(), server.access).close()
    requester, supplier = web_desk(folder, "requester"), web_desk(folder, "supplier")
    requester.first_run(REQUESTER, "Priya Shah", "Analyst", passphrase=PASSPHRASE)
    supplier.first_run(SUPPLIER, "Gwen Ellis", "Owner", passphrase=PASSPHRASE)
    for session in (requester.session, supplier.session):
        stores.keep_store(session, address, server.access)
        keeping_cards.set_inbox_address(session, address)
    keeping_cards.import_card(requester.session, supplier.session.card_bytes)
    keeping_cards.import_card(supplier.session, requester.session.card_bytes)
    draft = drafting.start(requester.session, title="Bathing water results")
    drafting.address_to(requester.session, draft.request, SUPPLIER.id)
    drafting.load_answers(requester.session, draft.request, ANSWERS.read_bytes())
    attaching.attach(requester.session, draft.request, io.BytesIO(SAMPLE), "results.csv")
    sealing.seal_request(requester.session, draft.request)
    requester.lock()
    supplier.lock()
    return draft.request


def send_and_kill_after(folder: Path, runs: int) -> bool:
    """Starts a sender and kills it before its run of that number; says whether it was still at work."""
    sender = subprocess.Popen(
        [sys.executable, "-m", "tests.faults.sending", str(folder)],
        cwd=ROOT,
        env=os.environ | {"PYTHONPATH": f"{ROOT / 'src'}{os.pathsep}{ROOT}"},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    assert sender.stdout is not None
    assert sender.stderr is not None
    with sender.stdout, sender.stderr:
        seen = b""
        while len(seen) < runs and (more := os.read(sender.stdout.fileno(), runs - len(seen))):
            seen += more
        is_at_work = len(seen) == runs and b"!" not in seen
        if is_at_work:
            os.kill(sender.pid, signal.SIGKILL)
        said = sender.stderr.read()
        code = sender.wait(60)
    assert is_at_work or code == 0, said.decode()[-2000:]
    return is_at_work


def look_at_the_disk(server: WebServer, place: str) -> tuple[list[str], list[str]]:
    """Commits and parts as they lie on the server's own disk, each of which must be whole, under the name of its content."""
    direct = FolderTransport(server.path(place))
    names = direct.list("")
    lying = [
        path.relative_to(server.path(place)).as_posix()
        for path in server.path(place).rglob("*")
        if path.is_file() and path.name != "store.json"
    ]
    assert sorted(lying) == list(names)
    for name in names:
        data = direct.get(name, 64 * 1024 * 1024)
        assert NAME.match(name), name
        last = name.rpartition("/")[2].rpartition("-")[2]
        assert hash_name(data, len(last)) == last, name
    return [name for name in names if "/n/" in name], [name for name in names if "/p/" in name]


def kill_again_and_again(server: WebServer, folder: Path, kills: int, seed: str) -> Killed:
    place = server.fresh()
    request = prepared(folder, server, place)
    killed = 0
    while killed < kills:
        # From the first byte of the first question to well into the parts.
        draw = hashlib.sha256(f"{seed}/{killed}".encode()).digest()
        if not send_and_kill_after(folder, 1 + int.from_bytes(draw[:2], "big") % (8 if draw[2] % 4 == 0 else 60)):
            break
        killed += 1
        commits, _ = look_at_the_disk(server, place)
        assert len(commits) <= 1
    send_and_kill_after(folder, 10**9)
    send_and_kill_after(folder, 10**9)
    commits, parts = look_at_the_disk(server, place)
    assert len(commits) == 1, "delivered twice, or not at all"

    requester, supplier = web_desk(folder, "requester"), web_desk(folder, "supplier")
    requester.unlock_with_passphrase(PASSPHRASE)
    supplier.unlock_with_passphrase(PASSPHRASE)
    taken = exchanging.exchange(supplier.session)
    assert not [*taken.problems, *taken.quarantined, *taken.incomplete]
    assert [each.request for each in taken.taken] == [request]
    assert not exchanging.fetch(supplier.session, Exchange()).taken
    with attaching.open_sample(supplier.session, request, 1) as plain:
        assert plain.read() == SAMPLE
    exchanging.fetch(requester.session, Exchange())
    assert viewing.view(requester.session, request).stage is Stage.RECEIVED
    [sent] = [item for item in exchanging.deliveries(requester.session, request) if item.kind != "receipt"]
    assert sent.state is DeliveryState.DELIVERED
    named = {part.name for part in sent.parts}
    assert named <= set(parts)
    requester.lock()
    supplier.lock()
    return Killed(kills=killed, orphans=len(set(parts) - named))


def test_a_sender_that_is_killed_at_any_instant_goes_on_where_it_was(nginx: WebServer, tmp_path: Path):
    happened = kill_again_and_again(nginx, tmp_path / "kill", 6, "suite")
    assert happened.kills >= 4, happened
    # A part that was acknowledged to nobody is cut anew: at most one for each of ten connections and kill.
    assert happened.orphans <= 10 * happened.kills, happened


@pytest.mark.soak
@pytest.mark.parametrize("seed", ["a", "b", "c", "d", "e", "f", "g", "h"])
def test_many_kills_lose_nothing(nginx: WebServer, tmp_path: Path, seed: str):
    happened = kill_again_and_again(nginx, tmp_path / "kill", 20, seed)
    assert happened.kills >= 4, happened
