"""The records of samples in the vault's database."""

from __future__ import annotations

from dsadesk.domain.ids import ObjectId, RequestId
from dsadesk.errors import DamagedVaultError
from dsadesk.ports import AttachedSample, Objects
from dsadesk.storage.database import Database, Row
from dsadesk.storage.json_text import from_json, to_json
from dsadesk.storage.outbox import DONE

_NAMED = """
SELECT object FROM sample
UNION SELECT o.object FROM outbox_object AS o JOIN outbox AS i ON i.n = o.item
  WHERE i.state NOT IN (SELECT value FROM json_each(?))
"""


class SqlcipherSamples:
    """Implements `ports.Samples`."""

    def __init__(self, database: Database, objects: Objects) -> None:
        self._database = database
        self._objects = objects

    def put(self, sample: AttachedSample) -> None:
        """Keeps a sample's record. Raises: DamagedVaultError("object-missing") when its object is not in place."""
        if not self._objects.has(sample.object):
            raise DamagedVaultError("object-missing", object=sample.object)
        self._database.upsert(
            "sample",
            ("request", "n"),
            request=sample.request,
            n=sample.n,
            name=sample.name,
            media=sample.media,
            size=sample.size,
            sha256=sample.sha256,
            object=sample.object,
            file_key=sample.file_key,
            kind=sample.kind,
            profile=to_json(sample.profile),
        )

    def of_request(self, request: RequestId) -> tuple[AttachedSample, ...]:
        """The samples of a request by number."""
        rows = self._database.query("SELECT * FROM sample WHERE request = ? ORDER BY n", (request,))
        return tuple(_from_row(row) for row in rows)

    def remove(self, request: RequestId, n: int) -> None:
        """Forgets a sample's record."""
        self._database.execute("DELETE FROM sample WHERE request = ? AND n = ?", (request, n))

    def object_ids(self) -> frozenset[ObjectId]:
        """Every object that a sample names, or a bundle that is still on its way."""
        return frozenset(ObjectId(name) for name in self._database.column(_NAMED, (to_json(sorted(DONE)),)))


def _from_row(row: Row) -> AttachedSample:
    return AttachedSample(
        request=RequestId(row["request"]),
        n=row["n"],
        name=row["name"],
        media=row["media"],
        size=row["size"],
        sha256=row["sha256"],
        object=ObjectId(row["object"]),
        file_key=row["file_key"],
        kind=row["kind"],
        profile=from_json(row["profile"]),
    )
