"""Sign-offs in the window: how they stand before the seal, and the page on which a colleague reads a draft and answers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from dsadesk.codec.events import parse_time
from dsadesk.domain.events import Event, Sample
from dsadesk.domain.ids import EventId, PersonId, RequestId
from dsadesk.domain.sign_off import Outcome, Standing
from dsadesk.errors import DsadeskError
from dsadesk.services import attaching, signing_off
from dsadesk.services.changes import Changes
from dsadesk.services.drafting import question_set
from dsadesk.services.reading import review_state
from dsadesk.services.session import Session
from dsadesk.services.signing_off import AreaState, Asked
from dsadesk.services.viewing import AnswerLine, answer_lines
from dsadesk.services.wording import Explanation, explain, plain, size_words
from dsadesk.services.wording import on as said_on
from dsadesk.services.wording.sign_offs import area_name, outcome_words, standing_sentence
from dsadesk.ui.presenters.form import CHECK
from dsadesk.ui.presenters.frame import Frame, Page, Place
from dsadesk.ui.vocabulary import Option, Tone

_WHOLE = 1_000_000
_SAMPLE_ROWS = 10
_PILLS: Mapping[Standing, tuple[str, Tone]] = {
    Standing.NOT_ASKED: ("Not asked yet", Tone.WARN),
    Standing.WAITING: ("Asked", Tone.INFO),
    Standing.CHANGED: ("Draft changed since", Tone.WARN),
    Standing.REFUSED: ("Not signed off", Tone.BAD),
    Standing.GRANTED: ("Signed off", Tone.GOOD),
}


@dataclass(frozen=True)
class ShownArea:
    """One area as the sealing page shows it. `people` may be asked; `reason` is why to go without, as kept so far."""

    area: str
    name: str
    why: str
    pill: str
    tone: Tone
    sentence: str
    said: tuple[tuple[str, str], ...]
    people: tuple[Option, ...]
    is_open: bool
    is_covered: bool
    reason: str


@dataclass(frozen=True)
class ShownAsk:
    """One question about a draft, to whoever may answer it."""

    event: EventId
    area: str
    name: str
    asked: str
    note: str
    answer: str
    can_answer: bool


@dataclass(frozen=True)
class DraftSample:
    """A sample of a draft with its first rows, the heading first; `why` says why they cannot be shown."""

    name: str
    rows: tuple[tuple[str, ...], ...]
    why: str = ""


@dataclass(frozen=True)
class ShownDraft:
    """A draft as a colleague reads it: nothing in it can be changed here."""

    review: RequestId
    title: str
    marking: str
    facts: tuple[tuple[str, str], ...]
    asks: tuple[ShownAsk, ...]
    sections: tuple[tuple[str, tuple[tuple[str, str], ...]], ...]
    samples: tuple[DraftSample, ...]


class SignOffPage(Protocol):
    """What the presenter asks of the page."""

    def show_draft(self, shown: ShownDraft) -> None:
        """Show the draft and what is asked about it."""

    def show_error(self, explanation: Explanation | None) -> None:
        """Say what went wrong, or take it back."""

    def show_done(self, sentence: str) -> None:
        """Say that it is answered."""


class SignOffPresenter:
    """Shows a draft that a colleague asked about, and answers."""

    def __init__(self, view: SignOffPage, frame: Frame) -> None:
        self._view = view
        self._frame = frame
        self._review: RequestId | None = None

    def open(self, review: RequestId) -> None:
        """Show a draft by the conversation about it."""
        self._review = review
        session = self._frame.desk.session
        self._frame.work(lambda: draft_shown(session, review), self._view.show_draft, self._view.show_error)

    def refresh(self, changes: Changes) -> None:
        """Show it anew when something was asked or said."""
        if self._review is not None and self._review in changes.requests:
            self.open(self._review)

    def back(self) -> None:
        """Go back to where the draft was listed."""
        self._frame.go(Place(Page.INBOX))

    def send(self) -> None:
        """Go to where sealed deliveries are sent."""
        self._frame.go(Place(Page.EXCHANGE))

    def give(self, asked: EventId, outcome: str, conditions: str, remark: str) -> None:
        """Answer. Each line of `conditions` is one; they are left out where the answer is another."""
        review, session = self._review, self._frame.desk.session
        if review is None:
            return
        lines = conditions.splitlines() if outcome == Outcome.CONDITIONS else []

        def done(_: Event) -> None:
            self._view.show_error(None)
            self._view.show_done(
                "Your answer is signed and sealed for your colleagues. It goes to them with the next sending."
            )
            self._frame.announce("Your answer is signed.")

        self._frame.work(
            lambda: signing_off.give(session, review, asked, outcome, conditions=lines, remark=remark),
            done,
            self._view.show_error,
        )


def review_place(session: Session, request: RequestId) -> Place | None:
    """Return where the conversation about a draft is read, if this is one: at our own draft, or on the page of a colleague's."""
    review = review_state(session, request)
    if review is None:
        return None
    if session.vault.drafts.get(review.draft_of) is not None:
        return Place(Page.EDITOR, request=review.draft_of, part=CHECK)
    return Place(Page.SIGN_OFF, request=request)


