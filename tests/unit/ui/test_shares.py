"""Splitting the words without a window."""

from __future__ import annotations

import re

from dsadesk.bundle.shares import Share
from dsadesk.secret import Secret
from dsadesk.services import recovering, splitting
from dsadesk.services.desk import Desk
from dsadesk.ui.presenters.shares import SharesPresenter, field
from tests.support.desks import PASSPHRASE, REQUESTER, memory_world
from tests.unit.ui.frames import Recorder, inline_frame


class Split:
    def __init__(self):
        self.desk = Desk(memory_world())
        self.words = self.desk.first_run(REQUESTER, "Priya Shah", "Analyst", passphrase=PASSPHRASE).words.reveal()
        self.view = Recorder()
        frame, self.seen = inline_frame(self.desk)
        self.presenter = SharesPresenter(self.view, frame)
        self.presenter.start(Secret(self.words))
        _, self.places = self.view.shown["show_shares"]

    def right(self):
        return [self.presenter.words_of(n)[place - 1] for n, place in enumerate(self.places, 1)]


def test_each_share_can_be_printed_and_two_of_them_open_the_vault():
    split = Split()
    sheets = [split.presenter.words_of(n) for n in (1, 2, 3)]
    assert all(len(words) == 33 for words in sheets)
    assert split.view.shown["show_shares"][0] == " ".join(sheets[0][:2])
    recovering.rehearse(split.desk.session, " ".join((*sheets[2], *sheets[1])))
    assert split.presenter.words_of(4) == ()


def test_it_is_done_only_when_a_word_of_each_is_typed_back():
    split = Split()
    right = split.right()
    split.presenter.prove([right[0], "not it", right[2]])
    assert set(split.view.shown["show_problems"]) == {field(2)}
    assert re.search(r"not word \d+ of share 2", split.view.shown["show_problems"][field(2)])
    assert "show_done" not in split.view.calls
    split.presenter.prove([f" {word.upper()}" for word in right])
    assert "show_done" in split.view.calls
    assert split.presenter.words_of(1) == ()


def test_a_sheet_is_saved_where_somebody_chose_and_said_to_be_in_clear(tmp_path):
    split = Split()
    file = tmp_path / split.presenter.suggest(2)
    split.presenter.save(2, file)
    assert file.read_bytes().startswith(b"%PDF-")
    assert "in clear" in split.view.shown["show_saved"]
    split.presenter.save(2, tmp_path / "nowhere" / "x.pdf")
    assert split.view.shown["show_error"].what


def test_leaving_forgets_the_shares():
    split = Split()
    kept = split.presenter._shares
    split.presenter.let_go()
    split.presenter.prove(["", "", ""])
    assert "show_done" not in split.view.calls
    assert all(isinstance(share, Share) for share in kept)
    assert splitting.wrong_answers((), (), ()) == ()
