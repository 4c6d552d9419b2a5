"""The requests page: all requests at the left, the one that is open at the right."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from PySide6.QtCore import QItemSelectionModel, QModelIndex, Qt, QTimer
from PySide6.QtWidgets import QVBoxLayout, QWidget

from dsadesk.domain.ids import RequestId
from dsadesk.services.changes import Changes
from dsadesk.services.wording import Explanation
from dsadesk.ui.i18n import translate
from dsadesk.ui.models.request_list import RequestListModel
from dsadesk.ui.preferences import Preferences
from dsadesk.ui.presenters.first_steps import FirstStep
from dsadesk.ui.presenters.frame import Frame, Page, Place
from dsadesk.ui.presenters.requests import SEGMENTS, RequestsPresenter
from dsadesk.ui.theme import Space
from dsadesk.ui.views.first_steps import FirstStepList
from dsadesk.ui.views.new_request import NewRequestDialog
from dsadesk.ui.views.notice import Notice
from dsadesk.ui.views.pages import as_page, make_view
from dsadesk.ui.views.reminder import ReminderView
from dsadesk.ui.views.two_panes import NothingHere, Pane, TwoPanes
from dsadesk.ui.vocabulary import Card
from dsadesk.ui.widgets.button import Button
from dsadesk.ui.widgets.card_list import CardListView
from dsadesk.ui.widgets.empty_state import EmptyState
from dsadesk.ui.widgets.scroll_column import ScrollColumn
from dsadesk.ui.widgets.search_field import SearchField
from dsadesk.ui.widgets.segmented_filter import SegmentedFilter
from dsadesk.ui.widgets.text import Text

_PAUSE_MILLISECONDS = 180
_NEW, _LIST = "new", "list"  # parts of the page: the dialog that starts a request, and no request at all


class ListPane(Pane):
    """The left pane: title, new request, search, filter, list, and at its foot what may be put off."""

    def __init__(self, frame: Frame, parent: QWidget | None = None) -> None:
        super().__init__(translate("Requests", "Requests"), parent)
        self.new = Button(translate("Requests", "New request"), "brand", icon_name="plus", small=True)
        self.search = SearchField(translate("Requests", "Search requests"))
        self.filter = SegmentedFilter(translate("Requests", "Show"), SEGMENTS)
        self.notice = Notice(margins=(Space.MEDIUM, 0, Space.MEDIUM, 0))
        self.nothing = NothingHere()
        self.list = CardListView(translate("Requests", "Requests"), uniform=True)
        self.reminder = ReminderView(frame, self.list)
        self.add_button(self.new)
        self.add_line(self.search)
        self.add_line(self.filter)
        self.column.addWidget(self.notice)
        self.column.addWidget(self.nothing)
        self.add_list(self.list)
        self.column.addWidget(self.reminder)


class RequestsView(QWidget):
    """Lists the requests and shows one of them."""

    def __init__(self, frame: Frame, preferences: Preferences, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._frame = frame
        self._preferences = preferences
        self._presenter = RequestsPresenter(self, frame)
        self._model = RequestListModel(self)
        self._opened: RequestId | None = None
        self._started = False
        self._is_browsing = False  # whether the arrow keys opened what is open, so that the keyboard stays in the list
        self._editor: QWidget | None = None
        self._request: QWidget | None = None
        self._pane = ListPane(frame)
        self._pane.list.setModel(self._model)
        self.panes = TwoPanes(self._pane, translate("Requests", "All requests"))
        self._pages = self.panes.pages
        self._welcome: _Welcome | None = None
        self._none = self._no_request()
        self._pages.addWidget(self._none)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addWidget(self.panes)
        self._connect()

    # ------------------------------------------------------------ a page's duties

    def show_place(self, place: Place) -> None:
        """Show the list, and at the right the request that the place is about."""
        if not self._started:
            self._started = True
            self._presenter.start()
        if place.page is Page.REQUESTS:
            self._pane.reminder.load()
        if place.page is Page.EDITOR and place.request is not None:
            self._show_right(self._make_editor(), place)
        elif place.page is Page.REQUEST and place.request is not None:
            self._show_right(self._make_request(), place)
        else:
            self.panes.close_page()
            if place.part == _NEW:
                self.start_new()
            elif place.part == _LIST:
                self._opened = None
            if self._opened is None:
                self._show_nothing_open()

    def refresh(self, changes: Changes) -> None:
        """Follow changes in the list and in the open request."""
        self._model.forget(changes.requests)
        self._presenter.refresh(changes)
        current = self._pages.currentWidget()
        if current in (self._editor, self._request):
            as_page(current).refresh(changes)

    def focus_first(self) -> None:
        """Put the keyboard on what was gone to: the open request, else the list."""
        current = self._pages.currentWidget()
        if self._is_browsing:
            self._is_browsing = False
        elif current in (self._editor, self._request):
            as_page(current).focus_first()
        else:
            self._pane.title.setFocus(Qt.FocusReason.OtherFocusReason)

    def settle(self, done: Callable[[bool], None]) -> None:
        """Save what is being typed, then say whether everything is saved."""
        from dsadesk.ui.views.editor import EditorView

        if isinstance(self._editor, EditorView):
            self._editor.settle(done)
        else:
            done(True)

    def open_request(self) -> RequestId | None:
        """Return the request that is open beside the list, or in its place."""
        return self._opened if self.panes.shows_page else None

    def focus_search(self) -> None:
        """Put the keyboard in the search: of the draft that is being written, else of the requests."""
        from dsadesk.ui.views.editor import EditorView

        editor = self._editor
        if isinstance(editor, EditorView) and self._pages.currentWidget() is editor and editor.has_keyboard():
            editor.focus_search()
            return
        self.panes.close_page()
        self._pane.search.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def start_new(self) -> None:
        """Ask what the new request is about."""
        NewRequestDialog(self._frame, self.window()).open()

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

    def show_nothing(self, title: str, sentence: str) -> None:
        """Say why the list is empty."""
        self._pane.nothing.say(title, sentence)

    def show_first_steps(self, steps: Sequence[FirstStep]) -> None:
        """Show what a new desk needs."""
        if steps and self._welcome is None:
            self._welcome = _Welcome(self._frame.go)
            self._pages.addWidget(self._welcome)
        if self._welcome is not None:
            self._welcome.show_steps(steps)
        if self._pages.currentWidget() in (self._none, self._welcome):
            self._show_nothing_open()

    def show_error(self, explanation: Explanation) -> None:
        """Say what went wrong."""
        self._pane.notice.explain(explanation)

    # ------------------------------------------------------------ within

    def _connect(self) -> None:
        pane, presenter = self._pane, self._presenter
        self._soon = QTimer(self)
        self._soon.setSingleShot(True)
        self._soon.setInterval(_PAUSE_MILLISECONDS)
        self._soon.timeout.connect(self._open_current)
        pane.new.clicked.connect(self.start_new)
        pane.search.searched.connect(presenter.search)
        pane.filter.segment_chosen.connect(presenter.choose)
        pane.list.clicked.connect(self._on_card_chosen)
        pane.list.activated.connect(self._on_card_chosen)
        pane.list.selectionModel().currentChanged.connect(self._on_list_current_changed)
        self._model.window_wanted.connect(self._on_window_wanted)
        self.panes.went_back.connect(lambda: self._pane.list.setFocus(Qt.FocusReason.OtherFocusReason))

    def _no_request(self) -> QWidget:
        new = Button(translate("Requests", "New request"), "brand", icon_name="plus")
        new.clicked.connect(self.start_new)
        return EmptyState(
            "file-text",
            translate("Requests", "Choose a request"),
            translate("Requests", "Choose one in the list to go on with it, or start a new one."),
            (new,),
        )

    def _make_editor(self) -> QWidget:
        if self._editor is None:
            from dsadesk.ui.views.editor import EditorView

            self._editor = EditorView(self._frame, self._preferences)
            self._pages.addWidget(self._editor)
        return self._editor

    def _make_request(self) -> QWidget:
        if self._request is None:
            self._request = make_view(Page.REQUEST, self._frame)
            self._pages.addWidget(self._request)
        return self._request

    def _show_nothing_open(self) -> None:
        welcome = self._welcome
        self._pages.setCurrentWidget(welcome if welcome is not None and welcome.has_steps else self._none)

    def _show_right(self, page: QWidget, place: Place) -> None:
        self._opened = place.request
        self._pages.setCurrentWidget(page)
        as_page(page).show_place(place)
        self._select(place.request)
        self.panes.open_page()

    def _select(self, request: RequestId | None) -> None:
        index = self._model.index_of(request)
        if index.isValid() and index != self._pane.list.currentIndex():
            selection = self._pane.list.selectionModel()
            blocked = selection.blockSignals(True)
            selection.setCurrentIndex(index, QItemSelectionModel.SelectionFlag.ClearAndSelect)
            selection.blockSignals(blocked)
            self._pane.list.viewport().update()
            self._pane.list.scrollTo(index)

    def _on_window_wanted(self, window: int) -> None:
        self._presenter.fetch(window, self._model.window(window))

    def _on_list_current_changed(self, index: QModelIndex, _before: QModelIndex) -> None:
        if index.isValid() and self._pane.list.hasFocus():
            self._soon.start()

    def _on_card_chosen(self, index: QModelIndex) -> None:
        self._soon.stop()
        self._is_browsing = False
        request = self._model.request(index)
        if request is not None:
            self._presenter.open(request)

    def _open_current(self) -> None:
        """Open what the arrow keys came to, and leave the keyboard in the list."""
        request = self._model.request(self._pane.list.currentIndex())
        if request is not None and request != self._opened and self.panes.shows_page:
            self._is_browsing = True
            self._presenter.open(request)


class _Welcome(ScrollColumn):
    """What a desk without requests says."""

    def __init__(self, go: Callable[[Place], None]) -> None:
        super().__init__(width=720)
        self.has_steps = False
        head = QWidget()
        column = QVBoxLayout(head)
        column.setContentsMargins(0, Space.GUTTER, 0, 0)
        column.setSpacing(Space.SMALL)
        column.addWidget(Text(translate("Requests", "Your desk is ready"), "title", heading=True))
        sentence = translate(
            "Requests",
            "These short steps lead to your first request. You can do them in any order and stop at any time.",
        )
        column.addWidget(Text(sentence, "lead"))
        self.add(head)
        self._steps = FirstStepList(translate("Requests", "Before your first request"))
        self._steps.step_chosen.connect(go)
        self.add(self._steps)

    def show_steps(self, steps: Sequence[FirstStep]) -> None:
        """Show the steps; none once there are requests."""
        self.has_steps = bool(steps)
        if steps:
            self._steps.show_steps(steps)
