"""Finds out what a salvage could not bring back: by the indexes, by numbers that leave no gap, and by what is left of a row."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from dsadesk.ports import Loss
from dsadesk.storage.database import Database
from dsadesk.storage.json_text import to_json
from dsadesk.storage.outbox import DONE
from dsadesk.storage.table_shapes import Table
from dsadesk.storage.tree_pages import RawRow
from dsadesk.storage.tree_rows import Found

DAMAGED: Final = "damaged"
ALTERED: Final = "altered"
RECORD_LOST: Final = "record-lost"
_NOT_MISSED = frozenset({"meta", "migration"})
_OBJECTS = """
SELECT object, request FROM sample
UNION SELECT o.object, i.request FROM outbox_object AS o JOIN outbox AS i ON i.n = o.item
  WHERE i.state NOT IN (SELECT value FROM json_each(?))
"""


def record_losses(tables: Sequence[Table], found: Found) -> Iterator[Loss]:
    """What is lost of the tables, as far as it can be known."""
    for table in tables:
        if not table.is_ours or table.name in _NOT_MISSED:
            continue
        named = _named(table, found)
        for request, rows in sorted(Counter(named.values()).items(), key=lambda pair: pair[0] or ""):
            yield Loss(table.name, request, rows)
        unnamed = _gaps(table, found, named)
        if unnamed:
            yield Loss(table.name, None, unnamed)
        if _may_lack_more(table.name, found) and not _is_accounted_for(table, found):
            yield Loss(table.name, None, None)


def wanted_files(database: Database) -> dict[str, dict[str, str | None]]:
    """The files that records name, by folder, each with the request that it belongs to."""
    done = to_json(sorted(DONE))
    objects = {row["object"]: row["request"] for row in database.query(_OBJECTS, (done,))}
    return {"objects": objects, "quarantine": dict.fromkeys(database.column("SELECT content FROM quarantine"))}


def _named(table: Table, found: Found) -> dict[int, str | None]:
    """The rows that an index, or what is left of them, names and that are not there, each with its request."""
    present = {row.rowid for row in found.rows[table.name]}
    named: dict[int, str | None] = {}
    if not table.has_rowid:
        return {-n: _request_of(table, row) for n, row in enumerate(found.cut[table.name], 1)}
    for index in table.indexes:
        place = next((n for n, column in enumerate(index.columns) if column.name == "request"), None)
        for entry in found.entries[index.name]:
            number = entry.values[-1] if entry.is_whole and entry.values else None
            if isinstance(number, int) and number not in present:
                request = entry.values[place] if place is not None else None
                named[number] = request if isinstance(request, str) else named.get(number)
    for row in found.cut[table.name]:
        if row.rowid not in present:
            named[row.rowid] = _request_of(table, row) or named.get(row.rowid)
    return named


def _request_of(table: Table, row: RawRow) -> str | None:
    request = table.values_of(row).get("request")
    return request if isinstance(request, str) else None


def _gaps(table: Table, found: Found, named: Iterable[int]) -> int:
    """Events are numbered without a gap, so those that nothing names are still counted."""
    if table.name != "event":
        return 0
    known = {row.rowid for row in found.rows[table.name]} | set(named)
    return max(known, default=0) - len(known)


def _may_lack_more(tree: str, found: Found) -> bool:
    """Whether a damaged page may have been one of this tree's."""
    return tree in found.torn or (tree in found.broken and bool(found.stray))


def _is_accounted_for(table: Table, found: Found) -> bool:
    """Whether every row of a damaged table is named by something that is whole: an index, or for answers their history."""
    if table.name == "answer":
        return not _may_lack_more("revision", found)
    return any(not _may_lack_more(index.name, found) for index in table.indexes)
