from __future__ import annotations

import pytest

from dsadesk.questions.readability import Avoid, Readability, assess, syllables

KNOWN_SYLLABLES = {
    1: "the used shared court file made asked types yes real we fee",
    2: "data people request agreed needed table tables purpose police create being business council trial client quiet giant",
    3: "organise area created official various previous idea museum period quality serious",
    4: "information security material evaluate anonymised experience variety",
    5: "organisation individual associated",
}  # fmt: skip


@pytest.mark.parametrize(
    ("word", "count"),
    [(word, count) for count, words in KNOWN_SYLLABLES.items() for word in words.split()],
)
def test_common_words_have_the_syllables_that_people_hear(word: str, count: int) -> None:
    assert syllables(word) == count


def test_every_word_has_a_syllable() -> None:
    assert [syllables(word) for word in ("nhs", "2026", "x", "DPIA")] == [1, 1, 1, 2]


def test_an_empty_text_has_no_age() -> None:
    assert assess("") == assess(" \n…") == Readability(0, 0, 0, 0, "", ())


def test_short_sentences_of_short_words_can_be_read_by_a_child() -> None:
    found = assess("We test the sea. You can see the map. It is free.")
    assert (found.age, found.words, found.sentences) == (5, 12, 3)


def test_long_sentences_of_long_words_are_hard() -> None:
    text = (
        "Notwithstanding considerable organisational interdependencies, departmental representatives "
        "facilitated comprehensive interoperability arrangements pursuant to established legislative requirements."
    )
    assert assess(text).age > 20


def test_the_age_grows_with_the_length_of_the_sentences() -> None:
    short = assess("The council sends one letter to each home. The letter has a phone number. Anyone can call.")
    long = assess("The council sends one letter to each home and the letter has a phone number that anyone can call.")
    assert short.age < long.age


@pytest.mark.parametrize(
    ("text", "sentences"),
    [
        ("One. Two! Three? Four", 4),
        ("One… two", 2),
        ("It costs £3.50, or 1,200.75 in all. That is dear.", 2),
        ("See e.g. the code, i.e. Art. 6, s. 35 and Sch. 1. It helps.", 2),
        ("Dr. A. Person signed. B. Person did not.", 2),
        ("A list\n- one\n- two\n\nThe end", 4),
        ('He said “Stop.” Then he went. (He came back.) "Why?" No one knows.', 5),
        ("www.example.gov.uk/warm-homes is the page", 1),
    ],
)
def test_sentences_end_where_people_end_them(text: str, sentences: int) -> None:
    assert assess(text).sentences == sentences


def test_the_longest_sentence_is_shown_as_it_was_written() -> None:
    found = assess("Short one.\nThis, on the other hand, is the longest sentence of all. Short again.")
    assert (found.longest_sentence_words, found.longest_sentence) == (
        11,
        "This, on the other hand, is the longest sentence of all.",
    )


def test_words_to_avoid_are_found_where_they_stand() -> None:
    text = "In order to facilitate dialogue, we UTILISE data prior to the ring-fenced start."
    found = assess(text).avoid
    assert [each.found for each in found] == [
        "In order to", "facilitate", "dialogue", "UTILISE", "prior to", "ring-fenced",
    ]  # fmt: skip
    assert found[1] == Avoid("facilitate", "help or run", 12)
    assert all(text[each.start :].startswith(each.found) for each in found)


@pytest.mark.parametrize("text", ["The order is prior.", "We order two to go.", "A facility in the valley"])
def test_parts_of_phrases_and_words_are_left_alone(text: str) -> None:
    assert assess(text).avoid == ()


def test_welsh_letters_are_parts_of_words() -> None:
    assert assess("Dŵr a thŷ").words == 3
