"""The reminder that the recovery words should still be there: when it shows, what it asks for, and what an answer means."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Protocol

from dsadesk.services import recovering, rehearsing
from dsadesk.services.rehearsing import WORDS
from dsadesk.services.session import Session
from dsadesk.services.wording import Explanation, long_date
from dsadesk.ui.presenters.frame import Frame

FIELD = "words"
PROVED = "You still have your recovery words. Put the sheet back where it is safe."


@dataclass(frozen=True)
class Asked:
    """What is asked for: the word with this number, or all 24 where `place` is None; and whether it is time to ask."""

    place: int | None
    is_due: bool


class Reminder(Protocol):
    """What the presenter asks of the view."""

    def show_asked(self, asked: Asked) -> None:
        """Remind of the words where it is time to, or take the reminder away."""

    def show_problems(self, problems: Mapping[str, str]) -> None:
        """Say in the open dialog what is wrong, by field: `words`."""

    def close_dialog(self) -> None:
        """Close the open dialog: it is done."""


class ReminderPresenter:
    """Reminds of the recovery words, takes one of them, and lets itself be put off."""

    def __init__(self, view: Reminder, frame: Frame) -> None:
        self._view = view
        self._frame = frame

    def start(self) -> None:
        """Look whether it is time to ask."""
        session = self._frame.desk.session
        self._frame.work(lambda: asked_of(session), self._view.show_asked, lambda _: None)

    def answer(self, place: int | None, typed: str) -> None:
        """Take the word, or all the words, that were typed."""
        session = self._frame.desk.session

        def done(asked: Asked) -> None:
            self._view.close_dialog()
            self._view.show_asked(asked)
            self._frame.announce(PROVED)

        def work() -> Asked:
            prove(session, place, typed)
            return asked_of(session)

        self._frame.work(work, done, problem_at(self._view.show_problems))

    def put_off(self) -> None:
        """Ask again in two weeks."""
        session = self._frame.desk.session

        def work() -> tuple[str, Asked]:
            return long_date(rehearsing.put_off(session).astimezone()), asked_of(session)

        def done(put: tuple[str, Asked]) -> None:
            day, asked = put
            self._view.show_asked(asked)
            self._frame.announce(f"You will be asked again on {day}.")

        self._frame.work(work, done, lambda _: None)


def asked_of(session: Session) -> Asked:
    """What is asked for next, and whether it is time."""
    return Asked(rehearsing.question(session).place, rehearsing.is_due(session, session.world.clock.now()))


def prove(session: Session, place: int | None, typed: str) -> None:
    """Compare one word; or all of them, or two shares, which say as much. Raises: InputError, WrongKeyError."""
    if place is None or len(typed.split()) >= WORDS:
        recovering.rehearse(session, typed)
    else:
        rehearsing.answer(session, place, typed)


def problem_at(show: Callable[[Mapping[str, str]], None]) -> Callable[[Explanation], None]:
    """Say an error, and what to do about it, at the field that the word was typed into."""
    return lambda explanation: show({FIELD: f"{explanation.what} {explanation.todo}".strip()})
