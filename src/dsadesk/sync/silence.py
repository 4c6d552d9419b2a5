"""Whether a link that carries nothing is slow or dead. Pure: times in, decisions out.

When a link forgets the connections that stand, as an address translator does that starts anew, nothing says so: what is sent is swallowed, and
each connection waits for its own timer. Long before, it is remarkable that none of several moves anything. Then one more is made: if that is
answered and the others still move nothing, they are dead. A store that answers slowly is given longer each time, so that it is never harried.
"""

from __future__ import annotations

from collections.abc import Iterable

QUIET_SECONDS, MOST_QUIET_SECONDS = 3.0, 25.0
REMARKABLE = 2.0
"""So many times the longest gap after which something came after all is remarkable."""
ALONE = 2.0
"""For so many times as long one connection may be silent that is the only one: what was lost on it is waited for ever longer."""
ASK_AGAIN_SECONDS = 5.0
"""The one more may have died of the same cut."""
_FADING = 0.9


class Silence:
    """What is known of how long one store may be silent. Times are of the pulse, in seconds."""

    def __init__(self) -> None:
        self._moved_at: float | None = None
        self._longest = 0.0
        self._verdicts = 0
        self._asked_at: float | None = None

    @property
    def limit(self) -> float:
        """For how long nothing may move before it is remarkable."""
        usual = max(QUIET_SECONDS, REMARKABLE * self._longest)
        return min(usual * float(1 << self._verdicts), MOST_QUIET_SECONDS)

    @property
    def asked_at(self) -> float | None:
        """When one connection more was wanted of which nobody knows yet what came; None for never."""
        return self._asked_at

    def is_remarkable(self, moves: Iterable[float], now: float) -> bool:
        """Whether to make one connection more and see. `moves` are when each of the connections that should move something last did."""
        known = tuple(moves)
        last = max(known, default=None)
        if last is None:
            self._moved_at = None
            return False
        limit = self.limit if len(known) > 1 else ALONE * self.limit
        if self._moved_at is not None and last > self._moved_at:
            self._longest = max(_FADING * self._longest, last - self._moved_at)
        self._moved_at = last
        if now - last < limit or limit >= MOST_QUIET_SECONDS:
            return False
        if self._asked_at is not None and now - self._asked_at < ASK_AGAIN_SECONDS:
            return False
        self._asked_at = now
        return True

    def answered(self, moves: Iterable[float], *, is_well: bool) -> float | None:
        """What the one more came to. A time when the others are dead: those that moved nothing since then."""
        if not is_well:
            return None
        asked_at, self._asked_at = self._asked_at, None
        last = max(moves, default=None)
        if asked_at is None or last is None or last >= asked_at:
            return None
        self._verdicts += 1
        self._moved_at = None
        return asked_at

    def arrived(self) -> None:
        """The store acknowledged something: the connections that there are now are alive."""
        self._verdicts = 0
