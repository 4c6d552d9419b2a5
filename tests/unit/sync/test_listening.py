"""When one connection more tells that the others are dead, and when it tells nothing."""

from __future__ import annotations

from dataclasses import dataclass, field

from dsadesk.sync import runner
from dsadesk.sync.silence import Silence

QUIET = 3.2


@dataclass
class Line:
    """A connection as the one who listens sees it."""

    moved_at: float
    heard_at: float = float("-inf")
    order: object = field(default_factory=object)
    cuts: int = 0

    def cut(self) -> None:
        """Notes that it was dropped."""
        self.cuts += 1


def test_what_an_earlier_one_was_told_answers_no_later_question() -> None:
    """The first may hang in its greeting for long after its first word; a second cut is another question."""
    run = object.__new__(runner._Run)
    asking, lines, first = Silence(), [Line(0.0), Line(0.0)], Line(0.0)
    run._silences, run._connections, run._probes = {"store": asking}, {"store": lines}, {"store": [first]}  # type: ignore[dict-item]
    assert not asking.is_remarkable([0.0, 0.0], 0.1)
    assert asking.is_remarkable([0.0, 0.0], QUIET)
    first.heard_at = QUIET + 0.5
    assert run._heard_from() == ["store"]
    run._bury("store", is_well=True)
    assert [line.cuts for line in lines] == [1, 1]
    for line in lines:
        line.moved_at = 5.0
    assert not asking.is_remarkable([5.0, 5.0], 5.1)
    assert asking.is_remarkable([5.0, 5.0], 11.2)
    assert run._heard_from() == []
    run._probes["store"].append(Line(11.2, heard_at=11.9))  # type: ignore[arg-type]
    assert run._heard_from() == ["store"]
