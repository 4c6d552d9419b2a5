"""The X25519 recipient: `age1…` and `AGE-SECRET-KEY-1…`. Every age program can use it; a quantum computer could break it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Self

from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from dsadesk.age import bech32
from dsadesk.age.canonical_base64 import encode_unpadded
from dsadesk.age.entropy import Entropy, draw
from dsadesk.age.errors import AgeError, HeaderError
from dsadesk.age.header import Stanza
from dsadesk.age.keys import Family, argument_bytes, open_file_key, require_form, seal_file_key

KEY_SIZE = 32
_TYPE = "X25519"
_INFO = b"age-encryption.org/v1/X25519"
_RECIPIENT_PREFIX = "age"
_IDENTITY_PREFIX = "AGE-SECRET-KEY-"
# Any scalar tells a low-order point: clamping makes each a multiple of eight, which sends such a point to zero.
_PROBE = X25519PrivateKey.from_private_bytes(bytes(KEY_SIZE))


def is_low_order(point: bytes) -> bool:
    """Whether a point gives the same all-zero secret with every key, and so protects nothing (RFC 7748, section 6.1)."""
    try:
        _PROBE.exchange(X25519PublicKey.from_public_bytes(point))
    except ValueError:
        return True
    return False


def _wrapping_key(shared: bytes, ephemeral: bytes, public: bytes) -> bytes:
    return HKDF(algorithm=SHA256(), length=32, salt=ephemeral + public, info=_INFO).derive(shared)


@dataclass(frozen=True, slots=True, repr=False)
class X25519Recipient:
    """A public key, 32 bytes. Raises: AgeError for another length and for a key that protects nothing."""

    family: ClassVar[Family] = Family.CLASSIC
    public: bytes

    def __post_init__(self) -> None:
        if len(self.public) != KEY_SIZE or is_low_order(self.public):
            raise AgeError("recipient-malformed", type=_TYPE)

    @classmethod
    def parse(cls, text: str) -> Self:
        """The recipient that `age1…` names. Raises: AgeError."""
        prefix, public = bech32.decode(text)
        if prefix != _RECIPIENT_PREFIX:
            raise AgeError("recipient-malformed", type=_TYPE)
        return cls(public)

    def __str__(self) -> str:
        return bech32.encode(_RECIPIENT_PREFIX, self.public)

    def __repr__(self) -> str:
        return f"X25519Recipient({self})"

    def wrap(self, file_key: bytes, entropy: Entropy) -> Stanza:
        """A stanza from which only this recipient's identity can take the file key."""
        ephemeral = X25519PrivateKey.from_private_bytes(draw(entropy, KEY_SIZE))
        share = ephemeral.public_key().public_bytes_raw()
        shared = ephemeral.exchange(X25519PublicKey.from_public_bytes(self.public))
        body = seal_file_key(_wrapping_key(shared, share, self.public), file_key)
        return Stanza(_TYPE, (encode_unpadded(share).decode("ascii"),), body)


class X25519Identity:
    """A secret key, 32 bytes; it prints as its recipient. Raises: AgeError for another length."""

    __slots__ = ("_private", "_recipient")

    def __init__(self, secret: bytes) -> None:
        if len(secret) != KEY_SIZE:
            raise AgeError("identity-malformed", type=_TYPE)
        self._private = X25519PrivateKey.from_private_bytes(secret)
        self._recipient = X25519Recipient(self._private.public_key().public_bytes_raw())

    @classmethod
    def generate(cls, entropy: Entropy) -> Self:
        """A fresh identity."""
        return cls(draw(entropy, KEY_SIZE))

    @classmethod
    def parse(cls, text: str) -> Self:
        """The identity that `AGE-SECRET-KEY-1…` spells. Raises: AgeError, without the text."""
        prefix, secret = bech32.decode(text)
        if prefix != _IDENTITY_PREFIX:
            raise AgeError("identity-malformed", type=_TYPE)
        return cls(secret)

    @property
    def recipient(self) -> X25519Recipient:
        """The public half."""
        return self._recipient

    def encode(self) -> str:
        """The secret as `AGE-SECRET-KEY-1…`."""
        return bech32.encode(_IDENTITY_PREFIX, self._private.private_bytes_raw()).upper()

    def __repr__(self) -> str:
        return f"X25519Identity(for {self._recipient})"

    def unwrap(self, stanza: Stanza) -> bytes | None:
        """The file key, or None when the stanza is for somebody else. Raises: HeaderError for a malformed stanza."""
        if stanza.type != _TYPE:
            return None
        require_form(stanza, arguments=1)
        share = argument_bytes(stanza, 0, KEY_SIZE)
        try:
            shared = self._private.exchange(X25519PublicKey.from_public_bytes(share))
        except ValueError:
            raise HeaderError("stanza-low-order", type=_TYPE) from None
        return open_file_key(_wrapping_key(shared, share, self._recipient.public), stanza.body)
