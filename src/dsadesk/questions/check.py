"""What is missing or wrong, in the order of where to go. Checking never blocks saving; only sealing asks for no `must`."""

from __future__ import annotations

import calendar
import datetime as dt
from collections.abc import Iterator
from typing import Literal

from msgspec import Struct

from dsadesk.errors import AnswersError, Field
from dsadesk.questions import proofing, readability
from dsadesk.questions.model import Answer, Answers, Column, Question, QuestionSet
from dsadesk.questions.strict_json import parse_json, shown
from dsadesk.questions.values import Misfit, is_answered, misfits, parse_date
from dsadesk.questions.visible import View

MAX_ANSWERS_BYTES = 4 * 1024 * 1024
MAX_ANSWERS_DEPTH = 8
MAX_PROBLEMS = 1000
_MOST_QUOTED_WORDS = 8

Severity = Literal["must", "should"]


class Finding(Struct, frozen=True):
    """One thing to put right: where it is, how much it matters, its code, and what a sentence about it needs."""

    question_id: str
    section_id: str
    severity: Severity
    code: str
    fields: dict[str, Field]


class Flag(Struct, frozen=True):
    """Something in an answer that the supplier should look at."""

    question_id: str
    sentence: str


def check(question_set: QuestionSet, answers: Answers, today: dt.date) -> tuple[Finding, ...]:
    """Return everything that is missing or wrong, in the order of the form. `today` decides what is in the future."""
    view = View(question_set, answers)
    return tuple(finding for question in view.questions for finding in _question(view, question, today))


def red_flags(question_set: QuestionSet, answers: Answers) -> tuple[Flag, ...]:
    """Return what the supplier should look at, in the order of the form."""
    view = View(question_set, answers)
    return tuple(
        Flag(question.id, flag.say.en)
        for question in view.questions
        for flag in question.red_flags
        if view.holds(flag.when)
    )


def check_answers_file(question_set: QuestionSet, data: bytes) -> dict[str, Answer]:
    """Return the answers in a JSON file: an object of question id to value, or one with such an object as `answers`.

    Raises:
        AnswersError: `answers-refused` with every problem, as three lists of equal length: `paths`, `codes` and
            `expected`; or the code of what makes the file no JSON object.
    """
    parsed = parse_json(data, max_bytes=MAX_ANSWERS_BYTES, max_depth=MAX_ANSWERS_DEPTH, error=AnswersError)
    if not isinstance(parsed.value, dict):
        raise AnswersError("answers-not-an-object")
    problems = [Misfit(key, "key-twice", "each name once") for key in parsed.repeated]
    found = parsed.value
    if isinstance(found.get("answers"), dict):
        problems += [
            Misfit(shown(name), "question-unknown", "nothing beside answers") for name in found if name != "answers"
        ]
        found = found["answers"]
    for question_id, value in found.items():
        question = question_set.question(question_id)
        if question is None:
            problems.append(Misfit(shown(question_id), "question-unknown", f"a question of {question_set.id}"))
        else:
            problems += misfits(question, value)
    if problems:
        listed = problems[:MAX_PROBLEMS]
        raise AnswersError(
            "answers-refused",
            count=len(problems),
            paths=tuple(problem.path for problem in listed),
            codes=tuple(problem.code for problem in listed),
            expected=tuple(problem.expected for problem in listed),
        )
    return dict(found)


def _question(view: View, question: Question, today: dt.date) -> Iterator[Finding]:
    answer = view.answer(question.id)
    if answer is None or not is_answered(answer):
        yield from _missing(view, question)
        return
    wrong = misfits(question, answer)
    if wrong:
        yield _finding(question, "must", "answer-malformed", path=wrong[0].path, expected=wrong[0].expected)
        return
    yield from _limits(view, question, answer, today)
    for stop in question.stops:
        if view.holds(stop.when):
            yield _finding(question, "must", "stopped", sentence=stop.say.en)


def _missing(view: View, question: Question) -> Iterator[Finding]:
    if not view.is_wanted(question):
        return
    waiting_for = view.waiting_for(question)
    severity: Severity = "must" if view.is_required(question) else "should"
    if waiting_for:
        yield _finding(question, severity, "answer-earlier-first", earlier=waiting_for)
    else:
        yield _finding(question, severity, "answer-missing", kind=question.kind)


def _limits(view: View, question: Question, answer: Answer, today: dt.date) -> Iterator[Finding]:
    match answer:
        case bool():
            if question.kind == "confirm" and not answer and view.is_required(question):
                yield _finding(question, "must", "confirm-not-given")
        case int():
            yield from _number(question, answer)
        case str():
            day = parse_date(answer)
            if question.kind == "date" and day is not None:
                yield from _date(view, question, day, today)
            else:
                yield from _text(question, answer)
        case list():
            if question.kind == "repeat":
                yield from _table(view, question, [row for row in answer if isinstance(row, dict)])
            else:
                yield from _checks(question, [item for item in answer if isinstance(item, str)])


