"""Sending and fetching for the window: one deliverer for the vault that is open, and going on by itself as the settings say."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal

from dsadesk.ui.jobs import JobRunner
from dsadesk.ui.preferences import Preferences
from dsadesk.ui.sleep_watch import SleepWatch

if TYPE_CHECKING:
    from dsadesk.services.delivering import Deliverer
    from dsadesk.services.desk import Desk
    from dsadesk.ui.background import Background


class WindowDelivery(QObject):
    """Holds the deliverer of the open vault, and what goes on in the background with it."""

    news = Signal(object)  # Exchange
    worsened = Signal(object)  # Worsened
    followed = Signal()

    def __init__(
        self, preferences: Preferences, jobs: JobRunner, sleep: SleepWatch, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._preferences = preferences
        self._jobs = jobs
        self._sleep = sleep
        self._desk: Desk | None = None
        self._deliverer: Deliverer | None = None
        self.background: Background | None = None

    @property
    def is_offline(self) -> bool:
        """Whether the operating system says that there is no network."""
        return self.background is not None and self.background.network.is_offline

    @property
    def is_going(self) -> bool:
        """Whether something goes on by itself."""
        return self.background is not None and self.background.is_going

    def take(self, desk: Desk) -> None:
        """Deliver for this desk from now on."""
        self._desk = desk

    def deliverer(self) -> Deliverer:
        """Return the deliverer of the vault that is open; another once the keys in the session are others."""
        from dsadesk.services.delivering import Deliverer, in_a_thread

        if self._desk is None:
            raise RuntimeError
        if self._deliverer is not None and self._deliverer.session is not self._desk.session:
            self._begin_anew()
        if self._deliverer is None:
            self._deliverer = Deliverer(self._desk.session, self._jobs.post, beside=in_a_thread)
            self._deliverer.set_limit(self._preferences.bytes_per_second)
        return self._deliverer

    def follow_settings(self) -> None:
        """Follow the settings of sending and fetching."""
        if self._deliverer is not None:
            self._deliverer.set_limit(self._preferences.bytes_per_second)
        self.go_on()

    def go_on(self) -> None:
        """Send and look for news in the background as often as the settings say, or no longer."""
        if self._desk is None or not self._desk.is_open:
            return
        minutes = self._preferences.poll_minutes
        if not minutes:
            if self.is_going:
                self.stop()
            self.followed.emit()
            return
        background = self._listen()
        deliverer = self.deliverer()
        if background.is_going:
            deliverer.poll_every(60.0 * minutes)
        else:
            background.start(deliverer, 60.0 * minutes)

    def stop(self) -> None:
        """End what is being sent and fetched: it goes on from there when the vault is open again."""
        if self.background is not None:
            self.background.stop()
        if self._deliverer is not None:
            self._deliverer.stop()
            self._deliverer = None

    def _begin_anew(self) -> None:
        """Somebody was let in meanwhile: the keys that were missing are there."""
        was_going = self.is_going
        self.stop()
        if was_going:
            QTimer.singleShot(0, self, self.go_on)

    def _listen(self) -> Background:
        from dsadesk.ui.background import Background

        if self.background is None:
            self.background = Background(self)
            self.background.news.connect(self.news)
            self.background.worsened.connect(self.worsened)
            self.background.followed.connect(self.followed)
            self.background.crashed.connect(self._on_crashed)
            self.background.network.changed.connect(self.followed)
            self.background.network.listen()
            self._sleep.woke.connect(self.background.wake)
        return self.background

    def _on_crashed(self, error: Exception) -> None:
        raise error
