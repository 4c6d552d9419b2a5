"""The recovery seed in three shares, any two of which give it back: SLIP-39, by its reference implementation (docs/adr/0033).

A share is 33 words. The first two name the set that it belongs to and are the same on all three; the fourth tells the three apart; the
last three are a check that finds every slip in up to three words.
"""

from __future__ import annotations

import functools
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from dsadesk.errors import InputError

SHARES = 3
NEEDED = 2
SHARE_WORDS = 33
TELLING_WORDS = 4
"""The first words of a share, which say nothing of its value."""
_SEED_BYTES = 32
_CHECK_WORDS = 3
_BITS = 10
_WHICH = ("first", "second")


@dataclass(frozen=True)
class Share:
    """One share. `number` is 1 to 3; `set_name` is the two words that all shares of one set begin with."""

    number: int
    set_name: str
    words: tuple[str, ...] = field(repr=False)


def split_seed(seed: bytes) -> tuple[Share, ...]:
    """Three new shares of a seed, any two of which give it back. Each call makes a set of its own. Raises: ValueError for another length."""
    if len(seed) != _SEED_BYTES:
        raise ValueError("a seed has 32 bytes")
    made = _slip39().generate_mnemonics(1, [(NEEDED, SHARES)], seed)[0]
    return tuple(read_share(words) for words in made)


def read_share(words: str, which: int = 1) -> Share:
    """One share of ours, in any case and spacing; `which` says whether it is the first or the second that is given.

    Raises: InputError with which, and "share-words-count" (count), "share-word-unknown" (position), "share-word-wrong" (position) where one
    word alone breaks the check, "share-check", or "share-other-kind" for a sound share that was not made here.
    """
    said = _WHICH[which - 1]
    found = words.lower().split()
    if len(found) != SHARE_WORDS:
        raise InputError("share-words-count", count=len(found), which=said)
    slip39 = _slip39()
    known = slip39.wordlist.WORD_INDEX_MAP
    for position, word in enumerate(found, 1):
        if word not in known:
            raise InputError("share-word-unknown", position=position, which=said)
    try:
        value = slip39.Share.from_mnemonic(" ".join(found))
    except slip39.MnemonicError as error:
        wrong = _only_wrong_word([known[word] for word in found])
        if wrong is None:
            raise InputError("share-check", which=said) from error
        raise InputError("share-word-wrong", position=wrong, which=said) from error
    form = (value.group_count, value.group_threshold, value.member_threshold, value.index < SHARES)
    if form != (1, 1, NEEDED, True):
        raise InputError("share-other-kind", which=said)
    return Share(value.index + 1, " ".join(found[:2]), tuple(found))


def seed_of_shares(first: Share, second: Share, passphrase: bytes = b"") -> bytes:
    """The seed that two shares give. Ours have no passphrase.

    Raises: InputError("shares-same", number), InputError("shares-other-set", first, second), InputError("shares-check").
    """
    if first.set_name != second.set_name:
        raise InputError("shares-other-set", first=first.set_name, second=second.set_name)
    if first.number == second.number:
        raise InputError("shares-same", number=first.number)
    slip39 = _slip39()
    try:
        return bytes(slip39.combine_mnemonics([" ".join(first.words), " ".join(second.words)], passphrase))
    except slip39.MnemonicError as error:
        raise InputError("shares-check") from error


def seed_of_typed_shares(words: Sequence[str]) -> bytes:
    """The seed from two shares typed one after the other. Raises: as `read_share` and `seed_of_shares`."""
    first, second = (read_share(" ".join(words[n * SHARE_WORDS :][:SHARE_WORDS]), n + 1) for n in range(NEEDED))
    return seed_of_shares(first, second)


def _only_wrong_word(indices: Sequence[int]) -> int | None:
    """The place of the one word that breaks the check, where one alone does: the check is linear, so a slip at a place shows what it was.

    Two wrong words are never taken for one, because sound shares differ in four words at least; three may be.
    """
    data, given = list(indices[:-_CHECK_WORDS]), _number(indices[-_CHECK_WORDS:])
    slip = _check(data) ^ given
    in_check = [n for n in range(_CHECK_WORDS) if slip >> _BITS * (_CHECK_WORDS - 1 - n) & 0x3FF]
    if len(in_check) == 1:
        return len(data) + in_check[0] + 1
    nothing = _check([0] * len(data))
    for place in range(len(data)):
        unit = [_check([(1 << bit) * (n == place) for n in range(len(data))]) ^ nothing for bit in range(_BITS)]
        if _is_sum_of(slip, unit):
            return place + 1
    return None


def _is_sum_of(slip: int, parts: Sequence[int]) -> bool:
    """Whether some of the parts, added without carrying, give this."""
    reached = {0}
    for part in parts:
        reached |= {each ^ part for each in reached}
    return slip in reached


def _check(data: Sequence[int]) -> int:
    slip39 = _slip39()
    return _number(slip39.rs1024.create_checksum(data, slip39.constants.CUSTOMIZATION_STRING_EXTENDABLE))


def _number(words: Sequence[int]) -> int:
    return functools.reduce(lambda sum_, word: sum_ << _BITS | word, words, 0)


@functools.cache
def _slip39() -> Any:
    import shamir_mnemonic
    import shamir_mnemonic.constants
    import shamir_mnemonic.rs1024
    import shamir_mnemonic.wordlist

    return shamir_mnemonic
