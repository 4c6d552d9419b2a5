"""Sign-offs within an organisation, before a request is sealed: who was asked about which exact draft, and what they said.

They are a conversation of their own, with an id of its own, so that the other party sees neither the events nor a gap in anyone's chain.
What it may read is a *statement*: area, outcome, conditions, who and when, over the digest of the draft, signed by itself.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Mapping
from enum import StrEnum
from typing import Any

from msgspec import Struct

from dsadesk.domain.events import Event, RequestSubmitted, SignOff, SignOffAsked, SignOffGiven
from dsadesk.domain.ids import EventId, RequestId
from dsadesk.domain.organisation import Official
from dsadesk.domain.request import linearise

BODIES = (SignOffAsked, SignOffGiven)
"""The types of event that stay within an organisation."""

ASSURANCE = "assurance."
"""Answers whose ids begin so are about the sign-offs themselves and come after them, so no sign-off is over them."""

_ABOUT_SIGN_OFFS = frozenset({"sign_offs", "unsigned"})
MAX_CONDITIONS = 50
Digest = Callable[[RequestId, RequestSubmitted], str]


class Area(StrEnum):
    """What a specialist answers for. The value is also the role on the organisation's card."""

    LEGAL = "legal"
    DATA_PROTECTION = "data_protection"
    SECURITY = "security"
    ANALYSIS = "analysis"


class Outcome(StrEnum):
    """What a specialist said."""

    GRANTED = "granted"
    CONDITIONS = "conditions"
    REFUSED = "refused"


class Standing(StrEnum):
    """How far a sign-off has come for the draft as it stands now."""

    NOT_ASKED = "not-asked"
    WAITING = "waiting"
    CHANGED = "changed"
    """Given, and the draft has changed since."""
    REFUSED = "refused"
    GRANTED = "granted"


class Ask(Struct, frozen=True):
    """One question to a colleague. `digest` is over the draft in it."""

    event: Event
    body: SignOffAsked
    digest: str


class Given(Struct, frozen=True):
    """One answer that counts."""

    event: Event
    body: SignOffGiven

    @property
    def statement(self) -> SignOff:
        """What the other party may read of it."""
        return self.body.statement


class Crossed(Struct, frozen=True):
    """An event that had no effect, and why: "no-such-ask", "other-draft", "other-author" or "no-words"."""

    event: Event
    reason: str


class Review(Struct, frozen=True):
    """The conversation about the drafts of one request."""

    id: RequestId
    draft_of: RequestId
    asks: tuple[Ask, ...]
    answers: tuple[Given, ...]
    crossed: tuple[Crossed, ...]
    waiting: tuple[Event, ...]
    heads: tuple[EventId, ...]

    def over(self, area: str, digest: str) -> tuple[Given, ...]:
        """The answers in an area over exactly this draft, oldest first. Whether their authors have the role is the card's to say."""
        wanted = (area, digest)
        return tuple(each for each in self.answers if (each.statement.area, each.statement.digest) == wanted)

    def answer_to(self, ask: Ask) -> Given | None:
        """The newest answer to one question."""
        found = [each for each in self.answers if each.body.asked == ask.event.id]
        return found[-1] if found else None

    def standing(self, area: str, digest: str, given: Given | None) -> Standing:
        """How far an area has come for a draft, with the answer that counts for it."""
        if given is not None:
            return Standing.REFUSED if given.statement.outcome == Outcome.REFUSED else Standing.GRANTED
        asks = [ask for ask in self.asks if ask.body.area == area]
        if any(ask.digest == digest for ask in asks):
            return Standing.WAITING
        return Standing.CHANGED if asks else Standing.NOT_ASKED


def review_of(request: RequestId) -> RequestId:
    """The id of the conversation about a request's drafts: made from the request's own, so that every laptop finds it."""
    stamp = request.replace("-", "")[:12]
    rest = hashlib.sha256(f"dsadesk sign-offs of {request}".encode()).hexdigest()
    text = f"{stamp}7{rest[:3]}{'89ab'[int(rest[3], 16) % 4]}{rest[4:19]}"
    return RequestId(f"{text[:8]}-{text[8:12]}-{text[12:16]}-{text[16:20]}-{text[20:]}")


def draft_content(request: RequestId, submission: Mapping[str, Any]) -> dict[str, Any]:
    """What a sign-off is over: the request and all of a submission's fields, known to us or not, but sign-offs and answers about them."""
    draft = {name: value for name, value in submission.items() if name not in _ABOUT_SIGN_OFFS}
    answers = draft.get("answers", {})
    draft["answers"] = {name: value for name, value in answers.items() if not name.startswith(ASSURANCE)}
    return {"draft": draft, "request": request}


def fold_review(events: Iterable[Event], digest_of: Digest) -> Review | None:
    """The conversation that a set of events amounts to, or None without a question.

    Total, and the same for every order of arrival. `digest_of` gives the SHA-256 of a draft's canonical bytes.
    """
    ordered, waiting = linearise(event for event in events if isinstance(event.body, BODIES))
    asks: dict[EventId, Ask] = {}
    answers: list[Given] = []
    crossed: list[Crossed] = []
    for event in ordered:
        if isinstance(event.body, SignOffAsked):
            asks[event.id] = Ask(event, event.body, digest_of(event.body.draft_of, event.body.draft))
        elif isinstance(event.body, SignOffGiven):
            reason = _contradiction(event, event.body, asks.get(event.body.asked))
            if reason:
                crossed.append(Crossed(event, reason))
            else:
                answers.append(Given(event, event.body))
    if not asks:
        return None
    first, named = next(iter(asks.values())), {parent for event in ordered for parent in event.after}
    return Review(
        id=first.event.request,
        draft_of=first.body.draft_of,
        asks=tuple(asks.values()),
        answers=tuple(answers),
        crossed=tuple(crossed),
        waiting=waiting,
        heads=tuple(event.id for event in ordered if event.id not in named),
    )


def _contradiction(event: Event, body: SignOffGiven, ask: Ask | None) -> str:
    said = body.statement
    if ask is None:
        return "no-such-ask"
    if (said.area, said.request, said.digest) != (ask.body.area, ask.body.draft_of, ask.digest):
        return "other-draft"
    if (said.by, said.org, said.device) != (event.by, event.org, event.device):
        return "other-author"
    return "no-words" if missing_words(said.outcome, said.conditions, body.remark) else ""


def missing_words(outcome: str, conditions: tuple[str, ...], remark: str) -> str:
    """What an answer still has to say: "outcome", "conditions", "reason", or nothing."""
    if outcome not in set(Outcome):
        return "outcome"
    if outcome == Outcome.CONDITIONS and not any(text.strip() for text in conditions):
        return "conditions"
    if outcome != Outcome.CONDITIONS and conditions:
        return "outcome"
    return "reason" if outcome == Outcome.REFUSED and not remark.strip() else ""


def may_give(roles: Iterable[str], area: str) -> bool:
    """Whether somebody with these roles on the card may sign off in an area."""
    return area in set(roles)


def is_named(ask: Ask, official: Official) -> bool:
    """Whether this is the person who was asked."""
    return ask.body.of.id == official.id
