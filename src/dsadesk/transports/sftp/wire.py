"""The socket under an SSH connection: every wait on it ends, because nothing moved for too long or because another thread asks.

paramiko reads it in a thread of its own and writes to it in ours, so it wears a socket's face; `transports/wire.py` is for one
thread.
"""

from __future__ import annotations

import socket
import struct
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from time import monotonic
from typing import Any

from dsadesk.ports import HearsLife
from dsadesk.transports.reaching import ClosedByUsError, SendBuffer, StalledError, reach

STALL_SECONDS = 25.0
_TICK_SECONDS = 0.5
_FIRST_ADDRESS_SECONDS = 10.0
_NO_LINGER = struct.pack("ii", 1, 0)


class Wire:
    """A connection that stalls visibly. `abort` may be called by any thread; the first one to fail says why in `why_lost`."""

    def __init__(self, stall_seconds: float = STALL_SECONDS, life: HearsLife | None = None) -> None:
        """`life` is told whenever the other side is heard: a greeting takes ten round trips in which nothing of ours passes."""
        self._stall_seconds = stall_seconds
        self._life = life
        self._socket: socket.socket | None = None
        self._lock = threading.Lock()
        self._moved_at = monotonic()
        self._awaits = False
        self._users = 0
        self._closed = False  # paramiko asks for it by this name
        self.is_aborted = False
        self.round_trip: float | None = None
        self.has_heard = False
        self.why_lost: OSError | None = None
        self._buffer: SendBuffer | None = None

    # ------------------------------------------------------------ making it

    def dial(self, host: str, port: int) -> None:
        """Connects to the first address of a host that answers. Raises: OSError, StalledError, ClosedByUsError."""
        made, taken = reach(
            host,
            port,
            seconds=self._stall_seconds,
            first_seconds=_FIRST_ADDRESS_SECONDS,
            stall_seconds=self._stall_seconds,
            is_aborted=lambda: self.is_aborted,
        )
        self.round_trip, self._moved_at = taken, monotonic()
        self._buffer = SendBuffer(taken, lambda size: made.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, size))
        made.settimeout(_TICK_SECONDS)
        with self._lock:
            if self._closed:
                made.close()
                raise ClosedByUsError
            self._socket = made

    def went(self, size: int, seconds: float) -> None:
        """So many bytes were sent and answered in so long. Where the system's buffer held them up, it grows."""
        with suppress(OSError):
            if self._buffer is not None:
                self._buffer.went(size, seconds)

    # ------------------------------------------------------------ waiting

    @contextmanager
    def awaiting(self) -> Iterator[None]:
        """While inside, the other side owes us an answer, and silence counts."""
        self._moved_at, self._awaits = monotonic(), True
        try:
            yield
        finally:
            self._awaits = False

    @contextmanager
    def resting(self) -> Iterator[None]:
        """While inside it is we who hold things up, and silence does not count."""
        awaited, self._awaits = self._awaits, False
        try:
            yield
        finally:
            self._moved_at, self._awaits = monotonic(), awaited

    def _hear(self) -> None:
        self._moved_at = monotonic()
        if self._life is not None:
            self._life.sign_of_life()

    def _require_movement(self) -> None:
        """Raises: StalledError when nothing moved for too long."""
        if self._awaits and monotonic() - self._moved_at > self._stall_seconds:
            raise self._lost(StalledError())

    def _lost(self, error: OSError) -> OSError:
        self.why_lost = self.why_lost or error
        return error

    # ------------------------------------------------------------ a socket's face

    def send(self, data: bytes) -> int:
        """Hands over what the system takes now. Raises: TimeoutError after a tick, StalledError, ClosedByUsError, OSError."""
        with self._in_use() as opened:
            count = opened.send(data)
        self._moved_at = monotonic()
        return count

    def recv(self, size: int) -> bytes:
        """Takes in what there is. Raises: TimeoutError after a tick, StalledError, ClosedByUsError, OSError."""
        with self._in_use() as opened:
            data = opened.recv(size)
        if data:  # an end is no word
            self._hear()
        self.has_heard = self.has_heard or bool(data)
        return data

    def settimeout(self, _seconds: float) -> None:
        """Left out: each wait ends after a tick of ours, and closing ends it at once."""

    def getpeername(self) -> Any:
        """The other side's address. Raises: OSError."""
        with self._in_use() as opened:
            return opened.getpeername()

    def close(self) -> None:
        """Closes the connection and ends every wait on it. Closing twice is fine."""
        with self._lock:
            self._closed = True
            if self._socket is not None:
                with suppress(OSError):
                    self._socket.shutdown(socket.SHUT_RDWR)
            self._let_go()

    def abort(self) -> None:
        """Closes at once, from any thread; what was handed over and not sent yet is thrown away."""
        self.is_aborted = True
        with self._lock:
            if self._socket is not None:
                with suppress(OSError):
                    self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _NO_LINGER)
        self.close()

    @contextmanager
    def _in_use(self) -> Iterator[socket.socket]:
        """The socket, which stays ours inside: were it closed under a call, its number could be somebody else's next connection."""
        with self._lock:
            opened = self._socket
            if opened is None or self._closed:
                raise ClosedByUsError
            self._users += 1
        try:
            yield opened
        except TimeoutError:
            self._require_movement()
            raise
        except OSError as error:
            raise self._lost(error) from None
        finally:
            with self._lock:
                self._users -= 1
                self._let_go()

    def _let_go(self) -> None:
        if self._closed and not self._users and self._socket is not None:
            self._socket.close()
            self._socket = None
