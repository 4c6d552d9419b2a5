"""Decides whether a party may say something now. The command is the body of the event that it asks for (docs/adr/0002).

`decide` refuses with a reason to show; nothing is hidden. The same rules run in the fold on both sides, so an event that was never
allowed here would be crossed there.
"""

from __future__ import annotations

from dsadesk.domain.events import (
    AgreementDrafted,
    AgreementSigned,
    Body,
    HeadsJoined,
    QuestionAnswered,
    QuestionAsked,
    RemarkMade,
    RequestApproved,
    RequestReferred,
    RequestRejected,
    RequestReturned,
    RequestSubmitted,
    RequestWithdrawn,
    SharingClosed,
    SharingSuspended,
    SignOffAsked,
    SignOffGiven,
)
from dsadesk.domain.ids import OrganisationId
from dsadesk.domain.lifecycle import Fact, row_for
from dsadesk.domain.organisation import Side
from dsadesk.domain.request import FACTS, RequestState
from dsadesk.errors import NotAllowedInStageError, RuleError

_REASONED = (RequestReturned, RequestApproved, RequestRejected, RequestReferred, RequestWithdrawn, SharingSuspended)


def decide(state: RequestState | None, body: Body, org: OrganisationId) -> Body:
    """Returns the body when `org` may say it now.

    Raises: NotAllowedInStageError(action, stage) when the stage or the side forbids it, RuleError when the words themselves break
    a rule: "reasons-missing", "text-missing", "no-such-question", "already-answered", "other-agreement", "already-signed", "not-a-party".
    """
    _check_words(body)
    if state is None:
        if isinstance(body, RequestSubmitted):
            if body.requester.id != org:
                raise RuleError("not-a-party", org=org)
            if body.supplier.id == org:
                raise RuleError("same-party", org=org)
            return body
        raise NotAllowedInStageError("not-in-stage", action=type(body).__name__, stage="draft")
    side = state.side_of(org)
    if side is None:
        raise RuleError("not-a-party", org=org)
    _check_target(state, body, org)
    if isinstance(body, SignOffAsked | SignOffGiven):
        raise RuleError("internal", action=type(body).__name__)
    if isinstance(body, RemarkMade | HeadsJoined):
        return body
    if row_for(state.stage, _fact(state, body), side) is None and not _is_late_reply(body, side):
        raise NotAllowedInStageError("not-in-stage", action=type(body).__name__, stage=state.stage.value)
    return body


def _fact(state: RequestState, body: Body) -> Fact:
    if isinstance(body, QuestionAnswered):
        return Fact.ALL_ANSWERED if len(state.open_questions) == 1 else Fact.ANSWERED
    if isinstance(body, AgreementSigned):
        return Fact.ALL_SIGNED if state.agreement and state.agreement.signatures else Fact.SIGNED
    return FACTS[type(body)]


def _is_late_reply(body: Body, side: Side) -> bool:
    return isinstance(body, QuestionAnswered) and side is Side.REQUESTER


def _check_words(body: Body) -> None:
    if isinstance(body, _REASONED) and not body.reasons.strip():
        raise RuleError("reasons-missing", action=type(body).__name__)
    if isinstance(body, QuestionAsked | QuestionAnswered | RemarkMade) and not body.text.strip():
        raise RuleError("text-missing", action=type(body).__name__)
    if isinstance(body, SharingClosed) and not body.certificate.strip():
        raise RuleError("certificate-missing", action=type(body).__name__)


def _check_target(state: RequestState, body: Body, org: OrganisationId) -> None:
    if isinstance(body, RequestSubmitted):
        parties = (body.requester.id, body.supplier.id)
        if parties != (state.requester.id, state.supplier.id):
            raise RuleError("other-parties")
    if isinstance(body, QuestionAnswered):
        question = next((q for q in state.questions if q.asked.id == body.asked), None)
        if question is None:
            raise RuleError("no-such-question", question=body.asked)
        if not question.is_open:
            raise RuleError("already-answered", question=body.asked)
    if isinstance(body, AgreementDrafted) and state.agreement and body.version <= state.agreement.body.version:
        raise RuleError("agreement-version", version=body.version)
    if isinstance(body, AgreementSigned):
        agreement = state.agreement
        if agreement is None or (agreement.event, agreement.body.sha256) != (body.agreement, body.sha256):
            raise RuleError("other-agreement")
        if agreement.signed_by(org):
            raise RuleError("already-signed", org=org)
