"""Two officials go from a finished draft to an agreement that both have signed, in two windows, with the keyboard alone."""

from __future__ import annotations

from contextlib import ExitStack
from dataclasses import dataclass

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMenu, QWidget
from pytestqt.qtbot import QtBot

from dsadesk.domain.lifecycle import Stage
from dsadesk.services import drafting, viewing
from dsadesk.services.reading import require_state
from dsadesk.ui.presenters.frame import Page, Place
from tests.support.desks import ANSWERS, SUPPLIER, two_desks
from tests.ui.windows import Shown, window_over


def spoken(widget: QWidget) -> str:
    """What a screen reader would call the widget."""
    said = getattr(widget, "said", None)
    words = widget.accessibleName() or (said() if said else "") or (widget.text() if hasattr(widget, "text") else "")
    return str(words).replace("&&", "&")


@dataclass
class Hands:
    """One person's keyboard. There is no mouse."""

    shown: Shown
    qtbot: QtBot

    @property
    def focus(self) -> QWidget:
        # Two windows are open and offscreen only one is ever active, so each window is asked for its own focus.
        place = self.shown.dialog() or self.shown.window
        return place.focusWidget() or place

    def here(self) -> None:
        self.shown.window.activateWindow()
        QTest.qWaitForWindowActive(self.shown.window)

    def reach(self, words: str) -> QWidget:
        """Goes on with Tab until something of this name has the focus."""
        passed: list[str] = []
        for _ in range(150):
            if spoken(self.focus).startswith(words):
                return self.focus
            passed.append(f"{type(self.focus).__name__} {spoken(self.focus)}")
            QTest.keyClick(self.focus, Qt.Key.Key_Tab)
        raise AssertionError((words, passed))

    def press(self, words: str) -> None:
        QTest.keyClick(self.reach(words), Qt.Key.Key_Return)
        self.shown.settle()

    def tick(self, words: str) -> None:
        QTest.keyClick(self.reach(words), Qt.Key.Key_Space)
        self.shown.settle()

    def choose(self, words: str) -> None:
        """Takes an entry of the menu that is open."""
        menu = QApplication.activePopupWidget()
        assert isinstance(menu, QMenu)
        for _ in menu.actions():
            QTest.keyClick(menu, Qt.Key.Key_Down)
            active = menu.activeAction()
            if active is not None and active.text().replace("&", "").startswith(words):
                QTest.keyClick(menu, Qt.Key.Key_Return)
                self.shown.settle()
                return
        raise AssertionError([action.text() for action in menu.actions()])

    def write(self, words: str, text: str) -> None:
        QTest.keyClicks(self.reach(words), text)

    def go(self, place: Place) -> None:
        self.here()
        self.shown.go(place)

    def exchange(self) -> None:
        """Sends and fetches, which goes on beside the window, and waits until it is told what came of it."""
        self.go(Place(Page.EXCHANGE))
        page = self.shown.page("exchange")
        page.result.show_result(None)
        self.press("Send and fetch now")
        self.qtbot.waitUntil(lambda: page.result.result() is not None)
        self.shown.settle()


# The offscreen platform says so each time a menu wants the keyboard for itself.
@pytest.mark.qt_log_ignore("This plugin does not support")
def test_a_request_goes_from_draft_to_a_signed_agreement_by_keyboard_alone(tmp_path, wear, qtbot) -> None:
    pair = two_desks()
    draft = drafting.start(pair.asks, title="Bathing water results")
    drafting.address_to(pair.asks, draft.request, SUPPLIER.id)
    drafting.load_answers(pair.asks, draft.request, ANSWERS.read_bytes())
    drafting.save_answer(pair.asks, draft.request, "purpose.help", None)  # type: ignore[arg-type]
    request = draft.request
    with ExitStack() as stack:
        asks = Hands(stack.enter_context(window_over(pair.requester, tmp_path / "a")), qtbot)
        holds = Hands(stack.enter_context(window_over(pair.supplier, tmp_path / "b")), qtbot)

        asks.go(Place(Page.EDITOR, request=request, part="purpose"))
        asks.write("How will this data help?", "It shows each beach with its class on one map.")
        asks.press("Check and seal")
        assert pair.asks.vault.drafts.answers(request)["purpose.help"].startswith("It shows each beach")
        asks.press("Seal and send now")
        qtbot.waitUntil(lambda: viewing.view(pair.asks, request).stage is Stage.SENT)  # it goes beside the window
        asks.shown.settle()

        holds.exchange()
        holds.go(Place(Page.INBOX, request=request))
        holds.press("Start the assessment")
        holds.press("More that can be done")
        holds.choose("Ask about the whole request")
        holds.write("Your question", "Which beaches are in the pilot?")
        holds.press("Seal the question")
        holds.exchange()

        asks.exchange()
        asks.go(Place(Page.REQUEST, request=request))
        asks.press("Reply to the question")
        asks.write("Your reply", "All of them.")
        asks.press("Seal the reply")
        asks.exchange()
        assert not require_state(pair.asks, request).open_questions

        holds.exchange()
        holds.go(Place(Page.INBOX, request=request))
        holds.press("Decide")
        holds.choose("Agree")
        holds.write("Why do you agree?", "It protects swimmers.")
        holds.press("Seal the decision")
        assert require_state(pair.holds, request).stage is Stage.AGREED_IN_PRINCIPLE

        holds.go(Place(Page.AGREEMENT, request=request))
        holds.press("Generate the agreement")
        holds.press("Sign this text")
        holds.tick("I have read this text")
        holds.press("Sign")
        holds.exchange()

        asks.exchange()
        asks.go(Place(Page.AGREEMENT, request=request))
        asks.press("Sign this text")
        asks.tick("I have read this text")
        asks.press("Sign")
        asks.exchange()
        holds.exchange()
    assert require_state(pair.asks, request).stage is Stage.SIGNED
    assert require_state(pair.asks, request) == require_state(pair.holds, request)
