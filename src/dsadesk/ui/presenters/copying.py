"""Copying answers of an earlier request into the draft that is open: which requests, which answers, and which of them replace one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from dsadesk.domain.ids import RequestId
from dsadesk.questions.describe import words
from dsadesk.services import reusing
from dsadesk.services.wording import Explanation
from dsadesk.ui.presenters.editor import EditorPresenter
from dsadesk.ui.presenters.frame import Frame
from dsadesk.ui.vocabulary import Option

_SHOWN_LETTERS = 160


@dataclass(frozen=True)
class Offered:
    """One answer that could be copied. `replaces` says that the draft has another answer there."""

    question: str
    section: str
    label: str
    answer: str
    replaces: bool


class CopyingPage(Protocol):
    """What the presenter asks of the dialog."""

    def show_requests(self, requests: Sequence[Option]) -> None:
        """Offer the requests to copy from."""

    def show_offered(self, offered: Sequence[Offered]) -> None:
        """Offer the answers of the request that was chosen."""

    def show_error(self, explanation: Explanation) -> None:
        """Say what went wrong."""

    def done_with(self) -> None:
        """Close: the answers are copied."""


class CopyingPresenter:
    """Copies into the draft that the editor has open. It can be undone there."""

    def __init__(self, view: CopyingPage, frame: Frame, editor: EditorPresenter) -> None:
        self._view, self._frame, self._editor = view, frame, editor
        self._answers: dict[str, Any] = {}

    def start(self) -> None:
        """Offer our other requests."""
        request, session = self._editor.request, self._frame.desk.session
        if request is None:
            return

        def done(rows: Sequence[Option]) -> None:
            self._view.show_requests(rows)

        def look() -> list[Option]:
            return [Option(row.request, row.title, row.reference) for row in reusing.earlier_requests(session, request)]

        self._frame.work(look, done, self._view.show_error)

    def choose(self, request: str) -> None:
        """Offer the answers of a request."""
        session = self._frame.desk.session

        def done(answers: dict[str, Any]) -> None:
            self._answers = answers
            self._view.show_offered(self._offered())

        into = self._editor.request
        work = self._frame.work
        work(lambda: reusing.answers_of(session, RequestId(request), into=into), done, self._view.show_error)

    def copy(self, questions: Sequence[str]) -> None:
        """Copy these answers."""
        self._editor.take_all({name: self._answers[name] for name in questions}, "Copied")
        self._view.done_with()

    def _offered(self) -> tuple[Offered, ...]:
        known, here = self._editor.questions, self._editor.answers
        language = self._frame.desk.world.settings.language
        titles = {section.id: section.title.in_language(language) for section in known.sections}
        found = []
        for question in known.questions():
            answer = self._answers.get(question.id)
            if answer is None or answer == here.get(question.id):
                continue
            said = " ".join(words(question, answer, language).split())
            found.append(
                Offered(
                    question=question.id,
                    section=titles[question.section_id],
                    label=question.label.in_language(language),
                    answer=said if len(said) <= _SHOWN_LETTERS else said[:_SHOWN_LETTERS] + "…",
                    replaces=question.id in here,
                )
            )
        return tuple(found)
