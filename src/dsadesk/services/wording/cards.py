"""Cards in words: those that have run out or soon will, and how the key of one was compared."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from dsadesk.ports import CardCheck
from dsadesk.services.keeping_cards import REFUSED
from dsadesk.services.wording.dates import on
from dsadesk.services.wording.filling import fill
from dsadesk.services.wording.plain import NAME_LIMIT, plain

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


_CHECKED: Mapping[str, str] = {
    "in-person": "Words compared in person",
    "phone": "Words compared by phone",
    "introducer": "Words vouched for by somebody trusted",
    "file": "Card came as a file",
    "bundle": "Card came with a delivery",
    "refused": "Another key was turned down",
}
_NOTE_LIMIT = 300


def check_words(check: CardCheck, now: datetime) -> tuple[str, str]:
    """What was recorded of a key, as label and text: how; by whom, when, and what they noted."""
    note = check.note.partition(" ")[2] if check.method == REFUSED else check.note  # there the key comes first
    label = _CHECKED.get(check.method, plain(check.method, NAME_LIMIT))
    return label, f"{plain(check.by, NAME_LIMIT)}, {on(check.at, now)}. {plain(note, _NOTE_LIMIT)}".strip()
