"""`vault.json`: what lies in clear beside the database. Its fields are in docs/formats/vault.md."""

from __future__ import annotations

import hmac
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import msgspec

from dsadesk.errors import DamagedVaultError, NewerVaultError, RuleError, VaultMissingError
from dsadesk.ports import Argon2id, KeyWrap, VaultHeader
from dsadesk.storage.files import DISK, Disk, translated

FORMAT: Final = "dsadesk-vault"
VERSION: Final = 1
HEADER_NAME: Final = "vault.json"
_MAX_BYTES = 1024 * 1024
_KEY_CHECK_LENGTH = 64
_SALT_BYTES = 16
_MAX_MEMORY_KIB = 1024 * 1024


class _Cost(msgspec.Struct, frozen=True):
    salt: str
    iterations: int
    lanes: int
    memory_kib: int


class _Wrap(msgspec.Struct, frozen=True, omit_defaults=True):
    kind: str
    sealed: str
    argon2id: _Cost | None = None


class _Fields(msgspec.Struct, frozen=True):
    format: str
    version: int
    id: str
    key_check: str
    wraps: tuple[_Wrap, ...]
    backend: str = ""
    created_by: str = ""
    needs_fresh_device: bool = False


@dataclass(frozen=True)
class HeaderFile:
    """A header as it lies on disk, with the key check and whatever fields a later version may have added."""

    header: VaultHeader
    key_check: str
    fields: dict[str, Any]

    def opens_with(self, key_check: str) -> bool:
        """Whether a key that gives this check is the vault's."""
        return hmac.compare_digest(self.key_check, key_check)


def has_header(folder: Path) -> bool:
    """Whether a vault's header lies in the folder."""
    return (folder / HEADER_NAME).exists()


def read_header(folder: Path, disk: Disk = DISK) -> HeaderFile:
    """Reads the header. Raises: VaultMissingError, DamagedVaultError("header"), NewerVaultError("header-version")."""
    path = folder / HEADER_NAME
    if not path.exists():
        raise _missing(folder)
    with translated():
        data = disk.read(path, _MAX_BYTES + 1)
    return parse_header(data)


def _missing(folder: Path) -> VaultMissingError | DamagedVaultError:
    if (folder / "cases.db").exists():
        return DamagedVaultError("header", reason="missing")
    return VaultMissingError("vault-missing")


def parse_header(data: bytes) -> HeaderFile:
    """Reads a header's bytes. Raises: DamagedVaultError("header"), NewerVaultError("header-version")."""
    try:
        raw = msgspec.json.decode(data[:_MAX_BYTES])
        version = raw["version"]
        if raw["format"] != FORMAT or not isinstance(version, int) or len(data) > _MAX_BYTES:
            raise DamagedVaultError("header", reason="not-a-header")
        if version > VERSION:
            raise NewerVaultError("header-version", version=version, known=VERSION)
        fields = msgspec.convert(raw, _Fields)
    except (msgspec.MsgspecError, UnicodeDecodeError, KeyError, TypeError):
        raise DamagedVaultError("header", reason="malformed") from None
    if not fields.id or len(fields.key_check) != _KEY_CHECK_LENGTH or not fields.key_check.isascii():
        raise DamagedVaultError("header", reason="malformed")
    header = VaultHeader(
        id=fields.id,
        wraps=tuple(_wrap(each) for each in fields.wraps),
        backend=fields.backend,
        created_by=fields.created_by,
        needs_fresh_device=fields.needs_fresh_device,
    )
    return HeaderFile(header, fields.key_check, raw)


def _wrap(stored: _Wrap) -> KeyWrap:
    """A wrap as it is used. Raises: DamagedVaultError("header") for a cost that no version of this program asks."""
    cost = stored.argon2id
    if cost is None:
        return KeyWrap(kind=stored.kind, sealed=stored.sealed)
    try:
        salt = bytes.fromhex(cost.salt)
    except ValueError:
        salt = b""
    fits = 1 <= cost.iterations <= 16 and 1 <= cost.lanes <= 16 and 8 * cost.lanes <= cost.memory_kib <= _MAX_MEMORY_KIB
    if len(salt) != _SALT_BYTES or not fits:
        raise DamagedVaultError("header", reason="malformed")
    argon = Argon2id(salt=salt, iterations=cost.iterations, lanes=cost.lanes, memory_kib=cost.memory_kib)
    return KeyWrap(kind=stored.kind, sealed=stored.sealed, cost=argon)


def _stored(wrap: KeyWrap) -> _Wrap:
    if wrap.cost is None:
        return _Wrap(kind=wrap.kind, sealed=wrap.sealed)
    cost = wrap.cost
    stored = _Cost(salt=cost.salt.hex(), iterations=cost.iterations, lanes=cost.lanes, memory_kib=cost.memory_kib)
    return _Wrap(kind=wrap.kind, sealed=wrap.sealed, argon2id=stored)


def serialise_header(header: VaultHeader, key_check: str, kept: dict[str, Any]) -> bytes:
    """A header's bytes. Fields that this version does not know are kept."""
    fields = kept | {
        "format": FORMAT,
        "version": VERSION,
        "id": header.id,
        "key_check": key_check,
        "wraps": [msgspec.to_builtins(_stored(wrap)) for wrap in header.wraps],
        "backend": header.backend,
        "created_by": header.created_by,
    }
    fields.pop("needs_fresh_device", None)
    if header.needs_fresh_device:
        fields["needs_fresh_device"] = True
    return msgspec.json.format(msgspec.json.encode(fields), indent=2) + b"\n"


def write_new_header(folder: Path, header: VaultHeader, key_check: str, disk: Disk = DISK) -> None:
    """Writes the header of a new vault. Raises: DiskFullError, VaultError."""
    with translated():
        disk.write_whole(folder / HEADER_NAME, serialise_header(header, key_check, {}))


def rewrite_header(folder: Path, header: VaultHeader, disk: Disk = DISK) -> None:
    """Replaces the header of an existing vault and keeps its key check.

    Raises: VaultMissingError, DamagedVaultError("header"), NewerVaultError, RuleError("other-vault"), DiskFullError.
    """
    old = read_header(folder, disk)
    if old.header.id != header.id:
        raise RuleError("other-vault")
    with translated():
        disk.write_whole(folder / HEADER_NAME, serialise_header(header, old.key_check, old.fields))
