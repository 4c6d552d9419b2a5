"""Addresses of stores on SFTP servers: `sftp://[user@]host[:port]/path`. A password never stands in one, because addresses travel and are shown."""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import unquote, urlsplit

from dsadesk.errors import StoreRefusedError

SCHEME = "sftp"
DEFAULT_PORT = 22
MAX_ADDRESS = 2000

_HOST = re.compile(r"[a-z0-9]([a-z0-9._-]{0,251}[a-z0-9])?\Z|[0-9a-f:.]{2,45}\Z")
_UNSEEN = re.compile(r"[\x00-\x20\x7f]")
_CONTROL = re.compile(r"[\x00-\x1f\x7f]")
_HOME = "/~"


@dataclass(frozen=True, kw_only=True)
class SftpAddress:
    """Where a server is, as whom to log in, and the folder on it. A `path` that does not begin with a slash lies in the login's own folder."""

    user: str
    host: str
    port: int
    path: str
    text: str

    @staticmethod
    def parse(text: str) -> SftpAddress:
        """Reads an address; `/~/path` is a path in the login's own folder. Raises: StoreRefusedError("sftp-address-invalid")."""
        try:
            parts = urlsplit(text)
            host, port = parts.hostname or "", parts.port
            user, path = unquote(parts.username or "", errors="strict"), unquote(parts.path, errors="strict")
        except ValueError:
            raise StoreRefusedError("sftp-address-invalid", address=_without_secrets(text)) from None
        is_sound = (
            parts.scheme == SCHEME
            and len(text) <= MAX_ADDRESS
            and _HOST.match(host) is not None
            and port != 0
            and not (parts.password or parts.query or parts.fragment)
            and _UNSEEN.search(text + user) is None
            and _CONTROL.search(path) is None
            and not {".", ".."} & set(path.split("/"))
        )
        if not is_sound:
            raise StoreRefusedError("sftp-address-invalid", address=_without_secrets(text))
        return SftpAddress(user=user, host=host, port=port or DEFAULT_PORT, path=_folder(path), text=text)

    @property
    def place(self) -> str:
        """Host and port, as keys and proxies name them."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port == DEFAULT_PORT else f"{host}:{self.port}"

    def below(self, name: str) -> str:
        """The path of something in the folder."""
        return f"{self.path.rstrip('/')}/{name}" if self.path != "." else name


def _folder(path: str) -> str:
    if path == _HOME or path.startswith(f"{_HOME}/"):
        return path.removeprefix(_HOME).strip("/") or "."
    return "/" + path.strip("/")


def _without_secrets(text: str) -> str:
    """An address as it may be shown: what stands before an @ is left out."""
    scheme, separator, rest = text.partition("://")
    place, slash, path = rest.partition("/")
    return f"{scheme}{separator}{place.rpartition('@')[2]}{slash}{path}"[:300]
