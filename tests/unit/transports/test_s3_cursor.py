from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dsadesk.transports.s3_cursor import LATENESS, next_cursor, place_of

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
NINE = datetime(2026, 3, 2, 9, tzinfo=UTC)


def name(at: datetime, digest: str = "a" * 32) -> str:
    return f"{at:%Y%m%d}/{(at - EPOCH) // timedelta(milliseconds=1):013d}-{digest}"


def test_a_place_stays_ten_minutes_behind_the_stores_clock():
    cursor = next_cursor("", [name(NINE), name(NINE + timedelta(minutes=8))], NINE + timedelta(minutes=12))
    assert place_of(cursor) == "20260302/1772442120000."
    assert name(NINE + timedelta(minutes=3)) > place_of(cursor) > name(NINE + timedelta(minutes=2))


def test_a_place_never_passes_the_newest_name_whatever_the_clock_says():
    cursor = next_cursor("", [name(NINE)], NINE + timedelta(days=3650))
    assert name(NINE, "z" * 32) < place_of(cursor) < name(NINE + timedelta(milliseconds=1), "2" * 32)


def test_a_place_never_goes_back_and_stays_while_nothing_comes():
    first = next_cursor("", [name(NINE)], NINE + timedelta(hours=1))
    assert next_cursor(first, [], NINE + timedelta(hours=2)) == first
    assert next_cursor(first, [name(NINE - timedelta(days=9))], NINE) == first


def test_without_the_stores_clock_and_for_names_of_another_form_nothing_moves():
    assert next_cursor("", [name(NINE)], None) == ""
    assert next_cursor("", ["other/name", "20260302", "zzzz"], NINE) == ""


@pytest.mark.parametrize(
    "cursor", ["", "1", "1 ", "2 20260302/1772442000000", "1 20260302/177244200000", "1 x\n", "{}"]
)
def test_a_cursor_that_is_not_ours_counts_as_none(cursor: str):
    assert place_of(cursor) == ""
    assert next_cursor(cursor, [name(NINE)], NINE + timedelta(hours=1)) == next_cursor(
        "", [name(NINE)], NINE + timedelta(hours=1)
    )


@given(st.lists(st.tuples(st.integers(0, 1800), st.integers(0, 599), st.integers(0, 900)), max_size=20))
def test_whatever_becomes_visible_within_ten_minutes_of_its_time_is_found(steps: list[tuple[int, int, int]]):
    """Each step: so much later a name is written, which shows after a while; then somebody polls after another while."""
    clock, cursor, found = 0, "", set()
    written: list[tuple[int, str]] = []
    for number, (later, hidden, wait) in enumerate(steps):
        clock += later
        written.append((clock + hidden, name(NINE + timedelta(seconds=clock), f"{number:032d}")))
        clock += wait
        shown = sorted(each for at, each in written if at <= clock and each > place_of(cursor))
        found.update(shown)
        cursor = next_cursor(cursor, shown, NINE + timedelta(seconds=clock))
    clock += 600
    found.update(each for at, each in written if each > place_of(cursor))
    assert found == {each for _, each in written}
    assert LATENESS.total_seconds() == 600
