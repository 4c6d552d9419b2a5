"""Starting a request: from a dataset in the catalogue or from nothing, for a partner or for one chosen later."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from dsadesk.domain.events import Dataset
from dsadesk.domain.ids import OrganisationId, QuestionId
from dsadesk.ports import Draft
from dsadesk.services import discovering, drafting, reusing
from dsadesk.services.session import Session
from dsadesk.services.wording import Explanation
from dsadesk.ui.presenters.frame import Frame, Page, Place
from dsadesk.ui.vocabulary import Card, Option

OWN_CODE, SUPPLIER_CODE = "A1", "A8"
_MOST_FOUND = 50


@dataclass(frozen=True)
class NewRequest:
    """What there is to choose from."""

    partners: tuple[Option, ...]
    datasets: int
    templates: tuple[Option, ...] = ()


class NewRequestPage(Protocol):
    """What the presenter asks of the dialog."""

    def show_choices(self, choices: NewRequest) -> None:
        """Offer the partners, and the catalogue if there is one."""

    def show_found(self, cards: Sequence[Card]) -> None:
        """Show the datasets that match."""

    def show_chosen(self, title: str, supplier: str) -> None:
        """Fill in what the chosen dataset suggests; nothing where it suggests nothing."""

    def show_error(self, explanation: Explanation) -> None:
        """Say what went wrong."""

    def done_with(self) -> None:
        """Close: the request is there."""


class NewRequestPresenter:
    """Finds a dataset, suggests a title and a supplier from it, and starts the draft."""

    def __init__(self, view: NewRequestPage, frame: Frame) -> None:
        self._view = view
        self._frame = frame
        self._found: tuple[Dataset, ...] = ()
        self._chosen: Dataset | None = None
        self._partners: tuple[Option, ...] = ()

    def start(self) -> None:
        """Show what there is to choose from."""
        session = self._frame.desk.session

        def load() -> NewRequest:
            language = session.world.settings.language
            begun = [
                Option(each.id, each.title.in_language(language), each.about.in_language(language))
                for each in reusing.templates(session)
            ]
            return NewRequest(partners(session), session.vault.catalogue.count(), tuple(begun))

        self._frame.work(load, self._choices, self._failed)

    def search(self, words: str) -> None:
        """Look for datasets."""
        session = self._frame.desk.session

        def done(found: tuple[Dataset, ...]) -> None:
            self._found = found
            self._view.show_found([Card(each.title, each.publisher) for each in found])

        if words.strip():
            self._frame.work(lambda: discovering.search(session, words, _MOST_FOUND), done, self._failed)
        else:
            done(())

    def choose(self, row: int) -> None:
        """Ask for one of the datasets that were found."""
        self._chosen = self._found[row]
        publisher = self._chosen.publisher.casefold()
        supplier = next((each.value for each in self._partners if each.label.casefold() == publisher), "")
        self._view.show_chosen(self._chosen.title[:80], supplier)

    def choose_none(self) -> None:
        """Ask for no dataset in particular."""
        self._chosen = None

    def remove_template(self, template: str) -> None:
        """Throw away a template of one's own."""
        session = self._frame.desk.session
        self._frame.work(lambda: reusing.remove_template(session, template), lambda _: None, self._failed)

    def create(self, title: str, supplier: str, template: str = "") -> None:
        """Start the draft and go to its form."""
        session, dataset = self._frame.desk.session, self._chosen
        org = OrganisationId(supplier) if supplier else None

        def done(draft: Draft) -> None:
            self._view.done_with()
            self._frame.go(Place(Page.EDITOR, request=draft.request))

        self._frame.work(lambda: begin(session, title, org, dataset, template), done, self._failed)

    def _choices(self, choices: NewRequest) -> None:
        self._partners = choices.partners
        self._view.show_choices(choices)

    def _failed(self, explanation: Explanation) -> None:
        self._view.show_error(explanation)


def partners(session: Session) -> tuple[Option, ...]:
    """Return the organisations whose cards we hold, our own left out."""
    own = session.profile.organisation.id
    return tuple(Option(card.org, card.name) for card in session.vault.cards.all() if card.org != own)


def begin(
    session: Session, title: str, supplier: OrganisationId | None, dataset: Dataset | None, template: str = ""
) -> Draft:
    """Start a draft and answer the questions whose answers are known: who asks, who is asked, and what a template says."""
    questions = drafting.question_set(session)
    with session.vault.transaction():
        draft = drafting.start(session, supplier=supplier, dataset=dataset, title=title)
        known = ((OWN_CODE, session.profile.organisation.name), (SUPPLIER_CODE, draft.supplier_name))
        for code, answer in known:
            question = drafting.coded(questions, code)
            if question is not None and answer:
                draft = drafting.save_answer(session, draft.request, QuestionId(question.id), answer)
        if template:
            draft = reusing.apply_template(session, draft, template)
    return draft
