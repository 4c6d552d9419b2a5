"""The rows on a page of a database, and the pages below it (sqlite.org/fileformat2.html, sections 1.6 to 2.1).

Nothing is believed of a page that does not add up: it counts as damaged.
"""

from __future__ import annotations

import struct
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import Enum
from typing import Any, Final

from dsadesk.storage.page_file import USABLE_BYTES

Value = int | float | str | bytes | None
_FIRST_HEADER = 100
_INDEX_MOST = (USABLE_BYTES - 12) * 64 // 255 - 23
_TABLE_MOST = USABLE_BYTES - 35
_LEAST = (USABLE_BYTES - 12) * 32 // 255 - 23
_MAX_PAYLOAD = 1 << 30
_INTEGERS: Final = {1: 1, 2: 2, 3: 3, 4: 4, 5: 6, 6: 8}


class Kind(Enum):
    """What a page of a tree is, by its first byte."""

    INDEX_INNER = 0x02
    TABLE_INNER = 0x05
    INDEX_LEAF = 0x0A
    TABLE_LEAF = 0x0D


LEAVES = frozenset({Kind.INDEX_LEAF, Kind.TABLE_LEAF})
OF_TABLES = frozenset({Kind.TABLE_INNER, Kind.TABLE_LEAF})


class MalformedPageError(ValueError):
    """A page is no page of a tree, or does not add up."""


@dataclass(frozen=True)
class RawRow:
    """A row as it lies there. Of one whose rest is on a damaged page, `values` are those that are whole."""

    rowid: int
    values: tuple[Value, ...]
    pages: tuple[int, ...]
    is_whole: bool


@dataclass(frozen=True)
class TreePage:
    """One page: its rows, the pages below it, and the pages where rows go on."""

    kind: Kind
    rows: tuple[RawRow, ...]
    below: tuple[int, ...]
    further: frozenset[int]


PageOf = Callable[[int], bytes | None]


def kind_of(n: int, page: bytes) -> Kind | None:
    """What a page of a tree it is, None when it is none."""
    try:
        return Kind(page[_FIRST_HEADER if n == 1 else 0])
    except ValueError:
        return None


def read_page(n: int, page: bytes, page_of: PageOf) -> TreePage:
    """Reads a page of a tree. Raises: MalformedPageError."""
    try:
        return _Reader(n, page, page_of).read()
    except (IndexError, struct.error, UnicodeDecodeError) as error:
        raise MalformedPageError from error


class _Reader:
    def __init__(self, n: int, page: bytes, page_of: PageOf) -> None:
        self._n = n
        self._page = page
        self._page_of = page_of
        self._further: set[int] = set()

    def read(self) -> TreePage:
        kind = kind_of(self._n, self._page)
        if kind is None:
            raise MalformedPageError
        start = _FIRST_HEADER if self._n == 1 else 0
        (cells,) = struct.unpack_from(">H", self._page, start + 3)
        header = 8 if kind in LEAVES else 12
        offsets = struct.unpack_from(f">{cells}H", self._page, start + header)
        rows, below = list[RawRow](), list[int]()
        for offset in offsets:
            at = offset
            if kind not in LEAVES:
                below += struct.unpack_from(">I", self._page, at)
                at += 4
            if kind is not Kind.TABLE_INNER:
                rows.append(self._row(kind, at))
        if kind not in LEAVES:
            below += struct.unpack_from(">I", self._page, start + 8)
        return TreePage(kind, tuple(rows), tuple(below), frozenset(self._further))

    def _row(self, kind: Kind, at: int) -> RawRow:
        size, at = _varint(self._page, at)
        rowid = 0
        if kind is Kind.TABLE_LEAF:
            rowid, at = _varint(self._page, at)
        if not 0 <= size <= _MAX_PAYLOAD:
            raise MalformedPageError
        payload, pages = self._payload(size, at, _TABLE_MOST if kind is Kind.TABLE_LEAF else _INDEX_MOST)
        is_whole = len(payload) == size
        return RawRow(rowid, read_record(payload, is_whole=is_whole), (self._n, *pages), is_whole)

    def _payload(self, size: int, at: int, most: int) -> tuple[bytes, list[int]]:
        if size <= most:
            return _slice(self._page, at, size), []
        local = _LEAST + (size - _LEAST) % (USABLE_BYTES - 4)
        local = local if local <= most else _LEAST
        parts, missing, pages = [_slice(self._page, at, local)], size - local, list[int]()
        (following,) = struct.unpack_from(">I", self._page, at + local)
        while missing > 0:
            if following == 0 or following in pages:
                raise MalformedPageError
            pages.append(following)
            self._further.add(following)
            page = self._page_of(following)
            if page is None:
                break
            part = page[4 : 4 + min(missing, USABLE_BYTES - 4)]
            parts.append(part)
            missing -= len(part)
            (following,) = struct.unpack_from(">I", page)
        return b"".join(parts), pages


def read_record(payload: bytes, *, is_whole: bool = True) -> tuple[Value, ...]:
    """The values of a record; of one that is cut short, those that are whole. Raises: MalformedPageError, IndexError, struct.error."""
    size, at = _varint(payload, 0)
    types = []
    while at < size:
        kind, at = _varint(payload, at)
        types.append(kind)
    if at != size:
        raise MalformedPageError
    values: list[Value] = []
    for kind in types:
        length = _length(kind)
        if at + length > len(payload):
            break
        values.append(_value(kind, payload[at : at + length]))
        at += length
    if is_whole and (len(values) != len(types) or at != len(payload)):
        raise MalformedPageError
    return tuple(values)


def _length(kind: int) -> int:
    if kind in _INTEGERS:
        return _INTEGERS[kind]
    if kind == 7:
        return 8
    return (kind - 12) // 2 if kind >= 12 else 0


def _value(kind: int, data: bytes) -> Value:
    if kind in _INTEGERS:
        return int.from_bytes(data, "big", signed=True)
    if kind == 7:
        number: Any = struct.unpack(">d", data)[0]
        return float(number)
    if kind in (8, 9):
        return kind - 8
    if kind >= 12:
        return data.decode() if kind % 2 else data
    if kind:
        raise MalformedPageError
    return None


def _slice(page: bytes, at: int, size: int) -> bytes:
    part = page[at : at + size]
    if len(part) != size:
        raise MalformedPageError
    return part


def _varint(data: bytes, at: int) -> tuple[int, int]:
    value = 0
    for place in range(8):
        byte = data[at + place]
        value = value << 7 | byte & 0x7F
        if byte < 0x80:
            return value, at + place + 1
    value = value << 8 | data[at + 8]
    return value - (1 << 64) if value >> 63 else value, at + 9


def walk(root: int, page_of: PageOf) -> Iterator[tuple[int, TreePage | None]]:
    """The pages of a tree in order, each once; None for one that is damaged, and for what lies below it nothing at all."""
    seen: set[int] = set()
    ahead = [root]
    while ahead:
        n = ahead.pop()
        if n in seen:
            continue
        seen.add(n)
        page = page_of(n)
        try:
            found = None if page is None else read_page(n, page, page_of)
        except MalformedPageError:
            found = None
        yield n, found
        if found is not None:
            ahead.extend(reversed(found.below))
