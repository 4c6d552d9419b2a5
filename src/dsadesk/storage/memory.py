"""The vault in dictionaries, for tests and the demonstration: the same ports, and nothing of it ever reaches a disk.

Values are kept as they would come back from the database: times in UTC, and JSON as plain values that nobody else holds.
"""

from __future__ import annotations

import contextlib
import hmac
import io
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from copy import copy
from dataclasses import dataclass, field, fields, replace
from datetime import datetime
from pathlib import Path
from typing import Any, BinaryIO

from dsadesk.bundle.objects import is_damaged
from dsadesk.domain.events import Dataset
from dsadesk.domain.ids import BoxId, BundleId, DeviceId, EventId, ObjectId, OrganisationId, QuestionId, RequestId
from dsadesk.domain.organisation import Side
from dsadesk.errors import (
    DamagedVaultError,
    RuleError,
    StoreRefusedError,
    VaultBusyError,
    VaultError,
    VaultMissingError,
    WrongKeyError,
)
from dsadesk.ports import (
    AttachedSample,
    CardCheck,
    Cards,
    CatalogueIndex,
    ChainHead,
    DeliveryState,
    Draft,
    Drafts,
    Events,
    Inbox,
    ListGroup,
    Objects,
    ObjectWriter,
    Outbox,
    OutboxItem,
    PinnedCard,
    Projections,
    QuarantinedBundle,
    RequestRow,
    Revision,
    Salvaged,
    Samples,
    SentPart,
    Settings,
    StoredEvent,
    VaultHeader,
)
from dsadesk.storage.chain import next_head
from dsadesk.storage.drafts import KEPT_REVISIONS, TYPING
from dsadesk.storage.json_text import from_json, to_json
from dsadesk.storage.keys import checked_length
from dsadesk.storage.moments import from_stored, to_stored
from dsadesk.storage.objects import checked_name
from dsadesk.storage.outbox import DONE, UNFINISHED
from dsadesk.storage.problems import Problem, problem
from dsadesk.storage.words import all_begin, fold, search_words

ItemKey = tuple[BundleId, BoxId]


@dataclass
class _Tables:
    """Everything that a transaction covers. Values are immutable, so a copy of each container is a copy of all of it."""

    events: dict[EventId, StoredEvent] = field(default_factory=dict)
    drafts: dict[RequestId, Draft] = field(default_factory=dict)
    answers: dict[tuple[RequestId, QuestionId], str] = field(default_factory=dict)
    revisions: list[tuple[RequestId, QuestionId, str | None, datetime]] = field(default_factory=list)
    samples: dict[tuple[RequestId, int], AttachedSample] = field(default_factory=dict)
    outbox: dict[ItemKey, OutboxItem] = field(default_factory=dict)
    seen: dict[BundleId, OrganisationId] = field(default_factory=dict)
    looked_at: dict[tuple[BoxId, str], datetime] = field(default_factory=dict)
    heads: dict[tuple[BoxId, DeviceId], ChainHead] = field(default_factory=dict)
    quarantined: dict[str, QuarantinedBundle] = field(default_factory=dict)
    contents: dict[str, bytes] = field(default_factory=dict)
    cards: dict[OrganisationId, tuple[PinnedCard, ...]] = field(default_factory=dict)
    settings: dict[str, bytes] = field(default_factory=dict)
    rows: dict[RequestId, RequestRow] = field(default_factory=dict)

    def snapshot(self) -> dict[str, Any]:
        """Everything as it is now."""
        return {each.name: copy(getattr(self, each.name)) for each in fields(self)}

    def restore(self, snapshot: Mapping[str, Any]) -> None:
        """Puts everything back."""
        for name, value in snapshot.items():
            setattr(self, name, value)


def _utc(at: datetime) -> datetime:
    return from_stored(to_stored(at))


def _plain(value: Any) -> Any:
    return from_json(to_json(value))


