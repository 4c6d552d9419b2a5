"""What an object is named by: what is in it and how it is locked, so that its name costs no second pass over its encrypted bytes.

A payload follows from its file key, its nonce and its plain bytes, and no other bytes open as these plain bytes under that key and nonce. A
name made from the three therefore binds every byte of the payload, and says nothing to whoever lacks the key. Objects made before
this are named by the SHA-256 of the payload; they keep their names for ever. docs/formats/bundle.md has the bytes, ADR 0026 the reasons.
"""

from __future__ import annotations

import hashlib
import io
from typing import BinaryIO, cast

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from dsadesk import age
from dsadesk.age.chunks import NONCE_SIZE
from dsadesk.domain.ids import ObjectId

_LABEL = b"dsadesk/object/v1"
_BATCH = 1024 * 1024


def object_name(file_key: bytes, nonce: bytes, plain_size: int, plain_sha256: bytes) -> ObjectId:
    """The name of the payload with this file key (16 bytes), nonce (16 bytes) and plain bytes (their number and SHA-256)."""
    info = _LABEL + plain_size.to_bytes(8, "big") + plain_sha256
    return ObjectId(HKDF(algorithm=SHA256(), length=32, salt=nonce, info=info).derive(file_key).hex())


def open_named(payload: BinaryIO, name: ObjectId, file_key: bytes, *, limit: int) -> age.PayloadInfo | None:
    """Decrypts a payload to nowhere and says what is in it; None when it is not the one of this name.

    `payload` is seekable and read from where it stands. Raises: AgeError when it does not open with the key, or holds more than `limit`.
    """
    start = payload.tell()
    nonce = payload.read(NONCE_SIZE)
    payload.seek(start)
    info = age.decrypt_payload(file_key, payload, cast(BinaryIO, _Nowhere()), limit=limit, cipher_sha256=False)
    if object_name(file_key, nonce, info.plain_size, info.plain_sha256 or b"") == name:
        return info
    payload.seek(start)
    return info if is_named_by_digest(payload, name) else None


def is_damaged(payload: BinaryIO, name: ObjectId, file_key: bytes | None) -> bool:
    """Whether a payload, read from its start, is not the one of its name. Without its key only an older name, a digest, can be compared."""
    if file_key is not None:
        try:
            if open_named(payload, name, file_key, limit=1 << 62) is not None:
                return False
        except (age.AgeError, ValueError):
            pass  # not what was kept; or a name and a key that do not belong together, as the digest then shows
    payload.seek(0)
    return not is_named_by_digest(payload, name) and file_key is not None


def is_named_by_digest(payload: BinaryIO, name: str) -> bool:
    """Whether a name is the SHA-256 of the rest of these bytes, as names of objects used to be."""
    digest = hashlib.sha256()
    while batch := payload.read(_BATCH):
        digest.update(batch)
    return digest.hexdigest() == name


class _Nowhere(io.RawIOBase):
    """Takes bytes and keeps none."""

    def writable(self) -> bool:
        return True

    def write(self, data: object, /) -> int:
        return memoryview(data).nbytes  # type: ignore[arg-type]
