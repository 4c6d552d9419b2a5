"""The window: ways between pages, locking, closing, files from outside, and what the strip and the title say."""

from __future__ import annotations

import importlib.util

import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QPlainTextEdit

from dsadesk.errors import DiskFullError
from dsadesk.services import drafting, exchanging, handing_over
from dsadesk.ui.actions import ACTIONS, Scope, keys_of, listed
from dsadesk.ui.idle import IdleWatch
from dsadesk.ui.presenters.frame import Page, Place
from dsadesk.ui.views.pages import VIEWS
from dsadesk.ui.vocabulary import CardRole
from dsadesk.ui.widgets.button import Button
from tests.support.desks import PASSPHRASE, SUPPLIER, sealed_request, two_desks
from tests.ui.windows import window_over


@pytest.fixture
def pair():
    return two_desks()


@pytest.fixture
def draft(pair):
    return drafting.start(pair.asks, title="Bathing water", supplier=SUPPLIER.id).request


@pytest.fixture
def shown(pair, tmp_path):
    with window_over(pair.requester, tmp_path) as window:
        yield window


def strip(shown):
    return [item.text for item in shown.window._strip.waiting]


def press(shown, action):
    from PySide6.QtGui import QKeySequence

    QTest.keySequence(shown.window, QKeySequence(keys_of(action)))
    shown.settle()


class FullDisk:
    def __init__(self, drafts):
        self._drafts = drafts

    def save_answer(self, *_arguments):
        raise DiskFullError("disk-full")

    def __getattr__(self, name):
        return getattr(self._drafts, name)


# ---------------------------------------------------------------- going


def test_every_page_of_the_rail_opens_by_its_shortcut(shown):
    for action in ("requests", "inbox", "agreements", "catalogue", "partners", "exchange", "settings"):
        press(shown, f"go.{action}")
        assert shown.page(action).isVisible()
        assert shown.window._rail.current() == action
        assert shown.window.focusWidget() is not None


def test_a_page_is_made_when_it_is_first_gone_to_and_then_kept(shown):
    assert shown.page("settings") is None
    shown.go(Place(Page.SETTINGS))
    page = shown.page("settings")
    shown.go(Place(Page.REQUESTS))
    shown.go(Place(Page.SETTINGS))
    assert shown.page("settings") is page


@pytest.mark.parametrize(("module", "name"), VIEWS.values())
def test_every_page_that_the_registry_names_exists(module, name):
    assert importlib.util.find_spec(f"dsadesk.ui.views.{module}") is not None
    view = getattr(importlib.import_module(f"dsadesk.ui.views.{module}"), name)
    for duty in ("show_place", "refresh", "focus_first"):
        assert callable(getattr(view, duty))


def test_a_request_opens_on_the_requests_page_whoever_asks(shown, pair):
    request = sealed_request(pair)
    shown.go(Place(Page.INBOX))
    shown.go(Place(Page.REQUEST, request=request))
    assert shown.window._rail.current() == "requests"
    page = shown.page("requests")
    assert page._pages.currentWidget() is page._request


def test_a_list_that_is_come_back_to_says_anew_how_long_ago_things_were(shown, pair, draft):
    shown.go(Place(Page.REQUESTS))
    model = shown.page("requests")._model

    def said():
        shown.settle()
        return model.index(0).data(CardRole.META)

    assert said() == "Just now"
    shown.go(Place(Page.SETTINGS))
    pair.clock.advance(480)
    shown.go(Place(Page.REQUESTS))
    assert said() == "8 minutes ago"


def test_the_title_names_the_request_its_marking_and_the_owner(shown, draft):
    shown.go(Place(Page.EDITOR, request=draft))
    assert shown.window.windowTitle() == (
        "Bathing water \u2013 OFFICIAL \u2013 Priya Shah, Public Health Wales \u2013 dsadesk"
    )
    shown.go(Place(Page.SETTINGS))
    assert shown.window.windowTitle().startswith("Settings \u2013 OFFICIAL \u2013 ")


def test_the_title_names_the_request_that_is_open_still_when_its_page_is_come_back_to(shown, draft):
    shown.go(Place(Page.EDITOR, request=draft))
    shown.go(Place(Page.SETTINGS))
    shown.go(Place(Page.REQUESTS))
    assert shown.window.windowTitle().startswith("Bathing water \u2013 OFFICIAL")
    press(shown, "new")
    shown.settle()
    shown.dialog().reject()
    shown.settle()
    assert shown.window.windowTitle().startswith("Bathing water \u2013 OFFICIAL")
    shown.go(Place(Page.REQUESTS, part="list"))
    assert shown.window.windowTitle().startswith("Requests \u2013 ")


def test_the_title_names_a_request_that_was_just_begun(shown):
    press(shown, "new")
    shown.settle()
    dialog = shown.dialog()
    dialog._title.fields()[0].setText("River levels")
    dialog._start.click()
    shown.settle()
    assert shown.window.windowTitle().startswith("River levels \u2013 OFFICIAL")


