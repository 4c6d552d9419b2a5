"""Three shares of a seed: which two give it back, what one says, and what is said of those that do not fit.

The vectors in tests/vectors/slip39.json are SLIP-39's own, from trezor/python-shamir-mnemonic.
"""

from __future__ import annotations

import json
from itertools import permutations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from shamir_mnemonic.wordlist import WORDLIST

from dsadesk.bundle.identity import seed_to_words, words_to_seed
from dsadesk.bundle.shares import SHARE_WORDS, Share, read_share, seed_of_shares, split_seed
from dsadesk.errors import InputError
from tests.support.desks import ROOT

VECTORS = json.loads((ROOT / "tests/vectors/slip39.json").read_text("utf-8"))
SEEDS = st.binary(min_size=32, max_size=32)
SEED = bytes(range(32))


def text(share: Share) -> str:
    return " ".join(share.words)


def refused(words: str, code: str, **fields: object) -> None:
    with pytest.raises(InputError) as told:
        words_to_seed(words)
    assert told.value.code == code
    assert fields.items() <= told.value.fields.items()


def altered(words: tuple[str, ...], place: int, by: int) -> str:
    """The words with another known word at a place."""
    other = WORDLIST[(WORDLIST.index(words[place - 1]) + by) % len(WORDLIST)]
    return " ".join((*words[: place - 1], other, *words[place:]))


# ---------------------------------------------------------------- any two of three


@settings(max_examples=25, deadline=None)
@given(SEEDS)
def test_any_two_of_three_give_the_seed_back_in_either_order(seed: bytes) -> None:
    shares = split_seed(seed)
    assert [share.number for share in shares] == [1, 2, 3]
    for first, second in permutations(shares, 2):
        assert seed_of_shares(first, second) == seed
        assert words_to_seed(f"{text(first)}  {text(second).upper()}\n") == seed


@settings(max_examples=25, deadline=None)
@given(SEEDS)
def test_one_share_alone_opens_nothing_and_the_same_one_twice_neither(seed: bytes) -> None:
    for share in split_seed(seed):
        refused(text(share), "share-alone")
        refused(f"{text(share)} {text(share)}", "shares-same", number=share.number)


@settings(max_examples=25, deadline=None)
@given(SEEDS, SEEDS)
def test_shares_of_different_sets_are_told_apart(seed: bytes, other: bytes) -> None:
    first, second = split_seed(seed)[0], split_seed(other)[1]
    expected = "shares-other-set" if first.set_name != second.set_name else "shares-check"
    refused(f"{text(first)} {text(second)}", expected)


def test_two_sets_of_the_same_seed_do_not_mix_and_each_works() -> None:
    one, two = split_seed(SEED), split_seed(SEED)
    assert words_to_seed(f"{text(one[0])} {text(one[2])}") == SEED
    assert words_to_seed(f"{text(two[0])} {text(two[2])}") == SEED
    refused(f"{text(one[0])} {text(two[2])}", "shares-other-set", first=one[0].set_name, second=two[2].set_name)


def test_a_share_says_nothing_of_the_seed() -> None:
    """The same seed gives other words each time; a share has none of the 24 but by accident."""
    sets = [split_seed(SEED) for _ in range(8)]
    assert len({share.words[4:] for made in sets for share in made}) == 24
    assert "words" not in repr(sets[0][0])


# ---------------------------------------------------------------- slips


@settings(max_examples=200, deadline=None)
@given(st.data())
def test_one_wrong_word_is_named_by_its_place(data: st.DataObject) -> None:
    share = data.draw(st.sampled_from(split_seed(SEED)))
    place, by = data.draw(st.integers(1, SHARE_WORDS)), data.draw(st.integers(1, 1023))
    with pytest.raises(InputError) as told:
        read_share(altered(share.words, place, by))
    assert (told.value.code, told.value.fields["position"]) == ("share-word-wrong", place)


@settings(max_examples=200, deadline=None)
@given(st.data())
def test_two_wrong_words_are_noticed_and_never_taken_for_one(data: st.DataObject) -> None:
    share = split_seed(SEED)[0]
    places = data.draw(st.lists(st.integers(3, SHARE_WORDS), min_size=2, max_size=2, unique=True))
    words = share.words
    for place in places:
        words = tuple(altered(words, place, data.draw(st.integers(1, 1023))).split())
    with pytest.raises(InputError) as told:
        read_share(" ".join(words))
    assert told.value.code == "share-check"


def test_neighbours_that_changed_places_are_noticed() -> None:
    words = list(split_seed(SEED)[0].words)
    words[9], words[10] = ("agree", "agency") if words[9] == words[10] else (words[10], words[9])
    with pytest.raises(InputError, match="share-check"):
        read_share(" ".join(words))


def test_a_mistyped_word_is_named_with_the_share_it_is_in() -> None:
    first, second = split_seed(SEED)[:2]
    spoilt = (*second.words[:16], "lanternmeadow", *second.words[17:])
    refused(f"{text(first)} {' '.join(spoilt)}", "share-word-unknown", position=17, which="second")
    refused(f"{altered(first.words, 20, 3)} {text(second)}", "share-word-wrong", position=20, which="first")


@pytest.mark.parametrize("count", [0, 1, 23, 25, 32, 34, 65, 67])
def test_another_number_of_words_is_said(count: int) -> None:
    refused(" ".join(["academic"] * count), "recovery-words-count", count=count)
    with pytest.raises(InputError, match="share-words-count"):
        read_share(" ".join(["academic"] * count))


def test_twenty_four_words_are_read_as_ever() -> None:
    assert words_to_seed(seed_to_words(SEED)) == SEED


# ---------------------------------------------------------------- the standard's own vectors


def vector(name: str) -> dict[str, object]:
    (found,) = [each for each in VECTORS["vectors"] if each["name"].split(". ", 1)[1].startswith(name)]
    assert isinstance(found, dict)
    return found


@pytest.mark.parametrize("name", ["Basic sharing 2-of-3 (256 bits)", "Extendable basic sharing 2-of-3 (256 bits)"])
def test_two_shares_of_the_standard_give_its_secret(name: str) -> None:
    chosen = next(v for v in VECTORS["vectors"] if v["name"].endswith(name) and v["secret"])
    first, second = (read_share(words, n + 1) for n, words in enumerate(chosen["shares"]))
    passphrase = VECTORS["passphrase"].encode()
    assert seed_of_shares(first, second, passphrase) == bytes.fromhex(chosen["secret"])
    assert seed_of_shares(second, first, passphrase).hex() == chosen["secret"]


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("Mnemonic with invalid checksum", "share-check"),
        ("Mnemonic with invalid padding", "share-check"),
        ("Valid mnemonic without sharing", "share-other-kind"),
        ("Valid extendable mnemonic without sharing", "share-other-kind"),
        ("Insufficient number of groups (256 bits, case 1)", "share-other-kind"),
    ],
)
def test_shares_of_the_standard_that_are_not_sound_or_not_ours_are_refused(name: str, code: str) -> None:
    shares = vector(name)["shares"]
    assert isinstance(shares, list)
    with pytest.raises(InputError) as told:
        read_share(shares[0])
    assert told.value.code == code


def test_one_share_of_the_standards_two_is_not_enough() -> None:
    (chosen,) = [v for v in VECTORS["vectors"] if "2-of-3" in v["name"] and len(v["shares"]) == 1]
    refused(chosen["shares"][0], "share-alone")
