"""A dialog with a few fields that stays open, with what was typed, until what it asks for is done."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLineEdit, QPlainTextEdit, QWidget

from dsadesk.ui.i18n import translate
from dsadesk.ui.views.fitted_dialog import FittedDialog
from dsadesk.ui.widgets.button import GraveButton
from dsadesk.ui.widgets.form_row import FormRow


class FieldsDialog(FittedDialog):
    """Hands over what was typed, by name of the row. Whoever takes it closes the dialog, or says what is wrong."""

    def __init__(
        self,
        title: str,
        sentence: str,
        rows: Mapping[str, FormRow],
        *,
        words: str,
        done: Callable[[Mapping[str, str]], None],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(title, sentence, safe=translate("FieldsDialog", "Cancel"), parent=parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._rows = dict(rows)
        self._done = done
        for row in self._rows.values():
            self.body.addWidget(row)
        first = next(iter(self._rows.values())).problem_fields()[0]
        self.start_at(first)
        self._act = GraveButton(words, "primary")
        self._act.setDefault(True)
        self._act.clicked.connect(self._on_act_clicked)
        self._actions.removeWidget(self._safe)
        self._actions.addWidget(self._act)
        self._actions.addWidget(self._safe)
        QWidget.setTabOrder(self._act, self._safe)

    def show_problems(self, problems: Mapping[str, str]) -> None:
        """Say what is wrong, by row; the keyboard goes to the first."""
        found = False
        for name, row in self._rows.items():
            row.show_problem(problems.get(name, ""))
            if name in problems and not found:
                found = True
                row.problem_fields()[0].setFocus(Qt.FocusReason.OtherFocusReason)
        self.fit_soon()

    def _on_act_clicked(self) -> None:
        self._done({name: _typed(row) for name, row in self._rows.items()})


def _typed(row: FormRow) -> str:
    field = row.problem_fields()[0]
    if isinstance(field, QPlainTextEdit):
        return field.toPlainText()
    return field.text() if isinstance(field, QLineEdit) else ""
