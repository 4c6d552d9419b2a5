"""The hybrid recipient, ML-KEM-768 with X25519: `age1pq1…` and `AGE-SECRET-KEY-PQ-1…`. It needs age 1.3 on the other side.

HPKE (RFC 9180) with KEM 0x647a, HKDF-SHA256 and ChaCha20-Poly1305, as the age specification says. An identity is the
32-byte seed that draft-connolly-cfrg-xwing-kem expands by SHAKE256 into the seeds of both keys.

The encapsulation draws its randomness inside `cryptography`, which takes none from the caller: of all that this library
does, making a hybrid stanza alone cannot be repeated by repeating the entropy.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Self

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.mlkem import MLKEM768PrivateKey, MLKEM768PublicKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.hashes import SHAKE256, Hash
from cryptography.hazmat.primitives.hpke import (
    AEAD,
    KDF,
    KEM,
    MLKEM768X25519PrivateKey,
    MLKEM768X25519PublicKey,
    Suite,
)

from dsadesk.age import bech32
from dsadesk.age.canonical_base64 import encode_unpadded
from dsadesk.age.entropy import Entropy, draw
from dsadesk.age.errors import AgeError, HeaderError
from dsadesk.age.header import Stanza
from dsadesk.age.keys import Family, argument_bytes, require_form
from dsadesk.age.x25519 import is_low_order

SEED_SIZE = 32
PUBLIC_SIZE = 1184 + 32
ENCAPSULATION_SIZE = 1088 + 32
_MLKEM_SEED_SIZE = 64
_X25519_SIZE = 32
_TYPE = "mlkem768x25519"
_INFO = b"age-encryption.org/mlkem768x25519"
_RECIPIENT_PREFIX = "age1pq"
_IDENTITY_PREFIX = "AGE-SECRET-KEY-PQ-"
_SUITE = Suite(KEM.MLKEM768_X25519, KDF.HKDF_SHA256, AEAD.CHACHA20_POLY1305)


def _public_key(public: bytes) -> MLKEM768X25519PublicKey:
    return MLKEM768X25519PublicKey(
        MLKEM768PublicKey.from_public_bytes(public[:-_X25519_SIZE]),
        X25519PublicKey.from_public_bytes(public[-_X25519_SIZE:]),
    )


@dataclass(frozen=True, slots=True, repr=False)
class HybridRecipient:
    """Both public keys, 1216 bytes. Raises: AgeError for another length and for a key that breaks its own rules."""

    family: ClassVar[Family] = Family.HYBRID
    public: bytes

    def __post_init__(self) -> None:
        if len(self.public) != PUBLIC_SIZE or is_low_order(self.public[-_X25519_SIZE:]):
            raise AgeError("recipient-malformed", type=_TYPE)
        try:
            _public_key(self.public)
        except ValueError:
            raise AgeError("recipient-malformed", type=_TYPE) from None

    @classmethod
    def parse(cls, text: str) -> Self:
        """The recipient that `age1pq1…` names. Raises: AgeError."""
        prefix, public = bech32.decode(text)
        if prefix != _RECIPIENT_PREFIX:
            raise AgeError("recipient-malformed", type=_TYPE)
        return cls(public)

    def __str__(self) -> str:
        return bech32.encode(_RECIPIENT_PREFIX, self.public)

    def __repr__(self) -> str:
        return f"HybridRecipient({self})"

    def wrap(self, file_key: bytes, entropy: Entropy) -> Stanza:  # noqa: ARG002  # see the module's docstring
        """A stanza from which only this recipient's identity can take the file key."""
        sealed = _SUITE.encrypt(file_key, _public_key(self.public), info=_INFO)
        encapsulation, body = sealed[:ENCAPSULATION_SIZE], sealed[ENCAPSULATION_SIZE:]
        return Stanza(_TYPE, (encode_unpadded(encapsulation).decode("ascii"),), body)


class HybridIdentity:
    """A seed, 32 bytes; it prints as its recipient. Raises: AgeError for another length."""

    __slots__ = ("_key", "_recipient", "_seed")

    def __init__(self, secret: bytes) -> None:
        if len(secret) != SEED_SIZE:
            raise AgeError("identity-malformed", type=_TYPE)
        expander = Hash(SHAKE256(digest_size=_MLKEM_SEED_SIZE + _X25519_SIZE))
        expander.update(secret)
        expanded = expander.finalize()
        lattice = MLKEM768PrivateKey.from_seed_bytes(expanded[:_MLKEM_SEED_SIZE])
        curve = X25519PrivateKey.from_private_bytes(expanded[_MLKEM_SEED_SIZE:])
        self._seed = bytes(secret)
        self._key = MLKEM768X25519PrivateKey(lattice, curve)
        self._recipient = HybridRecipient(
            lattice.public_key().public_bytes_raw() + curve.public_key().public_bytes_raw()
        )

    @classmethod
    def generate(cls, entropy: Entropy) -> Self:
        """A fresh identity."""
        return cls(draw(entropy, SEED_SIZE))

    @classmethod
    def parse(cls, text: str) -> Self:
        """The identity that `AGE-SECRET-KEY-PQ-1…` spells. Raises: AgeError, without the text."""
        prefix, secret = bech32.decode(text)
        if prefix != _IDENTITY_PREFIX:
            raise AgeError("identity-malformed", type=_TYPE)
        return cls(secret)

    @property
    def recipient(self) -> HybridRecipient:
        """The public half."""
        return self._recipient

    def encode(self) -> str:
        """The secret as `AGE-SECRET-KEY-PQ-1…`."""
        return bech32.encode(_IDENTITY_PREFIX, self._seed).upper()

    def __repr__(self) -> str:
        return f"HybridIdentity(for {self._recipient})"

    def unwrap(self, stanza: Stanza) -> bytes | None:
        """The file key, or None when the stanza is for somebody else. Raises: HeaderError for a malformed stanza."""
        if stanza.type != _TYPE:
            return None
        require_form(stanza, arguments=1)
        encapsulation = argument_bytes(stanza, 0, ENCAPSULATION_SIZE)
        # HPKE reports a low-order share as a wrong key; it is a malformed header and must not look like "not for us".
        if is_low_order(encapsulation[-_X25519_SIZE:]):
            raise HeaderError("stanza-low-order", type=_TYPE)
        try:
            return _SUITE.decrypt(encapsulation + stanza.body, self._key, info=_INFO)
        except InvalidTag:
            return None
