"""The i-th call of the database, or of the disk, fails: for every i until none does.

After each failure the vault holds what it held before, or, where nothing was said to have failed, what it should hold now; doing it again
gives the same end as if nothing had happened; and so does closing it, which never fails, and opening it anew.
"""

from __future__ import annotations

import errno
import shutil
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from dsadesk.domain.ids import QuestionId
from dsadesk.errors import DsadeskError
from dsadesk.host.memory import FixedClock, SeededEntropy
from dsadesk.ports import ListGroup, OutboxObject
from dsadesk.storage.backup import restore
from dsadesk.storage.files import DISK, Disk
from dsadesk.storage.migrations import STEPS, Step
from dsadesk.storage.vault import SqlcipherPlace, SqlcipherVault
from tests.faults.power_cut import HARMLESS, held, object_content, object_name, scratch
from tests.unit.storage.examples import (
    AT,
    KEY,
    REQUEST,
    card,
    dataset,
    draft,
    event,
    failed_bundle,
    header,
    keep_object,
    later,
    outbox_item,
    row,
    sample,
)
from tests.unit.storage.failing import FailingDisk, Plan, failing_connection

TITLE = QuestionId("title")
NEXT = Step(2, "0002_colour", "CREATE TABLE colour (name TEXT) STRICT; INSERT INTO colour VALUES ('blue');")
MOST_CALLS = 400


@dataclass
class Bench:
    """A vault in a folder whose database or disk fails as planned."""

    folder: Path
    plan: Plan
    connection: type[Any] | None = None
    disk: Disk = DISK

    def place(self, *, failing: bool = True, steps: Sequence[Step] = STEPS) -> SqlcipherPlace:
        options: dict[str, Any] = {"connection": self.connection} if failing and self.connection else {}
        options |= {"disk": self.disk} if failing else {}
        clock = FixedClock(later(len(list(self.folder.glob("*")))))
        seed = SeededEntropy(f"{self.folder}{self.plan.at}{failing}")
        return SqlcipherPlace(self.folder / "vault", clock, seed, reserve_bytes=4096, steps=steps, **options)


# ---------------------------------------------------------------- what is done to a vault


def save_answer(vault: SqlcipherVault, bench: Bench) -> None:
    vault.drafts.save_answer(REQUEST, TITLE, "typed", later(9))


def append(vault: SqlcipherVault, bench: Bench) -> None:
    vault.events.append((event(1), event(8), event(9)))


def seal(vault: SqlcipherVault, bench: Bench) -> None:
    objects = (OutboxObject(n=0, object=object_name(1), header=b"h", payload_size=1),)
    with vault.transaction():
        vault.events.append((event(9),))
        vault.outbox.put(outbox_item(9, objects=objects))
        vault.samples.remove(REQUEST, 1)
        vault.drafts.discard(REQUEST)
        vault.settings.write("counter", b"9")
        vault.projections.put(row(1, title="Sealed", group=ListGroup.SENT))


def take_in(vault: SqlcipherVault, bench: Bench) -> None:
    vault.inbox.quarantine(failed_bundle(9), b"failed" * 3000)


def keep_sample(vault: SqlcipherVault, bench: Bench) -> None:
    vault.samples.put(sample(keep_object(vault, object_content(9)), 9))


def pin_card(vault: SqlcipherVault, bench: Bench) -> None:
    vault.cards.replace_key(card(fingerprint="fingerprint-9"))


def import_catalogue(vault: SqlcipherVault, bench: Bench) -> None:
    vault.catalogue.replace("source", [dataset(n, f"Flood {n}") for n in range(5, 12)])


def look_over(vault: SqlcipherVault, bench: Bench) -> None:
    codes = {each.code for each in vault.check()}
    assert codes <= HARMLESS | {"database-damaged", "catalogue-damaged"}


def back_up(vault: SqlcipherVault, bench: Bench) -> None:
    vault.backup(bench.folder / "backup")


