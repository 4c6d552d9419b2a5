"""An answer of rows that are given: for each, what it is about and a text, all in sight at once."""

from __future__ import annotations

from PySide6.QtGui import QAccessible
from PySide6.QtWidgets import QVBoxLayout, QWidget

from dsadesk.ui.theme import Space
from dsadesk.ui.vocabulary import Kind, QuestionSpec
from dsadesk.ui.widgets.accessible import give_role
from dsadesk.ui.widgets.answers import LongText
from dsadesk.ui.widgets.question import Question

_LINES = 2


class SetRows(Question[list[dict[str, str]]]):
    """A field for each row that is asked for. What was written in one that is not asked for now is kept and stays out of sight."""

    def __init__(self, spec: QuestionSpec, *, look: str = "subtitle", parent: QWidget | None = None) -> None:
        super().__init__(spec, look=look, parent=parent)
        give_role(self, QAccessible.Role.Grouping)
        self.setAccessibleName(self.label.said())
        self._first, self._text = (column.id for column in spec.columns)
        self._order = [option.value for option in spec.columns[0].options]
        self._kept: dict[str, str] = {}
        self._fields: dict[str, LongText] = {}
        self._last = []
        stack = QVBoxLayout()
        stack.setSpacing(Space.MEDIUM)
        self.column.addLayout(stack)
        for option in spec.set_rows:
            described = QuestionSpec(option.value, Kind.LONG, option.label, option.hint)
            field = LongText(described, look="strong", lines=_LINES, parent=self)
            field.area.setAccessibleName(f"{self.label.said()} {option.label}")
            field.changed.connect(lambda text, row=option.value: self._on_written(row, text))
            stack.addWidget(field)
            self._fields[option.value] = field

    def value(self) -> list[dict[str, str]]:
        """Return the rows that say something, in the order of the form."""
        return [{self._first: row, self._text: self._kept[row]} for row in self._order if self._kept.get(row)]

    def put(self, value: list[dict[str, str]]) -> None:
        """Show these rows."""
        self._kept = {row.get(self._first, ""): row.get(self._text, "") for row in value}
        for row, field in self._fields.items():
            field.set_value(self._kept.get(row, ""))

    def fields(self) -> list[QWidget]:
        """Return the fields, beginning with the first that is empty."""
        areas: list[QWidget] = [field.area for row, field in self._fields.items() if not self._kept.get(row)]
        return areas or [field.area for field in self._fields.values()]

    def cell(self, place: int, column: str) -> LongText | None:
        """Return the field of one of the rows that say something, or nothing where it has none."""
        rows = self.value()
        if column != self._text or not 0 <= place < len(rows):
            return None
        return self._fields.get(rows[place][self._first])

    def _on_written(self, row: str, text: str) -> None:
        self._kept[row] = text
        self.tell()
