"""Connects over a link that may be away for seconds, and keeps a far connection's send buffer small.

A system that hears nothing asks again after 1, 3 and 7 seconds, some only after 3 and 9; a link that is back after four is then found out
after seven. So every two seconds one more socket asks beside those that wait, as RFC 8305 does for several addresses: somebody asks about
once a second, the first answer counts, and one that takes longer than that is not thrown away.
"""

from __future__ import annotations

import selectors
import socket
import sys
from collections.abc import Callable
from contextlib import suppress
from time import monotonic
from typing import Any

FRESH_AFTER_SECONDS = 2.0
MOST_ASKING = 4
_TICK_SECONDS = 0.05

SEND_BUFFER = 64 * 1024
"""What the system may hold for us: small, so that what was handed over is nearly what was sent, and stopping stops."""
FAR_SECONDS = 0.05
FAR_SEND_BUFFER, MOST_SEND_BUFFER = 16 * 1024, 1024 * 1024
"""Far away much less: several connections that each hold more than their share fill the queue of a slow line, which then drops what they send;
and what lies in a buffer for half a minute looks like a connection on which nothing moves. It grows where it is what holds us up."""
_HELD_UP = 0.7
_THIN_LINEAR_TIMEOUTS = 16 if sys.platform == "linux" else None
"""Linux waits ever longer for what is lost again and again, except on a connection with so little under way that it cannot be to blame."""


class StalledError(OSError):
    """Nothing moved for too long."""


class ClosedByUsError(OSError):
    """Another thread closed the connection."""


def reach(
    host: str, port: int, *, seconds: float, first_seconds: float, stall_seconds: float, is_aborted: Callable[[], bool]
) -> tuple[socket.socket, float]:
    """Connects to the first address of a host that answers: a socket that does not block, and how long its answer took, in seconds.

    Each address is asked for `first_seconds`, the last one for `seconds`; `is_aborted` is asked often, and ends it. What is sent and not
    acknowledged for `stall_seconds` ends the connection, where the system can say so. Raises: OSError, StalledError, ClosedByUsError.
    """
    addresses = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    for number, (family, kind, protocol, _, address) in enumerate(addresses, start=1):
        is_last = number == len(addresses)
        asking = _Asking((family, kind, protocol), address, stall_seconds)
        try:
            return asking.first_answer(seconds if is_last else min(seconds, first_seconds), is_aborted)
        except ClosedByUsError:
            raise
        except OSError:
            if is_last:
                raise
        finally:
            asking.close()
    raise OSError("the host has no address")


class _Asking:
    """Sockets that ask one address, the oldest first."""

    def __init__(self, kind: tuple[int, int, int], address: Any, stall_seconds: float) -> None:
        self._kind = kind
        self._address = address
        self._stall_seconds = stall_seconds
        self._selector = selectors.DefaultSelector()
        self._since: dict[socket.socket, float] = {}

    def first_answer(self, seconds: float, is_aborted: Callable[[], bool]) -> tuple[socket.socket, float]:
        """Asks until there is an answer. Raises: StalledError when there is none in time, ClosedByUsError, OSError."""
        began = monotonic()
        fresh_at = began
        while True:
            if is_aborted():
                raise ClosedByUsError
            now = monotonic()
            if now - began >= seconds:
                raise StalledError
            if now >= fresh_at:
                self._ask_once_more(now)
                fresh_at = now + FRESH_AFTER_SECONDS
            answered = {key.fileobj for key, _ in self._selector.select(_TICK_SECONDS)}
            for one in [each for each in self._since if each in answered]:
                if (reached := self._taken(one)) is not None:
                    return reached

    def close(self) -> None:
        """Lets go of all sockets that nobody took."""
        for left in list(self._since):
            self._drop(left)
        self._selector.close()

    def _ask_once_more(self, now: float) -> None:
        if len(self._since) == MOST_ASKING:
            # The first stays, for an answer that takes as long as there is patience for.
            self._drop(list(self._since)[1])
        made = _prepared(socket.socket(*self._kind), self._stall_seconds)
        try:
            self._selector.register(made, selectors.EVENT_WRITE)
        except BaseException:
            made.close()
            raise
        self._since[made] = now
        try:
            made.connect(self._address)
        except BlockingIOError:
            return
        except OSError as error:
            self._failed(made, error)

    def _taken(self, answered: socket.socket) -> tuple[socket.socket, float] | None:
        """The socket, if it is connected. Raises: OSError when it is not, and no other asks."""
        error = answered.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR)
        if error:
            # Made with a number, OSError becomes the class of it: ConnectionRefusedError and so on.
            self._failed(answered, OSError(error, "cannot connect"))
            return None
        self._selector.unregister(answered)
        return answered, monotonic() - self._since.pop(answered)

    def _failed(self, one: socket.socket, error: OSError) -> None:
        """One of them came to nothing, as when there is no route for a moment: the others go on. Raises: the error when there are none."""
        self._drop(one)
        if not self._since:
            raise error

    def _drop(self, one: socket.socket) -> None:
        del self._since[one]
        self._selector.unregister(one)
        one.close()


def _prepared(made: socket.socket, stall_seconds: float) -> socket.socket:
    made.setblocking(False)
    with suppress(OSError):
        made.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, SEND_BUFFER)
        made.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        if _THIN_LINEAR_TIMEOUTS is not None:
            made.setsockopt(socket.IPPROTO_TCP, _THIN_LINEAR_TIMEOUTS, 1)
        if hasattr(socket, "TCP_USER_TIMEOUT"):
            made.setsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT, int(stall_seconds * 1000))
    return made


class SendBuffer:
    """How much the system may hold of what we send over a connection that took so many seconds to make."""

    def __init__(self, round_trip: float, resize: Callable[[int], None]) -> None:
        self._round_trip = round_trip
        self._resize = resize
        self._size = SEND_BUFFER
        if round_trip >= FAR_SECONDS:
            self._hold(FAR_SEND_BUFFER)

    def went(self, size: int, seconds: float) -> None:
        """So many bytes were sent and answered in so long. Where the buffer was what held them up, it grows."""
        bound = self._size / self._round_trip if self._round_trip else float("inf")
        if size >= self._size and size / max(seconds, 1e-6) >= _HELD_UP * bound and self._size < MOST_SEND_BUFFER:
            self._hold(2 * self._size)

    def _hold(self, size: int) -> None:
        self._size = size
        self._resize(size)
