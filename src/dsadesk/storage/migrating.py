"""Brings a database up to the tables that this version knows, all steps in one transaction, and refuses a newer one untouched."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from hashlib import sha256

from dsadesk.errors import DamagedVaultError, NewerVaultError
from dsadesk.storage.database import Database
from dsadesk.storage.engine import APPLICATION_ID
from dsadesk.storage.migrations import Step
from dsadesk.storage.moments import to_stored


def stored_version(database: Database) -> int:
    """The last step that was applied; 0 for an empty database."""
    return int(database.value("PRAGMA user_version"))


def pending(database: Database, steps: Sequence[Step]) -> tuple[Step, ...]:
    """The steps still to be applied.

    Raises: DamagedVaultError("not-a-vault") for another program's file, NewerVaultError("vault-version").
    """
    version = stored_version(database)
    if database.value("PRAGMA application_id") != APPLICATION_ID:
        raise DamagedVaultError("not-a-vault")
    known = {step.n: step.name for step in steps}
    applied = {row["n"]: row["name"] for row in database.query("SELECT n, name FROM migration ORDER BY n")}
    if version > max(known) or any(known.get(n) != name for n, name in applied.items()):
        raise NewerVaultError("vault-version", version=version, known=max(known))
    return tuple(step for step in steps if step.n not in applied)


def apply(database: Database, steps: Sequence[Step], at: datetime) -> None:
    """Applies steps, all or none. Raises: DiskFullError, VaultError."""
    with database.transaction():
        for step in steps:
            database.script(step.sql)
            digest = sha256(step.sql.encode()).hexdigest()
            database.execute(
                "INSERT INTO migration (n, name, sha256, at) VALUES (?, ?, ?, ?)",
                (step.n, step.name, digest, to_stored(at)),
            )
            database.execute(f"PRAGMA user_version = {step.n:d}")
        database.execute(f"PRAGMA application_id = {APPLICATION_ID:d}")
