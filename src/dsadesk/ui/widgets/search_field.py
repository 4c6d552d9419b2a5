"""Where somebody types what they look for."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QRectF, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QLineEdit, QWidget

from dsadesk.ui import icons, theme
from dsadesk.ui.i18n import translate
from dsadesk.ui.theme import set_look
from dsadesk.ui.widgets.button import Button
from dsadesk.ui.widgets.text import plain

_ICON = 17
_CLEAR = 26
_PAUSE_MILLISECONDS = 150


class SearchField(QLineEdit):
    """A field with a magnifying glass, that reports what to look for once the typing pauses. Escape clears it."""

    searched = Signal(str)

    def __init__(self, name: str, *, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(plain(name))
        self.setPlaceholderText(plain(name))
        self._last = ""
        self._pause = QTimer(self)
        self._pause.setSingleShot(True)
        self._pause.setInterval(_PAUSE_MILLISECONDS)
        self._pause.timeout.connect(self._report)
        self._clear = Button(translate("SearchField", "Clear the search"), "icon", icon_name="x", parent=self)
        self._clear.setCursor(Qt.CursorShape.ArrowCursor)
        self._clear.clicked.connect(self.clear_search)
        self._clear.hide()
        self.textChanged.connect(self._on_text_changed)
        self.returnPressed.connect(self._report)
        set_look(self, look="search")
        self._fit()

    def clear_search(self) -> None:
        """Empty the field and look for everything again, at once."""
        self.clear()
        self._report()
        self.setFocus()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Clear on Escape when there is something to clear."""
        if event.key() == Qt.Key.Key_Escape and self.text():
            self.clear_search()
        else:
            super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the field, then the glass."""
        super().paintEvent(event)
        side = theme.px(_ICON)
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        icons.paint(painter, "search", QRectF(theme.px(9), (self.height() - side) / 2, side, side), "ink2")

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Keep the clear button at the end."""
        super().resizeEvent(event)
        self._fit()

    def changeEvent(self, event: QEvent) -> None:
        """Grow with the text."""
        super().changeEvent(event)
        if event.type() is QEvent.Type.StyleChange:
            self._fit()

    def _fit(self) -> None:
        side = theme.px(_CLEAR)
        self.setTextMargins(theme.px(_ICON + 8), 0, side, 0)
        self._clear.setGeometry(self.width() - side - 4, (self.height() - side) // 2, side, side)

    def _on_text_changed(self, text: str) -> None:
        self._clear.setVisible(bool(text))
        self._pause.start()

    def _report(self) -> None:
        self._pause.stop()
        wanted = plain(self.text()).strip()
        if wanted != self._last:
            self._last = wanted
            self.searched.emit(wanted)
