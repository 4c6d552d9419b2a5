"""The reminder of the recovery words: a quiet notice that can be put off, and the dialog that takes one word."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLineEdit, QVBoxLayout, QWidget

from dsadesk.ui.clipboard import guard
from dsadesk.ui.i18n import translate
from dsadesk.ui.presenters.frame import Frame
from dsadesk.ui.presenters.reminder import FIELD, Asked, ReminderPresenter
from dsadesk.ui.theme import Space
from dsadesk.ui.views.fields_dialog import FieldsDialog
from dsadesk.ui.views.notice import Notice
from dsadesk.ui.views.tab_order import tab_stops, tab_through
from dsadesk.ui.vocabulary import Tone
from dsadesk.ui.widgets.answers import TextArea
from dsadesk.ui.widgets.form_row import FormRow


class ReminderView(QWidget):
    """Takes no room until it is time to ask. The Tab key comes to it from the widget that it stands after."""

    def __init__(self, frame: Frame, after: QWidget, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._after = after
        self._presenter = ReminderPresenter(self, frame)
        self._asked: Asked | None = None
        self._dialog: FieldsDialog | None = None
        column = QVBoxLayout(self)
        column.setContentsMargins(Space.MEDIUM, 0, Space.MEDIUM, Space.MEDIUM)
        self.notice = Notice()
        self.notice.action_chosen.connect(self._on_notice_action_chosen)
        self.notice.dismissed.connect(self._presenter.put_off)
        column.addWidget(self.notice)
        self.hide()

    def load(self) -> None:
        """Look whether it is time to ask."""
        self._presenter.start()

    def show_asked(self, asked: Asked) -> None:
        """Remind of the words, or take the reminder away."""
        self._asked = asked
        if not asked.is_due:
            self.notice.clear()
            self.hide()
            return
        self.notice.say(
            translate("Reminder", "Do you still have your recovery words?"),
            Tone.INFO,
            details=what_is_asked(asked.place),
            action=translate("Reminder", "Type it…")
            if asked.place is not None
            else translate("Reminder", "Type them…"),
            dismissal=translate("Reminder", "Not now"),
        )
        self.show()
        tab_through([self._after, *tab_stops(self)])

    def show_problems(self, problems: Mapping[str, str]) -> None:
        """Say in the open dialog what is wrong."""
        if self._dialog is not None:
            self._dialog.show_problems(problems)

    def close_dialog(self) -> None:
        """Close the open dialog."""
        if self._dialog is not None:
            self._dialog.accept()

    def _on_notice_action_chosen(self) -> None:
        if self._asked is None:
            return
        place = self._asked.place
        self._dialog = words_dialog(place, lambda typed: self._presenter.answer(place, typed), self.window())
        self._dialog.finished.connect(self._on_dialog_finished)
        self._dialog.open()

    def _on_dialog_finished(self) -> None:
        self._dialog = None


def what_is_asked(place: int | None) -> str:
    """Say which word is asked for, or that it is all of them."""
    if place is None:
        return translate("Reminder", "Find the sheet and type all 24, this once. After that one word is enough.")
    return translate("Reminder", "Find the sheet and type word number {n}.", n=place)


def words_dialog(
    place: int | None, done: Callable[[str], None], parent: QWidget, *, title: str = "", sentence: str = ""
) -> FieldsDialog:
    """Make the dialog that takes the word with a number, or all of them; what for is said where it is not a proof."""
    field: QLineEdit | TextArea
    if place is None:
        row = FormRow(
            translate("Reminder", "The 24 words from your paper"),
            translate(
                "Reminder",
                "All of them in order, with spaces between; or two of your three shares, one after the other.",
            ),
        )
        field = TextArea()
        act = translate("Reminder", "Check the words")
    else:
        row = FormRow(
            translate("Reminder", "Word number {n}", n=place),
            translate("Reminder", "If you keep only the three shares, type two of them, one after the other."),
        )
        field = QLineEdit()
        field.setInputMethodHints(
            Qt.InputMethodHint.ImhSensitiveData
            | Qt.InputMethodHint.ImhNoPredictiveText
            | Qt.InputMethodHint.ImhNoAutoUppercase
        )
        act = translate("Reminder", "Check the word")
    guard().watch(field)
    row.set_field(field)
    return FieldsDialog(
        title or translate("Reminder", "Prove your recovery words"),
        sentence or translate("Reminder", "This shows that the sheet is still where you think it is and can be read."),
        {FIELD: row},
        words=act,
        done=lambda typed: done(typed[FIELD]),
        parent=parent,
    )
