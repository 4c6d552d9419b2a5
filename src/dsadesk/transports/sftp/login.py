"""Getting in: the connection, the server's key, our login, the file protocol. The only module that meets paramiko, which takes 180 ms to load.

The server's key is compared before anything of ours is said, and only with keys that a person has pinned: nothing is ever
trusted because it was seen first. Keys come from `StoreAccess` alone, never from an agent or a file of the person's.
"""

from __future__ import annotations

import io
import logging
from collections.abc import Callable
from time import monotonic
from typing import Any

from dsadesk.errors import StoreError, StoreRefusedError
from dsadesk.ports import HearsLife, StoreAccess
from dsadesk.transports.proxies import ProxySaidNoError
from dsadesk.transports.reaching import ClosedByUsError
from dsadesk.transports.sftp.address import SftpAddress
from dsadesk.transports.sftp.protocol import ProtocolError
from dsadesk.transports.sftp.session import Session
from dsadesk.transports.sftp.wire import STALL_SECONDS, Wire

Dial = Callable[[Wire], None]

_CIPHERS = (
    "aes256-gcm@openssh.com", "aes128-gcm@openssh.com", "aes256-ctr", "aes192-ctr", "aes128-ctr",
)  # fmt: skip
_DIGESTS = (
    "hmac-sha2-256-etm@openssh.com", "hmac-sha2-512-etm@openssh.com", "hmac-sha2-256", "hmac-sha2-512",
)  # fmt: skip
_KEY_KINDS = (
    ("ssh-ed25519",),
    ("ecdsa-sha2-nistp256", "ecdsa-sha2-nistp384", "ecdsa-sha2-nistp521"),
    ("rsa-sha2-512", "rsa-sha2-256"),
)
_EVERY_KIND = tuple(kind for kinds in _KEY_KINDS for kind in kinds)
_HANDSHAKE_SECONDS = 90.0
_GOODBYE_SECONDS = 2.0


class NotSshError(OSError):
    """Something answered, and it does not speak SSH."""


class LostError(OSError):
    """The connection went."""


class Link:
    """One connection, from dialling to the file protocol. `abort` may be called by any thread at any moment."""

    def __init__(self, stall_seconds: float = STALL_SECONDS, life: HearsLife | None = None) -> None:
        self._stall_seconds = stall_seconds
        self._life = life
        self.is_aborted = False
        self._transport: Any = None
        self.wire = Wire(stall_seconds, life)

    def open(self, address: SftpAddress, access: StoreAccess, dial: Dial) -> Session:
        """Connects, compares the server's key, logs in and starts the file protocol.

        Raises: StoreRefusedError("host-key-unknown" | "host-key-changed" | "client-key-unreadable" | "client-key-refused" |
        "access-refused" | "login-missing" | "sftp-not-offered" | "ssh-too-old"), OSError.
        """
        import paramiko

        logging.getLogger("paramiko").setLevel(
            logging.CRITICAL + 1
        )  # it writes what servers say, and traces of what we handle
        try:
            self._meet(address, access, dial)
            with self.wire.awaiting():
                _log_in(self._transport, address, access)
                return self._begin(address)
        except paramiko.ssh_exception.IncompatiblePeer:
            raise StoreRefusedError("ssh-too-old", address=address.text) from None
        except (StoreError, OSError, ProxySaidNoError):
            raise
        except Exception:  # noqa: BLE001 paramiko raises in our thread whatever a server's packets made of its own
            raise self._loss() from None

    @property
    def is_alive(self) -> bool:
        """Whether the connection is being made or stands, as far as this side knows."""
        return not self.is_aborted and (self._transport is None or bool(self._transport.is_active()))

    def abort(self) -> None:
        """Ends every wait, now and later; for any thread. Whoever uses the connection then drops it."""
        self.is_aborted = True
        self.wire.abort()

    def drop(self) -> None:
        """Ends the connection and waits for paramiko's thread; by the thread that uses it."""
        self.wire.close()
        transport, self._transport = self._transport, None
        if transport is not None:
            transport.close()
            if transport.is_alive():
                transport.join(_GOODBYE_SECONDS)
            # Else a timer of paramiko's would keep the program from ending.
            transport.packetizer.complete_handshake()

    # ------------------------------------------------------------ who answers

    def _meet(self, address: SftpAddress, access: StoreAccess, dial: Dial) -> None:
        """Shakes hands and makes sure who answers, before anything of ours is said.

        A server has keys of several kinds, and a pin does not say of which kind it is: before a key counts as changed the other
        kinds are asked for.
        """
        self._shake_hands(dial, _EVERY_KIND)
        first = self._transport.get_remote_server_key()
        if first.fingerprint in access.host_keys:
            return
        first_kind = self._transport.host_key_type
        for kinds in _KEY_KINDS if access.host_keys else ():
            if first_kind not in kinds and self._has_pinned_key(dial, kinds, access):
                return
        raise StoreRefusedError(
            "host-key-changed" if access.host_keys else "host-key-unknown",
            address=address.text,
            host=address.place,
            fingerprint=first.fingerprint,
            kind=first.algorithm_name,
        )

    def _has_pinned_key(self, dial: Dial, kinds: tuple[str, ...], access: StoreAccess) -> bool:
        import paramiko

        self.drop()
        self.wire = Wire(self._stall_seconds, self._life)
        if self.is_aborted:
            raise ClosedByUsError
        try:
            self._shake_hands(dial, kinds)
        except paramiko.ssh_exception.IncompatiblePeer:
            return False
        return self._transport.get_remote_server_key().fingerprint in access.host_keys

    def _shake_hands(self, dial: Dial, kinds: tuple[str, ...]) -> None:
        import paramiko

        dial(self.wire)
        transport = paramiko.Transport(self.wire)
        self._transport = transport
        transport.banner_timeout = transport.handshake_timeout = _HANDSHAKE_SECONDS
        transport.auth_timeout = transport.channel_timeout = _HANDSHAKE_SECONDS
        options = transport.get_security_options()
        options.ciphers, options.digests, options.key_types = _CIPHERS, _DIGESTS, kinds
        with self.wire.awaiting():
            transport.start_client(timeout=_HANDSHAKE_SECONDS)
            transport.get_remote_server_key()

    # ------------------------------------------------------------ the file protocol

    def _begin(self, address: SftpAddress) -> Session:
        import paramiko

        try:
            channel = self._transport.open_session(timeout=_HANDSHAKE_SECONDS)
            channel.invoke_subsystem("sftp")
            session = Session(Channel(channel))
            session.start()
        except (paramiko.SSHException, EOFError, OSError, ProtocolError):
            if self._transport.is_active():
                raise StoreRefusedError("sftp-not-offered", address=address.text) from None
            raise
        return session

    def _loss(self) -> OSError:
        """Why the connection went, as far as it can be told."""
        if self.is_aborted:
            return ClosedByUsError()
        if self.wire.why_lost is not None:
            return self.wire.why_lost
        if self._transport is not None and not self._transport.remote_version and self.wire.has_heard:
            return NotSshError()
        return LostError()


