"""The pages of the window: made when they are first gone to, kept while the desk is open, and told what changed meanwhile."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QStackedWidget, QWidget

from dsadesk.ui.preferences import Preferences
from dsadesk.ui.views.before_pages import Opening

if TYPE_CHECKING:
    from dsadesk.domain.ids import RequestId
    from dsadesk.services.changes import Changes
    from dsadesk.ui.presenters.frame import Frame


class WindowPages(QStackedWidget):
    """Pages by their names. Before there is one, and while the desk is being locked, `opening` is in front.

    `make` makes a page; it is imported with the page. Only the page in front follows changes at once.
    """

    def __init__(self, make: Callable[[str], QWidget], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._make = make
        self._pages: dict[str, QWidget] = {}
        self._missed: dict[QWidget, list[Changes]] = {}
        self.opening = Opening()
        self.addWidget(self.opening)

    def made(self, home: str) -> QWidget | None:
        """Return a page that was made."""
        return self._pages.get(home)

    def page(self, home: str) -> QWidget:
        """Return a page, and make it the first time."""
        if home not in self._pages:
            view = self._make(home)
            self._pages[home] = view
            self.addWidget(view)
        return self._pages[home]

    def drop(self, home: str) -> None:
        """Delete a page, if it was made."""
        view = self._pages.pop(home, None)
        if view is not None:
            self.removeWidget(view)
            view.deleteLater()

    def drop_all(self) -> None:
        """Delete every page, with what is on it."""
        self.setCurrentWidget(self.opening)
        for view in self._pages.values():
            self.removeWidget(view)
            view.hide()
            view.deleteLater()
        self._pages.clear()
        self._missed.clear()

    def tell(self, changes: Changes) -> None:
        """Have the page in front follow changes, and the others when they are gone to."""
        current = self.currentWidget()
        for view in self._pages.values():
            if view is current:
                view.refresh(changes)  # type: ignore[attr-defined]  # every page has it
            else:
                self._missed.setdefault(view, []).append(changes)

    def catch_up(self, view: QWidget) -> None:
        """Have a page follow what it missed, all at once."""
        missed = self._missed.pop(view, [])
        if missed:
            view.refresh(_together(missed))  # type: ignore[attr-defined]  # every page has it

    def settle(self, done: Callable[[bool], None]) -> None:
        """Have the page in front save what it holds, if it holds anything."""
        settle = getattr(self.currentWidget(), "settle", None)
        if settle is None:
            done(True)
        else:
            settle(done)


def _together(missed: list[Changes]) -> Changes:
    from dsadesk.services.changes import Changes

    requests: frozenset[RequestId] = frozenset().union(*(each.requests for each in missed))
    return Changes(
        requests=requests,
        cards=any(each.cards for each in missed),
        outbox=any(each.outbox for each in missed),
        catalogue=any(each.catalogue for each in missed),
        quarantine=any(each.quarantine for each in missed),
        vault=any(each.vault for each in missed),
    )


@dataclass(frozen=True)
class PageActs:
    """What pages have the window do: go on from unlocking, wear another look, lock, and follow the settings of sending."""

    opened: Callable[[], None]
    wear: Callable[[], None]
    lock: Callable[[], None]
    follow_settings: Callable[[], None]


def make_page(home: str, frame: Frame, preferences: Preferences, acts: PageActs) -> QWidget:
    """Make a page by its name, and import it with that."""
    from dsadesk.ui.presenters.frame import Page

    match Page(home):
        case Page.FIRST_RUN:
            from dsadesk.ui.views.first_run import FirstRunView

            return FirstRunView(frame)
        case Page.UNLOCK:
            from dsadesk.ui.views.unlock import UnlockView

            return UnlockView(frame, acts.opened)
        case Page.REQUESTS:
            from dsadesk.ui.views.requests import RequestsView

            return RequestsView(frame, preferences)
        case Page.SETTINGS:
            from dsadesk.ui.views.settings import SettingsView

            settings = SettingsView(frame, preferences)
            settings.look_changed.connect(acts.wear)
            settings.lock_wanted.connect(acts.lock)
            settings.exchange_changed.connect(acts.follow_settings)
            return settings
        case Page.ABOUT:
            from dsadesk.ui.views.about import AboutView

            return AboutView(frame)
        case other:
            from dsadesk.ui.views.pages import make_view

            return make_view(other, frame)
