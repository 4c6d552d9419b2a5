"""The dialog in which somebody asks, decides, withdraws or closes. Escape closes it and loses nothing of what was typed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QCloseEvent, QKeySequence, QShortcut, QShowEvent
from PySide6.QtWidgets import QFrame, QVBoxLayout, QWidget

from dsadesk.domain.events import Event
from dsadesk.services.wording import Explanation
from dsadesk.ui import theme
from dsadesk.ui.actions import keys_of
from dsadesk.ui.i18n import translate
from dsadesk.ui.presenters.decide import DecidePresenter, Form, KeptWords, Values
from dsadesk.ui.presenters.frame import Frame
from dsadesk.ui.theme import Space
from dsadesk.ui.views.fitted_dialog import FittedDialog
from dsadesk.ui.views.notice import Notice
from dsadesk.ui.views.reading import trim
from dsadesk.ui.widgets.question import Question
from dsadesk.ui.widgets.questions import build
from dsadesk.ui.widgets.text import Text

_SAY = "say"
_WIDTH = 620
_PAUSE_MILLISECONDS = 400


class DecideDialog(FittedDialog):
    """One form. It stays open until what it says is sealed, and says so where it could not be."""

    event_said = Signal(object)  # Event

    def __init__(
        self,
        frame: Frame,
        form: Form,
        words: KeptWords,
        about: str = "",
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(form.title, form.sentence, safe=translate("Decide", "Not now"), parent=parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        trim(self._scroll)
        self._form = form
        self._questions: dict[str, Question[Any]] = {}
        self._is_said = False
        self._presenter = DecidePresenter(self, frame, words, about)
        self._notice = Notice()
        self.body.addWidget(self._notice)
        if form.quoted:
            self.body.addWidget(_quote(form.quoted, form.quote))
        self._button = self.add_action(_SAY, form.button, look="danger" if form.is_final else "primary")
        self._button.set_icon("lock")
        foot = translate(
            "Decide",
            "It is sealed when you press the button. It is then sent by itself, or when you press “Send and fetch”.",
        )
        self._foot_words = Text(foot, "hint")
        self._pause = QTimer(self)
        self._pause.setSingleShot(True)
        self._pause.setInterval(_PAUSE_MILLISECONDS)
        self._pause.timeout.connect(self._keep)
        shortcut = QShortcut(QKeySequence(keys_of("continue")), self)
        shortcut.activated.connect(self._button.click)
        self._presenter.open(form)
        self.body.addWidget(self._foot_words)

    # ------------------------------------------------------------ what the presenter asks

    def show_form(self, form: Form, values: Values) -> None:
        """Show the fields with what was typed before."""
        for spec in form.fields:
            question = build(spec)
            if spec.id in values:
                question.set_value(values[spec.id])
            question.changed.connect(self._on_changed)
            self._questions[spec.id] = question
            self.body.addWidget(question)
        first = next(iter(self._questions.values()), None)
        if first is not None and first.fields():
            self.start_at(first.fields()[0])

    def show_problems(self, problems: Mapping[str, str]) -> None:
        """Name what is missing, and put the keyboard there."""
        for field, question in self._questions.items():
            question.show_problem(problems.get(field, ""))
        if problems:
            self._questions[next(iter(problems))].take_focus()

    def show_busy(self, *, busy: bool) -> None:
        """Take no second press."""
        self._button.setEnabled(not busy)

    def show_error(self, explanation: Explanation | None) -> None:
        """Say why it could not be said."""
        self._notice.explain(explanation)

    def said(self, event: Event) -> None:
        """Close, because it is said."""
        self._is_said = True
        super().accept()
        self.event_said.emit(event)

    # ------------------------------------------------------------ within

    def questions(self) -> dict[str, Question[Any]]:
        """Return the fields by name."""
        return self._questions

    def accept(self) -> None:
        """Say it; the dialog closes once it is sealed."""
        self._pause.stop()
        self._answer = self.SAFE
        self._presenter.submit(self._values())

    def reject(self) -> None:
        """Close, and keep what was typed."""
        self._keep_now()
        super().reject()

    def showEvent(self, event: QShowEvent) -> None:
        """Fit once more when the fields have grown to their texts."""
        super().showEvent(event)
        QTimer.singleShot(_PAUSE_MILLISECONDS // 4, self, self.fit_soon)

    def closeEvent(self, event: QCloseEvent) -> None:
        """Keep what was typed, however the window is closed."""
        self._keep_now()
        super().closeEvent(event)

    def _fit(self) -> None:
        self.setMinimumWidth(theme.px(_WIDTH))

    def _values(self) -> dict[str, Any]:
        return {field: question.value() for field, question in self._questions.items()}

    def _on_changed(self) -> None:
        for question in self._questions.values():
            if question.problem() and not question.own_problem():
                question.show_problem("")
        self._pause.start()
        self.fit_soon()

    def _keep(self) -> None:
        if not self._is_said:
            self._presenter.keep(self._values())

    def _keep_now(self) -> None:
        self._pause.stop()
        self._keep()


def _quote(question: str, answer: str) -> QWidget:
    box = QFrame()
    box.setProperty("look", "inset")
    column = QVBoxLayout(box)
    column.setContentsMargins(Space.MEDIUM + 2, Space.TIGHT, 0, Space.TIGHT)
    column.setSpacing(Space.HAIR)
    column.addWidget(Text(question, "strong"))
    column.addWidget(Text(answer, "text"))
    return box
