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
from dsadesk.ui.vocabulary import Kind, Tone
from dsadesk.ui.widgets.answers import Pick
from dsadesk.ui.widgets.banner import Banner
from dsadesk.ui.widgets.button import Button
from dsadesk.ui.widgets.flow_diagram import FlowPicture
from dsadesk.ui.widgets.question import Question
from dsadesk.ui.widgets.questions import build
from dsadesk.ui.widgets.text import Text

_MOST_CARDS = 6


class QuestionBlock(QWidget):
    """One question with what its answer calls for under it."""

    partners_wanted = Signal()
    fill_wanted = Signal()

    def __init__(self, entry: Entry, parent: QWidget) -> None:
        super().__init__(parent)
        self._entry = entry
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(Space.SMALL)
        self.question = _widget(entry, self)
        self.question.set_value(entry.value)
        self._column.addWidget(self.question)
        if entry.is_supplier and not entry.spec.options:
            self._column.addWidget(
                Text(
                    translate(
                        "QuestionForm",
                        "You have no partners yet. Take in the card of the organisation that holds the data; then you can choose it here.",
                    ),
                    "text",
                    parent=self,
                )
            )
        if entry.is_supplier:
            link = Button(translate("QuestionForm", "Add a partner"), "link", icon_name="users", parent=self)
            link.clicked.connect(self.partners_wanted)
            self._column.addWidget(link, 0, Qt.AlignmentFlag.AlignLeft)
        if entry.spec.id == ITEMS:
            words = translate("QuestionForm", "Fill from a file or the catalogue…")
            fill = Button(words, icon_name="file-spreadsheet", parent=self)
            fill.clicked.connect(self.fill_wanted)
            self._column.addWidget(fill, 0, Qt.AlignmentFlag.AlignLeft)
        if entry.spec.id == FLOW:
            self.picture = FlowPicture(self)
            self._column.addWidget(self.picture)
            self.question.changed.connect(self.draw)
            self.draw(entry.value)
        self._said: list[QWidget] = []
        self._say()

    def draw(self, rows: Sequence[Mapping[str, str]]) -> None:
        """Draw the journey of the data as its table has it now."""
        self.picture.show_flow(flow_of(rows))

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
        if (entry.notes, entry.stops) != (old.notes, old.stops):
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
