"""Trying the stores in use by itself: each week, one after the other, and not at a cost that nobody asked for."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from dsadesk.errors import DsadeskError, TransferStoppedError
from dsadesk.services.session import Session
from dsadesk.services.store_checks import due_stores
from dsadesk.services.store_doctor import Stopper, examine
from dsadesk.sync.controls import Controls
from dsadesk.sync.posting import Post

LOOK_SECONDS = 3_600.0
"""How often it looks up which stores are due."""
_LONGEST_BREAK = 24 * LOOK_SECONDS


@dataclass(frozen=True)
class Worsened:
    """A store that does less than it did when it was last tried, and what, in sentences."""

    address: str
    sentences: tuple[str, ...]


class Rounds:
    """Goes round the stores that are due. A store that could not be reached is tried again after a break that doubles, up to a day."""

    def __init__(self, session: Session, post: Post, controls: Controls) -> None:
        self._session = session
        self._post = post
        self._controls = controls
        self._stopper = Stopper()
        self._breaks: dict[str, tuple[float, float]] = {}

    def stop(self) -> None:
        """Ends it for good, from any thread: the store that is being tried is left at once."""
        self._stopper.stop()

    def go(self, is_costly: Callable[[], bool], told: Callable[[Worsened], None]) -> None:
        """Tries what is due now, over connections that keep to the limit, and tells what became worse. Blocks."""
        costly = is_costly()
        for address in self._post(lambda: due_stores(self._session, is_costly=costly)):
            if self._stopper.is_stopped:
                return
            if (not costly and is_costly()) or not self._is_time_for(address):
                continue  # the next look sees which of them cannot wait
            try:
                self._try(address, told)
            except TransferStoppedError:
                return
            except DsadeskError:
                self._put_off(address)

    def _try(self, address: str, told: Callable[[Worsened], None]) -> None:
        found = examine(
            self._session,
            address,
            post=self._post,
            stopper=self._stopper,
            flow=self._controls.pacer.valve,
            by_itself=True,
        )
        if found.is_cut_off:
            self._put_off(address)
            return
        self._breaks.pop(address, None)
        if found.worse:
            told(Worsened(address, found.worse))

    def _is_time_for(self, address: str) -> bool:
        until, _ = self._breaks.get(address, (0.0, 0.0))
        return self._controls.pulse.elapsed() >= until

    def _put_off(self, address: str) -> None:
        _, last = self._breaks.get(address, (0.0, LOOK_SECONDS / 2))
        rest = min(2 * last, _LONGEST_BREAK)
        self._breaks[address] = (self._controls.pulse.elapsed() + rest, rest)
