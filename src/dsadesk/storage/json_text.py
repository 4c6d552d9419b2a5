"""JSON as the database keeps it: text that comes back as the same plain values."""

from __future__ import annotations

from typing import Any

import msgspec

from dsadesk.errors import VaultError


def to_json(value: Any) -> str:
    """A value as JSON text. Raises: VaultError("value-not-text") for what JSON cannot hold."""
    try:
        return msgspec.json.encode(value).decode()
    except (TypeError, UnicodeEncodeError, msgspec.MsgspecError):
        raise VaultError("value-not-text") from None


def from_json(text: str) -> Any:
    """The value that was kept."""
    return msgspec.json.decode(text)
