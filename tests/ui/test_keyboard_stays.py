"""The keyboard stays in a draft, whichever of its shortcuts is pressed on whichever of its pages."""

from __future__ import annotations

import pytest
from PySide6.QtGui import QKeySequence
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QDialog, QWidget

from dsadesk.services import drafting
from dsadesk.ui import actions, theme
from dsadesk.ui.presenters.form import CHECK, SAMPLES
from dsadesk.ui.presenters.frame import Page, Place
from tests.support.desks import ANSWERS, SUPPLIER, two_desks
from tests.ui.windows import window_over

KEYS = [each.keys for each in actions.ACTIONS if each.scope is actions.Scope.FORM and each.id]


def close_dialogs(shown) -> None:
    for dialog in shown.window.findChildren(QDialog):
        if dialog.isVisible():
            dialog.reject()
    shown.settle()


@pytest.mark.qt_log_ignore("This plugin does not support")
@pytest.mark.parametrize("scale", [100, 200])
@pytest.mark.parametrize("section", ["data", SAMPLES, CHECK])
def test_no_shortcut_of_a_draft_sends_the_keyboard_out_of_it(tmp_path, wear, section, scale):
    pair = two_desks()
    request = drafting.start(pair.asks, title="Water", supplier=SUPPLIER.id).request
    drafting.load_answers(pair.asks, request, ANSWERS.read_bytes())
    wear(theme.Theme.LIGHT, scale)
    with window_over(pair.requester, tmp_path) as shown:
        shown.window.activateWindow()
        shown.go(Place(Page.EDITOR, request=request))
        editor, lost = shown.page("requests")._editor, []
        for keys in KEYS:
            editor._presenter.choose_section(section)
            shown.settle()
            editor.focus_first()
            pressed = QKeySequence(keys)[0]
            QTest.keyClick(shown.window.focusWidget(), pressed.key(), pressed.keyboardModifiers())
            shown.settle()
            close_dialogs(shown)
            holder: QWidget | None = shown.window.focusWidget()
            if holder is None or not editor.isAncestorOf(holder):
                lost.append((keys, holder))
    assert lost == []
