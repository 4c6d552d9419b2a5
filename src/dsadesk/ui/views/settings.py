"""Settings: the look, when the desk locks, the owner, the vault, and colleagues who join."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from dsadesk.secret import Secret
from dsadesk.services.changes import Changes
from dsadesk.services.wording import Explanation
from dsadesk.ui.i18n import translate
from dsadesk.ui.preferences import IDLE_MINUTES, TEXT_STEPS, Preferences
from dsadesk.ui.presenters.frame import Frame, Place
from dsadesk.ui.presenters.settings import Doubt, OwnFacts, SettingsPresenter
from dsadesk.ui.presenters.shares import DONE
from dsadesk.ui.theme import Space, Theme
from dsadesk.ui.views.choose_file import choose_place
from dsadesk.ui.views.confirm_dialog import ConfirmDialog
from dsadesk.ui.views.exchange_settings import ExchangeSettings
from dsadesk.ui.views.fields_dialog import FieldsDialog
from dsadesk.ui.views.notice import Notice
from dsadesk.ui.views.passphrase_row import PassphraseRow
from dsadesk.ui.views.reminder import what_is_asked, words_dialog
from dsadesk.ui.views.shares_dialog import SharesDialog
from dsadesk.ui.views.stores_card import StoresCard
from dsadesk.ui.vocabulary import Kind, Option, QuestionSpec, Segment, Tone
from dsadesk.ui.widgets.answers import Choice
from dsadesk.ui.widgets.button import Button
from dsadesk.ui.widgets.card import Card
from dsadesk.ui.widgets.dialog import Dialog
from dsadesk.ui.widgets.flow import Flow
from dsadesk.ui.widgets.form_row import FormRow
from dsadesk.ui.widgets.key_value_table import KeyValueTable
from dsadesk.ui.widgets.scroll_column import ScrollColumn
from dsadesk.ui.widgets.segmented_filter import SegmentedFilter
from dsadesk.ui.widgets.text import Text


class SettingsView(ScrollColumn):
    """Everything that a person may set for themselves."""

    look_changed = Signal()
    lock_wanted = Signal()
    exchange_changed = Signal()

    def __init__(self, frame: Frame, preferences: Preferences, parent: QWidget | None = None) -> None:
        super().__init__(width=720, parent=parent)
        self._preferences = preferences
        self._frame = frame
        self._presenter = SettingsPresenter(self, frame)
        self._dialog: Dialog | None = None
        self._shown: OwnFacts | None = None
        self._title = Text(translate("Settings", "Settings"), "title", heading=True)
        self._title.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.add(self._title)
        self._notice = Notice()
        self.add(self._notice)
        self.add(self._look())
        self.add(self._locking())
        self.exchange = ExchangeSettings(preferences)
        self.exchange.changed.connect(self.exchange_changed)
        self.add(self.exchange)
        self.stores = StoresCard(frame)
        self.add(self.stores)
        self._owner = KeyValueTable(translate("Settings", "Who you are"))
        self.add(_titled(translate("Settings", "Who you are"), "user", self._owner))
        self.add(self._vault())
        self.add(self._colleagues())

    # ------------------------------------------------------------ a page's duties

    def show_place(self, _place: Place) -> None:
        """Show the settings as they are."""
        self._presenter.start()
        self.stores.load()

    def refresh(self, changes: Changes) -> None:
        """Follow changes of keys and cards."""
        if changes.cards or changes.vault:
            self._presenter.start()
            self.stores.load()

    def focus_first(self) -> None:
        """Put the keyboard on the title."""
        self._title.setFocus(Qt.FocusReason.OtherFocusReason)

    # ------------------------------------------------------------ what the presenter asks

    def show_facts(self, facts: OwnFacts) -> None:
        """Show who owns the vault and how it opens."""
        self._owner.set_rows(facts.owner)
        self._facts.set_rows(facts.vault)
        self._shown = facts
        self._passphrase.set_words(
            translate("Settings", "Change the passphrase…")
            if facts.has_passphrase
            else translate("Settings", "Add a passphrase…")
        )
        self._key_store.set_words(
            translate("Settings", "Stop using the key store")
            if facts.has_key_store
            else translate("Settings", "Open with this computer's key store")
        )
        # The last way in but the words cannot be taken away.
        self._key_store.setVisible(not facts.has_key_store or facts.has_passphrase)
        self._drop.setVisible(facts.has_key_store and facts.has_passphrase)
        if facts.asked.is_due:
            due = translate("Settings", "It is time to prove that you still have your recovery words.")
            self._due.say(due, Tone.INFO, details=what_is_asked(facts.asked.place))
        else:
            self._due.clear()
        self._show_doubt(facts.doubt)
        self._join.setVisible(not facts.is_admitted)
        self._let_in.setVisible(facts.is_admin)
        self._team.setVisible(facts.is_admin or not facts.is_admitted)

    def _show_doubt(self, doubt: Doubt | None) -> None:
        if doubt is None:
            self._doubt.clear()
            return
        action = translate("Settings", "Take it as it is…") if doubt.to_decide else ""
        self._doubt.say(doubt.sentence, Tone.BAD, details=doubt.todo, action=action)

    def show_busy(self, sentence: str) -> None:
        """Say what is being done."""
        self._busy.setText(sentence)
        for button in (self._check, self._back_up):
            button.setEnabled(not sentence)

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

    def _look(self) -> QWidget:
        theme_choice = Choice(
            QuestionSpec(
                "theme",
                Kind.CHOICE,
                translate("Settings", "Colours"),
                options=(
                    Option(Theme.SYSTEM.value, translate("Settings", "As the computer is set")),
                    Option(Theme.LIGHT.value, translate("Settings", "Light")),
                    Option(Theme.DARK.value, translate("Settings", "Dark")),
                    Option(Theme.CONTRAST.value, translate("Settings", "High contrast")),
                ),
            ),
            look="strong",
        )
        theme_choice.set_value(self._preferences.theme.value)
        theme_choice.changed.connect(self._on_theme_chosen)
        sizes = SegmentedFilter(
            translate("Settings", "Size of the text"), [Segment(str(step), f"{step} %") for step in TEXT_STEPS]
        )
        if self._preferences.text_percent in TEXT_STEPS:
            sizes.select(str(self._preferences.text_percent))
        sizes.segment_chosen.connect(self._on_size_chosen)
        card = Card(translate("Settings", "How it looks"), icon_name="sun", shade="brand")
        card.add(theme_choice)
        card.column.addSpacing(Space.SMALL)
        card.add(Text(translate("Settings", "Size of the text"), "strong"))
        card.add(sizes)
        return card

    def _locking(self) -> QWidget:
        card = Card(translate("Settings", "When it locks"), icon_name="lock", shade="brand")
        card.add(
            Text(
                translate("Settings", "The vault is closed when nobody has touched the window for so many minutes."),
                "hint",
            )
        )
        minutes = SegmentedFilter(
            translate("Settings", "Minutes until it locks"),
            [Segment(str(n), translate("Settings", "{n} min", n=n)) for n in IDLE_MINUTES],
        )
        minutes.select(str(self._preferences.idle_minutes))
        minutes.segment_chosen.connect(self._on_minutes_chosen)
        card.add(minutes)
        lock = Button(translate("Settings", "Lock now"), icon_name="lock")
        lock.clicked.connect(self.lock_wanted)
        card.column.addSpacing(Space.SMALL)
        card.column.addWidget(lock, 0, Qt.AlignmentFlag.AlignLeft)
        return card

    def _vault(self) -> QWidget:
        self._facts = KeyValueTable(translate("Settings", "Your vault"))
        card = _titled(translate("Settings", "Your vault"), "hard-drive", self._facts)
        buttons = QWidget()
        flow = Flow(buttons, spacing=Space.MEDIUM)
        self._check = Button(translate("Settings", "Check the vault"), icon_name="shield-check")
        self._back_up = Button(translate("Settings", "Make a backup…"), icon_name="save")
        self._busy = Text("", "meta", wrap=False)
        self._check.clicked.connect(self._presenter.check)
        self._back_up.clicked.connect(self._on_back_up_clicked)
        self._restore = Button(translate("Settings", "Restore a backup…"), icon_name="save")
        self._restore.clicked.connect(self._on_restore_clicked)
        for each in (self._check, self._back_up, self._restore, self._busy):
            flow.addWidget(each)
        ways = QWidget()
        opening = Flow(ways, spacing=Space.MEDIUM)
        self._passphrase = Button(translate("Settings", "Change the passphrase…"), icon_name="key-round")
        self._key_store = Button(translate("Settings", "Open with this computer's key store"), icon_name="monitor")
        self._drop = Button(translate("Settings", "Stop using the passphrase…"), icon_name="x")
        self._words = Button(translate("Settings", "Prove your recovery words…"), icon_name="list-checks")
        self._split = Button(translate("Settings", "Split your words in three…"), icon_name="users")
        for button, act in (
            (self._passphrase, self._on_passphrase_clicked),
            (self._key_store, self._on_key_store_clicked),
            (self._drop, self._on_drop_clicked),
            (self._words, self._on_words_clicked),
            (self._split, self._on_split_clicked),
        ):
            button.clicked.connect(act)
            opening.addWidget(button)
        self._due = Notice()
        self._doubt = Notice()
        self._doubt.action_chosen.connect(self._on_accept_history_wanted)
        card.add(self._doubt)
        card.add(self._due)
        card.column.addSpacing(Space.SMALL)
        card.add(ways)
        card.add(buttons)
        return card

    def _colleagues(self) -> QWidget:
        self._team = Card(translate("Settings", "Colleagues"), icon_name="users", shade="brand")
        self._let_in = QWidget()
        column = QVBoxLayout(self._let_in)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(Space.SMALL)
        column.addWidget(
            Text(
                translate(
                    "Settings",
                    "A colleague who joins sends you an application. You compare eight words with them and send back a pass.",
                ),
                "hint",
            )
        )
        read = Button(translate("Settings", "Open an application…"), icon_name="user-check")
        read.clicked.connect(self._presenter.let_in)
        column.addWidget(read, 0, Qt.AlignmentFlag.AlignLeft)
        self._team.add(self._let_in)
        self._join = QWidget()
        joining = QVBoxLayout(self._join)
        joining.setContentsMargins(0, 0, 0, 0)
        joining.setSpacing(Space.SMALL)
        joining.addWidget(
            Text(
                translate(
                    "Settings",
                    "Your organisation has not let this computer in yet. You can draft; sealing and reading what comes in wait for a pass.",
                ),
                "hint",
            )
        )
        join = Button(translate("Settings", "Ask to be let in"), "primary")
        join.clicked.connect(self._presenter.join)
        joining.addWidget(join, 0, Qt.AlignmentFlag.AlignLeft)
        self._team.add(self._join)
        self._team.hide()
        return self._team

    def _on_theme_chosen(self, value: object) -> None:
        self._preferences.theme = Theme(str(value))
        self.look_changed.emit()

    def _on_size_chosen(self, value: str) -> None:
        self._preferences.text_percent = int(value)
        self.look_changed.emit()

    def _on_minutes_chosen(self, value: str) -> None:
        self._preferences.idle_minutes = int(value)

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

    def _on_split_done(self) -> None:
        self.show_done(DONE)

    def _open(self, dialog: Dialog) -> None:
        self._dialog = dialog
        dialog.finished.connect(self._on_dialog_finished)
        dialog.open()

    def _on_dialog_finished(self) -> None:
        self._dialog = None

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


def _titled(title: str, icon_name: str, widget: QWidget) -> Card:
    card = Card(title, icon_name=icon_name, shade="brand")
    card.add(widget)
    return card
