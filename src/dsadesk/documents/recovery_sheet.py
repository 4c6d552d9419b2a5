"""The recovery sheet: 24 numbered words to print and to keep away from the laptop. It names no passphrase and no key.

In English only, as the window is: a translation of what protects everything has to be read by somebody who knows both languages first.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from dsadesk.documents.building import facts, line
from dsadesk.documents.layout import Block, Bullets, Callout, Document, Heading, Paragraph, Table
from dsadesk.documents.wording import long_date
from dsadesk.domain.marking import Marking
from dsadesk.domain.organisation import Official, Organisation

_ROWS = 8
_COLUMNS = ("Number", "Word", "Number", "Word", "Number", "Word")
_WARNING = (
    "Whoever has these words can read what this vault holds and sign in your name. Show them to nobody, never photograph them, and type "
    "them nowhere but in dsadesk."
)
_FOR = (
    "They open the vault when this computer's key store, or the passphrase, no longer does.",
    "They bring your keys back on a new laptop when the old one is gone.",
    "They cannot bring back drafts that lay only on the old laptop. Make backups of the vault as well.",
)
_WHERE = (
    "In a locked place, away from the laptop. Your organisation's safe or registry is a good one.",
    "A second copy in another building protects against fire and water.",
    "If this sheet is lost, or somebody else has seen it, tell whoever administers your organisation's keys on the same day.",
)
_ORDER = "Write nothing else on this sheet. dsadesk asks for one word from time to time, so that you can be sure that you have kept them."


def recovery_sheet(
    words: Sequence[str], *, organisation: Organisation, official: Official, vault_id: str, made_on: date
) -> Document:
    """The sheet for 24 words. It is never kept: whoever renders it writes it only where a person chose."""
    rows = tuple(
        tuple(text for n in range(row, 3 * _ROWS + 1, _ROWS) for text in (str(n), words[n - 1]))
        for row in range(1, _ROWS + 1)
    )
    blocks: list[Block] = [
        *facts(
            [
                ("Belongs to", f"{official.name}, {official.post}"),
                ("Organisation", organisation.name),
                ("Made on", long_date(made_on)),
            ]
        ),
        Callout("warning", _WARNING),
        Table("The words, in the order of their numbers", _COLUMNS, rows),
        Heading(1, "What they are for"),
        Bullets(_FOR),
        Heading(1, "Where to keep them"),
        Bullets(_WHERE),
        Paragraph(_ORDER),
    ]
    return Document(
        kind="request",
        title="Recovery words",
        subtitle="Keep this sheet. It opens everything.",
        reference=line(f"Vault {vault_id[:8]}"),
        version=0,
        marking=Marking.OFFICIAL_SENSITIVE,
        language="en",
        blocks=tuple(blocks),
    )
