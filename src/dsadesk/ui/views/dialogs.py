"""Dialogs of the window itself: the shortcuts, and owning up to a failure."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QPlainTextEdit, QWidget

from dsadesk.ui import theme
from dsadesk.ui.actions import listed
from dsadesk.ui.i18n import translate
from dsadesk.ui.theme import Space
from dsadesk.ui.views.fitted_dialog import FittedDialog
from dsadesk.ui.widgets.accessible import announce
from dsadesk.ui.widgets.button import Button
from dsadesk.ui.widgets.key_value_table import KeyValueTable
from dsadesk.ui.widgets.text import Text

_REPORT_HEIGHT = 180


class ShortcutsDialog(FittedDialog):
    """Everything that can be done by keyboard."""

    def __init__(self, parent: QWidget | None = None) -> None:
        title = translate("Shortcuts", "Keyboard shortcuts")
        sentence = translate(
            "Shortcuts", "Tab goes to the next field, Shift+Tab to the one before, Enter presses a button."
        )
        super().__init__(title, sentence, safe=translate("Shortcuts", "Close"), parent=parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        for scope, rows in listed():
            self.body.addSpacing(Space.SMALL)
            self.body.addWidget(Text(scope, "subtitle", heading=True))
            self.body.addWidget(KeyValueTable(scope, [(keys, words) for words, keys in rows]))


class CrashDialog(FittedDialog):
    """Says that something failed, what is safe, and gives a report to copy that has no answers in it."""

    def __init__(self, report: str, *, earlier: bool, parent: QWidget | None = None) -> None:
        title = (
            translate("Crash", "dsadesk stopped unexpectedly last time")
            if earlier
            else translate("Crash", "Something went wrong in dsadesk")
        )
        sentence = (
            translate(
                "Crash",
                "Everything up to the last pause in your typing is saved. We are sorry. The report below helps to find the cause.",
            )
            if earlier
            else translate(
                "Crash",
                "This is our fault, not yours. What the page says is saved is saved. If something looks odd, close dsadesk and open it again.",
            )
        )
        super().__init__(title, sentence, safe=translate("Crash", "Close"), parent=parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._report = report
        self.body.addWidget(
            Text(
                translate(
                    "Crash",
                    "It says where in the program it failed. It has none of your answers, names or files in it.",
                ),
                "hint",
            )
        )
        shown = QPlainTextEdit(report)
        shown.setReadOnly(True)
        shown.setTabChangesFocus(True)
        shown.setAccessibleName(translate("Crash", "Report"))
        shown.setFixedHeight(theme.px(_REPORT_HEIGHT))
        shown.setLineWrapMode(QPlainTextEdit.LineWrapMode.NoWrap)
        self.body.addWidget(shown)
        copy = Button(translate("Crash", "Copy the report"), icon_name="copy")
        copy.clicked.connect(self._on_copy_clicked)
        self.body.addWidget(copy, 0, Qt.AlignmentFlag.AlignLeft)

    def _on_copy_clicked(self) -> None:
        QGuiApplication.clipboard().setText(self._report)
        announce(self, translate("Crash", "The report is copied."))
