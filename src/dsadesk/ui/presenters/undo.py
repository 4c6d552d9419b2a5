"""What was done to the answers of a draft, so that it can be undone and done again, wherever in the draft it was."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

_JOIN_SECONDS = 3.0
_JOIN_LETTERS = 40
MOST_STEPS = 500


@dataclass(frozen=True)
class Step:
    """What was changed at once: answers by question before and after. None is no answer."""

    before: Mapping[str, Any]
    after: Mapping[str, Any]
    at: datetime


class UndoLog:
    """The steps, in order. A run of typing in one text is one step, up to a pause or about a line of it."""

    def __init__(self) -> None:
        self._done: list[Step] = []
        self._undone: list[Step] = []

    def clear(self) -> None:
        """Forget everything: another draft."""
        self._done, self._undone = [], []

    def record(self, before: Mapping[str, Any], after: Mapping[str, Any], at: datetime) -> None:
        """Note a change; what had been undone cannot be done again after it."""
        if before == after:
            return
        self._undone = []
        last = self._done[-1] if self._done else None
        if last is not None and _joins(last, after, at):
            self._done[-1] = Step(last.before, after, at)
        else:
            self._done.append(Step(before, after, at))
            del self._done[:-MOST_STEPS]

    def undo(self) -> Step | None:
        """Return the last step, to be taken back."""
        if not self._done:
            return None
        self._undone.append(self._done.pop())
        return self._undone[-1]

    def redo(self) -> Step | None:
        """Return the step that was undone last, to be taken again."""
        if not self._undone:
            return None
        self._done.append(self._undone.pop())
        return self._done[-1]


def _joins(last: Step, after: Mapping[str, Any], at: datetime) -> bool:
    if len(after) != 1 or set(after) != set(last.after):
        return False
    ((question, text),) = after.items()
    if not (isinstance(text, str) and isinstance(last.after[question], str)):
        return False
    soon = 0 <= (at - last.at).total_seconds() < _JOIN_SECONDS
    return soon and abs(len(text) - len(last.before[question] or "")) < _JOIN_LETTERS
