"""One icon as a picture beside words. The words carry the meaning, so it has no name of its own."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QRectF
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from dsadesk.ui import icons, theme


class Glyph(QWidget):
    """An icon in the colour of a token, as large as the text beside it."""

    def __init__(
        self,
        name: str,
        shade: str = "ink2",
        *,
        size: int = 18,
        stroke: float = icons.STROKE,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        icons.icon(name)
        self._name, self._shade, self._size, self._stroke = name, shade, size, stroke
        self._fit()

    def set_icon(self, name: str, shade: str) -> None:
        """Show another icon."""
        if (name, shade) == (self._name, self._shade):
            return
        icons.icon(name)
        self._name, self._shade = name, shade
        self.update()

    def changeEvent(self, event: QEvent) -> None:
        """Grow with the text."""
        super().changeEvent(event)
        if event.type() is QEvent.Type.StyleChange:
            self._fit()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw the icon."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        icons.paint(painter, self._name, QRectF(self.rect()), self._shade, stroke=self._stroke)

    def _fit(self) -> None:
        self.setFixedSize(theme.px(self._size), theme.px(self._size))
