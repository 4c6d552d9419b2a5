"""Whether a value is one that a question can take. It says nothing about whether the answer is a good one."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator, Sequence
from typing import Any

from msgspec import Struct

from dsadesk.questions.model import Column, Option, Question
from dsadesk.questions.strict_json import shown

LARGEST_NUMBER = 2**53 - 1
"""The largest whole number that every JSON reader takes exactly (RFC 7493)."""

_DATE = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")


class Misfit(Struct, frozen=True):
    """A value that a question cannot take: where it stands, the code of the fault, and what was expected in words."""

    path: str
    code: str
    expected: str


def misfits(question: Question, value: object) -> tuple[Misfit, ...]:
    """Return everything that makes `value` unusable for the question, in the order in which it stands."""
    match question.kind:
        case "checks":
            return tuple(_checks(question, value))
        case "repeat":
            return tuple(_rows(question, value))
        case "yesno" | "confirm":
            fits = isinstance(value, bool)
            return () if fits else (Misfit(question.id, "yes-no-expected", "true or false"),)
        case "number":
            fits = isinstance(value, int) and not isinstance(value, bool) and abs(value) <= LARGEST_NUMBER
            return () if fits else (Misfit(question.id, "number-expected", "a whole number"),)
        case "date":
            return () if is_date(value) else (Misfit(question.id, "date-expected", "a date written like 2027-03-02"),)
        case "choice":
            return tuple(_choice(question.id, question.options, value))
        case "text" | "long" | "organisation":
            return tuple(_text(question.id, value))


def is_answered(value: object) -> bool:
    """Tell whether a value says anything: not blank, not an empty list, not a table of blank rows."""
    if isinstance(value, str):
        return bool(value.strip())
    if isinstance(value, list):
        return any(is_answered(item) for item in value)
    if isinstance(value, dict):
        return any(is_answered(cell) for cell in value.values())
    return value is not None


def counts(question: Question, value: object) -> bool:
    """Tell whether a value answers the question: it fits, it says something, and a confirmation is given."""
    return is_answered(value) and not misfits(question, value) and (question.kind != "confirm" or value is True)


def is_date(value: object) -> bool:
    """Tell whether a value is a real day written YYYY-MM-DD."""
    return isinstance(value, str) and parse_date(value) is not None


def parse_date(text: str) -> dt.date | None:
    """Return the day that `text` names as YYYY-MM-DD, or None."""
    if _DATE.fullmatch(text) is None:
        return None
    try:
        return dt.date.fromisoformat(text)
    except ValueError:
        return None


def _text(path: str, value: object) -> Iterator[Misfit]:
    if not isinstance(value, str):
        yield Misfit(path, "text-expected", "text")
    elif _CONTROL.search(value):
        yield Misfit(path, "text-expected", "text without control characters")


def _choice(path: str, options: Sequence[Option], value: object) -> Iterator[Misfit]:
    if not any(option.value == value for option in options):
        yield Misfit(path, "option-expected", f"one of: {', '.join(option.value for option in options)}")


def _checks(question: Question, value: object) -> Iterator[Misfit]:
    if not isinstance(value, list):
        yield Misfit(question.id, "list-expected", "a list of choices")
        return
    seen: set[str] = set()
    for at, item in enumerate(value):
        path = f"{question.id}[{at}]"
        yield from _choice(path, question.options, item)
        if isinstance(item, str):
            if item in seen:
                yield Misfit(path, "option-twice", "each choice once")
            seen.add(item)


def _rows(question: Question, value: object) -> Iterator[Misfit]:
    if not isinstance(value, list):
        yield Misfit(question.id, "list-expected", "a list of rows")
        return
    for at, row in enumerate(value):
        path = f"{question.id}[{at}]"
        if not isinstance(row, dict):
            yield Misfit(path, "row-expected", "a row: column names with text")
            continue
        for name, cell in row.items():
            yield from _cell(question, f"{path}.{shown(str(name))}", name, cell)


def _cell(question: Question, path: str, name: Any, cell: object) -> Iterator[Misfit]:
    column: Column | None = question.column(name)
    if column is None:
        known = ", ".join(column.id for column in question.columns)
        yield Misfit(path, "column-unknown", f"one of the columns: {known}")
    elif not isinstance(cell, str) or _CONTROL.search(cell):
        yield from _text(path, cell)
    elif not cell.strip():
        return
    elif column.kind == "choice":
        yield from _choice(path, column.options, cell)
    elif column.kind == "date" and not is_date(cell):
        yield Misfit(path, "date-expected", "a date written like 2027-03-02")
    elif column.kind == "number" and re.fullmatch(r"\d{1,15}", cell, re.ASCII) is None:
        yield Misfit(path, "number-expected", "a whole number")
