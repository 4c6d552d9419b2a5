"""The chain over all events in order of arrival, the same for every adapter."""

from __future__ import annotations

from hashlib import sha256

from dsadesk.ports import StoredEvent


def next_head(head: str, event_sha256: str) -> str:
    """The head after one more event: SHA-256 over the previous head and the event's digest, both as their hex text."""
    return sha256((head + event_sha256).encode()).hexdigest()


def row_digest(event: StoredEvent) -> str:
    """A digest of everything that is kept of an event; each part goes in with its length."""
    digest = sha256()
    texts = (event.id, event.request, event.type, event.at, event.org, event.device, str(event.seq), event.sha256)
    for part in (*(text.encode() for text in texts), event.envelope, (event.bundle or "").encode()):
        digest.update(len(part).to_bytes(8, "big"))
        digest.update(part)
    return digest.hexdigest()
