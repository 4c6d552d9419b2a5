"""Roles, leaving and new keys for the inbox, in the window of whoever looks after the keys."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from dsadesk.services import admitting, keeping_keys
from dsadesk.ui.presenters.frame import Page, Place
from dsadesk.ui.presenters.team import given_words
from dsadesk.ui.views.team_dialogs import LeaveDialog, RolesDialog
from tests.support.desks import second_laptop, two_desks
from tests.ui import audit
from tests.ui.windows import window_over

CHECKS = (audit.unnamed, audit.rich, audit.clipped, audit.small_targets)


@pytest.fixture
def office():
    pair = two_desks()
    colleague = second_laptop(pair, pair.requester, "Dafydd Rees", roles=("drafter",))
    return pair, colleague


def on_partners(shown, pair):
    shown.go(Place(Page.PARTNERS, org=pair.asks.profile.organisation.id))
    return shown.page("partners")


def test_roles_are_put_on_the_card(office, tmp_path):
    pair, colleague = office
    device = colleague.session.device.device
    with window_over(pair.requester, tmp_path) as shown:
        page = on_partners(shown, pair)
        page.ask_roles()
        dialog = shown.dialog()
        assert isinstance(dialog, RolesDialog)
        assert not any(check(dialog) for check in CHECKS)
        person = colleague.session.profile.official.id
        dialog.people[person].set_value([])
        dialog.button.click()
        assert dialog.isVisible()
        assert dialog.people[person].problem()
        dialog.people[person].set_value(["drafter", "decider", "legal"])
        dialog.button.click()
        shown.settle()
        assert pair.asks.card.official_of(device).roles == ("drafter", "decider", "legal")
        assert "send it to your partners" in page._done.said()


def test_who_leaves_is_ended_the_inbox_rotated_and_the_passes_saved(office, tmp_path):
    pair, colleague = office
    other = second_laptop(pair, pair.requester, "Elin Morgan")
    device, seeds = colleague.session.device.device, keeping_keys.inbox_seeds(pair.asks.vault)
    (tmp_path / "passes").mkdir()
    with window_over(pair.requester, tmp_path) as shown:
        page = on_partners(shown, pair)
        page.ask_leave()
        dialog = shown.dialog()
        assert isinstance(dialog, LeaveDialog)
        assert not any(check(dialog) for check in CHECKS)
        dialog.button.click()
        assert dialog.who.problem()
        QTest.keyClick(dialog, Qt.Key.Key_Escape)
        shown.settle()
        assert not pair.asks.card.official_of(device).until
        page._presenter.team.remove(device, tmp_path / "passes")
        shown.settle()
        assert pair.asks.card.official_of(device).until
        assert "could still sign" not in page._done.said()
    (given,) = (tmp_path / "passes").iterdir()
    assert given.name.startswith("elin-morgan-")
    assert len(keeping_keys.inbox_seeds(pair.asks.vault)) == len(seeds) + 1
    other.take(admitting.accept(other.session, given.read_bytes()))


def test_the_inbox_gets_new_keys_and_a_pass_that_cannot_be_saved_is_said(office, tmp_path):
    pair, _ = office
    before = pair.asks.card.hybrid
    with window_over(pair.requester, tmp_path) as shown:
        page = on_partners(shown, pair)
        page.ask_rotate()
        assert not any(check(shown.dialog()) for check in CHECKS)
        QTest.keyClick(shown.dialog(), Qt.Key.Key_Escape)
        shown.settle()
        assert pair.asks.card.hybrid == before
        page._presenter.team.rotate(tmp_path)
        shown.settle()
        assert pair.asks.card.hybrid != before
        assert len(list(tmp_path.glob("dafydd-rees-*.dsapass"))) == 1
        page._presenter.team.rotate(tmp_path / "no folder")
        shown.settle()
        assert page._error.said()


def test_a_newcomer_is_told_what_they_are_given(office):
    _, colleague = office
    entry = colleague.session.card.official_of(colleague.session.device.device)
    assert given_words(entry).startswith("You may write requests, ask and answer.")
    assert "sign agreements" not in given_words(entry)
