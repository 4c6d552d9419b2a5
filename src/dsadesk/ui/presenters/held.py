"""Deliveries that were held back: each in words, and what a person may do with one: try it again, save it as evidence, throw it away."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Protocol

from dsadesk.bundle.container import SUFFIX
from dsadesk.ports import QuarantinedBundle
from dsadesk.services import holding, retrying
from dsadesk.services.keeping_cards import card_names
from dsadesk.services.session import Session
from dsadesk.services.taking_in import TakenIn
from dsadesk.services.wording import Explanation, door_words, explain_quarantined, plain, size_words, when
from dsadesk.ui.presenters.exchange_words import ExchangeResult, ResultLine, taken_line
from dsadesk.ui.presenters.files import write_file
from dsadesk.ui.presenters.frame import Frame
from dsadesk.ui.vocabulary import Card, Tone

_NAMED = 12


@dataclass(frozen=True)
class HeldBack:
    """A delivery that stopped at a door, in words. `file_name` is what it is called when it is saved; `lost` what goes when it is thrown away."""

    id: str
    card: Card
    title: str
    what: str
    todo: str
    facts: tuple[tuple[str, str], ...]
    file_name: str
    lost: str


class HeldPage(Protocol):
    """What the presenter asks of the page."""

    def show_busy(self, sentence: str) -> None:
        """Say what is being done; nothing when it is over."""

    def show_result(self, result: ExchangeResult) -> None:
        """Say what came of it."""

    def show_error(self, explanation: Explanation | None) -> None:
        """Say what went wrong, or take it back."""


class HeldPresenter:
    """Does what the buttons under a delivery say."""

    def __init__(self, view: HeldPage, frame: Frame) -> None:
        self._view = view
        self._frame = frame

    def save(self, held: HeldBack, file: Path) -> None:
        """Write it to a file exactly as it came, as evidence."""
        session = self._frame.desk.session

        def done(_: None) -> None:
            details = "It is exactly as it came. Give it to whoever looks into it, and open it nowhere but here."
            self._say(f"The delivery is saved as {plain(file.name)}.", details)

        self._frame.work(lambda: write_file(file, holding.evidence(session, held.id)), done, self._failed)

    def discard(self, held: HeldBack) -> None:
        """Throw it away; the page has asked."""
        session = self._frame.desk.session

        def done(_: None) -> None:
            self._say("The delivery is thrown away.", "If somebody misses it, they have to send it again.")

        self._frame.work(lambda: holding.discard(session, held.id), done, self._failed)

    def retry(self, held: HeldBack) -> None:
        """Take it through the checks again: a key or a card may have come since."""
        session, deliverer = self._frame.desk.session, self._frame.deliverer()
        post, flow = deliverer.post, deliverer.controls.pacer.valve()
        self._view.show_error(None)
        self._view.show_busy("Checking it again…")

        def work() -> tuple[TakenIn | None, ResultLine | None]:
            taken = retrying.retry_quarantine(session, held.id, post, flow=flow)
            now = session.world.clock.now().astimezone()
            return taken, None if taken is None else post(lambda: taken_line(session, taken, now))

        def done(found: tuple[TakenIn | None, ResultLine | None]) -> None:
            taken, line = found
            self._view.show_busy("")
            if taken is None or line is None:
                self._say("This delivery was taken in meanwhile.", "")
            else:
                self._view.show_result(ExchangeResult("The delivery is taken in", line.tone, (line,)))
                self._frame.announce(line.sentence)

        self._frame.deliver(work, done, self._failed)

    def _say(self, sentence: str, details: str) -> None:
        self._view.show_error(None)
        lines = (ResultLine(Tone.NEUTRAL, details),) if details else ()
        self._view.show_result(ExchangeResult(sentence.rstrip("."), Tone.GOOD, lines))
        self._frame.announce(f"{sentence} {details}".strip())

    def _failed(self, explanation: Explanation) -> None:
        self._view.show_busy("")
        self._view.show_error(explanation)
        self._frame.announce(explanation.what)


def held_back(session: Session) -> tuple[HeldBack, ...]:
    """Return what lies in quarantine and has not passed since, newest first, each with its door, the reason and what to do."""
    now = session.world.clock.now().astimezone()
    return tuple(_held(session, each, now) for each in holding.held_back(session))


def turned_away_sentence(session: Session) -> str:
    """Return how many there was no room to keep, or nothing."""
    more = holding.turned_away(session)
    return f"There was no room to keep {more:,} more. Throw away what you do not need." if more else ""


def _held(session: Session, held: QuarantinedBundle, now: datetime) -> HeldBack:
    said = explain_quarantined(held, own=session.profile.organisation.id, name_of=card_names(session))
    door = door_words(held.door)
    came = when(held.at, now)
    title, is_file = f"Stopped at the check: {door}", _is_file(held)
    return HeldBack(
        id=held.id,
        card=Card(title, _source(held), "Held back", Tone.BAD, came[:1].upper() + came[1:]),
        title=title,
        what=said.what,
        todo=said.todo,
        facts=(
            ("Came from", _source(held)),
            ("Came", came[:1].upper() + came[1:]),
            ("Size", size_words(held.size)),
            ("Reason code", plain(held.code)),
            ("Fingerprint", held.sha256),
        ),
        file_name=f"held-back-{held.id[:_NAMED]}{SUFFIX if is_file else '.bin'}",
        lost=_FILE_LOST if is_file else _STORE_LOST,
    )


_FILE_LOST = "The file that somebody gave you stays where it is."
_STORE_LOST = (
    "It is not fetched from your inbox a second time: if it was meant for you, whoever sent it has to send it again."
)


def _is_file(held: QuarantinedBundle) -> bool:
    return held.source.rsplit("/", 1)[-1].endswith(SUFFIX)


def _source(held: QuarantinedBundle) -> str:
    return plain(held.source.rsplit("/", 1)[-1]) if _is_file(held) else "Your inbox in the store"
