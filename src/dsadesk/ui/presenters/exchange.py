"""Sending and fetching: what waits and why, one button, and what came of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from dsadesk.domain.ids import BoxId, BundleId, RequestId
from dsadesk.errors import CardError, DsadeskError, RuleError
from dsadesk.ports import DeliveryState, OutboxItem, QuarantinedBundle
from dsadesk.services.changes import Changes
from dsadesk.services.delivering import Deliverer
from dsadesk.services.exchanging import Exchange, TakenIn
from dsadesk.services.keeping_cards import address_of, card_names, partner_card
from dsadesk.services.session import Session
from dsadesk.services.wording import (
    Explanation,
    count_words,
    delivery_tone,
    delivery_words,
    duration_words,
    evidence_sentences,
    explain,
    explain_quarantined,
    kind_words,
    plain,
    problem_words,
    size_words,
)
from dsadesk.services.wording import on as said_on
from dsadesk.sync.shown import Going, Shown
from dsadesk.ui.presenters.frame import Frame, Page, Place
from dsadesk.ui.presenters.request_shown import where_words, whom_words
from dsadesk.ui.vocabulary import Tone

INBOX_PART = "inbox"
_MOST_SENT = 30
_GONE = frozenset({DeliveryState.COMMITTED, DeliveryState.DELIVERED})


@dataclass(frozen=True)
class WaitingItem:
    """One delivery as the page shows it. `why` says what keeps it from going, where something does."""

    bundle: BundleId
    box: BoxId
    title: str
    whom: str
    status: str
    tone: Tone
    sentence: str
    why: str
    request: RequestId | None


@dataclass(frozen=True)
class ExchangeFacts:
    """What the page shows before anything is pressed."""

    waiting: tuple[WaitingItem, ...]
    sent: tuple[WaitingItem, ...]
    summary: str
    inbox: str
    has_inbox: bool
    can_set_inbox: bool
    is_admitted: bool


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


@dataclass(frozen=True)
class ProgressShown:
    """How far a delivery is."""

    sentence: str
    done: int
    total: int


class ExchangePage(Protocol):
    """What the presenter asks of the page."""

    def show_facts(self, facts: ExchangeFacts) -> None:
        """Show what waits, and where the inbox is."""

    def show_working(self, sentence: str) -> None:
        """Say that it is going on, and call `tick` now and then; nothing when it is over."""

    def show_progress(self, progress: ProgressShown) -> None:
        """Show how far a delivery is."""

    def show_paused(self, *, paused: bool) -> None:
        """Show whether sending is paused, and offer the other."""

    def show_result(self, result: ExchangeResult) -> None:
        """Show what came of it."""

    def show_error(self, explanation: Explanation | None) -> None:
        """Say what went wrong, or take it back."""

    def show_notice(self, sentence: str) -> None:
        """Say what was done."""

    def ask_inbox(self) -> None:
        """Have a place chosen for the inbox."""


class ExchangePresenter:
    """Shows the outbox, sends and fetches."""

    def __init__(self, view: ExchangePage, frame: Frame) -> None:
        self._view = view
        self._frame = frame
        self._is_working = False
        self._deliverer: Deliverer | None = None

    def open(self, part: str = "") -> None:
        """Show what waits. `part` may ask for the inbox's folder to be chosen."""
        self._load(lambda: self._view.ask_inbox() if part == INBOX_PART else None)

    def refresh(self, changes: Changes) -> None:
        """Show it anew when something went or came."""
        if (changes.outbox or changes.cards or changes.requests) and not self._is_working:
            self._load()

    def exchange(self) -> None:
        """Send everything that waits and take in everything that has come."""
        if self._is_working:
            return
        session, deliverer = self._frame.desk.session, self._frame.deliverer()
        self._is_working, self._deliverer = True, deliverer
        deliverer.controls.resume()
        self._view.show_error(None)
        self._view.show_working("Sending what waits and fetching what has come…")

        def work() -> ExchangeResult:
            done = deliverer.round()
            return deliverer.post(lambda: result_of(session, done))

        def done(result: ExchangeResult) -> None:
            self._over()
            self._view.show_result(result)
            self._frame.announce(result.title)
            self._load()

        def failed(explanation: Explanation) -> None:
            self._over()
            self._failed(explanation)
            self._load()

        self._frame.deliver(work, done, failed)

    def pause(self) -> None:
        """Stop sending where it is, or go on. Fetching is never paused."""
        if self._deliverer is None:
            return
        controls = self._deliverer.controls
        if controls.is_paused:
            controls.resume()
        else:
            controls.pause()
        self._view.show_paused(paused=controls.is_paused)
        self._frame.announce("Sending is paused." if controls.is_paused else "Sending goes on.")

    def stop(self) -> None:
        """End this exchange. What waits is kept, and sending again goes on from where it was."""
        if self._deliverer is not None:
            self._deliverer.controls.cancel()

    def tick(self) -> None:
        """Show how far it is. The page calls this while it works; what it reads is one reference, put there by the work."""
        if not self._is_working or self._deliverer is None:
            return
        progress = progress_of(self._deliverer.shown)
        if progress is not None:
            self._view.show_progress(progress)

    def follow(self, line: ResultLine) -> None:
        """Go where a line of the result leads."""
        if line.request is not None:
            self._frame.go(Place(Page.REQUEST, request=line.request))
        elif line.page is not None:
            self._frame.go(Place(line.page))

    def open_request(self, request: RequestId) -> None:
        """Go to the request of a delivery."""
        self._frame.go(Place(Page.REQUEST, request=request))

    def _over(self) -> None:
        self._is_working, self._deliverer = False, None
        self._view.show_working("")

    def _load(self, then: Callable[[], None] = lambda: None) -> None:
        session = self._frame.desk.session

        def done(facts: ExchangeFacts) -> None:
            self._view.show_facts(facts)
            then()

        self._frame.work(lambda: facts_of(session), done, self._failed)

    def _failed(self, explanation: Explanation) -> None:
        self._view.show_error(explanation)
        self._frame.announce(explanation.what)


