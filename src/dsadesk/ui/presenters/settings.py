"""Settings: who you are, how the vault is doing, a backup, and colleagues who join."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from dsadesk.errors import DsadeskError
from dsadesk.secret import Secret
from dsadesk.services import doubting, keeping_keys, recovering, rehearsing, wrapping_keys
from dsadesk.services.keeping_keys import ways_in
from dsadesk.services.session import Session
from dsadesk.services.wording import Explanation, explain, long_date
from dsadesk.services.wording.placements import placement_words
from dsadesk.services.wrapping_keys import KEYRING, PASSPHRASE, RECOVERY
from dsadesk.ui.presenters.frame import Frame, Page, Place
from dsadesk.ui.presenters.partners import ADMIT
from dsadesk.ui.presenters.reminder import FIELD, PROVED, Asked, asked_of, problem_at, prove

_WAYS = {
    KEYRING: "this computer's key store",
    PASSPHRASE: "your passphrase",
    RECOVERY: "your 24 recovery words",
}


@dataclass(frozen=True)
class Doubt:
    """What is said against the history of the vault; `to_decide` where somebody has to take it as it is, or restore another."""

    sentence: str
    todo: str
    to_decide: bool


@dataclass(frozen=True)
class OwnFacts:
    """What the page says of the owner and the vault."""

    owner: tuple[tuple[str, str], ...]
    vault: tuple[tuple[str, str], ...]
    is_admin: bool
    is_admitted: bool
    has_passphrase: bool
    has_key_store: bool
    words: str
    asked: Asked
    doubt: Doubt | None = None
    placement: tuple[str, str] = ("", "")
    """What is wrong with the vault's folder, and what to do; both "" where nothing is."""


class SettingsPage(Protocol):
    """What the presenter asks of the page."""

    def show_facts(self, facts: OwnFacts) -> None:
        """Show who owns the vault and how it opens."""

    def show_busy(self, sentence: str) -> None:
        """Say what is being done; nothing when it is over."""

    def show_problems(self, problems: Mapping[str, str]) -> None:
        """Say in the open dialog what is wrong, by field: `old`, `new`, `again`, `words`."""

    def close_dialog(self) -> None:
        """Close the open dialog: it is done."""

    def show_split(self, words: Secret[str], owner: str) -> None:
        """Open the dialog that splits the words in three."""

    def show_health(self, problems: Sequence[str]) -> None:
        """Say what a check of the vault found; nothing means all is well."""

    def show_done(self, sentence: str) -> None:
        """Say what was done."""

    def show_error(self, explanation: Explanation) -> None:
        """Say what went wrong."""


