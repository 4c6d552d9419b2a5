"""One store in a run of sending: the way to it, what its link bears, when it may be tried, and what is under way to it."""

from __future__ import annotations

from datetime import datetime, timedelta

from dsadesk.errors import DsadeskError
from dsadesk.ports import OutboxItem
from dsadesk.sync.commit import commit_place, part_place
from dsadesk.sync.orders import Greet, Outcome, Purpose, Route
from dsadesk.sync.policy import FIRST_CONNECTIONS, BackOff, Link

_TIME_IS_FRESH_SECONDS = 600.0


class Standing:
    """What is known of a store, and how many orders it carries out."""

    def __init__(self, route: Route, now: float) -> None:
        self.route = route
        self.back_off = BackOff()
        self.link: Link | None = None
        self.greeted_at: float | None = None
        self.time: datetime | None = None
        self.last_good = now
        self.in_flight = 0
        self.extra = 0
        self.warm = 0
        self.tries = 0
        self.is_greeting = False
        self.problem: DsadeskError | None = None
        self.has_given_up = False
        self._time_asked_at: float | None = None
        self._has_warmed = False
        self._is_ready: set[str] = set()

    @property
    def free(self) -> int:
        """How many more connections it may have now."""
        return (self.link.connections if self.link else 1) - self.in_flight - self.warm

    def greet(self) -> Greet:
        """The first act in a run, and when its time is long ago."""
        self.is_greeting, self._has_warmed = True, False
        return Greet(route=self.route)

    def extra_greetings(self, item: OutboxItem, room: int, now: float) -> list[Greet]:
        """Greetings over connections that there are not yet, at most so many.

        At the beginning over those that an item's parts will need, which make the folder for them; later over one to make the folder for the
        commit, and over some to try what the link bears.
        """
        if self.link is None:
            if self._has_warmed or not self.is_greeting:
                return []
            self._has_warmed = True
            self.warm = max(0, min(FIRST_CONNECTIONS - 1, room))
            greetings = [self._extra(Purpose.WARM, part_place(item.box, item.created_at)) for _ in range(self.warm)]
        elif self.free > 0 or self.tries or self.extra >= FIRST_CONNECTIONS or now < self.back_off.not_before:
            return []
        else:
            self.tries = max(0, min(self.link.wanted(now), room))
            greetings = [self._extra(Purpose.TRY) for _ in range(self.tries)]
            at = self.time_at(now)
            place = commit_place(item.box, at) if at is not None else ""
            if greetings and len(greetings) < room and place and place not in self._is_ready:
                self._is_ready.add(place)
                greetings.append(self._extra(Purpose.READY, place))
        self.extra += len(greetings)
        return greetings

    def _extra(self, purpose: Purpose, *ready: str) -> Greet:
        return Greet(route=self.route, purpose=purpose, ready=ready)

    def answered(self, outcome: Outcome, now: float) -> None:
        """A greeting came back."""
        match outcome.order:
            case Greet(purpose=Purpose.MEET):
                self._meet(outcome, now)
                self.time, self._time_asked_at = outcome.store_time, now
                return
            case Greet(purpose=Purpose.WARM):
                self.warm -= 1
                if self.link is None and outcome.error is None:
                    self._meet(outcome, now)
            case Greet(purpose=Purpose.TRY):
                # The first to come back tells; the next may be tried while one of these still waits for what was lost.
                self.tries = 0
                if self.link is not None:
                    self.link.tried(outcome.round_trip, now)
        self.extra -= 1

    def _meet(self, outcome: Outcome, now: float) -> None:
        """The first of several greetings that comes back will do: one of them may wait long for what the link lost."""
        self.link = self.link or (Link(outcome.parts, now) if outcome.parts else None)
        self.greeted_at = now
        if self.link is not None:
            self.link.met(outcome.round_trip)

    def time_at(self, now: float) -> datetime | None:
        """The store's time, as far as it told one."""
        if self.time is None or self._time_asked_at is None:
            return None
        return self.time + timedelta(seconds=now - self._time_asked_at)

    def is_time_due(self, now: float) -> bool:
        """Whether it was never asked for its time, or too long ago: that the way to it is open says nothing of that."""
        return self._time_asked_at is None or now - self._time_asked_at > _TIME_IS_FRESH_SECONDS
