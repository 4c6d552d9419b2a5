"""What the window shows while there are no pages to go to: a mast in the place of the rail, and a word in the middle."""

from __future__ import annotations

from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from dsadesk.ui import theme
from dsadesk.ui.i18n import translate
from dsadesk.ui.theme import Space
from dsadesk.ui.widgets.glyph import Glyph
from dsadesk.ui.widgets.text import Text

_MAST_WIDTH = 96


class Mast(QWidget):
    """Stands where the rail will be while there are no pages to go to."""

    def __init__(self) -> None:
        super().__init__()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 14, 0, 0)
        column.addWidget(Glyph("file-lock", "nav_ink", size=30, stroke=1.75), 0, Qt.AlignmentFlag.AlignHCenter)
        column.addStretch(1)
        self._fit()

    def changeEvent(self, event: QEvent) -> None:
        """Grow with the text."""
        super().changeEvent(event)
        if event.type() is QEvent.Type.StyleChange:
            self._fit()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Fill the place."""
        painter = QPainter(self)
        painter.fillRect(self.rect(), theme.colour("nav"))
        painter.setPen(theme.colour("nav_line"))
        painter.drawLine(self.rect().topRight(), self.rect().bottomRight())

    def _fit(self) -> None:
        self.setFixedWidth(theme.px(_MAST_WIDTH))


class Opening(QWidget):
    """What is seen until there is a desk."""

    def __init__(self) -> None:
        super().__init__()
        column = QVBoxLayout(self)
        column.addStretch(2)
        column.addWidget(Glyph("file-lock", "brand", size=56, stroke=1.5), 0, Qt.AlignmentFlag.AlignHCenter)
        self._words = Text(translate("Window", "Opening your desk…"), "lead")
        self._words.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        column.addSpacing(Space.MEDIUM)
        column.addWidget(self._words)
        column.addStretch(3)

    def say(self, sentence: str) -> None:
        """Say something else."""
        self._words.setText(sentence)
