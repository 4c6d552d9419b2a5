from __future__ import annotations

import datetime as dt

import pytest

from dsadesk.questions.check import check
from dsadesk.questions.model import Answers
from dsadesk.questions.visible import View, applicable, progress
from tests.unit.questions.small_sets import parsed, question, set_shape

CHAIN = parsed(
    question("one.a", "yesno"),
    question("one.b", "choice", when={"question": "one.a", "is": True}),
    question("one.c", when={"question": "one.b", "is": "red"}),
    question("one.d", required={"question": "one.b", "is": "blue"}),
)


def ids(answers: Answers) -> list[str]:
    return [found.id for found in applicable(CHAIN, answers)]


def test_questions_without_a_condition_apply() -> None:
    assert ids({}) == ["one.a", "one.d"]


def test_an_answer_brings_up_the_questions_that_depend_on_it() -> None:
    assert ids({"one.a": True, "one.b": "red"}) == ["one.a", "one.b", "one.c", "one.d"]


def test_an_answer_to_a_question_that_no_longer_applies_decides_nothing() -> None:
    answers = {"one.a": False, "one.b": "red", "one.c": "Kept, and not looked at"}
    assert ids(answers) == ["one.a", "one.d"]
    assert View(CHAIN, answers).answer("one.c") is None
    assert ids({**answers, "one.a": True}) == ["one.a", "one.b", "one.c", "one.d"]


def test_a_question_can_depend_on_a_later_one() -> None:
    found = parsed(question("one.a", when={"question": "one.b", "is": True}), question("one.b", "yesno"))
    assert [each.id for each in applicable(found, {"one.b": True})] == ["one.a", "one.b"]


def test_whether_an_answer_is_required_can_depend_on_another() -> None:
    view = View(CHAIN, {"one.a": True, "one.b": "blue"})
    assert view.is_required(CHAIN.index["one.d"])
    assert not View(CHAIN, {}).is_required(CHAIN.index["one.d"])


def test_a_question_waits_for_its_prerequisites_that_apply() -> None:
    found = parsed(
        question("one.a", "yesno"),
        question("one.b", when={"question": "one.a", "is": True}),
        question("one.c", prerequisites=["one.a", "one.b"]),
    )
    last = found.index["one.c"]
    assert View(found, {}).waiting_for(last) == ("one.a",)
    assert View(found, {"one.a": True}).waiting_for(last) == ("one.b",)
    assert View(found, {"one.a": False}).waiting_for(last) == ()


TWO = parsed(
    sections=[
        set_shape(
            question("one.a"), question("one.b", required="advised"), question("one.c", required="never")
        )["sections"][0],
        {
            "id": "two",
            "title": {"en": "Two"},
            "lead": {"en": "A lead."},
            "questions": [question("two.a", "repeat", when={"question": "one.a", "answered": True})],
        },
    ]
)  # fmt: skip


def test_progress_counts_what_is_asked_and_optional_answers_once_given() -> None:
    start = progress(TWO, {})
    assert (start.answered, start.total, start.minutes_left) == (0, 2, 2)
    assert [(found.id, found.state) for found in start.sections] == [("one", "not-started"), ("two", "not-needed")]
    some = progress(TWO, {"one.b": "x", "one.c": "x"})
    assert [(found.answered, found.total, found.state) for found in some.sections] == [
        (2, 3, "started"),
        (0, 0, "not-needed"),
    ]


def test_a_section_is_done_when_nothing_required_is_missing() -> None:
    found = progress(TWO, {"one.a": "x"})
    assert [(each.title, each.state) for each in found.sections] == [("One", "done"), ("Two", "not-started")]
    assert found.minutes_left == 7


def test_minutes_are_rounded_up_and_reach_nothing() -> None:
    found = progress(TWO, {"one.a": "x", "one.b": "x", "two.a": [{"kind": "red", "note": "x"}]})
    assert (found.answered, found.total, found.minutes_left) == (3, 3, 0)


def test_a_malformed_answer_does_not_count_as_answered() -> None:
    assert progress(CHAIN, {"one.a": "yes"}).answered == 0


TABLE = parsed(question("one.a", "repeat", limits={"min_rows": 2, "rows_with": [{"column": "kind", "value": "red"}]}))


@pytest.mark.parametrize(
    ("rows", "state"),
    [
        ([], "not-started"),
        ([{"kind": "red", "note": "x"}], "started"),
        ([{"kind": "blue", "note": "x"}, {"kind": "blue", "note": "y"}], "started"),
        ([{"kind": "red", "note": "x"}, {"kind": "blue", "note": " "}], "started"),
        ([{"kind": "red", "note": "x"}, {"kind": "blue", "note": "y"}], "done"),
    ],
)
def test_a_table_that_lacks_a_row_or_a_cell_leaves_its_section_unfinished(
    rows: list[dict[str, str]], state: str
) -> None:
    found = progress(TABLE, {"one.a": rows})
    assert found.sections[0].state == state
    assert (found.answered == 1) is (state == "done")
    missing = {each.code for each in check(TABLE, {"one.a": rows}, dt.date(2026, 11, 22))}
    assert (not missing) is (state == "done")
