"""A database and a disk that fail at the i-th call, and from then on when they are told to."""

from __future__ import annotations

import errno
import io
import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlcipher3 import dbapi2 as driver

from dsadesk.storage.faults import FULL, IO_ERROR
from dsadesk.storage.files import Disk


@dataclass
class Plan:
    """Which call fails. Calls are counted while it is armed."""

    at: int = 0
    for_good: bool = False
    calls: int = 0
    failures: int = 0
    is_armed: bool = False

    def arm(self, at: int, *, for_good: bool = False) -> None:
        self.at, self.for_good, self.calls, self.failures, self.is_armed = at, for_good, 0, 0, True

    def disarm(self) -> None:
        self.is_armed = False

    def fails_now(self) -> bool:
        """Counts a call and says whether it fails."""
        if not self.is_armed:
            return False
        self.calls += 1
        fails = self.calls == self.at or (self.for_good and self.calls > self.at)
        self.failures += fails
        return fails


def failing_connection(plan: Plan, *, full: bool = False) -> type[Any]:
    """A connection whose statements and fetches fail as planned.

    As SQLite does when a disk fails or is full, the transaction is given up with the failure when `full` is set.
    """

    class FailingCursor(driver.Cursor):
        def execute(self, *given: Any) -> Any:
            self._meet()
            return super().execute(*given)

        def executemany(self, *given: Any) -> Any:
            self._meet()
            return super().executemany(*given)

        def executescript(self, *given: Any) -> Any:
            self._meet()
            return super().executescript(*given)

        def fetchone(self) -> Any:
            self._meet(is_reading=True)
            return super().fetchone()

        def fetchall(self) -> Any:
            self._meet(is_reading=True)
            return super().fetchall()

        def _meet(self, *, is_reading: bool = False) -> None:
            if not plan.fails_now():
                return
            if is_reading:
                self.close()  # as the engine does: a statement that failed no longer runs
            if full and self.connection.in_transaction:
                driver.Cursor.execute(self, "ROLLBACK")
            error = driver.OperationalError("planned")
            error.sqlite_errorcode = FULL if full else IO_ERROR
            raise error

    class FailingConnection(driver.Connection):
        def cursor(self, factory: Any = FailingCursor) -> Any:
            return super().cursor(factory)

    return FailingConnection


class FailingDisk(Disk):
    """A disk whose calls fail as planned."""

    def __init__(self, plan: Plan, number: int = errno.EIO) -> None:
        self._plan = plan
        self._number = number

    @property
    def fails_next(self) -> bool:
        """Whether the next call is the one that fails."""
        return self._plan.is_armed and self._plan.calls + 1 == self._plan.at

    def meet(self) -> None:
        if self._plan.fails_now():
            raise OSError(self._number, os.strerror(self._number))

    def open(self, path: Path, flags: int) -> int:
        self.meet()
        return super().open(path, flags)

    def raw(self, descriptor: int, mode: str) -> io.FileIO:
        return _FailingFile(descriptor, mode, self)

    def flush(self, descriptor: int) -> None:
        self.meet()
        super().flush(descriptor)

    def rename(self, source: Path, target: Path) -> None:
        self.meet()
        super().rename(source, target)

    def remove(self, path: Path) -> None:
        self.meet()
        super().remove(path)

    def make(self, folder: Path, mode: int) -> None:
        self.meet()
        super().make(folder, mode)


class _FailingFile(io.FileIO):
    def __init__(self, descriptor: int, mode: str, disk: FailingDisk) -> None:
        super().__init__(descriptor, mode)
        self._disk = disk

    def write(self, data: Any, /) -> int:
        self._disk.meet()
        # Half of what is asked when the next call fails, so that a file is met half written.
        half = max(1, len(data) // 2) if self._disk.fails_next else len(data)
        return super().write(memoryview(data)[:half])

    def readinto(self, buffer: Any, /) -> int:
        self._disk.meet()
        return super().readinto(buffer)

    def read(self, size: int | None = -1, /) -> bytes:
        self._disk.meet()
        return super().read(-1 if size is None else size)

    def readall(self) -> bytes:
        self._disk.meet()
        return super().readall()
