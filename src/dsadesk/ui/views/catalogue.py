"""The catalogue page: what was found at the left, one dataset with its terms at the right."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QModelIndex, Qt, Signal
from PySide6.QtGui import QDragEnterEvent, QDropEvent, QHideEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from dsadesk.services.changes import Changes
from dsadesk.services.wording import Explanation
from dsadesk.ui.i18n import counted, translate
from dsadesk.ui.models.catalogue_list import CatalogueListModel
from dsadesk.ui.presenters.catalogue import CataloguePresenter, Found, ImportResult, ShownDataset
from dsadesk.ui.presenters.frame import Frame, Place
from dsadesk.ui.theme import Space
from dsadesk.ui.views.choose_file import choose_file
from dsadesk.ui.views.fitted_dialog import FittedDialog
from dsadesk.ui.views.leave_dialog import leave_dialog
from dsadesk.ui.views.notice import Notice
from dsadesk.ui.views.reading import ReadingColumn, trim
from dsadesk.ui.views.two_panes import NothingHere, Pane, TwoPanes
from dsadesk.ui.vocabulary import Tone
from dsadesk.ui.widgets.banner import Banner
from dsadesk.ui.widgets.button import Button
from dsadesk.ui.widgets.card_list import CardListView
from dsadesk.ui.widgets.dialog import Dialog
from dsadesk.ui.widgets.empty_state import EmptyState
from dsadesk.ui.widgets.key_value_table import KeyValueTable
from dsadesk.ui.widgets.search_field import SearchField
from dsadesk.ui.widgets.text import Text

_SUFFIXES = (".csv", ".json", ".yaml", ".yml")


class CatalogueView(QWidget):
    """Finds datasets and shows one of them."""

    def __init__(self, frame: Frame, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAcceptDrops(True)
        self._presenter = CataloguePresenter(self, frame)
        self._is_started = False
        self._dialog: Dialog | None = None
        self._problems: tuple[str, ...] = ()
        self._pane = Pane(translate("Catalogue", "Catalogue"))
        self.panes = TwoPanes(self._pane, translate("Catalogue", "All datasets"))
        self.dataset = DatasetPage()
        self._none = EmptyState(
            "database",
            translate("Catalogue", "Choose a dataset"),
            translate(
                "Catalogue", "Look for words from its name, its owner or what it is about, and start a request from it."
            ),
        )
        self._empty = self._no_catalogue()
        self.take_in = Button(translate("Catalogue", "Take in a file…"), icon_name="upload", small=True)
        self.take_in.setShortcut("Alt+T")
        self._pane.add_button(self.take_in)
        self.search = SearchField(translate("Catalogue", "Search the catalogue"))
        self._count = Text("", "count")
        self._pane.add_line(self.search)
        self._pane.add_line(self._count)
        self._nothing = NothingHere()
        self._pane.column.addWidget(self._nothing)
        self._model = CatalogueListModel(self)
        self.list = CardListView(translate("Catalogue", "Datasets"))
        self.list.setModel(self._model)
        self._pane.add_list(self.list)
        margins = (Space.GUTTER, Space.MEDIUM, Space.GUTTER - 4, Space.MEDIUM)
        self._error, self._done, self._busy = (Notice(margins=margins) for _ in range(3))
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.setSpacing(0)
        for part in (self._error, self._done, self._busy):
            outer.addWidget(part)
        outer.addWidget(self.panes, 1)
        self.panes.show_page(self._none, opened=False)
        self._connect()

    # ------------------------------------------------------------ a page's duties

    def show_place(self, place: Place) -> None:
        """Show the catalogue; `part` may be the identifier of a dataset."""
        if not self._is_started:
            self._is_started = True
            self._presenter.start()
        if place.part:
            self._presenter.open(place.part)

    def refresh(self, changes: Changes) -> None:
        """Follow changes."""
        self._presenter.refresh(changes)

    def focus_first(self) -> None:
        """Put the keyboard where looking begins; before there is a catalogue, where one is taken in."""
        first = self.search if self.search.isEnabled() else self.take_in
        first.setFocus(Qt.FocusReason.OtherFocusReason)

    # ------------------------------------------------------------ what the presenter asks

    def show_found(self, found: Found) -> None:
        """Show what was found."""
        self.search.setEnabled(True)
        self._model.set_cards(found.cards)
        self._count.setText(found.sentence)
        if found.cards:
            self._nothing.say("", "")
        else:
            words = translate("Catalogue", "Try fewer or other words, or take in another catalogue.")
            self._nothing.say(translate("Catalogue", "Nothing matches"), words)
        if self.panes.pages.currentWidget() is self._empty:
            self.panes.show_page(self._none, opened=False)

    def show_dataset(self, shown: ShownDataset | None) -> None:
        """Show one dataset."""
        if shown is None:
            self.list.clearSelection()
            self.panes.show_page(self._none, opened=False)
        else:
            self.dataset.show_dataset(shown)
            self.panes.show_page(self.dataset)

    def show_empty(self) -> None:
        """Say how to get a catalogue."""
        self._model.set_cards(())
        self._count.setText("")
        self.search.setEnabled(False)
        words = translate("Catalogue", "A catalogue is a file from a data marketplace or from a partner.")
        self._nothing.say(translate("Catalogue", "No datasets yet"), words)
        self.panes.show_page(self._empty, opened=False)

    def show_imported(self, result: ImportResult) -> None:
        """Say what came of it."""
        self._error.clear()
        self.search.setEnabled(True)
        self.focus_first()
        self._problems = (*result.problems, *((result.more,) if result.more else ()))
        if not result.problems:
            self._done.say(result.sentence, Tone.GOOD)
            return
        forms = translate("Catalogue", "{n} thing in the file is not right.|{n} things in the file are not right.")
        words = counted(forms, len(result.problems))
        self._done.say(result.sentence, Tone.WARN, details=words, action=translate("Catalogue", "List them"))

    def show_busy(self, sentence: str) -> None:
        """Say what is being done."""
        self.take_in.setEnabled(not sentence)
        if sentence:
            self._done.clear()
            self._busy.say(sentence, Tone.INFO)
        else:
            self._busy.clear()

    def show_error(self, explanation: Explanation | None) -> None:
        """Say what went wrong."""
        self._error.explain(explanation)

    # ------------------------------------------------------------ files

    def import_file(self, file: Path) -> None:
        """Take in a catalogue file."""
        self._presenter.import_file(file)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Take catalogue files, and nothing else."""
        if _catalogues(event):
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        """Take in what was dropped."""
        for file in _catalogues(event):
            self.import_file(file)
        event.acceptProposedAction()

    # ------------------------------------------------------------ within

    def focus_search(self) -> None:
        """Put the keyboard in the search."""
        self.panes.close_page()
        self.search.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def hideEvent(self, event: QHideEvent) -> None:
        """Leave no dialog behind."""
        leave_dialog(self._dialog, event)
        super().hideEvent(event)

    def dialog(self) -> Dialog | None:
        """Return the dialog opened last."""
        return self._dialog

    def _connect(self) -> None:
        self.search.searched.connect(self._presenter.search)
        self.take_in.clicked.connect(self._on_take_in_clicked)
        self.list.clicked.connect(self._on_chosen)
        self.list.activated.connect(self._on_activated)
        self.list.selectionModel().currentChanged.connect(self._on_current_changed)
        self.dataset.start_wanted.connect(self._presenter.start_request)
        self._done.action_chosen.connect(self._on_problems_wanted)
        self.panes.went_back.connect(self.list.setFocus)

    def _no_catalogue(self) -> EmptyState:
        button = Button(translate("Catalogue", "Take in a catalogue file…"), "brand", icon_name="upload")
        button.clicked.connect(self._on_take_in_clicked)
        sentence = translate(
            "Catalogue",
            "A catalogue lists datasets with their owners and terms. Take in a CSV, JSON or YAML file of the UK metadata model, or drop it here. Searching it needs no network.",
        )
        return EmptyState("database", translate("Catalogue", "No catalogue on this computer yet"), sentence, (button,))

    def _on_chosen(self, index: QModelIndex) -> None:
        self._presenter.choose(index.row())

    def _on_activated(self, index: QModelIndex) -> None:
        self._presenter.choose(index.row())
        self.dataset.focus_first()

    def _on_current_changed(self, index: QModelIndex, _before: QModelIndex) -> None:
        if index.isValid() and self.list.hasFocus() and self.panes.shows_both:
            self._presenter.choose(index.row())

    def _on_take_in_clicked(self) -> None:
        choose_file(
            self.window(),
            translate("Catalogue", "Take in a catalogue file"),
            self.import_file,
            [translate("Catalogue", "Catalogues (*.csv *.json *.yaml *.yml)"), translate("Catalogue", "All files (*)")],
        )

    def _on_problems_wanted(self) -> None:
        self._dialog = ProblemsDialog(self._problems, self.window())
        self._dialog.open()


