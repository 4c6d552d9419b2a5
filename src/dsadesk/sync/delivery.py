"""One outbox item during a run: its journal, what is under way, what is left, and how it ended."""

from __future__ import annotations

import base64
import io
from collections import deque
from collections.abc import Callable
from dataclasses import replace
from typing import BinaryIO, NamedTuple

from dsadesk.domain.ids import ObjectId
from dsadesk.errors import DsadeskError
from dsadesk.ports import DeliveryState, OutboxItem, SentPart
from dsadesk.sync.commit import MAX_PARTS, ObjectRef, PartRef
from dsadesk.sync.orders import Key, Payload, PutCommit, PutPart, Remedy, Route
from dsadesk.sync.plan import MANIFEST, Journal, ObjectSize, Pool, Range, missing, rides_inside, urgency
from dsadesk.sync.shown import Going, Rate

_UNFINISHED = frozenset({DeliveryState.QUEUED, DeliveryState.SENDING, DeliveryState.UNKNOWN, DeliveryState.FAILED})
_GONE = frozenset({DeliveryState.COMMITTED, DeliveryState.DELIVERED})
_SMALLEST_CUT = 1024


def journal_of(item: OutboxItem) -> Journal:
    """An outbox item as a plan sees it."""
    return Journal(
        is_finished=item.state not in _UNFINISHED,
        commit_is_fixed=bool(item.commit_name),
        objects=(
            ObjectSize(MANIFEST, len(item.sealed)),
            *(ObjectSize(entry.n, entry.payload_size) for entry in item.objects),
        ),
        acknowledged=tuple(Range(part.n, part.offset, part.length) for part in item.parts),
    )


def bytes_total(item: OutboxItem) -> int:
    """How many bytes an item has to bring to the store, near enough to show."""
    return len(item.sealed) + sum(entry.payload_size for entry in item.objects)


def bytes_acknowledged(item: OutboxItem) -> int:
    """How many of them the store has acknowledged."""
    return bytes_total(item) if item.state in _GONE else sum(part.length for part in item.parts)


def where_manifest_lies(item: OutboxItem) -> bytes | tuple[PartRef, ...]:
    """The sealed manifest where it rides inside the commit, else its parts."""
    return item.sealed if rides_inside(journal_of(item).objects) else _parts_of(item, MANIFEST)


def references(item: OutboxItem, read: Callable[[int, int], bytes]) -> tuple[ObjectRef, ...]:
    """Where the objects of an item lie, for its commit. `read` gives all of object `n` of a size, where it rides inside."""
    inside = rides_inside(journal_of(item).objects)
    refs = []
    for entry in item.objects:
        inline = base64.b64encode(read(entry.n, entry.payload_size)).decode() if inside else ""
        header = base64.b64encode(entry.header).decode()
        parts = _parts_of(item, entry.n)
        refs.append(ObjectRef(n=entry.n, header=header, size=entry.payload_size, parts=parts, inline=inline))
    return tuple(refs)


def _parts_of(item: OutboxItem, n: int) -> tuple[PartRef, ...]:
    found = sorted((part for part in item.parts if part.n == n), key=lambda part: part.offset)
    return tuple(PartRef(part.name.rsplit("/", 1)[-1], part.length) for part in found)


class Out(NamedTuple):
    """Something on its way: a range, or None for the commit; its size, when the first copy of it began, and how many copies there are."""

    range: Range | None
    size: int
    began: float
    copies: int


