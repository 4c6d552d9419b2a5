"""A vault as one file: an uncompressed ZIP of the header, a copy of the database, the anchor and the encrypted files.

Everything inside but the header is encrypted as it is in the vault, under the same key. The last entry lists the others with size and
digest, so a copy that is cut short or damaged is refused before a folder is made of it. The catalogue is left out: it is imported again.
"""

from __future__ import annotations

import contextlib
import errno
import os
import re
import shutil
import zipfile
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from hashlib import sha256
from pathlib import Path
from typing import BinaryIO, Final

import msgspec

from dsadesk.errors import (
    DamagedVaultError,
    DiskFullError,
    NewerVaultError,
    RuleError,
    StoreError,
    StoreFullError,
    StoreMissingError,
    StoreReadOnlyError,
    VaultError,
    VaultMissingError,
)
from dsadesk.ports import VaultHeader
from dsadesk.storage.faults import is_disk_full
from dsadesk.storage.files import DISK, Disk, translated
from dsadesk.storage.header import HEADER_NAME, parse_header, rewrite_header

FORMAT: Final = "dsadesk-backup"
VERSION: Final = 1
LIST_NAME: Final = "backup.json"
_MAX_LIST_BYTES = 64 * 1024 * 1024
_MAX_HEADER_BYTES = 1024 * 1024
_CHUNK = 1024 * 1024
_NAMES = re.compile(r"vault\.json|cases\.db|anchor\.json|(objects|quarantine)/[0-9a-f]{64}")
# The first entry of every backup.
_BEGINNING = b"PK\x03\x04"
_NEEDED = frozenset({HEADER_NAME, "cases.db"})


class _Entry(msgspec.Struct, frozen=True):
    size: int
    sha256: str


class _List(msgspec.Struct, frozen=True):
    format: str
    version: int
    vault: str
    at: str
    entries: dict[str, _Entry]


def write_backup(
    target: Path,
    vault_id: str,
    at: str,
    copy_database: Callable[[Path], None],
    files: Callable[[], Mapping[str, Path]],
    *,
    disk: Disk = DISK,
) -> None:
    """Writes a copy of the database and then the files under their names as one backup, whole or not at all.

    The files are looked up after the copy is made, so that every object that the copy names is among them.
    Raises: StoreError and its kinds, DamagedVaultError.
    """
    part, copy = target.with_name(target.name + ".part"), target.with_name(target.name + ".db")
    with _store_faults():
        try:
            for path in (part, copy):
                disk.remove(path)
            os.close(disk.create_new(copy))
            copy_database(copy)
            with disk.write_new(part) as file:
                _write(file, vault_id, at, {"cases.db": copy} | dict(files()), disk)
                file.flush()
                disk.flush(file.fileno())
            disk.replace(part, target)
        finally:
            for path in (part, copy):
                with contextlib.suppress(OSError):
                    disk.remove(path)


def _write(file: BinaryIO, vault_id: str, at: str, files: Mapping[str, Path], disk: Disk) -> None:
    entries: dict[str, dict[str, int | str]] = {}
    with zipfile.ZipFile(file, "w", zipfile.ZIP_STORED, allowZip64=True) as archive:
        for name, path in files.items():
            digest, size = sha256(), 0
            # No time of its own: the same vault gives the same bytes but for the list.
            with disk.open_to_read(path) as source, archive.open(zipfile.ZipInfo(name), "w", force_zip64=True) as sink:
                while chunk := source.read(_CHUNK):
                    digest.update(chunk)
                    size += len(chunk)
                    sink.write(chunk)
            entries[name] = {"size": size, "sha256": digest.hexdigest()}
        listed = {"format": FORMAT, "version": VERSION, "vault": vault_id, "at": at, "entries": entries}
        archive.writestr(zipfile.ZipInfo(LIST_NAME), msgspec.json.format(msgspec.json.encode(listed), indent=1) + b"\n")


@contextlib.contextmanager
def _store_faults() -> Iterator[None]:
    try:
        yield
    except DiskFullError as error:
        raise StoreFullError("store-full") from error
    except DamagedVaultError:
        raise
    except VaultError as error:
        if error.code in {"vault-read-only", "cannot-open"}:
            raise StoreReadOnlyError("store-read-only") from error
        raise StoreError("backup-failed", reason=error.code) from error
    except OSError as error:
        raise _store_fault(error) from error


def _store_fault(error: OSError) -> StoreError:
    if is_disk_full(error):
        return StoreFullError("store-full")
    if error.errno in {errno.EACCES, errno.EPERM, errno.EROFS}:
        return StoreReadOnlyError("store-read-only")
    if error.errno in {errno.ENOENT, errno.ENOTDIR}:
        return StoreMissingError("store-missing")
    return StoreError("backup-failed", errno=errno.errorcode.get(error.errno or 0, "unknown"))


