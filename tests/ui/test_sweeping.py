"""Python looks for what it left behind between two events, and through everything at a rest."""

from __future__ import annotations

import gc
import weakref
from threading import Thread

import pytest
from PySide6.QtCore import QEvent
from PySide6.QtWidgets import QLabel, QWidget

from dsadesk.ui.sweeping import Sweeper
from dsadesk.ui.theme import Theme


class Knot:
    """Holds itself, so that only a search finds it."""

    def __init__(self) -> None:
        self.itself = self


def make_much():
    """Makes enough for several searches, and lets go of all of it."""
    for _ in range(10_000):
        Knot()


class Answering(QLabel):
    """Makes much whenever it is told of a style, as pages do that lay themselves out anew."""

    def __init__(self, log):
        super().__init__("words")
        self.log = log

    def changeEvent(self, event):  # noqa: N802  # Qt's spelling
        if event.type() is QEvent.Type.StyleChange:
            make_much()
            self.log.append("answered")
        super().changeEvent(event)


@pytest.fixture
def sweeper(qapp):
    made = Sweeper()
    made.start()
    yield made
    made.stop()


def test_what_was_there_at_the_start_is_not_searched_again(sweeper):
    assert gc.get_freeze_count() > 10_000


def test_nothing_is_looked_for_in_the_middle_of_what_is_done(sweeper):
    """On neither thread: what it destroys may be a widget that Qt is about to speak to."""
    knot = weakref.ref(Knot())
    make_much()
    other = Thread(target=make_much)
    other.start()
    other.join()
    assert knot() is not None


def test_the_youngest_are_looked_through_when_the_window_has_nothing_to_do(sweeper, qtbot):
    knot = weakref.ref(Knot())
    make_much()
    qtbot.waitUntil(lambda: knot() is None)


def test_what_outlived_some_looks_is_looked_through_at_a_pause_or_after_many(sweeper, qtbot):
    def knot_of_some_age():
        knot = Knot()
        gc.collect(0)
        return weakref.ref(knot)

    def look(times):
        for _ in range(times):
            make_much()
            qtbot.wait(1)

    old = knot_of_some_age()
    sweeper._idle.touch()
    look(15)
    assert old() is not None  # somebody is typing
    sweeper._idle._touched -= 2
    look(1)
    assert old() is None
    old = knot_of_some_age()
    sweeper._idle._now = lambda: sweeper._idle._touched
    look(101)
    assert old() is None


def test_a_widget_that_nobody_holds_outlives_a_change_of_theme(qapp, wear, qtbot):
    """Qt goes through a list of all widgets there: one that is destroyed meanwhile ends the program."""
    wear(Theme.LIGHT)
    log = []
    answering = Answering(log)
    qtbot.addWidget(answering)
    answering.show()
    left = QWidget()
    left.itself = left
    left.show()
    left.destroyed.connect(lambda: log.append("destroyed"))
    del log[:], left
    wear(Theme.DARK)
    gc.collect()
    assert log[0] == "answered"
    assert log[-1] == "destroyed"


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
    sweeper = Sweeper()
    sweeper.start()
    assert not gc.isenabled()
    sweeper.stop()
    assert gc.isenabled()
    assert gc.get_freeze_count() == 0
    make_much()
    knot = weakref.ref(Knot())
    qapp.processEvents()
    make_much()
    assert knot() is None
