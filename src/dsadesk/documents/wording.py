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
_HIDDEN = re.compile(
    "[\0-\x09\x0b-\x1f\x7f-\x9f\xad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f"
    "\u3164\ud800-\udfff\ufdd0-\ufdef\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufffb\ufffe\uffff\U0001bca0-\U0001bca3\U0001d173-\U0001d17a"
    "\U000e0000-\U000e0fff"
    + "".join(chr(plane << 16 | low) for plane in range(1, 17) for low in (0xFFFE, 0xFFFF))
    + "]"
)
"""Controls, what Unicode calls default ignorable, annotations, half characters and noncharacters. Written out, and not asked of the
Python at hand, because both parties must agree on it. The joiners U+200C and U+200D are how some scripts are spelled: they stay."""


def clean(text: str, *, one_line: bool = False) -> str:
    """Returns the text without anything that hides, reorders or breaks what a person reads.

    Control characters, the bidirectional overrides, isolates and marks, invisible formatting, half characters and noncharacters go;
    line ends become one kind; letters are composed (NFC). With `one_line` every run of blanks is one space.
    """
    text = _BREAKS.sub("\n", text).replace("\t", " ")
    text = unicodedata.normalize("NFC", _HIDDEN.sub("", text))
    return _BLANKS.sub(" ", text).strip() if one_line else "\n".join(line.rstrip() for line in text.split("\n")).strip()


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
                "attached": "The same text for machines is attached to this file as {name}. Its SHA-256 is {sha256}",
                "contents": "Contents",
                "figure": "Figure",
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
                "attached": "Mae'r un testun ar gyfer peiriannau ynghlwm wrth y ffeil hon fel {name}. Ei SHA-256 yw {sha256}",
                "contents": "Cynnwys",
                "figure": "Ffigur",
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
