"""Signatures in a DSSE envelope: Ed25519 and pure ML-DSA-65 together, both over the same pre-authentication encoding.

Source: the Dead Simple Signing Envelope protocol, version 1.0. The ML-DSA signature is over the encoding itself with an empty context
(FIPS 204), so that `openssl pkeyutl -verify -rawin` checks it; the TAP 21 form of other libraries is not used (docs/formats/bundle.md).
"""

from __future__ import annotations

import base64
from collections.abc import Sequence

import msgspec
from msgspec import Struct

from dsadesk.bundle.identity import SigningKeys, VerifyingKeys
from dsadesk.codec import canonical
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
        Signature(keyid=ed, sig=base64.b64encode(keys.ed25519.sign(message)).decode()),
        Signature(keyid=ml, sig=base64.b64encode(keys.mldsa65.sign(message)).decode()),
    )


def seal_envelope(payload_type: str, payload: bytes, signatures: Sequence[Signature]) -> bytes:
    """The envelope as canonical JSON."""
    wire = {"payload": base64.b64encode(payload).decode(), "payloadType": payload_type, "signatures": list(signatures)}
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
        payload = base64.b64decode(wire.payload, validate=True)
    except canonical.CanonicalError as error:
        raise SignatureError("envelope-json", why=error.code) from error
    except (msgspec.ValidationError, ValueError) as error:
        raise SignatureError("envelope-fields") from error
    if base64.b64encode(payload).decode() != wire.payload:
        raise SignatureError("envelope-fields")
    if wire.payloadType != payload_type:
        raise SignatureError("envelope-type", found=wire.payloadType[:80])
    if not 1 <= len(wire.signatures) <= MAX_SIGNATURES:
        raise SignatureError("envelope-signatures", count=len(wire.signatures))
    return Envelope(payload_type=payload_type, payload=payload, signatures=wire.signatures)


def require_pair(envelope: Envelope, keys: VerifyingKeys) -> None:
    """Checks that both keys signed the envelope; one alone, or a broken one, is refused.

    Raises: SignatureError("signature-missing" | "signature-bad", algorithm).
    """
    message = pre_authentication(envelope.payload_type, envelope.payload)
    require_pair_over(message, envelope.signatures, keys)


def require_pair_over(message: bytes, signatures: Sequence[Signature], keys: VerifyingKeys) -> None:
    """Checks a pair of signatures over a message. Raises: SignatureError as `require_pair`."""
    ed_id, ml_id = keys.ids
    for algorithm, key_id, verify in (
        ("ed25519", ed_id, keys.verify_ed25519),
        ("ml-dsa-65", ml_id, keys.verify_mldsa65),
    ):
        made = [signature for signature in signatures if signature.keyid == key_id]
        if len(made) != 1:
            raise SignatureError("signature-missing" if not made else "signature-twice", algorithm=algorithm)
        try:
            raw = base64.b64decode(made[0].sig, validate=True)
        except ValueError as error:
            raise SignatureError("signature-bad", algorithm=algorithm) from error
        if not verify(raw, message):
            raise SignatureError("signature-bad", algorithm=algorithm)
