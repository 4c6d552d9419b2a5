"""A step of the first start: where it stands, a title and a lead, what belongs to it, and the buttons at its foot."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QLineEdit, QVBoxLayout, QWidget
from shiboken6 import isValid

from dsadesk.ui.theme import Space
from dsadesk.ui.views.centred import centre
from dsadesk.ui.views.notice import Notice
from dsadesk.ui.views.passphrase_row import PassphraseRow
from dsadesk.ui.widgets.button import Button
from dsadesk.ui.widgets.flow import Flow
from dsadesk.ui.widgets.form_row import FormRow
from dsadesk.ui.widgets.glyph import Glyph
from dsadesk.ui.widgets.scroll_column import ScrollColumn
from dsadesk.ui.widgets.text import Text


class StepPage(ScrollColumn):
    """One step: where it stands, a title, a lead, what belongs to it, and the buttons."""

    def __init__(self, title: str, lead: str = "", *, mark: str = "") -> None:
        super().__init__(width=680)
        centre(self)
        head = QWidget()
        column = QVBoxLayout(head)
        column.setContentsMargins(0, Space.GUTTER, 0, 0)
        column.setSpacing(Space.SMALL)
        if mark:
            column.addWidget(Glyph(mark, "brand", size=44, stroke=1.5))
            column.addSpacing(Space.TIGHT)
        self.where = Text("", "caption")
        self.where.hide()
        self._title = Text(title, "display", heading=True)
        self._title.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        column.addWidget(self.where)
        column.addWidget(self._title)
        if lead:
            column.addWidget(Text(lead, "lead"))
        self.add(head)
        self.notice = Notice()
        self.add(self.notice)
        self._foot = QWidget()
        self._actions = Flow(self._foot, spacing=Space.MEDIUM)
        self.busy = Text("", "meta", wrap=False)
        self.column.insertWidget(self.column.count() - 1, self._foot)
        self._actions.addWidget(self.busy)
        self._buttons: list[Button] = []
        self.rows: dict[str, FormRow] = {}

    def add(self, widget: QWidget, *, left: bool = False) -> None:
        """Put a widget above the buttons."""
        place = self.column.count() - (2 if hasattr(self, "_foot") else 1)
        if left:
            self.column.insertWidget(place, widget, 0, Qt.AlignmentFlag.AlignLeft)
        else:
            self.column.insertWidget(place, widget)

    def add_action(self, words: str, look: str = "plain") -> Button:
        """Put a button at the foot."""
        button = Button(words, look)
        self._actions.removeWidget(self.busy)
        self._actions.addWidget(button)
        self._actions.addWidget(self.busy)
        self._buttons.append(button)
        return button

    def set_busy(self, *, busy: bool) -> None:
        """Let nobody press twice."""
        for button in self._buttons:
            button.setEnabled(not busy)

    def focus_first(self) -> None:
        """Put the keyboard on the title."""
        self._title.setFocus(Qt.FocusReason.OtherFocusReason)

    def add_line(self, name: str, label: str, hint: str) -> None:
        """Put a field for one line above the buttons."""
        row = FormRow(label, hint)
        row.set_field(QLineEdit())
        self.rows[name] = row
        self.add(row)

    def make_secret(self, name: str, label: str, hint: str) -> FormRow:
        """Make a field for a passphrase, which the step puts where it belongs."""
        row = PassphraseRow(label, hint)
        self.rows[name] = row
        return row

    def line(self, name: str) -> QLineEdit:
        """Return a field by its name."""
        field = self.rows[name].problem_fields()[0]
        if not isinstance(field, QLineEdit):
            raise TypeError(name)
        return field

    def show_problems(self, problems: Mapping[str, str]) -> None:
        """Say what is wrong, by field; the keyboard goes to the first."""
        for name, row in self.rows.items():
            row.show_problem(problems.get(name, ""))
        first = next((row for name, row in self.rows.items() if name in problems), None)
        if first is not None:
            for field in first.problem_fields():
                field.setFocus(Qt.FocusReason.OtherFocusReason)
            self.reveal_soon(first)

    def reveal_soon(self, row: QWidget) -> None:
        """Scroll to what has a problem, once the sentence has its place: on a low window it is far from the button."""
        QTimer.singleShot(0, self, lambda: self.reveal(row) if isValid(row) else None)
