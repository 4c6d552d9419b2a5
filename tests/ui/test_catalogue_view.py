"""The catalogue as widgets: typing looks things up after a pause, files are dropped, rows keep their place."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QAbstractItemModelTester, QTest

from dsadesk.services import discovering
from dsadesk.ui.models.catalogue_list import CatalogueListModel
from dsadesk.ui.presenters.frame import Page, Place
from dsadesk.ui.views.catalogue import CatalogueView, ProblemsDialog
from dsadesk.ui.vocabulary import Card, CardRole, Tone
from tests.support.desks import ROOT, two_desks
from tests.ui.test_inbox_view import drop
from tests.ui.windows import window_over
from tests.unit.ui.frames import inline_frame

FILE = ROOT / "tests/data/catalogue/invented-datasets.csv"


class Opened:
    def __init__(self, qtbot, *, full=True):
        self.pair = two_desks()
        if full:
            discovering.import_catalogue(self.pair.asks, FILE.read_bytes(), FILE.name)
        self.frame, self.seen = inline_frame(self.pair.requester)
        self.view = CatalogueView(self.frame)
        qtbot.addWidget(self.view)
        self.view.resize(1270, 700)
        self.view.show()
        self.view.show_place(Place(Page.CATALOGUE))
        self.seen.changes.clear()

    def listen(self):
        while self.seen.changes:
            self.view.refresh(self.seen.changes.pop(0))


def test_typing_looks_things_up_once_it_pauses(qtbot):
    page = Opened(qtbot)
    searches = []
    page.view.search.searched.connect(searches.append)
    QTest.keyClicks(page.view.search, "school")
    assert searches == []
    qtbot.waitUntil(lambda: searches == ["school"])
    assert page.view._model.rowCount() == 1
    assert page.view._count.said() == "1 dataset"
    QTest.keyClick(page.view.search, Qt.Key.Key_Escape)
    assert page.view._model.rowCount() == 2


def test_a_dropped_catalogue_is_taken_in_and_its_faults_can_be_read(qtbot):
    page = Opened(qtbot, full=False)
    assert page.view.panes.pages.currentWidget() is page.view._empty
    assert not page.view.search.isEnabled()
    page.view.focus_first()
    assert page.view.focusWidget() is page.view.take_in
    assert drop(page.view, [FILE])
    assert page.view.focusWidget() is page.view.search
    page.listen()
    assert page.view._model.rowCount() == 2
    assert page.view.search.isEnabled()
    page.view._done.action_chosen.emit()
    dialog = page.view.dialog()
    assert isinstance(dialog, ProblemsDialog)
    dialog.reject()


def test_a_dataset_is_opened_by_keyboard_and_starts_a_request(qtbot):
    page = Opened(qtbot)
    page.view.list.setCurrentIndex(page.view._model.index(0))
    QTest.keyClick(page.view.list, Qt.Key.Key_Return)
    assert page.view.dataset.isVisible()
    assert page.view.focusWidget() is page.view.dataset._title
    page.view.dataset.start_wanted.emit()
    assert page.seen.places[-1].page is Page.EDITOR


def test_the_search_has_its_shortcut(tmp_path):
    pair = two_desks()
    discovering.import_catalogue(pair.asks, FILE.read_bytes(), FILE.name)
    with window_over(pair.requester, tmp_path) as shown:
        shown.go(Place(Page.CATALOGUE))
        shown.page("catalogue").list.setFocus()
        QTest.keyClick(shown.window, Qt.Key.Key_F, Qt.KeyboardModifier.ControlModifier)
        assert shown.page("catalogue").search.hasFocus()


@pytest.fixture
def model(qapp):
    model = CatalogueListModel()
    model._tester = QAbstractItemModelTester(model, QAbstractItemModelTester.FailureReportingMode.Fatal)
    return model


def cards(*titles):
    return [Card(title, "Owner", "Open to all", Tone.GOOD) for title in titles]


def test_the_model_says_each_role(model):
    model.set_cards(cards("Rivers"))
    index = model.index(0)
    assert index.data() == "Rivers"
    assert index.data(CardRole.SUBTITLE) == "Owner"
    assert index.data(CardRole.PILL) == "Open to all"
    assert index.data(CardRole.TONE) == Tone.GOOD
    assert index.data(CardRole.META) == ""
    assert index.data(Qt.ItemDataRole.AccessibleTextRole) == "Rivers. Owner. Open to all"
    assert index.data(Qt.ItemDataRole.DecorationRole) is None


def test_narrowing_and_widening_move_as_few_rows_as_they_can(model):
    heard = []
    model.rowsInserted.connect(lambda *_: heard.append("in"))
    model.rowsRemoved.connect(lambda *_: heard.append("out"))
    model.modelReset.connect(lambda: heard.append("reset"))
    model.set_cards(cards("a", "b", "c"))
    model.set_cards(cards("a", "b", "c"))
    model.set_cards(cards("a"))
    model.set_cards(cards("a", "b"))
    model.set_cards(cards("x", "b"))
    model.set_cards(())
    assert heard == ["in", "out", "in", "reset", "out"]
    assert model.rowCount() == 0
