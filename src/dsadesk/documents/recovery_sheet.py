"""The recovery sheet: 24 numbered words, or one of three shares, to print and to keep away from the laptop. It names no passphrase and no key.

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


_SHARE_WARNING = (
    "One share alone opens nothing and tells nothing. Whoever has two can read what the vault holds and sign in its owner's name. Never "
    "keep two in one place."
)
_SHARE_FOR = (
    "Any two of the three do what the 24 recovery words do: they open the vault, and bring its keys back on a new laptop.",
    "Type one share and then the other where dsadesk asks for the recovery words. Both begin with the same two words.",
)
_SHARE_WHERE = (
    "With three people, or in three locked places. Write down, elsewhere, who has which.",
    "If two are lost, or somebody has seen two, tell whoever administers your organisation's keys on the same day.",
)


def recovery_sheet(
    words: Sequence[str], *, organisation: Organisation, official: Official, vault_id: str, made_on: date
) -> Document:
    """The sheet for 24 words. It is never kept: whoever renders it writes it only where a person chose."""
    blocks: list[Block] = [
        *facts(
            [
                ("Belongs to", f"{official.name}, {official.post}"),
                ("Organisation", organisation.name),
                ("Made on", long_date(made_on)),
            ]
        ),
        Callout("warning", _WARNING),
        Table("The words, in the order of their numbers", _COLUMNS, _in_columns(words)),
        Heading(1, "What they are for"),
        Bullets(_FOR),
        Heading(1, "Where to keep them"),
        Bullets(_WHERE),
        Paragraph(_ORDER),
    ]
    return _sheet("Recovery words", "Keep this sheet. It opens everything.", vault_id, blocks)


def share_sheet(
    words: Sequence[str],
    *,
    number: int,
    set_name: str,
    organisation: Organisation,
    official: Official,
    vault_id: str,
    made_on: date,
) -> Document:
    """The sheet for one share. It is never kept, as the other is not."""
    blocks: list[Block] = [
        *facts(
            [
                ("Belongs to", f"{official.name}, {official.post}"),
                ("Organisation", organisation.name),
                ("Made on", long_date(made_on)),
                ("Set", f"the one that begins with “{set_name}”"),
            ]
        ),
        Callout("warning", _SHARE_WARNING),
        Table("The words, in the order of their numbers", _COLUMNS, _in_columns(words)),
        Heading(1, "What it is for"),
        Bullets(_SHARE_FOR),
        Heading(1, "Where to keep the three"),
        Bullets(_SHARE_WHERE),
    ]
    return _sheet(f"Share {number} of 3", "Any two of the three open everything.", vault_id, blocks)


def _in_columns(words: Sequence[str]) -> tuple[tuple[str, ...], ...]:
    """The words with their numbers, in three columns from top to bottom."""
    rows = len(words) // 3
    return tuple(
        tuple(text for n in range(row, len(words) + 1, rows) for text in (str(n), words[n - 1]))
        for row in range(1, rows + 1)
    )


def _sheet(title: str, subtitle: str, vault_id: str, blocks: Sequence[Block]) -> Document:
    return Document(
        kind="request",
        title=title,
        subtitle=subtitle,
        reference=line(f"Vault {vault_id[:8]}"),
        version=0,
        marking=Marking.OFFICIAL_SENSITIVE,
        language="en",
        blocks=tuple(blocks),
    )
