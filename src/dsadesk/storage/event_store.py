"""Signed events in the vault's database, append only."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from dsadesk.domain.ids import BundleId, DeviceId, EventId, OrganisationId, RequestId
from dsadesk.errors import DamagedVaultError
from dsadesk.ports import StoredEvent
from dsadesk.storage.chain import next_head, row_digest
from dsadesk.storage.database import Database, Row

_PAGE = 500
_COLUMNS = "n, id, request, type, at, org, device, seq, sha256, envelope, bundle, row_sha256, head"
_OF_REQUEST = f"SELECT {_COLUMNS} FROM event WHERE request = ? ORDER BY n"  # noqa: S608 - constant
_AFTER = f"SELECT {_COLUMNS} FROM event WHERE n > ? ORDER BY n LIMIT {_PAGE}"  # noqa: S608 - constant
_OF_DEVICE = f"SELECT {_COLUMNS} FROM event WHERE request = ? AND device = ? ORDER BY seq DESC, n DESC LIMIT 1"  # noqa: S608 - constant
_APPEND = f"INSERT INTO event ({_COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"  # noqa: S608 - constant


class SqlcipherEvents:
    """Implements `ports.Events`. `on_append` is called inside the transaction that appended something."""

    def __init__(self, database: Database, on_append: Callable[[], None]) -> None:
        self._database = database
        self._on_append = on_append

    def append(self, events: Sequence[StoredEvent]) -> tuple[EventId, ...]:
        """Keeps new events and returns the ids that were new. Raises: DamagedVaultError("event-rewritten")."""
        new: list[EventId] = []
        with self._database.transaction():
            count, head = self.position()
            for event in events:
                known = self._database.value("SELECT envelope FROM event WHERE id = ?", (event.id,))
                if known is None:
                    count, head = count + 1, next_head(head, event.sha256)
                    self._database.execute(_APPEND, _to_row(event, count, head))
                    new.append(event.id)
                elif known != event.envelope:
                    raise DamagedVaultError("event-rewritten", event=event.id)
            if new:
                self._on_append()
        return tuple(new)

    def of_request(self, request: RequestId) -> tuple[StoredEvent, ...]:
        """Every event of a request, in order of arrival."""
        return tuple(stored_event(row) for row in self._database.query(_OF_REQUEST, (request,)))

    def all(self) -> Iterator[StoredEvent]:
        """Every event in order of arrival. No cursor stays open between pages, so writing meanwhile is fine."""
        for row in self._rows():
            yield stored_event(row)

    def requests(self) -> tuple[RequestId, ...]:
        """Every request that has an event, in order of its first."""
        rows = self._database.column("SELECT request FROM event GROUP BY request ORDER BY MIN(n)")
        return tuple(RequestId(request) for request in rows)

    def last_of_device(self, request: RequestId, device: DeviceId) -> StoredEvent | None:
        """The device's newest event in a request."""
        row = self._database.first(_OF_DEVICE, (request, device))
        return None if row is None else stored_event(row)

    def count(self) -> int:
        """How many events there are."""
        return int(self._database.value("SELECT COUNT(*) FROM event"))

    def head(self) -> str:
        """The hash over all events in order of arrival, "" when there is none."""
        return self.position()[1]

    def position(self) -> tuple[int, str]:
        """The number of the last event and the head after it."""
        row = self._database.first("SELECT n, head FROM event ORDER BY n DESC LIMIT 1")
        return (0, "") if row is None else (row["n"], row["head"])

    def head_at(self, count: int) -> str | None:
        """The head after so many events; None when there are fewer."""
        head: str | None = self._database.value("SELECT head FROM event WHERE n = ?", (count,)) if count else ""
        return head

    def first_broken(self) -> int | None:
        """The first position whose row is not what was appended there; None when all of them are."""
        count, head = 0, ""
        for row in self._rows():
            count, head = count + 1, next_head(head, row["sha256"])
            if row["n"] != count or row["head"] != head or row["row_sha256"] != row_digest(stored_event(row)):
                return count
        return None

    def _rows(self) -> Iterator[Row]:
        last = 0
        while rows := self._database.query(_AFTER, (last,)):
            yield from rows
            last = rows[-1]["n"]


def _to_row(event: StoredEvent, n: int, head: str) -> tuple[object, ...]:
    columns = (event.id, event.request, event.type, event.at, event.org, event.device, event.seq, event.sha256)
    return (n, *columns, event.envelope, event.bundle, row_digest(event), head)


def stored_event(row: Row) -> StoredEvent:
    """The event that a row holds."""
    return StoredEvent(
        id=EventId(row["id"]),
        request=RequestId(row["request"]),
        type=row["type"],
        at=row["at"],
        org=OrganisationId(row["org"]),
        device=DeviceId(row["device"]),
        seq=row["seq"],
        sha256=row["sha256"],
        envelope=row["envelope"],
        bundle=None if row["bundle"] is None else BundleId(row["bundle"]),
    )
