from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from dsadesk.errors import WrongKeyError
from dsadesk.storage.engine import CASES, CATALOGUE, connect, pragmas, tables
from tests.unit.storage.examples import KEY

EXPECTED = {
    "journal_mode": "wal",
    "synchronous": 2,
    "foreign_keys": 1,
    "recursive_triggers": 1,
    "temp_store": 2,
    "busy_timeout": 5000,
    "cache_size": -32_000,
    "wal_autocheckpoint": 1000,
    "journal_size_limit": 16 * 1024 * 1024,
    "trusted_schema": 0,
    "cell_size_check": 1,
    "cipher_page_size": "4096",
}


def run(code: str) -> None:
    subprocess.run([sys.executable, "-W", "error", "-c", code], check=True)


def test_a_file_is_opened_with_the_pragmas_that_are_written_down(tmp_path: Path) -> None:
    connection = connect(tmp_path / "a.db", KEY, CASES)
    found = {name: connection.execute(f"PRAGMA {name}").fetchone()[0] for name in EXPECTED}
    connection.close()
    assert found == EXPECTED


def test_the_catalogue_has_larger_pages_and_a_cheaper_flush(tmp_path: Path) -> None:
    connection = connect(tmp_path / "a.db", KEY, CATALOGUE)
    found = [connection.execute(f"PRAGMA {name}").fetchone()[0] for name in ("cipher_page_size", "synchronous")]
    connection.close()
    assert found == ["16384", 1]
    assert len(pragmas(CASES)) == len(pragmas(CATALOGUE))


@pytest.mark.parametrize("size", [0, 16, 31, 33, 48])
def test_a_key_of_another_length_never_becomes_a_passphrase(tmp_path: Path, size: int) -> None:
    with pytest.raises(WrongKeyError) as caught:
        connect(tmp_path / "a.db", bytes(size), CASES)
    assert caught.value.code == "key-length"
    assert list(tmp_path.iterdir()) == []


def test_what_is_written_does_not_lie_in_clear_in_any_file(tmp_path: Path) -> None:
    connection = connect(tmp_path / "a.db", KEY, CASES)
    connection.execute("CREATE TABLE t (a TEXT) STRICT")
    connection.execute("INSERT INTO t VALUES ('needle in the clear')")
    everything = b"".join(path.read_bytes() for path in tmp_path.iterdir())
    connection.close()
    everything += (tmp_path / "a.db").read_bytes()
    assert b"needle" not in everything
    assert b"SQLite format 3" not in everything


def test_the_key_is_not_in_the_text_of_any_statement(tmp_path: Path) -> None:
    connection = connect(tmp_path / "a.db", KEY, CASES)
    statements: list[str] = []
    connection.set_trace_callback(statements.append)
    connection.execute("PRAGMA user_version")
    connection.close()
    assert all(KEY.hex() not in statement for statement in (*statements, *pragmas(CASES)))


def test_sqlite_utils_runs_on_our_driver(tmp_path: Path) -> None:
    connection = connect(tmp_path / "a.db", KEY, CASES)
    database = tables(connection)
    connection.execute("CREATE TABLE t (id INTEGER PRIMARY KEY, name TEXT) STRICT")
    database.table("t").upsert({"id": 1, "name": "a"}, pk="id")
    database.table("t").upsert({"id": 1, "name": "b"}, pk="id")
    assert list(database.query("INSERT INTO t VALUES (2, 'c') RETURNING name")) == [{"name": "c"}]
    assert connection.execute("SELECT name FROM t").fetchall() == [("b",), ("c",)]
    connection.close()


def test_importing_sqlite_utils_loads_neither_numpy_nor_pandas_and_leaves_them_importable() -> None:
    run(
        "import sys; from dsadesk.storage.engine import utilities; utilities()\n"
        "import sqlcipher3\n"
        "assert sys.modules['pysqlite3'] is sqlcipher3\n"
        "assert 'numpy' not in sys.modules and 'pandas' not in sys.modules"
    )


def test_importing_the_vault_does_not_import_sqlite_utils() -> None:
    run("import sys, dsadesk.storage.vault; assert 'sqlite_utils' not in sys.modules")


def test_sqlite_utils_over_another_driver_is_noticed() -> None:
    run(
        "import sqlite_utils\n"
        "from dsadesk.storage import engine\n"
        "try:\n    engine.utilities()\n"
        "except RuntimeError:\n    pass\n"
        "else:\n    raise SystemExit(1)"
    )
