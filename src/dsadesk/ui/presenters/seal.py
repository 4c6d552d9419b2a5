"""Check and seal: what is missing, what the supplier will look at twice, and exactly what is sealed and to whom."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Protocol

from dsadesk.bundle.identity import fingerprint_words
from dsadesk.bundle.trust import HowKnown, KnownCard
from dsadesk.domain.events import RequestSubmitted
from dsadesk.domain.ids import OrganisationId, RequestId
from dsadesk.errors import DsadeskError, RuleError
from dsadesk.ports import AttachedSample, Draft
from dsadesk.questions.visible import applicable
from dsadesk.services import drafting, sealing, signing_off
from dsadesk.services.changes import Changes
from dsadesk.services.exchanging import Exchange
from dsadesk.services.giving_roles import require_role
from dsadesk.services.keeping_cards import address_of, partner_card
from dsadesk.services.reading import require_draft, state_of
from dsadesk.services.session import Session
from dsadesk.services.wording import Explanation, day_of, explain, long_date, size_words
from dsadesk.ui.presenters import sign_off
from dsadesk.ui.presenters.form import Problem, problems, problems_of
from dsadesk.ui.presenters.frame import Frame, Page, Place
from dsadesk.ui.presenters.partners import ROLES
from dsadesk.ui.presenters.sign_off import ShownArea, areas_shown

_HOW: Mapping[str, str] = {"in-person": "in person", "phone": "by phone", "introducer": "through someone you both know"}
_ARRIVED: Mapping[HowKnown, str] = {
    HowKnown.IMPORTED: "it came in a file",
    HowKnown.INTRODUCED_ITSELF: "it came with a delivery",
}


@dataclass(frozen=True)
class Supplier:
    """Whom the request will be sealed to, and how we know that the key is theirs."""

    name: str
    identifier: str
    words: tuple[str, ...]
    checked: str
    is_checked: bool
    expires: str


@dataclass(frozen=True)
class Flagged:
    """Something in an answer that the supplier will look at twice."""

    question: str
    sentence: str


@dataclass(frozen=True)
class SealSheet:
    """Everything that the page says before the seal."""

    missing: tuple[Problem, ...]
    advised: tuple[Problem, ...]
    flags: tuple[Flagged, ...]
    contents: tuple[tuple[str, str], ...]
    supplier: Supplier | None
    hindrance: Explanation | None
    can_send: bool
    version: int
    sign_offs: tuple[ShownArea, ...] = ()

    @property
    def unsigned(self) -> int:
        """How many sign-offs are open without a reason to go without."""
        return sum(area.is_open and not area.reason for area in self.sign_offs)

    @property
    def can_seal(self) -> bool:
        """Whether nothing stands in the way but a reason to go without a sign-off, which may still be written."""
        return not self.missing and self.hindrance is None and self.supplier is not None


@dataclass(frozen=True)
class Sealed:
    """What was sealed, and what became of it."""

    request: RequestId
    reference: str
    title: str
    supplier: str
    is_sent: bool
    problem: Explanation | None = None
    is_on_its_way: bool = False


class SealPage(Protocol):
    """What the presenter asks of the page."""

    def show_sheet(self, sheet: SealSheet) -> None:
        """Show what is missing or what will be sealed."""

    def show_asked(self, sentence: str) -> None:
        """Say that a colleague is asked."""

    def show_busy(self, sentence: str) -> None:
        """Say what is being done; nothing when it is over."""

    def show_sealed(self, sealed: Sealed) -> None:
        """Say that it is sealed, and what now."""

    def show_error(self, explanation: Explanation | None) -> None:
        """Say what went wrong; nothing was sealed."""


class SealPresenter:
    """Looks at a draft once more, and seals it."""

    def __init__(self, view: SealPage, frame: Frame) -> None:
        self._view = view
        self._frame = frame
        self._request: RequestId | None = None
        self._is_sealing = False
        self._on_its_way: Sealed | None = None

    def open(self, request: RequestId) -> None:
        """Show what stands before the seal of this draft."""
        self._request, self._on_its_way = request, None
        session = self._frame.desk.session
        self._frame.work(lambda: _sheet(session, request), self._view.show_sheet, self._view.show_error)

    def go_to(self, question: str) -> None:
        """Go to a question that needs a look."""
        self._frame.go(Place(Page.EDITOR, request=self._request, part=question))

    def go_to_partner(self, org: str) -> None:
        """Go to where the supplier's key is checked; where no organisation is named, to where our card says who may sign off what."""
        own = self._frame.desk.session.profile.organisation.id
        place = Place(Page.PARTNERS, org=OrganisationId(org)) if org else Place(Page.PARTNERS, org=own, part=ROLES)
        self._frame.go(place)

    def seal(self, *, send: bool) -> None:
        """Seal, and send at once when asked to. Pressing twice seals once."""
        request, session = self._request, self._frame.desk.session
        if request is None or self._is_sealing:
            return
        self._is_sealing = True
        self._view.show_busy("Sealing the request…")

        def done(sealed: Sealed) -> None:
            self._is_sealing = False
            self._view.show_busy("")
            self._show_sealed(sealed)
            self._frame.announce("The request is sealed.")

        def sealed(sealed: Sealed) -> None:
            if send:
                self._send(sealed, done)
            else:
                done(sealed)

        def failed(explanation: Explanation) -> None:
            self._is_sealing = False
            self._view.show_busy("")
            self._view.show_error(explanation)

        self._frame.work(lambda: _seal(session, request), sealed, failed)

    def _send(self, sealed: Sealed, done: Callable[[Sealed], None]) -> None:
        """Send beside the vault, within the limit; what takes longer than a moment goes on by itself and shows under Exchange."""
        session, deliverer = self._frame.desk.session, self._frame.deliverer()
        deliverer.controls.resume()
        self._view.show_busy("Sending the request…")

        def work() -> Sealed:
            went = deliverer.round()
            now = deliverer.post(lambda: _sent(session, sealed, went))
            moves = deliverer.lately.is_sending and not deliverer.controls.is_paused
            return replace(now, is_on_its_way=moves and not now.is_sent and now.problem is None)

        self._frame.deliver(work, done, lambda explanation: done(replace(sealed, problem=explanation)))

    def _show_sealed(self, sealed: Sealed) -> None:
        self._on_its_way = sealed if sealed.is_on_its_way else None
        self._view.show_sealed(sealed)

    def ask(self, area: str, person: str, note: str) -> None:
        """Ask a colleague for a sign-off of the draft as it stands."""
        request, session = self._request, self._frame.desk.session
        if request is None:
            return

        def done(sheet: SealSheet) -> None:
            self._view.show_sheet(sheet)
            self._view.show_asked(
                "Your colleague is asked. The question is sealed for your own inbox and waits to be sent."
            )
            self._frame.announce("Your colleague is asked.")

        def work() -> SealSheet:
            sign_off.ask(session, request, area, person, note)
            return _sheet(session, request)

        self._frame.work(work, done, self._view.show_error)

    def send_question(self) -> None:
        """Go to where sealed deliveries are sent."""
        self._frame.go(Place(Page.EXCHANGE))

    def go_without(self, area: str, reason: str) -> None:
        """Keep why the request goes without a sign-off."""
        request, session = self._request, self._frame.desk.session
        if request is not None:
            self._frame.work(
                lambda: signing_off.go_without(session, request, area, reason), lambda _: None, self._view.show_error
            )

    def refresh(self, changes: Changes) -> None:
        """Look again when a colleague answered, and say when what is on its way has left."""
        sealed, session = self._on_its_way, self._frame.desk.session
        if sealed is not None and (changes.outbox or sealed.request in changes.requests):

            def done(now: Sealed) -> None:
                if now.is_sent and self._on_its_way is sealed:
                    self._show_sealed(replace(now, is_on_its_way=False))
                    self._frame.announce("The request is sent.")

            self._frame.work(lambda: _sent(session, sealed, Exchange()), done, self._view.show_error)
        elif self._request is not None and self._request in changes.requests and not self._is_sealing:
            self.open(self._request)

    def see(self, request: RequestId) -> None:
        """Go to the page of the sealed request."""
        self._frame.go(Place(Page.REQUEST, request=request))


