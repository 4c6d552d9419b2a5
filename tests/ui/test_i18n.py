from __future__ import annotations

import pytest

from dsadesk.ui import i18n
from dsadesk.ui.i18n import Language

WELSH = "dim ci|un ci|dau gi|tri chi|chwe chi|{n} ci"


@pytest.fixture
def speak(qapp):
    yield lambda language, files=(): i18n.install(qapp, language, files)
    i18n.install(qapp, Language.ENGLISH)


@pytest.mark.parametrize(("n", "said"), [(0, "0 rows"), (1, "1 row"), (2, "2 rows"), (1200, "1200 rows")])
def test_english_counts_have_two_forms(n, said):
    assert i18n.counted("{n} row|{n} rows", n) == said


@pytest.mark.parametrize(
    ("n", "said"),
    [
        (0, "dim ci"),
        (1, "un ci"),
        (2, "dau gi"),
        (3, "tri chi"),
        (4, "4 ci"),
        (5, "5 ci"),
        (6, "chwe chi"),
        (7, "7 ci"),
    ],
)
def test_welsh_counts_have_six_forms(n, said):
    assert i18n.counted(WELSH, n) == said


def test_a_count_without_forms_is_said_as_it_is():
    assert i18n.counted("{n} MB", 3) == "3 MB"


def test_a_count_with_a_strange_number_of_forms_is_refused():
    with pytest.raises(ValueError, match="a"):
        i18n.counted("a|b|c", 1)


def test_words_without_a_translation_stay_english(qapp):
    assert i18n.translate("Nowhere", "Put {name} back", name="{row}") == "Put {row} back"


def test_dates_are_written_out_in_the_language_spoken(speak):
    assert i18n.long_date("2026-03-02") == "2 March 2026"
    speak(Language.WELSH)
    assert i18n.language() is Language.WELSH
    assert i18n.long_date("2026-03-02") == "2 Mawrth 2026"


def test_what_is_no_date_is_given_back_as_it_came():
    assert i18n.long_date("2026-13-40") == "2026-13-40"
    assert i18n.long_date("") == ""


def test_a_translation_file_that_cannot_be_read_is_named(speak, tmp_path):
    missing = tmp_path / "missing.qm"
    assert speak(Language.WELSH, (missing,)) == (missing,)
