"""Cards that have run out or soon will, whose it is told apart, and what to do."""

from __future__ import annotations

from collections.abc import Mapping

from dsadesk.services.wording.filling import fill

_SENTENCES: Mapping[str, str] = {
    "own-card-ends": "Your own organisation's card ends on {expires:date}; have it renewed before then, and send it to your partners.",
    "own-card-ended": "Your own organisation's card ended on {expires:date}, and nothing can be sealed until it is renewed.",
    "their-card-ends": "The card of {name} ends on {expires:date}; ask them for their newest one before then.",
    "their-card-ended": "The card of {name} ended on {expires:date}, and nothing can be sealed to them until you have their newest one.",
}
_OTHERWISE = (
    "There is something to mind about the card of {name} that this version of dsadesk has no sentence for ({code})."
)


def card_notice_sentence(code: str, name: str, expires: str) -> str:
    """What is to mind about a card: `code` says whose it is and whether it has ended, `expires` when."""
    return fill(_SENTENCES.get(code, _OTHERWISE), {"name": name, "expires": expires, "code": code})
