"""The header of an age file: its text form, parsed so strictly that each header has one spelling.

This module knows lines and limits. It knows no keys: what a stanza means is the business of the recipient types, and
whether the MAC is right that of `wrapping`.
"""

from __future__ import annotations

import io
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import BinaryIO

from dsadesk.age.canonical_base64 import decode_unpadded, encode_unpadded
from dsadesk.age.errors import HeaderError

MAX_HEADER_BYTES = 1 << 20
MAX_STANZAS = 256
MAX_LINE_BYTES = 4096
MAC_SIZE = 32

_VERSION = b"age-encryption.org/v1"
_STANZA_MARK = b"->"
_MAC_MARK = b"---"
_BODY_COLUMNS = 64
_ARGUMENTS = re.compile(rb"-> ([\x21-\x7e]+(?: [\x21-\x7e]+)*)")
# No value is spelt so.
_MALFORMED = b"="
_MAC_LINE = re.compile(rb"--- ([A-Za-z0-9+/]{43})")


@dataclass(frozen=True, slots=True)
class Stanza:
    """One recipient's part of a header: a type, its arguments, and a body that only this recipient can use."""

    type: str
    args: tuple[str, ...]
    body: bytes


@dataclass(frozen=True, slots=True)
class Header:
    """A header whose form is right. Its MAC is checked only by `unwrap`."""

    stanzas: tuple[Stanza, ...]
    mac: bytes


class _Lines:
    """Gives the lines of a header one by one, and stops at each limit before reading past it."""

    def __init__(self, source: BinaryIO) -> None:
        self._source = source
        self.position = 0

    def next(self) -> bytes:
        line = self._source.readline(MAX_LINE_BYTES + 1)
        if not line.endswith(b"\n"):
            cut = len(line) <= MAX_LINE_BYTES
            raise HeaderError("header-truncated" if cut else "header-line-too-long", offset=self.position)
        self.position += len(line)
        if self.position > MAX_HEADER_BYTES:
            raise HeaderError("header-too-large", limit=MAX_HEADER_BYTES)
        return line[:-1]

    def require_version(self) -> None:
        line = self._source.readline(len(_VERSION) + 1)
        if line != _VERSION + b"\n":
            raise HeaderError("header-truncated" if _VERSION.startswith(line) else "header-version-unknown")
        self.position = len(line)


def parse_header(data: bytes) -> tuple[Header, int]:
    """The header at the start of `data`, and its length in bytes; what follows is not looked at.

    Raises: HeaderError for any departure from the format and for more than 1 MiB, 256 stanzas or 4096 bytes a line.
    """
    return read_header(io.BytesIO(data))


def read_header(source: BinaryIO) -> tuple[Header, int]:
    """Reads one header from a stream, gives it and its length, and leaves the stream at the payload.

    Raises: HeaderError as `parse_header` does, having read at most one line past the limit.
    """
    lines = _Lines(source)
    lines.require_version()
    stanzas: list[Stanza] = []
    while not (line := lines.next()).startswith(_MAC_MARK):
        if len(stanzas) == MAX_STANZAS:
            raise HeaderError("header-too-many-stanzas", limit=MAX_STANZAS)
        stanzas.append(_parse_stanza(line, lines))
    if not stanzas:
        raise HeaderError("header-without-stanzas")
    return Header(tuple(stanzas), _parse_mac(line)), lines.position


def _parse_stanza(line: bytes, lines: _Lines) -> Stanza:
    opening = _ARGUMENTS.fullmatch(line)
    if opening is None:
        raise HeaderError("header-stanza-malformed", end=lines.position)
    words = [word.decode("ascii") for word in opening[1].split(b" ")]
    return Stanza(words[0], tuple(words[1:]), _parse_body(lines))


def _parse_body(lines: _Lines) -> bytes:
    parts: list[bytes] = []
    while not parts or len(parts[-1]) == _BODY_COLUMNS:
        parts.append(lines.next())
    try:
        body = decode_unpadded(b"".join(parts))
    except ValueError:
        body = None
    if body is None or len(parts[-1]) > _BODY_COLUMNS:
        raise HeaderError("header-body-malformed", end=lines.position)
    return body


def _parse_mac(line: bytes) -> bytes:
    match = _MAC_LINE.fullmatch(line)
    try:
        return decode_unpadded(match[1] if match else _MALFORMED)
    except ValueError:
        raise HeaderError("header-mac-malformed") from None


def serialise_stanza(stanza: Stanza) -> bytes:
    """The lines of one stanza. Raises: HeaderError when an argument cannot be written."""
    opening = b" ".join([_STANZA_MARK, *(word.encode() for word in (stanza.type, *stanza.args))])
    match = _ARGUMENTS.fullmatch(opening)
    if match is None or match[1].count(b" ") != len(stanza.args):
        raise HeaderError("header-stanza-malformed")
    if len(opening) > MAX_LINE_BYTES:
        raise HeaderError("header-line-too-long")
    body = encode_unpadded(stanza.body)
    lines = [body[start : start + _BODY_COLUMNS] for start in range(0, len(body) + 1, _BODY_COLUMNS)]
    return b"\n".join([opening, *lines, b""])


def authenticated_part(stanzas: Sequence[Stanza]) -> bytes:
    """The bytes of a header that its MAC covers: all up to and including the three dashes.

    Raises: HeaderError when there is no stanza, or one too many.
    """
    if not stanzas:
        raise HeaderError("header-without-stanzas")
    if len(stanzas) > MAX_STANZAS:
        raise HeaderError("header-too-many-stanzas", limit=MAX_STANZAS)
    return b"".join([_VERSION, b"\n", *(serialise_stanza(stanza) for stanza in stanzas), _MAC_MARK])


def serialise_header(header: Header) -> bytes:
    """The one spelling of this header. Raises: HeaderError when `parse_header` would refuse the result."""
    if len(header.mac) != MAC_SIZE:
        raise HeaderError("header-mac-malformed")
    data = b"".join([authenticated_part(header.stanzas), b" ", encode_unpadded(header.mac), b"\n"])
    if len(data) > MAX_HEADER_BYTES:
        raise HeaderError("header-too-large", limit=MAX_HEADER_BYTES)
    return data
