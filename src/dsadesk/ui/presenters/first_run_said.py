"""What is typed and told at the first start, and what is said of it: names, identifiers, the key store, how good a passphrase is."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from dsadesk.domain.ids import parse_organisation_id
from dsadesk.errors import DsadeskError
from dsadesk.ports import KeyStoreState
from dsadesk.services.wrapping_keys import MINIMUM_PASSPHRASE
from dsadesk.ui.vocabulary import Tone

MOST_IDENTIFIER = 100
_OPENING: Mapping[KeyStoreState, tuple[str, str]] = {
    KeyStoreState.WORKS: (
        "This computer's key store works.",
        "The vault can open by itself once you have signed in to the computer.",
    ),
    KeyStoreState.LOCKED: (
        "This computer's key store is locked.",
        "Unlock it and look again, or use a passphrase.",
    ),
    KeyStoreState.NO_BACKEND: (
        "This computer has no key store.",
        "Use a passphrase. You will be asked for it each time.",
    ),
    KeyStoreState.REFUSED_BACKEND: (
        "This computer's key store would keep the key unprotected, so it is not used.",
        "Use a passphrase. You will be asked for it each time.",
    ),
    KeyStoreState.DISMISSED: (
        "The key store asked for your leave and did not get it.",
        "Look again and allow it, or use a passphrase.",
    ),
    KeyStoreState.FAILS: (
        "This computer's key store does not answer as it should.",
        "Use a passphrase. You will be asked for it each time.",
    ),
}


@dataclass(frozen=True)
class Who:
    """What was typed about the person and the organisation."""

    organisation: str
    identifier: str
    name: str
    post: str
    joining: bool = False
    returning: bool = False


@dataclass(frozen=True)
class Opening:
    """What is known of this computer's key store."""

    works: bool
    sentence: str
    todo: str


@dataclass(frozen=True)
class Strength:
    """How good a passphrase is, in words."""

    sentence: str
    tone: Tone
    is_enough: bool


def opening_of(state: KeyStoreState) -> Opening:
    """Say what a state of the key store means here."""
    sentence, todo = _OPENING[state]
    return Opening(state is KeyStoreState.WORKS, sentence, todo)


def suggest_identifier(name: str) -> str:
    """Return the form that public registers give names: small letters and hyphens."""
    spelled = name.casefold().replace("&", " and ").replace("\u2019", "").replace("'", "")
    letters = spelled.translate(str.maketrans("âêîôûŵŷäëïöüáéíóúàèìòù", "aeiouwyaeiouaeiouaeiou"))
    return re.sub(r"[^a-z0-9]+", "-", letters).strip("-")[:MOST_IDENTIFIER].strip("-")


def strength(passphrase: str) -> Strength:
    """Say how good a passphrase is. Length counts most; repeating oneself counts for little."""
    length, variety = len(passphrase), len(set(passphrase.casefold()))
    if not passphrase:
        return Strength("", Tone.NEUTRAL, is_enough=False)
    if length < MINIMUM_PASSPHRASE:
        left = MINIMUM_PASSPHRASE - length
        return Strength(f"Too short: {left} more character{'' if left == 1 else 's'}", Tone.BAD, is_enough=False)
    if variety < 6:
        return Strength(
            "Weak: it repeats itself. Try four words that have nothing to do with each other", Tone.WARN, is_enough=True
        )
    if length < 16 or variety < 9:
        return Strength("Fair. One more word would make it good", Tone.WARN, is_enough=True)
    if length < 22:
        return Strength("Good", Tone.GOOD, is_enough=True)
    return Strength("Strong", Tone.GOOD, is_enough=True)


def problems_of(who: Who) -> dict[str, str]:
    """Say what is wrong with the names, by field."""
    problems = {
        field: sentence
        for field, text, sentence in (
            ("organisation", who.organisation, "Give the name of your organisation"),
            ("name", who.name, "Give your name"),
            ("post", who.post, "Give your post"),
        )
        if not text.strip()
    }
    try:
        parse_organisation_id(who.identifier.strip())
    except DsadeskError:
        problems["identifier"] = "Use 3 to 100 small letters, numbers and hyphens, like public-health-wales"
    return problems
