"""What a new desk still needs before its first exchange: a short list, each line with its way on."""

from __future__ import annotations

from dataclasses import dataclass

from dsadesk.errors import DsadeskError
from dsadesk.services.keeping_cards import CHECK_METHODS, address_of
from dsadesk.services.session import Session
from dsadesk.ui.presenters.frame import Page, Place


@dataclass(frozen=True)
class FirstStep:
    """One line of the list. `is_done` is None where this laptop cannot know."""

    id: str
    title: str
    sentence: str
    action: str
    place: Place
    is_done: bool | None


def first_steps(session: Session) -> tuple[FirstStep, ...]:
    """Look at the vault and say what is done and what is not."""
    own = session.profile.organisation.id
    partners = [card for card in session.vault.cards.all() if card.org != own]
    checked = any(check.method in CHECK_METHODS for card in partners for check in card.checks)
    start = FirstStep(
        "request",
        "Start a request",
        "Begin with a dataset from the catalogue, or with a blank page.",
        "New request",
        Place(Page.REQUESTS, part="new"),
        bool(session.vault.projections.ids()),
    )
    if session.inbox is None:
        return (
            FirstStep(
                "join",
                "Join your organisation",
                "A colleague who looks after the keys lets this laptop in. You can write drafts meanwhile; sealing, sending and fetching wait.",
                "How to join",
                Place(Page.PARTNERS, org=own),
                False,
            ),
            start,
        )
    return (
        FirstStep(
            "inbox",
            "Say where your inbox is",
            "A shared folder, a stick or a server that your partners can write to and you can read.",
            "Choose a place",
            Place(Page.EXCHANGE, part="inbox"),
            _has_address(session),
        ),
        FirstStep(
            "card",
            "Send your card to a partner",
            "Your card is a small file. It says who you are and lets others seal requests for you.",
            "Save your card",
            Place(Page.PARTNERS, org=own),
            None,
        ),
        FirstStep(
            "import",
            "Take in a partner's card",
            "Ask the organisation that holds the data for its card.",
            "Open a card",
            Place(Page.PARTNERS, part="import"),
            bool(partners),
        ),
        FirstStep(
            "check",
            "Check one fingerprint",
            "Ring the partner and compare eight words, so that you know the card is theirs.",
            "Compare the words",
            Place(Page.PARTNERS, org=partners[0].org if partners else None, part="check"),
            checked,
        ),
        start,
    )


def _has_address(session: Session) -> bool:
    try:
        return bool(address_of(session, session.profile.organisation.id))
    except DsadeskError:
        return False