def supplier_of(known: KnownCard) -> Supplier:
    """Say who an organisation is and how its key was checked."""
    card = known.card
    if known.check_at is not None:
        how = _HOW.get(known.check_method, known.check_method)
        checked = f"{known.check_by} compared its words {how} on {long_date(known.check_at.astimezone())}."
    else:
        arrived = _ARRIVED.get(known.how, "it came in a file")
        seen = long_date(known.first_seen_at.astimezone())
        checked = f"Nobody here has compared its words with them yet. All we know is that {arrived} on {seen}."
    return Supplier(
        name=card.org.name,
        identifier=card.org.id,
        words=fingerprint_words(card.fingerprint),
        checked=checked,
        is_checked=known.how is HowKnown.CHECKED,
        expires=day_of(card.expires),
    )


def _sheet(session: Session, request: RequestId) -> SealSheet:
    draft, state = require_draft(session, request), state_of(session, request)
    answers = session.vault.drafts.answers(request)
    samples = session.vault.samples.of_request(request)
    questions, today = drafting.question_set(session, draft.supplier), session.world.clock.now().date()
    missing = list(problems_of(sealing.what_is_missing(session, request)))
    supplier = drafting.coded(questions, "A8")
    if draft.supplier is None and supplier is not None and all(each.question != supplier.id for each in missing):
        sentence = "Choose the supplier from your partners, so that the request can be sealed for its key."
        missing.append(Problem(supplier.id, supplier.section_id, sentence))
        order = [question.id for question in questions.questions()]
        missing.sort(key=lambda each: order.index(each.question))
    version = len(state.submissions) + 1 if state else 1
    return SealSheet(
        missing=tuple(missing),
        advised=problems(questions, answers, today, must=False),
        flags=tuple(Flagged(flag.question_id, flag.sentence) for flag in drafting.flags(session, request)),
        contents=_contents(
            session, draft, len([q for q in applicable(questions, answers) if q.id in answers]), samples
        ),
        supplier=_supplier(session, draft.supplier),
        hindrance=_hindrance(session, draft.supplier),
        can_send=_can_send(session, draft.supplier),
        version=version,
        sign_offs=areas_shown(session, request) if draft.supplier is not None else (),
    )


