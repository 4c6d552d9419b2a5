"""A vault at work whose power is cut: the program that is recorded, and what must hold of what is left.

    python -m tests.faults.power_cut FOLDER MODE STEPS      does the work below FOLDER and says the number of each step that is done

Each step is one change that happens whole or not at all. The same steps done on the vault in memory say what a vault holds after each,
so a vault whose power was cut must hold what it was told was kept, or that and the one step that was under way.
"""

from __future__ import annotations

import hashlib
import os
import re
import shutil
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from dsadesk.domain.ids import BundleId, DeviceId, ObjectId, QuestionId, RequestId
from dsadesk.errors import DsadeskError
from dsadesk.host.memory import FixedClock, SeededEntropy
from dsadesk.ports import ChainHead, DeliveryState, OutboxObject, SentPart, Vault, VaultPlace
from dsadesk.storage.backup import restore
from dsadesk.storage.memory import MemoryPlace
from dsadesk.storage.migrations import STEPS as MIGRATIONS
from dsadesk.storage.migrations import Step
from dsadesk.storage.vault import SqlcipherPlace, SqlcipherVault
from tests.faults.power_cut_disk import Cut, Flushed, Made, Operation, Renamed, cut_all, cuts
from tests.faults.power_cut_record import record
from tests.unit.storage.examples import (
    AT,
    BOX,
    DEVICE,
    KEY,
    SUPPLIER,
    card,
    digest,
    draft,
    event,
    failed_bundle,
    header,
    later,
    outbox_item,
    row,
    sample,
)

VAULT, BACKUP = "vault", "vault.backup"
MADE = "made"
RESERVE_BYTES = 8192
# What the engine is told after each opening. Folding the journal in often makes many more places to cut at.
MODES = {
    "full": ("wal_autocheckpoint = 12",),
    "normal": ("wal_autocheckpoint = 12", "synchronous = NORMAL"),
    "off": ("wal_autocheckpoint = 12", "synchronous = OFF"),
    "rollback": ("journal_mode = DELETE", "synchronous = EXTRA"),
    "rollback-full": ("journal_mode = DELETE", "synchronous = FULL"),
}
OBJECT = re.compile(r"[0-9a-f]{64}")
HARMLESS = frozenset({"object-unclaimed", "quarantine-unclaimed"})


# ---------------------------------------------------------------- the work


