"""The first start of who joins colleagues: the application, the words to read out, and the pass that comes back."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt

from dsadesk.services.wording.fingerprints import spelled
from dsadesk.ui.i18n import translate
from dsadesk.ui.presenters.first_run import FirstRunPresenter
from dsadesk.ui.views.choose_file import choose_file, choose_place
from dsadesk.ui.views.first_run_page import StepPage
from dsadesk.ui.vocabulary import Tone
from dsadesk.ui.widgets.button import Button
from dsadesk.ui.widgets.card import Card
from dsadesk.ui.widgets.text import Text


class JoinPage(StepPage):
    """Leads through being let in."""

    def __init__(self, presenter: FirstRunPresenter) -> None:
        super().__init__(
            translate("FirstRun", "Ask a colleague to let you in"),
            translate(
                "FirstRun",
                "Until then you can write drafts. To seal and to read what comes in, you need your organisation's pass.",
            ),
        )
        self._presenter = presenter
        first = Card(translate("FirstRun", "1. Save your application and send it"), icon_name="download", shade="brand")
        first.add(
            Text(
                translate(
                    "FirstRun",
                    "Send it to a colleague who looks after your organisation's keys, by e-mail or by hand. There is nothing secret in it.",
                ),
                "hint",
            )
        )
        save = Button(translate("FirstRun", "Save the application…"), "brand")
        save.clicked.connect(self._on_save_application_clicked)
        first.column.addWidget(save, 0, Qt.AlignmentFlag.AlignLeft)
        self.add(first)
        second = Card(translate("FirstRun", "2. Read them these words"), icon_name="phone", shade="brand")
        second.add(
            Text(translate("FirstRun", "By phone or in person, so that they know it is you and nobody else."), "hint")
        )
        self.own_words = Text("", "subtitle")
        self.own_words.let_copy()
        second.add(self.own_words)
        self.add(second)
        third = Card(
            translate("FirstRun", "3. Open the pass that they send back"), icon_name="key-round", shade="brand"
        )
        third.add(Text(translate("FirstRun", "Only this computer can open it."), "hint"))
        pass_button = Button(translate("FirstRun", "Open the pass…"), "brand")
        pass_button.clicked.connect(self._on_open_pass_clicked)
        third.column.addWidget(pass_button, 0, Qt.AlignmentFlag.AlignLeft)
        self.add(third)
        self.add_action(translate("FirstRun", "Go on without it for now")).clicked.connect(self._presenter.later)

    def show_application(self, words: Sequence[str], saved: str) -> None:
        """Show what a colleague will compare."""
        self.own_words.setText(" ".join(words))
        self.own_words.setAccessibleName(spelled(tuple(words)))
        if saved:
            self.notice.say(
                translate("FirstRun", "The application is saved as {name}", name=saved),
                Tone.GOOD,
                details=translate(
                    "FirstRun",
                    "Send it to your colleague. When they send you a pass, open it here or later from Settings.",
                ),
            )

    def _on_save_application_clicked(self) -> None:
        choose_place(
            self.window(),
            translate("FirstRun", "Save the application"),
            "application.dsapplication",
            self._presenter.save_application,
        )

    def _on_open_pass_clicked(self) -> None:
        choose_file(self.window(), translate("FirstRun", "Open the pass"), self._presenter.open_pass)
