from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from dsadesk.questions.check import Finding, Flag, check, red_flags
from tests.unit.questions.small_sets import parsed, question

TODAY = dt.date(2026, 11, 22)


def findings(shape: dict[str, Any], *answers: Any) -> tuple[Finding, ...]:
    """Return what is found for one question; no answer at all where none is given."""
    found = parsed(question("one.first", "yesno", required="never"), shape)
    return check(found, {shape["id"]: answers[0]} if answers else {}, TODAY)


def codes(shape: dict[str, Any], *answers: Any) -> list[tuple[str, str]]:
    return [(finding.severity, finding.code) for finding in findings(shape, *answers)]


@pytest.mark.parametrize(
    ("required", "expected"),
    [
        ("always", [("must", "answer-missing")]),
        ("advised", [("should", "answer-missing")]),
        ("never", []),
        ({"question": "one.first", "answered": False}, [("must", "answer-missing")]),
        ({"question": "one.first", "answered": True}, []),
    ],
)
def test_a_missing_answer_matters_as_much_as_the_question_says(required: Any, expected: list[tuple[str, str]]) -> None:
    shape = question("one.a", required=required)
    assert codes(shape) == expected
    assert codes(shape, " \n") == expected


@pytest.mark.parametrize(
    ("shape", "answer", "expected"),
    [
        (question("one.a", limits={"max_words": 3}), "one two three", []),
        (question("one.a", limits={"max_words": 3}), "one two three four", [("must", "too-many-words")]),
        (question("one.a", limits={"max_chars": 3}), "abcd", [("must", "too-many-characters")]),
        (question("one.a", limits={"max_words": 99, "reading_age": 14}), "We ask for data.", []),
        (
            question("one.a", limits={"max_words": 99, "reading_age": 14}),
            "Interdepartmental operationalisation necessitates comprehensive administrative harmonisation.",
            [("must", "hard-to-read")],
        ),
        (question("one.a", "number", limits={"lowest": 1, "highest": 9}), 1, []),
        (question("one.a", "number", limits={"lowest": 1, "highest": 9}), 0, [("must", "number-too-small")]),
        (question("one.a", "number", limits={"lowest": 1, "highest": 9}), 10, [("must", "number-too-large")]),
        (question("one.a", "number"), 0, []),
        (question("one.a", "date", limits={"future": True}), "2026-11-23", []),
        (question("one.a", "date", limits={"future": True}), "2026-11-22", [("must", "date-not-in-future")]),
        (question("one.a", "date", limits={"past": True}), "2026-11-22", []),
        (question("one.a", "date", limits={"past": True}), "2026-11-23", [("must", "date-not-in-past")]),
        (question("one.a", "date", limits={"within_months": 3}), "2027-02-22", []),
        (question("one.a", "date", limits={"within_months": 3}), "2027-02-23", [("should", "date-too-late")]),
        (question("one.a", "date", limits={"within_months": 999_999}), "9999-12-31", []),
        (question("one.a", "checks"), ["red", "blue"], []),
        (question("one.a", "checks"), ["none"], []),
        (question("one.a", "checks"), ["red", "none"], [("must", "choice-not-alone")]),
        (question("one.a", "confirm"), True, []),
        (question("one.a", "confirm"), False, [("must", "confirm-not-given")]),
        (question("one.a", "confirm", required="never"), False, []),
        (question("one.a", "yesno"), False, []),
        (question("one.a", "yesno"), "no", [("must", "answer-malformed")]),
        (question("one.a", "yesno", required="never"), "no", [("must", "answer-malformed")]),
        (question("one.a", "choice"), "green", [("must", "answer-malformed")]),
    ],
)  # fmt: skip
def test_an_answer_is_held_against_the_limits(
    shape: dict[str, Any], answer: Any, expected: list[tuple[str, str]]
) -> None:
    assert codes(shape, answer) == expected


@pytest.mark.parametrize(
    ("limits", "rows", "expected"),
    [
        ({}, [{"kind": "red", "note": "x"}], []),
        ({}, [{"kind": "red", "note": "x"}, {}, {"note": " "}], []),
        ({}, [{"note": "x"}], ["cell-missing"]),
        ({}, [{"kind": "red", "note": "x" * 21}], ["cell-too-long"]),
        ({}, [{"kind": "red", "note": "x", "email": "x@example.gov.uk"}], []),
        ({}, [{"kind": "red", "note": "x", "email": "x@localhost"}], ["cell-not-an-email"]),
        ({}, [{"kind": "red", "note": "x", "email": "@example.gov.uk"}], ["cell-not-an-email"]),
        ({}, [{"kind": "red", "note": "x", "email": "x y@example.gov.uk"}], ["cell-not-an-email"]),
        ({"min_rows": 2}, [{"kind": "red", "note": "x"}, {}], ["too-few-rows"]),
        ({"max_rows": 1}, [{"kind": "red", "note": "x"}] * 2, ["too-many-rows"]),
        ({"rows_with": [{"column": "kind", "value": "blue"}]}, [{"kind": "red", "note": "x"}], ["row-missing"]),
        ({"rows_with": [{"column": "kind", "value": "red"}]}, [{"kind": "red", "note": "x"}], []),
        (
            {"rows_with": [{"column": "kind", "value": "blue", "when": {"question": "one.first", "is": True}}]},
            [{"kind": "red", "note": "x"}],
            [],
        ),
    ],
)
def test_a_table_is_held_against_its_columns_and_limits(limits: Any, rows: Any, expected: list[str]) -> None:
    assert [code for _, code in codes(question("one.a", "repeat", limits=limits), rows)] == expected


