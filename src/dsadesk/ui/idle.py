"""Notices that nobody has touched any window of the program for a while.

It listens to windows, not to widgets: a filter on every widget's events would slow down everything else.
"""

from __future__ import annotations

from collections.abc import Callable
from time import monotonic

from PySide6.QtCore import QEvent, QObject, QTimer, Signal
from PySide6.QtGui import QGuiApplication, QWindow

_TOUCHES = {
    QEvent.Type.KeyPress,
    QEvent.Type.MouseButtonPress,
    QEvent.Type.MouseMove,
    QEvent.Type.Wheel,
    QEvent.Type.TouchBegin,
    QEvent.Type.TabletPress,
}
_LOOK_MILLISECONDS = 5_000


class IdleWatch(QObject):
    """Counts from the last touch. `ticked` tells the seconds left, `expired` that there are none."""

    ticked = Signal(int)  # seconds left
    expired = Signal()

    def __init__(
        self, limit_seconds: Callable[[], int], parent: QObject | None = None, now: Callable[[], float] = monotonic
    ) -> None:
        super().__init__(parent)
        self._limit = limit_seconds
        self._now = now
        self._touched = now()
        self._timer = QTimer(self)
        self._timer.setInterval(_LOOK_MILLISECONDS)
        self._timer.timeout.connect(self.look)
        app = QGuiApplication.instance()
        if isinstance(app, QGuiApplication):
            app.focusWindowChanged.connect(self._on_focus_window_changed)

    def start(self) -> None:
        """Begin to count."""
        self.touch()
        self._timer.start()
        self.look()

    def stop(self) -> None:
        """Stop counting, because nothing is open."""
        self._timer.stop()

    def touch(self) -> None:
        """Count anew."""
        self._touched = self._now()

    def untouched_seconds(self) -> float:
        """Return for how long nobody has touched anything."""
        return self._now() - self._touched

    def look(self) -> None:
        """Say how long is left, or that it is over."""
        left = int(self._limit() - self.untouched_seconds())
        if left > 0:
            self.ticked.emit(left)
        else:
            self._timer.stop()
            self.expired.emit()

    def watch(self, window: QWindow | None) -> None:
        """Listen to a window."""
        if window is not None:
            window.installEventFilter(self)  # installing twice is installing once

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:
        """Note a touch and let every event through."""
        if event.type() in _TOUCHES:
            self._touched = self._now()
        return False

    def _on_focus_window_changed(self, window: QWindow | None) -> None:
        self.watch(window)
