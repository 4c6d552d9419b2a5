"""What the trial of a store finds."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from dsadesk.errors import DsadeskError, StoreUnreachableError

_NOT_PLUGGED_IN = frozenset({"folder-missing", "folder-empty", "marker-missing"})


class Level(StrEnum):
    """What a finding means."""

    FINE = "fine"
    BEARABLE = "can-live-with"
    UNUSABLE = "must-not-be-used"


_ORDER = list(Level)


@dataclass(frozen=True, kw_only=True)
class Finding:
    """One thing that was tried. `error` is what the store, or we, said to it; `minutes` by how much a clock differs, `room` how many bytes are free."""

    about: str
    level: Level
    error: DsadeskError | None = None
    minutes: int = 0
    room: int = 0


@dataclass(frozen=True, kw_only=True)
class Diagnosis:
    """What a store did when it was tried. `cursor` is for the next time; `worse` says what became worse since the last one."""

    address: str
    store_id: str
    at: datetime
    findings: tuple[Finding, ...]
    cursor: str = ""
    worse: tuple[str, ...] = ()

    @property
    def level(self) -> Level:
        """The worst of the findings."""
        return max((finding.level for finding in self.findings), key=_ORDER.index, default=Level.FINE)

    @property
    def is_cut_off(self) -> bool:
        """Whether the link, or a drive that is not plugged in, kept it from being tried: that says nothing about the store."""
        return any(self._is_away(each) for each in self.findings if each.level is not Level.FINE)

    def _is_away(self, finding: Finding) -> bool:
        if finding.error is None:
            return False
        is_drive = "://" not in self.address and finding.about == "marker"
        return isinstance(finding.error, StoreUnreachableError) or (is_drive and finding.error.code in _NOT_PLUGGED_IN)
