"""Where a passphrase is typed: hidden, and shown for as long as somebody asks."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLineEdit, QWidget

from dsadesk.ui.clipboard import guard
from dsadesk.ui.i18n import translate
from dsadesk.ui.widgets.button import Button
from dsadesk.ui.widgets.form_row import FormRow


class PassphraseRow(FormRow):
    """A hidden field with a button that shows what is in it. Input methods and prediction are told to keep out."""

    def __init__(self, label: str, hint: str = "", *, look: str = "subtitle", parent: QWidget | None = None) -> None:
        super().__init__(label, hint, look=look, parent=parent)
        self.field = QLineEdit()
        self.field.setInputMethodHints(
            Qt.InputMethodHint.ImhHiddenText
            | Qt.InputMethodHint.ImhSensitiveData
            | Qt.InputMethodHint.ImhNoPredictiveText
        )
        self.set_field(self.field)
        guard().watch(self.field)
        self._button = Button("", "link", icon_name="eye", small=True)
        self._button.clicked.connect(self._on_button_clicked)
        self.column.addWidget(self._button, 0, Qt.AlignmentFlag.AlignLeft)
        self.hide_text()

    def hide_text(self) -> None:
        """Hide what is typed."""
        self._set_shown(shown=False)

    def _on_button_clicked(self) -> None:
        self._set_shown(shown=self.field.echoMode() is QLineEdit.EchoMode.Password)

    def _set_shown(self, *, shown: bool) -> None:
        self.field.setEchoMode(QLineEdit.EchoMode.Normal if shown else QLineEdit.EchoMode.Password)
        words = translate("PassphraseRow", "Hide it") if shown else translate("PassphraseRow", "Show what I type")
        self._button.set_words(words)
        self._button.set_icon("eye-off" if shown else "eye")
        self._button.setAccessibleName(f"{words}: {self.label.said()}")
