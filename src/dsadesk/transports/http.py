"""A thin HTTP/1.1 client for stores: one connection, kept open, that trusts nothing that the other side says.

No redirect is followed, no cookie is kept, nothing is decompressed. An answer is bounded in size and in time. A request is asked once more
only when the server had closed the kept connection and nothing of an answer had come; every request of ours may be asked twice.
The server's clock is learnt from its answers.
"""

from __future__ import annotations

import re
import ssl
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from http.client import HTTPException, HTTPResponse, IncompleteRead
from socket import socket
from threading import Lock
from time import monotonic
from typing import cast

from dsadesk.errors import StoreError, StoreRefusedError
from dsadesk.ports import NO_ACCESS, Flow, StoreAccess
from dsadesk.transports.http_faults import status_error, wire_error
from dsadesk.transports.proxies import ProxySaidNoError, ask_for_tunnel, proxy_for
from dsadesk.transports.trust import trusted_context
from dsadesk.transports.web_address import WebAddress
from dsadesk.transports.wire import PATIENCE, RUN, Patience, TooMuchError, Wire

MAX_HEAD_BYTES = 64 * 1024
MAX_FAULT_BYTES = 16 * 1024
"""As much is read of an answer that is not a success: enough for a code in it."""

_CHANGING = frozenset({"PUT", "DELETE", "MKCOL", "POST", "MOVE"})
_REDIRECTS = frozenset({300, 301, 302, 303, 305, 307, 308})
_FIRST_FAULT = 300
_HEADER_NAME = re.compile(r"[A-Za-z0-9-]{1,100}\Z")
_HEADER_VALUE = re.compile(r"[\x20-\x7e]*\Z")
_TARGET = re.compile(r"[\x21-\x7e]{1,8000}\Z")
_YEARS = range(2020, 2200)
_BATCH = 64 * 1024
_SMALL = 1024
_WIRE_FAULTS = (OSError, HTTPException, ValueError, TooMuchError, ProxySaidNoError)


@dataclass(frozen=True, kw_only=True)
class Answer:
    """What a server answered. Names of headers are in lower case; `is_whole` is false when the body was longer than the limit."""

    status: int
    headers: Mapping[str, str] = field(repr=False)
    body: bytes = field(repr=False)
    is_whole: bool = True


