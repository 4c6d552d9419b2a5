"""The form as data: sections, questions, remarks."""

from __future__ import annotations

import datetime as dt
import json

import pytest

from dsadesk.resources import ShippedLibrary
from dsadesk.ui.presenters.form import CHECK, SAMPLES, entries, problems, remarks, way
from dsadesk.ui.vocabulary import Kind, Option
from tests.support.desks import ROOT

QUESTIONS = ShippedLibrary().question_set()
TODAY = dt.date(2026, 3, 2)


def test_every_question_of_the_set_becomes_an_entry_that_a_widget_can_show():
    kinds = set()
    for section in QUESTIONS.sections:
        for entry in entries(QUESTIONS, {}, section.id, "en"):
            kinds.add(entry.spec.kind)
            assert entry.spec.label
            assert entry.value in ("", [], None, False)
    assert kinds >= {Kind.LONG, Kind.SHORT, Kind.CHOICE, Kind.CHECKS, Kind.YESNO, Kind.DATE, Kind.REPEAT}


def test_a_text_that_may_be_long_gets_a_field_of_several_lines():
    found = {entry.spec.id: entry.spec for entry in entries(QUESTIONS, {}, "running", "en")}
    assert found["running.review" if "running.review" in found else "running.end"].kind is Kind.DATE
    about = {entry.spec.id: entry.spec for entry in entries(QUESTIONS, {}, "about", "en")}
    assert about["about.title"].kind is Kind.SHORT


def test_sections_that_do_not_apply_are_not_listed():
    shown = way(QUESTIONS, {}, "en", samples=0)
    assert len(shown.sections) < len(QUESTIONS.sections) + 2
    assert shown.total == len(shown.sections) - 2
    assert shown.minutes_left > 0


def test_a_gap_that_waits_for_an_earlier_answer_is_not_counted_twice():
    found = [problem.question for problem in problems(QUESTIONS, {}, TODAY, must=True)]
    assert "about.kind" in found
    assert "about.earlier" not in found
    assert len(found) == len(set(found))


def test_problems_come_in_the_order_of_the_form():
    order = [question.id for question in QUESTIONS.questions()]
    found = [order.index(problem.question) for problem in problems(QUESTIONS, {}, TODAY, must=True)]
    assert found == sorted(found)


def test_partners_with_one_name_can_be_told_apart_in_the_supplier_question():
    suppliers = (Option("Agency (a)", "Agency (a)", "agency-a"), Option("Agency (b)", "Agency (b)", "agency-b"))
    found = {entry.spec.id: entry for entry in entries(QUESTIONS, {}, "about", "en", suppliers)}
    assert [option.value for option in found["about.supplier"].spec.options] == ["Agency (a)", "Agency (b)"]


def test_a_supplier_that_is_no_partner_keeps_its_name():
    lost = {"about.supplier": "Lost Agency"}
    found = {e.spec.id: e for e in entries(QUESTIONS, lost, "about", "en")}
    assert found["about.supplier"].value == "Lost Agency"


@pytest.mark.parametrize(
    ("text", "good"),
    [
        ("We help people swim in clean water.", [True, True, True]),
        ("", []),
        ("We utilise it.", [True, True, False]),
    ],
)
def test_remarks_on_a_text_say_what_is_good_and_what_is_not(text, good):
    assert [remark.is_good for remark in remarks(text)] == good


def test_a_long_sentence_is_said_to_be_long():
    said = remarks("word " * 40)
    assert "40 words" in said[1].sentence
    assert not said[1].is_good


def test_the_welsh_is_shown_where_there_is_any():
    assert entries(QUESTIONS, {}, "about", "cy")[0].spec.label


@pytest.mark.parametrize(
    ("file", "about"),
    [("bathing-water", 36), ("fuel-poverty", 66), ("pupils-education-and-care", 132), ("vaccination-outbreak", 132)],
)
def test_a_real_request_says_how_many_of_its_questions_are_answered(file: str, about: int):
    given = json.loads((ROOT / f"tests/data/answers/{file}.json").read_text("utf-8"))
    answers = given.get("answers", given)
    whole = way(QUESTIONS, answers, "en", samples=0)
    assert whole.answered == whole.questions
    assert abs(whole.questions - about) <= 2
    begun = way(QUESTIONS, {name: value for name, value in answers.items() if name != "purpose.aim"}, "en", samples=0)
    assert (begun.answered, begun.questions, begun.minutes_left) == (whole.answered - 1, whole.questions, 3)


def test_a_section_has_its_place_among_those_that_are_counted_as_complete():
    given = json.loads((ROOT / "tests/data/answers/bathing-water.json").read_text("utf-8"))
    whole = way(QUESTIONS, given.get("answers", given), "en", samples=0)
    asked = [section for section in whole.sections if section.id not in {SAMPLES, CHECK}]
    assert len(asked) == whole.total
    assert [section.id for section in whole.sections[: whole.total]] == [section.id for section in asked]