class MemoryEvents:
    """Implements `ports.Events`."""

    def __init__(self, tables: _Tables) -> None:
        self._tables = tables

    def append(self, events: Sequence[StoredEvent]) -> tuple[EventId, ...]:
        """Keeps new events and returns the ids that were new. Raises: DamagedVaultError("event-rewritten")."""
        new: dict[EventId, StoredEvent] = {}
        for event in events:
            known = self._tables.events.get(event.id) or new.get(event.id)
            if known is None:
                new[event.id] = event
            elif known.envelope != event.envelope:
                raise DamagedVaultError("event-rewritten", event=event.id)
        self._tables.events.update(new)
        return tuple(new)

    def of_request(self, request: RequestId) -> tuple[StoredEvent, ...]:
        """Every event of a request, in order of arrival."""
        return tuple(event for event in self._tables.events.values() if event.request == request)

    def all(self) -> Iterator[StoredEvent]:
        """Every event in order of arrival."""
        return iter(tuple(self._tables.events.values()))

    def requests(self) -> tuple[RequestId, ...]:
        """Every request that has an event, in order of its first."""
        return tuple(dict.fromkeys(event.request for event in self._tables.events.values()))

    def last_of_device(self, request: RequestId, device: DeviceId) -> StoredEvent | None:
        """The device's newest event in a request."""
        said = [event for event in self.of_request(request) if event.device == device]
        return max(enumerate(said), key=lambda pair: (pair[1].seq, pair[0]))[1] if said else None

    def count(self) -> int:
        """How many events there are."""
        return len(self._tables.events)

    def head(self) -> str:
        """The hash over all events in order of arrival, "" when there is none."""
        head = ""
        for event in self._tables.events.values():
            head = next_head(head, event.sha256)
        return head


class MemoryDrafts:
    """Implements `ports.Drafts`."""

    def __init__(self, tables: _Tables) -> None:
        self._tables = tables

    def put(self, draft: Draft) -> None:
        """Makes a draft or changes its own fields."""
        created_at, updated_at = _utc(draft.created_at), _utc(draft.updated_at)
        self._tables.drafts[draft.request] = replace(draft, created_at=created_at, updated_at=updated_at)

    def get(self, request: RequestId) -> Draft | None:
        """A draft."""
        return self._tables.drafts.get(request)

    def all(self) -> tuple[Draft, ...]:
        """Every draft, newest change first."""
        drafts = self._tables.drafts.values()
        return tuple(sorted(drafts, key=lambda draft: (draft.updated_at, draft.request), reverse=True))

    def save_answer(self, request: RequestId, question: QuestionId, value: Any, at: datetime) -> None:
        """Saves one answer and adds a revision, or types on in the last one; None clears it. Raises: RuleError("no-such-draft")."""
        text = None if value is None else to_json(value)
        draft = self._tables.drafts.get(request)
        if draft is None:
            raise RuleError("no-such-draft", request=request)
        moment = _utc(at)
        self._tables.drafts[request] = replace(draft, updated_at=moment)
        if text is None:
            self._tables.answers.pop((request, question), None)
        else:
            self._tables.answers[(request, question)] = text
        same = [n for n, revision in enumerate(self._tables.revisions) if revision[:2] == (request, question)]
        if same and text is not None and text.startswith('"'):
            _, _, before, since = self._tables.revisions[same[-1]]
            if before is not None and before.startswith('"') and since <= moment < since + TYPING:
                self._tables.revisions[same[-1]] = (request, question, text, since)
                return
        same.append(len(self._tables.revisions))
        self._tables.revisions.append((request, question, text, moment))
        if len(same) > KEPT_REVISIONS:
            del self._tables.revisions[same[0]]

    def answers(self, request: RequestId) -> dict[str, Any]:
        """The answers as they stand."""
        return {question: from_json(text) for (of, question), text in self._tables.answers.items() if of == request}

    def revisions(self, request: RequestId, question: QuestionId | None = None) -> tuple[Revision, ...]:
        """What was saved before, oldest first; the last 200 of each question are kept."""
        return tuple(
            Revision(question=asked, value=None if text is None else from_json(text), at=at)
            for of, asked, text, at in self._tables.revisions
            if of == request and question in (None, asked)
        )

    def discard(self, request: RequestId) -> None:
        """Removes a draft with its answers and revisions."""
        self._tables.drafts.pop(request, None)
        self._tables.answers = {key: text for key, text in self._tables.answers.items() if key[0] != request}
        self._tables.revisions = [revision for revision in self._tables.revisions if revision[0] != request]


