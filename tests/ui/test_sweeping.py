"""The long search for what Python left behind waits for a rest, and happens then."""

from __future__ import annotations

import gc
import weakref

import pytest

from dsadesk.ui.sweeping import Sweeper


class Knot:
    """Holds itself, so that only a search finds it."""

    def __init__(self) -> None:
        self.itself = self


@pytest.fixture
def sweeper(qapp):
    made = Sweeper()
    made.start()
    yield made
    made.stop()


def test_what_was_there_at_the_start_is_not_searched_again(sweeper):
    assert gc.get_freeze_count() > 10_000
    assert gc.get_threshold()[2] >= 1_000


def test_a_rest_finds_what_was_left_behind_before_and_after_the_start(qapp):
    early = weakref.ref(Knot())
    sweeper = Sweeper()
    sweeper.start()
    late = weakref.ref(Knot())
    kept = [[n] for n in range(5_000)]  # so much was made that a search is worth it
    assert early() is not None
    sweeper._idle.expired.emit()
    assert early() is None
    assert late() is None
    assert gc.get_freeze_count() > len(kept)
    sweeper.stop()


def test_a_rest_in_which_hardly_anything_was_made_searches_for_nothing(sweeper):
    gc.collect()
    searched = []
    gc.callbacks.append(note := lambda phase, _: searched.append(phase))
    sweeper._idle.expired.emit()
    gc.callbacks.remove(note)
    assert searched == []
    assert sweeper._idle._timer.isActive()


def test_stopping_leaves_it_to_python_again(qapp):
    before = gc.get_threshold()
    sweeper = Sweeper()
    sweeper.start()
    assert gc.get_threshold() != before
    sweeper.stop()
    assert gc.get_threshold() == before
    assert gc.get_freeze_count() == 0
