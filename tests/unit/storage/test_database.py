from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from dsadesk.errors import DamagedVaultError, DsadeskError, VaultError
from dsadesk.storage.database import Database
from dsadesk.storage.engine import CASES
from dsadesk.storage.reserve import Reserve
from tests.unit.storage.examples import KEY


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    made = Database(tmp_path / "a.db", KEY, CASES, Reserve(tmp_path, 0))
    made.execute("CREATE TABLE t (a INTEGER PRIMARY KEY, b TEXT) STRICT")
    yield made
    made.close()


def count(database: Database) -> int:
    return int(database.value("SELECT COUNT(*) FROM t"))


def test_a_write_outside_a_transaction_is_committed_by_itself(database: Database, tmp_path: Path) -> None:
    database.execute("INSERT INTO t VALUES (1, 'x')")
    database.insert("t", a=2, b="y")
    database.upsert("t", ("a",), a=2, b="z")
    database.many("INSERT INTO t VALUES (?, ?)", [(3, "u"), (4, "v")])
    other = Database(tmp_path / "a.db", KEY, CASES, Reserve(tmp_path, 0))
    assert other.query("SELECT * FROM t WHERE a = 2") == [{"a": 2, "b": "z"}]
    assert count(other) == 4
    other.close()


@pytest.mark.parametrize(
    ("sql", "parameters", "code"),
    [
        ("SELECT * FROM nowhere", (), "database-statement"),
        ("INSERT INTO t VALUES (1, 'x'), (1, 'y')", (), "database-rule"),
        ("INSERT INTO t VALUES (?, 'x')", (2**70,), "value-too-big"),
        ("INSERT INTO t VALUES (1, ?)", ("\udcff",), "value-not-text"),
        ("INSERT INTO t VALUES (1, ?)", (b"bytes",), "database-rule"),
        ("INSERT INTO t VALUES (1, ?)", (object(),), "database-misused"),
        ("INSERT INTO t VALUES (1, ?)", (), "database-misused"),
    ],
)
def test_every_failure_of_the_engine_is_one_of_ours(
    database: Database, sql: str, parameters: tuple[object, ...], code: str
) -> None:
    with pytest.raises(DsadeskError) as caught:
        database.execute(sql, parameters)
    assert caught.value.code == code
    assert count(database) == 0


def test_failures_inside_sqlite_utils_are_ours_too(database: Database) -> None:
    database.insert("t", a=1, b="x")
    with pytest.raises(VaultError) as caught:
        database.insert("t", a=1, b="y")
    assert caught.value.code == "database-rule"


def test_many_rows_are_all_written_or_none(database: Database) -> None:
    with pytest.raises(VaultError):
        database.many("INSERT INTO t VALUES (?, ?)", [(1, "x"), (1, "y")])
    assert count(database) == 0


def test_something_is_done_after_the_outermost_commit_only(database: Database) -> None:
    seen: list[int] = []
    database.after_commit = lambda: seen.append(count(database))
    with database.transaction():
        with database.transaction():
            database.execute("INSERT INTO t VALUES (1, 'x')")
        assert seen == []
    assert seen == [1]
    with pytest.raises(VaultError), database.transaction():
        database.execute("INSERT INTO t VALUES (1, 'x')")
    assert seen == [1]


def test_when_the_engine_gave_the_transaction_up_nothing_of_the_rest_is_committed(database: Database) -> None:
    def give_up_and_go_on() -> None:
        with database.transaction():
            database.execute("INSERT INTO t VALUES (1, 'x')")
            with pytest.raises(VaultError):
                database.execute("INSERT OR ROLLBACK INTO t VALUES (1, 'y')")
            with pytest.raises(VaultError):
                database.execute("INSERT INTO t VALUES (2, 'z')")

    with pytest.raises(VaultError) as caught:
        give_up_and_go_on()
    assert caught.value.code == "database-rule"
    assert count(database) == 0
    database.execute("INSERT INTO t VALUES (3, 'x')")
    assert count(database) == 1


def test_closing_inside_a_transaction_undoes_it(database: Database, tmp_path: Path) -> None:
    def close_inside() -> None:
        with database.transaction():
            database.execute("INSERT INTO t VALUES (1, 'x')")
            database.close()

    with pytest.raises(VaultError) as caught:
        close_inside()
    assert caught.value.code == "vault-closed"
    again = Database(tmp_path / "a.db", KEY, CASES, Reserve(tmp_path, 0))
    assert count(again) == 0
    again.close()


def test_a_closed_database_says_so_whatever_is_asked(database: Database) -> None:
    database.close()
    database.close()
    for ask in (lambda: count(database), lambda: database.insert("t", a=1), database.fold_journal):
        with pytest.raises(VaultError) as caught:
            ask()
        assert caught.value.code == "vault-closed"


def test_what_is_whole_can_be_read_after_a_bad_page_was_met(tmp_path: Path) -> None:
    path = tmp_path / "a.db"
    database = Database(path, KEY, CASES, Reserve(tmp_path, 0))
    rows = [("x" * 900,)] * 400
    database.execute("CREATE TABLE first (a INTEGER PRIMARY KEY, b TEXT) STRICT")
    database.many("INSERT INTO first (b) VALUES (?)", rows)
    database.execute("CREATE TABLE second (a INTEGER PRIMARY KEY, b TEXT) STRICT")
    database.many("INSERT INTO second (b) VALUES (?)", rows)
    root = database.value("SELECT rootpage FROM sqlite_schema WHERE name = 'second'")
    database.close()
    damaged = bytearray(path.read_bytes())
    damaged[(root - 1) * 4096 + 100] ^= 1
    path.write_bytes(damaged)
    database = Database(path, KEY, CASES, Reserve(tmp_path, 0))
    for _ in range(2):
        with pytest.raises(DamagedVaultError) as caught:
            database.value("SELECT SUM(LENGTH(b)) FROM second")
        assert caught.value.code == "database-damaged"
        assert database.value("SELECT SUM(LENGTH(b)) FROM first") == 360_000
    database.close()


def test_a_copy_has_the_same_key_and_the_same_rows(database: Database, tmp_path: Path) -> None:
    database.execute("INSERT INTO t VALUES (1, 'x')")
    database.copy_to(tmp_path / "copy.db")
    copy = Database(tmp_path / "copy.db", KEY, CASES, Reserve(tmp_path, 0))
    assert count(copy) == 1
    copy.close()


def test_the_key_is_forgotten_when_the_database_is_closed(database: Database) -> None:
    key = database._key.reveal()
    database.close()
    assert key == bytes(32)
    assert KEY.hex() not in repr(vars(database))
