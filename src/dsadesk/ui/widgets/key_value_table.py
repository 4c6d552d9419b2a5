"""Facts in two columns: what it is, and what it says."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible
from PySide6.QtWidgets import QFrame, QGridLayout, QWidget

from dsadesk.ui.theme import Space
from dsadesk.ui.widgets.accessible import give_role
from dsadesk.ui.widgets.text import Text, plain

_SHARE_OF_KEY = 2
_SHARE_OF_VALUE = 5


class KeyValueTable(QFrame):
    """Rows of a key and a value, both wrapping. A screen reader hears the key with each value."""

    def __init__(self, name: str, rows: Sequence[tuple[str, str]] = (), *, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        give_role(self, QAccessible.Role.Grouping)
        self.setAccessibleName(plain(name))
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(Space.LARGE)
        self._grid.setVerticalSpacing(Space.SMALL)
        self._grid.setColumnStretch(0, _SHARE_OF_KEY)
        self._grid.setColumnStretch(1, _SHARE_OF_VALUE)
        self.set_rows(rows)

    def set_rows(self, rows: Sequence[tuple[str, str]]) -> None:
        """Show these rows in place of those before."""
        while (item := self._grid.takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                widget.hide()
                widget.deleteLater()
        for number, (key, value) in enumerate(rows):
            self._add_row(2 * number, key, value, last=number == len(rows) - 1)

    def _add_row(self, line: int, key: str, value: str, *, last: bool) -> None:
        key_text = Text(key, "strong")
        value_text = Text(value, "text")
        value_text.setAccessibleName(f"{key_text.said()}: {value_text.said()}")
        value_text.let_copy()
        self._grid.addWidget(key_text, line, 0, Qt.AlignmentFlag.AlignTop)
        self._grid.addWidget(value_text, line, 1, Qt.AlignmentFlag.AlignTop)
        if not last:
            rule = QFrame()
            rule.setProperty("look", "rule")
            self._grid.addWidget(rule, line + 1, 0, 1, 2)
