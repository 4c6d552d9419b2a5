"""Sending and fetching: what waits and why, one button, what came of it, and a file as the way out when there is no link."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QHideEvent
from PySide6.QtWidgets import QHBoxLayout, QProgressBar, QVBoxLayout, QWidget

from dsadesk.domain.ids import BoxId, BundleId, RequestId
from dsadesk.services.changes import Changes
from dsadesk.services.wording import Explanation
from dsadesk.ui.i18n import translate
from dsadesk.ui.presenters.add_store import own_purpose
from dsadesk.ui.presenters.exchange import (
    ExchangeFacts,
    ExchangePresenter,
    ExchangeResult,
    ProgressShown,
    ResultLine,
    WaitingItem,
)
from dsadesk.ui.presenters.frame import Frame, Page, Place
from dsadesk.ui.theme import Space
from dsadesk.ui.views.add_store_dialog import AddStoreDialog
from dsadesk.ui.views.centred import centre
from dsadesk.ui.views.exchange_result import ResultCard
from dsadesk.ui.views.hand_over import HandOverDialog
from dsadesk.ui.views.held_dialog import leave_dialog
from dsadesk.ui.views.notice import Notice
from dsadesk.ui.views.reading import ReadingColumn
from dsadesk.ui.vocabulary import Tone
from dsadesk.ui.widgets.button import Button
from dsadesk.ui.widgets.card import Card
from dsadesk.ui.widgets.dialog import Dialog
from dsadesk.ui.widgets.flow import Flow
from dsadesk.ui.widgets.pill import Pill
from dsadesk.ui.widgets.text import Text

_TICK_MILLISECONDS = 100
_WIDTH = 860


class ExchangeView(ReadingColumn):
    """Shows the outbox and the inbox's place, sends and fetches."""

    def __init__(self, frame: Frame, parent: QWidget | None = None) -> None:
        super().__init__(width=_WIDTH, parent=parent)
        centre(self)
        self._frame = frame
        self._presenter = ExchangePresenter(self, frame)
        self._dialog: Dialog | None = None
        self._tick = QTimer(self)
        self._tick.setInterval(_TICK_MILLISECONDS)
        self._tick.timeout.connect(self._presenter.tick)
        self._title = Text(translate("Exchange", "Send and fetch"), "title", heading=True)
        self._title.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self._summary = Text("", "lead")
        self.go = Button(translate("Exchange", "Send and fetch now"), "primary", icon_name="refresh-cw")
        self.go.setShortcut("Alt+N")
        self._bar = QProgressBar()
        self._bar.setTextVisible(False)
        self._bar.setAccessibleName(translate("Exchange", "Progress"))
        self._working = Text("", "hint")
        self.pause = Button(translate("Exchange", "Pause sending"), small=True)
        self.stop = Button(translate("Exchange", "Stop"), small=True)
        self._holds = QWidget()
        flow = Flow(self._holds, spacing=Space.MEDIUM)
        flow.addWidget(self.pause)
        flow.addWidget(self.stop)
        self._error, self._done = Notice(), Notice()
        self.result = ResultCard()
        self.waiting = ItemList(translate("Exchange", "Waiting to be sent, oldest first"))
        self.sent = ItemList(translate("Exchange", "Sent lately"))
        self.inbox = InboxCard()
        self.add(self._head())
        for part in (self._error, self._done, self.result, self.waiting, self.inbox, self.sent):
            self.add(part)
        self.go.clicked.connect(self._presenter.exchange)
        self.pause.clicked.connect(self._presenter.pause)
        self.stop.clicked.connect(self._presenter.stop)
        self.result.line_chosen.connect(self._on_line_chosen)
        for items in (self.waiting, self.sent):
            items.save_wanted.connect(self._on_save_wanted)
            items.request_wanted.connect(lambda request: self._presenter.open_request(RequestId(request)))
        self.inbox.choose_wanted.connect(self.ask_inbox)
        self.inbox.partners_wanted.connect(lambda: frame.go(Place(Page.PARTNERS)))
        self.show_working("")

    # ------------------------------------------------------------ a page's duties

    def show_place(self, place: Place) -> None:
        """Show what waits; the part `inbox` asks where the inbox is to be."""
        self._presenter.open(place.part)

    def refresh(self, changes: Changes) -> None:
        """Follow changes."""
        self._presenter.refresh(changes)

    def focus_first(self) -> None:
        """Put the keyboard on the title."""
        self._title.setFocus(Qt.FocusReason.OtherFocusReason)

    # ------------------------------------------------------------ what the presenter asks

    def show_facts(self, facts: ExchangeFacts) -> None:
        """Show what waits, and where the inbox is."""
        self._summary.setText(facts.summary)
        self.waiting.show_items(facts.waiting)
        self.sent.show_items(facts.sent)
        self.inbox.show_facts(facts)
        if not self._tick.isActive():
            self.go.setEnabled(facts.is_admitted)

    def show_working(self, sentence: str) -> None:
        """Say that it is going on."""
        self.go.setEnabled(not sentence)
        self._bar.setVisible(bool(sentence))
        self._working.setVisible(bool(sentence))
        self._holds.setVisible(bool(sentence))
        self._working.setText(sentence)
        self.show_paused(paused=False)
        self._bar.setRange(0, 0)
        if sentence:
            self._done.clear()
            self._tick.start()
        else:
            self._tick.stop()

    def show_progress(self, progress: ProgressShown) -> None:
        """Show how far a delivery is."""
        # A bar counts in 32 bits; a thousandth is as fine as it is wide.
        self._bar.setRange(0, 1000)
        self._bar.setValue(progress.done * 1000 // progress.total)
        self._working.setText(progress.sentence)

    def show_paused(self, *, paused: bool) -> None:
        """Show whether sending is paused."""
        self.pause.setText(translate("Exchange", "Go on sending") if paused else translate("Exchange", "Pause sending"))

    def show_result(self, result: ExchangeResult) -> None:
        """Show what came of it."""
        self.result.show_result(result)
        self.verticalScrollBar().setValue(0)

    def show_error(self, explanation: Explanation | None) -> None:
        """Say what went wrong."""
        self._error.explain(explanation)

    def show_notice(self, sentence: str) -> None:
        """Say what was done."""
        self._done.say(sentence, Tone.GOOD)

    def ask_inbox(self) -> None:
        """Have a place chosen for the inbox."""
        dialog = AddStoreDialog(self._frame, own_purpose(self._frame), parent=self.window())
        dialog.kept.connect(self.show_notice)
        self._dialog = dialog
        dialog.open()

    def hideEvent(self, event: QHideEvent) -> None:
        """Leave no dialog behind."""
        leave_dialog(self._dialog, event)
        super().hideEvent(event)

    def dialog(self) -> Dialog | None:
        """Return the dialog opened last."""
        return self._dialog

    def _head(self) -> QWidget:
        head = QWidget()
        column = QVBoxLayout(head)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(Space.SMALL)
        column.addWidget(self._title)
        column.addWidget(self._summary)
        column.addSpacing(Space.TIGHT)
        column.addWidget(self.go, 0, Qt.AlignmentFlag.AlignLeft)
        column.addWidget(self._bar)
        column.addWidget(self._working)
        column.addWidget(self._holds)
        return head

    def _on_line_chosen(self, line: object) -> None:
        if isinstance(line, ResultLine):
            self._presenter.follow(line)

    def _on_save_wanted(self, bundle: str, box: str) -> None:
        self._dialog = HandOverDialog(self._frame, BundleId(bundle), BoxId(box), self.window())
        self._dialog.open()


class ItemList(QWidget):
    """Deliveries under a heading, or no room."""

    save_wanted = Signal(str, str)  # the bundle, the box
    request_wanted = Signal(str)  # the id of a request

    def __init__(self, title: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._shown: tuple[WaitingItem, ...] = ()
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(Space.MEDIUM)
        self._column.addWidget(Text(title, "heading", heading=True))
        self.hide()

    def show_items(self, items: Sequence[WaitingItem]) -> None:
        """Show these deliveries."""
        self.setVisible(bool(items))
        if tuple(items) == self._shown:
            return
        self._shown = tuple(items)
        while self._column.count() > 1:
            taken = self._column.takeAt(1)
            if taken is not None and (widget := taken.widget()) is not None:
                widget.hide()
                widget.deleteLater()
        for item in items:
            self._column.addWidget(self._card(item))

    def items(self) -> tuple[WaitingItem, ...]:
        """Return what is shown."""
        return self._shown

    def _card(self, item: WaitingItem) -> Card:
        card = Card()
        head = QHBoxLayout()
        head.setSpacing(Space.MEDIUM)
        head.addWidget(Text(item.title, "strong", heading=True), 1)
        head.addWidget(Pill(item.status, item.tone), 0, Qt.AlignmentFlag.AlignTop)
        card.column.addLayout(head)
        card.add(Text(translate("Exchange", "To {whom}", whom=item.whom), "meta"))
        card.add(Text(item.sentence, "text"))
        if item.why:
            card.add(Text(item.why, "problem"))
        buttons = QWidget()
        flow = Flow(buttons, spacing=Space.LARGE)
        save = Button(translate("Exchange", "Save as a file…"), "link", icon_name="save", small=True)
        save.setAccessibleName(translate("Exchange", "Save as a file: {title}", title=item.title))
        save.clicked.connect(lambda: self.save_wanted.emit(item.bundle, item.box))
        flow.addWidget(save)
        request = item.request
        if request is not None:
            link = Button(translate("Exchange", "Open the request"), "link", icon_name="arrow-right", small=True)
            link.setAccessibleName(translate("Exchange", "Open the request: {title}", title=item.title))
            link.clicked.connect(lambda: self.request_wanted.emit(request))
            flow.addWidget(link)
        card.add(buttons)
        return card


class InboxCard(Card):
    """Where others send to, and the way to choose it."""

    choose_wanted = Signal()
    partners_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(translate("Exchange", "Your inbox"), icon_name="inbox", parent=parent)
        self._sentence = Text("", "text")
        self._sentence.let_copy()
        self.add(self._sentence)
        buttons = QWidget()
        flow = Flow(buttons, spacing=Space.MEDIUM)
        self.choose = Button(translate("Exchange", "Choose where others send to…"), icon_name="folder-open", small=True)
        self.join = Button(translate("Exchange", "Join your organisation"), icon_name="users", small=True)
        flow.addWidget(self.choose)
        flow.addWidget(self.join)
        self.add(buttons)
        self.choose.clicked.connect(self.choose_wanted)
        self.join.clicked.connect(self.partners_wanted)

    def show_facts(self, facts: ExchangeFacts) -> None:
        """Show where the inbox is."""
        self.choose.setVisible(facts.can_set_inbox)
        self.join.setVisible(not facts.is_admitted)
        if not facts.is_admitted:
            words = translate(
                "Exchange", "A colleague who holds the keys of your organisation has to let you in first."
            )
        elif facts.has_inbox:
            words = translate("Exchange", "Others send to {address}. It stands on your card.", address=facts.inbox)
        elif facts.can_set_inbox:
            words = translate(
                "Exchange",
                "You have no inbox yet. Choose a place that your partners can write to and you can read: a shared folder, a stick or a server. It goes on your card.",
            )
        else:
            words = translate(
                "Exchange", "You have no inbox yet. Ask a colleague who administers the keys to choose it."
            )
        self._sentence.setText(words)
