"""All that the core asks of the world, on one page. Each port has a twin in memory and one contract suite that every adapter passes.

Where a port takes or gives times they are aware UTC datetimes; digests are lower-case hex of SHA-256 unless a name says otherwise.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import Any, BinaryIO, Protocol, runtime_checkable

from dsadesk.domain.events import Dataset
from dsadesk.domain.ids import BoxId, BundleId, DeviceId, EventId, ObjectId, OrganisationId, QuestionId, RequestId
from dsadesk.domain.lifecycle import Stage
from dsadesk.domain.marking import Marking
from dsadesk.domain.organisation import Side
from dsadesk.questions.model import QuestionSet

# ---------------------------------------------------------------- the machine


class Clock(Protocol):
    """The time of day."""

    def now(self) -> datetime:
        """The time, aware, in UTC."""
        ...


class Pulse(Protocol):
    """Time that only goes forward, for rates and for waiting. It says nothing about the time of day."""

    def elapsed(self) -> float:
        """Seconds since some moment before the first call."""
        ...

    def wait(self, door: threading.Condition, seconds: float) -> None:
        """Waits at a door that the caller holds until somebody notifies it, at most so many seconds."""
        ...


class Entropy(Protocol):
    """Randomness fit for keys."""

    def token(self, size: int) -> bytes:
        """Random bytes from the operating system."""
        ...


class KeyStoreState(StrEnum):
    """What the operating system's key store answers. Each has a sentence of its own; none falls back silently."""

    WORKS = "works"
    LOCKED = "locked"
    NO_BACKEND = "no-backend"
    REFUSED_BACKEND = "refused-backend"
    DISMISSED = "dismissed"
    FAILS = "fails"


class SecretStore(Protocol):
    """The operating system's key store. Only 32-byte secrets go in."""

    @property
    def backend(self) -> str:
        """The backend's name, to notice when it changed between runs."""
        ...

    def probe(self) -> KeyStoreState:
        """Tries the store without touching what is in it."""
        ...

    def read(self, name: str) -> bytes | None:
        """The 32 bytes kept under a name, or None. Raises: KeyStoreError with the state as its code."""
        ...

    def write(self, name: str, secret: bytes) -> None:
        """Keeps exactly 32 bytes under a name. Raises: KeyStoreError, ValueError for another length."""
        ...

    def delete(self, name: str) -> None:
        """Forgets a name; forgetting twice is fine. Raises: KeyStoreError."""
        ...


# ---------------------------------------------------------------- what the vault keeps


@dataclass(frozen=True, kw_only=True)
class StoredEvent:
    """An event as the exact envelope that was signed, with what is needed to find it."""

    id: EventId
    request: RequestId
    type: str
    at: str
    org: OrganisationId
    device: DeviceId
    seq: int
    sha256: str
    envelope: bytes
    bundle: BundleId | None = None


@dataclass(frozen=True, kw_only=True)
class Draft:
    """A request that only this laptop has seen."""

    request: RequestId
    reference: str
    title: str
    supplier: OrganisationId | None
    supplier_name: str
    dataset: Dataset | None
    question_set: str
    marking: Marking
    created_at: datetime
    updated_at: datetime


@dataclass(frozen=True, kw_only=True)
class Revision:
    """One autosaved answer: what it was at a time. `value` is None when the answer was cleared."""

    question: QuestionId
    value: Any
    at: datetime


@dataclass(frozen=True, kw_only=True)
class AttachedSample:
    """A sample of a draft or of a received request. `file_key` opens the payload; it never leaves the vault in clear."""

    request: RequestId
    n: int
    name: str
    media: str
    size: int
    sha256: str
    object: ObjectId
    file_key: bytes = field(repr=False)
    kind: str = "synthetic"
    profile: Mapping[str, Any] = field(default_factory=dict)


