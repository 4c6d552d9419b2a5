"""The sign-offs of a draft on the sealing page: how each stands, whom to ask, and why to go without."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout, QWidget

from dsadesk.ui.i18n import translate
from dsadesk.ui.presenters.sign_off import ShownArea
from dsadesk.ui.theme import Space
from dsadesk.ui.views.fitted_dialog import FittedDialog
from dsadesk.ui.vocabulary import Kind, QuestionSpec
from dsadesk.ui.widgets.answers import Choice, LongText
from dsadesk.ui.widgets.button import Button
from dsadesk.ui.widgets.card import Card
from dsadesk.ui.widgets.key_value_table import KeyValueTable
from dsadesk.ui.widgets.pill import Pill
from dsadesk.ui.widgets.text import Text

_DO = "do"


class SignOffsCard(Card):
    """All areas that the answers call for."""

    ask_wanted = Signal(object)  # ShownArea
    reason_changed = Signal(str, str)  # the area, the reason to go without
    roles_wanted = Signal()

    def __init__(self, areas: Sequence[ShownArea], parent: QWidget | None = None) -> None:
        title = translate("Seal", "Sign-offs by colleagues")
        super().__init__(title, icon_name="stamp", shade="brand", parent=parent)
        self.reasons: dict[str, LongText] = {}
        words = translate(
            "Seal",
            "Each is over the draft exactly as it is now. The supplier sees who signed, and the conditions. Remarks stay with you.",
        )
        self.add(Text(words, "hint"))
        for number, area in enumerate(areas):
            if number:
                rule = QFrame()
                rule.setProperty("look", "rule")
                self.add(rule)
            self.add(self._area(area))

    def _area(self, area: ShownArea) -> QWidget:
        part = QWidget()
        column = QVBoxLayout(part)
        column.setContentsMargins(0, Space.SMALL, 0, Space.SMALL)
        column.setSpacing(Space.SMALL)
        head = QHBoxLayout()
        head.setSpacing(Space.MEDIUM)
        head.addWidget(Text(area.name, "strong"), 1)
        head.addWidget(Pill(area.pill, area.tone), 0, Qt.AlignmentFlag.AlignTop)
        column.addLayout(head)
        if area.why and not area.is_covered:
            column.addWidget(Text(area.why, "hint"))
        column.addWidget(Text(area.sentence, "text"))
        if area.said:
            column.addWidget(KeyValueTable(area.name, area.said))
        if not area.is_covered:
            column.addWidget(self._button(area), 0, Qt.AlignmentFlag.AlignLeft)
        if area.is_open:
            column.addWidget(self._reason(area))
        return part

    def _button(self, area: ShownArea) -> Button:
        if area.people:
            button = Button(translate("Seal", "Ask a colleague…"), icon_name="user-check", small=True)
            button.clicked.connect(lambda: self.ask_wanted.emit(area))
        else:
            button = Button(translate("Seal", "Name somebody on your card…"), icon_name="users", small=True)
            button.clicked.connect(self.roles_wanted)
        button.setAccessibleName(f"{button.said()} {area.name}")
        return button

    def _reason(self, area: ShownArea) -> LongText:
        hint = translate("Seal", "Only if you cannot wait. The supplier reads this.")
        spec = QuestionSpec(
            f"without.{area.area}", Kind.LONG, translate("Seal", "Why seal it without?"), hint, max_words=60
        )
        field = LongText(spec, look="strong")
        field.set_value(area.reason)
        field.changed.connect(lambda text: self.reason_changed.emit(area.area, str(text)))
        self.reasons[area.area] = field
        return field


class AskDialog(FittedDialog):
    """Whom to ask, and what to look at."""

    asked = Signal(str, str)  # the person's id, the note

    def __init__(self, area: ShownArea, parent: QWidget | None = None) -> None:
        title = translate("Seal", "Ask for a sign-off: {name}", name=area.name)
        sentence = translate(
            "Seal",
            "They get the draft as it is now, with its samples, sealed for your own organisation. If you change it later, ask again.",
        )
        super().__init__(title, sentence, safe=translate("Seal", "Not now"), parent=parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        spec = QuestionSpec("whom", Kind.CHOICE, translate("Seal", "Whom do you ask?"), options=area.people)
        self.whom = Choice(spec, look="strong")
        if len(area.people) == 1:
            self.whom.set_value(area.people[0].value)
        hint = translate("Seal", "It stays within your organisation.")
        self.note = LongText(
            QuestionSpec("note", Kind.LONG, translate("Seal", "What should they look at?"), hint, required=False),
            look="strong",
        )
        for question in (self.whom, self.note):
            self.body.addWidget(question)
        self.button = self.add_action(_DO, translate("Seal", "Seal the question for them"))
        self.start_at(self.whom)

    def accept(self) -> None:
        """Close once somebody is chosen."""
        chosen = self.whom.value()
        self._answer = self.SAFE
        self.whom.show_problem("" if chosen else translate("Seal", "Choose whom to ask"))
        if not chosen:
            self.whom.take_focus()
            self.fit_soon()
            return
        super().accept()
        self.asked.emit(chosen, self.note.value())