def areas_shown(session: Session, request: RequestId) -> tuple[ShownArea, ...]:
    """Return the areas that a draft needs, and those that somebody was asked about."""
    kept = signing_off.reasons(session, request)
    shown = [state for state in signing_off.areas(session, request) if state.is_needed or state.asked]
    return tuple(_area(session, state, kept.get(state.area, "")) for state in shown)


def _area(session: Session, state: AreaState, reason: str) -> ShownArea:
    statement = state.given.statement if state.given is not None else None
    pill, tone = _PILLS[state.standing]
    if state.lacks_role:
        pill, tone = "Does not count", Tone.WARN
    elif state.standing is Standing.NOT_ASKED and state.named:
        pill, tone = "Named, not signed", Tone.INFO
    said = [("Condition", _whole(text)) for text in (statement.conditions if statement else ())]
    if state.given is not None and state.given.body.remark:
        said.append(("To you only", _whole(state.given.body.remark)))
    people = {entry.official.id: entry.official for entry in signing_off.candidates(session, state.area)}
    return ShownArea(
        area=state.area,
        name=area_name(state.area),
        why=state.why,
        pill=pill,
        tone=tone,
        sentence=standing_sentence(
            state.standing,
            asked=state.last_asked,
            statement=statement,
            lacks_role=state.lacks_role,
            named=state.named,
            is_needed=state.is_needed,
        ),
        said=tuple(said),
        people=tuple(Option(who.id, f"{plain(who.name)}, {plain(who.post)}") for who in people.values()),
        is_open=state.is_open,
        is_covered=state.covered is not None,
        reason=reason,
    )


def ask(session: Session, request: RequestId, area: str, person: str, note: str) -> Event:
    """Ask somebody whom `areas_shown` names."""
    return signing_off.ask(session, request, area, PersonId(person), note)


def draft_shown(session: Session, review: RequestId) -> ShownDraft:
    """Return a draft that a colleague asked about. Raises: RuleError("sign-off-not-asked")."""
    now = session.world.clock.now().astimezone()
    asked = signing_off.asked_of_us(session, review)
    newest = asked[0] if asked else None
    draft = newest.draft if newest else signing_off.require_review(session, review).asks[-1].body.draft
    by = signing_off.require_review(session, review).asks[-1].event.by
    facts = [
        ("Asked by", f"{plain(by.name)}, {plain(by.post)}"),
        ("Reference", draft.reference),
        ("Marking", draft.marking.value),
        ("To", plain(draft.supplier.name)),
    ]
    if draft.version > 1:
        facts.append(("Version", str(draft.version)))
    return ShownDraft(
        review=review,
        title=plain(draft.title, 160),
        marking=draft.marking.value,
        facts=tuple(facts),
        asks=tuple(_ask(session, each, now) for each in asked),
        sections=_sections(answer_lines(question_set(session, draft.supplier.id), draft.answers)),
        samples=tuple(_sample(session, review, each) for each in draft.samples),
    )


def _sample(session: Session, review: RequestId, sample: Sample) -> DraftSample:
    """The first rows of a sample, decrypted in memory. They are shown only of the very file that the draft names."""
    kind = "made up" if sample.kind == "synthetic" else "real, with nobody in it"
    name = f"{plain(sample.name)}, {size_words(sample.size)}, {kind}"
    kept = [each for each in session.vault.samples.of_request(review) if each.n == sample.n]
    if not kept or kept[0].sha256 != sample.sha256:
        return DraftSample(name, (), "It is not on this laptop.")
    try:
        rows = attaching.preview(session, review, sample.n, _SAMPLE_ROWS)
    except DsadeskError as error:
        return DraftSample(name, (), explain(error).what)
    return DraftSample(name, tuple(row for row in rows if len(row) == len(rows[0])))


def _ask(session: Session, asked: Asked, now: datetime) -> ShownAsk:
    of, day = asked.ask.body.of, said_on(parse_time(asked.ask.event.at), now)
    whom = "you" if asked.is_mine else f"{plain(of.name)}, and you may answer too"
    answer = ""
    if asked.answer is not None:
        said = asked.answer.statement
        who = "You" if said.device == session.device.device else plain(said.by.name)
        conditions = [f"Condition: {_whole(text)}" for text in said.conditions]
        answer = "\n".join([f"{who}: {outcome_words(said.outcome)}, {said_on(parse_time(said.at), now)}.", *conditions])
    name = area_name(asked.ask.body.area)
    return ShownAsk(
        event=asked.ask.event.id,
        area=asked.ask.body.area,
        name=name,
        asked=f"{plain(asked.ask.event.by.name)} asked {whom}, {day}."
        + ("" if asked.is_latest else " A later draft was sent since."),
        note=_whole(asked.ask.body.note),
        answer=answer,
        can_answer=asked.is_latest and asked.answer is None,
    )


def _sections(lines: tuple[AnswerLine, ...]) -> tuple[tuple[str, tuple[tuple[str, str], ...]], ...]:
    sections: dict[str, list[tuple[str, str]]] = {}
    for line in lines:
        rows = "\n\n".join("\n".join(f"{label}: {cell}" for label, cell in row.items() if cell) for row in line.table)
        sections.setdefault(line.section, []).append((line.question, _whole(line.answer or rows)))
    return tuple((title, tuple(found)) for title, found in sections.items())


def _whole(text: str) -> str:
    """All of a text, made plain: nobody signs for what was cut."""
    return plain(text, _WHOLE, keep_lines=True)
