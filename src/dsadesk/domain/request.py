"""A request as the fold of its events: pure, total, and the same for every order of arrival that respects `after`.

Total means that no set of signed events can make it fail. An event that the rules did not allow where it falls is kept and shown as
*crossed*, with the reason; an event whose predecessors have not arrived *waits*; a type that we do not know is *noted*.
"""

from __future__ import annotations

import heapq
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from msgspec import UNSET, Struct

from dsadesk.domain.events import (
    AgreementDrafted,
    AgreementSigned,
    AmendmentDropped,
    AmendmentProposed,
    Answers,
    AssessmentStarted,
    Body,
    Event,
    ExpiryNoticed,
    QuestionAnswered,
    QuestionAsked,
    RenewalProposed,
    RequestApproved,
    RequestReceived,
    RequestReferred,
    RequestRejected,
    RequestReturned,
    RequestSubmitted,
    RequestWithdrawn,
    SharingClosed,
    SharingResumed,
    SharingStarted,
    SharingSuspended,
    SignOffAsked,
    SignOffGiven,
)
from dsadesk.domain.ids import DeviceId, EventId, OrganisationId, RequestId
from dsadesk.domain.lifecycle import Fact, Stage, row_for
from dsadesk.domain.organisation import Organisation, Side

FACTS: Mapping[type[Body], Fact] = {
    RequestSubmitted: Fact.SUBMITTED,
    RequestReceived: Fact.RECEIVED,
    AssessmentStarted: Fact.ASSESSMENT_STARTED,
    QuestionAsked: Fact.ASKED,
    RequestReturned: Fact.RETURNED,
    RequestApproved: Fact.APPROVED,
    RequestRejected: Fact.REJECTED,
    RequestReferred: Fact.REFERRED,
    RequestWithdrawn: Fact.WITHDRAWN,
    AgreementDrafted: Fact.DRAFTED,
    SharingStarted: Fact.STARTED,
    SharingSuspended: Fact.SUSPENDED,
    SharingResumed: Fact.RESUMED,
    AmendmentProposed: Fact.AMENDMENT_PROPOSED,
    AmendmentDropped: Fact.DROPPED,
    RenewalProposed: Fact.RENEWAL_PROPOSED,
    ExpiryNoticed: Fact.EXPIRY_NOTICED,
    SharingClosed: Fact.CLOSED,
}
# A second official may acknowledge or begin without having seen the first: true twice, and no conflict.
_HARMLESS_TWICE = frozenset({Fact.RECEIVED, Fact.ASSESSMENT_STARTED})


class Effect(StrEnum):
    """What an event did where it falls in the history."""

    MOVED = "moved"
    NOTED = "noted"
    CROSSED = "crossed"


class HistoryLine(Struct, frozen=True):
    """One event with its effect, the stage after it, and a reason code when it was crossed."""

    event: Event
    effect: Effect
    stage: Stage
    reason: str = ""


class Question(Struct, frozen=True):
    """A question that the supplier asked, with its reply when there is one."""

    asked: Event
    body: QuestionAsked
    answered: Event | None = None
    answer: QuestionAnswered | None = None

    @property
    def is_open(self) -> bool:
        """Whether the reply is still awaited."""
        return self.answer is None


class AgreementState(Struct, frozen=True):
    """The agreement as it stands: its latest text and who has signed exactly that text."""

    event: EventId
    body: AgreementDrafted
    drafted_by: OrganisationId
    signatures: tuple[tuple[OrganisationId, Event, AgreementSigned], ...] = ()

    def signed_by(self, org: OrganisationId) -> bool:
        """Whether this party has signed this text."""
        return any(signer == org for signer, _, _ in self.signatures)


class ChainFault(Struct, frozen=True):
    """Something wrong in one device's chain of events: a `gap` waits, a `fork` or a `broken` link is an alarm."""

    kind: str
    device: DeviceId
    seq: int


