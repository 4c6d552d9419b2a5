"""Reading an answer for plain English and spelling while somebody writes. The work is done aside; what is not known yet is not said.

A word that a dictionary was asked about is remembered, so that a changed answer costs a look-up for its new words only.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from dsadesk.errors import SpellingError
from dsadesk.ports import Speller
from dsadesk.questions import proofing
from dsadesk.questions.model import Question
from dsadesk.questions.proofing import Kind, Mark, Proof
from dsadesk.services import spelling
from dsadesk.services.wording import Explanation
from dsadesk.ui.presenters.form import LONGEST_SENTENCE, PLAIN_AGE, Remark
from dsadesk.ui.presenters.frame import Frame

_MOST_OF_A_KIND = 5
_QUOTED_WORDS = 6
_NAMES = frozenset({"name", "email", "codes", "format", "source", "fields"})
"""Columns whose cells are names and codes."""


@dataclass(frozen=True)
class Wanted:
    """A text to read: the language that it is asked in, the reading age it must keep to, and whether its field has one line."""

    text: str
    asked_in: str = "en"
    reading_age: int | None = None
    is_line: bool = False


@dataclass(frozen=True)
class _Read:
    proofs: tuple[Proof, ...]
    misspelt: Mapping[str, frozenset[str]]
    asked: Mapping[str, frozenset[str]]
    is_spelt: bool


class Proofreader:
    """Reads texts and answers with their marks. Made for one open vault."""

    def __init__(self, frame: Frame) -> None:
        self._frame = frame
        self._speller: Speller | None = frame.desk.world.speller
        self._asked: dict[str, set[str]] = {}
        self._misspelt: dict[str, set[str]] = {}
        self._own: frozenset[str] = frozenset()
        self._is_spelt = self._speller is not None

    @property
    def is_spelt(self) -> bool:
        """Whether spelling is checked: there are dictionaries, and they answered last time."""
        return self._is_spelt

    @property
    def own_words(self) -> frozenset[str]:
        """The words that this person added."""
        return self._own

    def start(self, then: Callable[[], None]) -> None:
        """Take up the words that were added before."""
        session = self._frame.desk.session
        self._is_spelt = self._speller is not None
        self._frame.work(lambda: spelling.own_words(session), lambda words: self._take(words, then), _ignore)

    def read(self, wanted: Wanted, then: Callable[[Proof], None], *, others: Iterable[str] = ()) -> None:
        """Read a text and call `then` with what could be plainer. `others` are texts that may explain its acronyms."""
        self.read_all((wanted,), lambda found: then(found[0]), others=others)

    def read_all(
        self, wanted: Sequence[Wanted], then: Callable[[tuple[Proof, ...]], None], *, others: Iterable[str] = ()
    ) -> None:
        """Read several texts at once, with one look into each dictionary."""
        texts, own, speller = tuple(others), self._own, self._speller if self._is_spelt else None
        asked = {language: frozenset(words) for language, words in self._asked.items()}
        misspelt = {language: frozenset(words) for language, words in self._misspelt.items()}

        def work() -> _Read:
            languages = [proofing.language_of(each.text, each.asked_in) for each in wanted]
            new: dict[str, frozenset[str]] = {}
            wrong = dict(misspelt)
            is_spelt = speller is not None
            for language in sorted(set(languages)):
                words = _words(each for each, its in zip(wanted, languages, strict=True) if its == language) - own
                new[language] = words - asked.get(language, frozenset())
                if speller is None or not new[language]:
                    continue
                try:
                    found = speller.unknown(sorted(new[language]), language)
                except SpellingError:
                    return _Read(_proofs(wanted, languages, texts, misspelt, own), {}, {}, is_spelt=False)
                wrong[language] = wrong.get(language, frozenset()) | found
            return _Read(_proofs(wanted, languages, texts, wrong, own), wrong, new, is_spelt)

        def done(read: _Read) -> None:
            if self._speller is not None and not read.is_spelt:
                self._is_spelt = False
            elif read.is_spelt:
                for language, words in read.asked.items():
                    self._asked.setdefault(language, set()).update(words)
                for language, words in read.misspelt.items():
                    self._misspelt.setdefault(language, set()).update(words)
            then(read.proofs)

        self._frame.submit_aside(work, done, _raise)

    def suggest(self, word: str, language: str, then: Callable[[tuple[str, ...]], None]) -> None:
        """Look for what could have been meant; nothing where there is no dictionary."""
        speller = self._speller

        def work() -> tuple[str, ...]:
            try:
                return speller.suggest(word, language) if speller is not None else ()
            except SpellingError:
                return ()

        self._frame.submit_aside(work, then, _raise)

    def add(self, word: str, then: Callable[[], None], failed: Callable[[Explanation], None]) -> None:
        """Add a word to this person's dictionary."""
        session = self._frame.desk.session
        work = self._frame.work
        work(lambda: spelling.add_word(session, word), lambda words: self._take(words, then), failed)

    def forget(self, word: str, then: Callable[[], None], failed: Callable[[Explanation], None]) -> None:
        """Take a word out of this person's dictionary."""
        session = self._frame.desk.session
        work = self._frame.work
        work(lambda: spelling.forget_word(session, word), lambda words: self._take(words, then), failed)

    def _take(self, words: frozenset[str], then: Callable[[], None]) -> None:
        self._own = words
        then()


