"""One question of the form with what belongs under it: notes, what stops the request, ways to fill it, its drawing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from dsadesk.questions.flow import FLOW, flow_of
from dsadesk.ui.i18n import translate
from dsadesk.ui.presenters.filling import ITEMS
from dsadesk.ui.presenters.form import Entry
from dsadesk.ui.theme import Space
from dsadesk.ui.views.tab_order import tab_stops, tab_through
from dsadesk.ui.vocabulary import Kind, Tone
from dsadesk.ui.widgets.answers import Pick
from dsadesk.ui.widgets.banner import Banner
from dsadesk.ui.widgets.button import Button
from dsadesk.ui.widgets.flow_diagram import FlowPicture
from dsadesk.ui.widgets.question import Question
from dsadesk.ui.widgets.questions import build
from dsadesk.ui.widgets.repeat_table import RepeatTable
from dsadesk.ui.widgets.scroll_column import Column
from dsadesk.ui.widgets.text import Text

_MOST_CARDS = 6


class QuestionBlock(Column):
    """One question with what its answer calls for under it."""

    partners_wanted = Signal()
    fill_wanted = Signal()

    def __init__(self, entry: Entry, parent: QWidget) -> None:
        super().__init__(parent)
        self._entry = entry
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(Space.SMALL)
        self._said: list[QWidget] = []
        self._has_foot = False
        self.picture: FlowPicture | None = None
        self.question = _widget(entry, self)
        self.question.begin(entry.value)
        self._column.addWidget(self.question)
        if self.question.is_whole:
            self._add_foot()

    @property
    def is_whole(self) -> bool:
        """Whether all of it is there."""
        return self._has_foot

    def add_next(self) -> None:
        """Make one more part of the question; what stands under it comes with the last."""
        if not self.question.is_whole:
            self.question.add_next()
        if self.question.is_whole and not self._has_foot:
            self._add_foot()
            tab_through(self.stops())

    def finish(self) -> None:
        """Make all that is to come."""
        while not self._has_foot:
            self.add_next()

    def part_height(self, width: int) -> int:
        """Return the height in pixels, at a width, of the part that was made last."""
        if isinstance(self.question, RepeatTable):
            return self.question.part_height(width)
        return self.heightForWidth(width)

    def stops(self) -> list[QWidget]:
        """Return what the Tab key stops at, in the order in which it stands."""
        # The list of a drop-down is a window of its own.
        stops = [each for each in tab_stops(self) if each.window() is self.window()]
        if not isinstance(self.question, RepeatTable):
            return stops
        rows = self.question.stops()
        return rows + [each for each in stops if each not in rows]

    def draw(self, rows: Sequence[Mapping[str, str]]) -> None:
        """Draw the journey of the data as its table has it now."""
        if self.picture is not None:
            self.picture.show_flow(flow_of(rows))

    def _add_foot(self) -> None:
        self._has_foot = True
        made = [*self._supplier_parts(), *self._table_parts()]
        for each in made:
            if isinstance(each, Button):
                self._column.addWidget(each, 0, Qt.AlignmentFlag.AlignLeft)
            else:
                self._column.addWidget(each)
        self._say()
        if self.isVisible():
            for each in (*made, *self._said):
                each.show()

    def _supplier_parts(self) -> list[QWidget]:
        if not self._entry.is_supplier:
            return []
        link = Button(translate("QuestionForm", "Add a partner"), "link", icon_name="users", parent=self)
        link.clicked.connect(self.partners_wanted)
        if self._entry.spec.options:
            return [link]
        words = translate(
            "QuestionForm",
            "You have no partners yet. Take in the card of the organisation that holds the data; then you can choose it here.",
        )
        return [Text(words, "text", parent=self), link]

    def _table_parts(self) -> list[QWidget]:
        if self._entry.spec.id == ITEMS:
            words = translate("QuestionForm", "Fill from a file or the catalogue…")
            fill = Button(words, icon_name="file-spreadsheet", parent=self)
            fill.clicked.connect(self.fill_wanted)
            return [fill]
        if self._entry.spec.id == FLOW:
            self.picture = FlowPicture(self)
            self.question.changed.connect(self.draw)
            self.draw(self.question.value())
            return [self.picture]
        return []

    def follow(self, entry: Entry) -> bool:
        """Take what changed about the question; say no when it has to be made anew."""
        old = self._entry
        if replace(entry.spec, required=True) != replace(old.spec, required=True):
            return False
        if entry.spec.required != old.spec.required:
            spec = entry.spec
            label = spec.label if spec.required else translate("Question", "{label} (optional)", label=spec.label)
            self.question.label.setText(label)
        self._entry = entry
        if self._has_foot and (entry.notes, entry.stops) != (old.notes, old.stops):
            self._say()
        return True

    def _say(self) -> None:
        for each in self._said:
            self._column.removeWidget(each)
            each.hide()
            each.deleteLater()
        self._said = [Banner(note, Tone.INFO, parent=self) for note in self._entry.notes]
        self._said += [Banner(stop, Tone.BAD, parent=self) for stop in self._entry.stops]
        for each in self._said:
            self._column.addWidget(each)


def _widget(entry: Entry, parent: QWidget) -> Question[Any]:
    if entry.spec.kind is Kind.CHOICE and (entry.is_supplier and len(entry.spec.options) > _MOST_CARDS):
        return Pick(entry.spec, look="subtitle", parent=parent)
    return build(entry.spec, parent)
