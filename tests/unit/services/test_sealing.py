"""What is sealed is never changed: whatever comes after is a new version, and what cannot be sealed leaves the draft as it was."""

from __future__ import annotations

import io
from dataclasses import replace

import pytest

from dsadesk.bundle.identity import identity_from_seed
from dsadesk.domain.events import RequestSubmitted
from dsadesk.domain.ids import QuestionId
from dsadesk.errors import BundleError, DamagedVaultError, RuleError
from dsadesk.services import attaching, drafting, reviewing, sealing
from dsadesk.services.reading import require_state
from tests.support.desks import ANSWERS, SAMPLE, SUPPLIER, Pair, received_request, sealed_request, two_desks

AIM = QuestionId("purpose.aim")


@pytest.fixture
def pair() -> Pair:
    return two_desks()


def test_nothing_of_what_is_sealed_can_be_changed(pair: Pair) -> None:
    request = sealed_request(pair)
    envelopes = [stored.envelope for stored in pair.asks.vault.events.of_request(request)]
    acts = (
        lambda: drafting.save_answer(pair.asks, request, AIM, "Another aim."),
        lambda: drafting.load_answers(pair.asks, request, ANSWERS.read_bytes()),
        lambda: attaching.attach(pair.asks, request, io.BytesIO(SAMPLE.read_bytes()), "more.csv"),
        lambda: attaching.detach(pair.asks, request, 1),
        lambda: drafting.discard(pair.asks, request),
        lambda: sealing.seal_request(pair.asks, request),
    )
    for act in acts:
        with pytest.raises(RuleError, match="already-sealed"):
            act()
    assert [stored.envelope for stored in pair.asks.vault.events.of_request(request)] == envelopes
    assert len(pair.asks.vault.outbox.all()) == 1


def test_an_edit_of_what_came_back_is_a_new_version_that_takes_the_place_of_the_first(pair: Pair) -> None:
    request = received_request(pair)
    first = pair.asks.vault.events.of_request(request)[0]
    reviewing.give_back(pair.holds, request, "Say more of the aim.")
    pair.carry()
    drafting.revise(pair.asks, request)
    drafting.save_answer(pair.asks, request, AIM, "To tell swimmers in time.")
    sealing.seal_request(pair.asks, request)
    pair.carry()
    for session in (pair.asks, pair.holds):
        state = require_state(session, request)
        assert [event.body.version for event in state.submissions if isinstance(event.body, RequestSubmitted)] == [1, 2]
        assert state.submission.supersedes == first.id
        assert state.answers[AIM] == "To tell swimmers in time."
        kept = {stored.id: stored.envelope for stored in session.vault.events.of_request(request)}
        assert kept[first.id] == first.envelope, "the first stays as it was signed"


def test_what_cannot_be_sealed_leaves_the_draft_and_nothing_else(pair: Pair) -> None:
    draft = drafting.start(pair.asks, title="Bathing water")
    drafting.address_to(pair.asks, draft.request, SUPPLIER.id)
    drafting.load_answers(pair.asks, draft.request, ANSWERS.read_bytes())
    sample = attaching.attach(pair.asks, draft.request, io.BytesIO(SAMPLE.read_bytes()), "a.csv")
    pair.asks.vault.objects.remove(sample.object)
    with pytest.raises(DamagedVaultError, match="object-missing"):
        sealing.seal_request(pair.asks, draft.request)
    assert pair.asks.vault.drafts.get(draft.request) is not None
    assert pair.asks.vault.events.of_request(draft.request) == ()
    assert pair.asks.vault.outbox.all() == ()


def test_what_we_could_not_open_and_prove_ourselves_does_not_count_as_sealed(pair: Pair) -> None:
    """A device that is on nobody's card signs well, and its own doors refuse what it signed."""
    draft = drafting.start(pair.asks, title="Bathing water")
    drafting.address_to(pair.asks, draft.request, SUPPLIER.id)
    drafting.load_answers(pair.asks, draft.request, ANSWERS.read_bytes())
    stranger = replace(pair.asks, device=identity_from_seed(bytes(32)))
    with pytest.raises(BundleError):
        sealing.seal_request(stranger, draft.request)
    assert pair.asks.vault.drafts.get(draft.request) is not None
    assert pair.asks.vault.events.of_request(draft.request) == ()
    assert pair.asks.vault.outbox.all() == ()
