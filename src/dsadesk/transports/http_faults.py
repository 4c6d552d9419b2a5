"""The one seam where what goes wrong on the web becomes a store's error. Tables decide; no word that a server says goes into an error."""

from __future__ import annotations

import errno
import socket
import ssl
from collections.abc import Mapping
from http.client import HTTPException, IncompleteRead, RemoteDisconnected

from dsadesk.errors import (
    StoreError,
    StoreFullError,
    StoreMissingError,
    StoreReadOnlyError,
    StoreRefusedError,
    StoreUnreachableError,
)
from dsadesk.transports.proxies import ProxySaidNoError
from dsadesk.transports.reaching import ClosedByUsError, StalledError
from dsadesk.transports.wire import TooMuchError, TooSlowError

Row = tuple[type[StoreError], str]

MAX_WAIT_SECONDS = 3600

_STRANGE: Row = (StoreRefusedError, "store-answer")

_BY_STATUS: Mapping[int, Row] = {
    401: (StoreRefusedError, "access-refused"),
    402: (StoreRefusedError, "access-refused"),
    403: (StoreRefusedError, "access-refused"),
    404: (StoreMissingError, "object-missing"),
    405: (StoreRefusedError, "act-not-offered"),
    408: (StoreUnreachableError, "server-busy"),
    410: (StoreMissingError, "object-missing"),
    412: (StoreRefusedError, "name-taken"),
    413: (StoreRefusedError, "part-too-large"),
    423: (StoreUnreachableError, "server-busy"),
    425: (StoreUnreachableError, "server-busy"),
    429: (StoreUnreachableError, "server-busy"),
    500: (StoreUnreachableError, "server-fault"),
    501: (StoreRefusedError, "act-not-offered"),
    502: (StoreUnreachableError, "server-fault"),
    503: (StoreUnreachableError, "server-busy"),
    504: (StoreUnreachableError, "server-fault"),
    507: (StoreFullError, "store-full"),
    511: (StoreUnreachableError, "answer-foreign"),
}

_BY_PROXY_STATUS: Mapping[int, Row] = {
    407: (StoreRefusedError, "proxy-access-refused"),
    500: (StoreUnreachableError, "proxy-cannot-reach"),
    502: (StoreUnreachableError, "proxy-cannot-reach"),
    503: (StoreUnreachableError, "proxy-cannot-reach"),
    504: (StoreUnreachableError, "proxy-cannot-reach"),
}
_PROXY_REFUSED: Row = (StoreRefusedError, "proxy-refused")

# OpenSSL's numbers, then those of Windows and macOS, which check certificates themselves there.
_BY_CERTIFICATE: Mapping[int, Row] = {
    9: (StoreRefusedError, "certificate-not-yet"),
    10: (StoreRefusedError, "certificate-expired"),
    62: (StoreRefusedError, "certificate-name"),
    64: (StoreRefusedError, "certificate-name"),
    0x800B0101: (StoreRefusedError, "certificate-expired"),
    0x800B010F: (StoreRefusedError, "certificate-name"),
    -67818: (StoreRefusedError, "certificate-expired"),
    -67819: (StoreRefusedError, "certificate-not-yet"),
    -67602: (StoreRefusedError, "certificate-name"),
}
_UNTRUSTED: Row = (StoreRefusedError, "certificate-untrusted")

_NO_WAY = frozenset({errno.ENETUNREACH, errno.EHOSTUNREACH, errno.ENETDOWN, errno.EADDRNOTAVAIL})


def status_error(status: int, *, address: str, writing: bool = False, wait_seconds: int = 0) -> StoreError:
    """The error for an answer's status that does not mean success. To be let in and refused a write is "read only"."""
    kind, code = _BY_STATUS.get(status, _STRANGE)
    if status == 403 and writing:
        return StoreReadOnlyError("store-read-only", address=address, status=status)
    if wait_seconds:
        return kind(code, address=address, status=status, seconds=min(wait_seconds, MAX_WAIT_SECONDS))
    return kind(code, address=address, status=status)


def wire_error(error: Exception, *, address: str, proxy: str = "", answer_is_due: bool = False) -> StoreError:
    """The error for what happened on the way. `answer_is_due` says that a change was sent whole, so that it may have been made."""
    about = {"address": address}
    if isinstance(error, ProxySaidNoError):
        kind, code = _BY_PROXY_STATUS.get(error.status, _PROXY_REFUSED)
        return kind(code, proxy=proxy, status=error.status, **about)
    if isinstance(error, ssl.SSLCertVerificationError):
        kind, code = _BY_CERTIFICATE.get(getattr(error, "verify_code", 0), _UNTRUSTED)
        return kind(code, **about)
    if isinstance(error, TooMuchError):
        kind, code = _STRANGE
        return kind(code, **about)
    if isinstance(error, IncompleteRead):
        return StoreUnreachableError("answer-short", **about)
    if isinstance(error, HTTPException | ValueError) and not isinstance(error, RemoteDisconnected):
        kind, code = _STRANGE
        return kind(code, **about)
    if isinstance(error, ClosedByUsError):
        return StoreUnreachableError("connection-closed", **about)
    if isinstance(error, socket.gaierror):
        return StoreUnreachableError("host-unknown", host=proxy or _host_of(address), **about)
    if answer_is_due:
        return StoreUnreachableError("answer-lost", **about)
    return _from_the_system(error, about)


def _from_the_system(error: Exception, about: dict[str, str]) -> StoreError:
    if isinstance(error, TooSlowError):
        return StoreUnreachableError("store-too-slow", **about)
    if isinstance(error, StalledError | TimeoutError):
        return StoreUnreachableError("store-silent", **about)
    if isinstance(error, ConnectionRefusedError):
        return StoreUnreachableError("connection-refused", **about)
    if isinstance(error, ssl.SSLError) and not isinstance(error, ssl.SSLEOFError | ssl.SSLZeroReturnError):
        return StoreUnreachableError("encryption-failed", **about)
    if getattr(error, "errno", None) in _NO_WAY:
        return StoreUnreachableError("network-missing", **about)
    return StoreUnreachableError("connection-lost", **about)


def _host_of(address: str) -> str:
    return address.partition("://")[2].partition("/")[0]
