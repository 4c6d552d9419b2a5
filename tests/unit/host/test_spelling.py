"""The dictionaries that ship, asked through the process that holds them."""

from __future__ import annotations

import sys
from collections.abc import Iterator

import pytest

from dsadesk.errors import SpellingError
from dsadesk.host.spelling import ProcessSpeller
from dsadesk.resources import path


@pytest.fixture(scope="module")
def speller() -> Iterator[ProcessSpeller]:
    made = ProcessSpeller(path("dictionaries"))
    yield made
    made.close()


@pytest.mark.parametrize(
    ("language", "words", "unknown"),
    [
        ("en", ["colour", "color", "organise", "recieve", "Cardiff"], {"color", "recieve"}),
        ("en", ["don\u2019t", "don't", "Every", "well-known", "well-knwon"], {"well-knwon"}),
        ("en", ["dŵr"], {"dŵr"}),
        ("cy", ["dŵr", "gath", "nghath", "chath", "Rydym", "receive"], {"receive"}),
        ("en", ["x" * 5000, "", "🌊"], {"🌊"}),
    ],
)
def test_british_english_and_welsh_are_known(
    speller: ProcessSpeller, language: str, words: list[str], unknown: set[str]
) -> None:
    assert speller.unknown(words, language) - {""} == unknown


def test_a_misspelt_word_gets_suggestions(speller: ProcessSpeller) -> None:
    assert speller.suggest("recieve", "en")[0] == "receive"


def test_a_language_without_a_dictionary_is_refused(speller: ProcessSpeller) -> None:
    with pytest.raises(SpellingError, match="spelling-language"):
        speller.unknown(["mot"], "fr")


def test_a_process_that_died_is_started_again(speller: ProcessSpeller) -> None:
    speller.unknown(["one"], "en")
    child = speller._child
    assert child is not None
    child.kill()
    child.wait()
    assert speller.unknown(["recieve"], "en") == {"recieve"}


def test_a_process_that_cannot_run_is_said_to_be_unavailable() -> None:
    broken = ProcessSpeller(path("dictionaries"), command=(sys.executable, "-c", "raise SystemExit"))
    with pytest.raises(SpellingError, match="spelling-unavailable"):
        broken.unknown(["one"], "en")
    missing = ProcessSpeller(path("dictionaries"), command=("/nowhere/at/all",))
    with pytest.raises(SpellingError, match="spelling-unavailable"):
        missing.suggest("one", "en")


def test_missing_dictionaries_are_said_to_be_unavailable(tmp_path) -> None:
    speller = ProcessSpeller(tmp_path)
    with pytest.raises(SpellingError, match="spelling-unavailable"):
        speller.unknown(["one"], "en")
    speller.close()
    speller.close()
