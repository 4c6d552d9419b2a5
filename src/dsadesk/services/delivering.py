"""Sending and fetching beside whatever else goes on: what a window holds while the vault is open.

Two lanes, and a third for trying stores. The sending lane carries what is sealed, and can be paused, item by item or whole. The polling lane looks for what has come and
is never paused: an answer is not kept waiting by a large sample. Both use the vault by short posted pieces of work, so it stays free for
typing.

How a window uses it:

    deliverer = Deliverer(session, post=jobs.post, beside=in_a_thread)   # once for each unlocked vault
    done = deliverer.round()           # on a thread that may wait: everything once; or
    deliverer.keep_going(told, 60.0)   # on a thread that may wait: until `stop`, telling of each piece of news
    deliverer.look_now()               # any thread: whatever goes on by itself looks for news and tries what waits, at once
    deliverer.shown                    # any thread, any time: how far each item is, as of the last tenth of a second
    deliverer.is_automatic             # any thread: whether it keeps going by itself
    deliverer.lately                   # any thread, any time: when our inbox was last looked at, how that came out, what did not go
    deliverer.controls.pause(key)      # any thread: `pause`, `resume`, `cancel` for one item (`Shown.key`) or for all
    deliverer.controls.poke()          # any thread: a network came, a drive was plugged in, something was sealed
    deliverer.controls.wake()          # any thread: the machine slept
    deliverer.set_limit(64_000)        # bytes a second, sent and fetched, over all connections; None for none
    deliverer.stop()                   # before the vault is closed
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Protocol

from dsadesk.errors import DsadeskError, RuleError
from dsadesk.services import exchanging
from dsadesk.services.exchanging import Exchange, Problem
from dsadesk.services.session import Session
from dsadesk.services.trying_stores import LOOK_SECONDS, Rounds, Worsened
from dsadesk.sync.controls import Controls
from dsadesk.sync.orders import Key
from dsadesk.sync.policy import LONG_DELAY
from dsadesk.sync.posting import Post, on_the_spot
from dsadesk.sync.shown import Going, Shown

POLL_SECONDS = 60.0
_LOOK_SECONDS = 0.05
_SMALL_THINGS_SECONDS = 2.0
"""How long somebody who asked for a look waits for what is sent meanwhile: small deliveries are gone by then, a sample goes on alone."""

Wait = Callable[[Callable[[], bool]], None]
"""Waits for the end of work and raises what it raised; given something that says yes, leaves it to itself."""


class Beside(Protocol):
    """Runs work at the same time as what follows, and gives what waits for its end."""

    def __call__(self, work: Callable[[], None], /) -> Wait:
        """Begins the work."""
        ...


def one_after_the_other(work: Callable[[], None], /) -> Wait:
    """A `Beside` for whoever has one thread: the work is done at once."""
    work()
    return lambda _: None


def in_a_thread(work: Callable[[], None], /) -> Wait:
    """A `Beside` with a thread. It does not hold up the end of the program, whatever a store does."""
    raised: list[BaseException] = []

    def run() -> None:
        try:
            work()
        except BaseException as error:  # noqa: BLE001 - raised again by whoever waits
            raised.append(error)

    thread = threading.Thread(target=run, name="delivering", daemon=True)
    thread.start()

    def wait(is_stopped: Callable[[], bool]) -> None:
        while thread.is_alive() and not is_stopped():
            thread.join(_LOOK_SECONDS)
        thread.join(_LOOK_SECONDS)
        if raised:
            raise raised[0]

    return wait


@dataclass(frozen=True, kw_only=True)
class Lately:
    """How the last look at our inbox and the last run of sending came out.

    `looked_at` is None before the first look, and `fault` what kept it from our inbox. `next_look` is of the pulse, None when none is
    planned. `problems` are what the last run of sending left, and `tried_at` is when it ended.
    """

    looked_at: datetime | None = None
    fault: DsadeskError | None = None
    came_at: datetime | None = None
    next_look: float | None = None
    is_looking: bool = False
    is_sending: bool = False
    tried_at: datetime | None = None
    problems: tuple[Problem, ...] = ()


class Deliverer:
    """Sends and fetches for one open vault. Every method may be called from any thread; those that block say so."""

    def __init__(
        self,
        session: Session,
        post: Post = on_the_spot,
        *,
        beside: Beside = one_after_the_other,
        patience: float | None = None,
    ) -> None:
        self.controls = Controls(session.world.pulse)
        self.shown: tuple[Shown, ...] = ()
        self.lately = Lately()
        self.post = post
        self.session = session
        self._beside = beside
        self._patience = patience
        self._door = threading.Condition()
        self._stopped = threading.Event()
        self._is_nudged = False
        self._wants_look = False
        self.is_automatic = False
        self._poll_seconds = POLL_SECONDS
        self._looks_begun = self._looks_told = 0
        self._followers: list[Exchange] = []
        self._is_busy = threading.Lock()
        self._rounds = Rounds(session, post, self.controls)
        self._is_metered = False
        self._next_rounds = 0.0
        self.controls.listen(self._on_wish)

    # ------------------------------------------------------------ once

    def round(self) -> Exchange:
        """Sends everything that waits, takes in everything that has come, and sends what that called for. Blocks until it is done.

        Call it on a thread that is not the vault's. Stops early when it is cancelled or stopped; what was done until then is told.
        While it goes on by itself, that looks at once, and what comes of it is told: `lately.is_sending` says that a large delivery goes on.
        """
        if not self._is_busy.acquire(blocking=False):
            return self._follow()
        try:
            return self._round()
        finally:
            self._is_busy.release()

    def _round(self) -> Exchange:
        self.controls.begin()
        if self._stopped.is_set():
            return Exchange()
        fetched, sent = Exchange(), Exchange()
        self._look_first(fetched)
        wait = self._beside(lambda: self._fetch(fetched))
        self._send(sent)
        wait(lambda: self.controls.is_cancelled)
        if fetched.taken and not self.controls.is_cancelled:
            self._send(sent)
        return _together(sent, fetched)

    def _follow(self) -> Exchange:
        """Has the lanes that go on by themselves look at once, and waits for what comes of it."""
        pulse, mine = self.controls.pulse, Exchange()
        with self._door:
            wanted = self._looks_begun + 1
            self._followers.append(mine)
        try:
            self.look_now()
            with self._door:
                while self._looks_told < wanted and not self._stopped.is_set():
                    pulse.wait(self._door, LONG_DELAY)
                end = pulse.elapsed() + _SMALL_THINGS_SECONDS
                while self._is_sending_unheld() and (left := end - pulse.elapsed()) > 0:
                    pulse.wait(self._door, left)
            return mine
        finally:
            with self._door:
                self._followers = [each for each in self._followers if each is not mine]

    def _is_sending_unheld(self) -> bool:
        return self.lately.is_sending and not self.controls.is_paused and not self._stopped.is_set()

    # ------------------------------------------------------------ all the time

    def keep_going(
        self,
        told: Callable[[Exchange], None],
        poll_seconds: float = POLL_SECONDS,
        worsened: Callable[[Worsened], None] = lambda _: None,
    ) -> None:
        """Sends whatever is sealed and polls, until `stop`. Blocks; `told` is called on this thread or on the polling lane's, with any news.

        Stores that were not tried for a week are tried on a thread of their own, which calls `worsened` for what became worse.

        What fails and may mend itself is tried again at every poke and at least once a minute, with its waits within.
        """
        self._poll_seconds = poll_seconds
        with self._is_busy:
            self.is_automatic = True
            first = Exchange()
            self._look_first(first)
            self._pass_on(first, told, is_news=bool(first.taken or first.quarantined))
            wait = self._beside(lambda: self._poll_lane(told))
            wait_for_rounds = self._beside(lambda: self._rounds_lane(worsened))
            try:
                while not self._stopped.is_set():
                    self.controls.begin()
                    sent = Exchange()
                    self._send(sent)
                    self._pass_on(sent, told, is_news=bool(sent.sent or sent.problems))
                    self._until_nudged(LONG_DELAY)
            finally:
                self.stop()  # one lane does not outlive the other
            wait(self._stopped.is_set)
            wait_for_rounds(self._stopped.is_set)

    def look_now(self) -> None:
        """Looks for news and tries what waits, at once: somebody asked, a network came, the machine woke up."""
        with self._door:
            self._wants_look = True
            self._door.notify_all()
        self.controls.poke()

    @property
    def poll_seconds(self) -> float:
        """How long it waits between two looks for news."""
        return self._poll_seconds

    def poll_every(self, seconds: float) -> None:
        """Changes how often it looks for news by itself."""
        with self._door:
            self._poll_seconds = seconds
            self._door.notify_all()

    @property
    def next_look_in(self) -> float | None:
        """In how many seconds it looks for news by itself; None when none is planned or one goes on."""
        planned = self.lately.next_look
        return None if planned is None else max(0.0, planned - self.controls.pulse.elapsed())

    def _poll_lane(self, told: Callable[[Exchange], None]) -> None:
        try:
            while not self._stopped.is_set():
                with self._door:
                    self._wants_look = False
                    self._looks_begun += 1
                done = Exchange()
                self._fetch(done)
                self._pass_on(done, told, is_news=bool(done.taken or done.quarantined or done.problems))
                with self._door:
                    self._looks_told += 1
                    self._door.notify_all()
                self._until_due()
        finally:
            self.stop()

    def _rounds_lane(self, worsened: Callable[[Worsened], None]) -> None:
        try:
            while self._until_rounds():
                self._rounds.go(self._is_costly, worsened)
                self._next_rounds = self.controls.pulse.elapsed() + LOOK_SECONDS
        finally:
            self.stop()

    def _until_rounds(self) -> bool:
        """Waits until stores may be tried: our own was reached, if we have one, and the last time was long enough ago. False when it is over."""
        pulse = self.controls.pulse
        with self._door:
            while not self._stopped.is_set():
                left = self._next_rounds - pulse.elapsed()
                if left <= 0 and self._has_reached():
                    return True
                pulse.wait(self._door, left if left > 0 else LOOK_SECONDS)
        return False

    def _has_reached(self) -> bool:
        return self.lately.looked_at is not None and isinstance(self.lately.fault, RuleError | None)

    def _is_costly(self) -> bool:
        """Whether what nobody asked for should not be carried now: the link is metered or limited, or a delivery needs all of it."""
        is_moving = self.lately.is_sending and any(each.going is Going.MOVING for each in self.shown)
        return self._is_metered or is_moving or self.controls.pacer.limit is not None

    def set_metered(self, is_metered: bool) -> None:  # noqa: FBT001  # as the system has it
        """Says whether the link costs by the byte: stores are then not tried without need."""
        self._is_metered = is_metered

    def _until_due(self) -> None:
        pulse = self.controls.pulse
        since = pulse.elapsed()
        with self._door:
            while not (self._wants_look or self._stopped.is_set()):
                end = since + self._poll_seconds
                if (left := end - pulse.elapsed()) <= 0:
                    break
                self.lately = replace(self.lately, next_look=end)
                pulse.wait(self._door, left)
            self.lately = replace(self.lately, next_look=None)

    def _pass_on(self, done: Exchange, told: Callable[[Exchange], None], *, is_news: bool) -> None:
        with self._door:
            for each in self._followers:
                _add(each, done)
        if is_news and not self._stopped.is_set():
            told(done)

    def _until_nudged(self, seconds: float) -> None:
        pulse = self.controls.pulse
        end = pulse.elapsed() + seconds
        with self._door:
            while not (self._is_nudged or self._stopped.is_set()) and (left := end - pulse.elapsed()) > 0:
                pulse.wait(self._door, left)
            self._is_nudged = False

    # ------------------------------------------------------------ how

    def set_limit(self, bytes_per_second: float | None) -> None:
        """Sends and fetches no faster than this, over all connections together; None for as fast as it goes."""
        self.controls.pacer.set_limit(bytes_per_second)

    def stop(self) -> None:
        """Ends whatever goes on, for good. Returns at once; nothing uses the vault beyond the piece of work that it may be in."""
        self._stopped.set()
        self._rounds.stop()
        self.controls.cancel()

    def _send(self, done: Exchange) -> None:
        self._note(is_sending=True)
        try:
            exchanging.send_all(
                self.session, done, self._report, controls=self.controls, post=self.post, patience=self._patience
            )
        finally:
            now = self.session.world.clock.now()
            self._note(is_sending=False, tried_at=now, problems=tuple(done.problems))

    def _fetch(self, done: Exchange) -> None:
        self._note(is_looking=True)
        try:
            exchanging.fetch(self.session, done, controls=self.controls, post=self.post, patience=self._patience)
        finally:
            now, own = self.session.world.clock.now(), self.session.profile.organisation.id
            fault = next((problem.error for problem in done.problems if problem.about == own), None)
            came_at = now if done.taken else self.lately.came_at
            self._note(is_looking=False, looked_at=now, fault=fault, came_at=came_at)
        if done.taken:
            self.controls.poke()  # taking in called for answers: they overtake what is being sent

    def _look_first(self, done: Exchange) -> None:
        """Before anything is sent from a vault that was just opened: receipts tell it when it is an older copy of itself."""
        if not self.session.looked:
            exchanging.fetch(self.session, done, controls=self.controls, post=self.post, patience=0.0)
            done.problems.clear()  # told by the fetching that follows
            if done.taken:
                self._note(came_at=self.session.world.clock.now())

    def _note(self, **found: object) -> None:
        with self._door:
            self.lately = replace(self.lately, **found)  # type: ignore[arg-type]
            self._door.notify_all()

    def _report(self, shown: tuple[Shown, ...]) -> None:
        self.shown = shown

    def _on_wish(self, reason: str, key: Key | None) -> None:
        del reason, key
        with self._door:
            self._is_nudged = True
            self._door.notify_all()


def _together(*parts: Exchange) -> Exchange:
    whole = Exchange()
    for part in parts:
        _add(whole, part)
    return whole


def _add(whole: Exchange, part: Exchange) -> None:
    whole.sent += part.sent
    whole.taken += part.taken
    whole.quarantined += part.quarantined
    whole.incomplete += part.incomplete
    # Two passes over one lane meet the same fault: it is told once.
    known = {(each.about, type(each.error), each.error.code) for each in whole.problems}
    whole.problems += [each for each in part.problems if (each.about, type(each.error), each.error.code) not in known]
    whole.released += part.released
