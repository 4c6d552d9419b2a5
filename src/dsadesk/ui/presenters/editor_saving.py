"""Handing answers to the vault as they are made, and knowing which of them are on disk.

While one batch is on its way the next gathers, so that answers are on disk as fast as the disk allows and no faster than it can take them.
An answer that could not be saved is kept with the reason and goes with the next batch.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from dsadesk.domain.ids import OrganisationId, QuestionId, RequestId
from dsadesk.errors import DsadeskError
from dsadesk.ports import Draft
from dsadesk.services import drafting
from dsadesk.services.session import Session
from dsadesk.services.wording import Explanation, explain
from dsadesk.ui.presenters.frame import Frame
from dsadesk.ui.vocabulary import Option


@dataclass
class Saved:
    """What became of a batch: the draft after it, and why some answers are not in it."""

    draft: Draft | None = None
    failures: dict[str, Explanation] = field(default_factory=dict)


class AnswerWriter:
    """Writes the answers of one draft after another. `told` is called, on the window's thread, each time a batch came to its end."""

    def __init__(self, frame: Frame, told: Callable[[RequestId, Draft | None], None]) -> None:
        self._frame = frame
        self._told = told
        self._request: RequestId | None = None
        self._suppliers: tuple[Option, ...] = ()
        self._waiting: dict[str, Any] = {}
        self._failed: dict[str, Any] = {}
        self._under_way = 0
        self._is_to_push = False
        self._settling: list[Callable[[bool], None]] = []
        self.failures: dict[str, Explanation] = {}

    @property
    def is_durable(self) -> bool:
        """Whether everything that was given is on disk."""
        return not (self._waiting or self._failed or self._under_way)

    def turn_to(self, request: RequestId | None, suppliers: tuple[Option, ...]) -> None:
        """Write for another draft. What is left of the one before is handed over first."""
        self._hand_over()
        self._request, self._suppliers = request, suppliers
        self.drop()

    def know_suppliers(self, suppliers: tuple[Option, ...]) -> None:
        """Know whom an answer may address the draft to."""
        self._suppliers = suppliers

    def drop(self) -> None:
        """Forget what was not saved, because the draft is gone."""
        self._waiting, self._failed, self.failures = {}, {}, {}

    def give(self, question: str, value: Any) -> None:
        """Take an answer, None where it was taken back."""
        self._waiting[question] = value
        self._failed.pop(question, None)
        self.failures.pop(question, None)
        # The letter is drawn first: the thread of the vault, once it is woken, competes with the window for the interpreter.
        if not self._under_way and not self._is_to_push:
            self._is_to_push = True
            self._frame.soon(self.push)

    def push(self) -> None:
        """Hand over what waits or failed, now."""
        self._is_to_push = False
        self._hand_over()

    def settle(self, done: Callable[[bool], None]) -> None:
        """Say, once nothing is under way, whether everything is saved."""
        self._settling.append(done)
        self._hand_over()
        self._settled()

    def _hand_over(self) -> None:
        request, batch = self._request, {**self._failed, **self._waiting}
        if request is None or not batch:
            return
        session, suppliers = self._frame.desk.session, self._suppliers
        self._waiting, self._failed = {}, {}
        self._under_way += 1

        def fail(error: Exception) -> None:
            self._under_way -= 1
            if not isinstance(error, DsadeskError):
                raise error
            self._done(request, batch, Saved(failures=dict.fromkeys(batch, self._frame.explain(error))))

        def done(saved: Saved) -> None:
            self._under_way -= 1
            self._done(request, batch, saved)

        # Lists and other pages are told at the next pause: they need not follow every letter.
        self._frame.submit(lambda: save(session, request, batch, suppliers), done, fail)

    def _done(self, request: RequestId, batch: Mapping[str, Any], saved: Saved) -> None:
        if request == self._request:
            for question, value in batch.items():
                why = saved.failures.get(question)
                if why is None:
                    if question not in self._failed:
                        self.failures.pop(question, None)
                elif question not in self._waiting:
                    self._failed[question], self.failures[question] = value, why
        self._told(request, saved.draft)
        if self._waiting and not self._under_way:
            self._hand_over()
        self._settled()

    def _settled(self) -> None:
        if self._under_way or (self._waiting and self._request is not None):
            return
        waiting, self._settling = self._settling, []
        for done in waiting:
            done(not self._failed)


def save(session: Session, request: RequestId, batch: Mapping[str, Any], suppliers: Sequence[Option]) -> Saved:
    """Save each answer by itself, so that one that cannot be saved holds up no other."""
    saved = Saved()
    orgs = {option.value: OrganisationId(option.hint) for option in suppliers}
    questions = drafting.question_set(session)
    for name, value in batch.items():
        asked = questions.question(name)
        try:
            saved.draft = drafting.save_answer(session, request, QuestionId(name), value)
            if asked is not None and drafting.coded(questions, "A8") is asked and value in orgs:
                saved.draft = drafting.address_to(session, request, orgs[value])
        except DsadeskError as error:
            saved.failures[name] = explain(error)
    return saved
