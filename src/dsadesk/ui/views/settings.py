"""Settings: the look, when the desk locks, the owner, the vault, and colleagues who join."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import QWidget

from dsadesk.secret import Secret
from dsadesk.services.changes import Changes
from dsadesk.services.wording import Explanation
from dsadesk.ui.i18n import translate
from dsadesk.ui.preferences import Preferences
from dsadesk.ui.presenters.frame import PLACES, Frame, Place
from dsadesk.ui.presenters.settings import OwnFacts, SettingsPresenter
from dsadesk.ui.presenters.shares import DONE
from dsadesk.ui.views.exchange_settings import ExchangeSettings
from dsadesk.ui.views.fields_dialog import FieldsDialog
from dsadesk.ui.views.notice import Notice
from dsadesk.ui.views.settings_colleagues import ColleaguesCard
from dsadesk.ui.views.settings_look import LockingCard, LookCard
from dsadesk.ui.views.settings_vault import VaultCard
from dsadesk.ui.views.shares_dialog import SharesDialog
from dsadesk.ui.views.stores_card import StoresCard
from dsadesk.ui.vocabulary import Tone
from dsadesk.ui.widgets.card import Card
from dsadesk.ui.widgets.dialog import Dialog
from dsadesk.ui.widgets.key_value_table import KeyValueTable
from dsadesk.ui.widgets.scroll_column import ScrollColumn
from dsadesk.ui.widgets.text import Text


class SettingsView(ScrollColumn):
    """Everything that a person may set for themselves."""

    look_changed = Signal()
    lock_wanted = Signal()
    exchange_changed = Signal()

    def __init__(self, frame: Frame, preferences: Preferences, parent: QWidget | None = None) -> None:
        super().__init__(width=720, parent=parent)
        self._frame = frame
        self._presenter = SettingsPresenter(self, frame)
        self._dialog: Dialog | None = None
        self._gone_to = ""  # the part that was asked for last
        self._title = Text(translate("Settings", "Settings"), "title", heading=True)
        self._title.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.add(self._title)
        self._notice = Notice()
        self.add(self._notice)
        self.look = LookCard(preferences)
        self.look.changed.connect(self.look_changed)
        self.add(self.look)
        self.locking = LockingCard(preferences)
        self.locking.lock_wanted.connect(self.lock_wanted)
        self.add(self.locking)
        self.exchange = ExchangeSettings(preferences)
        self.exchange.changed.connect(self.exchange_changed)
        self.add(self.exchange)
        self.stores = StoresCard(frame)
        self.add(self.stores)
        self._owner = KeyValueTable(translate("Settings", "Who you are"))
        owner = Card(translate("Settings", "Who you are"), icon_name="user", shade="brand")
        owner.add(self._owner)
        self.add(owner)
        self.vault = VaultCard(self._presenter, self._open)
        self.vault.lock_wanted.connect(self.lock_wanted)
        self.add(self.vault)
        self._colleagues = ColleaguesCard(self._presenter)
        self.add(self._colleagues)

    # ------------------------------------------------------------ a page's duties

    def show_place(self, place: Place) -> None:
        """Show the settings as they are; the part `places` brings the places for deliveries into sight."""
        self._gone_to = place.part
        self._presenter.start()
        self.stores.load()
        if place.part == PLACES:
            QTimer.singleShot(0, self, lambda: self.reveal(self.stores))

    def refresh(self, changes: Changes) -> None:
        """Follow changes of keys and cards."""
        if changes.cards or changes.vault:
            self._presenter.start()
            self.stores.load()

    def focus_first(self) -> None:
        """Put the keyboard on the part that was gone to, else on the title."""
        if self._gone_to == PLACES:
            self.stores.focus_title()
        else:
            self._title.setFocus(Qt.FocusReason.OtherFocusReason)

    # ------------------------------------------------------------ what the presenter asks

    def show_facts(self, facts: OwnFacts) -> None:
        """Show who owns the vault and how it opens."""
        self._owner.set_rows(facts.owner)
        self.vault.show_facts(facts)
        self._colleagues.show_facts(facts)

    def show_busy(self, sentence: str) -> None:
        """Say what is being done."""
        self.vault.show_busy(sentence)

    def show_problems(self, problems: Mapping[str, str]) -> None:
        """Say in the open dialog what is wrong."""
        if isinstance(self._dialog, FieldsDialog):
            self._dialog.show_problems(problems)

    def close_dialog(self) -> None:
        """Close the open dialog."""
        if self._dialog is not None:
            self._dialog.accept()
            self._dialog = None

    def show_split(self, words: Secret[str], owner: str) -> None:
        """Open the dialog that splits the words in three."""
        self._open(SharesDialog(self._frame, words, owner, done=self._on_split_done, parent=self.window()))

    def show_health(self, problems: Sequence[str]) -> None:
        """Say what a check found."""
        if problems:
            self._notice.say(translate("Settings", "The check found something"), Tone.WARN, details="\n".join(problems))
        else:
            self._notice.say(
                translate("Settings", "The vault is whole. Nothing is missing and nothing was altered."), Tone.GOOD
            )
        self.reveal(self._notice)

    def show_done(self, sentence: str) -> None:
        """Say what was done."""
        self._notice.say(sentence, Tone.GOOD)
        self.reveal(self._notice)

    def show_error(self, explanation: Explanation) -> None:
        """Say what went wrong."""
        self._notice.explain(explanation)
        self.reveal(self._notice)

    # ------------------------------------------------------------ within

    def _on_split_done(self) -> None:
        self.show_done(DONE)

    def _open(self, dialog: Dialog) -> None:
        self._dialog = dialog
        dialog.finished.connect(self._on_dialog_finished)
        dialog.open()

    def _on_dialog_finished(self) -> None:
        self._dialog = None
