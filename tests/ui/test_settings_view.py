"""Settings in a window."""

from __future__ import annotations

from dataclasses import replace

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest

from dsadesk.services import rehearsing
from dsadesk.ui import theme
from dsadesk.ui.presenters.frame import PLACES, Page, Place
from dsadesk.ui.widgets.button import Button
from tests.support.desks import PASSPHRASE, two_desks
from tests.ui.windows import window_over


@pytest.fixture
def shown(tmp_path):
    pair = two_desks()
    with window_over(pair.requester, tmp_path) as window:
        window.pair = pair
        window.go(Place(Page.SETTINGS))
        window.settings = window.page("settings")
        yield window


def test_a_bad_place_for_the_vault_stands_on_its_card(shown):
    assert not shown.settings.vault.placement.said()
    session = shown.pair.asks
    session.world = replace(session.world, placement="synced-folder")
    shown.settings._presenter.start()
    shown.settle()
    assert shown.settings.vault.placement.said().startswith("The vault's folder is synchronised with other places.")
    assert "move the folder to this computer's own disk" in shown.settings.vault.placement.said()


def test_the_places_for_deliveries_are_brought_into_sight_for_whoever_is_sent_there(shown):
    shown.window.resize(1366, 768)
    shown.go(Place(Page.SETTINGS))
    page = shown.page("settings")
    assert page.stores.mapTo(page.viewport(), QPoint(0, 0)).y() > page.viewport().height() / 2
    shown.go(Place(Page.SETTINGS, part=PLACES))
    top = page.stores.mapTo(page.viewport(), QPoint(0, 0)).y()
    assert top >= 0
    assert top + page.stores.height() <= page.viewport().height()
    assert page.stores.isAncestorOf(shown.window.focusWidget())
    shown.go(Place(Page.SETTINGS))
    assert shown.window.focusWidget() is page._title


def test_the_look_is_kept_and_put_on_at_once(shown):
    worn = []
    shown.settings.look_changed.connect(lambda: worn.append(True))
    shown.settings.look._on_theme_chosen("dark")
    shown.settings.look._on_size_chosen("130")
    shown.settings.locking._on_minutes_chosen("5")
    kept = shown.window._preferences
    assert (kept.theme, kept.text_percent, kept.idle_minutes) == (theme.Theme.DARK, 130, 5)
    assert worn == [True, True]


def test_a_wrong_passphrase_keeps_the_dialog_with_what_was_typed(shown):
    shown.settings.vault.passphrase.click()
    shown.settle()
    dialog = shown.dialog()
    rows = dialog._rows
    assert shown.window.focusWidget() is not None
    for name, typed in (("old", "not it"), ("new", "new words for the vault"), ("again", "new words for the vault")):
        rows[name].field.setText(typed)
    dialog._act.click()
    shown.settle()
    assert shown.dialog() is dialog
    assert rows["old"].problem()
    assert rows["new"].field.text() == "new words for the vault"
    rows["old"].field.setText(PASSPHRASE)
    dialog._act.click()
    shown.settle()
    assert shown.dialog() is None
    assert "passphrase is changed" in shown.settings._notice.said()


def test_the_last_way_in_is_not_offered_to_be_taken_away(shown):
    settings = shown.settings
    assert settings.vault.key_store.said() == "Open with this computer's key store"
    assert not settings.vault.drop.isVisible()
    settings.vault.key_store.click()
    shown.settle()
    assert settings.vault.drop.isVisible()
    settings.vault.drop.click()
    QTest.keyClick(shown.dialog(), Qt.Key.Key_Escape)
    shown.settle()
    settings.vault.drop.click()
    next(b for b in shown.dialog().findChildren(Button) if b.said() == "Stop using it").click()
    shown.settle()
    assert not settings.vault.drop.isVisible()
    assert not settings.vault.key_store.isVisible()
    assert settings.vault.passphrase.said() == "Add a passphrase…"


def test_a_word_that_is_not_the_one_asked_for_is_said_in_the_dialog(shown):
    shown.settings.vault.words.click()
    dialog = shown.dialog()
    dialog._rows["words"].problem_fields()[0].setText("abandon")
    dialog._act.click()
    shown.settle()
    assert "nothing is locked" in dialog._rows["words"].problem()
    dialog.reject()


def test_words_that_are_not_the_vaults_are_said_in_the_dialog(shown):
    shown.pair.asks.vault.settings.remove(rehearsing.ASKING)
    shown.settings._presenter.start()
    shown.settle()
    shown.settings.vault.words.click()
    dialog = shown.dialog()
    dialog._rows["words"].problem_fields()[0].setPlainText("abandon abandon")
    dialog._act.click()
    shown.settle()
    assert dialog._rows["words"].problem()
    dialog.reject()


def test_a_sound_vault_is_said_to_be_whole(shown):
    shown.settings.vault.check.click()
    shown.settle()
    assert shown.settings._notice.said().startswith("The vault is whole.")


def test_locking_now_locks(shown):
    shown.settings.lock_wanted.emit()
    shown.settle()
    assert not shown.pair.requester.is_open