def _contents(
    session: Session, draft: Draft, answers: int, samples: Sequence[AttachedSample]
) -> tuple[tuple[str, str], ...]:
    profile = session.profile
    rows = [
        ("Title", draft.title),
        ("Reference", draft.reference),
        ("Marking", draft.marking.value),
        ("Answers", f"{answers}, as they stand now"),
    ]
    if draft.dataset is not None:
        rows.append(("Dataset", f"{draft.dataset.title} ({draft.dataset.publisher})"))
    rows.append(("Samples", "\n".join(_sample(sample) for sample in samples) or "None"))
    rows.append(("Signed by", f"{profile.official.name}, {profile.official.post}, {profile.organisation.name}"))
    rows.append(("Who can open it", f"{draft.supplier_name or 'The supplier'}, and you. Nobody on the way."))
    return tuple(rows)


def _sample(sample: AttachedSample) -> str:
    kind = "made up" if sample.kind == "synthetic" else "real, with nobody in it"
    rows: Any = sample.profile.get("rows")
    counted = f", {rows:,} rows" if isinstance(rows, int) else ""
    return f"{sample.name} ({size_words(sample.size)}{counted}, {kind})"


def _supplier(session: Session, org: OrganisationId | None) -> Supplier | None:
    known = session.directory.known(org) if org is not None else None
    return supplier_of(known) if known is not None else None


def _hindrance(session: Session, org: OrganisationId | None) -> Explanation | None:
    try:
        session.require_inbox()
        require_role(session, RequestSubmitted)
        if org is not None:
            partner_card(session, org)
    except DsadeskError as error:
        return explain(error, own=session.profile.organisation.id)
    return None


def _can_send(session: Session, org: OrganisationId | None) -> bool:
    try:
        return org is not None and bool(address_of(session, org))
    except RuleError:
        return False


def _seal(session: Session, request: RequestId) -> Sealed:
    submitted = sealing.seal_request(session, request)
    return Sealed(request, submitted.reference, submitted.title, submitted.supplier.name, is_sent=False, problem=None)


def _sent(session: Session, sealed: Sealed, went: Exchange) -> Sealed:
    """What came of sending it: it is in the store, or it waits, perhaps for a reason."""
    waiting = [item for item in session.vault.outbox.unfinished() if item.request == sealed.request]
    met = [each for each in went.problems if each.about in {item.org for item in waiting}]
    problem = explain(met[0].error, own=session.profile.organisation.id) if met else None
    return replace(sealed, is_sent=not waiting, problem=problem)
