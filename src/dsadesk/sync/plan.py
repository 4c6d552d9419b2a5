"""What to send next, from what the journal says. Pure: the same journal gives the same step, so a killed sender goes on where it was."""

from __future__ import annotations

from msgspec import Struct

from dsadesk.ports import DeliveryState, OutboxItem
from dsadesk.sync.commit import INLINE_BYTES

FOLDER_PART_BYTES = 4 * 1024 * 1024


class SendPart(Struct, frozen=True):
    """Send this range of object `n`."""

    n: int
    offset: int
    length: int


class FixCommit(Struct, frozen=True):
    """All parts are acknowledged: fix the commit's name and bytes in the journal."""


class SendCommit(Struct, frozen=True):
    """Send the commit that the journal has fixed."""


class Nothing(Struct, frozen=True):
    """This item needs nothing more from us."""


Step = SendPart | FixCommit | SendCommit | Nothing

_UNFINISHED = frozenset({DeliveryState.QUEUED, DeliveryState.SENDING, DeliveryState.UNKNOWN, DeliveryState.FAILED})


def rides_inside(item: OutboxItem) -> bool:
    """Whether the objects are small enough to travel inside the commit."""
    return sum(entry.payload_size for entry in item.objects) <= INLINE_BYTES


def next_step(item: OutboxItem, part_bytes: int = FOLDER_PART_BYTES) -> Step:
    """The next step that brings an item towards its commit."""
    if item.state not in _UNFINISHED:
        return Nothing()
    if item.commit_name:
        return SendCommit()
    if not rides_inside(item):
        for entry in item.objects:
            offset = _acknowledged(item, entry.n)
            if offset < entry.payload_size:
                return SendPart(entry.n, offset, min(part_bytes, entry.payload_size - offset))
    return FixCommit()


def bytes_total(item: OutboxItem) -> int:
    """How many bytes an item has to bring to the store, near enough to show."""
    return len(item.sealed) + sum(entry.payload_size for entry in item.objects)


def bytes_acknowledged(item: OutboxItem) -> int:
    """How many of them the store has acknowledged."""
    if item.state in (DeliveryState.COMMITTED, DeliveryState.DELIVERED):
        return bytes_total(item)
    return sum(part.length for part in item.parts)


def _acknowledged(item: OutboxItem, n: int) -> int:
    """Where the unbroken run of acknowledged parts of an object ends."""
    offset = 0
    for part in sorted((p for p in item.parts if p.n == n), key=lambda p: p.offset):
        if part.offset == offset:
            offset += part.length
    return offset
