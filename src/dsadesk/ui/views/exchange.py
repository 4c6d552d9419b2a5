"""Sending and fetching: what waits and why, one button, what came of it, and a file as the way out when there is no link."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QHideEvent, QShowEvent
from PySide6.QtWidgets import QProgressBar, QVBoxLayout, QWidget

from dsadesk.domain.ids import RequestId
from dsadesk.services.changes import Changes
from dsadesk.services.wording import Explanation
from dsadesk.sync.orders import Key
from dsadesk.ui.i18n import translate
from dsadesk.ui.presenters.add_store import own_purpose
from dsadesk.ui.presenters.exchange import ExchangePresenter, ProgressShown
from dsadesk.ui.presenters.exchange_words import ExchangeResult, ResultLine
from dsadesk.ui.presenters.frame import Frame, Page, Place
from dsadesk.ui.presenters.outbox import ExchangeFacts, ItemMotion
from dsadesk.ui.theme import Space
from dsadesk.ui.views.add_store_dialog import AddStoreDialog
from dsadesk.ui.views.centred import centre
from dsadesk.ui.views.exchange_result import ResultCard
from dsadesk.ui.views.hand_over import HandOverDialog
from dsadesk.ui.views.leave_dialog import leave_dialog
from dsadesk.ui.views.notice import Notice
from dsadesk.ui.views.outbox_list import ItemList
from dsadesk.ui.views.reading import ReadingColumn
from dsadesk.ui.vocabulary import Tone
from dsadesk.ui.widgets.button import Button
from dsadesk.ui.widgets.card import Card
from dsadesk.ui.widgets.dialog import Dialog
from dsadesk.ui.widgets.flow import Flow
from dsadesk.ui.widgets.text import Text

_TICK_MILLISECONDS = 250
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
        self._summary, self.outlook = Text("", "lead"), Text("", "hint")
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
        self.result, self.problems = ResultCard(), ResultCard()
        self._in_the_way: tuple[ResultLine, ...] = ()
        self._is_working, self._is_admitted = False, True
        self.waiting = ItemList(translate("Exchange", "Waiting to be sent, small ones first"))
        self.sent = ItemList(translate("Exchange", "Sent"))
        self.inbox = InboxCard()
        self.add(self._head())
        for part in (self._error, self._done, self.result, self.problems, self.waiting, self.inbox, self.sent):
            self.add(part)
        self.go.clicked.connect(self._presenter.exchange)
        self.pause.clicked.connect(self._presenter.pause)
        self.stop.clicked.connect(self._presenter.stop)
        for card in (self.result, self.problems):
            card.line_chosen.connect(self._on_line_chosen)
        for items in (self.waiting, self.sent):
            items.save_wanted.connect(self._on_save_wanted)
            items.request_wanted.connect(lambda request: self._presenter.open_request(RequestId(request)))
            items.pause_wanted.connect(lambda key, paused: self._presenter.pause_one(key, paused=paused))
            items.leave_wanted.connect(self._on_leave_wanted)
        self.inbox.choose_wanted.connect(self.ask_inbox)
        self._done.action_chosen.connect(self._presenter.go_to_card)
        self.inbox.partners_wanted.connect(lambda: frame.go(Place(Page.PARTNERS)))
        self._bar.hide()
        self.show_working("")
        self.show_holds(offered=False, paused=False, can_stop=False)

    # ------------------------------------------------------------ a page's duties

    def show_place(self, place: Place) -> None:
        """Show what waits; the part `inbox` asks where the inbox is to be."""
        if not self._is_working:
            self.result.show_result(None)  # what came of an exchange some time ago is no news
            self._show_in_the_way()
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
        self.waiting.show_items(facts.waiting, facts.more)
        self.sent.show_items(facts.sent)
        self.inbox.show_facts(facts)
        self._in_the_way = facts.problems
        self._show_in_the_way()
        self._is_admitted = facts.is_admitted
        self.go.setEnabled(facts.is_admitted and not self._is_working)

    def show_working(self, sentence: str) -> None:
        """Say that it is going on."""
        self._is_working = bool(sentence)
        self.go.setEnabled(self._is_admitted and not sentence)
        self._working.setText(sentence)
        self._working.setVisible(bool(sentence))
        self._bar.setRange(0, 0)
        self._bar.setVisible(bool(sentence))
        if sentence:
            self._done.clear()

    def show_progress(self, progress: ProgressShown | None) -> None:
        """Show how far the sending is."""
        if progress is None:
            self._bar.setRange(0, 0)
            self._bar.setVisible(self._is_working)
            self._working.setVisible(self._is_working)
            return
        # A bar counts in 32 bits; a thousandth is as fine as it is wide.
        self._bar.setRange(0, 1000)
        self._bar.setValue(progress.done * 1000 // progress.total)
        self._working.setText(progress.sentence)
        self._bar.show()
        self._working.show()

    def show_motions(self, motions: Mapping[Key, ItemMotion]) -> None:
        """Show how far each delivery is."""
        self.waiting.show_motions(motions)

    def show_outlook(self, sentence: str) -> None:
        """Say what goes on by itself."""
        if sentence != self.outlook.said():
            self.outlook.setText(sentence)

    def show_holds(self, *, offered: bool, paused: bool, can_stop: bool) -> None:
        """Offer to pause sending or to go on, and to stop."""
        self._holds.setVisible(offered)
        self.stop.setVisible(can_stop)
        words = translate("Exchange", "Go on sending") if paused else translate("Exchange", "Pause sending")
        if words != self.pause.said():
            self.pause.set_words(words)

    def show_result(self, result: ExchangeResult) -> None:
        """Show what came of it."""
        self.result.show_result(result)
        self._show_in_the_way()
        self.verticalScrollBar().setValue(0)

    def show_error(self, explanation: Explanation | None) -> None:
        """Say what went wrong."""
        self._error.explain(explanation)

    def ask_inbox(self) -> None:
        """Have a place chosen for the inbox."""
        dialog = AddStoreDialog(self._frame, own_purpose(self._frame), parent=self.window())
        dialog.kept.connect(self._on_inbox_kept)
        self._dialog = dialog
        dialog.open()

    def _on_inbox_kept(self, sentence: str) -> None:
        self._done.say(sentence, Tone.GOOD, action=translate("Exchange", "Go to your card"))

    def showEvent(self, event: QShowEvent) -> None:
        """Follow what goes on while the page is seen."""
        self._tick.start()
        super().showEvent(event)

    def hideEvent(self, event: QHideEvent) -> None:
        """Leave no dialog behind."""
        self._tick.stop()
        leave_dialog(self._dialog, event)
        super().hideEvent(event)

    def dialog(self) -> Dialog | None:
        """Return the dialog opened last."""
        return self._dialog

    def _show_in_the_way(self) -> None:
        """Say what stands in the way, but for what was just said of the last exchange."""
        result = self.result.result()
        lines = tuple(line for line in self._in_the_way if result is None or line not in result.lines)
        title = translate("Exchange", "What stands in the way")
        self.problems.show_result(ExchangeResult(title, Tone.WARN, lines) if lines else None)

    def _head(self) -> QWidget:
        head = QWidget()
        column = QVBoxLayout(head)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(Space.SMALL)
        column.addWidget(self._title)
        column.addWidget(self._summary)
        column.addWidget(self.outlook)
        column.addSpacing(Space.TIGHT)
        column.addWidget(self.go, 0, Qt.AlignmentFlag.AlignLeft)
        column.addWidget(self._bar)
        column.addWidget(self._working)
        column.addWidget(self._holds)
        return head

    def _on_line_chosen(self, line: object) -> None:
        if isinstance(line, ResultLine):
            self._presenter.follow(line)

    def _on_save_wanted(self, key: Key) -> None:
        self._dialog = HandOverDialog(self._frame, *key, self.window())
        self._dialog.open()

    def _on_leave_wanted(self, key: Key, left: bool) -> None:  # noqa: FBT001  # as the signal has it
        (self._presenter.leave if left else self._presenter.send_after_all)(key)


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
