"""What came of a salvage: what was kept, and what was lost by table and request."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from dsadesk.storage.anchor import AnchorFinding

DAMAGED: Final = "damaged"
ALTERED: Final = "altered"
RECORD_LOST: Final = "record-lost"


@dataclass(frozen=True)
class Loss:
    """Rows of a table, or files under the names `object` and `quarantine-file`, that are lost.

    `request` is None where it is not known or there is none, `rows` None where it is not known how many. `why` is `damaged` (the place
    cannot be read), `altered` (it is not what was kept there), or `record-lost` (the record that it belongs to is lost).
    """

    table: str
    request: str | None
    rows: int | None
    why: str = DAMAGED


@dataclass(frozen=True, kw_only=True)
class Salvaged:
    """What came of it.

    `rows` counts what was kept, by table. `history` is what the anchor of the damaged vault says about the events that are left, None
    when they are all of them. `mended` names what was not there and follows from what was: answers taken from their history, drafts
    whose own record is lost. `unplaced` rows were readable, but nothing tells whose they are.
    """

    folder: Path
    pages: int
    damaged_pages: int
    rows: Mapping[str, int]
    files: int
    losses: tuple[Loss, ...]
    mended: Mapping[str, int]
    unplaced: int
    history: AnchorFinding | None

    @property
    def is_whole(self) -> bool:
        """Whether nothing is known to be lost."""
        return not self.losses and not self.unplaced and self.history is None
