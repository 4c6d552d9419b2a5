from __future__ import annotations

import io
import runpy
import tracemalloc
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from dsadesk.errors import SampleError
from dsadesk.inspection.profile import MAX_DISTINCT, kind_of, profile_table
from dsadesk.inspection.tables import Limits
from dsadesk.ports import ColumnProfile, TableProfile

SAMPLES = Path(__file__).parents[2] / "data" / "samples"


def profile(text: str) -> TableProfile:
    return profile_table(io.BytesIO(text.encode()), "s.csv")


def only(values: list[str], heading: str = "x") -> ColumnProfile:
    return profile("\n".join([f"{heading},n", *(f'"{value}",{n}' for n, value in enumerate(values))])).columns[0]


def sample(name: str) -> TableProfile:
    return profile_table(io.BytesIO((SAMPLES / name).read_bytes()), name)


class Endless(io.RawIOBase):
    """Rows made while they are read, so that the test holds none of them."""

    def __init__(self, heading: str, row: Callable[[int], str], rows: int) -> None:
        super().__init__()
        self._lines: Iterator[bytes] = (f"{row(n)}\n".encode() for n in range(rows))
        self._held = bytearray(f"{heading}\n".encode())

    def read(self, size: int = -1, /) -> bytes:
        while len(self._held) < size and (line := next(self._lines, b"")):
            self._held += line
        taken = bytes(self._held[:size])
        del self._held[:size]
        return taken


# ---------------------------------------------------------------- the committed samples


def test_the_committed_samples_are_what_their_script_makes():
    made = runpy.run_path(str(SAMPLES / "make.py"))["files"]()
    assert {path.name for path in SAMPLES.glob("*.[ct]sv")} == set(made)
    assert [name for name, data in made.items() if (SAMPLES / name).read_bytes() != data] == []


def test_bathing_water_samples_are_about_no_one():
    found = sample("bathing-water-samples.csv")
    assert (found.rows, found.delimiter, found.encoding, found.warnings) == (400, ",", "utf-8", ())
    assert [(column.name, column.looks_like) for column in found.columns] == [
        ("site_id", "code"), ("site_name", "category"), ("sampled_on", "date"), ("ecoli_cfu", "integer"),
        ("enterococci_cfu", "integer"), ("rain_last_day_mm", "decimal"), ("classification", "category"), ("remark", "category"),
    ]  # fmt: skip
    assert not any(column.personal for column in found.columns)
    assert (found.columns[0].distinct, found.columns[0].distinct_is_exact, found.columns[-1].blanks) == (20, True, 394)


@pytest.mark.parametrize(
    ("name", "encoding"),
    [("bathing-water-samples-cp1252.csv", "cp1252"), ("bathing-water-samples-utf16.tsv", "utf-16")],
)
def test_the_same_table_is_read_in_other_encodings(name: str, encoding: str):
    found = sample(name)
    assert (found.rows, found.encoding, len(found.columns)) == (30, encoding, 8)


def test_planted_identifiers_are_all_found():
    found = sample("planted-identifiers.csv")
    assert {column.name: column.looks_like for column in found.columns if column.personal} == {
        "NHSNumber": "nhs-number", "ni_no": "national-insurance-number", "upn": "upn", "UTR": "utr", "UPRN": "uprn",
        "postcode": "postcode", "Telephone": "phone", "e-mail": "email", "first_name": "name", "surname": "name",
        "date of birth": "date-of-birth", "notes": "text",
    }  # fmt: skip
    assert {column.name: column.note for column in found.columns if column.note} == {"notes": "some:phone"}


@pytest.mark.parametrize(
    ("name", "code", "fields"),
    [
        ("broken-renamed-pdf.csv", "not-a-table", {"kind": "pdf"}),
        ("broken-renamed-png.csv", "not-a-table", {"kind": "png"}),
        ("broken-renamed-xlsx.csv", "not-a-table", {"kind": "xlsx"}),
        ("broken-renamed-zip.csv", "not-a-table", {"kind": "zip"}),
        ("broken-nuls.csv", "sample-binary", {}),
        ("broken-empty.csv", "sample-empty", {}),
        ("broken-one-line.csv", "sample-one-line", {}),
        ("broken-no-heading.csv", "header-missing", {"line": 1}),
        ("broken-ragged.csv", "row-ragged", {"line": 18, "cells": 3, "expected": 8}),
        ("broken-unterminated-quote.csv", "quote-unterminated", {"line": 10}),
    ],
)
def test_each_broken_sample_is_refused_for_its_own_reason(name: str, code: str, fields: dict[str, object]):
    with pytest.raises(SampleError) as caught:
        sample(name)
    assert (caught.value.code, caught.value.fields) == (code, fields)


# ---------------------------------------------------------------- kinds


