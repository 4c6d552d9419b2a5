"""Security markings. dsadesk handles OFFICIAL, with or without the SENSITIVE marking, and nothing above.

Source: Government Security Classifications Policy (Cabinet Office, August 2024): OFFICIAL, SECRET and TOP SECRET are
tiers; SENSITIVE is a marking added to OFFICIAL.
"""

from __future__ import annotations

from enum import StrEnum

from dsadesk.errors import RuleError


class Marking(StrEnum):
    """The markings that this program may hold."""

    OFFICIAL = "OFFICIAL"
    OFFICIAL_SENSITIVE = "OFFICIAL-SENSITIVE"


def parse_marking(text: str) -> Marking:
    """Reads a marking.

    Raises: RuleError("marking-too-high") for SECRET and TOP SECRET, RuleError("marking-unknown") for anything else.
    """
    folded = " ".join(text.upper().replace("_", " ").split())
    if "SECRET" in folded:
        raise RuleError("marking-too-high", marking=folded)
    for marking in Marking:
        if folded.replace(" ", "-") == marking.value:
            return marking
    raise RuleError("marking-unknown", marking=folded[:60])