def remarks_of(found: Proof, reading_age: int | None = None, *, is_spelt: bool = True) -> tuple[Remark, ...]:
    """Put what was found into lines, each with its place. An empty text has none."""
    if not found.text.strip():
        return ()
    said: list[Remark] = []
    plain = found.readability
    if plain is None:
        said.append(Remark(is_good=True, sentence="Checked as Welsh. There is no reading age for Welsh"))
    elif plain.words:
        aim = reading_age or PLAIN_AGE
        more = "Aim for" if reading_age is None else "It must be"
        said.append(Remark(plain.age <= aim, f"Reading age {plain.age}. {more} {aim} or lower"))
        if plain.longest_sentence_words <= LONGEST_SENTENCE:
            words = plain.longest_sentence_words
            said.append(Remark(is_good=True, sentence=f"Longest sentence is {words} word{'' if words == 1 else 's'}"))
    for kind in (Kind.HARD, Kind.LONG, Kind.AVOID, Kind.ACRONYM, Kind.SPELLING):
        of_kind = {(mark.found.casefold(), mark.kind): mark for mark in reversed(found.marks) if mark.kind is kind}
        marks = sorted(of_kind.values(), key=lambda mark: (-mark.size, mark.start))
        said += [
            Remark(is_good=False, sentence=words_of(mark), start=mark.start, end=mark.end)
            for mark in marks[:_MOST_OF_A_KIND]
        ]
    if plain is not None and not any(mark.kind is Kind.AVOID for mark in found.marks):
        said.append(Remark(is_good=True, sentence="No words to avoid"))
    if not any(mark.kind is Kind.SPELLING for mark in found.marks):
        sentence = "No spelling mistakes found" if is_spelt else "Spelling is not checked now"
        said.append(Remark(is_good=is_spelt, sentence=sentence))
    return tuple(said)


def words_of(mark: Mark) -> str:
    """Put one mark into a sentence."""
    words = mark.found.split()
    quoted = mark.found if len(words) <= _QUOTED_WORDS else " ".join(words[:_QUOTED_WORDS]) + "…"
    match mark.kind:
        case Kind.SPELLING:
            return f"Check the spelling of “{quoted}”"
        case Kind.AVOID:
            return f"For “{quoted}”, try: {mark.instead}"
        case Kind.ACRONYM:
            return f"Say what “{quoted}” means the first time"
        case Kind.HARD:
            return f"Reads at age {mark.size}: “{quoted}”"
        case Kind.LONG:
            return f"{mark.size} words, try to split it: “{quoted}”"


def texts_of(answers: Mapping[str, Any]) -> tuple[str, ...]:
    """Return every text in these answers, cells of tables too."""
    found = []
    for value in answers.values():
        if isinstance(value, str):
            found.append(value)
        elif isinstance(value, list):
            found += [cell for row in value if isinstance(row, dict) for cell in row.values()]
    return tuple(found)


def asked_in(question: Question | None, language: str) -> str:
    """Return the language in which a question is asked, which is the language of its answer."""
    return "cy" if question is not None and language == "cy" and question.label.cy else "en"


def is_prose(question: Question | None, column: str = "") -> bool:
    """Tell whether what is typed in a field is read: not names of people, bodies, fields and files, nor addresses."""
    if question is None or question.kind == "organisation" or column in _NAMES:
        return False
    asked = question.column(column)
    return asked is None or asked.kind in {"text", "long"}


def _words(wanted: Iterable[Wanted]) -> frozenset[str]:
    return frozenset(word for each in wanted for word, _ in proofing.words_to_spell(each.text, is_line=each.is_line))


def _proofs(
    wanted: Sequence[Wanted],
    languages: Sequence[str],
    others: Sequence[str],
    misspelt: Mapping[str, frozenset[str]],
    own: frozenset[str],
) -> tuple[Proof, ...]:
    known = frozenset().union(*(_explained(each) for each in others))
    return tuple(
        proofing.proof(
            each.text,
            language=language,
            reading_age=each.reading_age,
            known_acronyms=known,
            misspelt=misspelt.get(language, frozenset()) - own,
            is_line=each.is_line,
        )
        for each, language in zip(wanted, languages, strict=True)
    )


@lru_cache(maxsize=1024)
def _explained(text: str) -> frozenset[str]:
    return proofing.explained((text,))


def _ignore(_: Explanation) -> None:
    """Leave the own words out: an answer is still read."""


def _raise(error: Exception) -> None:
    raise error
