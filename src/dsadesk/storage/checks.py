"""Looks an open vault over. Nothing is changed except that the journal is folded in."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import file_digest
from pathlib import Path

from dsadesk.bundle.objects import is_damaged
from dsadesk.domain.ids import ObjectId
from dsadesk.errors import DamagedVaultError, VaultError
from dsadesk.storage.catalogue_index import SqlcipherCatalogue
from dsadesk.storage.database import Database
from dsadesk.storage.event_store import SqlcipherEvents
from dsadesk.storage.objects import FolderObjects
from dsadesk.storage.problems import Problem, problem

_NAMED = "SELECT object FROM sample UNION SELECT object FROM outbox_object"


def is_named_after_its_bytes(path: Path) -> bool:
    """Whether a file holds the bytes whose SHA-256 is its name. One that cannot be read does not."""
    try:
        with path.open("rb") as file:
            return file_digest(file, "sha256").hexdigest() == path.name
    except OSError:
        return False


@dataclass(frozen=True)
class Checkup:
    """The parts of a vault that can be looked over."""

    database: Database
    events: SqlcipherEvents
    objects: FolderObjects
    object_ids: frozenset[str]
    catalogue: SqlcipherCatalogue
    quarantine: Path

    def problems(self) -> Iterator[Problem]:
        """Everything that was found, the gravest first."""
        yield from self._pages()
        yield from self._history()
        yield from self._objects()
        yield from self._quarantine()
        damage = self.catalogue.damage()
        if damage:
            yield problem("catalogue-damaged", f"The catalogue's file is damaged: {damage}.")

    def _pages(self) -> Iterator[Problem]:
        # Both checks, and after the journal is folded in: the cipher's own check reads only the main file, so it misses a file
        # that ends early and cries wolf over pages that are still in the journal.
        self.database.fold_journal()
        for pragma in ("PRAGMA cipher_integrity_check", "PRAGMA integrity_check(10)", "PRAGMA foreign_key_check"):
            try:
                lines = [str(next(iter(row.values()))) for row in self.database.query(pragma)]
                found = [line for line in lines if line != "ok"]
            except DamagedVaultError as error:
                found = [error.code]
            if found:
                yield problem("database-damaged", f"{len(found)} places in the database cannot be trusted: {found[0]}.")

    def _history(self) -> Iterator[Problem]:
        try:
            broken = self.events.first_broken()
        except DamagedVaultError:
            return  # the pages said so already
        if broken is not None:
            yield problem("event-altered", f"Event {broken} is not what was written when it was kept.")

    def _objects(self) -> Iterator[Problem]:
        try:
            named = frozenset(self.database.column(_NAMED))
        except DamagedVaultError:
            return
        present = self.objects.names()
        for name in sorted(self.object_ids - present):
            yield problem("object-missing", f"The encrypted file {name[:16]}… is named by a record and is not there.")
        for name in sorted(n for n in present & named if self._is_damaged(n)):
            yield problem("object-damaged", f"The encrypted file {name[:16]}… is not what was kept under its name.")
        for name in sorted(present - named):
            yield problem("object-unclaimed", f"No record names the encrypted file {name[:16]}….")

    def _is_damaged(self, name: ObjectId) -> bool:
        key: bytes | None = self.database.value("SELECT file_key FROM sample WHERE object = ?", (name,))
        try:
            with self.objects.open(name) as payload:
                return is_damaged(payload, name, key)
        except VaultError:
            return True  # it cannot be read

    def _quarantine(self) -> Iterator[Problem]:
        try:
            named = frozenset(self.database.column("SELECT content FROM quarantine"))
        except DamagedVaultError:
            return
        present = frozenset(path.name for path in self.quarantine.iterdir() if path.suffix != ".new")
        for name in sorted(named - present):
            yield problem("quarantine-missing", f"The set-aside bundle {name[:16]}… is not there.")
        for name in sorted(n for n in present & named if not is_named_after_its_bytes(self.quarantine / n)):
            yield problem(
                "quarantine-damaged", f"The set-aside bundle {name[:16]}… is not what was kept under its name."
            )
        for name in sorted(present - named):
            yield problem("quarantine-unclaimed", f"No record names the set-aside bundle {name[:16]}….")
