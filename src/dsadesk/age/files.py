"""Whole age files: a header and a payload under a fresh file key."""

from __future__ import annotations

import io
from collections.abc import Sequence
from typing import BinaryIO

from dsadesk.age.chunks import NONCE_SIZE
from dsadesk.age.entropy import Entropy, draw
from dsadesk.age.header import read_header
from dsadesk.age.keys import FILE_KEY_SIZE, Identity, Recipient
from dsadesk.age.payload import PayloadInfo, decrypt_payload, encrypt_payload, write_all
from dsadesk.age.wrapping import unwrap, wrap


def encrypt_stream(
    source: BinaryIO,
    sink: BinaryIO,
    recipients: Sequence[Recipient],
    entropy: Entropy,
) -> PayloadInfo:
    """Reads a plaintext to its end and writes an age file. Raises: AgeError for recipients that may not stand together."""
    file_key = draw(entropy, FILE_KEY_SIZE)
    write_all(sink, memoryview(wrap(file_key, recipients, entropy)))
    return encrypt_payload(file_key, draw(entropy, NONCE_SIZE), source, sink, cipher_sha256=False)


def decrypt_stream(
    source: BinaryIO,
    sink: BinaryIO,
    identities: Sequence[Identity],
    *,
    limit: int | None = None,
) -> PayloadInfo:
    """Reads an age file to its end and writes the plaintext: each byte is authenticated before the sink sees it.

    What the sink holds after an error is authentic and incomplete. `limit` bounds the plaintext in bytes.
    Raises: HeaderError, NoMatchError, HmacError, PayloadError.
    """
    header, _ = read_header(source)
    file_key = unwrap(header, identities)
    return decrypt_payload(file_key, source, sink, limit=limit, sha256=False, cipher_sha256=False)


def encrypt(plaintext: bytes, recipients: Sequence[Recipient], entropy: Entropy) -> bytes:
    """The age file that holds `plaintext`. Raises: AgeError for recipients that may not stand together."""
    sink = io.BytesIO()
    encrypt_stream(io.BytesIO(plaintext), sink, recipients, entropy)
    return sink.getvalue()


def decrypt(data: bytes, identities: Sequence[Identity], *, limit: int | None = None) -> bytes:
    """The plaintext of an age file, all of it or nothing. Raises: HeaderError, NoMatchError, HmacError, PayloadError."""
    sink = io.BytesIO()
    decrypt_stream(io.BytesIO(data), sink, identities, limit=limit)
    return sink.getvalue()
