"""Base64 inside signed JSON, with exactly one spelling for the same bytes.

Most readers ignore the unused bits before the padding, so that one signature can be written in sixteen ways. What can be respelt can be
altered by anyone who carries it, and then two copies of one event differ.
"""

from __future__ import annotations

import base64


def encode_base64(data: bytes) -> str:
    """Bytes as standard base64 with padding (RFC 4648, section 4)."""
    return base64.b64encode(data).decode()


def decode_base64(text: str) -> bytes:
    """The bytes that a text spells. Raises: ValueError unless it is their one spelling."""
    data = base64.b64decode(text, validate=True)
    if encode_base64(data) != text:
        raise ValueError("not the one spelling")
    return data
