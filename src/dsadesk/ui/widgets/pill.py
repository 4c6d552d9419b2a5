"""A status in a word or two. The words say it; the colour helps those who see it."""

from __future__ import annotations

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QFont, QFontMetricsF, QPainter, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from dsadesk.ui import theme
from dsadesk.ui.theme import Size, set_look
from dsadesk.ui.vocabulary import Tone
from dsadesk.ui.widgets.text import Text, plain

_PAD = 8
_HEIGHT = 22
_CORNER = 4


class Pill(Text):
    """A status as a widget."""

    def __init__(self, words: str, tone: Tone = Tone.NEUTRAL, *, parent: QWidget | None = None) -> None:
        super().__init__(words, "pill", wrap=False, parent=parent)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.setProperty("tone", tone.value)

    def show_status(self, words: str, tone: Tone) -> None:
        """Show another status."""
        self.setText(words)
        set_look(self, tone=tone.value)


def pill_width(words: str) -> float:
    """Return how wide a painted pill is."""
    return QFontMetricsF(_font()).horizontalAdvance(plain(words)) + theme.px(2 * _PAD)


def paint_pill(painter: QPainter, left: float, middle: float, words: str, tone: Tone) -> None:
    """Draw a status in a list, from its left end and middle height."""
    height = theme.px(_HEIGHT)
    box = QRectF(left, middle - height / 2, pill_width(words), height)
    painter.setPen(QPen(theme.colour(f"{tone}_line"), 1))
    painter.setBrush(theme.colour(f"{tone}_soft"))
    painter.drawRoundedRect(box.adjusted(0.5, 0.5, -0.5, -0.5), _CORNER, _CORNER)
    painter.setPen(theme.colour(tone.value))
    painter.setFont(_font())
    painter.drawText(box, Qt.AlignmentFlag.AlignCenter, plain(words))


def _font() -> QFont:
    return theme.font(Size.CAPTION, QFont.Weight.DemiBold)
