"""What can be wrong with a vault, in words, and what to do about each."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from dsadesk.storage.anchor import AnchorFinding

_RESTORE = "Keep this vault as it is, restore your newest backup into a new folder, and let the other side send again what is missing there."
_FIXES: Final[Mapping[str, str]] = {
    "database-damaged": _RESTORE,
    "event-altered": _RESTORE,
    "object-missing": "Restore the file from your newest backup, or attach the sample again, or ask for it to be sent again.",
    "object-damaged": "Remove the damaged file, then restore it from your newest backup, attach the sample again, or ask for it "
    "to be sent again.",
    "object-unclaimed": "Nothing is lost. Tidy the vault to free the space.",
    "quarantine-missing": "Nothing that you use is affected. Ask the sender to send the bundle again if you need it as evidence.",
    "quarantine-damaged": "Nothing that you use is affected. Ask the sender to send the bundle again if you need it as evidence.",
    "quarantine-unclaimed": "Nothing is lost. Report it if it comes back.",
    "rolled-back": "Find out whether an old copy of the folder was put back. Restore the newest copy, "
    "or let the other side send again what is missing.",
    "history-differs": "Find out who else had access to this folder, and compare the history with the other side's.",
    "anchor-missing": "A new record of the newest event is being kept from now on. Find out who removed the old one.",
    "anchor-damaged": "A new record of the newest event is being kept from now on.",
    "catalogue-damaged": "Import the catalogue again.",
    "catalogue-set-aside": "Import the catalogue again.",
    "reserve-missing": "Free some space on this disk.",
}


@dataclass
class Problem:
    """Implements `ports.VaultProblem`."""

    code: str
    detail: str
    fix: str


def problem(code: str, detail: str) -> Problem:
    """A problem with the fix that belongs to it."""
    return Problem(code, detail, _FIXES[code])


def anchor_problem(finding: AnchorFinding) -> Problem:
    """What the record outside the database says of the history."""
    known = f"On {finding.at[:10]} the vault had {finding.count} events."
    sentences = {
        "rolled-back": f"{known} It has fewer now.",
        "history-differs": f"{known} The ones it has now are not the same.",
        "database-damaged": "The newest part of the history cannot be read.",
        "anchor-missing": "The record of the newest event is not there.",
        "anchor-damaged": "The record of the newest event cannot be read or was altered.",
    }
    return problem(finding.code, sentences[finding.code])
