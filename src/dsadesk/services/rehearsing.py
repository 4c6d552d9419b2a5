"""Proof that the recovery words were kept: now and then the program asks for one of them.

The vault does not hold the words and cannot rebuild them. It keeps a salted Argon2id digest of four of the 24, each at a place that the
words themselves choose, so that every vault and backup of one set of words keeps the same four and never more (docs/adr/0032).
"""

from __future__ import annotations

import contextlib
import hmac
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

import msgspec
from msgspec import Struct

from dsadesk.bundle.identity import derive, is_recovery_word, seed_to_words, words_to_seed
from dsadesk.codec.events import parse_time, time_text
from dsadesk.errors import InputError, VaultError, WrongKeyError
from dsadesk.ports import Argon2id, Vault
from dsadesk.secret import Secret
from dsadesk.services.session import Session, World
from dsadesk.services.wrapping_keys import argon2_bytes, argon2_cost

PROVEN_AT = "recovery.proven-at"
PUT_OFF_UNTIL = "recovery.put-off-until"
ASKING = "recovery.asking"

WORDS = 24
ASKED_WORDS = 2
KEPT_WORDS = 4
FIRST_AFTER = timedelta(days=7)
REHEARSE_EVERY = timedelta(days=182)
NOT_NOW = timedelta(days=14)
_FIRST_SITTING = timedelta(days=1)


class WordDigest(Struct, frozen=True, kw_only=True):
    """What one word is compared with: 32 bytes of Argon2id over place and word, with the salt and the cost that made them."""

    place: int
    digest: bytes
    salt: bytes
    iterations: int
    lanes: int
    memory_kib: int

    @property
    def cost(self) -> Argon2id:
        """The salt and the cost."""
        return Argon2id(salt=self.salt, iterations=self.iterations, lanes=self.lanes, memory_kib=self.memory_kib)


class Asking(Struct, frozen=True, kw_only=True):
    """The few words that may be asked for. `shown_at` is when the words were first shown, "" where they were only typed; `next` is whose turn it is."""

    digests: tuple[WordDigest, ...]
    shown_at: str = ""
    next: int = 0


@dataclass(frozen=True)
class Question:
    """What is asked for: the word at `place`, or all of them where it is None because this vault keeps no digest yet."""

    place: int | None


# ---------------------------------------------------------------- what is kept


def digests_of(world: World, words: str) -> tuple[WordDigest, ...]:
    """The digests of the few words that may be asked for, by place. Takes as long as opening by a passphrase four times."""
    seed = words_to_seed(words)
    found = seed_to_words(seed).split()
    return tuple(_digest(world, place, found[place - 1]) for place in _kept_places(seed))


def keep_digests(world: World, vault: Vault, seed: bytes, *, shown: bool) -> None:
    """Keeps the digests for a new vault's words; `shown` says that its owner sees them now for the first time."""
    at = time_text(world.clock.now()) if shown else ""
    _write(vault, Asking(digests=digests_of(world, seed_to_words(seed)), shown_at=at))


def _kept_places(seed: bytes) -> tuple[int, ...]:
    """Places as good as random that are always the same for the same words: what is given away never adds up over vaults."""
    return challenge(derive(seed, "asked-words"), KEPT_WORDS)


def _digest(world: World, place: int, word: str) -> WordDigest:
    cost = argon2_cost(world)
    return WordDigest(
        place=place,
        digest=argon2_bytes(_said(place, word), cost),
        salt=cost.salt,
        iterations=cost.iterations,
        lanes=cost.lanes,
        memory_kib=cost.memory_kib,
    )


def _said(place: int, word: str) -> str:
    return f"dsadesk word {place}: {word}"


def _asking(vault: Vault) -> Asking | None:
    kept = vault.settings.read(ASKING)
    return None if kept is None else msgspec.json.decode(kept, type=Asking)


def _write(vault: Vault, asking: Asking) -> None:
    vault.settings.write(ASKING, msgspec.json.encode(asking))


# ---------------------------------------------------------------- asking


def question(session: Session) -> Question:
    """Which word is asked for next."""
    asking = _asking(session.vault)
    return Question(None if asking is None else asking.digests[asking.next % len(asking.digests)].place)


