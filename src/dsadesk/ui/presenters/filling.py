"""Filling the table of data items from what describes a dataset: shown first, taken when a person says so.

Nothing is decided for them: the reason, whether it is about people, and whether less would do stay empty in each row.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from dsadesk.catalogue.fields import MAX_SCHEMA_BYTES, DescribedField, read_fields
from dsadesk.domain.events import Dataset
from dsadesk.errors import RuleError
from dsadesk.services import discovering
from dsadesk.services.wording import Explanation
from dsadesk.ui.presenters.editor import EditorPresenter
from dsadesk.ui.presenters.frame import Frame
from dsadesk.ui.vocabulary import Card

ITEMS = "data.items"
_MOST_FOUND = 50


@dataclass(frozen=True)
class OfferedField:
    """One row that could be taken. `is_there` says that the table has a row of that name already."""

    name: str
    said: str
    is_there: bool


class FillingPage(Protocol):
    """What the presenter asks of the dialog."""

    def show_offered(self, source: str, offered: Sequence[OfferedField]) -> None:
        """Show the rows of a source before any is taken."""

    def show_found(self, cards: Sequence[Card]) -> None:
        """Show the datasets of the catalogue that match."""

    def show_error(self, explanation: Explanation) -> None:
        """Say what went wrong."""

    def done_with(self) -> None:
        """Close: the rows are taken."""


class FillingPresenter:
    """Fills the table of the draft that the editor has open. It can be undone there."""

    def __init__(self, view: FillingPage, frame: Frame, editor: EditorPresenter) -> None:
        self._view, self._frame, self._editor = view, frame, editor
        self._rows: tuple[dict[str, str], ...] = ()
        self._found: tuple[Dataset, ...] = ()

    def open_file(self, file: Path) -> None:
        """Read the fields that a file describes: of a CSV file only its first line."""

        def done(fields: tuple[DescribedField, ...]) -> None:
            self._offer(file.name, [_row(field) for field in fields])

        self._frame.work(lambda: read_fields(_beginning(file)), done, self._view.show_error)

    def search(self, words: str) -> None:
        """Look in the catalogue."""
        session = self._frame.desk.session

        def done(found: tuple[Dataset, ...]) -> None:
            self._found = found
            self._view.show_found([Card(each.title, each.publisher) for each in found])

        if words.strip():
            self._frame.work(lambda: discovering.search(session, words, _MOST_FOUND), done, self._view.show_error)
        else:
            done(())

    def choose(self, place: int) -> None:
        """Offer a record of the catalogue. It names no fields, so it gives one row to go on from."""
        chosen = self._found[place]
        meaning = " ".join(chosen.description.split())
        row = {"name": chosen.title[:120], "meaning": meaning[:399] + "…" if len(meaning) > 400 else meaning}
        self._offer(chosen.title, [row | {"dataset": chosen.title[:120], "source": chosen.publisher[:120]}])

    def take(self, places: Sequence[int]) -> None:
        """Add these rows to the table."""
        there = self._editor.answers.get(ITEMS)
        rows = list(there) if isinstance(there, list) else []
        self._editor.take_all({ITEMS: [*rows, *(self._rows[place] for place in places)]}, "Added")
        self._view.done_with()

    def _offer(self, source: str, rows: Sequence[dict[str, str]]) -> None:
        there = self._editor.answers.get(ITEMS)
        names = {row.get("name", "").casefold() for row in there} if isinstance(there, list) else set()
        self._rows = tuple({name: cell for name, cell in row.items() if cell} for row in rows)
        offered = []
        for row in self._rows:
            parts = (row.get("meaning", ""), row.get("format", ""), row.get("codes", ""), row.get("dataset", ""))
            said = " · ".join(part for part in parts if part)
            offered.append(OfferedField(row["name"], said, row["name"].casefold() in names))
        self._view.show_offered(source, offered)


def _row(field: DescribedField) -> dict[str, str]:
    return {
        "name": field.name,
        "meaning": field.meaning,
        "format": field.format,
        "codes": field.codes,
        "dataset": field.table,
    }


def _beginning(file: Path) -> bytes:
    """The first bytes of a file: all of a description, and of a table far more than its headings."""
    try:
        with file.open("rb") as source:
            return source.read(MAX_SCHEMA_BYTES + 1)
    except OSError as error:
        raise RuleError("file-unreadable", name=file.name, why=error.strerror or "") from error
