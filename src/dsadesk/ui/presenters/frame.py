"""What every presenter is given: the desk, a way to work off the GUI thread, and a way to go to another page."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol, TypeVar

from dsadesk.domain.ids import OrganisationId, RequestId
from dsadesk.errors import DsadeskError
from dsadesk.services.changes import Changes
from dsadesk.services.delivering import Deliverer
from dsadesk.services.desk import Desk
from dsadesk.services.wording import Explanation, explain

T = TypeVar("T")


class Page(StrEnum):
    """The pages of the window."""

    FIRST_RUN = "first-run"
    UNLOCK = "unlock"
    REQUESTS = "requests"
    EDITOR = "editor"
    REQUEST = "request"
    SIGN_OFF = "sign-off"
    INBOX = "inbox"
    AGREEMENTS = "agreements"
    AGREEMENT = "agreement"
    CATALOGUE = "catalogue"
    PARTNERS = "partners"
    EXCHANGE = "exchange"
    SETTINGS = "settings"
    ABOUT = "about"


PLACES = "places"
"""The part of the settings that lists the places for deliveries."""


@dataclass(frozen=True)
class Place:
    """A page, and what it is about. `part` is a section, a question or a tab of the page."""

    page: Page
    request: RequestId | None = None
    org: OrganisationId | None = None
    part: str = ""


class Submit(Protocol):
    """Runs `work` where it may take its time and brings the result, or the error, back to the caller's thread."""

    def __call__(self, work: Callable[[], T], then: Callable[[T], None], fail: Callable[[Exception], None]) -> None:
        """Begins the work. Exactly one of `then` and `fail` is called, unless the program closes first."""
        ...


@dataclass(frozen=True)
class Frame:
    """The window, as far as a presenter may know it."""

    desk: Desk
    submit: Submit
    go: Callable[[Place], None]
    changed: Callable[[Changes], None]
    announce: Callable[[str], None]
    aside: Submit | None = None
    delivering: Callable[[], Deliverer] | None = None
    is_offline: Callable[[], bool] = lambda: False
    soon: Callable[[Callable[[], None]], None] = lambda act: act()
    """Does something once what just changed is drawn, a few milliseconds later; on the spot where there is no window."""

    def deliverer(self) -> Deliverer:
        """What sends and fetches for the open vault. The window keeps one; without a window each call gives one that works on the spot."""
        return self.delivering() if self.delivering is not None else Deliverer(self.desk.session)

    def submit_aside(self, work: Callable[[], T], then: Callable[[T], None], fail: Callable[[Exception], None]) -> None:
        """Works beside the vault, on nothing of the vault's: reading a text, looking up words."""
        (self.aside or self.submit)(work, then, fail)

    def work(self, work: Callable[[], T], then: Callable[[T], None], failed: Callable[[Explanation], None]) -> None:
        """Works on the vault, tells every page what changed, and turns an expected error into its sentences.

        An error that is not ours to expect is raised again where the window reports crashes.
        """
        self._through(self.submit, work, then, failed)

    def deliver(self, work: Callable[[], T], then: Callable[[T], None], failed: Callable[[Explanation], None]) -> None:
        """Works as `work` does, but beside the vault, which the work uses only by what it posts there (`Deliverer.post`)."""
        self._through(self.submit_aside, work, then, failed)

    def _through(
        self,
        submit: Submit,
        work: Callable[[], T],
        then: Callable[[T], None],
        failed: Callable[[Explanation], None],
    ) -> None:
        def done(result: T) -> None:
            self.tell()
            then(result)

        def fail(error: Exception) -> None:
            self.tell()
            if not isinstance(error, DsadeskError):
                raise error
            failed(self.explain(error))

        submit(work, done, fail)

    def explain(self, error: DsadeskError) -> Explanation:
        """An error in words, with "yours" and "theirs" told apart where the vault is open."""
        own = self.desk.session.profile.organisation.id if self.desk.is_open else ""
        return explain(error, own=own)

    def tell(self) -> None:
        """Tells every page what changed since it was last told."""
        if self.desk.is_open:
            changes = self.desk.session.changes.take()
            if changes:
                self.changed(changes)