class Delivery:
    """An item on its way. `number` is its place among those that came to the run; `mends` says that its store has lost some of it."""

    def __init__(self, item: OutboxItem, number: int) -> None:
        journal = journal_of(item)
        self.key: Key = (item.id, item.box)
        self.item = item
        self.store = ""
        self.mends = item.state is DeliveryState.COMMITTED
        self.order = (urgency(bytes_total(item), rides_inside=rides_inside(journal.objects)), number)
        self.in_flight = 0
        self._commits: list[float] = []
        self.going = Going.WAITING
        self.fault: DsadeskError | None = None
        self.remedy = Remedy.AGAIN
        self.rate = Rate()
        self.recuts = 0
        self._flying: dict[Range, list[float]] = {}
        self._arrived: set[Range] = set()
        self._pool = Pool(() if journal.commit_is_fixed or journal.is_finished else missing(journal))
        self._known = deque(item.parts if self.mends else ())
        self._payloads: dict[int, Payload] = {}
        self._least = -(-bytes_total(item) // (MAX_PARTS - 10_000))
        self._recut = 0

    @property
    def is_over(self) -> bool:
        """Whether this run does nothing more for it."""
        return self.going in (Going.SENT, Going.STOPPED)

    @property
    def left(self) -> int:
        """How many bytes nobody carries yet."""
        return self._pool.left

    @property
    def least_part(self) -> int:
        """The least part that keeps the list of parts within its limit."""
        return self._least

    @property
    def awaits_parts(self) -> bool:
        """Whether something is under way that has to arrive before the commit. A second copy of what has arrived does not."""
        return any(each not in self._arrived for each in self._flying)

    def began(self, order: PutPart, now: float) -> None:
        """A range is on its way, for the first time or once more."""
        self._flying.setdefault(order.range, []).append(now)

    def ended(self, order: PutPart) -> bool:
        """One copy of a range ended, well or not. False when another copy had arrived before: then it does not matter how."""
        copies = self._flying.get(order.range, [])
        if len(copies) > 1:
            copies.pop()
        else:
            self._flying.pop(order.range, None)
        return order.range not in self._arrived

    @property
    def commit_is_out(self) -> bool:
        """Whether the commit is on its way."""
        return bool(self._commits)

    def commit_began(self, now: float) -> None:
        """The commit is on its way, for the first time or once more."""
        self._commits.append(now)

    def last_out(self) -> Out | None:
        """What has been on its way for longest of all that has to arrive."""
        if self._commits:
            return Out(None, len(self.item.commit), self._commits[0], len(self._commits))
        waiting = [(copies[0], each) for each, copies in self._flying.items() if each not in self._arrived]
        if not waiting:
            return None
        # What goes once comes before what goes twice already.
        began, found = min(waiting, key=lambda pair: (len(self._flying[pair[1]]), pair))
        return Out(found, found.length, began, len(self._flying[found]))

    def repeat(self, late: Range, route: Route, opened: Callable[[ObjectId], BinaryIO]) -> PutPart:
        """The same range once more, over another connection. Raises: DamagedVaultError."""
        payload = self.payload(late.n, opened)
        return PutPart(route=route, key=self.key, range=late, payload=payload, day=self.item.created_at)

    def next_part(self, most: int, route: Route, opened: Callable[[ObjectId], BinaryIO]) -> PutPart | None:
        """The next range to send, at most so many bytes. None when all are under way or done. Raises: DamagedVaultError."""
        if self._known:
            part = self._known[0]
            payload = self.payload(part.n, opened)
            self._known.popleft()
            wanted, known = Range(part.n, part.offset, part.length), part
        else:
            cut = self._pool.cut(min(most, self._recut) if self._recut else most)
            if cut is None:
                return None
            self._recut = 0
            wanted, known, payload = cut, None, self._payload_or_give_back(cut, opened)
        return PutPart(route=route, key=self.key, range=wanted, payload=payload, day=self.item.created_at, known=known)

    def payload(self, n: int, opened: Callable[[ObjectId], BinaryIO]) -> Payload:
        """Object `n`, or the sealed manifest, opened once. Raises: DamagedVaultError when it is gone."""
        if n not in self._payloads:
            found = (entry.object for entry in self.item.objects if entry.n == n)
            self._payloads[n] = Payload(io.BytesIO(self.item.sealed) if n == MANIFEST else opened(next(found)))
        return self._payloads[n]

    def _payload_or_give_back(self, cut: Range, opened: Callable[[ObjectId], BinaryIO]) -> Payload:
        try:
            return self.payload(cut.n, opened)
        except DsadeskError:
            self._pool.give_back(cut)
            raise

    def take_back(self, order: PutPart | PutCommit) -> None:
        """An order came to nothing."""
        if isinstance(order, PutCommit):
            self._commits = self._commits[1:]
        elif order.known is not None:
            self._known.append(order.known)
        elif order.range not in self._flying:
            self._pool.give_back(order.range)

    def cut_otherwise(self, refused: Range) -> bool:
        """The store holds something else under a part's name: cut the range so that it gets another. False when that was tried enough."""
        self.recuts += 1
        self._recut = max(_SMALLEST_CUT, refused.length // 2)
        return self.recuts <= 8 and refused.length > _SMALLEST_CUT

    def acknowledge(self, part: SentPart, now: float) -> None:
        """The store has a part."""
        self.rate.add(part.length, now)
        self._arrived.add(Range(part.n, part.offset, part.length))
        if not self.mends:
            self.item = replace(self.item, parts=(*self.item.parts, part))

    def change(self, **changes: object) -> None:
        """The journal of the item changed."""
        self.item = replace(self.item, **changes)  # type: ignore[arg-type]

    def end(self, going: Going, fault: DsadeskError | None = None, remedy: Remedy = Remedy.AGAIN) -> None:
        """Nothing more is done for it in this run, unless what is under way ends well after all."""
        self.going, self.fault, self.remedy = going, fault, remedy
        if not self.in_flight:
            self.close()

    def close(self) -> None:
        """Lets go of its files."""
        for payload in self._payloads.values():
            payload.close()
        self._payloads.clear()
