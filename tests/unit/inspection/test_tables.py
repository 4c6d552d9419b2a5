from __future__ import annotations

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dsadesk.errors import SampleError
from dsadesk.inspection.tables import Limits, Table, kind_of_file, open_table


class Trickle(io.BytesIO):
    """A source that gives a few bytes at a time, as a pipe may."""

    def __init__(self, data: bytes, step: int) -> None:
        super().__init__(data)
        self._step = step

    def read(self, size: int | None = -1, /) -> bytes:
        return super().read(self._step if size is None or size < 0 else min(size, self._step))


def read(
    data: bytes | str, name: str = "s.csv", limits: Limits | None = None, step: int = 1 << 20
) -> tuple[Table, list[list[str]]]:
    raw = data.encode() if isinstance(data, str) else data
    with open_table(Trickle(raw, step), name, limits) as table:
        return table, [row for batch in table.batches() for row in batch]


def refusal(data: bytes | str, limits: Limits | None = None) -> tuple[str, dict[str, object]]:
    with pytest.raises(SampleError) as caught:
        read(data, limits=limits)
    return caught.value.code, dict(caught.value.fields)


# ---------------------------------------------------------------- what is read


def test_everything_stays_text():
    table, rows = read("id,when\r\n007,2026-03-02\r\n1e5,\r\n")
    assert table.header == ("id", "when")
    assert rows == [["007", "2026-03-02"], ["1e5", ""]]
    assert (table.rows, table.encoding, table.delimiter, table.warnings) == (2, "utf-8", ",", [])


@pytest.mark.parametrize("delimiter", [",", "\t", ";", "|"])
def test_the_separator_is_found(delimiter: str):
    table, rows = read(
        f"a{delimiter}b{delimiter}c\n1,5{delimiter}x{delimiter}2,5\n" if delimiter != "," else "a,b,c\n1;5,x,2|5\n"
    )
    assert table.delimiter == delimiter
    assert len(rows[0]) == 3


def test_quotes_may_hold_separators_line_ends_and_quotes():
    _, rows = read('a,b\n"x, y","one\r\ntwo ""2"""\n')
    assert rows == [["x, y", 'one\r\ntwo "2"']]


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("step", [1, 2, 3, 7, 1000])
def test_every_line_end_is_one_wherever_the_bytes_are_cut(end: str, step: int):
    text = end.join(["a,b", "1,Môn", "", '2,"x' + end + 'y"', "3,z"]) + end
    _, rows = read(text, step=step)
    assert rows == [["1", "Môn"], ["2", f"x{end}y"], ["3", "z"]]


def test_a_last_line_needs_no_end():
    assert read("a,b\n1,2")[1] == [["1", "2"]]


def test_a_separator_that_is_said_outright_is_taken():
    table, rows = read("sep=;\na,b;c\n1,2;3\n")
    assert (table.delimiter, table.header, rows) == (";", ("a,b", "c"), [["1,2", "3"]])


def test_a_name_ending_in_tsv_decides_when_in_doubt():
    assert read("a\nb\n", "s.tsv")[0].delimiter == "\t"
    assert read("a\nb\n", "s.csv")[0].delimiter == ","


def test_one_column_is_a_table_too():
    table, rows = read("number\n1\n2\n\n3\n")
    assert (table.header, len(rows)) == (("number",), 3)


def test_more_blank_cells_than_columns_are_left_out():
    table, rows = read("a,b,,\n1,2,,\n3,4,,\n")
    assert (table.header, rows) == (("a", "b"), [["1", "2"], ["3", "4"]])


@pytest.mark.parametrize(
    ("encoding", "called"),
    [("utf-8", "utf-8"), ("utf-8-sig", "utf-8-sig"), ("cp1252", "cp1252"), ("utf-16", "utf-16"), ("utf-16-le", None)],
)
@pytest.mark.parametrize("step", [1, 5, 1000])
def test_encodings_are_told_apart(encoding: str, called: str | None, step: int):
    data = ("site,note\r\n" + "x,y\r\n" * 20 + "Ynys Môn,£5\r\n").encode(encoding)
    if called is None:
        assert refusal(data)[0] == "sample-binary"
        return
    table, rows = read(data, step=step)
    assert (table.encoding, rows[-1]) == (called, ["Ynys Môn", "£5"])
    assert data.decode(table.encoding).endswith("£5\r\n")


