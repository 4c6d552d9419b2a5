"""Whom we believe when a server says who it is: the system's authorities, and one more that an office may give with a store's address."""

from __future__ import annotations

import ssl
import sys
from threading import Lock

import truststore

_CHECKED_BY_THE_SYSTEM = frozenset({"win32", "darwin"})


_made: dict[tuple[str, str], ssl.SSLContext] = {}
_making = Lock()
_MOST_KEPT = 16


def trusted_context(authority: str = "", platform: str = sys.platform) -> ssl.SSLContext:
    """A context for clients, made once for all connections: to read a system's authorities takes longer than a handshake.

    All threads get the same one, for a connection goes on with an earlier session only in the context of that. Windows and macOS check
    certificates themselves (`truststore`). Elsewhere OpenSSL's own list is taken; where that is empty `truststore` knows where else to look.
    Raises: ssl.SSLError, ValueError when the extra authority cannot be read.
    """
    with _making:
        if (authority, platform) not in _made:
            if len(_made) >= _MOST_KEPT:
                _made.pop(next(iter(_made)))
            _made[authority, platform] = _context(authority, platform)
        return _made[authority, platform]


def _context(authority: str, platform: str) -> ssl.SSLContext:
    context = ssl.create_default_context()
    if platform in _CHECKED_BY_THE_SYSTEM or not context.cert_store_stats()["x509_ca"]:
        context = truststore.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.set_alpn_protocols(["http/1.1"])
    if authority:
        context.load_verify_locations(cadata=authority)
    return context