class RequestState(Struct, frozen=True, kw_only=True):
    """Everything that both sides know of one request."""

    id: RequestId
    stage: Stage
    submission: RequestSubmitted
    submission_event: Event
    submissions: tuple[Event, ...]
    questions: tuple[Question, ...]
    approval: RequestApproved | None
    closing: Body | None
    agreement: AgreementState | None
    heads: tuple[EventId, ...]
    history: tuple[HistoryLine, ...]
    waiting: tuple[Event, ...]
    faults: tuple[ChainFault, ...]

    @property
    def requester(self) -> Organisation:
        """Who asks."""
        return self.submission.requester

    @property
    def supplier(self) -> Organisation:
        """Who holds the data."""
        return self.submission.supplier

    @property
    def open_questions(self) -> tuple[Question, ...]:
        """Questions that still wait for a reply."""
        return tuple(question for question in self.questions if question.is_open)

    @property
    def answers(self) -> Answers:
        """The submitted answers with every revision that a reply made since, the latest winning."""
        answers = dict(self.submission.answers)
        replies = [q for q in self.questions if q.answered is not None and q.answer is not None]
        places = {line.event.id: place for place, line in enumerate(self.history)}
        start = places.get(self.submission_event.id, 0)
        for question in sorted(replies, key=lambda q: places[q.answered.id] if q.answered else 0):
            reply, answered = question.answer, question.answered
            if reply is None or answered is None or places[answered.id] <= start:
                continue
            if reply.answer is not UNSET and question.body.question:
                answers[question.body.question] = reply.answer
        return answers

    def side_of(self, org: OrganisationId) -> Side | None:
        """The side that an organisation stands on, or None for a stranger."""
        return _side(self.submission, org)


def linearise(events: Iterable[Event]) -> tuple[tuple[Event, ...], tuple[Event, ...]]:
    """Puts events in the one order that depends only on the set: after their predecessors, ties by id.

    Returns the ordered events and those that wait for a predecessor which has not arrived, each sorted.
    """
    by_id: dict[EventId, Event] = {}
    for event in events:
        known = by_id.get(event.id)
        if known is None or event.sha256 < known.sha256:
            by_id[event.id] = event
    missing = {e.id: {p for p in e.after if p != e.id} for e in by_id.values()}
    followers: dict[EventId, list[EventId]] = {}
    for event_id, parents in missing.items():
        for parent in parents:
            followers.setdefault(parent, []).append(event_id)
    ready = [event_id for event_id, parents in missing.items() if not parents]
    heapq.heapify(ready)
    ordered: list[Event] = []
    while ready:
        event_id = heapq.heappop(ready)
        ordered.append(by_id[event_id])
        for follower in followers.get(event_id, ()):
            missing[follower].discard(event_id)
            if not missing[follower]:
                heapq.heappush(ready, follower)
    placed = {event.id for event in ordered}
    waiting = tuple(by_id[event_id] for event_id in sorted(by_id) if event_id not in placed)
    return tuple(ordered), waiting


def fold(events: Iterable[Event]) -> RequestState | None:
    """The state that a set of events amounts to, or None while no submission has arrived."""
    everything = tuple(events)
    ordered, waiting = linearise(everything)
    folding = _Folding()
    for event in ordered:
        folding.take(event)
    if folding.submission is None or folding.submission_event is None:
        return None
    named = {parent for event in ordered for parent in event.after}
    return RequestState(
        id=folding.submission_event.request,
        stage=folding.stage,
        submission=folding.submission,
        submission_event=folding.submission_event,
        submissions=tuple(folding.submissions),
        questions=tuple(folding.questions.values()),
        approval=folding.approval,
        closing=folding.closing,
        agreement=folding.agreement,
        heads=tuple(event.id for event in ordered if event.id not in named),
        history=tuple(folding.history),
        waiting=waiting,
        faults=chain_faults(everything),
    )


def chain_faults(events: Iterable[Event]) -> tuple[ChainFault, ...]:
    """Checks each device's own chain within the request: numbers from 1 without a gap, each naming the one before by hash."""
    chains: dict[DeviceId, dict[int, set[tuple[str, str]]]] = {}
    for event in events:
        chains.setdefault(event.device, {}).setdefault(event.seq, set()).add((event.sha256, event.prev))
    faults: list[ChainFault] = []
    for device, chain in sorted(chains.items()):
        for seq in range(1, max(chain) + 1):
            links = chain.get(seq)
            if links is None:
                faults.append(ChainFault("gap", device, seq))
                continue
            if len(links) > 1:
                faults.append(ChainFault("fork", device, seq))
            before = {sha for sha, _ in chain.get(seq - 1, ())} or ({""} if seq == 1 else None)
            if before is not None and any(prev not in before for _, prev in links):
                faults.append(ChainFault("broken", device, seq))
    return tuple(faults)


