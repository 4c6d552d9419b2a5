"""What came of sending and fetching, in words: what went, what came, what was held back, what is not whole yet, what failed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from dsadesk.domain.ids import RequestId
from dsadesk.errors import StoreRefusedError
from dsadesk.ports import DeliveryState, QuarantinedBundle
from dsadesk.services.exchanging import Exchange, Problem
from dsadesk.services.keeping_cards import card_names
from dsadesk.services.session import Session
from dsadesk.services.store_checks import worse_stores
from dsadesk.services.taking_in import TakenIn
from dsadesk.services.wording import (
    count_words,
    evidence_sentences,
    explain,
    explain_quarantined,
    plain,
)
from dsadesk.services.wording.stores import worse_sentence
from dsadesk.ui.presenters.delivery_words import whom_words
from dsadesk.ui.presenters.frame import Page
from dsadesk.ui.vocabulary import Tone

_GONE = frozenset({DeliveryState.COMMITTED, DeliveryState.DELIVERED})


@dataclass(frozen=True)
class ResultLine:
    """One thing that came of an exchange, and where it leads."""

    tone: Tone
    sentence: str
    details: str = ""
    request: RequestId | None = None
    page: Page | None = None


@dataclass(frozen=True)
class ExchangeResult:
    """What came of an exchange."""

    title: str
    tone: Tone
    lines: tuple[ResultLine, ...]


_CAME: Mapping[str, str] = {
    "RequestSubmitted": "A request",
    "RequestReceived": "A confirmation that your request arrived",
    "AssessmentStarted": "News that the assessment has begun",
    "QuestionAsked": "A question",
    "QuestionAnswered": "A reply to a question",
    "RemarkMade": "A remark",
    "RequestReturned": "Your request, returned for changes",
    "RequestApproved": "An agreement in principle",
    "RequestRejected": "A refusal",
    "RequestReferred": "A referral elsewhere",
    "RequestWithdrawn": "A withdrawal",
    "AgreementDrafted": "The text of an agreement",
    "AgreementSigned": "A signature under an agreement",
    "SharingStarted": "News that sharing has started",
    "SharingSuspended": "News that sharing is paused",
    "SharingResumed": "News that sharing goes on",
    "AmendmentProposed": "A proposal to change an agreement",
    "RenewalProposed": "A proposal to renew an agreement",
    "SignOffAsked": "A draft to sign off",
    "SignOffGiven": "An answer about a sign-off",
    "SharingClosed": "The certificate that sharing has ended",
}


def result_of(session: Session, done: Exchange) -> ExchangeResult:
    """Put what came of an exchange into words: what went, what came, what was held back, what is not whole yet, what failed."""
    now = session.world.clock.now().astimezone()
    lines = [*problem_lines(session, done.problems), *held_lines(session, done.quarantined)]
    lines += [taken_line(session, taken, now) for taken in done.taken]
    if done.incomplete:
        sentence = count_words(
            len(done.incomplete), "# delivery is not all there yet.", "# deliveries are not all there yet."
        )
        lines.append(ResultLine(Tone.INFO, sentence, "It is still on its way into your inbox. Fetch again later."))
    sent = [item for item in done.sent if item.state in _GONE]
    for org in dict.fromkeys(item.org for item in sent):
        many = sum(item.org == org for item in sent)
        whom = whom_words(session, org)
        lines.append(
            ResultLine(Tone.GOOD, count_words(many, f"# delivery went to {whom}.", f"# deliveries went to {whom}."))
        )
    return ExchangeResult(_title(done, len(sent)), _tone(done), tuple(lines))


def taken_line(session: Session, taken: TakenIn, now: datetime) -> ResultLine:
    """Put a bundle that was taken in into words, with who signed it and how that is known."""
    what = next((_CAME[name] for name in reversed(taken.event_types) if name in _CAME), "")
    row = session.vault.projections.get(taken.request)
    about = f" about “{plain(row.title, 120)}”" if row is not None else ""
    is_ours = taken.evidence.org.id == session.profile.organisation.id
    sender = plain(taken.evidence.official.name if is_ours else taken.evidence.org.name)
    sentence = f"{what or 'A receipt'} came from {sender}{about}."
    details = " ".join(evidence_sentences(taken.evidence, now, warnings=taken.warnings))
    minded = bool(taken.evidence.warnings or taken.warnings)
    return ResultLine(Tone.WARN if minded else Tone.GOOD, sentence, details, request=taken.request)


def held_lines(session: Session, held: Sequence[QuarantinedBundle]) -> list[ResultLine]:
    """Put what was held back into words."""
    lines = []
    for each in held:
        said = explain_quarantined(each, own=session.profile.organisation.id, name_of=card_names(session))
        lines.append(ResultLine(Tone.BAD, said.what, said.todo, page=Page.INBOX))
    return lines


def problem_lines(session: Session, problems: Sequence[Problem]) -> list[ResultLine]:
    """Put what failed into words, the same fault said once for all that it stopped."""
    own, named = session.profile.organisation.id, card_names(session)
    lines: dict[tuple[str, str], ResultLine] = {}
    for problem in problems:
        said = explain(problem.error, own=own, name_of=named)
        where = "Fetching" if problem.about == own else f"Sending to {plain(named(problem.about))}"
        page = Page.SETTINGS if isinstance(problem.error, StoreRefusedError) else None
        lines[where, said.what] = ResultLine(Tone.BAD, f"{where}: {said.what}", said.todo, page=page)
    return list(lines.values())


def worse_lines(session: Session) -> list[ResultLine]:
    """Put into words what stores do less than they did, as far as nobody has tried them since."""
    return [
        ResultLine(Tone.WARN, worse_sentence(address), " ".join(said), page=Page.SETTINGS)
        for address, said in worse_stores(session).items()
    ]


def _title(done: Exchange, sent: int) -> str:
    parts = []
    if sent:
        parts.append(f"{sent} sent")
    if done.taken:
        parts.append(f"{len(done.taken)} came in")
    if done.quarantined:
        parts.append(f"{len(done.quarantined)} held back")
    if done.incomplete:
        parts.append(f"{len(done.incomplete)} not whole yet")
    if done.problems:
        parts.append(count_words(len(done.problems), "# problem", "# problems"))
    return ", ".join(parts) if parts else "Nothing to send and nothing new"


def _tone(done: Exchange) -> Tone:
    if done.problems or done.quarantined:
        return Tone.BAD
    return Tone.GOOD if done.sent or done.taken else Tone.NEUTRAL
