"""Addresses of stores on the web: `https://host[:port]/path`. A name or a password never stands in one, because addresses travel and are shown."""

from __future__ import annotations

import ipaddress
import re
from dataclasses import dataclass
from urllib.parse import quote, urlsplit

from dsadesk.errors import StoreRefusedError

DEFAULT_PORTS = {"http": 80, "https": 443}
MAX_ADDRESS = 2000

_HOST = re.compile(r"[a-z0-9]([a-z0-9._-]{0,251}[a-z0-9])?\Z")
_UNSEEN = re.compile(r"[\x00-\x20\x7f]")
_PLAIN_IN_PATHS = "/%!$&'()*+,;=:@-._~"


@dataclass(frozen=True, kw_only=True)
class WebAddress:
    """Where a server is and the folder on it: `path` is percent-encoded, begins with a slash and does not end in one, or is empty."""

    scheme: str
    host: str
    port: int
    path: str

    @staticmethod
    def parse(text: str) -> WebAddress:
        """Reads an address. Plain http is for this machine alone.

        Raises: StoreRefusedError("address-invalid" | "address-not-encrypted").
        """
        try:
            parts = urlsplit(text)
            port = parts.port
            host = (parts.hostname or "").encode("idna").decode("ascii") if parts.hostname else ""
        except ValueError:
            raise StoreRefusedError("address-invalid", address=without_secrets(text)) from None
        is_sound = (
            parts.scheme in DEFAULT_PORTS
            and (_HOST.match(host) is not None or _is_ip(host))
            and not (parts.query or parts.fragment or "@" in parts.netloc)
            and _UNSEEN.search(text) is None
            and len(text) <= MAX_ADDRESS
            and not {".", ".."} & set(parts.path.lower().replace("%2e", ".").split("/"))
            and port != 0
        )
        if not is_sound:
            raise StoreRefusedError("address-invalid", address=without_secrets(text))
        if parts.scheme == "http" and not is_this_machine(host):
            raise StoreRefusedError("address-not-encrypted", address=text)
        path = quote(parts.path, safe=_PLAIN_IN_PATHS).rstrip("/")
        return WebAddress(scheme=parts.scheme, host=host, port=port or DEFAULT_PORTS[parts.scheme], path=path)

    @property
    def is_encrypted(self) -> bool:
        """Whether a certificate says who answers."""
        return self.scheme == "https"

    @property
    def host_header(self) -> str:
        """The host as a request names it."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port == DEFAULT_PORTS[self.scheme] else f"{host}:{self.port}"

    @property
    def text(self) -> str:
        """The address as a person would write it."""
        return f"{self.scheme}://{self.host_header}{self.path}"


def is_this_machine(host: str) -> bool:
    """Whether a host name or number can only mean this machine."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host.lower().rstrip(".") == "localhost"


def without_secrets(address: str) -> str:
    """An address as it may be shown: what stands before an @ is left out."""
    scheme, separator, rest = address.partition("://")
    place, slash, path = rest.partition("/")
    return f"{scheme}{separator}{place.rpartition('@')[2]}{slash}{path}"[:300]


def _is_ip(host: str) -> bool:
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True
