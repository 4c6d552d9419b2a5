"""Finding datasets in the catalogue that lies on the laptop."""

from __future__ import annotations

from dataclasses import dataclass

from dsadesk.catalogue.model import Problem
from dsadesk.catalogue.parse import parse_catalogue
from dsadesk.domain.events import Dataset
from dsadesk.errors import CatalogueError, RuleError
from dsadesk.services.session import Session
from dsadesk.settings import MAX_CATALOGUE_BYTES


@dataclass(frozen=True)
class Imported:
    """How many records came in, and what was wrong with those that did not."""

    records: int
    problems: tuple[Problem, ...]


def import_catalogue(session: Session, data: bytes, name: str) -> Imported:
    """Takes in a catalogue file in place of what the same file gave before. Raises: CatalogueError; the catalogue is then as it was."""
    if len(data) > MAX_CATALOGUE_BYTES:
        raise CatalogueError("too-large", name=name, limit=MAX_CATALOGUE_BYTES)
    catalogue = parse_catalogue(data, name)
    if not catalogue.records:
        raise CatalogueError("no-records", name=name, problems=len(catalogue.problems))
    count = session.vault.catalogue.replace(name, catalogue.records)
    session.changes.flag("catalogue")
    return Imported(count, catalogue.problems)


def search(session: Session, words: str, limit: int = 50) -> tuple[Dataset, ...]:
    """Datasets that match every word, best first."""
    return session.vault.catalogue.search(words, limit)


def dataset(session: Session, identifier: str) -> Dataset:
    """One dataset. Raises: RuleError("no-such-dataset")."""
    found = session.vault.catalogue.get(identifier)
    if found is None:
        raise RuleError("no-such-dataset", identifier=identifier[:120])
    return found
