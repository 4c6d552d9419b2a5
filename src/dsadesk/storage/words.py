"""How text is searched: accents and case folded, cut into words, each matched by its beginning.

The same folding makes what is indexed and what is asked, so tŷ is found by ty and NO₂ by no2.
"""

from __future__ import annotations

import re
import unicodedata

_MAX_WORDS = 12
_MAX_LENGTH = 64
_WORD = re.compile(r"[^\W_]+")


def fold(text: str) -> str:
    """The text without accents and case."""
    if text.isascii():
        return text.lower()
    decomposed = unicodedata.normalize("NFKD", text)
    return "".join(char for char in decomposed if unicodedata.category(char) != "Mn").casefold()


def search_words(text: str) -> tuple[str, ...]:
    """The folded words of what someone typed, within bounds."""
    return tuple(word[:_MAX_LENGTH] for word in _WORD.findall(fold(text))[:_MAX_WORDS])


def index_text(text: str) -> str:
    """The folded words of a text as they are indexed: the engine cuts nothing that was not cut here."""
    return " ".join(_WORD.findall(fold(text)))


def all_begin(asked: tuple[str, ...], text: str) -> bool:
    """Whether every word asked for begins some word of the text."""
    present = _WORD.findall(fold(text))
    return all(any(word.startswith(begin) for word in present) for begin in asked)


def prefix_query(asked: tuple[str, ...]) -> str:
    """The full text query for rows that have every word by its beginning."""
    return " ".join(f'"{word}"*' for word in asked)
