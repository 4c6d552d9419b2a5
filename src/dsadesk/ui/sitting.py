"""From unlocking the desk to locking it: work that was handed in meanwhile is answered only while it lasts."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from dsadesk.ui.jobs import JobRunner, Lane


class Sitting:
    """Hands work in to the lanes. Once it is over, answers are dropped: the pages they were for are gone."""

    def __init__(self, jobs: JobRunner) -> None:
        self._jobs = jobs
        self._is_over = False

    def end(self) -> None:
        """Answer nothing any more."""
        self._is_over = True

    def hand_in(
        self, lane: Lane, work: Callable[[], Any], then: Callable[[Any], None], fail: Callable[[Exception], None]
    ) -> None:
        """Have work done on a lane, and answer in the window's thread."""

        def answer(result: Any) -> None:
            if not self._is_over:
                then(result)

        def refuse(error: Exception) -> None:
            if not self._is_over:
                fail(error)

        self._jobs.submit(work, lane=lane, then=answer, fail=refuse)
