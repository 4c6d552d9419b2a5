from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dsadesk.catalogue.fields import MAX_FIELDS, read_fields
from dsadesk.errors import FieldsError

TABLE_SCHEMA = {
    "fields": [
        {"name": "uprn", "title": "Property reference", "description": "The number of the home.", "type": "integer"},
        {"name": "band", "type": "string", "constraints": {"enum": ["A", "B", "C"]}},
        {"name": "when", "type": "date", "format": "%Y-%m"},
        {"name": "UPRN"},
        {"title": "no name"},
    ]
}
CSVW = {
    "@context": "http://www.w3.org/ns/csvw",
    "url": "homes.csv",
    "tableSchema": {
        "columns": [
            {"name": "uprn", "titles": {"cy": "Cyfeirnod", "en": "Property reference"}, "datatype": "integer"},
            {"name": "band", "titles": ["Band", "Tax band"], "dc:description": "The band of the home."},
            {"name": "on", "datatype": {"base": "date", "format": "dd/MM/yyyy"}},
            {"name": "made_up", "virtual": True},
        ]
    },
}


def names(data: bytes) -> list[str]:
    return [field.name for field in read_fields(data)]


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (b"uprn,band\n1,A\n", ["uprn", "band"]),
        (b"uprn;band;year\r\n1;A;2\r\n", ["uprn", "band", "year"]),
        (b"uprn\tband", ["uprn", "band"]),
        (b"uprn|band\n", ["uprn", "band"]),
        (b'"Name, first",band\n', ["Name, first", "band"]),
        (b'"Name\nof it",band\n1,2\n', ["Name of it", "band"]),
        ("\ufeffd\u0175r,band\n".encode(), ["dŵr", "band"]),
        ("dŵr,band\nx,y\n".encode("utf-16"), ["dŵr", "band"]),
        ("caf\u00e9,band\n".encode("cp1252"), ["café", "band"]),
        (b"uprn,,UPRN,band\n", ["uprn", "band"]),
        (b"only\n1\n2\n", ["only"]),
    ],
)
def test_a_csv_file_gives_its_headings_and_nothing_else(data: bytes, expected: list[str]) -> None:
    assert names(data) == expected


def test_no_value_of_a_csv_file_is_looked_at() -> None:
    assert names(b"uprn,band\n" + b'"' + b"\xff\x00 broken, broken" * 1000) == ["uprn", "band"]


def test_a_table_schema_gives_names_meanings_types_and_codes() -> None:
    uprn, band, when = read_fields(json.dumps(TABLE_SCHEMA).encode())
    assert (uprn.name, uprn.meaning, uprn.format) == (
        "uprn",
        "Property reference. The number of the home.",
        "whole number",
    )
    assert (band.format, band.codes, band.meaning) == ("text", "A; B; C", "")
    assert when.format == "date (%Y-%m)"


def test_a_data_package_gives_the_fields_of_each_of_its_tables() -> None:
    package = {
        "resources": [
            {"name": "homes", "schema": TABLE_SCHEMA},
            {"name": "bills", "schema": {"fields": [{"name": "uprn"}]}},
        ]
    }
    found = read_fields(json.dumps(package).encode())
    assert [(field.table, field.name) for field in found] == [
        ("homes", "uprn"),
        ("homes", "band"),
        ("homes", "when"),
        ("bills", "uprn"),
    ]


def test_csvw_metadata_gives_english_titles_and_leaves_virtual_columns_out() -> None:
    uprn, band, on = read_fields(json.dumps(CSVW).encode())
    assert (uprn.name, uprn.format) == ("Property reference", "whole number")
    assert (band.name, band.meaning) == ("Band", "The band of the home.")
    assert (on.name, on.format) == ("on", "date (dd/MM/yyyy)")
    several = {
        "tables": [
            {"url": "a.csv", "tableSchema": CSVW["tableSchema"]},
            {"url": "b.csv", "tableSchema": {"columns": [{"name": "x"}]}},
        ]
    }
    assert {field.table for field in read_fields(json.dumps(several).encode())} == {"a.csv", "b.csv"}


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "fields-unreadable"),
        (b"{", "fields-unreadable"),
        (b"%PDF-1.7 abc", "fields-unreadable"),
        (b"[" * 100_000, "fields-unreadable"),
        (b"{}", "fields-none"),
        (b"[1, 2]", "fields-none"),
        (b'{"fields": "no"}', "fields-none"),
        (b'{"tables": [{"tableSchema": 7}, 9]}', "fields-none"),
        (b",,,\n", "fields-none"),
        (b'{"x": "' + b"a" * 2_100_000 + b'"}', "fields-too-large"),
        (",".join(f"c{n}" for n in range(MAX_FIELDS + 1)).encode(), "fields-too-many"),
    ],
)
def test_what_describes_no_fields_is_refused(data: bytes, code: str) -> None:
    with pytest.raises(FieldsError, match=code):
        read_fields(data)


@given(
    st.binary(max_size=200)
    | st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(max_size=9),
        lambda inner: (
            st.lists(inner, max_size=4)
            | st.dictionaries(
                st.sampled_from(
                    [
                        "fields",
                        "schema",
                        "resources",
                        "tables",
                        "tableSchema",
                        "columns",
                        "name",
                        "titles",
                        "datatype",
                        "constraints",
                        "enum",
                    ]
                ),
                inner,
                max_size=5,
            )
        ),
    ).map(lambda value: json.dumps(value).encode())
)
def test_whatever_comes_is_read_or_refused(data: bytes) -> None:
    try:
        found = read_fields(data)
    except FieldsError:
        return
    assert all(field.name and len(field.name) <= 120 and len(field.meaning) <= 400 for field in found)
