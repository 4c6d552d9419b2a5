"""The machine's clock. The only place that reads it."""

from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class SystemClock:
    """Implements `ports.Clock`."""

    def now(self) -> datetime:
        """The time, aware, in UTC."""
        return _EPOCH + timedelta(microseconds=time.time_ns() // 1000)
