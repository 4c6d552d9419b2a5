"""Makes what other people wrote fit to stand inside a sentence of ours."""

from __future__ import annotations

import unicodedata

from dsadesk.documents.wording import clean

NAME_LIMIT = 80
LABEL_LIMIT = 160
TEXT_LIMIT = 4_000

_JOINERS = "\u200c\u200d"
# Letters, symbols and marks by category that nevertheless print as nothing: the Hangul fillers, the blank of Braille and two Khmer
# vowels become blanks; the grapheme joiner and the variation selectors go.
_BLANKS = "\u115f\u1160\u3164\uffa0\u2800\u17b4\u17b5"
_UNSEEN = "\u034f\u180b\u180c\u180d\u180f" + "".join(map(chr, range(0xFE00, 0xFE10)))
_INVISIBLE = str.maketrans(_BLANKS, " " * len(_BLANKS), _UNSEEN)
_MOST_MARKS = 4
# How many characters may hide behind each one that is shown before the rest of a text is not even looked at.
_MOST_HIDDEN = 8


def plain(text: str, limit: int = NAME_LIMIT, *, keep_lines: bool = False) -> str:
    """The text as one line (or as lines) of at most `limit` characters, with nothing that hides, reorders or piles up.

    Control characters and the marks that turn the reading direction go, and so do letters that print as nothing and joiners where no
    script needs them. What is cut ends in "…".
    """
    start = text[: limit * _MOST_HIDDEN + _MOST_HIDDEN]
    shown = clean(start.translate(_INVISIBLE), one_line=not keep_lines)
    shown = clean(_without_piles(_without_stray_joiners(shown)), one_line=not keep_lines)
    if len(shown) <= limit and len(start) == len(text):
        return shown
    end = min(len(shown), max(limit - 1, 0))
    while 0 < end < len(shown) and unicodedata.category(shown[end]).startswith("M"):
        end -= 1
    return shown[:end].rstrip() + "…"


def listed(texts: tuple[str, ...], limit: int = NAME_LIMIT, most: int = 8) -> str:
    """The texts parted by commas, each made plain; beyond `most` of them only "…" follows."""
    shown = [plain(text, limit) for text in texts[:most]]
    return ", ".join([*shown, "…"] if len(texts) > most else shown)


def _without_stray_joiners(text: str) -> str:
    """Keeps a joiner only between letters of the scripts that are spelled with them; between Latin letters it only hides a difference."""
    if not any(joiner in text for joiner in _JOINERS):
        return text
    padded = f" {text} "
    return "".join(
        character
        for before, character, after in zip(padded, text, padded[2:], strict=False)
        if character not in _JOINERS or (_takes_joiners(before) and _takes_joiners(after))
    )


def _takes_joiners(character: str) -> bool:
    return ord(character) >= 0x0600 and unicodedata.category(character)[0] in "LMS"


def _without_piles(text: str) -> str:
    """Keeps at most four marks on one letter: more would climb over the lines around it."""
    if text.isascii():
        return text
    kept: list[str] = []
    marks = 0
    for character in text:
        marks = marks + 1 if unicodedata.category(character) in {"Mn", "Me"} else 0
        if marks <= _MOST_MARKS:
            kept.append(character)
    return "".join(kept)