def answer(session: Session, place: int, word: str) -> None:
    """Proves with one word that the words were kept, and keeps when. Whose turn it is changes only by a right answer.

    Raises: InputError("recovery-word-unknown", position) for what is no recovery word, WrongKeyError("recovery-word", place).
    """
    asking, typed = _asking(session.vault), one_word(word)
    if not is_recovery_word(typed):
        raise InputError("recovery-word-unknown", position=place)
    turn = next((n for n, kept in enumerate(asking.digests) if kept.place == place), None) if asking else None
    if asking is None or turn is None or not _is_right(asking.digests[turn], typed):
        raise WrongKeyError("recovery-word", place=place)
    with session.vault.transaction():
        _write(session.vault, msgspec.structs.replace(asking, next=(turn + 1) % len(asking.digests)))
        note_proven(session)


def _is_right(kept: WordDigest, typed: str) -> bool:
    return hmac.compare_digest(argon2_bytes(_said(kept.place, typed), kept.cost), kept.digest)


def one_word(typed: str) -> str:
    """A word as it is compared: small letters and no spaces, whatever was typed around it."""
    return "".join(unicodedata.normalize("NFKC", typed).casefold().split())


def note_all_proven(session: Session, words: str) -> None:
    """Keeps that all the words were given, and were right; and from now on asks for one of them. The caller has tried them."""
    if _asking(session.vault) is None:
        _write(session.vault, Asking(digests=digests_of(session.world, words)))
    note_proven(session)


def note_opened(session: Session, words: str) -> None:
    """The same where the words opened the vault. A full disk keeps nobody out."""
    with contextlib.suppress(VaultError):
        note_all_proven(session, words)


def note_proven(session: Session) -> None:
    """Keeps that the words were proven now."""
    session.vault.settings.write(PROVEN_AT, time_text(session.world.clock.now()).encode())
    session.vault.settings.remove(PUT_OFF_UNTIL)


def put_off(session: Session) -> datetime:
    """Asks again in two weeks, and says when that is."""
    until = session.world.clock.now() + NOT_NOW
    session.vault.settings.write(PUT_OFF_UNTIL, time_text(until).encode())
    return until


def proven_at(session: Session) -> datetime | None:
    """When the words were last proven to be kept."""
    return _moment(session, PROVEN_AT)


def is_due(session: Session, now: datetime) -> bool:
    """Whether it is time to ask: a week after the words were shown, and then every half year; not while somebody has put it off."""
    put_off_until = _moment(session, PUT_OFF_UNTIL)
    # Only a clock that has gone back since can leave more of the two weeks than there were.
    if put_off_until is not None and now < put_off_until <= now + NOT_NOW:
        return False
    asking, last = _asking(session.vault), proven_at(session)
    shown = parse_time(asking.shown_at) if asking is not None and asking.shown_at else None
    if shown is not None and (last is None or last < shown + _FIRST_SITTING):
        return now >= shown + FIRST_AFTER
    return last is None or now >= last + REHEARSE_EVERY


def _moment(session: Session, name: str) -> datetime | None:
    kept = session.vault.settings.read(name)
    return None if kept is None else parse_time(kept.decode())


# ---------------------------------------------------------------- while the words are still at hand


def challenge(token: bytes, count: int = ASKED_WORDS) -> tuple[int, ...]:
    """Which words to ask for, from at least eight random bytes: different places from 1 to 24, in order."""
    if len(token) < 8:
        raise ValueError("a challenge needs eight random bytes")
    number, places, chosen = int.from_bytes(token, "big"), list(range(1, WORDS + 1)), []
    for _ in range(count):
        number, place = divmod(number, len(places))
        chosen.append(places.pop(place))
    return tuple(sorted(chosen))


def proves(words: Secret[str], answers: Mapping[int, str]) -> bool:
    """Whether the answers, by place, are the words at those places. No answer proves nothing."""
    found = words.reveal().split()
    return bool(answers) and all(
        1 <= place <= len(found) and found[place - 1] == one_word(answer) for place, answer in answers.items()
    )
