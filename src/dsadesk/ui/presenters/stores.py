"""The places that bundles go to and come from, as a list: whose they are, how the last trial came out, and what can be done about each."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from dsadesk.services import store_checks, store_doctor, stores
from dsadesk.services.keeping_cards import card_names
from dsadesk.services.session import Session
from dsadesk.services.store_findings import Diagnosis, Level
from dsadesk.services.stores import KnownStore
from dsadesk.services.wording import Explanation, plain
from dsadesk.services.wording import on as said_on
from dsadesk.services.wording.stores import finding_sentences, verdict_of
from dsadesk.ui.presenters.add_store import Purpose, StoreForm, form_for, own_purpose
from dsadesk.ui.presenters.frame import Frame
from dsadesk.ui.vocabulary import Tone

_STATUS: Mapping[str, tuple[str, Tone]] = {
    Level.FINE.value: ("Fine", Tone.GOOD),
    Level.BEARABLE.value: ("Can live with", Tone.WARN),
    Level.UNUSABLE.value: ("Must not be used", Tone.BAD),
}


@dataclass(frozen=True)
class StoreShown:
    """One place. `purpose` and `form` are what changing the way in begins with; None where it is nobody's inbox."""

    address: str
    whose: str
    status: str
    tone: Tone
    tried: str
    can_forget: bool
    purpose: Purpose | None = None
    form: StoreForm | None = field(default=None, repr=False)


class StoresPage(Protocol):
    """What the presenter asks of the list."""

    def show_stores(self, found: Sequence[StoreShown]) -> None:
        """Show these places."""

    def show_trying(self, address: str) -> None:
        """Say that this place is being tried; nothing when it is over."""

    def show_verdict(self, sentence: str, tone: Tone, details: str) -> None:
        """Say how a trial came out."""

    def show_error(self, explanation: Explanation) -> None:
        """Say what went wrong."""


class StoresPresenter:
    """Lists the places, tries them again and forgets them."""

    def __init__(self, view: StoresPage, frame: Frame) -> None:
        self._view = view
        self._frame = frame
        self._is_trying = False

    def load(self) -> None:
        """Show the places."""
        session, own = self._frame.desk.session, own_purpose(self._frame)
        self._frame.work(lambda: stores_of(session, own), self._view.show_stores, self._view.show_error)

    def check(self, address: str) -> None:
        """Try a place again, beside the vault."""
        if self._is_trying:
            return
        session, deliverer = self._frame.desk.session, self._frame.deliverer()
        self._is_trying = True
        self._view.show_trying(address)

        def over() -> None:
            self._is_trying = False
            self._view.show_trying("")

        def done(found: Diagnosis) -> None:
            over()
            said = [
                sentence
                for each in found.findings
                if each.level is not Level.FINE
                for sentence in finding_sentences(each)
            ]
            tone = Tone.WARN if found.is_cut_off else _STATUS[found.level.value][1]
            self._view.show_verdict(verdict_of(found), tone, "\n".join(said))
            self._frame.announce(verdict_of(found))
            self.load()

        def failed(explanation: Explanation) -> None:
            over()
            self._view.show_error(explanation)

        self._frame.deliver(
            lambda: store_doctor.examine(session, address, post=deliverer.post, flow=deliverer.controls.pacer.valve),
            done,
            failed,
        )

    def forget(self, address: str) -> None:
        """Forget how to get in at a place; the page has asked."""
        session = self._frame.desk.session

        def done(_: None) -> None:
            self._frame.announce("The place is forgotten.")
            self.load()

        self._frame.work(lambda: stores.forget_store(session, address), done, self._view.show_error)


def stores_of(session: Session, own: Purpose) -> tuple[StoreShown, ...]:
    """Return every place that is known, by address."""
    return tuple(_shown(session, each, own) for each in stores.known_stores(session))


def _shown(session: Session, store: KnownStore, own: Purpose) -> StoreShown:
    check, names = store_checks.last_check(session, store.address), card_names(session)
    status, tone = _STATUS[check.level] if check is not None else ("Not tried yet", Tone.NEUTRAL)
    others = [Purpose(org, names(org), is_own=False, address=store.address) for org in store.orgs if org != own.org]
    purposes = [*([own] if own.org in store.orgs else []), *others]
    whose = ", ".join("your inbox" if each.is_own else f"the inbox of {plain(each.name)}" for each in purposes)
    if check is not None:
        tried = f"Tried {said_on(check.at, session.world.clock.now().astimezone())}."
    else:
        tried = "Press Check again to try it."
    return StoreShown(
        address=store.address,
        whose=whose[:1].upper() + whose[1:] if whose else "Nobody's inbox that is known here",
        status=status,
        tone=tone,
        tried=tried,
        can_forget=store.address in stores.kept_addresses(session),
        purpose=purposes[0] if purposes else None,
        form=form_for(store.address, stores.access_of(session, store.address)) if purposes else None,
    )
