"""What could be plainer in an answer, and where: words to avoid, long sentences, sentences too hard for the public, acronyms, spelling.

Which words are misspelt is told from outside: nothing here has a dictionary. Places are counted in characters from the start of the text.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from enum import StrEnum

from msgspec import Struct

from dsadesk.questions import readability
from dsadesk.questions.readability import Readability

LONGEST_SENTENCE = 25
MOST_MARKS = 400

_WORD = re.compile(r"[^\W\d_]+(?:['\u2019-][^\W\d_]+)*")
# What is written for machines, and names of things, is not spelt by a dictionary.
_NOT_PROSE = re.compile(
    r"\S+@\S+|\b(?:https?://|www\.)\S+|\b[\w-]+(?:\.[\w-]+)+\b|\S*[\w]\d\S*|\S*\d[^\W\d_]\S*|\S*_\S*|\S*[/\\]\S*"
)
_ACRONYM = re.compile(r"\b(?=\w*[A-Z]\w*[A-Z])[A-Z][A-Za-z0-9]*[A-Z0-9]s?\b")
_CAPITALS = re.compile(r"[A-Z].*[A-Z]")
_KNOWN = frozenset({
    "UK", "GB", "EU", "US", "USA", "NHS", "MP", "MPs", "BBC", "PDF", "CSV", "PC", "TV", "ID", "IDs", "OK", "AM", "PM", "GP", "GPs", "A&E",
    "GCSE", "GCSEs", "VAT", "OFFICIAL", "SENSITIVE", "COVID", "COVID-19", "HIV", "DNA", "IT", "SMS",
})  # fmt: skip


class Kind(StrEnum):
    """What is wrong at a place."""

    SPELLING = "spelling"
    AVOID = "avoid"
    LONG = "long"
    HARD = "hard"
    ACRONYM = "acronym"


class Mark(Struct, frozen=True):
    """One place to look at: `found` as it was written, `instead` what to write where that is known, `size` words or an age."""

    start: int
    end: int
    kind: Kind
    found: str
    instead: str = ""
    size: int = 0


class Proof(Struct, frozen=True):
    """How plain a text is, and where it is not. `readability` is None for Welsh, of which the formula says nothing."""

    text: str
    language: str
    readability: Readability | None
    marks: tuple[Mark, ...]


def language_of(text: str, asked_in: str) -> str:
    """Return the language to spell an answer in: that of its question, and Welsh where the answer is Welsh."""
    return "cy" if asked_in == "cy" or readability.is_welsh(text) else "en"


def words_to_spell(text: str, *, is_line: bool = False) -> tuple[tuple[str, int], ...]:
    """Return each word that a dictionary should know, and where it stands. Addresses, codes and capitals are left out.

    What stands in a field of one line (`is_line`) is often a name: words with a capital are left out of it, but for a first word that
    goes on in small letters.
    """
    skipped = [(found.start(), found.end()) for found in _NOT_PROSE.finditer(text)]
    kept = []
    at = 0
    for match in _WORD.finditer(text):
        while at < len(skipped) and skipped[at][1] <= match.start():
            at += 1
        if at < len(skipped) and skipped[at][0] < match.end():
            continue
        word = match.group()
        if len(word) > 1 and not _CAPITALS.match(word):
            kept.append((word, match.start()))
    return tuple(kept if not is_line else _no_names(text, kept))


def _no_names(text: str, words: list[tuple[str, int]]) -> Iterator[tuple[str, int]]:
    for at, (word, start) in enumerate(words):
        begins = not text[:start].strip() and at + 1 < len(words) and words[at + 1][0][0].islower()
        if word[0].islower() or begins:
            yield word, start


def acronyms(text: str) -> tuple[tuple[str, int], ...]:
    """Return each acronym that not everybody knows, and where it stands. A text all in capitals has none."""
    if text.isupper():
        return ()
    return tuple((match.group(), match.start()) for match in _ACRONYM.finditer(text) if match.group() not in _KNOWN)


def explained(texts: Iterable[str]) -> frozenset[str]:
    """Return the acronyms that these texts explain: in brackets after their words, or with words in brackets after them."""
    return frozenset(_stem(acronym) for text in texts for acronym in _explained(text))


def proof(
    text: str,
    *,
    language: str = "en",
    reading_age: int | None = None,
    known_acronyms: frozenset[str] = frozenset(),
    misspelt: frozenset[str] = frozenset(),
    is_line: bool = False,
) -> Proof:
    """Return what could be plainer. With a `reading_age`, and only where the text is above it, the sentences that break it are marked."""
    spelt = [
        Mark(at, at + len(word), Kind.SPELLING, word)
        for word, at in words_to_spell(text, is_line=is_line)
        if word in misspelt
    ]
    known = known_acronyms | explained((text,))
    short = [Mark(at, at + len(word), Kind.ACRONYM, word) for word, at in acronyms(text) if _stem(word) not in known]
    if language != "en":
        return Proof(text, language, None, _in_order([*spelt, *short]))
    found = readability.assess(text)
    plain = [
        Mark(each.start, each.start + len(each.found), Kind.AVOID, each.found, each.instead) for each in found.avoid
    ]
    return Proof(text, language, found, _in_order([*spelt, *short, *plain, *_sentences(text, found, reading_age)]))


def breaking(text: str, reading_age: int) -> tuple[Mark, ...]:
    """Return the sentences that put a text above a reading age, hardest first; nothing where it is not above it, or is Welsh.

    There is at least one: the age of a text is never above that of its hardest sentence.
    """
    if readability.is_welsh(text) or readability.assess(text).age <= reading_age:
        return ()
    hard = (each for each in readability.sentences(text) if each.age > reading_age)
    marks = [Mark(each.start, each.end, Kind.HARD, text[each.start : each.end], size=each.age) for each in hard]
    return tuple(sorted(marks, key=lambda mark: (-mark.size, mark.start)))


def _sentences(text: str, found: Readability, reading_age: int | None) -> Iterator[Mark]:
    hard = breaking(text, reading_age) if reading_age is not None and found.age > reading_age else ()
    yield from hard
    named = {mark.start for mark in hard}
    for each in readability.sentences(text):
        if each.words > LONGEST_SENTENCE and each.start not in named:
            yield Mark(each.start, each.end, Kind.LONG, text[each.start : each.end], size=each.words)


def _explained(text: str) -> Iterator[str]:
    for acronym, at in acronyms(text):
        end = at + len(acronym)
        in_brackets = text[max(0, at - 1) : at] == "(" and text[end : end + 1] == ")" and text[: at - 1].strip()
        before_brackets = re.match(r" \((?=[^)]*[a-z]{3})", text[end:])
        if in_brackets or before_brackets:
            yield acronym


def _stem(acronym: str) -> str:
    return acronym.removesuffix("s")


def _in_order(marks: list[Mark]) -> tuple[Mark, ...]:
    return tuple(sorted(marks, key=lambda mark: (mark.start, mark.end))[:MOST_MARKS])
