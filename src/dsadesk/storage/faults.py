"""The one seam where the engine's and the operating system's errors become ours, each by a table.

SQLite's result codes and their meanings: sqlite.org/rescode.html. A driver error without a code is a mistake of ours in using it.
"""

from __future__ import annotations

import errno
from collections.abc import Mapping

from dsadesk.errors import DamagedVaultError, DiskFullError, VaultBusyError, VaultError

FULL = 13
IO_ERROR = 10
CANNOT_OPEN = 14
READ_ONLY = 8

Fault = tuple[type[VaultError], str]

ENGINE_FAULTS: Mapping[int, Fault] = {
    1: (VaultError, "database-statement"),  # ERROR
    2: (VaultError, "database-internal"),  # INTERNAL
    3: (VaultError, "vault-read-only"),  # PERM
    4: (VaultError, "database-interrupted"),  # ABORT
    5: (VaultBusyError, "vault-busy"),  # BUSY
    6: (VaultBusyError, "vault-busy"),  # LOCKED
    7: (VaultError, "out-of-memory"),  # NOMEM
    READ_ONLY: (VaultError, "vault-read-only"),
    9: (VaultError, "database-interrupted"),  # INTERRUPT
    IO_ERROR: (VaultError, "disk-error"),
    11: (DamagedVaultError, "database-damaged"),  # CORRUPT
    12: (VaultError, "database-internal"),  # NOTFOUND
    FULL: (DiskFullError, "disk-full"),
    CANNOT_OPEN: (VaultError, "cannot-open"),
    15: (VaultBusyError, "vault-busy"),  # PROTOCOL: a race for the journal's locks
    16: (VaultError, "database-internal"),  # EMPTY
    17: (VaultError, "database-statement"),  # SCHEMA
    18: (VaultError, "value-too-big"),  # TOOBIG
    19: (VaultError, "database-rule"),  # CONSTRAINT: a trigger, a key or a reference said no
    20: (VaultError, "database-statement"),  # MISMATCH
    21: (VaultError, "database-internal"),  # MISUSE
    22: (VaultError, "value-too-big"),  # NOLFS
    23: (VaultError, "database-statement"),  # AUTH
    24: (VaultError, "database-internal"),  # FORMAT
    25: (VaultError, "database-internal"),  # RANGE
    26: (DamagedVaultError, "database-unreadable"),  # NOTADB: page 1 does not decrypt; the key was checked before
    27: (VaultError, "database-internal"),  # NOTICE
    28: (VaultError, "database-internal"),  # WARNING
}
UNCODED_FAULTS: Mapping[type[Exception], Fault] = {
    OverflowError: (VaultError, "value-too-big"),
    UnicodeEncodeError: (VaultError, "value-not-text"),
}
_UNCODED: Fault = (VaultError, "database-misused")

SYSTEM_FAULTS: Mapping[int, Fault] = {
    errno.ENOSPC: (DiskFullError, "disk-full"),
    getattr(errno, "EDQUOT", errno.ENOSPC): (DiskFullError, "disk-full"),
    errno.EROFS: (VaultError, "vault-read-only"),
    errno.EACCES: (VaultError, "vault-read-only"),
    errno.EPERM: (VaultError, "vault-read-only"),
}
_SYSTEM: Fault = (VaultError, "disk-error")


def result_code(error: Exception) -> int | None:
    """SQLite's primary result code, or None when the driver itself complained."""
    code = getattr(error, "sqlite_errorcode", None)
    return None if code is None else int(code) & 0xFF


def engine_fault(error: Exception) -> VaultError:
    """What an engine error means for the vault. The engine's own words are not repeated: they may quote what was typed."""
    code = result_code(error)
    if code is None:
        kind, name = UNCODED_FAULTS.get(type(error), _UNCODED)
    else:
        kind, name = ENGINE_FAULTS[code]
    return kind(name)


def system_fault(error: OSError) -> VaultError:
    """What an operating system error means for the vault."""
    kind, name = SYSTEM_FAULTS.get(error.errno or 0, _SYSTEM)
    return kind(name) if kind is not VaultError else kind(name, errno=errno.errorcode.get(error.errno or 0, "unknown"))


def is_disk_full(error: OSError) -> bool:
    """Whether the operating system ran out of room or of quota."""
    return isinstance(system_fault(error), DiskFullError)
