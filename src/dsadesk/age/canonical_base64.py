"""Base64 with exactly one spelling for each value: no stray characters, no stray bits, padding as asked.

`binascii` alone accepts several spellings of the same bytes; a header that can be respelt can be altered unseen.
"""

from __future__ import annotations

import binascii


def encode_padded(data: bytes) -> bytes:
    """Standard Base64 with padding."""
    return binascii.b2a_base64(data, newline=False)


def encode_unpadded(data: bytes) -> bytes:
    """Standard Base64 without padding."""
    return encode_padded(data).rstrip(b"=")


def decode_padded(text: bytes) -> bytes:
    """The bytes that `text` spells. Raises: ValueError unless it is their one spelling."""
    data = binascii.a2b_base64(text, strict_mode=True)
    if encode_padded(data) != text:
        raise ValueError("not canonical")
    return data


def decode_unpadded(text: bytes) -> bytes:
    """The bytes that `text` spells without padding. Raises: ValueError unless it is their one spelling."""
    if text.endswith(b"="):
        raise ValueError("padded")
    return decode_padded(text + b"=" * (-len(text) % 4))
