"""What to send next, from what the journal says. Pure: the same journal gives the same step, so a killed sender goes on where it was."""

from __future__ import annotations

from collections.abc import Sequence

from msgspec import Struct

FOLDER_PART_BYTES = 4 * 1024 * 1024
INLINE_BYTES = 48 * 1024


class ObjectSize(Struct, frozen=True):
    """Object `n` of a bundle, with the size of its encrypted payload in bytes."""

    n: int
    size: int


class Range(Struct, frozen=True):
    """A run of bytes of object `n`."""

    n: int
    offset: int
    length: int


class Journal(Struct, frozen=True, kw_only=True):
    """An outbox item as far as a plan needs it. `acknowledged` are the ranges that the store has."""

    is_finished: bool
    commit_is_fixed: bool
    objects: tuple[ObjectSize, ...]
    acknowledged: tuple[Range, ...]


class SendPart(Struct, frozen=True):
    """Send this range."""

    range: Range


class FixCommit(Struct, frozen=True):
    """All parts are acknowledged: fix the commit's name and bytes in the journal."""


class SendCommit(Struct, frozen=True):
    """Send the commit that the journal has fixed."""


class Nothing(Struct, frozen=True):
    """This item needs nothing more from us."""


Step = SendPart | FixCommit | SendCommit | Nothing


def rides_inside(objects: Sequence[ObjectSize]) -> bool:
    """Whether the objects are small enough to travel inside the commit."""
    return sum(entry.size for entry in objects) <= INLINE_BYTES


def next_step(journal: Journal, part_bytes: int = FOLDER_PART_BYTES) -> Step:
    """The next step that brings an item towards its commit."""
    if journal.is_finished:
        return Nothing()
    if journal.commit_is_fixed:
        return SendCommit()
    if not rides_inside(journal.objects):
        for entry in journal.objects:
            offset = _acknowledged(journal, entry.n)
            if offset < entry.size:
                return SendPart(Range(entry.n, offset, min(part_bytes, entry.size - offset)))
    return FixCommit()


def _acknowledged(journal: Journal, n: int) -> int:
    """Where the unbroken run of acknowledged ranges of an object ends."""
    offset = 0
    for part in sorted((p for p in journal.acknowledged if p.n == n), key=lambda p: p.offset):
        if part.offset == offset:
            offset += part.length
    return offset
