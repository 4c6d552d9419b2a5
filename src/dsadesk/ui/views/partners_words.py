"""The words of a fingerprint, large enough to read aloud, numbered so that nobody loses their place."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QAccessible, QResizeEvent
from PySide6.QtWidgets import QFrame, QGridLayout, QHBoxLayout, QWidget

from dsadesk.ui import theme
from dsadesk.ui.theme import Space
from dsadesk.ui.widgets.accessible import give_role
from dsadesk.ui.widgets.text import Text, plain

_MANY, _FEW = 4, 2
_WIDE = 400


class WordsCard(QFrame):
    """Eight words in rows of four, or of two where it is narrow. A screen reader hears each with its number."""

    def __init__(self, words: Sequence[str] = (), spelled: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("look", "card")
        give_role(self, QAccessible.Role.StaticText)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self._words: tuple[str, ...] = ()
        self._boxes: list[QWidget] = []
        self._columns = _MANY
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(Space.LARGE, Space.MEDIUM, Space.LARGE, Space.MEDIUM)
        self._grid.setHorizontalSpacing(Space.MEDIUM)
        self._grid.setVerticalSpacing(Space.SMALL)
        self.show_words(words, spelled)

    def show_words(self, words: Sequence[str], spelled: str) -> None:
        """Show these words in place of those before."""
        self.setAccessibleName(plain(spelled))
        if tuple(words) == self._words:
            return
        self._words = tuple(words)
        for box in self._boxes:
            self._grid.removeWidget(box)
            box.hide()
            box.deleteLater()
        self._boxes = [_word(number, word) for number, word in enumerate(words, 1)]
        self._place()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Set four words in a row, or two where four do not fit."""
        super().resizeEvent(event)
        columns = _MANY if event.size().width() >= theme.px(_WIDE) else _FEW
        if columns != self._columns:
            self._columns = columns
            self._place()

    def minimumSizeHint(self) -> QSize:
        """Return the size of two words in a row."""
        return QSize(theme.px(220), super().minimumSizeHint().height())

    def words(self) -> tuple[str, ...]:
        """Return the words."""
        return self._words

    def _place(self) -> None:
        for place, box in enumerate(self._boxes):
            self._grid.addWidget(box, place // self._columns, place % self._columns)
        for column in range(_MANY):
            self._grid.setColumnStretch(column, 1 if column < self._columns else 0)
        self.updateGeometry()


def _word(number: int, word: str) -> QWidget:
    box = QWidget()
    row = QHBoxLayout(box)
    row.setContentsMargins(0, 0, 0, 0)
    row.setSpacing(Space.SMALL - 2)
    row.addWidget(Text(str(number), "caption", wrap=False), 0, Qt.AlignmentFlag.AlignVCenter)
    row.addWidget(Text(word, "subtitle", wrap=False), 1, Qt.AlignmentFlag.AlignVCenter)
    return box
