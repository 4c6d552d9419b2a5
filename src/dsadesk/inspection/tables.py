"""Reads a CSV or TSV as it streams by: its encoding, its separator, its heading and its rows, everything as text.

Nothing is ever read twice or kept beyond a batch of rows, and every size has a limit. What is not a table is refused by name.
"""

from __future__ import annotations

import codecs
import csv
import io
import re
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from itertools import chain, islice
from typing import BinaryIO

from dsadesk.errors import SampleError
from dsadesk.inspection.identifiers import (
    is_email,
    is_national_insurance_number,
    is_nhs_number,
    is_phone,
    is_postcode,
    parse_date,
)
from dsadesk.settings import MAX_SAMPLE_BYTES


@dataclass(frozen=True, kw_only=True)
class Limits:
    """What a sample may be at most. Lengths of fields and lines are in characters."""

    bytes: int = MAX_SAMPLE_BYTES
    columns: int = 2_000
    field: int = 1024 * 1024
    line: int = 4 * 1024 * 1024


_CHUNK = 256 * 1024
_HEAD = 64 * 1024
_BATCH_ROWS = 1_024
_STEP_ROWS = 64
_BATCH_CHARACTERS = 4 * 1024 * 1024
_SNIFFED_LINES = 50
_SNIFFED_CHARACTERS = 256 * 1024
_DELIMITERS = (",", "\t", ";", "|")
_SAID = re.compile(r"sep=([,;|\t])\r?(?=\n)", re.IGNORECASE)
_LINE_END = re.compile(r"\r\n|\r|\n")
_MAX_HEADING = 200

_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, ""),
    (codecs.BOM_UTF32_BE, ""),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_MAGIC: tuple[tuple[bytes, str], ...] = (
    (b"%PDF-", "pdf"),
    (b"\x89PNG\r\n\x1a\n", "png"),
    (b"\xff\xd8\xff", "jpeg"),
    (b"GIF8", "gif"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "xls"),
    (b"\x1f\x8b", "gzip"),
    (b"7z\xbc\xaf\x27\x1c", "7z"),
    (b"Rar!\x1a\x07", "rar"),
    (b"PAR1", "parquet"),
    (b"SQLite format 3\x00", "sqlite"),
    (b"age-encryption.org/v1", "age"),
    (b"-----BEGIN ", "pem"),
    (b"{\\rtf", "rtf"),
)
_ZIPPED: tuple[tuple[bytes, str], ...] = (
    (b"xl/", "xlsx"),
    (b"word/", "docx"),
    (b"opendocument.spreadsheet", "ods"),
    (b"opendocument.text", "odt"),
)
_MARKUP = (("<!doctype html", "html"), ("<html", "html"), ("<?xml", "xml"), ('{"', "json"), ("[{", "json"))


def kind_of_file(head: bytes) -> str:
    """What a file is by its first bytes when it is surely no table, else nothing."""
    for magic, kind in _MAGIC:
        if head.startswith(magic):
            return kind
    if head.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return next((kind for sign, kind in _ZIPPED if sign in head), "zip")
    start = "".join(head[:200].decode("ascii", "replace").lower().split())
    return next((kind for sign, kind in _MARKUP if start.startswith(sign.replace(" ", ""))), "")


