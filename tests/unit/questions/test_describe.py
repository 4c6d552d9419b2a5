from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from dsadesk.questions.describe import date_in_words, rows, words
from tests.unit.questions.small_sets import parsed, question

KINDS = ("text", "choice", "checks", "yesno", "date", "number", "confirm", "repeat")
SET = parsed(*(question(f"one.{kind}", kind) for kind in KINDS))


@pytest.mark.parametrize(
    ("kind", "value", "english", "welsh"),
    [
        ("text", "As it stands\n", "As it stands\n", "As it stands\n"),
        ("choice", "red", "Red", "Coch"),
        ("choice", "green", "green", "green"),
        ("checks", ["red", "none"], "Red; None", "Coch; None"),
        ("checks", [], "", ""),
        ("yesno", True, "Yes", "Ie"),
        ("confirm", False, "No", "Na"),
        ("date", "2026-03-02", "2 March 2026", "2 Mawrth 2026"),
        ("date", "soon", "soon", "soon"),
        ("number", 21000, "21,000", "21,000"),
        ("number", 0, "0", "0"),
        ("repeat", [{"kind": "red", "day": "2026-12-01"}, {"note": "x"}], "Kind: Red; Day: 1 December 2026\nNote: x", "Kind: Coch; Diwrnod: 1 Rhagfyr 2026\nNote: x"),
    ],
)  # fmt: skip
def test_an_answer_is_said_in_words(kind: str, value: Any, english: str, welsh: str) -> None:
    assert words(SET.index[f"one.{kind}"], value) == english
    assert words(SET.index[f"one.{kind}"], value, "cy") == welsh


def test_rows_are_labelled_in_the_order_of_the_columns_without_the_blanks() -> None:
    value: Any = [{"note": "x ", "kind": "blue", "email": ""}, {}, {"note": " "}]
    assert rows(SET.index["one.repeat"], value) == ({"Kind": "Blue", "Note": "x"},)
    assert list(rows(SET.index["one.repeat"], value)[0]) == ["Kind", "Note"]


def test_a_cell_of_an_unknown_column_is_shown_and_not_dropped() -> None:
    value: Any = [{"gone": "kept", "kind": "red"}, "no row"]
    assert rows(SET.index["one.repeat"], value) == ({"Kind": "Red", "gone": "kept"},)


def test_what_is_no_table_has_no_rows() -> None:
    assert rows(SET.index["one.text"], "x") == ()


def test_a_day_is_written_as_people_write_it() -> None:
    assert date_in_words(dt.date(2027, 5, 31)) == "31 May 2027"
    assert date_in_words(dt.date(2027, 5, 31), "gd") == "31 May 2027"
