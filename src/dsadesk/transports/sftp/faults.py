"""The one seam where what goes wrong with SFTP becomes a store's error. Tables decide; no word that a server says goes into an error."""

from __future__ import annotations

import socket
from collections.abc import Mapping

from dsadesk.errors import (
    StoreError,
    StoreFullError,
    StoreMissingError,
    StoreReadOnlyError,
    StoreRefusedError,
    StoreUnreachableError,
)
from dsadesk.transports.http_faults import wire_error
from dsadesk.transports.sftp.address import SftpAddress
from dsadesk.transports.sftp.login import NotSshError
from dsadesk.transports.sftp.protocol import ProtocolError, Space, Status

Row = tuple[type[StoreError], str]

_FAULT: Row = (StoreUnreachableError, "server-fault")

_READING: Mapping[int, Row] = {
    Status.NO_SUCH_FILE: (StoreMissingError, "store-missing"),
    Status.PERMISSION_DENIED: (StoreUnreachableError, "no-access"),
    Status.NOT_OFFERED: (StoreRefusedError, "act-not-offered"),
}
_WRITING: Mapping[int, Row] = {
    **_READING,
    Status.PERMISSION_DENIED: (StoreReadOnlyError, "store-read-only"),
}


def status_error(status: int, *, address: str, writing: bool, space: Space | None, wanted: int) -> StoreError:
    """The error for a server's status. Most servers say "Failure" for a full disk, a read-only disk and anything else: the disk then tells."""
    if status == Status.FAILURE and writing and space is not None:
        if space.is_read_only:
            return StoreReadOnlyError("store-read-only", address=address, reason="disk")
        if space.free_bytes < max(wanted, 1) or not space.free_files:
            return StoreFullError("store-full", address=address)
    kind, code = (_WRITING if writing else _READING).get(status, _FAULT)
    return kind(code, address=address, reason=f"sftp-{status}")


def link_error(error: Exception, *, address: SftpAddress, proxy: str = "") -> StoreError:
    """The error for a connection that could not be made or went."""
    if isinstance(error, NotSshError):
        return StoreUnreachableError("answer-foreign", address=address.text)
    if isinstance(error, ProtocolError):
        return StoreRefusedError("store-answer", address=address.text)
    if isinstance(error, socket.gaierror):
        return StoreUnreachableError("host-unknown", host=proxy or address.host, address=address.text)
    if isinstance(error, EOFError):
        return StoreUnreachableError("connection-lost", address=address.text)
    return wire_error(error, address=address.text, proxy=proxy)
