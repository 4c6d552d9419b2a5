"""A frame round things that belong together."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout, QWidget

from dsadesk.ui.theme import Space
from dsadesk.ui.widgets.glyph import Glyph
from dsadesk.ui.widgets.text import Text


class Card(QFrame):
    """A rounded frame with an optional title and icon; `column` takes what belongs in it."""

    def __init__(
        self, title: str = "", *, icon_name: str = "", shade: str = "ink2", parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setProperty("look", "card")
        self.column = QVBoxLayout(self)
        self.column.setContentsMargins(Space.LARGE, Space.MEDIUM, Space.LARGE, Space.LARGE)
        self.column.setSpacing(Space.SMALL)
        self._card_title = Text(title, "strong", heading=True, parent=self) if title else None
        if self._card_title is not None:
            row = QHBoxLayout()
            row.setSpacing(Space.SMALL)
            if icon_name:
                row.addWidget(Glyph(icon_name, shade, parent=self))
            row.addWidget(self._card_title, 1)
            self.column.addLayout(row)

    def focus_title(self) -> None:
        """Put the keyboard on the title, for whoever was sent to this part of a page."""
        if self._card_title is not None:
            self._card_title.setFocusPolicy(Qt.FocusPolicy.TabFocus)
            self._card_title.setFocus(Qt.FocusReason.OtherFocusReason)

    def add(self, widget: QWidget) -> None:
        """Put a widget at the end of the card."""
        self.column.addWidget(widget)
