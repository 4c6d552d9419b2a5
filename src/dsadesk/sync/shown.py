"""What can be told about a run of sending while it goes on, and what it came to."""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum

from dsadesk.domain.ids import OrganisationId
from dsadesk.errors import DsadeskError
from dsadesk.ports import OutboxItem
from dsadesk.sync.orders import Key, Remedy

_RATE_SECONDS = 15.0


class Going(Enum):
    """How it is with an item: bytes move, it waits, somebody paused it, the store has it, or it stopped for this run."""

    MOVING = "moving"
    WAITING = "waiting"
    PAUSED = "paused"
    SENT = "sent"
    STOPPED = "stopped"


@dataclass(frozen=True, kw_only=True)
class Shown:
    """How far an item is. `done` and `total` are bytes, `done` only those that the store acknowledged; `rate` is bytes a second.

    `seconds_left` is None where nothing can be said. `why` is the code of what it waits for (words: `wording.problem_words`), "" when it
    waits for nothing but its turn. `tries_again_in` is seconds, None when it is not tried again by itself.
    """

    key: Key
    org: OrganisationId
    kind: str
    going: Going
    done: int
    total: int
    rate: float
    seconds_left: float | None
    why: str = ""
    tries_again_in: float | None = None


@dataclass(frozen=True)
class Trouble:
    """A fault, what mends it, and every item that it stopped: one cause, said once."""

    error: DsadeskError
    remedy: Remedy
    items: tuple[OutboxItem, ...]


class Rate:
    """Bytes acknowledged a second over the last quarter of a minute."""

    def __init__(self) -> None:
        self._recent: deque[tuple[float, int]] = deque()
        self._began: float | None = None

    def start(self, now: float) -> None:
        """Bytes begin to move now."""
        if self._began is None:
            self._began = now

    def add(self, size: int, now: float) -> None:
        """So many bytes were acknowledged."""
        self._recent.append((now, size))

    def at(self, now: float) -> float:
        """Bytes a second; 0.0 when none were acknowledged lately."""
        while self._recent and now - self._recent[0][0] > _RATE_SECONDS:
            self._recent.popleft()
        if not self._recent or self._began is None:
            return 0.0
        return sum(size for _, size in self._recent) / max(min(now - self._began, _RATE_SECONDS), 0.1)


def group(faults: Sequence[tuple[OutboxItem, DsadeskError, Remedy]]) -> tuple[Trouble, ...]:
    """Puts the faults of a run together by cause: the same code with the same fields is one, however many items it stopped."""
    found: dict[tuple[object, ...], list[tuple[OutboxItem, DsadeskError, Remedy]]] = {}
    for item, error, remedy in faults:
        cause = (type(error), error.code, tuple(sorted(error.fields.items(), key=str)), item.org, remedy)
        found.setdefault(cause, []).append((item, error, remedy))
    return tuple(Trouble(each[0][1], each[0][2], tuple(item for item, _, _ in each)) for each in found.values())
