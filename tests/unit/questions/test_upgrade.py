from __future__ import annotations

from typing import Any

from dsadesk.questions.upgrade import Moved, carry_over
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
