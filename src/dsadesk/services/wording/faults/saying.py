"""What a table of sentences is made of."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from dsadesk.errors import DsadeskError


@dataclass(frozen=True)
class Saying:
    """What happened and what to do now, one whole sentence each, for somebody at the window as for somebody at the command line.

    `command` is what does it on the command line, and is told only there. `otherwise` is said where a field that they name was not told.
    """

    what: str
    todo: str
    otherwise: Saying | None = None
    command: str = ""


ANY = "*"
"""Stands for every code of a class that has no sentence of its own."""

Sayings = Mapping[type[DsadeskError], Mapping[str, Saying]]
"""By class, then by code; `code/why` for one reason of a code, `code/ours` when it is about the reader's own organisation."""