def test_a_page_that_was_out_of_sight_catches_up_when_it_is_shown(shown, pair):
    shown.go(Place(Page.REQUESTS))
    page = shown.page("requests")
    shown.go(Place(Page.SETTINGS))
    made = drafting.start(pair.asks, title="Made elsewhere").request
    shown.window._changed(pair.asks.changes.take())
    shown.settle()
    assert not page._model.index_of(made).isValid()
    shown.go(Place(Page.REQUESTS))
    assert page._model.index_of(made).isValid()


def test_f6_goes_round_the_parts_of_the_window(shown, draft):
    shown.go(Place(Page.EDITOR, request=draft))
    seen = []
    for _ in range(12):
        press(shown, "pane")
        seen.append(shown.window.focusWidget())
    parts = [
        shown.window._rail,
        shown.page("requests")._pane,
        shown.page("requests")._editor._sections,
        shown.page("requests")._editor._form,
        shown.window._strip,
    ]
    for part in parts:
        assert any(part.isAncestorOf(holder) for holder in seen)


def test_f1_lists_every_shortcut(shown):
    press(shown, "keys")
    dialog = shown.dialog()
    said = " ".join(label.text() for label in dialog.findChildren(type(shown.window._pages.opening._words)))
    for action in ACTIONS:
        assert action.keys in said
    dialog.reject()


def test_no_two_actions_share_their_keys():
    keys = [action.keys for action in ACTIONS if action.id]
    assert len(keys) == len(set(keys))
    assert {scope for scope, _ in listed()} == {scope.value for scope in Scope}


def test_new_and_search_work_from_every_page(shown):
    shown.go(Place(Page.SETTINGS))
    press(shown, "search")
    assert shown.window.focusWidget() is shown.page("requests")._pane.search
    shown.go(Place(Page.SETTINGS))
    press(shown, "new")
    assert shown.dialog() is not None
    shown.dialog().reject()


# ---------------------------------------------------------------- the strip


def test_the_strip_says_what_waits_and_when_something_last_went(shown, pair):
    assert strip(shown) == ["Nothing waits to be sent", "Send and fetch"]
    sealed_request(pair)
    shown.window._changed(pair.asks.changes.take())
    shown.settle()
    assert strip(shown)[0] == "1 sealed delivery waits to be sent since today at 9am"
    pair.clock.advance(3600)
    exchanging.exchange(pair.asks)
    shown.window._changed(pair.asks.changes.take())
    shown.settle()
    assert strip(shown)[0] == "Nothing waits. Last sent today at 10am"


def test_the_strip_leads_to_sending(shown):
    shown.window._strip.action_chosen.emit("exchange")
    shown.settle()
    assert shown.page("exchange").isVisible()


def test_the_rail_counts_what_needs_someone(shown, pair):
    from dsadesk.services import reviewing

    request = sealed_request(pair)
    pair.carry()
    reviewing.start_assessment(pair.holds, request)
    reviewing.ask(pair.holds, request, "purpose.aim", "Which beaches?")
    pair.carry()
    shown.window._changed(pair.asks.changes.take())
    shown.settle()
    assert shown.window._rail._entries["requests"].accessibleName() == "Requests, 1 needs you"


# ---------------------------------------------------------------- locking and closing


def test_locking_saves_what_is_typed_closes_the_vault_and_takes_the_pages_away(shown, pair, draft):
    shown.go(Place(Page.EDITOR, request=draft, part="purpose"))
    editor = shown.page("requests")._editor
    field = editor._form.questions()["purpose.aim"].findChild(QPlainTextEdit)
    QTest.keyClicks(field, "Safer swimming.")
    vault = pair.asks.vault
    saved = vault.drafts
    press(shown, "lock")
    assert not pair.requester.is_open
    assert shown.page("requests") is None
    assert shown.page("unlock").isVisible()
    assert not shown.window._rail.isVisible()
    assert not shown.window._strip.isVisible()
    assert shown.window.windowTitle() == "dsadesk"
    shown.page("unlock")._presenter.try_passphrase(PASSPHRASE)
    shown.settle()
    assert pair.asks.vault.drafts.answers(draft)["purpose.aim"] == "Safer swimming."
    assert saved is not None


def test_nobody_touching_the_window_locks_it(shown, pair):
    shown.window._idle.expired.emit()
    shown.settle()
    assert not pair.requester.is_open


def test_what_cannot_be_saved_keeps_the_desk_open_and_says_so(shown, pair, draft):
    shown.go(Place(Page.EDITOR, request=draft, part="purpose"))
    pair.asks.vault.drafts = FullDisk(pair.asks.vault.drafts)
    shown.page("requests")._editor._presenter.changed("purpose.aim", "Not lost.")
    shown.window.lock()
    shown.settle()
    assert pair.requester.is_open
    assert shown.dialog().windowTitle() == "The desk is not locked"
    shown.dialog().reject()
    shown.window.close()
    shown.settle()
    assert shown.window.isVisible()
    assert shown.dialog().windowTitle() == "Not everything is saved"
    QTest.keyClick(shown.dialog(), Qt.Key.Key_Escape)
    shown.settle()
    assert shown.window.isVisible()


