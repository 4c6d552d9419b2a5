"""The power goes between any two steps of an exchange, once in every run and twice behind --soak: nothing is lost, doubled or unknown."""

from __future__ import annotations

import itertools
from collections.abc import Iterator

import pytest

from tests.support.adversary import Offices

ROUND = (
    ("say", "first"),
    ("send", "first"),
    ("fetch", "supplier"),
    ("say", "supplier"),
    ("send", "supplier"),
    ("fetch", "first"),
)


def steps_of_each() -> list[int]:
    """How many steps each act of the round has when nothing happens."""
    offices, counted = Offices(), []
    for act, name in ROUND:
        getattr(offices, act)(name, 10**9)
        counted.append(offices.last_steps)
    return counted


def play(kills: dict[int, int]) -> None:
    """Plays the round with the power cut at a step of some acts; a killed act is done again, as whoever restarts would."""
    offices = Offices()
    for number, (act, name) in enumerate(ROUND):
        getattr(offices, act)(name, kills.get(number, 0))
        offices.check()
    offices.mend_and_check()


def single_kills() -> Iterator[tuple[int, int]]:
    for number, steps in enumerate(steps_of_each()):
        for step in range(1, steps + 1):
            yield number, step


def test_a_round_without_a_crash_comes_to_its_end() -> None:
    play({})


def test_a_crash_at_any_step_loses_and_doubles_nothing() -> None:
    tried = 0
    for number, step in single_kills():
        play({number: step})
        tried += 1
    assert tried >= 60


@pytest.mark.soak
def test_crashes_at_any_two_steps_lose_and_double_nothing() -> None:
    for (first, at), (second, then) in itertools.combinations(single_kills(), 2):
        if first != second:
            play({first: at, second: then})
