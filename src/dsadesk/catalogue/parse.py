"""Reads a catalogue file: the exchange model's CSV template, YAML or JSON of the model, or JSON in the marketplace's shape.

docs/formats/catalogue.md says what is read and what is refused. A file that cannot be read at all raises; a record that
breaks a rule is left out and told as a problem; anything milder is told and the record kept.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

from dsadesk.catalogue.model import DATASET_TYPES, MARKETPLACE_TYPES, Problem, Record, Shape
from dsadesk.catalogue.read import read_csv, read_json, read_text
from dsadesk.catalogue.validate import check_dataset
from dsadesk.domain.events import Dataset
from dsadesk.errors import CatalogueError
from dsadesk.settings import MAX_CATALOGUE_BYTES

MAX_RECORDS = 250_000
MAX_PROBLEMS = 1_000

_MARKS = frozenset({"", "mandatory", "recommended", "optional", "mandatory if applicable"})
_NEEDED_COLUMNS = ("identifier", "title")
_WORDS = re.compile(r"\s*[,;|\n]\s*")
_REFERENCES = re.compile(r"\s*[|;\n]\s*|,\s+|\s*,(?=[a-z][a-z0-9+.-]*:)|\s+(?=https?:)")
_LINES = re.compile(r"\s*[|\n]\s*")
_LISTS: Mapping[str, re.Pattern[str]] = {
    "alternativeTitle": _LINES,
    "creator": _WORDS,
    "keyword": _WORDS,
    "relatedResource": _REFERENCES,
    "theme": _REFERENCES,
}
_GROUPS = ("contactPoint", "distribution")
_MARKETPLACE_SIGNS = ("license", "supplierIdentifier", "status")
_BIDI_CONTROLS = frozenset("\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\ufeff")


@dataclass(frozen=True, kw_only=True)
class Catalogue:
    """What a file gave: its datasets, all that was wrong, and each dataset's whole record (`sources[n]` is `records[n]`)."""

    records: tuple[Dataset, ...]
    problems: tuple[Problem, ...] = ()
    sources: tuple[Mapping[str, Any], ...] = ()


class _Found(NamedTuple):
    """A record on its way in, with the line that it begins on where the format has lines.

    `disagreements` are the properties that a later row of the same dataset gave otherwise, with that row's line.
    """

    record: Record
    shape: Shape
    line: int = 0
    disagreements: tuple[tuple[str, int], ...] = ()


def parse_catalogue(data: bytes, name: str) -> Catalogue:
    """Reads a catalogue file. Its name helps to tell the format and is not trusted further.

    Raises: CatalogueError with what is wrong with the file as a whole.
    """
    if len(data) > MAX_CATALOGUE_BYTES:
        raise CatalogueError("catalogue-too-large", size=len(data), limit=MAX_CATALOGUE_BYTES)
    text = read_text(data)
    found = {"csv": _from_template, "json": _from_json, "yaml": _from_yaml}[_format_of(name, text)](text)
    problems: list[Problem] = []
    records: list[Dataset] = []
    sources: list[Mapping[str, Any]] = []
    seen: set[str] = set()
    untold = 0
    for number, item in enumerate(found, start=1):
        if number > MAX_RECORDS:
            raise CatalogueError("too-many-records", limit=MAX_RECORDS)
        record, told = _checked(item, str(number), seen)
        room = MAX_PROBLEMS - len(problems)
        problems.extend(_located(told[:room], item, record))
        untold += len(told[room:])
        if any(problem.refuses for problem in told):
            continue
        seen.add(record["identifier"])
        records.append(_dataset(record, item.shape))
        sources.append(record)
    if untold:
        problems.append(Problem("", "more-problems", {"more": untold}, refuses=False))
    return Catalogue(records=tuple(records), problems=tuple(problems), sources=tuple(sources))


