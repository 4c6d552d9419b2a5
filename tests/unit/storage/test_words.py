from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlcipher3 import dbapi2 as driver

from dsadesk.storage.words import all_begin, fold, index_text, prefix_query, search_words


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Dŵr Cymru", ("dwr", "cymru")),
        ("DW\u0302R", ("dwr",)),
        ("Tŷ Môn", ("ty", "mon")),
        ("NO₂", ("no2",)),
        ("DSA-2026-0001", ("dsa", "2026", "0001")),
        ("snake_case", ("snake", "case")),
        ("Straße", ("strasse",)),
        ('"* OR NEAR(', ("or", "near")),
        ("", ()),
        ("—…", ()),
    ],
)
def test_text_is_folded_and_cut_into_words(text: str, expected: tuple[str, ...]) -> None:
    assert search_words(text) == expected


def test_what_someone_types_is_bounded() -> None:
    asked = search_words(" ".join(["x" * 1000] * 1000))
    assert (len(asked), len(asked[0])) == (12, 64)


# Above, the engine's older tables do not know some letters as letters (New Tai Lue, Vedic signs): those are not found.
TEXT = st.characters(max_codepoint=0x17FF)


@given(st.text(max_size=40))
def test_folding_twice_changes_nothing_more(text: str) -> None:
    assert search_words(fold(text)) == search_words(text)


@given(st.text(TEXT, min_size=1, max_size=40), st.text(max_size=20))
def test_any_text_makes_a_query_that_the_engine_takes_and_finds_itself(text: str, asked: str) -> None:
    connection = driver.connect(":memory:")
    connection.execute("CREATE VIRTUAL TABLE t USING fts5 (words, tokenize = 'unicode61 remove_diacritics 2')")
    connection.execute("INSERT INTO t VALUES (?)", (index_text(text),))
    for typed in (text, asked):
        words = search_words(typed)
        if words:
            hits = connection.execute("SELECT COUNT(*) FROM t WHERE t MATCH ?", (prefix_query(words),)).fetchone()[0]
            assert hits or typed is asked
    connection.close()


def test_every_word_must_begin_some_word_of_the_text() -> None:
    assert all_begin(("flo", "sch"), "Flood warnings for schools")
    assert not all_begin(("flo", "ools"), "Flood warnings for schools")
    assert all_begin((), "anything")
