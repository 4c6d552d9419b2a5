"""The condition language of a question set: `all`, `any`, `not`, and tests of one answer. Written in docs/formats/questions.md."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

import msgspec
from msgspec import UNSET, Struct, UnsetType

from dsadesk.errors import InputError
from dsadesk.questions.model import All, Answer, Condition, Either, Look, Negation, Plain, Question
from dsadesk.questions.values import is_answered


class ConditionFile(Struct, frozen=True, forbid_unknown_fields=True):
    """A condition as it stands in the file. Exactly one of its forms may be present."""

    all: list[ConditionFile] | UnsetType = UNSET
    any: list[ConditionFile] | UnsetType = UNSET
    negated: ConditionFile | UnsetType = msgspec.field(default=UNSET, name="not")
    condition: str | UnsetType = UNSET
    question: str | UnsetType = UNSET
    column: str | UnsetType = UNSET
    matches: Plain | UnsetType = msgspec.field(default=UNSET, name="is")
    includes: str | UnsetType = UNSET
    one_of: list[str] | UnsetType = msgspec.field(default=UNSET, name="in")
    answered: bool | UnsetType = UNSET


_FORMS = ("all", "any", "negated", "condition", "question")
_TESTS = ("matches", "includes", "one_of", "answered")


def build(shape: ConditionFile, path: str, named: Mapping[str, Condition]) -> Condition:
    """Return the condition that `shape` describes, with every named condition put in its place.

    Raises:
        InputError: `condition-form` where it is not exactly one form; `condition-unnamed` for an unknown name.
    """
    forms = _present(shape, _FORMS)
    tests = _present(shape, _TESTS)
    if len(forms) != 1 or (forms == ["question"]) != (len(tests) == 1) or len(tests) > 1:
        raise InputError("condition-form", path=path)
    if shape.column is not UNSET and shape.question is UNSET:
        raise InputError("condition-form", path=path)
    if shape.all is not UNSET:
        return All(_parts(shape.all, f"{path}.all", named))
    if shape.any is not UNSET:
        return Either(_parts(shape.any, f"{path}.any", named))
    if shape.negated is not UNSET:
        return Negation(build(shape.negated, f"{path}.not", named))
    if shape.condition is not UNSET:
        if shape.condition not in named:
            raise InputError("condition-unnamed", path=path, name=shape.condition)
        return named[shape.condition]
    return _test(shape)


def looks_in(condition: Condition) -> Iterator[Look]:
    """Yield every look at an answer that the condition contains."""
    match condition:
        case All(parts) | Either(parts):
            for part in parts:
                yield from looks_in(part)
        case Negation(part):
            yield from looks_in(part)
        case Look():
            yield condition


def holds(condition: Condition, answer_to: Callable[[str], Answer | None]) -> bool:
    """Tell whether the condition holds, given what each question was answered (None where it was not)."""
    match condition:
        case All(parts):
            return all(holds(part, answer_to) for part in parts)
        case Either(parts):
            return any(holds(part, answer_to) for part in parts)
        case Negation(part):
            return not holds(part, answer_to)
        case Look():
            return _passes(condition, answer_to(condition.question))


def fault_in(look: Look, index: Mapping[str, Question]) -> str:
    """Return the code of what makes a look meaningless for its question, or nothing."""
    question = index.get(look.question)
    if question is None:
        return "question-unknown"
    if look.operator == "answered":
        return "" if not look.column else "condition-form"
    if question.kind == "repeat":
        column = question.column(look.column)
        if column is None or look.operator != "includes":
            return "column-unknown"
        known: set[Plain] = {option.value for option in column.options}
        return "" if column.kind == "choice" and set(look.values) <= known else "option-unknown"
    if look.column:
        return "column-unknown"
    if question.kind in {"yesno", "confirm"}:
        return "" if look.operator == "is" and isinstance(look.values[0], bool) else "condition-kind"
    wanted = {"choice": {"is", "in"}, "checks": {"includes"}}.get(question.kind, set())
    if look.operator not in wanted:
        return "condition-kind"
    known = {option.value for option in question.options}
    return "" if all(isinstance(value, str) and value in known for value in look.values) else "option-unknown"


def _present(shape: ConditionFile, names: tuple[str, ...]) -> list[str]:
    return [name for name in names if getattr(shape, name) is not UNSET]


def _parts(shapes: list[ConditionFile], path: str, named: Mapping[str, Condition]) -> tuple[Condition, ...]:
    if not shapes:
        raise InputError("condition-form", path=path)
    return tuple(build(shape, f"{path}[{at}]", named) for at, shape in enumerate(shapes))


def _test(shape: ConditionFile) -> Look:
    question = "" if shape.question is UNSET else shape.question
    column = "" if shape.column is UNSET else shape.column
    if shape.matches is not UNSET:
        return Look(question, "is", (shape.matches,), column)
    if shape.includes is not UNSET:
        return Look(question, "includes", (shape.includes,), column)
    if shape.one_of is not UNSET:
        return Look(question, "in", tuple(shape.one_of), column)
    return Look(question, "answered", (shape.answered is True,), column)


def _passes(look: Look, answer: Answer | None) -> bool:
    there = answer is not None and is_answered(answer)
    if look.operator == "answered":
        return there is look.values[0]
    if not there or answer is None:
        return False
    if look.operator != "includes":
        # True == 1 in Python, and a yes is not a one
        return any(type(answer) is type(value) and answer == value for value in look.values)
    if not isinstance(answer, list):
        return False
    if look.column:
        return any(isinstance(row, dict) and row.get(look.column) in look.values for row in answer)
    return any(item in look.values for item in answer if isinstance(item, str))
