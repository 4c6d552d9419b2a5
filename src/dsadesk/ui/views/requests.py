"""The requests page: all requests at the left, the one that is open at the right."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from PySide6.QtCore import QEvent, QItemSelectionModel, QModelIndex, Qt, QTimer
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from dsadesk.domain.ids import RequestId
from dsadesk.services.changes import Changes
from dsadesk.services.wording import Explanation
from dsadesk.ui import theme
from dsadesk.ui.fitting import Fitting
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
from dsadesk.ui.vocabulary import Card
from dsadesk.ui.widgets.button import Button
from dsadesk.ui.widgets.card_list import CardListView
from dsadesk.ui.widgets.empty_state import EmptyState
from dsadesk.ui.widgets.scroll_column import ScrollColumn
from dsadesk.ui.widgets.search_field import SearchField
from dsadesk.ui.widgets.segmented_filter import SegmentedFilter
from dsadesk.ui.widgets.text import Text

LIST_WIDTH = 304
_PAGE_WIDTH = 560
_PAUSE_MILLISECONDS = 180
_NEW, _LIST = "new", "list"  # parts of the page: the dialog that starts a request, and no request at all


class ListPane(QFrame):
    """The left pane: title, new request, search, filter, list, and at its foot what may be put off."""

    def __init__(self, frame: Frame, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("look", "pane")
        column = QVBoxLayout(self)
        column.setContentsMargins(0, Space.LARGE, 1, 0)
        column.setSpacing(Space.SMALL + 2)
        self.title = Text(translate("Requests", "Requests"), "heading", wrap=False, heading=True)
        self.title.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.new = Button(translate("Requests", "New request"), "brand", icon_name="plus", small=True)
        top = QHBoxLayout()
        top.setContentsMargins(Space.LARGE, 0, Space.MEDIUM, 0)
        top.addWidget(self.title)
        top.addStretch(1)
        top.addWidget(self.new)
        column.addLayout(top)
        self.search = SearchField(translate("Requests", "Search requests"))
        self.filter = SegmentedFilter(translate("Requests", "Show"), SEGMENTS)
        for each in (self.search, self.filter):
            line = QHBoxLayout()
            line.setContentsMargins(Space.MEDIUM, 0, Space.MEDIUM, 0)
            line.addWidget(each)
            column.addLayout(line)
        self.notice = Notice(margins=(Space.MEDIUM, 0, Space.MEDIUM, 0))
        column.addWidget(self.notice)
        self.nothing = QWidget()
        words = QVBoxLayout(self.nothing)
        words.setContentsMargins(Space.GUTTER, Space.GUTTER, Space.GUTTER, 0)
        words.setSpacing(Space.SMALL)
        self.nothing_title, self.nothing_sentence = Text("", "strong"), Text("", "hint")
        for text in (self.nothing_title, self.nothing_sentence):
            text.setAlignment(Qt.AlignmentFlag.AlignHCenter)
            words.addWidget(text)
        self.nothing.hide()
        column.addWidget(self.nothing)
        self.list = CardListView(translate("Requests", "Requests"), uniform=True)
        column.addWidget(self.list, 1)
        self.reminder = ReminderView(frame, self.list)
        column.addWidget(self.reminder)

    def show_nothing(self, title: str, sentence: str) -> None:
        """Say why the list is empty, or show the list."""
        self.nothing_title.setText(title)
        self.nothing_sentence.setText(sentence)
        self.nothing.setVisible(bool(title))


class RequestsView(QWidget):
    """Lists the requests and shows one of them."""

    def __init__(self, frame: Frame, preferences: Preferences, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._frame = frame
        self._preferences = preferences
        self._presenter = RequestsPresenter(self, frame)
        self._fitting = Fitting(self, self._fit)
        self._model = RequestListModel(self)
        self._opened: RequestId | None = None
        self._started = False
        self._page_pane_only = False
        self._is_browsing = False  # whether the arrow keys opened what is open, so that the keyboard stays in the list
        self._editor: QWidget | None = None
        self._request: QWidget | None = None
        self._pane = ListPane(frame)
        self._pages = QStackedWidget()
        self._welcome: _Welcome | None = None
        self._none = self._no_request()
        self._pages.addWidget(self._none)
        self._back = Button(translate("Requests", "All requests"), "link", icon_name="arrow-left")
        self._back_line = QFrame()
        self._back_line.setProperty("look", "header")
        self._lay_out()
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
            self._page_pane_only = False
            self._fitting.now()
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
        return self._opened if self._right.isVisibleTo(self) else None

    def focus_search(self) -> None:
        """Put the keyboard in the search: of the draft that is being written, else of the requests."""
        from dsadesk.ui.views.editor import EditorView

        editor = self._editor
        if isinstance(editor, EditorView) and self._pages.currentWidget() is editor and editor.has_keyboard():
            editor.focus_search()
            return
        self._page_pane_only = False
        self._fitting.now()
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
        self._pane.show_nothing(title, sentence)

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

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Show list and page side by side where there is room, else one of them."""
        super().resizeEvent(event)
        self._fitting.now()

    def changeEvent(self, event: QEvent) -> None:
        """Grow with the text."""
        super().changeEvent(event)
        if event.type() is QEvent.Type.StyleChange:
            self._fitting.soon()

    def _lay_out(self) -> None:
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        row.addWidget(self._pane)
        self._right = QWidget()
        column = QVBoxLayout(self._right)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        line = QHBoxLayout(self._back_line)
        line.setContentsMargins(Space.GUTTER - 4, Space.HAIR, Space.GUTTER, Space.HAIR)
        line.addWidget(self._back)
        line.addStretch(1)
        column.addWidget(self._back_line)
        column.addWidget(self._pages, 1)
        row.addWidget(self._right, 1)
        self._pane.list.setModel(self._model)

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
        self._back.clicked.connect(self._on_back_clicked)

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
        self._page_pane_only = True
        self._pages.setCurrentWidget(page)
        as_page(page).show_place(place)
        self._select(place.request)
        self._fitting.now()

    def _select(self, request: RequestId | None) -> None:
        index = self._model.index_of(request)
        if index.isValid() and index != self._pane.list.currentIndex():
            selection = self._pane.list.selectionModel()
            blocked = selection.blockSignals(True)
            selection.setCurrentIndex(index, QItemSelectionModel.SelectionFlag.ClearAndSelect)
            selection.blockSignals(blocked)
            self._pane.list.viewport().update()
            self._pane.list.scrollTo(index)

    def _fit(self) -> None:
        both = self.width() >= theme.px(LIST_WIDTH + _PAGE_WIDTH)
        alone = not both and self._page_pane_only
        self._pane.setVisible(not alone)
        self._right.setVisible(both or alone)
        self._back_line.setVisible(alone)
        if both:
            self._pane.setFixedWidth(theme.px(LIST_WIDTH))
        else:
            self._pane.setMinimumWidth(0)
            self._pane.setMaximumWidth(16_777_215)

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
        both = self._right.isVisibleTo(self)
        if request is not None and request != self._opened and both:
            self._is_browsing = True
            self._presenter.open(request)

    def _on_back_clicked(self) -> None:
        self._page_pane_only = False
        self._fitting.now()
        self._pane.list.setFocus(Qt.FocusReason.OtherFocusReason)


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
            "Five short steps lead to your first request. You can do them in any order and stop at any time.",
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
