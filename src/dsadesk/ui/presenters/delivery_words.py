"""A delivery in words: whom it is for, where it is, and whether it waits."""

from __future__ import annotations

from datetime import datetime

from dsadesk.domain.ids import OrganisationId
from dsadesk.ports import DeliveryState, OutboxItem
from dsadesk.services.session import Session
from dsadesk.services.wording import delivery_sentence, delivery_tone, delivery_words, kind_words, plain
from dsadesk.services.wording import on as said_on
from dsadesk.ui.presenters.request_shown import ShownDelivery
from dsadesk.ui.vocabulary import Tone

_WAITING = frozenset({DeliveryState.QUEUED, DeliveryState.SENDING, DeliveryState.UNKNOWN, DeliveryState.FAILED})


def shown_delivery(session: Session, item: OutboxItem, now: datetime) -> ShownDelivery:
    """What the page of a request shows of a delivery."""
    return ShownDelivery(
        id=item.id,
        box=item.box,
        title=f"{kind_words(item.kind)} to {whom_words(session, item.org)}",
        status=delivery_words(item.state),
        tone=Tone(delivery_tone(item.state)),
        sentence=where_words(session, item, now),
        waits=item.state in _WAITING,
    )


def whom_words(session: Session, org: OrganisationId) -> str:
    """Who a delivery is for, by name; our own organisation's inbox is read by our colleagues."""
    if org == session.profile.organisation.id:
        return "your colleagues"
    card = session.vault.cards.get(org)
    return plain(card.name if card is not None else org)


def where_words(session: Session, item: OutboxItem, now: datetime) -> str:
    """Where a delivery is. Nobody should wait for a confirmation that never comes: of a receipt, or from our own inbox."""
    unconfirmed = item.kind == "receipt" or item.org == session.profile.organisation.id
    if unconfirmed and item.state is DeliveryState.COMMITTED:
        return f"Put in the store {said_on(item.changed_at, now)}."
    return delivery_sentence(item, now)
