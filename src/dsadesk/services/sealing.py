"""Check and seal: a draft becomes a submission that can no longer change, in one transaction."""

from __future__ import annotations

import msgspec

from dsadesk.domain.events import Answers, RequestSubmitted, Sample
from dsadesk.domain.ids import RequestId
from dsadesk.domain.organisation import Organisation
from dsadesk.errors import RuleError
from dsadesk.ports import AttachedSample
from dsadesk.questions.visible import applicable
from dsadesk.services.drafting import findings, question_set
from dsadesk.services.keeping_cards import partner_card
from dsadesk.services.projecting import project
from dsadesk.services.reading import require_draft, state_of
from dsadesk.services.session import Session
from dsadesk.services.speaking import deliver, sign_event


def seal_request(session: Session, request: RequestId) -> RequestSubmitted:
    """Signs the answers and samples of a draft, seals them for the supplier and puts the bundle in the outbox.

    A crash leaves either the draft or the sealed request, never both and never neither.
    Raises: RuleError("findings", count) while something must still be answered, RuleError("no-supplier"), CardError.
    """
    draft = require_draft(session, request)
    missing = [finding for finding in findings(session, request) if finding.severity == "must"]
    if missing:
        raise RuleError("findings", count=len(missing), first=missing[0].question_id)
    if draft.supplier is None:
        raise RuleError("no-supplier", request=request)
    supplier = partner_card(session, draft.supplier).org
    samples = session.vault.samples.of_request(request)
    state = state_of(session, request)
    body = RequestSubmitted(
        version=len(state.submissions) + 1 if state else 1,
        reference=draft.reference,
        title=draft.title,
        marking=draft.marking,
        requester=session.profile.organisation,
        supplier=Organisation(supplier.id, supplier.name),
        dataset=draft.dataset if draft.dataset is not None else msgspec.UNSET,
        question_set=draft.question_set,
        answers=applicable_answers(session, request),
        samples=tuple(_describe(sample) for sample in samples),
        supersedes=state.submission_event.id if state else msgspec.UNSET,
    )
    with session.vault.transaction():
        event = sign_event(session, request, state, body)
        deliver(session, request, kind="request", counterpart=supplier.id, events=(event,), samples=samples)
        session.vault.drafts.discard(request)
        project(session, request, state_of(session, request))
    return body


def applicable_answers(session: Session, request: RequestId) -> Answers:
    """The answers that will be sealed: those of questions that apply. What was answered before another answer hid it stays here."""
    answers = session.vault.drafts.answers(request)
    shown = {question.id for question in applicable(question_set(session), answers)}
    return {question: value for question, value in answers.items() if question in shown}


def _describe(sample: AttachedSample) -> Sample:
    return Sample(
        n=sample.n,
        name=sample.name,
        media=sample.media,
        size=sample.size,
        sha256=sample.sha256,
        object=sample.object,
        kind=sample.kind,
        profile=dict(sample.profile),
    )
