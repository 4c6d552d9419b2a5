"""Notices that the computer slept, so that the vault is locked before somebody else wakes it.

Two ways, because neither is everywhere: on Linux the login service says that the computer is about to sleep; and everywhere a timer that
should tick every few seconds finds that far more time has passed. A clock that is set forward locks once too often, which does no harm.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from time import monotonic, time
from typing import Any

from PySide6.QtCore import SLOT, QObject, QTimer, Signal, Slot

LOGIN, PATH, INTERFACE = "org.freedesktop.login1", "/org/freedesktop/login1", "org.freedesktop.login1.Manager"
_TICK_MILLISECONDS = 5_000
_GAP_SECONDS = 30
_STALE_SECONDS = 15


class SleepWatch(QObject):
    """Emits `slept` when the computer is about to sleep, or has slept; and `woke` after a gap of which connections do not know."""

    slept = Signal()
    woke = Signal()

    def __init__(
        self,
        parent: QObject | None = None,
        *,
        wall: Callable[[], float] = time,
        steady: Callable[[], float] = monotonic,
    ) -> None:
        super().__init__(parent)
        self._clocks = (wall, steady)
        self._seen = (wall(), steady())
        self._timer = QTimer(self)
        self._timer.setInterval(_TICK_MILLISECONDS)
        self._timer.timeout.connect(self.look)

    def start(self) -> None:
        """Begin to watch; beginning twice is fine."""
        self._seen = (self._clocks[0](), self._clocks[1]())
        self._timer.start()

    def stop(self) -> None:
        """Stop watching, because nothing is open."""
        self._timer.stop()

    def look(self) -> None:
        """Compare both clocks with what they said at the last look. Which of them stands still in sleep differs by system."""
        now = (self._clocks[0](), self._clocks[1]())
        passed = max(new - old for new, old in zip(now, self._seen, strict=True))
        self._seen = now
        if passed - _TICK_MILLISECONDS / 1000 > _STALE_SECONDS:
            self.woke.emit()
        if passed >= _GAP_SECONDS:
            self.slept.emit()

    def listen_to_login_service(self) -> bool:
        """Hear of sleep before it comes, where there is a login service; say whether there is."""
        if sys.platform != "linux":
            return False
        try:
            from PySide6.QtDBus import QDBusConnection
        except ImportError:
            return False
        bus = QDBusConnection.systemBus()
        slot: Any = SLOT("prepare_for_sleep(bool)")  # a str, which the stubs do not know
        return bus.isConnected() and bus.connect(LOGIN, PATH, INTERFACE, "PrepareForSleep", self, slot)

    @Slot(bool)
    def prepare_for_sleep(self, begins: bool) -> None:  # noqa: FBT001  # the signal's shape
        """Take the login service's word; false means that it is over."""
        if begins:
            self.slept.emit()
