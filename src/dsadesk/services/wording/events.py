"""What each event says, who said it, and its parts under labels; and what is wrong with events that had no effect or broke a chain."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from msgspec import UNSET

from dsadesk.domain.events import (
    AgreementDrafted,
    AgreementSigned,
    AmendmentDropped,
    AmendmentProposed,
    AssessmentStarted,
    Body,
    Event,
    ExpiryNoticed,
    HeadsJoined,
    QuestionAnswered,
    QuestionAsked,
    RemarkMade,
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
    UnknownBody,
)
from dsadesk.domain.events import Dataset as DatasetRecord
from dsadesk.domain.organisation import Official, Organisation
from dsadesk.domain.request import ChainFault, Effect, HistoryLine, RequestState
from dsadesk.services.wording.dates import day_of
from dsadesk.services.wording.filling import fill
from dsadesk.services.wording.plain import LABEL_LIMIT, NAME_LIMIT, TEXT_LIMIT, plain
from dsadesk.services.wording.sign_offs import statement_sentence, unsigned_sentence

LabelOf = Callable[[str], str]
"""A question's own words by its id. What it does not know it gives back as it came."""

Details = tuple[tuple[str, str], ...]

_MOST_DETAILS = 200
_SAID: Mapping[type[Body], str] = {
    RequestReceived: "{who} received the request whole.",
    AssessmentStarted: "{who} began to assess the request.",
    RequestReturned: "{who} returned the request for changes.",
    RequestApproved: "{who} agreed in principle.",
    RequestRejected: "{who} refused the request.",
    RequestWithdrawn: "{who} withdrew the request.",
    AgreementDrafted: "{who} drafted version {version} of the agreement.",
    AgreementSigned: "{who} signed the agreement.",
    SharingStarted: "{who} said that sharing has started.",
    SharingSuspended: "{who} paused sharing.",
    SharingResumed: "{who} resumed sharing.",
    AmendmentProposed: "{who} proposed a change to the agreement.",
    AmendmentDropped: "{who} dropped the proposal, and the agreement stands as it was.",
    RenewalProposed: "{who} proposed to renew the agreement.",
    SharingClosed: "{who} closed the sharing and said what happened to the data.",
    SignOffAsked: "{who} asked a colleague for a sign-off.",
    SignOffGiven: "{who} answered a colleague who asked for a sign-off.",
    HeadsJoined: "{who} joined two lines of events that were made apart.",
}
_OTHERWISE: Mapping[str, str] = {
    "submitted-first": "{who} sealed the request for {supplier}.",
    "submitted-again": "{who} sealed version {version} of the request for {supplier}.",
    "assessing-other": "{who} said that {handler} has begun to assess the request.",
    "asked-about": "{who} asked about “{question}”.",
    "asked-whole": "{who} asked about the request as a whole.",
    "replied": "{who} replied to a question.",
    "replied-about": "{who} replied about “{question}”.",
    "replied-whole": "{who} replied about the request as a whole.",
    "revised": "{who} replied to a question and changed the answer.",
    "revised-about": "{who} replied about “{question}” and changed the answer.",
    "remark": "{who} made a remark.",
    "remark-about": "{who} made a remark about “{question}”.",
    "approved-with": "{who} agreed in principle, with {count:# condition|# conditions}.",
    "referred": "{who} referred the request to {owner}.",
    "referred-nowhere": "{who} referred the request elsewhere.",
    "expiry": "{who} noted that the agreement ends on {day}.",
    "expiry-undated": "{who} noted that the agreement is about to end.",
    "unknown": "{who} said something of the type “{type}”, which this version of dsadesk does not know.",
}
_WHO = "{name} ({organisation})"
_NAMELESS = "Someone without a name"

_CROSSED: Mapping[str, str] = {
    "already-answered": "It had no effect, because the question had been replied to already.",
    "already-signed": "It had no effect, because that organisation had signed this text already.",
    "internal": "It had no effect, because sign-offs are said within an organisation and not here.",
    "before-submission": "It had no effect, because the request had not been sealed yet.",
    "no-such-question": "It had no effect, because no such question had been asked.",
    "not-a-party": "It had no effect, because its author is neither the requester nor the supplier.",
    "not-in-stage": "It had no effect, because the request had moved on when this fell.",
    "other-agreement": "It had no effect, because it is about another text than the agreement as it then stood.",
    "other-parties": "It had no effect, because it names other parties than the request.",
}
_CROSSED_OTHERWISE = "It had no effect, because the rules did not allow it there."

_FAULTS: Mapping[str, str] = {
    "gap": "Entry {seq} from the laptop {device} has not arrived yet, and what follows it may be incomplete.",
    "fork": "The laptop {device} has signed two different entries as number {seq}, so ask its owner whether it was restored from a copy.",
    "broken": "Entry {seq} from the laptop {device} does not follow on from the one before it, so ask its owner what happened.",
}
_FAULT_OTHERWISE = "Something is wrong with entry {seq} from the laptop {device}."

