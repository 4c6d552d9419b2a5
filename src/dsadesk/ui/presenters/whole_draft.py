"""A whole draft read for plain English: every sentence and word that breaks a rule, each with its place, the public summary's first."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from dsadesk.questions.model import Question
from dsadesk.questions.proofing import Kind, Mark, Proof
from dsadesk.questions.visible import View
from dsadesk.ui.presenters.finding import Found
from dsadesk.ui.presenters.form import Remark, is_line
from dsadesk.ui.presenters.proofing import Wanted, asked_in, is_prose, words_of

_ORDER = (Kind.HARD, Kind.LONG, Kind.AVOID, Kind.ACRONYM, Kind.SPELLING)


@dataclass(frozen=True)
class Passage:
    """One text of the draft, where it stands, and how it has to be read."""

    place: Found
    wanted: Wanted


@dataclass(frozen=True)
class Fault:
    """One thing that could be plainer, in a sentence, and where it is."""

    place: Found
    sentence: str


@dataclass(frozen=True)
class WholeDraft:
    """What was found. `ages` says of each text with a limit whether it keeps to it; `is_spelt` whether the dictionaries answered."""

    faults: tuple[Fault, ...]
    ages: tuple[Remark, ...]
    texts: int
    is_spelt: bool


def passages(view: View, answers: Mapping[str, Any], language: str) -> tuple[Passage, ...]:
    """Return every text of the questions that apply: those that have to keep to a reading age first, then in the order of the form."""
    found = [each for question in view.questions for each in _of(question, answers.get(question.id), language)]
    return tuple(sorted(found, key=lambda each: each.wanted.reading_age is None))


def judge(read: Sequence[Passage], proofs: Sequence[Proof], *, is_spelt: bool) -> WholeDraft:
    """Put what was found in these texts into one list."""
    faults: list[Fault] = []
    ages: list[Remark] = []
    for passage, found in zip(read, proofs, strict=True):
        limit, plain = passage.wanted.reading_age, found.readability
        if limit is not None and plain is not None and plain.words:
            said = f"{passage.place.label}: reading age {plain.age}. It must be {limit} or lower"
            ages.append(Remark(plain.age <= limit, said))
        faults += [Fault(_at(passage.place, mark), words_of(mark)) for mark in _in_order(found.marks)]
    return WholeDraft(tuple(faults), tuple(ages), len(read), is_spelt)


def _of(question: Question, answer: Any, language: str) -> Iterator[Passage]:
    asked, limit = asked_in(question, language), question.limits.reading_age
    place = Found(question.id, question.section_id, question.label.in_language(language), "")
    if isinstance(answer, str) and question.kind in {"text", "long"} and answer.strip():
        yield Passage(place, Wanted(answer, asked, limit, is_line(question)))
    for number, row in enumerate(answer if isinstance(answer, list) else ()):
        for column in question.columns if isinstance(row, dict) else ():
            cell = row.get(column.id, "")
            if isinstance(cell, str) and cell.strip() and is_prose(question, column.id):
                where = replace(place, row=number, column=column.id)
                yield Passage(where, Wanted(cell, asked, None, is_line(question, column.id)))


def _in_order(marks: Sequence[Mark]) -> list[Mark]:
    """Sentences before words, the worst first; a word that stands twice once."""
    first = {(mark.kind, mark.found.casefold()): mark for mark in reversed(marks)}
    return sorted(first.values(), key=lambda mark: (_ORDER.index(mark.kind), -mark.size, mark.start))


def _at(place: Found, mark: Mark) -> Found:
    return replace(place, snippet=mark.found, start=mark.start, length=mark.end - mark.start)
