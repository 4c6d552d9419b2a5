"""How large parts are, over how many connections, and how long to wait after a fault. Pure: times and sizes in, decisions out.

The rules and the measurements behind them: a part takes about t* = √(2hT)/2 seconds on one of several connections, where h is the time that
a part costs beyond its bytes and T the time between cuts. Smaller parts pay h more often, larger ones lose more at each cut. Where several
connections fill a link that is cut, they fill each other's pauses too: then a part costs no more than the bytes around it.
"""

from __future__ import annotations

import math
from collections import deque

from dsadesk.ports import Parts

KIB = 1024
LEAST_PART, MOST_PART = 16 * KIB, 4 * KIB * KIB
LEAST_FOLDER_PART, MOST_FOLDER_PART = 4 * KIB * KIB, 16 * KIB * KIB
RESUMED_PART = 256 * KIB
FIRST_PART = 16 * KIB
"""Of an unknown link: two seconds of a very slow one, and nothing to a fast one."""
SECONDS_LOST_PER_PART = 0.9
"""About one and a half round trips of 600 ms. The square root and the bounds below forgive a large error."""
PART_STEP = 4 * KIB
LEAST_SECONDS, MOST_SECONDS = 2.0, 8.0
BYTES_AROUND_A_PART = 600
"""What a request and the encryption of its bytes add."""
_FIRST_CUT_AFTER = 60.0
_LEAST_SHRINK = 1 / 16

FIRST_CONNECTIONS, SLOW_CONNECTIONS, MOST_CONNECTIONS = 4, 2, 12
MANY_CONNECTIONS = 8
MOST_RESUMING, MOST_FOLDER = 8, 4
SLOW_BYTES_PER_SECOND = 12_000
BYTES_PER_SECOND_OF_A_CONNECTION = 4_000
LEAST_BYTES_PER_SECOND_OF_A_CONNECTION = 3_000
"""No more connections than that would be fed at this rate, whatever was tried."""
WINDOW_SECONDS = 8.0
JUDGED_AFTER_SECONDS = 3.0
"""So long after the first answer it is known whether a link is a slow one, which chokes on more than two connections."""
GROWTH = 1.05
"""A folder gets one more writer only for so much more goodput."""
STILL_GOOD, FADING = 0.9, 0.95
"""A link gets one more connection after each window that brought nine tenths of the best one, which counts for less with each window.
On a link that loses much, windows differ by far more than what one connection brings: to wait for a better one is to wait for luck."""

