"""Earlier versions of a draft beside it: which there are, what differs, and bringing answers back."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from dsadesk.domain.ids import RequestId
from dsadesk.services import drafting
from dsadesk.services.versions import Difference, Version, compare, versions
from dsadesk.services.wording import Explanation, clock_words, long_date
from dsadesk.ui.presenters.editor import EditorPresenter
from dsadesk.ui.presenters.frame import Frame
from dsadesk.ui.vocabulary import Option

NOW = "now"


@dataclass(frozen=True)
class Compared:
    """Two versions side by side. `can_bring_back` says that the right one is the draft, so that the left can be put in its place."""

    differences: tuple[Difference, ...]
    can_bring_back: bool


class VersionsPage(Protocol):
    """What the presenter asks of the dialog."""

    def show_versions(self, left: Sequence[Option], right: Sequence[Option], chosen: tuple[str, str]) -> None:
        """Offer the versions, and show which two are compared."""

    def show_compared(self, compared: Compared) -> None:
        """Show what differs."""

    def show_error(self, explanation: Explanation) -> None:
        """Say what went wrong."""


class VersionsPresenter:
    """Compares two versions of the draft that the editor has open."""

    def __init__(self, view: VersionsPage, frame: Frame, editor: EditorPresenter) -> None:
        self._view, self._frame, self._editor = view, frame, editor
        self._versions: tuple[Version, ...] = ()
        self._chosen = ("", NOW)

    def start(self) -> None:
        """Offer what there is, and compare the newest that differs with the draft."""
        request, session = self._editor.request, self._frame.desk.session
        if request is None:
            return
        self._frame.work(lambda: versions(session, RequestId(request)), self._show, self._view.show_error)

    def choose(self, left: str, right: str) -> None:
        """Compare two versions."""
        self._chosen = (left, right)
        questions = drafting.question_set(self._frame.desk.session)
        language = self._frame.desk.world.settings.language
        found = compare(questions, self._answers(left), self._answers(right), language)
        self._view.show_compared(Compared(found, right == NOW))

    def bring_back(self, questions: Sequence[str]) -> None:
        """Put the left answers to these questions in place of those of the draft. It can be undone."""
        left = self._answers(self._chosen[0])
        known = drafting.question_set(self._frame.desk.session)
        wanted = {name: left.get(name) for name in questions if known.question(name) is not None}
        self._editor.take_all(wanted, "Brought back")
        self.choose(*self._chosen)

    def _show(self, found: tuple[Version, ...]) -> None:
        now = self._editor.answers
        self._versions = tuple(each for each in found if each.sealed or dict(each.answers) != now)
        options = [Option(each.id, _name(each)) for each in self._versions]
        here = Option(NOW, "The draft as it stands")
        left = options[0].value if options else NOW
        self._view.show_versions([*options, here], [here, *options], (left, NOW))
        if options:
            self.choose(left, NOW)

    def _answers(self, version: str) -> dict[str, object]:
        if version == NOW:
            return dict(self._editor.answers)
        return next((dict(each.answers) for each in self._versions if each.id == version), {})


def _name(version: Version) -> str:
    if version.sealed:
        return f"Sealed version {version.sealed}, {_when(version.at)}"
    return f"Draft, {_when(version.at)}"


def _when(at: datetime) -> str:
    here = at.astimezone()
    return f"{long_date(here.date())} at {clock_words(here)}"
