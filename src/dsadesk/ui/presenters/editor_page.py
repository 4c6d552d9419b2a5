"""What the form of a draft shows, and all that its presenter asks of the page."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from dsadesk.services.viewing import AnswerLine
from dsadesk.services.wording import Explanation
from dsadesk.ui.presenters.form import Entry, Guidance, Problem, Way
from dsadesk.ui.vocabulary import Tone


@dataclass(frozen=True)
class Header:
    """What stands at the head of the page."""

    reference: str
    status: str
    tone: Tone
    marking: str
    title: str
    parties: str


@dataclass(frozen=True)
class SectionForm:
    """One section as the page shows it."""

    id: str
    title: str
    lead: str
    entries: tuple[Entry, ...]
    place: str
    is_first: bool


class EditorPage(Protocol):
    """What the presenter asks of the page."""

    def show_header(self, header: Header) -> None:
        """Show the head of the page."""

    def show_way(self, way: Way) -> None:
        """Show how far each section is."""

    def show_section(self, form: SectionForm, focus: str) -> None:
        """Show a section from its top, with the keyboard in the question `focus` if it is named."""

    def show_entries(self, entries: Sequence[Entry]) -> None:
        """Bring the questions of the section in line, leaving alone those that stay."""

    def show_samples(self) -> None:
        """Show the samples in place of a section."""

    def show_check(self) -> None:
        """Show the page to check and seal in place of a section."""

    def show_guidance(self, guidance: Guidance | None) -> None:
        """Show what to say beside a question."""

    def show_problems(self, problems: Sequence[Problem]) -> None:
        """Name what is missing in this section, in order; nothing takes it back."""

    def show_saved(self, sentence: str, tone: Tone) -> None:
        """Say whether everything is saved."""

    def show_returned(self, reasons: str, changes: Sequence[str]) -> None:
        """Say why the supplier sent the request back; nothing when this is a first version."""

    def show_set_aside(self, count: int) -> None:
        """Say how many answers no question asks for any more; none takes it back."""

    def show_error(self, explanation: Explanation | None) -> None:
        """Say what went wrong, or take it back."""

    def show_preview(self, lines: Sequence[AnswerLine], header: Header) -> None:
        """Show the request as a reader will see it."""

    def ask_discard(self, title: str, answers: int, samples: int) -> None:
        """Ask whether to throw the draft away, saying how much that is."""

    def save_soon(self) -> None:
        """Call `flush` in a moment, after the typing pauses."""

    def put_answer(self, question: str, value: Any) -> None:
        """Show another answer to a question of this section, and go there: what was done is undone."""
