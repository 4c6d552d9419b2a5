"""What has come in: positions and names in the database, failed bundles as files beside it."""

from __future__ import annotations

from datetime import datetime
from hashlib import sha256
from pathlib import Path

from dsadesk.domain.ids import BoxId, BundleId, DeviceId, OrganisationId
from dsadesk.errors import DamagedVaultError, RuleError
from dsadesk.ports import ChainHead, QuarantinedBundle
from dsadesk.storage.database import Database, Row
from dsadesk.storage.files import DISK, Disk, translated
from dsadesk.storage.json_text import from_json, to_json
from dsadesk.storage.moments import from_stored, to_stored


class SqlcipherInbox:
    """Implements `ports.Inbox`."""

    def __init__(self, database: Database, quarantine: Path, disk: Disk = DISK) -> None:
        self._database = database
        self._disk = disk
        self._quarantine = quarantine

    def has_seen(self, bundle: BundleId) -> bool:
        """Whether a bundle was taken in before."""
        return self._database.value("SELECT 1 FROM inbox_seen WHERE bundle = ?", (bundle,)) is not None

    def mark_seen(self, bundle: BundleId, org: OrganisationId, at: datetime) -> None:
        """Remembers a bundle for ever."""
        sql = "INSERT INTO inbox_seen (bundle, org, at) VALUES (?, ?, ?) ON CONFLICT DO NOTHING"
        self._database.execute(sql, (bundle, org, to_stored(at)))

    def has_looked_at(self, box: BoxId, name: str) -> bool:
        """Whether a commit of this name was dealt with."""
        sql = "SELECT 1 FROM inbox_looked_at WHERE box = ? AND name = ?"
        return self._database.value(sql, (box, name)) is not None

    def mark_looked_at(self, box: BoxId, name: str, at: datetime) -> None:
        """Remembers a commit's name."""
        sql = "INSERT INTO inbox_looked_at (box, name, at) VALUES (?, ?, ?) ON CONFLICT DO NOTHING"
        self._database.execute(sql, (box, name, to_stored(at)))

    def chain_head(self, box: BoxId, device: DeviceId) -> ChainHead | None:
        """The last position of a device's deliveries to a box of ours."""
        sql = "SELECT seq, manifest_sha256 FROM inbox_head WHERE box = ? AND device = ?"
        row = self._database.first(sql, (box, device))
        return None if row is None else ChainHead(seq=row["seq"], manifest_sha256=row["manifest_sha256"])

    def move_chain_head(self, box: BoxId, device: DeviceId, head: ChainHead) -> None:
        """Moves the position."""
        key = {"box": box, "device": device}
        position = {"seq": head.seq, "manifest_sha256": head.manifest_sha256}
        self._database.upsert("inbox_head", ("box", "device"), **key, **position)

    def quarantine(self, bundle: QuarantinedBundle, content: bytes) -> None:
        """Keeps a failed bundle with its evidence; the same bundle twice is one record, the first.

        The file is in place before its row, so a row never names a file that is not there. Raises: DiskFullError, VaultError.
        """
        name = sha256(content).hexdigest()
        with translated():
            if (self._quarantine / name).exists():
                self._disk.sync_folder(self._quarantine)
            else:
                self._disk.write_whole(self._quarantine / name, content)
        sql = """
        INSERT INTO quarantine (id, door, code, fields, size, sha256, source, at, content) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
        ON CONFLICT DO NOTHING
        """
        evidence = (bundle.id, bundle.door, bundle.code, to_json(bundle.fields), bundle.size, bundle.sha256)
        self._database.execute(sql, (*evidence, bundle.source, to_stored(bundle.at), name))

    def quarantined(self) -> tuple[QuarantinedBundle, ...]:
        """Every failed bundle, newest first."""
        rows = self._database.query("SELECT * FROM quarantine ORDER BY at DESC, n DESC")
        return tuple(_from_row(row) for row in rows)

    def quarantined_content(self, bundle: str) -> bytes:
        """A failed bundle exactly as it came in, to be shown, handed on as evidence, or opened again by a newer version.

        Raises: RuleError("no-such-bundle"), DamagedVaultError("object-missing") when its file is gone or no longer what was kept, VaultError.
        """
        name = self._database.value("SELECT content FROM quarantine WHERE id = ?", (bundle,))
        if name is None:
            raise RuleError("no-such-bundle", bundle=bundle)
        if not (self._quarantine / name).exists():
            raise DamagedVaultError("object-missing", object=name)
        with translated(), self._disk.open_to_read(self._quarantine / name) as file:
            content = file.read()
        if sha256(content).hexdigest() != name:
            raise DamagedVaultError("object-missing", object=name, reason="altered")
        return content

    def drop_quarantined(self, bundle: str) -> None:
        """Forgets a failed bundle and its evidence. Its file goes after its row, unless another row names it.

        Raises: RuleError("no-such-bundle"), VaultError.
        """
        name = self._database.value("SELECT content FROM quarantine WHERE id = ?", (bundle,))
        if name is None:
            raise RuleError("no-such-bundle", bundle=bundle)
        self._database.execute("DELETE FROM quarantine WHERE id = ?", (bundle,))
        if self._database.value("SELECT 1 FROM quarantine WHERE content = ?", (name,)) is None:
            with translated():
                self._disk.remove(self._quarantine / name)


def _from_row(row: Row) -> QuarantinedBundle:
    return QuarantinedBundle(
        id=row["id"],
        door=row["door"],
        code=row["code"],
        fields=from_json(row["fields"]),
        size=row["size"],
        sha256=row["sha256"],
        source=row["source"],
        at=from_stored(row["at"]),
    )
