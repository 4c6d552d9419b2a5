"""The recovery words in three: a sheet for each share, and one word of each typed back from paper before it is done."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Protocol

from dsadesk.bundle.shares import SHARES, Share
from dsadesk.secret import Secret
from dsadesk.services import splitting
from dsadesk.services.wording import Explanation
from dsadesk.ui.presenters.files import write_file
from dsadesk.ui.presenters.frame import Frame

DONE = "The three shares are on paper. Put them in three places, and write down who has which."


def field(number: int) -> str:
    """Return the name of the field for a share's word."""
    return f"share-{number}"


class SharesPage(Protocol):
    """What the presenter asks of the dialog."""

    def show_shares(self, set_name: str, places: Sequence[int]) -> None:
        """Offer a sheet for each share, and ask for the word at one place of each."""

    def show_saved(self, sentence: str) -> None:
        """Say that a sheet is saved."""

    def show_problems(self, problems: Mapping[str, str]) -> None:
        """Say what is wrong, by field."""

    def show_error(self, explanation: Explanation) -> None:
        """Say what went wrong."""

    def show_done(self) -> None:
        """Close: all three are on paper."""


class SharesPresenter:
    """Holds three shares for as long as its dialog is open, and no longer."""

    def __init__(self, view: SharesPage, frame: Frame) -> None:
        self._view = view
        self._frame = frame
        self._shares: tuple[Share, ...] = ()
        self._places: tuple[int, ...] = ()

    def start(self, words: Secret[str]) -> None:
        """Split the words. Whoever holds them lets go of them."""

        def done(shares: tuple[Share, ...]) -> None:
            self._shares = shares
            token = self._frame.desk.world.entropy.token(4 * SHARES)
            self._places = splitting.places_to_ask(token, SHARES)
            self._view.show_shares(shares[0].set_name, self._places)

        self._frame.work(lambda: splitting.split(words), done, self._view.show_error)

    def words_of(self, number: int) -> tuple[str, ...]:
        """Return the words of a share, to be printed; none once they are let go of."""
        return next((share.words for share in self._shares if share.number == number), ())

    def suggest(self, number: int) -> str:
        """Return a name for a share's file."""
        return f"share-{number}-of-{SHARES}.pdf"

    def save(self, number: int, file: Path) -> None:
        """Write a share's sheet, in clear, where somebody chose."""
        session = self._frame.desk.session
        share = next(each for each in self._shares if each.number == number)

        def done(_: None) -> None:
            said = f"Share {number} is in {file.name}, in clear. Print it, then delete the file."
            self._view.show_saved(said)
            self._frame.announce(said)

        self._frame.work(lambda: write_file(file, splitting.sheet(session, share)), done, self._view.show_error)

    def prove(self, answers: Sequence[str]) -> None:
        """Compare the words that were typed back."""
        if not self._shares:
            return
        wrong = splitting.wrong_answers(self._shares, self._places, answers)
        problems = {
            field(n): f"That is not word {self._places[n - 1]} of share {n}. Look at its sheet again." for n in wrong
        }
        self._view.show_problems(problems)
        if problems:
            self._frame.announce("That is not what was printed.")
            return
        self.let_go()
        self._view.show_done()
        self._frame.announce(DONE)

    def let_go(self) -> None:
        """Forget the shares. Any two that are on paper go on working."""
        self._shares = ()