def accept_history(vault: SqlcipherVault, bench: Bench) -> None:
    vault.accept_history()


def change_ways_in(vault: SqlcipherVault, bench: Bench) -> None:
    bench.place().write_header(header(backend="another"))


DATABASE_ACTS = (
    save_answer,
    append,
    seal,
    take_in,
    keep_sample,
    pin_card,
    import_catalogue,
    look_over,
    back_up,
    accept_history,
)
DISK_ACTS = (append, take_in, keep_sample, import_catalogue, back_up, accept_history, change_ways_in)
Act = Callable[[SqlcipherVault, Bench], None]
LEAST_CALLS: dict[Act, int] = {take_in: 1, back_up: 1, keep_sample: 1, import_catalogue: 1, accept_history: 2}


def everything(place: SqlcipherPlace, vault: SqlcipherVault) -> str:
    objects = [vault.objects.has(object_name(n)) for n in (1,)]
    return held(place, vault) + repr([objects, vault.catalogue.count(), vault.catalogue.search("flood")])


def backup_holds(bench: Bench) -> str | None:
    """What the backup restores to, None when there is none."""
    if not (bench.folder / "backup").exists():
        return None
    with scratch() as folder:
        restore(bench.folder / "backup", folder / "vault")
        place = SqlcipherPlace(folder / "vault", FixedClock(AT), SeededEntropy(), reserve_bytes=0)
        vault = place.open(KEY)
        try:
            # A restored vault says that its device may have said more since; the rest is as it was.
            assert place.header().needs_fresh_device
            return held(place, vault).replace("needs_fresh_device=True", "needs_fresh_device=False")
        finally:
            vault.close()


@pytest.fixture(scope="module")
def prepared() -> Iterator[Path]:
    """A vault with something of everything in it, closed."""
    with scratch() as folder:
        place = Bench(folder, Plan()).place()
        vault = place.create(header(), KEY)
        vault.drafts.put(draft())
        vault.drafts.save_answer(REQUEST, TITLE, "before", AT)
        vault.events.append((event(1), event(2)))
        vault.samples.put(sample(keep_object(vault, object_content(1))))
        vault.projections.put(row(1))
        vault.cards.put(card())
        vault.inbox.quarantine(failed_bundle(), b"content")
        vault.catalogue.replace("source", [dataset()])
        vault.backup(folder / "backup")
        vault.close()
        yield folder


def sweep(prepared: Path, act: Act, bench_of: Callable[[Path, Plan], Bench], *, for_good: bool) -> int:
    """Lets every call fail in turn. Returns how many calls there are."""
    before, after = ends(prepared, act)
    for at in range(1, MOST_CALLS):
        with scratch() as folder:
            shutil.copytree(prepared, folder, dirs_exist_ok=True)
            bench = bench_of(folder, Plan())
            fell = fail_once(bench, act, at, before, after, for_good=for_good)
            if not bench.plan.failures:
                assert not fell
                return at - 1
            end_of(bench, act, after)
    raise AssertionError("it never ends")


@cache
def ends(prepared: Path, act: Act) -> tuple[str, str]:
    """What the vault holds before and after, when nothing fails."""
    with scratch() as folder:
        shutil.copytree(prepared, folder, dirs_exist_ok=True)
        bench = Bench(folder, Plan())
        place = bench.place()
        vault = place.open(KEY)
        before = everything(place, vault)
        act(vault, bench)
        after = everything(place, vault)
        vault.close()
        return before, after


def fail_once(bench: Bench, act: Act, at: int, before: str, after: str, *, for_good: bool) -> bool:
    """Does it once with a failure, looks, and tries again on the vault that is still open."""
    place = bench.place()
    vault = place.open(KEY)
    bench.plan.arm(at, for_good=for_good)
    fell = False
    try:
        act(vault, bench)
    except DsadeskError:
        fell = True
    if for_good:
        vault.close()
        return fell
    bench.plan.disarm()
    # A folder that could not be flushed after a rename holds the new file already: nobody was told that it is kept.
    allowed = {before, after} if fell and act in (change_ways_in, keep_sample, take_in) else {before if fell else after}
    assert everything(place, vault) in allowed
    if fell:
        act(vault, bench)
        assert everything(place, vault) == after
    vault.close()
    return fell


