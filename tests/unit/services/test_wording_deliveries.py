from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import get_args

import pytest

from dsadesk.domain.ids import BoxId, BundleId, ObjectId, OrganisationId
from dsadesk.ports import DeliveryState, OutboxItem, OutboxObject, SentPart
from dsadesk.services.wording import Tone, delivery_sentence, delivery_tone, delivery_words, kind_words, problem_words

NOW = datetime(2026, 3, 2, 14, 5, tzinfo=UTC)
ITEM = OutboxItem(
    id=BundleId("b"),
    box=BoxId("x"),
    org=OrganisationId("hm-land-registry"),
    request=None,
    kind="request",
    seq=1,
    manifest_sha256="0" * 64,
    sealed=bytes(1024),
    objects=(OutboxObject(n=1, object=ObjectId("0" * 64), header=b"", payload_size=3 * 1024 * 1024),),
    state=DeliveryState.QUEUED,
    created_at=NOW - timedelta(days=1),
    changed_at=NOW - timedelta(hours=1),
    parts=(SentPart(n=1, offset=0, length=1024 * 1024, sha256="0" * 64, name="p"),),
)


def told(state: DeliveryState, problem: str = "") -> str:
    return delivery_sentence(replace(ITEM, state=state, problem=problem), NOW)


def test_each_state_has_words_a_tone_and_a_sentence_of_its_own() -> None:
    assert len({delivery_words(state) for state in DeliveryState}) == len(DeliveryState)
    assert len({told(state) for state in DeliveryState}) == len(DeliveryState)
    for state in DeliveryState:
        assert delivery_tone(state) in get_args(Tone)
        assert told(state).endswith(".")


@pytest.mark.parametrize(
    ("state", "sentence"),
    [
        (DeliveryState.QUEUED, "Sealed yesterday at 2:05pm and waiting to be sent."),
        (DeliveryState.SENDING, "Begun, with 1MB of 3MB in the store; it goes on from there the next time you send."),
        (DeliveryState.COMMITTED, "Put in the store today at 1:05pm; the other side has not confirmed it yet."),
        (DeliveryState.DELIVERED, "The other side's confirmation came today at 1:05pm."),
        (DeliveryState.FAILED, "It could not be sent today at 1:05pm; it is kept and can be sent again."),
    ],
)
def test_a_delivery_says_where_it_is_and_since_when(state: DeliveryState, sentence: str) -> None:
    assert told(state) == sentence


def test_a_lost_answer_is_neither_called_sent_nor_failed() -> None:
    sentence = told(DeliveryState.UNKNOWN, "answer-lost")
    assert "not known yet" in sentence
    assert "failed" not in sentence
    assert sentence.endswith(problem_words("answer-lost"))
    assert delivery_words(DeliveryState.UNKNOWN) == "Not known yet"


def test_what_stopped_a_delivery_is_said_while_it_is_stopped_and_not_after() -> None:
    assert told(DeliveryState.FAILED, "folder-missing").endswith(". The folder that bundles go to is not there.")
    assert told(DeliveryState.DELIVERED, "folder-missing") == told(DeliveryState.DELIVERED)


def test_what_a_delivery_carries_has_a_name() -> None:
    assert [kind_words(kind) for kind in ("request", "reply", "receipt")] == ["The request", "A message", "A receipt"]
    assert kind_words("par\u202ecel") == "parcel"
