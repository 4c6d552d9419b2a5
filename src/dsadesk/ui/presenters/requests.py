"""The requests page: which requests are listed, what each card says, and which page a request opens in."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from dsadesk.domain.ids import RequestId
from dsadesk.domain.lifecycle import Stage
from dsadesk.domain.organisation import Side
from dsadesk.ports import ListGroup, RequestRow
from dsadesk.services.changes import Changes
from dsadesk.services.projecting import is_sign_off
from dsadesk.services.session import Session
from dsadesk.services.wording import Explanation, stage_words, tone_of, when
from dsadesk.ui.presenters.first_steps import FirstStep, first_steps
from dsadesk.ui.presenters.frame import Frame, Page, Place
from dsadesk.ui.vocabulary import Card, Segment, Tone

FIRST_ROWS = 100
ALL = "all"
SEGMENTS = (
    Segment(ALL, "All"),
    Segment("drafts", "Drafts"),
    Segment("ready", "To send"),
    Segment("sent", "Sent"),
    Segment("needs-you", "Needs you"),
    Segment("agreed", "Agreed"),
)
_GROUPS: Mapping[str, frozenset[ListGroup]] = {
    "drafts": frozenset({ListGroup.DRAFTS}),
    "ready": frozenset({ListGroup.READY}),
    "sent": frozenset({ListGroup.SENT}),
    "needs-you": frozenset({ListGroup.NEEDS_YOU}),
    "agreed": frozenset({ListGroup.AGREED}),
}
_EMPTY = {
    "drafts": ("No drafts", "Requests that you have begun and not sealed are listed here."),
    "ready": ("Nothing waits to be sent", "Requests that are sealed and have not left this computer are listed here."),
    "sent": ("Nothing sent", "Requests that wait for the other organisation are listed here."),
    "needs-you": ("Nothing needs you", "Questions, returned requests and agreements to sign are listed here."),
    "agreed": ("Nothing agreed yet", "Requests with a signed agreement are listed here."),
}
_DRAFTS = frozenset({Stage.DRAFT, Stage.READY})


@dataclass(frozen=True)
class Listing:
    """A snapshot of the list with the words of its first rows."""

    ids: tuple[RequestId, ...]
    cards: Mapping[RequestId, Card]
    steps: tuple[FirstStep, ...]


class RequestsPage(Protocol):
    """What the presenter asks of the page."""

    def show_list(self, ids: Sequence[RequestId], cards: Mapping[RequestId, Card]) -> None:
        """Show these requests; the first of them with these words."""

    def show_cards(self, window: int, cards: Mapping[RequestId, Card]) -> None:
        """Show the words of a window of rows."""

    def give_up(self, window: int) -> None:
        """Note that the words of a window could not be had, so that the next look asks again."""

    def show_nothing(self, title: str, sentence: str) -> None:
        """Say why the list is empty, or nothing when it is not."""

    def show_first_steps(self, steps: Sequence[FirstStep]) -> None:
        """Show what a new desk still needs, or nothing once there are requests."""

    def show_error(self, explanation: Explanation) -> None:
        """Say what went wrong."""


class RequestsPresenter:
    """Lists requests by search and filter, a window of rows at a time."""

    def __init__(self, view: RequestsPage, frame: Frame) -> None:
        self._view = view
        self._frame = frame
        self._segment = ALL
        self._words = ""
        self._asked = 0

    def start(self) -> None:
        """Show the list as it is now."""
        self._list()

    def search(self, words: str) -> None:
        """List the requests that have these words in title, reference or the other organisation's name."""
        self._words = words
        self._list()

    def choose(self, segment: str) -> None:
        """List the requests of one kind."""
        self._segment = segment
        self._list()

    def refresh(self, changes: Changes) -> None:
        """List again when something in the list changed."""
        if changes.requests or changes.outbox:
            self._list()
        elif changes.cards:
            self._frame.work(lambda: _steps(self._frame.desk.session), self._view.show_first_steps, self._failed)

    def fetch(self, window: int, requests: Sequence[RequestId]) -> None:
        """Get the words of a window of rows."""
        session, wanted = self._frame.desk.session, tuple(requests)

        def done(cards: Mapping[RequestId, Card]) -> None:
            self._view.show_cards(window, cards)

        def failed(explanation: Explanation) -> None:
            self._view.give_up(window)
            self._failed(explanation)

        self._frame.work(lambda: _cards(session, wanted), done, failed)

    def open(self, request: RequestId) -> None:
        """Go to the page of a request: the form for what is only a draft, else its own page."""
        session = self._frame.desk.session

        def done(row: RequestRow | None) -> None:
            if row is not None:
                self._frame.go(Place(page_of(row), request=request))

        self._frame.work(lambda: session.vault.projections.get(request), done, self._failed)

    def _list(self) -> None:
        session, words, segment = self._frame.desk.session, self._words, self._segment
        self._asked += 1
        asked = self._asked

        def load() -> Listing:
            ids = session.vault.projections.ids(groups=_GROUPS.get(segment), search=words)
            bare = not ids and segment == ALL and not words
            return Listing(ids, _cards(session, ids[:FIRST_ROWS]), first_steps(session) if bare else ())

        def done(listing: Listing) -> None:
            if asked == self._asked:
                self._show(listing)

        self._frame.work(load, done, self._failed)

    def _show(self, listing: Listing) -> None:
        self._view.show_list(listing.ids, listing.cards)
        self._view.show_first_steps(listing.steps)
        if listing.ids:
            self._view.show_nothing("", "")
        elif self._words:
            sentence = "Look for other words from the title, the reference or the organisation's name."
            self._view.show_nothing(f"Nothing matches “{self._words}”", sentence)
        elif self._segment in _EMPTY:
            self._view.show_nothing(*_EMPTY[self._segment])
        else:
            self._view.show_nothing("No requests yet", "Your requests will be listed here.")

    def _failed(self, explanation: Explanation) -> None:
        self._view.show_error(explanation)


