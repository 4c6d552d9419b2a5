"""The agreements page: every agreement at the left, the one that is open at the right."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from PySide6.QtCore import QItemSelectionModel, QModelIndex, Qt, QTimer
from PySide6.QtWidgets import QVBoxLayout, QWidget

from dsadesk.domain.ids import RequestId
from dsadesk.services.changes import Changes
from dsadesk.services.wording import Explanation
from dsadesk.ui.i18n import translate
from dsadesk.ui.models.request_list import RequestListModel
from dsadesk.ui.presenters.agreements import SEGMENTS, AgreementsPresenter
from dsadesk.ui.presenters.frame import Frame, Page, Place
from dsadesk.ui.theme import Space
from dsadesk.ui.views.agreement import AgreementView
from dsadesk.ui.views.notice import Notice
from dsadesk.ui.views.two_panes import NothingHere, Pane, TwoPanes
from dsadesk.ui.vocabulary import Card
from dsadesk.ui.widgets.button import Button
from dsadesk.ui.widgets.card_list import CardListView
from dsadesk.ui.widgets.empty_state import EmptyState
from dsadesk.ui.widgets.search_field import SearchField
from dsadesk.ui.widgets.segmented_filter import SegmentedFilter

_PAUSE_MILLISECONDS = 180


class AgreementsView(QWidget):
    """Lists agreements and shows one of them."""

    def __init__(self, frame: Frame, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._frame = frame
        self._presenter = AgreementsPresenter(self, frame)
        self._model = RequestListModel(self)
        self._opened: RequestId | None = None
        self._is_started = False
        self._is_browsing = False  # whether the arrow keys opened what is open, so that the keyboard stays in the list
        self._pane = Pane(translate("Agreements", "Agreements"))
        self.panes = TwoPanes(self._pane, translate("Agreements", "All agreements"))
        self.agreement = AgreementView(frame)
        self._none = _no_agreement(frame)
        self.search = SearchField(translate("Agreements", "Search agreements"))
        self.filter = SegmentedFilter(translate("Agreements", "Show"), SEGMENTS)
        self._notice = Notice(margins=(Space.MEDIUM, 0, Space.MEDIUM, 0))
        self._nothing = NothingHere()
        self.list = CardListView(translate("Agreements", "Agreements"), uniform=True)
        self.list.setModel(self._model)
        self._pane.add_line(self.search)
        self._pane.add_line(self.filter)
        self._pane.column.addWidget(self._notice)
        self._pane.column.addWidget(self._nothing)
        self._pane.add_list(self.list)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addWidget(self.panes)
        self.panes.show_page(self._none, opened=False)
        self._soon = QTimer(self)
        self._soon.setSingleShot(True)
        self._soon.setInterval(_PAUSE_MILLISECONDS)
        self._connect()

    # ------------------------------------------------------------ a page's duties

    def show_place(self, place: Place) -> None:
        """Show the list, and the agreement that the place is about."""
        if not self._is_started:
            self._is_started = True
            self._presenter.start()
        if place.request is not None:
            self._opened = place.request
            self.agreement.show_place(place)
            self.panes.show_page(self.agreement)
            self._select(place.request)
        elif self._opened is None:
            self.panes.show_page(self._none, opened=False)

    def refresh(self, changes: Changes) -> None:
        """Follow changes in the list and in the open agreement."""
        self._model.forget(changes.requests)
        self._presenter.refresh(changes)
        if self.panes.pages.currentWidget() is self.agreement:
            self.agreement.refresh(changes)

    def focus_first(self) -> None:
        """Put the keyboard on the open agreement, else on the title of the list."""
        if self._is_browsing:
            self._is_browsing = False
        elif self.panes.pages.currentWidget() is self.agreement:
            self.agreement.focus_first()
        else:
            self._pane.title.setFocus(Qt.FocusReason.OtherFocusReason)

    def focus_search(self) -> None:
        """Put the keyboard in the search."""
        self.panes.close_page()
        self.search.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def tick(self) -> None:
        """Say anew how long ago things were."""
        self._model.forget()

    # ------------------------------------------------------------ what the presenter asks

    def show_list(self, ids: Sequence[RequestId], cards: Mapping[RequestId, Card]) -> None:
        """Show these agreements."""
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
        self._nothing.say(title, sentence)

    def show_error(self, explanation: Explanation) -> None:
        """Say what went wrong."""
        self._notice.explain(explanation)

    # ------------------------------------------------------------ within

    def _connect(self) -> None:
        presenter = self._presenter
        self._soon.timeout.connect(self._open_current)
        self.search.searched.connect(presenter.search)
        self.filter.segment_chosen.connect(presenter.choose_segment)
        self.list.clicked.connect(self._on_chosen)
        self.list.activated.connect(self._on_chosen)
        self.list.selectionModel().currentChanged.connect(self._on_current_changed)
        self._model.window_wanted.connect(lambda window: presenter.window(window, self._model.window(window)))
        self.panes.went_back.connect(self.list.setFocus)

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

    def _on_chosen(self, index: QModelIndex) -> None:
        self._soon.stop()
        self._is_browsing = False
        request = self._model.request(index)
        if request is not None:
            self._presenter.choose(request)


def _no_agreement(frame: Frame) -> EmptyState:
    requests = Button(translate("Agreements", "Go to Requests"), icon_name="file-text")
    requests.clicked.connect(lambda: frame.go(Place(Page.REQUESTS)))
    return EmptyState(
        "handshake",
        translate("Agreements", "Choose an agreement"),
        translate(
            "Agreements",
            "Read it, sign it or export it here. A request comes into this list once it is agreed in principle.",
        ),
        (requests,),
    )