def test_an_ascii_file_is_utf_8():
    assert read("a,b\n1,2\n")[0].encoding == "utf-8"


def test_a_file_that_changes_its_encoding_midway_is_read_and_told():
    table, rows = read(b"a,b\n" + "1,Môn\n".encode() + "2,Môn\n".encode("cp1252"))
    assert rows == [["1", "Môn"], ["2", "Môn"]]
    assert table.warnings == ["encoding-mixed"]


def test_headings_that_are_blank_or_repeated_are_told():
    table, _ = read("id,,name,id\n1,2,3,4\n")
    assert table.header == ("id", "column 2", "name", "id")
    assert table.warnings == ["header-blank:2", "header-repeated:id"]


def test_a_heading_is_cleaned_and_cut():
    table, _ = read('"a\n b\u202e",' + "x" * 300 + "\n1,2\n")
    assert table.header == ("a b", "x" * 200)


def test_dates_may_head_the_columns_of_a_wide_table():
    assert read("area,2025-01-01,2025-02-01\nLeeds,1,2\n")[0].header == ("area", "2025-01-01", "2025-02-01")


@given(
    st.lists(st.lists(st.text(alphabet='ab,"\n\r é', max_size=5), min_size=2, max_size=2), min_size=1, max_size=8),
    st.integers(1, 9),
)
def test_whatever_was_written_as_csv_is_read_back(rows: list[list[str]], step: int):
    text = io.StringIO()
    csv.writer(text, quoting=csv.QUOTE_ALL).writerows([["one", "two"], *rows])
    assert read(text.getvalue(), step=step)[1] == rows


# ---------------------------------------------------------------- what is refused


@pytest.mark.parametrize(
    ("data", "code", "fields"),
    [
        (b"", "sample-empty", {}),
        (b" \r\n\n", "sample-empty", {}),
        (b"\xef\xbb\xbf", "sample-empty", {}),
        (b"a,b\n", "sample-one-line", {}),
        (b"a,b\n\n\n", "sample-one-line", {}),
        (b"a,b\n1,2\n3\n", "row-ragged", {"line": 3, "cells": 1, "expected": 2}),
        (b"a,b\n1,2\n\n\n3,4,5\n", "row-ragged", {"line": 5, "cells": 3, "expected": 2}),
        (b'a,b\n"x\ny",2\n3\n', "row-ragged", {"line": 4, "cells": 1, "expected": 2}),
        (b'a,b\n1,2\n3,"never closed\n4,5\n', "quote-unterminated", {"line": 3}),
        (b'a,"b\n', "quote-unterminated", {"line": 1}),
        (b'a,b\n"x\ny",2\n"p"q,4\n', "quote-misplaced", {"line": 4}),
        (b"a,b\n1,\x00\n", "sample-binary", {}),
        (b"a,b\n1,\x81\n", "encoding-unknown", {"offset": 6}),
        (b"\xff\xfe\x00\x00a", "encoding-unknown", {"offset": 0}),
        (b"\xff\xfea\x00\x00\xd8", "encoding-unknown", {"offset": 6}),
        (b",,\n1,2,3\n", "header-missing", {"line": 1}),
        (b"1,2\n3,4\n", "header-missing", {"line": 1}),
        (b"Smith,943 476 5919\nGill,9990304726\n", "header-missing", {"line": 1}),
        (b"Smith,02/03/1980\nGill,03/04/1981\n", "header-missing", {"line": 1}),
        (b"gwen@example.org,x\nhamza@example.org,y\n", "header-missing", {"line": 1}),
        (b"\n\nSmith,SW1A 1AA\nGill,M1 1AE\n", "header-missing", {"line": 3}),
    ],
)
@pytest.mark.parametrize("step", [1, 1000])
def test_what_is_no_table_is_refused_with_what_and_where(data: bytes, code: str, fields: dict[str, object], step: int):
    with pytest.raises(SampleError) as caught:
        read(data, step=step)
    assert (caught.value.code, caught.value.fields) == (code, fields)