def _checked(item: _Found, path: str, seen: set[str]) -> tuple[Record, tuple[Problem, ...]]:
    told: list[Problem] = []
    record: Record = _cleaned(item.record, path, told)
    if item.shape is Shape.MARKETPLACE:
        record["identifier"] = record.get("identifier") or record.get("supplierIdentifier")
        record["publisher"] = record.get("publisher") or record.get("creator")
    told.extend(check_dataset(record, path, item.shape))
    told.extend(
        Problem(f"{path}/{name}", "rows-disagree", {"property": name, "line": line}, refuses=False)
        for name, line in item.disagreements
    )
    if isinstance(identifier := record.get("identifier"), str) and identifier in seen:
        told.append(Problem(f"{path}/identifier", "identifier-repeated"))
    return record, tuple(told)


def _located(problems: Iterable[Problem], item: _Found, record: Record) -> Iterator[Problem]:
    """Adds what helps a person to find the record: its identifier, its title, its line."""
    where: dict[str, str | int] = {
        name: value[:200] for name in ("identifier", "title") if isinstance(value := record.get(name), str)
    }
    if item.line:
        where["line"] = item.line
    for problem in problems:
        yield Problem(problem.path, problem.code, {**where, **problem.fields}, problem.refuses)


def _format_of(name: str, text: str) -> str:
    ending = name.rsplit(".", 1)[-1].lower()
    known = {"csv": "csv", "tsv": "csv", "json": "json", "yaml": "yaml", "yml": "yaml"}.get(ending)
    if known is not None:
        return known
    start = text.lstrip()
    if start[:1] in ("{", "["):
        return "json"
    first_two_lines = start.split("\n", 2)[:2]
    return "csv" if any(line.count(",") > 5 and ":" not in line for line in first_two_lines) else "yaml"


# ---------------------------------------------------------------- YAML and JSON


def _from_json(text: str) -> Iterator[_Found]:
    return (_Found(record, _shape_of(record)) for record in _records_in(read_json(text)))


def _from_yaml(text: str) -> Iterator[_Found]:
    from dsadesk.catalogue.read_yaml import read_yaml

    return (
        _Found(record, _shape_of(record), line)
        for line, document in read_yaml(text)
        if document is not None
        for record in _records_in(document)
    )


def _records_in(value: Any) -> list[Record]:
    """One record, a list of records, or either under the key `datasets`."""
    if isinstance(value, dict) and set(value) == {"datasets"}:
        value = value["datasets"]
    records = value if isinstance(value, list) else [value]
    if len(records) > MAX_RECORDS:
        raise CatalogueError("too-many-records", limit=MAX_RECORDS)
    for record in records:
        if not isinstance(record, dict):
            raise CatalogueError("not-a-record", value=str(record)[:60])
    return records


def _shape_of(record: Record) -> Shape:
    """The marketplace writes contacts and types as lists, and some names in its own way."""
    types = record.get("type")
    by_type = types in MARKETPLACE_TYPES or (
        isinstance(types, list) and any(kind in MARKETPLACE_TYPES for kind in types)
    )
    if by_type or isinstance(record.get("contactPoint"), list) or any(name in record for name in _MARKETPLACE_SIGNS):
        return Shape.MARKETPLACE
    return Shape.EXCHANGE


# ---------------------------------------------------------------- the CSV template


def _from_template(text: str) -> Iterator[_Found]:
    """One row a distribution: rows with the same identifier are one dataset, said by the first of them."""
    rows = read_csv(text)
    columns = _columns(rows)
    merged: dict[str, _Found] = {}
    for line, row in rows:
        record = _record_of_row(columns, row)
        identifier = record.get("identifier") or f"\0{line}"
        first = merged.setdefault(identifier, _Found(record, Shape.TEMPLATE, line))
        if first.record is not record:
            merged[identifier] = _joined(first, record, line)
    return iter(merged.values())