@pytest.mark.parametrize(
    ("value", "kind"),
    [
        ("0", "integer"), ("-12", "integer"), ("1,234", "integer"), ("007", "code"), ("0" * 20, "code"), ("1" * 19, "code"),
        ("1.5", "decimal"), ("-0.5", "decimal"), (".5", "decimal"), ("1e5", "decimal"), ("1,234.5", "decimal"),
        ("2026-03-02", "date"), ("02/03/2026", "date"), ("2 Mar 2026", "date"), ("20260302", "integer"),
        ("2026-03-02 10:00", "date-time"), ("2026-03-02T10:00:00Z", "date-time"), ("10:30", "time"), ("1.2.3.4", "text"),
        ("12 apples", "text"), ("£5", "text"), ("x", "text"), ("2026-99-99", "text"), ("25:00", "text"),
    ],
)  # fmt: skip
def test_a_value_has_the_kind_that_it_is_written_as(value: str, kind: str):
    assert kind_of(value) == kind


@pytest.mark.parametrize(
    ("values", "kind", "note"),
    [
        (["1", "2", "3"], "integer", ""),
        (["1", "2.5"], "decimal", ""),
        (["1", "02"], "code", ""),
        (["2026-03-02", "2026-03-02 10:00"], "date-time", ""),
        (["Yes", "no", "NO"], "yes-or-no", ""),
        (["", " "], "blank", ""),
        (["a", "b"], "text", ""),
        (["a", "b"] * 5, "category", ""),
        ([*map(str, range(40)), "n/a"], "integer", "mixed"),
        ([*map(str, range(40)), "n/a", "x", "y"], "text", ""),
        (["1", "a"], "text", ""),
    ],
)
def test_a_column_has_the_kind_of_its_values(values: list[str], kind: str, note: str):
    found = only(values)
    assert (found.looks_like, found.note) == (kind, note)


def test_blanks_and_distinct_values_are_counted():
    found = only(["a", " a ", "", "  ", "b"])
    assert (found.blanks, found.distinct, found.distinct_is_exact) == (2, 2, True)


def test_a_postcode_is_personal_beside_something_that_is():
    codes = "\n".join(f"{area},{n}" for n, area in enumerate(["SW1A 1AA", "M1 1AE", "B33 8TH", "CR2 6XH", "DN55 1PT"]))
    assert not profile(f"postcode,n\n{codes}").columns[0].personal
    people = "\n".join(f"{line},Gill" for line in codes.split("\n"))
    assert [column.personal for column in profile(f"postcode,n,surname\n{people}").columns] == [True, False, True]


def test_a_profile_quotes_no_value():
    secret = "Zebedee-Quillfeather"
    found = profile(f"surname,note\n{secret},rang {secret}\n{secret}2,x\n")
    assert secret not in repr(found)


# ---------------------------------------------------------------- large tables


def test_beyond_the_cap_distinct_values_are_marked_inexact_and_identifiers_are_still_found():
    rows = 30_000
    source = Endless("id,grade,blank", lambda n: f"person{n}@example.org,{n % 3},{'' if n % 2 else ' '}", rows)
    found = profile_table(source, "s.csv")  # type: ignore[arg-type]
    first, second, third = found.columns
    assert found.rows == rows
    assert (first.distinct, first.distinct_is_exact, first.looks_like, first.personal) == (
        MAX_DISTINCT,
        False,
        "email",
        True,
    )
    assert (second.distinct, second.distinct_is_exact) == (3, True)
    assert (third.looks_like, third.blanks) == ("blank", rows)


def test_blanks_are_counted_beyond_the_cap_too():
    rows = MAX_DISTINCT * 2
    source = Endless("id,n", lambda n: f"{'' if n % 4 == 0 else n},x", rows)
    assert profile_table(source, "s.csv").columns[0].blanks == rows // 4  # type: ignore[arg-type]


def test_what_first_comes_late_in_a_large_column_is_still_seen():
    rows = 60_000
    source = Endless("ref,n", lambda n: f"{n},x" if n < 20_000 else f"ask person{n}@example.org,x", rows)
    found = profile_table(source, "s.csv").columns[0]  # type: ignore[arg-type]
    assert (found.personal, found.note) == (True, "some:email")


def test_a_table_of_sixty_megabytes_is_read_in_a_third_of_that():
    source = Endless("a,b", lambda n: f"{n},{n}{'x' * 20_000}", 3_000)
    tracemalloc.start()
    try:
        assert profile_table(source, "s.csv").rows == 3_000  # type: ignore[arg-type]
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert peak < 20_000_000


def test_many_columns_share_the_memory_for_distinct_values():
    width = 400
    source = Endless(
        ",".join(f"c{n}" for n in range(width)), lambda n: ",".join(f"{n}-{c}" for c in range(width)), 2_100
    )
    found = profile_table(source, "s.csv", Limits(columns=width))  # type: ignore[arg-type]
    assert {(column.distinct, column.distinct_is_exact) for column in found.columns} == {(500, False)}
