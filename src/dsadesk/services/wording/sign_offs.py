"""Sign-offs in words: the areas, what was said, and what the supplier is told where nobody signed."""

from __future__ import annotations

from collections.abc import Mapping

from dsadesk.domain.events import SignOff, Unsigned
from dsadesk.domain.organisation import Official
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


def carried_words(statement: SignOff, *, sealed_by: Official, has_role: bool) -> tuple[str, str]:
    """A sign-off that came with a request, as label and text, with what to mind. Its signature was checked when it came in."""
    who = f"{plain(statement.by.name, NAME_LIMIT)}, {plain(statement.by.post, NAME_LIMIT)}"
    said = outcome_words(statement.outcome)
    lines = [f"{said[:1].upper()}{said[1:]} by {who}, on {day_of(statement.at)}, over exactly this version."]
    lines += [f"Condition: {plain(text, TEXT_LIMIT)}" for text in statement.conditions]
    if statement.by.id == sealed_by.id:
        lines.append("The same person sealed the request.")
    if not has_role:
        lines.append("Their organisation's card does not name them for this.")
    return area_name(statement.area), "\n".join(lines)


def missing_words_of(unsigned: Unsigned) -> tuple[str, str]:
    """An area that nobody signed for, as label and text."""
    how = _UNSIGNED.get(unsigned.state, "no signature")
    return area_name(unsigned.area), f"Not signed off: {how}.\nReason given: {plain(unsigned.reason, TEXT_LIMIT)}"


def standing_sentence(
    standing: Standing, *, asked: str, statement: SignOff | None, lacks_role: bool, named: str, is_needed: bool
) -> str:
    """How an area of a draft stands, in a sentence or two. `asked` is whom the newest question went to, `named` whom the form names."""
    who = plain(statement.by.name, NAME_LIMIT) if statement is not None else ""
    day = day_of(statement.at) if statement is not None else ""
    if statement is not None and lacks_role:
        return f"{who} answered, but your organisation's card does not name them for this, so it does not count."
    match standing:
        case Standing.GRANTED:
            count = len(statement.conditions) if statement is not None else 0
            conditions = "" if not count else ", with 1 condition" if count == 1 else f", with {count} conditions"
            return f"{who} signed off exactly this draft on {day}{conditions}."
        case Standing.REFUSED:
            return f"{who} did not sign it off, on {day}. Change the draft and ask again, or say why you go without."
        case Standing.WAITING:
            return f"{plain(asked, NAME_LIMIT)} was asked and has not answered yet."
        case Standing.CHANGED:
            return f"{plain(asked, NAME_LIMIT)} was asked about an earlier draft. It has changed since, so ask again."
    if named:
        return f"The form names {plain(named, NAME_LIMIT)}, who has not signed. The supplier will see that."
    return "Nobody has been asked yet." if is_needed else "Not needed for these answers."


def unsigned_sentence(unsigned: Unsigned) -> str:
    """What is said of an area that the requester sealed without a signature."""
    how = _UNSIGNED.get(unsigned.state, "no signature")
    return f"{area_name(unsigned.area)}: {how}. Why it was sealed all the same: {plain(unsigned.reason, TEXT_LIMIT)}"
