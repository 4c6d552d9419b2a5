"""Python's rubbish collection may run in the middle of a paint: no window that can be seen may be rubbish."""

from __future__ import annotations

import gc

from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QApplication, QDialog, QWidget
from shiboken6 import Shiboken

from dsadesk.ui.presenters.frame import Page, Place
from tests.support.desks import two_desks
from tests.ui.windows import window_over


class CollectedInPaint(QWidget):
    """A window in a circle of references, which collects the rubbish while it paints."""

    def __init__(self, painted):
        super().__init__()
        self.painted = painted
        self.itself = self

    def paintEvent(self, event):  # noqa: N802  # Qt's spelling
        painter = QPainter(self)
        gc.collect()
        painter.fillRect(self.rect(), self.palette().base())
        painter.end()
        self.painted.append(True)


def test_a_window_that_a_test_let_go_of_is_there_until_the_test_is_over(qtbot):
    painted = []
    window = CollectedInPaint(painted)
    qtbot.addWidget(window)
    window.show()
    pointer = Shiboken.getCppPointer(window)[0]
    del window
    gc.collect()
    assert pointer in [Shiboken.getCppPointer(each)[0] for each in QApplication.topLevelWidgets()]
    qtbot.waitUntil(lambda: bool(painted))


def test_a_dialog_that_no_page_holds_belongs_to_the_window(tmp_path):
    with window_over(two_desks().requester, tmp_path) as shown:
        shown.go(Place(Page.REQUESTS))
        shown.page("requests").start_new()
        gc.collect()
        shown.settle()
        dialogs = [each for each in QApplication.topLevelWidgets() if isinstance(each, QDialog)]
        assert dialogs
        assert all(dialog.parent() is not None and Shiboken.isValid(dialog) for dialog in dialogs)
        shown.dialog().reject()
