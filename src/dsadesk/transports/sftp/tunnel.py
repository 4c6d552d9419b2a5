"""Asking an office's proxy for a tunnel before SSH begins. Not a byte beyond the proxy's answer is taken, because the next one is the server's."""

from __future__ import annotations

import base64
import re

from dsadesk.transports.proxies import MAX_PROXY_HEAD_BYTES, Proxy, ProxySaidNoError
from dsadesk.transports.sftp.wire import Wire

_ANSWER = re.compile(rb"HTTP/1\.[01] ([1-5][0-9]{2})[ \r]")
_END = b"\r\n\r\n"
_OK = 200
_STRANGE = 0


def ask_for_tunnel(wire: Wire, proxy: Proxy, host: str, port: int) -> None:
    """Asks a proxy, to which the wire is connected, to pass everything on to a host. Raises: ProxySaidNoError, OSError."""
    place = f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
    lines = [f"CONNECT {place} HTTP/1.1", f"Host: {place}"]
    if proxy.user:
        login = base64.b64encode(f"{proxy.user}:{proxy.password}".encode()).decode()
        lines.append(f"Proxy-Authorization: Basic {login}")
    with wire.awaiting():
        _send(wire, "\r\n".join([*lines, "", ""]).encode("ascii"))
        head = _read_head(wire)
    found = _ANSWER.match(head)
    status = int(found[1]) if found else _STRANGE
    if status != _OK:
        raise ProxySaidNoError(status)
    wire.has_heard = False


def _send(wire: Wire, data: bytes) -> None:
    rest = data
    while rest:
        try:
            rest = rest[wire.send(rest) :]
        except TimeoutError:
            continue


def _read_head(wire: Wire) -> bytes:
    head = bytearray()
    while not head.endswith(_END) and len(head) < MAX_PROXY_HEAD_BYTES:
        try:
            piece = wire.recv(1)
        except TimeoutError:
            continue
        if not piece:
            raise ConnectionResetError
        head += piece
    return bytes(head)
