"""What is derived from the vault's data key. Each use has its own label, so that one value never stands in for another."""

from __future__ import annotations

import hmac
from hashlib import sha256

from dsadesk.errors import WrongKeyError
from dsadesk.storage.engine import KEY_BYTES, SALT_BYTES

_CHECK = b"dsadesk vault key check v1\x00"
_ANCHOR = b"dsadesk vault anchor v1\x00"
_CATALOGUE = b"dsadesk vault catalogue v1\x00"
_SALT = b"dsadesk vault salt v1\x00"


def checked_length(data_key: bytes) -> bytes:
    """The key itself, when it is 32 bytes. Raises: WrongKeyError("key-length")."""
    if len(data_key) != KEY_BYTES:
        raise WrongKeyError("key-length", size=len(data_key))
    return data_key


def key_check(data_key: bytes, vault_id: str) -> str:
    """A value that tells a wrong key from a damaged file and gives nothing of the key away."""
    return _derive(data_key, _CHECK, vault_id).hex()


def anchor_key(data_key: bytes, vault_id: str) -> bytes:
    """The key that authenticates the anchor."""
    return _derive(data_key, _ANCHOR, vault_id)


def catalogue_key(data_key: bytes, vault_id: str) -> bytes:
    """The key of the catalogue's file."""
    return _derive(data_key, _CATALOGUE, vault_id)


def database_salt(data_key: bytes, vault_id: str) -> bytes:
    """The first sixteen bytes of the database's file. They are no secret, but without them no page can be told from a forged one."""
    return _derive(data_key, _SALT, vault_id)[:SALT_BYTES]


def _derive(data_key: bytes, label: bytes, vault_id: str) -> bytes:
    return hmac.digest(data_key, label + vault_id.encode(), sha256)
