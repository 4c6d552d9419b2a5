"""Sealed bundles on their way, in the vault's database."""

from __future__ import annotations

from datetime import datetime

from dsadesk.domain.ids import BoxId, BundleId, ObjectId, OrganisationId, RequestId
from dsadesk.errors import RuleError
from dsadesk.ports import DeliveryState, OutboxItem, OutboxObject, SentPart
from dsadesk.storage.database import Database, Row
from dsadesk.storage.json_text import to_json
from dsadesk.storage.moments import from_stored, to_stored

UNFINISHED = frozenset({DeliveryState.QUEUED, DeliveryState.SENDING, DeliveryState.UNKNOWN, DeliveryState.FAILED})
# Once the other side has a bundle, or nobody will get it, its objects are kept for their samples' own sake only.
DONE = frozenset({DeliveryState.DELIVERED, DeliveryState.CANCELLED})

_UNFINISHED = "SELECT * FROM outbox WHERE state IN (SELECT value FROM json_each(?)) ORDER BY n"
_MARK = """
UPDATE outbox SET state = :state, changed_at = :at, problem = :problem, attempts = attempts + (:state = 'sending') WHERE n = :item
"""


class SqlcipherOutbox:
    """Implements `ports.Outbox`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def put(self, item: OutboxItem) -> None:
        """Journals a new item; the same one again is fine. Raises: RuleError("outbox-item-differs")."""
        with self._database.transaction():
            known = self.get(item.id, item.box)
            if known is not None:
                if (known.sealed, known.seq) != (item.sealed, item.seq):
                    raise RuleError("outbox-item-differs", bundle=item.id)
                return
            self._database.insert(
                "outbox",
                id=item.id,
                box=item.box,
                org=item.org,
                request=item.request,
                kind=item.kind,
                seq=item.seq,
                manifest_sha256=item.manifest_sha256,
                sealed=item.sealed,
                state=item.state.value,
                created_at=to_stored(item.created_at),
                changed_at=to_stored(item.changed_at),
                attempts=item.attempts,
                problem=item.problem,
                commit_name=item.commit_name,
                commit_bytes=item.commit,
            )
            number = self._number(item.id, item.box)
            for carried in item.objects:
                self._database.insert(
                    "outbox_object",
                    item=number,
                    n=carried.n,
                    object=carried.object,
                    header=carried.header,
                    payload_size=carried.payload_size,
                )
            for part in item.parts:
                self._put_part(number, part)

    def get(self, bundle: BundleId, box: BoxId) -> OutboxItem | None:
        """One item."""
        row = self._database.first("SELECT * FROM outbox WHERE id = ? AND box = ?", (bundle, box))
        return None if row is None else self._item(row)

    def all(self) -> tuple[OutboxItem, ...]:
        """Every item, oldest first."""
        return tuple(self._item(row) for row in self._database.query("SELECT * FROM outbox ORDER BY n"))

    def unfinished(self) -> tuple[OutboxItem, ...]:
        """Items that are queued, being sent, failed or not known yet, oldest first."""
        rows = self._database.query(_UNFINISHED, (to_json(sorted(UNFINISHED)),))
        return tuple(self._item(row) for row in rows)

    def record_part(self, bundle: BundleId, box: BoxId, part: SentPart) -> None:
        """Remembers that the store acknowledged a part. Raises: RuleError("no-such-outbox-item")."""
        with self._database.transaction():
            self._put_part(self._number(bundle, box), part)

    def fix_commit(self, bundle: BundleId, box: BoxId, name: str, commit: bytes) -> None:
        """Fixes the commit's name and bytes; the same again is fine.

        Raises: RuleError("commit-fixed") for another commit, RuleError("no-such-outbox-item").
        """
        with self._database.transaction():
            number = self._number(bundle, box)
            fixed = self._database.query("SELECT commit_name, commit_bytes FROM outbox WHERE n = ?", (number,))[0]
            if fixed["commit_name"] and (fixed["commit_name"], fixed["commit_bytes"]) != (name, commit):
                raise RuleError("commit-fixed", bundle=bundle)
            sql = "UPDATE outbox SET commit_name = ?, commit_bytes = ? WHERE n = ?"
            self._database.execute(sql, (name, commit, number))

    def mark(self, bundle: BundleId, box: BoxId, state: DeliveryState, at: datetime, problem: str = "") -> None:
        """Changes an item's state; each move to SENDING counts an attempt. Raises: RuleError("no-such-outbox-item")."""
        with self._database.transaction():
            number = self._number(bundle, box)
            change = {"item": number, "state": state.value, "at": to_stored(at), "problem": problem}
            self._database.execute(_MARK, change)

    def bundles_of_request(self, request: RequestId) -> tuple[OutboxItem, ...]:
        """The items that carry a request, oldest first."""
        rows = self._database.query("SELECT * FROM outbox WHERE request = ? ORDER BY n", (request,))
        return tuple(self._item(row) for row in rows)

    def _number(self, bundle: BundleId, box: BoxId) -> int:
        number = self._database.value("SELECT n FROM outbox WHERE id = ? AND box = ?", (bundle, box))
        if number is None:
            raise RuleError("no-such-outbox-item", bundle=bundle)
        return int(number)

    def _put_part(self, number: int, part: SentPart) -> None:
        self._database.upsert(
            "outbox_part",
            ("item", "n", "offset"),
            item=number,
            n=part.n,
            offset=part.offset,
            length=part.length,
            sha256=part.sha256,
            name=part.name,
        )

    def _item(self, row: Row) -> OutboxItem:
        objects = self._database.query("SELECT * FROM outbox_object WHERE item = ? ORDER BY n", (row["n"],))
        parts = self._database.query("SELECT * FROM outbox_part WHERE item = ? ORDER BY n, offset", (row["n"],))
        return OutboxItem(
            id=BundleId(row["id"]),
            box=BoxId(row["box"]),
            org=OrganisationId(row["org"]),
            request=None if row["request"] is None else RequestId(row["request"]),
            kind=row["kind"],
            seq=row["seq"],
            manifest_sha256=row["manifest_sha256"],
            sealed=row["sealed"],
            objects=tuple(
                OutboxObject(n=o["n"], object=ObjectId(o["object"]), header=o["header"], payload_size=o["payload_size"])
                for o in objects
            ),
            state=DeliveryState(row["state"]),
            created_at=from_stored(row["created_at"]),
            changed_at=from_stored(row["changed_at"]),
            attempts=row["attempts"],
            problem=row["problem"],
            commit_name=row["commit_name"],
            commit=row["commit_bytes"],
            parts=tuple(
                SentPart(n=p["n"], offset=p["offset"], length=p["length"], sha256=p["sha256"], name=p["name"])
                for p in parts
            ),
        )
