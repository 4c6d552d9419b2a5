"""The dialog that copies answers of an earlier request into this one."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QVBoxLayout, QWidget

from dsadesk.services.wording import Explanation
from dsadesk.ui.i18n import translate
from dsadesk.ui.presenters.copying import CopyingPresenter, Offered
from dsadesk.ui.presenters.editor import EditorPresenter
from dsadesk.ui.presenters.frame import Frame
from dsadesk.ui.theme import Space
from dsadesk.ui.views.fitted_dialog import FittedDialog
from dsadesk.ui.views.notice import Notice
from dsadesk.ui.vocabulary import Kind, Option, QuestionSpec
from dsadesk.ui.widgets.answers import Pick
from dsadesk.ui.widgets.button import Button
from dsadesk.ui.widgets.controls import CheckOption
from dsadesk.ui.widgets.text import Text


class CopyAnswersDialog(FittedDialog):
    """Chooses a request and which of its answers to take over. Those that would replace an answer are not ticked."""

    def __init__(self, frame: Frame, editor: EditorPresenter, parent: QWidget | None = None) -> None:
        super().__init__(
            translate("CopyAnswers", "Copy answers from an earlier request"),
            translate(
                "CopyAnswers",
                "Title, supplier, dates, sign-offs and declarations belong to one request and are never copied.",
            ),
            safe=translate("CopyAnswers", "Cancel"),
            parent=parent,
        )
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._presenter = CopyingPresenter(self, frame, editor)
        self._notice = Notice()
        self.body.addWidget(self._notice)
        self._holder = QVBoxLayout()
        self.body.addLayout(self._holder)
        self._said = Text("", "text")
        self._said.hide()
        self.body.addWidget(self._said)
        self._list = QWidget()
        self._rows = QVBoxLayout(self._list)
        self._rows.setContentsMargins(0, 0, 0, 0)
        self._rows.setSpacing(Space.SMALL)
        self.body.addWidget(self._list)
        self._cards: dict[str, CheckOption] = {}
        self._copy = Button(translate("CopyAnswers", "Copy"), "primary")
        self._copy.setEnabled(False)
        self._copy.clicked.connect(self._on_copy_clicked)
        self._actions.removeWidget(self._safe)
        self._actions.addWidget(self._copy)
        self._actions.addWidget(self._safe)
        QWidget.setTabOrder(self._copy, self._safe)
        self._presenter.start()

    def show_requests(self, requests: Sequence[Option]) -> None:
        """Offer the requests."""
        if not requests:
            self._say(translate("CopyAnswers", "You have no other request to copy from."))
            return
        options = tuple(Option(each.value, f"{each.label} ({each.hint})") for each in requests)
        label = translate("CopyAnswers", "Which request?")
        pick = Pick(QuestionSpec("request", Kind.CHOICE, label, options=options))
        pick.changed.connect(self._presenter.choose)
        self._holder.addWidget(pick)
        self.start_at(pick.fields()[0])
        QTimer.singleShot(0, self, pick.take_focus)
        self.fit_soon()

    def show_offered(self, offered: Sequence[Offered]) -> None:
        """Offer the answers."""
        while (item := self._rows.takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                widget.hide()
                widget.deleteLater()
        self._cards = {}
        section = ""
        for each in offered:
            if each.section != section:
                section = each.section
                self._rows.addWidget(Text(section, "strong", heading=True))
            hint = each.answer
            if each.replaces:
                hint = translate("CopyAnswers", "Replaces your answer. {answer}", answer=each.answer)
            card = CheckOption(Option(each.question, each.label, hint))
            card.setChecked(not each.replaces)
            card.toggled.connect(self._count)
            self._cards[each.question] = card
            self._rows.addWidget(card)
        self._say("" if offered else translate("CopyAnswers", "It has no answer that this request lacks."))
        self._count()
        self.fit_soon()

    def show_error(self, explanation: Explanation) -> None:
        """Say what went wrong."""
        self._notice.explain(explanation)

    def done_with(self) -> None:
        """Close."""
        self.accept()

    def _chosen(self) -> list[str]:
        return [name for name, card in self._cards.items() if card.isChecked()]

    def _say(self, sentence: str) -> None:
        self._said.setText(sentence)
        self._said.setVisible(bool(sentence))

    def _count(self) -> None:
        many = len(self._chosen())
        self._copy.setEnabled(bool(many))
        one, more = translate("CopyAnswers", "Copy 1 answer"), translate("CopyAnswers", "Copy {n} answers", n=many)
        self._copy.set_words(one if many == 1 else more if many else translate("CopyAnswers", "Copy"))

    def _on_copy_clicked(self) -> None:
        self._presenter.copy(self._chosen())
