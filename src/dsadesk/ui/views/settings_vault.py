"""Settings: the vault. What opens it, the words that open it when nothing else does, checks, backups, and a history in doubt."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from dsadesk.ui.i18n import translate
from dsadesk.ui.presenters.settings import Doubt, OwnFacts, SettingsPresenter
from dsadesk.ui.theme import Space
from dsadesk.ui.views.choose_file import choose_place
from dsadesk.ui.views.confirm_dialog import ConfirmDialog
from dsadesk.ui.views.fields_dialog import FieldsDialog
from dsadesk.ui.views.notice import Notice
from dsadesk.ui.views.passphrase_row import PassphraseRow
from dsadesk.ui.views.reminder import what_is_asked, words_dialog
from dsadesk.ui.vocabulary import Tone
from dsadesk.ui.widgets.button import Button
from dsadesk.ui.widgets.card import Card
from dsadesk.ui.widgets.dialog import Dialog
from dsadesk.ui.widgets.flow import Flow
from dsadesk.ui.widgets.form_row import FormRow
from dsadesk.ui.widgets.key_value_table import KeyValueTable
from dsadesk.ui.widgets.text import Text


class VaultCard(Card):
    """What opens the vault, the recovery words, checks and backups. `open_dialog` opens a dialog as the page's own."""

    lock_wanted = Signal()

    def __init__(
        self, presenter: SettingsPresenter, open_dialog: Callable[[Dialog], None], parent: QWidget | None = None
    ) -> None:
        super().__init__(translate("Settings", "Your vault"), icon_name="hard-drive", shade="brand", parent=parent)
        self._presenter = presenter
        self._open = open_dialog
        self._shown: OwnFacts | None = None
        self._facts = KeyValueTable(translate("Settings", "Your vault"))
        self.add(self._facts)
        buttons = QWidget()
        flow = Flow(buttons, spacing=Space.MEDIUM)
        self.check = Button(translate("Settings", "Check the vault"), icon_name="shield-check")
        self.back_up = Button(translate("Settings", "Make a backup…"), icon_name="save")
        self.busy = Text("", "meta", wrap=False)
        self.check.clicked.connect(self._presenter.check)
        self.back_up.clicked.connect(self._on_back_up_clicked)
        self.restore = Button(translate("Settings", "Restore a backup…"), icon_name="save")
        self.restore.clicked.connect(self._on_restore_clicked)
        for each in (self.check, self.back_up, self.restore, self.busy):
            flow.addWidget(each)
        ways = QWidget()
        opening = Flow(ways, spacing=Space.MEDIUM)
        self.passphrase = Button(translate("Settings", "Change the passphrase…"), icon_name="key-round")
        self.key_store = Button(translate("Settings", "Open with this computer's key store"), icon_name="monitor")
        self.drop = Button(translate("Settings", "Stop using the passphrase…"), icon_name="x")
        self.words = Button(translate("Settings", "Prove your recovery words…"), icon_name="list-checks")
        self.split = Button(translate("Settings", "Split your words in three…"), icon_name="users")
        for button, act in (
            (self.passphrase, self._on_passphrase_clicked),
            (self.key_store, self._on_key_store_clicked),
            (self.drop, self._on_drop_clicked),
            (self.words, self._on_words_clicked),
            (self.split, self._on_split_clicked),
        ):
            button.clicked.connect(act)
            opening.addWidget(button)
        self.due = Notice()
        self.doubt = Notice()
        self.doubt.action_chosen.connect(self._on_accept_history_wanted)
        self.placement = Notice()
        self.add(self.doubt)
        self.add(self.placement)
        self.add(self.due)
        self.column.addSpacing(Space.SMALL)
        self.add(ways)
        self.add(buttons)

    def show_facts(self, facts: OwnFacts) -> None:
        """Show how the vault opens, and what is asked about it."""
        self._facts.set_rows(facts.vault)
        self._shown = facts
        self.passphrase.set_words(
            translate("Settings", "Change the passphrase…")
            if facts.has_passphrase
            else translate("Settings", "Add a passphrase…")
        )
        self.key_store.set_words(
            translate("Settings", "Stop using the key store")
            if facts.has_key_store
            else translate("Settings", "Open with this computer's key store")
        )
        # The last way in but the words cannot be taken away.
        self.key_store.setVisible(not facts.has_key_store or facts.has_passphrase)
        self.drop.setVisible(facts.has_key_store and facts.has_passphrase)
        if facts.asked.is_due:
            due = translate("Settings", "It is time to prove that you still have your recovery words.")
            self.due.say(due, Tone.INFO, details=what_is_asked(facts.asked.place))
        else:
            self.due.clear()
        self._show_doubt(facts.doubt)
        sentence, todo = facts.placement
        if sentence:
            self.placement.say(sentence, Tone.WARN, details=todo)
        else:
            self.placement.clear()

    def _show_doubt(self, doubt: Doubt | None) -> None:
        if doubt is None:
            self.doubt.clear()
            return
        action = translate("Settings", "Take it as it is…") if doubt.to_decide else ""
        self.doubt.say(doubt.sentence, Tone.BAD, details=doubt.todo, action=action)

    def show_busy(self, sentence: str) -> None:
        """Say what is being done."""
        self.busy.setText(sentence)
        for button in (self.check, self.back_up):
            button.setEnabled(not sentence)

    def _on_passphrase_clicked(self) -> None:
        changing = self._shown is not None and self._shown.has_passphrase
        title = (
            translate("Settings", "Change the passphrase") if changing else translate("Settings", "Add a passphrase")
        )
        hint = translate(
            "Settings", "At least 12 characters. Four or five words that have nothing to do with each other are good."
        )
        rows: dict[str, FormRow] = {}
        if changing:
            rows["old"] = PassphraseRow(translate("Settings", "The passphrase as it is now"))
        rows["new"] = PassphraseRow(translate("Settings", "The new passphrase"), hint)
        rows["again"] = PassphraseRow(translate("Settings", "The new passphrase again"))
        words = translate("Settings", "Change it") if changing else translate("Settings", "Add it")

        def done(typed: Mapping[str, str]) -> None:
            self._presenter.set_passphrase(typed.get("old"), typed["new"], typed["again"])

        self._open(FieldsDialog(title, "", rows, words=words, done=done, parent=self.window()))

    def _on_key_store_clicked(self) -> None:
        used = self._shown is not None and self._shown.has_key_store
        self._presenter.set_key_store(used=not used)

    def _on_drop_clicked(self) -> None:
        dialog = ConfirmDialog(
            translate("Settings", "Stop using the passphrase?"),
            translate(
                "Settings",
                "From then on only this computer's key store opens the vault, and your 24 recovery words when the key store fails.",
            ),
            safe=translate("Settings", "Keep the passphrase"),
            action=translate("Settings", "Stop using it"),
            parent=self.window(),
        )
        dialog.confirmed.connect(self._presenter.drop_passphrase)
        self._open(dialog)

    def _on_words_clicked(self) -> None:
        place = None if self._shown is None else self._shown.asked.place
        self._open(words_dialog(place, lambda typed: self._presenter.rehearse(place, typed), self.window()))

    def _on_split_clicked(self) -> None:
        self._open(
            words_dialog(
                None,
                self._presenter.split,
                self.window(),
                title=translate("Settings", "Split your recovery words in three"),
                sentence=translate("Settings", "The vault does not hold the words, so it needs them from your paper."),
            )
        )

    def _on_accept_history_wanted(self) -> None:
        dialog = ConfirmDialog(
            translate("Settings", "Take the history as it is?"),
            translate(
                "Settings",
                "Do this only when you know why, for example because you put an older copy of the folder back yourself. What is missing stays missing until the other side sends it again. "
                "The record that disagrees is kept in the vault's folder, and nobody is warned of it any more.",
            ),
            safe=translate("Settings", "Leave it open"),
            action=translate("Settings", "I know why: take it as it is"),
            parent=self.window(),
        )
        dialog.confirmed.connect(self._presenter.accept_history)
        self._open(dialog)

    def _on_back_up_clicked(self) -> None:
        choose_place(
            self.window(),
            translate("Settings", "Make a backup"),
            "dsadesk-backup.dsavault",
            self._presenter.back_up,
        )

    def _on_restore_clicked(self) -> None:
        dialog = ConfirmDialog(
            translate("Settings", "Restore a backup?"),
            translate(
                "Settings",
                "Your desk locks first. Then choose “Restore a backup” on the page that opens it. What came and what you wrote since that backup is not in it; the vault as it is now is renamed aside and kept.",
            ),
            safe=translate("Settings", "Go on as it is"),
            action=translate("Settings", "Lock my desk"),
            look="primary",
            parent=self.window(),
        )
        dialog.confirmed.connect(self.lock_wanted)
        self._open(dialog)
