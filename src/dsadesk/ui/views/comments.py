"""Comments beside a draft: those of the question that has the keyboard in the guidance, and all of them in a dialog."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from dsadesk.services.wording import Explanation
from dsadesk.ui.i18n import translate
from dsadesk.ui.presenters.comments import CommentsPresenter, Remarked
from dsadesk.ui.theme import Space
from dsadesk.ui.views.fields_dialog import FieldsDialog
from dsadesk.ui.views.fitted_dialog import FittedDialog
from dsadesk.ui.views.link_line import LinkLine
from dsadesk.ui.widgets.answers import TextArea
from dsadesk.ui.widgets.button import Button
from dsadesk.ui.widgets.card import Card
from dsadesk.ui.widgets.form_row import FormRow
from dsadesk.ui.widgets.text import Text

_MOST_BESIDE = 3


class CommentsCard(Card):
    """What is said about one question, and the way to say something."""

    wanted = Signal()

    def __init__(self) -> None:
        super().__init__(translate("Comments", "Comments"), icon_name="message-square", shade="brand")
        self._lines = QVBoxLayout()
        self._lines.setSpacing(Space.SMALL)
        self.column.addLayout(self._lines)
        self._button = Button("", "link", icon_name="plus", small=True)
        self._button.clicked.connect(self.wanted)
        self.column.addWidget(self._button, 0, Qt.AlignmentFlag.AlignLeft)
        self._said: tuple[Remarked, ...] | None = None

    def show_comments(self, here: Sequence[Remarked]) -> None:
        """Show what is open about the question."""
        opened = tuple(each for each in here if not each.is_done)
        if opened == self._said:
            return
        self._said = opened
        while (item := self._lines.takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                widget.hide()
                widget.deleteLater()
        for each in opened[-_MOST_BESIDE:]:
            line = QWidget()
            column = QVBoxLayout(line)
            column.setContentsMargins(0, 0, 0, 0)
            column.setSpacing(Space.HAIR)
            column.addWidget(Text(each.said_by, "meta"))
            column.addWidget(Text(each.text, "text"))
            self._lines.addWidget(line)
            line.show()
        self._button.set_words(
            translate("Comments", "All comments") if opened else translate("Comments", "Add a comment")
        )


class CommentsDialog(FittedDialog):
    """Every comment beside the draft, in the order of the form."""

    place_chosen = Signal(str)  # the question's id
    add_wanted = Signal()

    def __init__(self, presenter: CommentsPresenter, question: str, parent: QWidget | None = None) -> None:
        super().__init__(
            translate("Comments", "Comments"),
            translate(
                "Comments",
                "For you and colleagues at this computer. They stay in the vault and are never sealed or sent.",
            ),
            safe=translate("Comments", "Close"),
            parent=parent,
        )
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._presenter = presenter
        if question:
            add = Button(translate("Comments", "Comment on “{question}”", question=question), icon_name="plus")
            add.clicked.connect(self.add_wanted)
            self.body.addWidget(add, 0, Qt.AlignmentFlag.AlignLeft)
            self.start_at(add)
        self._list = QWidget()
        self._rows = QVBoxLayout(self._list)
        self._rows.setContentsMargins(0, 0, 0, 0)
        self._rows.setSpacing(Space.MEDIUM)
        self.body.addWidget(self._list)

    def show_comments(self, comments: Sequence[Remarked]) -> None:
        """Show them all."""
        while (item := self._rows.takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                widget.hide()
                widget.deleteLater()
        if not comments:
            self._rows.addWidget(Text(translate("Comments", "Nobody has said anything yet."), "lead"))
        for each in comments:
            self._rows.addWidget(self._card(each))
        self.fit_soon()

    def _card(self, comment: Remarked) -> Card:
        card = Card()
        link = LinkLine(comment.label)
        link.clicked.connect(lambda: self._go(comment.question))
        card.add(link)
        said_by = comment.said_by
        if comment.is_done:
            said_by = translate("Comments", "{who}. Dealt with", who=comment.said_by)
        card.add(Text(said_by, "meta"))
        card.add(Text(comment.text, "text"))
        row = QHBoxLayout()
        row.setSpacing(Space.MEDIUM)
        done = translate("Comments", "Open again") if comment.is_done else translate("Comments", "Dealt with")
        acts: tuple[tuple[str, str, Callable[[], None]], ...] = (
            (done, "check", lambda: self._presenter.mark_done(comment.id, is_done=not comment.is_done)),
            (translate("Comments", "Remove"), "trash-2", lambda: self._presenter.remove(comment.id)),
        )
        for words, icon_name, act in acts:
            button = Button(words, "link", icon_name=icon_name, small=True)
            button.setAccessibleName(f"{words}: {comment.said_by}")
            button.clicked.connect(act)
            row.addWidget(button)
        row.addStretch(1)
        card.column.addLayout(row)
        return card

    def _go(self, question: str) -> None:
        self.accept()
        self.place_chosen.emit(question)


def write_dialog(presenter: CommentsPresenter, question: str, label: str, parent: QWidget) -> FieldsDialog:
    """Make the dialog that a comment is written in."""
    text = FormRow(translate("Comments", "Comment"), label)
    text.set_field(TextArea())
    author = FormRow(
        translate("Comments", "Your name"), translate("Comments", "Nobody checks it: this is no signature.")
    )
    line = QLineEdit(presenter.author)
    author.set_field(line)

    def refused(explanation: Explanation) -> None:
        row = "author" if not line.text().strip() else "text"
        dialog.show_problems({row: explanation.what})

    def done(given: Mapping[str, str]) -> None:
        presenter.add(question, given, dialog.accept, refused)

    dialog = FieldsDialog(
        translate("Comments", "Add a comment"),
        "",
        {"text": text, "author": author},
        words=translate("Comments", "Add the comment"),
        done=done,
        parent=parent,
    )
    return dialog
