"""Ways through an office's proxy: which one to take, and how to ask it for a tunnel. Only Basic authentication is spoken."""

from __future__ import annotations

import base64
from dataclasses import dataclass, field
from http.client import HTTPResponse
from socket import socket
from typing import cast
from urllib.parse import unquote, urlsplit
from urllib.request import getproxies, proxy_bypass

from dsadesk.errors import StoreRefusedError
from dsadesk.transports.web_address import WebAddress, is_this_machine
from dsadesk.transports.wire import Wire

MAX_PROXY_HEAD_BYTES = 32 * 1024
_OK = 200


@dataclass(frozen=True, kw_only=True)
class Proxy:
    """A proxy to ask, and as whom."""

    host: str
    port: int
    user: str = ""
    password: str = field(default="", repr=False)

    @staticmethod
    def parse(text: str) -> Proxy:
        """Reads `[http://][user:password@]host:port`. Raises: StoreRefusedError("proxy-invalid")."""
        try:
            parts = urlsplit(text if "://" in text else f"http://{text}")
            host, port = parts.hostname, parts.port
        except ValueError:
            raise StoreRefusedError("proxy-invalid") from None
        if parts.scheme != "http" or not host or parts.path not in ("", "/") or parts.query or parts.fragment:
            raise StoreRefusedError("proxy-invalid")
        return Proxy(
            host=host, port=port or 80, user=unquote(parts.username or ""), password=unquote(parts.password or "")
        )

    @property
    def name(self) -> str:
        """What a person would recognise it by."""
        return f"{self.host}:{self.port}"


class ProxySaidNoError(Exception):
    """A proxy answered a wish for a tunnel with another status than 200."""

    def __init__(self, status: int) -> None:
        super().__init__(status)
        self.status = status


def proxy_for(address: WebAddress, own: str) -> Proxy | None:
    """The proxy that was given for a store, else the system's, unless it is told to be left out for this host.

    This machine is never asked for through the system's proxy. Raises: StoreRefusedError("proxy-invalid").
    """
    if own:
        return Proxy.parse(own)
    if is_this_machine(address.host) or proxy_bypass(address.host):
        return None
    known = getproxies()
    text = known.get(address.scheme) or known.get("all")
    return Proxy.parse(text) if text else None


def ask_for_tunnel(wire: Wire, proxy: Proxy, host: str, port: int) -> None:
    """Asks a proxy, to which the wire is connected, to pass everything on to a host. Raises: ProxySaidNoError, HTTPException, OSError."""
    place = f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
    lines = [f"CONNECT {place} HTTP/1.1", f"Host: {place}"]
    if proxy.user:
        login = base64.b64encode(f"{proxy.user}:{proxy.password}".encode()).decode()
        lines.append(f"Proxy-Authorization: Basic {login}")
    wire.begin()
    wire.send("\r\n".join([*lines, "", ""]).encode("ascii"))
    wire.expect_head(MAX_PROXY_HEAD_BYTES)
    answer = HTTPResponse(cast(socket, wire), method="CONNECT")
    answer.begin()
    if answer.status != _OK:
        raise ProxySaidNoError(answer.status)