_LABELS: Mapping[str, str] = {
    "about": "About",
    "agreement-version": "Version",
    "alternatives": "What else could be done",
    "answer": "Changed answer",
    "certificate": "What happened to the data",
    "change": "To change",
    "condition": "Condition",
    "dataset": "Dataset",
    "decided-by": "Decided by",
    "ends-on": "Ends on",
    "fingerprint": "Fingerprint of the text",
    "handler": "Handled by",
    "marking": "Marking",
    "no-effect": "No effect",
    "note": "Note",
    "owner": "Ask instead",
    "question": "Question",
    "reasons": "Reasons",
    "reference": "Reference",
    "remark": "Remark",
    "reply": "Reply",
    "sample": "Sample",
    "signatory": "Signed by",
    "sign-off": "Signed off",
    "title": "Title",
    "unknown-field": "Not known to this version",
    "unknown-fields": "Also signed, but not known to this version",
    "unknown-type": "Type",
    "version": "Version",
    "without": "Not signed off",
}
_OFFICIAL = "{name}, {post}"
_YES, _NO, _CLEARED = "Yes", "No", "No answer"


@dataclass(frozen=True)
class Parties:
    """Who the two sides are, by names that the reader knows them by, and which question each `QuestionAsked` was about."""

    requester: Organisation
    supplier: Organisation
    asked: Mapping[str, str]

    @classmethod
    def of(cls, state: RequestState) -> Parties:
        """The parties as the request itself names them."""
        return cls(
            state.requester, state.supplier, {question.asked.id: question.body.question for question in state.questions}
        )

    def name(self, org: str) -> str:
        """An organisation's name, or its identifier when it is neither party."""
        known = next((party.name for party in (self.requester, self.supplier) if party.id == org), "")
        return plain(known, NAME_LIMIT) or plain(org, NAME_LIMIT)


def event_sentence(event: Event, state_or_parties: RequestState | Parties, question_label: LabelOf) -> str:
    """Who said what, in one sentence: the official by name, with the organisation."""
    parties = Parties.of(state_or_parties) if isinstance(state_or_parties, RequestState) else state_or_parties
    who = _WHO.format(name=plain(event.by.name, NAME_LIMIT) or _NAMELESS, organisation=parties.name(event.org))
    sentence, fields = _sentence(event, parties, question_label)
    return fill(sentence, {"who": who, **fields})


def _sentence(event: Event, parties: Parties, label_of: LabelOf) -> tuple[str, Mapping[str, Any]]:
    match event.body:
        case RequestSubmitted(version=version):
            name = "submitted-again" if version > 1 else "submitted-first"
            return _OTHERWISE[name], {"version": version, "supplier": plain(parties.supplier.name, NAME_LIMIT)}
        case AssessmentStarted(handler=handler) if handler and plain(handler) != plain(event.by.name):
            return _OTHERWISE["assessing-other"], {"handler": plain(handler, NAME_LIMIT)}
        case QuestionAsked(question=question):
            return _OTHERWISE["asked-about" if question else "asked-whole"], {"question": _label(question, label_of)}
        case QuestionAnswered(asked=asked, answer=answer):
            about = parties.asked.get(asked)
            name = "replied" if answer is UNSET else "revised"
            if about:
                return _OTHERWISE[f"{name}-about"], {"question": _label(about, label_of)}
            return _OTHERWISE["replied-whole" if about == "" and answer is UNSET else name], {}
        case RemarkMade(about=about):
            return _OTHERWISE["remark-about" if about else "remark"], {"question": _label(about, label_of)}
        case RequestApproved(conditions=conditions) if conditions:
            return _OTHERWISE["approved-with"], {"count": len(conditions)}
        case RequestReferred(owner=owner):
            return _OTHERWISE["referred" if plain(owner) else "referred-nowhere"], {"owner": plain(owner, NAME_LIMIT)}
        case AgreementDrafted(version=version):
            return _SAID[AgreementDrafted], {"version": version}
        case ExpiryNoticed(ends_on=ends_on):
            return _OTHERWISE["expiry" if day_of(ends_on) else "expiry-undated"], {"day": day_of(ends_on)}
        case body if type(body) in _SAID:
            return _SAID[type(body)], {}
        case _:
            return _OTHERWISE["unknown"], {"type": plain(event.type, NAME_LIMIT)}


# ---------------------------------------------------------------- details


def event_details(event: Event, question_label: LabelOf) -> Details:
    """Everything else that the event says, as label and text, in the order to read it. Empty parts are left out."""
    found = [*_body_details(event, question_label)]
    if event.unknown_fields:
        found.append(("unknown-fields", ", ".join(event.unknown_fields)))
    return tuple((_LABELS[name], shown) for name, text in found[:_MOST_DETAILS] if (shown := _text(text)))


