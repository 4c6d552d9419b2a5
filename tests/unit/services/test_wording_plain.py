from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dsadesk.services.wording import plain
from dsadesk.services.wording.plain import listed

HOSTILE = {
    "\u202eLacigam\u202c": "Lacigam",  # right-to-left override
    "A\u2066B\u2069C\u200eD\u200fE\u061cF": "ABCDEF",  # isolates and direction marks
    "Priya\x00\x07\x1b[31m Shah\x9b2J": "Priya[31m Shah2J",  # terminal commands
    "Priya\r\nShah\u2028was here": "Priya Shah was here",  # line ends of every kind
    "\ufeffPriya\u200b\u2060\u00ad Shah": "Priya Shah",  # nothing-wide characters
    "Priya\u200d Shah": "Priya Shah",  # a joiner between Latin letters
    "Pr\u034fi\ufe0fya": "Priya",  # marks that are never seen
    "\U000e0041\U000e0042Priya": "Priya",  # invisible tags
    "\u3164\u115f\u2800": "",  # letters that print as nothing
    "Pri\ud800ya": "Priya",  # half a character
    "   many    blanks\t\there  ": "many blanks here",
    "e\u0301": "\u00e9",  # composed
    "": "",
}


@pytest.mark.parametrize(("text", "shown"), HOSTILE.items(), ids=ascii)
def test_hostile_text_comes_out_plain(text: str, shown: str) -> None:
    assert plain(text) == shown


def test_names_of_many_scripts_come_out_as_they_are() -> None:
    for name in (
        "Siân Ŵyn-Jones",
        "Zoë Ó Súilleabháin",
        "محمد علی",
        "שרה לוי",
        "প্রিয়া শাহ",
        "李小龍",
        "O'Neill & Söhne <Ltd>",
    ):
        assert plain(name) == unicodedata.normalize("NFC", name)


def test_a_joiner_stays_where_a_script_is_spelled_with_it() -> None:
    assert plain("می\u200cخواهم") == "می\u200cخواهم"  # noqa: RUF001 - Persian
    assert plain("ශ්\u200dරී") == "ශ්\u200dරී"
    assert plain("\u200dمی\u200c") == "می"


def test_marks_do_not_pile_up_over_other_lines() -> None:
    piled = "Z" + "\u0351\u0357\u035b" * 40 + "o"
    assert plain(piled, 80) == "Z\u0351\u0357\u035b\u0351o"


def test_long_text_is_cut_and_shows_that_it_was() -> None:
    assert plain("x" * 81, 80) == "x" * 79 + "…"
    assert plain("x" * 80, 80) == "x" * 80
    assert plain("one two", 5) == "one…"


def test_a_text_that_hides_more_than_it_shows_is_cut_too() -> None:
    assert plain("\u200b" * 100_000 + "Priya", 80) == "…"
    assert plain("P" + "\u200b" * 100_000 + "riya", 80) == "P…"
    assert plain("P" + "\u200b" * 300 + "riya", 80) == "Priya"


def test_a_cut_never_leaves_a_letter_without_its_marks() -> None:
    assert plain("ab" + "q\u0323\u0351" + "cd", 4) == "ab…"


def test_lines_are_kept_only_where_they_are_wanted() -> None:
    text = "first\r\n\r\nsecond\u2029third\x0b"
    assert plain(text) == "first second third"
    assert plain(text, keep_lines=True) == "first\n\nsecond\nthird"


def test_lists_are_made_plain_one_by_one_and_end_somewhere() -> None:
    assert listed(("nhs\u202e_number", "name")) == "nhs_number, name"
    assert listed(tuple("abcdefghijk")) == "a, b, c, d, e, f, g, h, …"
    assert listed(()) == ""


@given(st.text(), st.integers(1, 200))
def test_whatever_comes_in_what_goes_out_is_one_short_visible_line(text: str, limit: int) -> None:
    shown = plain(text, limit)
    assert len(shown) <= limit
    assert shown == shown.strip()
    for character in shown:
        assert unicodedata.category(character) not in {"Cc", "Cs", "Zl", "Zp"}
        assert unicodedata.category(character) != "Cf" or character in "\u200c\u200d"
        assert unicodedata.bidirectional(character) not in {
            "LRE",
            "RLE",
            "LRO",
            "RLO",
            "PDF",
            "LRI",
            "RLI",
            "FSI",
            "PDI",
        }


@given(st.text(alphabet=st.sampled_from("aé\u0301\u200d\u202e\u3164\n می\ufe0f\u0351"), max_size=60))
def test_what_is_plain_already_stays_as_it_is(text: str) -> None:
    assert plain(plain(text)) == plain(text)
    assert plain(plain(text, keep_lines=True), keep_lines=True) == plain(text, keep_lines=True)
