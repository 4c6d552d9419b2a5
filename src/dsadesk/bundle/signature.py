"""Signatures in a DSSE envelope: Ed25519 and pure ML-DSA-65 together, both over the same pre-authentication encoding.

Source: the Dead Simple Signing Envelope protocol, version 1.0. The ML-DSA signature is over the encoding itself with an empty context
(FIPS 204), so that `openssl pkeyutl -verify -rawin` checks it; the TAP 21 form of other libraries is not used (docs/formats/bundle.md).

An envelope has one form: exactly these two signatures in this order, each in its one spelling, and nothing beside them. Nobody but the
signer can therefore make a second envelope of the same payload that passes, which would look like a rewritten event.
"""

from __future__ import annotations

from collections.abc import Sequence

import msgspec
from msgspec import Struct

from dsadesk.bundle.identity import SigningKeys, VerifyingKeys
from dsadesk.codec import canonical
from dsadesk.codec.base64_text import decode_base64, encode_base64
from dsadesk.domain.events import Signature
from dsadesk.errors import SignatureError

MAX_SIGNATURES = 16


class Envelope(Struct, frozen=True, kw_only=True):
    """A signed payload: its type, its bytes, and signatures that nobody has checked yet."""

    payload_type: str
    payload: bytes
    signatures: tuple[Signature, ...]


class _Wire(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    payload: str
    payloadType: str  # noqa: N815 - the protocol's name
    signatures: tuple[Signature, ...]


def pre_authentication(payload_type: str, payload: bytes) -> bytes:
    """The bytes that are signed: `DSSEv1 <len> <type> <len> <payload>`."""
    kind = payload_type.encode()
    return b"DSSEv1 %d %s %d %s" % (len(kind), kind, len(payload), payload)


def sign(payload_type: str, payload: bytes, keys: SigningKeys) -> tuple[Signature, Signature]:
    """Signs a payload with both keys."""
    message = pre_authentication(payload_type, payload)
    ed, ml = keys.public.ids
    return (
        Signature(keyid=ed, sig=encode_base64(keys.ed25519.sign(message))),
        Signature(keyid=ml, sig=encode_base64(keys.mldsa65.sign(message))),
    )


def seal_envelope(payload_type: str, payload: bytes, signatures: Sequence[Signature]) -> bytes:
    """The envelope as canonical JSON."""
    wire = {"payload": encode_base64(payload), "payloadType": payload_type, "signatures": list(signatures)}
    return canonical.encode(wire)


def sign_envelope(payload_type: str, payload: bytes, keys: SigningKeys) -> bytes:
    """Signs a payload with both keys and wraps it."""
    return seal_envelope(payload_type, payload, sign(payload_type, payload, keys))


def parse_envelope(data: bytes, *, payload_type: str, max_bytes: int) -> Envelope:
    """Reads an envelope without believing it.

    Raises: SignatureError("envelope-json" | "envelope-fields" | "envelope-type" | "envelope-signatures").
    """
    try:
        raw = canonical.decode(data, max_bytes=max_bytes)
        wire = msgspec.convert(raw, _Wire, strict=True)
        payload = decode_base64(wire.payload)
    except canonical.CanonicalError as error:
        raise SignatureError("envelope-json", why=error.code) from error
    except (msgspec.ValidationError, ValueError) as error:
        raise SignatureError("envelope-fields") from error
    if msgspec.to_builtins(wire.signatures) != tuple(raw["signatures"]):
        raise SignatureError("envelope-fields")  # a signature with something beside it
    if wire.payloadType != payload_type:
        raise SignatureError("envelope-type", found=wire.payloadType[:80])
    if not 1 <= len(wire.signatures) <= MAX_SIGNATURES:
        raise SignatureError("envelope-signatures", count=len(wire.signatures))
    return Envelope(payload_type=payload_type, payload=payload, signatures=wire.signatures)


def require_pair(envelope: Envelope, keys: VerifyingKeys) -> None:
    """Checks that both keys signed the envelope, and nobody else; one alone, or a broken one, is refused.

    Raises: SignatureError("signature-missing" | "signature-twice" | "signature-bad", algorithm), SignatureError("envelope-signatures").
    """
    message = pre_authentication(envelope.payload_type, envelope.payload)
    require_pair_over(message, envelope.signatures, keys)


def require_pair_over(message: bytes, signatures: Sequence[Signature], keys: VerifyingKeys) -> None:
    """Checks a pair of signatures over a message. Raises: SignatureError as `require_pair`."""
    found = [signature.keyid for signature in signatures]
    for algorithm, key_id in zip(("ed25519", "ml-dsa-65"), keys.ids, strict=True):
        if found.count(key_id) != 1:
            code = "signature-twice" if key_id in found else "signature-missing"
            raise SignatureError(code, algorithm=algorithm)
    if found != list(keys.ids):
        raise SignatureError("envelope-signatures", count=len(found))
    checks = (("ed25519", keys.verify_ed25519), ("ml-dsa-65", keys.verify_mldsa65))
    for (algorithm, verify), signature in zip(checks, signatures, strict=True):
        try:
            raw = decode_base64(signature.sig)
        except ValueError as error:
            raise SignatureError("signature-bad", algorithm=algorithm) from error
        if not verify(raw, message):
            raise SignatureError("signature-bad", algorithm=algorithm)
