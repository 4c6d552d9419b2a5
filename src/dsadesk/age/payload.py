"""Payloads as streams: one pass, bounded memory, any source and sink. `parallel` is faster where both are files.

A payload is the 16-byte nonce and the chunks; it stands behind a header, or by itself beside one.
"""

from __future__ import annotations

import io
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import BinaryIO

from cryptography.hazmat.primitives.hashes import SHA256, Hash

from dsadesk.age.chunks import (
    BATCH_CHUNKS,
    CHUNK_SIZE,
    NONCE_SIZE,
    SEALED_CHUNK_SIZE,
    ChunkCipher,
    payload_size,
)
from dsadesk.age.errors import HeaderError, PayloadError


@dataclass(frozen=True, slots=True)
class PayloadInfo:
    """Sizes and digests of a payload (nonce included) and its plaintext, taken in the pass that made or opened it.

    `plain_sha256` is None, and `cipher_sha256` empty, where the caller asked for it to be left out.
    """

    plain_size: int
    cipher_size: int
    plain_sha256: bytes | None
    cipher_sha256: bytes


class Digests:
    """The digests of both sides of a payload, those that were asked for; each side is fed in file order."""

    def __init__(self, nonce: bytes, *, plain: bool, cipher: bool) -> None:
        self.plain = Hash(SHA256()) if plain else None
        self.cipher = Hash(SHA256()) if cipher else None
        if self.cipher:
            self.cipher.update(nonce)

    def add(self, plain: memoryview, sealed: memoryview) -> None:
        """Takes the next batch of both sides."""
        if self.plain:
            self.plain.update(plain)
        if self.cipher:
            self.cipher.update(sealed)

    def info(self, size: int) -> PayloadInfo:
        """What is known of a payload that holds `size` bytes of plaintext. Nothing may be added afterwards."""
        return PayloadInfo(
            size,
            payload_size(size),
            self.plain.finalize() if self.plain else None,
            self.cipher.finalize() if self.cipher else b"",
        )


class _Batches:
    """Reads a stream in runs of whole chunks, one byte ahead so as to know which run is the last."""

    def __init__(self, source: BinaryIO, chunk_size: int) -> None:
        self._source = source
        self.chunks = _batch_chunks(source, chunk_size)
        self.size = self.chunks * chunk_size
        self._buffer = bytearray(self.size + 1)
        self._kept = 0

    def next(self) -> tuple[memoryview, bool]:
        """The next run, valid until the next call, and whether it is the last."""
        view = memoryview(self._buffer)
        if self._kept:
            view[0] = view[self.size]
        filled = self._kept + fill(self._source, view[self._kept :])
        last = filled <= self.size
        self._kept = 0 if last else 1
        return view[: min(filled, self.size)], last


def _batch_chunks(source: BinaryIO, chunk_size: int) -> int:
    """As many chunks as a batch has, or as the rest of a seekable source can fill: clearing a large buffer takes time."""
    if not source.seekable():
        return BATCH_CHUNKS
    position = source.tell()
    rest = source.seek(0, io.SEEK_END) - position
    source.seek(position)
    return min(BATCH_CHUNKS, max(1, -(-rest // chunk_size)))


def fill(source: BinaryIO, view: memoryview) -> int:
    """Reads until the view is full or the source ends, and gives the number of bytes read."""
    read_into: Callable[[memoryview], int | None] = getattr(source, "readinto", None) or partial(_read_into, source)
    filled = 0
    while filled < len(view):
        count = read_into(view[filled:])
        if not count:
            break
        filled += count
    return filled


def _read_into(source: BinaryIO, view: memoryview) -> int:
    part = source.read(len(view))
    view[: len(part)] = part
    return len(part)


def write_all(sink: BinaryIO, view: memoryview) -> None:
    """Writes the whole view, also to a sink that takes only a part of it at a time. Raises: OSError when it takes none."""
    while view:
        written = sink.write(view)
        if not written:
            raise BlockingIOError("the sink takes no more")
        view = view[written:]


def encrypt_payload(
    file_key: bytes,
    nonce: bytes,
    source: BinaryIO,
    sink: BinaryIO,
    *,
    sha256: bool = False,
    cipher_sha256: bool = True,
) -> PayloadInfo:
    """Reads a plaintext to its end and writes its payload.

    The nonce must be fresh for each payload. The sink must not keep the memory that it is given. Each digest costs about
    as much as the encryption itself.
    """
    cipher = ChunkCipher(file_key, nonce)
    digests = Digests(nonce, plain=sha256, cipher=cipher_sha256)
    batches = _Batches(source, CHUNK_SIZE)
    out = memoryview(bytearray(batches.chunks * SEALED_CHUNK_SIZE))
    write_all(sink, memoryview(nonce))
    first, last, size = 0, False, 0
    while not last:
        plain, last = batches.next()
        sealed = out[: cipher.seal(first, plain, out, last=last)]
        write_all(sink, sealed)
        digests.add(plain, sealed)
        first += batches.chunks
        size += len(plain)
    return digests.info(size)


def decrypt_payload(
    file_key: bytes,
    source: BinaryIO,
    sink: BinaryIO,
    *,
    limit: int | None = None,
    sha256: bool = True,
    cipher_sha256: bool = True,
) -> PayloadInfo:
    """Reads a payload to its end and writes the plaintext: each byte is authenticated before the sink sees it.

    What the sink holds after an error is authentic and incomplete. `limit` bounds the plaintext in bytes.
    Raises: HeaderError when not even the nonce is there; PayloadError when a chunk is damaged, missing or one too many, or
    when the plaintext is larger than `limit`.
    """
    nonce = read_nonce(source)
    cipher = ChunkCipher(file_key, nonce)
    digests = Digests(nonce, plain=sha256, cipher=cipher_sha256)
    batches = _Batches(source, SEALED_CHUNK_SIZE)
    out = memoryview(bytearray(batches.chunks * CHUNK_SIZE))
    first, last, released = 0, False, 0
    while not last:
        sealed, last = batches.next()
        opened = cipher.open(first, sealed, out, last=last)
        released += opened.size
        require_within(limit, released)
        write_all(sink, out[: opened.size])
        if opened.fault:
            raise PayloadError(opened.fault, chunk=released // CHUNK_SIZE)
        digests.add(out[: opened.size], sealed)
        first += batches.chunks
    return digests.info(released)


def read_nonce(source: BinaryIO) -> bytes:
    """The nonce at the start of a payload. Raises: HeaderError when the source ends inside it, as the vectors class it."""
    nonce = bytearray(NONCE_SIZE)
    if fill(source, memoryview(nonce)) < NONCE_SIZE:
        raise HeaderError("payload-nonce-missing")
    return bytes(nonce)


def require_within(limit: int | None, size: int) -> None:
    """Raises: PayloadError when a plaintext is larger than allowed."""
    if limit is not None and size > limit:
        raise PayloadError("payload-too-large", limit=limit)
