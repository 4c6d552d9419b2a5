"""The process that spells: `python -m dsadesk.host.spelling_child FOLDER`, or the frozen program with `CHILD_ARGUMENT`.

A line of JSON in (an `Order`), a line of JSON out (an `Answer`), until its input ends. It keeps nothing and writes no file.
"""

from __future__ import annotations

import sys
from functools import cache
from typing import TYPE_CHECKING

import msgspec
from msgspec import Struct

if TYPE_CHECKING:
    from hunspell import Hunspell

CHILD_ARGUMENT = "spell-words"
DICTIONARIES = {"en": "en_GB", "cy": "cy"}
MAX_ORDER_BYTES = 4 * 1024 * 1024
MAX_WORD = 80
_MOST_SUGGESTIONS = 6


class Order(Struct, frozen=True, kw_only=True):
    """Words to look up, or with `suggest` one word to find others for."""

    language: str
    words: list[str]
    suggest: bool = False


class Answer(Struct, frozen=True, kw_only=True):
    """The words that are not known, or those suggested. `ok` is false where no dictionary answered."""

    words: list[str] = []
    ok: bool = True


def dictionary_words(word: str) -> set[str]:
    """Return the forms of a word of which one must be known: with a plain apostrophe, and where it begins a sentence, small."""
    plain = word.replace("\u2019", "'")
    return {plain, plain[:1].lower() + plain[1:]}


def answer(order: Order, folder: str) -> Answer:
    """Answers one order."""
    book = _book(order.language, folder)
    if order.suggest:
        return Answer(words=list(book.suggest(order.words[0][:MAX_WORD]))[:_MOST_SUGGESTIONS])
    return Answer(words=[word for word in order.words if not _is_known(book, word)])


def main() -> int:
    """Answers orders until there are none."""
    folder = sys.argv[-1]
    source, sink = sys.stdin.buffer, sys.stdout.buffer
    while line := source.readline(MAX_ORDER_BYTES):
        try:
            said = answer(msgspec.json.decode(line, type=Order), folder)
        except (OSError, KeyError, msgspec.MsgspecError):
            said = Answer(ok=False)
        sink.write(msgspec.json.encode(said) + b"\n")
        sink.flush()
    return 0


def _is_known(book: Hunspell, word: str) -> bool:
    if len(word) > MAX_WORD:
        return True
    return any(book.spell(each) for each in dictionary_words(word)) or (
        "-" in word and all(book.spell(part) for part in word.split("-") if part)
    )


@cache
def _book(language: str, folder: str) -> Hunspell:
    from hunspell import Hunspell

    return Hunspell(DICTIONARIES[language], hunspell_data_dir=folder)


if __name__ == "__main__":
    sys.exit(main())