def line_details(line: HistoryLine, question_label: LabelOf) -> Details:
    """The details of an event in its place in the history: that it had no effect, and why, comes first."""
    details = event_details(line.event, question_label)
    if line.effect is Effect.CROSSED:
        return ((_LABELS["no-effect"], crossed_sentence(line.reason)), *details)
    return details


def crossed_sentence(reason: str) -> str:
    """Why an event had no effect."""
    return _CROSSED.get(reason, _CROSSED_OTHERWISE)


def fault_sentence(fault: ChainFault) -> str:
    """What is wrong in one laptop's chain of events. The laptop goes by the beginning of its identifier."""
    return fill(_FAULTS.get(fault.kind, _FAULT_OTHERWISE), {"seq": fault.seq, "device": fault.device[:8]})


def _body_details(event: Event, label_of: LabelOf) -> list[tuple[str, str]]:  # noqa: C901, PLR0912 - one row a type
    match event.body:
        case RequestSubmitted() as body:
            return _submission_details(body)
        case AssessmentStarted(handler=handler):
            return [("handler", handler)]
        case QuestionAsked(question=question, text=text):
            return [("about", _label(question, label_of)), ("question", text)]
        case QuestionAnswered(text=text, answer=answer):
            changed = [] if answer is UNSET else [("answer", answer_text(answer))]
            return [("reply", text), *changed]
        case RemarkMade(about=about, text=text):
            return [("about", _label(about, label_of)), ("remark", text)]
        case RequestReturned(reasons=reasons, changes=changes):
            return [("reasons", reasons), *(("change", change) for change in changes)]
        case RequestApproved() as body:
            conditions = [("condition", condition) for condition in body.conditions]
            return [*conditions, ("reasons", body.reasons), ("decided-by", _official(body.decided_by))]
        case RequestRejected() as body:
            decided = ("decided-by", _official(body.decided_by))
            return [("reasons", body.reasons), ("alternatives", body.alternatives), decided]
        case RequestReferred(reasons=reasons, owner=owner):
            return [("owner", owner), ("reasons", reasons)]
        case AgreementDrafted(version=version, sha256=digest):
            return [("agreement-version", str(version)), ("fingerprint", digest)]
        case AgreementSigned(signatory=signatory, sha256=digest):
            return [("signatory", _official(signatory)), ("fingerprint", digest)]
        case ExpiryNoticed(ends_on=ends_on):
            return [("ends-on", day_of(ends_on) or ends_on)]
        case SharingClosed(certificate=certificate):
            return [("certificate", certificate)]
        case SharingStarted(note=note) | SharingResumed(note=note):
            return [("note", note)]
        case (
            RequestWithdrawn(reasons=reasons)
            | SharingSuspended(reasons=reasons)
            | AmendmentProposed(reasons=reasons)
            | AmendmentDropped(reasons=reasons)
            | RenewalProposed(reasons=reasons)
        ):
            return [("reasons", reasons)]
        case UnknownBody(content=content):
            fields = [("unknown-field", f"{name}: {answer_text(value)}") for name, value in content.items()]
            return [("unknown-type", event.type), *fields]
        case _:
            return []


def _submission_details(body: RequestSubmitted) -> list[tuple[str, str]]:
    dataset = body.dataset.title if isinstance(body.dataset, DatasetRecord) else ""
    return [
        ("reference", body.reference),
        ("title", body.title),
        ("version", str(body.version)),
        ("marking", body.marking.value),
        ("dataset", dataset),
        *(("sample", sample.name) for sample in body.samples),
        *(("sign-off", statement_sentence(statement)) for statement in body.sign_offs or ()),
        *(("without", unsigned_sentence(each)) for each in body.unsigned or ()),
    ]


def answer_text(value: Any) -> str:
    """An answer, or a part of an event that is not known here, as text: yes and no, lists by semicolons, tables by lines."""
    match value:
        case bool():
            return _YES if value else _NO
        case int():
            return f"{value:,}"
        case list() | tuple():
            is_table = any(isinstance(item, dict) for item in value)
            return ("\n" if is_table else "; ").join(answer_text(item) for item in value)
        case dict():
            return "; ".join(f"{name}: {answer_text(item)}" for name, item in value.items())
        case _:
            return str(value) or _CLEARED


def _official(official: Official) -> str:
    return _OFFICIAL.format(name=plain(official.name, NAME_LIMIT), post=plain(official.post, NAME_LIMIT))


def _label(question: str, label_of: LabelOf) -> str:
    return plain(label_of(question), LABEL_LIMIT) if question else ""


def _text(text: str) -> str:
    return plain(text, TEXT_LIMIT, keep_lines=True)
