"""Check and seal in a window."""

from __future__ import annotations

from contextlib import contextmanager

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from dsadesk.services import drafting
from dsadesk.ui.presenters.frame import Page, Place
from dsadesk.ui.views.link_line import LinkLine
from dsadesk.ui.widgets.button import Button
from dsadesk.ui.widgets.text import Text
from tests.support.desks import ANSWERS, SUPPLIER, two_desks
from tests.ui.test_exchange_view import HangingStore, in_parallel
from tests.ui.windows import window_over


@pytest.fixture
def pair():
    return two_desks()


def complete(pair):
    draft = drafting.start(pair.asks, title="x", supplier=SUPPLIER.id)
    drafting.load_answers(pair.asks, draft.request, ANSWERS.read_bytes())
    return draft.request


def words(widget):
    return [text.said() for text in widget.findChildren(Text) if text.isVisibleTo(widget)]


def test_an_unfinished_draft_cannot_be_sealed_and_each_gap_is_a_link(pair, tmp_path):
    request = drafting.start(pair.asks, title="x", supplier=SUPPLIER.id).request
    with window_over(pair.requester, tmp_path) as shown:
        shown.go(Place(Page.EDITOR, request=request, part="check"))
        editor = shown.page("requests")._editor
        assert not editor._seal._foot.isVisible()
        links = [link for link in editor._seal.findChildren(LinkLine) if link.isVisibleTo(editor)]
        more = next(b for b in editor._seal.findChildren(Button) if b.said().startswith("Show "))
        more.click()
        shown.settle()
        assert len([link for link in editor._seal.findChildren(LinkLine) if not link.isHidden()]) > len(links)
        links[0].click()
        shown.settle()
        assert editor._presenter.section == "about"
        assert "about.kind" in editor._form.questions()


def test_the_page_says_who_can_open_it_and_how_the_key_was_checked(pair, tmp_path):
    request = complete(pair)
    with window_over(pair.requester, tmp_path) as shown:
        shown.go(Place(Page.EDITOR, request=request, part="check"))
        said = words(shown.page("requests")._editor._seal)
        assert "Priya Shah compared its words by phone on 2 March 2026." in said
        assert "Environment Agency, and you. Nobody on the way." in said


def test_sealing_ends_the_draft_and_leads_to_the_request(pair, tmp_path):
    request = complete(pair)
    with window_over(pair.requester, tmp_path) as shown:
        shown.go(Place(Page.EDITOR, request=request, part="check"))
        editor = shown.page("requests")._editor
        editor._seal._keep.click()
        shown.settle()
        assert pair.asks.vault.drafts.get(request) is None
        assert editor._head._status.said() == "Waiting to send"
        assert not editor._sections.isVisible()
        assert not editor._head._actions.isVisible()
        assert any("cannot be changed" in text for text in words(editor._seal))
        see = next(b for b in editor._seal.findChildren(Button) if b.said() == "See the request")
        see.click()
        shown.settle()
        page = shown.page("requests")
        assert page._pages.currentWidget() is page._request


def test_sealing_and_sending_says_that_it_is_sent(pair, tmp_path, qtbot):
    request = complete(pair)
    with window_over(pair.requester, tmp_path) as shown:
        shown.go(Place(Page.EDITOR, request=request, part="check"))
        editor = shown.page("requests")._editor
        editor._seal._send.click()
        qtbot.waitUntil(lambda: "Sealed and sent" in words(editor._seal))
        shown.settle()
        assert editor._head._status.said() == "Sent"
        assert "Sealed and sent" in words(editor._seal)


@contextmanager
def before_a_slow_store(pair, tmp_path, **settings):
    """The window before a draft that can be sealed, for a supplier whose store hangs."""
    store = pair.stores.by_address["inbox-of-supplier"] = HangingStore()
    in_parallel(pair.requester)
    request = complete(pair)
    with window_over(pair.requester, tmp_path, **settings) as shown:
        shown.go(Place(Page.EDITOR, request=request, part="check"))
        yield shown, store


def test_while_a_sealed_request_is_sent_the_vault_is_free_and_the_sending_is_the_windows_own(pair, tmp_path, qtbot):
    with before_a_slow_store(pair, tmp_path) as (shown, store):
        seal = shown.page("requests")._editor._seal
        seal._send.click()
        qtbot.waitUntil(store.begun.is_set)
        shown.settle()  # jobs of the vault come and go while the put hangs
        assert seal._busy.said() == "Sending the request…"
        shown.go(Place(Page.EXCHANGE))
        assert shown.page("exchange")._presenter._current().lately.is_sending
        store.may_end.set()
        qtbot.waitUntil(lambda: "Sealed and sent" in words(seal))


def test_a_request_that_takes_long_to_send_is_said_to_be_on_its_way_and_then_to_be_sent(pair, tmp_path, qtbot):
    with before_a_slow_store(pair, tmp_path, poll_minutes=60) as (shown, store):
        editor = shown.page("requests")._editor
        seal = editor._seal
        seal._send.click()
        qtbot.waitUntil(lambda: "Sealed, and being sent" in words(seal))
        assert not any("waits" in each for each in words(seal))
        assert editor._head._status.said() == "Being sent"
        store.may_end.set()
        qtbot.waitUntil(lambda: "Sealed and sent" in words(seal))
        assert editor._head._status.said() == "Sent"


def test_answers_typed_just_before_are_in_what_is_sealed(pair, tmp_path):
    request = complete(pair)
    with window_over(pair.requester, tmp_path) as shown:
        shown.go(Place(Page.EDITOR, request=request, part="purpose"))
        editor = shown.page("requests")._editor
        editor._presenter.changed("purpose.aim", "Typed a moment ago.")
        editor._head.check_wanted.emit()
        shown.settle()
        editor._seal._keep.click()
        shown.settle()
        from dsadesk.services.reading import state_of

        assert state_of(pair.asks, request).answers["purpose.aim"] == "Typed a moment ago."


def test_the_keyboard_stays_on_the_page_from_the_seal_to_what_comes_next(pair, tmp_path, qtbot):
    """The button that was pressed is off while it works, and gone afterwards."""
    with before_a_slow_store(pair, tmp_path, poll_minutes=60) as (shown, store):
        seal = shown.page("requests")._editor._seal
        seal._send.setFocus()
        QTest.keyClick(seal._send, Qt.Key.Key_Space)
        qtbot.waitUntil(store.begun.is_set)
        assert seal.isAncestorOf(shown.window.focusWidget())
        store.may_end.set()
        qtbot.waitUntil(lambda: "Sealed and sent" in words(seal))
        shown.settle()
        assert shown.window.focusWidget().said() == "See the request"
