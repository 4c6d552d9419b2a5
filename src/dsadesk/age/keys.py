"""What the recipient types have in common: a recipient makes a stanza around a file key, an identity opens one.

Also the one box that all types but the hybrid use: ChaCha20-Poly1305 under a key that is used once, so the nonce is zero.
"""

from __future__ import annotations

from enum import Enum
from typing import Protocol

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305

from dsadesk.age.canonical_base64 import decode_unpadded
from dsadesk.age.entropy import Entropy
from dsadesk.age.errors import HeaderError
from dsadesk.age.header import Stanza

FILE_KEY_SIZE = 16
WRAPPED_KEY_SIZE = FILE_KEY_SIZE + 16
_ZERO_NONCE = bytes(12)


class Family(Enum):
    """Which recipients may stand in one header: a file is only as strong as its weakest stanza."""

    CLASSIC = 1
    HYBRID = 2
    PASSPHRASE = 3


class Recipient(Protocol):
    """Someone who can be given a file key."""

    @property
    def family(self) -> Family:
        """Which recipients this one may stand beside."""

    def wrap(self, file_key: bytes, entropy: Entropy) -> Stanza:
        """A stanza from which only this recipient's identity can take the file key."""


class Identity(Protocol):
    """The secret half of a recipient."""

    def unwrap(self, stanza: Stanza) -> bytes | None:
        """The file key, or None when the stanza is for somebody else. Raises: HeaderError for a malformed stanza."""


def seal_file_key(key: bytes, file_key: bytes) -> bytes:
    """The file key in a box that `key`, which is used once, opens."""
    return ChaCha20Poly1305(key).encrypt(_ZERO_NONCE, file_key, None)


def open_file_key(key: bytes, body: bytes) -> bytes | None:
    """The file key in a box, or None when `key` does not open it."""
    try:
        return ChaCha20Poly1305(key).decrypt(_ZERO_NONCE, body, None)
    except InvalidTag:
        return None


def require_form(stanza: Stanza, arguments: int) -> None:
    """Checks what can be checked before any key is used.

    A body of another length is refused unopened: one that opens under two keys would say which of them is ours.
    Raises: HeaderError when the number of arguments or the length of the body is not that of the type.
    """
    if len(stanza.args) != arguments:
        raise HeaderError("stanza-arguments", type=stanza.type, expected=arguments)
    if len(stanza.body) != WRAPPED_KEY_SIZE:
        raise HeaderError("stanza-body-size", type=stanza.type, expected=WRAPPED_KEY_SIZE)


def argument_bytes(stanza: Stanza, index: int, size: int) -> bytes:
    """The bytes that an argument spells. Raises: HeaderError unless it is the one spelling of `size` bytes."""
    try:
        value = decode_unpadded(stanza.args[index].encode("ascii"))
    except ValueError:
        raise HeaderError("stanza-argument-encoding", type=stanza.type) from None
    if len(value) != size:
        raise HeaderError("stanza-argument-size", type=stanza.type, expected=size)
    return value
