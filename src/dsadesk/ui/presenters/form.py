"""The form of a draft as plain data: a question set and answers in, what the page shows out. Nothing is read or saved here."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from dsadesk.questions import readability
from dsadesk.questions.check import Finding, check
from dsadesk.questions.model import Column as AskedColumn
from dsadesk.questions.model import Option as AskedOption
from dsadesk.questions.model import Question, QuestionSet
from dsadesk.questions.sentences import say_together
from dsadesk.questions.values import misfits
from dsadesk.questions.visible import View, progress
from dsadesk.ui.vocabulary import Column, Kind, Option, QuestionSpec, Section, SectionState

SAMPLES, CHECK = "samples", "check"
SUPPLIER_CODE = "A8"
PLAIN_AGE = 14
LONGEST_SENTENCE = 25
_LONG_CHARACTERS = 150
_MOST_AVOID = 4
_KINDS: Mapping[str, Kind] = {
    "text": Kind.SHORT,
    "organisation": Kind.SHORT,
    "email": Kind.SHORT,
    "long": Kind.LONG,
    "choice": Kind.CHOICE,
    "checks": Kind.CHECKS,
    "yesno": Kind.YESNO,
    "date": Kind.DATE,
    "number": Kind.NUMBER,
    "confirm": Kind.CONFIRM,
    "repeat": Kind.REPEAT,
}
_EMPTY: Mapping[Kind, Any] = {Kind.YESNO: None, Kind.NUMBER: None, Kind.CONFIRM: False}
_ROW_WORDS: Mapping[str, str] = {
    "about.people": "person",
    "about.other_orgs": "organisation",
    "about.users": "post",
    "data.items": "data item",
    "protection.roles": "party",
    "protection.countries": "country",
    "benefits.table": "benefit",
    "risks.table": "risk",
    "setting.processors": "company",
    "linking.sets": "dataset",
    "setting.flow": "step",
    "openness.ethics": "principle",
    "assurance.reviews": "review",
}
_STATES: Mapping[str, SectionState] = {
    "done": SectionState.DONE,
    "started": SectionState.PART,
    "not-started": SectionState.TODO,
}


@dataclass(frozen=True)
class Entry:
    """One question as the form shows it: with its answer, what the chosen option adds, and what stops the request."""

    spec: QuestionSpec
    value: Any
    is_supplier: bool = False
    notes: tuple[str, ...] = ()
    stops: tuple[str, ...] = ()


@dataclass(frozen=True)
class Problem:
    """Something to put right, and where."""

    question: str
    section: str
    sentence: str


@dataclass(frozen=True)
class Remark:
    """One line of the plain English check; where it is about a place in the answer, from where to where."""

    is_good: bool
    sentence: str
    start: int = -1
    end: int = -1


@dataclass(frozen=True)
class Guidance:
    """What stands beside the form about the question that has the keyboard."""

    question: str
    why: str
    example: str = ""
    remarks: tuple[Remark, ...] = ()
    flags: tuple[str, ...] = ()


@dataclass(frozen=True)
class Way:
    """How far the form is. `sections` are those that apply, the samples and the last page; `done` and `total` count those with questions."""

    sections: tuple[Section, ...]
    done: int
    total: int
    minutes_left: int
    answered: int = 0
    questions: int = 0


def entries(
    questions: QuestionSet | View,
    answers: Mapping[str, Any],
    section: str,
    language: str,
    suppliers: Sequence[Option] = (),
) -> tuple[Entry, ...]:
    """Return the questions of a section that apply, with their answers. A view that was made of these answers saves making it."""
    view = questions if isinstance(questions, View) else View(questions, answers)
    return tuple(
        _entry(view, question, answers, language, suppliers)
        for question in view.questions
        if question.section_id == section and (question.id in answers or not view.waiting_for(question))
    )


def way(questions: QuestionSet, answers: Mapping[str, Any], language: str, samples: int) -> Way:
    """Return how far each section is, with the two pages that are no questions at the end."""
    seen = progress(questions, answers)
    titles = {section.id: section.title.in_language(language) for section in questions.sections}
    here = [part for part in seen.sections if part.state != "not-needed"]
    sections = [Section(part.id, titles[part.id], _STATES[part.state]) for part in here]
    done = sum(section.state is SectionState.DONE for section in sections)
    sections.append(Section(SAMPLES, "Sample data", SectionState.DONE if samples else SectionState.TODO))
    sections.append(Section(CHECK, "Check and seal", SectionState.TODO))
    return Way(tuple(sections), done, len(here), seen.minutes_left, seen.answered, seen.total)


def problems(questions: QuestionSet, answers: Mapping[str, Any], today: dt.date, *, must: bool) -> tuple[Problem, ...]:
    """Return what must, or what should, be put right, in the order of where to go."""
    wanted = "must" if must else "should"
    return problems_of(each for each in check(questions, answers, today) if each.severity == wanted)


def problems_of(findings: Iterable[Finding]) -> tuple[Problem, ...]:
    """Put findings into sentences: one for all that say the same of one table."""
    # What waits for an earlier answer is not shown yet, and the earlier question is named itself.
    shown = (each for each in findings if each.code != "answer-earlier-first")
    return tuple(Problem(each.question_id, each.section_id, said) for each, said in say_together(shown))


def guidance(
    view: View,
    question: Question,
    answers: Mapping[str, Any],
    language: str,
    said: tuple[Remark, ...] | None = None,
) -> Guidance:
    """Return what to say beside a question. `said` is what was said of the answer already, which saves reading it again."""
    answer = answers.get(question.id)
    if said is None:
        asks_for_prose = _kind(question) is Kind.LONG and isinstance(answer, str)
        said = remarks(str(answer), question.limits.reading_age) if asks_for_prose else ()
    return Guidance(
        question=question.label.in_language(language),
        why=question.why.in_language(language),
        example=question.example.in_language(language) if question.example else "",
        remarks=said,
        flags=tuple(flag.say.in_language(language) for flag in question.red_flags if view.holds(flag.when)),
    )


def remarks(text: str, reading_age: int | None = None) -> tuple[Remark, ...]:
    """Judge how plain a text is; say nothing of an empty one."""
    found = readability.assess(text)
    if not found.words:
        return ()
    aim = reading_age or PLAIN_AGE
    said = [
        Remark(found.age <= aim, f"Reading age {found.age}. Aim for {aim} or lower"),
        Remark(
            found.longest_sentence_words <= LONGEST_SENTENCE,
            f"Longest sentence is {found.longest_sentence_words} word{'' if found.longest_sentence_words == 1 else 's'}"
            + ("" if found.longest_sentence_words <= LONGEST_SENTENCE else ". Try to split it"),
        ),
    ]
    avoid = {each.found.casefold(): each for each in found.avoid}
    if not avoid:
        said.append(Remark(is_good=True, sentence="No words to avoid"))
    said += [
        Remark(is_good=False, sentence=f"For “{each.found}”, try: {each.instead}")
        for each in tuple(avoid.values())[:_MOST_AVOID]
    ]
    return tuple(said)


def empty_value(kind: Kind) -> Any:
    """Return what a widget of this kind shows when there is no answer."""
    if kind in {Kind.CHECKS, Kind.REPEAT}:
        return []
    return _EMPTY.get(kind, "")


def kept_value(kind: str, value: Any) -> Any:
    """Return what is saved for a widget's value: nothing where it says nothing. A box that is not ticked says nothing; a no does."""
    if kind == "confirm":
        return True if value else None
    return None if value in ("", [], None) else value


