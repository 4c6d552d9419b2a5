from __future__ import annotations

import datetime as dt
import json

import pytest

from dsadesk.errors import AnswersError
from dsadesk.questions.check import check, check_answers_file, red_flags
from dsadesk.questions.model import QuestionSet
from dsadesk.questions.visible import applicable
from tests.unit.questions.small_sets import ANSWERS, parsed, question

TODAY = dt.date(2026, 11, 22)
SMALL = parsed(question("one.a"), question("one.b", "checks"), question("one.c", "repeat"))


def refusal_of(data: bytes, question_set: QuestionSet = SMALL) -> AnswersError:
    with pytest.raises(AnswersError) as refused:
        check_answers_file(question_set, data)
    return refused.value


def problems(error: AnswersError) -> list[tuple[object, ...]]:
    assert error.code == "answers-refused"
    return list(zip(error.fields["paths"], error.fields["codes"], strict=True))  # type: ignore[arg-type]


def test_a_plain_object_of_answers_is_read() -> None:
    assert check_answers_file(SMALL, b'{"one.a": "x", "one.b": []}') == {"one.a": "x", "one.b": []}


def test_answers_may_stand_under_their_name() -> None:
    assert check_answers_file(SMALL, b'{"answers": {"one.a": "x"}}') == {"one.a": "x"}
    assert check_answers_file(SMALL, b'{"answers": {}}') == {}


def test_nothing_else_may_stand_beside_the_answers() -> None:
    error = refusal_of(b'{"answers": {"one.a": "x"}, "one.b": []}')
    assert problems(error) == [("one.b", "question-unknown")]


def test_every_problem_is_listed_in_the_order_of_the_file() -> None:
    data = {"one.z": 1, "one.a": 7, "one.b": ["red", "green"], "one.c": [{"kind": "red"}, 5]}
    assert problems(refusal_of(json.dumps(data).encode())) == [
        ("one.z", "question-unknown"),
        ("one.a", "text-expected"),
        ("one.b[1]", "option-expected"),
        ("one.c[1]", "row-expected"),
    ]


def test_a_name_that_stands_twice_is_a_problem_at_any_depth() -> None:
    error = refusal_of(b'{"one.a": "x", "one.c": [{"kind": "red", "kind": "blue"}], "one.a": "y"}')
    assert problems(error) == [("kind", "key-twice"), ("one.a", "key-twice")]


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "file-not-json"),
        (b"one.a: x", "file-not-json"),
        (b"[]", "answers-not-an-object"),
        (b'"one.a"', "answers-not-an-object"),
        (b"null", "answers-not-an-object"),
        (b'{"one.c": [[[[[[[[1]]]]]]]]}', "file-too-deep"),
        (b'{"one.a": "\xff"}', "file-not-text"),
        (b"{" + b" " * 5_000_000 + b"}", "file-too-large"),
    ],
)
def test_what_is_no_answers_file_is_refused(data: bytes, code: str) -> None:
    assert refusal_of(data).code == code


def test_no_more_than_a_thousand_problems_are_listed_and_all_are_counted() -> None:
    error = refusal_of(json.dumps({f"two.q{number}": "x" for number in range(1500)}).encode())
    assert (error.fields["count"], len(error.fields["paths"])) == (1500, 1000)  # type: ignore[arg-type]


def test_an_answer_that_is_too_long_is_still_taken_in() -> None:
    assert check_answers_file(SMALL, json.dumps({"one.a": "word " * 500}).encode())


def test_the_answers_themselves_do_not_stand_in_the_error() -> None:
    assert "hidden" not in str(refusal_of(b'{"one.b": ["hidden"], "one.a": ["hidden"]}'))


def test_the_bathing_water_request_is_ready_to_seal(core_set: QuestionSet) -> None:
    answers = check_answers_file(core_set, (ANSWERS / "bathing-water.json").read_bytes())
    assert check(core_set, answers, TODAY) == ()
    assert red_flags(core_set, answers) == ()
    assert set(answers) <= {found.id for found in applicable(core_set, answers)}


def test_the_fuel_poverty_request_is_ready_to_seal_and_raises_flags(core_set: QuestionSet) -> None:
    answers = check_answers_file(core_set, (ANSWERS / "fuel-poverty.json").read_bytes())
    assert check(core_set, answers, TODAY) == ()
    assert set(answers) <= {found.id for found in applicable(core_set, answers)}
    assert [flag.question_id for flag in red_flags(core_set, answers)] == [
        "about.marking",
        "least.way",
        "purpose.decisions",
        "risks.table",
        "setting.back",
    ]


def test_the_broken_file_is_refused_with_everything_that_is_wrong(core_set: QuestionSet) -> None:
    error = refusal_of((ANSWERS / "broken.json").read_bytes(), core_set)
    assert problems(error) == [
        ("about.title", "text-expected"),
        ("about.kind", "option-expected"),
        ("about.deadline", "question-unknown"),
        ("about.date_needed", "date-expected"),
        ("about.people[0].phone", "column-unknown"),
        ("about.people[1]", "row-expected"),
        ("about.people[2].role", "option-expected"),
        ("about.people[2].email", "text-expected"),
        ("about.nations[1]", "option-expected"),
        ("about.nations[2]", "option-twice"),
        ("about.urgent", "yes-no-expected"),
        ("people.how_many", "number-expected"),
        ("purpose.aim", "text-expected"),
        ("keeping.until", "date-expected"),
        ("benefits.table", "list-expected"),
        ("Purpose.Help", "question-unknown"),
    ]
