"""Sending and fetching as widgets: one press at a time, progress, results that lead somewhere, files as the way out."""

from __future__ import annotations

import pytest
from PySide6.QtWidgets import QApplication

from dsadesk.services import exchanging
from dsadesk.ui.presenters.exchange import ProgressShown
from dsadesk.ui.presenters.frame import Page, Place
from dsadesk.ui.views.exchange import ExchangeView
from dsadesk.ui.views.partners_dialogs import InboxDialog
from dsadesk.ui.views.request_record import SavedDialog
from dsadesk.ui.widgets.button import Button
from tests.support.desks import sealed_request, two_desks
from tests.ui.windows import window_over
from tests.unit.ui.frames import held_frame, inline_frame


@pytest.fixture
def pair():
    return two_desks()


class Opened:
    def __init__(self, qtbot, desk, *, held=False, part=""):
        self.lane = None
        if held:
            self.frame, self.seen, self.lane = held_frame(desk)
        else:
            self.frame, self.seen = inline_frame(desk)
        self.view = ExchangeView(self.frame)
        qtbot.addWidget(self.view)
        self.view.resize(1270, 700)
        self.view.show()
        self.view.show_place(Place(Page.EXCHANGE, part=part))
        if self.lane:
            self.lane.run()


def buttons(view, words):
    QApplication.processEvents()  # a layout shows what it is given at the next turn of the loop
    return [button for button in view.findChildren(Button) if button.said() == words and button.isVisibleTo(view)]


def test_sending_takes_one_press_and_shows_that_it_works(qtbot, pair):
    sealed_request(pair, sample=False)
    page = Opened(qtbot, pair.requester, held=True)
    assert len(page.view.waiting.items()) == 1
    page.view.go.click()
    assert not page.view.go.isEnabled()
    assert page.view._bar.isVisible()
    page.view.go.click()
    page.lane.run()
    assert page.view.go.isEnabled()
    assert not page.view._bar.isVisible()
    assert not page.view._tick.isActive()
    assert page.view.result.result().title == "1 sent"
    assert not page.view.waiting.isVisible()


def test_progress_is_a_sentence_and_a_bar_even_for_many_gigabytes(qtbot, pair):
    page = Opened(qtbot, pair.requester)
    page.view.show_working("Sending…")
    page.view.show_progress(ProgressShown("The request: 3GB of 12GB", 3 * 2**30, 12 * 2**30))
    assert page.view._bar.value() == 250
    assert page.view._working.said() == "The request: 3GB of 12GB"
    page.view.show_working("")


def test_a_result_leads_to_the_request(qtbot, pair):
    request = sealed_request(pair, sample=False)
    exchanging.exchange(pair.asks)
    page = Opened(qtbot, pair.supplier)
    page.view.go.click()
    buttons(page.view.result, "Open the request")[0].click()
    assert page.seen.places == [Place(Page.REQUEST, request=request)]


def test_a_waiting_delivery_can_be_saved_and_its_request_opened(qtbot, pair, tmp_path):
    request = sealed_request(pair, sample=False)
    page = Opened(qtbot, pair.requester)
    item = page.view.waiting.items()[0]
    page.view.save(item.bundle, item.box, tmp_path / "x.dsabundle")
    assert isinstance(page.view.dialog(), SavedDialog)
    page.view.dialog().reject()
    buttons(page.view.waiting, "Open the request")[0].click()
    assert page.seen.places == [Place(Page.REQUEST, request=request)]


def test_the_inbox_is_chosen_with_a_yes(qtbot, pair, tmp_path):
    page = Opened(qtbot, pair.requester)
    page.view.choose_inbox(tmp_path)
    assert isinstance(page.view.dialog(), InboxDialog)
    page.view.dialog().button.click()
    assert str(tmp_path) in page.view.inbox._sentence.said()
    assert "Your inbox is" in page.view._done.said()


def test_the_same_deliveries_again_leave_the_list_alone(qtbot, pair):
    sealed_request(pair, sample=False)
    page = Opened(qtbot, pair.requester)
    before = buttons(page.view.waiting, "Save as a file…")[0]
    page.view.show_place(Place(Page.EXCHANGE))
    assert buttons(page.view.waiting, "Save as a file…")[0] is before


def test_the_window_sends_and_the_strip_follows(tmp_path, pair):
    sealed_request(pair, sample=False)
    with window_over(pair.requester, tmp_path) as shown:
        shown.go(Place(Page.EXCHANGE))
        page = shown.page("exchange")
        page.go.click()
        shown.settle()
        assert page.result.result().title == "1 sent"
        assert page.go.isEnabled()
