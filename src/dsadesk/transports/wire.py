"""One TCP or TLS connection on which no wait is without an end, every byte passes a `Flow`, and any thread can end every wait.

The socket never blocks by itself: each wait watches the socket and a waker, and gives up when nothing moved for `stall_seconds`,
when the deadline for an answer's beginning is over, or when so little moves that somebody must be holding us up.
Finding a host's address is the operating system's own wait and cannot be ended early.
"""

from __future__ import annotations

import io
import os
import selectors
import socket
import ssl
import struct
from contextlib import suppress
from dataclasses import dataclass
from time import monotonic
from typing import TYPE_CHECKING

from dsadesk.ports import Flow, hears_life
from dsadesk.transports.reaching import ClosedByUsError, SendBuffer, StalledError, reach

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer

RUN = 16 * 1024
"""Bytes handed over or taken in between two questions to the flow."""

_NO_LINGER = struct.pack("hh" if os.name == "nt" else "ii", 1, 0)


@dataclass(frozen=True, kw_only=True)
class Patience:
    """How long each wait may take. In each `pace_seconds` at least `pace_bytes` must move, or the other side is only holding us up."""

    stall_seconds: float = 25.0
    first_address_seconds: float = 10.0
    head_seconds: float = 60.0
    pace_seconds: float = 60.0
    pace_bytes: int = 4096


PATIENCE = Patience()


class TooSlowError(OSError):
    """Something moved, but so little that it would never end."""


class TooMuchError(Exception):
    """More came than may belong to an answer."""


