"""What is still to be sent, and in what order, from what the journal says. Pure: a killed sender reads the same journal and goes on.

Where one part ends and the next begins is free until the store has acknowledged it. So ranges are cut off a pool when a connection is free
for them, and those that fail return to it and may be cut differently.
"""

from __future__ import annotations

import bisect
from collections.abc import Iterable, Sequence

from msgspec import Struct

INLINE_BYTES = 48 * 1024
MANIFEST = 0
"""The number of the sealed manifest among the objects of a bundle, which count from 1."""


class ObjectSize(Struct, frozen=True):
    """Object `n` of a bundle, with the size of its encrypted payload in bytes; or its sealed manifest."""

    n: int
    size: int


class Range(Struct, frozen=True, order=True):
    """A run of bytes of object `n`."""

    n: int
    offset: int
    length: int

    @property
    def end(self) -> int:
        """Where the next range begins."""
        return self.offset + self.length


class Journal(Struct, frozen=True, kw_only=True):
    """An outbox item as far as a plan needs it. `acknowledged` are the ranges that the store has."""

    is_finished: bool
    commit_is_fixed: bool
    objects: tuple[ObjectSize, ...]
    acknowledged: tuple[Range, ...]


def rides_inside(objects: Sequence[ObjectSize]) -> bool:
    """Whether the manifest and the objects are small enough together to travel inside the commit."""
    return sum(entry.size for entry in objects) <= INLINE_BYTES


def missing(journal: Journal) -> tuple[Range, ...]:
    """The ranges that the store has not acknowledged, in order, as long as they can be. None when all rides inside the commit."""
    if rides_inside(journal.objects):
        return ()
    found = []
    for entry in journal.objects:
        offset = 0
        for have in sorted(part for part in journal.acknowledged if part.n == entry.n):
            if have.offset > offset:
                found.append(Range(entry.n, offset, have.offset - offset))
            offset = max(offset, have.end)
        if offset < entry.size:
            found.append(Range(entry.n, offset, entry.size - offset))
    return tuple(found)


def urgency(size: int, *, rides_inside: bool) -> int:
    """How long an item may wait behind others: small events before samples, small samples before large ones. Less is sooner."""
    return 0 if rides_inside else 1 + size.bit_length()


class Pool:
    """The ranges of one item that nobody carries now. Whatever is cut and given back, no byte is in it twice."""

    def __init__(self, ranges: Iterable[Range]) -> None:
        self._free = sorted(ranges)
        self.left = sum(each.length for each in self._free)

    def cut(self, most: int) -> Range | None:
        """Takes the first bytes that are left, at most so many. None when there are none."""
        if not self._free:
            return None
        first = self._free[0]
        length = min(first.length, most)
        if length < first.length:
            self._free[0] = Range(first.n, first.offset + length, first.length - length)
        else:
            del self._free[0]
        self.left -= length
        return Range(first.n, first.offset, length)

    def give_back(self, failed: Range) -> None:
        """Takes back a range that did not arrive, and joins it to its neighbours."""
        at = bisect.bisect(self._free, failed)
        self.left += failed.length
        if at < len(self._free) and _touch(failed, self._free[at]):
            failed = Range(failed.n, failed.offset, failed.length + self._free.pop(at).length)
        if at and _touch(self._free[at - 1], failed):
            before = self._free.pop(at - 1)
            failed, at = Range(before.n, before.offset, before.length + failed.length), at - 1
        self._free.insert(at, failed)


def _touch(left: Range, right: Range) -> bool:
    return left.n == right.n and left.end == right.offset
