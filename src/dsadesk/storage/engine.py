"""Opens keyed SQLite files. The only module that imports the database driver and sqlite_utils.

The driver is registered as `pysqlite3` before sqlite_utils looks for one, so that sqlite_utils catches and raises the driver's own
exception classes. numpy and pandas are hidden while it is imported: it would load them for types that nothing here stores, and that
doubles the time it takes. It is imported when it is first needed, which opening and reading are not.

A key that is not exactly 32 bytes is refused here: the engine would take any other length for a passphrase and quietly make a file
that the real key does not open.
"""

from __future__ import annotations

import sys
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import ModuleType
from typing import Any, Final

import sqlcipher3
import sqlcipher3.dbapi2 as driver

from dsadesk.errors import WrongKeyError

KEY_BYTES: Final = 32
SALT_BYTES: Final = 16
APPLICATION_ID: Final = 0x44534144  # "DSAD"

Connection: type[Any] = driver.Connection
DriverError: type[Exception] = driver.Error
# What the driver raises besides its own errors, for values that no column can hold.
ENGINE_ERRORS: tuple[type[Exception], ...] = (DriverError, OverflowError, UnicodeEncodeError)


@dataclass(frozen=True, kw_only=True)
class Tuning:
    """How one of the vault's files is opened. Measured: docs/formats/vault.md."""

    page_bytes: int
    synchronous: str
    cache_kib: int


CASES = Tuning(page_bytes=4096, synchronous="FULL", cache_kib=32_000)
CATALOGUE = Tuning(page_bytes=16_384, synchronous="NORMAL", cache_kib=64_000)


def pragmas(tuning: Tuning) -> tuple[str, ...]:
    """The statements after the key, in order."""
    lines = (
        f"cipher_page_size = {tuning.page_bytes}",
        "journal_mode = WAL",
        f"synchronous = {tuning.synchronous}",
        "foreign_keys = ON",
        "recursive_triggers = ON",
        "temp_store = MEMORY",
        "busy_timeout = 5000",
        f"cache_size = -{tuning.cache_kib}",
        "wal_autocheckpoint = 1000",
        f"journal_size_limit = {16 * 1024 * 1024}",
        "trusted_schema = OFF",
        "cell_size_check = ON",
    )
    if sys.platform == "darwin":
        lines += ("fullfsync = ON", "checkpoint_fullfsync = ON")
    return tuple(f"PRAGMA {line}" for line in lines)


def connect(
    path: Path, key: bytes | bytearray, tuning: Tuning, *, salt: bytes = b"", connection: type[Any] = Connection
) -> Any:
    """A keyed connection in autocommit mode, from any thread but one at a time.

    `salt` is for a file that is made: the engine takes it instead of a random one. A file that is there is read with its own.
    Raises: WrongKeyError("key-length"), or one of `ENGINE_ERRORS` for the caller to translate.
    """
    if len(key) != KEY_BYTES:
        raise WrongKeyError("key-length", size=len(key))
    if len(salt) not in (0, SALT_BYTES):
        raise ValueError("a salt has 16 bytes")
    opened = driver.connect(str(path), isolation_level=None, check_same_thread=False, factory=connection)
    try:
        opened.execute("PRAGMA cipher_log_level = NONE")
        # Not by PRAGMA: its text would stay in the statement cache, and a trace would print it.
        opened.set_key(f"x'{key.hex()}{salt.hex()}'")
        for statement in pragmas(tuning):
            opened.execute(statement).fetchone()
        if opened.execute("PRAGMA journal_mode").fetchone() != ("wal",):
            # A file system without shared memory: the slower pair that is as safe there.
            opened.execute("PRAGMA journal_mode = DELETE").fetchone()
            opened.execute("PRAGMA synchronous = EXTRA")
    except BaseException:
        opened.close()
        raise
    return opened


@cache
def utilities() -> ModuleType:
    """The sqlite_utils library over our driver. Raises: RuntimeError when someone imported it before over another one."""
    sys.modules["pysqlite3"] = sqlcipher3
    sys.modules["pysqlite3.dbapi2"] = driver
    hidden = [name for name in ("numpy", "pandas") if name not in sys.modules]
    for name in hidden:
        sys.modules[name] = None  # type: ignore[assignment]  # None is how an import is refused
    try:
        import sqlite_utils
    finally:
        for name in hidden:
            del sys.modules[name]
    if vars(sqlite_utils.utils)["sqlite3"] is not sqlcipher3:
        raise RuntimeError("sqlite_utils was imported before the vault's engine")
    return sqlite_utils


def tables(connection: Any) -> Any:
    """The connection with sqlite_utils around it. No plug-in of another package ever sees a keyed connection."""
    return utilities().Database(connection, recursive_triggers=False, execute_plugins=False)
