"""Work that must not be done twice at once: whoever asks for it while it goes on gets what comes of it."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Callable
from concurrent.futures import Future
from typing import Any, TypeVar

T = TypeVar("T")


class OneAtATime:
    """Keeps work of one name from being done twice at once. For any thread. `waiting` says who waits for another's; `door` tells of changes."""

    def __init__(self) -> None:
        self.door = threading.Condition()
        self.waiting: Counter[str] = Counter()
        self._under_way: dict[str, Future[Any]] = {}

    def once(self, name: str, work: Callable[[], T]) -> T:
        """Does the work, or waits for the same that goes on. Raises: whatever the work raises, to everybody who waits for it."""
        with self.door:
            theirs = self._under_way.get(name)
            if theirs is None:
                mine = self._under_way[name] = Future[T]()
            else:
                self.waiting[name] += 1
                self.door.notify_all()
        if theirs is not None:
            result: T = theirs.result()
            return result
        try:
            mine.set_result(work())
        except BaseException as error:  # noqa: BLE001 - raised by `result`, here as there
            mine.set_exception(error)
        finally:
            with self.door:
                del self._under_way[name], self.waiting[name]
        return mine.result()
