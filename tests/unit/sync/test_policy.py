"""Parts as large as the link bears, connections while they bring something, waits that grow and end at once."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dsadesk.ports import Parts
from dsadesk.sync.policy import (
    FIRST_CONNECTIONS,
    FIRST_PART,
    KIB,
    LEAST_PART,
    LEAST_SECONDS,
    LONG_DELAY,
    MOST_CONNECTIONS,
    MOST_COPIES,
    MOST_DELAY,
    MOST_FOLDER_PART,
    MOST_PART,
    RESUMED_PART,
    SLOW_CONNECTIONS,
    BackOff,
    Link,
)

PLENTY = 10**12
MIB = KIB * KIB


def run(link: Link, rate_of: float, seconds: float, *, cuts_every: float = 0.0, per_connection: float = 0.0) -> float:
    """Lets a link of so many bytes a second carry parts for a while. Returns how long that took."""
    now, next_cut = 0.0, cuts_every or float("inf")
    while now < seconds:
        each = min(rate_of / link.connections, per_connection or rate_of)
        size = link.part_bytes(PLENTY)
        took = size / each
        if now + took > next_cut:
            now, next_cut = next_cut + 2, next_cut + cuts_every
            link.failed(now)
            continue
        # So many connections bring so many parts in the time of one.
        for n in range(link.connections):
            link.acknowledged(size, took, now + took * (n + 1) / link.connections)
        now += took
    return now


def test_a_bad_link_gets_the_parts_that_did_best_on_it() -> None:
    """Measured on the emulated links (ADR 41): 16 to 28 KiB on many connections at 512 kbit/s, 16 KiB on two at 64 kbit/s."""
    regional, slow = Link(Parts.HTTP, 0.0), Link(Parts.HTTP, 0.0)
    run(regional, 64_000, 120, cuts_every=45)
    run(slow, 8_000, 240, cuts_every=30)
    assert 16 * KIB <= regional.part_bytes(PLENTY) <= 28 * KIB
    assert slow.part_bytes(PLENTY) == 16 * KIB
    assert slow.connections == 2


def test_connections_grow_while_each_brings_more_and_no_further() -> None:
    lossy, full = Link(Parts.HTTP, 0.0), Link(Parts.HTTP, 0.0)
    run(lossy, 1_000_000, 200, per_connection=8_000)  # each connection brings 8 kB/s, as one does at 10 % loss
    run(full, 40_000, 200)
    assert lossy.connections == MOST_CONNECTIONS
    assert full.connections <= 40_000 / 4_000


def test_a_bad_window_takes_no_connection_away_and_luck_is_not_waited_for() -> None:
    """At 10 % loss one window brings twice what the next one does."""
    link = Link(Parts.HTTP, 0.0)
    now = 0.0
    for n in range(20):
        for _ in range(8):
            now += 1.0
            link.acknowledged(60_000 if n % 2 else 30_000, 4.0, now)
    assert link.connections >= 8


def test_what_connecting_took_says_nothing_of_what_the_link_bears() -> None:
    link = Link(Parts.HTTP, 0.0)
    for n in range(12):
        link.acknowledged(64_000, 4.0, 12.0 + n)
    assert link.connections >= 4


def test_parts_that_one_silent_cut_stopped_are_one_cut_though_they_are_noticed_apart() -> None:
    one, many = Link(Parts.HTTP, 0.0), Link(Parts.HTTP, 0.0)
    for link in (one, many):
        for n in range(8):
            link.acknowledged(64_000, 4.0, float(n))
    assert one.failed(40.0, began=10.0)
    assert many.failed(40.0, began=10.0)
    assert not many.failed(41.5, began=11.0)
    assert not many.failed(45.0, began=9.0)
    assert many.part_bytes(PLENTY) == one.part_bytes(PLENTY)
    assert many.part_seconds() == one.part_seconds()


def test_tries_while_a_link_is_down_are_no_cuts() -> None:
    link = Link(Parts.HTTP, 0.0)
    for n in range(8):
        link.acknowledged(64_000, 4.0, float(n))
    link.failed(10.0, began=8.0)
    before = link.part_bytes(PLENTY), link.part_seconds()
    for n in range(5):
        assert link.failed(12.0 + n, began=11.5 + n)
    assert link.part_bytes(PLENTY) == before[0]
    assert link.part_seconds() == pytest.approx(before[1], rel=0.1)


@pytest.mark.parametrize(
    ("parts", "least", "most"), [(Parts.HTTP, LEAST_PART, MOST_PART), (Parts.FOLDER, 4 * MIB, MOST_FOLDER_PART)]
)
@given(st.floats(1, 1e9), st.integers(0, 30))
def test_parts_stay_within_their_bounds(parts: Parts, least: int, most: int, rate: float, cuts: int) -> None:
    link = Link(parts, 0.0)
    link.acknowledged(int(rate), 1.0, 1.0)
    for n in range(cuts):
        link.failed(2.0 + n)
    assert least <= link.part_bytes(PLENTY) <= most


def test_the_first_parts_of_an_unknown_link_are_small_and_of_a_drive_large() -> None:
    assert Link(Parts.HTTP, 0.0).part_bytes(PLENTY) == FIRST_PART
    assert Link(Parts.FOLDER, 0.0).part_bytes(PLENTY) == 4 * MIB


def test_a_carrier_that_resumes_inside_a_part_gets_parts_of_one_size() -> None:
    link = Link(Parts.RESUMING, 0.0)
    run(link, 64_000, 100, cuts_every=20)
    assert link.part_bytes(PLENTY) == RESUMED_PART
    assert 4 <= link.connections <= 8


def test_a_failed_part_halves_the_next_and_success_brings_the_size_back() -> None:
    link = Link(Parts.HTTP, 0.0)
    for n in range(4):
        link.acknowledged(MIB, 4.0, float(n))
    before = link.part_bytes(PLENTY)
    link.failed(5.0)
    after = link.part_bytes(PLENTY)
    assert after <= before // 2
    for n in range(6):
        link.acknowledged(MIB, 4.0, 6.0 + n)
    assert link.part_bytes(PLENTY) == 2 * after


def test_parts_of_several_connections_are_smaller_once_the_link_was_cut_and_not_because_it_loses() -> None:
    whole, cut = Link(Parts.HTTP, 0.0), Link(Parts.HTTP, 0.0)
    run(whole, 48_000, 120, cuts_every=10_000, per_connection=12_000)
    run(cut, 48_000, 120, cuts_every=45, per_connection=12_000)
    assert cut.part_bytes(PLENTY) <= whole.part_bytes(PLENTY) / 2
    assert cut.part_seconds() >= LEAST_SECONDS


def test_at_the_end_the_parts_shrink_so_that_all_connections_finish_together() -> None:
    link = Link(Parts.HTTP, 0.0)
    for n in range(4):
        link.acknowledged(MIB, 1.0, float(n))
    assert link.connections == 4
    assert link.part_bytes(400_000) == 50_000
    assert link.part_bytes(1000) == LEAST_PART


def test_an_object_of_many_gigabytes_is_cut_into_no_more_parts_than_a_list_may_have() -> None:
    assert Link(Parts.HTTP, 0.0).part_bytes(PLENTY, least=2 * MIB) == 2 * MIB


def test_waits_double_up_to_four_seconds_and_begin_anew_after_a_success() -> None:
    back_off, now, waits = BackOff(), 0.0, []
    for _ in range(8):
        assert back_off.fault(now, 1.0)
        waits.append(back_off.not_before - now)
        now = back_off.not_before
    assert waits == [0.25, 0.5, 1.0, 2.0, 4.0, 4.0, 4.0, 4.0]
    back_off.success()
    back_off.fault(now, 1.0)
    assert back_off.not_before - now == 0.25


def test_jitter_spreads_the_waits_over_their_second_half() -> None:
    waits = []
    for jitter in (0.0, 0.5, 1.0):
        back_off = BackOff()
        back_off.fault(0.0, jitter)
        waits.append(back_off.not_before)
    assert waits == [0.125, 0.1875, 0.25]


def test_connections_that_one_cut_stopped_count_as_one_fault() -> None:
    back_off = BackOff()
    assert back_off.fault(10.0, 1.0)
    assert not back_off.fault(10.01, 1.0)
    assert back_off.not_before == 10.25


def test_a_poke_ends_a_wait() -> None:
    back_off = BackOff()
    for n in range(6):
        back_off.fault(100.0 * n, 1.0)
    back_off.poke()
    assert back_off.not_before == 0.0


def test_what_needs_somebody_is_tried_seldom() -> None:
    back_off = BackOff()
    back_off.fault(0.0, 1.0, needs_someone=True)
    assert back_off.not_before == LONG_DELAY > MOST_DELAY


FAR = 0.6


def busy(link: Link, now: float, *, parts: int = 4, size: int = 64 * KIB, each: float = 5.0) -> float:
    """Lets so many parts arrive, one a second."""
    for _ in range(parts):
        now += 1.0
        link.acknowledged(size, each, now)
    return now


def grown(answer: float, seconds: float, size: int = 64 * KIB) -> Link:
    """A link to which one connection more is tried whenever it wants one, each of which answers a small question in so many seconds."""
    link = Link(Parts.HTTP, 0.0)
    link.met(FAR)
    now = 0.0
    while now < seconds:
        now = busy(link, now, size=size)
        for _ in range(link.wanted(now)):
            link.tried(answer, now)
    return link


def test_a_link_on_which_nothing_waits_gets_more_connections_within_half_a_minute() -> None:
    """At 10 % loss and 600 ms a connection brings 8 kB/s, whatever the link could carry."""
    assert grown(FAR, 30.0).connections == MOST_CONNECTIONS


def test_a_link_on_which_a_small_question_waits_keeps_the_connections_that_it_has() -> None:
    assert grown(2.5 * FAR, 120.0).connections == FIRST_CONNECTIONS


def test_a_thin_link_that_is_full_loses_the_connections_that_it_cannot_feed() -> None:
    assert grown(2.5 * FAR, 60.0, size=4 * KIB).connections == SLOW_CONNECTIONS


def test_a_short_wait_tells_that_a_thin_link_is_full_and_nothing_of_a_wider_one() -> None:
    """The queue of a thin one holds a few packets, and a question often meets it between two parts."""
    assert grown(1.4 * FAR, 60.0, size=4 * KIB).connections == SLOW_CONNECTIONS
    assert grown(1.4 * FAR, 60.0, size=64 * KIB).connections == MOST_CONNECTIONS


def test_a_question_that_was_lost_does_not_make_a_link_full() -> None:
    link = Link(Parts.HTTP, 0.0)
    link.met(FAR)
    now = busy(link, 3.0)
    assert link.wanted(now) == 2
    link.tried(FAR, now)
    link.tried(4.0, now)  # its first packet was lost
    assert link.connections == FIRST_CONNECTIONS + 1
    now = busy(link, now)
    assert link.wanted(now) > 0


def test_a_full_link_is_left_alone_for_longer_each_time() -> None:
    link = Link(Parts.HTTP, 0.0)
    link.met(FAR)
    now, tried = 0.0, []
    while now < 400.0:
        now = busy(link, now)
        if link.wanted(now):
            tried.append(now)
            link.tried(3 * FAR, now)
    waits = [after - before for before, after in pairwise(tried)]
    assert waits == sorted(waits)
    assert 2 <= len(tried) <= 6


def test_nothing_is_tried_before_something_arrived_after_a_cut() -> None:
    link = Link(Parts.HTTP, 0.0)
    link.met(FAR)
    now = busy(link, 0.0)
    link.failed(now + 1.0, began=now)
    assert link.wanted(now + 10.0) == 0
    assert link.wanted(busy(link, now + 10.0)) > 0


def test_what_was_tried_before_a_cut_takes_no_connection_away_after_it() -> None:
    """It waited for the cut to end, and nothing has arrived since by which the link could be judged."""
    link = Link(Parts.HTTP, 0.0)
    link.met(FAR)
    now = busy(link, 0.0)
    assert link.wanted(now) > 0
    link.failed(now + 1.0, began=now)
    link.tried(10 * FAR, now + 6.0)
    assert link.connections == FIRST_CONNECTIONS


def test_without_a_round_trip_nothing_is_tried_and_windows_decide() -> None:
    link = Link(Parts.HTTP, 0.0)
    link.met(None)
    assert link.wanted(busy(link, 10.0)) == 0


def test_what_is_last_goes_once_more_when_it_is_late_and_not_without_end() -> None:
    link = Link(Parts.HTTP, 0.0)
    link.met(FAR)
    now = busy(link, 0.0)
    among_others = link.repeats_at(64 * KIB, now, 1, 4, now)
    alone = link.repeats_at(64 * KIB, now, 1, 1, now)
    assert now + 2 * FAR < alone < among_others
    assert link.repeats_at(64 * KIB, now, 2, 2, now) > alone
    assert link.repeats_at(64 * KIB, now, MOST_COPIES, 3, now) == float("inf")
    assert Link(Parts.HTTP, 0.0).repeats_at(1, 0.0, 1, 1, 0.0) == float("inf")


def test_where_a_part_is_resumed_it_never_goes_twice() -> None:
    """Two writers of one temporary file would spoil it."""
    link = Link(Parts.RESUMING, 0.0)
    link.met(FAR)
    now = busy(link, 0.0)
    assert link.repeats_at(64 * KIB, 0.0, 1, 1, now) == float("inf")