def restore(backup_file: Path, folder: Path, disk: Disk = DISK) -> None:
    """Makes a vault folder of a backup, whole or not at all. The key and the ways in are those that the vault had; it needs a fresh device.

    Raises: VaultMissingError("backup-missing"), DamagedVaultError("backup-damaged", reason), NewerVaultError("backup-version"),
    NewerVaultError("header-version"), RuleError("vault-exists") when something lies in the folder already, DiskFullError, VaultError.
    """
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise RuleError("vault-exists")
    if not backup_file.is_file():
        raise VaultMissingError("backup-missing")
    staging = folder.with_name(folder.name + ".restoring")
    with translated():
        shutil.rmtree(staging, ignore_errors=True)
        for place in (staging, staging / "objects", staging / "quarantine"):
            disk.make_folder(place)
        try:
            _unpack(backup_file, staging, disk)
            for place in (staging / "objects", staging / "quarantine", staging):
                disk.sync_folder(place)
            if folder.exists():
                folder.rmdir()
            disk.replace(staging, folder)
        finally:
            shutil.rmtree(staging, ignore_errors=True)


def header_of(backup_file: Path, disk: Disk = DISK) -> VaultHeader:
    """The header in a backup. Raises: VaultMissingError("backup-missing"), DamagedVaultError("backup-damaged"), NewerVaultError."""
    if not backup_file.is_file():
        raise VaultMissingError("backup-missing")
    with translated():
        try:
            with disk.open_to_read(backup_file) as file, zipfile.ZipFile(file) as archive:
                listed = _read_list(archive)
                if archive.getinfo(HEADER_NAME).file_size > _MAX_HEADER_BYTES:
                    raise DamagedVaultError("backup-damaged", reason="altered")
                data = archive.read(HEADER_NAME)
        except (zipfile.BadZipFile, EOFError, NotImplementedError, ValueError, KeyError, msgspec.MsgspecError):
            raise DamagedVaultError("backup-damaged", reason=_reason(backup_file)) from None
    if sha256(data).hexdigest() != listed.entries[HEADER_NAME].sha256:
        raise DamagedVaultError("backup-damaged", reason="altered")
    return parse_header(data).header


def _unpack(backup_file: Path, staging: Path, disk: Disk) -> None:
    try:
        with disk.open_to_read(backup_file) as file, zipfile.ZipFile(file) as archive:
            listed = _read_list(archive)
            for name, entry in listed.entries.items():
                _unpack_one(archive, name, entry, staging / name, disk)
        header = parse_header((staging / HEADER_NAME).read_bytes()).header
    except (zipfile.BadZipFile, EOFError, NotImplementedError, ValueError, KeyError, msgspec.MsgspecError):
        raise DamagedVaultError("backup-damaged", reason=_reason(backup_file)) from None
    if header.id != listed.vault:
        raise DamagedVaultError("backup-damaged", reason="altered")
    rewrite_header(staging, replace(header, needs_fresh_device=True), disk)


def _reason(backup_file: Path) -> str:
    """Why a file that could not be read as a backup is none: `foreign`, `cut-short` or `altered`."""
    with backup_file.open("rb") as file:
        if not file.read(len(_BEGINNING)).startswith(_BEGINNING):
            return "foreign"
    # Its table of contents comes last.
    return "altered" if zipfile.is_zipfile(backup_file) else "cut-short"


def _read_list(archive: zipfile.ZipFile) -> _List:
    infos = archive.infolist()
    if LIST_NAME not in archive.namelist():
        raise DamagedVaultError("backup-damaged", reason="foreign")
    info = archive.getinfo(LIST_NAME)
    if info.file_size > _MAX_LIST_BYTES:
        raise DamagedVaultError("backup-damaged", reason="altered")
    raw = msgspec.json.decode(archive.read(info))
    if not isinstance(raw, dict) or raw.get("format") != FORMAT:
        raise DamagedVaultError("backup-damaged", reason="foreign")
    version = raw.get("version")
    if isinstance(version, int) and version > VERSION:
        raise NewerVaultError("backup-version", version=version, known=VERSION)
    listed = msgspec.convert(raw, _List)
    names = [info.filename for info in infos]
    agrees = sorted(names) == sorted([*listed.entries, LIST_NAME]) and listed.entries.keys() >= _NEEDED
    if not agrees or not all(_NAMES.fullmatch(name) for name in listed.entries):
        raise DamagedVaultError("backup-damaged", reason="altered")
    return listed


def _unpack_one(archive: zipfile.ZipFile, name: str, entry: _Entry, target: Path, disk: Disk) -> None:
    info = archive.getinfo(name)
    if info.compress_type != zipfile.ZIP_STORED or info.file_size != entry.size:
        raise DamagedVaultError("backup-damaged", reason="altered")
    digest = sha256()
    with archive.open(info) as source, disk.write_new(target) as sink:
        while chunk := source.read(_CHUNK):
            digest.update(chunk)
            sink.write(chunk)
        sink.flush()
        disk.flush(sink.fileno())
    if digest.hexdigest() != entry.sha256:
        raise DamagedVaultError("backup-damaged", reason="altered")
