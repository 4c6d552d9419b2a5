"""From bytes to plain values: text, CSV rows and JSON, each refusing what could hurt or mislead. YAML is in `read_yaml`."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator
from typing import Any, NoReturn

from dsadesk.errors import CatalogueError

MAX_JSON_BYTES = 16 * 1024 * 1024
MAX_DEPTH = 16
MAX_VALUES = 1_000_000
MAX_COLUMNS = 200
MAX_CELL = 128 * 1024
MAX_ROWS = 300_000

_BOMS = ((b"\xef\xbb\xbf", "utf-8"), (b"\xff\xfe", "utf-16-le"), (b"\xfe\xff", "utf-16-be"))
_DELIMITERS = (",", "\t", ";")


def read_text(data: bytes) -> str:
    """Decodes by byte order mark, else as UTF-8, else as Windows-1252.

    Raises: CatalogueError("catalogue-empty" | "catalogue-binary" | "encoding-unknown").
    """
    for mark, encoding in _BOMS:
        if data.startswith(mark):
            text = _decode(data[len(mark) :], encoding)
            break
    else:
        try:
            text = data.decode("utf-8")
        except UnicodeDecodeError:
            text = _decode(data, "cp1252")
    if "\0" in text or text.startswith(("%PDF-", "PK\x03\x04")):
        raise CatalogueError("catalogue-binary")
    if not text.strip():
        raise CatalogueError("catalogue-empty")
    return text


def _decode(data: bytes, encoding: str) -> str:
    try:
        return data.decode(encoding)
    except UnicodeDecodeError as error:
        raise CatalogueError("encoding-unknown", offset=error.start) from None


def read_csv(text: str) -> Iterator[tuple[int, list[str]]]:
    """The rows of a CSV file with the number of the line that each begins on. Blank rows are left out.

    Raises: CatalogueError("csv-broken" | "row-ragged" | "too-many-columns" | "too-many-rows").
    """
    width = rows = 0
    line = 1
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=_delimiter(text), strict=True)
    while True:
        try:
            row = next(reader, None)
        except csv.Error:
            raise CatalogueError("csv-broken", line=line) from None
        if row is None:
            return
        if any(len(cell) > MAX_CELL for cell in row):
            raise CatalogueError("csv-broken", line=line)
        if any(cell.strip() for cell in row):
            width = width or len(row)
            if width > MAX_COLUMNS:
                raise CatalogueError("too-many-columns", columns=width, limit=MAX_COLUMNS)
            if len(row) < width or any(cell.strip() for cell in row[width:]):
                raise CatalogueError("row-ragged", line=line, cells=len(row), expected=width)
            rows += 1
            if rows > MAX_ROWS:
                raise CatalogueError("too-many-rows", limit=MAX_ROWS)
            yield line, [cell.strip() for cell in row[:width]]
        line = reader.line_num + 1


def _delimiter(text: str) -> str:
    """The separator that the first line holds most of: catalogue headings hold none of them."""
    first = text.lstrip().split("\n", 1)[0][:10_000]
    return max(_DELIMITERS, key=first.count)


def read_json(text: str) -> Any:
    """Decodes JSON with numbers kept as text.

    Raises: CatalogueError("catalogue-too-large" | "json-broken" | "too-deep" | "key-repeated").
    """
    refuse_large(text, MAX_JSON_BYTES)
    try:
        value = json.loads(
            text, object_pairs_hook=_without_repeats, parse_int=str, parse_float=str, parse_constant=_refuse_constant
        )
    except json.JSONDecodeError as error:
        raise CatalogueError("json-broken", line=error.lineno) from None
    except RecursionError:
        raise CatalogueError("too-deep", limit=MAX_DEPTH) from None
    _refuse_depth(value)
    return value


def _without_repeats(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    record = dict(pairs)
    if len(record) != len(pairs):
        seen: set[str] = set()
        for key, _ in pairs:
            if key in seen:
                raise CatalogueError("key-repeated", key=key[:60])
            seen.add(key)
    return record


def _refuse_constant(text: str) -> NoReturn:
    raise CatalogueError("json-broken", value=text)


def refuse_large(text: str, limit: int) -> None:
    """Refuses more than `limit` characters. Raises: CatalogueError("catalogue-too-large")."""
    if len(text) > limit:
        raise CatalogueError("catalogue-too-large", size=len(text), limit=limit)


def _refuse_depth(value: Any) -> None:
    layer = [value]
    for _ in range(MAX_DEPTH):
        layer = [
            inner
            for outer in layer
            if isinstance(outer, dict | list)
            for inner in (outer.values() if isinstance(outer, dict) else outer)
        ]
        if not layer:
            return
    raise CatalogueError("too-deep", limit=MAX_DEPTH)