def progress_of(shown: Sequence[Shown]) -> ProgressShown | None:
    """Put how far the sending is into words: the first item that moves, else why the first one waits."""
    unfinished = [each for each in shown if each.going not in (Going.SENT, Going.STOPPED)]
    first = next((each for each in unfinished if each.going is Going.MOVING), next(iter(unfinished), None))
    if first is None:
        return None
    sentence = f"{kind_words(first.kind)}: {size_words(first.done)} of {size_words(first.total)}"
    if first.going is Going.PAUSED:
        sentence += ", paused"
    elif first.why:
        sentence += f". It is tried again by itself: {problem_words(first.why)}"
    elif first.seconds_left is not None:
        sentence += f", about {duration_words(first.seconds_left)} left"
    return ProgressShown(sentence, first.done, max(1, first.total))


# ---------------------------------------------------------------- what waits


def facts_of(session: Session) -> ExchangeFacts:
    """Return what waits, oldest first, and what went lately."""
    now = session.world.clock.now().astimezone()
    unfinished = session.vault.outbox.unfinished()
    gone = [item for item in session.vault.outbox.all() if item.state in _GONE and item.kind != "receipt"]
    newest = sorted(gone, key=lambda item: item.changed_at, reverse=True)[:_MOST_SENT]
    titles = _titles(session, [*unfinished, *newest])
    inbox = _own_address(session)
    return ExchangeFacts(
        waiting=tuple(_waiting(session, item, titles, now) for item in unfinished),
        sent=tuple(_waiting(session, item, titles, now) for item in newest),
        summary=_summary(unfinished, newest, now),
        inbox=inbox,
        has_inbox=bool(inbox),
        can_set_inbox=session.organisation is not None,
        is_admitted=session.inbox is not None,
    )


def _waiting(session: Session, item: OutboxItem, titles: Mapping[RequestId, str], now: datetime) -> WaitingItem:
    title = titles.get(item.request, "") if item.request is not None else ""
    return WaitingItem(
        bundle=item.id,
        box=item.box,
        title=f"{kind_words(item.kind)}: {plain(title, 120)}" if title else kind_words(item.kind),
        whom=whom_words(session, item.org),
        status=delivery_words(item.state),
        tone=Tone(delivery_tone(item.state)),
        sentence=where_words(session, item, now),
        why=_why(session, item),
        request=item.request,
    )


def _why(session: Session, item: OutboxItem) -> str:
    """What will keep an item from going when it is tried now, as far as can be told without trying."""
    if item.state in _GONE:
        return ""
    try:
        partner_card(session, item.org)
        address_of(session, item.org)
    except (RuleError, CardError) as error:
        said = explain(error, own=session.profile.organisation.id, name_of=card_names(session))
        return f"{said.what} {said.todo}"
    return ""


def _titles(session: Session, items: Sequence[OutboxItem]) -> dict[RequestId, str]:
    wanted = {item.request for item in items if item.request is not None}
    return {row.request: row.title for row in session.vault.projections.rows(sorted(wanted))}


def _own_address(session: Session) -> str:
    try:
        return address_of(session, session.profile.organisation.id)
    except DsadeskError:
        return ""


def _summary(unfinished: Sequence[OutboxItem], gone: Sequence[OutboxItem], now: datetime) -> str:
    if unfinished:
        waits = count_words(
            len(unfinished), "# sealed delivery waits to be sent", "# sealed deliveries wait to be sent"
        )
        return f"{waits}, the oldest sealed {said_on(unfinished[0].created_at, now)}."
    if gone:
        return f"Nothing waits to be sent. The last delivery went {said_on(gone[0].changed_at, now)}."
    return "Nothing waits to be sent."


# ---------------------------------------------------------------- what came of it

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
    lines = [*problem_lines(session, done), *held_lines(session, done.quarantined)]
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


def problem_lines(session: Session, done: Exchange) -> list[ResultLine]:
    """Put what failed into words, the same fault said once for all that it stopped."""
    own, named = session.profile.organisation.id, card_names(session)
    lines: dict[tuple[str, str], ResultLine] = {}
    for problem in done.problems:
        said = explain(problem.error, own=own, name_of=named)
        where = "Fetching" if problem.about == own else f"Sending to {plain(named(problem.about))}"
        lines[where, said.what] = ResultLine(Tone.BAD, f"{where}: {said.what}", said.todo)
    return list(lines.values())


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
