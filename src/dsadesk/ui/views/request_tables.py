"""A table of wrapping texts, as documents and answers have them: columns where there is room, one record under the other where not."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible, QResizeEvent
from PySide6.QtWidgets import QFrame, QGridLayout, QVBoxLayout, QWidget

from dsadesk.ui import theme
from dsadesk.ui.i18n import translate
from dsadesk.ui.theme import Space
from dsadesk.ui.views.samples import table
from dsadesk.ui.widgets.accessible import give_role
from dsadesk.ui.widgets.key_value_table import KeyValueTable
from dsadesk.ui.widgets.text import Text, plain

_COLUMN = 104
_MOST_CELLS = 240
_MOST_CARDS = 12
_MOST_RECORDS = 200
_LEAST, _MOST = 8, 44


class TextTable(QFrame):
    """Rows under a heading. A screen reader hears the heading of the column with each cell."""

    def __init__(
        self, name: str, heading: Sequence[str], rows: Sequence[Sequence[str]], *, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        give_role(self, QAccessible.Role.Grouping)
        self._name = plain(name)
        self.setAccessibleName(self._name)
        self._heading, self._rows = tuple(heading), tuple(tuple(row) for row in rows)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(Space.SMALL)
        self._is_wide: bool | None = None
        # What it will probably be, so that it is not built twice.
        self._show(is_wide=self._fits(theme.px(theme.COLUMN_WIDTH)))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Turn columns into records, and back, where the width changes that much."""
        super().resizeEvent(event)
        self._show(is_wide=self._fits(event.size().width()))

    def _fits(self, width: int) -> bool:
        return width >= theme.px(_COLUMN) * len(self._heading) and len(self._rows) * len(self._heading) <= _MOST_CELLS

    def _show(self, *, is_wide: bool) -> None:
        if is_wide is self._is_wide:
            return
        self._is_wide = is_wide
        while (item := self._column.takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                widget.hide()
                widget.deleteLater()
        if is_wide:
            self._column.addWidget(_grid(self._heading, self._rows))
        elif len(self._rows) > _MOST_RECORDS:
            self._column.addWidget(table(self._name, self._heading, self._rows))
        else:
            in_full = len(self._rows) <= _MOST_CARDS
            for number, row in enumerate(self._rows, 1):
                self._column.addWidget(_record(number, self._heading, row, in_full=in_full))
        self.updateGeometry()


def _grid(heading: Sequence[str], rows: Sequence[Sequence[str]]) -> QWidget:
    box = QWidget()
    grid = QGridLayout(box)
    grid.setContentsMargins(0, 0, 0, 0)
    grid.setHorizontalSpacing(Space.LARGE)
    grid.setVerticalSpacing(Space.SMALL - 2)
    for column, words in enumerate(heading):
        longest = max((len(row[column]) for row in rows if column < len(row)), default=0)
        grid.setColumnStretch(column, min(max(longest, len(words), _LEAST), _MOST))
        grid.addWidget(Text(words, "caption"), 0, column, Qt.AlignmentFlag.AlignBottom)
    for number, row in enumerate(rows):
        grid.addWidget(_rule(), 2 * number + 1, 0, 1, max(1, len(heading)))
        for column, words in enumerate(heading):
            cell = Text(row[column] if column < len(row) else "", "text")
            cell.setAccessibleName(f"{plain(words)}: {cell.said()}")
            cell.let_copy()
            grid.addWidget(cell, 2 * number + 2, column, Qt.AlignmentFlag.AlignTop)
    return box


def _record(number: int, heading: Sequence[str], row: Sequence[str], *, in_full: bool) -> QWidget:
    """One row as a card: a line each, or all in one text where there are many."""
    box = QFrame()
    box.setProperty("look", "card")
    column = QVBoxLayout(box)
    column.setContentsMargins(Space.MEDIUM, Space.MEDIUM, Space.MEDIUM, Space.MEDIUM)
    column.setSpacing(Space.SMALL)
    name = row[0] if row and row[0] else translate("TextTable", "Row {n}", n=number)
    column.addWidget(Text(name, "strong"))
    facts = [(label, cell) for label, cell in zip(heading[1:], row[1:], strict=False) if cell]
    if facts and in_full:
        column.addWidget(KeyValueTable(name, facts))
    elif facts:
        words = Text("\n".join(f"{label}: {cell}" for label, cell in facts), "text")
        words.let_copy()
        column.addWidget(words)
    return box


def _rule() -> QFrame:
    rule = QFrame()
    rule.setProperty("look", "rule")
    return rule