class Work:
    """Changes a vault step by step, each step whole or not at all."""

    def __init__(self, place_of: Callable[[int], VaultPlace], mode: str, clock: FixedClock) -> None:
        self.place = place_of(0)
        self.vault: Vault
        self._place_of = place_of
        self._version = 0
        self._mode = mode
        self._clock = clock

    def make(self) -> None:
        self.vault = self.place.create(header(), KEY)
        self._tune()

    def open(self) -> None:
        self.vault = self.place.open(KEY)
        self._tune()

    def step(self, n: int) -> None:
        self._clock.advance(3)
        STEPS[n % len(STEPS)](self, n)

    def _tune(self) -> None:
        if isinstance(self.vault, SqlcipherVault):
            for pragma in MODES[self._mode]:
                self.vault._database.query(f"PRAGMA {pragma}")

    # ------------------------------------------------------------ steps

    def keep_events(self, n: int) -> None:
        self.vault.events.append([event(3 * n + k, envelope=b"signed %d " % n * 60) for k in range(n % 3 + 1)])

    def begin_draft(self, n: int) -> None:
        request = _request(n)
        with self.vault.transaction():
            self.vault.drafts.put(draft(request, title=f"Draft {n}"))
            self.vault.projections.put(row(n, request=request))

    def type_answer(self, n: int) -> None:
        request = _last_draft(self.vault)
        with self.vault.transaction():
            self.vault.drafts.save_answer(request, QuestionId(f"purpose.{n % 5}"), f"typed {n} " * 20, later(n))
            self.vault.projections.put(row(n, request=request, detail=f"{n}"))

    def keep_object(self, n: int) -> None:
        writer = self.vault.objects.create()
        content = object_content(n)
        for start in range(0, len(content), 3000):
            writer.file.write(content[start : start + 3000])
        writer.commit(object_name(n))

    def keep_sample(self, n: int) -> None:
        self.vault.samples.put(sample(object_name(n - 1), n, _last_draft(self.vault)))

    def seal(self, n: int) -> None:
        request = _last_draft(self.vault)
        name = object_name(n - 2)
        carried = (OutboxObject(n=0, object=name, header=b"header", payload_size=9),)
        with self.vault.transaction():
            self.vault.events.append([event(3 * n, request)])
            self.vault.outbox.put(outbox_item(n, request=request, objects=carried, sealed=b"sealed %d" % n * 200))
            self.vault.projections.put(row(n, request=request, title=f"Sealed {n}"))
            self.vault.settings.write("counter", b"%d" % n)

    def send_part(self, n: int) -> None:
        part = SentPart(n=0, offset=0, length=9, sha256=digest("part"), name=f"p/{n}")
        with self.vault.transaction():
            self.vault.outbox.mark(_last_bundle(self.vault), BOX, DeliveryState.SENDING, later(n))
            self.vault.outbox.record_part(_last_bundle(self.vault), BOX, part)

    def fix_commit(self, n: int) -> None:
        self.vault.outbox.fix_commit(_last_bundle(self.vault), BOX, f"n/{n}", b"commit %d" % n)

    def deliver(self, n: int) -> None:
        self.vault.outbox.mark(_last_bundle(self.vault), BOX, DeliveryState.DELIVERED, later(n))

    def take_in(self, n: int) -> None:
        with self.vault.transaction():
            self.vault.inbox.mark_seen(BundleId(f"in-{n}"), SUPPLIER, AT)
            self.vault.inbox.mark_looked_at(BOX, f"c/{n}", AT)
            self.vault.inbox.move_chain_head(BOX, DEVICE, ChainHead(seq=n, manifest_sha256=digest(str(n))))
            self.vault.events.append([event(3 * n, _request(n), device=DeviceId("device-2"))])

    def set_bundle_aside(self, n: int) -> None:
        self.vault.inbox.quarantine(failed_bundle(n), b"failed %d " % n * 500)

    def pin_card(self, n: int) -> None:
        change = {"envelope": b"card %d" % n * 100, "version": n, "updated_at": later(n)}
        self.vault.cards.put(card(**change))

    def change_ways_in(self, n: int) -> None:
        self.place.write_header(header(backend=f"backend {n}"))

    def discard_draft(self, n: int) -> None:
        request = _last_draft(self.vault)
        with self.vault.transaction():
            self.vault.drafts.discard(request)
            for each in self.vault.samples.of_request(request):
                self.vault.samples.remove(request, each.n)

    def tidy(self, n: int) -> None:
        self.vault.objects.sweep(self.vault.samples.object_ids())

    def back_up(self, n: int) -> None:
        if self.place.folder is not None:
            self.vault.backup(self.place.folder.with_name(BACKUP))

    def open_again(self, n: int) -> None:
        self.vault.close()
        self.open()

    def bring_up(self, n: int) -> None:
        """Opens with a version of the program that knows one more table."""
        self.vault.close()
        self._version += 1
        self.place = self._place_of(self._version)
        self.open()


STEPS: tuple[Callable[[Work, int], None], ...] = (
    Work.begin_draft,
    Work.type_answer,
    Work.keep_events,
    Work.keep_object,
    Work.keep_sample,
    Work.seal,
    Work.send_part,
    Work.type_answer,
    Work.fix_commit,
    Work.take_in,
    Work.deliver,
    Work.set_bundle_aside,
    Work.keep_events,
    Work.pin_card,
    Work.change_ways_in,
    Work.type_answer,
    Work.back_up,
    Work.open_again,
    Work.discard_draft,
    Work.tidy,
    Work.bring_up,
)
BACK_UP, TIDY = STEPS.index(Work.back_up), STEPS.index(Work.tidy)


def object_content(n: int) -> bytes:
    return hashlib.shake_256(b"object %d" % n).digest(20_000 + n)


def object_name(n: int) -> ObjectId:
    return ObjectId(hashlib.sha256(object_content(n)).hexdigest())


def _request(n: int) -> RequestId:
    return row(n).request


def _last_draft(vault: Vault) -> RequestId:
    return max(each.request for each in vault.drafts.all())


def _last_bundle(vault: Vault) -> BundleId:
    return vault.outbox.all()[-1].id