@pytest.mark.parametrize(
    ("rows", "bad", "line"),
    [(200, 199, 201), (1500, 1499, 1501), (3000, 1024, 1026), (3000, 2047, 2049), (3000, 64, 66)],
)
def test_the_line_of_a_fault_is_right_wherever_a_batch_ends(rows: int, bad: int, line: int):
    good = [f"{n},x" for n in range(rows)]
    ragged = ["a,b", *good[:bad], "3", *good[bad + 1 :]]
    assert refusal("\n".join(ragged)) == ("row-ragged", {"line": line, "cells": 1, "expected": 2})
    quoted = ["a,b", *good[:bad], '"x"y,2', *good[bad + 1 :]]
    assert refusal("\n".join(quoted)) == ("quote-misplaced", {"line": line})
    multiline = ["a,b", '"1\r\n2",x', "", *good[: bad - 1], "3", *good[bad + 1 :]]
    assert refusal("\n".join(multiline)) == ("row-ragged", {"line": line + 2, "cells": 1, "expected": 2})


def test_sizes_have_limits():
    limits = Limits(bytes=1000, columns=3, field=50, line=100)
    assert refusal("a,b\n" + "1,2\n" * 300, limits) == ("sample-too-large", {"limit": 1000})
    assert refusal("a,b,c,d\n1,2,3,4\n", limits) == ("too-many-columns", {"columns": 4, "limit": 3})
    assert refusal(f"a,b\n1,{'x' * 51}\n", limits) == ("field-too-large", {"line": 2})
    assert refusal(f"a,b\n1,2\n{'x,' * 51}\n", limits) == ("line-too-long", {"limit": 100})
    assert refusal('a,b\n1,2\n3,"never\n' + "4,5\n" * 30, limits) == ("quote-unterminated", {"line": 3})
    assert len(read("a,b\n" + "1,2\n" * 249, limits=limits)[1]) == 249


def test_the_limit_of_the_csv_module_is_put_back():
    before = csv.field_size_limit()
    read("a,b\n1,2\n", limits=Limits(field=50))
    refusal("a,b\n1\n", Limits(field=50))
    assert csv.field_size_limit() == before


@pytest.mark.parametrize(
    ("head", "kind"),
    [
        (b"%PDF-1.7", "pdf"), (b"\x89PNG\r\n\x1a\n", "png"), (b"\xff\xd8\xff\xe0", "jpeg"), (b"PK\x03\x04..xl/workbook.xml", "xlsx"),
        (b"PK\x03\x04..word/document.xml", "docx"), (b"PK\x03\x04mimetypeapplication/vnd.oasis.opendocument.spreadsheet", "ods"),
        (b"PK\x03\x04readme.txt", "zip"), (b"PK\x05\x06", "zip"), (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "xls"), (b"\x1f\x8b\x08", "gzip"),
        (b"PAR1", "parquet"), (b"SQLite format 3\x00", "sqlite"), (b"<!DOCTYPE html>", "html"), (b"\n <html lang='en'>", "html"),
        (b'<?xml version="1.0"?>', "xml"), (b'{"a": 1}', "json"), (b"[ {", "json"), (b"age-encryption.org/v1\n", "age"),
        (b"-----BEGIN AGE ENCRYPTED FILE-----", "pem"), (b"a,b\n1,2\n", ""), (b"<5,>5\n", ""), (b"[x],y\n", ""), (b"", ""),
    ],
)  # fmt: skip
def test_other_kinds_of_file_are_called_by_their_names(head: bytes, kind: str):
    assert kind_of_file(head) == kind
    if kind:
        assert refusal(head) == ("not-a-table", {"kind": kind})


@given(st.binary(max_size=200), st.integers(1, 50))
def test_any_bytes_are_read_or_refused_and_nothing_else(data: bytes, step: int):
    try:
        table, rows = read(data, step=step)
    except SampleError:
        return
    assert all(len(row) == len(table.header) for row in rows)
    assert table.rows == len(rows) > 0
