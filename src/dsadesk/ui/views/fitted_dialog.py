"""A dialog whose contents are only known once it is shown, and which then takes the room for them."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QTimer
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QWidget

from dsadesk.ui import theme
from dsadesk.ui.widgets.dialog import Dialog

_FRAME = 60
_SETTLED_MILLISECONDS = 500


class FittedDialog(Dialog):
    """Grows until nothing has to be scrolled, or until the screen is full. Once it stands, its size is the reader's own affair."""

    def __init__(self, title: str, sentence: str, *, safe: str, parent: QWidget | None = None) -> None:
        self._wide = 0
        super().__init__(title, sentence, safe=safe, parent=parent)
        self._settling = QTimer(self)
        self._settling.setSingleShot(True)
        self._settling.setInterval(_SETTLED_MILLISECONDS)
        self._scroll.verticalScrollBar().rangeChanged.connect(self._on_range_changed)

    def showEvent(self, event: QShowEvent) -> None:
        """Fit once everything in it has its size."""
        super().showEvent(event)
        self.fit_soon()

    def widen(self, width: int) -> None:
        """Be as wide as a text is best read at, as far as the screen is."""
        self._wide = width
        room = self.screen().availableGeometry().width() - _FRAME
        self.setMinimumWidth(max(self.minimumWidth(), min(theme.px(width), room)))

    def changeEvent(self, event: QEvent) -> None:
        """Stay wide enough to read when the text grows."""
        super().changeEvent(event)
        if event.type() is QEvent.Type.StyleChange and self._wide:
            self.widen(self._wide)

    def fit_soon(self) -> None:
        """Fit in a moment, when Qt has shown what was just put in, and as long as texts still grow to their lines."""
        self._settling.start()
        QTimer.singleShot(0, self, self._grow)

    def _on_range_changed(self) -> None:
        if self._settling.isActive():
            QTimer.singleShot(0, self, self._grow)

    def _grow(self) -> None:
        missing = self._scroll.verticalScrollBar().maximum()
        room = self.screen().availableGeometry().height() - _FRAME
        if missing > 0 and self.height() < room:
            self._settling.start()
            self.resize(self.width(), min(self.height() + missing, room))
            self._stay_on_screen()
            QTimer.singleShot(0, self, self._grow)
