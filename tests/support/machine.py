"""Verdicts that do not depend on how busy the machine is."""

from __future__ import annotations

from collections.abc import Callable

LONG = 60.0
"""Seconds in which whatever is under way has ended on any machine. Nothing that goes as it should waits for so long."""
TRIES = 20


def takes_at_most(seconds: float, attempt: Callable[[], float], tries: int = TRIES) -> None:
    """Asserts that an attempt, which says how long it took, takes no longer than it must: the best of several counts.

    A machine that is busy with something else makes some attempts slow; a wait that is built in makes all of them slow, the best one too.
    """
    taken: list[float] = []
    while not taken or min(taken) > seconds:
        assert len(taken) < tries, f"at best {min(taken):.3f} s, and it must be {seconds} s"
        taken.append(attempt())
