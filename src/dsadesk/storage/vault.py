"""The vault on disk: a folder with a header, a keyed database, encrypted files, and a note of how far the history had come.

What lies where and why is written down in docs/formats/vault.md. Opening never gives up what can still be read: a file that went back in
time or lost a part opens, and says so in `open_problems`.
"""

from __future__ import annotations

import contextlib
import os
import re
import shutil
from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

from dsadesk.domain.ids import ObjectId
from dsadesk.errors import DamagedVaultError, DiskFullError, RuleError, VaultError, VaultMissingError, WrongKeyError
from dsadesk.ports import (
    Cards,
    CatalogueIndex,
    Clock,
    Drafts,
    Entropy,
    Events,
    Inbox,
    Objects,
    Outbox,
    Projections,
    Salvaged,
    Samples,
    Settings,
    VaultHeader,
)
from dsadesk.storage.anchor import ANCHOR_NAME, EVIDENCE, AnchorKeeper
from dsadesk.storage.cards import SqlcipherCards
from dsadesk.storage.catalogue_index import SqlcipherCatalogue
from dsadesk.storage.database import Database
from dsadesk.storage.drafts import SqlcipherDrafts
from dsadesk.storage.engine import CASES, Connection
from dsadesk.storage.event_store import SqlcipherEvents
from dsadesk.storage.files import DISK, Disk, FolderLock, free_name, translated
from dsadesk.storage.header import HEADER_NAME, has_header, read_header, rewrite_header, write_new_header
from dsadesk.storage.inbox import SqlcipherInbox
from dsadesk.storage.keys import anchor_key, catalogue_key, checked_length, database_salt, key_check
from dsadesk.storage.migrating import apply, pending
from dsadesk.storage.migrations import STEPS, Step
from dsadesk.storage.named_values import SqlcipherSettings
from dsadesk.storage.objects import FolderObjects
from dsadesk.storage.outbox import SqlcipherOutbox
from dsadesk.storage.problems import Problem, anchor_problem, problem
from dsadesk.storage.projections import SqlcipherProjections
from dsadesk.storage.reserve import RESERVE_BYTES, Reserve
from dsadesk.storage.samples import SqlcipherSamples

DATABASE_NAME: Final = "cases.db"
_UNFINISHED_NAME: Final = "cases.db.new"
_OBJECTS: Final = "objects"
_QUARANTINE: Final = "quarantine"
_SUFFIX = re.compile(r"[A-Za-z0-9._-]+")


