"""How fast bytes may go, and whether they still should: one limit shared by every connection, and a valve for each.

A carrier asks before each small run of bytes. All waiting is done at one door, so that a change of the limit, a pause or an end is felt at
once by whoever waits; the clock is a port, so that a test never waits.
"""

from __future__ import annotations

import threading

from dsadesk.errors import TransferStoppedError
from dsadesk.ports import Pulse

MOST_SAVED_SECONDS = 0.05
"""How much unused time may be made up for: enough for a late wake-up, too little for a burst that anyone would feel."""
_LEAST_SAVED_BYTES = 16 * 1024
_NEAR_ENOUGH_BYTES = 0.5


class Pacer:
    """A limit in bytes a second over everything that passes its valves; None for none. Used by any number of threads."""

    def __init__(self, pulse: Pulse, limit: float | None = None) -> None:
        self._pulse = pulse
        self._door = threading.Condition()
        self._limit = limit
        self._saved = 0.0
        self._counted_at = pulse.elapsed()

    @property
    def limit(self) -> float | None:
        """Bytes a second, or None."""
        with self._door:
            return self._limit

    def set_limit(self, limit: float | None) -> None:
        """Changes the limit at once, also for whoever waits. None lifts it. Raises: ValueError unless it is above zero."""
        if limit is not None and limit <= 0:
            raise ValueError("a limit is above zero; to stop, pause")
        with self._door:
            self._count()
            self._limit = limit
            self._saved = 0.0
            self._door.notify_all()

    def now(self) -> float:
        """Seconds of the pulse."""
        return self._pulse.elapsed()

    def valve(self) -> Valve:
        """A way through for one connection; a `Flow`."""
        return Valve(self, self._door)

    def pass_on(self, size: int, valve: Valve) -> None:
        """Waits until so many bytes may go. Raises: TransferStoppedError as soon as the valve is shut."""
        with self._door:
            while True:
                if valve.reason:
                    raise TransferStoppedError(valve.reason)
                if self._limit is None:
                    return
                self._count()
                # What is more than can ever be saved up goes into debt, so that the average holds for runs of any size.
                needed = min(float(size), self._most_saved())
                if self._saved >= needed - _NEAR_ENOUGH_BYTES:
                    self._saved -= size
                    return
                self._pulse.wait(self._door, (needed - self._saved) / self._limit)

    def _count(self) -> None:
        now = self._pulse.elapsed()
        if self._limit is not None:
            self._saved = min(self._saved + (now - self._counted_at) * self._limit, self._most_saved())
        self._counted_at = now

    def _most_saved(self) -> float:
        return max(_LEAST_SAVED_BYTES, (self._limit or 0.0) * MOST_SAVED_SECONDS)


class Valve:
    """Implements `ports.Flow` for one connection: lets bytes through at the common pace until it is shut."""

    def __init__(self, pacer: Pacer, door: threading.Condition) -> None:
        self._pacer = pacer
        self._door = door
        self._is_held = False
        self._moved_at = pacer.now()
        self.heard_at = float("-inf")
        self.reason = ""

    def belongs_to(self, pacer: Pacer) -> bool:
        """Whether what passes here counts towards that limit."""
        return self._pacer is pacer

    @property
    def moved_at(self) -> float:
        """When something last went through it or was heard, in seconds of the pulse; now, while it is we who hold it up."""
        return self._pacer.now() if self._is_held else self._moved_at

    @property
    def is_shut(self) -> bool:
        """Whether nothing passes now."""
        return bool(self.reason)

    def pass_on(self, size: int) -> None:
        """Waits as long as the limit asks. Raises: TransferStoppedError when it is shut, also while it waits."""
        self._is_held = True
        try:
            self._pacer.pass_on(size, self)
        finally:
            self._moved_at = self._pacer.now()
            self._is_held = False

    def sign_of_life(self) -> None:
        """The other side was heard; implements `ports.HearsLife`."""
        self._moved_at = self._pacer.now()
        self.heard_at = self._moved_at

    def shut(self, reason: str) -> None:
        """Stops whatever is passing, from any thread. `reason` is the code of the error that is raised: `paused` or `cancelled`."""
        with self._door:
            self.reason = reason
            self._door.notify_all()

    def open(self) -> None:
        """Lets bytes through again."""
        with self._door:
            self.reason = ""
