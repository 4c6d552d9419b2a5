"""How large parts are, over how many connections, and how long to wait after a fault. Pure: times and sizes in, decisions out.

The rules and the measurements behind them: a part takes about t* = √(2hT)/2 seconds on one of several connections, where h is the time that
a part costs beyond its bytes and T the time between cuts. Smaller parts pay h more often, larger ones lose more at each cut.
"""

from __future__ import annotations

import math
from collections import deque

from dsadesk.ports import Parts

KIB = 1024
LEAST_PART, MOST_PART = 16 * KIB, 4 * KIB * KIB
LEAST_FOLDER_PART, MOST_FOLDER_PART = 4 * KIB * KIB, 16 * KIB * KIB
RESUMED_PART = 256 * KIB
FIRST_PART = 32 * KIB
"""Of an unknown link: two seconds of a very slow one, and nothing to a fast one."""
SECONDS_LOST_PER_PART = 0.9
"""About one and a half round trips of 600 ms. The square root and the bounds below forgive a large error."""
LEAST_SECONDS, MOST_SECONDS = 2.0, 8.0
_FIRST_CUT_AFTER = 60.0
_LEAST_SHRINK = 1 / 16

FIRST_CONNECTIONS, SLOW_CONNECTIONS, MOST_CONNECTIONS = 4, 2, 10
MOST_RESUMING, MOST_FOLDER = 8, 4
SLOW_BYTES_PER_SECOND = 12_000
BYTES_PER_SECOND_OF_A_CONNECTION = 4_000
WINDOW_SECONDS = 8.0
JUDGED_AFTER_SECONDS = 3.0
"""So long after the first answer it is known whether a link is a slow one, which chokes on more than two connections."""
GROWTH = 1.05
"""A folder gets one more writer only for so much more goodput."""
STILL_GOOD, FADING = 0.9, 0.95
"""A link gets one more connection after each window that brought nine tenths of the best one, which counts for less with each window.
On a link that loses much, windows differ by far more than what one connection brings: to wait for a better one is to wait for luck."""

FIRST_DELAY, MOST_DELAY = 0.25, 4.0
LONG_DELAY = 60.0
"""Before a store is tried again that somebody has to do something about: plug it in, make room."""


