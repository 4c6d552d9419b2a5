"""Bech32 (BIP 173) as age uses it: any length, and the case of the prefix is kept so that the caller can judge it."""

from __future__ import annotations

from collections.abc import Iterable

from dsadesk.age.errors import AgeError

ALPHABET = "qpzry9x8gf2tvdw0s3jn54khce6mua7l"
_VALUES = {letter: value for value, letter in enumerate(ALPHABET)}
_GENERATOR = (0x3B6A57B2, 0x26508E6D, 0x1EA119FA, 0x3D4233DD, 0x2A1462B3)
_CHECKSUM_LETTERS = 6


def _feedback(top: int) -> int:
    value = 0
    for bit, word in enumerate(_GENERATOR):
        if top >> bit & 1:
            value ^= word
    return value


_FEEDBACK = tuple(_feedback(top) for top in range(32))


def _polymod(values: Iterable[int]) -> int:
    check = 1
    for value in values:
        check = (check & 0x1FFFFFF) << 5 ^ value ^ _FEEDBACK[check >> 25]
    return check


def _expand(prefix: str) -> list[int]:
    return [ord(letter) >> 5 for letter in prefix] + [0] + [ord(letter) & 31 for letter in prefix]


def _to_groups(data: bytes) -> list[int]:
    padding = -len(data) * 8 % 5
    number = int.from_bytes(data, "big") << padding
    count = (len(data) * 8 + padding) // 5
    return [number >> 5 * place & 31 for place in reversed(range(count))]


def _from_groups(groups: list[int]) -> bytes:
    padding = len(groups) * 5 % 8
    number = 0
    for group in groups:
        number = number << 5 | group
    if padding >= 5 or number & (1 << padding) - 1:
        raise AgeError("key-malformed", reason="padding")
    return (number >> padding).to_bytes(len(groups) * 5 // 8, "big")


def encode(prefix: str, data: bytes) -> str:
    """`data` as Bech32 in lower case."""
    prefix = prefix.lower()
    groups = _to_groups(data)
    check = _polymod([*_expand(prefix), *groups, *[0] * _CHECKSUM_LETTERS]) ^ 1
    groups += [check >> 5 * place & 31 for place in reversed(range(_CHECKSUM_LETTERS))]
    return prefix + "1" + "".join(ALPHABET[group] for group in groups)


def decode(text: str) -> tuple[str, bytes]:
    """The prefix as written, and the data. Raises: AgeError; the text itself never stands in it, for it may be a secret."""
    if text not in {text.lower(), text.upper()}:
        raise AgeError("key-malformed", reason="mixed case")
    prefix, separator, letters = text.rpartition("1")
    if not separator or not prefix or len(letters) < _CHECKSUM_LETTERS:
        raise AgeError("key-malformed", reason="length")
    if not all("!" <= letter <= "~" for letter in prefix):
        raise AgeError("key-malformed", reason="character")
    try:
        groups = [_VALUES[letter] for letter in letters.lower()]
    except KeyError:
        raise AgeError("key-malformed", reason="character") from None
    if _polymod([*_expand(prefix.lower()), *groups]) != 1:
        raise AgeError("key-malformed", reason="checksum")
    return prefix, _from_groups(groups[:-_CHECKSUM_LETTERS])
