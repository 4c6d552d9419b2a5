"""Opening the vault: by the key store without being asked, by the passphrase, or by the 24 words. No way in changes anything when it fails."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from dsadesk.errors import DsadeskError, KeyStoreError
from dsadesk.services import keeping_keys
from dsadesk.services.session import Session
from dsadesk.services.wording import Explanation, explain
from dsadesk.services.wrapping_keys import KEYRING, PASSPHRASE, RECOVERY
from dsadesk.ui.presenters.frame import Frame, Page, Place

# How a key store's failure is told from a wrong key: the state of the store itself, or of what lies in it.
_STORE_STATES = frozenset({"locked", "dismissed"})


@dataclass(frozen=True)
class WaysIn:
    """What this vault's header offers."""

    key_store: bool
    passphrase: bool
    words: bool


class UnlockPage(Protocol):
    """What the presenter asks of the page."""

    def show_ways(self, ways: WaysIn) -> None:
        """Offer the ways that this vault has."""

    def show_busy(self, sentence: str) -> None:
        """Say what is being done; nothing when it is over."""

    def show_key_store_problem(self, explanation: Explanation, *, can_retry: bool) -> None:
        """Say why the key store did not open the vault."""

    def show_wrong(self, way: str, explanation: Explanation) -> None:
        """Say at the passphrase or at the words that they do not open the vault."""

    def show_error(self, explanation: Explanation) -> None:
        """Say why the vault cannot be opened at all for now."""

    def clear(self) -> None:
        """Forget what was typed."""


class UnlockPresenter:
    """Tries the ways in and goes on to the requests."""

    def __init__(self, view: UnlockPage, frame: Frame, opened: Callable[[], None]) -> None:
        self._view = view
        self._frame = frame
        self._opened = opened
        self._is_busy = False

    def start(self, *, try_key_store: bool = True) -> None:
        """Offer the ways in, and try the key store at once unless somebody has just locked the vault."""
        desk = self._frame.desk

        def done(kinds: tuple[str, ...]) -> None:
            ways = WaysIn(KEYRING in kinds, PASSPHRASE in kinds, RECOVERY in kinds)
            self._view.show_ways(ways)
            if ways.key_store and try_key_store:
                self.try_key_store()

        self._frame.work(lambda: keeping_keys.ways_in(desk.world), done, self._view.show_error)

    def try_key_store(self) -> None:
        """Open by the operating system's key store."""

        def failed(error: DsadeskError) -> None:
            can_retry = isinstance(error, KeyStoreError) and error.code in _STORE_STATES
            self._view.show_key_store_problem(explain(error), can_retry=can_retry)

        self._try("Opening with this computer's key store…", self._frame.desk.unlock_with_key_store, failed)

    def try_passphrase(self, passphrase: str) -> None:
        """Open by the passphrase."""
        if passphrase:
            self._try(
                "Opening the vault…",
                lambda: self._frame.desk.unlock_with_passphrase(passphrase),
                lambda error: self._view.show_wrong(PASSPHRASE, explain(error)),
            )

    def try_words(self, words: str) -> None:
        """Open by the 24 recovery words."""
        if words.strip():
            self._try(
                "Opening the vault…",
                lambda: self._frame.desk.unlock_with_words(words),
                lambda error: self._view.show_wrong(RECOVERY, explain(error)),
            )

    def start_fresh(self) -> None:
        """Put the vault aside under another name, because no way in is left; the page has asked. Nothing is deleted."""
        desk = self._frame.desk
        suffix = f"{desk.world.clock.now():%Y%m%d-%H%M%S}"

        def done(_: Path | None) -> None:
            self._frame.announce("The vault is put aside.")
            self._frame.go(Place(Page.FIRST_RUN))

        self._frame.work(lambda: desk.world.place.set_aside(suffix), done, self._view.show_error)

    def _try(self, busy: str, work: Callable[[], Session], failed: Callable[[DsadeskError], None]) -> None:
        if self._is_busy:
            return
        self._is_busy = True
        self._view.show_busy(busy)

        def attempt() -> DsadeskError | None:
            try:
                work()
            except DsadeskError as error:
                return error
            return None

        def done(error: DsadeskError | None) -> None:
            self._is_busy = False
            self._view.show_busy("")
            if error is None:
                self._view.clear()
                self._opened()
            else:
                failed(error)

        self._frame.work(attempt, done, self._view.show_error)
