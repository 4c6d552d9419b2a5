"""Opening the vault: by the key store without being asked, by the passphrase, or by the 24 words. No way in changes anything when it fails.

A damaged vault is told apart from a wrong key, and offered a way on: a backup, or what can still be read of it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from dsadesk.errors import DamagedVaultError, DsadeskError, KeyStoreError
from dsadesk.services import keeping_keys, mending
from dsadesk.services.mending import Mended, Way
from dsadesk.services.session import Session
from dsadesk.services.viewing import title_of
from dsadesk.services.wording import Explanation, explain, plain, salvage_sentences
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


@dataclass(frozen=True)
class MendedShown:
    """What came of a salvage or a restoring: in one sentence, what is lost, where the vault before lies, and what to do now."""

    sentence: str
    lines: tuple[str, ...]
    aside: str
    next: str


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

    def show_damage(self, explanation: Explanation, *, can_salvage: bool) -> None:
        """Say that the vault is damaged, and offer the ways on."""

    def show_mended(self, mended: MendedShown) -> None:
        """Say what is back and what is lost; the desk is open."""

    def show_restore_problem(self, field: str, explanation: Explanation) -> None:
        """Say at a field of the dialog, `passphrase` or `words`, why a backup is not restored."""

    def clear(self) -> None:
        """Forget what was typed."""


class UnlockPresenter:
    """Tries the ways in and goes on to the requests."""

    def __init__(self, view: UnlockPage, frame: Frame, opened: Callable[[], None]) -> None:
        self._view = view
        self._frame = frame
        self._opened = opened
        self._is_busy = False
        self._way: Way | None = None

    def start(self, *, try_key_store: bool = True) -> None:
        """Offer the ways in, and try the key store at once unless somebody has just locked the vault."""
        desk = self._frame.desk

        def done(kinds: tuple[str, ...]) -> None:
            ways = WaysIn(KEYRING in kinds, PASSPHRASE in kinds, RECOVERY in kinds)
            self._view.show_ways(ways)
            if ways.key_store and try_key_store:
                self.try_key_store()

        def look() -> tuple[str, ...] | DamagedVaultError:
            try:
                return keeping_keys.ways_in(desk.world)
            except DamagedVaultError as error:
                return error

        def found(kinds: tuple[str, ...] | DamagedVaultError) -> None:
            if isinstance(kinds, DamagedVaultError):
                self._view.show_damage(explain(kinds), can_salvage=False)  # what says how it opens is lost itself
            else:
                done(kinds)

        self._frame.work(look, found, self._view.show_error)

    def try_key_store(self) -> None:
        """Open by the operating system's key store."""

        def failed(error: DsadeskError) -> None:
            can_retry = isinstance(error, KeyStoreError) and error.code in _STORE_STATES
            self._view.show_key_store_problem(explain(error), can_retry=can_retry)

        desk = self._frame.desk
        way = mending.by_key_store(desk.world)
        self._try("Opening with this computer's key store…", desk.unlock_with_key_store, failed, way)

    def try_passphrase(self, passphrase: str) -> None:
        """Open by the passphrase."""
        if passphrase:
            self._try(
                "Opening the vault…",
                lambda: self._frame.desk.unlock_with_passphrase(passphrase),
                lambda error: self._view.show_wrong(PASSPHRASE, explain(error)),
                mending.by_passphrase(passphrase),
            )

    def try_words(self, words: str) -> None:
        """Open by the 24 recovery words."""
        if words.strip():
            self._try(
                "Opening the vault…",
                lambda: self._frame.desk.unlock_with_words(words),
                lambda error: self._view.show_wrong(RECOVERY, explain(error)),
                mending.by_words(words),
            )

    def salvage(self) -> None:
        """Bring what can be read of the damaged vault into a new one, by the way in that was tried last."""
        desk, way = self._frame.desk, self._way
        if way is None or self._is_busy:
            return
        self._busy("Reading what can be read. This may take some minutes…")

        def work() -> MendedShown:
            mended, found = mending.salvage(desk.world, way)
            session = desk.take(mended.session)
            said = salvage_sentences(found, lambda request: title_of(session, request))
            return _shown(said.sentence, said.lines, mended)

        self._frame.work(work, self._mended, self._failed_to_mend)

    def restore(self, backup: Path, passphrase: str, words: str) -> None:
        """Put a backup in place, opened by what was typed, or by the key store where nothing was."""
        desk = self._frame.desk
        if self._is_busy:
            return
        field = "words" if words.strip() else "passphrase"
        way = mending.by_key_store(desk.world)
        if words.strip():
            way = mending.by_words(words)
        elif passphrase:
            way = mending.by_passphrase(passphrase)
        self._busy("Restoring the backup…")

        def work() -> MendedShown:
            mended = mending.restore_backup(desk.world, backup, way)
            desk.take(mended.session)
            return _shown(f"Your vault is as it was when {plain(backup.name)} was made.", (), mended)

        def failed(explanation: Explanation) -> None:
            self._busy("")
            self._view.show_restore_problem(field, explanation)

        self._frame.work(work, self._mended, failed)

    def go_on(self) -> None:
        """Leave for the desk, which is open."""
        self._view.clear()
        self._opened()

    def start_fresh(self) -> None:
        """Put the vault aside under another name, because no way in is left; the page has asked. Nothing is deleted."""
        desk = self._frame.desk
        suffix = f"{desk.world.clock.now():%Y%m%d-%H%M%S}"

        def done(_: Path | None) -> None:
            self._frame.announce("The vault is put aside.")
            self._frame.go(Place(Page.FIRST_RUN))

        self._frame.work(lambda: desk.world.place.set_aside(suffix), done, self._view.show_error)

    def _mended(self, shown: MendedShown) -> None:
        self._busy("")
        self._way = None
        self._view.show_mended(shown)
        self._frame.announce(shown.sentence)

    def _failed_to_mend(self, explanation: Explanation) -> None:
        self._busy("")
        self._view.show_error(explanation)

    def _busy(self, sentence: str) -> None:
        self._is_busy = bool(sentence)
        self._view.show_busy(sentence)

    def _try(self, busy: str, work: Callable[[], Session], failed: Callable[[DsadeskError], None], way: Way) -> None:
        if self._is_busy:
            return
        self._busy(busy)

        def attempt() -> DsadeskError | None:
            try:
                work()
            except DsadeskError as error:
                return error
            return None

        def done(error: DsadeskError | None) -> None:
            self._busy("")
            if error is None:
                self._view.clear()
                self._opened()
            elif isinstance(error, DamagedVaultError):
                self._way = way
                self._view.show_damage(explain(error), can_salvage=True)
            else:
                failed(error)

        self._frame.work(attempt, done, self._view.show_error)


def _shown(sentence: str, lines: tuple[str, ...], mended: Mended) -> MendedShown:
    aside = "" if mended.aside is None else f"The vault that was here is kept in {mended.aside}."
    if mended.signs:
        now = "This computer signs with a key of its own from now on. Send your partners your new card, under Partners."
    else:
        now = (
            "This computer has a new key. Ask a colleague who looks after the keys to let it in again, under Partners."
        )
    return MendedShown(sentence, lines, aside, now)
