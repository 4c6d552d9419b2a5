"""The questions that a request was asked, with their replies, and the boxes to reply in."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout, QWidget
from shiboken6 import isValid

from dsadesk.ui.actions import keys_of
from dsadesk.ui.i18n import translate
from dsadesk.ui.presenters.request import ReplyForm
from dsadesk.ui.presenters.request_shown import ShownRequest, Talk
from dsadesk.ui.theme import Space
from dsadesk.ui.views.reading import ReadingColumn
from dsadesk.ui.vocabulary import Kind, Option, QuestionSpec, Tone
from dsadesk.ui.widgets.answers import LongText
from dsadesk.ui.widgets.button import Button, GraveButton
from dsadesk.ui.widgets.card import Card
from dsadesk.ui.widgets.controls import CheckOption
from dsadesk.ui.widgets.empty_state import EmptyState
from dsadesk.ui.widgets.pill import Pill
from dsadesk.ui.widgets.question import Question
from dsadesk.ui.widgets.questions import build
from dsadesk.ui.widgets.text import Text


class TalksPane(ReadingColumn):
    """Questions and replies, those without a reply first."""

    kept = Signal(str, str, object)  # the id of a question, the reply typed so far, the new answer or None
    replied = Signal(str, str, object)  # the id of a question, the reply, the new answer or None
    answer_wanted = Signal(str)  # the id of the question of the form that was asked about

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(width=720, parent=parent)
        self._shown: tuple[Talk, ...] | None = None
        self._boxes: dict[str, ReplyBox] = {}
        self._title: Text | None = None

    def show_talks(self, shown: ShownRequest, forms: Sequence[ReplyForm]) -> None:
        """Show what was asked. The same questions again leave alone what is being typed."""
        if shown.talks == self._shown and {form.talk.id for form in forms} == set(self._boxes):
            return
        self._shown = shown.talks
        typed = {asked: box.typed() for asked, box in self._boxes.items()}
        self.clear()
        self._boxes = {}
        if not shown.talks:
            self.add(self._nothing(shown))
            return
        self._title = Text(translate("Request", "Questions and replies"), "title", heading=True)
        self._title.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.add(self._title)
        by_id = {form.talk.id: form for form in forms}
        for talk in shown.talks:
            self.add(self._card(talk, by_id.get(talk.id), typed.get(talk.id)))

    def go_to(self, asked: str) -> None:
        """Put the keyboard where this question is replied to; without a name, where the first one is."""
        box = self._boxes.get(asked) or next(iter(self._boxes.values()), None)
        if box is not None:
            box.take_focus()
            QTimer.singleShot(0, self, lambda: self.reveal(box) if isValid(box) else None)
        elif self._title is not None and isValid(self._title):
            self._title.setFocus(Qt.FocusReason.OtherFocusReason)

    def boxes(self) -> dict[str, ReplyBox]:
        """Return the boxes to reply in, by question."""
        return self._boxes

    def keep_now(self) -> None:
        """Keep what is typed without waiting for a pause."""
        for box in self._boxes.values():
            box.keep_now()

    def _nothing(self, shown: ShownRequest) -> EmptyState:
        sentence = (
            translate("Request", "Ask about an answer where it stands, under “Answers”.")
            if any(step.id == "ask" for step in shown.head.more)
            else translate(
                "Request", "When {them} asks something, it stands here and you reply to it here.", them=shown.them
            )
        )
        return EmptyState("message-circle-question", translate("Request", "No questions so far"), sentence)

    def _card(self, talk: Talk, form: ReplyForm | None, typed: tuple[str, Any] | None) -> Card:
        card = Card()
        card.setAccessibleName(translate("Request", "Question: {said}", said=talk.text))
        head = QHBoxLayout()
        head.setSpacing(Space.MEDIUM)
        about = talk.about_words or translate("Request", "About the request as a whole")
        head.addWidget(Text(about, "strong", heading=True), 1)
        words = translate("Request", "Open") if talk.is_open else translate("Request", "Replied")
        head.addWidget(Pill(words, Tone.WARN if talk.is_open else Tone.GOOD), 0, Qt.AlignmentFlag.AlignTop)
        card.column.addLayout(head)
        card.add(_said(talk.asked, talk.text))
        if talk.reply:
            card.add(_said(talk.replied, talk.reply))
        if talk.changed:
            card.add(_said(translate("Request", "The answer now"), talk.changed))
        if talk.about:
            button = Button(translate("Request", "Read the answer"), "link", icon_name="arrow-right", small=True)
            button.setAccessibleName(translate("Request", "Read the answer: {question}", question=about))
            button.clicked.connect(lambda: self.answer_wanted.emit(talk.about))
            card.column.addWidget(button, 0, Qt.AlignmentFlag.AlignLeft)
        if form is not None:
            box = ReplyBox(form, typed)
            box.kept.connect(lambda text, value: self.kept.emit(talk.id, text, value))
            box.replied.connect(lambda text, value: self.replied.emit(talk.id, text, value))
            self._boxes[talk.id] = box
            card.add(box)
        return card


class ReplyBox(QWidget):
    """A field for the reply, and the question of the form again where a new answer may go with it."""

    kept = Signal(str, object)  # the reply typed so far, the new answer or None
    replied = Signal(str, object)  # the reply, the new answer or None

    def __init__(self, form: ReplyForm, typed: tuple[str, Any] | None = None, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        text, revised = typed or (str(form.typed.get("text", "")), form.typed.get("revised"))
        column = QVBoxLayout(self)
        column.setContentsMargins(0, Space.SMALL, 0, 0)
        column.setSpacing(Space.MEDIUM)
        hint = translate("Request", "The other side reads it beside the question, and it stays in the history.")
        self._text = LongText(QuestionSpec("reply", Kind.LONG, translate("Request", "Your reply"), hint), look="strong")
        self._text.set_value(text)
        column.addWidget(self._text)
        self._answer: Question[Any] | None = None
        self._wants = CheckOption(
            Option(
                "change",
                translate("Request", "Change the answer too"),
                translate(
                    "Request", "The new answer takes the place of the one that was sealed; both stay in the history."
                ),
            )
        )
        if form.spec is not None:
            self._answer = build(form.spec)
            self._answer.set_value(form.value if revised is None else revised)
            self._wants.setChecked(revised is not None)
            self._answer.setVisible(revised is not None)
            self._wants.toggled.connect(self._on_wants_toggled)
            self._answer.changed.connect(self._on_typed)
            column.addWidget(self._wants)
            column.addWidget(self._answer)
        self._send = GraveButton(translate("Request", "Seal the reply"), "primary", icon_name="lock")
        self._send.clicked.connect(self._on_send_clicked)
        foot = QHBoxLayout()
        foot.setSpacing(Space.MEDIUM)
        foot.addWidget(self._send)
        foot.addWidget(
            Text(translate("Request", "It is sent by itself, or when you press “Send and fetch”."), "meta"), 1
        )
        column.addLayout(foot)
        self._pause = QTimer(self)
        self._pause.setSingleShot(True)
        self._pause.setInterval(400)
        self._pause.timeout.connect(self._keep)
        self._text.changed.connect(self._on_typed)
        shortcut = QShortcut(QKeySequence(keys_of("continue")), self)
        shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        shortcut.activated.connect(self._on_send_clicked)

    def typed(self) -> tuple[str, Any]:
        """Return the reply, and the new answer where one is wanted."""
        wanted = self._answer is not None and self._wants.isChecked()
        return self._text.value(), self._answer.value() if wanted and self._answer is not None else None

    def write(self, text: str) -> None:
        """Put words into the reply, as typing does."""
        self._text.set_value(text)
        self._on_typed()

    def take_focus(self) -> None:
        """Put the keyboard into the reply."""
        self._text.take_focus()

    def keep_now(self) -> None:
        """Keep what is typed without waiting for a pause."""
        if self._pause.isActive():
            self._pause.stop()
            self._keep()

    def _on_typed(self) -> None:
        self._text.show_problem("")
        self._pause.start()

    def _keep(self) -> None:
        self.kept.emit(*self.typed())

    def _on_wants_toggled(self, wanted: bool) -> None:  # noqa: FBT001  # the signal's shape
        if self._answer is not None:
            self._answer.setVisible(wanted)
            if wanted:
                self._answer.take_focus()
        self._on_typed()

    def _on_send_clicked(self) -> None:
        text, revised = self.typed()
        if not text.strip():
            self._text.show_problem(translate("Request", "Write your reply"))
            self._text.take_focus()
            return
        if self._answer is not None and self._wants.isChecked() and self._answer.own_problem():
            self._answer.look_again()
            self._answer.take_focus()
            return
        self._pause.stop()
        self.replied.emit(text, revised)


def _said(who: str, text: str) -> QWidget:
    box = QFrame()
    box.setProperty("look", "inset")
    column = QVBoxLayout(box)
    column.setContentsMargins(Space.MEDIUM + 2, Space.TIGHT, 0, Space.TIGHT)
    column.setSpacing(Space.HAIR)
    column.addWidget(Text(who, "meta"))
    said = Text(text, "text")
    said.let_copy()
    column.addWidget(said)
    return box