class DeliveryState(StrEnum):
    """Where a sealed bundle is on its way. `UNKNOWN` resolves itself by looking at the store again."""

    QUEUED = "queued"
    SENDING = "sending"
    UNKNOWN = "not-known-yet"
    COMMITTED = "committed"
    DELIVERED = "delivered"
    FAILED = "failed"
    CANCELLED = "cancelled"


@dataclass(frozen=True, kw_only=True)
class OutboxObject:
    """An encrypted object that a bundle carries: its own age header for these recipients and the shared payload."""

    n: int
    object: ObjectId
    header: bytes
    payload_size: int


@dataclass(frozen=True, kw_only=True)
class SentPart:
    """A range of an object that the store has acknowledged under an immutable name."""

    n: int
    offset: int
    length: int
    sha256: str
    name: str


@dataclass(frozen=True, kw_only=True)
class OutboxItem:
    """One sealed bundle for one box, with the bytes that every retry repeats."""

    id: BundleId
    box: BoxId
    org: OrganisationId
    request: RequestId | None
    kind: str
    seq: int
    manifest_sha256: str
    sealed: bytes
    objects: tuple[OutboxObject, ...]
    state: DeliveryState
    created_at: datetime
    changed_at: datetime
    attempts: int = 0
    problem: str = ""
    commit_name: str = ""
    commit: bytes = b""
    parts: tuple[SentPart, ...] = ()


@dataclass(frozen=True, kw_only=True)
class ChainHead:
    """The last position seen of one device's deliveries to one box."""

    seq: int
    manifest_sha256: str


@dataclass(frozen=True, kw_only=True)
class QuarantinedBundle:
    """A bundle that stopped at a door, kept with the evidence and never half-believed."""

    id: str
    door: str
    code: str
    fields: Mapping[str, Any]
    size: int
    sha256: str
    source: str
    at: datetime


@dataclass(frozen=True, kw_only=True)
class CardCheck:
    """Who compared an organisation's fingerprint, how, and when."""

    method: str
    by: str
    at: datetime
    note: str = ""


@dataclass(frozen=True, kw_only=True)
class PinnedCard:
    """An organisation's card as last believed. `fingerprint` belongs to the organisation's own key and cannot be updated."""

    org: OrganisationId
    name: str
    fingerprint: str
    version: int
    envelope: bytes
    first_seen_at: datetime
    updated_at: datetime
    checks: tuple[CardCheck, ...] = ()
    changed_to: str = ""


class ListGroup(StrEnum):
    """The lists of the requests page, named for the job."""

    DRAFTS = "drafts"
    READY = "ready-to-send"
    SENT = "sent"
    NEEDS_YOU = "needs-you"
    AGREED = "agreed"
    CLOSED = "closed"


@dataclass(frozen=True, kw_only=True)
class RequestRow:
    """A request as one line of a list: a projection that can be rebuilt."""

    request: RequestId
    reference: str
    title: str
    counterpart: str
    side: Side
    stage: Stage
    group: ListGroup
    needs_you: bool
    updated_at: datetime
    detail: str = ""


class Events(Protocol):
    """Signed events, append only."""

    def append(self, events: Sequence[StoredEvent]) -> tuple[EventId, ...]:
        """Keeps new events and returns the ids that were new. An id with other bytes raises DamagedVaultError("event-rewritten")."""
        ...

    def of_request(self, request: RequestId) -> tuple[StoredEvent, ...]:
        """Every event of a request, in order of arrival."""
        ...

    def all(self) -> Iterator[StoredEvent]:
        """Every event in order of arrival."""
        ...

    def requests(self) -> tuple[RequestId, ...]:
        """Every request that has an event."""
        ...

    def last_of_device(self, request: RequestId, device: DeviceId) -> StoredEvent | None:
        """The device's newest event in a request, which the next one names."""
        ...

    def count(self) -> int:
        """How many events there are."""
        ...

    def head(self) -> str:
        """The hash over all events in order of arrival: SHA-256(previous head || sha256 of the event), "" when there is none."""
        ...


