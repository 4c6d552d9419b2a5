"""A label, a hint, a field, and the problem with what is in it."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout, QWidget

from dsadesk.ui.theme import Space, set_look
from dsadesk.ui.widgets.glyph import Glyph
from dsadesk.ui.widgets.text import Text, plain


class FormRow(QFrame):
    """One thing to fill in. `column` takes what stands under the label; the label is the buddy of the field."""

    def __init__(self, label: str, hint: str = "", *, look: str = "subtitle", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("look", "formrow")
        self.label = Text(label, look, parent=self)
        self._hint = Text(hint, "hint", parent=self)
        self._hint.setVisible(bool(hint))
        self._problem: _ProblemLine | None = None  # made when there is one, which is seldom
        self._field: QWidget | None = None
        self.column = QVBoxLayout(self)
        self.column.setContentsMargins(0, 0, 0, 0)
        self.column.setSpacing(Space.SMALL - 2)
        self.column.addWidget(self.label)
        self.column.addWidget(self._hint)

    def set_field(self, field: QWidget, name: str = "") -> None:
        """Put the field in and name it by the label, or by the given name."""
        self._field = field
        field.setAccessibleName(plain(name) or self.label.said())
        self.label.setBuddy(field)
        self.column.addWidget(field)
        self._describe()

    def relabel(self, label: str, hint: str) -> None:
        """Ask for something else in the same field."""
        self.label.setText(label)
        self._hint.setText(hint)
        self._hint.setVisible(bool(hint))
        for field in self.problem_fields():
            field.setAccessibleName(self.label.said())
        self._describe()

    def words_height(self, width: int) -> int:
        """Return the height in pixels, at a width, of the label and the hint."""
        gap = self.column.spacing()
        return sum(each.heightForWidth(width) + gap for each in (self.label, self._hint) if not each.isHidden())

    def hint(self) -> str:
        """Return the hint."""
        return self._hint.said()

    def problem(self) -> str:
        """Return the problem shown now, or nothing."""
        return self._problem.text.said() if self._problem is not None else ""

    def show_problem(self, sentence: str) -> None:
        """Say what is wrong, in words and by a mark; say nothing to take it back."""
        if sentence == self.problem():
            return
        if self._problem is None:
            self._problem = _ProblemLine(self)
            self.column.insertWidget(self.column.indexOf(self._hint) + 1, self._problem)
        self._problem.text.setText(sentence)
        self._problem.setVisible(bool(sentence))
        set_look(self, problem=bool(sentence))
        for field in self.problem_fields():
            set_look(field, problem=bool(sentence))
        self._describe()

    def problem_fields(self) -> list[QWidget]:
        """Return the fields that wear the mark of a problem."""
        return [self._field] if self._field is not None else []

    def describe(self, field: QWidget) -> None:
        """Give a field the hint and the problem as its description."""
        field.setAccessibleDescription(" ".join(part for part in (self.problem(), self._hint.said()) if part))

    def _describe(self) -> None:
        for field in self.problem_fields():
            self.describe(field)
        if self.accessibleName():
            self.describe(self)


class _ProblemLine(QWidget):
    """What is wrong, with its mark."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.hide()
        self.text = Text("", "problem", parent=self)
        line = QHBoxLayout(self)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(Space.SMALL - 2)
        line.addWidget(Glyph("circle-alert", "bad", parent=self), 0, Qt.AlignmentFlag.AlignTop)
        line.addWidget(self.text, 1)
