"""The supplier's side of the conversation, and the requester's replies."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import msgspec

from dsadesk.domain.events import (
    AssessmentStarted,
    Event,
    HeadsJoined,
    QuestionAnswered,
    QuestionAsked,
    RemarkMade,
    RequestApproved,
    RequestReferred,
    RequestRejected,
    RequestReturned,
    RequestWithdrawn,
)
from dsadesk.domain.ids import EventId, QuestionId, RequestId
from dsadesk.errors import AnswersError
from dsadesk.questions.values import misfits
from dsadesk.services.drafting import question_set
from dsadesk.services.reading import require_state
from dsadesk.services.session import Session
from dsadesk.services.speaking import say


def start_assessment(session: Session, request: RequestId) -> Event:
    """Says that we have begun to assess."""
    return say(session, request, AssessmentStarted(handler=session.profile.official.name))


def ask(session: Session, request: RequestId, question: QuestionId, text: str) -> Event:
    """Asks about one answer, or about the whole request when `question` is empty. Raises: AnswersError("answer-unknown"), RuleError."""
    supplier = require_state(session, request).supplier.id
    if question and question_set(session, supplier).question(question) is None:
        raise AnswersError("answer-unknown", question=question)
    return say(session, request, QuestionAsked(question=question, text=text.strip()))


def answer(session: Session, request: RequestId, asked: EventId, text: str, revised: Any = None) -> Event:
    """Replies to a question, perhaps revising the answer it was about. Raises: AnswersError("answer-misfit"), RuleError."""
    if revised is not None:
        _check_revision(session, request, asked, revised)
    body = QuestionAnswered(asked=asked, text=text.strip(), answer=msgspec.UNSET if revised is None else revised)
    return say(session, request, body)


def remark(session: Session, request: RequestId, text: str) -> Event:
    """Says something that both may read and that moves nothing."""
    return say(session, request, RemarkMade(text=text.strip()))


def join_heads(session: Session, request: RequestId) -> Event:
    """Joins lines of events that were made apart."""
    return say(session, request, HeadsJoined())


def give_back(session: Session, request: RequestId, reasons: str, changes: Sequence[str] = ()) -> Event:
    """Returns the request, saying what has to change."""
    return say(session, request, RequestReturned(reasons=reasons.strip(), changes=_lines(changes)))


def approve(session: Session, request: RequestId, reasons: str, conditions: Sequence[str] = ()) -> Event:
    """Agrees in principle, perhaps with conditions."""
    by = session.profile.official
    return say(session, request, RequestApproved(conditions=_lines(conditions), reasons=reasons.strip(), decided_by=by))


def reject(session: Session, request: RequestId, reasons: str, alternatives: str = "") -> Event:
    """Refuses, saying why and what else could be done."""
    by = session.profile.official
    body = RequestRejected(reasons=reasons.strip(), decided_by=by, alternatives=alternatives.strip())
    return say(session, request, body)


def refer(session: Session, request: RequestId, reasons: str, owner: str) -> Event:
    """Names the right owner."""
    return say(session, request, RequestReferred(reasons=reasons.strip(), owner=owner.strip()))


def withdraw(session: Session, request: RequestId, reasons: str) -> Event:
    """Takes our request back."""
    return say(session, request, RequestWithdrawn(reasons=reasons.strip()))


def _lines(texts: Sequence[str]) -> tuple[str, ...]:
    return tuple(text.strip() for text in texts if text.strip())


def _check_revision(session: Session, request: RequestId, asked: EventId, revised: Any) -> None:
    state = require_state(session, request)
    for question in state.questions:
        about = question_set(session, state.supplier.id).question(question.body.question)
        if question.asked.id == asked and about is not None:
            wrong = misfits(about, revised)
            if wrong:
                raise AnswersError("answer-misfit", question=about.id, path=wrong[0].path, expected=wrong[0].expected)
