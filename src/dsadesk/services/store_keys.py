"""Keys at a store's server: the server's own, which a person compares before it is believed, and this laptop's, which lets us in."""

from __future__ import annotations

from dataclasses import dataclass, field

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_ssh_private_key,
)

from dsadesk.errors import StoreError, StoreRefusedError
from dsadesk.ports import Entropy, OpenTransport, StoreAccess

COMMENT = "dsadesk"


@dataclass(frozen=True, kw_only=True)
class ClientKey:
    """A key that lets one laptop in at SFTP servers: the private half in OpenSSH's format, and the line that a server's keeper adds."""

    private: str = field(repr=False)
    line: str


@dataclass(frozen=True, kw_only=True)
class HostKey:
    """The key that a server shows: its fingerprint as `SHA256:…`, of which kind it is, and whether it is pinned here already."""

    fingerprint: str
    kind: str
    is_pinned: bool
    pins: tuple[str, ...] = ()


def make_client_key(entropy: Entropy) -> ClientKey:
    """A new Ed25519 key. One for each laptop, so that a lost one can be shut out alone."""
    key = Ed25519PrivateKey.from_private_bytes(entropy.token(32))
    private = key.private_bytes(Encoding.PEM, PrivateFormat.OpenSSH, NoEncryption()).decode("ascii")
    return ClientKey(private=private, line=_line_of(key))


def client_line(access: StoreAccess) -> str:
    """The public line of the key in an access. Raises: StoreRefusedError("client-key-unreadable")."""
    try:
        key = load_ssh_private_key(access.key.encode("ascii"), password=None)
    except (ValueError, TypeError, UnsupportedAlgorithm):
        raise StoreRefusedError("client-key-unreadable") from None
    if not isinstance(key, Ed25519PrivateKey):
        raise StoreRefusedError("client-key-unreadable")
    return _line_of(key)


def host_key(open_transport: OpenTransport, address: str, access: StoreAccess) -> HostKey:
    """Asks a server for its key, by coming to it with no key pinned: it is refused before anything of ours is said, login included.

    Raises: StoreError when the server cannot be reached, or is none that has such a key.
    """
    stranger = StoreAccess(proxy=access.proxy)
    transport = open_transport(address, "", stranger)
    try:
        transport.check()
    except StoreRefusedError as error:
        if error.code != "host-key-unknown":
            raise
        fingerprint = str(error.fields["fingerprint"])
        return HostKey(
            fingerprint=fingerprint,
            kind=str(error.fields["kind"]),
            is_pinned=fingerprint in access.host_keys,
            pins=access.host_keys,
        )
    finally:
        transport.close()
    raise StoreError("host-key-none", address=transport.address)


def _line_of(key: Ed25519PrivateKey) -> str:
    public = key.public_key().public_bytes(Encoding.OpenSSH, PublicFormat.OpenSSH).decode("ascii")
    return f"{public} {COMMENT}"