class MemorySamples:
    """Implements `ports.Samples`."""

    def __init__(self, tables: _Tables, objects: Objects) -> None:
        self._tables = tables
        self._objects = objects

    def put(self, sample: AttachedSample) -> None:
        """Keeps a sample's record. Raises: DamagedVaultError("object-missing") when its object is not in place."""
        if not self._objects.has(sample.object):
            raise DamagedVaultError("object-missing", object=sample.object)
        self._tables.samples[(sample.request, sample.n)] = replace(sample, profile=_plain(sample.profile))

    def of_request(self, request: RequestId) -> tuple[AttachedSample, ...]:
        """The samples of a request by number."""
        found = [sample for sample in self._tables.samples.values() if sample.request == request]
        return tuple(sorted(found, key=lambda sample: sample.n))

    def remove(self, request: RequestId, n: int) -> None:
        """Forgets a sample's record."""
        self._tables.samples.pop((request, n), None)

    def object_ids(self) -> frozenset[ObjectId]:
        """Every object that a sample names, or a bundle that is still on its way."""
        carried = {
            entry.object for item in self._tables.outbox.values() if item.state not in DONE for entry in item.objects
        }
        return frozenset(carried | {sample.object for sample in self._tables.samples.values()})


class MemoryOutbox:
    """Implements `ports.Outbox`."""

    def __init__(self, tables: _Tables) -> None:
        self._tables = tables

    def put(self, item: OutboxItem) -> None:
        """Journals a new item; the same one again is fine. Raises: RuleError("outbox-item-differs")."""
        known = self.get(item.id, item.box)
        if known is None:
            self._tables.outbox[(item.id, item.box)] = replace(
                item,
                objects=tuple(sorted(item.objects, key=lambda entry: entry.n)),
                parts=_sorted(item.parts),
                created_at=_utc(item.created_at),
                changed_at=_utc(item.changed_at),
            )
        elif (known.sealed, known.seq) != (item.sealed, item.seq):
            raise RuleError("outbox-item-differs", bundle=item.id)

    def get(self, bundle: BundleId, box: BoxId) -> OutboxItem | None:
        """One item."""
        return self._tables.outbox.get((bundle, box))

    def all(self) -> tuple[OutboxItem, ...]:
        """Every item, oldest first."""
        return tuple(self._tables.outbox.values())

    def unfinished(self) -> tuple[OutboxItem, ...]:
        """Items that are queued, being sent, failed or not known yet, oldest first."""
        return tuple(item for item in self._tables.outbox.values() if item.state in UNFINISHED)

    def record_part(self, bundle: BundleId, box: BoxId, part: SentPart) -> None:
        """Remembers that the store acknowledged a part. Raises: RuleError("no-such-outbox-item")."""
        item = self._item(bundle, box)
        others = [each for each in item.parts if (each.n, each.offset) != (part.n, part.offset)]
        self._change(item, parts=_sorted([*others, part]))

    def fix_commit(self, bundle: BundleId, box: BoxId, name: str, commit: bytes) -> None:
        """Fixes the commit's name and bytes; the same again is fine.

        Raises: RuleError("commit-fixed") for another commit, RuleError("no-such-outbox-item").
        """
        item = self._item(bundle, box)
        if item.commit_name and (item.commit_name, item.commit) != (name, commit):
            raise RuleError("commit-fixed", bundle=bundle)
        self._change(item, commit_name=name, commit=commit)

    def mark(self, bundle: BundleId, box: BoxId, state: DeliveryState, at: datetime, problem: str = "") -> None:
        """Changes an item's state; each move to SENDING counts an attempt. Raises: RuleError("no-such-outbox-item")."""
        item = self._item(bundle, box)
        attempts = item.attempts + (state is DeliveryState.SENDING)
        self._change(item, state=state, changed_at=_utc(at), problem=problem, attempts=attempts)

    def bundles_of_request(self, request: RequestId) -> tuple[OutboxItem, ...]:
        """The items that carry a request, oldest first."""
        return tuple(item for item in self._tables.outbox.values() if item.request == request)

    def _item(self, bundle: BundleId, box: BoxId) -> OutboxItem:
        item = self.get(bundle, box)
        if item is None:
            raise RuleError("no-such-outbox-item", bundle=bundle)
        return item

    def _change(self, item: OutboxItem, **changes: Any) -> None:
        self._tables.outbox[(item.id, item.box)] = replace(item, **changes)


