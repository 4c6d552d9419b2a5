"""Nothing that cannot be taken back is a double click away: what opens at the first click takes none before it can have been read."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget

from dsadesk.services import drafting
from dsadesk.ui.presenters.form import SAMPLES
from dsadesk.ui.presenters.frame import Page, Place
from dsadesk.ui.views.confirm_dialog import ConfirmDialog
from dsadesk.ui.widgets.button import Button, GraveButton
from tests.support.desks import ANSWERS, SUPPLIER, two_desks
from tests.ui.windows import window_over

_LEFT, _NO_KEYS = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier


def spot(window, widget):
    return widget.mapTo(window, widget.rect().center())


def click(window, at):
    QTest.mouseClick(window.windowHandle(), _LEFT, _NO_KEYS, at)


class Standing:
    """Two buttons at one spot: the first shows the second."""

    def __init__(self, qtbot, kind, **how):
        self.window, self.pressed = QWidget(), []
        self.window.resize(200, 100)
        self.first = Button("Continue", parent=self.window)
        self.second = kind("Seal", parent=self.window, **how)
        self.second.clicked.connect(lambda: self.pressed.append("second"))
        for button in (self.first, self.second):
            button.setGeometry(20, 20, 120, 40)
        self.second.hide()
        self.first.clicked.connect(self.turn)
        qtbot.addWidget(self.window)
        self.window.show()
        qtbot.waitExposed(self.window)
        self.at = QPoint(60, 40)

    def turn(self):
        self.first.hide()
        self.second.show()


@pytest.mark.parametrize("kind", [Button, GraveButton])
def test_the_second_half_of_a_double_click_is_not_for_what_came_under_the_pointer(qtbot, kind):
    standing = Standing(qtbot, kind)
    QTest.mouseDClick(standing.window.windowHandle(), _LEFT, _NO_KEYS, standing.at)
    assert standing.second.isVisible()
    assert standing.pressed == []


def test_a_grave_button_takes_a_click_once_it_was_there_for_a_moment(qtbot):
    standing = Standing(qtbot, GraveButton)
    standing.turn()
    click(standing.window, standing.at)
    assert standing.pressed == []
    qtbot.waitUntil(standing.second.is_ready)
    click(standing.window, standing.at)
    assert standing.pressed == ["second"]


def test_a_grave_button_with_other_words_has_to_be_read_anew(qtbot):
    standing = Standing(qtbot, GraveButton)
    standing.turn()
    qtbot.waitUntil(standing.second.is_ready)
    standing.second.set_words("Seal")
    assert standing.second.is_ready()
    standing.second.set_words("Throw away")
    assert not standing.second.is_ready()


def test_a_grave_button_takes_the_keyboard_at_once(qtbot):
    standing = Standing(qtbot, GraveButton)
    standing.turn()
    standing.second.setFocus()
    QTest.keyClick(standing.second, Qt.Key.Key_Space)
    assert standing.pressed == ["second"]


def test_a_double_click_on_one_button_presses_it_twice_as_before(qtbot):
    standing = Standing(qtbot, Button)
    standing.turn()
    QTest.mouseDClick(standing.window.windowHandle(), _LEFT, _NO_KEYS, standing.at)
    assert standing.pressed == ["second", "second"]


def test_the_second_click_where_a_dialog_opens_does_not_answer_it(qtbot):
    standing = Standing(qtbot, Button)
    dialogs = []

    def ask():
        dialog = ConfirmDialog("Delete?", "It is gone then.", safe="Keep", action="Delete", parent=standing.window)
        dialog.confirmed.connect(lambda: standing.pressed.append("deleted"))
        dialogs.append(dialog)
        dialog.open()

    standing.second.clicked.connect(ask)
    standing.turn()
    click(standing.window, standing.at)
    dialog = dialogs[0]
    qtbot.waitExposed(dialog)
    at = spot(dialog, dialog.button)
    click(dialog, at)
    assert dialog.isVisible()
    qtbot.waitUntil(dialog.button.is_ready)
    click(dialog, at)
    assert standing.pressed == ["second", "deleted"]


def complete(pair):
    draft = drafting.start(pair.asks, title="x", supplier=SUPPLIER.id)
    drafting.load_answers(pair.asks, draft.request, ANSWERS.read_bytes())
    return draft.request


@pytest.mark.parametrize("clicks", [2, 3])
def test_a_double_click_on_save_and_continue_seals_nothing(tmp_path, qtbot, clicks):
    pair = two_desks()
    request = complete(pair)
    with window_over(pair.requester, tmp_path) as shown:
        shown.go(Place(Page.EDITOR, request=request, part=SAMPLES))
        editor, window = shown.page("requests")._editor, shown.window
        at = spot(window, editor._foot._continue)
        click(window, at)
        shown.settle()
        assert editor._presenter.section == "check"
        seal = editor._seal
        under = window.childAt(at)
        assert under in (seal._send, seal._keep), "the seal lies under the pointer, or this test tells nothing"
        for _ in range(clicks - 1):
            click(window, at)
            shown.settle()
        assert pair.asks.vault.drafts.get(request) is not None
        qtbot.waitUntil(under.is_ready)
        click(window, at)
        qtbot.waitUntil(lambda: pair.asks.vault.drafts.get(request) is None)
        shown.settle()


def test_a_real_double_click_on_save_and_continue_goes_one_page_on(tmp_path):
    pair = two_desks()
    request = complete(pair)
    with window_over(pair.requester, tmp_path) as shown:
        shown.go(Place(Page.EDITOR, request=request, part=SAMPLES))
        editor, window = shown.page("requests")._editor, shown.window
        at = spot(window, editor._foot._continue)
        QTest.mouseDClick(window.windowHandle(), _LEFT, _NO_KEYS, at)
        shown.settle()
        assert editor._presenter.section == "check"
        assert pair.asks.vault.drafts.get(request) is not None
