"""The pages of an encrypted database, read one by one without the engine, so that one bad page takes nothing but itself away.

The page format is SQLCipher 4's (zetetic.net/sqlcipher/design): AES-256 in CBC with a random vector a page, and HMAC-SHA512 over the
encrypted bytes, the vector and the page's number, so no page is believed that was altered or lies in another's place. The journal is
SQLite's write-ahead log (sqlite.org/fileformat2.html, section 4). The engine forgets every change after the first bad byte of the
journal; here a later change counts when its pages are authentic, because it was written only after the one before was on the disk.
"""

from __future__ import annotations

import hmac
import io
import struct
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from hashlib import pbkdf2_hmac
from typing import Final

from dsadesk.storage.engine import CASES, SALT_BYTES

PAGE_BYTES: Final = CASES.page_bytes
_VECTOR_BYTES: Final = 16
_MAC_BYTES: Final = 64
USABLE_BYTES: Final = PAGE_BYTES - _VECTOR_BYTES - _MAC_BYTES
_MAC_MASK = 0x3A
_MAC_ROUNDS = 2
_BEGINNING = b"SQLite format 3\x00"
_MAX_PAGES = 1 << 24  # 64 GB; a larger number is damage
_JOURNAL_HEADER = struct.Struct(">IIIIIIII")
_FRAME_HEADER = struct.Struct(">IIIIII")
_FRAME_BYTES = _FRAME_HEADER.size + PAGE_BYTES


class PageKeys:
    """What opens pages: the data key, and the salt at the beginning of their file."""

    def __init__(self, data_key: bytes, salt: bytes) -> None:
        self._key = data_key
        masked = bytes(byte ^ _MAC_MASK for byte in salt)
        self._mac_key = pbkdf2_hmac("sha512", data_key, masked, _MAC_ROUNDS, len(data_key))

    def is_genuine(self, n: int, page: bytes) -> bool:
        """Whether a page is what was once written as page `n`."""
        start = SALT_BYTES if n == 1 else 0
        if len(page) != PAGE_BYTES:
            return False
        mac = hmac.digest(self._mac_key, page[start:-_MAC_BYTES] + n.to_bytes(4, "little"), "sha512")
        return hmac.compare_digest(mac, page[-_MAC_BYTES:])

    def plain(self, n: int, page: bytes) -> bytes:
        """The usable bytes of a genuine page."""
        from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

        start = SALT_BYTES if n == 1 else 0
        vector = page[USABLE_BYTES : USABLE_BYTES + _VECTOR_BYTES]
        opener = Cipher(algorithms.AES(self._key), modes.CBC(vector)).decryptor()
        opened = opener.update(page[start:USABLE_BYTES]) + opener.finalize()
        return _BEGINNING + opened if n == 1 else opened


@dataclass(frozen=True)
class _Frame:
    """One page in the journal. `size` is the number of pages of the database after a commit, 0 inside one."""

    n: int
    size: int
    offset: int
    is_good: bool


class PageFile:
    """A database file with its journal. `count` is how many pages it should have."""

    def __init__(self, file: io.FileIO, journal: io.FileIO | None, keys: PageKeys) -> None:
        self._file = file
        self._keys = keys
        self._journal = None if journal is None else _Journal(journal, keys, _pages_of(file))
        self.count = (self._journal.size if self._journal else 0) or self._count_by_header() or _pages_of(file)

    def page(self, n: int) -> bytes | None:
        """The usable bytes of a page, None when it is damaged or not there."""
        if not 1 <= n <= _MAX_PAGES or (self._journal is not None and n in self._journal.lost):
            return None
        kept = self._journal.page(n) if self._journal is not None else None
        raw = kept or read_at(self._file, (n - 1) * PAGE_BYTES, PAGE_BYTES)
        return self._keys.plain(n, raw) if self._keys.is_genuine(n, raw) else None

    def _count_by_header(self) -> int:
        first = self.page(1)
        return int.from_bytes(first[28:32], "big") if first is not None else 0