class Drafts(Protocol):
    """Drafts and their answers, saved per change."""

    def put(self, draft: Draft) -> None:
        """Makes a draft or changes its own fields."""
        ...

    def get(self, request: RequestId) -> Draft | None:
        """A draft."""
        ...

    def all(self) -> tuple[Draft, ...]:
        """Every draft, newest change first."""
        ...

    def save_answer(self, request: RequestId, question: QuestionId, value: Any, at: datetime) -> None:
        """Saves one answer; None clears it. The draft's time changes with it.

        Each value becomes a revision, but a text that follows another within half a minute takes its place: it is being typed.
        """
        ...

    def answers(self, request: RequestId) -> dict[str, Any]:
        """The answers as they stand."""
        ...

    def revisions(self, request: RequestId, question: QuestionId | None = None) -> tuple[Revision, ...]:
        """What was saved before, oldest first; at least the last 200 of each question are kept."""
        ...

    def discard(self, request: RequestId) -> None:
        """Removes a draft with its answers and revisions. Samples are removed by `Samples`."""
        ...


class Samples(Protocol):
    """The samples of each request."""

    def put(self, sample: AttachedSample) -> None:
        """Keeps a sample's record; its object must already be in place."""
        ...

    def of_request(self, request: RequestId) -> tuple[AttachedSample, ...]:
        """The samples of a request by number."""
        ...

    def remove(self, request: RequestId, n: int) -> None:
        """Forgets a sample's record."""
        ...

    def object_ids(self) -> frozenset[ObjectId]:
        """Every object that some record still names."""
        ...


class Outbox(Protocol):
    """Sealed bundles on their way."""

    def put(self, item: OutboxItem) -> None:
        """Journals a new item before anything of it is sent."""
        ...

    def get(self, bundle: BundleId, box: BoxId) -> OutboxItem | None:
        """One item."""
        ...

    def all(self) -> tuple[OutboxItem, ...]:
        """Every item, oldest first."""
        ...

    def unfinished(self) -> tuple[OutboxItem, ...]:
        """Items still to be brought to `committed`, oldest first."""
        ...

    def record_part(self, bundle: BundleId, box: BoxId, part: SentPart) -> None:
        """Remembers that the store acknowledged a part."""
        ...

    def fix_commit(self, bundle: BundleId, box: BoxId, name: str, commit: bytes) -> None:
        """Fixes the commit's name and bytes, once, before they are first sent."""
        ...

    def mark(self, bundle: BundleId, box: BoxId, state: DeliveryState, at: datetime, problem: str = "") -> None:
        """Changes an item's state; moving to SENDING counts an attempt."""
        ...

    def bundles_of_request(self, request: RequestId) -> tuple[OutboxItem, ...]:
        """The items that carry a request, oldest first."""
        ...


class Inbox(Protocol):
    """What has come in."""

    def has_seen(self, bundle: BundleId) -> bool:
        """Whether a bundle was taken in before."""
        ...

    def mark_seen(self, bundle: BundleId, org: OrganisationId, at: datetime) -> None:
        """Remembers a bundle for ever."""
        ...

    def has_looked_at(self, box: BoxId, name: str) -> bool:
        """Whether a commit of this name was dealt with (taken in or quarantined)."""
        ...

    def mark_looked_at(self, box: BoxId, name: str, at: datetime) -> None:
        """Remembers a commit's name."""
        ...

    def chain_head(self, box: BoxId, device: DeviceId) -> ChainHead | None:
        """The last position of a device's deliveries to a box of ours."""
        ...

    def move_chain_head(self, box: BoxId, device: DeviceId, head: ChainHead) -> None:
        """Moves the position."""
        ...

    def quarantine(self, bundle: QuarantinedBundle, content: bytes) -> None:
        """Keeps a failed bundle with its evidence; the same bundle twice is one record."""
        ...

    def quarantined(self) -> tuple[QuarantinedBundle, ...]:
        """Every failed bundle, newest first."""
        ...

    def quarantined_content(self, bundle: str) -> bytes:
        """A failed bundle exactly as it came in; nothing where it was too large to keep.

        Raises: RuleError("no-such-bundle"), DamagedVaultError("object-missing") when it is gone or no longer what was kept.
        """
        ...

    def drop_quarantined(self, bundle: str) -> None:
        """Forgets a failed bundle and its evidence, which only a person may ask for. Raises: RuleError("no-such-bundle")."""
        ...


