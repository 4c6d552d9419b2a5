"""The one function that makes text fit to be shown, and the few words that renderers add themselves, in English and Welsh."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from datetime import date
from types import MappingProxyType
from typing import Literal

Language = Literal["en", "cy"]

_BREAKS = re.compile("\r\n|[\r\v\f\x1c-\x1e\x85\u2028\u2029]")
_BLANKS = re.compile(r"\s+")
_JOINERS = "\u200c\u200d"
"""Zero width non-joiner and joiner: invisible, and yet part of how some scripts are spelled."""


def clean(text: str, *, one_line: bool = False) -> str:
    """Returns the text without anything that hides, reorders or breaks what a person reads.

    Control characters, the bidirectional overrides, isolates and marks, invisible formatting, half characters and noncharacters go;
    line ends become one kind; letters are composed (NFC). With `one_line` every run of blanks is one space.
    """
    text = _BREAKS.sub("\n", text).replace("\t", " ")
    text = unicodedata.normalize("NFC", "".join(character for character in text if _is_shown(character)))
    return _BLANKS.sub(" ", text).strip() if one_line else "\n".join(line.rstrip() for line in text.split("\n")).strip()


def _is_shown(character: str) -> bool:
    if character == "\n" or character in _JOINERS:
        return True
    point = ord(character)
    if point & 0xFFFE == 0xFFFE or 0xFDD0 <= point <= 0xFDEF or 0xE0000 <= point <= 0xE0FFF:
        return False
    return unicodedata.category(character) not in {"Cc", "Cf", "Cs"}


MONTHS: Mapping[Language, tuple[str, ...]] = MappingProxyType(
    {
        "en": (
            "January",
            "February",
            "March",
            "April",
            "May",
            "June",
            "July",
            "August",
            "September",
            "October",
            "November",
            "December",
        ),
        "cy": (
            "Ionawr",
            "Chwefror",
            "Mawrth",
            "Ebrill",
            "Mai",
            "Mehefin",
            "Gorffennaf",
            "Awst",
            "Medi",
            "Hydref",
            "Tachwedd",
            "Rhagfyr",
        ),
    }
)


def long_date(day: date, language: Language = "en") -> str:
    """A day as people write it: 2 March 2026, 2 Mawrth 2026."""
    return f"{day.day} {MONTHS[language][day.month - 1]} {day.year}"


WORDS: Mapping[Language, Mapping[str, str]] = MappingProxyType(
    {
        "en": MappingProxyType(
            {
                "attached": "This file carries the signed text for machines as {name}. Its SHA-256 is {sha256}",
                "contents": "Contents",
                "gap": "Not said",
                "key": "Key in words",
                "marking": "Marking",
                "note": "Note",
                "page": "Page",
                "page-of": "of",
                "reference": "Reference",
                "signatures": "Signatures",
                "signed": "Signed on {date} at {time} UTC",
                "table": "Table",
                "unsigned": "Nobody has signed this text yet.",
                "version": "Version",
                "warning": "Important",
            }
        ),
        "cy": MappingProxyType(
            {
                "attached": "Mae'r ffeil hon yn cario'r testun a lofnodwyd ar gyfer peiriannau fel {name}. Ei SHA-256 yw {sha256}",
                "contents": "Cynnwys",
                "gap": "Heb ei ddweud",
                "key": "Allwedd mewn geiriau",
                "marking": "Marc",
                "note": "Nodyn",
                "page": "Tudalen",
                "page-of": "o",
                "reference": "Cyfeirnod",
                "signatures": "Llofnodion",
                "signed": "Llofnodwyd ar {date} am {time} UTC",
                "table": "Tabl",
                "unsigned": "Nid oes neb wedi llofnodi'r testun hwn eto.",
                "version": "Fersiwn",
                "warning": "Pwysig",
            }
        ),
    }
)
"""What a renderer says of its own, by language and name."""
