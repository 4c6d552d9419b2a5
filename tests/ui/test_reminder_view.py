"""The reminder of the recovery words in a window: quiet, put off with one key, and in nobody's way."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from dsadesk.services import drafting, rehearsing
from dsadesk.services.desk import Desk
from dsadesk.ui import theme
from dsadesk.ui.presenters.frame import Page, Place
from dsadesk.ui.widgets.button import Button
from tests.support.desks import PASSPHRASE, REQUESTER, memory_world
from tests.ui import audit
from tests.ui.windows import window_over

WEEK = 8 * 86400


class Reminded:
    def __init__(self, folder):
        self.world = memory_world()
        self.desk = Desk(self.world)
        self.words = self.desk.first_run(REQUESTER, "Priya Shah", "Analyst", passphrase=PASSPHRASE).words.reveal()
        drafting.start(self.desk.session, title="A draft")
        self.folder = folder

    def window(self):
        return window_over(self.desk, self.folder)


@pytest.fixture
def reminded(tmp_path):
    made = Reminded(tmp_path)
    made.world.clock.advance(WEEK)
    return made


def button(widget, words):
    return next(each for each in widget.findChildren(Button) if each.said() == words and each.isVisible())


def test_it_takes_no_room_before_it_is_time(tmp_path):
    with Reminded(tmp_path).window() as shown:
        shown.go(Place(Page.REQUESTS))
        assert not shown.page("requests")._pane.reminder.isVisible()


def test_one_word_is_typed_and_the_reminder_is_gone(reminded):
    with reminded.window() as shown:
        shown.go(Place(Page.REQUESTS))
        reminder = shown.page("requests")._pane.reminder
        place = rehearsing.question(reminded.desk.session).place
        assert f"word number {place}" in reminder.notice.said()
        button(reminder, "Type it…").click()
        shown.settle()
        dialog = shown.dialog()
        (field,) = dialog._rows["words"].problem_fields()
        assert shown.window.focusWidget() is field or field.hasFocus()
        QTest.keyClicks(field, reminded.words.split()[place % 24])
        QTest.keyClick(field, Qt.Key.Key_Return)
        shown.settle()
        assert shown.dialog() is dialog
        assert "nothing is locked" in dialog._rows["words"].problem()
        field.clear()
        QTest.keyClicks(field, reminded.words.split()[place - 1].upper())
        QTest.keyClick(field, Qt.Key.Key_Return)
        shown.settle()
        assert shown.dialog() is None
        assert not reminder.isVisible()


def test_not_now_is_one_key_and_holds_when_the_page_is_shown_again(reminded):
    with reminded.window() as shown:
        shown.go(Place(Page.REQUESTS))
        reminder = shown.page("requests")._pane.reminder
        later = button(reminder, "Not now")
        later.setFocus()
        QTest.keyClick(later, Qt.Key.Key_Space)
        shown.settle()
        assert not reminder.isVisible()
        shown.go(Place(Page.SETTINGS))
        shown.go(Place(Page.REQUESTS))
        assert not reminder.isVisible()


def test_what_is_proved_in_the_settings_is_not_asked_for_in_the_list(reminded):
    with reminded.window() as shown:
        shown.go(Place(Page.REQUESTS))
        shown.go(Place(Page.SETTINGS))
        settings = shown.page("settings")
        assert "It is time" in settings.vault.due.said()
        place = rehearsing.question(reminded.desk.session).place
        settings.vault.words.click()
        shown.dialog()._rows["words"].problem_fields()[0].setText(reminded.words.split()[place - 1])
        shown.dialog()._act.click()
        shown.settle()
        assert not settings.vault.due.said()
        shown.go(Place(Page.REQUESTS))
        assert not shown.page("requests")._pane.reminder.isVisible()


def test_a_vault_of_before_is_asked_for_all_the_words_this_once(reminded):
    reminded.desk.session.vault.settings.remove(rehearsing.ASKING)
    with reminded.window() as shown:
        shown.go(Place(Page.REQUESTS))
        reminder = shown.page("requests")._pane.reminder
        assert "all 24, this once" in reminder.notice.said()
        button(reminder, "Type them…").click()
        shown.settle()
        (field,) = shown.dialog()._rows["words"].problem_fields()
        field.setPlainText(reminded.words)
        shown.dialog()._act.click()
        shown.settle()
        assert not reminder.isVisible()
        assert rehearsing.question(reminded.desk.session).place is not None


def test_the_tab_key_comes_to_it_after_the_list_and_before_the_page(reminded):
    with reminded.window() as shown:
        shown.go(Place(Page.REQUESTS))
        page = shown.page("requests")
        page._pane.title.setFocus()
        stops = [page._pane.title, *audit.tab_stops(shown.window)]

        def first(widget):
            return next(n for n, stop in enumerate(stops) if stop is widget or widget.isAncestorOf(stop))

        order = [page._pane.search, page._pane.filter, page._pane.list, page._pane.reminder, page.panes._right]
        places = [first(widget) for widget in order]
        assert places == sorted(places)


@pytest.mark.parametrize("percent", [100, 200])
def test_it_can_be_read_and_hit(reminded, wear, percent):
    wear(theme.Theme.LIGHT, percent)
    with reminded.window() as shown:
        shown.go(Place(Page.REQUESTS))
        for check in (audit.unnamed, audit.rich, audit.clipped, audit.small_targets):
            assert not check(shown.window), check
        button(shown.page("requests")._pane.reminder, "Type it…").click()
        shown.settle()
        for check in (audit.unnamed, audit.rich, audit.clipped, audit.small_targets):
            assert not check(shown.dialog()), check