class Cards(Protocol):
    """Organisation cards, pinned."""

    def put(self, card: PinnedCard) -> None:
        """Pins a card or replaces it by a newer one of the same key. Raises: RuleError("pinned-key") when the fingerprint differs."""
        ...

    def get(self, org: OrganisationId) -> PinnedCard | None:
        """An organisation's card."""
        ...

    def all(self) -> tuple[PinnedCard, ...]:
        """Every card by name."""
        ...

    def former(self, org: OrganisationId) -> tuple[PinnedCard, ...]:
        """The cards of keys that were believed before, newest first, each as it last was."""
        ...

    def add_check(self, org: OrganisationId, check: CardCheck) -> None:
        """Records that someone compared the fingerprint."""
        ...

    def flag_change(self, org: OrganisationId, fingerprint: str) -> None:
        """Records that a card with another key came in, so that delivery stops until someone decides; "" lifts it."""
        ...

    def replace_key(self, card: PinnedCard) -> None:
        """Believes another key of an organisation after a person decided so; the old card is kept in the history and its checks lapse."""
        ...


class Settings(Protocol):
    """Small named values: the profile, identities' seeds, counters, cursors."""

    def read(self, name: str) -> bytes | None:
        """A value."""
        ...

    def write(self, name: str, value: bytes) -> None:
        """Keeps a value."""
        ...

    def remove(self, name: str) -> None:
        """Forgets a value."""
        ...


class Projections(Protocol):
    """What lists show. Everything here can be rebuilt from events and drafts."""

    def put(self, row: RequestRow) -> None:
        """Adds or changes a row."""
        ...

    def remove(self, request: RequestId) -> None:
        """Removes a row."""
        ...

    def get(self, request: RequestId) -> RequestRow | None:
        """One row."""
        ...

    def ids(
        self, *, groups: frozenset[ListGroup] | None = None, side: Side | None = None, search: str = ""
    ) -> tuple[RequestId, ...]:
        """A snapshot of the matching rows' ids, newest change first. `search` matches words of title, reference and counterpart."""
        ...

    def rows(self, requests: Sequence[RequestId]) -> tuple[RequestRow, ...]:
        """The rows of these ids, in their order; ids without a row are left out."""
        ...

    def counts(self) -> Mapping[ListGroup, int]:
        """How many rows each list has."""
        ...


class CatalogueIndex(Protocol):
    """The datasets that lie on this laptop."""

    def replace(self, source: str, records: Iterable[Dataset]) -> int:
        """Puts a source's records in place of what it gave before, all or nothing, and says how many."""
        ...

    def search(self, words: str, limit: int = 50) -> tuple[Dataset, ...]:
        """Datasets that match every word by prefix, accents and case folded, best first; all of them by title when there is no word."""
        ...

    def get(self, identifier: str) -> Dataset | None:
        """One dataset."""
        ...

    def count(self) -> int:
        """How many datasets there are."""
        ...


class ObjectWriter(Protocol):
    """An object being written under a temporary name."""

    @property
    def file(self) -> BinaryIO:
        """Where the encrypted bytes go. A real file, positioned at its start."""
        ...

    def commit(self, name: ObjectId) -> None:
        """Flushes, renames into place and flushes the folder. A name that exists already is kept and the new bytes are dropped."""
        ...

    def abort(self) -> None:
        """Removes what was written. Called twice, or after commit, it does nothing."""
        ...