def _sorted(parts: Iterable[SentPart]) -> tuple[SentPart, ...]:
    return tuple(sorted(parts, key=lambda part: (part.n, part.offset)))


class MemoryInbox:
    """Implements `ports.Inbox`."""

    def __init__(self, tables: _Tables) -> None:
        self._tables = tables

    def has_seen(self, bundle: BundleId) -> bool:
        """Whether a bundle was taken in before."""
        return bundle in self._tables.seen

    def mark_seen(self, bundle: BundleId, org: OrganisationId, at: datetime) -> None:
        """Remembers a bundle for ever."""
        _utc(at)
        self._tables.seen.setdefault(bundle, org)

    def has_looked_at(self, box: BoxId, name: str) -> bool:
        """Whether a commit of this name was dealt with."""
        return (box, name) in self._tables.looked_at

    def mark_looked_at(self, box: BoxId, name: str, at: datetime) -> None:
        """Remembers a commit's name."""
        self._tables.looked_at.setdefault((box, name), _utc(at))

    def chain_head(self, box: BoxId, device: DeviceId) -> ChainHead | None:
        """The last position of a device's deliveries to a box of ours."""
        return self._tables.heads.get((box, device))

    def move_chain_head(self, box: BoxId, device: DeviceId, head: ChainHead) -> None:
        """Moves the position."""
        self._tables.heads[(box, device)] = head

    def quarantine(self, bundle: QuarantinedBundle, content: bytes) -> None:
        """Keeps a failed bundle with its evidence; the same bundle twice is one record, the first."""
        kept = replace(bundle, fields=_plain(bundle.fields), at=_utc(bundle.at))
        self._tables.quarantined.setdefault(bundle.id, kept)
        self._tables.contents.setdefault(bundle.id, bytes(content))

    def quarantined(self) -> tuple[QuarantinedBundle, ...]:
        """Every failed bundle, newest first."""
        numbered = enumerate(self._tables.quarantined.values())
        ordered = sorted(numbered, key=lambda pair: (pair[1].at, pair[0]), reverse=True)
        return tuple(bundle for _, bundle in ordered)

    def quarantined_content(self, bundle: str) -> bytes:
        """A failed bundle exactly as it came in. Raises: RuleError("no-such-bundle")."""
        if bundle not in self._tables.contents:
            raise RuleError("no-such-bundle", bundle=bundle)
        return self._tables.contents[bundle]

    def drop_quarantined(self, bundle: str) -> None:
        """Forgets a failed bundle and its evidence. Raises: RuleError("no-such-bundle")."""
        if self._tables.quarantined.pop(bundle, None) is None:
            raise RuleError("no-such-bundle", bundle=bundle)
        self._tables.contents.pop(bundle, None)


class MemoryCards:
    """Implements `ports.Cards`. An organisation's last card is the believed one; those before it are its history."""

    def __init__(self, tables: _Tables) -> None:
        self._tables = tables

    def put(self, card: PinnedCard) -> None:
        """Pins a card, or replaces it by a newer one of the same key; what was checked and flagged stays.

        Raises: RuleError("pinned-key") for another fingerprint, RuleError("older-card") for an earlier version.
        """
        known = self.get(card.org)
        if known is None:
            self._tables.cards[card.org] = (_stored(card),)
            return
        if known.fingerprint != card.fingerprint:
            raise RuleError("pinned-key", org=card.org)
        if known.version > card.version:
            raise RuleError("older-card", org=card.org, version=card.version)
        new = {"name": card.name, "version": card.version, "envelope": card.envelope}
        self._change(card.org, updated_at=_utc(card.updated_at), **new)

    def get(self, org: OrganisationId) -> PinnedCard | None:
        """An organisation's card."""
        return self._tables.cards.get(org, (None,))[-1]

    def all(self) -> tuple[PinnedCard, ...]:
        """Every card by name."""
        cards = [history[-1] for history in self._tables.cards.values()]
        return tuple(sorted(cards, key=lambda card: (card.name.casefold(), card.org)))

    def former(self, org: OrganisationId) -> tuple[PinnedCard, ...]:
        """The cards of keys that were believed before, newest first."""
        return self._tables.cards.get(org, ())[-2::-1]

    def add_check(self, org: OrganisationId, check: CardCheck) -> None:
        """Records that someone compared the fingerprint. Raises: RuleError("no-such-card")."""
        self._change(org, checks=(*self._current(org).checks, replace(check, at=_utc(check.at))))

    def flag_change(self, org: OrganisationId, fingerprint: str) -> None:
        """Records that a card with another key came in; "" lifts it. Raises: RuleError("no-such-card")."""
        self._change(org, changed_to=fingerprint)

    def replace_key(self, card: PinnedCard) -> None:
        """Believes another key from now on. Raises: RuleError("no-such-card"), RuleError("same-key")."""
        if self._current(card.org).fingerprint == card.fingerprint:
            raise RuleError("same-key", org=card.org)
        self._tables.cards[card.org] += (_stored(card),)

    def _current(self, org: OrganisationId) -> PinnedCard:
        card = self.get(org)
        if card is None:
            raise RuleError("no-such-card", org=org)
        return card

    def _change(self, org: OrganisationId, **changes: Any) -> None:
        changed = replace(self._current(org), **changes)
        self._tables.cards[org] = (*self._tables.cards[org][:-1], changed)