def test_closing_saves_what_is_typed_and_remembers_the_place(shown, pair, draft):
    shown.go(Place(Page.EDITOR, request=draft, part="purpose"))
    shown.page("requests")._editor._presenter.changed("purpose.aim", "Kept.")
    shown.window.close()
    shown.settle()
    assert not shown.window.isVisible()
    assert pair.asks.vault.drafts.answers(draft)["purpose.aim"] == "Kept."
    assert not shown.window._preferences.geometry.isEmpty()


def test_closing_may_lose_what_cannot_be_saved_when_somebody_says_so(shown, pair, draft):
    shown.go(Place(Page.EDITOR, request=draft, part="purpose"))
    pair.asks.vault.drafts = FullDisk(pair.asks.vault.drafts)
    shown.page("requests")._editor._presenter.changed("purpose.aim", "Lost.")
    shown.window.close()
    shown.settle()
    next(b for b in shown.dialog().findChildren(Button) if b.said() == "Close and lose them").click()
    shown.settle()
    assert not shown.window.isVisible()


def test_answers_that_come_after_locking_reach_no_page_that_is_gone(shown, pair, draft):
    shown.go(Place(Page.REQUESTS))
    page = shown.page("requests")
    page._presenter.start()
    shown.window.lock()
    shown.settle()
    assert not pair.requester.is_open


# ---------------------------------------------------------------- files


@pytest.mark.qt_log_ignore("does not support raise")
def test_a_bundle_from_outside_is_taken_in_and_shown(pair, tmp_path):
    request = sealed_request(pair)
    (item,) = pair.asks.vault.outbox.bundles_of_request(request)
    file = tmp_path / "request.dsabundle"
    with file.open("wb") as sink:
        handing_over.export_bundle(pair.asks, item, sink)
    with window_over(pair.supplier, tmp_path) as shown:
        shown.window.take_file(str(file))
        shown.settle()
        assert shown.page("requests")._opened == request
        shown.window.take_file(str(file))
        shown.settle()
        assert shown.page("inbox").isVisible()


@pytest.mark.qt_log_ignore("does not support raise")
def test_a_file_that_comes_while_locked_is_opened_after_unlocking(pair, tmp_path):
    from dsadesk.domain.organisation import Organisation
    from dsadesk.services.desk import Desk
    from tests.support.desks import memory_world

    third = Desk(memory_world(stores=pair.stores, clock=pair.clock, seed="third"))
    third.first_run(Organisation("sea-agency", "Sea Agency"), "A", "B", passphrase=PASSPHRASE)
    card = tmp_path / "sea.dsacard"
    card.write_bytes(third.session.card_bytes)
    pair.requester.lock()
    with window_over(pair.requester, tmp_path) as shown:
        shown.window.take_file(str(card))
        shown.settle()
        assert not pair.requester.is_open
        shown.page("unlock")._presenter.try_passphrase(PASSPHRASE)
        shown.settle()
        assert pair.asks.vault.cards.get("sea-agency") is not None
        assert shown.page("partners").isVisible()


@pytest.mark.qt_log_ignore("does not support raise")
def test_a_file_that_is_nothing_of_ours_is_said_above_the_page(shown, tmp_path):
    odd = tmp_path / "holiday.txt"
    odd.write_text("hello")
    shown.window.take_file(str(odd))
    shown.settle()
    assert shown.window._notice.said()
    gone = tmp_path / "gone.dsabundle"
    shown.window.take_file(str(gone))
    shown.settle()
    assert "gone.dsabundle" in shown.window._notice.said()
    shown.go(Place(Page.SETTINGS))
    assert not shown.window._notice.said()


# ---------------------------------------------------------------- idleness


class _Time:
    def __init__(self):
        self.seconds = 0.0

    def __call__(self):
        return self.seconds


def test_the_idle_watch_counts_from_the_last_touch(qapp, shown):
    time, left, over = _Time(), [], []
    watch = IdleWatch(lambda: 60, now=time)
    watch.ticked.connect(left.append)
    watch.expired.connect(lambda: over.append(True))
    watch.watch(shown.window.windowHandle())
    watch.start()
    time.seconds = 50
    watch.look()
    assert (left, over) == ([60, 10], [])
    key = QKeyEvent(QEvent.Type.KeyPress, Qt.Key.Key_A, Qt.KeyboardModifier.NoModifier)
    QApplication.sendEvent(shown.window.windowHandle(), key)
    time.seconds = 100
    watch.look()
    assert left[-1] == 10
    time.seconds = 111
    watch.look()
    assert over == [True]
    watch.stop()


def test_the_strip_says_when_the_desk_locks(shown):
    shown.window._idle.ticked.emit(61)
    assert shown.window._strip.lock_words == "Locks in 2 minutes"
    shown.window._idle.ticked.emit(60)
    assert shown.window._strip.lock_words == "Locks in 1 minute"


def test_the_strip_keeps_the_keyboard_when_its_words_change(shown):
    button = next(b for b in shown.window._strip.findChildren(Button))
    button.setFocus()
    shown.window._idle.ticked.emit(600)
    shown.settle()
    assert shown.window._strip.isAncestorOf(shown.window.focusWidget())