class SqlcipherVault:
    """Implements `ports.Vault`. Made by `SqlcipherPlace`; it owns the folder's lock until it is closed."""

    def __init__(
        self,
        place: SqlcipherPlace,
        *,
        vault_id: str,
        data_key: bytes,
        database: Database,
        lock: FolderLock,
        reserve: Reserve,
    ) -> None:
        self._id = vault_id
        self._folder = place.directory
        self._clock = place.clock
        self._disk = place.disk
        self._database = database
        self._lock = lock
        self._reserve = reserve
        self._problems: list[Problem] = []
        self._is_open = True
        events = SqlcipherEvents(database, self._note_append)
        objects = FolderObjects(self._folder / _OBJECTS, place.entropy, place.disk)
        samples = SqlcipherSamples(database, objects)
        catalogue = SqlcipherCatalogue(
            self._folder,
            catalogue_key(data_key, vault_id),
            reserve,
            self._note_catalogue,
            disk=place.disk,
            connection=place.connection,
        )
        self._stored_events, self._folder_objects, self._catalogue = events, objects, catalogue
        self.events: Events = events
        self.objects: Objects = objects
        self.samples: Samples = samples
        self.catalogue: CatalogueIndex = catalogue
        self.drafts: Drafts = SqlcipherDrafts(database)
        self.outbox: Outbox = SqlcipherOutbox(database)
        self.inbox: Inbox = SqlcipherInbox(database, self._folder / _QUARANTINE, place.disk)
        self.cards: Cards = SqlcipherCards(database)
        self.settings: Settings = SqlcipherSettings(database)
        self.projections: Projections = SqlcipherProjections(database)
        key = anchor_key(data_key, vault_id)
        self._anchor = AnchorKeeper(self._folder, vault_id, key, clock=self._clock, history=events, disk=place.disk)
        database.after_commit = self._anchor.write_if_due
        finding = self._anchor.finding()
        if finding is not None:
            self._problems.append(anchor_problem(finding))
        if not reserve.is_filled:
            self._problems.append(problem("reserve-missing", "The disk is nearly full: no room could be held back."))

    @property
    def id(self) -> str:
        """The vault's own random id."""
        return self._id

    @property
    def folder(self) -> Path | None:
        """Where it lies."""
        return self._folder

    @property
    def open_problems(self) -> tuple[Problem, ...]:
        """What was found when it was opened, and since."""
        return tuple(self._problems)

    def transaction(self) -> AbstractContextManager[None]:
        """All changes of the database inside happen together. Objects and the catalogue are files of their own and stand outside."""
        return self._database.transaction()

    def check(self) -> tuple[Problem, ...]:
        """Looks for damage, orphans and a rolled-back file; empty when all is well.

        Raises: RuleError("in-transaction"), VaultError("vault-closed").
        """
        from dsadesk.storage.checks import Checkup

        self._refuse_in_transaction()
        checkup = Checkup(
            database=self._database,
            events=self._stored_events,
            objects=self._folder_objects,
            object_ids=self._named_objects(),
            catalogue=self._catalogue,
            quarantine=self._folder / _QUARANTINE,
        )
        found = list(checkup.problems())
        return (*self._problems, *(each for each in found if each not in self._problems))

    def backup(self, target: Path) -> None:
        """Writes one encrypted file under the same key. Raises: StoreError and its kinds, RuleError("in-transaction")."""
        from dsadesk.storage.backup import write_backup

        self._refuse_in_transaction()
        if not self._is_open:
            raise VaultError("vault-closed")
        self._anchor.write()
        at = self._clock.now().isoformat()
        write_backup(target, self._id, at, self._database.copy_to, self._files, disk=self._disk)

    def accept_history(self) -> None:
        """Takes the history as it is after the anchor disagreed with it; the old anchor is kept aside.

        Raises: DamagedVaultError when the history cannot be read, DiskFullError, VaultError.
        """
        self._anchor.accept()
        self._problems = [each for each in self._problems if each.code not in EVIDENCE]

    def close(self) -> None:
        """Writes the anchor, folds the journal in, closes and lets go of the folder. Closing twice is fine."""
        if not self._is_open:
            return
        self._is_open = False
        try:
            # Everything acknowledged is on disk already; what is left here only tidies.
            with contextlib.suppress(VaultError, OSError):
                self._anchor.finish()
            self._catalogue.close()
            self._database.close()
        finally:
            self._lock.release()

    def _named_objects(self) -> frozenset[ObjectId]:
        try:
            return self.samples.object_ids()
        except DamagedVaultError:
            return frozenset()

    def _files(self) -> Mapping[str, Path]:
        files = {HEADER_NAME: self._folder / HEADER_NAME}
        if (self._folder / ANCHOR_NAME).exists():
            files[ANCHOR_NAME] = self._folder / ANCHOR_NAME
        files |= {f"{_OBJECTS}/{path.name}": path for path in self._folder_objects.paths()}
        kept = sorted(path for path in (self._folder / _QUARANTINE).iterdir() if path.suffix != ".new")
        return files | {f"{_QUARANTINE}/{path.name}": path for path in kept}

    def _refuse_in_transaction(self) -> None:
        if self._database.in_transaction:
            raise RuleError("in-transaction")

    def _note_append(self) -> None:
        self._anchor.note()

    def _note_catalogue(self) -> None:
        self._problems.append(problem("catalogue-set-aside", "The catalogue could not be read and was set aside."))


