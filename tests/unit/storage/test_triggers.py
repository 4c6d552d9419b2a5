"""Rules of the tables that hold whoever writes the SQL: each statement here goes around the program."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from dsadesk.domain.ids import BundleId
from dsadesk.errors import VaultError
from dsadesk.storage.database import Database
from dsadesk.storage.vault import SqlcipherVault
from tests.contracts.test_vault_cards import CHECK
from tests.unit.storage.examples import AT, BOX, SUPPLIER, card, event, opened, outbox_item

MIDDLE, END = "request, type, at, org, device, seq, sha256", "bundle, row_sha256, head"
FORBIDDEN = [
    "UPDATE event SET envelope = x'00'",
    "UPDATE event SET at = at",
    "DELETE FROM event",
    "DELETE FROM event WHERE n = 2",
    f"INSERT OR REPLACE INTO event SELECT 1, id, {MIDDLE}, x'00', {END} FROM event WHERE n = 1",  # noqa: S608 - constants
    f"INSERT INTO event SELECT 9, 'new', {MIDDLE}, envelope, {END} FROM event WHERE n = 1",  # noqa: S608 - constants
    "REPLACE INTO event SELECT * FROM event WHERE n = 1",
    "UPDATE card SET fingerprint = 'other'",
    "UPDATE card SET org = 'other'",
    "UPDATE card SET pin = 2",
    "UPDATE card SET first_seen_at = 0",
    "UPDATE card SET version = 0",
    "DELETE FROM card",
    "INSERT OR REPLACE INTO card SELECT org, pin, name, 'other', version, envelope, first_seen_at, updated_at, changed_to FROM card",
    "UPDATE card_check SET by = 'someone else'",
    "DELETE FROM card_check",
    "UPDATE inbox_seen SET bundle = 'other'",
    "DELETE FROM inbox_seen",
    "UPDATE outbox SET sealed = x'00'",
    "UPDATE outbox SET seq = 7",
    "UPDATE outbox SET manifest_sha256 = 'other'",
    "UPDATE outbox SET box = 'other'",
    "UPDATE outbox SET commit_name = 'c/2'",
    "UPDATE outbox SET commit_bytes = x'00'",
    "DELETE FROM outbox",
    "UPDATE meta SET value = 'other'",
    "DELETE FROM meta",
    "UPDATE migration SET name = 'other'",
    "DELETE FROM migration",
    "INSERT INTO answer VALUES ('no draft', 'q', '1')",
]


@pytest.fixture
def vault(tmp_path: Path) -> Iterator[SqlcipherVault]:
    with opened(tmp_path / "vault") as made:
        made.events.append((event(1), event(2)))
        made.cards.put(card(version=3))
        made.cards.add_check(SUPPLIER, CHECK)
        made.inbox.mark_seen(BundleId("in-1"), SUPPLIER, AT)
        made.outbox.put(outbox_item())
        made.outbox.fix_commit(outbox_item().id, BOX, "c/1", b"commit")
        yield made


def contents(database: Database) -> list[object]:
    names = ("event", "card", "card_check", "inbox_seen", "outbox", "meta", "migration", "answer")
    return [database.query(f"SELECT * FROM {name}") for name in names]  # noqa: S608 - constants


@pytest.mark.parametrize("statement", FORBIDDEN)
def test_what_was_said_or_pinned_or_sealed_cannot_be_changed_in_sql(vault: SqlcipherVault, statement: str) -> None:
    before = contents(vault._database)
    with pytest.raises(VaultError) as caught:
        vault._database.execute(statement)
    assert caught.value.code == "database-rule"
    assert contents(vault._database) == before


def test_the_program_itself_never_transforms_a_table_and_so_never_drops_a_trigger() -> None:
    source = Path(__file__).parents[3] / "src" / "dsadesk" / "storage"
    assert source.is_dir()
    assert [path.name for path in source.rglob("*.py") if ".transform(" in path.read_text(encoding="utf-8")] == []
