"""The doors through which a question set and a legal pack come in: strict, whole, every reference resolved or refused."""

from __future__ import annotations

import datetime as dt
import graphlib
import re
from collections.abc import Iterator, Mapping
from typing import Literal, TypeVar

import msgspec
from msgspec import Struct

from dsadesk.errors import InputError
from dsadesk.questions.conditions import ConditionFile, build, fault_in, looks_in
from dsadesk.questions.model import (
    CellKind,
    Column,
    Condition,
    Kind,
    LegalEntry,
    LegalPack,
    Limits,
    Option,
    Question,
    QuestionSet,
    Requirement,
    RowNeed,
    Saying,
    Section,
    SignOffNeed,
    Source,
    Text,
)
from dsadesk.questions.strict_json import parse_json, shown

MAX_BYTES = 4 * 1024 * 1024
MAX_DEPTH = 32

_QUESTION_ID = re.compile(r"[a-z][a-z0-9]*(?:\.[a-z][a-z0-9_]*)+", re.ASCII)
_NAME = re.compile(r"[a-z][a-z0-9_]*", re.ASCII)
_VALUE = re.compile(r"[a-z0-9][a-z0-9_]*", re.ASCII)
_LIST_NAME = re.compile(r"[a-z][a-z0-9-]*", re.ASCII)
_CODE = re.compile(r"[A-Z]\d{0,2}", re.ASCII)
_VERSION = re.compile(r"\d+\.\d+\.\d+", re.ASCII)
_WHERE = re.compile(r"^(?P<what>.*?)(?: - at (?:`key` in )?`\$?\.?(?P<path>.*)`)?$", re.DOTALL)
_DEFAULT_CELL_CHARS = 300

T = TypeVar("T")


class _RowNeedFile(Struct, frozen=True, forbid_unknown_fields=True):
    column: str
    value: str
    when: ConditionFile | None = None
    formerly: str = ""


class _LimitsFile(Struct, frozen=True, forbid_unknown_fields=True):
    max_words: int | None = None
    max_chars: int | None = None
    lowest: int | None = None
    highest: int | None = None
    future: bool = False
    past: bool = False
    after: str | None = None
    within_months: int | None = None
    min_rows: int | None = None
    max_rows: int | None = None
    rows_with: list[_RowNeedFile] = []
    reading_age: int | None = None


class _ColumnFile(Struct, frozen=True, forbid_unknown_fields=True):
    id: str
    type: CellKind
    label: Text
    required: bool = False
    hint: Text | None = None
    max_chars: int = _DEFAULT_CELL_CHARS
    options: list[Option] | None = None
    options_from: str | None = None


class _SayingFile(Struct, frozen=True, forbid_unknown_fields=True):
    when: ConditionFile
    say: Text


class _QuestionFile(Struct, frozen=True, forbid_unknown_fields=True):
    id: str
    codes: list[str]
    type: Kind
    label: Text
    why: Text
    required: Requirement | ConditionFile
    hint: Text | None = None
    example: Text | None = None
    options: list[Option] | None = None
    options_from: str | None = None
    columns: list[_ColumnFile] | None = None
    limits: _LimitsFile = _LimitsFile()
    when: ConditionFile | None = None
    prerequisites: list[str] = []
    red_flags: list[_SayingFile] = []
    stops: list[_SayingFile] = []
    sources: list[str] = []
    formerly: list[str] = []
    key: bool = False


class _SectionFile(Struct, frozen=True, forbid_unknown_fields=True):
    id: str
    title: Text
    lead: Text
    questions: list[_QuestionFile]


class _SignOffFile(Struct, frozen=True, forbid_unknown_fields=True):
    area: Literal["legal", "data_protection", "security", "analysis"]
    when: ConditionFile
    why: Text


class _SetFile(Struct, frozen=True, forbid_unknown_fields=True):
    format: Literal["dsadesk-questions/1"]
    id: str
    version: str
    title: Text
    released: dt.date
    seconds: dict[Kind, int]
    sources: list[Source]
    sections: list[_SectionFile]
    conditions: dict[str, ConditionFile] = {}
    sign_offs: list[_SignOffFile] = []


