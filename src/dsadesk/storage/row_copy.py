"""Puts the rows that were found into the tables of a new database, parents before children, each once."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence

from dsadesk.domain.ids import EventId
from dsadesk.domain.marking import Marking
from dsadesk.ports import Loss, StoredEvent
from dsadesk.storage.chain import row_digest
from dsadesk.storage.database import Database
from dsadesk.storage.event_store import SqlcipherEvents, stored_event
from dsadesk.storage.losses import ALTERED, RECORD_LOST
from dsadesk.storage.projections import index_words
from dsadesk.storage.table_shapes import Table
from dsadesk.storage.tree_pages import Value
from dsadesk.storage.tree_rows import Found

_PARENTS = "SELECT id, [table] AS parent, [from] AS child FROM pragma_foreign_key_list(?) ORDER BY id, seq"
# What a new database has already.
_MADE = frozenset({"migration"})
_EVENTS_AT_ONCE = 500

Record = dict[str, Value]
Key = tuple[Value, ...]


class RowCopy:
    """Copies rows. Afterwards `kept` and `mended` count them by table, and `losses` names those that could not be kept."""

    def __init__(self, database: Database, tables: Sequence[Table], found: Found) -> None:
        self._database = database
        self._tables = {table.name: table for table in tables if table.is_ours and table.name not in _MADE}
        self._found = found
        self._parents = {name: _parents_of(database, name) for name in self._tables}
        self._keys: dict[str, set[Key]] = defaultdict(set)
        self.kept: Counter[str] = Counter()
        self.mended: Counter[str] = Counter()
        self._lost: Counter[tuple[str, str | None, str]] = Counter()

    @property
    def losses(self) -> tuple[Loss, ...]:
        """The rows that were found and could not be kept."""
        return tuple(Loss(table, request, rows, why) for (table, request, why), rows in self._lost.items())

    def run(self) -> None:
        """Copies everything in one transaction. Raises: DiskFullError, VaultError."""
        with self._database.transaction():
            for table in self._tables.values():
                if table.name == "event":
                    self._events(table)
                    continue
                for record in self._records(table):
                    self._put(table, record)
                if table.name == "answer":
                    self._answers_from_their_history(table)

    def _records(self, table: Table) -> Iterator[Record]:
        for row in self._found.rows[table.name]:
            record = table.values_of(row)
            if (table.name, record.get("key")) != ("meta", "vault_id"):
                yield record

    def _put(self, table: Table, record: Record) -> bool:
        """Puts a row in, unless it is there or the record that it belongs to is lost."""
        key = tuple(record.get(name) for name in table.key)
        if key in self._keys[table.name]:
            return False
        if not self._has_parents(table, record):
            self._lost[table.name, _request(record), RECORD_LOST] += 1
            return False
        columns = ", ".join(f"[{name}]" for name in record)
        values = ", ".join("?" * len(record))
        sql = f"INSERT INTO {table.name} ({columns}) VALUES ({values}) ON CONFLICT DO NOTHING"  # noqa: S608 - the tables' own names
        if not self._database.execute(sql, tuple(record.values())):
            return False
        self._keys[table.name].add(key)
        self.kept[table.name] += 1
        if table.name == "request_row":
            text = " ".join(str(record[name]) for name in ("title", "reference", "counterpart"))
            index_words(self._database, int(str(record["n"])), text)
        return True

    # ------------------------------------------------------------ parents

    def _has_parents(self, table: Table, record: Record) -> bool:
        for parent, columns in self._parents[table.name]:
            key = tuple(record.get(column) for column in columns)
            if key in self._keys[parent]:
                continue
            if parent != "draft":
                return False
            self._put_unknown_draft(str(key[0]))
        return True

    def _put_unknown_draft(self, request: str) -> None:
        """What was typed is kept although the draft's own record is lost: under the names that the list showed, marked with care."""
        shown = next((r for r in self._records(self._tables["request_row"]) if r["request"] == request), {})
        times = [r["at"] for r in self._records(self._tables["revision"]) if r["request"] == request]
        sets = Counter(str(r["question_set"]) for r in self._records(self._tables["draft"]))
        draft: Record = {
            "request": request,
            "reference": shown.get("reference", ""),
            "title": shown.get("title", ""),
            "supplier": None,
            "supplier_name": shown.get("counterpart", ""),
            "dataset": None,
            "question_set": sets.most_common(1)[0][0] if sets else "",
            "marking": Marking.OFFICIAL_SENSITIVE.value,
            "created_at": min(times, default=shown.get("updated_at", 0), key=_number),
            "updated_at": max(times, default=shown.get("updated_at", 0), key=_number),
        }
        self._put(self._tables["draft"], draft)
        self.mended["draft"] += 1

    # ------------------------------------------------------------ what is more than a row

    def _answers_from_their_history(self, table: Table) -> None:
        """Every answer was also written to its history, so the newest entry there says what a lost one was."""
        if table.name not in self._found.broken:
            return
        newest: dict[Key, Record] = {}
        for record in sorted(self._records(self._tables["revision"]), key=lambda record: _number(record["n"])):
            newest[record["request"], record["question"]] = record
        for record in newest.values():
            answer = {name: record[name] for name in ("request", "question", "value")}
            if record["value"] is not None and self._put(table, answer):
                self.mended["answer"] += 1

    def _events(self, table: Table) -> None:
        """Events are appended anew in their order, because their numbers and their chain leave no gap."""
        events = SqlcipherEvents(self._database, lambda: None)
        sound: dict[EventId, StoredEvent] = {}
        for record in sorted(self._records(table), key=lambda record: _number(record["n"])):
            event = stored_event(record)
            if record["row_sha256"] == row_digest(event):
                sound.setdefault(event.id, event)
            else:
                self._lost["event", event.request, ALTERED] += 1
        kept = list(sound.values())
        for start in range(0, len(kept), _EVENTS_AT_ONCE):
            events.append(kept[start : start + _EVENTS_AT_ONCE])
        self.kept["event"] = len(kept)


def _parents_of(database: Database, table: str) -> list[tuple[str, list[str]]]:
    """The tables that a table's rows belong to, each with the columns that name the row there."""
    rules: dict[int, tuple[str, list[str]]] = {}
    for row in database.query(_PARENTS, (table,)):
        rules.setdefault(row["id"], (row["parent"], []))[1].append(row["child"])
    return list(rules.values())


def _number(value: Value) -> int:
    return value if isinstance(value, int) else 0


def _request(record: Record) -> str | None:
    request = record.get("request")
    return request if isinstance(request, str) else None