class Wire:
    """A connection that is made once and used by one thread at a time; only `abort` may be called by another."""

    def __init__(self, patience: Patience = PATIENCE, flow: Flow | None = None) -> None:
        self._patience = patience
        self._flow = flow
        self._life = hears_life(flow)
        self._socket: socket.socket | None = None
        self._woken, self._waker = socket.socketpair()
        self._woken.setblocking(False)
        self._selector = selectors.DefaultSelector()
        self._selector.register(self._woken, selectors.EVENT_READ)
        self._is_aborted = False
        self.has_left_over = False
        self._deadline = float("inf")
        self._allowance = 0
        self._has_answered = False
        self._pace_since = monotonic()
        self._pace_bytes = 0
        self._buffer: SendBuffer | None = None
        self.round_trip = 0.0

    # ------------------------------------------------------------ making it

    def connect(self, host: str, port: int) -> None:
        """Connects to the first address of a host that answers. Raises: OSError, StalledError, ClosedByUsError."""
        patience = self._patience
        made, self.round_trip = reach(
            host,
            port,
            seconds=patience.stall_seconds,
            first_seconds=patience.first_address_seconds,
            stall_seconds=patience.stall_seconds,
            is_aborted=lambda: self._is_aborted,
        )
        self._socket = made
        self._selector.register(made, selectors.EVENT_READ)
        self._buffer = SendBuffer(self.round_trip, self._hold)

    def start_tls(self, context: ssl.SSLContext, host: str, session: ssl.SSLSession | None = None) -> None:
        """Encrypts what follows and makes sure who answers; goes on with an earlier session where the server still knows it.

        Raises: ssl.SSLError, OSError, StalledError.
        """
        plain = self._opened()
        self._selector.unregister(plain)
        wrapped = context.wrap_socket(plain, server_hostname=host, do_handshake_on_connect=False, session=session)
        self._socket = wrapped
        self._selector.register(wrapped, selectors.EVENT_READ)
        self._deadline = monotonic() + self._patience.head_seconds
        while True:
            try:
                wrapped.do_handshake()
                return self._hear()
            except ssl.SSLWantReadError:
                self._wait(selectors.EVENT_READ)
            except ssl.SSLWantWriteError:
                self._wait(selectors.EVENT_WRITE)

    # ------------------------------------------------------------ using it

    def begin(self) -> None:
        """Starts to count for a new request."""
        self._deadline = float("inf")
        self._has_answered = False
        self._pace_since, self._pace_bytes = monotonic(), 0

    def expect_head(self, limit: int) -> None:
        """From here the beginning of an answer must come, in time and in at most so many bytes."""
        self._deadline = monotonic() + self._patience.head_seconds
        self._allowance = limit
        self._has_answered = False

    def expect_body(self, limit: int) -> None:
        """The rest of an answer may be so many bytes more."""
        self._deadline = float("inf")
        self._allowance += limit

    def send(self, data: bytes | memoryview) -> None:
        """Hands everything over, run by run. Raises: TransferStoppedError, StalledError, TooSlowError, ClosedByUsError, OSError."""
        rest = memoryview(data)
        while rest:
            run, rest = rest[:RUN], rest[RUN:]
            self._ask_the_flow(len(run))
            while run:
                run = run[self._send_some(run) :]

    def went(self, size: int, seconds: float) -> None:
        """So many bytes were sent and answered in so long. Where the system's buffer held them up, it grows."""
        if self._buffer is not None:
            self._buffer.went(size, seconds)

    def take(self, buffer: WriteableBuffer) -> int:
        """Takes in what there is, at most one run. Raises: TooMuchError, and what `send` raises."""
        view = memoryview(buffer)[: min(RUN, self._allowance)]
        if not view:
            raise TooMuchError
        count = self._receive_some(view)
        self._allowance -= count
        if count:
            self._has_answered = True
            self._count(count)
            self._ask_the_flow(count)
        return count

    def makefile(self, mode: str) -> io.BufferedReader:
        """A file over this, as the standard library's parser of answers asks for it. Closing the file leaves the connection open."""
        del mode
        return _AnswerFile(_Tap(self))

    def is_quiet(self) -> bool:
        """Whether the connection is open and nothing lies in it that nobody asked for."""
        if self._is_aborted or self._socket is None or self.has_left_over:
            return False
        try:
            self._socket.recv(1)
        except (BlockingIOError, ssl.SSLWantReadError, ssl.SSLWantWriteError):
            return True
        except OSError:
            return False
        return False

    # ------------------------------------------------------------ ending it

    def abort(self) -> None:
        """Ends every wait, now and later; for any thread. Whoever uses the connection then closes it."""
        self._is_aborted = True
        with suppress(OSError):
            self._waker.send(b"!")

    def close(self) -> None:
        """Closes the connection at once; by the thread that uses it. What was handed over and not sent yet is thrown away."""
        if self._socket is not None:
            with suppress(OSError):
                self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _NO_LINGER)
        self._forget_socket()
        self._selector.close()
        self._woken.close()
        self._waker.close()

    @property
    def session(self) -> ssl.SSLSession | None:
        """What an encrypted connection may go on with when it is made anew."""
        with suppress(ValueError):  # before the greeting is over there is none
            return self._socket.session if isinstance(self._socket, ssl.SSLSocket) else None
        return None

    @property
    def is_aborted(self) -> bool:
        """Whether `abort` was called."""
        return self._is_aborted

    @property
    def has_answered(self) -> bool:
        """Whether a byte of the answer that is expected has come."""
        return self._has_answered

    # ------------------------------------------------------------ waiting

    def _send_some(self, run: memoryview) -> int:
        while True:
            try:
                count = self._opened().send(run)
            except (BlockingIOError, ssl.SSLWantWriteError):
                self._wait(selectors.EVENT_WRITE)
            except ssl.SSLWantReadError:
                self._wait(selectors.EVENT_READ)
            else:
                self._count(count)
                return count

    def _receive_some(self, view: memoryview) -> int:
        while True:
            try:
                return self._opened().recv_into(view)
            except (BlockingIOError, ssl.SSLWantReadError):
                self._wait(selectors.EVENT_READ)
            except ssl.SSLWantWriteError:
                self._wait(selectors.EVENT_WRITE)

    def _wait(self, event: int) -> None:
        watched = self._opened()
        self._selector.modify(watched, event)
        seconds = min(self._patience.stall_seconds, self._deadline - monotonic())
        ready = self._selector.select(max(seconds, 0))
        self._opened()
        if not ready:
            raise StalledError

    def _hear(self) -> None:
        # Not when TCP is connected: something near may have answered for whoever is far.
        if self._life is not None:
            self._life.sign_of_life()

    def _hold(self, size: int) -> None:
        with suppress(OSError):
            self._opened().setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, size)

    def _opened(self) -> socket.socket:
        if self._is_aborted:
            raise ClosedByUsError
        if self._socket is None:
            raise OSError("not connected")
        return self._socket

    def _ask_the_flow(self, size: int) -> None:
        if self._flow is None:
            return
        before = monotonic()
        self._flow.pass_on(size)
        self._pace_since += monotonic() - before
        self._opened()

    def _count(self, size: int) -> None:
        self._pace_bytes += size
        now = monotonic()
        if now - self._pace_since < self._patience.pace_seconds:
            return
        if self._pace_bytes < self._patience.pace_bytes:
            raise TooSlowError
        self._pace_since, self._pace_bytes = now, 0

    def _forget_socket(self) -> None:
        if self._socket is not None:
            with suppress(KeyError, ValueError):
                self._selector.unregister(self._socket)
            self._socket.close()
            self._socket = None


class _Tap(io.RawIOBase):
    """Reads from a wire and leaves it open when it is closed itself."""

    def __init__(self, wire: Wire) -> None:
        super().__init__()
        self.wire = wire
        self.is_over = False

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: WriteableBuffer, /) -> int | None:
        return None if self.is_over else self.wire.take(buffer)


class _AnswerFile(io.BufferedReader):
    """Tells the wire when it has read more than the answer that it was opened for."""

    raw: _Tap

    def close(self) -> None:
        if not self.closed:
            self.raw.is_over = True
            self.raw.wire.has_left_over |= bool(self.peek(1))
        super().close()
