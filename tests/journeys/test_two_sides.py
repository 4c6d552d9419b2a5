"""The whole conversation between two organisations, by the use cases that the window and the command line call."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from pathlib import Path

import pytest

from dsadesk.bundle.trust import HowKnown
from dsadesk.domain.ids import QuestionId
from dsadesk.domain.lifecycle import Stage
from dsadesk.errors import CardError, NotAllowedInStageError, RuleError
from dsadesk.ports import DeliveryState
from dsadesk.services import agreeing, attaching, drafting, exchanging, keeping_cards, reviewing, sealing, viewing
from dsadesk.services.exchanging import Exchange
from dsadesk.services.reading import require_state
from tests.support.desks import (
    ANSWERS,
    SAMPLE,
    SUPPLIER,
    Pair,
    folder_world,
    memory_world,
    received_request,
    sealed_request,
    second_laptop,
    two_desks,
)

WHY = QuestionId("purpose.aim")


@pytest.fixture(params=["memory", "folders"])
def pair(request: pytest.FixtureRequest, tmp_path: Path) -> Pair:
    make: Callable[..., Pair] = two_desks
    if request.param == "memory":
        return make()
    return make(lambda name, stores, clock: folder_world(tmp_path / name, stores=stores, clock=clock, seed=name))


def about(pair: Pair, request: str) -> QuestionId:
    lines = viewing.view(pair.holds, request).answers  # type: ignore[arg-type]
    return QuestionId(next(line.question_id for line in lines if line.question_id.startswith("purpose.")))


def test_a_request_travels_to_an_agreement_that_both_have_signed(pair: Pair) -> None:
    request = received_request(pair)
    seen = viewing.view(pair.holds, request)
    assert seen.stage is Stage.RECEIVED
    assert len(seen.answers) > 20
    assert [sample.name for sample in seen.samples] == [SAMPLE.name]
    with attaching.open_sample(pair.holds, request, 1) as plain:
        assert hashlib.sha256(plain.read()).digest() == hashlib.sha256(SAMPLE.read_bytes()).digest()
    assert viewing.view(pair.asks, request).stage is Stage.RECEIVED

    question = reviewing.ask(pair.holds, request, about(pair, request), "Which teams?")
    pair.carry()
    assert require_state(pair.asks, request).open_questions[0].body.text == "Which teams?"
    reviewing.answer(pair.asks, request, question.id, "Two coastal teams.")
    pair.carry()
    assert require_state(pair.holds, request).questions[0].answer is not None

    reviewing.approve(pair.holds, request, "It protects swimmers.", ["Name the source."])
    agreeing.draft(pair.holds, request)
    agreeing.sign_agreement(pair.holds, request)
    pair.carry()
    assert require_state(pair.asks, request).stage is Stage.DRAFTING_AGREEMENT
    agreeing.sign_agreement(pair.asks, request)
    pair.carry()

    mine, theirs = require_state(pair.asks, request), require_state(pair.holds, request)
    assert mine.stage is theirs.stage is Stage.SIGNED
    assert mine == theirs
    assert viewing.history_digest(pair.asks, request) == viewing.history_digest(pair.holds, request)
    for session in (pair.asks, pair.holds):
        history = viewing.history(session, request)
        assert all(line.evidence is not None for line in history)
        assert {line.evidence.how for line in history if line.evidence} == {HowKnown.OURS, HowKnown.CHECKED}
    one, other = agreeing.files(pair.asks, request), agreeing.files(pair.holds, request)
    assert (one.html, one.pdf, one.envelope) == (other.html, other.pdf, other.envelope)
    assert b"Name the source." in one.html


def test_both_sides_know_that_it_arrived(pair: Pair) -> None:
    request = sealed_request(pair, sample=False)
    assert viewing.view(pair.asks, request).stage is Stage.SEALED
    exchanging.send_all(pair.asks, Exchange())
    assert viewing.view(pair.asks, request).stage is Stage.SENT
    assert viewing.view(pair.asks, request).deliveries[0].state is DeliveryState.COMMITTED
    pair.carry()
    assert viewing.view(pair.asks, request).deliveries[0].state is DeliveryState.DELIVERED


def test_nothing_more_is_said_once_everything_is_acknowledged(pair: Pair) -> None:
    received_request(pair, sample=False)
    pair.carry()
    pair.carry()
    assert not exchanging.exchange(pair.asks).sent
    assert not exchanging.exchange(pair.holds).sent


def test_taking_in_twice_changes_nothing(pair: Pair) -> None:
    request = received_request(pair)
    before = viewing.history_digest(pair.holds, request)
    again = exchanging.fetch(pair.holds, Exchange())
    assert not again.taken
    assert viewing.history_digest(pair.holds, request) == before


def test_a_returned_request_comes_back_as_a_new_version_with_its_sample(pair: Pair) -> None:
    request = received_request(pair)
    reviewing.give_back(pair.holds, request, "Say more.", ["Purpose"])
    pair.carry()
    draft = drafting.revise(pair.asks, request)
    assert draft.reference == viewing.view(pair.asks, request).reference
    drafting.save_answer(pair.asks, request, WHY, "We will warn swimmers on the same day.")
    sealing.seal_request(pair.asks, request)
    pair.carry()
    state = require_state(pair.holds, request)
    assert state.submission.version == 2
    assert state.answers[WHY] == "We will warn swimmers on the same day."
    assert len(viewing.view(pair.holds, request).samples) == 1


def test_what_was_sealed_cannot_be_edited(pair: Pair) -> None:
    request = sealed_request(pair, sample=False)
    with pytest.raises(RuleError, match="already-sealed"):
        drafting.save_answer(pair.asks, request, WHY, "Something else")
    with pytest.raises(NotAllowedInStageError):
        drafting.revise(pair.asks, request)


def test_a_rejected_request_is_over(pair: Pair) -> None:
    request = received_request(pair, sample=False)
    reviewing.reject(pair.holds, request, "Someone else holds this.", "Ask the council.")
    pair.carry()
    assert require_state(pair.asks, request).stage is Stage.REJECTED
    with pytest.raises(NotAllowedInStageError):
        reviewing.withdraw(pair.asks, request, "Never mind.")


def test_two_laptops_of_one_office_that_work_apart_lose_nothing(pair: Pair) -> None:
    colleague = second_laptop(pair, pair.requester, "Dafydd Rees")
    request = sealed_request(pair, sample=True)
    pair.carry()
    exchanging.exchange(colleague.session)
    assert viewing.view(colleague.session, request).stage in (Stage.SENT, Stage.SEALED, Stage.RECEIVED)
    assert len(viewing.view(colleague.session, request).samples) == 1
    first = reviewing.ask(pair.holds, request, QuestionId(""), "One?")
    second = reviewing.ask(pair.holds, request, QuestionId(""), "Two?")
    pair.carry()
    exchanging.exchange(colleague.session)

    reviewing.answer(pair.asks, request, first.id, "The first.")
    pair.clock.advance(5)
    reviewing.answer(colleague.session, request, second.id, "The second.")
    for _ in range(3):
        pair.carry()
        exchanging.exchange(colleague.session)

    states = [require_state(desk, request) for desk in (pair.asks, colleague.session, pair.holds)]
    assert states[0] == states[1] == states[2]
    assert not states[0].open_questions
    assert len(states[0].heads) == 2
    reviewing.join_heads(colleague.session, request)
    for _ in range(3):
        pair.carry()
        exchanging.exchange(colleague.session)
    states = [require_state(desk, request) for desk in (pair.asks, colleague.session, pair.holds)]
    assert states[0] == states[1] == states[2]
    assert len(states[0].heads) == 1
    assert not states[0].faults


def test_two_laptops_of_the_supplier_both_take_it_in(pair: Pair) -> None:
    colleague = second_laptop(pair, pair.supplier, "Owain Hughes")
    request = sealed_request(pair)
    exchanging.exchange(pair.asks)
    exchanging.exchange(colleague.session)
    exchanging.exchange(pair.holds)
    for _ in range(2):
        pair.carry()
        exchanging.exchange(colleague.session)
    states = [require_state(desk, request) for desk in (pair.asks, colleague.session, pair.holds)]
    assert states[0] == states[1] == states[2]
    assert states[0].stage is Stage.RECEIVED


def test_a_request_is_not_sealed_to_a_key_that_changed(pair: Pair) -> None:
    other = two_desks(lambda name, stores, clock: memory_world(stores=stores, clock=clock, seed=f"other {name}"))
    with pytest.raises(CardError, match="card-key-changed"):
        keeping_cards.import_card(pair.asks, other.holds.card_bytes)
    draft = drafting.start(pair.asks, title="To a changed key")
    drafting.address_to(pair.asks, draft.request, SUPPLIER.id)
    drafting.load_answers(pair.asks, draft.request, ANSWERS.read_bytes())
    with pytest.raises(CardError, match="card-key-pending"):
        sealing.seal_request(pair.asks, draft.request)
    assert viewing.view(pair.asks, draft.request).stage is Stage.DRAFT
