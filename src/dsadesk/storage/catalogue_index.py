"""The datasets that lie on this laptop, in a file of their own that can be imported again at any time.

Search has two tiers: names first, then everything that was written about a dataset. Each ranks the first 2,000 hits only, so its cost
follows that cap and not the size of the catalogue; rows lie in order of title, so a very broad search is cut alphabetically.
"""

from __future__ import annotations

import contextlib
import os
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any, Final

import msgspec

from dsadesk.domain.events import Dataset
from dsadesk.errors import DamagedVaultError, VaultError
from dsadesk.secret import Secret
from dsadesk.storage.database import Database
from dsadesk.storage.engine import APPLICATION_ID, CATALOGUE, Connection
from dsadesk.storage.files import DISK, Disk, free_name, translated
from dsadesk.storage.json_text import to_json
from dsadesk.storage.migrations import read_sql
from dsadesk.storage.reserve import Reserve
from dsadesk.storage.words import fold, index_text, prefix_query, search_words

CATALOGUE_NAME: Final = "catalogue.db"
VERSION: Final = 1

_INSERT = "INSERT INTO dataset (n, source, identifier, title_order, record) VALUES (?, ?, ?, ?, ?)"
_INSERT_NAMES = "INSERT INTO dataset_names (rowid, title, publisher) VALUES (?, ?, ?)"
_INSERT_TEXT = "INSERT INTO dataset_text (rowid, title, publisher, description, other) VALUES (?, ?, ?, ?, ?)"
_OF_SOURCE = "SELECT n FROM dataset WHERE source = ?"
_BY_NAME = """
SELECT n FROM (SELECT rowid AS n, bm25(dataset_names, 10.0, 3.0) AS score FROM dataset_names
  WHERE dataset_names MATCH ? LIMIT 2000) ORDER BY score, n LIMIT ?
"""
_BY_TEXT = """
SELECT n FROM (SELECT rowid AS n, bm25(dataset_text, 10.0, 3.0, 2.0, 1.0) AS score FROM dataset_text
  WHERE dataset_text MATCH ? LIMIT 2000) ORDER BY score, n LIMIT ?
"""
_RECORDS = "SELECT n, record FROM dataset WHERE n IN (SELECT value FROM json_each(?))"