class Channel:
    """A channel of paramiko's, whose faults are the operating system's."""

    def __init__(self, channel: Any) -> None:
        self._channel = channel

    def sendall(self, data: bytes) -> None:
        """Hands everything over. Raises: OSError."""
        import paramiko

        try:
            self._channel.sendall(data)
        except (paramiko.SSHException, EOFError):
            raise LostError from None

    def recv(self, size: int) -> bytes:
        """Takes in what there is, b"" at the end."""
        return bytes(self._channel.recv(size))

    def recv_ready(self) -> bool:
        """Whether something lies there to be taken in."""
        return bool(self._channel.recv_ready())


def _log_in(transport: Any, address: SftpAddress, access: StoreAccess) -> None:
    """Says who we are: by our key, else by the password. Raises: StoreRefusedError, SSHException, EOFError."""
    user = address.user or access.user
    if not user or not (access.key or access.secret):
        raise StoreRefusedError("login-missing", address=address.text)
    if access.key:
        key = _client_key(access.key, address)
        _try(transport, lambda: transport.auth_publickey(user, key))
    if access.secret and not transport.is_authenticated():
        _try(transport, lambda: transport.auth_password(user, access.secret))
    if not transport.is_authenticated():
        code = "access-refused" if access.secret else "client-key-refused"
        raise StoreRefusedError(code, address=address.text, host=address.place)


def _try(transport: Any, login: Callable[[], object]) -> None:
    """Tries one way in. paramiko calls a lost connection a failed login too. Raises: EOFError when the connection went."""
    import paramiko

    began_at = monotonic()
    try:
        login()
    except paramiko.AuthenticationException:
        if not transport.is_active() or monotonic() - began_at >= _HANDSHAKE_SECONDS:
            raise EOFError from None


def _client_key(text: str, address: SftpAddress) -> Any:
    import paramiko

    try:
        return paramiko.Ed25519Key(file_obj=io.StringIO(text))
    except Exception:  # noqa: BLE001 a key that cannot be read fails in many ways, and none of them may be shown
        raise StoreRefusedError("client-key-unreadable", address=address.text) from None
