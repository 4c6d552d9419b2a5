"""A whole draft read for plain English, without a window."""

from __future__ import annotations

from typing import Any

from dsadesk.questions.proofing import proof, words_to_spell
from dsadesk.questions.visible import View
from dsadesk.ui.presenters.proofing import is_prose
from dsadesk.ui.presenters.whole_draft import judge, passages
from tests.unit.questions.small_sets import released_set

QUESTIONS = released_set("core")
HARD = "Interdepartmental operationalisation necessitates comprehensive administrative harmonisation."
ANSWERS: dict[str, Any] = {
    "about.title": "Bathing waters",
    "about.organisation": "Aldershire County Council",
    "about.people": [{"role": "requester", "name": "Wrogn Nmae", "post": "Recieving officer", "email": "x@y.example"}],
    "least.way": "aggregate",
    "purpose.aim": "We use it in order to help.",
    "purpose.summary": f"We help. {HARD}",
    "keeping.reason": "Hidden, in order to be left out.",
}


def read(answers: dict[str, Any] = ANSWERS, misspelt: frozenset[str] = frozenset()):
    texts = passages(View(QUESTIONS, answers), answers, "en")
    found = [
        proof(
            each.wanted.text,
            reading_age=each.wanted.reading_age,
            misspelt=misspelt,
            is_line=each.wanted.is_line,
        )
        for each in texts
    ]
    return judge(texts, found, is_spelt=True)


def test_the_public_summary_comes_first_with_its_reading_age():
    found = read()
    assert [fault.place.question for fault in found.faults] == ["purpose.summary", "purpose.aim"]
    (age,) = found.ages
    assert not age.is_good
    assert age.sentence.startswith("Sum it up for the public: reading age ")
    first = found.faults[0].place
    assert ANSWERS["purpose.summary"][first.start : first.start + first.length] == HARD


def test_a_summary_that_is_plain_is_said_to_be():
    (age,) = read({"purpose.summary": "We help people at the sea."}).ages
    assert age.is_good


def test_what_does_not_apply_is_not_read():
    assert "keeping.reason" not in {fault.place.question for fault in read().faults}


def test_cells_are_read_in_their_row_and_names_are_not():
    found = read(misspelt=frozenset({"Wrogn", "Nmae", "Recieving"}))
    (fault,) = [fault for fault in found.faults if fault.place.row >= 0]
    assert (fault.place.question, fault.place.row, fault.place.column) == ("about.people", 0, "post")
    assert fault.sentence == "Check the spelling of “Recieving”"


def test_a_word_that_stands_twice_is_listed_once():
    found = read({"purpose.aim": "We recieve it and recieve it."}, frozenset({"recieve"}))
    assert [fault.sentence for fault in found.faults] == ["Check the spelling of “recieve”"]
    assert found.faults[0].place.start == len("We ")


def test_names_in_a_line_are_not_spelt_and_its_first_word_is():
    assert [word for word, _ in words_to_spell("Recieve letters from Wenlow", is_line=True)] == [
        "Recieve",
        "letters",
        "from",
    ]
    assert words_to_spell("Aldershire County Council", is_line=True) == ()
    assert [word for word, _ in words_to_spell("Aldershire County Council")] == ["Aldershire", "County", "Council"]


def test_addresses_names_and_bodies_are_no_prose():
    index = QUESTIONS.index
    assert not is_prose(index["about.organisation"])
    assert not is_prose(index["about.people"], "email")
    assert not is_prose(index["data.items"], "name")
    assert is_prose(index["data.items"], "why")
    assert is_prose(index["purpose.aim"])


def test_an_empty_draft_has_nothing_to_read():
    found = read({})
    assert (found.faults, found.ages, found.texts) == ((), (), 0)


def test_sentences_come_before_words():
    text = "We use it in order to " + "help people and " * 10 + "go."
    kinds = [fault.sentence[:9] for fault in read({"purpose.aim": text}).faults]
    assert kinds[0][:2].isdigit()
    assert kinds[1] == "For “in o"
