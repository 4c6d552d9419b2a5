"""Sign-offs before sealing: which a draft needs, whom to ask, what colleagues said, and which of it still covers the draft.

A question to a colleague travels as a sealed bundle to our own inbox, with the draft as it would be sealed and its samples. Only what
covers the draft exactly, by somebody whose role is on the card, goes on to the supplier.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import msgspec

from dsadesk.bundle.card import CardOfficial
from dsadesk.bundle.manifest import SIGN_OFF
from dsadesk.bundle.sign_off import digest_of_draft, sign_statement
from dsadesk.codec import canonical
from dsadesk.codec.events import parse_time, time_text
from dsadesk.domain.events import Answers, Event, RequestSubmitted, Sample, SignOff, SignOffAsked, SignOffGiven
from dsadesk.domain.ids import EventId, PersonId, RequestId
from dsadesk.domain.organisation import Organisation
from dsadesk.domain.sign_off import Area, Ask, Given, Outcome, Review, Standing, may_give, missing_words, review_of
from dsadesk.errors import RuleError
from dsadesk.ports import AttachedSample
from dsadesk.questions.model import QuestionSet
from dsadesk.questions.visible import View
from dsadesk.services.drafting import question_set, require_marking
from dsadesk.services.projecting import project
from dsadesk.services.reading import require_draft, review_state, state_of
from dsadesk.services.session import WITHOUT, Session
from dsadesk.services.speaking import deliver, record

AREAS = tuple(area.value for area in Area)
OUTCOMES = tuple(outcome.value for outcome in Outcome)
_NAMED_OUTCOMES = frozenset({"agreed", "conditions"})


@dataclass(frozen=True)
class AreaState:
    """One area of a draft: whether its answers call for it, what was asked and said, and whether it covers the draft as it stands.

    `covered` is a signed sign-off over exactly this draft by somebody with the role. `named` is who the form says has agreed, unsigned.
    """

    area: str
    is_needed: bool
    why: str
    standing: Standing
    asked: tuple[Ask, ...]
    given: Given | None
    lacks_role: bool = False
    named: str = ""

    @property
    def covered(self) -> SignOff | None:
        """The statement that may go with the request."""
        good = self.standing is Standing.GRANTED and self.given is not None and not self.lacks_role
        return self.given.statement if good and self.given else None

    @property
    def is_open(self) -> bool:
        """Whether sealing asks for a reason: needed, not covered, and nobody named for it. A refusal outweighs a name in the form."""
        is_named = bool(self.named) and self.standing is not Standing.REFUSED
        return self.is_needed and self.covered is None and not is_named

    @property
    def last_asked(self) -> str:
        """The name of whom the newest question went to."""
        return self.asked[-1].body.of.name if self.asked else ""

    @property
    def state_if_sealed(self) -> str:
        """What the supplier is told of an area that nobody signed for."""
        return "without-role" if self.lacks_role else self.standing.value


@dataclass(frozen=True)
class Asked:
    """A question that this laptop's official may answer: the draft, who asks, and the answer when there is one."""

    review: RequestId
    ask: Ask
    answer: Given | None
    is_latest: bool
    is_mine: bool

    @property
    def draft(self) -> RequestSubmitted:
        """The draft as it would be sealed."""
        return self.ask.body.draft


# ---------------------------------------------------------------- the draft


def draft_body(session: Session, request: RequestId) -> RequestSubmitted:
    """What would be sealed if it were sealed now, without sign-offs. Raises: RuleError("no-such-draft" | "no-supplier")."""
    draft = require_draft(session, request)
    if draft.supplier is None:
        raise RuleError("no-supplier", request=request)
    pinned = session.vault.cards.get(draft.supplier)
    if pinned is None:
        raise RuleError("no-card", org=draft.supplier)
    state = state_of(session, request)
    return RequestSubmitted(
        version=len(state.submissions) + 1 if state else 1,
        reference=draft.reference,
        title=draft.title,
        marking=draft.marking,
        requester=session.profile.organisation,
        supplier=Organisation(draft.supplier, pinned.name),
        dataset=draft.dataset if draft.dataset is not None else msgspec.UNSET,
        question_set=_label(question_set(session, draft.supplier)),
        answers=applicable_answers(session, request),
        samples=tuple(sample_of(sample) for sample in session.vault.samples.of_request(request)),
        supersedes=state.submission_event.id if state else msgspec.UNSET,
    )


