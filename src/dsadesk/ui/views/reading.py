"""A scrolling column that is exactly as long as what is in it."""

from __future__ import annotations

from PySide6.QtWidgets import QScrollArea, QWidget

from dsadesk.ui import theme
from dsadesk.ui.widgets.scroll_column import ScrollColumn


class ReadingColumn(ScrollColumn):
    """A column of wrapping texts. Their least height is that of a narrow page, and would leave blank space to scroll through."""

    def __init__(self, *, width: int = theme.COLUMN_WIDTH, parent: QWidget | None = None) -> None:
        super().__init__(width=width, parent=parent)
        trim(self)


def trim(area: QScrollArea) -> None:
    """Let what is scrolled be as long as its texts are at their width, and no longer."""
    inner = area.widget()
    if inner is not None:
        inner.setMinimumHeight(1)
