"""What the page that opens the vault shows of a damaged one: why it does not open, the ways on, and what came of a salvage.

Nothing here deletes: whatever is put in place, what lay there is renamed aside.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from dsadesk.ui.i18n import translate
from dsadesk.ui.presenters.unlock import MendedShown
from dsadesk.ui.theme import Space
from dsadesk.ui.views.choose_file import choose_file
from dsadesk.ui.views.fields_dialog import FieldsDialog
from dsadesk.ui.views.passphrase_row import PassphraseRow
from dsadesk.ui.widgets.answers import TextArea
from dsadesk.ui.widgets.button import Button
from dsadesk.ui.widgets.card import Card
from dsadesk.ui.widgets.form_row import FormRow
from dsadesk.ui.widgets.text import Text

Restore = Callable[[Path, str, str], None]
BACKUP_SUFFIX = ".dsavault"


class DamagePanel(QWidget):
    """The ways on from a damaged vault."""

    salvage_wanted = Signal()
    restore_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(Space.LARGE)
        best = Card(translate("Unlock", "If you have a backup"), icon_name="save", shade="brand")
        best.add(
            Text(
                translate("Unlock", "It brings back everything up to the day it was made. This is the best way."),
                "hint",
            )
        )
        self.restore = Button(translate("Unlock", "Restore a backup…"), "primary")
        self.restore.clicked.connect(self.restore_wanted)
        best.column.addWidget(self.restore, 0, Qt.AlignmentFlag.AlignLeft)
        other = Card(translate("Unlock", "If you have none"), icon_name="hard-drive", shade="brand")
        other.add(
            Text(
                translate(
                    "Unlock",
                    "What can still be read is brought into a new vault, and you are told what is lost. The damaged vault is kept beside it "
                    "under another name.",
                ),
                "hint",
            )
        )
        self.salvage = Button(translate("Unlock", "Bring back what can be read"))
        self.salvage.clicked.connect(self.salvage_wanted)
        other.column.addWidget(self.salvage, 0, Qt.AlignmentFlag.AlignLeft)
        column.addWidget(best)
        column.addWidget(other)

    def set_busy(self, *, busy: bool) -> None:
        """Let nobody press twice."""
        for button in (self.restore, self.salvage):
            button.setEnabled(not busy)


class MendedPanel(Card):
    """What is back, what is lost, and where the vault before it lies."""

    go_on_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(
            translate("Unlock", "Your vault is back"), icon_name="circle-check", shade="good", parent=parent
        )
        self.said = Text("", "text")
        self.lines = Text("", "text")
        self.aside = Text("", "hint")
        self.next = Text("", "text")
        for each in (self.said, self.next, self.aside):
            each.let_copy()
            self.add(each)
        self.go_on = Button(translate("Unlock", "Go to my desk"), "primary")
        self.go_on.clicked.connect(self.go_on_wanted)
        self.column.addWidget(self.go_on, 0, Qt.AlignmentFlag.AlignLeft)
        self._lost = Text(translate("Unlock", "What is lost"), "strong", heading=True)
        self.lines.let_copy()
        self.add(self._lost)
        self.add(self.lines)

    def show_mended(self, mended: MendedShown) -> None:
        """Say it."""
        for text, words in (
            (self.said, mended.sentence),
            (self.lines, "\n".join(mended.lines)),
            (self.aside, mended.aside),
            (self.next, mended.next),
        ):
            text.setText(words)
            text.setVisible(bool(words))
        self._lost.setVisible(bool(mended.lines))


def choose_backup(window: QWidget, chosen: Callable[[Path], None]) -> None:
    """Have a backup file chosen."""
    choose_file(
        window,
        translate("Unlock", "Restore a backup"),
        chosen,
        [translate("Unlock", "Backups (*{suffix})", suffix=BACKUP_SUFFIX), translate("Unlock", "All files (*)")],
    )


def ask_what_opens(backup: Path, restore: Restore, parent: QWidget) -> FieldsDialog:
    """Return the dialog that asks what opens a backup. It stays open, with what was typed, until the backup is in place."""
    words = FormRow(
        translate("Unlock", "Or the 24 recovery words"),
        translate("Unlock", "All of them in order, with spaces between."),
    )
    words.set_field(TextArea())
    rows: dict[str, FormRow] = {
        "passphrase": PassphraseRow(translate("Unlock", "The passphrase that the vault had then")),
        "words": words,
    }
    sentence = translate(
        "Unlock",
        "{name} opens by what opened the vault when it was made. Leave both empty to use this computer's key store. "
        "A vault that is here now is renamed aside and kept.",
        name=backup.name,
    )

    def done(typed: Mapping[str, str]) -> None:
        restore(backup, typed["passphrase"], typed["words"])

    title = translate("Unlock", "Restore this backup?")
    return FieldsDialog(title, sentence, rows, words=translate("Unlock", "Restore it"), done=done, parent=parent)
