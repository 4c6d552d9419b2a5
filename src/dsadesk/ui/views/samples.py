"""The samples of a draft: attach by button, by dropping or by pasting a file; see what was found in it; take it off again."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QMimeData, QModelIndex, QPersistentModelIndex, Qt, QTimer, Signal
from PySide6.QtGui import QDragEnterEvent, QDropEvent, QGuiApplication, QKeyEvent, QKeySequence, QPainter
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHeaderView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
    QVBoxLayout,
    QWidget,
)

from dsadesk.domain.ids import RequestId
from dsadesk.services.changes import Changes
from dsadesk.services.wording import Explanation
from dsadesk.ui import theme
from dsadesk.ui.i18n import translate
from dsadesk.ui.models.plain_table import PlainTableModel
from dsadesk.ui.presenters.frame import Frame
from dsadesk.ui.presenters.samples import KINDS, PROFILE_HEADING, SamplesPresenter, ShownSample
from dsadesk.ui.theme import Space
from dsadesk.ui.views.choose_file import choose_files
from dsadesk.ui.views.confirm_dialog import ConfirmDialog
from dsadesk.ui.views.notice import Notice
from dsadesk.ui.views.tab_order import tab_stops, tab_through
from dsadesk.ui.vocabulary import Kind, QuestionSpec, Tone
from dsadesk.ui.widgets.answers import Choice
from dsadesk.ui.widgets.banner import Banner
from dsadesk.ui.widgets.button import Button
from dsadesk.ui.widgets.card import Card
from dsadesk.ui.widgets.dialog import Dialog
from dsadesk.ui.widgets.flow import Flow
from dsadesk.ui.widgets.pill import Pill
from dsadesk.ui.widgets.scroll_column import ScrollColumn
from dsadesk.ui.widgets.text import Text

_MOST_ROWS_SEEN = 12
_CELL_PAD = 10


class SamplesPanel(ScrollColumn):
    """Shows the samples of one draft."""

    def __init__(self, frame: Frame, parent: QWidget | None = None) -> None:
        super().__init__(width=860, parent=parent)
        self._presenter = SamplesPresenter(self, frame)
        self._dialog: Dialog | None = None
        self._shown: list[_SampleCard] = []
        self._soon = QTimer(self)
        self._soon.setSingleShot(True)
        self._soon.setInterval(0)
        self._soon.timeout.connect(self._go_on)
        self.setAcceptDrops(True)
        self._title = Text(translate("Samples", "Sample data"), "title", heading=True)
        self._title.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        head = QWidget()
        column = QVBoxLayout(head)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(Space.SMALL - 2)
        column.addWidget(self._title)
        column.addWidget(
            Text(
                translate(
                    "Samples",
                    "A few rows show the supplier what you mean better than words do. A sample is optional. It is encrypted from the moment you attach it.",
                ),
                "lead",
            )
        )
        self.add(head)
        self._notice = Notice()
        self.add(self._notice)
        self._list = QWidget()
        self._cards = QVBoxLayout(self._list)
        self._cards.setContentsMargins(0, 0, 0, 0)
        self._cards.setSpacing(Space.LARGE)
        self.add(self._list)
        spec = QuestionSpec(
            "kind", Kind.CHOICE, translate("Samples", "What is in the file you want to attach?"), options=KINDS
        )
        self._kind = Choice(spec)
        self._kind.set_value(KINDS[0].value)
        self.add(self._kind)
        self.add(self._actions())

    def show_request(self, request: RequestId) -> None:
        """Show the samples of a draft."""
        self._presenter.open(request)

    def refresh(self, changes: Changes) -> None:
        """Follow changes."""
        self._presenter.refresh(changes)

    def focus_first(self) -> None:
        """Put the keyboard on the title."""
        self._title.setFocus(Qt.FocusReason.OtherFocusReason)

    def attach(self, files: Sequence[Path]) -> None:
        """Attach files as what the choice says they are."""
        self._presenter.attach(files, self._kind.value())

    # ------------------------------------------------------------ what the presenter asks

    def show_samples(self, samples: Sequence[ShownSample]) -> None:
        """Show the samples as cards."""
        left_over = {card.sample: card for card in self._shown}
        self._shown = [left_over.pop(each) if each in left_over else self._card(each) for each in samples]
        for card in left_over.values():
            self._cards.removeWidget(card)
            card.hide()
            card.deleteLater()
        for place, card in enumerate(self._shown):
            if self._cards.indexOf(card) != place:
                self._cards.insertWidget(place, card)
        self._list.setVisible(bool(samples))
        self._soon.start()

    def show_busy(self, sentence: str) -> None:
        """Say what is being done."""
        self._attach.setEnabled(not sentence)
        self._busy.setText(
            sentence or translate("Samples", "You can also drop a file here, or copy it and press Ctrl+V.")
        )

    def show_error(self, explanation: Explanation | None) -> None:
        """Say why a file was refused."""
        self._notice.explain(explanation)
        if explanation is not None:
            self.reveal(self._notice)

    def show_rows(self, name: str, rows: Sequence[Sequence[str]]) -> None:
        """Show the first rows in a dialog."""
        sentence = translate("Samples", "Read from the encrypted sample; nothing is written to the disk.")
        self._dialog = Dialog(name, sentence, safe=translate("Samples", "Close"), parent=self.window())
        self._dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._dialog.setMinimumWidth(theme.px(760))
        heading = rows[0] if rows else ()
        self._dialog.body.addWidget(table(translate("Samples", "First rows of {name}", name=name), heading, rows[1:]))
        self._dialog.open()

    def ask_remove(self, sample: ShownSample) -> None:
        """Ask before a sample is taken off."""
        title = translate("Samples", "Remove {name}?", name=sample.name)
        sentence = translate(
            "Samples",
            "The encrypted copy in this draft is deleted ({facts}). The file that you attached it from is left alone.",
            facts=sample.facts,
        )
        dialog = ConfirmDialog(
            title,
            sentence,
            safe=translate("Samples", "Keep it"),
            action=translate("Samples", "Remove the sample"),
            parent=self.window(),
        )
        dialog.confirmed.connect(lambda: self._presenter.remove(sample.n))
        self._dialog = dialog
        dialog.open()

    # ------------------------------------------------------------ dropping and pasting

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Take files, and nothing else."""
        if _files(event.mimeData()):
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        """Attach what was dropped."""
        self.attach(_files(event.mimeData()))
        event.acceptProposedAction()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Attach what was copied in a file manager."""
        is_paste = event.matches(QKeySequence.StandardKey.Paste)
        # There is nothing where another program holds the clipboard.
        copied: QMimeData | None = QGuiApplication.clipboard().mimeData() if is_paste else None
        if copied is not None and (files := _files(copied)):
            self.attach(files)
        else:
            super().keyPressEvent(event)

    # ------------------------------------------------------------ within

    def _actions(self) -> QWidget:
        foot = QWidget()
        flow = Flow(foot, spacing=Space.MEDIUM)
        self._attach = Button(translate("Samples", "Attach a CSV file…"), "brand", icon_name="paperclip")
        self._attach.clicked.connect(self._on_attach_clicked)
        self._busy = Text("", "hint")
        flow.addWidget(self._attach)
        flow.addWidget(self._busy)
        self.show_busy("")
        return foot

    def _on_attach_clicked(self) -> None:
        choose_files(
            self.window(),
            translate("Samples", "Attach a sample"),
            self.attach,
            [translate("Samples", "Tables (*.csv *.tsv *.txt)"), translate("Samples", "All files (*)")],
        )

    def _card(self, sample: ShownSample) -> _SampleCard:
        card = _SampleCard(sample, self._list)
        card.look_wanted.connect(lambda: self._presenter.preview(sample.n))
        card.removal_wanted.connect(lambda: self._presenter.ask_remove(sample.n))
        return card

    def _go_on(self) -> None:
        """Put the next part of a card in, one in each turn of the loop: a table of many columns takes long, and keys must not wait for it."""
        unfinished = next((card for card in self._shown if not card.is_whole), None)
        if unfinished is not None:
            unfinished.go_on()
            self._soon.start()
        else:
            tab_through([self._title, *tab_stops(self._list), *tab_stops(self._kind), self._attach])


class _SampleCard(Card):
    """What is known of a sample. It is made with its head; each call of `go_on` adds a part until it is whole."""

    look_wanted = Signal()
    removal_wanted = Signal()

    def __init__(self, sample: ShownSample, parent: QWidget) -> None:
        super().__init__(sample.name, icon_name="file-spreadsheet", shade="brand", parent=parent)
        self.sample = sample
        line = QWidget(self)
        flow = Flow(line, spacing=Space.MEDIUM)
        flow.addWidget(Pill(sample.kind, Tone.INFO, parent=line))
        flow.addWidget(Text(sample.facts, "meta", wrap=False, parent=line))
        self.add(line)
        self._to_come = [self._add_warnings, self._add_table, self._add_buttons]

    @property
    def is_whole(self) -> bool:
        """Whether every part is there."""
        return not self._to_come

    def go_on(self) -> None:
        """Add the next part."""
        self._to_come.pop(0)()

    def _add_warnings(self) -> None:
        for warning in self.sample.warnings:
            self.add(Banner(warning, Tone.WARN, parent=self))

    def _add_table(self) -> None:
        name = translate("Samples", "Columns of {name}", name=self.sample.name)
        self.add(table(name, PROFILE_HEADING, self.sample.columns, parent=self))

    def _add_buttons(self) -> None:
        buttons = QWidget(self)
        row = Flow(buttons, spacing=Space.MEDIUM)
        for words, icon_name, wanted in (
            (translate("Samples", "Look at the first rows"), "table-2", self.look_wanted),
            (translate("Samples", "Remove…"), "trash-2", self.removal_wanted),
        ):
            button = Button(words, "link", icon_name=icon_name, small=True, parent=buttons)
            button.setAccessibleName(f"{words}: {self.sample.name}")
            button.clicked.connect(wanted)
            row.addWidget(button)
        self.add(buttons)


def table(
    name: str, heading: Sequence[str], rows: Sequence[Sequence[str]], parent: QWidget | None = None
) -> QTableView:
    """Make a table that is as high as its rows, up to a point, and as wide as the page."""
    view = QTableView(parent)
    view.setAccessibleName(name)
    view.setModel(PlainTableModel(heading, rows, view))
    view.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
    view.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
    view.setTabKeyNavigation(False)
    view.setWordWrap(False)
    view.setAlternatingRowColors(True)
    view.setShowGrid(False)
    view.setItemDelegate(_CellDelegate(view))
    view.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
    view.verticalHeader().hide()
    line = theme.px(34)
    view.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
    view.verticalHeader().setDefaultSectionSize(line)
    view.horizontalHeader().setHighlightSections(False)
    view.resizeColumnsToContents()
    for column in range(len(heading)):
        view.setColumnWidth(column, min(max(view.columnWidth(column) + Space.LARGE, theme.px(70)), theme.px(280)))
    view.horizontalHeader().setStretchLastSection(True)
    seen = min(len(rows), _MOST_ROWS_SEEN)
    view.setFixedHeight(theme.px(40) + seen * line + Space.LARGE)
    return view


class _CellDelegate(QStyledItemDelegate):
    """Sets the words of a cell under those of its heading."""

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        self.initStyleOption(option, index)
        words, option.text = option.text, ""
        style = option.widget.style()
        style.drawControl(QStyle.ControlElement.CE_ItemViewItem, option, painter, option.widget)
        room = option.rect.adjusted(_CELL_PAD, 0, -_CELL_PAD, 0)
        shown = option.fontMetrics.elidedText(words, Qt.TextElideMode.ElideRight, room.width())
        painter.save()
        painter.setFont(option.font)
        painter.setPen(theme.colour("ink"))
        painter.drawText(room, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, shown)
        painter.restore()


def _files(data: QMimeData) -> list[Path]:
    return [Path(url.toLocalFile()) for url in data.urls() if url.isLocalFile()]