def _stored(card: PinnedCard) -> PinnedCard:
    checks = tuple(replace(check, at=_utc(check.at)) for check in card.checks)
    return replace(card, checks=checks, first_seen_at=_utc(card.first_seen_at), updated_at=_utc(card.updated_at))


class MemorySettings:
    """Implements `ports.Settings`."""

    def __init__(self, tables: _Tables) -> None:
        self._tables = tables

    def read(self, name: str) -> bytes | None:
        """A value."""
        return self._tables.settings.get(name)

    def write(self, name: str, value: bytes) -> None:
        """Keeps a value."""
        self._tables.settings[name] = bytes(value)

    def remove(self, name: str) -> None:
        """Forgets a value."""
        self._tables.settings.pop(name, None)


class MemoryProjections:
    """Implements `ports.Projections`."""

    def __init__(self, tables: _Tables) -> None:
        self._tables = tables

    def put(self, row: RequestRow) -> None:
        """Adds or changes a row."""
        self._tables.rows[row.request] = replace(row, updated_at=_utc(row.updated_at))

    def remove(self, request: RequestId) -> None:
        """Removes a row."""
        self._tables.rows.pop(request, None)

    def get(self, request: RequestId) -> RequestRow | None:
        """One row."""
        return self._tables.rows.get(request)

    def ids(
        self, *, groups: frozenset[ListGroup] | None = None, side: Side | None = None, search: str = ""
    ) -> tuple[RequestId, ...]:
        """A snapshot of the matching rows' ids, newest change first."""
        asked = search_words(search)
        if search.strip() and not asked:
            return ()
        found = [
            row
            for row in self._tables.rows.values()
            if (groups is None or row.group in groups)
            and (side is None or row.side is side)
            and all_begin(asked, f"{row.title} {row.reference} {row.counterpart}")
        ]
        found.sort(key=lambda row: (row.updated_at, row.request), reverse=True)
        return tuple(row.request for row in found)

    def rows(self, requests: Sequence[RequestId]) -> tuple[RequestRow, ...]:
        """The rows of these ids, in their order; ids without a row are left out."""
        return tuple(self._tables.rows[request] for request in requests if request in self._tables.rows)

    def counts(self) -> Mapping[ListGroup, int]:
        """How many rows each list has."""
        groups = [row.group for row in self._tables.rows.values()]
        return {group: groups.count(group) for group in ListGroup}


class MemoryCatalogue:
    """Implements `ports.CatalogueIndex`."""

    def __init__(self) -> None:
        self._sources: dict[str, dict[str, Dataset]] = {}

    def replace(self, source: str, records: Iterable[Dataset]) -> int:
        """Puts a source's records in place of what it gave before, all or nothing."""
        new = {record.identifier: record for record in records}
        self._sources.pop(source, None)
        self._sources[source] = new
        return len(new)

    def search(self, words: str, limit: int = 50) -> tuple[Dataset, ...]:
        """Datasets that match every word by prefix, those by name first; all of them by title when there is no word."""
        asked = search_words(words)
        by_title = sorted(self._all(), key=lambda record: fold(record.title))
        if not words.strip():
            return tuple(by_title[:limit])
        if not asked:
            return ()
        by_name = [record for record in by_title if all_begin(asked, f"{record.title} {record.publisher}")]
        by_text = [record for record in by_title if all_begin(asked, _text(record)) and record not in by_name]
        return tuple([*by_name, *by_text][:limit])

    def get(self, identifier: str) -> Dataset | None:
        """One dataset, from the source that came last."""
        found = [records[identifier] for records in self._sources.values() if identifier in records]
        return found[-1] if found else None

    def count(self) -> int:
        """How many datasets there are."""
        return len(self._all())

    def _all(self) -> list[Dataset]:
        return [record for records in self._sources.values() for record in records.values()]