def parse_set(data: bytes, packs: Mapping[str, LegalPack]) -> QuestionSet:
    """Return the question set in `data`, its option lists taken from `packs` (by the name before the colon).

    Raises:
        InputError: with a code and the `path` of the first thing that breaks docs/formats/questions.md.
    """
    shape = _shape(data, _SetFile)
    _must(_LIST_NAME.fullmatch(shape.id) is not None, "id-malformed", "id")
    _must(_VERSION.fullmatch(shape.version) is not None, "version-malformed", "version")
    named = _named(shape.conditions)
    sections = tuple(_sections(shape, packs, named))
    index = {question.id: question for section in sections for question in section.questions}
    _check_references(sections, index)
    _check_moves(index)
    return QuestionSet(
        id=shape.id,
        version=shape.version,
        title=shape.title,
        released=shape.released,
        sections=sections,
        sources=tuple(shape.sources),
        seconds=_seconds(shape, index),
        index=index,
        order=_order(index),
        sign_offs=_sign_offs(shape, index, named),
    )


def parse_pack(data: bytes) -> LegalPack:
    """Return the legal pack in `data`.

    Raises:
        InputError: with a code and the `path` of the first thing that breaks docs/formats/questions.md.
    """
    pack = _shape(data, LegalPack)
    _must(_LIST_NAME.fullmatch(pack.id) is not None, "id-malformed", "id")
    _must(bool(pack.notice.en.strip()), "text-missing", "notice")
    names: set[str] = set()
    for at, found in enumerate(pack.lists):
        path = f"lists[{at}]"
        _must(_LIST_NAME.fullmatch(found.name) is not None, "id-malformed", f"{path}.name")
        _must(found.name not in names, "id-twice", f"{path}.name")
        names.add(found.name)
        _check_options(tuple(_option(entry) for entry in found.entries), f"{path}.entries")
    return pack


def _shape(data: bytes, kind: type[T]) -> T:
    parsed = parse_json(data, max_bytes=MAX_BYTES, max_depth=MAX_DEPTH, error=InputError)
    if parsed.repeated:
        raise InputError("key-twice", path=parsed.repeated[0])
    try:
        return msgspec.convert(parsed.value, kind)
    except msgspec.ValidationError as fault:
        found = _WHERE.match(str(fault))
        path, what = (found["path"] or "", found["what"]) if found else ("", str(fault))
        raise InputError("shape-wrong", path=shown(path), problem=shown(what)) from None


def _must(rule_is_kept: bool, code: str, path: str, **fields: str) -> None:  # noqa: FBT001 - reads as a sentence
    if not rule_is_kept:
        raise InputError(code, path=path, **fields)


def _sign_offs(
    shape: _SetFile, index: Mapping[str, Question], named: Mapping[str, Condition]
) -> tuple[SignOffNeed, ...]:
    needs: list[SignOffNeed] = []
    for at, found in enumerate(shape.sign_offs):
        path = f"sign_offs[{at}]"
        _must(all(need.area != found.area for need in needs), "id-twice", f"{path}.area", id=found.area)
        when = build(found.when, f"{path}.when", named)
        for look in looks_in(when):
            fault = fault_in(look, index)
            _must(not fault, fault, f"{path}.when", id=look.question)
        needs.append(SignOffNeed(found.area, when, found.why))
    return tuple(needs)


def _named(shapes: Mapping[str, ConditionFile]) -> dict[str, Condition]:
    named: dict[str, Condition] = {}
    for name, shape in shapes.items():
        named[name] = build(shape, f"conditions.{shown(name)}", named)  # a name may use only those above it
    return named


def _sections(shape: _SetFile, packs: Mapping[str, LegalPack], named: Mapping[str, Condition]) -> Iterator[Section]:
    known_sources = {source.id for source in shape.sources}
    section_ids: set[str] = set()
    question_ids: set[str] = set()
    _must(bool(shape.sections), "section-empty", "sections")
    for at, section in enumerate(shape.sections):
        path = f"sections[{at}]"
        _must(_NAME.fullmatch(section.id) is not None, "id-malformed", f"{path}.id")
        _must(section.id not in section_ids, "id-twice", f"{path}.id", id=section.id)
        section_ids.add(section.id)
        _must(bool(section.questions), "section-empty", path)
        for number, question in enumerate(section.questions):
            here = f"{path}.questions[{number}]"
            _must(_QUESTION_ID.fullmatch(question.id) is not None, "id-malformed", f"{here}.id")
            _must(question.id not in question_ids, "id-twice", f"{here}.id", id=question.id)
            question_ids.add(question.id)
            for source in question.sources:
                _must(source in known_sources, "source-unknown", f"{here}.sources", id=source)
            for code in question.codes:
                _must(_CODE.fullmatch(code) is not None, "code-malformed", f"{here}.codes")
        questions = tuple(
            _question(question, section.id, f"{path}.questions[{number}]", packs, named)
            for number, question in enumerate(section.questions)
        )
        yield Section(section.id, section.title, section.lead, questions)


