"""What can wait until the screen shows what just changed."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable

from PySide6.QtCore import QCoreApplication, QEvent, QObject, Qt

_KIND = QEvent.Type(QEvent.registerEventType())
# Qt draws at low priority. A timer of no length is no timer but an event of ordinary priority, and would come before the drawing.
_PRIORITY = Qt.EventPriority.LowEventPriority.value - 1


class Afterwards(QObject):
    """Does things in turn, each once everything that was to be drawn by then is drawn."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._acts: deque[Callable[[], None]] = deque()

    def soon(self, act: Callable[[], None]) -> None:
        """Do this afterwards."""
        self._acts.append(act)
        QCoreApplication.postEvent(self, QEvent(_KIND), _PRIORITY)

    def event(self, event: QEvent) -> bool:
        """Do what was next."""
        if event.type() != _KIND:
            return super().event(event)
        self._acts.popleft()()
        return True
