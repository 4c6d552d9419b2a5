"""Both ends of the first start: what dsadesk is, and what comes next."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QHBoxLayout, QWidget

from dsadesk.ui.i18n import translate
from dsadesk.ui.presenters.first_run import FirstRunPresenter
from dsadesk.ui.presenters.first_steps import FirstStep
from dsadesk.ui.theme import Space
from dsadesk.ui.views.first_run_page import StepPage
from dsadesk.ui.views.first_steps import FirstStepList
from dsadesk.ui.views.notice import Notice
from dsadesk.ui.vocabulary import Tone
from dsadesk.ui.widgets.glyph import Glyph
from dsadesk.ui.widgets.text import Text


class WelcomePage(StepPage):
    """Says in three sentences what is about to be set up."""

    def __init__(self, presenter: FirstRunPresenter) -> None:
        super().__init__(translate("FirstRun", "Welcome to your data sharing desk"), mark="file-lock")
        for icon_name, sentence in (
            (
                "pen-line",
                translate(
                    "FirstRun", "Here you write requests for data, answer those of others, and sign what you agree."
                ),
            ),
            (
                "lock",
                translate(
                    "FirstRun",
                    "Everything is encrypted on this computer, and what leaves it can be read only by the organisation it is for.",
                ),
            ),
            (
                "cloud-off",
                translate(
                    "FirstRun",
                    "You never need a network: requests travel by a shared folder, a stick or a file, whenever you choose.",
                ),
            ),
        ):
            self.add(_sentence(icon_name, sentence))
        self.add(
            Text(translate("FirstRun", "Setting up takes about five minutes. Have a pen and paper ready."), "hint")
        )
        self.placement = Notice()
        self.add(self.placement)
        begin = self.add_action(translate("FirstRun", "Set up this computer"), "primary")
        begin.clicked.connect(presenter.begin)

    def show_placement(self, sentence: str, todo: str) -> None:
        """Say that the folder is a bad place for a vault; nothing where it is not."""
        if sentence:
            self.placement.say(sentence, Tone.WARN, details=todo)
        else:
            self.placement.clear()


class DonePage(StepPage):
    """Shows what to do next."""

    def __init__(self, presenter: FirstRunPresenter) -> None:
        super().__init__(
            translate("FirstRun", "Your desk is ready"),
            translate(
                "FirstRun",
                "What comes next, in the order that most people take. The list stays on the Requests page until you have a request.",
            ),
            mark="circle-check",
        )
        self._next = FirstStepList(translate("FirstRun", "Before your first request"))
        self._next.step_chosen.connect(presenter.go_to)
        self.add(self._next)
        self.add_action(translate("FirstRun", "Go to my desk"), "primary").clicked.connect(presenter.finish)

    def show_steps(self, steps: Sequence[FirstStep]) -> None:
        """Show the steps in the order that most people take."""
        self._next.show_steps(steps)


def _sentence(icon_name: str, words: str) -> QWidget:
    line = QFrame()
    row = QHBoxLayout(line)
    row.setContentsMargins(0, 0, 0, 0)
    row.setSpacing(Space.LARGE)
    row.addWidget(Glyph(icon_name, "brand", size=24), 0, Qt.AlignmentFlag.AlignTop)
    row.addWidget(Text(words, "body"), 1)
    return line