class SqlcipherPlace:
    """Implements `ports.VaultPlace` for a folder. What comes after the entropy is for tests."""

    def __init__(
        self,
        folder: Path,
        clock: Clock,
        entropy: Entropy,
        *,
        reserve_bytes: int = RESERVE_BYTES,
        steps: Sequence[Step] = STEPS,
        disk: Disk = DISK,
        connection: type[Any] = Connection,
    ) -> None:
        self.directory = folder
        self.clock = clock
        self.entropy = entropy
        self.disk = disk
        self.connection = connection
        self._reserve_bytes = reserve_bytes
        self._steps = steps

    @property
    def folder(self) -> Path | None:
        """Where it is."""
        return self.directory

    def exists(self) -> bool:
        """Whether a vault's header lies here."""
        self._settle()
        return has_header(self.directory)

    def header(self) -> VaultHeader:
        """Reads the header. Raises: VaultMissingError, DamagedVaultError("header"), NewerVaultError("header-version")."""
        self._settle()
        return read_header(self.directory, self.disk).header

    def write_header(self, header: VaultHeader) -> None:
        """Replaces the header whole or not at all and keeps the key check.

        Raises: VaultMissingError, DamagedVaultError("header"), RuleError("other-vault"), DiskFullError, VaultError.
        """
        rewrite_header(self.directory, header, self.disk)

    def create(self, header: VaultHeader, data_key: bytes) -> SqlcipherVault:
        """Makes a vault and opens it.

        The database is made under another name and gets its own after the header is there. A crash before that leaves what nobody
        can open, and the next attempt clears it away; a crash after it leaves a vault that the next opening finishes.

        Raises: WrongKeyError("key-length"), VaultBusyError, RuleError("vault-exists"), DiskFullError, VaultError.
        """
        checked_length(data_key)
        with translated():
            self.disk.make_folder(self.directory)
        lock = FolderLock(self.directory / "lock", self.disk)
        try:
            self._refuse_existing()
            reserve = Reserve(self.directory, self._reserve_bytes, self.disk)
            try:
                self._make(header, data_key, reserve)
            except BaseException:
                if not self.exists():
                    reserve.release()
                    with contextlib.suppress(OSError):
                        self._clear_unfinished()
                raise
            return self._open(data_key, lock, reserve)
        except BaseException:
            lock.release()
            raise

    def open(self, data_key: bytes) -> SqlcipherVault:
        """Opens the vault, migrating it after a copy.

        Raises: VaultMissingError, WrongKeyError, DamagedVaultError, NewerVaultError, VaultBusyError, DiskFullError, VaultError.
        """
        checked_length(data_key)
        self._settle()
        header = read_header(self.directory, self.disk)
        if not header.opens_with(key_check(data_key, header.header.id)):
            raise WrongKeyError("wrong-key")
        lock = FolderLock(self.directory / "lock", self.disk)
        try:
            reserve = Reserve(self.directory, self._reserve_bytes, self.disk)
            try:
                return self._open(data_key, lock, reserve)
            except DiskFullError:
                # Without room nothing can be opened at all: the engine cannot make its shared memory file.
                reserve.release()
                return self._open(data_key, lock, reserve)
        except BaseException:
            lock.release()
            raise

    def set_aside(self, suffix: str) -> Path | None:
        """Renames the vault's folder out of the way; never deletes.

        Returns where it is now, or None when nothing was there. Raises: VaultBusyError while it is open, VaultError.
        """
        if _SUFFIX.fullmatch(suffix) is None:
            raise ValueError("a suffix is letters, digits, dots, hyphens and underscores")
        if not self.directory.exists():
            return None
        FolderLock(self.directory / "lock", self.disk).release()
        with translated():
            target = free_name(self.directory.with_name(f"{self.directory.name}-{suffix}"))
            self.disk.replace(self.directory, target)
        return target

    def header_of_backup(self, backup: Path) -> VaultHeader:
        """The header in a backup. Raises: VaultMissingError("backup-missing"), DamagedVaultError("backup-damaged"), NewerVaultError."""
        from dsadesk.storage.backup import header_of

        return header_of(backup, self.disk)

    def restore(self, backup: Path, suffix: str = "before-restoring") -> Path | None:
        """Puts the vault of a backup in place; it opens by the ways in that it had. What lay here is renamed aside.

        Returns where that is now. Raises: VaultMissingError("backup-missing"), DamagedVaultError("backup-damaged"), NewerVaultError,
        RuleError("vault-exists") when something else lies here, VaultBusyError, DiskFullError, VaultError.
        """
        from dsadesk.storage.backup import restore

        self._refuse_foreign()
        restore(backup, self._make_room(), self.disk)
        return self._put_in_place(suffix)

    def salvage(self, data_key: bytes, suffix: str = "damaged") -> tuple[Salvaged, Path]:
        """Puts a new vault in place of what can be read of the damaged one here, which is renamed aside and left as it is.

        Raises: VaultMissingError, WrongKeyError, DamagedVaultError, NewerVaultError, VaultBusyError, DiskFullError, VaultError; then
        nothing was moved.
        """
        from dsadesk.storage.salvage import salvage

        found = salvage(self.directory, data_key, self._make_room(), self.clock, self.disk)
        aside = self._put_in_place(suffix)
        if aside is None:
            raise VaultMissingError("vault-missing")
        return replace(found, folder=self.directory), aside

    @property
    def _coming(self) -> Path:
        """Where a vault lies whole that is to take the place of the one here."""
        return self.directory.with_name(self.directory.name + ".coming")

    def _make_room(self) -> Path:
        self._settle()
        with translated():
            shutil.rmtree(self._coming, ignore_errors=True)
        return self._coming

    def _put_in_place(self, suffix: str) -> Path | None:
        """Renames what lies here aside and the new vault into its place. Cut off between the two, the next look finishes it."""
        with translated():
            if self.directory.exists() and not any(self.directory.iterdir()):
                self.directory.rmdir()
            try:
                aside = self.set_aside(suffix)
            except BaseException:
                shutil.rmtree(self._coming, ignore_errors=True)
                raise
            self.disk.replace(self._coming, self.directory)
        return aside

    def _settle(self) -> None:
        """Finishes what was cut off when a vault had been renamed aside and the one in its stead was not in place yet."""
        if not self.directory.exists() and has_header(self._coming):
            with translated():
                self.disk.replace(self._coming, self.directory)

    def _refuse_foreign(self) -> None:
        """Refuses where something lies that is no vault, or a vault that is open. Raises: RuleError("vault-exists"), VaultBusyError."""
        if not self.directory.exists() or (self.directory.is_dir() and not any(self.directory.iterdir())):
            return
        if not (self.exists() or (self.directory / DATABASE_NAME).exists()):
            raise RuleError("vault-exists")
        FolderLock(self.directory / "lock", self.disk).release()

    def _refuse_existing(self) -> None:
        if self.exists() or (self.directory / DATABASE_NAME).exists():
            raise RuleError("vault-exists")

    def _make(self, header: VaultHeader, data_key: bytes, reserve: Reserve) -> None:
        unfinished = self.directory / _UNFINISHED_NAME
        with translated():
            self._clear_unfinished()
            for name in (_OBJECTS, _QUARANTINE):
                self.disk.make_folder(self.directory / name)
            reserve.fill()
            # SQLite gives its journal the mode of the file, so the file is made first.
            os.close(self.disk.create_new(unfinished))
        salt = database_salt(data_key, header.id)
        database = Database(unfinished, data_key, CASES, reserve, salt=salt, connection=self.connection)
        try:
            apply(database, self._steps, self.clock.now())
            database.insert("meta", key="vault_id", value=header.id)
        finally:
            database.close()
        with translated():
            self.disk.sync_file(unfinished)
            write_new_header(self.directory, header, key_check(data_key, header.id), self.disk)
            self.disk.replace(unfinished, self.directory / DATABASE_NAME)

    def _clear_unfinished(self) -> None:
        for ending in ("", "-wal", "-shm", "-journal"):
            self.disk.remove(self.directory / (_UNFINISHED_NAME + ending))

    def _open(self, data_key: bytes, lock: FolderLock, reserve: Reserve) -> SqlcipherVault:
        vault_id = read_header(self.directory, self.disk).header.id
        path = self.directory / DATABASE_NAME
        with translated():
            if not path.exists() and (self.directory / _UNFINISHED_NAME).exists():
                self.disk.replace(self.directory / _UNFINISHED_NAME, path)
            if not path.exists():
                raise DamagedVaultError("database-missing")
            if path.stat().st_size == 0:
                raise DamagedVaultError("database-empty")
            for name in (_OBJECTS, _QUARANTINE):
                self.disk.make_folder(self.directory / name)
        database = Database(path, data_key, CASES, reserve, connection=self.connection)
        try:
            self._migrate(database)
            _check_id(database, vault_id)
            reserve.refill()
            return SqlcipherVault(
                self, vault_id=vault_id, data_key=data_key, database=database, lock=lock, reserve=reserve
            )
        except BaseException:
            database.close()
            raise

    def _migrate(self, database: Database) -> None:
        steps = pending(database, self._steps)
        if not steps:
            return
        copy = self.directory / f"cases-before-{steps[0].n:04d}.db"
        with translated():
            self.disk.remove(copy)
            os.close(self.disk.create_new(copy))
            database.copy_to(copy)
            self.disk.sync_file(copy)
        apply(database, steps, self.clock.now())


def _check_id(database: Database, vault_id: str) -> None:
    if database.value("SELECT value FROM meta WHERE key = 'vault_id'") != vault_id:
        raise DamagedVaultError("header", reason="other-vault")