def place_in(folder: Path, seed: str, version: int, clock: FixedClock | None = None) -> SqlcipherPlace:
    """The place of a vault as a program sees it that knows so many tables more than ours."""
    added = (Step(n, f"{n:04d}_added", f"CREATE TABLE added_{n} (a TEXT) STRICT;") for n in range(2, version + 2))
    return SqlcipherPlace(
        folder / VAULT,
        clock or FixedClock(AT),
        SeededEntropy(f"{seed} {version}"),
        reserve_bytes=RESERVE_BYTES,
        steps=(*MIGRATIONS, *added),
    )


def main(folder: Path, mode: str, steps: int) -> None:
    clock = FixedClock(AT)
    work = Work(lambda version: place_in(folder, "work", version, clock), mode, clock)
    work.make()
    os.write(1, f"{MADE}\n".encode())
    for n in range(steps):
        work.step(n)
        os.write(1, f"{n}\n".encode())
    work.vault.close()


# ---------------------------------------------------------------- what a vault holds


def held(place: VaultPlace, vault: Vault) -> str:
    """Everything that a caller can read from a vault, as one text."""
    bundles = vault.inbox.quarantined()
    return repr(
        [
            place.header(),
            list(vault.events.all()),
            vault.events.head(),
            [(each, sorted(vault.drafts.answers(each.request).items())) for each in vault.drafts.all()],
            [vault.drafts.revisions(each.request) for each in vault.drafts.all()],
            [vault.samples.of_request(each.request) for each in vault.drafts.all()],
            sorted(vault.samples.object_ids()),
            vault.outbox.all(),
            [vault.inbox.has_seen(BundleId(f"in-{n}")) for n in range(0, 400, 20)],
            [vault.inbox.has_looked_at(BOX, f"c/{n}") for n in range(0, 400, 20)],
            vault.inbox.chain_head(BOX, DEVICE),
            [(each, hashlib.sha256(vault.inbox.quarantined_content(each.id)).hexdigest()) for each in bundles],
            vault.cards.all(),
            vault.settings.read("counter"),
            vault.projections.rows(vault.projections.ids()),
            vault.projections.ids(search="sealed"),
        ]
    )


def expectations(steps: int) -> list[str]:
    """What a vault holds once it is made, and after each step, by the vault in memory."""
    clock = FixedClock(AT)
    place = MemoryPlace()
    work = Work(lambda _: place, "full", clock)
    work.make()
    expected = [held(work.place, work.vault)]
    for n in range(steps):
        work.step(n)
        expected.append(held(work.place, work.vault))
    return expected


def objects_after(done: int) -> set[ObjectId]:
    """The objects that were promised and not swept since, after so many steps."""
    kept: set[ObjectId] = set()
    for n in range(done):
        if STEPS[n % len(STEPS)] is Work.keep_object:
            kept.add(object_name(n))
        if n % len(STEPS) == TIDY:
            kept.clear()
    return kept


# ---------------------------------------------------------------- judging


