from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from dsadesk.questions.conditions import holds, looks_in
from dsadesk.questions.model import All, Either, Look, Negation

ANSWERS: dict[str, Any] = {
    "one.choice": "red",
    "one.checks": ["red", "blue"],
    "one.yes": True,
    "one.number": 1,
    "one.blank": "  ",
    "one.table": [{"kind": "red", "note": ""}, {"kind": "blue"}, "no row"],
    "one.blank_table": [{"kind": " "}],
    "one.malformed": "red",
}

IS_RED = Look("one.choice", "is", ("red",))
IS_BLUE = Look("one.choice", "is", ("blue",))


@pytest.mark.parametrize(
    ("condition", "expected"),
    [
        (IS_RED, True),
        (IS_BLUE, False),
        (Look("one.choice", "in", ("blue", "red")), True),
        (Look("one.choice", "in", ("blue",)), False),
        (Look("one.checks", "includes", ("blue",)), True),
        (Look("one.checks", "includes", ("green",)), False),
        (Look("one.checks", "is", ("red",)), False),
        (Look("one.malformed", "includes", ("red",)), False),
        (Look("one.yes", "is", (True,)), True),
        (Look("one.yes", "is", (False,)), False),
        (Look("one.number", "is", (True,)), False),
        (Look("one.table", "includes", ("blue",), "kind"), True),
        (Look("one.table", "includes", ("green",), "kind"), False),
        (Look("one.choice", "answered", (True,)), True),
        (Look("one.choice", "answered", (False,)), False),
        (Look("one.blank", "answered", (True,)), False),
        (Look("one.blank_table", "answered", (False,)), True),
        (Look("one.nowhere", "answered", (False,)), True),
        (Look("one.nowhere", "is", ("red",)), False),
        (All((IS_RED, IS_RED)), True),
        (All((IS_RED, IS_BLUE)), False),
        (Either((IS_BLUE, IS_RED)), True),
        (Either((IS_BLUE, IS_BLUE)), False),
        (Negation(IS_BLUE), True),
        (Negation(All((IS_RED, Negation(IS_BLUE)))), False),
    ],
)
def test_a_condition_holds_for_what_was_answered(condition: Any, expected: bool) -> None:
    look_up: Callable[[str], Any] = ANSWERS.get
    assert holds(condition, look_up) is expected


def test_every_test_inside_a_condition_is_found() -> None:
    condition = All((Either((IS_RED, Negation(IS_BLUE))), IS_RED))
    assert list(looks_in(condition)) == [IS_RED, IS_BLUE, IS_RED]
