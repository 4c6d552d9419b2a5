"""A line that died without a word is found out by one more connection; a slow one is left in peace."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from dsadesk.sync.silence import ALONE, ASK_AGAIN_SECONDS, MOST_QUIET_SECONDS, QUIET_SECONDS, REMARKABLE, Silence


def test_several_connections_that_move_nothing_are_dead_when_one_more_is_answered() -> None:
    silence = Silence()
    moves = [10.0, 10.5]
    assert not silence.is_remarkable(moves, 10.5 + QUIET_SECONDS - 0.1)
    assert silence.is_remarkable(moves, 10.5 + QUIET_SECONDS)
    assert silence.answered(moves, is_well=True) == 10.5 + QUIET_SECONDS


def test_nobody_is_cut_off_who_moved_something_while_the_one_more_was_made() -> None:
    silence = Silence()
    assert silence.is_remarkable([10.0, 10.0], 14.0)
    assert silence.answered([10.0, 14.2], is_well=True) is None


def test_an_unanswered_one_more_proves_nothing_and_is_asked_again() -> None:
    silence = Silence()
    assert silence.is_remarkable([10.0, 10.0], 14.0)
    assert not silence.is_remarkable([10.0, 10.0], 14.5)
    assert silence.answered([10.0, 10.0], is_well=False) is None
    assert silence.is_remarkable([10.0, 10.0], 14.0 + ASK_AGAIN_SECONDS)
    assert silence.answered([10.0, 10.0], is_well=True) == 14.0 + ASK_AGAIN_SECONDS


def test_a_connection_that_is_alone_is_given_longer() -> None:
    silence = Silence()
    assert not silence.is_remarkable([10.0], 10.0 + QUIET_SECONDS)
    assert silence.is_remarkable([10.0], 10.0 + ALONE * QUIET_SECONDS)


def test_a_store_that_answers_slowly_is_given_longer_each_time_until_it_can_answer() -> None:
    """One that takes twenty seconds for each part would else never finish one."""
    silence, now, tries = Silence(), 0.0, 0
    while True:
        began = now
        while now < began + 20.0 and not silence.is_remarkable([began, began], now):
            now += 0.5
        if now >= began + 20.0:
            break
        assert silence.answered([began, began], is_well=True) is not None
        tries += 1
    assert tries <= 3
    silence.arrived()


def test_what_came_after_a_long_gap_teaches_how_long_gaps_are() -> None:
    silence = Silence()
    silence.is_remarkable([0.0, 0.0], 1.0)
    silence.is_remarkable([0.0, 6.0], 6.0)
    assert silence.limit == REMARKABLE * 6.0
    silence.is_remarkable([6.5, 6.5], 6.5)
    assert silence.limit < REMARKABLE * 6.0


def test_with_nothing_under_way_silence_is_not_remarkable() -> None:
    assert not Silence().is_remarkable([], 1000.0)


@given(st.lists(st.floats(0, 100), min_size=1, max_size=30))
def test_no_limit_is_longer_than_a_connections_own_timer(gaps: list[float]) -> None:
    silence, now = Silence(), 0.0
    for gap in gaps:
        silence.is_remarkable([now, now], now)
        now += gap
        if silence.is_remarkable([now - gap, now - gap], now):
            silence.answered([now - gap, now - gap], is_well=True)
    assert QUIET_SECONDS <= silence.limit <= MOST_QUIET_SECONDS
