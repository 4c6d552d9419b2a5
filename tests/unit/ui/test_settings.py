"""Settings without a window."""

from __future__ import annotations

from dsadesk.services import admitting
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


def test_a_colleague_is_let_in_after_their_words_were_shown(tmp_path):
    pair = two_desks()
    joining = newcomer(pair.stores, pair.clock)
    application = tmp_path / "tom.dsapplication"
    application.write_bytes(admitting.apply(joining.session))
    presenter, view, _ = started(pair.requester)
    presenter.read_application(application)
    asked = view.shown["ask_admit"]
    assert (asked.name, len(asked.words)) == ("Tom Price", 8)
    given = tmp_path / "tom.dsapass"
    presenter.admit(given, admin=False)
    assert "tom.dsapass" in view.shown["show_done"]
    joining.take(admitting.accept(joining.session, given.read_bytes()))
    assert joining.session.inbox is not None


def test_a_file_that_is_no_application_is_refused_with_a_reason(tmp_path):
    presenter, view, _ = started(two_desks().requester)
    file = tmp_path / "holiday.txt"
    file.write_text("hello")
    presenter.read_application(file)
    assert view.shown["show_error"].todo
    presenter.read_application(tmp_path / "gone")
    assert "gone" in view.shown["show_error"].what


def test_a_pass_that_cannot_be_written_is_said(tmp_path):
    pair = two_desks()
    joining = newcomer(pair.stores, pair.clock)
    application = tmp_path / "a"
    application.write_bytes(admitting.apply(joining.session))
    presenter, view, _ = started(pair.requester)
    presenter.read_application(application)
    presenter.admit(tmp_path / "no folder" / "pass", admin=False)
    assert "pass" in view.shown["show_error"].what


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
