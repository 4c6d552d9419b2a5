"""Frames for presenters under test: one that works at once, and one whose work waits until it is told."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from dsadesk.services.changes import Changes
from dsadesk.services.desk import Desk
from dsadesk.ui.presenters.frame import Frame, Place


@dataclass
class Seen:
    """What a presenter asked of the window."""

    places: list[Place] = field(default_factory=list)
    changes: list[Changes] = field(default_factory=list)
    said: list[str] = field(default_factory=list)


def inline_frame(desk: Desk) -> tuple[Frame, Seen]:
    """Work is done at once, on the spot."""
    seen = Seen()

    def submit(work: Callable[[], Any], then: Callable[[Any], None], fail: Callable[[Exception], None]) -> None:
        try:
            result = work()
        except Exception as error:  # noqa: BLE001  # a submit passes every error on
            fail(error)
        else:
            then(result)

    return Frame(desk, submit, seen.places.append, seen.changes.append, seen.said.append), seen


@dataclass
class Lane:
    """Work that waits in line."""

    waiting: list[Callable[[], None]] = field(default_factory=list)

    def run(self) -> None:
        while self.waiting:
            self.waiting.pop(0)()


def held_frame(desk: Desk) -> tuple[Frame, Seen, Lane]:
    """Work is done when the lane runs."""
    frame, seen = inline_frame(desk)
    lane = Lane()

    def submit(work: Callable[[], Any], then: Callable[[Any], None], fail: Callable[[Exception], None]) -> None:
        lane.waiting.append(lambda: frame.submit(work, then, fail))

    return Frame(desk, submit, frame.go, frame.changed, frame.announce), seen, lane


class Recorder:
    """A view that only remembers: every `show_…` keeps its last arguments under its name, and every call is listed."""

    def __init__(self) -> None:
        self.shown: dict[str, Any] = {}
        self.calls: list[str] = []

    def __getattr__(self, name: str) -> Callable[..., None]:
        if name.startswith("_"):
            raise AttributeError(name)

        def take(*arguments: Any, **named: Any) -> None:
            self.calls.append(name)
            given = (*arguments, *named.values())
            self.shown[name] = given[0] if len(given) == 1 else given

        return take
