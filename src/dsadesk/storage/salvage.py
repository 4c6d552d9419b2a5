"""Brings what can still be read of a damaged vault into a new one, and says what could not.

The damaged vault is only read. Its database is read page by page: a page is taken when it is authentic, so each bad page costs what lies
on it and nothing else, whichever page it is. Where the way to a page is lost with the page above it, its rows say whose they are. The new
vault has the same id, key and ways in, and is to take a fresh device; events keep the bytes that were signed, in their order, and are chained anew. Objects and
quarantined bundles are taken when their bytes are those they are named after.
"""

from __future__ import annotations

import contextlib
import io
import os
import shutil
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import replace
from hashlib import sha256
from pathlib import Path
from typing import BinaryIO, Final

from dsadesk.bundle.objects import is_damaged
from dsadesk.domain.ids import ObjectId
from dsadesk.errors import DamagedVaultError, NewerVaultError, RuleError, VaultBusyError, VaultError, WrongKeyError
from dsadesk.ports import Clock, Loss, Salvaged
from dsadesk.storage.anchor import ANCHOR_NAME, EVIDENCE, AnchorFinding, AnchorKeeper
from dsadesk.storage.database import Database
from dsadesk.storage.engine import CASES, SALT_BYTES
from dsadesk.storage.event_store import SqlcipherEvents
from dsadesk.storage.files import DISK, Disk, FolderLock, translated
from dsadesk.storage.header import HEADER_NAME, HeaderFile, read_header, rewrite_header
from dsadesk.storage.keys import anchor_key, checked_length, database_salt, key_check
from dsadesk.storage.losses import ALTERED, DAMAGED, record_losses, wanted_files
from dsadesk.storage.migrating import apply
from dsadesk.storage.migrations import STEPS
from dsadesk.storage.objects import is_object_name
from dsadesk.storage.page_file import PageFile, PageKeys, fitting_keys, read_at
from dsadesk.storage.problems import anchor_problem
from dsadesk.storage.reserve import Reserve
from dsadesk.storage.row_copy import RowCopy
from dsadesk.storage.table_shapes import tables_of
from dsadesk.storage.tree_rows import find_rows, stored_version_of

_DATABASE: Final = "cases.db"
_FOLDERS = ("objects", "quarantine")
_CHUNK = 1024 * 1024


def salvage(folder: Path, data_key: bytes, target: Path, clock: Clock, disk: Disk = DISK) -> Salvaged:
    """Makes a new vault at `target` of what can be read of the one in `folder`, whole or not at all. The damaged one is left as it is.

    Raises: VaultMissingError, WrongKeyError, DamagedVaultError("header"), DamagedVaultError("database-missing"),
    DamagedVaultError("database-unreadable") when no page at all can be read, NewerVaultError, VaultBusyError while it is open,
    RuleError("vault-exists") when something lies at the target already, DiskFullError, VaultError.
    """
    checked_length(data_key)
    header = read_header(folder, disk)
    if not header.opens_with(key_check(data_key, header.header.id)):
        raise WrongKeyError("wrong-key")
    if target.exists() and (not target.is_dir() or any(target.iterdir())):
        raise RuleError("vault-exists")
    staging = target.with_name(target.name + ".salvaging")
    with _held(folder, disk), translated():
        shutil.rmtree(staging, ignore_errors=True)
        for place in (staging, *(staging / name for name in _FOLDERS)):
            disk.make_folder(place)
        try:
            salvaged = _Salvage(folder, staging, data_key, header=header, clock=clock, disk=disk).run()
            for place in (*(staging / name for name in _FOLDERS), staging):
                disk.sync_folder(place)
            if target.exists():
                target.rmdir()
            disk.replace(staging, target)
        finally:
            shutil.rmtree(staging, ignore_errors=True)
    return replace(salvaged, folder=target)


@contextlib.contextmanager
def _held(folder: Path, disk: Disk) -> Iterator[None]:
    """Keeps others from the vault meanwhile. Raises: VaultBusyError."""
    lock = None
    if (folder / "lock").exists():
        try:
            lock = FolderLock(folder / "lock", disk)
        except VaultBusyError:
            raise
        except VaultError:
            pass  # where nothing can be written nobody can have it open
    try:
        yield
    finally:
        if lock is not None:
            lock.release()


