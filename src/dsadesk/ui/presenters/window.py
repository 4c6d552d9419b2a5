"""What the window says round every page: who is at the desk, what waits to be sent, when it last went, what needs someone."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Protocol

from dsadesk.codec.events import parse_time, time_text
from dsadesk.domain.ids import BoxId, BundleId, RequestId
from dsadesk.errors import RuleError
from dsadesk.ports import DeliveryState, ListGroup, VaultProblem
from dsadesk.services import keeping_cards, taking_in
from dsadesk.services.changes import Changes
from dsadesk.services.doubting import doubts
from dsadesk.services.exchanging import Exchange
from dsadesk.services.holding import held_back
from dsadesk.services.leaving import left_for_later
from dsadesk.services.projecting import highest_marking
from dsadesk.services.reading import require_state, review_state
from dsadesk.services.session import Session
from dsadesk.services.store_checks import worse_stores
from dsadesk.services.taking_in import TakenIn
from dsadesk.services.trying_stores import Worsened
from dsadesk.services.wording import Explanation
from dsadesk.services.wording.stores import worse_sentence
from dsadesk.ui.presenters.exchange_words import result_of
from dsadesk.ui.presenters.files import read_file
from dsadesk.ui.presenters.frame import Frame, Page, Place
from dsadesk.ui.presenters.outlook import NOTHING_YET, Outlook, Sending, status_items
from dsadesk.ui.vocabulary import StatusItem

BUNDLE_SUFFIX, CARD_SUFFIX = ".dsabundle", ".dsacard"
LAST_SENT = "window.last-sent"
_GONE = frozenset({DeliveryState.COMMITTED, DeliveryState.DELIVERED})

Waiting = frozenset[tuple[BundleId, BoxId]]


@dataclass(frozen=True)
class DeskFacts:
    """What the strip and the rail show."""

    waiting: Waiting
    left: int
    failed: int
    oldest: datetime | None
    last_sent: datetime | None
    needs_you: int
    quarantined: int
    doubt: VaultProblem | None = None
    worse: int = 0


class Window(Protocol):
    """What the presenter asks of the window."""

    def show_status(self, items: tuple[StatusItem, ...]) -> None:
        """Show what waits and when something last went."""

    def show_badges(self, counts: Mapping[Page, tuple[int, str]]) -> None:
        """Show counts on the rail, with the words for them."""

    def show_title(self, title: str) -> None:
        """Put the marking and the owner into the title."""

    def show_marking(self, marking: str) -> None:
        """Put the marking at the foot of the page."""

    def show_error(self, explanation: Explanation) -> None:
        """Say what went wrong with a file that was opened."""


class WindowPresenter:
    """Keeps the strip, the rail and the title right, and takes in files that were opened from outside."""

    def __init__(self, view: Window, frame: Frame) -> None:
        self._view = view
        self._frame = frame
        self._waiting: Waiting = frozenset()
        self._sending = Sending()
        self._outlook = NOTHING_YET
        self._has_doubted = False
        self._place: tuple[str, RequestId | None] | None = None

    def refresh(self, changes: Changes | None = None) -> None:
        """Look again at what waits."""
        if changes is not None and not (changes.requests or changes.outbox or changes.quarantine or changes.vault):
            return
        if changes is not None and self._place is not None and (self._place[1] in {None, *changes.requests}):
            self.name(*self._place)
        session, before = self._frame.desk.session, self._waiting
        self._frame.work(lambda: _facts(session, before), self._show, self._view.show_error)

    def name(self, page: str, request: RequestId | None) -> None:
        """Put the page, or the request with its marking, into the title."""
        self._place = (page, request)
        session = self._frame.desk.session
        owner = owner_of(session)

        def done(named: tuple[str, str]) -> None:
            if self._place != (page, request):
                return
            self._view.show_title(title_of(named[0] or page, named[1], owner))
            self._view.show_marking(named[1])

        self._frame.work(lambda: _named(session, request), done, self._view.show_error)

    def open_file(self, file: Path) -> None:
        """Take in a bundle or a card that was opened from outside, and go to where it is."""
        session = self._frame.desk.session
        if file.suffix.lower() == BUNDLE_SUFFIX:
            self._frame.work(lambda: _take_bundle(session, file), self._taken, self._view.show_error)
        else:
            self._frame.work(
                lambda: keeping_cards.import_card(session, read_file(file)),
                lambda card: self._frame.go(Place(Page.PARTNERS, org=card.org)),
                self._view.show_error,
            )

    def _taken(self, taken: TakenIn | None) -> None:
        if taken is None:
            self._frame.announce("This delivery was taken in before.")
            self._frame.go(Place(Page.INBOX))
        else:
            self._frame.go(Place(Page.REQUEST, request=taken.request))

    def _show(self, facts: DeskFacts) -> None:
        is_more = bool(facts.waiting - self._waiting)
        self._waiting = facts.waiting
        self._sending = Sending(
            waiting=len(facts.waiting),
            failed=facts.failed,
            left=facts.left,
            oldest=facts.oldest,
            last_sent=facts.last_sent,
            worse=facts.worse,
        )
        self._show_status()
        if is_more and self._outlook.is_automatic:
            self._frame.deliverer().controls.poke()
        needs, held = facts.needs_you, facts.quarantined
        self._view.show_badges(
            {
                Page.REQUESTS: (needs, "1 needs you" if needs == 1 else f"{needs} need you"),
                Page.INBOX: (held, "1 held back" if held == 1 else f"{held} held back"),
                Page.SETTINGS: (int(facts.doubt is not None), "The history of your vault is in doubt"),
            }
        )
        if facts.doubt is not None and not self._has_doubted:
            todo = f"{facts.doubt.fix} Look under Settings, Your vault."
            self._view.show_error(Explanation(f"The history of your vault is in doubt. {facts.doubt.detail}", todo))
        self._has_doubted = facts.doubt is not None

    def follow(self, outlook: Outlook) -> None:
        """Show how it is with the stores now, and tell the pages what went or came meanwhile. Called every second: it touches no vault."""
        self._outlook = outlook
        self._show_status()
        self._frame.tell()

    def take_news(self, done: Exchange) -> None:
        """Say what went and came by itself: aloud when something came, and in the pages always."""
        session = self._frame.desk.session

        def said(title: str) -> None:
            if done.taken or done.quarantined:
                self._frame.announce(title)
            self.refresh()

        self._frame.work(lambda: result_of(session, done).title, said, self._view.show_error)

    def take_worsened(self, worsened: Worsened) -> None:
        """Say aloud that a store does less than it did; the strip and the page of sending and fetching show it."""
        self._frame.announce(" ".join((worse_sentence(worsened.address), *worsened.sentences)))
        self._frame.tell()

    def _show_status(self) -> None:
        now = self._frame.desk.world.clock.now().astimezone()
        self._view.show_status(status_items(self._sending, now, self._outlook))


def owner_of(session: Session) -> str:
    """Return who is at the desk."""
    return f"{session.profile.official.name}, {session.profile.organisation.name}"


def title_of(page: str, marking: str, owner: str) -> str:
    """Return the title of the window."""
    return " \u2013 ".join(part for part in (page, marking, owner, "dsadesk") if part)


def _facts(session: Session, before: Waiting) -> DeskFacts:
    unfinished, left = session.vault.outbox.unfinished(), left_for_later(session)
    items = [item for item in unfinished if (item.id, item.box) not in left]
    waiting = frozenset((item.id, item.box) for item in items)
    counts = session.vault.projections.counts()
    return DeskFacts(
        waiting=waiting,
        left=len(unfinished) - len(items),
        failed=sum(item.state is DeliveryState.FAILED for item in items),
        oldest=min((item.created_at for item in items), default=None),
        last_sent=_last_sent(session, before - waiting),
        needs_you=counts.get(ListGroup.NEEDS_YOU, 0),
        quarantined=len(held_back(session)),
        doubt=next(iter(doubts(session)), None),
        worse=len(worse_stores(session)),
    )


def _last_sent(session: Session, ended: Waiting) -> datetime | None:
    """When something last left. It is noted here, because asking every delivery there ever was would take too long."""
    found = [item for bundle, box in ended if (item := session.vault.outbox.get(bundle, box)) is not None]
    newest = max((item.changed_at for item in found if item.state in _GONE), default=None)
    if newest is not None:
        session.vault.settings.write(LAST_SENT, time_text(newest).encode())
        return newest
    noted = session.vault.settings.read(LAST_SENT)
    return parse_time(noted.decode()) if noted else None


def _named(session: Session, request: RequestId | None) -> tuple[str, str]:
    """The title and marking of a request; of a page that lists several, the highest marking that this desk has held."""
    if request is None:
        return "", highest_marking(session).value
    draft = session.vault.drafts.get(request)
    if draft is not None:
        return draft.title, draft.marking.value
    review = review_state(session, request)
    if review is not None:
        asked = review.asks[-1].body.draft
        return asked.title, asked.marking.value
    submission = require_state(session, request).submission
    return submission.title, submission.marking.value


def _take_bundle(session: Session, file: Path) -> TakenIn | None:
    try:
        with file.open("rb") as handle:
            return taking_in.import_bundle(session, handle, file.name)
    except OSError as error:
        raise RuleError("file-unreadable", name=file.name, why=error.strerror or "") from error
