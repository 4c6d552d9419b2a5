"""The anchor: how far the history had come, written down outside the database.

The encryption authenticates every page but not that it is the newest one, and a damaged journal loses its tail without an error. Only
a note that lies elsewhere shows that the database went back in time. Whoever can put the whole folder back to an earlier state puts
the anchor back with it: that is not shown.
"""

from __future__ import annotations

import contextlib
import hmac
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from pathlib import Path
from typing import Final, Protocol

import msgspec

from dsadesk.errors import DamagedVaultError, VaultError
from dsadesk.ports import Clock
from dsadesk.secret import Secret
from dsadesk.storage.files import DISK, Disk, free_name, translated

ANCHOR_NAME: Final = "anchor.json"
INTERVAL: Final = timedelta(seconds=5)
# While one of these holds, the anchor on disk is the only witness and is left as it is.
EVIDENCE: Final = frozenset({"rolled-back", "history-differs", "database-damaged"})
_VERSION = 1
_MAX_BYTES = 4096
_MAX_KEPT_BYTES = 1024 * 1024


class Anchor(msgspec.Struct, frozen=True, kw_only=True):
    """A position in the history of events at a time."""

    v: int
    id: str
    count: int
    head: str
    at: str
    mac: str = ""

    def mac_under(self, key: bytes | bytearray) -> str:
        """The authentication code of everything else in it."""
        text = "\n".join((str(self.v), self.id, str(self.count), self.head, self.at))
        return hmac.digest(key, text.encode(), sha256).hex()


class History(Protocol):
    """What the anchor needs of the events: the newest position with its head, and the head at any position."""

    def position(self) -> tuple[int, str]:
        """How many events there are, and the head after the last one."""
        ...

    def head_at(self, count: int) -> str | None:
        """The head after so many events; None when there are fewer."""
        ...


@dataclass(frozen=True)
class AnchorFinding:
    """What the anchor says about the database: a code, how many events it knows of, and when it was written."""

    code: str
    count: int = 0
    at: str = ""


class AnchorKeeper:
    """Writes the anchor of an open vault at most every five seconds, and compares it with the history.

    While the two disagree the anchor is left as it is, because it is the only evidence.
    """

    def __init__(
        self, folder: Path, vault_id: str, key: bytes, *, clock: Clock, history: History, disk: Disk = DISK
    ) -> None:
        self._disk = disk
        self._path = folder / ANCHOR_NAME
        self._id = vault_id
        self._key = Secret(bytearray(key))
        self._clock = clock
        self._history = history
        self._written_at: datetime | None = None
        self._is_due = False
        self._is_evidence = False

    def note(self) -> None:
        """Remembers that events were appended."""
        self._is_due = True

    def write_if_due(self) -> None:
        """Writes the anchor when events were appended and the last one is older than the interval. Never an error."""
        if self._is_due:
            now = self._clock.now()
            if self._written_at is None or abs(now - self._written_at) >= INTERVAL:
                self._write(now)

    def write(self) -> None:
        """Writes the anchor now. Never an error: an old anchor is a weaker witness, not a false one."""
        self._write(self._clock.now())

    def finish(self) -> None:
        """Writes the anchor for the last time and forgets the key."""
        self.write()
        self._key.wipe()

    def finding(self) -> AnchorFinding | None:
        """Compares the anchor on disk with the history; None when they agree."""
        try:
            finding = self._compare()
        except DamagedVaultError:
            finding = AnchorFinding("database-damaged")
        self._is_evidence = finding is not None and finding.code in EVIDENCE
        return finding

    def _compare(self) -> AnchorFinding | None:
        count, _ = self._history.position()
        if not self._path.exists():
            self.write()
            return AnchorFinding("anchor-missing") if count else None
        anchor = self._read()
        if anchor is None:
            with contextlib.suppress(OSError):
                self._keep_aside()
            self.write()
            return AnchorFinding("anchor-damaged")
        if count < anchor.count:
            return AnchorFinding("rolled-back", anchor.count, anchor.at)
        if self._history.head_at(anchor.count) != anchor.head:
            return AnchorFinding("history-differs", anchor.count, anchor.at)
        return None

    def accept(self) -> None:
        """Takes the history as it is: the old anchor is kept aside and a new one put in its place, which is never empty meanwhile.

        Raises: DamagedVaultError when the history cannot be read, DiskFullError, VaultError.
        """
        new = self._newest(self._clock.now())
        with translated():
            if self._path.exists():
                self._keep_aside()
            self._disk.write_whole(self._path, new)
        self._is_evidence = False
        self._is_due = False

    def _write(self, now: datetime) -> None:
        if self._is_evidence:
            return
        with contextlib.suppress(OSError, VaultError):
            self._disk.write_whole(self._path, self._newest(now))
            self._written_at = now
            self._is_due = False

    def _newest(self, now: datetime) -> bytes:
        count, head = self._history.position()
        anchor = Anchor(v=_VERSION, id=self._id, count=count, head=head, at=now.isoformat())
        signed = msgspec.structs.replace(anchor, mac=anchor.mac_under(self._key.reveal()))
        return msgspec.json.encode(signed) + b"\n"

    def _keep_aside(self) -> None:
        aside, old = self._path.with_name("anchor-set-aside.json"), self._disk.read(self._path, _MAX_KEPT_BYTES)
        if not any(each.read_bytes() == old for each in self._path.parent.glob(f"{aside.stem}*.json")):
            self._disk.write_whole(free_name(aside), old)

    def _read(self) -> Anchor | None:
        """The anchor when it is genuine."""
        try:
            anchor = msgspec.json.decode(self._disk.read(self._path, _MAX_BYTES), type=Anchor)
        except (OSError, msgspec.MsgspecError, UnicodeDecodeError):
            return None
        expected = anchor.mac_under(self._key.reveal())
        is_genuine = anchor.id == self._id and hmac.compare_digest(anchor.mac.encode(), expected.encode())
        return anchor if is_genuine else None
