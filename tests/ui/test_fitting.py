"""The room of a page is shared out once at a time."""

from __future__ import annotations

import pytest
from PySide6.QtWidgets import QHBoxLayout, QLabel, QWidget
from shiboken6 import delete

from dsadesk.ui.fitting import Fitting


class Page(QWidget):
    """A list that is shown where there is room beside the text."""

    def __init__(self):
        super().__init__()
        self.list, self.text = QLabel("list"), QLabel("text")
        row = QHBoxLayout(self)
        row.addWidget(self.list)
        row.addWidget(self.text, 1)
        self.widths = []
        self.fitting = Fitting(self, self._decide)

    def resizeEvent(self, event):  # noqa: N802  # Qt's spelling
        super().resizeEvent(event)
        self.fitting.now()

    def _decide(self):
        self.widths.append(self.width())
        self.list.setVisible(self.width() >= 400)


@pytest.fixture
def beside(qtbot):
    window, pane, page = QWidget(), QLabel("pane"), Page()
    row = QHBoxLayout(window)
    row.addWidget(pane)
    row.addWidget(page, 1)
    pane.setFixedWidth(50)
    window.resize(800, 300)
    qtbot.addWidget(window)
    window.show()
    qtbot.waitUntil(page.list.isVisible)
    return pane, page


def test_a_part_that_loses_its_room_while_it_is_being_shown_is_not_seen(beside):
    pane, page = beside
    page.list.hide()
    pane.setFixedWidth(600)
    page.widths.clear()
    page.fitting.now()
    assert len(page.widths) == 2
    assert page.widths[1] < 400 < page.widths[0]
    assert page.list.isHidden()
    assert not page.list.isVisible()


def test_what_changes_its_own_room_for_ever_is_left_alone(qtbot):
    times = []

    def decide():
        times.append(1)
        fitting.now()

    page = QWidget()
    qtbot.addWidget(page)
    fitting = Fitting(page, decide)
    fitting.now()
    assert len(times) == 3


def test_an_error_within_does_not_end_the_deciding(qtbot):
    answers = iter([ZeroDivisionError, None])
    times = []

    def decide():
        times.append(1)
        error = next(answers)
        if error:
            raise error

    page = QWidget()
    qtbot.addWidget(page)
    fitting = Fitting(page, decide)
    with pytest.raises(ZeroDivisionError):
        fitting.now()
    fitting.now()
    assert len(times) == 2


def test_soon_is_after_what_is_under_way(beside, qtbot):
    _pane, page = beside
    page.widths.clear()
    page.fitting.soon()
    assert page.widths == []
    qtbot.waitUntil(lambda: page.widths != [])


def test_a_page_that_is_gone_is_not_asked(qtbot):
    page, times = QWidget(), []
    fitting = Fitting(page, lambda: times.append(1))
    fitting.soon()
    delete(page)
    qtbot.wait(20)
    assert times == []
