"""Which type of key a string names."""

from __future__ import annotations

from dsadesk.age.errors import AgeError
from dsadesk.age.hybrid import HybridIdentity, HybridRecipient
from dsadesk.age.x25519 import X25519Identity, X25519Recipient


def parse_recipient(text: str) -> X25519Recipient | HybridRecipient:
    """The recipient that `age1…` or `age1pq1…` names. Raises: AgeError."""
    if text.startswith("age1pq1"):
        return HybridRecipient.parse(text)
    if text.startswith("age1"):
        return X25519Recipient.parse(text)
    raise AgeError("recipient-type-unknown")


def parse_identity(text: str) -> X25519Identity | HybridIdentity:
    """The identity that `AGE-SECRET-KEY-1…` or `AGE-SECRET-KEY-PQ-1…` spells. Raises: AgeError, without the text."""
    if text.startswith("AGE-SECRET-KEY-PQ-1"):
        return HybridIdentity.parse(text)
    if text.startswith("AGE-SECRET-KEY-1"):
        return X25519Identity.parse(text)
    raise AgeError("identity-type-unknown")
