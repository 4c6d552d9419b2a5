"""The first start: how the vault opens from now on."""

from __future__ import annotations

from PySide6.QtWidgets import QVBoxLayout, QWidget

from dsadesk.ui.i18n import translate
from dsadesk.ui.presenters.first_run import FirstRunPresenter
from dsadesk.ui.presenters.first_run_said import Opening, strength
from dsadesk.ui.theme import Space, set_look
from dsadesk.ui.views.first_run_page import StepPage
from dsadesk.ui.vocabulary import Kind, Option, QuestionSpec, Tone
from dsadesk.ui.widgets.answers import Choice
from dsadesk.ui.widgets.button import Button
from dsadesk.ui.widgets.text import Text

_KEY_STORE, _PASSPHRASE = "key-store", "passphrase"


class OpeningPage(StepPage):
    """Asks whether the key store or a passphrase opens the vault, and makes it."""

    def __init__(self, presenter: FirstRunPresenter) -> None:
        super().__init__(
            translate("FirstRun", "How should your vault open?"),
            translate("FirstRun", "The vault is the encrypted place on this computer where your requests are kept."),
        )
        self._presenter = presenter
        self.again = Button(
            translate("FirstRun", "Look at the key store again"), "link", icon_name="refresh-cw", small=True
        )
        self.again.clicked.connect(self._presenter.look_at_key_store)
        self.again.hide()
        self.add(self.again, left=True)
        self.how = _what_opens_it()
        self.how.changed.connect(self._on_how_changed)
        self.how.hide()
        self.add(self.how)
        self._add_passphrase()
        make = self.add_action(translate("FirstRun", "Make my vault"), "primary")
        make.clicked.connect(self._on_make_clicked)
        self.line("again").returnPressed.connect(self._on_make_clicked)
        self.add_action(translate("FirstRun", "Back")).clicked.connect(self._presenter.back)

    def show_opening(self, opening: Opening) -> None:
        """Say what this computer's key store can do."""
        self.notice.say(opening.sentence, Tone.GOOD if opening.works else Tone.WARN, details=opening.todo)
        self.how.setVisible(opening.works)
        self.again.setVisible(not opening.works)
        self.how.set_value(_KEY_STORE if opening.works else _PASSPHRASE)
        self._on_how_changed()

    def _add_passphrase(self) -> None:
        self.secret = QWidget()
        column = QVBoxLayout(self.secret)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(Space.QUESTION)
        self.strength = Text("", "hint")
        first = self.make_secret(
            "passphrase",
            translate("FirstRun", "Passphrase"),
            translate(
                "FirstRun",
                "At least 12 characters. Four or five words that have nothing to do with each other are easy to remember and hard to guess.",
            ),
        )
        first.column.addWidget(self.strength)
        column.addWidget(first)
        column.addWidget(self.make_secret("again", translate("FirstRun", "The same passphrase again"), ""))
        self.line("passphrase").textChanged.connect(self._on_passphrase_changed)
        self.secret.hide()
        self.add(self.secret)

    def _on_how_changed(self, _value: object = None) -> None:
        self.secret.setVisible(self.how.value() == _PASSPHRASE)

    def _on_passphrase_changed(self, text: str) -> None:
        judged = strength(text)
        self.strength.setText(judged.sentence)
        set_look(self.strength, look="problem" if judged.tone is Tone.BAD else "hint")

    def _on_make_clicked(self) -> None:
        if self.how.value() == _KEY_STORE:
            self._presenter.make(passphrase=None)
        else:
            self._presenter.make(passphrase=self.line("passphrase").text(), again=self.line("again").text())


def _what_opens_it() -> Choice:
    """The question what opens the vault."""
    return Choice(
        QuestionSpec(
            "how",
            Kind.CHOICE,
            translate("FirstRun", "Open it"),
            options=(
                Option(
                    _KEY_STORE,
                    translate("FirstRun", "By itself, with this computer's key store"),
                    translate("FirstRun", "You sign in to the computer; the vault opens with it."),
                ),
                Option(
                    _PASSPHRASE,
                    translate("FirstRun", "With a passphrase that I type each time"),
                    translate("FirstRun", "Better on a computer that others use too."),
                ),
            ),
        )
    )
