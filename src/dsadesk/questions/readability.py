"""How hard an English text is to read: Flesch-Kincaid reading age, the longest sentence, and words to avoid.

The formula is that of Kincaid, Fishburne, Rogers and Chissom, "Derivation of new readability formulas" (1975), with five
added to turn a school grade into an age. Syllables are counted by rule, so the age is a guide and not a measurement.
The words to avoid follow the plain English advice of the GOV.UK style guide; the list and what to say instead are our own.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Iterator

from msgspec import Struct

_WORD = re.compile(r"[^\W_]+(?:['\u2019][^\W_]+|[.,:/](?=\d)\d+)*")
_BREAK = re.compile(r"[.!?…]+[\"')\]\u2019”]*(?=\s|$)|\n+")
_LAST_WORD = re.compile(r"[\w.]+$")
_VOWELS = re.compile(r"[aeiouyáâäéêëíîïóôöúûüŵŷ]+")
_SILENT = re.compile(r"(?:[^aeiouyl]es|[^aeiouydt]ed|[^aeiouylr]e|[aeiouy][lr]es?)$")
_VOICED_ES = re.compile(r"(?:[cgsxz]|ch|sh)es$")
_SPLIT_VOWELS = re.compile(
    r"(?<![cst])ia(?!ge)|[cst]iat|io(?![nu])|(?<![cgtx])iou|iu|eing|ying|eum|oyee|(?<![gq])ua|iet|(?<![ct])ient|(?<!t)ience"
    r"|eo(?=$|graph|log)|area|idea|creat"
)
_EXCEPTIONS = {"business": 2, "businesses": 3, "every": 2, "everyone": 3, "people's": 2, "people\u2019s": 2}
_ABBREVIATIONS = frozenset({
    "e.g", "i.e", "etc", "cf", "vs", "mr", "mrs", "ms", "dr", "prof", "st", "no", "nos", "art", "arts", "sch", "para",
    "paras", "s", "ss", "reg", "regs", "ch", "pt", "approx", "fig", "p", "pp", "co", "ltd",
})  # fmt: skip

_YEARS_BEFORE_SCHOOL = 5
_FEWEST_TO_TELL, _WELSH_SHARE = 4, 0.15
_WELSH_LITTLE_WORDS = frozenset({
    "ac", "ag", "am", "ar", "ond", "bod", "bydd", "byddwn", "cael", "dros", "ei", "ein", "eu", "fel", "gan", "gyda", "hyn", "hwn", "mae",
    "mewn", "nad", "neu", "nid", "oedd", "oes", "pan", "rydym", "rydyn", "sydd", "sy", "wedi", "wrth", "y", "ydy", "yn", "yng", "yr", "yw",
    "i'r", "i\u2019r", "o'r", "o\u2019r", "a'r", "a\u2019r", "mae'r", "mae\u2019r", "sy'n", "sy\u2019n", "ddim", "ni", "dim", "bob", "pob",
})  # fmt: skip

_INSTEAD = {
    "agenda": "plan",
    "ascertain": "find out",
    "assist": "help", "assists": "helps", "assistance": "help",
    "collaborate": "work with", "collaborates": "works with", "collaborating": "working with", "collaboration": "working together",
    "combat": "reduce or stop", "combating": "reducing or stopping", "combatting": "reducing or stopping",
    "commence": "start", "commences": "starts", "commenced": "started", "commencing": "starting",
    "countering": "preventing",
    "deliverable": "what is handed over", "deliverables": "what is handed over",
    "deploy": "use or put in place", "deploys": "uses", "deployed": "used", "deploying": "using",
    "dialogue": "talk or discussion",
    "disincentivise": "put off",
    "empower": "allow or help", "empowers": "allows or helps", "empowered": "allowed or helped", "empowering": "helping",
    "endeavour": "try", "endeavours": "tries",
    "enhance": "improve", "enhances": "improves", "enhanced": "better", "enhancing": "improving",
    "expedite": "speed up",
    "facilitate": "help or run", "facilitates": "helps", "facilitated": "helped", "facilitating": "helping",
    "foster": "encourage", "fosters": "encourages", "fostering": "encouraging",
    "furthermore": "also",
    "going forward": "from now on",
    "granular": "detailed", "granularity": "level of detail",
    "heretofore": "until now", "herein": "here", "hereby": "(leave it out)",
    "holistic": "whole", "holistically": "as a whole",
    "impactful": "useful",
    "in order to": "to",
    "incentivise": "encourage", "incentivises": "encourages",
    "initiate": "start", "initiated": "started",
    "innovative": "new",
    "inter alia": "among other things",
    "leverage": "use", "leverages": "uses", "leveraged": "used", "leveraging": "using",
    "liaise": "work with", "liaising": "working with",
    "methodology": "method", "methodologies": "methods",
    "moreover": "also",
    "notwithstanding": "despite",
    "one-stop shop": "single place",
    "ongoing": "continuing",
    "operationalise": "put into use",
    "optimise": "improve", "optimised": "improved",
    "overarching": "main",
    "paradigm": "pattern",
    "pathfinder": "trial",
    "prior to": "before",
    "proactively": "early", "proactive": "early",
    "purchase": "buy",
    "pursuant to": "under",
    "regarding": "about",
    "ring-fence": "set aside", "ring-fenced": "set aside",
    "robust": "strong or well tested",
    "scoping": "planning",
    "seamless": "smooth", "seamlessly": "smoothly",
    "slimming down": "making smaller",
    "socialise": "share",
    "stakeholder": "name the people", "stakeholders": "name the people",
    "streamline": "make simpler", "streamlined": "simpler", "streamlining": "making simpler",
    "strategic": "long-term",
    "subsequently": "later", "subsequent": "later",
    "sufficient": "enough",
    "synergy": "benefit of working together", "synergies": "benefits of working together",
    "tackle": "reduce or solve", "tackles": "reduces", "tackling": "reducing or solving",
    "terminate": "end", "terminated": "ended",
    "transformational": "(say what changes)", "transformative": "(say what changes)",
    "transforming": "changing",
    "upstream": "earlier",
    "utilise": "use", "utilises": "uses", "utilised": "used", "utilising": "using", "utilisation": "use",
    "via": "by or through",
    "vis-a-vis": "about",
    "whilst": "while",
    "with regard to": "about",
    "with respect to": "about",
}  # fmt: skip


class Avoid(Struct, frozen=True):
    """A word to avoid: as it was written, what to say instead, and where it stands."""

    found: str
    instead: str
    start: int


class Sentence(Struct, frozen=True):
    """One sentence: from where to where it stands, its words, and the age at which it can be read."""

    start: int
    end: int
    words: int
    age: int


class Readability(Struct, frozen=True):
    """How hard a text is to read. The age of an empty text is 0."""

    age: int
    words: int
    sentences: int
    longest_sentence_words: int
    longest_sentence: str
    avoid: tuple[Avoid, ...]


def assess(text: str) -> Readability:
    """Return how hard `text` is to read. A line break ends a sentence, because lists have no full stops."""
    matches = list(_WORD.finditer(text))
    if not matches:
        return Readability(0, 0, 0, 0, "", ())
    tokens = [match.group().lower() for match in matches]
    found = sentences(text)
    longest = max(found, key=lambda sentence: sentence.words)
    return Readability(
        age=_age(len(tokens), len(found), sum(map(syllables, tokens))),
        words=len(tokens),
        sentences=len(found),
        longest_sentence_words=longest.words,
        longest_sentence=text[longest.start : longest.end],
        avoid=tuple(_to_avoid(text, matches, tokens)),
    )


def sentences(text: str) -> tuple[Sentence, ...]:
    """Return the sentences that have words, in order, without the space around them."""
    found = []
    for start, end in _spans(text):
        tokens = [match.group().lower() for match in _WORD.finditer(text, start, end)]
        if tokens:
            inner = text[start:end]
            first = start + len(inner) - len(inner.lstrip())
            age = _age(len(tokens), 1, sum(map(syllables, tokens)))
            found.append(Sentence(first, first + len(inner.strip()), len(tokens), age))
    return tuple(found)


def is_welsh(text: str) -> bool:
    """Say whether a text is Welsh, by its little words. The formula of the reading age is for English and says nothing of it."""
    tokens = [match.group().lower() for match in _WORD.finditer(text)]
    little = sum(token in _WELSH_LITTLE_WORDS for token in tokens)
    return len(tokens) >= _FEWEST_TO_TELL and little >= len(tokens) * _WELSH_SHARE


def _age(words: int, sentence_count: int, syllable_count: int) -> int:
    grade = 0.39 * words / sentence_count + 11.8 * syllable_count / words - 15.59
    return max(_YEARS_BEFORE_SCHOOL, round(grade + _YEARS_BEFORE_SCHOOL))


@functools.lru_cache(maxsize=8192)
def syllables(word: str) -> int:
    """Return about how many syllables an English word has. A number counts as one."""
    word = word.lower()
    if word in _EXCEPTIONS:
        return _EXCEPTIONS[word]
    count = len(_VOWELS.findall(word))
    if _SILENT.search(word) and not _VOICED_ES.search(word):
        count -= 1
    return max(1, count + len(_SPLIT_VOWELS.findall(word)))


def _spans(text: str) -> Iterator[tuple[int, int]]:
    start = 0
    for found in _BREAK.finditer(text):
        if found.group()[0] == "." and _is_abbreviation(text, found.start()):
            continue
        yield start, found.end()
        start = found.end()
    yield start, len(text)


def _is_abbreviation(text: str, dot: int) -> bool:
    last = _LAST_WORD.search(text, max(0, dot - 12), dot)
    if last is None:
        return False
    word = last.group()
    return word.lower() in _ABBREVIATIONS or (len(word) == 1 and word.isupper())


def _phrases() -> dict[str, tuple[tuple[tuple[str, ...], str], ...]]:
    """Return the list by its first word, the longest phrase first."""
    grouped: dict[str, list[tuple[tuple[str, ...], str]]] = {}
    for phrase, instead in _INSTEAD.items():
        parts = tuple(_WORD.findall(phrase))
        grouped.setdefault(parts[0], []).append((parts, instead))
    return {first: tuple(sorted(found, key=lambda item: -len(item[0]))) for first, found in grouped.items()}


_BY_FIRST_WORD = _phrases()


def _to_avoid(text: str, matches: list[re.Match[str]], tokens: list[str]) -> Iterator[Avoid]:
    at = 0
    while at < len(tokens):
        for parts, instead in _BY_FIRST_WORD.get(tokens[at], ()):
            if tuple(tokens[at : at + len(parts)]) == parts:
                start, end = matches[at].start(), matches[at + len(parts) - 1].end()
                yield Avoid(text[start:end], instead, start)
                at += len(parts) - 1
                break
        at += 1
