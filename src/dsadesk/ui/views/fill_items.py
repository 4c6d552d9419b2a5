"""The dialog that fills the table of data items from a file or from the catalogue, after showing what would be added."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QModelIndex, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from dsadesk.services.wording import Explanation
from dsadesk.ui import theme
from dsadesk.ui.i18n import counted, translate
from dsadesk.ui.presenters.editor import EditorPresenter
from dsadesk.ui.presenters.filling import FillingPresenter, OfferedField
from dsadesk.ui.presenters.frame import Frame
from dsadesk.ui.theme import Space
from dsadesk.ui.views.choose_file import choose_file
from dsadesk.ui.views.fitted_dialog import FittedDialog
from dsadesk.ui.views.notice import Notice
from dsadesk.ui.vocabulary import Card, Option
from dsadesk.ui.widgets.button import Button
from dsadesk.ui.widgets.card_list import CardListModel, CardListView
from dsadesk.ui.widgets.controls import CheckOption
from dsadesk.ui.widgets.form_row import FormRow
from dsadesk.ui.widgets.search_field import SearchField
from dsadesk.ui.widgets.text import Text

_LIST_HEIGHT = 200


class FillItemsDialog(FittedDialog):
    """A file or a record, then its fields, each to be ticked."""

    def __init__(self, frame: Frame, editor: EditorPresenter, parent: QWidget | None = None) -> None:
        super().__init__(
            translate("FillItems", "Fill the table from a file or the catalogue"),
            translate(
                "FillItems",
                "A CSV file gives its headings; nothing else in it is read. A Table Schema, a Data Package or a CSVW file gives meanings and formats too. "
                "Why you need each field, and whether less would do, is for you to say.",
            ),
            safe=translate("FillItems", "Cancel"),
            parent=parent,
        )
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._presenter = FillingPresenter(self, frame, editor)
        self._notice = Notice()
        self.body.addWidget(self._notice)
        choose = Button(translate("FillItems", "Choose a file…"), icon_name="folder-open")
        choose.clicked.connect(self._on_choose_clicked)
        self.body.addWidget(choose, 0, Qt.AlignmentFlag.AlignLeft)
        self.start_at(choose)
        row = FormRow(translate("FillItems", "Or look in the catalogue"))
        self._search = SearchField(translate("FillItems", "Search the catalogue"))
        self._search.searched.connect(self._presenter.search)
        row.set_field(self._search)
        self._found = CardListModel(parent=self)
        self._list = CardListView(translate("FillItems", "Datasets found"), uniform=True)
        self._list.setModel(self._found)
        self._list.clicked.connect(self._on_dataset_chosen)
        self._list.activated.connect(self._on_dataset_chosen)
        self._list.hide()
        row.column.addWidget(self._list)
        self.body.addWidget(row)
        self._said = Text("", "strong", heading=True)
        self._said.hide()
        self.body.addWidget(self._said)
        holder = QWidget()
        self._rows = QVBoxLayout(holder)
        self._rows.setContentsMargins(0, 0, 0, 0)
        self._rows.setSpacing(Space.SMALL)
        self.body.addWidget(holder)
        self._cards: list[CheckOption] = []
        self._take = Button("", "primary")
        self._take.clicked.connect(lambda: self._presenter.take(self._chosen()))
        self._actions.removeWidget(self._safe)
        self._actions.addWidget(self._take)
        self._actions.addWidget(self._safe)
        QWidget.setTabOrder(self._take, self._safe)
        self._count()

    def open_file(self, file: Path) -> None:
        """Show what a file would add."""
        self._presenter.open_file(file)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Let Enter look for data or choose it."""
        is_enter = event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter}
        if not (is_enter and self.focusWidget() in {self._search, self._list}):
            super().keyPressEvent(event)

    # ------------------------------------------------------------ what the presenter asks

    def show_offered(self, source: str, offered: Sequence[OfferedField]) -> None:
        """Show the rows."""
        self._notice.clear()
        while (item := self._rows.takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                widget.hide()
                widget.deleteLater()
        self._cards = []
        many = counted(translate("FillItems", "{n} field in|{n} fields in"), len(offered))
        self._said.setText(f"{many} {source}")
        self._said.show()
        for each in offered:
            hint = each.said
            if each.is_there:
                there = translate("FillItems", "Your table has a row of this name")
                hint = f"{there}. {hint}" if hint else there
            card = CheckOption(Option(each.name, each.name, hint))
            card.setChecked(not each.is_there)
            card.toggled.connect(self._count)
            self._cards.append(card)
            self._rows.addWidget(card)
        self._count()
        self.fit_soon()

    def show_found(self, cards: Sequence[Card]) -> None:
        """Show the datasets."""
        self._found.set_cards(cards)
        self._list.setFixedHeight(theme.px(_LIST_HEIGHT))
        self._list.setVisible(bool(cards))
        self._search.setAccessibleDescription(
            counted(translate("FillItems", "{n} dataset found|{n} datasets found"), len(cards))
        )
        self.fit_soon()

    def show_error(self, explanation: Explanation) -> None:
        """Say what went wrong."""
        self._notice.explain(explanation)
        self.fit_soon()

    def done_with(self) -> None:
        """Close."""
        self.accept()

    # ------------------------------------------------------------ within

    def _chosen(self) -> list[int]:
        return [place for place, card in enumerate(self._cards) if card.isChecked()]

    def _count(self) -> None:
        many = len(self._chosen())
        self._take.setEnabled(bool(many))
        words = counted(translate("FillItems", "Add {n} row|Add {n} rows"), many)
        self._take.set_words(words if many else translate("FillItems", "Add rows"))

    def _on_dataset_chosen(self, index: QModelIndex) -> None:
        self._presenter.choose(index.row())

    def _on_choose_clicked(self) -> None:
        choose_file(
            self,
            translate("FillItems", "Choose a file that names the fields"),
            self.open_file,
            [
                translate("FillItems", "Tables and descriptions (*.csv *.tsv *.txt *.json)"),
                translate("FillItems", "All files (*)"),
            ],
        )
