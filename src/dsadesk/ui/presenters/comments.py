"""Comments of colleagues beside a draft: all of them, those of one question, and writing, finishing and removing one."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from dsadesk.domain.ids import QuestionId, RequestId
from dsadesk.services import commenting, drafting
from dsadesk.services.commenting import Comment
from dsadesk.services.wording import Explanation, clock_words, long_date
from dsadesk.ui.presenters.frame import Frame


@dataclass(frozen=True)
class Remarked:
    """One comment as it is shown."""

    id: str
    question: str
    label: str
    said_by: str
    text: str
    is_done: bool


class CommentsPage(Protocol):
    """What the presenter asks of the page."""

    def show_comments(self, comments: Sequence[Remarked]) -> None:
        """Show every comment, in the order of the form."""

    def show_error(self, explanation: Explanation) -> None:
        """Say what went wrong."""


class CommentsPresenter:
    """Keeps the comments of the draft that is open. They are never part of the request."""

    def __init__(self, view: CommentsPage, frame: Frame) -> None:
        self._view, self._frame = view, frame
        self._request: RequestId | None = None
        self._author = ""

    @property
    def author(self) -> str:
        """Who wrote last, else whose vault it is."""
        return self._author or self._frame.desk.session.profile.official.name

    def open(self, request: RequestId | None) -> None:
        """Show the comments of a draft."""
        if request is not None and request != self._request:
            self._request = request
            self._look()

    def add(
        self, question: str, given: Mapping[str, str], then: Callable[[], None], failed: Callable[[Explanation], None]
    ) -> None:
        """Write a comment: `given` has `author` and `text`."""
        request, session = self._request, self._frame.desk.session
        if request is None:
            return

        def done(made: Comment) -> None:
            self._author = made.author
            then()
            self._look()

        author, text = given["author"], given["text"]
        self._frame.work(lambda: commenting.add(session, request, QuestionId(question), author, text), done, failed)

    def mark_done(self, comment: str, *, is_done: bool) -> None:
        """Say that a comment is dealt with, or not yet."""
        request, session = self._request, self._frame.desk.session
        if request is not None:
            work = self._frame.work
            work(lambda: commenting.mark_done(session, request, comment, is_done=is_done), self._looked, self._failed)

    def remove(self, comment: str) -> None:
        """Take a comment away."""
        request, session = self._request, self._frame.desk.session
        if request is not None:
            self._frame.work(lambda: commenting.remove(session, request, comment), self._looked, self._failed)

    def _looked(self, _: None) -> None:
        self._look()

    def _failed(self, explanation: Explanation) -> None:
        self._view.show_error(explanation)

    def _look(self) -> None:
        request, session = self._request, self._frame.desk.session
        if request is None:
            return

        def done(found: tuple[Comment, ...]) -> None:
            if request == self._request:
                self._view.show_comments(self._shown(found))

        self._frame.work(lambda: commenting.comments(session, request), done, self._failed)

    def _shown(self, found: Sequence[Comment]) -> tuple[Remarked, ...]:
        known, language = drafting.question_set(self._frame.desk.session), self._frame.desk.world.settings.language
        order = {question.id: (n, question) for n, question in enumerate(known.questions())}
        shown = []
        for each in sorted(found, key=lambda comment: (order.get(comment.question, (len(order), None))[0], comment.at)):
            question = order.get(each.question, (0, None))[1]
            here = each.at.astimezone()
            when = f"{long_date(here.date())} at {clock_words(here)}"
            label = question.label.in_language(language) if question else each.question
            shown.append(Remarked(each.id, each.question, label, f"{each.author}, {when}", each.text, each.is_done))
        return tuple(shown)
