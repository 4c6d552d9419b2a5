"""Writes an agreement block by block, and remembers what each section leaves open and where each standing term stands."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from types import MappingProxyType
from typing import Literal

from dsadesk.documents.agreement_type import agreement_type, traits_of
from dsadesk.documents.building import facts, line, paragraphs
from dsadesk.documents.clauses import Clause, Clauses
from dsadesk.documents.layout import Block, Callout, Heading, Paragraph
from dsadesk.documents.reading import Reading, Row
from dsadesk.documents.wording import clean
from dsadesk.domain.events import Event
from dsadesk.domain.request import RequestState
from dsadesk.questions.model import QuestionSet

Topics = Sequence[tuple[str, str]]
"""Short labels with the questions whose answers they stand before."""

_SAID: Mapping[tuple[str, str], str] = MappingProxyType(
    {
        ("setting.method", "bundle"): "In an encrypted and signed bundle, made with dsadesk",
        ("legal.force", "permissive"): "It allows the sharing and does not require it",
        ("legal.force", "mandatory"): "It requires the sharing",
        ("legal.force", "unsure"): "Whether it allows or requires the sharing is not settled",
        ("setting.where", "own"): "In the requester's own systems",
    }
)
"""Options whose label makes sense on the form and not in an agreement."""


class Writer:
    """The agreement while it is written. Sections append to `blocks`; `open` holds the questions that this section leaves open."""

    def __init__(
        self, state: RequestState, questions: QuestionSet, clauses: Clauses, version: int, drafted_on: date
    ) -> None:
        self.state = state
        self.questions = questions
        self.clauses = clauses
        self.version = version
        self.drafted_on = drafted_on
        self.requester = line(state.requester.name, "The requester")
        self.supplier = line(state.supplier.name, "The supplier")
        # The signed event says who the parties are, whatever stands in the answers.
        parties = {"about.organisation": self.requester, "about.supplier": self.supplier}
        self.reading = Reading(questions, {**state.answers, **parties})
        self.type = agreement_type(self.reading.answers)
        decided = {"conditions"} if state.approval is not None and any(map(clean, state.approval.conditions)) else set()
        self.traits = traits_of(self.reading.answers) | decided
        self.blocks: list[Block] = []
        self.open: list[str] = []
        self.sources: list[tuple[Paragraph, Clause]] = []

    def head(self, text: str, level: Literal[1, 2] = 1) -> None:
        """Adds a heading."""
        self.blocks.append(Heading(level, line(text)))

    def say(self, text: str) -> None:
        """Adds the paragraphs of a text, or nothing where it says nothing."""
        self.blocks += paragraphs(text)

    def said(self, question: str, *, needed: bool = False) -> str:
        """An answer in words; an empty one is noted as open when the form or the agreement asks for it."""
        value = self.reading.value(question)
        words = _SAID.get((question, value), "") if isinstance(value, str) else ""
        words = words or self.reading.words(question)
        if not words and (needed or self.reading.is_open(question)) and self.reading.knows(question):
            self.open.append(self.reading.label(question))
        return words

    def answer(self, title: str, question: str, *, needed: bool = False) -> None:
        """A heading with a long answer below it, or nothing."""
        words = self.said(question, needed=needed)
        if words:
            self.head(title, 2)
            self.say(words)

    def topics(self, topics: Topics, needed: Iterable[str] = ()) -> None:
        """Adds the answers that there are as pairs; those `needed` are noted as open even when the form did not ask."""
        wanted = frozenset(needed)
        self.blocks += facts((label, self.said(question, needed=question in wanted)) for label, question in topics)

    def close(self, section: str) -> None:
        """Ends a section: first what it leaves open, then its standing terms."""
        self.gaps()
        chosen = self.clauses.chosen(section, self.traits)
        if chosen:
            self.head("Terms", 2)
        for clause in chosen:
            said = tuple(paragraphs(clause.text))
            self.blocks += said
            self.sources += [(paragraph, clause) for paragraph in said]

    def gaps(self) -> None:
        """Adds what the section leaves open, and begins afresh."""
        if self.open:
            questions = "\n".join(f"– {label}" for label in dict.fromkeys(self.open))  # noqa: RUF001 - a dash
            text = f"The request does not say, and the parties have yet to settle:\n{questions}"
            self.blocks.append(Callout("gap", text))
        self.open.clear()

    def joined(self, question: str, detail: str, between: str = ": ") -> str:
        """Two answers as one, where the second goes into what the first says."""
        first, second = self.said(question), self.said(detail)
        return between.join(part.rstrip(".") if part is first and second else part for part in (first, second) if part)


def columns(rows: Iterable[Row], *parts: str | Callable[[Row], str]) -> list[list[str]]:
    """Cells of a table: a column by its id, or made from the row."""
    return [[row.get(part, "") if isinstance(part, str) else part(row) for part in parts] for row in rows]


def row_text(between: str, row: Row, *columns: str) -> str:
    """The cells of a row that say something, joined."""
    return between.join(row[column] for column in columns if row.get(column))


def row_lines(row: Row, *parts: tuple[str, str]) -> str:
    """The cells of a row that say something, each on a line after its label."""
    return "\n".join(f"{label}{row[column]}" for label, column in parts if row.get(column))


def official(event: Event) -> str:
    """Who said an event, with their post."""
    return line(", ".join(part for part in map(clean, (event.by.name, event.by.post)) if part), "name not given")


def stopped(text: str) -> str:
    """The text with a full stop, unless it ends a sentence already."""
    return text if text.endswith((".", "!", "?")) else f"{text}."
