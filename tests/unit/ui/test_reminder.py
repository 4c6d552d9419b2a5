"""The reminder of the recovery words without a window."""

from __future__ import annotations

from dsadesk.host.memory import FixedClock
from dsadesk.secret import Secret
from dsadesk.services import rehearsing, splitting
from dsadesk.services.desk import Desk
from dsadesk.ui.presenters.reminder import Asked, ReminderPresenter
from tests.support.desks import PASSPHRASE, REQUESTER, memory_world
from tests.unit.ui.frames import Recorder, inline_frame


class Started:
    def __init__(self):
        self.clock = FixedClock()
        self.desk = Desk(memory_world(clock=self.clock))
        made = self.desk.first_run(REQUESTER, "Priya Shah", "Analyst", passphrase=PASSPHRASE)
        self.words = made.words.reveal().split()
        self.view = Recorder()
        frame, self.seen = inline_frame(self.desk)
        self.presenter = ReminderPresenter(self.view, frame)

    def look_after(self, days) -> Asked:
        self.clock.advance(days * 86400)
        self.presenter.start()
        return self.view.shown["show_asked"]


def test_it_says_nothing_in_the_first_week():
    desk = Started()
    assert not desk.look_after(0).is_due
    assert not desk.look_after(6).is_due
    assert desk.look_after(2).is_due


def test_a_right_word_takes_it_away():
    desk = Started()
    asked = desk.look_after(8)
    desk.presenter.answer(asked.place, desk.words[asked.place - 1])
    assert not desk.view.shown["show_asked"].is_due
    assert "close_dialog" in desk.view.calls
    assert desk.seen.said[-1].startswith("You still have your recovery words.")


def test_a_wrong_word_is_said_at_its_field_with_what_to_do():
    desk = Started()
    asked = desk.look_after(8)
    desk.presenter.answer(asked.place, desk.words[asked.place % 24])
    said = desk.view.shown["show_problems"]["words"]
    assert f"not word {asked.place}" in said
    assert "If the words are lost" in said
    assert "close_dialog" not in desk.view.calls
    assert desk.look_after(0) == asked


def test_not_now_is_kept_and_says_until_when():
    desk = Started()
    desk.look_after(8)
    desk.presenter.put_off()
    assert not desk.view.shown["show_asked"].is_due
    assert desk.seen.said[-1] == "You will be asked again on 24 March 2026."
    assert not desk.look_after(13).is_due
    assert desk.look_after(2).is_due


def test_whoever_keeps_only_the_shares_answers_with_two_of_them():
    desk = Started()
    asked = desk.look_after(8)
    shares = [" ".join(share.words) for share in splitting.split(Secret(" ".join(desk.words)))]
    desk.presenter.answer(asked.place, shares[0])
    assert "one alone opens nothing" in desk.view.shown["show_problems"]["words"]
    desk.presenter.answer(asked.place, f"{shares[0]} {shares[2]}")
    assert not desk.view.shown["show_asked"].is_due


def test_all_the_words_are_taken_where_none_can_be_asked_for():
    desk = Started()
    desk.desk.session.vault.settings.remove(rehearsing.ASKING)
    assert desk.look_after(0) == Asked(None, is_due=True)
    desk.presenter.answer(None, " ".join(desk.words))
    assert desk.view.shown["show_asked"].place is not None
