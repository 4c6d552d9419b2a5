from __future__ import annotations

from datetime import timedelta

from dsadesk.host.memory import START, FixedClock, SeededEntropy


def test_time_passes_only_when_it_is_told_to() -> None:
    clock = FixedClock()
    assert clock.now() == clock.now() == START
    clock.advance(1.5)
    clock.advance(-0.5)
    assert clock.now() - START == timedelta(seconds=1)


def test_the_same_seed_gives_the_same_bytes_in_the_same_order() -> None:
    one, two = SeededEntropy("a"), SeededEntropy("a")
    drawn = [one.token(16), one.token(16), one.token(3)]
    assert [two.token(16), two.token(16), two.token(3)] == drawn
    assert drawn[0] != drawn[1]
    assert len(drawn[2]) == 3


def test_another_seed_gives_other_bytes() -> None:
    assert SeededEntropy("a").token(16) != SeededEntropy("b").token(16)
