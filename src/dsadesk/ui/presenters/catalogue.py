"""The catalogue on this laptop: taking in a file, finding a dataset, reading its terms in words, and starting a request from it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from msgspec.structs import replace

from dsadesk.catalogue.describe import summary_lines
from dsadesk.domain.events import Dataset
from dsadesk.domain.ids import OrganisationId
from dsadesk.ports import Draft
from dsadesk.services import discovering
from dsadesk.services.changes import Changes
from dsadesk.services.discovering import Imported
from dsadesk.services.keeping_cards import card_names
from dsadesk.services.session import Session
from dsadesk.services.wording import Explanation, count_words, plain, record_problem_sentence
from dsadesk.ui.presenters.files import read_file
from dsadesk.ui.presenters.frame import Frame, Page, Place
from dsadesk.ui.presenters.new_request import begin, partners
from dsadesk.ui.vocabulary import Card, Tone

MOST_FOUND = 100
_MOST_PROBLEMS = 200
_TITLE_LENGTH = 80
_SECRET = frozenset({"SECRET", "TOP_SECRET"})


@dataclass(frozen=True)
class ShownDataset:
    """One dataset: what it is, on what terms, and what to know before asking."""

    identifier: str
    title: str
    owner: str
    notice: str
    notice_details: str
    notice_tone: Tone
    facts: tuple[tuple[str, str], ...]
    can_start: bool


@dataclass(frozen=True)
class Found:
    """What a search came to."""

    datasets: tuple[Dataset, ...]
    cards: tuple[Card, ...]
    total: int
    sentence: str
    name_of: Callable[[str], str] = str


@dataclass(frozen=True)
class ImportResult:
    """What came of taking in a file."""

    sentence: str
    problems: tuple[str, ...]
    more: str


class CataloguePage(Protocol):
    """What the presenter asks of the page."""

    def show_found(self, found: Found) -> None:
        """Show what a search came to."""

    def show_dataset(self, shown: ShownDataset | None) -> None:
        """Show one dataset, or nothing."""

    def show_empty(self) -> None:
        """Say that there is no catalogue yet, and how to get one."""

    def show_imported(self, result: ImportResult) -> None:
        """Say what came of taking in a file."""

    def show_busy(self, sentence: str) -> None:
        """Say what is being done; nothing when it is over."""

    def show_error(self, explanation: Explanation | None) -> None:
        """Say what went wrong, or take it back."""


class CataloguePresenter:
    """Searches, shows and starts."""

    def __init__(self, view: CataloguePage, frame: Frame) -> None:
        self._view = view
        self._frame = frame
        self._words = ""
        self._found: tuple[Dataset, ...] = ()
        self._name_of: Callable[[str], str] = str
        self._chosen: Dataset | None = None
        self._asked = 0

    def start(self) -> None:
        """Show what there is."""
        self._search()

    def refresh(self, changes: Changes) -> None:
        """Search again when the catalogue changed."""
        if changes.catalogue:
            self._search()

    def search(self, words: str) -> None:
        """Look for datasets by words."""
        self._words = words
        self._search()

    def choose(self, row: int) -> None:
        """Show one of the datasets that were found."""
        if 0 <= row < len(self._found):
            self._chosen = self._found[row]
            self._view.show_dataset(shown(self._chosen, self._name_of))

    def open(self, identifier: str) -> None:
        """Show a dataset by its identifier."""
        session = self._frame.desk.session

        def work() -> tuple[Dataset, Callable[[str], str]]:
            return discovering.dataset(session, identifier), card_names(session)

        def done(found: tuple[Dataset, Callable[[str], str]]) -> None:
            self._chosen, self._name_of = found
            self._view.show_dataset(shown(*found))

        self._frame.work(work, done, self._failed)

    def import_file(self, file: Path) -> None:
        """Take in a catalogue file in place of what the same file gave before."""
        session = self._frame.desk.session
        self._view.show_error(None)
        self._view.show_busy(f"Reading {plain(file.name)}…")

        def work() -> Imported:
            return discovering.import_catalogue(session, read_file(file), file.name)

        def done(imported: Imported) -> None:
            result = result_of(imported, file.name)
            self._view.show_busy("")
            self._view.show_imported(result)
            self._frame.announce(result.sentence)

        self._frame.work(work, done, self._failed)

    def start_request(self) -> None:
        """Start a request about the dataset that is shown, for its owner when we hold their card."""
        dataset, session = self._chosen, self._frame.desk.session
        if dataset is None or dataset.security_classification in _SECRET:
            return

        def work() -> Draft:
            return begin(session, dataset.title[:_TITLE_LENGTH], owner_of(session, dataset), dataset)

        self._frame.work(work, lambda draft: self._frame.go(Place(Page.EDITOR, request=draft.request)), self._failed)

    def _search(self) -> None:
        session, words = self._frame.desk.session, self._words
        self._asked += 1
        asked = self._asked

        def done(found: Found) -> None:
            if asked == self._asked:
                self._show(found)

        self._frame.work(lambda: find(session, words), done, self._failed)

    def _show(self, found: Found) -> None:
        self._found, self._name_of = found.datasets, found.name_of
        if not found.total:
            self._chosen = None
            self._view.show_empty()
            return
        self._view.show_found(found)
        still = self._chosen is not None and any(each.identifier == self._chosen.identifier for each in found.datasets)
        if not still:
            self._chosen = None
            self._view.show_dataset(None)

    def _failed(self, explanation: Explanation) -> None:
        self._view.show_busy("")
        self._view.show_error(explanation)
        self._frame.announce(explanation.what)


def find(session: Session, words: str) -> Found:
    """Search the catalogue and put what was found into cards."""
    total = session.vault.catalogue.count()
    datasets = discovering.search(session, words, MOST_FOUND)
    many = len(datasets)
    if words:
        sentence = f"The best {many} of more" if many == MOST_FOUND else count_words(many, "# dataset", "# datasets")
    else:
        sentence = count_words(total, "# dataset on this computer", "# datasets on this computer")
    name_of = card_names(session)
    return Found(datasets, tuple(card_of(each, name_of) for each in datasets), total, sentence, name_of)


def card_of(dataset: Dataset, name_of: Callable[[str], str] = str) -> Card:
    """Put a dataset into a card of the list. `name_of` gives the name of an owner whose card we hold, by its identifier."""
    pill, tone = _access(dataset)
    return Card(plain(dataset.title, 200), plain(name_of(dataset.publisher), 160), pill, tone)


def shown(dataset: Dataset, name_of: Callable[[str], str] = str) -> ShownDataset:
    """Put a dataset into words. `name_of` gives the name of an owner whose card we hold, by its identifier."""
    notice, details, tone = _notice(dataset)
    dataset = replace(dataset, publisher=name_of(dataset.publisher))
    return ShownDataset(
        identifier=dataset.identifier,
        title=plain(dataset.title, 300),
        owner=plain(dataset.publisher, 160),
        notice=notice,
        notice_details=details,
        notice_tone=tone,
        facts=(*summary_lines(dataset), ("Identifier", dataset.identifier)),
        can_start=dataset.security_classification not in _SECRET,
    )


def owner_of(session: Session, dataset: Dataset) -> OrganisationId | None:
    """Return the partner that owns a dataset, when we hold a card of that very name or identifier."""
    publisher = dataset.publisher.casefold()
    found = next((each for each in partners(session) if publisher in {each.value, each.label.casefold()}), None)
    return OrganisationId(found.value) if found is not None else None


def result_of(imported: Imported, name: str) -> ImportResult:
    """Put what came of an import into words."""
    taken = count_words(imported.records, "# dataset was taken in", "# datasets were taken in")
    said = [record_problem_sentence(problem) for problem in imported.problems[:_MOST_PROBLEMS]]
    more = len(imported.problems) - len(said)
    return ImportResult(
        sentence=f"{taken} from {plain(name)}.",
        problems=tuple(said),
        more=count_words(more, "# more is not listed.", "# more are not listed.") if more else "",
    )


def _access(dataset: Dataset) -> tuple[str, Tone]:
    if dataset.security_classification in _SECRET:
        return "Not for this program", Tone.BAD
    return {
        "OPEN": ("Open to all", Tone.GOOD),
        "INTERNAL": ("Inside government", Tone.INFO),
        "COMMERCIAL": ("On conditions", Tone.INFO),
        "RESTRICTED": ("Restricted", Tone.WARN),
    }.get(dataset.access_rights, ("", Tone.NEUTRAL))


def _notice(dataset: Dataset) -> tuple[str, str, Tone]:
    if dataset.security_classification in _SECRET:
        words = "Data above OFFICIAL must not be asked for or handled with this program."
        return words, "Speak to your security adviser about the right way.", Tone.BAD
    if dataset.access_rights == "OPEN":
        words = "This data is open. You may not need to ask."
        return (
            words,
            "Look at where it is published first. Ask only for what the open data does not give you.",
            Tone.GOOD,
        )
    return "", "", Tone.NEUTRAL
