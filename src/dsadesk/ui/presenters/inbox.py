"""The inbox: requests that others sent to us, what is new first, and what was held back at a door."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from dsadesk.domain.ids import RequestId
from dsadesk.domain.organisation import Side
from dsadesk.errors import RuleError
from dsadesk.ports import ListGroup, RequestRow
from dsadesk.services import exchanging, taking_in
from dsadesk.services.changes import Changes
from dsadesk.services.exchanging import Exchange
from dsadesk.services.projecting import is_sign_off
from dsadesk.services.session import Session
from dsadesk.services.taking_in import TakenIn
from dsadesk.services.wording import Explanation, plain
from dsadesk.ui.presenters.exchange_words import ExchangeResult, ResultLine, result_of, taken_line
from dsadesk.ui.presenters.frame import Frame, Page, Place
from dsadesk.ui.presenters.held import HeldBack, held_back, turned_away_sentence
from dsadesk.ui.presenters.requests import FIRST_ROWS, card_of
from dsadesk.ui.vocabulary import Card, Segment, Tone

REQUESTS, HELD = "requests", "held"
SEGMENTS = (Segment(REQUESTS, "Requests"), Segment(HELD, "Held back"))
# What needs us, then what has only just come, then the rest; newest first within each.
_ORDER = (
    frozenset({ListGroup.NEEDS_YOU}),
    frozenset({ListGroup.READY}),
    frozenset({ListGroup.SENT, ListGroup.AGREED}),
    frozenset({ListGroup.CLOSED}),
)


@dataclass(frozen=True)
class InboxListing:
    """The lists of the page."""

    ids: tuple[RequestId, ...]
    cards: Mapping[RequestId, Card]
    held: tuple[HeldBack, ...]
    turned_away: str


class InboxPage(Protocol):
    """What the presenter asks of the page."""

    def show_list(self, ids: Sequence[RequestId], cards: Mapping[RequestId, Card]) -> None:
        """Show these requests; the first of them with these words."""

    def show_cards(self, window: int, cards: Mapping[RequestId, Card]) -> None:
        """Show the words of a window of rows."""

    def give_up(self, window: int) -> None:
        """Note that the words of a window could not be had, so that the next look asks again."""

    def show_held(self, held: Sequence[HeldBack], turned_away: str) -> None:
        """Show what was held back, and say what there was no room to keep."""

    def show_nothing(self, title: str, sentence: str) -> None:
        """Say why the list of requests is empty, or nothing when it is not."""

    def show_busy(self, sentence: str) -> None:
        """Say what is being done; nothing when it is over."""

    def show_result(self, result: ExchangeResult) -> None:
        """Say what came of fetching or of opening a file."""

    def show_error(self, explanation: Explanation | None) -> None:
        """Say what went wrong, or take it back."""


class InboxPresenter:
    """Lists what came, fetches, and takes in files."""

    def __init__(self, view: InboxPage, frame: Frame) -> None:
        self._view = view
        self._frame = frame
        self._words = ""
        self._asked = 0
        self._listed: frozenset[RequestId] = frozenset()

    def start(self) -> None:
        """Show the list as it is now."""
        self._list()

    def refresh(self, changes: Changes) -> None:
        """List again when something changed."""
        if changes.requests or changes.quarantine or changes.cards:
            self._list()

    def search(self, words: str) -> None:
        """List the requests that have these words in title, reference or the other organisation's name."""
        self._words = words
        self._list()

    def window(self, window: int, requests: Sequence[RequestId]) -> None:
        """Get the words of a window of rows."""
        session, wanted = self._frame.desk.session, tuple(requests)

        def failed(explanation: Explanation) -> None:
            self._view.give_up(window)
            self._view.show_error(explanation)

        self._frame.work(lambda: _cards(session, wanted), lambda cards: self._view.show_cards(window, cards), failed)

    def choose(self, request: RequestId) -> None:
        """Go to a request."""
        session = self._frame.desk.session

        def done(row: RequestRow | None) -> None:
            page = Page.SIGN_OFF if row is not None and is_sign_off(row) else Page.INBOX
            self._frame.go(Place(page, request=request))

        self._frame.work(lambda: session.vault.projections.get(request), done, self._failed)

    def fetch(self) -> None:
        """Take in everything that has come."""
        session = self._frame.desk.session
        self._begin("Looking into your inbox…")
        self._frame.work(lambda: result_of(session, exchanging.fetch(session, Exchange())), self._came, self._failed)

    def open_file(self, file: Path) -> None:
        """Take in a delivery that somebody handed over as a file."""
        session = self._frame.desk.session
        self._begin(f"Checking {plain(file.name)}…")

        def work() -> tuple[TakenIn | None, ResultLine | None]:
            taken = _import(session, file)
            now = session.world.clock.now().astimezone()
            return taken, None if taken is None else taken_line(session, taken, now)

        def done(found: tuple[TakenIn | None, ResultLine | None]) -> None:
            taken, line = found
            if taken is None or line is None:
                sentence = "This delivery was taken in before, so nothing changed"
                self._came(ExchangeResult(sentence, Tone.NEUTRAL, ()))
                return
            self._came(ExchangeResult("The delivery is taken in", line.tone, (line,)))
            self._frame.go(Place(self._page_of(line), request=taken.request))

        self._frame.work(work, done, self._failed)

    def follow(self, line: ResultLine) -> None:
        """Go where a line of the result leads."""
        if line.request is not None:
            self._frame.go(Place(self._page_of(line), request=line.request))

    def _page_of(self, line: ResultLine) -> Page:
        """Requests to us are read here, and news of our own requests where those are."""
        return Page.INBOX if line.request in self._listed else Page.REQUEST

    def _begin(self, sentence: str) -> None:
        self._view.show_error(None)
        self._view.show_busy(sentence)

    def _came(self, result: ExchangeResult) -> None:
        self._view.show_busy("")
        self._view.show_result(result)
        self._frame.announce(result.title)

    def _failed(self, explanation: Explanation) -> None:
        self._view.show_busy("")
        self._view.show_error(explanation)
        self._frame.announce(explanation.what)

    def _list(self) -> None:
        session, words = self._frame.desk.session, self._words
        self._asked += 1
        asked = self._asked

        def load() -> InboxListing:
            ids = tuple(
                request
                for groups in _ORDER
                for request in session.vault.projections.ids(groups=groups, side=Side.SUPPLIER, search=words)
            )
            return InboxListing(
                ids, _cards(session, ids[:FIRST_ROWS]), held_back(session), turned_away_sentence(session)
            )

        def done(listing: InboxListing) -> None:
            if asked == self._asked:
                self._show(listing)

        self._frame.work(load, done, self._failed)

    def _show(self, listing: InboxListing) -> None:
        if not self._words:
            self._listed = frozenset(listing.ids)
        self._view.show_list(listing.ids, listing.cards)
        self._view.show_held(listing.held, listing.turned_away)
        if listing.ids:
            self._view.show_nothing("", "")
        elif self._words:
            sentence = "Look for other words from the title, the reference or the organisation's name."
            self._view.show_nothing(f"Nothing matches “{self._words}”", sentence)
        else:
            sentence = "Requests for your data come in here. Fetch what lies in your inbox, or open a file that somebody gave you."
            self._view.show_nothing("No requests have come in yet", sentence)


def _import(session: Session, file: Path) -> TakenIn | None:
    try:
        with file.open("rb") as handle:
            return taking_in.import_bundle(session, handle, file.name)
    except OSError as error:
        raise RuleError("file-unreadable", name=file.name, why=error.strerror or "") from error


def _cards(session: Session, requests: Sequence[RequestId]) -> Mapping[RequestId, Card]:
    now = session.world.clock.now().astimezone()
    return {row.request: card_of(row, now) for row in session.vault.projections.rows(requests)}