def test_a_row_need_can_hang_on_another_answer() -> None:
    need = {"column": "kind", "value": "blue", "when": {"question": "one.first", "is": True}}
    found = parsed(
        question("one.first", "yesno"),
        question("one.a", "repeat", limits={"rows_with": [need]}),
    )
    (finding,) = check(found, {"one.first": True, "one.a": [{"kind": "red", "note": "x"}]}, TODAY)
    assert (finding.code, finding.fields["wanted"], finding.fields["column"]) == ("row-missing", "Blue", "Kind")


def test_a_finding_in_a_table_names_the_row_as_a_person_counts() -> None:
    (finding,) = findings(question("one.a", "repeat"), [{"kind": "red", "note": "x"}, {}, {"kind": "red"}])
    assert (finding.fields["row"], finding.fields["column"]) == (3, "Note")


TWO_DATES = parsed(
    question("one.start", "date"), question("one.end", "date", limits={"after": "one.start", "within_months": 12})
)


@pytest.mark.parametrize(
    ("start", "end", "expected"),
    [
        ("2027-01-31", "2027-02-01", []),
        ("2027-01-31", "2027-01-31", ["date-too-early"]),
        ("2027-01-31", "2028-01-31", []),
        ("2027-01-31", "2028-02-01", ["date-too-late"]),
        ("2028-02-29", "2029-03-01", ["date-too-late"]),
    ],
)
def test_a_date_is_held_against_an_earlier_one(start: str, end: str, expected: list[str]) -> None:
    assert [finding.code for finding in check(TWO_DATES, {"one.start": start, "one.end": end}, TODAY)] == expected


def test_a_date_without_the_earlier_one_counts_from_today() -> None:
    found = check(TWO_DATES, {"one.end": "2028-01-01"}, TODAY)
    assert [finding.code for finding in found] == ["answer-missing", "date-too-late"]


def test_a_stop_is_a_must_with_its_own_sentence() -> None:
    shape = question(
        "one.a", "choice", stops=[{"when": {"question": "one.a", "is": "red"}, "say": {"en": "Stop here."}}]
    )
    (finding,) = findings(shape, "red")
    assert (finding.severity, finding.code, finding.fields["sentence"]) == ("must", "stopped", "Stop here.")
    assert findings(shape, "blue") == ()


def test_a_question_that_waits_says_for_which_one() -> None:
    found = parsed(question("one.a"), question("one.b", prerequisites=["one.a"]))
    first, second = check(found, {}, TODAY)
    assert (first.code, second.code, second.fields["earlier"]) == ("answer-missing", "answer-earlier-first", ("one.a",))
    assert [finding.code for finding in check(found, {"one.a": "x"}, TODAY)] == ["answer-missing"]


def test_findings_come_in_the_order_of_the_form_whatever_their_weight() -> None:
    found = parsed(
        question("one.a", required="advised"), question("one.b"), question("one.c", "choice"), question("one.d")
    )
    result = check(found, {"one.d": "x " * 30, "one.c": "green"}, TODAY)
    assert [(finding.question_id, finding.severity) for finding in result] == [
        ("one.a", "should"),
        ("one.b", "must"),
        ("one.c", "must"),
        ("one.d", "must"),
    ]
    assert {finding.section_id for finding in result} == {"one"}


def test_an_answer_to_a_question_that_does_not_apply_is_not_held_against_anyone() -> None:
    found = parsed(question("one.a", "yesno"), question("one.b", when={"question": "one.a", "is": True}))
    assert check(found, {"one.a": False, "one.b": "x " * 99}, TODAY) == ()


def test_an_answer_to_no_question_is_left_alone() -> None:
    assert check(parsed(question("one.a")), {"one.a": "x", "gone.b": "y"}, TODAY) == ()


def test_red_flags_come_in_the_order_of_the_form_and_only_where_they_apply() -> None:
    flag = [{"when": {"question": "one.a", "is": True}, "say": {"en": "Look here."}}]
    unanswered = [{"when": {"question": "one.b", "answered": False}, "say": {"en": "Nothing here."}}]
    found = parsed(
        question("one.a", "yesno", red_flags=flag),
        question("one.b", when={"question": "one.a", "is": True}, red_flags=unanswered),
    )
    assert red_flags(found, {"one.a": True}) == (Flag("one.a", "Look here."), Flag("one.b", "Nothing here."))
    assert red_flags(found, {"one.a": False}) == ()
