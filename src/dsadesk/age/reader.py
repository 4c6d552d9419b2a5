"""Reads anywhere in a payload without decrypting what lies before: for previews and for libraries that seek."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, BinaryIO

from dsadesk.age.chunks import (
    CHUNK_SIZE,
    NONCE_SIZE,
    SEALED_CHUNK_SIZE,
    TAG_SIZE,
    ChunkCipher,
    chunk_count,
    plain_size,
)
from dsadesk.age.errors import HeaderError, PayloadError
from dsadesk.age.payload import fill, read_nonce

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer


class PayloadReader(io.RawIOBase):
    """The plaintext of the payload that lies at `offset` in `handle` and is `size` bytes long, nonce included.

    The last chunk is verified first, so a payload that was cut or extended is refused before anything is read from it.
    Keeps one chunk. Moves the handle's position, does not close the handle, and is for one thread at a time.
    Raises: HeaderError and PayloadError, when made and when read.
    """

    def __init__(self, file_key: bytes, handle: BinaryIO, offset: int, size: int) -> None:
        super().__init__()
        if size < NONCE_SIZE:
            raise HeaderError("payload-nonce-missing")
        self._handle = handle
        self._offset = offset
        self._size = plain_size(size)
        self._position = 0
        self._last = chunk_count(self._size) - 1
        self._held = -1
        self._sealed = memoryview(bytearray(min(SEALED_CHUNK_SIZE, size - NONCE_SIZE)))
        self._plain = memoryview(bytearray(min(CHUNK_SIZE, self._size)))
        handle.seek(offset)
        self._cipher = ChunkCipher(file_key, read_nonce(handle))
        self._hold(self._last)

    def readable(self) -> bool:
        """Always."""
        return True

    def seekable(self) -> bool:
        """Always."""
        return True

    def tell(self) -> int:
        """The position in the plaintext."""
        return self._position

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        """Moves to a position in the plaintext, also past its end. Raises: ValueError before its start."""
        start = {io.SEEK_SET: 0, io.SEEK_CUR: self._position, io.SEEK_END: self._size}[whence]
        if start + offset < 0:
            raise ValueError("negative position")
        self._position = start + offset
        return self._position

    def readinto(self, buffer: WriteableBuffer) -> int:
        """Reads up to the end of the chunk at the position. Raises: PayloadError when that chunk is damaged."""
        view = memoryview(buffer).cast("B")
        if not view or self._position >= self._size:
            return 0
        number, start = divmod(self._position, CHUNK_SIZE)
        part = self._hold(number)[start : start + len(view)]
        view[: len(part)] = part
        self._position += len(part)
        return len(part)

    def _hold(self, number: int) -> memoryview:
        plain = self._plain[: min(CHUNK_SIZE, self._size - number * CHUNK_SIZE)]
        if number == self._held:
            return plain
        sealed = self._sealed[: len(plain) + TAG_SIZE]
        self._held = -1
        self._handle.seek(self._offset + NONCE_SIZE + number * SEALED_CHUNK_SIZE)
        if fill(self._handle, sealed) < len(sealed):
            raise PayloadError("payload-cut-short", chunk=number)
        if not self._cipher.open_chunk(number, sealed, plain, last=number == self._last):
            raise PayloadError("payload-chunk-damaged", chunk=number)
        self._held = number
        return plain
