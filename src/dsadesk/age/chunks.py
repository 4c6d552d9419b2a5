"""STREAM: how an age payload is cut into chunks of 64 KiB, each sealed under its number and a "this is the last" flag.

The number makes chunks impossible to reorder or drop, the flag makes a cut-off end visible. This module does arithmetic
and cryptography on memory; `payload`, `reader` and `parallel` bring the bytes.
"""

from __future__ import annotations

from typing import NamedTuple

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from dsadesk.age.errors import PayloadError
from dsadesk.age.wrapping import require_file_key

NONCE_SIZE = 16
CHUNK_SIZE = 1 << 16
TAG_SIZE = 16
SEALED_CHUNK_SIZE = CHUNK_SIZE + TAG_SIZE
BATCH_CHUNKS = 16

_COUNTER_SIZE = 11
_MORE = b"\x00"
_LAST = b"\x01"


def chunk_count(plain_size: int) -> int:
    """How many chunks a plaintext fills: an empty one fills one."""
    return max(1, -(-plain_size // CHUNK_SIZE))


def payload_size(plain_size: int) -> int:
    """The size of the payload (nonce and chunks, without the header) of a plaintext of this size."""
    return NONCE_SIZE + plain_size + TAG_SIZE * chunk_count(plain_size)


def plain_size(payload_size: int) -> int:
    """The size of the plaintext in a payload of this size. Raises: PayloadError when no plaintext gives that size."""
    sealed = payload_size - NONCE_SIZE
    full, rest = divmod(sealed, SEALED_CHUNK_SIZE)
    if sealed < TAG_SIZE or 0 < rest < TAG_SIZE or (rest == TAG_SIZE and full > 0):
        raise PayloadError("payload-size-impossible", size=payload_size)
    return sealed - TAG_SIZE * (full + (rest > 0))


class Opened(NamedTuple):
    """What came of opening a run of chunks: so many bytes are authentic, and the code of what stopped it, if anything."""

    size: int
    fault: str


class ChunkCipher:
    """Seals and opens chunks of one payload. One per thread: nothing says that the cipher object may be shared."""

    def __init__(self, file_key: bytes, nonce: bytes) -> None:
        require_file_key(file_key)
        if len(nonce) != NONCE_SIZE:
            raise ValueError("a payload nonce is 16 bytes")
        self._aead = ChaCha20Poly1305(HKDF(algorithm=SHA256(), length=32, salt=nonce, info=b"payload").derive(file_key))

    def seal(self, first: int, plain: memoryview, out: memoryview, *, last: bool) -> int:
        """Seals a run of chunks from number `first` on into `out` and gives the bytes written.

        Unless it is the last run, `plain` is a whole number of chunks.
        """
        written = 0
        count = chunk_count(len(plain))
        for index in range(count):
            part = plain[index * CHUNK_SIZE : (index + 1) * CHUNK_SIZE]
            flag = _LAST if last and index == count - 1 else _MORE
            nonce = (first + index).to_bytes(_COUNTER_SIZE, "big") + flag
            written += self._aead.encrypt_into(nonce, part, None, out[written : written + len(part) + TAG_SIZE])
        return written

    def open(self, first: int, sealed: memoryview, out: memoryview, *, last: bool) -> Opened:
        """Opens a run of chunks from number `first` on into `out`, up to the first that is not in order.

        `last` says that the payload ends after this run. What lies in `out` behind the authentic bytes means nothing.
        """
        size = 0
        count = max(1, -(-len(sealed) // SEALED_CHUNK_SIZE))
        for index in range(count):
            part = sealed[index * SEALED_CHUNK_SIZE : (index + 1) * SEALED_CHUNK_SIZE]
            ends = last and index == count - 1
            opened = self._open_one(first + index, part, out[size : size + len(part) - TAG_SIZE], ends=ends)
            size += opened.size
            if opened.fault:
                return Opened(size, opened.fault)
        return Opened(size, "")

    def _open_one(self, number: int, sealed: memoryview, out: memoryview, *, ends: bool) -> Opened:
        if len(sealed) < TAG_SIZE:
            return Opened(0, "payload-cut-short")
        if len(sealed) == TAG_SIZE and number > 0:
            return Opened(0, "payload-last-chunk-empty")
        if self.open_chunk(number, sealed, out, last=ends):
            return Opened(len(out), "")
        # A full chunk may be authentic and in the wrong place; its plaintext was sealed by the sender all the same.
        if len(sealed) == SEALED_CHUNK_SIZE and self.open_chunk(number, sealed, out, last=not ends):
            return Opened(len(out), "payload-cut-short" if ends else "payload-trailing-data")
        return Opened(0, "payload-chunk-damaged")

    def open_chunk(self, number: int, sealed: memoryview, out: memoryview, *, last: bool) -> bool:
        """Opens one chunk into `out`; False when it is not authentic as this number and flag."""
        nonce = number.to_bytes(_COUNTER_SIZE, "big") + (_LAST if last else _MORE)
        try:
            self._aead.decrypt_into(nonce, sealed, None, out)
        except InvalidTag:
            return False
        return True
