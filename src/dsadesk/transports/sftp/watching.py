"""What may have come since the last look: the times of folders, so that an idle look costs one round trip and a few hundred bytes.

`transports/gate.py` watches 64 folders, which over SFTP would be 64 questions: 8 kB for each idle poll. Here the newest two and the folder
that they lie in are asked about, and all of them at first and after every so many polls. The rule of settling is the same: a time
has a grain, so a folder is left out only when it was listed long enough after that time. That shows by our own clock since the
time was first seen, or at once by the server's, where listing leaves a mark in the folder's time of access.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from math import ceil

from dsadesk.transports.gate import SETTLING_SECONDS
from dsadesk.transports.sftp.protocol import Attributes

CURSOR_VERSION = 1
MAX_CURSOR = 64 * 1024
WIDE_EVERY = 64
"""A look at every folder, and not only at the newest, comes first and then after so many: a commit may come late into an old day."""

_NEWEST = 2
_MAX_FOLDERS = 1000


@dataclass
class Cursor:
    """Each folder's time when it was last listed, and since when that time is known, 0 once it is settled. "" is the folder of folders."""

    prefix: str
    seen: dict[str, tuple[int, int]] = field(default_factory=dict)

    @staticmethod
    def parse(text: str, prefix: str) -> Cursor:
        """Reads a cursor; what is not one of ours for this prefix counts as none."""
        try:
            content = json.loads(text if len(text) <= MAX_CURSOR else "")
            if content["v"] != CURSOR_VERSION or content["p"] != prefix:
                return Cursor(prefix)
            seen = {str(name): (int(time), int(since)) for name, (time, since) in content["t"].items()}
        except (ValueError, TypeError, KeyError, AttributeError, RecursionError, OverflowError):
            return Cursor(prefix)
        return Cursor(prefix, seen)

    def text(self) -> str:
        """The cursor as the caller keeps it."""
        kept = dict(sorted(self.seen.items(), reverse=True)[:_MAX_FOLDERS]) | {"": self.seen.get("", (0, 1))}
        return json.dumps({"v": CURSOR_VERSION, "p": self.prefix, "t": kept}, separators=(",", ":"), sort_keys=True)

    def is_settled(self, folder: str, now: Attributes | None) -> bool:
        """Whether nothing can have come into a folder since it was listed."""
        return now is not None and now.modified > 0 and self.seen.get(folder) == (now.modified, 0)

    def newest(self) -> list[str]:
        """The folders that something is likely to come into."""
        return sorted((name for name in self.seen if name), reverse=True)[:_NEWEST]

    def after_listing(
        self, folder: str, before: Attributes, after: Attributes | None, began: Moment
    ) -> tuple[int, int]:
        """What the next cursor says of a folder that was listed between two looks at it."""
        known_time, since = self.seen.get(folder, (-1, 0))
        if known_time != before.modified or not 0 < since <= began.seconds:
            since = began.seconds
        if after is None or before.modified != after.modified:
            return before.modified, began.seconds
        was_listed_late = after.accessed - began.ago() >= after.modified + SETTLING_SECONDS
        is_settled = was_listed_late or began.seconds - since >= SETTLING_SECONDS
        return after.modified, 0 if is_settled else since


class Moment:
    """A moment on a clock that counts on between runs, in whole seconds, and how long it is ago."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self.seconds = max(int(clock()), 1)

    def ago(self) -> int:
        """Seconds since, rounded up."""
        return max(ceil(self._clock()) - self.seconds, 0)
