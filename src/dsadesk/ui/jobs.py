"""Background work, and the only module that starts threads.

There are two lanes. The vault lane is one thread, so that one connection serves it and its jobs never overlap; the pool lane
is a few. A result comes back on the thread of the window, by a queued signal, and never after `shutdown`.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from enum import Enum
from threading import Event, Lock
from typing import Any, TypeVar

from PySide6.QtCore import QObject, Qt, Signal

T = TypeVar("T")
_TURN_SECONDS = 0.0002


class Lane(Enum):
    """Where a job runs."""

    VAULT = "vault"
    POOL = "pool"


class Job:
    """One piece of work that was handed in."""

    def __init__(self, future: Future[Any], stop: Event) -> None:
        self.stop = stop
        self._future = future
        self._cancelled = False
        self._delivered = False

    @property
    def is_cancelled(self) -> bool:
        """Say whether this job was called off, so that neither of its callbacks will be called."""
        return self._cancelled

    @property
    def is_delivered(self) -> bool:
        """Say whether the outcome has reached the window's thread."""
        return self._delivered

    def cancel(self) -> None:
        """Call the job off from the window's thread.

        Work that waits is not started. Work that runs sees its `stop` event and may end early; its outcome is dropped.
        """
        if not self._delivered:
            self._cancelled = True
            self.stop.set()
            self._future.cancel()

    def deliver(self, then: Callable[[Any], None] | None, fail: Callable[[Exception], None] | None) -> None:
        """Give the outcome to one of the callbacks, unless the job was called off. The runner calls this, once."""
        if self._cancelled or self._future.cancelled():
            return
        self._delivered = True
        try:
            result = self._future.result()
        except Exception as error:
            if fail is None:
                raise
            fail(error)
            return
        if then is not None:
            then(result)


class JobRunner(QObject):
    """Runs work off the window's thread. It is made, called and shut down on that thread."""

    _finished = Signal(object)  # a function to call on the window's thread

    def __init__(self, pool_workers: int = 2, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._executors = {
            Lane.VAULT: ThreadPoolExecutor(1, thread_name_prefix="vault"),
            Lane.POOL: ThreadPoolExecutor(pool_workers, thread_name_prefix="pool"),
        }
        # A thread that computes lets the window have its turn after this long: a letter must not wait for it.
        sys.setswitchinterval(_TURN_SECONDS)
        self._pool_jobs: set[Job] = set()
        self._closed = False
        self._door = Lock()
        self._finished.connect(self._on_finished, Qt.ConnectionType.QueuedConnection)

    def submit(
        self,
        work: Callable[[], T],
        *,
        lane: Lane = Lane.VAULT,
        then: Callable[[T], None] | None = None,
        fail: Callable[[Exception], None] | None = None,
        stop: Event | None = None,
    ) -> Job:
        """Start work in a lane; call `then` with its result, or `fail` with its exception, on the window's thread.

        Work that can end early looks at the `stop` event it was made with. An exception that no `fail` takes is raised on the
        window's thread, where the crash log sees it.

        Raises:
            RuntimeError: the runner is shut down.
        """
        future = self._executors[lane].submit(work)
        job = Job(future, stop or Event())
        if lane is Lane.POOL:
            self._pool_jobs.add(job)

        def deliver() -> None:
            self._pool_jobs.discard(job)
            job.deliver(then, fail)

        future.add_done_callback(lambda _: self._send(deliver))
        return job

    def post(self, work: Callable[[], T]) -> T:
        """Run a short piece of work in the vault lane for another thread, which waits for it.

        Called from the vault lane itself it would wait for ever. Raises: whatever the work raises; RuntimeError after `shutdown`.
        """
        return self._executors[Lane.VAULT].submit(work).result()

    def shutdown(self, *, wait: bool) -> None:
        """Take no more work and deliver nothing more.

        The pool's waiting work is dropped and its running work asked to stop. The vault's is done to the end, because it
        holds what somebody typed.
        """
        with self._door:
            self._closed = True
        for job in self._pool_jobs:
            job.stop.set()
        self._executors[Lane.POOL].shutdown(wait=wait, cancel_futures=True)
        self._executors[Lane.VAULT].shutdown(wait=wait)

    def _send(self, deliver: Callable[[], None]) -> None:
        with self._door:
            if not self._closed:
                self._finished.emit(deliver)

    def _on_finished(self, deliver: Callable[[], None]) -> None:
        if not self._closed:
            deliver()