FULL, FULL_IF_SLOW, FULL_BY_SECONDS = 1.8, 1.2, 0.03
"""A link is full when a small question takes so much longer on it than it did when the link was idle: it waits behind our own parts.
Where loss is what holds us up nothing waits, and each connection more brings more, however little that shows in a window of a few parts.
A slow link is full sooner: its queue holds a few packets, and what it holds is gone by the time that the next part begins."""
TRY_AFTER_SECONDS = 2.0
FIRST_HOLD_SECONDS, MOST_HOLD_SECONDS = 20.0, 160.0
"""For so long a link that was full is left as it is; twice as long after each time that it was full again."""
LATE, MOST_COPIES = 2.0, 3
LATE_BY_SECONDS = 0.5
"""What is last is late after so many times what parts of its size take, or, when most connections stand idle, after what the whole link takes
for it and two round trips; and so much more. Then it goes once more, over another connection, and after as long again a third time."""

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
        self._base: float | None = None
        self._arrived_since = 0
        self._is_tried_well = False
        self._try_at = now + TRY_AFTER_SECONDS
        self._hold = FIRST_HOLD_SECONDS
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
            size = min(max(lowest, round(self._rate * seconds / PART_STEP) * PART_STEP), highest)
            # At the end everybody takes a share, and then a smaller one, so that no connection stands idle while one carries the rest.
            size = min(size, max(lowest, -(-left // (2 * self.connections))))
        return max(size, least)

    def part_seconds(self) -> float:
        """How long a part should take on one connection, in seconds, before faults shrink it."""
        between_cuts = (self._passed + _FIRST_CUT_AFTER) / (self._cuts + 1)
        best = math.sqrt(2 * SECONDS_LOST_PER_PART * between_cuts) / (2 if self.connections > 1 else 1)
        # Without cuts, many connections are a sign of loss: then they do not fill the link, and no pause is filled.
        if self._cuts and self.connections >= FIRST_CONNECTIONS and self._rate:
            best = min(best, math.sqrt(2 * BYTES_AROUND_A_PART * between_cuts / self._rate))
        return min(max(best, LEAST_SECONDS), MOST_SECONDS)

    def met(self, round_trip: float | None) -> None:
        """A small question over a new connection took so many seconds; None where nobody measured it."""
        if round_trip is not None:
            self._base = round_trip if self._base is None else min(self._base, round_trip)
            self.connections = max(self.connections, FIRST_CONNECTIONS)

    def wanted(self, now: float) -> int:
        """How many more connections to try now: half as many again, once those that there are have had the time to fill the link."""
        if self._base is None or now < self._try_at or not self._arrived_since:
            return 0
        self._is_tried_well = False
        return min((self.connections + 1) // 2, self._highest - self.connections)

    def tried(self, round_trip: float | None, now: float) -> None:
        """One connection more was made, over which a small question took so many seconds; None when it could not be made.

        It counts from now on, unless the link was full without it. Then the link is left alone for a while, and those connections that its
        goodput does not feed are given up as well; unless another one that was tried with it did well, for a loss looks like a full link.
        One that was tried before a cut says nothing of the link after it.
        """
        if round_trip is None or self._base is None or not self._has_arrived:
            return
        full = FULL_IF_SLOW if self.goodput(now) < SLOW_BYTES_PER_SECOND else FULL
        if round_trip <= full * self._base + FULL_BY_SECONDS:
            self._arrived_since = 0
            self._try_at = now + TRY_AFTER_SECONDS
            self._base = min(self._base, round_trip)
            self._is_tried_well = True
            self._hold = FIRST_HOLD_SECONDS
            fed = int(self.goodput(now) / LEAST_BYTES_PER_SECOND_OF_A_CONNECTION)
            self.connections = min(self.connections + 1, max(FIRST_CONNECTIONS, fed), self._highest)
        elif not self._is_tried_well and now >= self._try_at:
            fed = max(SLOW_CONNECTIONS, int(self.goodput(now) / BYTES_PER_SECOND_OF_A_CONNECTION))
            self.connections = min(self.connections, fed)
            self._try_at = now + self._hold
            self._hold = min(2 * self._hold, MOST_HOLD_SECONDS)

    def repeats_at(self, size: int, began: float, copies: int, in_flight: int, now: float) -> float:
        """When something of this size that began at a time is so late that it is sent once more, while so much is under way in all.

        Never where a carrier resumes inside a part.
        """
        if self._parts is not Parts.HTTP or not self._rate or copies >= MOST_COPIES:
            return float("inf")
        if 2 * in_flight <= self.connections:
            # Many connections are a sign of much loss, where the copy that meets least of it arrives first.
            whole = 0.0 if self.connections >= MANY_CONNECTIONS else size / max(self.goodput(now), self._rate)
            late = whole + 2 * (self._base or 0.0)
        else:
            late = LATE * size / self._rate
        return began + (1 + copies) / 2 * (late + LATE_BY_SECONDS)

    def acknowledged(self, size: int, seconds: float, now: float) -> None:
        """A part arrived. It took so many seconds from its order to its answer."""
        self._arrived_since += 1
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
        if seconds_passed >= WINDOW_SECONDS and self._base is None:
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
        self._arrived_since = 0
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

    @property
    def _highest(self) -> int:
        return MOST_RESUMING if self._parts is Parts.RESUMING else MOST_CONNECTIONS

    def _most(self, goodput: float) -> int:
        if self._parts is Parts.FOLDER:
            return MOST_FOLDER
        most = self._highest
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
