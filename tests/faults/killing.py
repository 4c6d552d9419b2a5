"""Kills a working dsadesk with SIGKILL at chosen instants and looks at what is left. Run as a program: one process, many rounds.

    python -m tests.faults.killing PHASE ROUNDS LEAST SEED FOLDER

PHASE is `typing`, `sealing` or `delivering`. LEAST of the kills come while it works, whatever the machine does meanwhile: more rounds are made
until they have. A child is forked for each round, works on a copy of a prepared vault, and tells through a pipe
what was acknowledged to it. The parent kills it, opens the vault and holds it to that. Prints one JSON line with what happened.
"""

from __future__ import annotations

import hashlib
import io
import json
import os
import re
import select
import shutil
import signal
import sys
import time
from collections.abc import Callable
from pathlib import Path

from dsadesk.age.chunks import payload_size
from dsadesk.directory.cards import CardDirectory
from dsadesk.domain.ids import QuestionId, RequestId
from dsadesk.domain.lifecycle import Stage
from dsadesk.host.clock import SystemClock
from dsadesk.host.entropy import SystemEntropy
from dsadesk.host.memory import MemorySecretStore
from dsadesk.inspection.inspector import LocalInspector
from dsadesk.ports import Transport
from dsadesk.resources import ShippedLibrary
from dsadesk.services import attaching, drafting, exchanging, keeping_cards, sealing, viewing
from dsadesk.services.desk import Desk
from dsadesk.services.exchanging import Exchange
from dsadesk.services.session import Session, World
from dsadesk.settings import Settings
from dsadesk.storage.vault import SqlcipherPlace
from dsadesk.sync.commit import hash_name, parse_commit
from dsadesk.transports.exported_file import export_file
from dsadesk.transports.folder import FolderTransport
from tests.support.desks import ANSWERS, PASSPHRASE, REQUESTER, SUPPLIER, WORK_FACTOR

AIM = QuestionId("purpose.aim")
ANSWERS_TYPED = 80
SAMPLE = b"site_id,sampled_on,ecoli\n" + b"".join(
    b"UK%05d,2026-07-%02d,%d\n" % (n, n % 28 + 1, n % 400) for n in range(240_000)
)
NAME = re.compile(r"dsa1/[a-z2-7]{26}/(n/[0-9]{8}/[0-9]{13}-[a-z2-7]{32}|p/[0-9]{8}/[a-z2-7]{52})\Z")
OBJECT = re.compile(r"[0-9a-f]{64}")
Tell = Callable[[str], None]


def desk(folder: Path, who: str) -> Desk:
    """A desk over a real vault and real folders, with real randomness: a copy must never repeat a key."""
    clock, entropy = SystemClock(), SystemEntropy()

    def transport(address: str, expected_id: object = "", *_: object) -> Transport:
        return FolderTransport(folder / address, expected_id=str(expected_id or "") or None)

    world = World(
        settings=Settings(vault=folder / who, logs=folder, work_factor=WORK_FACTOR),
        clock=clock,
        entropy=entropy,
        secrets=MemorySecretStore(),
        place=SqlcipherPlace(folder / who, clock, entropy, reserve_bytes=65536),
        library=ShippedLibrary(),
        inspector=LocalInspector(),
        directory_of=lambda vault, own: CardDirectory(vault.cards, own),
        open_transport=transport,
        prepare_store=transport,
        mark_as_foreign=lambda path: path.exists(),
        export_file=export_file,
        removable_drives=lambda: (),
    )
    return Desk(world)


def opened(folder: Path, who: str) -> Desk:
    found = desk(folder, who)
    found.unlock_with_passphrase(PASSPHRASE)
    return found


