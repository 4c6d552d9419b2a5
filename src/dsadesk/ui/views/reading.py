"""A scrolling column that is exactly as long as what is in it, and that is filled without holding the window up."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import QElapsedTimer, QTimer
from PySide6.QtWidgets import QScrollArea, QWidget

from dsadesk.ui import theme
from dsadesk.ui.widgets.scroll_column import ScrollColumn

_BUDGET_MILLISECONDS = 12


class ReadingColumn(ScrollColumn):
    """A column of wrapping texts. Their least height is that of a narrow page, and would leave blank space to scroll through."""

    def __init__(self, *, width: int = theme.COLUMN_WIDTH, parent: QWidget | None = None) -> None:
        super().__init__(width=width, parent=parent)
        self._makers: list[Callable[[], QWidget]] = []
        self._soon = QTimer(self)
        self._soon.setSingleShot(True)
        self._soon.setInterval(0)
        self._soon.timeout.connect(self._go_on)
        trim(self)

    def add_in_turn(self, makers: Sequence[Callable[[], QWidget]]) -> None:
        """Put what these make at the end: as much as fits into a frame now, the rest in the frames that follow."""
        self._makers += makers
        self._go_on()

    def finish(self) -> None:
        """Put the rest in now, because somebody wants to go there."""
        self._soon.stop()
        while self._makers:
            self.add(self._makers.pop(0)())

    def clear(self) -> None:
        """Take everything out, and what was still to come."""
        self._makers.clear()
        self._soon.stop()
        super().clear()

    def _go_on(self) -> None:
        spent = QElapsedTimer()
        spent.start()
        while self._makers and spent.elapsed() < _BUDGET_MILLISECONDS:
            self.add(self._makers.pop(0)())
        if self._makers:
            self._soon.start()


def trim(area: QScrollArea) -> None:
    """Let what is scrolled be as long as its texts are at their width, and no longer."""
    inner = area.widget()
    if inner is not None:
        inner.setMinimumHeight(1)
