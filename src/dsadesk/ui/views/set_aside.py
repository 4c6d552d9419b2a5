"""Answers that no question asks for any more, each with a way to copy it."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QWidget

from dsadesk.ui.i18n import translate
from dsadesk.ui.presenters.set_aside import SetAside
from dsadesk.ui.views.fitted_dialog import FittedDialog
from dsadesk.ui.widgets.accessible import announce
from dsadesk.ui.widgets.button import Button
from dsadesk.ui.widgets.card import Card
from dsadesk.ui.widgets.text import Text


class SetAsideDialog(FittedDialog):
    """The list."""

    def __init__(self, answers: Sequence[SetAside], parent: QWidget | None = None) -> None:
        super().__init__(
            translate("SetAside", "Answers no longer asked"),
            translate(
                "SetAside",
                "The questions have changed, or another supplier is asked. These answers stay in your draft and are not sealed. Copy what you still need.",
            ),
            safe=translate("SetAside", "Close"),
            parent=parent,
        )
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.buttons: list[Button] = []
        if not answers:
            self.body.addWidget(Text(translate("SetAside", "Every answer has its question."), "lead"))
        for each in answers:
            self.body.addWidget(self._card(each))

    def _card(self, answer: SetAside) -> Card:
        card = Card(answer.name)
        words = Text(answer.text, "text")
        words.let_copy()
        card.add(words)
        button = Button(translate("SetAside", "Copy"), "link", icon_name="copy", small=True)
        button.setAccessibleName(translate("SetAside", "Copy: {name}", name=answer.name))
        button.clicked.connect(lambda: self._copy(answer))
        card.column.addWidget(button, 0, Qt.AlignmentFlag.AlignLeft)
        self.buttons.append(button)
        return card

    def _copy(self, answer: SetAside) -> None:
        QApplication.clipboard().setText(answer.text)
        announce(self, translate("SetAside", "Copied."))
