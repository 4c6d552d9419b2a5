"""Alters originals: bytes put in, taken out, doubled, flipped or cut, and values of JSON exchanged for odd ones."""

from __future__ import annotations

import copy
import random  # noqa: TID251 - millions of draws a minute from one seed, so that a run can be repeated
from collections.abc import Sequence
from typing import Any

from tests.fuzz.targets import Target, spelt

_WORDS = (
    b"\n", b"\r\n", b"-> ", b"---", b"=", b'"', b"\\u0000", b"\\ud800", b"{", b"}", b"[", b"]", b",", b":", b"null", b"1e9",
    b"-0", b"9007199254740993", b"\xff", b"\xef\xbb\xbf", b"\x00", b"PK\x03\x04", b"PK\x01\x02", b"PK\x05\x06", b"../", b"A" * 70,
)  # fmt: skip
_VALUES: tuple[Any, ...] = (
    "", "x", "\0", "\u202e", "../x", "=", "0" * 64, "a" * 26, "٢٠٢٦", "A" * 3000, "2026-11-22T09:00:00Z", "2026-02-30T00:00:00Z",
    0, 1, -1, 2**31, 2**53 - 1, True, False, [], {}, [[]], [{}], {"": ""}, [""], {"a": [1, "b", {"c": True}]},
)  # fmt: skip


class Alterer:
    """Alters the originals of one target, the same way for the same seed."""

    def __init__(self, target: Target, values: Sequence[Any], seed: str) -> None:
        self._originals = target.originals
        self._values = values
        self._draw = random.Random(seed)  # noqa: S311

    def next(self) -> bytes:
        """The next input."""
        if self._values and self._draw.random() < 0.6:
            value = copy.deepcopy(self._draw.choice(self._values))
            for _ in range(self._draw.randint(1, 3)):
                value = self._value(value)
            made = spelt(value)
            if made is not None:
                return made
        return self._bytes()

    def _bytes(self) -> bytes:
        draw = self._draw
        data = bytearray(draw.choice(self._originals))
        for _ in range(draw.randint(1, 4)):
            start = draw.randint(0, len(data))
            end = min(len(data), start + draw.randint(0, 64))
            match draw.randrange(7):
                case 0:
                    data[start:end] = draw.choice(_WORDS)
                case 1:
                    data[start:start] = draw.choice(_WORDS)
                case 2:
                    data[start:end] = bytes(data[start:end]) * 2
                case 3:
                    del data[start:end]
                case 4:
                    data[start:end] = draw.randbytes(draw.randint(0, 16))
                case 5 if start < len(data):
                    data[start] ^= 1 << draw.randrange(8)
                case _:
                    del data[start if draw.random() < 0.2 else len(data) :]
        return bytes(data)

    def _value(self, value: Any) -> Any:
        draw = self._draw
        if not isinstance(value, dict | list) or not value or draw.random() < 0.1:
            return copy.deepcopy(draw.choice(_VALUES))
        if isinstance(value, dict):
            self._in_object(value, draw.choice(sorted(value)))
            return value
        place = draw.randrange(len(value))
        match draw.randrange(8):
            case 0:
                del value[place]
            case 1:
                value.insert(place, copy.deepcopy(value[place]))
            case _:
                value[place] = self._value(value[place])
        return value

    def _in_object(self, value: dict[str, Any], key: str) -> None:
        match self._draw.randrange(9):
            case 0:
                del value[key]
            case 1:
                value[self._draw.choice(("v", "x", "id", "a" * 100, ""))] = copy.deepcopy(self._draw.choice(_VALUES))
            case _:
                value[key] = self._value(value[key])
