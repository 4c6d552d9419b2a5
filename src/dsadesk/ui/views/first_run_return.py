"""The first start of who comes back: the words from the paper, and what the other laptop was."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import Qt

from dsadesk.ui.clipboard import guard
from dsadesk.ui.i18n import translate
from dsadesk.ui.presenters.first_run import FirstRunPresenter
from dsadesk.ui.views.choose_file import choose_file
from dsadesk.ui.views.damage import choose_backup
from dsadesk.ui.views.first_run_page import StepPage
from dsadesk.ui.vocabulary import Kind, Option, QuestionSpec
from dsadesk.ui.widgets.answers import Choice, TextArea
from dsadesk.ui.widgets.button import Button
from dsadesk.ui.widgets.card import Card
from dsadesk.ui.widgets.form_row import FormRow
from dsadesk.ui.widgets.text import Text

_LOST, _BESIDE = "lost", "beside"
_FOUNDER, _COLLEAGUE = "founder", "colleague"


class ReturnPage(StepPage):
    """Asks for the recovery words and for what is left of the other laptop."""

    def __init__(self, presenter: FirstRunPresenter) -> None:
        super().__init__(
            translate("FirstRun", "Your recovery words"),
            translate(
                "FirstRun",
                "They show that you are the same person as on your other laptop. This one gets a key of its own to sign with.",
            ),
        )
        self._presenter = presenter
        row = FormRow(
            translate("FirstRun", "The words from your paper"),
            translate(
                "FirstRun",
                "All 24 in order, with spaces between; or two of your three shares, first the 33 words of one and then those of the other. Capital letters do not matter.",
            ),
        )
        self.typed_words = TextArea()
        guard().watch(self.typed_words)
        row.set_field(self.typed_words)
        self.rows["words"] = row
        self.add(row)
        self.other = _what_of_the_other()
        self.add(self.other)
        self._add_backup_card()
        self._add_own_card()
        self.founder = _who_founded()
        self.add(self.founder)
        self.add_action(translate("FirstRun", "Continue"), "primary").clicked.connect(self._on_words_clicked)
        self.add_action(translate("FirstRun", "Back")).clicked.connect(self._presenter.back)

    def show_card(self, name: str) -> None:
        """Say which card was taken."""
        self._card_name.setText(translate("FirstRun", "The card {name} is taken.", name=name))
        self._card_name.show()
        self.founder.setVisible(self._presenter.has_to_ask_who_founded)

    def show_backup(self, name: str) -> None:
        """Say which backup was taken."""
        self._backup_name.setText(translate("FirstRun", "The backup {name} is taken.", name=name))
        self._backup_name.show()
        self.founder.setVisible(self._presenter.has_to_ask_who_founded)

    def show_problems(self, problems: Mapping[str, str]) -> None:
        """Say what is wrong; the keyboard goes to the words, or else to the first question that has no answer."""
        super().show_problems(problems)
        asked = {"other": self.other, "founder": self.founder}
        for name, question in asked.items():
            question.show_problem(problems.get(name, ""))
        if problems and not problems.keys() - asked.keys():
            question = next(question for name, question in asked.items() if name in problems)
            question.take_focus()
            self.reveal_soon(question)

    def _add_backup_card(self) -> None:
        kept = Card(
            translate("FirstRun", "A backup of the other laptop, if you have one"), icon_name="save", shade="brand"
        )
        kept.add(
            Text(
                translate(
                    "FirstRun",
                    "It brings your drafts, requests and agreements as they were then. On a laptop that you still have, make one under Settings.",
                ),
                "hint",
            )
        )
        open_backup = Button(translate("FirstRun", "Open the backup…"))
        open_backup.clicked.connect(lambda: choose_backup(self.window(), self._presenter.take_backup))
        kept.column.addWidget(open_backup, 0, Qt.AlignmentFlag.AlignLeft)
        self._backup_name = Text("", "hint")
        self._backup_name.hide()
        kept.add(self._backup_name)
        self.add(kept)

    def _add_own_card(self) -> None:
        card = Card(
            translate("FirstRun", "Your organisation's newest card, if you have no backup"),
            icon_name="users",
            shade="brand",
        )
        card.add(
            Text(
                translate(
                    "FirstRun",
                    "With it your colleagues and your inbox stay as they were. Any partner or colleague has it; the administrator or a colleague saves it under Partners with “Save your card as a file…” and sends it to you.",
                ),
                "hint",
            )
        )
        choose = Button(translate("FirstRun", "Open the card…"))
        choose.clicked.connect(self._on_card_clicked)
        card.column.addWidget(choose, 0, Qt.AlignmentFlag.AlignLeft)
        self._card_name = Text("", "hint")
        card.add(self._card_name)
        self._card_name.hide()
        self.add(card)

    def _on_words_clicked(self) -> None:
        other, founder = self.other.value(), self.founder.value()
        self._presenter.say_words(
            self.typed_words.toPlainText(),
            beside=None if not other else other == _BESIDE,
            founder=None if not founder else founder == _FOUNDER,
        )

    def _on_card_clicked(self) -> None:
        title = translate("FirstRun", "Open your organisation's card")
        choose_file(self.window(), title, self._presenter.take_card)


def _who_founded() -> Choice:
    """The question that stands while there is neither a backup nor a card."""
    return Choice(
        QuestionSpec(
            "founder",
            Kind.CHOICE,
            translate("FirstRun", "Without a backup or the card: who set dsadesk up for your organisation?"),
            options=(
                Option(
                    _FOUNDER,
                    translate("FirstRun", "I set it up"),
                    translate("FirstRun", "Your words make the organisation's key again, the same as before."),
                ),
                Option(
                    _COLLEAGUE,
                    translate("FirstRun", "A colleague let me in"),
                    translate(
                        "FirstRun",
                        "Then you need the card. Without it you would make another key in your organisation's name.",
                    ),
                ),
            ),
        ),
        look="strong",
    )


def _what_of_the_other() -> Choice:
    """The question whether another laptop goes on."""
    return Choice(
        QuestionSpec(
            "other",
            Kind.CHOICE,
            translate("FirstRun", "What about your other laptop?"),
            options=(
                Option(
                    _LOST,
                    translate("FirstRun", "I no longer use it"),
                    translate("FirstRun", "It is lost, broken or given back. What it signs from now on is refused."),
                ),
                Option(
                    _BESIDE,
                    translate("FirstRun", "I go on using it too"),
                    translate("FirstRun", "Both are you. Each signs with a key of its own, and both read your inbox."),
                ),
            ),
        ),
        look="strong",
    )
