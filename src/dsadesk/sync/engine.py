"""Sends journalled bundles, one step at a time. Kill it after any step and run it again: nothing is lost and nothing is doubled.

Invariants (docs/formats/store.md): a commit is visible only after all its parts were acknowledged (I1); nothing is sent that is not
journalled, and a retry repeats the same bytes (I2); no name is ever written with two contents (I3).
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Callable, Sequence
from datetime import datetime

from dsadesk import age
from dsadesk.domain.ids import BoxId, BundleId
from dsadesk.errors import StoreError, StoreRefusedError
from dsadesk.ports import Clock, DeliveryState, Entropy, OutboxItem, SentPart, Transport, Vault
from dsadesk.sync.commit import ObjectRef, PartRef, build_commit, part_name
from dsadesk.sync.plan import (
    FixCommit,
    Journal,
    Nothing,
    ObjectSize,
    Range,
    SendCommit,
    SendPart,
    next_step,
    rides_inside,
)

Progress = Callable[[OutboxItem], None]
RecipientsOf = Callable[[OutboxItem], Sequence[age.Recipient]]


_UNFINISHED = frozenset({DeliveryState.QUEUED, DeliveryState.SENDING, DeliveryState.UNKNOWN, DeliveryState.FAILED})


def journal_of(item: OutboxItem) -> Journal:
    """An outbox item as a plan sees it."""
    return Journal(
        is_finished=item.state not in _UNFINISHED,
        commit_is_fixed=bool(item.commit_name),
        objects=tuple(ObjectSize(entry.n, entry.payload_size) for entry in item.objects),
        acknowledged=tuple(Range(part.n, part.offset, part.length) for part in item.parts),
    )


def bytes_total(item: OutboxItem) -> int:
    """How many bytes an item has to bring to the store, near enough to show."""
    return len(item.sealed) + sum(entry.payload_size for entry in item.objects)


def bytes_acknowledged(item: OutboxItem) -> int:
    """How many of them the store has acknowledged."""
    if item.state in (DeliveryState.COMMITTED, DeliveryState.DELIVERED):
        return bytes_total(item)
    return sum(part.length for part in item.parts)


class Sender:
    """Brings outbox items to the committed state over one transport."""

    def __init__(
        self, vault: Vault, transport: Transport, recipients: RecipientsOf, clock: Clock, entropy: Entropy
    ) -> None:
        self._vault = vault
        self._transport = transport
        self._recipients = recipients
        self._clock = clock
        self._entropy = entropy

    def send(self, bundle: BundleId, box: BoxId, progress: Progress = lambda _: None) -> OutboxItem:
        """Sends one item as far as it goes and returns it as it then stands.

        Raises: StoreError when the store refuses or is not there; the item then says so and can be sent again.
        """
        item = self._item(bundle, box)
        try:
            self._transport.check()
        except StoreError as error:
            # Nothing was sent: the item waits as it did, and says why.
            self._vault.outbox.mark(bundle, box, item.state, self._clock.now(), error.code)
            raise
        try:
            while self.step(item):
                item = self._item(bundle, box)
                progress(item)
        except StoreError as error:
            # A lost reply leaves the outcome open: the next run finds the same name with the same bytes, or nothing, and goes on.
            refused = isinstance(error, StoreRefusedError)
            state = DeliveryState.FAILED if refused else DeliveryState.UNKNOWN
            self._vault.outbox.mark(bundle, box, state, self._clock.now(), error.code)
            raise
        return self._item(bundle, box)

    def step(self, item: OutboxItem) -> bool:
        """Takes the next step of an item. False when there was none to take."""
        step = next_step(journal_of(item))
        if isinstance(step, Nothing):
            return False
        if item.state is not DeliveryState.SENDING:
            self._vault.outbox.mark(item.id, item.box, DeliveryState.SENDING, self._clock.now())
        match step:
            case SendPart(range=wanted):
                self._send_part(item, wanted)
            case FixCommit():
                name, data = build_commit(
                    item.box,
                    self._store_now(),
                    sealed=item.sealed,
                    objects=self._references(item),
                    recipients=self._recipients(item),
                    entropy=self._entropy.token,
                )
                self._vault.outbox.fix_commit(item.id, item.box, name, data)
            case SendCommit():
                self._transport.put(item.commit_name, item.commit)
                self._vault.outbox.mark(item.id, item.box, DeliveryState.COMMITTED, self._clock.now())
        return True

    def _send_part(self, item: OutboxItem, wanted: Range) -> None:
        data = self._read(item, wanted)
        name = part_name(item.box, item.created_at, data)
        self._transport.put(name, data)
        part = SentPart(
            n=wanted.n,
            offset=wanted.offset,
            length=wanted.length,
            sha256=hashlib.sha256(data).hexdigest(),
            name=name,
        )
        self._vault.outbox.record_part(item.id, item.box, part)

    def _read(self, item: OutboxItem, wanted: Range) -> bytes:
        entry = next(entry for entry in item.objects if entry.n == wanted.n)
        with self._vault.objects.open(entry.object) as handle:
            handle.seek(wanted.offset)
            return handle.read(wanted.length)

    def _references(self, item: OutboxItem) -> tuple[ObjectRef, ...]:
        inside = rides_inside(journal_of(item).objects)
        refs = []
        for entry in item.objects:
            parts = tuple(
                PartRef(name=part.name, offset=part.offset, length=part.length)
                for part in sorted(item.parts, key=lambda part: part.offset)
                if part.n == entry.n
            )
            whole = Range(entry.n, 0, entry.payload_size)
            inline = base64.b64encode(self._read(item, whole)).decode() if inside else ""
            header = base64.b64encode(entry.header).decode()
            refs.append(ObjectRef(n=entry.n, header=header, size=entry.payload_size, parts=parts, inline=inline))
        return tuple(refs)

    def _store_now(self) -> datetime:
        return self._transport.store_time() or self._clock.now()

    def _item(self, bundle: BundleId, box: BoxId) -> OutboxItem:
        item = self._vault.outbox.get(bundle, box)
        if item is None:
            raise StoreRefusedError("not-in-outbox", bundle=bundle)
        return item
