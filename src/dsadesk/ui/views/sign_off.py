"""A draft that a colleague asks about: read only, with the answer at its head."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from dsadesk.domain.ids import EventId
from dsadesk.services.changes import Changes
from dsadesk.services.wording import Explanation
from dsadesk.ui.i18n import translate
from dsadesk.ui.presenters.frame import Frame, Place
from dsadesk.ui.presenters.sign_off import DraftSample, ShownAsk, ShownDraft, SignOffPresenter
from dsadesk.ui.theme import Space
from dsadesk.ui.views.notice import Notice
from dsadesk.ui.views.reading import ReadingColumn
from dsadesk.ui.views.request_tables import TextTable
from dsadesk.ui.vocabulary import Kind, Option, QuestionSpec, Tone
from dsadesk.ui.widgets.answers import Choice, LongText
from dsadesk.ui.widgets.button import Button, GraveButton
from dsadesk.ui.widgets.card import Card
from dsadesk.ui.widgets.key_value_table import KeyValueTable
from dsadesk.ui.widgets.pill import Pill
from dsadesk.ui.widgets.text import Text

_GRANTED, _CONDITIONS, _REFUSED = "granted", "conditions", "refused"


class SignOffView(ReadingColumn):
    """The page of one draft."""

    def __init__(self, frame: Frame, parent: QWidget | None = None) -> None:
        super().__init__(width=760, parent=parent)
        self._presenter = SignOffPresenter(self, frame)
        self._title = Text("", "title", heading=True)
        self._title.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self._notice = Notice()
        self.boxes: list[AnswerBox] = []
        self._done = ""

    def show_place(self, place: Place) -> None:
        """Show the draft that the place is about."""
        self._done = ""
        if place.request is not None:
            self._presenter.open(place.request)

    def refresh(self, changes: Changes) -> None:
        """Follow what was asked and said."""
        self._presenter.refresh(changes)

    def focus_first(self) -> None:
        """Put the keyboard on the title."""
        self._title.setFocus(Qt.FocusReason.OtherFocusReason)

    # ------------------------------------------------------------ what the presenter asks

    def show_draft(self, shown: ShownDraft) -> None:
        """Show it from the top."""
        typed = {box.ask.event: box.typed() for box in self.boxes}
        self.clear()
        self.boxes = []
        self.add(self._head(shown))
        self._notice = Notice()
        self._notice.action_chosen.connect(self._presenter.send)
        self.add(self._notice)
        if self._done:
            self._notice.say(self._done, Tone.GOOD, action=translate("SignOff", "Send and fetch"))
        for ask in shown.asks:
            self.add(self._ask(ask, typed))
        self.add(KeyValueTable(translate("SignOff", "The draft"), shown.facts))
        self.add_in_turn(
            [partial(self._section, title, rows) for title, rows in shown.sections]
            + ([partial(self._samples, shown.samples)] if shown.samples else [])
        )
        self.focus_first()

    def show_error(self, explanation: Explanation | None) -> None:
        """Say what went wrong."""
        self._notice.explain(explanation)
        if explanation is not None:
            self.reveal(self._notice)

    def show_done(self, sentence: str) -> None:
        """Say that it is answered; the page is shown anew with the answer on it."""
        self._done = sentence
        self._notice.say(sentence, Tone.GOOD, action=translate("SignOff", "Send and fetch"))
        self.reveal(self._notice)

    # ------------------------------------------------------------ within

    def _head(self, shown: ShownDraft) -> QWidget:
        head = QWidget()
        column = QVBoxLayout(head)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(Space.TIGHT)
        back = Button(translate("SignOff", "Back to the inbox"), "link", icon_name="arrow-left")
        back.clicked.connect(self._presenter.back)
        column.addWidget(back, 0, Qt.AlignmentFlag.AlignLeft)
        column.addWidget(
            Text(translate("SignOff", "{marking} · Asked for your sign-off", marking=shown.marking), "eyebrow")
        )
        self._title = Text(shown.title, "title", heading=True)
        self._title.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        column.addWidget(self._title)
        words = translate(
            "SignOff",
            "This is a draft of your own organisation. Read it and answer. Your signature is over exactly what you read: if it changes, it no longer counts.",
        )
        column.addWidget(Text(words, "body"))
        return head

    def _ask(self, ask: ShownAsk, typed: dict[EventId, tuple[str, str, str]]) -> Card:
        card = Card()
        head = QHBoxLayout()
        head.setSpacing(Space.MEDIUM)
        head.addWidget(Text(translate("SignOff", "Sign-off: {name}", name=ask.name), "strong", heading=True), 1)
        pill = translate("SignOff", "Answered") if ask.answer else translate("SignOff", "Open")
        head.addWidget(Pill(pill, Tone.GOOD if ask.answer else Tone.WARN), 0, Qt.AlignmentFlag.AlignTop)
        card.column.addLayout(head)
        card.add(Text(ask.asked, "hint"))
        if ask.note:
            card.add(Text(ask.note, "text"))
        if ask.answer:
            card.add(Text(ask.answer, "text"))
        if ask.can_answer:
            box = AnswerBox(ask)
            box.put(typed.get(ask.event, ("", "", "")))
            box.given.connect(
                lambda outcome, conditions, remark: self._presenter.give(ask.event, outcome, conditions, remark)
            )
            self.boxes.append(box)
            card.add(box)
        return card

    def _section(self, title: str, rows: tuple[tuple[str, str], ...]) -> QWidget:
        card = Card(title)
        card.add(KeyValueTable(title, rows))
        return card

    def _samples(self, samples: tuple[DraftSample, ...]) -> QWidget:
        card = Card(translate("SignOff", "Samples"), icon_name="paperclip")
        for sample in samples:
            card.add(Text(sample.name, "strong"))
            if sample.rows:
                card.add(Text(translate("SignOff", "The first rows, decrypted in memory only."), "hint"))
                card.add(TextTable(sample.name, sample.rows[0], sample.rows[1:]))
            elif sample.why:
                card.add(Text(sample.why, "hint"))
        return card


class AnswerBox(QWidget):
    """Three answers, the conditions where there are some, and a remark that stays at home."""

    given = Signal(str, str, str)  # the outcome, the conditions one a line, the remark

    def __init__(self, ask: ShownAsk, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.ask = ask
        column = QVBoxLayout(self)
        column.setContentsMargins(0, Space.SMALL, 0, 0)
        column.setSpacing(Space.MEDIUM)
        options = (
            Option(_GRANTED, translate("SignOff", "I sign it off")),
            Option(
                _CONDITIONS,
                translate("SignOff", "I sign it off with conditions"),
                translate("SignOff", "The supplier reads them, with your name."),
            ),
            Option(
                _REFUSED,
                translate("SignOff", "I do not sign it off"),
                translate("SignOff", "Your colleague reads why. The supplier does not."),
            ),
        )
        self.outcome = Choice(
            QuestionSpec("outcome", Kind.CHOICE, translate("SignOff", "Your answer"), options=options), look="strong"
        )
        hint = translate("SignOff", "One on each line.")
        self.conditions = LongText(
            QuestionSpec("conditions", Kind.LONG, translate("SignOff", "Conditions"), hint), look="strong"
        )
        hint = translate("SignOff", "It stays within your organisation. If you do not sign it off, say why here.")
        self.remark = LongText(
            QuestionSpec("remark", Kind.LONG, translate("SignOff", "For your colleague only"), hint), look="strong"
        )
        for question in (self.outcome, self.conditions, self.remark):
            column.addWidget(question)
        self.conditions.hide()
        self.outcome.changed.connect(self._on_outcome_changed)
        self.button = GraveButton(translate("SignOff", "Sign the answer"), "primary", icon_name="pen-line")
        self.button.clicked.connect(self._on_clicked)
        column.addWidget(self.button, 0, Qt.AlignmentFlag.AlignLeft)

    def typed(self) -> tuple[str, str, str]:
        """Return what stands in the fields."""
        return self.outcome.value() or "", self.conditions.value(), self.remark.value()

    def put(self, typed: tuple[str, str, str]) -> None:
        """Put back what was typed before the page was shown anew."""
        outcome, conditions, remark = typed
        if outcome:
            self.outcome.set_value(outcome)
        self.conditions.set_value(conditions)
        self.remark.set_value(remark)
        self._on_outcome_changed()

    def _on_outcome_changed(self, *_: object) -> None:
        self.conditions.setVisible(self.outcome.value() == _CONDITIONS)

    def _on_clicked(self) -> None:
        outcome, conditions, remark = self.typed()
        self.outcome.show_problem("" if outcome else translate("SignOff", "Choose one of the three answers"))
        no_conditions = outcome == _CONDITIONS and not conditions.strip()
        self.conditions.show_problem(translate("SignOff", "Write at least one condition") if no_conditions else "")
        no_reason = outcome == _REFUSED and not remark.strip()
        self.remark.show_problem(translate("SignOff", "Say why you do not sign it off") if no_reason else "")
        first = (
            self.outcome if not outcome else self.conditions if no_conditions else self.remark if no_reason else None
        )
        if first is not None:
            first.take_focus()
            return
        self.given.emit(outcome, conditions, remark)
