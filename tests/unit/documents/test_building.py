from __future__ import annotations

import pytest

from dsadesk.documents.building import bullets, clipped, day_of, facts, line, paragraphs, quotes, size_in_words, table
from dsadesk.documents.layout import MAX_LINE, MAX_ROWS, MAX_TEXT, Paragraph
from dsadesk.documents.wording import long_date


def test_text_is_cut_into_paragraphs_at_empty_lines():
    assert list(paragraphs("one\ntwo\n\n  \nthree\u202e")) == [Paragraph("one\ntwo"), Paragraph("three")]


def test_a_paragraph_that_is_too_long_becomes_several_and_loses_nothing():
    parts = [block.text for block in paragraphs("word" * 12_000)]
    assert max(map(len, parts)) == MAX_TEXT
    assert "".join(parts) == "word" * 12_000


@pytest.mark.parametrize("text", ["", "  ", "\u202e", "\n\n"])
def test_text_that_says_nothing_makes_no_block(text):
    assert [*paragraphs(text), *quotes(text), *bullets([text]), *facts([("Label", text)])] == []


def test_a_line_is_never_empty_and_never_too_long():
    assert line("\u202e", "Untitled") == "Untitled"
    assert len(line("x" * 2_000)) == MAX_LINE


def test_a_cell_that_is_cut_says_so():
    assert clipped("x" * 30_000).endswith("(shortened here)")
    assert len(clipped("x" * 30_000)) == MAX_TEXT


def test_a_table_drops_blank_columns_but_not_the_first():
    (made,) = table("T", ("A", "B", "C"), [["", "", "x"], ["", "", ""]])
    assert made.columns == ("A", "C")
    assert made.rows == (("", "x"), ("", ""))


def test_a_table_without_rows_is_no_table_and_a_very_long_one_is_several():
    assert list(table("T", ("A",), [])) == []
    assert [len(part.rows) for part in table("T", ("A",), [["x"]] * (MAX_ROWS + 1))] == [MAX_ROWS, 1]


@pytest.mark.parametrize(
    ("at", "day"),
    [
        ("2026-11-22T14:05:00Z", "22 November 2026"),
        ("2026-03-02T00:00:00.123456+00:00", "2 March 2026"),
        ("yesterday", "yesterday"),
        ("", "\N{EN DASH}"),
    ],
)
def test_a_time_becomes_a_day_in_words_or_stays_as_it_is(at, day):
    assert day_of(at) == day


def test_days_are_written_in_both_languages():
    from datetime import date

    assert long_date(date(2026, 3, 2), "cy") == "2 Mawrth 2026"


@pytest.mark.parametrize(
    ("size", "words"),
    [(0, "0 bytes"), (999, "999 bytes"), (14_820, "14.8 kB"), (2_500_000, "2.5 MB"), (10**9, "1.0 GB")],
)
def test_sizes_are_said_as_people_say_them(size, words):
    assert size_in_words(size) == words