class SqlcipherCatalogue:
    """Implements `ports.CatalogueIndex`. The file is opened when it is first needed; a damaged one is set aside and begun anew."""

    def __init__(
        self,
        folder: Path,
        key: bytes,
        reserve: Reserve,
        on_damage: Callable[[], None],
        *,
        disk: Disk = DISK,
        connection: type[Any] = Connection,
    ) -> None:
        self._disk, self._connection = disk, connection
        self._path = folder / CATALOGUE_NAME
        self._key = Secret(bytearray(key))
        self._is_closed = False
        self._reserve = reserve
        self._on_damage = on_damage
        self._opened: Database | None = None

    def replace(self, source: str, records: Iterable[Dataset]) -> int:
        """Puts a source's records in place of what it gave before, all or nothing. Raises: DiskFullError, VaultError."""
        by_identifier = {record.identifier: record for record in records}
        ordered = sorted(by_identifier.values(), key=lambda record: (fold(record.title), record.identifier))
        try:
            self._put_all(source, ordered)
        except DamagedVaultError:
            self._set_aside()
            self._put_all(source, ordered)
        return len(ordered)

    def search(self, words: str, limit: int = 50) -> tuple[Dataset, ...]:
        """Datasets that match every word by prefix, best first; all of them by title when there is no word."""
        asked = search_words(words)
        database = self._database()
        if not words.strip():
            sql = "SELECT record FROM dataset ORDER BY title_order, n LIMIT ?"
            return tuple(_dataset(record) for record in database.column(sql, (limit,)))
        if not asked:
            return ()
        match = prefix_query(asked)
        numbers: list[int] = database.column(_BY_NAME, (match, limit))
        if len(numbers) < limit:
            known = set(numbers)
            more = database.column(_BY_TEXT, (match, limit))
            numbers += [number for number in more if number not in known][: limit - len(numbers)]
        records = {row["n"]: row["record"] for row in database.query(_RECORDS, (to_json(numbers),))}
        return tuple(_dataset(records[number]) for number in numbers)

    def get(self, identifier: str) -> Dataset | None:
        """One dataset, from the source that came last."""
        sql = "SELECT record FROM dataset WHERE identifier = ? ORDER BY n DESC LIMIT 1"
        record = self._database().value(sql, (identifier,))
        return None if record is None else _dataset(record)

    def count(self) -> int:
        """How many datasets there are."""
        return int(self._database().value("SELECT COUNT(*) FROM dataset"))

    def damage(self) -> str:
        """What an integrity check finds, in the engine's words; "" when the file is sound or absent."""
        if not self._path.exists():
            return ""
        try:
            database = self._database()
            database.fold_journal()
            found = database.column("PRAGMA cipher_integrity_check") + database.column("PRAGMA integrity_check(10)")
        except DamagedVaultError as error:
            return error.code
        return "; ".join(str(line) for line in found if line != "ok")

    def close(self) -> None:
        """Closes the file for good. Closing twice is fine."""
        self._drop()
        self._is_closed = True
        self._key.wipe()

    def _drop(self) -> None:
        if self._opened is not None:
            self._opened.close()
            self._opened = None

    def _database(self) -> Database:
        if self._is_closed:
            raise VaultError("vault-closed")
        if self._opened is None:
            try:
                self._opened = self._open()
            except DamagedVaultError:
                self._set_aside()
                self._opened = self._open()
        return self._opened

    def _open(self) -> Database:
        with translated():
            os.close(self._disk.create_or_open(self._path))
        key = bytes(self._key.reveal())
        database = Database(self._path, key, CATALOGUE, self._reserve, connection=self._connection)
        try:
            _prepare(database)
        except BaseException:
            database.close()
            raise
        return database

    def _set_aside(self) -> None:
        self._drop()
        with translated():
            self._disk.replace(self._path, free_name(self._path.with_name("catalogue-set-aside.db")))
        for ending in ("-wal", "-shm"):
            with contextlib.suppress(OSError):
                self._disk.remove(self._path.with_name(self._path.name + ending))
        self._on_damage()

    def _put_all(self, source: str, ordered: Sequence[Dataset]) -> None:
        database = self._database()
        with database.transaction():
            self._remove(database, source)
            start = (database.value("SELECT MAX(n) FROM dataset") or 0) + 1
            numbered = list(enumerate(ordered, start))
            database.many(_INSERT, ((n, source, r.identifier, fold(r.title), to_json(r)) for n, r in numbered))
            database.many(_INSERT_NAMES, ((n, index_text(r.title), index_text(r.publisher)) for n, r in numbered))
            database.many(_INSERT_TEXT, ((n, *_text(r)) for n, r in numbered))

    def _remove(self, database: Database, source: str) -> None:
        if database.value("SELECT 1 FROM dataset WHERE source <> ? LIMIT 1", (source,)) is None:
            for table in ("dataset_names", "dataset_text"):
                database.execute(f"INSERT INTO {table} ({table}) VALUES ('delete-all')")  # noqa: S608 - constants
        else:
            for table in ("dataset_names", "dataset_text"):
                database.execute(f"DELETE FROM {table} WHERE rowid IN ({_OF_SOURCE})", (source,))  # noqa: S608 - constants
        database.execute("DELETE FROM dataset WHERE source = ?", (source,))


def _prepare(database: Database) -> None:
    version = database.value("PRAGMA user_version")
    if version == 0:
        with database.transaction():
            database.script(read_sql("catalogue"))
            database.execute(f"PRAGMA user_version = {VERSION:d}")
            database.execute(f"PRAGMA application_id = {APPLICATION_ID:d}")
    elif version != VERSION:
        raise DamagedVaultError("catalogue-version", version=version)


def _text(record: Dataset) -> tuple[str, ...]:
    other = f"{record.identifier} {record.licence} {record.access_rights} {record.contact_name}"
    return tuple(map(index_text, (record.title, record.publisher, record.description, other)))


def _dataset(record: str) -> Dataset:
    return msgspec.json.decode(record, type=Dataset)
