"""Sending and fetching beside whatever else goes on: what a window holds while the vault is open.

Two lanes. The sending lane carries what is sealed, and can be paused, item by item or whole. The polling lane looks for what has come and
is never paused: an answer is not kept waiting by a large sample. Both use the vault by short posted pieces of work, so it stays free for
typing.

How a window uses it:

    deliverer = Deliverer(session, post=jobs.post, beside=in_a_thread)   # once for each unlocked vault
    done = deliverer.round()           # on a thread that may wait: everything once; or
    deliverer.keep_going(told, 60.0)   # on a thread that may wait: until `stop`, telling of each piece of news
    deliverer.shown                    # any thread, any time: how far each item is, as of the last tenth of a second
    deliverer.controls.pause(key)      # any thread: `pause`, `resume`, `cancel` for one item (`Shown.key`) or for all
    deliverer.controls.poke()          # any thread: a network came, a drive was plugged in, something was sealed
    deliverer.controls.wake()          # any thread: the machine slept
    deliverer.set_limit(64_000)        # bytes a second over all connections; None for none
    deliverer.stop()                   # before the vault is closed
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Protocol

from dsadesk.services import exchanging
from dsadesk.services.exchanging import Exchange
from dsadesk.services.session import Session
from dsadesk.sync.controls import Controls
from dsadesk.sync.orders import Key
from dsadesk.sync.policy import LONG_DELAY
from dsadesk.sync.posting import Post, on_the_spot
from dsadesk.sync.shown import Shown

POLL_SECONDS = 60.0
_LOOK_SECONDS = 0.05

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
        self.post = post
        self._session = session
        self._beside = beside
        self._patience = patience
        self._door = threading.Condition()
        self._stopped = threading.Event()
        self._is_nudged = False
        self._is_busy = threading.Lock()
        self.controls.listen(self._on_wish)

    # ------------------------------------------------------------ once

    def round(self) -> Exchange:
        """Sends everything that waits, takes in everything that has come, and sends what that called for. Blocks until it is done.

        Call it on a thread that is not the vault's. Stops early when it is cancelled or stopped; what was done until then is told.
        A round that is asked for while one goes on makes that one look again, and tells nothing.
        """
        if not self._is_busy.acquire(blocking=False):
            self.controls.poke()
            return Exchange()
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
        return Exchange(
            sent=sent.sent,
            taken=fetched.taken,
            quarantined=fetched.quarantined,
            incomplete=fetched.incomplete,
            problems=sent.problems + fetched.problems,
        )

    # ------------------------------------------------------------ all the time

    def keep_going(self, told: Callable[[Exchange], None], poll_seconds: float = POLL_SECONDS) -> None:
        """Sends whatever is sealed and polls, until `stop`. Blocks; `told` is called on this thread or on the polling lane's, with any news.

        What fails and may mend itself is tried again at every poke and at least once a minute, with its waits within.
        """
        with self._is_busy:
            first = Exchange()
            self._look_first(first)
            if first.taken or first.quarantined:
                told(first)
            wait = self._beside(lambda: self._poll_lane(told, poll_seconds))
            while not self._stopped.is_set():
                self.controls.begin()
                sent = Exchange()
                self._send(sent)
                if sent.sent or sent.problems:
                    told(sent)
                self._until_nudged(LONG_DELAY)
            wait(self._stopped.is_set)

    def _poll_lane(self, told: Callable[[Exchange], None], poll_seconds: float) -> None:
        pulse = self.controls.pulse
        while not self._stopped.is_set():
            done = Exchange()
            self._fetch(done)
            if done.taken or done.quarantined or done.problems:
                told(done)
            end = pulse.elapsed() + poll_seconds
            with self._door:
                while not self._stopped.is_set() and (left := end - pulse.elapsed()) > 0:
                    pulse.wait(self._door, left)

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
        self.controls.cancel()

    def _send(self, done: Exchange) -> None:
        exchanging.send_all(
            self._session, done, self._report, controls=self.controls, post=self.post, patience=self._patience
        )

    def _fetch(self, done: Exchange) -> None:
        exchanging.fetch(self._session, done, controls=self.controls, post=self.post, patience=self._patience)
        if done.taken:
            self.controls.poke()  # taking in called for answers: they overtake what is being sent

    def _look_first(self, done: Exchange) -> None:
        """Before anything is sent from a vault that was just opened: receipts tell it when it is an older copy of itself."""
        if not self._session.looked:
            exchanging.fetch(self._session, done, controls=self.controls, post=self.post, patience=0.0)
            done.problems.clear()  # told by the fetching that follows

    def _report(self, shown: tuple[Shown, ...]) -> None:
        self.shown = shown

    def _on_wish(self, reason: str, key: Key | None) -> None:
        del reason, key
        with self._door:
            self._is_nudged = True
            self._door.notify_all()
