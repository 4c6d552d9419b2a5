"""Looking for words in a whole request: in answers as they stand on the page, in tables, and in the questions themselves."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from dsadesk.questions.model import Question, QuestionSet
from dsadesk.questions.visible import View

MOST_FOUND = 500
_AROUND = 30


@dataclass(frozen=True)
class Found:
    """One place where the words stand. In a table, `row` counts from 0; a place in the question or in a chosen option has no length."""

    question: str
    section: str
    label: str
    snippet: str
    start: int = 0
    length: int = 0
    row: int = -1
    column: str = ""


def find(
    questions: QuestionSet, view: View, answers: Mapping[str, Any], words: str, language: str
) -> tuple[Found, ...]:
    """Return where these words stand, in the order of the form, whatever the case of their letters. No words are nowhere."""
    if not words.strip():
        return ()
    pattern = re.compile(r"\s+".join(re.escape(word) for word in words.split()), re.IGNORECASE)
    shown = {question.id for question in view.questions}
    found: list[Found] = []
    for question in questions.questions():
        if question.id in shown or question.id in answers:
            found += _in_question(question, answers.get(question.id), pattern, language)
        if len(found) >= MOST_FOUND:
            break
    return tuple(found[:MOST_FOUND])


def _in_question(question: Question, answer: Any, pattern: re.Pattern[str], language: str) -> Iterator[Found]:
    label = question.label.in_language(language)
    here = (question.id, question.section_id, label)
    if pattern.search(label):
        yield Found(*here, label)
    for chosen in answer if isinstance(answer, list) else [answer]:
        option = question.option(chosen)
        if option is not None and pattern.search(option.label.in_language(language)):
            yield Found(*here, option.label.in_language(language))
    if isinstance(answer, str) and not question.options:
        for match in pattern.finditer(answer):
            yield Found(*here, _around(answer, match), match.start(), len(match.group()))
    if isinstance(answer, list):
        for number, row in enumerate(answer):
            for column, cell in row.items() if isinstance(row, dict) else ():
                for match in pattern.finditer(cell):
                    yield Found(*here, _around(cell, match), match.start(), len(match.group()), number, column)


def _around(text: str, match: re.Match[str]) -> str:
    start, end = max(0, match.start() - _AROUND), min(len(text), match.end() + _AROUND)
    inner = " ".join(text[start:end].split())
    return ("…" if start else "") + inner + ("…" if end < len(text) else "")
