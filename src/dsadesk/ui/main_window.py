"""The window: the rail of pages, the page, the strip at the foot, and the way from one place to another.

Only what is needed for the first paint is imported at the top. Everything that knows the vault comes in with `begin`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QCloseEvent, QPaintEvent, QShowEvent
from PySide6.QtWidgets import (
    QDialog,
    QHBoxLayout,
    QMainWindow,
    QVBoxLayout,
    QWidget,
)

from dsadesk.ui.afterwards import Afterwards
from dsadesk.ui.clipboard import guard
from dsadesk.ui.i18n import counted, translate
from dsadesk.ui.idle import IdleWatch
from dsadesk.ui.jobs import JobRunner, Lane
from dsadesk.ui.navigation import ENTRIES, FOOT, entry_of, home_of, words_of
from dsadesk.ui.preferences import Preferences
from dsadesk.ui.sitting import Sitting
from dsadesk.ui.sleep_watch import SleepWatch
from dsadesk.ui.theme import Space
from dsadesk.ui.views.before_pages import Mast
from dsadesk.ui.vocabulary import StatusItem
from dsadesk.ui.widgets.accessible import announce
from dsadesk.ui.widgets.dialog import Dialog
from dsadesk.ui.widgets.focus_ring import FocusRing
from dsadesk.ui.widgets.nav_rail import NavRail
from dsadesk.ui.window_delivery import WindowDelivery
from dsadesk.ui.window_keys import go_round, make_shortcuts, panes
from dsadesk.ui.window_pages import PageActs, WindowPages, make_page
from dsadesk.ui.window_strip import WindowStrip

if TYPE_CHECKING:
    from dsadesk.services.changes import Changes
    from dsadesk.services.desk import Desk
    from dsadesk.services.exchanging import Exchange
    from dsadesk.services.trying_stores import Worsened
    from dsadesk.services.wording import Explanation
    from dsadesk.ui.presenters.frame import Frame, Page, Place
    from dsadesk.ui.presenters.window import WindowPresenter
    from dsadesk.ui.views.notice import Notice

NAME = "dsadesk"
LOCKED = "locked"
_WIDTH, _HEIGHT = 1440, 900
_TITLE_BAR = 40
_LEAST_WIDTH, _LEAST_HEIGHT = 800, 560
_MINUTE_MS = 60_000
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
        self._sitting = Sitting(jobs)
        self._afterwards = Afterwards(self)
        self._is_painted = False
        self._may_close = False
        self._waiting_file: Path | None = None
        self._dialog: Dialog | None = None
        self.setWindowTitle(NAME)
        self.setMinimumSize(_LEAST_WIDTH, _LEAST_HEIGHT)
        self._rail = NavRail(ENTRIES, FOOT)
        self._rail.page_chosen.connect(self._on_rail_page_chosen)
        self._mast = Mast()
        self._pages = WindowPages(self._make_page)
        self._strip = WindowStrip(self._pages.currentWidget)
        self._strip.action_chosen.connect(self._on_strip_action_chosen)
        self._notice: Notice | None = None
        self._lay_out()
        self._ring = FocusRing(self)
        self._idle = IdleWatch(lambda: 60 * preferences.idle_minutes, self)
        self._idle.ticked.connect(self._on_idle_ticked)
        self._idle.expired.connect(self.lock)
        self._sleep = SleepWatch(self)
        self._sleep.slept.connect(self.lock)
        self._delivery = WindowDelivery(preferences, jobs, self._sleep, self)
        self._delivery.news.connect(self._on_news)
        self._delivery.worsened.connect(self._on_worsened)
        self._delivery.followed.connect(self._on_followed)
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
        self._pages.opening.say(sentence)

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
            self._pages.settle(self._on_settled_for_lock)

    def closeEvent(self, event: QCloseEvent) -> None:
        """Close once everything is saved; say so if it cannot be."""
        if not self._may_close:
            event.ignore()
            self._pages.settle(self._on_settled_for_close)
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
        home = home_of(place.page.value)
        view = self._pages.page(home)
        is_another = view is not self._pages.currentWidget()
        if is_another:
            self._pages.settle(lambda _: self._tell())
        rail_seen = home not in {Page.UNLOCK.value, Page.FIRST_RUN.value}
        self._rail.setVisible(rail_seen)
        self._mast.setVisible(not rail_seen)
        self._strip.setVisible(rail_seen)
        self._pages.setCurrentWidget(view)
        if rail_seen:
            self._rail.select(entry_of(home))
            self._watch_open_desk()
        view.show_place(place)  # type: ignore[attr-defined]  # every page has it
        self._pages.catch_up(view)
        if is_another:
            self._on_minute_passed()  # many may have while it was not seen
        view.focus_first()  # type: ignore[attr-defined]
        if self._notice is not None:
            self._notice.clear()
        self._strip.renew()
        self._name(place)

    def page(self, home: str) -> QWidget | None:
        """Return a page that was made, by its name."""
        return self._pages.made(home)

    # ------------------------------------------------------------ what the presenter asks

    def show_status(self, items: tuple[StatusItem, ...]) -> None:
        """Show what waits and when something last went."""
        self._strip.show_waiting(items)

    def show_badges(self, counts: Mapping[Page, tuple[int, str]]) -> None:
        """Show counts on the rail."""
        for page, (count, words) in counts.items():
            self._rail.set_badge(page.value, count, words)

    def show_title(self, title: str) -> None:
        """Name the window."""
        self.setWindowTitle(title)

    def show_marking(self, marking: str) -> None:
        """Put the marking at the foot of every page."""
        self._strip.show_marking(marking)

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
        self._middle.addWidget(self._pages, 1)
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
        """Show the window as it was left. Where the screen has no room for it and its frame, it fills the screen."""
        room = self.screen().availableGeometry()
        if self.width() > room.width() or self.height() + _TITLE_BAR > room.height():
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
        make_shortcuts(self, acts, self._go_home)

    def _make_frame(self, desk: Desk) -> None:
        """Make a frame whose answers are dropped once the desk is locked: the pages they were for are gone."""
        from dsadesk.ui.presenters.frame import Frame
        from dsadesk.ui.presenters.window import WindowPresenter

        self._sitting.end()
        self._sitting = Sitting(self._jobs)
        self._delivery.take(desk)
        self._frame = Frame(
            desk=desk,
            submit=partial(self._sitting.hand_in, Lane.VAULT),
            go=self.go,
            changed=self._changed,
            announce=self._announce,
            aside=partial(self._sitting.hand_in, Lane.POOL),
            delivering=self._delivery.deliverer,
            is_offline=lambda: self._delivery.is_offline,
            soon=self._afterwards.soon,
        )
        self._presenter = WindowPresenter(self, self._frame)

    def _make_page(self, home: str) -> QWidget:
        if self._frame is None:
            raise RuntimeError(home)
        acts = PageActs(
            opened=self._opened, wear=self._wear, lock=self.lock, follow_settings=self._delivery.follow_settings
        )
        return make_page(home, self._frame, self._preferences, acts)

    def _opened(self) -> None:
        """Go on from unlocking."""
        from dsadesk.ui.presenters.frame import Page, Place

        self.go(Place(Page.REQUESTS))
        self._pages.drop(Page.UNLOCK.value)
        self._open_waiting_file()

    def _watch_open_desk(self) -> None:
        """Begin what goes on while the vault is open; begun already is fine."""
        if self._minute.isActive() or self._presenter is None or self._frame is None:
            return
        from dsadesk.ui.presenters.window import owner_of

        self._strip.set_owner(owner_of(self._frame.desk.session))
        self._minute.start()
        self._idle.start()
        self._sleep.start()
        self._presenter.refresh()
        self._delivery.go_on()

    def _on_settled_for_lock(self, saved: bool) -> None:  # noqa: FBT001  # the callback's shape
        desk = self._desk
        if desk is None:
            return
        if not saved:
            self._explain_unsaved(translate("Window", "The desk is not locked"), leave=None)
            return
        self._sitting.end()
        self._idle.stop()
        self._sleep.stop()
        self._minute.stop()
        guard().clear()
        self._rail.hide()
        self._mast.show()
        self._strip.hide()
        self._pages.opening.say(translate("Window", "Locking…"))
        self.stop_delivering()
        self._close_dialogs()
        self._pages.drop_all()
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
        self._delivery.stop()

    def _leave(self) -> None:
        self.stop_delivering()
        self._may_close = True
        QTimer.singleShot(0, self, self.close)

    def _explain_unsaved(self, title: str, *, leave: Callable[[], None] | None) -> None:
        """Say why the window stays as it is. Where words would be lost for ever, the page says it better."""
        explain = getattr(self._pages.currentWidget(), "explain_words", None)
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

    def _tell(self) -> None:
        if self._frame is not None:
            self._frame.tell()

    def _changed(self, changes: Changes) -> None:
        if self._presenter is not None:
            self._presenter.refresh(changes)
        self._pages.tell(changes)

    def _announce(self, sentence: str) -> None:
        announce(self, sentence)

    def _name(self, place: Place) -> None:
        if self._presenter is None or self._desk is None or not self._desk.is_open:
            self.setWindowTitle(NAME)
            return
        request = place.request
        if request is None:
            open_request = getattr(self._pages.currentWidget(), "open_request", None)
            request = open_request() if open_request is not None else None
        self._presenter.name(words_of(place.page.value), request)

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
        return self._pages.made("requests")

    # ------------------------------------------------------------ slots

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
        self._presenter.follow(outlook_of(self._frame.deliverer(), is_offline=self._delivery.is_offline))

    def _on_rail_page_chosen(self, home: str) -> None:
        self._go_home(home)

    def _on_strip_action_chosen(self, _action: str) -> None:
        self._go_home("exchange")

    def _on_idle_ticked(self, seconds: int) -> None:
        minutes = -(-seconds // 60)
        self._strip.show_lock(counted(translate("Window", "Locks in {n} minute|Locks in {n} minutes"), minutes))

    def _on_minute_passed(self) -> None:
        tick = getattr(self._pages.currentWidget(), "tick", None)
        if tick is not None:
            tick()

    def _on_new_wanted(self) -> None:
        requests = self._requests()
        if requests is not None:
            requests.start_new()  # type: ignore[attr-defined]

    def _on_search_wanted(self) -> None:
        find = getattr(self._pages.currentWidget(), "focus_search", None)
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
        go_round([self._rail, *panes(self._pages.currentWidget()), self._strip], self.focusWidget())

    def _on_quit_wanted(self) -> None:
        self.close()

    def _on_keys_wanted(self) -> None:
        from dsadesk.ui.views.dialogs import ShortcutsDialog

        self._dialog = ShortcutsDialog(self)
        self._dialog.open()