class SettingsPresenter:
    """Shows the owner, checks and backs up the vault, lets colleagues in."""

    def __init__(self, view: SettingsPage, frame: Frame) -> None:
        self._view = view
        self._frame = frame

    def start(self) -> None:
        """Show the facts."""
        session = self._frame.desk.session
        self._frame.work(lambda: _facts(session), self._view.show_facts, self._view.show_error)

    def check(self) -> None:
        """Look for damage in the vault."""
        session = self._frame.desk.session
        self._view.show_busy("Checking the vault…")

        def work() -> tuple[str, ...]:
            return tuple(
                " ".join(each for each in (found.detail, found.fix) if each) for found in session.vault.check()
            )

        def done(problems: tuple[str, ...]) -> None:
            self._view.show_busy("")
            self._view.show_health(problems)
            self._frame.announce("The check is done.")

        self._frame.work(work, done, self._failed)

    def set_passphrase(self, old: str | None, new: str, again: str) -> None:
        """Change the passphrase, or add one where there is none and `old` is None."""
        session = self._frame.desk.session
        try:
            wrapping_keys.check_passphrase(new, again)
        except DsadeskError as error:
            field = "again" if error.code == "passphrase-differs" else "new"
            self._view.show_problems({field: explain(error).what})
            return

        def work() -> None:
            if old is None:
                keeping_keys.use_passphrase(session, new)
            else:
                keeping_keys.change_passphrase(session, old, new)

        said = (
            "The passphrase is set."
            if old is None
            else "The passphrase is changed. The old one no longer opens the vault."
        )
        self._attempt(work, "old" if old is not None else "new", said)

    def set_key_store(self, *, used: bool) -> None:
        """Let this computer's key store open the vault, or no longer."""
        session = self._frame.desk.session

        def work() -> str:
            if used:
                keeping_keys.use_key_store(session)
                return "The vault now opens with this computer's key store."
            if keeping_keys.stop_using_key_store(session):
                return "The key store no longer opens the vault."
            return "The key store no longer opens the vault, but its entry could not be removed there."

        self._frame.work(work, self._did, self._failed)

    def drop_passphrase(self) -> None:
        """Let only the key store, and the recovery words, open the vault; the page has asked."""
        session = self._frame.desk.session
        said = "The passphrase no longer opens the vault."
        self._frame.work(lambda: keeping_keys.stop_using_passphrase(session), lambda _: self._did(said), self._failed)

    def rehearse(self, place: int | None, typed: str) -> None:
        """Prove with the word of this number, or with all of them, that they are still there."""
        session = self._frame.desk.session
        self._attempt(lambda: prove(session, place, typed), FIELD, PROVED)

    def accept_history(self) -> None:
        """Take the history as it is; the page has asked."""
        session = self._frame.desk.session
        said = "The history is taken as it is now. The record that disagreed is kept in the vault's folder."
        self._frame.work(
            lambda: doubting.accept_history(session, confirmed=True), lambda _: self._did(said), self._failed
        )

    def split(self, typed: str) -> None:
        """Take all the words, which the vault does not hold, so that they can be split in three."""
        session = self._frame.desk.session

        def done(_: None) -> None:
            self._view.close_dialog()
            self._view.show_split(Secret(typed), session.profile.organisation.name)
            self.start()

        self._frame.work(lambda: recovering.rehearse(session, typed), done, problem_at(self._view.show_problems))

    def back_up(self, target: Path) -> None:
        """Write an encrypted copy of the vault."""
        session = self._frame.desk.session
        self._view.show_busy("Making a backup…")

        def done(_: None) -> None:
            self._view.show_busy("")
            sentence = f"The backup is in {target.name}. It opens with your recovery words."
            self._view.show_done(sentence)
            self._frame.announce(sentence)

        self._frame.work(lambda: session.vault.backup(target), done, self._failed)

    def let_in(self) -> None:
        """Go to where a colleague's application is opened."""
        self._frame.go(Place(Page.PARTNERS, org=self._frame.desk.session.profile.organisation.id, part=ADMIT))

    def join(self) -> None:
        """Go to where a pass is taken in."""
        self._frame.go(Place(Page.FIRST_RUN, part="join"))

    def _attempt(self, work: Callable[[], None], field: str, said: str) -> None:
        """Do what a dialog asked for; what is refused is said at a field of it, and the dialog stays."""

        def done(_: None) -> None:
            self._view.close_dialog()
            self._did(said)

        def failed(explanation: Explanation) -> None:
            self._view.show_problems({field: f"{explanation.what} {explanation.todo}".strip()})

        self._frame.work(work, done, failed)

    def _did(self, said: str) -> None:
        self._view.show_done(said)
        self._frame.announce(said)
        self.start()

    def _failed(self, explanation: Explanation) -> None:
        self._view.show_busy("")
        self._view.show_error(explanation)


def _facts(session: Session) -> OwnFacts:
    profile, folder = session.profile, session.vault.folder
    kinds = ways_in(session.world)
    return OwnFacts(
        owner=(
            ("Name", profile.official.name),
            ("Post", profile.official.post),
            ("Organisation", profile.organisation.name),
            ("Register identifier", profile.organisation.id),
        ),
        vault=(
            ("Where it lies", str(folder) if folder is not None else "In memory"),
            ("Opens with", "\n".join(_WAYS[kind][:1].upper() + _WAYS[kind][1:] for kind in kinds if kind in _WAYS)),
            ("Recovery words", _words_sentence(session)),
            ("Signed facts in it", f"{session.vault.events.count():,}"),
        ),
        is_admin=session.organisation is not None,
        is_admitted=session.inbox is not None,
        has_passphrase=PASSPHRASE in kinds,
        has_key_store=KEYRING in kinds,
        words=_words_sentence(session),
        asked=asked_of(session),
        doubt=doubt_of(session),
        placement=placement_words(session.world.placement, is_made=True),
    )


def doubt_of(session: Session) -> Doubt | None:
    """Return what is said against the history of the vault, what needs a decision first."""
    found = sorted(doubting.doubts(session), key=lambda each: not doubting.needs_a_decision(each))
    if not found:
        return None
    return Doubt(found[0].detail, found[0].fix, doubting.needs_a_decision(found[0]))


def _words_sentence(session: Session) -> str:
    last = rehearsing.proven_at(session)
    if last is None:
        return "Never proved on this computer"
    return f"Proved on {long_date(last.astimezone())}"