def applicable_answers(session: Session, request: RequestId) -> Answers:
    """The answers that will be sealed: those of questions that apply. What was answered before another answer hid it stays here."""
    answers = session.vault.drafts.answers(request)
    draft = require_draft(session, request)
    view = View(question_set(session, draft.supplier), answers)
    asked = {question.id: view.as_asked(question) for question in view.questions}
    return {name: value for name in answers if (value := asked.get(name)) is not None}


def _label(questions: QuestionSet) -> str:
    return f"{questions.id}/{questions.version}"


def sample_of(sample: AttachedSample) -> Sample:
    """What is sealed about a sample; its bytes travel beside it."""
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


# ---------------------------------------------------------------- how it stands


def areas(session: Session, request: RequestId) -> tuple[AreaState, ...]:
    """Every area of a draft in the order of the question set, whether needed or not. Raises: RuleError("no-such-draft")."""
    answers = session.vault.drafts.answers(request)
    draft, review = require_draft(session, request), review_state(session, review_of(request))
    digest = digest_of_draft(request, draft_body(session, request)) if draft.supplier else ""
    questions = question_set(session, draft.supplier)
    view = View(questions, answers)
    needs = {need.area: need for need in questions.sign_offs}
    found = []
    for area in sorted(AREAS, key=[*needs, *AREAS].index):
        need = needs.get(area)
        given = _counting(session, review.over(area, digest)) if review else None
        found.append(
            AreaState(
                area=area,
                is_needed=need is not None and view.holds(need.when),
                why=need.why.en if need is not None else "",
                standing=review.standing(area, digest, given) if review else Standing.NOT_ASKED,
                asked=tuple(ask for ask in review.asks if ask.body.area == area) if review else (),
                given=given,
                lacks_role=given is not None and not has_role(session, given.statement),
                named=_named(answers, area),
            )
        )
    return tuple(found)


def _counting(session: Session, answers: Sequence[Given]) -> Given | None:
    """The newest answer of somebody with the role; without any, the newest."""
    by_role = [given for given in answers if has_role(session, given.statement)]
    return (by_role or [*answers])[-1] if answers else None


def has_role(session: Session, statement: SignOff) -> bool:
    """Whether the card of the signer's organisation, as it is held here, gives that device the role."""
    known = session.directory.known(statement.org)
    entry = known.card.official_of(statement.device) if known else None
    return entry is not None and may_give(entry.roles, statement.area)


def had_role(session: Session, statement: SignOff) -> bool:
    """Whether that card gave the device the role when it signed; a role that ended since does not undo what was said in it."""
    known = session.directory.known(statement.org)
    entry = known.card.official_of(statement.device) if known else None
    return entry is not None and may_give(entry.roles_at(parse_time(statement.at)), statement.area)


def _named(answers: Answers, area: str) -> str:
    rows: Any = answers.get("assurance.reviews", [])
    for row in rows if isinstance(rows, list) else ():
        if isinstance(row, dict) and row.get("area") == area and row.get("outcome") in _NAMED_OUTCOMES:
            return str(row.get("name", "")).strip()
    return ""


def candidates(session: Session, area: str) -> tuple[CardOfficial, ...]:
    """The officials of our own card who may sign off in an area and are still in post."""
    return tuple(
        entry for entry in session.card.officials if not entry.until and may_give(entry.roles, area)
    )  # fmt: skip


# ---------------------------------------------------------------- asking and answering


def ask(session: Session, request: RequestId, area: str, person: PersonId, note: str = "") -> Event:
    """Asks a colleague to sign off the draft as it stands, and puts it in the outbox for our own inbox.

    Raises: RuleError("sign-off-area" | "sign-off-no-role" | "no-supplier" | "no-such-draft" | "marking-too-high").
    """
    if area not in AREAS:
        raise RuleError("sign-off-area", area=area[:40])
    of = next((entry.official for entry in candidates(session, area) if entry.official.id == person), None)
    if of is None:
        raise RuleError("sign-off-no-role", area=area)
    require_marking(session, request)
    body = SignOffAsked(area=area, of=of, draft=draft_body(session, request), draft_of=request, note=note.strip())
    return _say(session, review_of(request), body, session.vault.samples.of_request(request))


