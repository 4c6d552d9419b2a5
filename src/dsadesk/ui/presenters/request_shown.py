"""What each part of the page of a sealed or received request shows, as plain data."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from dsadesk.domain.ids import BoxId, BundleId, EventId, OrganisationId, QuestionId, RequestId
from dsadesk.domain.organisation import Side
from dsadesk.ui.presenters.decide import Act, Form, form_of
from dsadesk.ui.presenters.samples import ShownSample
from dsadesk.ui.vocabulary import TimelineEntry, Tone


class Go:
    """The ids of steps that lead somewhere; every other step is an act."""

    ASSESS = "assess"
    REPLY = "go:replies"
    REVISE = "go:revise"
    EDITOR = "go:editor"
    AGREEMENT = "go:agreement"
    EXCHANGE = "go:exchange"
    LETTER = "go:letter"
    PAPER = "go:paper"


@dataclass(frozen=True)
class Step:
    """Something that can be done now. `ends` says that it cannot be taken back, `asks` that a dialog comes first.

    One that is not `pressing` may be done, and nobody waits for it.
    """

    id: str
    words: str
    icon: str = ""
    ends: bool = False
    asks: bool = True
    pressing: bool = True


@dataclass(frozen=True)
class Head:
    """What stands at the head of the page: what the request is, where it stands, and what can be done.

    `notes` say what could be done now and is not offered, because our card does not name this person for it.
    """

    reference: str
    marking: str
    status: str
    tone: Tone
    title: str
    parties: str
    sentence: str
    primary: Step | None
    decisions: tuple[Step, ...]
    more: tuple[Step, ...]
    notes: tuple[str, ...] = ()


@dataclass(frozen=True)
class Talk:
    """A question about an answer, or about the request as a whole, with its reply."""

    id: EventId
    about: QuestionId
    about_words: str
    asked: str
    text: str
    replied: str
    reply: str
    changed: str
    is_open: bool
    can_reply: bool


@dataclass(frozen=True)
class ShownAnswer:
    """One answer in words, with what was said about it."""

    id: QuestionId
    question: str
    answer: str
    heading: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    is_revised: bool
    flags: tuple[str, ...]
    talks: tuple[Talk, ...]
    can_ask: bool
    reads_on: bool = False


@dataclass(frozen=True)
class AnswerSection:
    """The answers of one section of the form."""

    id: str
    title: str
    answers: tuple[ShownAnswer, ...]

    @property
    def to_look_at(self) -> int:
        """How many things in it want attention: flags, and questions without a reply."""
        return sum(len(answer.flags) + sum(talk.is_open for talk in answer.talks) for answer in self.answers)


@dataclass(frozen=True)
class Decision:
    """What was decided, by whom, and with which words; and whether a letter says it."""

    title: str
    tone: Tone
    said: str
    facts: tuple[tuple[str, str], ...]
    has_letter: bool = False


@dataclass(frozen=True)
class Flagged:
    """An answer that the supplier should look at twice."""

    id: QuestionId
    question: str
    sentence: str


@dataclass(frozen=True)
class Glance:
    """The first page of the answers: the decision, what to look at, and what the request comes to."""

    decision: Decision | None
    flags: tuple[Flagged, ...]
    is_for_supplier: bool
    facts: tuple[tuple[str, str], ...]
    answers: tuple[ShownAnswer, ...]
    sign_offs: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class ShownDelivery:
    """One sealed bundle of this request, and where it is on its way."""

    id: BundleId
    box: BoxId
    title: str
    status: str
    tone: Tone
    sentence: str
    waits: bool


@dataclass(frozen=True)
class ShownHistory:
    """Everything that was said, newest first, and what is wrong with it."""

    entries: tuple[TimelineEntry, ...]
    words: tuple[str, ...]
    digest: str
    spelled: str
    has_parted: bool
    can_join: bool
    alarms: tuple[str, ...]
    gaps: tuple[str, ...]


@dataclass(frozen=True)
class ShownRequest:
    """The whole page."""

    request: RequestId
    side: Side
    head: Head
    glance: Glance
    sections: tuple[AnswerSection, ...]
    samples: tuple[ShownSample, ...]
    talks: tuple[Talk, ...]
    history: ShownHistory
    deliveries: tuple[ShownDelivery, ...]
    waiting: int
    them: str
    counterpart: OrganisationId
    alarm: str
    kept: Mapping[str, Mapping[str, Any]]

    @property
    def open_talks(self) -> int:
        """How many questions have no reply yet."""
        return sum(talk.is_open for talk in self.talks)

    def answer(self, question: str) -> ShownAnswer | None:
        """Return an answer by the id of its question."""
        return next((each for section in self.sections for each in section.answers if each.id == question), None)

    def form(self, act: Act, about: str = "") -> Form:
        """Return the form of an act on this request."""
        answer = self.answer(about) if about else None
        if answer is None:
            return form_of(act, self.them)
        said = answer.answer or "\n".join("; ".join(cell for cell in row if cell) for row in answer.rows)
        return form_of(act, self.them, about=answer.question, answer=said)
