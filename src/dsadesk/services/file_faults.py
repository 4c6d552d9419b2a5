"""Why a file that a person named could not be written: one rule for the window, the command line and samples."""

from __future__ import annotations

import errno

from dsadesk.errors import RuleError

_FULL = frozenset({errno.ENOSPC, getattr(errno, "EDQUOT", errno.ENOSPC)})


def unwritable(name: str, error: OSError) -> RuleError:
    """Return the error to raise: `file-no-room` where the disk or one's share of it is full, else `file-unwritable`."""
    if error.errno in _FULL:
        return RuleError("file-no-room", name=name)
    return RuleError("file-unwritable", name=name, why=error.strerror or "")
