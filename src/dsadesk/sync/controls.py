"""The handles that a person has on transfers while they go on: pause, resume, cancel, a limit, and a nudge to try now. For any thread."""

from __future__ import annotations

import threading
from collections.abc import Callable

from dsadesk.ports import Pulse
from dsadesk.sync.office import Wishes
from dsadesk.sync.orders import Key
from dsadesk.sync.pace import Pacer

PAUSED, CANCELLED = "paused", "cancelled"
Listener = Callable[[str, Key | None], None]


class Controls:
    """Held by whoever shows the transfers, and read by whoever carries them. What was wished is kept from run to run, `cancel` apart."""

    def __init__(self, pulse: Pulse) -> None:
        self.pulse = pulse
        self.pacer = Pacer(pulse)
        self._door = threading.Lock()
        self._listeners: list[Listener] = []
        self._paused: set[Key] = set()
        self._cancelled: set[Key] = set()
        self._all_paused = False
        self._all_cancelled = False
        self._poked = False
        self._look_again = False

    def pause(self, key: Key | None = None) -> None:
        """Stops an item, or all of them, where they are. Connections are dropped, because a paused one would only time out."""
        with self._door:
            if key is None:
                self._all_paused = True
            else:
                self._paused.add(key)
        self._tell(PAUSED, key)

    def resume(self, key: Key | None = None) -> None:
        """Lets an item go on, or all of them but those that were paused alone."""
        with self._door:
            if key is None:
                self._all_paused = False
            else:
                self._paused.discard(key)
                self._cancelled.discard(key)
            self._look_again = self._poked = True
        self._tell("", None)

    def cancel(self, key: Key | None = None) -> None:
        """Ends the run, or an item's part in it. What was sealed stays in the outbox, and what the store has stays there: sending again goes on."""
        with self._door:
            if key is None:
                self._all_cancelled = True
            else:
                self._cancelled.add(key)
        self._tell(CANCELLED, key)

    def poke(self) -> None:
        """Something may have changed for the better, a network or a drive: what waits is tried now, and what is new is taken in."""
        with self._door:
            self._poked = self._look_again = True
        self._tell("", None)

    def wake(self) -> None:
        """The machine slept: every connection is stale. They are dropped, and all is tried again at once."""
        with self._door:
            self._poked = self._look_again = True
        self._tell(PAUSED, None)

    @property
    def is_paused(self) -> bool:
        """Whether all is paused."""
        return self._all_paused

    @property
    def is_cancelled(self) -> bool:
        """Whether the run is to end."""
        return self._all_cancelled

    def begin(self) -> None:
        """A new run begins: what ended the last one is forgotten."""
        with self._door:
            self._all_cancelled = False
            self._cancelled.clear()

    def wishes(self) -> Wishes:
        """What is wished now. A nudge is told once."""
        with self._door:
            told = Wishes(
                paused=frozenset(self._paused),
                cancelled=frozenset(self._cancelled),
                all_paused=self._all_paused,
                all_cancelled=self._all_cancelled,
                poked=self._poked,
                look_again=self._look_again,
            )
            self._poked = self._look_again = False
            return told

    def listen(self, listener: Listener) -> Callable[[], None]:
        """Has somebody told at once: why to stop (`paused`, `cancelled`, or "" for nothing), and which item, None for all.

        Returns what ends it.
        """
        with self._door:
            self._listeners.append(listener)

        def forget() -> None:
            with self._door:
                self._listeners.remove(listener)

        return forget

    def _tell(self, reason: str, key: Key | None) -> None:
        with self._door:
            listeners = tuple(self._listeners)
        for listener in listeners:
            listener(reason, key)
