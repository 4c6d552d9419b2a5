"""Putting a sealed delivery on a stick or into a folder: which sticks there are, how far the writing is, and what to do with the file."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from threading import Event
from typing import Protocol

from dsadesk.domain.ids import BoxId, BundleId
from dsadesk.errors import RuleError
from dsadesk.ports import OutboxItem
from dsadesk.services import handing_over
from dsadesk.services.handing_over import Stick
from dsadesk.services.naming import delivery_name
from dsadesk.services.session import Session
from dsadesk.services.wording import Explanation, size_words
from dsadesk.services.wording.handing_over import (
    digest_words,
    handing_over_sentences,
    stick_sentence,
    sticks_sentence,
)
from dsadesk.ui.presenters.frame import Frame


@dataclass(frozen=True)
class StickShown:
    """A stick as a row to choose. One that is not ready says why and cannot be chosen."""

    folder: Path
    name: str
    sentence: str
    is_ready: bool


@dataclass(frozen=True)
class SticksShown:
    """What is plugged in now, and how large the delivery is."""

    sentence: str
    size: str
    sticks: tuple[StickShown, ...]


@dataclass(frozen=True)
class HandedOver:
    """A delivery that was written as a file: what it is, and what to do with it."""

    name: str
    folder: str
    size: str
    sha256: str
    todo: tuple[str, ...]


class HandOverPage(Protocol):
    """What the presenter asks of the dialog."""

    def show_sticks(self, shown: SticksShown) -> None:
        """Show the sticks to choose from."""

    def show_writing(self, sentence: str) -> None:
        """Say that it is being written, or that it no longer is."""

    def show_progress(self, done: int, total: int, sentence: str) -> None:
        """Show how far it is."""

    def show_error(self, explanation: Explanation | None) -> None:
        """Say what went wrong, and let something else be chosen."""

    def show_handed_over(self, done: HandedOver) -> None:
        """Say what was written and what to do with it."""


class HandOverPresenter:
    """One delivery on its way to a file. Several dialogs may be open, each with its own."""

    def __init__(self, page: HandOverPage, frame: Frame, bundle: BundleId, box: BoxId) -> None:
        self._page = page
        self._frame = frame
        self._bundle, self._box = bundle, box
        self._stop = Event()
        self._far = (0, 0)
        self._is_writing = False
        self._seen: SticksShown | None = None

    def look(self) -> None:
        """Look which sticks are plugged in. The page asks again and again while it is open."""
        session = self._frame.desk.session if self._frame.desk.is_open else None
        if self._is_writing or session is None:
            return

        def show(shown: SticksShown) -> None:
            if shown != self._seen and not self._is_writing:
                self._seen = shown
                self._page.show_sticks(shown)

        self._frame.work(lambda: _sticks(session, self._item(session)), show, self._failed)

    def write_to(self, folder: Path) -> None:
        """Write the delivery into a folder, under a name of its own."""
        if self._is_writing:
            return
        session = self._frame.desk.session
        self._is_writing, self._far = True, (0, 0)
        self._stop.clear()
        self._page.show_error(None)
        self._page.show_writing(f"Writing to {folder}. Leave the stick where it is.")

        def work() -> HandedOver:
            item = self._item(session)
            target = folder / delivery_name(session, item)
            if target.exists():
                raise RuleError("file-exists", name=target.name)
            written = handing_over.export_to(session, item, target, self._note)
            card = session.vault.cards.get(item.org)
            return HandedOver(
                name=target.name,
                folder=str(folder),
                size=size_words(written.size),
                sha256=digest_words(written.sha256),
                todo=handing_over_sentences(card.name if card is not None else item.org),
            )

        def done(handed: HandedOver) -> None:
            self._over()
            self._page.show_handed_over(handed)
            self._frame.announce(f"{handed.name} is written and read back.")

        self._frame.work(work, done, self._failed)

    def stop(self) -> None:
        """Stop the writing; nothing of the file is left."""
        self._stop.set()

    def tick(self) -> None:
        """Show how far it is."""
        done, total = self._far
        if self._is_writing and total:
            sentence = f"{size_words(done)} of {size_words(total)}"
            read_back = "All of it is written; now it is read back to see that it is whole."
            self._page.show_progress(done, total, read_back if done >= total else sentence)

    def _note(self, done: int, total: int) -> None:
        if self._stop.is_set():
            raise handing_over.stopped()
        self._far = (done, total)

    def _item(self, session: Session) -> OutboxItem:
        item = session.vault.outbox.get(self._bundle, self._box)
        if item is None:
            raise RuleError("no-such-bundle", bundle=self._bundle)
        return item

    def _over(self) -> None:
        self._is_writing = False
        self._page.show_writing("")

    def _failed(self, explanation: Explanation) -> None:
        self._over()
        self._page.show_error(explanation)
        self._frame.announce(explanation.what)
        self._seen = None


def _sticks(session: Session, item: OutboxItem) -> SticksShown:
    found, needed = handing_over.sticks(session, item), handing_over.size_of(item)
    rows = tuple(_row(stick, needed) for stick in found)
    return SticksShown(sentence=sticks_sentence(found), size=size_words(needed), sticks=rows)


def _row(stick: Stick, needed: int) -> StickShown:
    drive = stick.drive
    return StickShown(drive.folder, drive.name, stick_sentence(stick, needed), stick.is_ready)