class Objects(Protocol):
    """Encrypted files beside the database. Nothing here is ever plain."""

    def create(self) -> ObjectWriter:
        """Begins a new object. Raises: DiskFullError."""
        ...

    def open(self, name: ObjectId) -> BinaryIO:
        """An object for reading, seekable. Raises: DamagedVaultError("object-missing")."""
        ...

    def size(self, name: ObjectId) -> int:
        """An object's size in bytes. Raises: DamagedVaultError("object-missing")."""
        ...

    def has(self, name: ObjectId) -> bool:
        """Whether the object is in place."""
        ...

    def remove(self, name: ObjectId) -> None:
        """Removes an object; removing twice is fine."""
        ...

    def sweep(self, keep: frozenset[ObjectId]) -> int:
        """Removes temporary files and objects that no record names; returns how many."""
        ...


class VaultProblem(Protocol):
    """Something that a check of the vault found, with what can be done."""

    code: str
    detail: str
    fix: str


class Vault(Protocol):
    """This laptop's store while it is open. Used by one thread at a time."""

    events: Events
    drafts: Drafts
    samples: Samples
    outbox: Outbox
    inbox: Inbox
    cards: Cards
    settings: Settings
    projections: Projections
    catalogue: CatalogueIndex
    objects: Objects

    @property
    def id(self) -> str:
        """The vault's own random id."""
        ...

    @property
    def folder(self) -> Path | None:
        """Where it lies, None in memory."""
        ...

    @property
    def open_problems(self) -> tuple[VaultProblem, ...]:
        """What was found when it was opened, and since."""
        ...

    def transaction(self) -> AbstractContextManager[None]:
        """All changes inside happen together and are on disk at the end, or not at all. Nested uses join the outer one."""
        ...

    def check(self) -> tuple[VaultProblem, ...]:
        """Looks for damage, orphans and a rolled-back file; empty when all is well."""
        ...

    def backup(self, target: Path) -> None:
        """Writes a consistent encrypted copy under the same key. Raises: StoreError when the target cannot take it."""
        ...

    def accept_history(self) -> None:
        """Takes the history as it is after the record outside the database disagreed with it; that record is kept aside.

        Raises: DamagedVaultError when the history cannot be read, DiskFullError, VaultError.
        """
        ...

    def close(self) -> None:
        """Writes the anchor, folds the journal in and closes. Closing twice is fine."""
        ...


@dataclass(frozen=True, kw_only=True)
class Argon2id:
    """What a passphrase costs (RFC 9106): 16 random bytes, passes, lanes, and memory in KiB. It gives 32 bytes."""

    salt: bytes
    iterations: int
    lanes: int
    memory_kib: int


@dataclass(frozen=True, kw_only=True)
class KeyWrap:
    """The vault's data key as an armored age file, for one way of opening: `keyring`, `passphrase` or `recovery`.

    With `cost` the file is for the X25519 identity that Argon2id makes of the passphrase; without, it is a passphrase-locked age file.
    """

    kind: str
    sealed: str
    cost: Argon2id | None = None


@dataclass(frozen=True, kw_only=True)
class VaultHeader:
    """What lies in clear beside the database: nothing that opens it alone, nothing that names anyone.

    `needs_fresh_device` stands in a vault that was restored or salvaged: it may lack what its device has said since, so that device must
    not speak again (docs/adr/0013).
    """

    id: str
    wraps: tuple[KeyWrap, ...]
    backend: str = ""
    created_by: str = ""
    needs_fresh_device: bool = False


@dataclass(frozen=True)
class Loss:
    """Rows of a table, or files under the names `object` and `quarantine-file`, that are lost.

    `request` is None where it is not known or there is none, `rows` None where it is not known how many. `why` is `damaged` (the place
    cannot be read), `altered` (it is not what was kept there), or `record-lost` (the record that it belongs to is lost).
    """

    table: str
    request: str | None
    rows: int | None
    why: str = "damaged"


