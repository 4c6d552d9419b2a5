"""A vault whose history went back in time: the window says so wherever one is, and takes it as it is only when somebody says so."""

from __future__ import annotations

import shutil

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from dsadesk.errors import RuleError
from dsadesk.services import doubting
from dsadesk.ui.presenters.frame import Page, Place
from tests.support.desks import PASSPHRASE, folder_world, sealed_request, two_desks
from tests.ui import audit
from tests.ui.windows import window_over

CHECKS = (audit.unnamed, audit.rich, audit.clipped, audit.small_targets)


@pytest.fixture
def went_back(tmp_path):
    """A desk whose database was put back to before it said something."""
    pair = two_desks(lambda name, stores, clock: folder_world(tmp_path / name, stores=stores, clock=clock, seed=name))
    pair.requester.lock()
    shutil.copy(tmp_path / "requester" / "cases.db", tmp_path / "old.db")
    pair.requester.unlock_with_passphrase(PASSPHRASE)
    sealed_request(pair, sample=False)
    pair.requester.lock()
    shutil.copy(tmp_path / "old.db", tmp_path / "requester" / "cases.db")
    pair.requester.unlock_with_passphrase(PASSPHRASE)
    return pair.requester


def test_a_history_that_went_back_is_said_at_once_and_taken_only_when_somebody_says_so(went_back, tmp_path):
    desk = went_back
    with window_over(desk, tmp_path) as shown:
        window = shown.window
        assert "The history of your vault is in doubt" in window._notice.said()
        assert "It has fewer now" in window._notice.said()
        rail = window._rail._entries["settings"]
        assert "in doubt" in rail.accessibleName()
        shown.go(Place(Page.SETTINGS))
        page = shown.page("settings")
        assert "It has fewer now" in page.vault.doubt.said()
        for answer in ("escape", "accept"):
            page.vault.doubt.action_chosen.emit()
            dialog = shown.dialog()
            assert not any(check(dialog) for check in CHECKS)
            if answer == "escape":
                QTest.keyClick(dialog, Qt.Key.Key_Escape)
                shown.settle()
                assert doubting.doubts(desk.session)
            else:
                dialog.button.click()
                shown.settle()
        assert doubting.doubts(desk.session) == ()
        assert not page.vault.doubt.said()
        assert "in doubt" not in rail.accessibleName()
        assert "taken as it is now" in page._notice.said()
        assert (tmp_path / "requester" / "anchor-set-aside.json").exists()


def test_nothing_is_taken_that_nobody_confirmed_and_a_sound_history_needs_nothing(went_back):
    with pytest.raises(RuleError, match="history-unconfirmed"):
        doubting.accept_history(went_back.session, confirmed=False)
    (problem,) = doubting.doubts(went_back.session)
    assert doubting.needs_a_decision(problem)
    assert doubting.accept_history(went_back.session, confirmed=True) == (problem,)
    assert doubting.accept_history(went_back.session, confirmed=False) == ()


def test_a_record_that_is_gone_is_said_and_asks_for_no_decision(went_back, tmp_path):
    desk = went_back
    doubting.accept_history(desk.session, confirmed=True)
    sealed_request_in = desk.session.vault.events.count()
    desk.lock()
    (tmp_path / "requester" / "anchor.json").unlink()
    desk.unlock_with_passphrase(PASSPHRASE)
    found = doubting.doubts(desk.session)
    assert [doubting.needs_a_decision(each) for each in found] == ([False] if sealed_request_in else [])
