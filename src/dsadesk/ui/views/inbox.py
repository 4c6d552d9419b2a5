"""The inbox: requests that others sent, what was held back, fetching, and opening a delivery that came as a file."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from PySide6.QtCore import QItemSelectionModel, QModelIndex, Qt, QTimer
from PySide6.QtGui import QDragEnterEvent, QDropEvent, QHideEvent
from PySide6.QtWidgets import QStackedWidget, QVBoxLayout, QWidget

from dsadesk.bundle.container import SUFFIX
from dsadesk.domain.ids import RequestId
from dsadesk.services.changes import Changes
from dsadesk.services.wording import Explanation
from dsadesk.ui.i18n import counted, translate
from dsadesk.ui.models.request_list import RequestListModel
from dsadesk.ui.presenters.exchange_words import ExchangeResult, ResultLine
from dsadesk.ui.presenters.frame import Frame, Page, Place
from dsadesk.ui.presenters.held import HeldBack, HeldPresenter
from dsadesk.ui.presenters.inbox import HELD, REQUESTS, SEGMENTS, InboxPresenter
from dsadesk.ui.theme import Space
from dsadesk.ui.views.choose_file import choose_file, choose_place
from dsadesk.ui.views.exchange_result import ResultCard
from dsadesk.ui.views.held import DiscardDialog, HeldPage
from dsadesk.ui.views.leave_dialog import leave_dialog
from dsadesk.ui.views.notice import Notice
from dsadesk.ui.views.request import RequestView
from dsadesk.ui.views.two_panes import NothingHere, Pane, TwoPanes
from dsadesk.ui.vocabulary import Card, Tone
from dsadesk.ui.widgets.button import Button
from dsadesk.ui.widgets.card_list import CardListModel, CardListView
from dsadesk.ui.widgets.dialog import Dialog
from dsadesk.ui.widgets.empty_state import EmptyState
from dsadesk.ui.widgets.flow import Flow
from dsadesk.ui.widgets.search_field import SearchField
from dsadesk.ui.widgets.segmented_filter import SegmentedFilter

_PAUSE_MILLISECONDS = 180


class InboxView(QWidget):
    """Lists what came, and shows one of it."""

    def __init__(self, frame: Frame, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAcceptDrops(True)
        self._frame = frame
        self._presenter = InboxPresenter(self, frame)
        self._model = RequestListModel(self)
        self._held: tuple[HeldBack, ...] = ()
        self._held_presenter = HeldPresenter(self, frame)
        self._dialog: Dialog | None = None
        self._opened: RequestId | None = None
        self._is_started = False
        self._is_browsing = False  # whether the arrow keys opened what is open, so that the keyboard stays in the list
        self._pane = Pane(translate("Inbox", "Inbox"))
        self.panes = TwoPanes(self._pane, translate("Inbox", "Back to the inbox"))
        self.request = RequestView(frame)
        self._held_page = HeldPage()
        self._fill_pane()
        self._none = self._no_request()
        self._lay_out()
        self._connect()

    # ------------------------------------------------------------ a page's duties

    def show_place(self, place: Place) -> None:
        """Show the inbox, and the request that the place is about."""
        if not self._is_started:
            self._is_started = True
            self._presenter.start()
        if place.part == HELD:
            self.filter.select(HELD)
            self._show_segment(HELD)
        elif place.request is not None:
            self._opened = place.request
            self.filter.select(REQUESTS)
            self._show_segment(REQUESTS)
            self.request.show_place(place)
            self.panes.show_page(self.request)
            self._select(place.request)
        elif self._opened is None:
            self.panes.show_page(self._none, opened=False)

    def refresh(self, changes: Changes) -> None:
        """Follow changes in the list and in the open request."""
        self._model.forget(changes.requests)
        self._presenter.refresh(changes)
        if self.panes.pages.currentWidget() is self.request:
            self.request.refresh(changes)

    def focus_first(self) -> None:
        """Put the keyboard on the open request, else on the title of the list."""
        if self._is_browsing:
            self._is_browsing = False
        elif self.panes.pages.currentWidget() is self.request:
            self.request.focus_first()
        else:
            self._pane.title.setFocus(Qt.FocusReason.OtherFocusReason)

    def settle(self, done: Callable[[bool], None]) -> None:
        """Keep what is typed into a reply, then say whether that is done."""
        self.request.settle(done)

    def focus_search(self) -> None:
        """Put the keyboard in the search."""
        self.panes.close_page()
        self.search.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def tick(self) -> None:
        """Say anew how long ago things were."""
        self._model.forget()

    # ------------------------------------------------------------ what the presenter asks

    def show_list(self, ids: Sequence[RequestId], cards: Mapping[RequestId, Card]) -> None:
        """Show these requests."""
        self._model.set_ids(ids)
        self._model.put(0, cards)
        self._select(self._opened)

    def show_cards(self, window: int, cards: Mapping[RequestId, Card]) -> None:
        """Show the words of a window."""
        self._model.put(window, cards)

    def give_up(self, window: int) -> None:
        """Note that the words of a window could not be had, so that the next look asks again."""
        self._model.give_up(window)

    def show_held(self, held: Sequence[HeldBack], turned_away: str) -> None:
        """Show what was held back, and say so beside the requests."""
        self._held = tuple(held)
        self._held_model.set_cards([each.card for each in held])
        if held:
            self._nothing_held.say("", "")
            forms = translate("Inbox", "{n} delivery was held back|{n} deliveries were held back")
            self._warning.say(
                counted(forms, len(held)), Tone.WARN, details=turned_away, action=translate("Inbox", "See why")
            )
        else:
            title = translate("Inbox", "Nothing was held back")
            sentence = translate(
                "Inbox", "A delivery that fails a check is kept here with the reason, and nothing in it is believed."
            )
            self._nothing_held.say(title, sentence)
            self._warning.clear()
        self._warning.setVisible(bool(held) and self.filter.current() == REQUESTS)
        self._follow_held()

    def show_nothing(self, title: str, sentence: str) -> None:
        """Say why the list is empty."""
        self._nothing.say(title, sentence)

    def show_busy(self, sentence: str) -> None:
        """Say what is being done."""
        for button in self._buttons:
            button.setEnabled(not sentence)
        if sentence:
            self._result.show_result(None)
            self._busy.say(sentence, Tone.INFO)
        else:
            self._busy.clear()

    def show_result(self, result: ExchangeResult) -> None:
        """Say what came."""
        self._error.clear()
        self._result.show_result(result)

    def show_error(self, explanation: Explanation | None) -> None:
        """Say what went wrong."""
        if explanation is not None:
            self._result.show_result(None)
        self._error.explain(explanation)

    # ------------------------------------------------------------ files

    def open_file(self, file: Path) -> None:
        """Take in a delivery that came as a file."""
        self._presenter.open_file(file)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Take a delivery, and nothing else."""
        if _deliveries(event):
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        """Take in what was dropped."""
        for file in _deliveries(event):
            self.open_file(file)
        event.acceptProposedAction()

    # ------------------------------------------------------------ within

    def _fill_pane(self) -> None:
        pane = self._pane
        self.fetch = Button(translate("Inbox", "Fetch"), "brand", icon_name="download", small=True)
        self.fetch.setShortcut("Alt+F")
        self.open = Button(translate("Inbox", "Open a file…"), icon_name="folder-open", small=True)
        self.open.setShortcut("Alt+O")
        self._buttons = [self.fetch, self.open]
        buttons = QWidget()
        flow = Flow(buttons, equal=True)
        for button in self._buttons:
            flow.addWidget(button)
        pane.add_line(buttons)
        self.search = SearchField(translate("Inbox", "Search the inbox"))
        self.filter = SegmentedFilter(translate("Inbox", "Show"), SEGMENTS)
        pane.add_line(self.search)
        pane.add_line(self.filter)
        self._warning = Notice(margins=(Space.MEDIUM, 0, Space.MEDIUM, 0))
        pane.column.addWidget(self._warning)
        self.list = CardListView(translate("Inbox", "Requests that came in"), uniform=True)
        self.list.setModel(self._model)
        self.held_list = CardListView(translate("Inbox", "Held back"))
        self._held_model = CardListModel()
        self.held_list.setModel(self._held_model)
        self._nothing, self._nothing_held = NothingHere(), NothingHere()
        self._lists = QStackedWidget()
        for nothing, shown in ((self._nothing, self.list), (self._nothing_held, self.held_list)):
            box = QWidget()
            column = QVBoxLayout(box)
            column.setContentsMargins(0, 0, 0, 0)
            column.addWidget(nothing)
            column.addWidget(shown, 1)
            self._lists.addWidget(box)
        pane.add_list(self._lists)

    def _lay_out(self) -> None:
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.setSpacing(0)
        margins = (Space.GUTTER, Space.MEDIUM, Space.GUTTER - 4, Space.MEDIUM)
        self._error, self._busy = Notice(margins=margins), Notice(margins=margins)
        self._result = ResultCard(brief=True)
        self._result.setContentsMargins(*margins)
        for part in (self._error, self._busy, self._result):
            outer.addWidget(part)
        outer.addWidget(self.panes, 1)
        self.panes.show_page(self._none, opened=False)

    def _connect(self) -> None:
        presenter = self._presenter
        self._soon = QTimer(self)
        self._soon.setSingleShot(True)
        self._soon.setInterval(_PAUSE_MILLISECONDS)
        self._soon.timeout.connect(self._open_current)
        self.fetch.clicked.connect(presenter.fetch)
        self.open.clicked.connect(self._on_open_clicked)
        self.search.searched.connect(presenter.search)
        self.filter.segment_chosen.connect(self._show_segment)
        self.list.clicked.connect(self._on_request_chosen)
        self.list.activated.connect(self._on_request_chosen)
        self.list.selectionModel().currentChanged.connect(self._on_current_changed)
        self.held_list.clicked.connect(self._on_held_chosen)
        self.held_list.activated.connect(self._on_held_chosen)
        self.held_list.selectionModel().currentChanged.connect(self._on_held_current_changed)
        self._model.window_wanted.connect(lambda window: presenter.window(window, self._model.window(window)))
        self._warning.action_chosen.connect(lambda: self.show_place(Place(Page.INBOX, part=HELD)))
        self._result.line_chosen.connect(self._on_line_chosen)
        self.panes.went_back.connect(self._on_went_back)
        self._held_page.retry_wanted.connect(self._held_presenter.retry)
        self._held_page.save_wanted.connect(self._on_save_held_wanted)
        self._held_page.discard_wanted.connect(self._on_discard_held_wanted)

    def _no_request(self) -> EmptyState:
        fetch = Button(translate("Inbox", "Fetch"), "brand", icon_name="download")
        open_file = Button(translate("Inbox", "Open a file…"), icon_name="folder-open")
        fetch.clicked.connect(self.fetch.click)
        open_file.clicked.connect(self.open.click)
        return EmptyState(
            "inbox",
            translate("Inbox", "Choose a request"),
            translate(
                "Inbox",
                "What others ask of you is listed at the left. Fetch what has come, or drop a file here that somebody gave you.",
            ),
            (fetch, open_file),
        )

    def _show_segment(self, segment: str) -> None:
        self._lists.setCurrentIndex(1 if segment == HELD else 0)
        self.search.setVisible(segment == REQUESTS)
        self._warning.setVisible(bool(self._held) and segment == REQUESTS)
        if segment == REQUESTS:
            self._show_page(self.request if self._opened is not None else self._none)
        elif self._held and self.panes.shows_both:
            self._show_held_page(self._held[max(0, self.held_list.currentIndex().row())], opened=False)
        else:
            self._show_page(self._none)

    def _show_page(self, page: QWidget) -> None:
        self.panes.show_page(page, opened=False)

    def _select(self, request: RequestId | None) -> None:
        index = self._model.index_of(request)
        if index.isValid() and index != self.list.currentIndex():
            selection = self.list.selectionModel()
            blocked = selection.blockSignals(True)
            selection.setCurrentIndex(index, QItemSelectionModel.SelectionFlag.ClearAndSelect)
            selection.blockSignals(blocked)
            self.list.viewport().update()
            self.list.scrollTo(index)

    def _on_current_changed(self, index: QModelIndex, _before: QModelIndex) -> None:
        if index.isValid() and self.list.hasFocus():
            self._soon.start()

    def _open_current(self) -> None:
        """Open what the arrow keys came to, and leave the keyboard in the list."""
        request = self._model.request(self.list.currentIndex())
        if request is not None and request != self._opened and self.panes.shows_both:
            self._is_browsing = True
            self._presenter.choose(request)

    def _on_request_chosen(self, index: QModelIndex) -> None:
        self._soon.stop()
        self._is_browsing = False
        request = self._model.request(index)
        if request is not None:
            self._presenter.choose(request)

    def _on_held_current_changed(self, index: QModelIndex, _before: QModelIndex) -> None:
        if index.isValid() and self.panes.shows_both:
            self._show_held_page(self._held[index.row()], opened=False)

    def _on_held_chosen(self, index: QModelIndex) -> None:
        self._show_held_page(self._held[index.row()], opened=True)
        self._held_page.focus_first()

    def _follow_held(self) -> None:
        """Show the first once it is known, and the next when the one on the page was taken in or thrown away."""
        if self.filter.current() != HELD:
            return
        gone, is_open = self._held_page.shown, self.panes.pages.currentWidget() is self._held_page
        if not is_open:
            self._show_segment(HELD)
        elif gone is not None and gone.id not in {each.id for each in self._held}:
            self._show_segment(HELD)
            self.held_list.setFocus(Qt.FocusReason.OtherFocusReason)

    def _on_went_back(self) -> None:
        (self.held_list if self.filter.current() == HELD else self.list).setFocus(Qt.FocusReason.OtherFocusReason)

    def _on_save_held_wanted(self, held: object) -> None:
        if not isinstance(held, HeldBack):
            return
        choose_place(
            self.window(),
            translate("Inbox", "Save the delivery as evidence"),
            held.file_name,
            lambda file: self.save_held(held, file),
        )

    def save_held(self, held: HeldBack, file: Path) -> None:
        """Save a delivery that was held back as a file."""
        self._held_presenter.save(held, file)

    def _on_discard_held_wanted(self, held: object) -> None:
        if isinstance(held, HeldBack):
            dialog = DiscardDialog(held, self.window())
            dialog.confirmed.connect(lambda: self._held_presenter.discard(held))
            self._dialog = dialog
            dialog.open()

    def hideEvent(self, event: QHideEvent) -> None:
        """Leave no dialog behind."""
        leave_dialog(self._dialog, event)
        super().hideEvent(event)

    def _show_held_page(self, held: HeldBack, *, opened: bool) -> None:
        self._held_page.show_held(held)
        self.panes.show_page(self._held_page, opened=opened)

    def _on_line_chosen(self, line: object) -> None:
        if isinstance(line, ResultLine):
            if line.request is None:
                self.show_place(Place(Page.INBOX, part=HELD))
            else:
                self._presenter.follow(line)

    def _on_open_clicked(self) -> None:
        choose_file(
            self.window(),
            translate("Inbox", "Open a delivery"),
            self.open_file,
            [translate("Inbox", "Sealed deliveries (*{suffix})", suffix=SUFFIX), translate("Inbox", "All files (*)")],
        )


def _deliveries(event: QDropEvent) -> list[Path]:
    files = [Path(url.toLocalFile()) for url in event.mimeData().urls() if url.isLocalFile()]
    return [file for file in files if file.suffix.lower() == SUFFIX]
