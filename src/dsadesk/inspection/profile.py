"""Says what a table holds, column by column: kinds, blanks, distinct values and identifiers, and nothing that could name a person.

The table is read once and in bounded memory. Distinct values are counted by their hashes up to a cap that all columns share;
a column that passes it is marked inexact and from then on looked at in every 256th row.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from typing import BinaryIO

from dsadesk.inspection.identifiers import Evidence, parse_date, recognise
from dsadesk.inspection.tables import Limits, open_table
from dsadesk.ports import ColumnProfile, TableProfile

MAX_DISTINCT = 10_000
"""Distinct values that are counted in a column before it is called inexact."""
MAX_DISTINCT_OF_ALL = 200_000

_STRIDE = 256
_MAX_LOOKED = 4_000
_FEW = 20
_MOSTLY = 0.95

_INTEGER = re.compile(r"[+-]?(?:0|[1-9][0-9]{0,17}|[1-9][0-9]{0,2}(?:,[0-9]{3})+)\Z")
_DECIMAL = re.compile(
    r"[+-]?(?:[0-9]+|[1-9][0-9]{0,2}(?:,[0-9]{3})+)?\.[0-9]+(?:[eE][+-]?[0-9]+)?\Z|[+-]?[0-9]+[eE][+-]?[0-9]+\Z"
)
_CODE = re.compile(r"[0-9]+\Z")
_TIME = re.compile(
    r"(?:[01]?[0-9]|2[0-3]):[0-5][0-9](?::[0-5][0-9](?:\.[0-9]+)?)?(?: ?[AaPp][Mm]|Z|[+-][0-9]{2}:?[0-9]{2})?\Z"
)
_TRUTHS = ({"yes", "no"}, {"y", "n"}, {"true", "false"}, {"t", "f"})


def profile_table(source: BinaryIO, name: str, limits: Limits | None = None) -> TableProfile:
    """Reads a CSV or TSV to its end and says what it holds.

    Raises: SampleError with what is wrong and where.
    """
    with open_table(source, name, limits) as table:
        cap = min(MAX_DISTINCT, max(_FEW, MAX_DISTINCT_OF_ALL // len(table.header)))
        columns = [_Column(heading, cap) for heading in table.header]
        for batch in table.batches():
            for column, values in zip(columns, zip(*batch, strict=True), strict=True):
                column.take(values)
    return TableProfile(
        rows=table.rows,
        columns=_together([column.profile(table.rows) for column in columns]),
        delimiter=table.delimiter,
        encoding=table.encoding,
        warnings=tuple(table.warnings),
    )


def kind_of(value: str) -> str:
    """What one value is written as: a number with a leading zero is a code, never a number."""
    if _INTEGER.match(value):
        return "integer"
    if _CODE.match(value):
        return "code"
    if _DECIMAL.match(value):
        return "decimal"
    if value[0].isdigit() and value[-1].isalnum():
        if _is_date(value):
            return "date"
        day, _, time = value.replace("T", " ").partition(" ")
        if time and _TIME.match(time) and _is_date(day):
            return "date-time"
        if _TIME.match(value):
            return "time"
    return "text"


def _is_date(value: str) -> bool:
    return not value.isdigit() and parse_date(value) is not None


class _Column:
    """One column as its values go by."""

    def __init__(self, heading: str, cap: int) -> None:
        self._heading = heading
        self._cap = cap
        self._seen: set[int] = set()
        self._is_exact = True
        self._blanks = 0
        self._kinds: Counter[str] = Counter()
        self._truths: set[str] = set()
        self._evidence = Evidence()

    def take(self, values: Sequence[str]) -> None:
        """Takes in the column's values of one batch of rows."""
        if not self._is_exact:
            self._blanks += values.count("") + sum(map(str.isspace, values))
            for value in values[::_STRIDE]:
                self._look(value.strip())
            return
        fresh = set(values)
        self._blanks += sum(values.count(value) for value in fresh if not value.strip())
        for value in fresh:
            stripped = value.strip()
            digest = hash(stripped)
            if stripped and digest not in self._seen:
                if len(self._seen) == self._cap:
                    self._is_exact = False
                    return
                self._seen.add(digest)
                self._look(stripped)

    def _look(self, value: str) -> None:
        if not value:
            return
        self._kinds[kind_of(value)] += 1
        self._evidence.look(value[:_MAX_LOOKED])
        if len(self._truths) <= 2:
            self._truths.add(value[:8].lower())

    def profile(self, rows: int) -> ColumnProfile:
        """What the column holds."""
        kind, note = self._kind(rows)
        finding = recognise(self._heading, self._evidence)
        if finding is not None and finding.name:
            kind, note = finding.name, ""
        elif finding is not None:
            kind, note = "text", finding.note
        return ColumnProfile(
            name=self._heading,
            looks_like=kind,
            blanks=self._blanks,
            distinct=len(self._seen),
            distinct_is_exact=self._is_exact,
            personal=finding is not None and finding.personal,
            note=note,
        )

    def _kind(self, rows: int) -> tuple[str, str]:
        kinds = self._kinds
        if not kinds:
            return "blank", ""
        if self._truths in _TRUTHS:
            return "yes-or-no", ""
        for wider, narrower in (("code", "integer"), ("decimal", "integer"), ("date-time", "date")):
            if set(kinds) == {wider, narrower}:
                return wider, ""
        (kind, count), looked = kinds.most_common(1)[0], kinds.total()
        if count == looked:
            is_category = kind == "text" and self._is_exact and len(self._seen) <= _FEW and rows >= 5 * len(self._seen)
            return ("category" if is_category else kind), ""
        if count >= _MOSTLY * looked and looked >= _FEW:
            return kind, "mixed"
        return "text", ""


def _together(columns: list[ColumnProfile]) -> tuple[ColumnProfile, ...]:
    """A postcode tells of a place, and of a person when something else in the table does."""
    if not any(column.personal for column in columns):
        return tuple(columns)
    return tuple(replace(column, personal=True) if column.looks_like == "postcode" else column for column in columns)
