"""The first start, step by step, on one page without the rail. Each step is a page of its own beside this one."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QStackedWidget, QVBoxLayout, QWidget

from dsadesk.secret import Secret
from dsadesk.services.changes import Changes
from dsadesk.services.wording import Explanation
from dsadesk.ui.i18n import counted, translate
from dsadesk.ui.presenters.first_run import FirstRunPresenter, Step
from dsadesk.ui.presenters.first_run_said import Opening
from dsadesk.ui.presenters.first_steps import FirstStep
from dsadesk.ui.presenters.frame import Frame, Place
from dsadesk.ui.views.first_run_ends import DonePage, WelcomePage
from dsadesk.ui.views.first_run_join import JoinPage
from dsadesk.ui.views.first_run_opening import OpeningPage
from dsadesk.ui.views.first_run_page import StepPage
from dsadesk.ui.views.first_run_return import ReturnPage
from dsadesk.ui.views.first_run_who import WhoPage
from dsadesk.ui.views.first_run_words import KitPage, ProvePage
from dsadesk.ui.views.shares_dialog import SharesDialog
from dsadesk.ui.vocabulary import Tone
from dsadesk.ui.widgets.dialog import Dialog


class FirstRunView(QWidget):
    """Leads through the first start: shows the step that the presenter is at, and gives each step what is its own."""

    def __init__(self, frame: Frame, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._presenter = FirstRunPresenter(self, frame)
        self._frame = frame
        self._dialog: Dialog | None = None
        self.setProperty("look", "page")
        self.welcome = WelcomePage(self._presenter)
        self.who = WhoPage(self._presenter)
        self.coming_back = ReturnPage(self._presenter)
        self.opening = OpeningPage(self._presenter)
        self.kit = KitPage(self._presenter, self._owner)
        self.prove = ProvePage(self._presenter)
        self.join = JoinPage(self._presenter)
        self.done = DonePage(self._presenter)
        self._steps: dict[Step, StepPage] = {
            Step.WELCOME: self.welcome,
            Step.WHO: self.who,
            Step.RETURN: self.coming_back,
            Step.OPENING: self.opening,
            Step.KIT: self.kit,
            Step.PROVE: self.prove,
            Step.JOIN: self.join,
            Step.DONE: self.done,
        }
        self._stack = QStackedWidget()
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.setSpacing(0)
        outer.addWidget(self._stack, 1)
        for page in self._steps.values():
            self._stack.addWidget(page)

    @property
    def shown(self) -> StepPage:
        """The step on the page."""
        return self._steps[self._presenter.step]

    # ------------------------------------------------------------ a page's duties

    def show_place(self, _place: Place) -> None:
        """Show the step that the desk is at."""
        self._presenter.start()

    def refresh(self, _changes: Changes) -> None:
        """Nothing in the vault changes what this page says."""

    def focus_first(self) -> None:
        """Put the keyboard on the title of the step."""
        self.shown.focus_first()

    def settle(self, done: Callable[[bool], None]) -> None:
        """Do not let go while the words would be lost."""
        done(not self._presenter.holds_unproved_words)

    def explain_words(self) -> None:
        """Say why the window stays open."""
        title = translate("FirstRun", "Your recovery words are not kept yet")
        sentence = translate(
            "FirstRun",
            "They are shown only once. Without them nobody can open this vault when the computer or its key store fails.",
        )
        self._dialog = Dialog(title, sentence, safe=translate("FirstRun", "Go back to the words"), parent=self.window())
        self._dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._dialog.open()

    # ------------------------------------------------------------ what the presenter asks

    def show_step(self, step: Step, number: int, total: int) -> None:
        """Show a step."""
        page = self._steps[step]
        page.where.setText(translate("FirstRun", "Step {n} of {total}", n=number, total=total) if number else "")
        page.where.setVisible(bool(number))
        self._stack.setCurrentWidget(page)
        page.verticalScrollBar().setValue(0)
        page.focus_first()

    def show_placement(self, sentence: str, todo: str) -> None:
        """Say that the folder is a bad place for a vault."""
        self.welcome.show_placement(sentence, todo)

    def show_identifier(self, identifier: str) -> None:
        """Fill in the identifier that the name suggests."""
        self.who.show_identifier(identifier)

    def show_problems(self, problems: Mapping[str, str]) -> None:
        """Say what is wrong, by field; the keyboard goes to the first."""
        for page in self._steps.values():
            page.show_problems(problems)

    def show_opening(self, opening: Opening) -> None:
        """Say what this computer's key store can do."""
        self.opening.show_opening(opening)

    def show_words(self, words: Sequence[str]) -> None:
        """Show the 24 words, or take them off."""
        self.kit.show_words(words)
        self.prove.forget()

    def show_split(self, words: Secret[str]) -> None:
        """Open the dialog that splits the words in three."""
        self._dialog = SharesDialog(self._frame, words, self._owner(), done=self.kit.show_split, parent=self.window())
        self._dialog.open()

    def show_kit_saved(self, sentence: str) -> None:
        """Say that the locked copy is saved."""
        self.kit.show_kit_saved(sentence)

    def ask_words(self, places: Sequence[int]) -> None:
        """Ask for the words with these numbers."""
        self.prove.ask_words(places)

    def show_application(self, words: Sequence[str], saved: str) -> None:
        """Show what a colleague will compare."""
        self.join.show_application(words, saved)

    def show_card(self, name: str) -> None:
        """Say which card was taken."""
        self.coming_back.show_card(name)

    def show_backup(self, name: str) -> None:
        """Say which backup was taken."""
        self.coming_back.show_backup(name)

    def show_restored(self, ended: int, *, beside: bool) -> None:
        """Say that the vault is back, or that this laptop now stands beside another."""
        applies = self._presenter.step is Step.JOIN
        if beside:
            said, first = (
                translate("FirstRun", "This laptop is you as well"),
                translate("FirstRun", "Your other laptop goes on as it is."),
            )
            then = translate(
                "FirstRun",
                "Save your new card under Partners, take it in on your other laptop, and send it to your partners.",
            )
        else:
            said, first = translate("FirstRun", "Your keys are back"), _ended_words(ended)
            then = translate(
                "FirstRun",
                "Send your new card to your partners and ask each to give your history back: their copies fill this vault again.",
            )
        if applies:
            then = translate("FirstRun", "A colleague has to let this laptop in once, as below.")
        self.shown.notice.say(said, Tone.GOOD, details=f"{first}\n{then}".strip())

    def show_done(self, steps: Sequence[FirstStep]) -> None:
        """Show what to do next."""
        self.done.show_steps(steps)

    def show_busy(self, sentence: str) -> None:
        """Say what is being done."""
        self.shown.busy.setText(sentence)
        self.shown.set_busy(busy=bool(sentence))

    def show_error(self, explanation: Explanation | None) -> None:
        """Say what went wrong."""
        self.shown.notice.explain(explanation)
        if explanation is not None:
            self.shown.reveal(self.shown.notice)

    # ------------------------------------------------------------ within

    def _owner(self) -> str:
        return self.who.line("organisation").text()


def _ended_words(ended: int) -> str:
    forms = translate(
        "FirstRun", "{n} lost computer no longer signs for you.|{n} lost computers no longer sign for you."
    )
    return counted(forms, ended) if ended else ""
