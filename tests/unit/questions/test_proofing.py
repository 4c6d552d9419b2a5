from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dsadesk.questions.check import check
from dsadesk.questions.proofing import Kind, acronyms, breaking, explained, language_of, proof, words_to_spell
from dsadesk.questions.readability import assess, is_welsh, sentences
from dsadesk.questions.sentences import say
from tests.unit.questions.small_sets import parsed, question

WELSH = "Rydym yn gofyn am y data hwn er mwyn i bobl yng Nghymru gael dŵr glân ar eu traethau. Mae hyn yn helpu pawb."
HARD = "Interdepartmental operationalisation necessitates comprehensive administrative harmonisation."


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("We don't share colour.", ["We", "don't", "share", "colour"]),
        ("We don\u2019t.", ["We", "don\u2019t"]),
        ("Write to a.b@gov.uk or see www.gov.uk/guidance, page 3b.", ["Write", "to", "or", "see", "page"]),
        ("The UPRN, LAs and NHS-wide data", ["The", "and", "data"]),
        ("A re-used dataset_name and C:\\temp", ["re-used", "and"]),
        ("dŵr a nghath", ["dŵr", "nghath"]),
        ("", []),
    ],
)
def test_what_a_dictionary_should_know_is_words_and_not_codes(text: str, words: list[str]) -> None:
    assert [word for word, _ in words_to_spell(text)] == words
    assert all(text[at : at + len(word)] == word for word, at in words_to_spell(text))


def test_misspelt_words_are_marked_wherever_they_stand() -> None:
    found = proof("We recieve it. They recieve it.", misspelt=frozenset({"recieve"}))
    assert [(mark.kind, mark.start) for mark in found.marks] == [(Kind.SPELLING, 3), (Kind.SPELLING, 20)]


def test_an_acronym_is_marked_until_something_explains_it() -> None:
    assert [word for word, _ in acronyms("The UPRN of the UK and two DPIAs.")] == ["UPRN", "DPIAs"]
    assert [mark.found for mark in proof("We need the UPRN.").marks] == ["UPRN"]
    assert not proof("We need the unique property reference number (UPRN). The UPRN names a home.").marks
    assert not proof("We need the UPRN (a number for each home).").marks
    assert not proof("Two DPIAs.", known_acronyms=explained(["A data protection impact assessment (DPIA)."])).marks
    assert not proof("ALL IN CAPITALS WITH UPRN").marks


def test_a_long_sentence_is_marked_from_its_first_letter_to_its_last() -> None:
    long = " ".join(["we"] * 26) + "."
    text = f"Short one.  {long} Short again."
    (mark,) = proof(text).marks
    assert (mark.kind, mark.size, text[mark.start : mark.end]) == (Kind.LONG, 26, long)


def test_the_sentences_that_break_a_reading_age_are_named_hardest_first() -> None:
    text = f"We keep people warm. {HARD} We help councils find cold homes."
    assert assess(text).age > 12
    assert [mark.found for mark in breaking(text, 12)] == [HARD]
    assert [mark.kind for mark in proof(text, reading_age=12).marks] == [Kind.HARD]


def test_a_hard_sentence_in_a_text_that_is_easy_enough_is_left_alone() -> None:
    text = "We look at the sea. " * 30 + HARD
    assert assess(text).age <= 12
    assert breaking(text, 12) == ()


@given(
    st.lists(
        st.sampled_from(["We go.", HARD, "The harmonisation is late.", "Sea.", "a b c d e f g h i j k."]), min_size=1
    )
)
def test_whatever_breaks_a_reading_age_has_a_sentence_that_breaks_it(parts: list[str]) -> None:
    text = " ".join(parts)
    for limit in range(5, 25):
        assert bool(breaking(text, limit)) == (assess(text).age > limit)


@given(st.text(alphabet="aeioubcd .!?\n", max_size=200))
def test_sentences_stand_where_they_say(text: str) -> None:
    for sentence in sentences(text):
        assert text[sentence.start : sentence.end] == text[sentence.start : sentence.end].strip()
        assert sentence.words > 0


def test_welsh_is_told_from_english_and_has_no_reading_age() -> None:
    assert is_welsh(WELSH)
    assert not is_welsh("We ask for this data so that people in Wales have clean water at their beaches.")
    assert language_of(WELSH, "en") == "cy"
    assert language_of("Short.", "cy") == "cy"
    assert language_of("We ask for data.", "en") == "en"
    assert proof(WELSH, language="cy", reading_age=5).readability is None
    assert breaking(WELSH, 5) == ()


def test_a_summary_that_is_too_hard_stops_sealing_and_names_its_sentence() -> None:
    small = parsed(question("one.a", limits={"max_words": 99, "reading_age": 12}))
    today = dt.date(2026, 11, 22)
    (finding,) = check(small, {"one.a": f"We keep people warm. {HARD}"}, today)
    assert (finding.severity, finding.code, finding.fields["count"]) == ("must", "hard-to-read", 1)
    assert say(finding).endswith(f"Look first at “{HARD[:-1]}”.")
    assert check(small, {"one.a": WELSH}, today) == ()
    assert check(small, {"one.a": "We keep people warm."}, today) == ()
