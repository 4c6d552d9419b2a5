"""Every key of an official's device, or of an organisation, from one 32-byte seed, so that 24 words on paper restore them all.

Derivation: HKDF-SHA256 (RFC 5869) with one label a key. Words: BIP39, 24 of them for 256 bits with an 8-bit check.
"""

from __future__ import annotations

import base64
import functools
import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.mldsa import MLDSA65PrivateKey, MLDSA65PublicKey
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from msgspec import Struct

from dsadesk.age import HybridIdentity, Stanza, X25519Identity
from dsadesk.bundle.shares import NEEDED, SHARE_WORDS, seed_of_typed_shares
from dsadesk.codec.base64_text import decode_base64, encode_base64
from dsadesk.domain.ids import BoxId, DeviceId, KeyId
from dsadesk.errors import InputError

SEED_BYTES = 32
ED25519_PUBLIC_BYTES = 32
MLDSA65_PUBLIC_BYTES = 1952
# Ed25519 keys under which one signature passes for every message: the points of small order, in every spelling, sign bit left out.
# With such a key an organisation could later say that anybody may have signed. Source: RFC 8032, section 5.1, and arithmetic in the tests.
_SMALL_ORDER = frozenset(
    bytes.fromhex(y)
    for y in (
        "0000000000000000000000000000000000000000000000000000000000000000",
        "0100000000000000000000000000000000000000000000000000000000000000",
        "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05",
        "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a",
        "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
        "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
        "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
    )
)


class VerifyingKeys(Struct, frozen=True, kw_only=True):
    """The public halves of a signing pair, in base64. Both are needed: a signature by one alone is no signature."""

    ed25519: str
    mldsa65: str

    def raw(self) -> tuple[bytes, bytes]:
        """The raw public keys. Raises: InputError("key-encoding")."""
        try:
            pair = decode_base64(self.ed25519), decode_base64(self.mldsa65)
        except ValueError as error:
            raise InputError("key-encoding") from error
        if (len(pair[0]), len(pair[1])) != (ED25519_PUBLIC_BYTES, MLDSA65_PUBLIC_BYTES):
            raise InputError("key-encoding")
        if pair[0][:-1] + bytes([pair[0][-1] & 0x7F]) in _SMALL_ORDER:
            raise InputError("key-encoding")
        return pair

    @property
    def ids(self) -> tuple[KeyId, KeyId]:
        """The ids of both keys: SHA-256 of the algorithm's name, a zero byte and the raw key."""
        ed, ml = self.raw()
        return key_id("ed25519", ed), key_id("ml-dsa-65", ml)

    @property
    def fingerprint(self) -> str:
        """SHA-256 over both keys in hex; what two people compare, as words."""
        ed, ml = self.raw()
        return hashlib.sha256(b"dsadesk-fp-v1\0" + ed + ml).hexdigest()

    @property
    def device(self) -> DeviceId:
        """The name of the device that holds these keys."""
        ed, ml = self.raw()
        return DeviceId(hashlib.sha256(b"dsadesk-device-v1\0" + ed + ml).hexdigest()[:32])

    def verify_ed25519(self, signature: bytes, message: bytes) -> bool:
        """Whether the classical signature holds."""
        try:
            Ed25519PublicKey.from_public_bytes(self.raw()[0]).verify(signature, message)
        except InvalidSignature:
            return False
        return True

    def verify_mldsa65(self, signature: bytes, message: bytes) -> bool:
        """Whether the post-quantum signature holds (pure ML-DSA-65, empty context; FIPS 204)."""
        try:
            MLDSA65PublicKey.from_public_bytes(self.raw()[1]).verify(signature, message)
        except InvalidSignature:
            return False
        return True


@dataclass(frozen=True)
class SigningKeys:
    """The private halves of a signing pair. Its representation shows nothing."""

    ed25519: Ed25519PrivateKey
    mldsa65: MLDSA65PrivateKey

    def __repr__(self) -> str:
        return "SigningKeys(…)"

    @functools.cached_property
    def public(self) -> VerifyingKeys:
        """The public halves."""
        return VerifyingKeys(
            ed25519=encode_base64(self.ed25519.public_key().public_bytes_raw()),
            mldsa65=encode_base64(self.mldsa65.public_key().public_bytes_raw()),
        )


@dataclass(frozen=True)
class Identity:
    """All keys from one seed. Its representation shows nothing."""

    signing: SigningKeys
    x25519: X25519Identity
    hybrid: HybridIdentity
    inbox: BoxId | None = None

    def __repr__(self) -> str:
        return "Identity(…)"

    @property
    def device(self) -> DeviceId:
        """The device that this identity signs for."""
        return self.signing.public.device

    @property
    def box(self) -> BoxId:
        """The inbox that these keys open: the one that they were given, or the one named after the signing keys beside them."""
        return self.inbox or box_id(self.signing.public.fingerprint)


