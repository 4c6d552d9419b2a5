"""Where a sealed bundle is on its way, and what stopped it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, tzinfo

from dsadesk.ports import DeliveryState, OutboxItem
from dsadesk.services.wording.dates import on
from dsadesk.services.wording.errors import problem_words
from dsadesk.services.wording.filling import fill
from dsadesk.services.wording.plain import plain
from dsadesk.services.wording.stages import Tone
from dsadesk.sync.delivery import bytes_acknowledged, bytes_total

_WORDS: Mapping[DeliveryState, tuple[str, Tone]] = {
    DeliveryState.QUEUED: ("Waiting to send", "info"),
    DeliveryState.SENDING: ("Being sent", "info"),
    DeliveryState.UNKNOWN: ("Not known yet", "warn"),
    DeliveryState.COMMITTED: ("Sent", "info"),
    DeliveryState.DELIVERED: ("Delivered", "good"),
    DeliveryState.FAILED: ("Not sent", "bad"),
    DeliveryState.CANCELLED: ("Cancelled", "neutral"),
}
_SENTENCES: Mapping[DeliveryState, str] = {
    DeliveryState.QUEUED: "Sealed {sealed} and waiting to be sent.",
    DeliveryState.SENDING: "Begun, with {done:size} of {total:size} in the store; it goes on from there the next time you send.",
    DeliveryState.UNKNOWN: "It is not known yet whether it reached the store; the next sending looks first, so nothing goes twice.",
    DeliveryState.COMMITTED: "Put in the store {changed}; the other side has not confirmed it yet.",
    DeliveryState.DELIVERED: "The other side's confirmation came {changed}.",
    DeliveryState.FAILED: "It could not be sent {changed}; it is kept and can be sent again.",
    DeliveryState.CANCELLED: "Cancelled {changed}; nothing more of it will be sent.",
}
_KINDS: Mapping[str, str] = {
    "sign-off": "A sign-off, for colleagues only",
    "request": "The request",
    "reply": "A message",
    "receipt": "A receipt",
}
_TELLS_PROBLEM = frozenset({DeliveryState.QUEUED, DeliveryState.SENDING, DeliveryState.UNKNOWN, DeliveryState.FAILED})


def delivery_words(state: DeliveryState) -> str:
    """The short status of a delivery."""
    return _WORDS[state][0]


def delivery_tone(state: DeliveryState) -> Tone:
    """How the short status is coloured."""
    return _WORDS[state][1]


def unheard_sentence(item: OutboxItem, now: datetime) -> str:
    """What is said of a delivery that lies in a store and that nobody has confirmed for days."""
    return (
        f"Nothing was heard for {(now - item.changed_at).days} days. Ring them and ask whether they have fetched it; "
        "if they cannot, put it on a stick."
    )


def kind_words(kind: str) -> str:
    """What a delivery carries."""
    return _KINDS.get(kind) or plain(kind)


def delivery_sentence(item: OutboxItem, now: datetime, zone: tzinfo | None = None) -> str:
    """Where a delivery is, and what stopped it where something did, in a sentence each."""
    fields = {
        "sealed": on(item.created_at, now, zone),
        "changed": on(item.changed_at, now, zone),
        "done": bytes_acknowledged(item),
        "total": bytes_total(item),
    }
    said = fill(_SENTENCES[item.state], fields)
    return f"{said} {problem_words(item.problem)}" if item.problem and item.state in _TELLS_PROBLEM else said
