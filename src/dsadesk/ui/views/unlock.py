"""Opening the vault. Nothing on this page harms the vault: the way that puts it aside asks first and deletes nothing."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QVBoxLayout, QWidget

from dsadesk.services.changes import Changes
from dsadesk.services.wording import Explanation
from dsadesk.services.wrapping_keys import PASSPHRASE
from dsadesk.ui import theme
from dsadesk.ui.clipboard import guard
from dsadesk.ui.i18n import translate
from dsadesk.ui.presenters.frame import Frame, Place
from dsadesk.ui.presenters.unlock import MendedShown, UnlockPresenter, WaysIn
from dsadesk.ui.theme import Space
from dsadesk.ui.views.centred import centre
from dsadesk.ui.views.confirm_dialog import ConfirmDialog
from dsadesk.ui.views.damage import DamagePanel, MendedPanel, ask_what_opens, choose_backup
from dsadesk.ui.views.fields_dialog import FieldsDialog
from dsadesk.ui.views.notice import Notice
from dsadesk.ui.views.passphrase_row import PassphraseRow
from dsadesk.ui.vocabulary import Tone
from dsadesk.ui.widgets.answers import TextArea
from dsadesk.ui.widgets.button import Button
from dsadesk.ui.widgets.dialog import Dialog
from dsadesk.ui.widgets.form_row import FormRow
from dsadesk.ui.widgets.glyph import Glyph
from dsadesk.ui.widgets.scroll_column import ScrollColumn
from dsadesk.ui.widgets.text import Text

LOCKED = "locked"


class UnlockView(QWidget):
    """Asks for what opens the vault."""

    def __init__(self, frame: Frame, opened: Callable[[], None], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("look", "page")
        self._presenter = UnlockPresenter(self, frame, opened)
        self._dialog: Dialog | None = None
        self._ways = WaysIn(key_store=False, passphrase=False, words=False)
        page = ScrollColumn(width=520)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addWidget(page)
        centre(page)
        self._page = page
        page.add(self._head())
        self._notice = Notice()
        self._notice.action_chosen.connect(self._presenter.try_key_store)
        page.add(self._notice)
        page.add(self._passphrase_part())
        page.add(self._words_part())
        self._damage = DamagePanel()
        self._damage.salvage_wanted.connect(self._presenter.salvage)
        self._damage.restore_wanted.connect(self._on_restore_wanted)
        page.add(self._damage)
        self._mended = MendedPanel()
        self._mended.go_on_wanted.connect(self._presenter.go_on)
        page.add(self._mended)
        self._store = Button(translate("Unlock", "Open with this computer's key store"), icon_name="key-round")
        self._store.clicked.connect(self._presenter.try_key_store)
        self._use_words = Button(translate("Unlock", "Use the 24 recovery words"), "link", icon_name="list-checks")
        self._use_words.clicked.connect(self._on_use_words_clicked)
        self._fresh = Button(translate("Unlock", "None of these works"), "link", icon_name="circle-help")
        self._fresh.clicked.connect(self._on_fresh_clicked)
        foot = QWidget()
        column = QVBoxLayout(foot)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(Space.SMALL)
        self._restore = Button(translate("Unlock", "Restore a backup…"), "link", icon_name="save")
        self._restore.clicked.connect(self._on_restore_wanted)
        for each in (self._store, self._use_words, self._restore, self._fresh):
            column.addWidget(each, 0, Qt.AlignmentFlag.AlignLeft)
        page.add(foot)
        for part in self._parts():
            part.hide()

    # ------------------------------------------------------------ a page's duties

    def show_place(self, place: Place) -> None:
        """Offer the ways in. A vault that was just locked is not opened again unasked."""
        self._title.setText(translate("Unlock", "Your desk is locked"))
        self._presenter.start(try_key_store=place.part != LOCKED)

    def refresh(self, _changes: Changes) -> None:
        """A locked vault does not change."""

    def focus_first(self) -> None:
        """Put the keyboard where the vault is opened."""
        if self._ways.passphrase:
            self._field.setFocus(Qt.FocusReason.OtherFocusReason)
        elif self._ways.key_store:
            self._store.setFocus(Qt.FocusReason.OtherFocusReason)
        else:
            self._title.setFocus(Qt.FocusReason.OtherFocusReason)

    # ------------------------------------------------------------ what the presenter asks

    def show_ways(self, ways: WaysIn) -> None:
        """Offer the ways that this vault has."""
        self._ways = ways
        self._passphrase.setVisible(ways.passphrase)
        self._store.setVisible(ways.key_store)
        self._use_words.setVisible(ways.words)
        self._restore.setVisible(True)
        self._fresh.setVisible(True)
        self._lead.setText(self._lead_words(ways))
        self.focus_first()

    def show_busy(self, sentence: str) -> None:
        """Say what is being done."""
        self._busy.setText(sentence)
        for part in (self._open, self._open_words, self._store, self._restore):
            part.setEnabled(not sentence)
        self._damage.set_busy(busy=bool(sentence))

    def show_key_store_problem(self, explanation: Explanation, *, can_retry: bool) -> None:
        """Say why the key store did not open the vault, and offer what is left."""
        action = translate("Unlock", "Try again") if can_retry else ""
        self._notice.explain(explanation, action=action, tone=Tone.WARN)
        if not self._ways.passphrase and self._ways.words:
            self._show_words()

    def show_wrong(self, way: str, explanation: Explanation) -> None:
        """Say at the field that it does not open the vault."""
        row, field = (self._row, self._field) if way == PASSPHRASE else (self._words_row, self._words_field)
        row.show_problem(f"{explanation.what} {explanation.todo}")
        field.setFocus(Qt.FocusReason.OtherFocusReason)
        if way == PASSPHRASE:
            self._field.selectAll()

    def show_error(self, explanation: Explanation) -> None:
        """Say why the vault cannot be opened for now."""
        self.show_busy("")
        self._notice.explain(explanation)
        self._page.reveal(self._notice)

    def show_damage(self, explanation: Explanation, *, can_salvage: bool) -> None:
        """Say that the vault is damaged, and offer the ways on; the passphrase was not wrong."""
        self._notice.explain(explanation)
        self._title.setText(translate("Unlock", "Your vault is damaged"))
        self._lead.setText(translate("Unlock", "Nothing was changed, and nothing will be deleted."))
        for part in self._parts():
            part.setVisible(part in (self._damage, self._fresh))
        self._damage.salvage.setEnabled(can_salvage)
        self._damage.restore.setFocus(Qt.FocusReason.OtherFocusReason)

    def show_mended(self, mended: MendedShown) -> None:
        """Say what is back and what is lost."""
        if self._dialog is not None:
            self._dialog.accept()
            self._dialog = None
        self._notice.clear()
        self._glyph.hide()
        self._title.setText(translate("Unlock", "Your desk is open"))
        self._lead.setText("")
        for part in self._parts():
            part.setVisible(part is self._mended)
        self._mended.show_mended(mended)
        self._mended.go_on.setFocus(Qt.FocusReason.OtherFocusReason)

    def show_restore_problem(self, field: str, explanation: Explanation) -> None:
        """Say in the open dialog why the backup is not restored."""
        if isinstance(self._dialog, FieldsDialog):
            self._dialog.show_problems({field: f"{explanation.what} {explanation.todo}".strip()})
        else:
            self.show_error(explanation)

    def clear(self) -> None:
        """Forget what was typed."""
        self._field.clear()
        self._row.hide_text()
        self._words_field.clear()
        for row in (self._row, self._words_row):
            row.show_problem("")
        self._notice.clear()

    # ------------------------------------------------------------ within

    def _parts(self) -> tuple[QWidget, ...]:
        """Everything that is seen only at times."""
        opening = (self._passphrase, self._words, self._store, self._use_words, self._restore, self._fresh)
        return (*opening, self._damage, self._mended)

    def _on_restore_wanted(self) -> None:
        choose_backup(self.window(), self.ask_what_opens)

    def ask_what_opens(self, backup: Path) -> None:
        """Have it said what opens a backup."""
        dialog = ask_what_opens(backup, self._presenter.restore, self.window())
        dialog.finished.connect(self._on_dialog_finished)
        self._dialog = dialog
        dialog.open()

    def _on_dialog_finished(self) -> None:
        self._dialog = None

    def _head(self) -> QWidget:
        head = QWidget()
        column = QVBoxLayout(head)
        column.setContentsMargins(0, theme.px(48), 0, 0)
        column.setSpacing(Space.SMALL)
        self._glyph = Glyph("lock", "brand", size=44, stroke=1.5)
        column.addWidget(self._glyph)
        column.addSpacing(Space.TIGHT)
        self._title = Text(translate("Unlock", "Your desk is locked"), "display", heading=True)
        self._title.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self._lead = Text("", "lead")
        self._busy = Text("", "meta")
        for each in (self._title, self._lead, self._busy):
            column.addWidget(each)
        return head

    def _passphrase_part(self) -> QWidget:
        self._passphrase = QWidget()
        column = QVBoxLayout(self._passphrase)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(Space.LARGE)
        self._row = PassphraseRow(translate("Unlock", "Passphrase"))
        self._field = self._row.field
        self._field.returnPressed.connect(self._on_open_clicked)
        column.addWidget(self._row)
        self._open = Button(translate("Unlock", "Open my desk"), "primary")
        self._open.clicked.connect(self._on_open_clicked)
        column.addWidget(self._open, 0, Qt.AlignmentFlag.AlignLeft)
        return self._passphrase

    def _words_part(self) -> QWidget:
        self._words = QWidget()
        column = QVBoxLayout(self._words)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(Space.LARGE)
        hint = translate(
            "Unlock",
            "All 24 in order, with spaces between; or two of your three shares, one after the other. Capital letters do not matter.",
        )
        self._words_row = FormRow(translate("Unlock", "The 24 recovery words"), hint)
        self._words_field = TextArea()
        guard().watch(self._words_field)
        self._words_row.set_field(self._words_field)
        column.addWidget(self._words_row)
        self._open_words = Button(translate("Unlock", "Open with the words"), "primary")
        self._open_words.clicked.connect(lambda: self._presenter.try_words(self._words_field.toPlainText()))
        column.addWidget(self._open_words, 0, Qt.AlignmentFlag.AlignLeft)
        return self._words

    @staticmethod
    def _lead_words(ways: WaysIn) -> str:
        if ways.passphrase:
            return translate("Unlock", "Type your passphrase to open it.")
        if ways.key_store:
            return translate("Unlock", "It opens with this computer's key store.")
        return translate("Unlock", "Open it with your recovery words.")

    def _show_words(self) -> None:
        self._words.show()
        self._use_words.hide()
        self._words_field.setFocus(Qt.FocusReason.OtherFocusReason)
        self._page.reveal(self._words)

    def _on_use_words_clicked(self) -> None:
        self._show_words()

    def _on_open_clicked(self) -> None:
        self._presenter.try_passphrase(self._field.text())

    def _on_fresh_clicked(self) -> None:
        dialog = ConfirmDialog(
            translate("Unlock", "When no way in is left"),
            translate(
                "Unlock",
                "Look for the sheet with the 24 words, the locked copy, or a backup first: any of them brings everything back. "
                "Without one, you can put this vault aside and start with a new one. Nothing is deleted: the old vault keeps its "
                "drafts, requests and agreements under another name, and opens again if the words are found. "
                "Your partners will have to take in a new card and check it again.",
            ),
            safe=translate("Unlock", "Go back"),
            action=translate("Unlock", "Put the vault aside and start anew"),
            parent=self.window(),
        )
        dialog.confirmed.connect(self._presenter.start_fresh)
        self._dialog = dialog
        dialog.open()