def _text(record: Dataset) -> str:
    names = f"{record.title} {record.publisher} {record.description}"
    return f"{names} {record.identifier} {record.licence} {record.access_rights} {record.contact_name}"


class MemoryObjectWriter:
    """Implements `ports.ObjectWriter`."""

    def __init__(self, kept: dict[ObjectId, bytes]) -> None:
        self._kept = kept
        self._file = io.BytesIO()

    @property
    def file(self) -> BinaryIO:
        """Where the encrypted bytes go."""
        return self._file

    def commit(self, name: ObjectId) -> None:
        """Keeps the bytes under a name; a name that exists already is kept. Raises: ValueError for a bad name."""
        self._kept.setdefault(checked_name(name), self._file.getvalue())
        self.abort()

    def abort(self) -> None:
        """Drops what was written. Called twice, or after commit, it does nothing."""
        self._file.close()


class MemoryObjects:
    """Implements `ports.Objects`."""

    def __init__(self) -> None:
        self._kept: dict[ObjectId, bytes] = {}

    def create(self) -> ObjectWriter:
        """Begins a new object."""
        return MemoryObjectWriter(self._kept)

    def open(self, name: ObjectId) -> BinaryIO:
        """An object for reading, seekable. Raises: DamagedVaultError("object-missing")."""
        return io.BytesIO(self._bytes(name))

    def size(self, name: ObjectId) -> int:
        """An object's size in bytes. Raises: DamagedVaultError("object-missing")."""
        return len(self._bytes(name))

    def has(self, name: ObjectId) -> bool:
        """Whether the object is in place."""
        return checked_name(name) in self._kept

    def remove(self, name: ObjectId) -> None:
        """Removes an object; removing twice is fine."""
        self._kept.pop(checked_name(name), None)

    def sweep(self, keep: frozenset[ObjectId]) -> int:
        """Removes objects that are not to be kept."""
        unwanted = self._kept.keys() - keep
        for name in unwanted:
            del self._kept[name]
        return len(unwanted)

    def names(self) -> frozenset[ObjectId]:
        """Every object that is in place."""
        return frozenset(self._kept)

    def _bytes(self, name: ObjectId) -> bytes:
        try:
            return self._kept[checked_name(name)]
        except KeyError:
            raise DamagedVaultError("object-missing", object=name) from None


