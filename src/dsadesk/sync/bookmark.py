"""How far an inbox has been looked through: kept in the vault, per store and box. A hint that saves bytes, never a proof.

What the hint could miss is found by looking wider: at the start of the program and every six hours over the last days, every week and
when a chain shows a gap over everything.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import msgspec
from msgspec import Struct

WIDE_LOOK_EVERY = timedelta(hours=6)
WHOLE_LOOK_EVERY = timedelta(days=7)
WIDE_LOOK_DAYS = 3
MAX_WAITING = 500
_NEVER = datetime(1970, 1, 1, tzinfo=UTC)


class Bookmark(Struct, frozen=True, kw_only=True):
    """A store's cursor, the names that it has passed and that are not dealt with, and when more was looked at than the cursor said."""

    cursor: str = ""
    waiting: tuple[str, ...] = ()
    wide_at: datetime = _NEVER
    whole_at: datetime = _NEVER

    @staticmethod
    def from_bytes(data: bytes | None) -> Bookmark:
        """What was kept; a new one when there is nothing, or nothing that can be understood."""
        try:
            return msgspec.json.decode(data or b"{}", type=Bookmark)
        except msgspec.MsgspecError:
            return Bookmark()

    def to_bytes(self) -> bytes:
        """As it is kept."""
        return msgspec.json.encode(self)

    def is_wide_look_due(self, now: datetime) -> bool:
        """Whether the last days should be looked through. A clock that was put back makes it due."""
        return not timedelta(0) <= now - self.wide_at < WIDE_LOOK_EVERY

    def is_whole_look_due(self, now: datetime) -> bool:
        """Whether everything should be looked through."""
        return not timedelta(0) <= now - self.whole_at < WHOLE_LOOK_EVERY


def days_ago(now: datetime) -> str:
    """The day from which a wide look begins, as days stand in names."""
    return f"{now.astimezone(UTC) - timedelta(days=WIDE_LOOK_DAYS):%Y%m%d}"