def prepare(folder: Path) -> RequestId:
    """Two vaults that know each other, two inboxes, and a draft that is ready to seal."""
    folder.mkdir(parents=True)
    requester, supplier = desk(folder, "requester"), desk(folder, "supplier")
    requester.first_run(REQUESTER, "Priya Shah", "Analyst", passphrase=PASSPHRASE)
    supplier.first_run(SUPPLIER, "Gwen Ellis", "Owner", passphrase=PASSPHRASE)
    for address in ("inbox-of-requester", "inbox-of-supplier"):
        (folder / address).mkdir()
        FolderTransport.prepare(
            folder / address, hashlib.sha256(address.encode()).hexdigest()[:32], SystemClock().now()
        )
    keeping_cards.set_inbox_address(requester.session, "inbox-of-requester")
    keeping_cards.set_inbox_address(supplier.session, "inbox-of-supplier")
    keeping_cards.import_card(requester.session, supplier.session.card_bytes)
    keeping_cards.import_card(supplier.session, requester.session.card_bytes)
    draft = drafting.start(requester.session, title="Bathing water results")
    drafting.address_to(requester.session, draft.request, SUPPLIER.id)
    drafting.load_answers(requester.session, draft.request, ANSWERS.read_bytes())
    requester.lock()
    supplier.lock()
    return draft.request


# ---------------------------------------------------------------- what the victims do


def type_answers(session: Session, request: RequestId, tell: Tell) -> None:
    for n in range(ANSWERS_TYPED):
        drafting.save_answer(session, request, AIM, f"typed {n} times")
        tell(str(n))


def attach_and_seal(session: Session, request: RequestId, tell: Tell) -> None:
    attaching.attach(session, request, io.BytesIO(SAMPLE), "results.csv")
    tell("attached")
    sealing.seal_request(session, request)
    tell("sealed")


def deliver(session: Session, request: RequestId, tell: Tell) -> None:
    del request
    exchanging.send_all(session, Exchange())
    tell("sent")


VICTIMS: dict[str, Callable[[Session, RequestId, Tell], None]] = {
    "typing": type_answers,
    "sealing": attach_and_seal,
    "delivering": deliver,
}


# ---------------------------------------------------------------- what must hold afterwards


def after_typing(folder: Path, request: RequestId, told: list[str]) -> None:
    found = opened(folder, "requester")
    answer = found.session.vault.drafts.answers(request)[AIM]
    last = int(told[-1]) if told else -1
    if last >= 0:
        assert answer in (f"typed {last} times", f"typed {last + 1} times"), (answer, last)
    found.lock()


def after_sealing(folder: Path, request: RequestId, told: list[str]) -> None:
    found = opened(folder, "requester")
    session = found.session
    shown = viewing.view(session, request)
    sealed = shown.stage is not Stage.DRAFT
    assert ("sealed" not in told) or sealed
    assert (session.vault.drafts.get(request) is None) == sealed, "a draft and a sealed request at once"
    assert len(session.vault.outbox.bundles_of_request(request)) == int(sealed)
    if "attached" in told:
        assert len(shown.samples) == 1
    for sample in shown.samples:
        with attaching.open_sample(session, request, sample.n) as plain:
            assert hashlib.sha256(plain.read()).hexdigest() == sample.sha256
    if not sealed:
        if not shown.samples:
            attaching.attach(session, request, io.BytesIO(SAMPLE), "results.csv")
        sealing.seal_request(session, request)
    found.lock()
    after_delivering(folder, request, [])


def after_delivering(folder: Path, request: RequestId, told: list[str]) -> None:
    look_at_store(folder)
    found = opened(folder, "requester")
    before = len(commits(folder))
    assert before <= 1
    assert ("sent" not in told) or before == 1
    for _ in range(2):
        done = exchanging.send_all(found.session, Exchange())
        assert not done.problems, done.problems
    assert len(commits(folder)) == 1, "delivered twice"
    look_at_store(folder)
    supplier = opened(folder, "supplier")
    taken = exchanging.fetch(supplier.session, Exchange())
    assert not taken.quarantined, taken.quarantined
    assert not taken.incomplete
    assert not taken.problems
    assert [t.request for t in taken.taken] == [request]
    assert viewing.view(supplier.session, request).stage is Stage.RECEIVED
    assert not exchanging.fetch(supplier.session, Exchange()).taken
    with attaching.open_sample(supplier.session, request, 1) as plain:
        assert plain.read() == SAMPLE
    supplier.lock()
    found.lock()


CHECKS: dict[str, Callable[[Path, RequestId, list[str]], None]] = {
    "typing": after_typing,
    "sealing": after_sealing,
    "delivering": after_delivering,
}