def end_of(bench: Bench, act: Act, after: str) -> None:
    """Opens the vault anew, on a machine where nothing fails, and does it if it was not done."""
    place = bench.place(failing=False)
    vault = place.open(KEY)
    # A backup that was cut off may leave its unfinished files; the next one clears them away.
    if everything(place, vault) != after or act is back_up:
        act(vault, Bench(bench.folder, Plan()))
    assert everything(place, vault) == after
    assert {each.code for each in vault.check()} <= HARMLESS
    vault.close()
    if act is back_up:
        assert backup_holds(bench) in after
    assert sorted(path.name for path in bench.folder.iterdir()) == ["backup", "vault"]
    left = {path.name for path in (bench.folder / "vault").iterdir()}
    left = {name for name in left if not name.startswith("anchor-set-aside")}
    assert left == {"anchor.json", "cases.db", "catalogue.db", "lock", "objects", "quarantine", "reserve", "vault.json"}


ONCE_AND_FOR_GOOD = (
    pytest.param("error", False, id="once"),
    pytest.param("full", True, id="full-for-good"),
    pytest.param("error", True, id="for-good", marks=pytest.mark.soak),
    pytest.param("full", False, id="full-once", marks=pytest.mark.soak),
)


@pytest.mark.parametrize(("failure", "for_good"), ONCE_AND_FOR_GOOD)
@pytest.mark.parametrize("act", DATABASE_ACTS, ids=lambda act: act.__name__)
def test_any_call_of_the_database_may_fail(prepared: Path, act: Act, failure: str, *, for_good: bool) -> None:
    def bench_of(folder: Path, plan: Plan) -> Bench:
        return Bench(folder, plan, failing_connection(plan, full=failure == "full"))

    assert sweep(prepared, act, bench_of, for_good=for_good) >= LEAST_CALLS.get(act, 3)


@pytest.mark.parametrize(("failure", "for_good"), ONCE_AND_FOR_GOOD)
@pytest.mark.parametrize("act", DISK_ACTS, ids=lambda act: act.__name__)
def test_any_call_of_the_disk_may_fail(prepared: Path, act: Act, failure: str, *, for_good: bool) -> None:
    def bench_of(folder: Path, plan: Plan) -> Bench:
        return Bench(folder, plan, disk=FailingDisk(plan, errno.ENOSPC if failure == "full" else errno.EIO))

    assert sweep(prepared, act, bench_of, for_good=for_good) >= LEAST_CALLS.get(act, 3)


# ---------------------------------------------------------------- a vault's place: making, opening, bringing up, restoring, setting aside


def make(place: SqlcipherPlace, bench: Bench) -> None:
    if place.exists():
        place.open(KEY).close()
    else:
        place.create(header(), KEY).close()


def open_it(place: SqlcipherPlace, bench: Bench) -> None:
    place.open(KEY).close()


def write_header(place: SqlcipherPlace, bench: Bench) -> None:
    place.write_header(header(backend="given back"))


def restore_it(place: SqlcipherPlace, bench: Bench) -> None:
    if not (bench.folder / "restored").exists():
        restore(bench.folder / "backup", bench.folder / "restored", bench.disk)


def put_aside(place: SqlcipherPlace, bench: Bench) -> None:
    place.set_aside("old")


PlaceAct = Callable[[SqlcipherPlace, Bench], None]
# What is done, in what folder it leaves a vault, and whether there was one.
PLACE_ACTS: dict[PlaceAct, tuple[str, bool]] = {
    make: ("vault", False),
    open_it: ("vault", True),
    write_header: ("vault", True),
    restore_it: ("restored", True),
    put_aside: ("vault-old", True),
}


