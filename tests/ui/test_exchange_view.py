"""Sending and fetching as widgets: one press at a time, progress, results that lead somewhere, files as the way out."""

from __future__ import annotations

import threading
from dataclasses import replace

import pytest
from PySide6.QtWidgets import QApplication

from dsadesk.host.clock import SystemPulse
from dsadesk.services import exchanging
from dsadesk.sync.runner import Runner
from dsadesk.transports.memory import MemoryTransport
from dsadesk.ui.presenters.exchange import ProgressShown
from dsadesk.ui.presenters.exchange_words import ExchangeResult, ResultLine
from dsadesk.ui.presenters.frame import Page, Place
from dsadesk.ui.presenters.outbox import ItemMotion, facts_of
from dsadesk.ui.views.exchange import ExchangeView
from dsadesk.ui.views.hand_over import HandOverDialog
from dsadesk.ui.vocabulary import Tone
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
    page.view.hide()
    assert not page.view._tick.isActive(), "nothing is followed on a page that nobody sees"
    page.view.show()
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
    buttons(page.view.waiting, "Put it on a stick…")[0].click()
    assert isinstance(page.view.dialog(), HandOverDialog)
    page.view.dialog().write_to(tmp_path)
    assert [file.suffix for file in tmp_path.iterdir()] == [".dsabundle"]
    page.view.dialog().reject()
    buttons(page.view.waiting, "Open the request")[0].click()
    assert page.seen.places == [Place(Page.REQUEST, request=request)]


def test_the_same_deliveries_again_leave_the_list_alone(qtbot, pair):
    sealed_request(pair, sample=False)
    page = Opened(qtbot, pair.requester)
    before = buttons(page.view.waiting, "Put it on a stick…")[0]
    page.view.show_place(Place(Page.EXCHANGE))
    assert buttons(page.view.waiting, "Put it on a stick…")[0] is before


def test_the_window_sends_and_the_strip_follows(qtbot, tmp_path, pair):
    sealed_request(pair, sample=False)
    with window_over(pair.requester, tmp_path) as shown:
        shown.go(Place(Page.EXCHANGE))
        page = shown.page("exchange")
        page.go.click()
        qtbot.waitUntil(lambda: page.result.result() is not None)
        shown.settle()
        assert page.result.result().title == "1 sent"
        assert page.go.isEnabled()
        assert not page.pause.isVisible()


class HangingStore(MemoryTransport):
    """A store that takes its time: a put begins, and ends when the test says so."""

    def __init__(self):
        super().__init__("inbox-of-supplier")
        self.begun, self.may_end = threading.Event(), threading.Event()

    def put(self, name, data):
        self.begun.set()
        self.may_end.wait(300)
        super().put(name, data)


def in_parallel(desk):
    object.__setattr__(desk.world, "drive", Runner())
    object.__setattr__(desk.world, "pulse", SystemPulse())


def test_the_vault_is_free_while_something_is_sent(qtbot, tmp_path, pair):
    store = pair.stores.by_address["inbox-of-supplier"] = HangingStore()
    in_parallel(pair.requester)
    sealed_request(pair, sample=False)
    with window_over(pair.requester, tmp_path) as shown:
        shown.go(Place(Page.EXCHANGE))
        page = shown.page("exchange")
        page.go.click()
        qtbot.waitUntil(store.begun.is_set)
        shown.settle()  # jobs of the vault come and go while the put hangs
        assert page.pause.isVisible()
        assert page.result.result() is None
        store.may_end.set()
        qtbot.waitUntil(lambda: page.result.result() is not None)
        assert page.result.result().title == "1 sent"


def test_stopping_ends_it_though_the_store_hangs_and_what_waits_is_kept(qtbot, tmp_path, pair):
    store = pair.stores.by_address["inbox-of-supplier"] = HangingStore()
    in_parallel(pair.requester)
    sealed_request(pair, sample=False)
    with window_over(pair.requester, tmp_path) as shown:
        shown.go(Place(Page.EXCHANGE))
        page = shown.page("exchange")
        page.go.click()
        qtbot.waitUntil(store.begun.is_set)
        page.stop.click()
        qtbot.waitUntil(page.go.isEnabled)
        shown.settle()
        assert len(page.waiting.items()) == 1
        store.may_end.set()


def test_locking_while_something_is_sent_ends_the_sending(qtbot, tmp_path, pair):
    store = pair.stores.by_address["inbox-of-supplier"] = HangingStore()
    in_parallel(pair.requester)
    sealed_request(pair, sample=False)
    with window_over(pair.requester, tmp_path) as shown:
        shown.go(Place(Page.EXCHANGE))
        shown.page("exchange").go.click()
        qtbot.waitUntil(store.begun.is_set)
        shown.window.lock()
        qtbot.waitUntil(lambda: not pair.requester.is_open)
        store.may_end.set()


def test_whoever_comes_back_is_not_told_again_what_came_of_an_exchange_before(qtbot, pair):
    page = Opened(qtbot, pair.requester)
    page.view.go.click()
    assert page.view.result.isVisible()
    page.view.show_place(Place(Page.EXCHANGE))
    assert not page.view.result.isVisible()


def test_the_keyboard_stays_where_a_delivery_is_paused_and_let_go_on(qtbot, pair):
    sealed_request(pair, sample=False)
    page = Opened(qtbot, pair.requester)
    (card,) = page.view.waiting.cards()
    page.view.activateWindow()
    moving = ItemMotion(card.item.key, "Being sent", Tone.INFO, "1KB of 9KB in the store.", 100, is_paused=False)
    card.show_motion(moving)
    card.pause.setFocus()
    card.show_motion(replace(moving, status="Paused", is_paused=True))
    assert page.view.window().focusWidget() is card.resume
    card.show_motion(moving)
    assert page.view.window().focusWidget() is card.pause


def test_a_chosen_inbox_leads_to_the_card_that_says_so(qtbot, pair):
    page = Opened(qtbot, pair.requester)
    page.view.ask_inbox()
    page.view._dialog.kept.emit("Your inbox is there. Your card says so now: send it to your partners.")
    (way_on,) = buttons(page.view, "Go to your card")
    way_on.click()
    assert page.seen.places[-1] == Place(Page.PARTNERS, org=pair.asks.profile.organisation.id)


def test_what_came_of_a_press_is_not_said_a_second_time_as_what_stands_in_the_way(qtbot, pair):
    page = Opened(qtbot, pair.requester).view
    away, worse = ResultLine(Tone.BAD, "Nothing answers there."), ResultLine(Tone.WARN, "A place does less.")
    page.show_result(ExchangeResult("1 problem", Tone.WARN, (away,)))
    page.show_facts(replace(facts_of(pair.asks), problems=(away, worse)))
    assert page.problems.result().lines == (worse,)
    page.show_facts(replace(facts_of(pair.asks), problems=(away,)))
    assert page.problems.result() is None
    page.show_place(Place(Page.EXCHANGE))
    assert page.result.result() is None
    page.show_facts(replace(facts_of(pair.asks), problems=(away,)))
    assert page.problems.result().lines == (away,)
