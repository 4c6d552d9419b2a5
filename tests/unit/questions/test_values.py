from __future__ import annotations

from typing import Any

import pytest

from dsadesk.questions.values import counts, is_answered, misfits, parse_date
from tests.unit.questions.small_sets import parsed, question

KINDS = ("text", "long", "choice", "checks", "yesno", "date", "number", "confirm", "repeat", "organisation")
SET = parsed(*(question(f"one.{kind}", kind) for kind in KINDS))


def codes(kind: str, value: object) -> list[tuple[str, str]]:
    return [(found.path.removeprefix(f"one.{kind}"), found.code) for found in misfits(SET.index[f"one.{kind}"], value)]


@pytest.mark.parametrize(
    ("kind", "value"),
    [
        ("text", ""),
        ("text", "Ŵyn\n\tand more\r\n"),
        ("organisation", "Environment Agency"),
        ("choice", "red"),
        ("checks", []),
        ("checks", ["blue", "red"]),
        ("yesno", False),
        ("confirm", True),
        ("date", "2028-02-29"),
        ("number", 0),
        ("number", -(2**53) + 1),
        ("repeat", []),
        ("repeat", [{}]),
        ("repeat", [{"kind": "red", "note": "x", "day": "2027-01-31", "count": "007", "email": "not checked here"}]),
        ("repeat", [{"kind": "", "day": " ", "count": ""}]),
    ],
)
def test_a_value_of_the_right_kind_fits(kind: str, value: object) -> None:
    assert codes(kind, value) == []


@pytest.mark.parametrize(
    ("kind", "value", "expected"),
    [
        ("text", None, [("", "text-expected")]),
        ("text", 7, [("", "text-expected")]),
        ("text", "a\x00b", [("", "text-expected")]),
        ("long", "half a character \ud83d", [("", "text-expected")]),
        ("choice", "green", [("", "option-expected")]),
        ("choice", ["red"], [("", "option-expected")]),
        ("choice", "", [("", "option-expected")]),
        ("checks", "red", [("", "list-expected")]),
        ("checks", ["red", "green", "red", 7], [("[1]", "option-expected"), ("[2]", "option-twice"), ("[3]", "option-expected")]),
        ("yesno", "yes", [("", "yes-no-expected")]),
        ("yesno", 1, [("", "yes-no-expected")]),
        ("confirm", None, [("", "yes-no-expected")]),
        ("date", "2027-02-29", [("", "date-expected")]),
        ("date", "20270301", [("", "date-expected")]),
        ("date", "2027-3-1", [("", "date-expected")]),
        ("date", "\u0662\u0660\u0662\u0667-03-01", [("", "date-expected")]),
        ("number", True, [("", "number-expected")]),
        ("number", 1.0, [("", "number-expected")]),
        ("number", "1", [("", "number-expected")]),
        ("number", 2**53, [("", "number-expected")]),
        ("repeat", {}, [("", "list-expected")]),
        ("repeat", [[], {"size": "x"}], [("[0]", "row-expected"), ("[1].size", "column-unknown")]),
        ("repeat", [{"kind": "green", "note": None}], [("[0].kind", "option-expected"), ("[0].note", "text-expected")]),
        ("repeat", [{"day": "tomorrow", "count": "-1"}], [("[0].day", "date-expected"), ("[0].count", "number-expected")]),
        ("repeat", [{"note": "a\x07"}], [("[0].note", "text-expected")]),
    ],
)  # fmt: skip
def test_a_value_of_the_wrong_kind_is_named(kind: str, value: object, expected: list[tuple[str, str]]) -> None:
    assert codes(kind, value) == expected


@pytest.mark.parametrize("blank", [None, "", " \n", [], [""], [{}], [{"note": " "}]])
def test_a_blank_value_answers_nothing(blank: Any) -> None:
    assert not is_answered(blank)


@pytest.mark.parametrize("value", ["x", 0, False, ["red"], [{}, {"note": "x"}]])
def test_anything_else_answers_something(value: Any) -> None:
    assert is_answered(value)


def test_a_confirmation_that_is_not_given_does_not_count() -> None:
    assert not counts(SET.index["one.confirm"], value=False)
    assert counts(SET.index["one.confirm"], value=True)
    assert counts(SET.index["one.yesno"], value=False)
    assert not counts(SET.index["one.choice"], "green")


def test_only_a_real_day_in_full_is_a_date() -> None:
    assert str(parse_date("2026-03-02")) == "2026-03-02"
    assert parse_date("2026-W10-1") is None
    assert parse_date("0000-01-01") is None
