"""Settings without a window."""

from __future__ import annotations

from dsadesk.host.memory import FixedClock
from dsadesk.services import rehearsing
from dsadesk.services.desk import Desk
from dsadesk.ui.presenters.frame import Page, Place
from dsadesk.ui.presenters.settings import SettingsPresenter
from tests.support.desks import PASSPHRASE, REQUESTER, memory_world, two_desks
from tests.unit.ui.frames import Recorder, inline_frame


def started(desk):
    view = Recorder()
    frame, seen = inline_frame(desk)
    presenter = SettingsPresenter(view, frame)
    presenter.start()
    return presenter, view, seen


def newcomer(stores, clock):
    desk = Desk(memory_world(stores=stores, clock=clock, seed="newcomer"))
    desk.first_run(REQUESTER, "Tom Price", "Analyst", passphrase=PASSPHRASE, joining=True)
    return desk


def test_the_owner_and_the_ways_in_are_shown():
    _, view, _ = started(two_desks().requester)
    facts = view.shown["show_facts"]
    assert dict(facts.owner)["Name"] == "Priya Shah"
    assert dict(facts.vault)["Opens with"] == "Your 24 recovery words\nYour passphrase"
    assert facts.is_admin
    assert facts.is_admitted


def test_a_check_of_a_sound_vault_finds_nothing():
    presenter, view, seen = started(two_desks().requester)
    presenter.check()
    assert view.shown["show_health"] == ()
    assert seen.said == ["The check is done."]


def test_whoever_looks_after_the_keys_is_led_to_where_colleagues_are_let_in():
    presenter, _, seen = started(two_desks().requester)
    presenter.let_in()
    assert seen.places == [Place(Page.PARTNERS, org=REQUESTER.id, part="admit")]


def test_who_is_not_admitted_is_shown_the_way_to_be():
    pair = two_desks()
    presenter, view, seen = started(newcomer(pair.stores, pair.clock))
    assert not view.shown["show_facts"].is_admitted
    presenter.join()
    assert seen.places == [Place(Page.FIRST_RUN, part="join")]


def test_a_backup_that_cannot_be_made_is_said(tmp_path):
    presenter, view, _ = started(two_desks().requester)
    presenter.back_up(tmp_path / "backup.dsavault")
    assert view.calls[-1] in {"show_done", "show_error"}
    assert view.shown["show_busy"] == ""


# ---------------------------------------------------------------- ways in


def test_the_passphrase_is_changed_by_whoever_knows_it():
    pair = two_desks()
    presenter, view, seen = started(pair.requester)
    presenter.set_passphrase("not the old one at all", "new words for the vault", "new words for the vault")
    assert set(view.shown["show_problems"]) == {"old"}
    presenter.set_passphrase(PASSPHRASE, "short", "short")
    assert set(view.shown["show_problems"]) == {"new"}
    presenter.set_passphrase(PASSPHRASE, "new words for the vault", "other words for the vault")
    assert set(view.shown["show_problems"]) == {"again"}
    assert "close_dialog" not in view.calls
    presenter.set_passphrase(PASSPHRASE, "new words for the vault", "new words for the vault")
    assert "close_dialog" in view.calls
    assert seen.said[-1].startswith("The passphrase is changed.")
    pair.requester.lock()
    pair.requester.unlock_with_passphrase("new words for the vault")


def test_the_key_store_becomes_a_way_in_and_stops_being_one():
    pair = two_desks()
    presenter, view, _ = started(pair.requester)
    presenter.set_key_store(used=True)
    assert view.shown["show_facts"].has_key_store
    presenter.set_key_store(used=False)
    assert not view.shown["show_facts"].has_key_store
    presenter.set_key_store(used=False)
    assert view.shown["show_error"].what


def test_the_passphrase_can_go_once_the_key_store_opens_the_vault():
    pair = two_desks()
    presenter, view, _ = started(pair.requester)
    presenter.drop_passphrase()
    assert view.shown["show_error"].what
    presenter.set_key_store(used=True)
    presenter.drop_passphrase()
    facts = view.shown["show_facts"]
    assert (facts.has_passphrase, facts.has_key_store) == (False, True)
    presenter.set_passphrase(None, "a passphrase after all", "a passphrase after all")
    assert view.shown["show_facts"].has_passphrase


def test_one_recovery_word_is_asked_for_when_it_is_time_until_it_is_given():
    clock = FixedClock()
    desk = Desk(memory_world(clock=clock))
    words = desk.first_run(REQUESTER, "Priya Shah", "Analyst", passphrase=PASSPHRASE).words.reveal().split()
    presenter, view, seen = started(desk)
    assert not view.shown["show_facts"].asked.is_due
    clock.advance(8 * 86400)
    presenter.start()
    asked = view.shown["show_facts"].asked
    assert asked.is_due
    presenter.rehearse(asked.place, words[asked.place % 24])
    assert "nothing is locked" in view.shown["show_problems"]["words"]
    assert "close_dialog" not in view.calls
    presenter.rehearse(asked.place, words[asked.place - 1])
    facts = view.shown["show_facts"]
    assert not facts.asked.is_due
    assert facts.words == "Proved on 10 March 2026"
    assert "close_dialog" in view.calls
    assert seen.said[-1].startswith("You still have your recovery words.")


def test_a_vault_that_can_ask_for_no_single_word_asks_for_all_of_them():
    desk = Desk(memory_world())
    words = desk.first_run(REQUESTER, "Priya Shah", "Analyst", passphrase=PASSPHRASE).words.reveal()
    desk.session.vault.settings.remove(rehearsing.ASKING)
    presenter, view, _ = started(desk)
    asked = view.shown["show_facts"].asked
    assert (asked.place, asked.is_due) == (None, True)
    presenter.rehearse(None, "abandon " * 24)
    assert set(view.shown["show_problems"]) == {"words"}
    presenter.rehearse(None, words)
    assert view.shown["show_facts"].asked.place is not None
