"""Keys at a store's server: the server's own, which a person compares before it is believed, and this laptop's, which lets us in."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass, field, replace

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_ssh_private_key,
)

from dsadesk.errors import RuleError, StoreError, StoreRefusedError
from dsadesk.ports import Entropy, OpenTransport, StoreAccess
from dsadesk.services.session import Session
from dsadesk.services.stores import access_of, keep_store

COMMENT = "dsadesk"
CLIENT_KEY = "client-key"
"""The setting that holds this laptop's private key."""


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


def shown_host_key(session: Session, address: str) -> HostKey:
    """The key that the server at an address shows now, beside those that are pinned for it. Raises: StoreError."""
    return host_key(session.world.open_transport, address, access_of(session, address))


def pin_host_key(session: Session, address: str, fingerprint: str) -> HostKey:
    """Pins the key that a person compared, in place of those pinned before, when it is the one that the server shows.

    Raises: RuleError("host-key-differs"), StoreError.
    """
    shown = shown_host_key(session, address)
    if shown.fingerprint != fingerprint:
        raise RuleError("host-key-differs", shown=shown.fingerprint)
    if not shown.is_pinned:
        keep_store(session, address, replace(access_of(session, address), host_keys=(fingerprint,)))
    return shown


def client_key(session: Session) -> ClientKey:
    """This laptop's key for SFTP servers, made when it is first asked for, and anew where it cannot be read any more.

    It stays in the vault and never goes to another laptop. It is the same each time: a server's keeper may take days to let its line in.
    """
    kept = session.vault.settings.read(CLIENT_KEY)
    if kept is not None:
        with suppress(StoreRefusedError, UnicodeDecodeError):
            return _kept_key(kept.decode("ascii"))
    made = make_client_key(session.world.entropy)
    session.vault.settings.write(CLIENT_KEY, made.private.encode("ascii"))
    return made


def key_for(session: Session, address: str) -> ClientKey:
    """The key that lets this laptop in at an address: the one given for it, where it can be read, else this laptop's own."""
    if given := access_of(session, address).key:
        with suppress(StoreRefusedError):
            return _kept_key(given)
    return client_key(session)


def use_client_key(session: Session, address: str) -> ClientKey:
    """The key that lets this laptop in at an address, which is used there from now on."""
    key, access = key_for(session, address), access_of(session, address)
    if access.key != key.private:
        keep_store(session, address, replace(access, key=key.private))
    return key


def _kept_key(private: str) -> ClientKey:
    return ClientKey(private=private, line=client_line(StoreAccess(key=private)))


def _line_of(key: Ed25519PrivateKey) -> str:
    public = key.public_key().public_bytes(Encoding.OpenSSH, PublicFormat.OpenSSH).decode("ascii")
    return f"{public} {COMMENT}"
