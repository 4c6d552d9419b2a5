"""Pages that have one column and nothing beside it have it in the middle."""

from __future__ import annotations

from PySide6.QtWidgets import QHBoxLayout

from dsadesk.ui.widgets.scroll_column import ScrollColumn


def centre(page: ScrollColumn) -> None:
    """Put the column in the middle of a page that has nothing else on it."""
    inner = page.column.parentWidget()
    outer = inner.parentWidget() if inner is not None else None
    across = outer.layout() if outer is not None else None
    if isinstance(across, QHBoxLayout):
        across.insertStretch(0, 1)
        across.setStretch(1, 1000)
        across.setStretch(2, 1)