def place_sweep(
    prepared: Path,
    act: PlaceAct,
    bench_of: Callable[[Path, Plan], Bench],
    *,
    for_good: bool,
    steps: Sequence[Step] = STEPS,
) -> int:
    """Lets every call fail in turn; afterwards the act succeeds, and what it leaves is whole. Returns how many calls there are."""
    name, needs_vault = PLACE_ACTS[act]
    for at in range(1, MOST_CALLS):
        with scratch() as folder:
            if needs_vault:
                shutil.copytree(prepared, folder, dirs_exist_ok=True)
            bench = bench_of(folder, Plan())
            place = bench.place(steps=steps)
            bench.plan.arm(at, for_good=for_good)
            fell = False
            try:
                act(place, bench)
            except DsadeskError:
                fell = True
            bench.plan.disarm()
            failures = bench.plan.failures
            if fell and (act is not put_aside or not (folder / name).exists()):
                act(bench.place(steps=steps), bench)
            assert_whole(folder, name, needs_vault=needs_vault, steps=steps)
            if not failures:
                return at - 1
    raise AssertionError("it never ends")


def assert_whole(folder: Path, name: str, *, needs_vault: bool, steps: Sequence[Step]) -> None:
    place = SqlcipherPlace(folder / name, FixedClock(later(9)), SeededEntropy("whole"), reserve_bytes=0, steps=steps)
    vault = place.open(KEY)
    assert vault._database.value("PRAGMA user_version") == len(steps)
    assert vault.events.count() == (2 if needs_vault else 0)
    assert {each.code for each in vault.check()} <= HARMLESS
    vault.close()
    assert [path.name for path in folder.iterdir() if path.name.endswith(".restoring")] == []


@pytest.mark.parametrize(("failure", "for_good"), ONCE_AND_FOR_GOOD)
@pytest.mark.parametrize("act", PLACE_ACTS, ids=lambda act: act.__name__)
def test_any_call_of_the_disk_may_fail_around_a_vault(
    prepared: Path, act: PlaceAct, failure: str, *, for_good: bool
) -> None:
    def bench_of(folder: Path, plan: Plan) -> Bench:
        return Bench(folder, plan, disk=FailingDisk(plan, errno.ENOSPC if failure == "full" else errno.EIO))

    assert place_sweep(prepared, act, bench_of, for_good=for_good) >= 3


@pytest.mark.parametrize(
    ("act", "failure", "for_good"),
    [
        pytest.param(make, "error", False, id="make-once"),
        pytest.param(make, "full", True, id="make-full-for-good", marks=pytest.mark.soak),
        pytest.param(open_it, "error", False, id="open-once"),
        pytest.param(open_it, "full", True, id="open-full-for-good"),
    ],
)
def test_any_call_of_the_database_may_fail_while_a_vault_is_made_or_opened(
    prepared: Path, act: PlaceAct, failure: str, *, for_good: bool
) -> None:
    def bench_of(folder: Path, plan: Plan) -> Bench:
        return Bench(folder, plan, failing_connection(plan, full=failure == "full"))

    assert place_sweep(prepared, act, bench_of, for_good=for_good) >= 20


@pytest.mark.parametrize(("failure", "for_good"), ONCE_AND_FOR_GOOD)
@pytest.mark.parametrize("of_disk", [False, True], ids=["database", "disk"])
def test_any_call_may_fail_while_the_tables_are_brought_up(
    prepared: Path, failure: str, *, of_disk: bool, for_good: bool
) -> None:
    def bench_of(folder: Path, plan: Plan) -> Bench:
        if of_disk:
            return Bench(folder, plan, disk=FailingDisk(plan, errno.ENOSPC if failure == "full" else errno.EIO))
        return Bench(folder, plan, failing_connection(plan, full=failure == "full"))

    assert place_sweep(prepared, open_it, bench_of, for_good=for_good, steps=(*STEPS, NEXT)) >= 8
