"""Small named values in the vault's database: the profile, seeds, counters, cursors."""

from __future__ import annotations

from dsadesk.storage.database import Database

_WRITE = "INSERT INTO setting (name, value) VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value"


class SqlcipherSettings:
    """Implements `ports.Settings`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def read(self, name: str) -> bytes | None:
        """A value."""
        value: bytes | None = self._database.value("SELECT value FROM setting WHERE name = ?", (name,))
        return value

    def write(self, name: str, value: bytes) -> None:
        """Keeps a value."""
        self._database.execute(_WRITE, (name, value))

    def remove(self, name: str) -> None:
        """Forgets a value."""
        self._database.execute("DELETE FROM setting WHERE name = ?", (name,))
