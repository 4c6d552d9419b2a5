"""A dialog whose contents are only known once it is shown, and which then takes the room for them."""

from __future__ import annotations

from PySide6.QtCore import QTimer
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QScrollArea

from dsadesk.ui.widgets.dialog import Dialog

_FRAME = 60


class FittedDialog(Dialog):
    """Grows until nothing has to be scrolled, or until the screen is full."""

    def showEvent(self, event: QShowEvent) -> None:
        """Fit once everything in it has its size."""
        super().showEvent(event)
        self.fit_soon()

    def fit_soon(self) -> None:
        """Fit in a moment, when Qt has shown what was just put in."""
        QTimer.singleShot(0, self, self._grow)

    def _grow(self) -> None:
        area = self.findChild(QScrollArea)
        if not isinstance(area, QScrollArea):
            return
        missing = area.verticalScrollBar().maximum()
        room = self.screen().availableGeometry().height() - _FRAME
        if missing > 0 and self.height() < room:
            self.resize(self.width(), min(self.height() + missing, room))
            self.fit_soon()