class Link:
    """What is known of the way to one store: how fast it takes bytes, how often it is cut, and so how to use it.

    Only bytes that the store acknowledged count: what was handed to a socket looks like progress where there is none.
    """

    def __init__(self, parts: Parts, now: float) -> None:
        self._parts = parts
        self._began = now
        self._cut_at = float("-inf")
        self._has_arrived = False
        self._cuts = 0
        self._shrink = 1.0
        self._rate = 0.0
        # Counts from the first answer on: what connecting took says nothing of what the link bears.
        self._window_began: float | None = None
        self._window_bytes = 0
        self._passed = 0.0
        self._best = 0.0
        self._recent: deque[tuple[float, int]] = deque()
        self._is_judged = parts is Parts.FOLDER
        self.connections = 1 if parts is Parts.FOLDER else SLOW_CONNECTIONS

    def part_bytes(self, left: int, least: int = 0) -> int:
        """How large the next part is, when so many bytes are still to be cut. `least` keeps a large object's list of parts short."""
        lowest, highest = (
            (LEAST_FOLDER_PART, MOST_FOLDER_PART) if self._parts is Parts.FOLDER else (LEAST_PART, MOST_PART)
        )
        if self._parts is Parts.RESUMING:
            size = RESUMED_PART
        elif self._rate == 0.0:
            size = max(lowest, int(FIRST_PART * self._shrink))
        else:
            seconds = self.part_seconds() * self._shrink
            size = min(max(lowest, _power_of_two(self._rate * seconds)), highest)
            # At the end everybody takes a share, so that no connection stands idle while one carries the rest.
            size = min(size, max(lowest, -(-left // self.connections)))
        return max(size, least)

    def part_seconds(self) -> float:
        """How long a part should take on one connection, in seconds, before faults shrink it."""
        between_cuts = (self._passed + _FIRST_CUT_AFTER) / (self._cuts + 1)
        best = math.sqrt(2 * SECONDS_LOST_PER_PART * between_cuts)
        return min(max(best / 2 if self.connections > 1 else best, LEAST_SECONDS), MOST_SECONDS)

    def acknowledged(self, size: int, seconds: float, now: float) -> None:
        """A part arrived. It took so many seconds from its order to its answer."""
        rate = size / max(seconds, 1e-6)
        self._rate = rate if self._rate == 0.0 else 0.7 * self._rate + 0.3 * rate
        self._shrink = min(1.0, self._shrink * 1.25)
        self._recent.append((now, size))
        self._has_arrived = True
        self._passed = now - self._began
        if self._window_began is None:
            self._window_began, self._window_bytes = now, 0
            return
        self._window_bytes += size
        seconds_passed = now - self._window_began
        if not self._is_judged and seconds_passed >= JUDGED_AFTER_SECONDS:
            self._is_judged = True
            if self._window_bytes / seconds_passed >= SLOW_BYTES_PER_SECOND:
                self.connections = max(self.connections, FIRST_CONNECTIONS)
        if seconds_passed >= WINDOW_SECONDS:
            self._close_window(now, seconds_passed)

    def failed(self, now: float, began: float | None = None) -> bool:
        """Something failed that began at a time. False when the cut that stopped it is known from others.

        The parts that one cut stops are noticed one after the other, up to a stall timer apart when it was a silent one; and while the link is
        down, every try to connect fails. Only a fault after something arrived is another cut.
        """
        if began is not None and began <= self._cut_at:
            return False
        self._cut_at = now
        if self._has_arrived or self._rate == 0.0:
            self._shrink = max(_LEAST_SHRINK, self._shrink / 2)
        self._cuts += self._has_arrived
        self._has_arrived = False
        self._recent.clear()
        # The part of the window before the cut says nothing of what the link bears; that it passed counts towards T.
        self._passed = now - self._began
        self._window_began = None
        return True

    def goodput(self, now: float) -> float:
        """Bytes acknowledged a second over the last two windows, 0.0 before anything was."""
        while self._recent and now - self._recent[0][0] > 2 * WINDOW_SECONDS:
            self._recent.popleft()
        if not self._recent:
            return 0.0
        return sum(size for _, size in self._recent) / max(now - self._recent[0][0], 1.0)

    def _close_window(self, now: float, seconds: float) -> None:
        goodput = self._window_bytes / seconds
        enough = GROWTH if self._parts is Parts.FOLDER else STILL_GOOD
        if goodput > enough * self._best:
            self.connections += 1
        self._best = max(FADING * self._best, goodput)
        self.connections = min(self.connections, self._most(self._best))
        self._window_began, self._window_bytes = now, 0

    def _most(self, goodput: float) -> int:
        if self._parts is Parts.FOLDER:
            return MOST_FOLDER
        most = MOST_RESUMING if self._parts is Parts.RESUMING else MOST_CONNECTIONS
        if goodput < SLOW_BYTES_PER_SECOND:
            return FIRST_CONNECTIONS if self._parts is Parts.RESUMING else SLOW_CONNECTIONS
        # Where much is lost, a connection brings little, and it takes many of them to bring more.
        return max(FIRST_CONNECTIONS, min(most, int(goodput / BYTES_PER_SECOND_OF_A_CONNECTION)))


class BackOff:
    """When a store may be tried again. Several connections that one cut stopped count as one fault."""

    def __init__(self) -> None:
        self._faults = 0
        self.not_before = 0.0

    def fault(self, now: float, jitter: float, *, needs_someone: bool = False) -> bool:
        """Notes a fault; `jitter` is from 0 to 1. False when it belongs to one that was noted already."""
        if now < self.not_before:
            return False
        delay = LONG_DELAY if needs_someone else min(MOST_DELAY, FIRST_DELAY * 2 ** min(self._faults, 10))
        self._faults += 1
        self.not_before = now + delay * (0.5 + jitter / 2)
        return True

    def success(self) -> None:
        """Something arrived: the next fault is a first one."""
        self._faults = 0
        self.not_before = 0.0

    def poke(self) -> None:
        """The machine woke up or a network came: try at once, and begin anew with short waits."""
        self.success()


def _power_of_two(size: float) -> int:
    return int(2 ** round(math.log2(max(size, 1.0))))
