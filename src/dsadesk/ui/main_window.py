"""The window: the rail of pages, the page, the strip at the foot, and the way from one place to another.

Only what is needed for the first paint is imported at the top. Everything that knows the vault comes in with `begin`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QEvent, Qt, QTimer, Signal
from PySide6.QtGui import QCloseEvent, QKeySequence, QPainter, QPaintEvent, QShortcut, QShowEvent
from PySide6.QtWidgets import (
    QDialog,
    QFrame,
    QHBoxLayout,
    QMainWindow,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from dsadesk.ui import theme
from dsadesk.ui.actions import ACTIONS, Scope
from dsadesk.ui.clipboard import guard
from dsadesk.ui.i18n import counted, translate
from dsadesk.ui.idle import IdleWatch
from dsadesk.ui.jobs import JobRunner, Lane
from dsadesk.ui.preferences import Preferences
from dsadesk.ui.sleep_watch import SleepWatch
from dsadesk.ui.theme import Space
from dsadesk.ui.vocabulary import NavEntry, StatusItem, Tone
from dsadesk.ui.widgets.accessible import announce
from dsadesk.ui.widgets.dialog import Dialog
from dsadesk.ui.widgets.focus_ring import FocusRing
from dsadesk.ui.widgets.glyph import Glyph
from dsadesk.ui.widgets.nav_rail import NavRail
from dsadesk.ui.widgets.status_strip import StatusStrip
from dsadesk.ui.widgets.text import Text

if TYPE_CHECKING:
    from dsadesk.domain.ids import RequestId
    from dsadesk.services.changes import Changes
    from dsadesk.services.delivering import Deliverer
    from dsadesk.services.desk import Desk
    from dsadesk.services.exchanging import Exchange
    from dsadesk.services.trying_stores import Worsened
    from dsadesk.services.wording import Explanation
    from dsadesk.ui.background import Background
    from dsadesk.ui.presenters.frame import Frame, Page, Place
    from dsadesk.ui.presenters.window import WindowPresenter
    from dsadesk.ui.views.notice import Notice

NAME = "dsadesk"
LOCKED = "locked"
ENTRIES = (
    NavEntry("requests", "Requests", "file-text", "Requests that you write or answer"),
    NavEntry("inbox", "Inbox", "inbox", "What has come in"),
    NavEntry("agreements", "Agreements", "handshake", "What both sides have signed"),
    NavEntry("catalogue", "Catalogue", "database", "Datasets that you can ask for"),
    NavEntry("partners", "Partners", "users", "Organisations and their keys"),
    NavEntry("exchange", "Exchange", "refresh-cw", "Send and fetch"),
)
FOOT = (
    NavEntry("about", "Help", "circle-help", "Help, shortcuts and version"),
    NavEntry("settings", "Settings", "settings", "Colours, text size, locking, backup"),
)
_WIDTH, _HEIGHT = 1440, 900
_LEAST_WIDTH, _LEAST_HEIGHT = 800, 560
_MINUTE_MS = 60_000
_MAST_WIDTH = 96
_LEAVE = "leave"


class MainWindow(QMainWindow):
    """Holds the pages and goes between them."""

    first_painted = Signal()

    def __init__(self, preferences: Preferences, jobs: JobRunner, wear: Callable[[], None]) -> None:
        super().__init__()
        self._preferences = preferences
        self._jobs = jobs
        self._wear = wear
        self._desk: Desk | None = None
        self._frame: Frame | None = None
        self._presenter: WindowPresenter | None = None
        self._deliverer: Deliverer | None = None
        self._background: Background | None = None
        self._pages: dict[str, QWidget] = {}
        self._missed: dict[QWidget, list[Changes]] = {}
        self._generation = 0
        self._is_painted = False
        self._may_close = False
        self._waiting_file: Path | None = None
        self._dialog: Dialog | None = None
        self._owner = ""
        self._left: tuple[StatusItem, ...] = ()
        self._lock_words = ""
        self._marking = ""
        self.setWindowTitle(NAME)
        self.setMinimumSize(_LEAST_WIDTH, _LEAST_HEIGHT)
        self._rail = NavRail(ENTRIES, FOOT)
        self._rail.page_chosen.connect(self._on_rail_page_chosen)
        self._mast = _Mast()
        self._stack = QStackedWidget()
        self._opening = _Opening()
        self._stack.addWidget(self._opening)
        self._strip = StatusStrip(translate("Window", "Status"))
        self._strip.action_chosen.connect(self._on_strip_action_chosen)
        self._notice: Notice | None = None
        self._lay_out()
        self._ring = FocusRing(self)
        self._idle = IdleWatch(lambda: 60 * preferences.idle_minutes, self)
        self._idle.ticked.connect(self._on_idle_ticked)
        self._idle.expired.connect(self.lock)
        self._sleep = SleepWatch(self)
        self._sleep.slept.connect(self.lock)
        self._minute = QTimer(self)
        self._minute.setInterval(_MINUTE_MS)
        self._minute.timeout.connect(self._on_minute_passed)
        self._make_shortcuts()
        self._take_place()

    # ------------------------------------------------------------ beginning and ending

    def begin(self, desk: Desk) -> None:
        """Take the desk, and ask for what opens its vault, or make one."""
        from dsadesk.ui.presenters.frame import Page, Place

        self._desk = desk
        self._sleep.listen_to_login_service()
        self._make_frame(desk)
        if desk.is_open:
            self.go(Place(Page.REQUESTS))
        else:
            self.go(Place(Page.UNLOCK if desk.has_vault else Page.FIRST_RUN))

    def fail_to_begin(self, sentence: str) -> None:
        """Say that there is no desk to begin with."""
        self._opening.say(sentence)

    def take_file(self, path: str) -> None:
        """Come to the front and open a file that another start was asked to open. A locked desk opens it after unlocking."""
        self.setWindowState(self.windowState() & ~Qt.WindowState.WindowMinimized)
        self.raise_()
        self.activateWindow()
        if path:
            self._waiting_file = Path(path)
            self._open_waiting_file()

    def lock(self) -> None:
        """Save what is being typed, close the vault, and ask for what opens it."""
        if self._desk is not None and self._desk.is_open:
            self._settle(self._on_settled_for_lock)

    def closeEvent(self, event: QCloseEvent) -> None:
        """Close once everything is saved; say so if it cannot be."""
        if not self._may_close:
            event.ignore()
            self._settle(self._on_settled_for_close)
            return
        self._preferences.geometry = self.saveGeometry()
        super().closeEvent(event)

    # ------------------------------------------------------------ going

    def go(self, place: Place) -> None:
        """Show a place."""
        from dsadesk.ui.presenters.frame import Page, Place

        desk = self._desk
        if desk is None:
            return
        if not desk.is_open and place.page not in {Page.UNLOCK, Page.FIRST_RUN}:
            place = Place(Page.UNLOCK)
        home = _HOME.get(place.page.value, place.page.value)
        view = self._page(home)
        if view is not self._stack.currentWidget():
            self._settle(lambda _: None)
        rail_seen = home not in {Page.UNLOCK.value, Page.FIRST_RUN.value}
        self._rail.setVisible(rail_seen)
        self._mast.setVisible(not rail_seen)
        self._strip.setVisible(rail_seen)
        self._stack.setCurrentWidget(view)
        if rail_seen:
            self._rail.select(_RAIL.get(home, home))
            self._watch_open_desk()
        view.show_place(place)  # type: ignore[attr-defined]  # every page has it
        self._catch_up(view)
        view.focus_first()  # type: ignore[attr-defined]
        if self._notice is not None:
            self._notice.clear()
        self._show_strip()
        self._name(place)

    def page(self, home: str) -> QWidget | None:
        """Return a page that was made, by its name."""
        return self._pages.get(home)

    # ------------------------------------------------------------ what the presenter asks

    def show_status(self, items: tuple[StatusItem, ...]) -> None:
        """Show what waits and when something last went."""
        self._left = items
        self._show_strip()

    def show_badges(self, counts: Mapping[Page, tuple[int, str]]) -> None:
        """Show counts on the rail."""
        for page, (count, words) in counts.items():
            self._rail.set_badge(page.value, count, words)

    def show_title(self, title: str) -> None:
        """Name the window."""
        self.setWindowTitle(title)

    def show_marking(self, marking: str) -> None:
        """Put the marking at the foot of every page."""
        if marking != self._marking:
            self._marking = marking
            self._show_strip()

    def show_error(self, explanation: Explanation) -> None:
        """Say what went wrong, above the page."""
        if self._notice is None:
            from dsadesk.ui.views.notice import Notice

            self._notice = Notice(margins=(Space.GUTTER, Space.MEDIUM, Space.GUTTER, Space.MEDIUM))
            self._middle.insertWidget(0, self._notice)
        self._notice.explain(explanation)

    # ------------------------------------------------------------ Qt

    def paintEvent(self, event: QPaintEvent) -> None:
        """Tell of the first paint, after which slow things may be loaded."""
        super().paintEvent(event)
        if not self._is_painted:
            self._is_painted = True
            QTimer.singleShot(0, self, self.first_painted.emit)

    def showEvent(self, event: QShowEvent) -> None:
        """Listen for touches."""
        super().showEvent(event)
        self._idle.watch(self.windowHandle())

    # ------------------------------------------------------------ within

    def _lay_out(self) -> None:
        root = QWidget()
        outer = QVBoxLayout(root)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.setSpacing(0)
        row = QHBoxLayout()
        row.setSpacing(0)
        row.addWidget(self._rail)
        row.addWidget(self._mast)
        self._middle = QVBoxLayout()
        self._middle.setSpacing(0)
        self._middle.addWidget(self._stack, 1)
        row.addLayout(self._middle, 1)
        outer.addLayout(row, 1)
        outer.addWidget(self._strip)
        self.setCentralWidget(root)
        self._rail.hide()
        self._strip.hide()

    def _take_place(self) -> None:
        kept = self._preferences.geometry
        if kept.isEmpty() or not self.restoreGeometry(kept):
            room = self.screen().availableGeometry()
            self.resize(min(_WIDTH, room.width()), min(_HEIGHT, room.height()))

    def show_first(self) -> None:
        """Show the window as it was left. The first time, where the screen has no room for more, it fills the screen with its frame."""
        room = self.screen().availableGeometry()
        if self._preferences.geometry.isEmpty() and (room.width() < _WIDTH or room.height() < _HEIGHT):
            self.showMaximized()
        else:
            self.show()

    def _make_shortcuts(self) -> None:
        acts: Mapping[str, Callable[[], None]] = {
            "new": self._on_new_wanted,
            "search": self._on_search_wanted,
            "open-file": self._on_open_file_wanted,
            "pane": self._on_pane_wanted,
            "lock": self.lock,
            "keys": self._on_keys_wanted,
            "quit": self._on_quit_wanted,
        }
        for action in ACTIONS:
            if action.scope is not Scope.WINDOW:
                continue
            shortcut = QShortcut(QKeySequence(action.keys), self)
            if action.id.startswith("go."):
                home = action.id.removeprefix("go.")
                shortcut.activated.connect(lambda home=home: self._go_home(home))
            else:
                shortcut.activated.connect(acts[action.id])

    def _make_frame(self, desk: Desk) -> None:
        """Make a frame whose answers are dropped once the desk is locked: the pages they were for are gone."""
        from dsadesk.ui.presenters.frame import Frame
        from dsadesk.ui.presenters.window import WindowPresenter

        self._generation += 1
        generation = self._generation

        def hand_in(
            lane: Lane, work: Callable[[], Any], then: Callable[[Any], None], fail: Callable[[Exception], None]
        ) -> None:
            def answer(result: Any) -> None:
                if generation == self._generation:
                    then(result)

            def refuse(error: Exception) -> None:
                if generation == self._generation:
                    fail(error)

            self._jobs.submit(work, lane=lane, then=answer, fail=refuse)

        def delivering() -> Deliverer:
            from dsadesk.services.delivering import Deliverer, in_a_thread

            if self._deliverer is not None and self._deliverer.session is not desk.session:
                self._begin_delivering_anew()
            if self._deliverer is None:
                self._deliverer = Deliverer(desk.session, self._jobs.post, beside=in_a_thread)
                self._deliverer.set_limit(self._preferences.bytes_per_second)
            return self._deliverer

        self._frame = Frame(
            desk=desk,
            submit=partial(hand_in, Lane.VAULT),
            go=self.go,
            changed=self._changed,
            announce=self._announce,
            aside=partial(hand_in, Lane.POOL),
            delivering=delivering,
            is_offline=self._is_offline,
            soon=lambda act: QTimer.singleShot(0, self, act),
        )
        self._presenter = WindowPresenter(self, self._frame)

    def _page(self, home: str) -> QWidget:
        if home not in self._pages:
            view = self._make_page(home)
            self._pages[home] = view
            self._stack.addWidget(view)
        return self._pages[home]

    def _make_page(self, home: str) -> QWidget:
        from dsadesk.ui.presenters.frame import Page

        frame = self._frame
        if frame is None:
            raise RuntimeError(home)
        match Page(home):
            case Page.FIRST_RUN:
                from dsadesk.ui.views.first_run import FirstRunView

                return FirstRunView(frame)
            case Page.UNLOCK:
                from dsadesk.ui.views.unlock import UnlockView

                return UnlockView(frame, self._opened)
            case Page.REQUESTS:
                from dsadesk.ui.views.requests import RequestsView

                return RequestsView(frame, self._preferences)
            case Page.SETTINGS:
                from dsadesk.ui.views.settings import SettingsView

                settings = SettingsView(frame, self._preferences)
                settings.look_changed.connect(self._wear)
                settings.lock_wanted.connect(self.lock)
                settings.exchange_changed.connect(self._on_exchange_changed)
                return settings
            case Page.ABOUT:
                from dsadesk.ui.views.about import AboutView

                return AboutView(frame)
            case other:
                from dsadesk.ui.views.pages import make_view

                return make_view(other, frame)

    def _drop_pages(self) -> None:
        self._stack.setCurrentWidget(self._opening)
        for view in self._pages.values():
            self._stack.removeWidget(view)
            view.hide()
            view.deleteLater()
        self._pages.clear()
        self._missed.clear()

    def _opened(self) -> None:
        """Go on from unlocking."""
        from dsadesk.ui.presenters.frame import Page, Place

        self.go(Place(Page.REQUESTS))
        self._drop_page(Page.UNLOCK.value)
        self._open_waiting_file()

    def _drop_page(self, home: str) -> None:
        view = self._pages.pop(home, None)
        if view is not None:
            self._stack.removeWidget(view)
            view.deleteLater()

    def _watch_open_desk(self) -> None:
        """Begin what goes on while the vault is open; begun already is fine."""
        if self._minute.isActive() or self._presenter is None or self._frame is None:
            return
        from dsadesk.ui.presenters.window import owner_of

        self._owner = owner_of(self._frame.desk.session)
        self._minute.start()
        self._idle.start()
        self._sleep.start()
        self._presenter.refresh()
        self._go_on_by_itself()

    def _go_on_by_itself(self) -> None:
        """Send and look for news in the background as often as the settings say, or no longer."""
        from dsadesk.ui.background import Background

        if self._frame is None or self._desk is None or not self._desk.is_open:
            return
        minutes = self._preferences.poll_minutes
        if not minutes:
            if self._background is not None and self._background.is_going:
                self.stop_delivering()
            self._on_followed()
            return
        if self._background is None:
            self._background = Background(self)
            self._background.news.connect(self._on_news)
            self._background.worsened.connect(self._on_worsened)
            self._background.followed.connect(self._on_followed)
            self._background.crashed.connect(self._on_background_crashed)
            self._background.network.changed.connect(self._on_followed)
            self._background.network.listen()
            self._sleep.woke.connect(self._background.wake)
        deliverer = self._frame.deliverer()
        if self._background.is_going:
            deliverer.poll_every(60.0 * minutes)
        else:
            self._background.start(deliverer, 60.0 * minutes)

    def _settle(self, done: Callable[[bool], None]) -> None:
        """Have the page save what it holds, if it holds anything."""
        settle = getattr(self._stack.currentWidget(), "settle", None)
        if settle is None:
            done(True)
        else:
            settle(done)

    def _on_settled_for_lock(self, saved: bool) -> None:  # noqa: FBT001  # the callback's shape
        desk = self._desk
        if desk is None:
            return
        if not saved:
            self._explain_unsaved(translate("Window", "The desk is not locked"), leave=None)
            return
        self._generation += 1
        self._idle.stop()
        self._sleep.stop()
        self._minute.stop()
        guard().clear()
        self._rail.hide()
        self._mast.show()
        self._strip.hide()
        self._opening.say(translate("Window", "Locking…"))
        self.stop_delivering()
        self._close_dialogs()
        self._drop_pages()
        self.setWindowTitle(NAME)
        self._jobs.submit(desk.lock, then=self._on_locked)

    def _close_dialogs(self) -> None:
        """Take what stands in front of the page away, with what was read or typed in it. Leaving a dialog is always its safe answer."""
        for dialog in self.findChildren(QDialog):
            if dialog.isVisible():
                dialog.reject()
                dialog.hide()
                dialog.deleteLater()

    def _on_locked(self, _: None) -> None:
        from dsadesk.ui.presenters.frame import Page, Place

        if self._desk is not None:
            self._make_frame(self._desk)
            self.go(Place(Page.UNLOCK, part=LOCKED))
            self._announce(translate("Window", "The desk is locked."))

    def _on_settled_for_close(self, saved: bool) -> None:  # noqa: FBT001  # the callback's shape
        if saved:
            self._leave()
        else:
            self._explain_unsaved(translate("Window", "Not everything is saved"), leave=self._leave)

    def stop_delivering(self) -> None:
        """End what is being sent and fetched: it goes on from there when the vault is open again."""
        if self._background is not None:
            self._background.stop()
        if self._deliverer is not None:
            self._deliverer.stop()
            self._deliverer = None

    def _begin_delivering_anew(self) -> None:
        """Somebody was let in meanwhile: the keys that were missing are there."""
        was_going = self._background is not None and self._background.is_going
        self.stop_delivering()
        if was_going:
            QTimer.singleShot(0, self, self._go_on_by_itself)

    def _leave(self) -> None:
        self.stop_delivering()
        self._may_close = True
        QTimer.singleShot(0, self, self.close)

    def _explain_unsaved(self, title: str, *, leave: Callable[[], None] | None) -> None:
        """Say why the window stays as it is. Where words would be lost for ever, the page says it better."""
        explain = getattr(self._stack.currentWidget(), "explain_words", None)
        if explain is not None:
            explain()
            return
        sentence = translate(
            "Window", "Some answers on this page could not be saved. The page says why. They are lost if you leave now."
        )
        dialog = Dialog(title, sentence, safe=translate("Window", "Stay on the page"), parent=self)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        if leave is not None:
            dialog.add_action(_LEAVE, translate("Window", "Close and lose them"), look="danger")
            dialog.answered.connect(lambda answer: leave() if answer == _LEAVE else None)
        self._dialog = dialog
        dialog.open()

    def _changed(self, changes: Changes) -> None:
        if self._presenter is not None:
            self._presenter.refresh(changes)
        current = self._stack.currentWidget()
        for view in self._pages.values():
            if view is current:
                view.refresh(changes)  # type: ignore[attr-defined]  # every page has it
            else:
                self._missed.setdefault(view, []).append(changes)

    def _catch_up(self, view: QWidget) -> None:
        from dsadesk.services.changes import Changes

        missed = self._missed.pop(view, [])
        if missed:
            requests: frozenset[RequestId] = frozenset().union(*(each.requests for each in missed))
            every = Changes(
                requests=requests,
                cards=any(each.cards for each in missed),
                outbox=any(each.outbox for each in missed),
                catalogue=any(each.catalogue for each in missed),
                quarantine=any(each.quarantine for each in missed),
                vault=any(each.vault for each in missed),
            )
            view.refresh(every)  # type: ignore[attr-defined]

    def _announce(self, sentence: str) -> None:
        announce(self, sentence)

    def _name(self, place: Place) -> None:
        if self._presenter is None or self._desk is None or not self._desk.is_open:
            self.setWindowTitle(NAME)
            return
        home = _RAIL.get(place.page.value, place.page.value)
        words = next((entry.label for entry in (*ENTRIES, *FOOT) if entry.id == home), "")
        self._presenter.name(words, place.request)

    def _show_strip(self) -> None:
        left = [StatusItem(self._marking), *self._left] if self._marking else self._left
        right = [StatusItem(self._lock_words, "shield-check", Tone.GOOD)] if self._lock_words else []
        right.append(StatusItem(self._owner, "user"))
        holder: QWidget | None = self.focusWidget()
        had_keyboard = holder is not None and self._strip.isAncestorOf(holder)
        self._strip.show_items(left, right)
        # What was just made is shown a moment later.
        QTimer.singleShot(0, self, lambda: self._place_strip(had_keyboard=had_keyboard))

    def _place_strip(self, *, had_keyboard: bool) -> None:
        """Have the Tab key come to the strip after the page, and give it the keyboard back if it had it."""
        from dsadesk.ui.views.tab_order import last_tab_stop, tab_through

        page, stop = self._stack.currentWidget(), _first_stop(self._strip)
        if page is None or stop is None:
            return
        tab_through([last_tab_stop(page), stop])
        if had_keyboard:
            stop.setFocus(Qt.FocusReason.OtherFocusReason)

    def _open_waiting_file(self) -> None:
        file = self._waiting_file
        if file is not None and self._presenter is not None and self._desk is not None and self._desk.is_open:
            self._waiting_file = None
            self._presenter.open_file(file)

    def _go_home(self, home: str) -> None:
        from dsadesk.ui.presenters.frame import Page, Place

        if self._desk is not None and self._desk.is_open:
            self.go(Place(Page(home)))

    def _requests(self) -> QWidget | None:
        self._go_home("requests")
        return self._pages.get("requests")

    # ------------------------------------------------------------ slots

    def _on_exchange_changed(self) -> None:
        """Follow the settings of sending and fetching."""
        if self._deliverer is not None:
            self._deliverer.set_limit(self._preferences.bytes_per_second)
        self._go_on_by_itself()

    def _on_news(self, done: Exchange) -> None:
        if self._presenter is not None and self._desk is not None and self._desk.is_open:
            self._presenter.take_news(done)

    def _on_worsened(self, worsened: Worsened) -> None:
        if self._presenter is not None and self._desk is not None and self._desk.is_open:
            self._presenter.take_worsened(worsened)

    def _on_followed(self) -> None:
        from dsadesk.ui.presenters.outlook import outlook_of

        if self._presenter is None or self._frame is None or self._desk is None or not self._desk.is_open:
            return
        self._presenter.follow(outlook_of(self._frame.deliverer(), is_offline=self._is_offline()))

    def _is_offline(self) -> bool:
        return self._background is not None and self._background.network.is_offline

    def _on_background_crashed(self, error: Exception) -> None:
        raise error

    def _on_rail_page_chosen(self, home: str) -> None:
        self._go_home(home)

    def _on_strip_action_chosen(self, _action: str) -> None:
        self._go_home("exchange")

    def _on_idle_ticked(self, seconds: int) -> None:
        minutes = -(-seconds // 60)
        words = counted(translate("Window", "Locks in {n} minute|Locks in {n} minutes"), minutes)
        if words != self._lock_words:
            self._lock_words = words
            self._show_strip()

    def _on_minute_passed(self) -> None:
        tick = getattr(self._stack.currentWidget(), "tick", None)
        if tick is not None:
            tick()

    def _on_new_wanted(self) -> None:
        requests = self._requests()
        if requests is not None:
            requests.start_new()  # type: ignore[attr-defined]

    def _on_search_wanted(self) -> None:
        find = getattr(self._stack.currentWidget(), "focus_search", None)
        if find is None:
            find = getattr(self._requests(), "focus_search", None)
        if find is not None:
            find()

    def _on_open_file_wanted(self) -> None:
        if self._desk is None or not self._desk.is_open:
            return
        from dsadesk.ui.views.choose_file import choose_file

        choose_file(
            self,
            translate("Window", "Open a file that was sent to you"),
            lambda file: self.take_file(str(file)),
        )

    def _on_pane_wanted(self) -> None:
        """Go round the parts of the window: rail, parts of the page, strip."""
        parts = [self._rail, *_panes(self._stack.currentWidget()), self._strip]
        stops = [stop for part in parts if part.isVisible() and (stop := _first_stop(part)) is not None]
        if not stops:
            return
        holder: QWidget | None = self.focusWidget()
        visible = [part for part in parts if part.isVisible() and _first_stop(part) is not None]
        here = next((n for n, part in enumerate(visible) if holder is not None and part.isAncestorOf(holder)), -1)
        stops[(here + 1) % len(stops)].setFocus(Qt.FocusReason.ShortcutFocusReason)

    def _on_quit_wanted(self) -> None:
        self.close()

    def _on_keys_wanted(self) -> None:
        from dsadesk.ui.views.dialogs import ShortcutsDialog

        self._dialog = ShortcutsDialog(self)
        self._dialog.open()


_HOME: Mapping[str, str] = {"editor": "requests", "request": "requests"}
_RAIL: Mapping[str, str] = {"editor": "requests", "request": "requests", "agreement": "agreements", "sign-off": "inbox"}


class _Mast(QWidget):
    """Stands where the rail will be while there are no pages to go to."""

    def __init__(self) -> None:
        super().__init__()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 14, 0, 0)
        column.addWidget(Glyph("file-lock", "nav_ink", size=30, stroke=1.75), 0, Qt.AlignmentFlag.AlignHCenter)
        column.addStretch(1)
        self._fit()

    def changeEvent(self, event: QEvent) -> None:
        """Grow with the text."""
        super().changeEvent(event)
        if event.type() is QEvent.Type.StyleChange:
            self._fit()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Fill the place."""
        painter = QPainter(self)
        painter.fillRect(self.rect(), theme.colour("nav"))
        painter.setPen(theme.colour("nav_line"))
        painter.drawLine(self.rect().topRight(), self.rect().bottomRight())

    def _fit(self) -> None:
        self.setFixedWidth(theme.px(_MAST_WIDTH))


