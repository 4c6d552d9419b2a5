"""What a process that holds keys does to itself before it opens anything."""

from __future__ import annotations

import os
import sys


def harden() -> None:
    """Turns core dumps off and makes every new file readable by its owner alone.

    On Linux the limit is one byte, not none: a crash handler behind a pipe is not bound by a limit of zero, and the kernel gives up
    at exactly one (core(5); fs/coredump.c). Windows has neither; there the folder's own access list decides.
    """
    os.umask(0o077)
    if sys.platform != "win32":
        import resource

        wanted = 1 if sys.platform == "linux" else 0
        _, most = resource.getrlimit(resource.RLIMIT_CORE)
        limit = wanted if most == resource.RLIM_INFINITY else min(wanted, most)
        resource.setrlimit(resource.RLIMIT_CORE, (limit, limit))
