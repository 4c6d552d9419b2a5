from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone

import pytest

from dsadesk.bundle.identity import fingerprint_words
from dsadesk.services.wording import clock_words, count_words, day_of, long_date, on, size_words, spelled, when

SUMMER = timezone(timedelta(hours=1), "BST")
NOW = datetime(2026, 3, 2, 14, 5, tzinfo=UTC)


def at(day: int, hour: int, minute: int = 0, month: int = 3) -> datetime:
    return datetime(2026, month, day, hour, minute, tzinfo=UTC)


def test_days_are_written_out() -> None:
    assert long_date(date(2026, 3, 2)) == "2 March 2026"
    assert long_date(at(2, 23, 30)) == "2 March 2026"
    assert long_date(date(1066, 10, 14)) == "14 October 1066"


def test_a_moment_is_the_day_that_it_is_where_the_reader_is() -> None:
    late = at(30, 23, 30, month=6)
    assert long_date(late) == "30 June 2026"
    assert long_date(late, SUMMER) == "1 July 2026"


@pytest.mark.parametrize(
    ("hour", "minute", "words"),
    [
        (9, 41, "9:41am"), (9, 0, "9am"), (0, 0, "midnight"), (0, 5, "12:05am"), (12, 0, "midday"), (12, 1, "12:01pm"),
        (16, 0, "4pm"), (23, 59, "11:59pm"),
    ],
)  # fmt: skip
def test_times_are_written_as_people_say_them(hour: int, minute: int, words: str) -> None:
    assert clock_words(at(2, hour, minute)) == words


def test_a_moment_is_told_by_how_near_it_is() -> None:
    assert when(at(2, 9, 41), NOW) == "today at 9:41am"
    assert when(at(1, 16), NOW) == "yesterday at 4pm"
    assert when(at(28, 16, month=2), NOW) == "28 February 2026"
    assert on(at(2, 9, 41), NOW) == "today at 9:41am"
    assert on(at(1, 16), NOW) == "yesterday at 4pm"
    assert on(at(28, 16, month=2), NOW) == "on 28 February 2026"


def test_yesterday_is_the_day_before_and_not_so_many_hours_ago() -> None:
    just_after_midnight = at(2, 0, 5)
    assert when(at(1, 23, 59), just_after_midnight) == "yesterday at 11:59pm"
    assert when(at(1, 0, 0), at(2, 23, 59)) == "yesterday at midnight"
    assert when(at(28, 23, 59, month=2), just_after_midnight) == "28 February 2026"


def test_the_zone_decides_what_today_is() -> None:
    sealed, now = at(30, 23, 30, month=6), at(1, 8, month=7)
    assert when(sealed, now) == "yesterday at 11:30pm"
    assert when(sealed, now, SUMMER) == "today at 12:30am"
    assert when(sealed, now.astimezone(SUMMER)) == "today at 12:30am"


def test_a_moment_of_a_clock_that_runs_ahead_is_told_as_its_day() -> None:
    assert when(at(2, 15), NOW) == "today at 3pm"
    assert when(at(3, 9), NOW) == "3 March 2026"


def test_a_time_without_a_zone_is_a_mistake_of_ours() -> None:
    with pytest.raises(ValueError, match="zone"):
        when(at(2, 9).replace(tzinfo=None), NOW)
    with pytest.raises(ValueError, match="zone"):
        on(at(2, 9), NOW.replace(tzinfo=None))
    with pytest.raises(ValueError, match="zone"):
        long_date(at(2, 9).replace(tzinfo=None), UTC)


def test_a_day_is_found_at_the_beginning_of_a_text_and_nowhere_else() -> None:
    assert day_of("2026-03-02T10:00:00Z") == day_of("2026-03-02") == "2 March 2026"
    for text in ("", "soon", "2026-02-30", "02-03-2026", "2026-W10-1", " 2026-03-02", "٢٠٢٦-٠٣-٠٢"):
        assert day_of(text) == ""


@pytest.mark.parametrize(
    ("size", "words"),
    [
        (0, "0 bytes"), (1, "1 byte"), (1023, "1,023 bytes"), (1024, "1KB"), (1536, "1.5KB"), (1024**2 - 1, "1MB"),
        (3 * 1024**2, "3MB"), (4 * 1024**3, "4GB"), (1024**5 * 2, "2,048TB"),
    ],
)  # fmt: skip
def test_sizes_are_written_with_the_unit_that_fits(size: int, words: str) -> None:
    assert size_words(size) == words


def test_one_and_many_are_told_apart() -> None:
    assert count_words(1, "# question", "# questions") == "1 question"
    assert count_words(0, "# question", "# questions") == "0 questions"
    assert count_words(1234, "# question", "# questions") == "1,234 questions"


def test_fingerprint_words_are_read_out_with_their_numbers() -> None:
    assert spelled(("abandon", "zoo")) == "Word 1, abandon. Word 2, zoo."
    assert spelled("abandon zoo") == "Word 1, abandon. Word 2, zoo."
    words = fingerprint_words("ab" * 32)
    assert spelled(words).count("Word ") == len(words) == 8
    assert spelled(()) == spelled("") == ""


def test_a_hexadecimal_fingerprint_is_read_out_character_by_character() -> None:
    assert spelled("3f2a90bc00000000") == "3 F 2 A, 9 0 B C, 0 0 0 0, 0 0 0 0"
    assert spelled("face decade add") == "Word 1, face. Word 2, decade. Word 3, add."
    assert spelled("decade") == "Word 1, decade."