class _Opening(QWidget):
    """What is seen until there is a desk."""

    def __init__(self) -> None:
        super().__init__()
        column = QVBoxLayout(self)
        column.addStretch(2)
        column.addWidget(Glyph("file-lock", "brand", size=56, stroke=1.5), 0, Qt.AlignmentFlag.AlignHCenter)
        self._words = Text(translate("Window", "Opening your desk…"), "lead")
        self._words.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        column.addSpacing(Space.MEDIUM)
        column.addWidget(self._words)
        column.addStretch(3)

    def say(self, sentence: str) -> None:
        """Say something else."""
        self._words.setText(sentence)


def _panes(page: QWidget | None) -> list[QWidget]:
    """Return the parts of a page: frames with a look of their own, else the page itself."""
    if page is None:
        return []
    looks = {"pane", "header", "side", "footer", "guide", "column"}
    found = [each for each in page.findChildren(QFrame) if each.property("look") in looks and each.isVisible()]
    inner = [each for each in found if not any(other is not each and other.isAncestorOf(each) for other in found)]
    return list(inner) or [page]


def _first_stop(part: QWidget) -> QWidget | None:
    """Return where the Tab key comes to first in a part."""
    return next(
        (
            each
            for each in part.findChildren(QWidget)
            if each.isVisible() and each.isEnabled() and each.focusPolicy() & Qt.FocusPolicy.TabFocus
        ),
        None,
    )
