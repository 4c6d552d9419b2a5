from __future__ import annotations

import pytest

from dsadesk.age import AgeError
from dsadesk.age.bech32 import decode, encode

# BIP 173, "Test vectors"; the valid ones whose data is a whole number of bytes.
VALID = [
    "A12UEL5L",
    "a12uel5l",
    "an83characterlonghumanreadablepartthatcontainsthenumber1andtheexcludedcharactersbio1tt5tgs",
]
INVALID = {
    "\x201nwldj5": "character",
    "\x7f1axkwrx": "character",
    "pzry9x0s0muk": "length",
    "1pzry9x0s0muk": "length",
    "x1b4n0q5v": "character",
    "li1dgmt3": "length",
    "A1G7SGD8": "checksum",
    "10a06t8": "length",
    "1qzzfhee": "length",
    "a12UEL5L": "mixed case",
    "": "length",
}


@pytest.mark.parametrize("text", VALID)
def test_a_published_vector_is_read_and_written_again(text: str) -> None:
    prefix, data = decode(text)

    assert data == b""
    assert encode(prefix, data) == text.lower()


@pytest.mark.parametrize(("text", "reason"), INVALID.items())
def test_a_published_bad_vector_is_refused_for_its_reason(text: str, reason: str) -> None:
    with pytest.raises(AgeError) as caught:
        decode(text)

    assert caught.value.code == "key-malformed"
    assert caught.value.fields["reason"] == reason


@pytest.mark.parametrize("size", [0, 1, 2, 3, 4, 5, 31, 32, 33, 1216])
def test_data_of_any_length_comes_back(size: int) -> None:
    data = bytes(range(256)) * 5

    assert decode(encode("age", data[:size])) == ("age", data[:size])


def test_the_prefix_keeps_its_case() -> None:
    assert decode(encode("AGE-SECRET-KEY-", b"x").upper())[0] == "AGE-SECRET-KEY-"


@pytest.mark.parametrize("text", ["age1qdd35qf", "age1qqqyst3gn", "age1qpu0j2ex"])
def test_letters_that_are_no_whole_number_of_bytes_are_refused(text: str) -> None:
    with pytest.raises(AgeError, match="padding"):
        decode(text)


def test_every_single_letter_changed_is_noticed() -> None:
    text = encode("age", bytes(32))
    for place in range(4, len(text)):
        other = "p" if text[place] != "p" else "z"
        with pytest.raises(AgeError):
            decode(text[:place] + other + text[place + 1 :])
