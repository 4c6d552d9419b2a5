"""How a request stood before: moments of the draft's local history and what was sealed, and what differs between two of them."""

from __future__ import annotations

import difflib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any

from dsadesk.domain.events import RequestSubmitted
from dsadesk.domain.ids import RequestId
from dsadesk.ports import Revision
from dsadesk.questions.describe import words
from dsadesk.questions.model import QuestionSet
from dsadesk.services.reading import state_of
from dsadesk.services.session import Session

PAUSE = timedelta(minutes=10)
AT_ONCE = 3  # so many questions answered within a moment were copied or brought back: nobody writes that fast
_MOMENT = timedelta(seconds=1)
_TOKEN = re.compile(r"\w+|\s+|[^\w\s]")


@dataclass(frozen=True)
class Version:
    """The answers as they stood. `sealed` counts from 1 for what was sealed, and is 0 for a moment of the draft."""

    id: str
    at: datetime
    answers: Mapping[str, Any]
    sealed: int = 0


@dataclass(frozen=True)
class Part:
    """A piece of an answer in words: the same in both versions, or only in this one."""

    text: str
    only_here: bool = False


@dataclass(frozen=True)
class Difference:
    """One answer that differs. A side without parts has no answer."""

    question: str
    section: str
    label: str
    before: tuple[Part, ...]
    after: tuple[Part, ...]


def versions(session: Session, request: RequestId) -> tuple[Version, ...]:
    """Every version that can be told apart, newest first: the draft at the end of each stretch of work and before answers were copied into it, and each sealed text."""
    state = state_of(session, request)
    found = [_at_end_of(stretch, number) for number, stretch in enumerate(_stretches(session, request))]
    bodies = [(line.event, line.event.body) for line in state.history] if state else []
    sealed = [(datetime.fromisoformat(event.at), body) for event, body in bodies if isinstance(body, RequestSubmitted)]
    found += [Version(f"sealed-{n}", at, body.answers, n) for n, (at, body) in enumerate(sealed, start=1)]
    return tuple(sorted(found, key=lambda version: (version.at, version.sealed), reverse=True))


def compare(
    questions: QuestionSet, before: Mapping[str, Any], after: Mapping[str, Any], language: str = "en"
) -> tuple[Difference, ...]:
    """What differs between two sets of answers, in the order of the form. Answers that the set does not know come last."""
    order = [question.id for question in questions.questions()]
    names = sorted({*before, *after}, key=lambda name: (order.index(name) if name in order else len(order), name))
    titles = {section.id: section.title.in_language(language) for section in questions.sections}
    found = []
    for name in names:
        if before.get(name) == after.get(name):
            continue
        question = questions.question(name)
        left, right = (
            "" if answer is None else str(answer) if question is None else words(question, answer, language)
            for answer in (before.get(name), after.get(name))
        )
        label = question.label.in_language(language) if question else name
        found.append(
            Difference(name, titles.get(question.section_id, "") if question else "", label, *_parted(left, right))
        )
    return tuple(found)


def _stretches(session: Session, request: RequestId) -> tuple[tuple[Revision, ...], ...]:
    """The revisions up to the end of each stretch of work, and up to where several answers came at once: each is the one before it with more."""
    revisions = session.vault.drafts.revisions(request)
    ends = [
        n
        for n, (one, next_one) in enumerate(pairwise(revisions), start=1)
        if next_one.at - one.at >= PAUSE
        or (next_one.at - one.at > _MOMENT and _come_at_once(revisions[n : n + AT_ONCE]))
    ]
    return tuple(revisions[:end] for end in (*ends, len(revisions)) if end)


def _come_at_once(revisions: tuple[Revision, ...]) -> bool:
    questions = {revision.question for revision in revisions}
    return len(questions) == AT_ONCE and revisions[-1].at - revisions[0].at <= _MOMENT


def _at_end_of(revisions: tuple[Revision, ...], number: int) -> Version:
    answers: dict[str, Any] = {}
    for revision in revisions:
        if revision.value is None:
            answers.pop(revision.question, None)
        else:
            answers[revision.question] = revision.value
    return Version(f"draft-{number}", revisions[-1].at, answers)


def _parted(left: str, right: str) -> tuple[tuple[Part, ...], tuple[Part, ...]]:
    here, there = _TOKEN.findall(left), _TOKEN.findall(right)
    before: list[Part] = []
    after: list[Part] = []
    for tag, i1, i2, j1, j2 in difflib.SequenceMatcher(None, here, there, autojunk=False).get_opcodes():
        if i2 > i1:
            before.append(Part("".join(here[i1:i2]), tag != "equal"))
        if j2 > j1:
            after.append(Part("".join(there[j1:j2]), tag != "equal"))
    return tuple(before), tuple(after)
