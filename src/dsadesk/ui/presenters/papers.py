"""Papers about a request, to read in the window and to save to a folder: the decision letter, and the request itself."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Protocol

from dsadesk.documents.layout import Document
from dsadesk.domain.ids import RequestId
from dsadesk.services.papers import Paper, paper, paper_files
from dsadesk.services.session import Session
from dsadesk.services.wording import Explanation, size_words
from dsadesk.ui.presenters.files import SavedFile, write_file
from dsadesk.ui.presenters.frame import Frame

_PURPOSES = {
    "pdf": "To read, print and file.",
    "html": "To read in a browser.",
    "md": "To compare two versions line by line.",
}


class PapersPage(Protocol):
    """What the presenter asks of the page."""

    def show_paper(self, request: RequestId, which: Paper, document: Document) -> None:
        """Show a paper to read."""

    def show_saved(self, folder: str, files: Sequence[SavedFile]) -> None:
        """Say which files lie where, and what each is for."""

    def show_error(self, explanation: Explanation) -> None:
        """Say what went wrong."""


class PapersPresenter:
    """Makes papers when they are asked for."""

    def __init__(self, view: PapersPage, frame: Frame) -> None:
        self._view = view
        self._frame = frame

    def read(self, request: RequestId, which: Paper) -> None:
        """Show a paper as it would be saved now."""
        session = self._frame.desk.session
        self._frame.work(
            lambda: paper(session, request, which),
            lambda document: self._view.show_paper(request, which, document),
            self._failed,
        )

    def save(self, request: RequestId, which: Paper, folder: Path) -> None:
        """Write a paper in every form into a folder."""
        session = self._frame.desk.session
        self._frame.work(
            lambda: _save(session, request, which, folder),
            lambda files: self._view.show_saved(str(folder), files),
            self._failed,
        )

    def _failed(self, explanation: Explanation) -> None:
        self._view.show_error(explanation)
        self._frame.announce(explanation.what)


def _save(session: Session, request: RequestId, which: Paper, folder: Path) -> tuple[SavedFile, ...]:
    made = []
    for suffix, name, data in paper_files(session, request, which).files:
        write_file(folder / name, data)
        made.append(SavedFile(name, size_words(len(data)), _PURPOSES[suffix]))
    return tuple(made)