@dataclass(frozen=True, kw_only=True)
class Salvaged:
    """What could be read of a damaged vault, and what is lost.

    `rows` counts what was kept, by table. `history` is what the record outside the database says about the events that are left, None
    when they are all of them. `mended` names what was not there and follows from what was: answers taken from their history, drafts
    whose own record is lost. `unplaced` rows were readable, but nothing tells whose they are.
    """

    folder: Path
    pages: int
    damaged_pages: int
    rows: Mapping[str, int]
    files: int
    losses: tuple[Loss, ...]
    mended: Mapping[str, int]
    unplaced: int
    history: VaultProblem | None

    @property
    def is_whole(self) -> bool:
        """Whether nothing is known to be lost."""
        return not self.losses and not self.unplaced and self.history is None


class VaultPlace(Protocol):
    """The folder of a vault, before and while it is open."""

    @property
    def folder(self) -> Path | None:
        """Where it is, None in memory."""
        ...

    def exists(self) -> bool:
        """Whether a vault's header lies here."""
        ...

    def header(self) -> VaultHeader:
        """Reads the header. Raises: VaultMissingError, DamagedVaultError("header"), NewerVaultError."""
        ...

    def write_header(self, header: VaultHeader) -> None:
        """Replaces the header whole or not at all. The key check of an existing vault is kept."""
        ...

    def create(self, header: VaultHeader, data_key: bytes) -> Vault:
        """Makes a vault. `data_key` is 32 bytes. Raises: VaultBusyError, RuleError("vault-exists"), DiskFullError."""
        ...

    def open(self, data_key: bytes) -> Vault:
        """Opens the vault, migrating it after a copy.

        Raises: VaultMissingError, WrongKeyError, DamagedVaultError, NewerVaultError, VaultBusyError, DiskFullError.
        """
        ...

    def set_aside(self, suffix: str) -> Path | None:
        """Renames the vault's folder out of the way; never deletes. Returns where it is now."""
        ...

    def header_of_backup(self, backup: Path) -> VaultHeader:
        """The header in a backup, so that a way in can be tried before anything is moved.

        Raises: VaultMissingError("backup-missing"), DamagedVaultError("backup-damaged"), NewerVaultError.
        """
        ...

    def restore(self, backup: Path, suffix: str) -> Path | None:
        """Puts the vault of a backup in place, whole or not at all. What lay here is renamed aside; returns where it is now.

        Raises: VaultMissingError("backup-missing"), DamagedVaultError("backup-damaged"), NewerVaultError, VaultBusyError, DiskFullError.
        """
        ...

    def salvage(self, data_key: bytes, suffix: str) -> tuple[Salvaged, Path]:
        """Puts a new vault in place of what can be read of a damaged one, which is renamed aside and otherwise left as it is.

        Returns what came of it and where the damaged one is now. Raises: VaultMissingError, WrongKeyError, DamagedVaultError when
        nothing can be read, NewerVaultError, VaultBusyError, DiskFullError, VaultError; then nothing was moved.
        """
        ...


# ---------------------------------------------------------------- how bytes travel


@dataclass(frozen=True, kw_only=True)
class StoreAccess:
    """What a store asks for before it lets us in, and what we ask of it. Kept in the vault; its text form shows no secret.

    `user` and `secret` are a name and password, or the two halves of an S3 key pair; `key` is our private key for SFTP in OpenSSH's format;
    `host_keys` are the server's keys that were compared, as `SHA256:…`; `authority` is an extra certificate authority in PEM; `proxy` is
    `http://[user:password@]host:port`; `region` is an S3 region.
    """

    user: str = ""
    secret: str = field(default="", repr=False)
    key: str = field(default="", repr=False)
    host_keys: tuple[str, ...] = ()
    authority: str = field(default="", repr=False)
    proxy: str = field(default="", repr=False)
    region: str = ""


NO_ACCESS = StoreAccess()
"""For a store that asks for nothing: a folder."""


class Flow(Protocol):
    """What stands between a carrier and the wire: how fast bytes may go, and whether they still should. Shared by threads."""

    def pass_on(self, size: int) -> None:
        """Called before each run of at most 16 KiB is handed over or taken in; waits as long as the limit asks.

        Raises: TransferStoppedError when the transfer was paused or cancelled; the carrier then drops its connection and lets it through.
        """
        ...