def _question(
    shape: _QuestionFile, section_id: str, path: str, packs: Mapping[str, LegalPack], named: Mapping[str, Condition]
) -> Question:
    def condition(found: ConditionFile, where: str) -> Condition:
        return build(found, f"{path}.{where}", named)

    for name, text in (("label", shape.label), ("why", shape.why)):
        _must(bool(text.en.strip()), "text-missing", f"{path}.{name}")
    _must(shape.hint is not None or shape.example is not None, "text-missing", f"{path}.hint")
    question = Question(
        id=shape.id,
        section_id=section_id,
        codes=tuple(shape.codes),
        kind=shape.type,
        label=shape.label,
        why=shape.why,
        required=shape.required if isinstance(shape.required, str) else condition(shape.required, "required"),
        limits=_limits(shape.limits, f"{path}.limits", named),
        hint=shape.hint,
        example=shape.example,
        options=_options(shape.options, shape.options_from, path, packs, wanted=shape.type in {"choice", "checks"}),
        columns=_columns(shape, path, packs),
        when=None if shape.when is None else condition(shape.when, "when"),
        prerequisites=tuple(shape.prerequisites),
        red_flags=_sayings(shape.red_flags, f"{path}.red_flags", named),
        stops=_sayings(shape.stops, f"{path}.stops", named),
        sources=tuple(shape.sources),
        formerly=tuple(shape.formerly),
        key=shape.key,
    )
    _check_limits(question, f"{path}.limits")
    return question


def _sayings(shapes: list[_SayingFile], path: str, named: Mapping[str, Condition]) -> tuple[Saying, ...]:
    return tuple(Saying(build(shape.when, f"{path}[{at}].when", named), shape.say) for at, shape in enumerate(shapes))


def _limits(shape: _LimitsFile, path: str, named: Mapping[str, Condition]) -> Limits:
    needs = tuple(
        RowNeed(
            need.column,
            need.value,
            None if need.when is None else build(need.when, f"{path}.rows_with", named),
            need.formerly,
        )
        for need in shape.rows_with
    )
    plain = {name: getattr(shape, name) for name in shape.__struct_fields__ if name != "rows_with"}
    return Limits(**plain, rows_with=needs)


def _columns(shape: _QuestionFile, path: str, packs: Mapping[str, LegalPack]) -> tuple[Column, ...]:
    wanted = shape.type == "repeat"
    _must(wanted == bool(shape.columns), "columns-misplaced", f"{path}.columns")
    columns: list[Column] = []
    for at, column in enumerate(shape.columns or []):
        here = f"{path}.columns[{at}]"
        _must(_NAME.fullmatch(column.id) is not None, "id-malformed", f"{here}.id")
        _must(all(column.id != other.id for other in columns), "id-twice", f"{here}.id", id=column.id)
        options = _options(column.options, column.options_from, here, packs, wanted=column.type == "choice")
        columns.append(
            Column(column.id, column.label, column.type, column.required, column.max_chars, column.hint, options)
        )
    return tuple(columns)


def _options(
    given: list[Option] | None, taken_from: str | None, path: str, packs: Mapping[str, LegalPack], *, wanted: bool
) -> tuple[Option, ...]:
    _must(wanted == (given is not None or taken_from is not None), "options-misplaced", f"{path}.options")
    _must(given is None or taken_from is None, "options-misplaced", f"{path}.options_from")
    if taken_from is not None:
        pack_name, _, list_name = taken_from.partition(":")
        pack = packs.get(pack_name)
        found = None if pack is None else pack.list_named(list_name)
        if found is None:
            raise InputError("list-unknown", path=f"{path}.options_from", name=shown(taken_from))
        return tuple(_option(entry) for entry in found.entries)
    options = tuple(given or ())
    if wanted:
        _check_options(options, f"{path}.options")
    return options


