"""The fields of a dataset out of what describes it: the header of a CSV file, a Table Schema, a Data Package, or CSV on the Web metadata.

Only names and descriptions are read, never a value: of a CSV file nothing but its first line is looked at.

Sources: Frictionless Table Schema and Data Package (specs.frictionlessdata.io, v1 and v2); W3C "Metadata Vocabulary for Tabular Data" (2015).
"""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping
from typing import Any

from msgspec import Struct

from dsadesk.catalogue.read import read_json, read_text
from dsadesk.errors import CatalogueError, FieldsError

MAX_FIELDS = 500
MAX_SCHEMA_BYTES = 2 * 1024 * 1024
MAX_HEADER_LETTERS = 64 * 1024
MAX_NAME, MAX_MEANING = 120, 400
_DELIMITERS = (",", "\t", ";", "|")
_TYPES = {
    "any": "", "array": "list", "base64Binary": "binary", "boolean": "yes or no", "date": "date", "datetime": "date and time",
    "dateTime": "date and time", "decimal": "number", "double": "number", "duration": "length of time", "float": "number",
    "gYear": "year", "geojson": "shape on a map", "geopoint": "point on a map", "int": "whole number", "integer": "whole number",
    "long": "whole number", "number": "number", "object": "group", "string": "text", "time": "time", "year": "year",
    "yearmonth": "year and month",
}  # fmt: skip


class DescribedField(Struct, frozen=True, kw_only=True):
    """One field as its file describes it; what the file does not say is empty. `table` is the table's name where there are several."""

    name: str
    meaning: str = ""
    format: str = ""
    codes: str = ""
    table: str = ""


def read_fields(data: bytes) -> tuple[DescribedField, ...]:
    """Return the fields that a file describes, in its order, each name of a table once.

    Raises: FieldsError("fields-too-large" | "fields-unreadable" | "fields-none" | "fields-too-many").
    """
    is_json = data.lstrip(b"\xef\xbb\xbf \t\r\n")[:1] in {b"{", b"["}
    if is_json and len(data) > MAX_SCHEMA_BYTES:
        raise FieldsError("fields-too-large", limit=MAX_SCHEMA_BYTES)
    try:
        text = read_text(data if is_json else _first_line(data))
        found = list(_of_metadata(read_json(text))) if is_json else list(_of_header(text))
    except (CatalogueError, csv.Error) as error:
        raise FieldsError("fields-unreadable") from error
    kept = {(field.table, field.name.casefold()): field for field in reversed(found) if field.name}
    fields = tuple(field for field in found if kept.get((field.table, field.name.casefold())) is field)
    if not fields:
        raise FieldsError("fields-none")
    if len(fields) > MAX_FIELDS:
        raise FieldsError("fields-too-many", count=len(fields), limit=MAX_FIELDS)
    return fields


def _first_line(data: bytes) -> bytes:
    """The beginning of a CSV file, in which its header lies, cut where no letter is halved."""
    head = data[: 4 * MAX_HEADER_LETTERS]
    wide = head.startswith((b"\xff\xfe", b"\xfe\xff"))
    ends = [head.find(end) for end in ((b"\n\0", b"\0\n") if wide else (b"\n", b"\r"))]
    # A heading may hold a line end in quotes: such a header is read whole by the CSV reader from all that is here.
    first = min((end for end in ends if end >= 0), default=len(head))
    line = head[: first + (2 if wide else 1)]
    return (
        head if line.count(b'"') % 2 and len(data) == len(head) else line[: len(line) - len(line) % 2] if wide else line
    )


def _of_header(text: str) -> Iterator[DescribedField]:
    if len(text) > 4 * MAX_HEADER_LETTERS:
        raise FieldsError("fields-unreadable")
    delimiter = max(_DELIMITERS, key=text.split("\n", 1)[0].count)
    header = next(csv.reader(text.splitlines(keepends=True), delimiter=delimiter, strict=True), [])
    for cell in header:
        yield DescribedField(name=_line(cell, MAX_NAME))


def _of_metadata(value: Any) -> Iterator[DescribedField]:
    if not isinstance(value, dict):
        return
    tables = _dicts(value.get("tables")) or ([value] if "tableSchema" in value else [])
    if tables:
        for table in tables:
            name = _line(table.get("url") or table.get("@id"), MAX_NAME) if len(tables) > 1 else ""
            yield from _csvw(table.get("tableSchema"), name)
        return
    resources = _dicts(value.get("resources"))
    for resource in resources:
        name = _line(resource.get("title") or resource.get("name"), MAX_NAME) if len(resources) > 1 else ""
        yield from _frictionless(resource.get("schema"), name)
    if not resources:
        yield from _frictionless(value.get("schema", value), "")


def _frictionless(schema: Any, table: str) -> Iterator[DescribedField]:
    for field in _dicts(schema.get("fields") if isinstance(schema, dict) else None):
        constraints = field.get("constraints")
        codes = constraints.get("enum") if isinstance(constraints, dict) else field.get("categories")
        yield DescribedField(
            name=_line(field.get("name"), MAX_NAME),
            meaning=_meaning(field.get("title"), field.get("description")),
            format=_format(field.get("type"), field.get("format")),
            codes=_codes(codes),
            table=table,
        )


def _csvw(schema: Any, table: str) -> Iterator[DescribedField]:
    for column in _dicts(schema.get("columns") if isinstance(schema, dict) else None):
        if column.get("virtual") in {True, "true"}:
            continue
        title = _natural(column.get("titles"))
        datatype = column.get("datatype")
        base = datatype.get("base") if isinstance(datatype, dict) else datatype
        shape = datatype.get("format") if isinstance(datatype, dict) else None
        described = column.get("dc:description") or column.get("dct:description") or column.get("dcterms:description")
        yield DescribedField(
            name=_line(title or column.get("name"), MAX_NAME),
            meaning=_meaning("", _natural(described)),
            format=_format(base, shape),
            table=table,
        )


def _natural(value: Any) -> str:
    """A CSVW natural language property: a text, a list of texts, or texts by language, English first."""
    if isinstance(value, Mapping):
        by_language = {str(name).lower(): each for name, each in value.items()}
        chosen = next((each for name, each in by_language.items() if name.startswith("en")), None)
        return _natural(chosen if chosen is not None else next(iter(by_language.values()), ""))
    if isinstance(value, list):
        return _natural(value[0]) if value else ""
    return value if isinstance(value, str) else ""


def _meaning(title: Any, description: Any) -> str:
    head, rest = _line(title, MAX_MEANING), _line(description, MAX_MEANING)
    return _line(f"{head.rstrip('.')}. {rest}" if head and rest and head != rest else head or rest, MAX_MEANING)


def _format(kind: Any, shape: Any) -> str:
    name = _line(kind, MAX_NAME)
    plain = _TYPES.get(name.removeprefix("xsd:").removeprefix("xs:"), name)
    shown = _line(shape, MAX_NAME)
    return _line(f"{plain} ({shown})" if plain and shown and shown not in {"default", "any"} else plain, MAX_NAME)


def _codes(value: Any) -> str:
    if not isinstance(value, list):
        return ""
    said = [_line(each.get("value") if isinstance(each, dict) else each, 60) for each in value[:30]]
    return _line("; ".join(each for each in said if each) + ("; …" if len(value) > 30 else ""), 300)


def _dicts(value: Any) -> list[dict[str, Any]]:
    return [each for each in value if isinstance(each, dict)] if isinstance(value, list) else []


def _line(value: Any, most: int) -> str:
    text = " ".join(value.split()) if isinstance(value, str) else ""
    return text if len(text) <= most else text[: most - 1] + "…"