@dataclass
class Judge:
    """Opens what a cut left and says what is wrong with it."""

    expected: Sequence[str]
    losses: list[str] = field(default_factory=list)
    looked_at: int = 0
    cuts_that_lost: int = 0
    newest: int = 0
    _backups: dict[str, str] = field(default_factory=dict)

    def look(self, cut: Cut, said: list[str], lay_out: Callable[[Path], None]) -> None:
        """Lays out what is left and holds it to what was said."""
        self.looked_at += 1
        with scratch() as folder:
            lay_out(folder)
            wrong = list(self._wrong(folder, said))
        self.cuts_that_lost += bool(wrong)
        self.losses += [f"{cut}: {each}" for each in wrong]

    def _wrong(self, folder: Path, said: list[str]) -> Iterator[str]:
        done = len(said) - 1  # the first thing said is that the vault is made
        yield from self._half_written(folder)
        place = place_in(folder, "judge", self.newest)
        if not said and not place.exists():
            yield from self._not_made(place)
            return
        try:
            vault = place.open(KEY)
        except DsadeskError as error:
            yield f"does not open: {error}"
            return
        try:
            yield from self._contents(place, vault, max(done, 0))
        except DsadeskError as error:
            yield f"cannot be read: {error}"
        finally:
            vault.close()
        yield from self._backup(folder, max(done, 0))

    def _contents(self, place: SqlcipherPlace, vault: SqlcipherVault, done: int) -> Iterator[str]:
        yield from (f"{each.code}: {each.detail}" for each in vault.check() if each.code not in HARMLESS)
        if held(place, vault) not in self.expected[done : done + 2]:
            yield "it holds something else than it was told to keep"
        wanted = objects_after(done) & objects_after(done + 1)
        yield from (f"the object {name[:8]} is gone" for name in sorted(wanted) if not vault.objects.has(name))

    def _half_written(self, folder: Path) -> Iterator[str]:
        for kind in ("objects", "quarantine"):
            for path in sorted((folder / VAULT / kind).glob("*")):
                if OBJECT.fullmatch(path.name) and hashlib.sha256(path.read_bytes()).hexdigest() != path.name:
                    yield f"{kind}/{path.name[:8]} is half written"

    def _not_made(self, place: SqlcipherPlace) -> Iterator[str]:
        try:
            place.create(header(), KEY).close()
        except DsadeskError as error:
            yield f"cannot be made again: {error}"

    def _backup(self, folder: Path, done: int) -> Iterator[str]:
        promised = [n for n in range(done) if n % len(STEPS) == BACK_UP]
        backup = folder / BACKUP
        if not backup.exists():
            if promised:
                yield "the backup is gone"
            return
        name = hashlib.sha256(backup.read_bytes()).hexdigest()
        if name not in self._backups:
            self._backups[name] = self._restored(backup)
        # The one that was promised last, or the one under way.
        last = promised[-1] if promised else -len(STEPS)
        wanted = [self.expected[n] for n in (last, last + len(STEPS), BACK_UP) if 0 <= n <= done + 1]
        if self._backups[name] not in wanted:
            yield f"the backup holds something else than it was told to keep: {self._backups[name][:80]}"

    def _restored(self, backup: Path) -> str:
        with scratch() as folder:
            try:
                restore(backup, folder / VAULT)
                place = place_in(folder, "restored", self.newest)
                vault = place.open(KEY)
            except DsadeskError as error:
                return f"does not restore: {error}"
            try:
                problems = [each.code for each in vault.check() if each.code not in HARMLESS]
                # A restored vault says that its device may have said more since; the rest is as it was.
                as_it_was = held(place, vault).replace("needs_fresh_device=True", "needs_fresh_device=False")
                return as_it_was if not problems else f"restored with {problems}"
            finally:
                vault.close()


@contextmanager
def scratch() -> Iterator[Path]:
    """A folder in memory where there is one: what is flushed there was decided on paper."""
    shared = Path("/dev/shm")  # noqa: S108 - a folder of its own is made in it
    folder = Path(tempfile.mkdtemp(prefix="dsadesk-cut-", dir=shared if os.access(shared, os.W_OK) else None))
    try:
        yield folder
    finally:
        shutil.rmtree(folder)


# ---------------------------------------------------------------- recordings


@dataclass(frozen=True)
class Recording:
    """What the disk was asked, and what the vault holds after each step."""

    operations: Sequence[Operation]
    expected: Sequence[str]

    def judged(self, count: int, seed: str) -> Judge:
        """Cuts so many times and looks at each."""
        judge = Judge(self.expected, newest=len(self.expected) // len(STEPS))
        cut_all(self.operations, cuts(self.operations, count, seed), judge.look)
        return judge


def recorded(mode: str, steps: int) -> Recording:
    """Runs the work and records it. Raises: CannotRecordError."""
    with scratch() as folder:
        work = folder / "work"
        work.mkdir()
        command = ["-m", "tests.faults.power_cut", str(work), mode, str(steps)]
        operations = record(command, work, folder / "trace")
    return Recording(operations, expectations(steps))


def without_flushes_of_objects(operations: Sequence[Operation], *, files: bool, folder: bool) -> list[Operation]:
    """The same as if nobody had flushed the objects' files, or the names in their folder."""
    folders = {each.inode for each in operations if isinstance(each, Made) and each.name == "objects"}
    objects = {each.inode for each in operations if isinstance(each, Made | Renamed) and each.folder in folders}
    dropped = (objects if files else set()) | (folders if folder else set())
    return [each for each in operations if not (isinstance(each, Flushed) and each.inode in dropped)]


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2], int(sys.argv[3]))
