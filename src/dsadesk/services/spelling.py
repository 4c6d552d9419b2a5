"""The words that this person adds to the dictionaries. They stay in the vault, because they are the words of its requests."""

from __future__ import annotations

import msgspec

from dsadesk.errors import RuleError
from dsadesk.services.session import Session

WORDS = "spelling.words"
MAX_WORDS = 5_000
MAX_LETTERS = 80


def own_words(session: Session) -> frozenset[str]:
    """The words that were added."""
    kept = session.vault.settings.read(WORDS)
    return frozenset(msgspec.json.decode(kept, type=list[str])) if kept else frozenset()


def add_word(session: Session, word: str) -> frozenset[str]:
    """Adds a word as it is written, and returns them all. Adding twice is fine. Raises: RuleError("dictionary-full")."""
    kept, cleaned = own_words(session), word.strip()[:MAX_LETTERS]
    if not cleaned or cleaned in kept:
        return kept
    if len(kept) >= MAX_WORDS:
        raise RuleError("dictionary-full", limit=MAX_WORDS)
    return _write(session, kept | {cleaned})


def forget_word(session: Session, word: str) -> frozenset[str]:
    """Takes a word out again, and returns those that are left."""
    return _write(session, own_words(session) - {word})


def _write(session: Session, words: frozenset[str]) -> frozenset[str]:
    session.vault.settings.write(WORDS, msgspec.json.encode(sorted(words)))
    return words