def commits(folder: Path) -> list[str]:
    store = FolderTransport(folder / "inbox-of-supplier")
    return [name for name in store.list("dsa1/") if "/n/" in name]


def look_at_store(folder: Path) -> None:
    """Everything that a reader of the store can see is whole and bears the name of its content."""
    store = FolderTransport(folder / "inbox-of-supplier")
    for name in store.list("dsa1/"):
        assert NAME.match(name), name
        data = store.get(name, 1 << 30)
        if "/p/" in name:
            assert hash_name(data, 52) == name.rsplit("/", 1)[-1]
        else:
            parse_commit(name, data)


def look_at_vault(folder: Path) -> None:
    """Every object in place is whole; the vault's own check, which opens each that has a record with its key, finds nothing that matters."""
    found = opened(folder, "requester")
    for path in (folder / "requester/objects").iterdir():
        if OBJECT.fullmatch(path.name):
            assert path.stat().st_size == payload_size(len(SAMPLE)), "a half-written object is visible"
    problems = [problem.code for problem in found.session.vault.check() if "orphan" not in problem.code]
    assert not problems, problems
    found.lock()


# ---------------------------------------------------------------- killing


def work(phase: str, folder: Path, request: RequestId, pipe: int) -> None:
    """The child: opens the vault, says so, and works until it is done or dies."""
    found = opened(folder, "requester")
    os.write(pipe, b"ready\n")
    VICTIMS[phase](found.session, request, lambda text: (os.write(pipe, f"{text}\n".encode()), None)[1])
    os.write(pipe, b"done\n")


def one_round(phase: str, folder: Path, request: RequestId, delay: float | None) -> tuple[list[str], float, bool]:
    """Forks a victim and kills it `delay` seconds after it was ready. Returns what it was told, how long it worked, and whether it was killed."""
    readable, writable = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(readable)
        status = 1
        try:
            work(phase, folder, request, writable)
            status = 0
        finally:
            os._exit(status)
    os.close(writable)
    said = b""
    while b"ready\n" not in said:
        chunk = os.read(readable, 4096)
        assert chunk, "the victim died before it was ready"
        said += chunk
    started = time.monotonic()
    end = None if delay is None else started + delay
    while True:
        left = None if end is None else max(0.0, end - time.monotonic())
        if left == 0.0 or not select.select([readable], [], [], left)[0]:
            break
        chunk = os.read(readable, 4096)
        if not chunk:
            break
        said += chunk
    took = time.monotonic() - started
    os.kill(child, signal.SIGKILL)
    while chunk := os.read(readable, 4096):
        said += chunk
    os.close(readable)
    _, status = os.waitpid(child, 0)
    told = said.decode().split()[1:]
    finished = "done" in told
    return [word for word in told if word != "done"], took, os.WIFSIGNALED(status) and not finished


def run(phase: str, rounds: int, least: int, seed: str, folder: Path) -> dict[str, object]:
    base = folder / "base"
    request = prepare(base)
    if phase == "delivering":
        found = opened(base, "requester")
        attach_and_seal(found.session, request, lambda _: None)
        found.lock()
    shutil.copytree(base, folder / "whole")
    _, whole, _ = one_round(phase, folder / "whole", request, None)
    CHECKS[phase](folder / "whole", request, [])
    killed, n = 0, 0
    while (n < rounds or killed < least) and n < 10 * rounds:
        place = folder / f"round-{n}"
        shutil.copytree(base, place)
        fraction = int.from_bytes(hashlib.sha256(f"{seed}/{phase}/{n}".encode()).digest()[:4], "big") / 2**32
        told, took, was_killed = one_round(phase, place, request, whole * fraction)
        killed += was_killed
        if not was_killed:
            whole = min(whole, took)  # the machine has become faster since it was measured
        n += 1
        look_at_vault(place)
        CHECKS[phase](place, request, told)
        shutil.rmtree(place)
    return {"phase": phase, "rounds": n, "killed_at_work": killed, "whole_ms": round(whole * 1000)}


if __name__ == "__main__":
    print(json.dumps(run(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]), sys.argv[4], Path(sys.argv[5]))))