@runtime_checkable
class HearsLife(Protocol):
    """A flow that is told of every sign of life, so that a line on which nothing of ours passes yet is not taken for dead."""

    def sign_of_life(self) -> None:
        """Called by any thread when the other side was heard, as while greetings are exchanged. Never waits, never raises."""
        ...


def hears_life(flow: object) -> HearsLife | None:
    """The flow, if it wants to be told."""
    return flow if isinstance(flow, HearsLife) else None


class Parts(StrEnum):
    """What parts suit a carrier: `FOLDER` a few large ones, `HTTP` as large as the link bears, `RESUMING` fixed ones that it resumes within."""

    FOLDER = "folder"
    HTTP = "http"
    RESUMING = "resuming"


class OpenTransport(Protocol):
    """Opens the store at an address. Each call gives a transport with a connection of its own, for one thread at a time."""

    def __call__(
        self, address: str, expected_id: str, access: StoreAccess = ..., flow: Flow | None = None, /
    ) -> Transport:
        """With an expected id only the store of that id will do. Nothing is connected before the first act. Raises: StoreMissingError("address-kind")."""
        ...


class PrepareStore(Protocol):
    """Makes a place into a store, or opens the store that it already is."""

    def __call__(self, address: str, access: StoreAccess = ..., /) -> Transport:
        """Raises: StoreError."""
        ...


class Transport(Protocol):
    """A dumb, untrusted store of immutable objects. Names are `/`-joined and match `[a-z0-9./-]{1,200}`."""

    @property
    def address(self) -> str:
        """What a person would recognise it by."""
        ...

    @property
    def parts(self) -> Parts:
        """How a large object is best cut for it. Asked without a connection."""
        ...

    def check(self) -> None:
        """Says whether the place is the one meant. Raises: StoreMissingError, StoreReadOnlyError, StoreUnreachableError."""
        ...

    def store_id(self) -> str:
        """The id that the store gave itself when it was made, "" where it has none. Raises: as `check`."""
        ...

    def put(self, name: str, data: bytes) -> None:
        """Makes an object visible whole or not at all. The same name with the same bytes again is fine.

        Raises: StoreRefusedError("name-taken") when the name holds other bytes, StoreFullError, StoreReadOnlyError, StoreMissingError.
        """
        ...

    def get(self, name: str, limit: int) -> bytes:
        """An object's bytes. Raises: StoreMissingError("object-missing"), StoreRefusedError("object-too-large") above `limit` bytes."""
        ...

    def has(self, name: str) -> bool:
        """Whether an object is visible."""
        ...

    def list(self, prefix: str, after: str = "") -> tuple[str, ...]:
        """The names below a prefix that sort after `after`, sorted. Temporary and foreign names are left out."""
        ...

    def delete(self, name: str) -> None:
        """Removes an object; removing twice is fine."""
        ...

    def store_time(self) -> datetime | None:
        """The store's own clock, where it has one."""
        ...

    def poll(self, prefix: str, cursor: str) -> tuple[tuple[str, ...], str]:
        """Names below a prefix that may have come since a cursor was given, sorted, and the next cursor; with "" all names.

        A cursor saves bytes and round trips and proves nothing: a name may come twice, and a poll that found nothing never shows that there
        is nothing. What a cursor says is the adapter's own business; one that it does not understand counts as "".
        """
        ...

    def close(self) -> None:
        """Drops the connection, from any thread. Closing twice is fine; the next act connects again."""
        ...


@runtime_checkable
class TellsRoundTrip(Protocol):
    """A transport to somewhere far away, which knows how long the way there and back takes."""

    def round_trip(self) -> float | None:
        """Seconds that the quickest small question took since this was asked last; None where there was none. It grows when the link is full."""
        ...


