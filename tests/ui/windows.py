"""A window over a desk in memory, with its jobs on their lane, for tests of whole pages."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from PySide6.QtCore import QCoreApplication, QEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QDialog

from dsadesk.services.desk import Desk
from dsadesk.ui.jobs import JobRunner, Lane
from dsadesk.ui.main_window import MainWindow
from dsadesk.ui.preferences import Preferences
from dsadesk.ui.presenters.frame import Place


class Shown:
    """The window, and what a test does with it."""

    def __init__(self, window: MainWindow, jobs: JobRunner) -> None:
        self.window = window
        self.jobs = jobs

    def settle(self) -> None:
        """Let all work that is under way, and what follows from it, come to its end."""
        done: list[bool] = []
        for _ in range(4):
            self.jobs.submit(lambda: None, lane=Lane.VAULT, then=lambda _: done.append(True))
            awaited = len(done) + 1
            while len(done) < awaited:
                QCoreApplication.processEvents()
        for _ in range(4):
            QCoreApplication.processEvents()

    def go(self, place: Place) -> None:
        self.window.go(place)
        self.settle()

    def dialog(self) -> QDialog | None:
        return next((each for each in self.window.findChildren(QDialog) if each.isVisible()), None)

    def page(self, home: str):
        return self.window.page(home)


@contextmanager
def window_over(
    desk: Desk, folder: Path, *, size: tuple[int, int] = (1366, 768), poll_minutes: int = 0
) -> Iterator[Shown]:
    """Open a window over a desk and put everything away afterwards. Without `poll_minutes` nothing goes on by itself."""
    jobs = JobRunner()
    preferences = Preferences(folder / "window.ini")
    preferences.poll_minutes = poll_minutes
    window = MainWindow(preferences, jobs, lambda: None)
    window.resize(*size)
    window.show()
    window.activateWindow()
    QTest.qWaitForWindowActive(window)
    shown = Shown(window, jobs)
    window.begin(desk)
    shown.settle()
    try:
        yield shown
    finally:
        window.stop_delivering()
        jobs.shutdown(wait=True)
        window.hide()
        window.deleteLater()
        QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)
