"""The unlock page in a window: nothing on it can harm the vault."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLineEdit

from dsadesk.ports import KeyStoreState
from dsadesk.services.desk import Desk
from dsadesk.ui.widgets.button import Button
from tests.support.desks import PASSPHRASE, REQUESTER, memory_world
from tests.ui.windows import window_over


def locked(passphrase=PASSPHRASE):
    world = memory_world()
    desk = Desk(world)
    words = desk.first_run(REQUESTER, "Priya Shah", "Analyst", passphrase=passphrase).words.reveal()
    desk.lock()
    return desk, world, words


def test_the_passphrase_field_has_the_keyboard_and_enter_opens(tmp_path):
    desk, _, _ = locked()
    with window_over(desk, tmp_path) as shown:
        page = shown.page("unlock")
        assert shown.window.focusWidget() is page._field
        QTest.keyClicks(page._field, "not the right one")
        QTest.keyClick(page._field, Qt.Key.Key_Return)
        shown.settle()
        assert page._row.problem()
        assert page._field.selectedText()
        QTest.keyClicks(page._field, PASSPHRASE)
        QTest.keyClick(page._field, Qt.Key.Key_Return)
        shown.settle()
        assert desk.is_open
        assert shown.page("unlock") is None
        assert shown.page("requests") is not None


def test_a_passphrase_is_hidden_and_shown_only_while_somebody_asks(tmp_path):
    desk, _, _ = locked()
    with window_over(desk, tmp_path) as shown:
        row = shown.page("unlock")._row
        assert row.field.echoMode() is QLineEdit.EchoMode.Password
        row._button.click()
        assert row.field.echoMode() is QLineEdit.EchoMode.Normal
        assert row._button.said() == "Hide it"
        row._button.click()
        assert row.field.echoMode() is QLineEdit.EchoMode.Password


def test_the_key_store_opens_the_window_without_a_question(tmp_path):
    desk, _, _ = locked(passphrase=None)
    with window_over(desk, tmp_path) as shown:
        assert desk.is_open
        assert shown.page("requests") is not None


def test_a_failing_key_store_leads_to_the_words(tmp_path):
    desk, world, words = locked(passphrase=None)
    world.secrets.state = KeyStoreState.NO_BACKEND
    with window_over(desk, tmp_path) as shown:
        page = shown.page("unlock")
        assert page._notice.said()
        assert page._words.isVisible()
        assert not page._passphrase.isVisible()
        page._words_field.setPlainText(words)
        page._open_words.click()
        shown.settle()
        assert desk.is_open


def test_a_locked_key_store_can_be_tried_again(tmp_path):
    desk, world, _ = locked(passphrase=None)
    world.secrets.state = KeyStoreState.LOCKED
    with window_over(desk, tmp_path) as shown:
        page = shown.page("unlock")
        again = next(b for b in page._notice.findChildren(Button) if b.said() == "Try again")
        world.secrets.state = KeyStoreState.WORKS
        again.click()
        shown.settle()
        assert desk.is_open


def test_escape_and_the_x_of_the_last_way_out_change_nothing(tmp_path):
    desk, world, _ = locked()
    with window_over(desk, tmp_path) as shown:
        page = shown.page("unlock")
        page._fresh.click()
        dialog = shown.dialog()
        QTest.keyClick(dialog, Qt.Key.Key_Escape)
        shown.settle()
        page._fresh.click()
        shown.dialog().close()
        shown.settle()
        page._fresh.click()
        QTest.keyClick(shown.dialog(), Qt.Key.Key_Return)
        shown.settle()
        assert desk.has_vault
        assert world.place.set_aside_vaults == []


def test_putting_the_vault_aside_leads_to_the_first_start(tmp_path):
    desk, world, _ = locked()
    with window_over(desk, tmp_path) as shown:
        shown.page("unlock")._fresh.click()
        next(b for b in shown.dialog().findChildren(Button) if b.said().startswith("Put the vault aside")).click()
        shown.settle()
        assert len(world.place.set_aside_vaults) == 1
        assert shown.page("first-run").isVisible()