def _joined(first: _Found, later: Record, line: int) -> _Found:
    first.record.setdefault("distribution", []).extend(later.pop("distribution", []))
    known = {name for name, _ in first.disagreements}
    other = tuple((n, line) for n, value in later.items() if n not in known and first.record.get(n) != value)
    return first._replace(disagreements=first.disagreements + other)


def _columns(rows: Iterator[tuple[int, list[str]]]) -> tuple[str, ...]:
    """The heading row, which may follow a row that marks each column as mandatory or not."""
    line, heading = next(rows, (1, []))
    if all(cell.lower() in _MARKS for cell in heading):
        line, heading = next(rows, (line, []))
    missing = tuple(name for name in _NEEDED_COLUMNS if name not in heading)
    if missing:
        raise CatalogueError("columns-missing", columns=missing, line=line)
    repeated = tuple(name[:60] for n, name in enumerate(heading) if name and name in heading[:n])
    if repeated:
        raise CatalogueError("column-repeated", columns=repeated, line=line)
    return tuple(heading)


def _record_of_row(columns: tuple[str, ...], row: list[str]) -> Record:
    record: Record = {"type": DATASET_TYPES[0]}
    groups: dict[str, Record] = {group: {} for group in _GROUPS}
    for column, cell in zip(columns, row, strict=True):
        group, _, name = column.partition("_")
        if not column or not cell:
            continue
        if group in groups and name:
            groups[group][name] = cell
        elif column in _LISTS:
            record[column] = [part for part in _LISTS[column].split(cell) if part]
        else:
            record[column] = cell
    if groups["contactPoint"]:
        record["contactPoint"] = groups["contactPoint"]
    if groups["distribution"]:
        record["distribution"] = [groups["distribution"]]
    return record


# ---------------------------------------------------------------- from a record to a dataset


def _cleaned(value: Any, path: str, told: list[Problem]) -> Any:
    """The value with invisible and direction-changing characters taken out of every text, which is told."""
    if isinstance(value, dict):
        shown = {key if key.isprintable() else ascii(key): inner for key, inner in value.items()}
        return {key: _cleaned(inner, f"{path}/{key[:60]}", told) for key, inner in shown.items()}
    if isinstance(value, list):
        return [_cleaned(inner, f"{path}/{number}", told) for number, inner in enumerate(value, start=1)]
    if not isinstance(value, str):
        return value
    text = value.replace("\r\n", "\n").replace("\r", "\n")
    if not text.isprintable():
        kept = "".join(character for character in text if character in "\n\t" or not _is_hidden(character))
        if kept != text:
            told.append(Problem(path, "text-cleaned", refuses=False))
            text = kept
    return text.strip()


def _is_hidden(character: str) -> bool:
    return character in _BIDI_CONTROLS or unicodedata.category(character) in ("Cc", "Cs")


def _dataset(record: Record, shape: Shape) -> Dataset:
    contact_name, contact_email = _contact(record.get("contactPoint"))
    licence = _licence(record.get("license")) if shape is Shape.MARKETPLACE else record.get("licence")
    return Dataset(
        identifier=record["identifier"],
        title=record["title"],
        publisher=record["publisher"],
        description=record["description"],
        licence=licence or "",
        access_rights=record.get("accessRights") or "",
        security_classification=record.get("securityClassification") or "",
        update_frequency=record.get("updateFrequency") or "",
        modified=record.get("modified") or "",
        contact_name=contact_name,
        contact_email=contact_email,
    )


def _contact(contact: Any) -> tuple[str, str]:
    """The contact's name and address; of several, whoever is there to be contacted, else the owner."""
    if isinstance(contact, dict) and "contactName" in contact:
        return contact["contactName"], contact["email"]
    contacts = contact if isinstance(contact, list) else [contact]
    by_role = {item["role"]: item for item in reversed(contacts)}
    chosen = by_role.get("contact") or by_role.get("owner") or contacts[0]
    return chosen["name"], chosen["email"]


def _licence(licence: Record | None) -> str:
    return licence["licenseURL"] if licence else ""
