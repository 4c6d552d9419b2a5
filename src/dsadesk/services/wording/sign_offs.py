"""Sign-offs in words: the areas, what was said, and what the supplier is told where nobody signed."""

from __future__ import annotations

from collections.abc import Mapping

from dsadesk.domain.events import SignOff, Unsigned
from dsadesk.domain.sign_off import Area, Outcome, Standing
from dsadesk.services.wording.dates import day_of
from dsadesk.services.wording.plain import NAME_LIMIT, TEXT_LIMIT, plain

_AREAS: Mapping[str, str] = {
    Area.LEGAL: "Legal",
    Area.DATA_PROTECTION: "Data protection",
    Area.SECURITY: "Security",
    Area.ANALYSIS: "Analysis",
}
_OUTCOMES: Mapping[str, str] = {
    Outcome.GRANTED: "signed off",
    Outcome.CONDITIONS: "signed off with conditions",
    Outcome.REFUSED: "refused",
}
_UNSIGNED: Mapping[str, str] = {
    Standing.NOT_ASKED: "nobody was asked",
    Standing.WAITING: "a colleague was asked and had not answered",
    Standing.CHANGED: "a colleague was asked about an earlier draft",
    Standing.REFUSED: "the colleague who was asked did not sign it off",
    "without-role": "it was signed by somebody whom their card does not name for it",
}


def area_name(area: str) -> str:
    """What an area is called."""
    return _AREAS.get(area) or plain(area, NAME_LIMIT)


def outcome_words(outcome: str) -> str:
    """What a specialist said, as the rest of a sentence."""
    return _OUTCOMES.get(outcome) or plain(outcome, NAME_LIMIT)


def statement_sentence(statement: SignOff) -> str:
    """A statement in one line and a line for each condition."""
    who = f"{plain(statement.by.name, NAME_LIMIT)}, {plain(statement.by.post, NAME_LIMIT)}"
    said = f"{area_name(statement.area)}: {outcome_words(statement.outcome)} by {who}, on {day_of(statement.at)}"
    conditions = [f"Condition: {plain(text, TEXT_LIMIT)}" for text in statement.conditions]
    return "\n".join([f"{said}.", *conditions])


def unsigned_sentence(unsigned: Unsigned) -> str:
    """What is said of an area that the requester sealed without a signature."""
    how = _UNSIGNED.get(unsigned.state, "no signature")
    return f"{area_name(unsigned.area)}: {how}. Why it was sealed all the same: {plain(unsigned.reason, TEXT_LIMIT)}"
