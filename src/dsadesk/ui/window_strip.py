"""The strip at the foot of the window: the marking, what waits, when the desk locks, and whose it is."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QWidget

from dsadesk.ui.i18n import translate
from dsadesk.ui.views.tab_order import last_tab_stop, tab_through
from dsadesk.ui.vocabulary import StatusItem, Tone
from dsadesk.ui.widgets.status_strip import StatusStrip
from dsadesk.ui.window_keys import first_stop


class WindowStrip(StatusStrip):
    """Puts together what several parts of the window have to say. `page` is the page in front, which the Tab key comes from."""

    def __init__(self, page: Callable[[], QWidget | None], parent: QWidget | None = None) -> None:
        super().__init__(translate("Window", "Status"), parent=parent)
        self._page = page
        self._owner = ""
        self._marking = ""
        self.waiting: tuple[StatusItem, ...] = ()
        self.lock_words = ""

    def show_waiting(self, items: tuple[StatusItem, ...]) -> None:
        """Show what waits and when something last went."""
        self.waiting = items
        self.renew()

    def show_marking(self, marking: str) -> None:
        """Show the marking of the page."""
        if marking != self._marking:
            self._marking = marking
            self.renew()

    def show_lock(self, words: str) -> None:
        """Show when the desk locks."""
        if words != self.lock_words:
            self.lock_words = words
            self.renew()

    def set_owner(self, owner: str) -> None:
        """Name the owner from the next time that something is shown."""
        self._owner = owner

    def renew(self) -> None:
        """Show everything as it is now, and come after the page that is in front now."""
        left = [StatusItem(self._marking), *self.waiting] if self._marking else self.waiting
        right = [StatusItem(self.lock_words, "shield-check", Tone.GOOD)] if self.lock_words else []
        right.append(StatusItem(self._owner, "user"))
        holder: QWidget | None = self.window().focusWidget()
        had_keyboard = holder is not None and self.isAncestorOf(holder)
        self.show_items(left, right)
        # What was just made is shown a moment later.
        QTimer.singleShot(0, self, lambda: self._stand(had_keyboard=had_keyboard))

    def _stand(self, *, had_keyboard: bool) -> None:
        """Have the Tab key come to the strip after the page, and give it the keyboard back if it had it."""
        page, stop = self._page(), first_stop(self)
        if page is None or stop is None:
            return
        tab_through([last_tab_stop(page), stop])
        if had_keyboard:
            stop.setFocus(Qt.FocusReason.OtherFocusReason)
