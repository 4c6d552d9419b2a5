"""The machine's clock. The only place that reads it."""

from __future__ import annotations

import threading
import time
from datetime import UTC, datetime, timedelta

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class SystemClock:
    """Implements `ports.Clock`."""

    def now(self) -> datetime:
        """The time, aware, in UTC."""
        return _EPOCH + timedelta(microseconds=time.time_ns() // 1000)


class SystemPulse:
    """Implements `ports.Pulse`."""

    def elapsed(self) -> float:
        """Seconds since the machine started, or thereabouts."""
        return time.monotonic()

    def wait(self, door: threading.Condition, seconds: float) -> None:
        """Waits at a held door until it is notified, at most so many seconds."""
        door.wait(max(0.0, seconds))