class _Salvage:
    def __init__(
        self, folder: Path, staging: Path, data_key: bytes, *, header: HeaderFile, clock: Clock, disk: Disk
    ) -> None:
        self._folder = folder
        self._staging = staging
        self._key = data_key
        self._header = header.header
        self._id = header.header.id
        self._clock = clock
        self._disk = disk
        self._losses: list[Loss] = []
        self._file_keys: dict[str, bytes] = {}

    def run(self) -> Salvaged:
        with contextlib.ExitStack() as opened:
            file = opened.enter_context(self._raw(_DATABASE))
            journal = opened.enter_context(self._raw(f"{_DATABASE}-wal")) if self._has_journal() else None
            pages = PageFile(file, journal, self._keys(file))
            version = stored_version_of(pages)
            if version is not None and version > len(STEPS):
                raise NewerVaultError("vault-version", version=version, known=len(STEPS))
            database = self._new_database(version or len(STEPS))
            try:
                return self._fill(database, pages)
            finally:
                database.close()
                self._disk.sync_file(self._staging / _DATABASE)

    def _fill(self, database: Database, pages: PageFile) -> Salvaged:
        tables = tables_of(database)
        found = find_rows(pages, tables)
        copy = RowCopy(database, tables, found)
        copy.run()
        self._losses += [*record_losses(tables, found), *copy.losses]
        self._file_keys = {
            row["object"]: row["file_key"] for row in database.query("SELECT object, file_key FROM sample")
        }
        files = sum(self._files(kind, wanted) for kind, wanted in wanted_files(database).items())
        self._disk.write_whole(self._staging / HEADER_NAME, (self._folder / HEADER_NAME).read_bytes())
        rewrite_header(self._staging, replace(self._header, needs_fresh_device=True), self._disk)
        return Salvaged(
            folder=self._staging,
            pages=pages.count,
            damaged_pages=len(found.damaged),
            rows=dict(copy.kept),
            files=files,
            losses=tuple(self._losses),
            mended=dict(copy.mended),
            unplaced=found.unplaced,
            history=None if (finding := self._history(database)) is None else anchor_problem(finding),
        )

    # ------------------------------------------------------------ the database

    def _raw(self, name: str) -> io.FileIO:
        """A file without a buffer, so that a bad sector spoils no read but its own. Raises: DamagedVaultError("database-missing")."""
        path = self._folder / name
        if not path.exists():
            raise DamagedVaultError("database-missing")
        return self._disk.raw(self._disk.open(path, os.O_RDONLY), "rb")

    def _has_journal(self) -> bool:
        return (self._folder / f"{_DATABASE}-wal").exists()

    def _keys(self, file: io.FileIO) -> PageKeys:
        salts = [read_at(file, 0, SALT_BYTES), database_salt(self._key, self._id)]
        for copy in sorted(self._folder.glob("cases-before-*.db")):
            with copy.open("rb") as kept:
                salts.append(kept.read(SALT_BYTES))
        keys = fitting_keys(file, self._key, [salt for salt in salts if len(salt) == SALT_BYTES])
        if keys is None:
            raise DamagedVaultError("database-unreadable")
        return keys

    def _new_database(self, version: int) -> Database:
        path = self._staging / _DATABASE
        os.close(self._disk.create_new(path))
        salt = database_salt(self._key, self._id)
        database = Database(path, self._key, CASES, Reserve(self._staging, 0, self._disk), salt=salt)
        try:
            apply(database, STEPS[:version], self._clock.now())
            database.insert("meta", key="vault_id", value=self._id)
        except BaseException:
            database.close()
            raise
        return database

    def _history(self, database: Database) -> AnchorFinding | None:
        """Compares the old anchor with the events that are left. One that knows of others is kept aside, and a new one begun."""
        anchor = self._folder / ANCHOR_NAME
        if anchor.exists():
            self._disk.write_whole(self._staging / ANCHOR_NAME, anchor.read_bytes())
        events = SqlcipherEvents(database, lambda: None)
        key = anchor_key(self._key, self._id)
        keeper = AnchorKeeper(self._staging, self._id, key, clock=self._clock, history=events, disk=self._disk)
        finding = keeper.finding()
        if finding is not None and finding.code in EVIDENCE:
            keeper.accept()
        return finding

    # ------------------------------------------------------------ files beside it

    def _files(self, kind: str, wanted: Mapping[str, str | None]) -> int:
        """Takes over the files of a folder whose bytes are those they are named after. Returns how many."""
        kept, damaged = set[str](), set[str]()
        for path in sorted((self._folder / kind).glob("*")):
            if is_object_name(path.name) and path.is_file():
                target = self._staging / kind / path.name
                (kept if self._copied(path, target, is_object=kind == "objects") else damaged).add(path.name)
        name = {"objects": "object", "quarantine": "quarantine-file"}[kind]
        lost = Counter((request, name in damaged) for name, request in wanted.items() if name not in kept)
        for (request, is_altered), count in lost.items():
            self._losses.append(Loss(name, request, count, ALTERED if is_altered else DAMAGED))
        return len(kept)

    def _copied(self, source: Path, target: Path, *, is_object: bool) -> bool:
        """Copies a file that is what its name says. An object is named by what is in it and how it is locked (docs/adr)."""
        digest, is_readable = sha256(), True
        with self._disk.write_new(target) as sink:
            try:
                with self._disk.open_to_read(source) as file:
                    while chunk := _read(file):
                        digest.update(chunk)
                        sink.write(chunk)
            except _UnreadableError:
                is_readable = False
            sink.flush()
            self._disk.flush(sink.fileno())
        if is_readable and (digest.hexdigest() == source.name or (is_object and self._is_whole(target))):
            return True
        self._disk.remove(target)
        return False

    def _is_whole(self, target: Path) -> bool:
        name = ObjectId(target.name)
        with self._disk.open_to_read(target) as payload:
            return not is_damaged(payload, name, self._file_keys.get(name))


class _UnreadableError(Exception):
    """A place in a file that the disk does not give back."""


def _read(file: BinaryIO) -> bytes:
    try:
        return file.read(_CHUNK)
    except OSError as error:
        raise _UnreadableError from error