class Table:
    """A table that is being read, made by `open_table`. `rows`, `encoding` and `warnings` are final once `batches` has ended."""

    def __init__(self, source: BinaryIO, name: str, limits: Limits) -> None:
        self._limits = limits
        self._text = _Text(source, limits)
        self.warnings: list[str] = []
        self.rows = 0
        lines = self._text.lines()
        sniffed = _first_lines(lines)
        self.delimiter = _sniff_delimiter(sniffed, name)
        self._reader = csv.reader(chain(sniffed, lines), delimiter=self.delimiter, strict=True)
        self._line = 1
        first, second = self._next_row(), self._next_row()
        if first is None:
            raise SampleError("sample-empty")
        if second is None:
            raise SampleError("sample-one-line")
        self.header = self._read_header(*first, below=second[1])
        self._waiting = [second[1]]
        self._line = second[0]

    @property
    def encoding(self) -> str:
        """The encoding as Python calls it. A file of ASCII only is UTF-8."""
        return self._text.encoding

    def batches(self) -> Iterator[list[list[str]]]:
        """The rows below the heading in lists of some thousands.

        Raises: SampleError("row-ragged" | "quote-unterminated" | "quote-misplaced" | "field-too-large" | "line-too-long" |
        "sample-too-large" | "sample-binary" | "encoding-unknown").
        """
        more = True
        while more:
            rows = self._waiting
            self._waiting = []
            enough = self._text.characters + _BATCH_CHARACTERS
            while more and len(rows) < _BATCH_ROWS and self._text.characters < enough:
                more = self._read_into(rows)
            batch = self._checked(rows)
            self.rows += len(batch)
            if batch:
                yield batch
        if self._text.mixed:
            self.warnings.append("encoding-mixed")

    def _read_into(self, rows: list[list[str]]) -> bool:
        """Adds some rows and says whether there may be more."""
        before = len(rows)
        try:
            rows.extend(islice(self._reader, _STEP_ROWS))
        except csv.Error as error:
            # What was read before the fault is in the list, so the line of the fault can be told.
            raise self._broken(self._line + sum(map(_lines_of, rows)), str(error)) from None
        return len(rows) > before

    def _checked(self, rows: list[list[str]]) -> list[list[str]]:
        """The rows, which all have a cell for each column; blank lines are left out."""
        width = len(self.header)
        if set(map(len, rows)) - {width}:
            line = self._line
            for row in rows:
                if row and len(row) != width:
                    self._require_only_blanks_more(line, row)
                line += _lines_of(row)
                del row[width:]
            self._line = line
            return [row for row in rows if row]
        self._line = self._reader.line_num + 1
        return rows

    def _next_row(self) -> tuple[int, list[str]] | None:
        """The next row that is not a blank line, with the number of the line that it begins on."""
        while True:
            line = self._reader.line_num + 1
            try:
                row = next(self._reader, None)
            except csv.Error as error:
                raise self._broken(line, str(error)) from None
            if row is None:
                return None
            if row:
                return line, row

    def _broken(self, line: int, message: str) -> SampleError:
        if "unexpected end" in message:
            return SampleError("quote-unterminated", line=line)
        if "field limit" in message:
            # A field over many lines is a quote that was never closed, not a long text.
            return SampleError("quote-unterminated" if self._reader.line_num > line else "field-too-large", line=line)
        return SampleError("quote-misplaced", line=line)

    def _require_only_blanks_more(self, line: int, row: list[str]) -> None:
        width = len(self.header)
        if len(row) < width or any(cell.strip() for cell in row[width:]):
            raise SampleError("row-ragged", line=line, cells=len(row), expected=width)

    def _read_header(self, line: int, cells: list[str], *, below: list[str]) -> tuple[str, ...]:
        cells = [" ".join(cell.split()) for cell in cells]
        while len(cells) > 1 and not cells[-1]:
            cells.pop()
        if len(cells) > self._limits.columns:
            raise SampleError("too-many-columns", columns=len(cells), limit=self._limits.columns)
        is_data = any(_is_data(cell, under) for cell, under in zip(cells, below, strict=False))
        if is_data or not any(cells) or all(_is_number(cell) for cell in cells if cell):
            raise SampleError("header-missing", line=line)
        names: list[str] = []
        for number, cell in enumerate(cells, start=1):
            name = "".join(character for character in cell if character.isprintable())[:_MAX_HEADING]
            if not name:
                self.warnings.append(f"header-blank:{number}")
            elif name in names:
                self.warnings.append(f"header-repeated:{name}")
            names.append(name or f"column {number}")
        return tuple(names)


@contextmanager
def open_table(source: BinaryIO, name: str, limits: Limits | None = None) -> Iterator[Table]:
    """Begins to read a table and reads its heading.

    Raises: SampleError("not-a-table" | "sample-empty" | "sample-one-line" | "header-missing" | "too-many-columns") and what
    `Table.batches` raises.
    """
    limits = limits or Limits()
    # The limit on fields belongs to the csv module as a whole, so it is put back.
    before = csv.field_size_limit(limits.field)
    try:
        yield Table(source, name, limits)
    finally:
        csv.field_size_limit(before)


def _is_data(cell: str, below: str) -> bool:
    """Whether a cell of the first row is a value: then there is no heading, and its cells must not be shown as one.

    Dates may head the columns of a wide table, but not columns of dates.
    """
    if parse_date(cell) is not None:
        return parse_date(below.strip()) is not None
    is_long_number = cell.isdigit() and len(cell) >= 5
    checks = (is_email, is_national_insurance_number, is_nhs_number, is_phone, is_postcode)
    return is_long_number or any(check(cell) for check in checks)


def _lines_of(row: list[str]) -> int:
    """How many lines of the file a row took."""
    return 1 + sum(len(_LINE_END.findall(cell)) for cell in row)


def _is_number(cell: str) -> bool:
    return cell.replace(".", "", 1).replace("-", "", 1).isdigit()


# ---------------------------------------------------------------- bytes to lines


