"""What goes on by itself while the vault is open: sending, looking for news, and noticing that a network came or that the machine slept.

Neither the network's state nor the clock is ever a reason not to try: both only say that now is a good moment.
"""

from __future__ import annotations

from PySide6.QtCore import QObject, QTimer, Signal

from dsadesk.services.delivering import Deliverer, in_a_thread
from dsadesk.services.exchanging import Exchange
from dsadesk.services.trying_stores import Worsened

_FOLLOW_MS = 1_000


class NetworkHint(QObject):
    """What the operating system thinks of the network. Where it says nothing, there is a network."""

    came = Signal()
    changed = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.is_offline = False
        self.is_metered = False

    def listen(self) -> None:
        """Ask the operating system to tell, once."""
        from PySide6.QtNetwork import QNetworkInformation

        if QNetworkInformation.loadDefaultBackend():
            known = QNetworkInformation.instance()
            known.reachabilityChanged.connect(self._on_reachability_changed)
            self._on_reachability_changed(known.reachability())
            if known.supports(QNetworkInformation.Feature.Metered):
                known.isMeteredChanged.connect(self._on_metered_changed)
                self._on_metered_changed(known.isMetered())

    def take(self, *, is_offline: bool) -> None:
        """Note whether there is a network, and tell when one came."""
        before, self.is_offline = self.is_offline, is_offline
        if before != is_offline:
            self.changed.emit()
            if not is_offline:
                self.came.emit()

    def _on_metered_changed(self, is_metered: bool) -> None:  # noqa: FBT001  # the signal's shape
        self.is_metered = is_metered
        self.changed.emit()

    def _on_reachability_changed(self, reachability: object) -> None:
        from PySide6.QtNetwork import QNetworkInformation

        self.take(is_offline=reachability == QNetworkInformation.Reachability.Disconnected)


class Background(QObject):
    """Holds the lanes of one open vault after another.

    `news` is an `Exchange`, `worsened` a `Worsened` store; `followed` comes every second while something goes on.
    """

    news = Signal(object)
    worsened = Signal(object)
    followed = Signal()
    crashed = Signal(object)  # the exception that ended it

    _told = Signal(object, object)  # from another thread: who told, and what

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._deliverer: Deliverer | None = None
        self.network = NetworkHint(self)
        self._follow = QTimer(self)
        self._follow.setInterval(_FOLLOW_MS)
        self._follow.timeout.connect(self.followed)
        self._told.connect(self._on_told)
        self.network.came.connect(self._on_network_came)
        self.network.changed.connect(self._on_network_changed)

    @property
    def is_going(self) -> bool:
        """Whether it sends and looks by itself."""
        return self._deliverer is not None

    def start(self, deliverer: Deliverer, poll_seconds: float) -> None:
        """Send and look by itself from now on."""
        self.stop()
        self._deliverer = deliverer
        self._on_network_changed()
        self._follow.start()

        def tell(what: Exchange | Worsened) -> None:
            self._tell(deliverer, what)

        def work() -> None:
            try:
                deliverer.keep_going(tell, poll_seconds, tell)
            except Exception as error:  # noqa: BLE001 - raised where the crash log sees it
                self._tell(deliverer, error)

        in_a_thread(work)

    def stop(self) -> None:
        """End it. What is under way goes on from there the next time."""
        if self._deliverer is not None:
            self._deliverer.stop()
            self._deliverer = None
        self._follow.stop()

    def _tell(self, who: Deliverer, what: Exchange | Worsened | Exception) -> None:
        """Called beside the window's thread."""
        try:
            self._told.emit(who, what)
        except RuntimeError:
            return  # the window is gone

    def _on_told(self, who: object, what: object) -> None:
        if who is not self._deliverer:
            return  # of a vault that is locked now, which may well have ended in an error
        if isinstance(what, Exception):
            self.stop()
            self.crashed.emit(what)
        elif isinstance(what, Worsened):
            self.worsened.emit(what)
        else:
            self.news.emit(what)

    def wake(self) -> None:
        """The machine slept, or stood still: connections are stale."""
        if self._deliverer is not None:
            self._deliverer.controls.wake()
            self._deliverer.look_now()

    def _on_network_changed(self) -> None:
        if self._deliverer is not None:
            self._deliverer.set_metered(self.network.is_metered)

    def _on_network_came(self) -> None:
        if self._deliverer is not None:
            self._deliverer.look_now()
