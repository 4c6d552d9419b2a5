"""One keyed connection: statements, nested transactions, and the place where the engine's errors become ours."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from dsadesk.errors import DamagedVaultError, DiskFullError, VaultError
from dsadesk.secret import Secret
from dsadesk.storage.engine import ENGINE_ERRORS, Connection, Tuning, connect, tables
from dsadesk.storage.faults import CANNOT_OPEN, IO_ERROR, READ_ONLY, engine_fault, result_code
from dsadesk.storage.reserve import Reserve

Row = dict[str, Any]
Parameters = Sequence[Any] | Mapping[str, Any]
# What SQLite says instead of "full" when the disk has no room for its journal or shared memory file.
_PERHAPS_FULL = frozenset({IO_ERROR, CANNOT_OPEN, READ_ONLY})


def _nothing() -> None:
    return None


class Database:
    """An open file of the vault.

    Outside `transaction` every write commits by itself. Inside, changes happen together: a nested block that fails undoes itself alone,
    and when the engine had to give up the whole transaction, every later statement of it is refused with the same fault, so that
    nothing is committed by halves.
    """

    def __init__(
        self,
        path: Path,
        key: bytes,
        tuning: Tuning,
        reserve: Reserve,
        *,
        salt: bytes = b"",
        connection: type[Any] = Connection,
    ) -> None:
        """Opens the file; `salt` is for one that is made, `connection` for tests.

        Raises: WrongKeyError("key-length"), DamagedVaultError, DiskFullError, VaultError.
        """
        self.path = path
        self.after_commit: Callable[[], None] = _nothing
        self._key = Secret(bytearray(key))
        self._tuning = tuning
        self._salt = salt
        self._connection_class = connection
        self._reserve = reserve
        self._depth = 0
        self._doom: VaultError | None = None
        self._poisoned = False
        self._connection: Any = None
        self._tables: Any = None
        try:
            self._connect()
        except BaseException:
            self._key.wipe()
            raise

    # ------------------------------------------------------------ statements

    def execute(self, sql: str, parameters: Parameters = ()) -> int:
        """Runs a statement and says how many rows it changed."""
        with self._mapped():
            return int(self._connection.execute(sql, parameters).rowcount)

    def many(self, sql: str, rows: Iterable[Parameters]) -> None:
        """Runs a statement once for each row, all or none of them."""
        with self.transaction(), self._mapped():
            self._connection.executemany(sql, rows)

    def query(self, sql: str, parameters: Parameters = ()) -> list[Row]:
        """The rows that a statement gives."""
        with self._mapped():
            cursor = self._connection.execute(sql, parameters)
            names = [column[0] for column in cursor.description or ()]
            return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]

    def first(self, sql: str, parameters: Parameters = ()) -> Row | None:
        """The first row, or None."""
        rows = self.query(sql, parameters)
        return rows[0] if rows else None

    def value(self, sql: str, parameters: Parameters = ()) -> Any:
        """The first column of the first row, or None."""
        with self._mapped():
            row = self._connection.execute(sql, parameters).fetchone()
            return None if row is None else row[0]

    def column(self, sql: str, parameters: Parameters = ()) -> list[Any]:
        """The first column of every row."""
        with self._mapped():
            return [value for (value,) in self._connection.execute(sql, parameters).fetchall()]

    def insert(self, table: str, **record: Any) -> None:
        """Adds one row."""
        with self._mapped():
            self._utilities().table(table).insert(record)

    def upsert(self, table: str, key: tuple[str, ...], **record: Any) -> None:
        """Adds one row, or changes the row of this key.

        Not by sqlite_utils: it asks the engine first whether it knows the statement, takes a disk that is full for a no, and then drops
        the row without a word.
        """
        columns, values = ", ".join(record), ", ".join(f":{name}" for name in record)
        changes = ", ".join(f"{name} = excluded.{name}" for name in record if name not in key)
        conflict = f"ON CONFLICT ({', '.join(key)}) DO UPDATE SET {changes}"
        self.execute(f"INSERT INTO {table} ({columns}) VALUES ({values}) {conflict}", record)  # noqa: S608 - names are ours

    def script(self, sql: str) -> None:
        """Runs several statements inside the transaction that is open."""
        with self._mapped():
            self._utilities().executescript(sql)

    # ------------------------------------------------------------ transactions

    @property
    def in_transaction(self) -> bool:
        """Whether a transaction is open."""
        return self._depth > 0

    @contextlib.contextmanager
    def transaction(self) -> Iterator[None]:
        """All changes inside happen together and are on disk at the end, or not at all."""
        level = self._depth
        self._run("BEGIN IMMEDIATE" if level == 0 else f"SAVEPOINT level_{level}")
        self._depth += 1
        try:
            yield
            self._run("COMMIT" if level == 0 else f"RELEASE level_{level}")
        except BaseException:
            self._undo(level)
            raise
        finally:
            self._depth = level
            if level == 0:
                self._doom = None
        if level == 0:
            self.after_commit()

    def together(self) -> contextlib.AbstractContextManager[None]:
        """A transaction when none is open, and nothing of its own when one is.

        For changes that cannot be refused half-way: a nested block costs a savepoint, and each savepoint makes the full text index
        write itself out.
        """
        return contextlib.nullcontext() if self._depth else self.transaction()

    def _run(self, statement: str) -> None:
        with self._mapped():
            self._connection.execute(statement)

    def _undo(self, level: int) -> None:
        if self._connection is None or not self._connection.in_transaction:
            return
        try:
            if level == 0:
                self._connection.execute("ROLLBACK")
            else:
                self._connection.execute(f"ROLLBACK TO level_{level}")
                self._connection.execute(f"RELEASE level_{level}")
        except ENGINE_ERRORS as error:
            # Whatever cannot be undone now is undone by closing: nothing of it was committed.
            self._poisoned = True
            self._doom = engine_fault(error)

    # ------------------------------------------------------------ the file

    def copy_to(self, target: Path) -> None:
        """Writes a consistent copy under the same key. It is not flushed to the disk yet. Raises: VaultError and its kinds."""
        self._ready()
        try:
            self._connection.execute("VACUUM INTO ?", (str(target),))
        except ENGINE_ERRORS as error:
            raise engine_fault(error) from error

    def fold_journal(self) -> None:
        """Brings every committed change from the journal into the file itself."""
        self._run("PRAGMA wal_checkpoint(TRUNCATE)")

    def close(self) -> None:
        """Closes the file and forgets the key; an open transaction is undone. Closing twice is fine."""
        if self._connection is None:
            return
        with contextlib.suppress(*ENGINE_ERRORS):
            self._undo(0)
            self._connection.execute("PRAGMA optimize")
            self._connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        self._disconnect()
        self._key.wipe()

    def _connect(self) -> None:
        try:
            self._connection = connect(
                self.path, self._key.reveal(), self._tuning, salt=self._salt, connection=self._connection_class
            )
        except ENGINE_ERRORS as error:
            raise self._fault(error) from error
        self._poisoned = False

    def _disconnect(self) -> None:
        with contextlib.suppress(*ENGINE_ERRORS):
            self._connection.close()
        self._connection = self._tables = None

    def _utilities(self) -> Any:
        if self._tables is None:
            self._tables = tables(self._connection)
        return self._tables

    def _ready(self) -> None:
        if self._connection is None:
            raise VaultError("vault-closed")
        if self._doom is not None:
            raise type(self._doom)(self._doom.code)
        if self._poisoned and self._depth == 0:
            # SQLCipher gives nothing sensible after the first bad page; a fresh connection still reads every good one.
            self._disconnect()
            self._connect()

    @contextlib.contextmanager
    def _mapped(self) -> Iterator[None]:
        self._ready()
        try:
            yield
        except ENGINE_ERRORS as error:
            raise self._fault(error) from error

    def _fault(self, error: Exception) -> VaultError:
        fault = engine_fault(error)
        if result_code(error) in _PERHAPS_FULL and self._reserve.disk_is_full():
            fault = DiskFullError("disk-full")
        if isinstance(fault, DiskFullError):
            self._reserve.release()
        if isinstance(fault, DamagedVaultError):
            self._poisoned = True
        if self._depth and not self._connection.in_transaction:
            self._doom = fault
        return fault
