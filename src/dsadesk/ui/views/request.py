"""The page of a sealed or received request: its head, and its answers, samples, questions, history and deliveries as tabs."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QHideEvent, QKeySequence, QResizeEvent, QShortcut
from PySide6.QtWidgets import QStackedWidget, QVBoxLayout, QWidget

from dsadesk.domain.events import Event
from dsadesk.domain.ids import BoxId, BundleId, EventId, RequestId
from dsadesk.services.changes import Changes
from dsadesk.services.papers import Paper
from dsadesk.services.wording import Explanation
from dsadesk.ui import theme
from dsadesk.ui.i18n import counted, translate
from dsadesk.ui.presenters.decide import Form, KeptWords
from dsadesk.ui.presenters.frame import Frame, Page, Place
from dsadesk.ui.presenters.request import ReplyForm, RequestPresenter, Tab, Unsaid
from dsadesk.ui.presenters.request_shown import Go, ShownRequest
from dsadesk.ui.theme import Space
from dsadesk.ui.views.decide import DecideDialog
from dsadesk.ui.views.hand_over import HandOverDialog
from dsadesk.ui.views.leave_dialog import leave_dialog
from dsadesk.ui.views.notice import Notice
from dsadesk.ui.views.papers import Papers
from dsadesk.ui.views.request_answers import AnswersPane
from dsadesk.ui.views.request_head import RequestHead
from dsadesk.ui.views.request_record import DeliveriesPane, HistoryPane, SamplesPane
from dsadesk.ui.views.request_tabs import TabItem, TabRow
from dsadesk.ui.views.request_talks import TalksPane
from dsadesk.ui.vocabulary import Tone
from dsadesk.ui.widgets.dialog import Dialog

_MARGINS = (Space.GUTTER, Space.MEDIUM, Space.GUTTER - 4, Space.TIGHT)
_LOW = 520
_NARROWEST, _LOWEST = 360, 200


class RequestView(QWidget):
    """Shows one request, for either side."""

    request_shown = Signal(object)  # RequestId

    def __init__(self, frame: Frame, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._frame = frame
        self._presenter = RequestPresenter(self, frame)
        self._dialog: Dialog | None = None
        self._is_low = False
        self._waiting_words = ""
        self._unsaid: tuple[Unsaid, ...] = ()
        self._forms: tuple[ReplyForm, ...] = ()
        self._wants_focus = False
        self.head = RequestHead()
        self._error, self._alarm, self._done, self._begun = (Notice(margins=_MARGINS) for _ in range(4))
        self.tabs = TabRow(translate("Request", "Parts of the request"), _tab_items())
        self.answers = AnswersPane()
        self.samples = SamplesPane()
        self.talks = TalksPane()
        self.history = HistoryPane()
        self.deliveries = DeliveriesPane()
        self.papers = Papers(frame, self)
        self._panes: dict[str, QWidget] = {
            Tab.ANSWERS: self.answers,
            Tab.SAMPLES: self.samples,
            Tab.QUESTIONS: self.talks,
            Tab.HISTORY: self.history,
            Tab.DELIVERIES: self.deliveries,
        }
        self._lay_out()
        self._connect()
        self.show_nothing()

    # ------------------------------------------------------------ a page's duties

    def show_place(self, place: Place) -> None:
        """Show a request at a part of it: a tab, an answer, or the form of an act."""
        if place.request is not None:
            self._presenter.open(place.request, place.part)

    def refresh(self, changes: Changes) -> None:
        """Follow changes; what is being typed is left alone."""
        self._presenter.refresh(changes)

    def focus_first(self) -> None:
        """Put the keyboard on the title, as soon as there is one."""
        if self._presenter.shown is None:
            self._wants_focus = True
        else:
            self.head.focus_title()

    def settle(self, done: Callable[[bool], None]) -> None:
        """Keep what is typed into a reply, then say whether that is done."""
        self.talks.keep_now()
        self._presenter.settle(done)

    # ------------------------------------------------------------ what the presenter asks

    def show_nothing(self) -> None:
        """Show an empty page until the request is there."""
        self.talks.keep_now()
        for notice in (self._error, self._alarm, self._done, self._begun):
            notice.clear()
        self._page.hide()
        self.show_tab(Tab.ANSWERS)

    def show_request(self, shown: ShownRequest) -> None:
        """Show the request as it stands."""
        self.head.show_head(shown.head)
        self.tabs.show_items(_tab_items(shown))
        self._fill()
        if shown.alarm:
            self._alarm.say(shown.alarm, Tone.BAD, action=translate("Request", "Look at it"))
        else:
            self._alarm.clear()
        if not shown.waiting:
            self._done.clear()
        else:
            self._say_waiting(shown.waiting)
        if self._page.isHidden():
            self._page.show()
            self.request_shown.emit(shown.request)
        if self._wants_focus:
            self._wants_focus = False
            self.head.focus_title()

    def show_replies(self, forms: Sequence[ReplyForm]) -> None:
        """Show the questions with boxes to reply in."""
        self._forms = tuple(forms)
        self._fill()

    def show_unsaid(self, unsaid: Sequence[Unsaid]) -> None:
        """Remind of what was begun and not said."""
        self._unsaid = tuple(unsaid)
        if unsaid:
            self._begun.say(unsaid[0].sentence, Tone.INFO, action=translate("Request", "Go on writing"))
        else:
            self._begun.clear()

    def show_tab(self, tab: Tab, part: str = "") -> None:
        """Go to a part of the page."""
        self.tabs.select(tab)
        self._panes_stack.setCurrentWidget(self._panes[tab])
        self._fill()
        if tab is Tab.ANSWERS and part:
            self.answers.go_to_answer(part)
        elif tab is Tab.QUESTIONS and self._presenter.shown is not None:
            self.talks.go_to(part)

    def show_error(self, explanation: Explanation | None) -> None:
        """Say what went wrong."""
        self._error.explain(explanation)

    def show_notice(self, sentence: str, action: str) -> None:
        """Say what was done."""
        self._done.say(sentence, Tone.GOOD, action=action)

    def show_rows(self, n: int, name: str, rows: Sequence[Sequence[str]]) -> None:
        """Show the first rows of a sample."""
        self.samples.show_rows(n, name, rows)

    def open_form(self, form: Form, words: KeptWords, about: str) -> None:
        """Open the form of an act."""
        dialog = DecideDialog(self._frame, form, words, about, self.window())
        dialog.event_said.connect(self._on_event_said)
        dialog.finished.connect(self._presenter.left_form)
        self._dialog = dialog
        dialog.open()

    def open_paper(self, request: RequestId, which: Paper) -> None:
        """Open a paper about the request."""
        self.papers.open(request, which)

    # ------------------------------------------------------------ within

    def dialog(self) -> Dialog | None:
        """Return the dialog opened last."""
        return self._dialog

    def minimumSizeHint(self) -> QSize:
        """Return a size at which everything can still be reached, so that large text never pushes the window off the screen."""
        return QSize(theme.px(_NARROWEST), _LOWEST)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Say less in the head where the page is low."""
        super().resizeEvent(event)
        self._is_low = event.size().height() < theme.px(_LOW)
        self.head.set_compact(compact=self._is_low)
        if self._presenter.shown is not None and self._presenter.shown.waiting:
            self._say_waiting(self._presenter.shown.waiting)

    def hideEvent(self, event: QHideEvent) -> None:
        """Keep what is typed when the page is left, and leave no dialog behind."""
        self.talks.keep_now()
        leave_dialog(self._dialog, event)
        leave_dialog(self.papers.dialog, event)
        super().hideEvent(event)

    def _lay_out(self) -> None:
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.setSpacing(0)
        outer.addWidget(self._error)
        self._page = QWidget()
        column = QVBoxLayout(self._page)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self._alarm)
        column.addWidget(self.head)
        column.addWidget(self._done)
        column.addWidget(self._begun)
        column.addWidget(self.tabs)
        self._panes_stack = QStackedWidget()
        for pane in self._panes.values():
            self._panes_stack.addWidget(pane)
        column.addWidget(self._panes_stack, 1)
        outer.addWidget(self._page, 1)
        outer.addStretch(0)

    def _connect(self) -> None:
        presenter = self._presenter
        self.head.step_chosen.connect(presenter.do)
        self.tabs.tab_chosen.connect(self._on_tab_chosen)
        self.answers.ask_wanted.connect(lambda question: presenter.do("ask", question))
        self.answers.reply_wanted.connect(lambda asked: self.show_tab(Tab.QUESTIONS, asked))
        self.talks.answer_wanted.connect(lambda question: self.show_tab(Tab.ANSWERS, question))
        self.talks.kept.connect(lambda asked, text, value: presenter.keep_reply(EventId(asked), text, value))
        self.talks.replied.connect(lambda asked, text, value: presenter.reply(EventId(asked), text, value))
        self.samples.open_wanted.connect(presenter.preview)
        self.history.join_wanted.connect(presenter.join)
        self.deliveries.save_wanted.connect(self._on_save_wanted)
        self.deliveries.send_wanted.connect(self._go_to_exchange)
        self.answers.letter_wanted.connect(lambda: presenter.do(Go.LETTER))
        self.papers.failed.connect(self.show_error)
        self._done.action_chosen.connect(self._go_to_exchange)
        self._alarm.action_chosen.connect(presenter.look_at_partner)
        self._begun.action_chosen.connect(self._on_begun_chosen)
        for number, tab in enumerate(Tab, 1):
            shortcut = QShortcut(QKeySequence(f"Alt+{number}"), self)
            shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
            shortcut.activated.connect(lambda tab=tab: self._on_shortcut(tab))

    def _fill(self) -> None:
        """Bring the part that is seen in line; the others wait until they are gone to."""
        shown = self._presenter.shown
        if shown is None:
            return
        match self.tabs.current():
            case Tab.ANSWERS:
                self.answers.show_request(shown)
            case Tab.SAMPLES:
                self.samples.show_samples(shown.samples)
            case Tab.QUESTIONS:
                self.talks.show_talks(shown, self._forms)
            case Tab.HISTORY:
                self.history.show_history(shown.history, shown.them)
            case _:
                self.deliveries.show_deliveries(shown.deliveries, shown.them)

    def _say_waiting(self, waiting: int) -> None:
        """Say what has not left, unless something newer is said; on a low page the strip and the tab of deliveries say it."""
        if self._done.said() not in {"", self._waiting_words}:
            return
        if self._is_low:
            self._done.clear()
            return
        forms = translate(
            "Request",
            "{n} sealed delivery about this request has not left this computer yet.|{n} sealed deliveries about this request have not left this computer yet.",
        )
        self._waiting_words = counted(forms, waiting)
        self._done.say(self._waiting_words, Tone.INFO, action=translate("Request", "Send and fetch"))

    def _go_to_exchange(self) -> None:
        self._frame.go(Place(Page.EXCHANGE))

    def _on_event_said(self, event: Event) -> None:
        self._presenter.said(event)
        self.head.focus_title()

    def _on_tab_chosen(self, tab: str) -> None:
        self._panes_stack.setCurrentWidget(self._panes[tab])
        self._fill()

    def _on_shortcut(self, tab: Tab) -> None:
        self.show_tab(tab)
        self.tabs.focus_current()

    def _on_begun_chosen(self) -> None:
        if self._unsaid:
            self._presenter.begin(self._unsaid[0].act, self._unsaid[0].about)

    def _on_save_wanted(self, bundle: str, box: str) -> None:
        self._dialog = HandOverDialog(self._frame, BundleId(bundle), BoxId(box), self.window())
        self._dialog.open()


def _tab_items(shown: ShownRequest | None = None) -> tuple[TabItem, ...]:
    samples = len(shown.samples) if shown is not None else 0
    questions = shown.open_talks if shown is not None else 0
    waiting = shown.waiting if shown is not None else 0
    spoken = translate("Request", "{n} without a reply", n=questions)
    return (
        TabItem(Tab.ANSWERS, translate("Request", "Answers")),
        TabItem(Tab.SAMPLES, translate("Request", "Samples"), samples),
        TabItem(Tab.QUESTIONS, translate("Request", "Questions"), questions, spoken),
        TabItem(Tab.HISTORY, translate("Request", "History")),
        TabItem(
            Tab.DELIVERIES,
            translate("Request", "Deliveries"),
            waiting,
            translate("Request", "{n} waiting to be sent", n=waiting),
        ),
    )
