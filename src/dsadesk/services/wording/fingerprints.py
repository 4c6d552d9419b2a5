"""Fingerprints as a screen reader should say them."""

from __future__ import annotations

import re
from collections.abc import Sequence

from dsadesk.services.wording.plain import plain

_HEX = re.compile(r"[0-9a-fA-F]{16,}\Z")
_GROUP = 4


def spelled(fingerprint: str | Sequence[str]) -> str:
    """A fingerprint spelled out: words with their numbers, hexadecimal character by character in groups of four.

    Text with blanks in it is words; without, and all of it hexadecimal digits, it is a number.
    """
    if isinstance(fingerprint, str):
        if _HEX.match(fingerprint):
            return _characters(fingerprint.upper())
        fingerprint = fingerprint.split()
    return ". ".join(f"Word {n}, {plain(word)}" for n, word in enumerate(fingerprint, 1)) + ("." if fingerprint else "")


def _characters(digits: str) -> str:
    return ", ".join(" ".join(digits[start : start + _GROUP]) for start in range(0, len(digits), _GROUP))