def _option(entry: LegalEntry) -> Option:
    return Option(entry.value, entry.label, entry.hint, entry.note, entry.alone)


def _check_options(options: tuple[Option, ...], path: str) -> None:
    _must(bool(options), "options-misplaced", path)
    seen: set[str] = set()
    for at, option in enumerate(options):
        _must(_VALUE.fullmatch(option.value) is not None, "id-malformed", f"{path}[{at}].value")
        _must(option.value not in seen, "id-twice", f"{path}[{at}].value", id=option.value)
        seen.add(option.value)


def _check_limits(question: Question, path: str) -> None:
    limits, kind = question.limits, question.kind
    if kind in {"text", "long"}:
        # an answer without end cannot be stored, printed or read
        _must(limits.max_words is not None or limits.max_chars is not None, "limit-missing", path)
    allowed = {
        "text": {"max_words", "max_chars", "reading_age"},
        "long": {"max_words", "max_chars", "reading_age"},
        "number": {"lowest", "highest"},
        "date": {"future", "past", "after", "within_months"},
        "repeat": {"min_rows", "max_rows", "rows_with"},
    }.get(kind, set())
    set_here = {name for name in limits.__struct_fields__ if not _is_unset(getattr(limits, name))}
    _must(set_here <= allowed, "limit-misplaced", path, names=", ".join(sorted(set_here - allowed)))
    _must(not (limits.future and limits.past), "limit-misplaced", path)
    for need in limits.rows_with:
        column = question.column(need.column)
        _must(column is not None, "column-unknown", f"{path}.rows_with", id=need.column)
        known = () if column is None else column.options
        _must(any(option.value == need.value for option in known), "option-unknown", f"{path}.rows_with")


def _is_unset(limit: object) -> bool:
    return limit is None or limit is False or limit == ()


def _check_references(sections: tuple[Section, ...], index: Mapping[str, Question]) -> None:
    before: set[str] = set()
    for at, section in enumerate(sections):
        for number, question in enumerate(section.questions):
            path = f"sections[{at}].questions[{number}]"
            for where, condition in _conditions_of(question):
                for look in looks_in(condition):
                    code = fault_in(look, index)
                    _must(not code, code, f"{path}.{where}", id=look.question)
            for needed in question.prerequisites:
                _must(needed in index, "question-unknown", f"{path}.prerequisites", id=needed)
                _must(needed in before, "prerequisite-later", f"{path}.prerequisites", id=needed)
            earlier = question.limits.after
            if earlier is not None:
                _must(earlier in index, "question-unknown", f"{path}.limits.after", id=earlier)
                _must(index[earlier].kind == "date", "condition-kind", f"{path}.limits.after", id=earlier)
            before.add(question.id)


def _conditions_of(question: Question) -> Iterator[tuple[str, Condition]]:
    if question.when is not None:
        yield "when", question.when
    if not isinstance(question.required, str):
        yield "required", question.required
    for need in question.limits.rows_with:
        if need.when is not None:
            yield "limits.rows_with", need.when
    for flag in question.red_flags:
        yield "red_flags", flag.when
    for stop in question.stops:
        yield "stops", stop.when


def _check_moves(index: Mapping[str, Question]) -> None:
    claimed: set[str] = set()
    for question in index.values():
        for former in question.formerly:
            _must(former not in index and former not in claimed, "id-twice", f"{question.id}.formerly", id=former)
            claimed.add(former)


def _seconds(shape: _SetFile, index: Mapping[str, Question]) -> dict[str, int]:
    for question in index.values():
        _must(question.kind in shape.seconds, "seconds-missing", f"seconds.{question.kind}")
    _must(all(value > 0 for value in shape.seconds.values()), "seconds-missing", "seconds")
    return {str(kind): value for kind, value in shape.seconds.items()}


def _order(index: Mapping[str, Question]) -> tuple[str, ...]:
    graph = {
        question.id: sorted({look.question for look in looks_in(question.when)}) if question.when is not None else []
        for question in index.values()
    }
    try:
        return tuple(graphlib.TopologicalSorter(graph).static_order())
    except graphlib.CycleError as fault:
        circle: list[str] = fault.args[1]
        raise InputError("condition-cycle", path=circle[0], circle=tuple(circle)) from None
