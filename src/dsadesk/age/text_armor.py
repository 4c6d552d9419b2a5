"""The text form of an age file, for where only text passes. One spelling, but for line ends and the space around it."""

from __future__ import annotations

import re

from dsadesk.age.canonical_base64 import decode_padded, encode_padded
from dsadesk.age.errors import ArmorError

_BEGIN = b"-----BEGIN AGE ENCRYPTED FILE-----"
_END = b"-----END AGE ENCRYPTED FILE-----"
_COLUMNS = 64
_WHITESPACE = b" \t\r\n"
_LINE_END = re.compile(rb"\r?\n")


def armor(data: bytes) -> bytes:
    """`data` as text, with a line end after the last line."""
    text = encode_padded(data)
    lines = [text[start : start + _COLUMNS] for start in range(0, len(text), _COLUMNS)]
    return b"\n".join([_BEGIN, *lines, _END, b""])


def dearmor(data: bytes) -> bytes:
    """The file behind its text form, which has LF or CRLF line ends and may have white space around it.

    Raises: ArmorError for anything else: other lines, short or long lines, and any second spelling of the same bytes.
    """
    lines = _LINE_END.split(data.strip(_WHITESPACE))
    if len(lines) < 2 or lines[0] != _BEGIN or lines[-1] != _END:
        raise ArmorError("armor-markers")
    body = lines[1:-1]
    if body and not (all(len(line) == _COLUMNS for line in body[:-1]) and 0 < len(body[-1]) <= _COLUMNS):
        raise ArmorError("armor-line-length")
    try:
        return decode_padded(b"".join(body))
    except ValueError:
        raise ArmorError("armor-encoding") from None
