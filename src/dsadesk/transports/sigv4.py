"""AWS Signature Version 4 as S3 asks for it, in a header, over a request whose path is already percent-encoded. Pure.

The rules are Amazon's ("Signature Calculations for the Authorization Header", S3 API reference); the primitives are HMAC and SHA-256 of the
standard library. What is signed: the method, the path, the query, the host, every header handed in, and the hash of the body.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from urllib.parse import quote, quote_from_bytes

UNSIGNED = "UNSIGNED-PAYLOAD"
"""In place of the body's hash: for requests without a body, where the hash would only be 48 bytes more."""

_ALGORITHM = "AWS4-HMAC-SHA256"
_PLAIN = "-_.~"


@dataclass(frozen=True, kw_only=True)
class SigningKey:
    """A key pair, and the region that it signs for."""

    id: str
    secret: str = field(repr=False)
    region: str


def encode_query(pairs: Sequence[tuple[str, str | bytes]]) -> str:
    """A query as it is both sent and signed: sorted, each byte but letters, digits and `-_.~` percent-encoded."""
    return "&".join(
        f"{name}={value}" for name, value in sorted((_quoted(name), _quoted(value)) for name, value in pairs)
    )


def sign(
    method: str, target: str, headers: Mapping[str, str], payload_sha256: str, *, key: SigningKey, at: datetime
) -> dict[str, str]:
    """The headers that a request needs besides those given, which must name the host and are all signed.

    `target` is the path with the query of `encode_query`; `payload_sha256` is hex, or `UNSIGNED`.
    """
    stamp = at.astimezone(UTC).strftime("%Y%m%dT%H%M%SZ")
    added = {"x-amz-content-sha256": payload_sha256, "x-amz-date": stamp}
    signed = {name.lower(): " ".join(value.split()) for name, value in {**headers, **added}.items()}
    names = ";".join(sorted(signed))
    path, _, query = target.partition("?")
    lines = [f"{name}:{signed[name]}" for name in sorted(signed)]
    request = "\n".join([method, path, query, *lines, "", names, payload_sha256])
    scope = f"{stamp[:8]}/{key.region}/s3/aws4_request"
    text = "\n".join([_ALGORITHM, stamp, scope, hashlib.sha256(request.encode()).hexdigest()])
    signature = _hmac(_derive(key, stamp[:8]), text).hex()
    credential = f"Credential={key.id}/{scope},SignedHeaders={names},Signature={signature}"
    return {**added, "Authorization": f"{_ALGORITHM} {credential}"}


def _derive(key: SigningKey, day: str) -> bytes:
    derived = f"AWS4{key.secret}".encode()
    for word in (day, key.region, "s3", "aws4_request"):
        derived = _hmac(derived, word)
    return derived


def _hmac(key: bytes, text: str) -> bytes:
    return hmac.digest(key, text.encode(), "sha256")


def _quoted(value: str | bytes) -> str:
    return quote_from_bytes(value, safe=_PLAIN) if isinstance(value, bytes) else quote(value, safe=_PLAIN)