class DatasetPage(ReadingColumn):
    """One dataset: what to know before asking, its terms in words, and the way to a request."""

    start_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(width=720, parent=parent)
        self._shown: ShownDataset | None = None
        self._title: Text | None = None

    def show_dataset(self, shown: ShownDataset) -> None:
        """Show one."""
        if shown == self._shown:
            return
        self._shown = shown
        self.clear()
        head = QWidget()
        column = QVBoxLayout(head)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(Space.TIGHT)
        column.addWidget(Text(shown.owner, "eyebrow"))
        self._title = Text(shown.title, "title", heading=True)
        self._title.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        column.addWidget(self._title)
        self.add(head)
        if shown.notice:
            self.add(Banner(shown.notice, shown.notice_tone, details=shown.notice_details))
        if shown.can_start:
            self.add(self._start())
        self.add(KeyValueTable(translate("Catalogue", "Terms of {title}", title=shown.title), shown.facts))

    def focus_first(self) -> None:
        """Put the keyboard on the title."""
        if self._title is not None:
            self._title.setFocus(Qt.FocusReason.OtherFocusReason)

    def _start(self) -> QWidget:
        box = QWidget()
        column = QVBoxLayout(box)
        column.setContentsMargins(0, 0, 0, 0)
        button = Button(translate("Catalogue", "Start a request from this"), "primary", icon_name="file-pen-line")
        button.setShortcut("Alt+N")
        button.clicked.connect(self.start_wanted)
        column.addWidget(button, 0, Qt.AlignmentFlag.AlignLeft)
        return box


class ProblemsDialog(FittedDialog):
    """What was not right in a catalogue file, a sentence each."""

    def __init__(self, problems: tuple[str, ...], parent: QWidget | None = None) -> None:
        title = translate("Catalogue", "What is not right in the file")
        sentence = translate(
            "Catalogue", "Send this list to whoever looks after the catalogue. Everything else was taken in."
        )
        super().__init__(title, sentence, safe=translate("Catalogue", "Close"), parent=parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        trim(self._scroll)
        words = Text("\n\n".join(problems), "text")
        words.let_copy()
        self.body.addWidget(words)


def _catalogues(event: QDropEvent) -> list[Path]:
    files = [Path(url.toLocalFile()) for url in event.mimeData().urls() if url.isLocalFile()]
    return [file for file in files if file.suffix.lower() in _SUFFIXES]
