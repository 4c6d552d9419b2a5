"""What a person sees of a request: answers in words, the verified history, deliveries, and what can be done next."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import Any

from dsadesk.bundle.proving import prove_all
from dsadesk.bundle.trust import Evidence
from dsadesk.domain.events import Answers, Event
from dsadesk.domain.ids import RequestId
from dsadesk.domain.lifecycle import Fact, Stage, facts_open_to
from dsadesk.domain.organisation import Side
from dsadesk.domain.request import Effect, HistoryLine, Question, RequestState, fold
from dsadesk.ports import AttachedSample, Draft, OutboxItem
from dsadesk.questions.describe import rows, words
from dsadesk.questions.model import QuestionSet
from dsadesk.questions.visible import applicable
from dsadesk.services.drafting import question_set
from dsadesk.services.projecting import shown_stage
from dsadesk.services.reading import read_event, require_draft, state_of
from dsadesk.services.session import Session


@dataclass(frozen=True)
class AnswerLine:
    """One question with its answer in words, and what was asked about it."""

    section: str
    question_id: str
    question: str
    answer: str
    table: tuple[dict[str, str], ...] = ()
    revised: bool = False
    asked: tuple[Question, ...] = ()


@dataclass(frozen=True)
class VerifiedLine:
    """One line of the history. `evidence` is None where this laptop can no longer check the signature, and `problem` says why."""

    line: HistoryLine
    evidence: Evidence | None
    problem: str = ""

    @property
    def event(self) -> Event:
        """The event."""
        return self.line.event

    @property
    def effect(self) -> Effect:
        """What it did."""
        return self.line.effect


@dataclass(frozen=True)
class RequestView:
    """Everything about one request that its pages show."""

    request: RequestId
    reference: str
    title: str
    marking: str
    side: Side
    stage: Stage
    counterpart: str
    draft: Draft | None
    state: RequestState | None
    answers: tuple[AnswerLine, ...]
    samples: tuple[AttachedSample, ...]
    deliveries: tuple[OutboxItem, ...]
    open_facts: frozenset[Fact]

    @property
    def has_parted(self) -> bool:
        """Whether lines of events were made apart and not joined yet."""
        return self.state is not None and len(self.state.heads) > 1


def view(session: Session, request: RequestId) -> RequestView:
    """A request as it stands. Raises: RuleError("no-such-draft" | "no-such-request")."""
    state = state_of(session, request)
    draft = session.vault.drafts.get(request)
    samples = session.vault.samples.of_request(request)
    if state is None:
        draft = require_draft(session, request)
        answers = session.vault.drafts.answers(request)
        return RequestView(
            request=request,
            reference=draft.reference,
            title=draft.title,
            marking=draft.marking.value,
            side=Side.REQUESTER,
            stage=Stage.DRAFT,
            counterpart=draft.supplier_name,
            draft=draft,
            state=None,
            answers=answer_lines(question_set(session, draft.supplier), answers),
            samples=samples,
            deliveries=(),
            open_facts=frozenset({Fact.SUBMITTED}),
        )
    side = state.side_of(session.profile.organisation.id) or Side.REQUESTER
    return RequestView(
        request=request,
        reference=state.submission.reference,
        title=state.submission.title,
        marking=state.submission.marking.value,
        side=side,
        stage=shown_stage(session, state),
        counterpart=(state.supplier if side is Side.REQUESTER else state.requester).name,
        draft=draft,
        state=state,
        answers=answer_lines(question_set(session, state.supplier.id), state.answers, state),
        samples=samples,
        deliveries=session.vault.outbox.bundles_of_request(request),
        open_facts=facts_open_to(state.stage, side),
    )


def answer_lines(questions: QuestionSet, answers: Answers, state: RequestState | None = None) -> tuple[AnswerLine, ...]:
    """Every answer in words in the order of the form; answers to questions that this set does not know come last, as they are."""
    lines = []
    asked = state.questions if state else ()
    submitted = state.submission.answers if state else answers
    titles = {section.id: section.title.en for section in questions.sections}
    for question in applicable(questions, answers):
        if question.id not in answers:
            continue
        value: Any = answers[question.id]
        is_table = isinstance(value, list) and bool(value) and isinstance(value[0], dict)
        lines.append(
            AnswerLine(
                section=titles[question.section_id],
                question_id=question.id,
                question=question.label.en,
                answer="" if is_table else words(question, value),
                table=tuple(rows(question, value)) if is_table else (),
                revised=submitted.get(question.id) != value,
                asked=tuple(q for q in asked if q.body.question == question.id),
            )
        )
    unknown = sorted(set(answers) - set(questions.index))
    lines += [AnswerLine("Other answers", name, name, str(answers[name])) for name in unknown]
    return tuple(lines)


def history(session: Session, request: RequestId, *, every: bool = False) -> tuple[VerifiedLine, ...]:
    """The request's events in their one order, each proved again now: by its signatures, or by the hash in a later event that is.

    `every` has each signature of each event checked, also where a later event speaks for it.
    """
    stored = session.vault.events.of_request(request)
    state = fold(read_event(each) for each in stored)
    if state is None:
        return ()
    envelopes = {each.id: each.envelope for each in stored}
    proofs = prove_all(
        [line.event for line in state.history],
        envelopes.__getitem__,
        directory=session.directory,
        now=session.world.clock.now(),
        every=every,
    )
    return tuple(VerifiedLine(line, (proof := proofs[line.event.id]).evidence, proof.problem) for line in state.history)


def title_of(session: Session, request: RequestId | str) -> str:
    """A request's title, or its id where nothing of it is left that has one."""
    draft = session.vault.drafts.get(RequestId(request))
    if draft is not None:
        return draft.title or draft.reference or str(request)
    state = state_of(session, RequestId(request))
    return state.submission.title if state is not None else str(request)


def history_digest(session: Session, request: RequestId) -> str:
    """One hash over the history in its one order: equal on both sides when both hold the same events."""
    state = state_of(session, request)
    digest = hashlib.sha256()
    for line in state.history if state else ():
        digest.update(bytes.fromhex(line.event.sha256))
    return digest.hexdigest()
