"""The list of what a new desk still needs, each line with its way on."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QAccessible
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from dsadesk.ui.i18n import translate
from dsadesk.ui.presenters.first_steps import FirstStep
from dsadesk.ui.theme import Space
from dsadesk.ui.widgets.accessible import give_role
from dsadesk.ui.widgets.button import Button
from dsadesk.ui.widgets.card import Card
from dsadesk.ui.widgets.glyph import Glyph
from dsadesk.ui.widgets.text import Text


class FirstStepList(Card):
    """The steps in order. The first that is not done has the green button."""

    step_chosen = Signal(object)  # Place

    def __init__(self, title: str, parent: QWidget | None = None) -> None:
        super().__init__(title, icon_name="list-checks", shade="brand", parent=parent)
        self._steps = QVBoxLayout()
        self._steps.setSpacing(Space.MEDIUM)
        self.column.addLayout(self._steps)

    def show_steps(self, steps: Sequence[FirstStep]) -> None:
        """Show these steps in place of those before."""
        while (item := self._steps.takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                widget.hide()
                widget.deleteLater()
        first_open = next((step.id for step in steps if step.is_done is False), "")
        for step in steps:
            self._steps.addWidget(self._line(step, is_next=step.id == first_open))

    def _line(self, step: FirstStep, *, is_next: bool) -> QWidget:
        line = QWidget()
        give_role(line, QAccessible.Role.Grouping)
        done = bool(step.is_done)
        state = translate("FirstSteps", "done") if done else translate("FirstSteps", "to do")
        line.setAccessibleName(f"{step.title}, {state}" if step.is_done is not None else step.title)
        row = QHBoxLayout(line)
        row.setContentsMargins(0, Space.TIGHT, 0, 0)
        row.setSpacing(Space.MEDIUM)
        mark = Glyph("circle-check" if done else "circle", "good" if done else "line2", size=22)
        row.addWidget(mark, 0, Qt.AlignmentFlag.AlignTop)
        words = QVBoxLayout()
        words.setSpacing(Space.HAIR)
        words.addWidget(Text(step.title, "strong"))
        words.addWidget(Text(step.sentence, "hint"))
        row.addLayout(words, 1)
        button = Button(step.action, "primary" if is_next else "plain", small=True)
        button.setAccessibleDescription(step.title)
        button.clicked.connect(lambda: self.step_chosen.emit(step.place))
        row.addWidget(button, 0, Qt.AlignmentFlag.AlignTop)
        return line
