"""Starts dsadesk: the command line when a command is given, the window when not."""

from __future__ import annotations

import runpy
import sys
from pathlib import Path

INSPECT, SPELL = "inspect-sample", "spell-words"
NOUNS = frozenset({"vault", "keys", "catalogue", "request", "questions", "bundle", "inbox", "agreement", "store"})


def main() -> int:
    """Runs a command, or opens the window, perhaps with a bundle to open."""
    arguments = sys.argv[1:]
    if arguments == [INSPECT]:
        # The frozen program starts itself to read a sample in a process of its own.
        runpy.run_module("dsadesk.inspection.child", run_name="__main__")
        return 0
    if arguments[:1] == [SPELL]:
        runpy.run_module("dsadesk.host.spelling_child", run_name="__main__")
        return 0
    if NOUNS.isdisjoint(arguments) and not {"--help", "-h", "--version"} & set(arguments):
        from dsadesk.ui.app import run as run_window

        return int(run_window(arguments))
    from dsadesk.bootstrap import make_desk
    from dsadesk.cli.main import run

    return run(arguments, lambda vault: make_desk(vault if vault is None else Path(vault)))


if __name__ == "__main__":
    sys.exit(main())
