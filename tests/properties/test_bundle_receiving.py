"""Whatever a known sender signs, taking it in and looking at it gives a result or an error of our own kind, and a refusal changes nothing."""

from __future__ import annotations

import contextlib
import functools
import io
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dsadesk.bundle.proving import EVENT_TYPE
from dsadesk.codec import canonical
from dsadesk.codec.base64_text import encode_base64
from dsadesk.domain.ids import RequestId
from dsadesk.errors import DsadeskError
from dsadesk.services import reviewing, taking_in, viewing
from dsadesk.services.taking_in import TakenIn
from tests.properties.test_bundle_parsers import altered_value
from tests.support.desks import ANSWERS, Pair, two_desks
from tests.zoo import contents
from tests.zoo.kit import Kit, payload_of

QUESTIONS = canonical.decode_loose(ANSWERS.read_bytes())


class UndoneError(Exception):
    """Ends a scene."""


@functools.cache
def desks() -> tuple[Pair, Kit]:
    pair = two_desks()
    return pair, Kit.of(pair)


@functools.cache
def events() -> tuple[Any, ...]:
    """A submission with real answers, an agreement and its signing, as plain values."""
    _, kit = desks()
    answers = QUESTIONS.get("answers", QUESTIONS)
    made = contents.conversation(kit, contents.pair_over(kit))
    submission = canonical.decode_loose(payload_of(kit.submission(answers=answers), EVENT_TYPE))
    return (submission, *(canonical.decode_loose(payload_of(envelope, EVENT_TYPE)) for envelope in made[1:]))


def take(data: bytes) -> None:
    """Takes a file in and, if it was, looks at everything that it brought. What is left of it afterwards is undone."""
    pair, _ = desks()
    vault = pair.holds.vault
    with contextlib.suppress(UndoneError), vault.transaction():
        before = (
            vault.events.head(),
            vault.samples.object_ids(),
            [(card.org, card.version) for card in vault.cards.all()],
        )
        try:
            taken = taking_in.import_bundle(pair.holds, io.BytesIO(data), "x")
        except DsadeskError:
            now = (vault.events.head(), vault.samples.object_ids(), [(c.org, c.version) for c in vault.cards.all()])
            assert now == before
            raise UndoneError from None
        look_at(pair, taken)
        raise UndoneError
    vault.objects.sweep(frozenset())


def look_at(pair: Pair, taken: TakenIn | None) -> None:
    if taken is None:
        return
    request = RequestId(taken.request)
    for act in (viewing.view, viewing.history, viewing.history_digest):
        with contextlib.suppress(DsadeskError):
            act(pair.holds, request)
    with contextlib.suppress(DsadeskError):
        reviewing.approve(pair.holds, request, "It is lawful.", ["Name the source."])


def check_events(values: tuple[Any, ...]) -> None:
    _, kit = desks()
    envelopes = []
    for value in values:
        try:
            envelopes.append(kit.envelope(canonical.encode(value), kind=EVENT_TYPE))
        except canonical.CanonicalError:
            return
    take(kit.with_events(*envelopes))


def check_manifest(value: Any) -> None:
    _, kit = desks()
    try:
        envelope = kit.envelope(canonical.encode(value))
    except canonical.CanonicalError:
        return
    take(kit.file(kit.encrypted(envelope), objects=[kit.object(kit.fixed)]))


@st.composite
def altered_events(draw: st.DrawFn) -> tuple[Any, ...]:
    place = draw(st.integers(0, 2))
    return tuple(draw(altered_value(event)) if n == place else event for n, event in enumerate(events()))


@st.composite
def altered_manifests(draw: st.DrawFn) -> Any:
    _, kit = desks()
    whole = kit.raw(kit.fixed) | {"events": [encode_base64(kit.submission())]}
    return draw(altered_value(whole))


@settings(max_examples=60)
@given(altered_events())
def test_events_of_any_shape_do_no_harm(values: tuple[Any, ...]) -> None:
    check_events(values)


@settings(max_examples=60)
@given(altered_manifests())
def test_manifests_of_any_shape_do_no_harm(value: Any) -> None:
    check_manifest(value)


@pytest.mark.soak
@settings(max_examples=2_000)
@given(altered_events())
def test_soak_events_of_any_shape_do_no_harm(values: tuple[Any, ...]) -> None:
    check_events(values)


@pytest.mark.soak
@settings(max_examples=2_000)
@given(altered_manifests())
def test_soak_manifests_of_any_shape_do_no_harm(value: Any) -> None:
    check_manifest(value)


def test_the_originals_are_taken_in() -> None:
    """Else nothing above would say anything."""
    pair, kit = desks()
    envelopes = [kit.envelope(canonical.encode(value), kind=EVENT_TYPE) for value in events()]
    with contextlib.suppress(UndoneError), pair.holds.vault.transaction():
        taken = taking_in.import_bundle(pair.holds, io.BytesIO(kit.with_events(*envelopes)), "x")
        assert taken is not None
        assert taken.event_types == ("RequestSubmitted", "AgreementDrafted", "AgreementSigned")
        look_at(pair, taken)
        raise UndoneError
