"""Marks on places of a text field: what could be plainer, and what was looked for.

The marks lie over the text and move with it, so that a key press costs nothing for them; a highlighter of Qt's would lay the paragraph out
again with every letter. They are drawn as different lines as well as colours.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QEvent, QObject
from PySide6.QtGui import QTextCharFormat, QTextCursor
from PySide6.QtWidgets import QPlainTextEdit, QTextEdit

from dsadesk.questions.proofing import Kind, Mark
from dsadesk.ui import theme

_LINE = QTextCharFormat.UnderlineStyle
_LINES: dict[Kind, tuple[QTextCharFormat.UnderlineStyle, str]] = {
    Kind.SPELLING: (_LINE.SpellCheckUnderline, "bad"),
    Kind.AVOID: (_LINE.DashUnderline, "info"),
    Kind.ACRONYM: (_LINE.DotLine, "purple"),
}


@dataclass(frozen=True)
class _Placed:
    mark: Mark
    cursor: QTextCursor

    def now(self) -> Mark:
        """The mark where it stands after what was typed since."""
        return Mark(
            self.cursor.selectionStart(),
            self.cursor.selectionEnd(),
            self.mark.kind,
            self.mark.found,
            self.mark.instead,
            self.mark.size,
        )


class MarkedText(QObject):
    """The marks of one field."""

    def __init__(self, area: QPlainTextEdit) -> None:
        super().__init__(area)
        self._area = area
        self._placed: tuple[_Placed, ...] = ()
        self._found: tuple[QTextCursor, ...] = ()
        area.installEventFilter(self)

    def show_marks(self, marks: Sequence[Mark], *, but_at: int = -1) -> None:
        """Show these marks in place of those before. The word that ends at `but_at` is still being typed and is left alone."""
        kept = [mark for mark in marks if not (mark.kind is Kind.SPELLING and mark.end == but_at)]
        self._placed = tuple(_Placed(mark, self._over(mark.start, mark.end)) for mark in kept)
        self._paint()

    def show_found(self, places: Sequence[tuple[int, int]]) -> None:
        """Show what was looked for, by start and length."""
        self._found = tuple(self._over(start, start + length) for start, length in places)
        self._paint()

    def marks(self) -> tuple[Mark, ...]:
        """Return the marks where they stand now; a mark whose text is gone is none."""
        now = (each.now() for each in self._placed)
        return tuple(mark for mark in now if mark.end > mark.start)

    def mark_at(self, place: int) -> Mark | None:
        """Return the mark of a word, else of a sentence, that a place is in."""
        here = [mark for mark in self.marks() if mark.start <= place <= mark.end]
        return min(here, key=lambda mark: mark.end - mark.start, default=None)

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:
        """Wear the colours of a new theme."""
        if event.type() is QEvent.Type.StyleChange and (self._placed or self._found):
            self._paint()
        return False

    def _over(self, start: int, end: int) -> QTextCursor:
        most = self._area.document().characterCount() - 1
        cursor = QTextCursor(self._area.document())
        cursor.setPosition(min(start, most))
        cursor.setPosition(min(end, most), QTextCursor.MoveMode.KeepAnchor)
        return cursor

    def _paint(self) -> None:
        # Sentences lie under words, and both under what was looked for.
        wide_first = sorted(self._placed, key=lambda each: each.mark.kind in _LINES)
        shown = [_selection(each.cursor, _format_of(each.mark.kind)) for each in wide_first]
        shown += [_selection(cursor, _found_format()) for cursor in self._found]
        self._area.setExtraSelections(shown)


def _selection(cursor: QTextCursor, look: QTextCharFormat) -> QTextEdit.ExtraSelection:
    selection = QTextEdit.ExtraSelection()
    selection.cursor = cursor
    selection.format = look
    return selection


def _format_of(kind: Kind) -> QTextCharFormat:
    look = QTextCharFormat()
    if kind in _LINES:
        line, shade = _LINES[kind]
        look.setUnderlineStyle(line)
        look.setUnderlineColor(theme.colour(shade))
    else:
        look.setBackground(theme.colour("warn_soft"))
    return look


def _found_format() -> QTextCharFormat:
    look = QTextCharFormat()
    look.setBackground(theme.colour("sel"))
    look.setUnderlineStyle(_LINE.SingleUnderline)
    return look