def page_of(row: RequestRow) -> Page:
    """Return where a row is read: the form for what is only a draft, a page of its own for a colleague's."""
    if is_sign_off(row):
        return Page.SIGN_OFF
    return Page.EDITOR if row.stage in _DRAFTS else Page.REQUEST


def card_of(row: RequestRow, now: datetime) -> Card:
    """Put a row of the list into words."""
    if is_sign_off(row):
        pill = ("Asked for your sign-off", Tone.WARN) if row.needs_you else ("Answered", Tone.NEUTRAL)
        return Card(row.title, f"A draft of {row.counterpart}, your colleague", *pill, _moment(row.updated_at, now))
    if row.side is Side.SUPPLIER:
        whom = f"From {row.counterpart}"
    else:
        whom = f"To {row.counterpart}" if row.counterpart else "Supplier not chosen yet"
    return Card(
        title=row.title,
        subtitle=whom,
        pill=stage_words(row.stage, row.side),
        tone=Tone(tone_of(row.stage, row.side)),
        meta=_moment(row.updated_at, now),
    )


def _moment(at: datetime, now: datetime) -> str:
    """Say how long ago a change was while that is easier to grasp than a time."""
    minutes = int((now - at).total_seconds() // 60)
    if 0 <= minutes < 1:
        return "Just now"
    if 1 <= minutes < 60:
        return f"{minutes} minute{'' if minutes == 1 else 's'} ago"
    said = when(at, now)
    return said[:1].upper() + said[1:]


def _cards(session: Session, requests: Sequence[RequestId]) -> Mapping[RequestId, Card]:
    now = session.world.clock.now().astimezone()
    return {row.request: card_of(row, now) for row in session.vault.projections.rows(requests)}


def _steps(session: Session) -> tuple[FirstStep, ...]:
    return () if session.vault.projections.ids() else first_steps(session)
