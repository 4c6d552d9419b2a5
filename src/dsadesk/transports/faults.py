"""The one seam where an operating system's errors become a store's. A table decides; what it does not know is "unreachable"."""

from __future__ import annotations

import errno
from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from dsadesk.errors import (
    StoreError,
    StoreFullError,
    StoreMissingError,
    StoreReadOnlyError,
    StoreRefusedError,
    StoreUnreachableError,
)

Row = tuple[type[StoreError], str]

_UNREACHABLE: Row = (StoreUnreachableError, "store-unreachable")

_BY_ERRNO: Mapping[int, Row] = {
    getattr(errno, "EDQUOT", errno.ENOSPC): (StoreFullError, "quota-full"),
    errno.ENOSPC: (StoreFullError, "store-full"),
    errno.EROFS: (StoreReadOnlyError, "store-read-only"),
    errno.EACCES: (StoreReadOnlyError, "store-read-only"),
    errno.EPERM: (StoreReadOnlyError, "store-read-only"),
    errno.ENOENT: (StoreMissingError, "store-missing"),
    errno.ENOTDIR: (StoreMissingError, "store-missing"),
    errno.EEXIST: (StoreRefusedError, "name-taken"),
    errno.ELOOP: (StoreRefusedError, "link-in-store"),
    errno.EFBIG: (StoreRefusedError, "object-too-large"),
    errno.ENAMETOOLONG: (StoreRefusedError, "path-too-long"),
    errno.EIO: _UNREACHABLE,
    errno.ENODEV: _UNREACHABLE,
    getattr(errno, "ESTALE", errno.EIO): _UNREACHABLE,
    errno.ETIMEDOUT: _UNREACHABLE,
}

# Windows folds these into EACCES or ENOENT, which would read as "read only" or "missing".
_BY_WINERROR: Mapping[int, Row] = {
    19: (StoreReadOnlyError, "store-read-only"),  # write protected
    21: _UNREACHABLE,  # drive not ready
    32: (StoreUnreachableError, "store-busy"),  # another program, often a virus scanner, holds the file
    33: (StoreUnreachableError, "store-busy"),
    39: (StoreFullError, "store-full"),
    53: _UNREACHABLE,  # network path not found
    59: _UNREACHABLE,
    64: _UNREACHABLE,  # network name gone
    67: _UNREACHABLE,
    112: (StoreFullError, "store-full"),
    121: _UNREACHABLE,
    206: (StoreRefusedError, "path-too-long"),
    1231: _UNREACHABLE,  # network location cannot be reached
}


def store_error(error: OSError, *, writing: bool, address: str) -> StoreError:
    """The store's error for an operating system's. Being refused a read is not "read only": another login may help."""
    kind, code = _BY_WINERROR.get(getattr(error, "winerror", None) or 0) or _BY_ERRNO.get(
        error.errno or 0, _UNREACHABLE
    )
    if kind is StoreReadOnlyError and not writing:
        kind, code = StoreUnreachableError, "no-access"
    return kind(code, address=address, reason=errno.errorcode.get(error.errno or 0, "unknown"))


@contextmanager
def as_store_errors(address: str, *, writing: bool = False) -> Iterator[None]:
    """Turns every operating system's error inside into the store's.

    Raises: StoreError.
    """
    try:
        yield
    except OSError as error:
        raise store_error(error, writing=writing, address=address) from error