def identity_from_seed(seed: bytes) -> Identity:
    """Derives every key from a 32-byte seed. Raises: ValueError for another length."""
    if len(seed) != SEED_BYTES:
        raise ValueError("a seed has 32 bytes")
    return Identity(
        signing=SigningKeys(
            Ed25519PrivateKey.from_private_bytes(derive(seed, "ed25519")),
            MLDSA65PrivateKey.from_seed_bytes(derive(seed, "ml-dsa-65")),
        ),
        x25519=X25519Identity(derive(seed, "x25519")),
        hybrid=HybridIdentity(derive(seed, "age-mlkem768x25519")),
    )


def inbox_from_seeds(seeds: Sequence[bytes], box: BoxId) -> Identity:
    """An inbox's keys: those of the newest seed, which comes first and also opens what was sealed to those after it.

    Raises: ValueError when there is no seed or one of another length.
    """
    newest, *older = [identity_from_seed(seed) for seed in seeds]
    return Identity(
        signing=newest.signing,
        x25519=_RotatedX25519(derive(seeds[0], "x25519"), [keys.x25519 for keys in older]),
        hybrid=_RotatedHybrid(derive(seeds[0], "age-mlkem768x25519"), [keys.hybrid for keys in older]),
        inbox=box,
    )


class _RotatedX25519(X25519Identity):
    """Opens what it and its predecessors can open; what is sealed from now on goes to it alone."""

    __slots__ = ("_older",)

    def __init__(self, secret: bytes, older: Sequence[X25519Identity]) -> None:
        super().__init__(secret)
        self._older = tuple(older)

    def unwrap(self, stanza: Stanza) -> bytes | None:
        """The file key, or None when the stanza is for none of them."""
        return _first_key(stanza, super().unwrap(stanza), self._older)


class _RotatedHybrid(HybridIdentity):
    """The same for the hybrid keys."""

    __slots__ = ("_older",)

    def __init__(self, secret: bytes, older: Sequence[HybridIdentity]) -> None:
        super().__init__(secret)
        self._older = tuple(older)

    def unwrap(self, stanza: Stanza) -> bytes | None:
        """The file key, or None when the stanza is for none of them."""
        return _first_key(stanza, super().unwrap(stanza), self._older)


def _first_key(
    stanza: Stanza, found: bytes | None, older: Sequence[X25519Identity] | Sequence[HybridIdentity]
) -> bytes | None:
    return found or next((key for key in (identity.unwrap(stanza) for identity in older) if key is not None), None)


def derive(seed: bytes, label: str) -> bytes:
    """32 bytes for one purpose from a seed."""
    return HKDF(algorithm=hashes.SHA256(), length=32, salt=None, info=f"dsadesk/v1/{label}".encode()).derive(seed)


def key_id(algorithm: str, raw: bytes) -> KeyId:
    """The id of a public key."""
    return KeyId(hashlib.sha256(algorithm.encode() + b"\0" + raw).hexdigest())


def box_id(fingerprint: str) -> BoxId:
    """The name of an organisation's inbox: 26 letters and digits made from its own key's fingerprint, and no names.

    It stays when the encryption keys change, and nobody can put another's inbox on their card.
    """
    digest = hashlib.sha256(b"dsadesk-box-v1\0" + fingerprint.encode()).digest()
    return BoxId(base64.b32encode(digest).decode().lower()[:26])


def seed_to_words(seed: bytes) -> str:
    """The seed as 24 BIP39 words."""
    return str(_mnemonic().to_mnemonic(seed))


def words_to_seed(words: str) -> bytes:
    """The seed from 24 BIP39 words in any case and spacing, or from two of its three shares typed one after the other.

    Raises: InputError("recovery-words-count"), InputError("recovery-word-unknown", position), InputError("recovery-words-check");
    InputError("share-alone"), and as `shares.seed_of_typed_shares`.
    """
    found = words.lower().split()
    if len(found) == NEEDED * SHARE_WORDS:
        return seed_of_typed_shares(found)
    if len(found) == SHARE_WORDS:
        raise InputError("share-alone")
    if len(found) != 24:
        raise InputError("recovery-words-count", count=len(found))
    known = frozenset(_mnemonic().wordlist)
    for position, word in enumerate(found, 1):
        if word not in known:
            raise InputError("recovery-word-unknown", position=position)
    joined = " ".join(found)
    if not _mnemonic().check(joined):
        raise InputError("recovery-words-check")
    return bytes(_mnemonic().to_entropy(joined))


def is_recovery_word(word: str) -> bool:
    """Whether recovery words are made of such words."""
    return word in _mnemonic().wordlist


def fingerprint_words(fingerprint: str) -> tuple[str, ...]:
    """Eight words of a fingerprint to read aloud: 88 bits, enough against someone who searches for a look-alike key."""
    bits = int(fingerprint, 16) >> (256 - 88)
    return tuple(_mnemonic().wordlist[bits >> 11 * (7 - n) & 0x7FF] for n in range(8))


@functools.cache
def _mnemonic() -> Any:
    from mnemonic import Mnemonic

    return Mnemonic("english")