def give(
    session: Session,
    review: RequestId,
    asked: EventId,
    outcome: str,
    *,
    conditions: Sequence[str] = (),
    remark: str = "",
) -> Event:
    """Answers a question that this laptop's official may answer, over exactly the draft in it.

    Raises: RuleError("sign-off-not-asked" | "sign-off-no-role" | "sign-off-words").
    """
    state = require_review(session, review)
    question = next((each for each in state.asks if each.event.id == asked), None)
    if question is None:
        raise RuleError("sign-off-not-asked")
    own = session.card.official_of(session.device.device)
    if own is None or own.until or not may_give(own.roles, question.body.area):
        raise RuleError("sign-off-no-role", area=question.body.area)
    lines = tuple(text.strip() for text in conditions if text.strip())
    missing = missing_words(outcome, lines, remark)
    if missing:
        raise RuleError("sign-off-words", missing=missing)
    statement = SignOff(
        area=question.body.area,
        request=question.body.draft_of,
        digest=question.digest,
        outcome=outcome,
        conditions=lines,
        by=session.profile.official,
        org=session.profile.organisation.id,
        device=session.device.device,
        at=time_text(session.world.clock.now()),
    )
    body = SignOffGiven(asked=asked, statement=sign_statement(statement, session.device), remark=remark.strip())
    return _say(session, review, body, ())


def _say(
    session: Session, review: RequestId, body: SignOffAsked | SignOffGiven, samples: Sequence[AttachedSample]
) -> Event:
    state = review_state(session, review)
    own = session.profile.organisation.id
    with session.vault.transaction():
        event = record(session, review, body, after=state.heads if state else ())
        if len([entry for entry in session.card.officials if not entry.until]) > 1:
            deliver(session, review, kind=SIGN_OFF, counterpart=own, events=(event,), samples=samples)
        project(session, review, None)
    if state is not None:
        session.changes.request(state.draft_of)
    session.changes.request(body.draft_of if isinstance(body, SignOffAsked) else body.statement.request)
    return event


def require_review(session: Session, review: RequestId) -> Review:
    """The conversation about a draft's sign-offs. Raises: RuleError("sign-off-not-asked")."""
    state = review_state(session, review)
    if state is None:
        raise RuleError("sign-off-not-asked")
    return state


def asked_of_us(session: Session, review: RequestId) -> tuple[Asked, ...]:
    """The questions of a conversation that this laptop's official may answer, newest first. Raises: RuleError("sign-off-not-asked")."""
    state, own = require_review(session, review), session.card.official_of(session.device.device)
    roles = own.roles if own is not None and not own.until else ()
    found, seen = [], set()
    for each in reversed(state.asks):
        if may_give(roles, each.body.area):
            is_mine = each.body.of.id == session.profile.official.id
            found.append(Asked(review, each, state.answer_to(each), each.body.area not in seen, is_mine))
            seen.add(each.body.area)
    return tuple(found)


# ---------------------------------------------------------------- going without


def go_without(session: Session, request: RequestId, area: str, reason: str) -> None:
    """Keeps why a draft is to be sealed without a sign-off; an empty reason takes it back. Raises: RuleError("sign-off-area" | "no-such-draft")."""
    require_draft(session, request)
    if area not in AREAS:
        raise RuleError("sign-off-area", area=area[:40])
    kept = {**reasons(session, request), area: reason.strip()}
    session.vault.settings.write(
        WITHOUT + request, canonical.encode({name: text for name, text in kept.items() if text})
    )


def reasons(session: Session, request: RequestId) -> dict[str, str]:
    """The reasons kept so far, by area."""
    kept = session.vault.settings.read(WITHOUT + request)
    return msgspec.json.decode(kept, type=dict[str, str]) if kept else {}


# ---------------------------------------------------------------- roles
