"""The scrypt recipient: a passphrase. It must be the only recipient of a file, and the work it asks for is bounded."""

from __future__ import annotations

import re
from typing import ClassVar

from cryptography.hazmat.primitives.kdf.scrypt import Scrypt

from dsadesk.age.canonical_base64 import encode_unpadded
from dsadesk.age.entropy import Entropy, draw
from dsadesk.age.errors import HeaderError
from dsadesk.age.header import Stanza
from dsadesk.age.keys import Family, argument_bytes, open_file_key, require_form, seal_file_key

TYPE = "scrypt"
DEFAULT_LOG2_WORK_FACTOR = 18
MAX_LOG2_WORK_FACTOR = 20
_SALT_SIZE = 16
_SALT_LABEL = b"age-encryption.org/v1/scrypt"
_WORK_FACTOR = re.compile(r"[1-9][0-9]?")


def _wrapping_key(passphrase: bytes, salt: bytes, log2_work_factor: int) -> bytes:
    return Scrypt(salt=_SALT_LABEL + salt, length=32, n=1 << log2_work_factor, r=8, p=1).derive(passphrase)


def _passphrase_bytes(passphrase: str | bytes) -> bytes:
    return passphrase.encode() if isinstance(passphrase, str) else bytes(passphrase)


class ScryptRecipient:
    """A passphrase to encrypt to. Memory for opening: 2 to the work factor, times 1 KiB (256 MiB at 18)."""

    __slots__ = ("_log2_work_factor", "_passphrase")
    family: ClassVar[Family] = Family.PASSPHRASE

    def __init__(self, passphrase: str | bytes, log2_work_factor: int = DEFAULT_LOG2_WORK_FACTOR) -> None:
        if not 1 <= log2_work_factor <= MAX_LOG2_WORK_FACTOR:
            raise ValueError("work factor out of range")
        self._passphrase = _passphrase_bytes(passphrase)
        self._log2_work_factor = log2_work_factor

    def __repr__(self) -> str:
        return "ScryptRecipient(…)"

    def wrap(self, file_key: bytes, entropy: Entropy) -> Stanza:
        """A stanza from which only this passphrase can take the file key."""
        salt = draw(entropy, _SALT_SIZE)
        body = seal_file_key(_wrapping_key(self._passphrase, salt, self._log2_work_factor), file_key)
        return Stanza(TYPE, (encode_unpadded(salt).decode("ascii"), str(self._log2_work_factor)), body)


class ScryptIdentity:
    """A passphrase to decrypt with. A file that asks for more work than the maximum is refused before any is done."""

    __slots__ = ("_max_log2_work_factor", "_passphrase")

    def __init__(self, passphrase: str | bytes, max_log2_work_factor: int = MAX_LOG2_WORK_FACTOR) -> None:
        self._passphrase = _passphrase_bytes(passphrase)
        self._max_log2_work_factor = max_log2_work_factor

    def __repr__(self) -> str:
        return "ScryptIdentity(…)"

    def unwrap(self, stanza: Stanza) -> bytes | None:
        """The file key, or None when the passphrase is another. Raises: HeaderError for a malformed or costly stanza."""
        if stanza.type != TYPE:
            return None
        require_form(stanza, arguments=2)
        salt = argument_bytes(stanza, 0, _SALT_SIZE)
        if _WORK_FACTOR.fullmatch(stanza.args[1]) is None:
            raise HeaderError("stanza-work-factor-malformed", type=TYPE)
        log2_work_factor = int(stanza.args[1])
        if log2_work_factor > self._max_log2_work_factor:
            raise HeaderError("stanza-work-factor-too-high", type=TYPE, limit=self._max_log2_work_factor)
        return open_file_key(_wrapping_key(self._passphrase, salt, log2_work_factor), stanza.body)
