"""Sending and fetching: what waits and why, one button, what goes on by itself, and what came of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from dsadesk.domain.ids import RequestId
from dsadesk.services.changes import Changes
from dsadesk.services.delivering import Deliverer, Lately
from dsadesk.services.leaving import leave_for_later, send_after_all
from dsadesk.services.wording import Explanation, duration_words, kind_words, problem_words, size_words
from dsadesk.sync.orders import Key
from dsadesk.sync.shown import Going, Shown
from dsadesk.ui.presenters.exchange_words import ExchangeResult, ResultLine, result_of
from dsadesk.ui.presenters.frame import PLACES, Frame, Page, Place
from dsadesk.ui.presenters.outbox import ExchangeFacts, ItemMotion, facts_of, motions_of
from dsadesk.ui.presenters.outlook import outlook_of, outlook_sentence

INBOX_PART = "inbox"


@dataclass(frozen=True)
class ProgressShown:
    """How far the sending is."""

    sentence: str
    done: int
    total: int


class ExchangePage(Protocol):
    """What the presenter asks of the page."""

    def show_facts(self, facts: ExchangeFacts) -> None:
        """Show what waits, and where the inbox is."""

    def show_working(self, sentence: str) -> None:
        """Say that it is going on, and call `tick` now and then; nothing when it is over."""

    def show_progress(self, progress: ProgressShown | None) -> None:
        """Show how far the sending is; nothing when nothing is sent."""

    def show_motions(self, motions: Mapping[Key, ItemMotion]) -> None:
        """Show how far each delivery is. Those that are not named show what the vault knows of them."""

    def show_outlook(self, sentence: str) -> None:
        """Say what goes on by itself, and how it is with the inbox."""

    def show_holds(self, *, offered: bool, paused: bool, can_stop: bool) -> None:
        """Offer to pause sending, or to go on with it; and to end it, where it does not begin again by itself."""

    def show_result(self, result: ExchangeResult) -> None:
        """Show what came of it."""

    def show_error(self, explanation: Explanation | None) -> None:
        """Say what went wrong, or take it back."""

    def ask_inbox(self) -> None:
        """Have a place chosen for the inbox."""


class ExchangePresenter:
    """Shows the outbox, sends and fetches."""

    def __init__(self, view: ExchangePage, frame: Frame) -> None:
        self._view = view
        self._frame = frame
        self._deliverer: Deliverer | None = None
        self._is_working = False
        self._met: tuple[object, ...] = ()

    def open(self, part: str = "") -> None:
        """Show what waits. `part` may ask for the place of the inbox to be chosen."""
        self._load(lambda: self._view.ask_inbox() if part == INBOX_PART else None)
        self.tick()

    def refresh(self, changes: Changes) -> None:
        """Show it anew when something went or came."""
        if changes.outbox or changes.cards or changes.requests:
            self._load()

    def exchange(self) -> None:
        """Send everything that waits and take in everything that has come."""
        if self._is_working:
            return
        session, deliverer = self._frame.desk.session, self._frame.deliverer()
        self._is_working, self._deliverer = True, deliverer
        deliverer.controls.resume()
        self._view.show_error(None)
        self._view.show_working("Sending what waits and fetching what has come…")
        self.tick()

        def work() -> ExchangeResult:
            done = deliverer.round()
            return deliverer.post(lambda: result_of(session, done))

        def done(result: ExchangeResult) -> None:
            self._over()
            self._view.show_result(result)
            self._frame.announce(result.title)
            self._load()

        def failed(explanation: Explanation) -> None:
            self._over()
            self._failed(explanation)
            self._load()

        self._frame.deliver(work, done, failed)

    # ------------------------------------------------------------ holding it up

    def pause(self) -> None:
        """Stop sending where it is, or go on. Fetching is never paused."""
        deliverer = self._current()
        if deliverer is None:
            return
        controls = deliverer.controls
        if controls.is_paused:
            controls.resume()
        else:
            controls.pause()
        self._frame.announce("Sending is paused." if controls.is_paused else "Sending goes on.")
        self.tick()

    def stop(self) -> None:
        """End this exchange. What waits is kept, and sending again goes on from where it was."""
        if self._deliverer is not None:
            self._deliverer.controls.cancel()

    def pause_one(self, key: Key, *, paused: bool) -> None:
        """Stop one delivery where it is, or let it go on."""
        deliverer = self._current()
        if deliverer is not None:
            (deliverer.controls.pause if paused else deliverer.controls.resume)(key)
            self._frame.announce("This delivery is paused." if paused else "This delivery goes on.")

    def leave(self, key: Key) -> None:
        """Leave one delivery for later: it is not sent until somebody says so, not even after the vault was locked."""
        session, deliverer = self._frame.desk.session, self._current()

        def done(_: None) -> None:
            if deliverer is not None:
                deliverer.controls.cancel(key)
            self._frame.announce("This delivery is left for later.")

        self._frame.work(lambda: leave_for_later(session, key), done, self._failed)

    def send_after_all(self, key: Key) -> None:
        """Send a delivery that was left for later, with the next run."""
        session, deliverer = self._frame.desk.session, self._current()

        def done(_: None) -> None:
            if deliverer is not None:
                deliverer.controls.resume(key)
            self._frame.announce("This delivery is sent with the others again.")

        self._frame.work(lambda: send_after_all(session, key), done, self._failed)

    # ------------------------------------------------------------ how far it is

    def tick(self) -> None:
        """Show how far it is. The page calls this while it is seen; what it reads is a few references, put there by the work."""
        deliverer = self._current()
        if deliverer is None or not self._frame.desk.is_open:
            return
        is_automatic, controls = deliverer.is_automatic, deliverer.controls
        outlook = outlook_of(deliverer, is_offline=self._frame.is_offline())
        if is_automatic and self._met != _met(deliverer.lately):
            self._load()
            return
        now = self._frame.desk.world.clock.now().astimezone()
        self._view.show_outlook(outlook_sentence(outlook, now))
        is_sending = deliverer.lately.is_sending
        is_under_way = is_sending and any(each.going in _UNDER_WAY for each in deliverer.shown)
        self._view.show_holds(
            offered=self._is_working or is_under_way or controls.is_paused or is_automatic,
            paused=controls.is_paused,
            can_stop=self._is_working and not is_automatic,
        )
        self._view.show_progress(progress_of(deliverer.shown) if is_sending else None)
        self._view.show_motions(motions_of(deliverer.shown, is_sending=is_sending, all_paused=controls.is_paused))

    # ------------------------------------------------------------ going on

    def follow(self, line: ResultLine) -> None:
        """Go where a line of the result leads."""
        if line.request is not None:
            self._frame.go(Place(Page.REQUEST, request=line.request))
        elif line.page is not None:
            self._frame.go(Place(line.page, part=PLACES if line.page is Page.SETTINGS else ""))

    def go_to_card(self) -> None:
        """Go to where our own card is saved for partners."""
        self._frame.go(Place(Page.PARTNERS, org=self._frame.desk.session.profile.organisation.id))

    def open_request(self, request: RequestId) -> None:
        """Go to the request of a delivery."""
        self._frame.go(Place(Page.REQUEST, request=request))

    def _current(self) -> Deliverer | None:
        """What sends now: that of the exchange under way, else the window's own."""
        if self._deliverer is None and self._frame.delivering is not None and self._frame.desk.is_open:
            return self._frame.deliverer()
        return self._deliverer

    def _over(self) -> None:
        self._is_working, self._deliverer = False, None
        self._view.show_working("")
        self.tick()

    def _load(self, then: Callable[[], None] = lambda: None) -> None:
        session, deliverer = self._frame.desk.session, self._current()
        lately = deliverer.lately if deliverer is not None and deliverer.is_automatic else None
        self._met = _met(lately) if lately is not None else ()

        def work() -> ExchangeFacts:
            return facts_of(session, lately)

        def done(facts: ExchangeFacts) -> None:
            self._view.show_facts(facts)
            self.tick()
            then()

        self._frame.work(work, done, self._failed)

    def _failed(self, explanation: Explanation) -> None:
        self._view.show_error(explanation)
        self._frame.announce(explanation.what)


def _met(lately: Lately) -> tuple[object, ...]:
    """What the last tries met with: where it is another, the page is no longer right."""
    return (lately.fault, *(problem.error for problem in lately.problems))


_UNDER_WAY = frozenset({Going.MOVING, Going.WAITING, Going.PAUSED})


def progress_of(shown: Sequence[Shown]) -> ProgressShown | None:
    """Put how far the sending is into words: the first item that moves, else why the first one waits."""
    unfinished = [each for each in shown if each.going not in (Going.SENT, Going.STOPPED)]
    first = next((each for each in unfinished if each.going is Going.MOVING), next(iter(unfinished), None))
    if first is None:
        return None
    sentence = f"{kind_words(first.kind)}: {size_words(first.done)} of {size_words(first.total)}"
    if first.going is Going.PAUSED:
        sentence += ", paused"
    elif first.why:
        sentence += f". It is tried again by itself: {problem_words(first.why)}"
    elif first.seconds_left is not None:
        sentence += f", about {duration_words(first.seconds_left)} left"
    return ProgressShown(sentence, first.done, max(1, first.total))
