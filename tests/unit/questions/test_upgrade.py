from __future__ import annotations

from typing import Any

from dsadesk.questions.upgrade import Moved, carry_over, set_aside
from tests.unit.questions.small_sets import parsed, question

NEW = parsed(
    question("one.a"),
    question("one.b", "choice"),
    question("two.renamed", formerly=["one.old", "one.older"]),
)


def test_an_answer_to_the_same_question_is_kept() -> None:
    carried = carry_over({"one.a": "x", "one.b": "red"}, NEW)
    assert (carried.kept, carried.moved, carried.orphaned) == ({"one.a": "x", "one.b": "red"}, (), {})


def test_an_answer_to_a_renamed_question_moves() -> None:
    carried = carry_over({"one.old": "x"}, NEW)
    assert carried.moved == (Moved("one.old", "two.renamed", "x"),)
    assert carried.answers() == {"two.renamed": "x"}


def test_an_answer_that_finds_no_place_is_set_aside() -> None:
    answers: dict[str, Any] = {"one.gone": ["x"], "one.b": "an option that went", "one.old": 7}
    assert carry_over(answers, NEW).orphaned == answers


def test_a_place_that_is_taken_is_not_taken_twice() -> None:
    carried = carry_over({"one.older": "older", "one.old": "old"}, NEW)
    assert carried.moved == (Moved("one.older", "two.renamed", "older"),)
    assert carried.orphaned == {"one.old": "old"}
    both = carry_over({"one.old": "old", "two.renamed": "new"}, NEW)
    assert (both.kept, both.orphaned) == ({"two.renamed": "new"}, {"one.old": "old"})


LADDER = parsed(
    question("one.way", "choice"),
    question(
        "one.steps",
        "repeat",
        columns=[
            {
                "id": "step",
                "type": "choice",
                "label": {"en": "Step"},
                "options": [{"value": name, "label": {"en": name}} for name in ("first", "second")],
            },
            {"id": "why", "type": "long", "label": {"en": "Why"}},
        ],
        limits={
            "rows_with": [
                {"column": "step", "value": "first", "formerly": "one.not_first"},
                {"column": "step", "value": "second", "formerly": "one.not_second"},
            ]
        },
    ),
)


def test_texts_that_became_rows_of_a_table_move_into_it_together() -> None:
    table = [{"step": "first", "why": "a"}, {"step": "second", "why": "b"}]
    carried = carry_over({"one.not_second": "b", "one.not_first": "a"}, LADDER)
    assert {each.old_id for each in carried.moved} == {"one.not_first", "one.not_second"}
    assert carried.answers() == {"one.steps": table}
    assert carried.orphaned == {}


def test_a_table_that_is_filled_in_keeps_its_rows_and_sets_the_old_texts_aside() -> None:
    table = [{"step": "first", "why": "new"}]
    carried = carry_over({"one.not_first": "old", "one.steps": table}, LADDER)
    assert carried.answers() == {"one.steps": table}
    assert carried.orphaned == {"one.not_first": "old"}


def test_what_is_no_text_does_not_become_a_row() -> None:
    carried = carry_over({"one.not_first": 7, "one.not_second": ["x"]}, LADDER)
    assert carried.moved == ()
    assert set(carried.orphaned) == {"one.not_first", "one.not_second"}


def test_what_lives_on_under_another_id_is_not_set_aside() -> None:
    assert set_aside({"one.old": "x", "two.renamed": "edited since"}, NEW) == {}
    assert set_aside({"one.old": "x"}, NEW) == {}
    assert set_aside({"one.gone": "x", "one.a": "y"}, NEW) == {"one.gone": "x"}


def test_of_two_that_became_one_the_one_that_found_no_place_is_set_aside() -> None:
    answers: dict[str, Any] = {"one.older": "older", "one.old": "old", "two.renamed": "older"}
    assert set_aside(answers, NEW) == {"one.old": "old"}


def test_a_text_that_became_a_row_is_not_set_aside_and_one_without_a_row_is() -> None:
    table: Any = [{"step": "first", "why": "edited since"}]
    answers = {"one.not_first": "a", "one.not_second": "b", "one.steps": table}
    assert set_aside(answers, LADDER) == {"one.not_second": "b"}
