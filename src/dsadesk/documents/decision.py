"""The letter that tells the requester what the supplier decided, and why. Source of what it covers: ICO data sharing code, annex B."""

from __future__ import annotations

from dsadesk.documents.building import bullets, day_of, facts, line, paragraphs, quotes
from dsadesk.documents.layout import Block, Document, Heading, Paragraph
from dsadesk.documents.reading import Reading
from dsadesk.documents.wording import clean
from dsadesk.domain.events import (
    Body,
    Event,
    RequestApproved,
    RequestReferred,
    RequestRejected,
    RequestReturned,
    RequestSubmitted,
)
from dsadesk.domain.organisation import Official
from dsadesk.domain.request import Effect, RequestState
from dsadesk.errors import RuleError
from dsadesk.questions.model import QuestionSet

Decision = RequestApproved | RequestReturned | RequestRejected | RequestReferred


def decision_letter(state: RequestState, questions: QuestionSet) -> Document:
    """The letter on the latest decision about the request as it was last sealed. It bears the day of the decision, so both sides have the same.

    Raises: RuleError("no-decision") while the supplier has not decided.
    """
    event = decision_of(state)
    if event is None:
        raise RuleError("no-decision")
    body = event.body
    reading = Reading(questions, state.answers)
    blocks: list[Block] = [*_opening(state, event)]
    match body:
        case RequestApproved():
            blocks += _approved(state, body)
        case RequestReturned():
            blocks += _returned(state, body, reading)
        case RequestRejected():
            blocks += _rejected(state, body)
        case RequestReferred():
            blocks += _referred(state, body)
        case _:  # pragma: no cover - decision_of returns no other
            raise RuleError("no-decision")
    blocks += _asked_for(state, reading)
    submission = state.submission
    return Document(
        kind="decision",
        title=line(submission.title, "Untitled request"),
        subtitle=_subtitle(body),
        reference=line(submission.reference, ""),
        version=0,
        marking=submission.marking,
        language="en",
        blocks=tuple(blocks),
    )


def decision_of(state: RequestState) -> Event | None:
    """The supplier's latest decision about the request as it was last sealed, or nothing while there is none."""
    for entry in reversed(state.history):
        if entry.effect is not Effect.MOVED:
            continue
        if isinstance(entry.event.body, RequestSubmitted):
            break
        if isinstance(entry.event.body, Decision):
            return entry.event
    return None


def _subtitle(body: Body) -> str:
    words = {
        RequestApproved: "Decision: agreed in principle",
        RequestReturned: "Decision: returned for changes",
        RequestRejected: "Decision: refused",
    }
    return words.get(type(body), "Decision: not ours to decide")


def _opening(state: RequestState, event: Event) -> list[Block]:
    body = event.body
    decided_by = body.decided_by if isinstance(body, RequestApproved | RequestRejected) else event.by
    return list(
        facts(
            [
                ("To", state.requester.name),
                ("From", state.supplier.name),
                ("Your request", f"{state.submission.reference}, sealed on {day_of(state.submission_event.at)}"),
                ("Decided on", day_of(event.at)),
                ("Decided by", _person(decided_by)),
            ]
        )
    )


def _approved(state: RequestState, body: RequestApproved) -> list[Block]:
    supplier = _name(state)
    conditions = [text for text in map(clean, body.conditions) if text]
    blocks: list[Block] = [
        Heading(1, "What we decided"),
        Paragraph(f"{supplier} agrees in principle to share the data that you asked for."),
        *_reasons(body.reasons),
    ]
    if conditions:
        blocks += [
            Heading(1, "Our conditions"),
            Paragraph("We agree only if each of these is met:"),
            *bullets(conditions),
        ]
    blocks += [
        Heading(1, "What happens next"),
        Paragraph(
            "Agreed in principle does not mean that the data may move. First we both settle an agreement. It is drawn up from "
            "your answers, our questions and the conditions above, and sharing can begin once a signatory on each side has "
            "signed it."
        ),
    ]
    return blocks


def _returned(state: RequestState, body: RequestReturned, reading: Reading) -> list[Block]:
    changes = [text for text in map(clean, body.changes) if text]
    named = [reading.label(change) if reading.knows(change) else change for change in changes]
    blocks: list[Block] = [
        Heading(1, "What we decided"),
        Paragraph(f"{_name(state)} cannot decide on the request as it stands. It comes back to you for changes."),
        *_reasons(body.reasons),
    ]
    if named:
        blocks += [Heading(1, "What has to change"), *bullets(named)]
    blocks += [
        Heading(1, "What happens next"),
        Paragraph(
            "Your answers are all still there. Change what is needed and seal the request again. We then go on from where we "
            "stopped, and look at what is different."
        ),
    ]
    return blocks


def _rejected(state: RequestState, body: RequestRejected) -> list[Block]:
    blocks: list[Block] = [
        Heading(1, "What we decided"),
        Paragraph(f"{_name(state)} does not agree to share the data that you asked for."),
        *_reasons(body.reasons),
    ]
    if clean(body.alternatives):
        blocks += [Heading(1, "What we can offer"), *paragraphs(body.alternatives)]
    blocks += [
        Heading(1, "If you disagree"),
        Paragraph(
            f"Write to {_person(body.decided_by) or _name(state)}, give the reference above, and say what you think we got wrong "
            "or did not know. You can also make a new request that meets our reasons."
        ),
    ]
    return blocks


def _referred(state: RequestState, body: RequestReferred) -> list[Block]:
    owner = line(body.owner, "another organisation")
    return [
        Heading(1, "What we decided"),
        Paragraph(
            f"{_name(state)} does not own the data that you asked for, so it cannot decide. The owner is {owner}."
        ),
        *_reasons(body.reasons),
        Heading(1, "What happens next"),
        Paragraph(f"This request ends here. You can use its answers to start a new one for {owner}."),
    ]


def _reasons(reasons: str) -> list[Block]:
    said = list(quotes(reasons))
    return [Heading(1, "Why"), *said] if said else []


def _asked_for(state: RequestState, reading: Reading) -> list[Block]:
    dataset = state.submission.dataset
    rows = [
        ("Data", dataset.title if dataset else ""),
        ("What it is for", reading.words("purpose.summary") or reading.words("purpose.aim")),
        ("The data holds", reading.words("least.contains")),
        ("What would be given", reading.words("least.way")),
        ("How often", reading.words("least.rhythm")),
        ("Power you relied on", reading.words("legal.power_ref") or reading.words("legal.power")),
        ("Power named for us", reading.words("legal.gateway")),
        ("Your lawful basis", reading.words("protection.basis")),
        ("Impact assessment", reading.words("protection.dpia_status")),
        ("Kept until", reading.words("keeping.until")),
        ("Questions we asked", str(len(state.questions)) if state.questions else ""),
    ]
    return [Heading(1, "What you asked for"), *facts(rows)]


def _name(state: RequestState) -> str:
    return line(state.supplier.name, "The supplier")


def _person(official: Official) -> str:
    return clean(", ".join(part for part in (official.name, official.post) if part), one_line=True)