class MemoryVault:
    """Implements `ports.Vault`. Objects and the catalogue stand outside transactions, as they do on disk."""

    def __init__(self, vault_id: str = "memory") -> None:
        self._id = vault_id
        self._tables = tables = _Tables()
        self._objects = MemoryObjects()
        self.is_open = True
        self.objects: Objects = self._objects
        self.events: Events = MemoryEvents(tables)
        self.drafts: Drafts = MemoryDrafts(tables)
        self.samples: Samples = MemorySamples(tables, self._objects)
        self.outbox: Outbox = MemoryOutbox(tables)
        self.inbox: Inbox = MemoryInbox(tables)
        self.cards: Cards = MemoryCards(tables)
        self.settings: Settings = MemorySettings(tables)
        self.projections: Projections = MemoryProjections(tables)
        self.catalogue: CatalogueIndex = MemoryCatalogue()

    @property
    def id(self) -> str:
        """The vault's own id."""
        return self._id

    @property
    def folder(self) -> Path | None:
        """Nowhere."""
        return None

    @property
    def open_problems(self) -> tuple[Problem, ...]:
        """Nothing outside it could disagree."""
        return ()

    def transaction(self) -> AbstractContextManager[None]:
        """All changes inside happen together, or not at all; a nested block that fails undoes itself alone."""
        return self._transaction()

    @contextlib.contextmanager
    def _transaction(self) -> Iterator[None]:
        snapshot = self._tables.snapshot()
        try:
            yield
        except BaseException:
            self._tables.restore(snapshot)
            raise

    def check(self) -> tuple[Problem, ...]:
        """Looks for objects that are missing or that nothing names."""
        carried = {entry.object for item in self._tables.outbox.values() for entry in item.objects}
        named, needed, present = self.samples.object_ids() | carried, self.samples.object_ids(), self._objects.names()
        missing = (problem("object-missing", f"The object {name[:16]}… is not there.") for name in needed - present)
        extra = (problem("object-unclaimed", f"No record names the object {name[:16]}….") for name in present - named)
        keys = {sample.object: sample.file_key for sample in self._tables.samples.values()}
        damaged = (
            problem("object-damaged", f"The object {name[:16]}… is not what was kept under its name.")
            for name in sorted(present & named)
            if is_damaged(self._objects.open(name), name, keys.get(name))
        )
        return (*missing, *damaged, *extra)

    def backup(self, target: Path) -> None:
        """Refuses: what lies in memory is never written down. Raises: StoreRefusedError("memory-only")."""
        raise StoreRefusedError("memory-only", target=target.name)

    def accept_history(self) -> None:
        """Does nothing: there is no record outside it."""

    def close(self) -> None:
        """Lets go of the place. Closing twice is fine."""
        self.is_open = False


class MemoryPlace:
    """Implements `ports.VaultPlace`. A vault that was closed opens again with what it held."""

    def __init__(self) -> None:
        self._header: VaultHeader | None = None
        self._vault: MemoryVault | None = None
        self._data_key = b""
        self.set_aside_vaults: list[tuple[str, MemoryVault]] = []

    @property
    def folder(self) -> Path | None:
        """Nowhere."""
        return None

    def exists(self) -> bool:
        """Whether a vault was made here."""
        return self._header is not None

    def header(self) -> VaultHeader:
        """Reads the header. Raises: VaultMissingError."""
        if self._header is None:
            raise VaultMissingError("vault-missing")
        return self._header

    def write_header(self, header: VaultHeader) -> None:
        """Replaces the header. Raises: VaultMissingError, RuleError("other-vault")."""
        if self.header().id != header.id:
            raise RuleError("other-vault")
        self._header = header

    def create(self, header: VaultHeader, data_key: bytes) -> MemoryVault:
        """Makes a vault. Raises: WrongKeyError("key-length"), RuleError("vault-exists")."""
        checked_length(data_key)
        if self._header is not None:
            raise RuleError("vault-exists")
        self._header, self._data_key, self._vault = header, data_key, MemoryVault(header.id)
        return self._vault

    def open(self, data_key: bytes) -> MemoryVault:
        """Opens the vault. Raises: VaultMissingError, WrongKeyError, VaultBusyError."""
        checked_length(data_key)
        self.header()
        if not hmac.compare_digest(self._data_key, data_key):
            raise WrongKeyError("wrong-key")
        if self._vault is None:
            raise VaultError("vault-closed")
        if self._vault.is_open:
            raise VaultBusyError("vault-busy")
        self._vault.is_open = True
        return self._vault

    def set_aside(self, suffix: str) -> Path | None:
        """Moves the vault out of the way. Raises: VaultBusyError while it is open."""
        if self._vault is not None:
            if self._vault.is_open:
                raise VaultBusyError("vault-busy")
            self.set_aside_vaults.append((suffix, self._vault))
        self._header, self._vault, self._data_key = None, None, b""
        return None

    def header_of_backup(self, backup: Path) -> VaultHeader:
        """Refuses. Raises: StoreRefusedError("memory-only")."""
        raise StoreRefusedError("memory-only", target=backup.name)

    def restore(self, backup: Path, suffix: str) -> Path | None:
        """Refuses: there is no folder to restore into. Raises: StoreRefusedError("memory-only")."""
        del suffix
        raise StoreRefusedError("memory-only", target=backup.name)

    def salvage(self, data_key: bytes, suffix: str) -> tuple[Salvaged, Path]:
        """Refuses: what lies in memory cannot be damaged. Raises: StoreRefusedError("memory-only")."""
        del data_key, suffix
        raise StoreRefusedError("memory-only", target="memory")
