"""Drives an engine without threads and without waiting: one order after the other, on the spot. For proofs, and where nothing is far away."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import replace
from typing import Protocol

from dsadesk.errors import DsadeskError
from dsadesk.ports import Flow, Transport
from dsadesk.sync.controls import Controls
from dsadesk.sync.engine import Engine
from dsadesk.sync.orders import Order, Outcome, Route, perform
from dsadesk.sync.posting import Post
from dsadesk.sync.shown import Shown

Connect = Callable[[Route, Flow], Transport]
"""Opens the store at a route with a connection of its own. Raises: DsadeskError."""
Report = Callable[[tuple[Shown, ...]], None]


class Drive(Protocol):
    """Has an engine's orders carried out until its run is over."""

    def __call__(self, engine: Engine, connect: Connect, post: Post, report: Report, controls: Controls) -> None:
        """Blocks. `report` is called on the caller's thread. Raises: VaultError, and whatever else `post` raises."""
        ...


def unreported(shown: tuple[Shown, ...]) -> None:
    """A `Report` that nobody reads."""
    del shown


class PassingTime:
    """A `Pulse` by which nobody waits: what would be waited for has passed at once."""

    def __init__(self) -> None:
        self._elapsed = 0.0

    def elapsed(self) -> float:
        """Seconds since it was made."""
        return self._elapsed

    def wait(self, door: threading.Condition, seconds: float) -> None:
        """Lets the time pass."""
        del door
        self.advance(seconds)

    def advance(self, seconds: float) -> None:
        """Lets time pass."""
        self._elapsed += max(0.0, seconds)


def step_by_step(engine: Engine, connect: Connect, post: Post, report: Report, controls: Controls) -> None:
    """A `Drive`. Waits pass in no time, so a store that never comes back is given up once the engine's patience has passed."""
    open_now: dict[Route, Transport] = {}
    outcomes: list[Outcome] = []
    passed = PassingTime()
    try:
        while True:
            now, came, wishes = passed.elapsed(), tuple(outcomes), controls.wishes()
            turn, shown = post(lambda: (engine.turn(now, came, wishes), engine.shown(now)))  # noqa: B023 - done before the next round
            report(shown)
            if turn.is_over:
                return
            outcomes = [_carry_out(order, connect, controls, open_now, passed) for order in turn.orders]
            if not outcomes:
                if turn.wait is None:
                    return  # all that is left is paused
                passed.advance(turn.wait)
    finally:
        engine.close()
        for transport in open_now.values():
            transport.close()


def _carry_out(
    order: Order, connect: Connect, controls: Controls, open_now: dict[Route, Transport], passed: PassingTime
) -> Outcome:
    began = passed.elapsed()
    try:
        if order.route not in open_now:
            open_now[order.route] = connect(order.route, controls.pacer.valve())
        outcome = perform(order, open_now[order.route])
    except DsadeskError as error:
        outcome = Outcome(order=order, error=error)
    passed.advance(1.0)
    return replace(outcome, began=began, ended=passed.elapsed())