class _Text:
    """Decodes bytes as they come: by byte order mark, else as UTF-8 until that fails, then as Windows-1252.

    Until the first byte outside ASCII the two are the same, so nothing has to be read again. Only a file that changes its
    encoding midway is marked as mixed.
    """

    def __init__(self, source: BinaryIO, limits: Limits) -> None:
        self._source = source
        self._limits = limits
        self._taken = 0
        self._seen_beyond_ascii = False
        self.characters = 0
        self.encoding = "utf-8"
        self.mixed = False

    def lines(self) -> Iterator[str]:
        """Lines with their ends, as the csv module wants them."""
        return chain.from_iterable(self._line_lists())

    def _line_lists(self) -> Iterator[list[str]]:
        rest = ""
        for text in self._decoded():
            self.characters += len(text)
            if "\0" in text:
                raise SampleError("sample-binary")
            lines = list(io.StringIO(rest + text, newline=""))
            # The last line may go on, and a carriage return at its end may be half of a line's end.
            rest = lines.pop() if lines else ""
            if max(map(len, [rest, *lines])) > self._limits.line:
                raise SampleError("line-too-long", limit=self._limits.line)
            yield lines
        if rest:
            yield list(io.StringIO(rest, newline=""))

    def _decoded(self) -> Iterator[str]:
        head = self._read_head()
        if not head.strip() and len(head) < _HEAD:
            raise SampleError("sample-empty")
        kind = kind_of_file(head)
        if kind:
            raise SampleError("not-a-table", kind=kind)
        for mark, encoding in _BOMS:
            if head.startswith(mark):
                if not encoding:
                    raise SampleError("encoding-unknown", offset=0)
                self.encoding = encoding
                break
        decoder = codecs.getincrementaldecoder(self.encoding)("strict")
        chunk = head
        while True:
            try:
                text = decoder.decode(chunk, final=not chunk)
            except UnicodeDecodeError as error:
                if self.encoding != "utf-8":
                    raise SampleError("encoding-unknown", offset=self._taken - len(chunk)) from None
                text, decoder = self._fall_back(error)
            self._seen_beyond_ascii = self._seen_beyond_ascii or not text.isascii()
            yield text
            if not chunk:
                return
            chunk = self._read(_CHUNK)

    def _fall_back(self, error: UnicodeDecodeError) -> tuple[str, codecs.IncrementalDecoder]:
        """What the failed bytes are in Windows-1252: the part before the fault was good UTF-8 and stays so."""
        held: bytes = error.object
        good = held[: error.start].decode("utf-8")
        self.encoding = "cp1252"
        self.mixed = self._seen_beyond_ascii or not good.isascii()
        decoder = codecs.getincrementaldecoder("cp1252")("strict")
        try:
            return good + decoder.decode(held[error.start :]), decoder
        except UnicodeDecodeError as unknown:
            offset = self._taken - len(held) + error.start + unknown.start
            raise SampleError("encoding-unknown", offset=offset) from None

    def _read_head(self) -> bytes:
        """The first bytes, however few a pipe gives at a time."""
        head = b""
        while len(head) < _HEAD and (chunk := self._read(_HEAD)):
            head += chunk
        return head

    def _read(self, size: int) -> bytes:
        chunk = self._source.read(size)
        self._taken += len(chunk)
        if self._taken > self._limits.bytes:
            raise SampleError("sample-too-large", limit=self._limits.bytes)
        return chunk


# ---------------------------------------------------------------- the separator


def _first_lines(lines: Iterator[str]) -> list[str]:
    first: list[str] = []
    characters = 0
    for line in islice(lines, _SNIFFED_LINES):
        first.append(line)
        characters += len(line)
        if characters > _SNIFFED_CHARACTERS:
            break
    return first


def _sniff_delimiter(first: list[str], name: str) -> str:
    """The separator that cuts the first lines into most columns of the same number; for `.tsv` a tab when in doubt.

    A first line `sep=;`, which spreadsheets write and read, says it outright and is taken away.
    """
    said = _SAID.match(first[0]) if first else None
    if said is not None:
        first[0] = first[0][said.end() :]
        return said[1]
    usual = "\t" if name.lower().endswith((".tsv", ".tab")) else ","
    candidates = sorted(_DELIMITERS, key=lambda delimiter: delimiter != usual)
    return max(candidates, key=lambda delimiter: _fit(first, delimiter))


def _fit(first: list[str], delimiter: str) -> tuple[bool, float, int]:
    widths: list[int] = []
    # A fault in these lines is told when they are read; here the rows before it do.
    with suppress(csv.Error):
        widths.extend(len(row) for row in csv.reader(first, delimiter=delimiter) if row)
    if not widths:
        return False, 0.0, 0
    return widths[0] > 1, widths.count(widths[0]) / len(widths), widths[0]
