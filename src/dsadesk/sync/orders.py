"""What a connection is told to do, how it is done, and what came of it. Nothing here knows the vault.

An order carries all that it needs: where to, and where its bytes are read. So it can be carried out by any thread that has a transport.
"""

from __future__ import annotations

import hashlib
import threading
from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from typing import BinaryIO

from dsadesk.domain.ids import BoxId, BundleId
from dsadesk.errors import (
    DamagedVaultError,
    DsadeskError,
    StoreError,
    StoreFullError,
    StoreMissingError,
    StoreReadOnlyError,
    StoreRefusedError,
    StoreUnreachableError,
    TransferStoppedError,
    VaultError,
)
from dsadesk.ports import NO_ACCESS, Parts, Readies, SentPart, StoreAccess, TellsCuts, TellsRoundTrip, Transport
from dsadesk.sync.commit import part_name
from dsadesk.sync.plan import Range

Key = tuple[BundleId, BoxId]
"""Which delivery: a bundle and the inbox that it goes to."""


class Remedy(Enum):
    """What mends a fault: trying again, a person, nothing; or nothing has to, because somebody stopped it."""

    AGAIN = "again"
    NEEDS_YOU = "needs-you"
    NEVER = "never"
    STOPPED = "stopped"


def remedy_of(error: DsadeskError) -> Remedy:
    """Sorts a fault by what mends it."""
    match error:
        case TransferStoppedError():
            return Remedy.STOPPED
        case StoreRefusedError():
            return Remedy.NEVER
        case StoreMissingError() | StoreReadOnlyError() | StoreFullError():
            return Remedy.NEEDS_YOU
        case StoreError():
            return Remedy.AGAIN
        case VaultError():
            return Remedy.NEVER
        case _:
            return Remedy.NEEDS_YOU


@dataclass(frozen=True)
class Route:
    """The way to a store. With an expected id only the store of that id will do; `is_known` says that it was met, though it may have none."""

    address: str
    expected_id: str = ""
    access: StoreAccess = NO_ACCESS
    is_known: bool = False


class Payload:
    """An object's encrypted bytes, opened once for an item and read at any place by any thread."""

    def __init__(self, handle: BinaryIO) -> None:
        self._handle = handle
        self._lock = threading.Lock()

    def read_at(self, offset: int, length: int) -> bytes:
        """The bytes of a range; fewer when the object is shorter than it should be."""
        with self._lock:
            self._handle.seek(offset)
            return self._handle.read(length)

    def close(self) -> None:
        """Lets go of the file. Closing twice is fine."""
        with self._lock:
            self._handle.close()


@dataclass(frozen=True, kw_only=True)
class Order:
    """Something to do over one connection."""

    route: Route


class Purpose(Enum):
    """Why a store is greeted."""

    MEET = "meet"
    """The first act in a run, on which all else waits."""
    WARM = "warm"
    """Over a connection that will be needed at once."""
    TRY = "try"
    """Over one more than there are, which is used if the link bears it."""
    READY = "ready"
    """To make room for what comes last, while the rest is on its way."""
    PROBE = "probe"
    """A driver's own question whether the other connections are dead."""


@dataclass(frozen=True, kw_only=True)
class Greet(Order):
    """See whether the store is there and is the one meant, and what time it has; `ready` names what will be put there next."""

    purpose: Purpose = Purpose.MEET
    ready: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class PutPart(Order):
    """Send a range under the name that its bytes give it. With `known` the store should have it; send only what it does not show."""

    key: Key
    range: Range
    payload: Payload
    day: datetime
    known: SentPart | None = None


@dataclass(frozen=True, kw_only=True)
class PutCommit(Order):
    """Send the commit that the journal has fixed. With `known` the store should have it; send it only when it does not show it."""

    key: Key
    name: str
    data: bytes
    known: bool = False


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """What came of an order: `error` is None when the store acknowledged it. Times are of the pulse, in seconds.

    `was_cut` says that the line broke on the way, and the carrier sent it once more by itself.
    """

    order: Order
    began: float = 0.0
    ended: float = 0.0
    error: DsadeskError | None = None
    part: SentPart | None = None
    store_id: str = ""
    store_time: datetime | None = None
    parts: Parts | None = None
    round_trip: float | None = None
    was_cut: bool = False


def perform(order: Order, transport: Transport) -> Outcome:
    """Carries out an order over a connection. Expected faults are outcomes too; `began` and `ended` are the caller's to fill in."""
    try:
        match order:
            case Greet():
                return _greet(order, transport)
            case PutPart():
                return _put_part(order, transport)
            case PutCommit():
                if not (order.known and transport.has(order.name)):
                    transport.put(order.name, order.data)
                return Outcome(order=order)
    except DsadeskError as error:
        return Outcome(order=order, error=error)
    raise TypeError(order)


def _greet(order: Greet, transport: Transport) -> Outcome:
    transport.check()
    store_id = order.route.expected_id if order.route.is_known else transport.store_id()
    if isinstance(transport, Readies):
        _make_ready(transport, order.ready)
    return Outcome(
        order=order,
        store_id=store_id,
        # To tell its time may cost a store several round trips, and one connection has asked.
        store_time=transport.store_time() if order.purpose is Purpose.MEET else None,
        parts=transport.parts,
        round_trip=_round_trip(transport),
    )


def _make_ready(transport: Readies, names: tuple[str, ...]) -> None:
    try:
        for name in names:
            transport.ready(name)
    except StoreUnreachableError:
        raise
    except StoreError:
        return  # the put will come to the same, and say of which item


def _round_trip(transport: Transport) -> float | None:
    return transport.round_trip() if isinstance(transport, TellsRoundTrip) else None


def _put_part(order: PutPart, transport: Transport) -> Outcome:
    known = order.known
    if known is not None and transport.has(known.name):
        return Outcome(order=order, part=known)
    wanted = order.range
    data = order.payload.read_at(wanted.offset, wanted.length)
    digest = hashlib.sha256(data)
    if len(data) != wanted.length or (known is not None and digest.hexdigest() != known.sha256):
        raise DamagedVaultError("object-altered", n=wanted.n)
    _, box = order.key
    name = known.name if known is not None else part_name(box, order.day, data)
    transport.put(name, data)
    part = SentPart(n=wanted.n, offset=wanted.offset, length=wanted.length, sha256=digest.hexdigest(), name=name)
    was_cut = isinstance(transport, TellsCuts) and transport.cuts() > 0
    return Outcome(order=order, part=part, round_trip=_round_trip(transport), was_cut=was_cut)
