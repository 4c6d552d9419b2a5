"""The English sentence for each finding and for each problem in an answers file, shared by the window and the command line."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import groupby

from dsadesk.errors import AnswersError, Field
from dsadesk.questions.check import Finding
from dsadesk.questions.describe import day_in_words

_MISSING = {
    "text": "“{label}” has no answer yet.",
    "long": "“{label}” has no answer yet.",
    "choice": "“{label}” needs one choice.",
    "checks": "“{label}” needs at least one choice.",
    "yesno": "“{label}” needs a yes or a no.",
    "date": "“{label}” needs a date.",
    "number": "“{label}” needs a number.",
    "confirm": "“{label}” needs to be confirmed.",
    "repeat": "“{label}” needs at least one row.",
    "organisation": "“{label}” needs an organisation.",
}

_SENTENCES = {
    "answer-earlier-first": "“{label}” comes after an earlier question that has no answer yet.",
    "answer-malformed": "The answer to “{label}” cannot be used as it stands. Expected {expected}.",
    "confirm-not-given": "“{label}” needs to be confirmed.",
    "too-many-words": "“{label}” has {words} words. The limit is {limit}.",
    "too-many-characters": "“{label}” has {characters} characters. The limit is {limit}.",
    "hard-to-read": "“{label}” reads at about age {age}. It must be {limit} or less. Look first at “{hardest}”.",
    "number-too-small": "“{label}” must be {limit} or more.",
    "number-too-large": "“{label}” must be {limit} or less.",
    "date-not-in-future": "“{label}” must be in the future. {date} is not.",
    "date-not-in-past": "“{label}” must not be in the future. {date} is.",
    "date-too-early": "“{label}” must be later than {after}. {date} is not.",
    "date-too-late": "“{label}” should be within {months} months. {date} is later than that.",
    "choice-not-alone": "In “{label}”, “{choice}” cannot be chosen together with anything else.",
    "too-few-rows": "“{label}” needs at least {limit} rows. So far it has {rows}.",
    "too-many-rows": "“{label}” has {rows} rows. The limit is {limit}.",
    "row-missing": "“{label}” needs a row where “{column}” is “{wanted}”.",
    "cell-missing": "In “{label}”, row {row} has nothing under “{column}”.",
    "cell-too-long": "In “{label}”, row {row} has too much under “{column}”. The limit is {limit} characters.",
    "cell-not-an-email": "In “{label}”, row {row} has no full email address under “{column}”.",
    "stopped": "{sentence}",
}

_TOGETHER = {"row-missing": "wanted", "cell-missing": "column"}
"""What is said in one sentence of all findings of one code in one table, and the field that tells them apart."""

CODES = frozenset({"answer-missing", *_SENTENCES})
"""Every code that a finding can have."""

_DATES = ("date", "after")

_WHOLE_FILE = {
    "file-too-large": "The answers file is larger than {max_bytes} bytes.",
    "file-too-deep": "The answers file has lists inside lists more than {max_depth} deep.",
    "file-not-text": "The answers file is not UTF-8 text. The first byte that does not fit is number {byte}.",
    "file-not-json": "The answers file is not JSON. The fault is near line {line}, column {column}.",
    "answers-not-an-object": "The answers file has no names with answers. It should look like {{“purpose.aim”: “…”}}.",
}

_PROBLEMS = {
    "key-twice": "{path} stands more than once.",
    "question-unknown": "{path} is not a question in this set.",
    "column-unknown": "{path} is not a column of this table. Expected {expected}.",
    "option-twice": "{path} repeats a choice.",
}


def say(finding: Finding) -> str:
    """Return the sentence for a finding."""
    template = _SENTENCES.get(finding.code, "“{label}” needs a look.")
    if finding.code == "answer-missing":
        template = _MISSING[str(finding.fields["kind"])]
    return template.format(**{name: _in_words(name, value) for name, value in finding.fields.items()})


def say_together(findings: Iterable[Finding]) -> tuple[tuple[Finding, str], ...]:
    """Return a sentence for each finding, and one for all that say the same of one table, beside the first of them."""
    said: list[tuple[Finding, str]] = []
    for (_, code, _), group in groupby(findings, key=lambda each: (each.question_id, each.code, each.severity)):
        same = list(group)
        if len(same) > 1 and code in _TOGETHER:
            said.append((same[0], _of_all(same)))
        else:
            said += [(each, say(each)) for each in same]
    return tuple(said)


def _of_all(same: Sequence[Finding]) -> str:
    first = same[0].fields
    rows = {finding.fields.get("row") for finding in same}
    if len(rows) > 1:
        return (
            f"In “{first['label']}”, {len(rows)} rows still lack something, {len(same)} answers in all. "
            f"The first is “{first['column']}” in row {first['row']}."
        )
    *others, last = (f"“{finding.fields[_TOGETHER[finding.code]]}”" for finding in same)
    names = f"{', '.join(others)} and {last}"
    if same[0].code == "row-missing":
        return f"“{first['label']}” says nothing yet about {names}."
    return f"In “{first['label']}”, row {first['row']} has nothing under {names}."


def say_refusal(error: AnswersError) -> tuple[str, ...]:
    """Return one sentence for each problem in an answers file."""
    if error.code != "answers-refused":
        template = _WHOLE_FILE.get(error.code, "The answers file cannot be used.")
        return (template.format(**error.fields),)
    columns = (_texts(error.fields[name]) for name in ("paths", "codes", "expected"))
    return tuple(
        _PROBLEMS.get(code, "{path} cannot be used. Expected {expected}.").format(path=path, expected=expected)
        for path, code, expected in zip(*columns, strict=True)
    )


def _in_words(name: str, value: Field) -> Field:
    return day_in_words(str(value)) if name in _DATES else value


def _texts(field: Field) -> tuple[str, ...]:
    return field if isinstance(field, tuple) else (str(field),)