def _entry(
    view: View, question: Question, answers: Mapping[str, Any], language: str, suppliers: Sequence[Option]
) -> Entry:
    is_supplier = SUPPLIER_CODE in question.codes
    options = tuple(suppliers) if is_supplier else tuple(_option(each, language) for each in question.options)
    kind = Kind.CHOICE if is_supplier else _kind(question)
    spec = QuestionSpec(
        id=question.id,
        kind=kind,
        label=question.label.in_language(language),
        hint=question.hint.in_language(language) if question.hint else "",
        options=options,
        max_words=question.limits.max_words,
        max_chars=question.limits.max_chars,
        columns=tuple(_column(each, language) for each in question.columns),
        required=view.is_wanted(question),
        row_word=_ROW_WORDS.get(question.id, ""),
        set_rows=_set_rows(view, question, language),
    )
    value = answers.get(question.id)
    fits = value is not None and not misfits(question, value)
    chosen = value if isinstance(value, list) else [value]
    notes = [option.note.in_language(language) for option in question.options if option.note and option.value in chosen]
    return Entry(
        spec=spec,
        value=value if fits else empty_value(kind),
        is_supplier=is_supplier,
        notes=tuple(notes),
        stops=tuple(stop.say.in_language(language) for stop in question.stops if view.holds(stop.when)),
    )


def _set_rows(view: View, question: Question, language: str) -> tuple[Option, ...]:
    if not question.has_set_rows:
        return ()
    asked = view.rows_asked(question)
    return tuple(_option(each, language) for each in question.columns[0].options if each.value in asked)


def is_line(question: Question, column: str = "") -> bool:
    """Tell whether an answer, or a cell of one, is typed in a field of one line."""
    asked = question.column(column)
    return _kind(question) is Kind.SHORT if asked is None else asked.kind == "text" and not _is_long(asked)


def _is_long(column: AskedColumn) -> bool:
    return column.kind == "long" or (column.kind == "text" and column.max_chars > 2 * _LONG_CHARACTERS)


def _kind(question: Question) -> Kind:
    limits = question.limits
    if question.kind == "text" and (limits.max_words or (limits.max_chars or 0) >= _LONG_CHARACTERS):
        return Kind.LONG
    return _KINDS[question.kind]


def _option(option: AskedOption, language: str) -> Option:
    return Option(
        option.value, option.label.in_language(language), option.hint.in_language(language) if option.hint else ""
    )


def _column(column: AskedColumn, language: str) -> Column:
    hint = column.hint.in_language(language) if column.hint else ""
    if not column.required:
        hint = f"Optional. {hint}".strip()
    return Column(
        id=column.id,
        label=column.label.in_language(language),
        kind=Kind.LONG if _is_long(column) else _KINDS[column.kind],
        options=tuple(_option(each, language) for each in column.options),
        hint=hint,
        required=column.required,
    )