def _text(question: Question, answer: str) -> Iterator[Finding]:
    limits = question.limits
    words = len(answer.split())
    if limits.max_words is not None and words > limits.max_words:
        yield _finding(question, "must", "too-many-words", words=words, limit=limits.max_words)
    if limits.max_chars is not None and len(answer) > limits.max_chars:
        yield _finding(question, "must", "too-many-characters", characters=len(answer), limit=limits.max_chars)
    if limits.reading_age is not None:
        breaking = proofing.breaking(answer, limits.reading_age)
        if breaking:
            age, hardest = readability.assess(answer).age, _shortened(breaking[0].found)
            yield _finding(
                question,
                "must",
                "hard-to-read",
                age=age,
                limit=limits.reading_age,
                count=len(breaking),
                hardest=hardest,
            )


def _shortened(sentence: str) -> str:
    words = sentence.split()
    return sentence.rstrip(".") if len(words) <= _MOST_QUOTED_WORDS else " ".join(words[:_MOST_QUOTED_WORDS]) + "…"


def _number(question: Question, answer: int) -> Iterator[Finding]:
    limits = question.limits
    if limits.lowest is not None and answer < limits.lowest:
        yield _finding(question, "must", "number-too-small", limit=limits.lowest)
    if limits.highest is not None and answer > limits.highest:
        yield _finding(question, "must", "number-too-large", limit=limits.highest)


def _date(view: View, question: Question, day: dt.date, today: dt.date) -> Iterator[Finding]:
    limits = question.limits
    date = day.isoformat()
    if limits.future and day <= today:
        yield _finding(question, "must", "date-not-in-future", date=date)
    if limits.past and day > today:
        yield _finding(question, "must", "date-not-in-past", date=date)
    start = today
    if limits.after is not None:
        earlier = parse_date(str(view.answer(limits.after)))
        if earlier is not None:
            start = earlier
            if day <= earlier:
                yield _finding(question, "must", "date-too-early", date=date, after=earlier.isoformat())
    if limits.within_months is not None and day > _months_after(start, limits.within_months):
        yield _finding(question, "should", "date-too-late", date=date, months=limits.within_months)


def _checks(question: Question, answer: list[str]) -> Iterator[Finding]:
    for item in answer:
        option = question.option(item)
        if option is not None and option.alone and len(answer) > 1:
            yield _finding(question, "must", "choice-not-alone", choice=option.label.en)


def _table(view: View, question: Question, answer: list[dict[str, str]]) -> Iterator[Finding]:
    limits = question.limits
    rows = [(number, row) for number, row in enumerate(answer, start=1) if is_answered(row)]
    if limits.min_rows is not None and len(rows) < limits.min_rows:
        yield _finding(question, "must", "too-few-rows", rows=len(rows), limit=limits.min_rows)
    if limits.max_rows is not None and len(rows) > limits.max_rows:
        yield _finding(question, "must", "too-many-rows", rows=len(rows), limit=limits.max_rows)
    for need in limits.rows_with:
        is_there = any(row.get(need.column) == need.value for _, row in rows)
        column = question.column(need.column)
        if is_there or column is None or (need.when is not None and not view.holds(need.when)):
            continue
        wanted = next(option.label.en for option in column.options if option.value == need.value)
        yield _finding(question, "must", "row-missing", column=column.label.en, wanted=wanted)
    for number, row in rows:
        for column in question.columns:
            yield from _cell(question, number, column, row.get(column.id, ""))


def _cell(question: Question, row: int, column: Column, cell: str) -> Iterator[Finding]:
    name = column.label.en
    if not cell.strip():
        if column.required:
            yield _finding(question, "must", "cell-missing", row=row, column=name)
    elif len(cell) > column.max_chars:
        yield _finding(question, "must", "cell-too-long", row=row, column=name, limit=column.max_chars)
    elif column.kind == "email" and not _is_email(cell):
        yield _finding(question, "must", "cell-not-an-email", row=row, column=name)


def _is_email(cell: str) -> bool:
    name, _, place = cell.strip().rpartition("@")
    return bool(name) and "." in place.strip(".") and not any(character.isspace() for character in cell.strip())


def _months_after(day: dt.date, months: int) -> dt.date:
    year, month = divmod(day.month - 1 + months, 12)
    year, month = day.year + year, month + 1
    if year > dt.MAXYEAR:
        return dt.date.max
    return dt.date(year, month, min(day.day, calendar.monthrange(year, month)[1]))


def _finding(question: Question, severity: Severity, code: str, **fields: Field) -> Finding:
    return Finding(question.id, question.section_id, severity, code, {"label": question.label.en, **fields})
