"""A database damaged at any place: what lies outside the damaged pages comes back, what does not is listed, and nothing else is touched."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from dsadesk.domain.ids import OrganisationId, QuestionId, RequestId
from dsadesk.domain.organisation import Side
from dsadesk.host.memory import FixedClock
from dsadesk.ports import CardCheck, ListGroup
from dsadesk.storage.database import Database
from dsadesk.storage.engine import CASES
from dsadesk.storage.page_file import PAGE_BYTES, PageFile, fitting_keys
from dsadesk.storage.reserve import Reserve
from dsadesk.storage.salvage import Salvaged, salvage
from dsadesk.storage.table_shapes import Table, tables_of
from dsadesk.storage.tree_rows import find_rows
from dsadesk.storage.vault import SqlcipherVault
from tests.faults.power_cut import scratch
from tests.faults.power_cut_disk import Dice
from tests.unit.storage.examples import (
    AT,
    BOX,
    KEY,
    SUPPLIER,
    card,
    draft,
    event,
    failed_bundle,
    keep_object,
    later,
    opened,
    outbox_item,
    row,
    sample,
)

PLACES, SHARDS = 200, 4
REQUESTS = 24
# What a lost parent takes with it; drafts are made again for what was typed into them.
TAKEN_ALONG = {"outbox_object": ("outbox", "item", "n"), "outbox_part": ("outbox", "item", "n")}
Records = dict[str, dict[tuple[object, ...], dict[str, object]]]


def request(n: int) -> RequestId:
    return row(n).request


def fill(vault: SqlcipherVault) -> None:
    """Enough of everything that each large table has pages above its pages."""
    with vault.transaction():
        for n in range(1, REQUESTS + 1):
            vault.drafts.put(draft(request(n), title=f"Draft {n}", reference=f"DSA-{n}"))
            vault.projections.put(row(n, title=f"Request {n}", side=Side.SUPPLIER, group=ListGroup.SENT))
            vault.outbox.put(outbox_item(n, request=request(n), objects=(), sealed=b"sealed %d" % n * 150))
            vault.inbox.mark_seen(f"bundle-{n}", SUPPLIER, later(n))
            vault.inbox.mark_looked_at(BOX, f"dsa1/box/n/{n:08d}", later(n))
            vault.inbox.quarantine(failed_bundle(n, at=later(n)), b"failed %d" % n)
            org = OrganisationId(f"org-{n}")
            vault.cards.put(card(org, name=f"Organisation {n}", envelope=b"card %d" % n * 60))
            vault.cards.add_check(org, CardCheck(method="phone", by="Priya", at=later(n)))
            vault.settings.write(f"setting.{n}", b"value %d" % n * 20)
            vault.samples.put(sample(keep_object(vault, b"object %d" % n), 1, request(n)))
        for n in range(1, 260):
            vault.events.append([event(n, request(n % REQUESTS + 1), envelope=b"signed %d " % n * (10 + n % 40))])
        vault.events.append([event(260, request(1), envelope=b"long " * 9000)])
        for n in range(400):
            vault.drafts.save_answer(
                request(n % REQUESTS + 1), QuestionId(f"question.{n % 7}"), f"typed {n} " * (n % 30), later(n)
            )


@dataclass(frozen=True)
class Whole:
    """The vault before it is damaged: its records, and the pages that each lies on."""

    folder: Path
    records: Records
    pages: dict[str, dict[tuple[object, ...], frozenset[int]]]
    count: int


@pytest.fixture(scope="module")
def whole() -> Iterator[Whole]:
    with scratch() as folder:
        with opened(folder / "vault") as vault:
            fill(vault)
        tables, records = read_all(folder / "vault")
        with (folder / "vault" / "cases.db").open("rb", buffering=0) as file:
            keys = fitting_keys(file, KEY, [file.read(16)])
            assert keys is not None
            pages = PageFile(file, None, keys)
            found = find_rows(pages, tables)
            lie_on = {
                table.name: {
                    key_of(table, table.values_of(raw)): frozenset(raw.pages) for raw in found.rows[table.name]
                }
                for table in tables
                if table.is_ours
            }
            # The map is right: it holds every row that the engine knows, with the same values.
            for table in tables:
                if table.is_ours:
                    ours = {key_of(table, v): v for v in map(table.values_of, found.rows[table.name])}
                    assert ours == records[table.name]
            yield Whole(folder / "vault", records, lie_on, pages.count)


def key_of(table: Table, record: dict[str, object]) -> tuple[object, ...]:
    return (record["id"],) if table.name == "event" else tuple(record[name] for name in table.key)


def read_all(folder: Path) -> tuple[tuple[Table, ...], Records]:
    """Every record of a vault, by the engine."""
    database = Database(folder / "cases.db", KEY, CASES, Reserve(folder, 0))
    tables = tables_of(database)
    records: Records = {
        table.name: {
            key_of(table, record): record
            for record in database.query(f"SELECT * FROM {table.name}")  # noqa: S608 - the tables' own names
        }
        for table in tables
        if table.is_ours
    }
    database.close()
    return tables, records


# ---------------------------------------------------------------- damage


def flip_a_bit(data: bytearray, dice: Dice) -> None:
    data[dice.below(len(data))] ^= 1 << dice.below(8)


def wipe_a_sector(data: bytearray, dice: Dice) -> None:
    start = dice.below(len(data) // 512) * 512
    data[start : start + 512] = bytes(512)


def overwrite_a_page(data: bytearray, dice: Dice) -> None:
    start = dice.below(len(data) // PAGE_BYTES) * PAGE_BYTES
    data[start : start + PAGE_BYTES] = dice.bytes(PAGE_BYTES)


def swap_two_pages(data: bytearray, dice: Dice) -> None:
    one, two = (dice.below(len(data) // PAGE_BYTES) * PAGE_BYTES for _ in range(2))
    first, second = data[one : one + PAGE_BYTES], data[two : two + PAGE_BYTES]
    data[one : one + PAGE_BYTES], data[two : two + PAGE_BYTES] = second, first


def wipe_many_pages(data: bytearray, dice: Dice) -> None:
    for _ in range(2 + dice.below(30)):
        overwrite_a_page(data, dice)


def wipe_the_first_pages(data: bytearray, dice: Dice) -> None:
    size = (1 + dice.below(12)) * PAGE_BYTES
    data[:size] = bytes(size)


def cut_short(data: bytearray, dice: Dice) -> None:
    del data[len(data) // 8 + dice.below(len(data) * 7 // 8) :]


DAMAGES: tuple[Callable[[bytearray, Dice], None], ...] = (
    flip_a_bit,
    wipe_a_sector,
    overwrite_a_page,
    swap_two_pages,
    wipe_many_pages,
    wipe_the_first_pages,
    cut_short,
)


def damaged_pages(before: bytes, after: bytes) -> set[int]:
    return {
        start // PAGE_BYTES + 1
        for start in range(0, len(before), PAGE_BYTES)
        if before[start : start + PAGE_BYTES] != after[start : start + PAGE_BYTES]
    }


def salvaged(whole: Whole, folder: Path, data: bytes) -> Salvaged:
    shutil.copytree(whole.folder, folder / "vault")
    (folder / "vault" / "cases.db").write_bytes(data)
    before = {path: path.read_bytes() for path in (folder / "vault").rglob("*") if path.is_file()}
    found = salvage(folder / "vault", KEY, folder / "new", FixedClock(AT))
    assert {path: path.read_bytes() for path in (folder / "vault").rglob("*") if path.is_file()} == before
    return found


def hold_to(whole: Whole, damaged: set[int], found: Salvaged) -> None:
    """Everything outside the damaged pages came back, and what did not is said to be lost."""
    _, back = read_all(found.folder)
    for table, records in whole.records.items():
        lost = {key for key in records if whole.pages[table][key] & damaged}
        if table in TAKEN_ALONG:
            parent, child, column = TAKEN_ALONG[table]
            numbers = {records[key][child] for key in records} - {each[column] for each in back[parent].values()}
            lost |= {key for key in records if records[key][child] in numbers}
        if table == "card_check":
            orgs = {each["org"] for each in back["card"].values()}
            lost |= {key for key in records if records[key]["org"] not in orgs}
        expected = {key: value for key, value in records.items() if key not in lost}
        compare(table, expected, back[table])
        # A draft whose record is lost is made again for its answers, and is lost nevertheless.
        really_lost = lost if table == "draft" else records.keys() - back[table].keys()
        told = [loss.rows for loss in found.losses if loss.table == table]
        if None not in told and table not in {"meta", "migration"}:
            assert sum(n or 0 for n in told) == len(really_lost), (table, told, len(really_lost))
    with opened(found.folder) as vault:
        allowed = {"object-unclaimed", "quarantine-unclaimed"}
        assert {problem.code for problem in vault.check()} <= allowed
    if found.is_whole:
        assert all(records.keys() <= back[table].keys() for table, records in whole.records.items())


def compare(table: str, expected: dict, back: dict) -> None:
    chained = {"n", "head"} if table == "event" else set()
    missing = sorted(str(key) for key in expected if key not in back)
    assert missing == [], f"{table}: {len(missing)} rows outside the damaged pages did not come back"
    if table == "migration":
        return
    for key, record in expected.items():
        assert {n: v for n, v in back[key].items() if n not in chained} == {
            n: v for n, v in record.items() if n not in chained
        }


@pytest.mark.parametrize("shard", range(SHARDS))
def test_what_lies_outside_the_damaged_pages_comes_back(whole: Whole, shard: int) -> None:
    data = (whole.folder / "cases.db").read_bytes()
    for n in range(shard, PLACES, SHARDS):
        dice = Dice(f"damage {n}")
        harmed = bytearray(data)
        DAMAGES[n % len(DAMAGES)](harmed, dice)
        with scratch() as folder:
            found = salvaged(whole, folder, bytes(harmed))
            damaged = damaged_pages(data, bytes(harmed))
            assert found.pages in (whole.count, -(-len(harmed) // PAGE_BYTES))
            hold_to(whole, damaged, found)


@pytest.mark.soak
def test_any_single_page_may_be_lost(whole: Whole) -> None:
    data = (whole.folder / "cases.db").read_bytes()
    for n in range(1, whole.count + 1):
        harmed = bytearray(data)
        harmed[(n - 1) * PAGE_BYTES : n * PAGE_BYTES] = bytes(PAGE_BYTES)
        with scratch() as folder:
            hold_to(whole, {n}, salvaged(whole, folder, bytes(harmed)))