def _side(submission: RequestSubmitted, org: OrganisationId) -> Side | None:
    if org == submission.requester.id:
        return Side.REQUESTER
    return Side.SUPPLIER if org == submission.supplier.id else None


@dataclass
class _Folding:
    """The state while it is being folded; nothing outside this module sees it."""

    stage: Stage = Stage.READY
    submission: RequestSubmitted | None = None
    submission_event: Event | None = None
    submissions: list[Event] = field(default_factory=list)
    questions: dict[EventId, Question] = field(default_factory=dict)
    approval: RequestApproved | None = None
    closing: Body | None = None
    agreement: AgreementState | None = None
    history: list[HistoryLine] = field(default_factory=list)

    def take(self, event: Event) -> None:
        effect, reason = self._judge(event)
        self.history.append(HistoryLine(event, effect, self.stage, reason))

    def _judge(self, event: Event) -> tuple[Effect, str]:
        body = event.body
        first = body if isinstance(body, RequestSubmitted) and self.submission is None else self.submission
        if first is None:
            return Effect.CROSSED, "before-submission"
        side = _side(first, event.org)
        if side is None:
            return Effect.CROSSED, "not-a-party"
        reason = self._contradiction(event, first)
        if reason:
            return Effect.CROSSED, reason
        fact = self._fact(event)
        if fact is None:
            return Effect.NOTED, ""
        row = row_for(self.stage, fact, side)
        if row is None:
            if isinstance(body, QuestionAnswered) and side is Side.REQUESTER:
                self._keep(event)  # a reply that arrives after the decision is still a reply
                return Effect.NOTED, ""
            if fact in _HARMLESS_TWICE and side is Side.SUPPLIER:
                return Effect.NOTED, ""
            return Effect.CROSSED, "not-in-stage"
        self.stage = row.to
        self._keep(event)
        return Effect.MOVED, ""

    def _contradiction(self, event: Event, first: RequestSubmitted) -> str:
        """Why the event cannot be meant, whatever the stage; empty when it can."""
        match event.body:
            case RequestSubmitted() as body if (body.requester.id, body.supplier.id) != (
                first.requester.id,
                first.supplier.id,
            ):
                return "other-parties"
            case SignOffAsked() | SignOffGiven():
                return "internal"
            case QuestionAnswered(asked=asked):
                question = self.questions.get(asked)
                if question is None:
                    return "no-such-question"
                return "" if question.is_open else "already-answered"
            case AgreementSigned(agreement=agreement, sha256=digest):
                if self.agreement is None or (agreement, digest) != (self.agreement.event, self.agreement.body.sha256):
                    return "other-agreement"
                return "already-signed" if self.agreement.signed_by(event.org) else ""
            case _:
                return ""

    def _fact(self, event: Event) -> Fact | None:
        match event.body:
            case QuestionAnswered(asked=asked):
                others_open = any(q.is_open for event_id, q in self.questions.items() if event_id != asked)
                return Fact.ANSWERED if others_open else Fact.ALL_ANSWERED
            case AgreementSigned() if self.agreement is not None:
                return Fact.ALL_SIGNED if self.agreement.signatures else Fact.SIGNED
            case body:
                return FACTS.get(type(body))

    def _keep(self, event: Event) -> None:
        match event.body:
            case RequestSubmitted() as body:
                self.submission, self.submission_event = body, event
                self.submissions.append(event)
                self.approval = None
            case QuestionAsked() as body:
                self.questions[event.id] = Question(event, body)
            case QuestionAnswered(asked=asked) as body:
                question = self.questions[asked]
                self.questions[asked] = Question(question.asked, question.body, event, body)
            case RequestApproved() as body:
                self.approval = body
            case AgreementDrafted() as body:
                self.agreement = AgreementState(event.id, body, event.org)
            case AgreementSigned() as body if self.agreement is not None:
                signed = (*self.agreement.signatures, (event.org, event, body))
                self.agreement = AgreementState(
                    self.agreement.event, self.agreement.body, self.agreement.drafted_by, signed
                )
            case (
                RequestReturned() | RequestRejected() | RequestReferred() | RequestWithdrawn() | SharingClosed() as body
            ):
                self.closing = body
            case _:
                pass
