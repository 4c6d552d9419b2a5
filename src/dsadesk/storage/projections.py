"""What lists show, in the vault's database: narrow rows, an index that answers a whole list, and the words to search.

A list is asked for as a snapshot of ids and then row by row in windows, so its length is exact and any place is one step away.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import cast

from dsadesk.domain.ids import RequestId
from dsadesk.domain.lifecycle import Stage
from dsadesk.domain.organisation import Side
from dsadesk.ports import ListGroup, RequestRow
from dsadesk.storage.database import Database, Row
from dsadesk.storage.json_text import to_json
from dsadesk.storage.moments import from_stored, to_stored
from dsadesk.storage.words import index_text, prefix_query, search_words

# Up to so many hits are looked up and sorted; above, the list is walked in order and each row asked whether it is a hit.
FEW_HITS = 2000

# Not one upsert: that opens a statement of its own, and each makes the full text index write itself out (five times slower).
_INSERT = """
INSERT INTO request_row (request, reference, title, counterpart, side, stage, list, needs_you, updated_at, detail)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
"""
_UPDATE = """
UPDATE request_row SET request = ?, reference = ?, title = ?, counterpart = ?, side = ?, stage = ?, list = ?, needs_you = ?,
  updated_at = ?, detail = ? WHERE n = ?
"""
_ROWS = "SELECT * FROM request_row WHERE request IN (SELECT value FROM json_each(?))"
_HITS = "SELECT COUNT(*) FROM (SELECT 1 FROM request_words WHERE request_words MATCH ? LIMIT ?)"
# One string for the whole list: handing over 100,000 rows one by one takes twice as long.
_IDS = """
SELECT group_concat(request, char(10)) FROM (
  SELECT request FROM request_row WHERE {where} ORDER BY updated_at DESC, request DESC)
"""
# The plus keeps the engine from its other indexes: walking the place index in order needs no sorting.
_IN_LISTS = "+list IN (SELECT value FROM json_each(:lists))"
_ON_SIDE = "+side = :side"
_FEW = "n IN (SELECT rowid FROM request_words WHERE request_words MATCH :match)"
_MANY = "+n IN (SELECT rowid FROM request_words WHERE request_words MATCH :match)"


class SqlcipherProjections:
    """Implements `ports.Projections`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def put(self, row: RequestRow) -> None:
        """Adds or changes a row. Raises: ValueError for an id of several lines."""
        if "\n" in row.request:
            raise ValueError("a request's id is one line")
        names = (row.request, row.reference, row.title, row.counterpart)
        place = (row.side.value, row.stage.value, row.group.value, row.needs_you, to_stored(row.updated_at), row.detail)
        with self._database.together():
            known = self._database.first("SELECT * FROM request_row WHERE request = ?", (row.request,))
            if known is None:
                self._database.execute(_INSERT, (*names, *place))
                self._index(self._database.value("SELECT last_insert_rowid()"), row)
                return
            self._database.execute(_UPDATE, (*names, *place, known["n"]))
            if names != (known["request"], known["reference"], known["title"], known["counterpart"]):
                self._database.execute("DELETE FROM request_words WHERE rowid = ?", (known["n"],))
                self._index(known["n"], row)

    def _index(self, number: int, row: RequestRow) -> None:
        index_words(self._database, number, f"{row.title} {row.reference} {row.counterpart}")

    def remove(self, request: RequestId) -> None:
        """Removes a row."""
        with self._database.together():
            number = self._database.value("SELECT n FROM request_row WHERE request = ?", (request,))
            self._database.execute("DELETE FROM request_words WHERE rowid = ?", (number,))
            self._database.execute("DELETE FROM request_row WHERE n = ?", (number,))

    def get(self, request: RequestId) -> RequestRow | None:
        """One row."""
        row = self._database.first("SELECT * FROM request_row WHERE request = ?", (request,))
        return None if row is None else _from_row(row)

    def ids(
        self, *, groups: frozenset[ListGroup] | None = None, side: Side | None = None, search: str = ""
    ) -> tuple[RequestId, ...]:
        """A snapshot of the matching rows' ids, newest change first."""
        asked = search_words(search)
        if search.strip() and not asked:
            return ()
        conditions = ["TRUE"]
        parameters: dict[str, str] = {}
        if groups is not None:
            conditions.append(_IN_LISTS)
            parameters["lists"] = to_json(sorted(groups))
        if side is not None:
            conditions.append(_ON_SIDE)
            parameters["side"] = side.value
        if asked:
            parameters["match"] = prefix_query(asked)
            hits = self._database.value(_HITS, (parameters["match"], FEW_HITS))
            conditions.append(_FEW if hits < FEW_HITS else _MANY)
        joined: str | None = self._database.value(_IDS.format(where=" AND ".join(conditions)), parameters)
        return cast("tuple[RequestId, ...]", tuple(joined.split("\n"))) if joined else ()

    def rows(self, requests: Sequence[RequestId]) -> tuple[RequestRow, ...]:
        """The rows of these ids, in their order; ids without a row are left out."""
        found = {row["request"]: _from_row(row) for row in self._database.query(_ROWS, (to_json(list(requests)),))}
        return tuple(found[request] for request in requests if request in found)

    def counts(self) -> Mapping[ListGroup, int]:
        """How many rows each list has."""
        rows = self._database.query("SELECT list, COUNT(*) AS number FROM request_row GROUP BY list")
        counted = {row["list"]: row["number"] for row in rows}
        return {group: counted.get(group.value, 0) for group in ListGroup}


def _from_row(row: Row) -> RequestRow:
    return RequestRow(
        request=RequestId(row["request"]),
        reference=row["reference"],
        title=row["title"],
        counterpart=row["counterpart"],
        side=Side(row["side"]),
        stage=Stage(row["stage"]),
        group=ListGroup(row["list"]),
        needs_you=bool(row["needs_you"]),
        updated_at=from_stored(row["updated_at"]),
        detail=row["detail"],
    )


def index_words(database: Database, number: int, text: str) -> None:
    """Lets a row be found by the words of a text."""
    database.execute("INSERT INTO request_words (rowid, words) VALUES (?, ?)", (number, index_text(text)))