class _Journal:
    """The newest pages in a journal. `lost` are those whose newest version is damaged, `size` counts pages after the last commit."""

    def __init__(self, file: io.FileIO, keys: PageKeys, pages: int) -> None:
        self._file = file
        self._keys = keys
        self._largest = pages
        self._places: dict[int, int] = {}
        self.lost: set[int] = set()
        self.size = 0
        for transaction in _accepted(_transactions(self._frames())):
            for frame in transaction:
                if frame.is_good:
                    self._places[frame.n] = frame.offset
                    self.lost.discard(frame.n)
                elif 1 <= frame.n <= _MAX_PAGES:
                    self.lost.add(frame.n)
            self.size = transaction[-1].size

    def page(self, n: int) -> bytes | None:
        """The newest version of a page, encrypted; None when the journal has none."""
        return read_at(self._file, self._places[n], PAGE_BYTES) if n in self._places else None

    def _frames(self) -> Iterator[_Frame]:
        """The frames of the journal's present turn up to the last good one. What comes after is an older turn, or was torn."""
        salts = self._salts()
        offset, doubtful = _JOURNAL_HEADER.size, list[bytes]()
        while len(frame := read_at(self._file, offset, _FRAME_BYTES)) == _FRAME_BYTES:
            n, size, *rest = _FRAME_HEADER.unpack_from(frame)
            if tuple(rest[:2]) != salts or not self._keys.is_genuine(n, frame[_FRAME_HEADER.size :]):
                doubtful.append(frame)
            else:
                first = offset - len(doubtful) * _FRAME_BYTES
                yield from (self._doubtful(each, first + k * _FRAME_BYTES) for k, each in enumerate(doubtful))
                doubtful.clear()
                self._largest = max(self._largest, n)
                yield _Frame(n, size, offset + _FRAME_HEADER.size, is_good=True)
            offset += _FRAME_BYTES

    def _doubtful(self, frame: bytes, offset: int) -> _Frame:
        """A damaged frame. Where only its header is damaged, the page itself says which one it is."""
        n, size, *_ = _FRAME_HEADER.unpack_from(frame)
        page, place = frame[_FRAME_HEADER.size :], offset + _FRAME_HEADER.size
        if self._keys.is_genuine(n, page):
            return _Frame(n, size, place, is_good=True)
        genuine = next((each for each in range(1, self._largest + 1) if self._keys.is_genuine(each, page)), 0)
        return _Frame(genuine or n, 0, place, is_good=genuine > 0)

    def _salts(self) -> tuple[int, int]:
        """What marks the frames of the journal's present turn. Where the header is damaged, the first frame tells."""
        header = read_at(self._file, 0, _JOURNAL_HEADER.size)
        if len(header) == _JOURNAL_HEADER.size:
            *_, first, second, one, two = _JOURNAL_HEADER.unpack(header)
            if _checksum(header[:24], header[3] & 1) == (one, two):
                return first, second
        frame = read_at(self._file, _JOURNAL_HEADER.size, _FRAME_HEADER.size)
        if len(frame) < _FRAME_HEADER.size:
            return 0, 0
        _, _, first, second, _, _ = _FRAME_HEADER.unpack(frame)
        return first, second


def _checksum(data: bytes, is_big: int) -> tuple[int, int]:
    one = two = 0
    words = struct.unpack(f"{'>' if is_big else '<'}{len(data) // 4}I", data)
    for first, second in zip(words[::2], words[1::2], strict=True):
        one = (one + first + two) & 0xFFFFFFFF
        two = (two + second + one) & 0xFFFFFFFF
    return one, two


def _transactions(frames: Iterator[_Frame]) -> list[list[_Frame]]:
    """The frames by commit; what comes after the last commit was never one."""
    done: list[list[_Frame]] = []
    current: list[_Frame] = []
    for frame in frames:
        current.append(frame)
        if frame.is_good and 0 < frame.size <= _MAX_PAGES:
            done.append(current)
            current = []
    return done


def _accepted(transactions: list[list[_Frame]]) -> Sequence[list[_Frame]]:
    """All of them, but not a last one with bad frames: it was torn when the power went and nobody was told that it is kept."""
    if transactions and not all(frame.is_good for frame in transactions[-1]):
        return transactions[:-1]
    return transactions


def read_at(file: io.FileIO, offset: int, size: int) -> bytes:
    """Bytes of a file, fewer at its end. What the disk does not give back reads as zeros, which are never genuine."""
    try:
        file.seek(offset)
        return file.read(size)
    except OSError:
        return bytes(size)


def _pages_of(file: io.FileIO) -> int:
    return -(-file.seek(0, 2) // PAGE_BYTES)


def fitting_keys(file: io.FileIO, data_key: bytes, salts: Sequence[bytes]) -> PageKeys | None:
    """Keys with the first of these salts under which any page of the file is genuine; None when there is no such page."""
    for salt in dict.fromkeys(salts):
        keys = PageKeys(data_key, salt)
        for n in range(1, _pages_of(file) + 1):
            if keys.is_genuine(n, read_at(file, (n - 1) * PAGE_BYTES, PAGE_BYTES)):
                return keys
    return None
