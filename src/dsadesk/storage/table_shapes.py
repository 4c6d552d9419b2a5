"""What the tables of a database look like, as the engine describes them, so that rows can be told apart without their tables' roots."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from dsadesk.storage.database import Database
from dsadesk.storage.tree_pages import RawRow, Value

_TABLES = """
SELECT l.name, l.type, l.wr, s.rootpage FROM pragma_table_list AS l JOIN sqlite_schema AS s ON s.name = l.name
WHERE l.schema = 'main' AND l.type IN ('table', 'shadow') AND s.rootpage > 0 ORDER BY s.rootpage
"""
_COLUMNS = "SELECT name, type, [notnull] AS needed, pk FROM pragma_table_info(?) ORDER BY cid"
_INDEXES = "SELECT name, [unique] AS is_unique, origin FROM pragma_index_list(?) ORDER BY seq"
_INDEX_COLUMNS = "SELECT cid, name FROM pragma_index_xinfo(?) ORDER BY seqno"
_KINDS: dict[str, tuple[type, ...]] = {"TEXT": (str,), "INTEGER": (int,), "BLOB": (bytes,), "REAL": (float, int)}
# Times are microseconds since 1970, numbers of rows are not: whatever is above this is a time.
_LEAST_TIME = 10**12


@dataclass(frozen=True)
class Column:
    """A column: its name, its declared type, and whether it always has a value."""

    name: str
    type: str
    needed: bool

    def takes(self, value: Value) -> bool:
        """Whether a value can stand in this column of a strict table."""
        if value is None:
            return not self.needed
        return self.type not in _KINDS or isinstance(value, _KINDS[self.type])


@dataclass(frozen=True)
class Index:
    """An index: the columns of its entries in order; the last one is the row's number."""

    name: str
    columns: tuple[Column, ...]


@dataclass(frozen=True)
class Table:
    """A table: its columns as they lie in a record, and its indexes."""

    name: str
    is_ours: bool
    has_rowid: bool
    columns: tuple[Column, ...]
    key: tuple[str, ...]
    numbered_by: str
    indexes: tuple[Index, ...]

    def values_of(self, row: RawRow) -> dict[str, Value]:
        """A row by column; the number of a row stands in the column that it is another name for."""
        record = dict(zip((column.name for column in self.columns), row.values, strict=False))
        if self.numbered_by in record:
            record[self.numbered_by] = row.rowid
        return record

    def fits(self, row: RawRow) -> bool:
        """Whether a row can be one of this table."""
        return _fit(self._stored(), row) and self._is_plausible(row)

    def _stored(self) -> tuple[Column, ...]:
        """The columns as they are stored: the row's number is left empty in the record."""
        return tuple(Column(c.name, "NULL", needed=False) if c.name == self.numbered_by else c for c in self.columns)

    def _is_plausible(self, row: RawRow) -> bool:
        # The two that look alike, and the indexes that look like them.
        times = [value for column, value in zip(self.columns, row.values, strict=False) if column.name == "at"]
        if any(isinstance(time, int) and time < _LEAST_TIME for time in times):
            return False
        if self.name in {"inbox_seen", "inbox_looked_at"} and len(row.values) > 1:
            return ("/" in str(row.values[1])) == (self.name == "inbox_looked_at")
        return True


def fits_index(index: Index, row: RawRow) -> bool:
    """Whether a row can be an entry of this index."""
    number = row.values[-1] if row.values and row.is_whole else 0
    return _fit(index.columns, row) and isinstance(number, int) and number < _LEAST_TIME


def _fit(columns: Sequence[Column], row: RawRow) -> bool:
    if len(row.values) > len(columns) or (row.is_whole and len(row.values) < len(columns)):
        return False
    return all(
        value is None if column.type == "NULL" else column.takes(value)
        for column, value in zip(columns, row.values, strict=False)
    )


def tables_of(database: Database) -> tuple[Table, ...]:
    """The tables of a database, those of the full text index included."""
    return tuple(
        _table(database, row["name"], is_ours=row["type"] == "table", without_rowid=bool(row["wr"]))
        for row in database.query(_TABLES)
    )


def _table(database: Database, name: str, *, is_ours: bool, without_rowid: bool) -> Table:
    described = database.query(_COLUMNS, (name,))
    key = tuple(str(row["name"]) for row in sorted(described, key=lambda row: row["pk"]) if row["pk"])
    columns = {row["name"]: Column(row["name"], row["type"].upper(), bool(row["needed"])) for row in described}
    numbered = not without_rowid and len(key) == 1 and columns[key[0]].type == "INTEGER"
    # A table without row numbers lies in the order of its key, the other columns after it.
    order = [*key, *(name for name in columns if name not in key)] if without_rowid else list(columns)
    return Table(
        name=name,
        is_ours=is_ours and not name.startswith("sqlite_"),
        has_rowid=not without_rowid,
        columns=tuple(columns[each] for each in order),
        key=key,
        numbered_by=key[0] if numbered else "",
        indexes=()
        if without_rowid
        else tuple(_index(database, columns, row["name"]) for row in database.query(_INDEXES, (name,))),
    )


def _index(database: Database, columns: dict[str, Column], name: str) -> Index:
    number = Column("rowid", "INTEGER", needed=True)
    described = database.query(_INDEX_COLUMNS, (name,))
    return Index(name, tuple(number if row["cid"] < 0 else columns[row["name"]] for row in described))