class HttpConnection:
    """A connection to the server of one address, made when it is first needed. One thread uses it at a time; any may close it."""

    def __init__(
        self,
        address: WebAddress,
        access: StoreAccess = NO_ACCESS,
        flow: Flow | None = None,
        patience: Patience = PATIENCE,
    ) -> None:
        self.address = address
        self._access = access
        self._flow = flow
        self._patience = patience
        self._in_use = Lock()
        self._wire: Wire | None = None
        self._server_clock: tuple[datetime, float] | None = None
        self._session: ssl.SSLSession | None = None
        self._session_of: ssl.SSLContext | None = None
        self._proxy_name = ""
        self._is_asked = False
        self._round_trip: float | None = None
        self._cuts = 0

    def __repr__(self) -> str:
        return f"HttpConnection({self.address.text!r})"

    def ask(
        self, method: str, target: str, *, headers: Mapping[str, str] | None = None, body: bytes = b"", limit: int = 0
    ) -> Answer:
        """Asks for a target, an absolute path with its query, percent-encoded. Any status but a redirect is handed back.

        At most `limit` bytes of a success's body are taken in, and at most 16 KiB of any other's.
        Raises: StoreError with a code of `http_faults`, StoreRefusedError("redirected" | "store-answer"), TransferStoppedError.
        """
        head = self._head(method, target, headers or {}, len(body))
        with self._in_use:
            try:
                answer = self._ask_perhaps_again(method, head, body, limit)
            except _WIRE_FAULTS as error:
                self._drop()
                is_due = self._is_asked and method in _CHANGING
                raise wire_error(
                    error, address=self.address.text, proxy=self._proxy_name, answer_is_due=is_due
                ) from None
            except BaseException:
                self._drop()
                raise
        if answer.status in _REDIRECTS:
            raise StoreRefusedError("redirected", address=self.address.text, status=answer.status)
        return answer

    def fault(self, answer: Answer, *, writing: bool = False) -> StoreError:
        """The error for an answer that is not the one that was asked for."""
        wait = answer.headers.get("retry-after", "")
        seconds = int(wait) if wait.isascii() and wait.isdigit() and len(wait) < 9 else 0
        return status_error(answer.status, address=self.address.text, writing=writing, wait_seconds=seconds)

    def store_time(self) -> datetime | None:
        """The server's clock as its last answer told it, carried on by a clock that nobody sets. None before the first answer."""
        if self._server_clock is None:
            return None
        then, at = self._server_clock
        return then + timedelta(seconds=monotonic() - at)

    def round_trip(self) -> float | None:
        """Seconds that the quickest of the small questions took since this was asked last, in which connecting counts; None for none."""
        quickest, self._round_trip = self._round_trip, None
        return quickest

    def cuts(self) -> int:
        """How often a body was broken off and sent again since this was asked last."""
        found, self._cuts = self._cuts, 0
        return found

    def close(self) -> None:
        """Drops the connection, from any thread, and ends what waits on it. The next question connects again."""
        wire = self._wire
        if wire is not None:
            wire.abort()
        if self._in_use.acquire(blocking=False):
            try:
                self._drop()
            finally:
                self._in_use.release()

    # ------------------------------------------------------------ one question

    def _ask_perhaps_again(self, method: str, head: bytes, body: bytes, limit: int) -> Answer:
        if self._wire is not None and not self._wire.is_quiet():
            self._drop()
        is_kept = self._wire is not None
        try:
            return self._ask_once(method, head, body, limit)
        except (ConnectionError, ssl.SSLEOFError, ssl.SSLZeroReturnError):
            # A kept connection may have been closed while we wrote.
            if not is_kept or self._wire is None or self._wire.has_answered or self._wire.is_aborted:
                raise
            self._cuts += len(body) > _SMALL
            self._drop()
        return self._ask_once(method, head, body, limit)

    def _ask_once(self, method: str, head: bytes, body: bytes, limit: int) -> Answer:
        self._is_asked = False
        wire = self._connected()
        wire.begin()
        began = monotonic()
        try:
            self._send(wire, head, body)
        except (ConnectionError, ssl.SSLError):
            # A server that refuses a body may answer and close without reading it.
            with suppress(*_WIRE_FAULTS):
                return self._take_answer(wire, method, limit)
            raise
        self._is_asked = True
        answer = self._take_answer(wire, method, limit)
        self._learn_pace(wire, len(body) + len(answer.body), monotonic() - began)
        return answer

    def _learn_pace(self, wire: Wire, size: int, seconds: float) -> None:
        if size <= _SMALL:
            self._round_trip = min(seconds, self._round_trip or seconds)
        else:
            wire.went(size, seconds)

    def _send(self, wire: Wire, head: bytes, body: bytes) -> None:
        room = max(RUN - len(head), 0)
        wire.send(head + body[:room])
        wire.send(memoryview(body)[room:])

    def _take_answer(self, wire: Wire, method: str, limit: int) -> Answer:
        wire.expect_head(MAX_HEAD_BYTES)
        # The parser of the standard library asks its socket for a file and nothing else.
        response = HTTPResponse(cast(socket, wire), method=method)
        try:
            response.begin()
            self._learn_time(response.headers.get("Date", ""))
            is_success = response.status < _FIRST_FAULT
            answer = self._take_body(wire, response, limit if is_success else MAX_FAULT_BYTES, strict=is_success)
            if response.will_close or not answer.is_whole:
                self._drop()
        finally:
            response.close()
        return answer

    def _take_body(self, wire: Wire, response: HTTPResponse, limit: int, *, strict: bool) -> Answer:
        wire.expect_body(2 * limit + MAX_HEAD_BYTES)  # chunks have headings of their own
        if strict:
            if response.length is None and not response.chunked:
                raise ValueError("an answer without an end")
            if response.headers.get("Content-Encoding", "identity").lower() != "identity":
                raise ValueError("an answer in a coding that was not asked for")
        body = bytearray()
        if response.length is None or response.length <= limit:
            while len(body) <= limit and (batch := response.read(min(_BATCH, limit + 1 - len(body)))):
                body += batch
            if response.length:
                raise IncompleteRead(b"", response.length)
            is_whole = len(body) <= limit
        else:
            is_whole = False
        headers = {name.lower(): value for name, value in response.headers.items()}
        return Answer(status=response.status, headers=headers, body=bytes(body[:limit]), is_whole=is_whole)

    # ------------------------------------------------------------ the connection

    def _connected(self) -> Wire:
        if self._wire is not None:
            return self._wire
        address = self.address
        proxy = proxy_for(address, self._access.proxy)
        self._proxy_name = proxy.name if proxy else ""
        wire = self._wire = Wire(self._patience, self._flow)
        if proxy is None:
            wire.connect(address.host, address.port)
        else:
            wire.connect(proxy.host, proxy.port)
            ask_for_tunnel(wire, proxy, address.host, address.port)
            self._proxy_name = ""  # from here on it is the server that fails
        self._learn_pace(wire, 0, wire.round_trip)
        if address.is_encrypted:
            context = self._context()
            # A session belongs to its context, which may have been made anew since.
            known = self._session if self._session_of is context else None
            wire.start_tls(context, address.host, known)
            self._session_of = context
        return wire

    def _context(self) -> ssl.SSLContext:
        """Whom this connection believes. Raises: StoreRefusedError("authority-unreadable")."""
        try:
            return trusted_context(self._access.authority)
        except (ssl.SSLError, ValueError):
            raise StoreRefusedError("authority-unreadable", address=self.address.text) from None

    def _drop(self) -> None:
        wire, self._wire = self._wire, None
        if wire is not None:
            # What the server gave to know us by next time saves it sending its certificates again.
            self._session = wire.session or self._session
            wire.close()

    # ------------------------------------------------------------ the head

    def _head(self, method: str, target: str, headers: Mapping[str, str], size: int) -> bytes:
        named = {"Host": self.address.host_header, "User-Agent": "dsadesk", "Accept-Encoding": "identity", **headers}
        if size or method == "PUT":
            named["Content-Length"] = str(size)
        named = {name: value for name, value in named.items() if value}  # what is given as nothing is left out
        is_sound = _TARGET.match(target) and all(
            _HEADER_NAME.match(name) and _HEADER_VALUE.match(value) for name, value in named.items()
        )
        if not is_sound:
            raise ValueError("a request's head is plain ASCII on single lines")
        lines = [f"{method} {target} HTTP/1.1", *(f"{name}: {value}" for name, value in named.items()), "", ""]
        return "\r\n".join(lines).encode("ascii")

    def _learn_time(self, text: str) -> None:
        with suppress(ValueError, TypeError, OverflowError):
            said = parsedate_to_datetime(text)
            if said.year in _YEARS:
                self._server_clock = (said.replace(tzinfo=said.tzinfo or UTC).astimezone(UTC), monotonic())
