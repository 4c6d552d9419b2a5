"""Marks on places of a field of one line, as `marked_text` has them for several: drawn over the text, moving with it, never changing it."""

from __future__ import annotations

from collections.abc import Sequence

from msgspec.structs import replace
from PySide6.QtCore import QEvent, QObject, QPointF, QRect, Qt
from PySide6.QtGui import QFontMetricsF, QPainter, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QLineEdit, QWidget

from dsadesk.questions.proofing import Kind, Mark
from dsadesk.ui import theme

_LINES = {
    Kind.SPELLING: (Qt.PenStyle.SolidLine, "bad"),
    Kind.AVOID: (Qt.PenStyle.DashLine, "info"),
    Kind.ACRONYM: (Qt.PenStyle.DotLine, "purple"),
}
_SENTENCE = (Qt.PenStyle.SolidLine, "warn")
_BEFORE_CURSOR = 5  # Qt's rectangle of the cursor begins so many pixels before it
_WAVE = 2.0
_EDGE = 12  # about the padding of a field, which no line runs into


class MarkedLine(QWidget):
    """The marks of one field. It lies over the field, takes no clicks and no keyboard."""

    def __init__(self, line: QLineEdit) -> None:
        super().__init__(line)
        self._line = line
        self._text = line.text()
        self._marks: tuple[Mark, ...] = ()
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setGeometry(line.rect())
        line.installEventFilter(self)
        line.textChanged.connect(self._on_text_changed)
        line.cursorPositionChanged.connect(self.update)
        self.show()

    def show_marks(self, marks: Sequence[Mark], *, but_at: int = -1) -> None:
        """Show these marks in place of those before. The word that ends at `but_at` is still being typed and is left alone."""
        self._marks = tuple(mark for mark in marks if not (mark.kind is Kind.SPELLING and mark.end == but_at))
        self.update()

    def marks(self) -> tuple[Mark, ...]:
        """Return the marks where they stand now."""
        return self._marks

    def mark_at(self, place: int) -> Mark | None:
        """Return the mark of a word, else of a sentence, that a place is in."""
        here = [mark for mark in self._marks if mark.start <= place <= mark.end]
        return min(here, key=lambda mark: mark.end - mark.start, default=None)

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:
        """Lie over the whole field."""
        if event.type() is QEvent.Type.Resize:
            self.setGeometry(self._line.rect())
        return False

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw a line under each mark."""
        if not self._marks:
            return
        cursor: QRect = self._line.inputMethodQuery(Qt.InputMethodQuery.ImCursorRectangle)
        metrics = QFontMetricsF(self._line.font())
        begin = cursor.x() + _BEFORE_CURSOR - metrics.horizontalAdvance(self._text[: self._line.cursorPosition()])
        under = cursor.y() + metrics.ascent() + _WAVE
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        edge = theme.px(_EDGE)
        painter.setClipRect(self.rect().adjusted(edge, 0, -edge, 0))
        for mark in self._marks:
            style, shade = _LINES.get(mark.kind, _SENTENCE)
            start = begin + metrics.horizontalAdvance(self._text[: mark.start])
            end = begin + metrics.horizontalAdvance(self._text[: mark.end])
            painter.setPen(QPen(theme.colour(shade), 1.5, style))
            if mark.kind is Kind.SPELLING:
                painter.drawPolyline(_wave(start, end, under))
            else:
                painter.drawLine(QPointF(start, under), QPointF(end, under))

    def _on_text_changed(self, text: str) -> None:
        """Move the marks behind what was typed; one that was typed in is none any more."""
        old, self._text = self._text, text
        shorter = min(len(old), len(text))
        first = next((n for n in range(shorter) if old[n] != text[n]), shorter)
        last = next((n for n in range(shorter - first) if old[-1 - n] != text[-1 - n]), shorter - first)
        by, behind = len(text) - len(old), len(old) - last
        before = [mark for mark in self._marks if mark.end < first]
        after = [mark for mark in self._marks if mark.start >= behind]
        self._marks = (*before, *(replace(mark, start=mark.start + by, end=mark.end + by) for mark in after))
        self.update()


def _wave(start: float, end: float, under: float) -> QPolygonF:
    points, at, is_low = [], start, False
    while at < end:
        points.append(QPointF(at, under + (_WAVE if is_low else 0)))
        at, is_low = at + _WAVE, not is_low
    return QPolygonF([*points, QPointF(end, under)])
