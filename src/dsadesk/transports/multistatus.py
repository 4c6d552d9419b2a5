"""What a WebDAV server says of folders (RFC 4918, multistatus), read as the word of somebody who may lie.

No document type, so no entity, is taken; depth, lengths and counts are bounded. What an entry says of itself beyond its place is a hint.
"""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import unquote, urlsplit
from xml.parsers import expat

from dsadesk.errors import StoreRefusedError

MAX_ENTRIES = 200_000
MAX_DEPTH = 30
MAX_HREF = 8000
MAX_STAMP = 200

_RESPONSE = "DAV: response"
_KEPT = {"DAV: href": MAX_HREF, "DAV: getlastmodified": MAX_STAMP}


class NotMultistatusError(Exception):
    """The document is not one, or asks for more than it may."""


@dataclass
class Entry:
    """One resource: its path, percent-decoded and without a slash at the end, whether it is a folder, and when it changed."""

    path: str = ""
    is_folder: bool = False
    modified: str = ""
    """The time of its last change, which moves when a name comes into a folder; "" when the server does not say."""


def parse_multistatus(data: bytes, address: str) -> list[Entry]:
    """Reads an answer to PROPFIND. Raises: StoreRefusedError("store-answer")."""
    reader = _Reader()
    try:
        return reader.read(data)
    except (expat.ExpatError, NotMultistatusError, ValueError, LookupError):
        raise StoreRefusedError("store-answer", address=address) from None


class _Reader:
    def __init__(self) -> None:
        self._entries: list[Entry] = []
        self._path: list[str] = []
        self._text: list[str] | None = None
        self._room = 0

    def read(self, data: bytes) -> list[Entry]:
        parser = expat.ParserCreate(namespace_separator=" ")
        parser.buffer_text = True
        parser.StartDoctypeDeclHandler = _refuse
        parser.EntityDeclHandler = _refuse
        parser.ProcessingInstructionHandler = _refuse
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        parser.CharacterDataHandler = self._characters
        parser.Parse(data, True)  # the parser's own way to say that this is all
        return self._entries

    def _start(self, name: str, attributes: object) -> None:
        del attributes
        if not self._path and name != "DAV: multistatus":
            raise NotMultistatusError
        self._path.append(name)
        if len(self._path) > MAX_DEPTH:
            raise NotMultistatusError
        if name == _RESPONSE:
            self._entries.append(Entry())
            if len(self._entries) > MAX_ENTRIES:
                raise NotMultistatusError
        elif name == "DAV: collection" and self._path[-2] == "DAV: resourcetype" and self._entries:
            self._entries[-1].is_folder = True
        if name in _KEPT:
            self._text, self._room = [], _KEPT[name]

    def _characters(self, text: str) -> None:
        if self._text is None:
            return
        self._room -= len(text)
        if self._room < 0:
            raise NotMultistatusError
        self._text.append(text)

    def _end(self, name: str) -> None:
        self._path.pop()
        if self._text is None or not self._entries or name not in _KEPT:
            return
        text, self._text = "".join(self._text).strip(), None
        entry = self._entries[-1]
        if name == "DAV: href" and self._path[-1] == _RESPONSE:
            entry.path = unquote(urlsplit(text).path, errors="strict").rstrip("/")
        elif name == "DAV: getlastmodified":
            entry.modified = text


def _refuse(*_: object) -> None:
    raise NotMultistatusError
