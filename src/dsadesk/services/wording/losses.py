"""What a salvage brought back and what it lost, in sentences: by kind, and by request where that is known."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import NamedTuple

from dsadesk.ports import Loss, Salvaged
from dsadesk.services.wording.plain import plain

NameOf = Callable[[str], str]

# One and many, by table. What stands only for lists that are made again from the rest is not told.
_KINDS: Mapping[str, tuple[str, str]] = {
    "event": ("signed fact", "signed facts"),
    "draft": ("draft", "drafts"),
    "answer": ("answer of a draft", "answers of drafts"),
    "revision": ("earlier version of an answer", "earlier versions of answers"),
    "sample": ("record of a sample", "records of samples"),
    "outbox": ("sealed delivery", "sealed deliveries"),
    "outbox_object": ("part of a sealed delivery", "parts of sealed deliveries"),
    "outbox_part": ("note of a part that was sent", "notes of parts that were sent"),
    "inbox_seen": ("note of a delivery that came", "notes of deliveries that came"),
    "inbox_looked_at": ("note of a delivery that was looked at", "notes of deliveries that were looked at"),
    "inbox_head": ("place in a partner's deliveries", "places in partners' deliveries"),
    "quarantine": ("record of a delivery held back", "records of deliveries held back"),
    "card": ("organisation card", "organisation cards"),
    "card_check": ("record that a key was compared", "records that keys were compared"),
    "setting": ("setting", "settings"),
    "object": ("sample file", "sample files"),
    "quarantine-file": ("delivery held back", "deliveries held back"),
}
_MADE_AGAIN = frozenset({"request_row"})
_WHY: Mapping[str, str] = {
    "damaged": "could not be read",
    "altered": "had been altered",
    "record-lost": "belonged to something lost",
}


class Losses(NamedTuple):
    """What came of a salvage: one sentence for all of it, and a line for each loss."""

    sentence: str
    lines: tuple[str, ...]


def salvage_sentences(found: Salvaged, name_of: NameOf) -> Losses:
    """What was kept and what was lost. `name_of` gives a request's title for its id."""
    kept = f"{_count(found.rows.get('event', 0), 'event')} and {_count(found.rows.get('draft', 0), 'draft')} came back"
    if found.is_whole:
        return Losses(f"Everything that was looked for could be read: {kept}.", ())
    losses = [loss for loss in found.losses if loss.table not in _MADE_AGAIN]
    lines = [loss_sentence(loss, name_of) for loss in losses if loss.rows is not None or loss.request]
    unsure = [_KINDS.get(loss.table, ("", loss.table))[1] for loss in losses if loss.rows is None and not loss.request]
    if unsure:
        lines.append(f"There may have been more of these, and how many is not known: {', '.join(unsure)}.")
    if found.unplaced:
        lines.append(f"{found.unplaced} pieces could be read, but nothing tells whose they are.")
    if found.history is not None:
        lines.append(f"{found.history.detail} {found.history.fix}".strip())
    lines += [f"{_count(count, table)} put together again from what was left." for table, count in found.mended.items()]
    return Losses(f"{found.damaged_pages} of {found.pages} pages could not be read. {kept}.", tuple(lines))


def loss_sentence(loss: Loss, name_of: NameOf) -> str:
    """One loss: what, of which request, how many, and why."""
    of = f" of “{plain(name_of(loss.request))}”" if loss.request else ""
    if loss.rows is None:
        many = _KINDS.get(loss.table, (loss.table, loss.table))[1]
        return f"There may have been more {many}{of}; how many is not known."
    why = _WHY.get(loss.why, _WHY["damaged"])
    return f"Lost: {_count(loss.rows, loss.table)}{of}, which {why}."


def _count(count: int, table: str) -> str:
    one, many = _KINDS.get(table, (table, table))
    return f"{count:,} {one if count == 1 else many}"
