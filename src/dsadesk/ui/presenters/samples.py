"""The samples of a draft: attaching, what was found in them, and taking them off again."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

from dsadesk.domain.ids import RequestId
from dsadesk.errors import RuleError
from dsadesk.ports import AttachedSample
from dsadesk.services import attaching
from dsadesk.services.attaching import REAL, SYNTHETIC
from dsadesk.services.changes import Changes
from dsadesk.services.session import Session
from dsadesk.services.wording import Explanation, size_words
from dsadesk.ui.presenters.frame import Frame
from dsadesk.ui.vocabulary import Option

PREVIEW_ROWS = 50
KINDS = (
    Option(SYNTHETIC, "Made-up data", "It has the shape of the real data, and nobody in it is real."),
    Option(REAL, "Real data that is about nobody", "Places, prices, measurements. Data about people is refused here."),
)
PROFILE_HEADING = ("Column", "Looks like", "Blank", "Different values", "To note")


@dataclass(frozen=True)
class ShownSample:
    """A sample as the page shows it."""

    n: int
    name: str
    kind: str
    facts: str
    warnings: tuple[str, ...]
    columns: tuple[tuple[str, ...], ...]


class SamplesPage(Protocol):
    """What the presenter asks of the panel."""

    def show_samples(self, samples: Sequence[ShownSample]) -> None:
        """Show the samples, or what to do when there is none."""

    def show_busy(self, sentence: str) -> None:
        """Say what is being done; nothing when it is over."""

    def show_error(self, explanation: Explanation | None) -> None:
        """Say why a file was refused."""

    def show_rows(self, name: str, rows: Sequence[Sequence[str]]) -> None:
        """Show the first rows of a sample."""

    def ask_remove(self, sample: ShownSample) -> None:
        """Ask whether to take a sample off."""


class SamplesPresenter:
    """Attaches files to a draft and shows what is in them."""

    def __init__(self, view: SamplesPage, frame: Frame) -> None:
        self._view = view
        self._frame = frame
        self._request: RequestId | None = None
        self._shown: tuple[ShownSample, ...] = ()

    def open(self, request: RequestId) -> None:
        """Show the samples of a draft."""
        if request != self._request:
            self._view.show_error(None)
        self._request = request
        session = self._frame.desk.session
        self._frame.work(lambda: _look(session, request), self._show, self._view.show_error)

    def refresh(self, changes: Changes) -> None:
        """Show them anew when they changed."""
        if self._request is not None and self._request in changes.requests:
            self.open(self._request)

    def attach(self, files: Sequence[Path], kind: str) -> None:
        """Attach files, one after the other. One that is refused leaves the others alone."""
        for file in files:
            self._attach(file, kind)

    def preview(self, n: int) -> None:
        """Show the first rows of a sample."""
        request, session = self._request, self._frame.desk.session
        sample = self._sample(n)
        if request is not None and sample is not None:
            self._frame.work(
                lambda: attaching.preview(session, request, n, PREVIEW_ROWS),
                lambda rows: self._view.show_rows(sample.name, rows),
                self._view.show_error,
            )

    def ask_remove(self, n: int) -> None:
        """Have the panel ask before a sample is taken off."""
        if (sample := self._sample(n)) is not None:
            self._view.ask_remove(sample)

    def remove(self, n: int) -> None:
        """Take a sample off; the panel has asked."""
        request, session = self._request, self._frame.desk.session
        if request is None:
            return

        def done(_: None) -> None:
            self._frame.announce("The sample is removed.")
            self.open(request)

        self._frame.work(lambda: attaching.detach(session, request, n), done, self._view.show_error)

    def _attach(self, file: Path, kind: str) -> None:
        request, session = self._request, self._frame.desk.session
        if request is None:
            return
        self._view.show_busy(f"Reading and encrypting {file.name}…")

        def done(sample: AttachedSample) -> None:
            self._view.show_busy("")
            self._view.show_error(None)
            self._frame.announce(f"{sample.name} is attached and encrypted.")
            self.open(request)

        def failed(explanation: Explanation) -> None:
            self._view.show_busy("")
            self._view.show_error(explanation)
            self._frame.announce(explanation.what)

        self._frame.work(lambda: _attach(session, request, file, kind), done, failed)

    def _show(self, samples: tuple[ShownSample, ...]) -> None:
        self._shown = samples
        self._view.show_samples(samples)

    def _sample(self, n: int) -> ShownSample | None:
        return next((sample for sample in self._shown if sample.n == n), None)


def shown(sample: AttachedSample) -> ShownSample:
    """Put a sample and its profile into words."""
    profile: Mapping[str, Any] = sample.profile
    columns: Sequence[Mapping[str, Any]] = profile.get("columns", ())
    rows = profile.get("rows", 0)
    facts = f"{rows:,} rows, {len(columns)} columns, {size_words(sample.size)}"
    return ShownSample(
        n=sample.n,
        name=sample.name,
        kind=next((kind.label for kind in KINDS if kind.value == sample.kind), sample.kind),
        facts=facts,
        warnings=tuple(str(warning) for warning in profile.get("warnings", ())),
        columns=tuple(_column(column) for column in columns),
    )


def _column(column: Mapping[str, Any]) -> tuple[str, ...]:
    distinct = f"{column.get('distinct', 0):,}"
    if not column.get("distinct_is_exact", True):
        distinct = f"{distinct} or more"
    notes = [str(column.get("note", ""))]
    if column.get("personal"):
        notes.insert(0, "Could point to a person")
    return (
        str(column.get("name", "")),
        str(column.get("looks_like", "")).replace("-", " "),
        f"{column.get('blanks', 0):,}",
        distinct,
        ". ".join(note for note in notes if note),
    )


def _look(session: Session, request: RequestId) -> tuple[ShownSample, ...]:
    return tuple(shown(sample) for sample in session.vault.samples.of_request(request))


def _attach(session: Session, request: RequestId, file: Path, kind: str) -> AttachedSample:
    try:
        with file.open("rb") as source:
            return attaching.attach(session, request, source, file.name, kind=kind)
    except OSError as error:
        raise RuleError("file-unreadable", name=file.name, why=error.strerror or "") from error
