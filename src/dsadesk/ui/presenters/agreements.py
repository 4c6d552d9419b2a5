"""The agreements page: every request that has an agreement or is ready for one, those that need us first."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Protocol

from dsadesk.domain.ids import RequestId
from dsadesk.ports import ListGroup, RequestRow
from dsadesk.services.changes import Changes
from dsadesk.services.session import Session
from dsadesk.services.wording import Explanation
from dsadesk.ui.presenters.agreement import HAS_AGREEMENT
from dsadesk.ui.presenters.frame import Frame, Page, Place
from dsadesk.ui.presenters.requests import FIRST_ROWS, card_of
from dsadesk.ui.vocabulary import Card, Segment

ALL = "all"
SEGMENTS = (Segment(ALL, "All"), Segment("open", "To settle"), Segment("held", "In force"), Segment("closed", "Closed"))
_GROUPS: Mapping[str, tuple[ListGroup, ...]] = {
    ALL: (ListGroup.NEEDS_YOU, ListGroup.SENT, ListGroup.AGREED, ListGroup.CLOSED),
    "open": (ListGroup.NEEDS_YOU, ListGroup.SENT),
    "held": (ListGroup.AGREED,),
    "closed": (ListGroup.CLOSED,),
}
_CHUNK, _MOST = 500, 2_000


class AgreementsPage(Protocol):
    """What the presenter asks of the page."""

    def show_list(self, ids: Sequence[RequestId], cards: Mapping[RequestId, Card]) -> None:
        """Show these requests; the first of them with these words."""

    def show_cards(self, window: int, cards: Mapping[RequestId, Card]) -> None:
        """Show the words of a window of rows."""

    def give_up(self, window: int) -> None:
        """Note that the words of a window could not be had, so that the next look asks again."""

    def show_nothing(self, title: str, sentence: str) -> None:
        """Say why the list is empty, or nothing when it is not."""

    def show_error(self, explanation: Explanation) -> None:
        """Say what went wrong."""


class AgreementsPresenter:
    """Lists agreements by filter and search."""

    def __init__(self, view: AgreementsPage, frame: Frame) -> None:
        self._view = view
        self._frame = frame
        self._segment = ALL
        self._words = ""
        self._asked = 0

    def start(self) -> None:
        """Show the list as it is now."""
        self._list()

    def refresh(self, changes: Changes) -> None:
        """List again when a request changed."""
        if changes.requests:
            self._list()

    def search(self, words: str) -> None:
        """List those that have these words in title, reference or the other organisation's name."""
        self._words = words
        self._list()

    def choose_segment(self, segment: str) -> None:
        """List the agreements of one kind."""
        self._segment = segment
        self._list()

    def window(self, window: int, requests: Sequence[RequestId]) -> None:
        """Get the words of a window of rows."""
        session, wanted = self._frame.desk.session, tuple(requests)

        def failed(explanation: Explanation) -> None:
            self._view.give_up(window)
            self._view.show_error(explanation)

        self._frame.work(
            lambda: _cards(session, session.vault.projections.rows(wanted)),
            lambda cards: self._view.show_cards(window, cards),
            failed,
        )

    def choose(self, request: RequestId) -> None:
        """Go to an agreement."""
        self._frame.go(Place(Page.AGREEMENTS, request=request))

    def _list(self) -> None:
        session, words, segment = self._frame.desk.session, self._words, self._segment
        self._asked += 1
        asked = self._asked

        def load() -> tuple[tuple[RequestId, ...], Mapping[RequestId, Card]]:
            rows = agreements(session, _GROUPS[segment], words)
            return tuple(row.request for row in rows), _cards(session, rows[:FIRST_ROWS])

        def done(found: tuple[tuple[RequestId, ...], Mapping[RequestId, Card]]) -> None:
            if asked == self._asked:
                self._show(*found)

        self._frame.work(load, done, self._view.show_error)

    def _show(self, ids: tuple[RequestId, ...], cards: Mapping[RequestId, Card]) -> None:
        self._view.show_list(ids, cards)
        if ids:
            self._view.show_nothing("", "")
        elif self._words:
            sentence = "Look for other words from the title, the reference or the organisation's name."
            self._view.show_nothing(f"Nothing matches “{self._words}”", sentence)
        elif self._segment == ALL:
            sentence = "Once a request is agreed in principle, its agreement is drafted, read and signed here."
            self._view.show_nothing("No agreements yet", sentence)
        else:
            self._view.show_nothing("None of this kind", "Choose “All” to see every agreement.")


def agreements(session: Session, groups: Sequence[ListGroup], words: str) -> tuple[RequestRow, ...]:
    """Return the rows of the requests in these lists that have an agreement or are ready for one, list by list."""
    found: list[RequestRow] = []
    for group in groups:
        ids = session.vault.projections.ids(groups=frozenset({group}), search=words)
        for start in range(0, len(ids), _CHUNK):
            rows = session.vault.projections.rows(ids[start : start + _CHUNK])
            found += [row for row in rows if row.stage in HAS_AGREEMENT]
            if len(found) >= _MOST:
                return tuple(found[:_MOST])
    return tuple(found)


def _cards(session: Session, rows: Sequence[RequestRow]) -> Mapping[RequestId, Card]:
    now = session.world.clock.now().astimezone()
    return {row.request: card_of(row, now) for row in rows}