@runtime_checkable
class TellsCuts(Protocol):
    """A transport that by itself asks again once when the line breaks, and says so: whoever sizes parts has to know."""

    def cuts(self) -> int:
        """How often a body was broken off and sent again since this was asked last."""
        ...


@runtime_checkable
class Readies(Protocol):
    """A transport on which something has to be made before an object can be put."""

    def ready(self, name: str) -> None:
        """Makes what a put of a name needs, so that the put finds it. Raises: as `put`."""
        ...


@runtime_checkable
class TellsRoom(Protocol):
    """A transport that knows how much room its place has."""

    def room(self) -> int | None:
        """Free bytes, None where the place does not say. Raises: as `check`."""
        ...


@runtime_checkable
class Sweeps(Protocol):
    """A transport whose writing can be cut off so that something of it stays, which nobody reads."""

    def sweep(self, before: datetime) -> int:
        """Removes what was last written before a time and never finished; says how many. Raises: as `put`."""
        ...


@dataclass(frozen=True, kw_only=True)
class ExportedFile:
    """A file that was written whole and read back: what a person needs to hand it over."""

    path: Path
    size: int
    sha256: str


class ExportFile(Protocol):
    """Writes a file for a stick or an e-mail."""

    def __call__(self, target: Path, write: Callable[[BinaryIO], None]) -> ExportedFile:
        """Lets `write` fill it. It appears under its name whole, flushed and read back, or not at all. Raises: StoreError."""
        ...


@dataclass(frozen=True, kw_only=True)
class RemovableDrive:
    """A drive that can be taken out: where it is, what it calls itself, and its room in bytes."""

    folder: Path
    name: str
    free: int
    size: int
    is_read_only: bool = False


class RemovableDrives(Protocol):
    """Finds the drives that can be taken out."""

    def __call__(self) -> tuple[RemovableDrive, ...]:
        """Every one that is plugged in now, by name."""
        ...


# ---------------------------------------------------------------- what ships with the program


class Library(Protocol):
    """Question sets, legal packs, templates and fonts, as they ship."""

    def question_set(self, name: str = "core") -> QuestionSet:
        """The newest released question set of this name."""
        ...

    def clauses(self) -> bytes:
        """The clauses that agreements are made from."""
        ...

    def document_template(self) -> bytes:
        """The typesetting template of documents."""
        ...

    def templates(self) -> tuple[bytes, ...]:
        """Answers to begin a request with, one JSON object each."""
        ...

    def fonts(self) -> Path:
        """The folder of fonts that ship."""
        ...


class Speller(Protocol):
    """Dictionaries by language, "en" and "cy". A call may take its time; threads may share it."""

    def unknown(self, words: Sequence[str], language: str) -> frozenset[str]:
        """The words that the dictionary does not know. Raises: SpellingError."""
        ...

    def suggest(self, word: str, language: str) -> tuple[str, ...]:
        """What could have been meant, likeliest first. Raises: SpellingError."""
        ...

    def close(self) -> None:
        """Lets go of the dictionaries. Closing twice is fine; the next question takes them up again."""
        ...


# ---------------------------------------------------------------- reading sample files


@dataclass(frozen=True, kw_only=True)
class ColumnProfile:
    """What one column holds: blanks and distinct values are counts, `looks_like` a kind or an identifier's name."""

    name: str
    looks_like: str
    blanks: int
    distinct: int
    distinct_is_exact: bool
    personal: bool
    note: str = ""


@dataclass(frozen=True, kw_only=True)
class TableProfile:
    """What a sample file holds, with nothing of its contents that could identify a person."""

    rows: int
    columns: tuple[ColumnProfile, ...]
    delimiter: str
    encoding: str
    warnings: tuple[str, ...] = ()


class Inspector(Protocol):
    """Reads sample files in a process of its own with limits."""

    def profile(self, source: BinaryIO, name: str) -> TableProfile:
        """Profiles a CSV or TSV. Raises: SampleError with what is wrong and where."""
        ...
