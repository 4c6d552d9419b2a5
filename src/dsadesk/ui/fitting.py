"""Sharing out the room of a page among its parts."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QWidget

_MOST_ROUNDS = 3


class Fitting:
    """Decides which parts of a page there is room for, never a second time in the midst of the first.

    Showing a part makes Qt lay out everything around it at once. The page may come out narrower and would decide anew within its own
    decision; the part that it hides then, Qt goes on to show: it is hidden and seen at once, and nothing takes it away any more.
    """

    def __init__(self, page: QWidget, decide: Callable[[], None]) -> None:
        self._page = page
        self._decide = decide
        self._is_deciding = False
        self._is_wanted = False

    def now(self) -> None:
        """Decide by the room there is, and once more where that changed the room."""
        self._is_wanted = True
        if self._is_deciding:
            return
        self._is_deciding = True
        try:
            for _ in range(_MOST_ROUNDS):
                if not self._is_wanted:
                    break
                self._is_wanted = False
                self._decide()
        finally:
            self._is_deciding = False

    def soon(self) -> None:
        """Decide once what is under way is over: a part that is hidden while it is restyled may be seen all the same."""
        QTimer.singleShot(0, self._page, self.now)
