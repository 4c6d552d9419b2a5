"""The requests page in a window: the list, what opens, where the keyboard is."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLineEdit

from dsadesk.errors import VaultBusyError
from dsadesk.services import drafting
from dsadesk.services.desk import Desk
from dsadesk.ui import theme
from dsadesk.ui.models.request_list import WINDOW_ROWS
from dsadesk.ui.presenters.frame import Page, Place
from dsadesk.ui.widgets.button import Button
from tests.support.desks import PASSPHRASE, REQUESTER, SUPPLIER, memory_world, two_desks
from tests.ui.windows import window_over


@pytest.fixture
def pair():
    return two_desks()


def drafts(pair, count):
    made = []
    for n in range(count):
        made.append(drafting.start(pair.asks, title=f"Request {n}", supplier=SUPPLIER.id).request)
        pair.clock.advance(60)
    return made


def titles(page):
    model = page._pane.list.model()
    return [model.index(row).data() for row in range(model.rowCount())]


def test_the_list_is_there_when_the_desk_opens_newest_first(pair, tmp_path):
    drafts(pair, 3)
    with window_over(pair.requester, tmp_path) as shown:
        shown.go(Place(Page.REQUESTS))
        assert titles(shown.page("requests")) == ["Request 2", "Request 1", "Request 0"]


class BusyOnce:
    """Projections whose rows cannot be had the first time."""

    def __init__(self, projections):
        self._projections = projections
        self.is_busy = True

    def rows(self, wanted):
        if self.is_busy:
            self.is_busy = False
            raise VaultBusyError("vault-busy")
        return self._projections.rows(wanted)

    def __getattr__(self, name):
        return getattr(self._projections, name)


def test_rows_far_down_whose_words_could_not_be_had_are_asked_for_again(pair, tmp_path):
    drafts(pair, WINDOW_ROWS + 3)
    with window_over(pair.requester, tmp_path) as shown:
        shown.go(Place(Page.REQUESTS))
        model = shown.page("requests")._pane.list.model()
        last = model.index(WINDOW_ROWS + 2)
        pair.asks.vault.projections = BusyOnce(pair.asks.vault.projections)
        assert last.data() is None
        shown.settle()
        assert last.data() is None
        shown.settle()
        assert last.data() == "Request 0"


def test_a_click_opens_the_request_and_takes_the_keyboard_to_it(pair, tmp_path):
    made = drafts(pair, 3)
    with window_over(pair.requester, tmp_path) as shown:
        shown.window.activateWindow()
        shown.go(Place(Page.REQUESTS))
        page = shown.page("requests")
        listed = page._pane.list
        where = listed.visualRect(listed.model().index(1)).center()
        QTest.mouseClick(listed.viewport(), Qt.MouseButton.LeftButton, pos=where)
        shown.settle()
        assert page._editor._presenter.request == made[1]
        assert page._editor.isAncestorOf(shown.window.focusWidget())
        assert listed.currentIndex().row() == 1


def test_the_arrow_keys_look_at_one_after_the_other_and_stay_in_the_list(pair, tmp_path, qtbot):
    made = drafts(pair, 3)
    with window_over(pair.requester, tmp_path) as shown:
        shown.window.activateWindow()
        shown.go(Place(Page.REQUESTS))
        page = shown.page("requests")
        listed = page._pane.list
        listed.setFocus()
        QTest.keyClick(listed, Qt.Key.Key_Home)
        QTest.keyClick(listed, Qt.Key.Key_Down)
        qtbot.waitUntil(lambda: page._opened == made[1])
        shown.settle()
        assert shown.window.focusWidget() is listed
        QTest.keyClick(listed, Qt.Key.Key_Return)
        shown.settle()
        assert page._editor.isAncestorOf(shown.window.focusWidget())


def test_searching_narrows_the_list_and_escape_brings_it_back(pair, tmp_path, qtbot):
    drafts(pair, 12)
    with window_over(pair.requester, tmp_path) as shown:
        shown.go(Place(Page.REQUESTS))
        page = shown.page("requests")
        search = page._pane.search
        QTest.keyClicks(search, "request 11")
        QTest.keyClick(search, Qt.Key.Key_Return)
        shown.settle()
        assert titles(page) == ["Request 11"]
        QTest.keyClick(search, Qt.Key.Key_Escape)
        shown.settle()
        assert len(titles(page)) == 12


def test_a_filter_without_requests_says_what_belongs_there(pair, tmp_path):
    drafts(pair, 1)
    with window_over(pair.requester, tmp_path) as shown:
        shown.go(Place(Page.REQUESTS))
        page = shown.page("requests")
        page._pane.filter._segments["agreed"].click()
        shown.settle()
        assert not page._pane.nothing.isHidden()
        assert page._pane.nothing.said() == "Nothing agreed yet"


def test_what_is_written_moves_the_request_to_the_top_once_the_writing_rests(pair, tmp_path, qtbot):
    made = drafts(pair, 5)
    with window_over(pair.requester, tmp_path) as shown:
        shown.go(Place(Page.EDITOR, request=made[0], part="purpose"))
        page = shown.page("requests")
        assert page._pane.list.currentIndex().row() == 4
        pair.clock.advance(60)
        editor = page._editor
        editor._presenter.changed("purpose.aim", "Something new.")
        editor._presenter.flush()
        shown.settle()
        assert titles(page)[0] == "Request 4"
        qtbot.waitUntil(lambda: titles(page)[0] == "Request 0")
        assert page._pane.list.currentIndex().row() == 0
        assert page._model.request(page._pane.list.currentIndex()) == made[0]


def test_a_new_request_is_asked_for_and_opens_in_the_form(pair, tmp_path):
    with window_over(pair.requester, tmp_path) as shown:
        shown.go(Place(Page.REQUESTS))
        page = shown.page("requests")
        page._pane.new.click()
        shown.settle()
        dialog = shown.dialog()
        dialog._title.findChild(QLineEdit).setText("Bathing water")
        dialog._supplier.set_value(SUPPLIER.id)
        dialog._start.click()
        shown.settle()
        assert shown.dialog() is None
        draft = pair.asks.vault.drafts.all()[0]
        assert (draft.title, draft.supplier) == ("Bathing water", SUPPLIER.id)
        assert page._editor._head.title.said() == "Bathing water"


def test_a_new_request_may_begin_with_a_dataset(pair, tmp_path):
    pair.asks.vault.catalogue.replace(
        "test", [drafting.Dataset(identifier="x", title="Bathing water sites", publisher="Environment Agency")]
    )
    with window_over(pair.requester, tmp_path) as shown:
        shown.go(Place(Page.REQUESTS, part="new"))
        dialog = shown.dialog()
        assert not dialog._catalogue.isHidden()
        dialog._search.setText("bathing")
        QTest.keyClick(dialog._search, Qt.Key.Key_Return)
        shown.settle()
        dialog._list.activated.emit(dialog._found.index(0))
        assert dialog._title.value() == "Bathing water sites"
        assert dialog._supplier.value() == SUPPLIER.id
        dialog._search.setText("nothing like it")
        dialog._search._report()
        shown.settle()
        assert dialog._catalogue.problem() == "No dataset has these words"
        dialog._forget.click()
        assert dialog._title.value() == ""
        dialog.reject()
        shown.settle()
        assert pair.asks.vault.drafts.all() == ()


def test_an_empty_desk_shows_the_way_to_the_first_request(tmp_path):
    desk = Desk(memory_world())
    desk.first_run(REQUESTER, "Priya Shah", "Analyst", passphrase=PASSPHRASE)
    with window_over(desk, tmp_path) as shown:
        shown.go(Place(Page.REQUESTS))
        page = shown.page("requests")
        assert page._pages.currentWidget() is page._welcome
        buttons = {button.said(): button for button in page._welcome.findChildren(Button)}
        assert list(buttons) == ["Choose a place", "Save your card", "Open a card", "Compare the words", "New request"]
        buttons["New request"].click()
        shown.settle()
        assert shown.dialog() is not None


def test_a_narrow_window_shows_the_list_or_the_request_and_a_way_back(pair, tmp_path, wear):
    made = drafts(pair, 2)
    wear(theme.Theme.LIGHT, 200)
    with window_over(pair.requester, tmp_path) as shown:
        shown.go(Place(Page.REQUESTS))
        page = shown.page("requests")
        assert page._pane.isVisible()
        assert not page.panes._right.isVisible()
        shown.go(Place(Page.EDITOR, request=made[0]))
        assert not page._pane.isVisible()
        assert page.panes._right.isVisible()
        page.panes._back.click()
        assert page._pane.isVisible()


def test_words_that_got_old_are_said_anew(pair, tmp_path):
    drafts(pair, 1)
    with window_over(pair.requester, tmp_path) as shown:
        shown.go(Place(Page.REQUESTS))
        page = shown.page("requests")
        model = page._model
        assert model._held
        before = next(iter(model._held.values())).meta
        pair.clock.advance(600)
        page.tick()
        page._pane.list.viewport().grab()
        shown.settle()
        assert next(iter(model._held.values())).meta != before
