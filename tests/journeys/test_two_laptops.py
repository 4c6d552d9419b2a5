"""Two laptops of one official: one person with two chains, made from one recovery kit, both speaking in one conversation."""

from __future__ import annotations

import tempfile
from pathlib import Path

import pytest

from dsadesk.bundle.identity import seed_to_words
from dsadesk.domain.ids import QuestionId, RequestId
from dsadesk.errors import CardError
from dsadesk.services import admitting, exchanging, keeping_cards, recovering, reviewing, rotating, viewing
from dsadesk.services.desk import Desk
from dsadesk.services.reading import read_event, require_state
from dsadesk.services.session import Session, World
from tests.support.desks import (
    PASSPHRASE,
    REQUESTER,
    Pair,
    folder_world,
    memory_world,
    received_request,
    two_desks,
)


@pytest.fixture
def pair() -> Pair:
    return two_desks()


def kit(name: str = "requester") -> str:
    """The first thing that a vault draws from its source of randomness is the seed of the words."""
    return seed_to_words(memory_world(seed=name).entropy.token(32))


def beside(pair: Pair, world: World | None = None, backup: Path | None = None) -> Session:
    """The requester's second laptop, from the kit of the first, which stays in use."""
    world = world or memory_world(stores=pair.stores, clock=pair.clock, seed="second laptop")
    card = None if backup else pair.asks.card_bytes
    done = recovering.restore(world, kit(), passphrase=PASSPHRASE, card=card, backup=backup, beside=True)
    assert done.ended == ()
    return done.session


def meet(*sessions: Session) -> None:
    for _ in range(2):
        for session in sessions:
            done = exchanging.exchange(session)
            assert done.problems == []
            assert done.quarantined == []


def devices(session: Session, request: RequestId) -> dict[str, list[int]]:
    """The places in each laptop's chain, in order, as a vault holds them."""
    chains: dict[str, list[int]] = {}
    for stored in session.vault.events.of_request(request):
        event = read_event(stored)
        chains.setdefault(event.device, []).append(event.seq)
    return {device: sorted(places) for device, places in chains.items()}


def test_a_second_laptop_is_the_same_person_with_a_chain_of_its_own_and_neither_ends(pair: Pair) -> None:
    second = beside(pair)
    first = pair.asks
    assert second.profile.official.id == first.profile.official.id
    assert second.device.device != first.device.device
    entries = {entry.device: entry for entry in second.card.officials}
    assert set(entries) == {first.device.device, second.device.device}
    assert not any(entry.until for entry in entries.values())
    assert len({entry.official.id for entry in entries.values()}) == 1
    assert len({entry.roles for entry in entries.values()}) == 1


def test_both_laptops_speak_in_one_conversation_and_the_partner_sees_one_person(pair: Pair) -> None:
    request = received_request(pair, sample=False)
    second = beside(pair)
    keeping_cards.import_card(second, pair.holds.card_bytes)
    assert keeping_cards.import_card(pair.asks, second.card_bytes).version == second.card.version
    keeping_cards.import_card(pair.holds, second.card_bytes)
    recovering.give_back(pair.holds, REQUESTER.id)
    asked = [reviewing.ask(pair.holds, request, QuestionId(""), text).id for text in ("Who reads it?", "Until when?")]
    meet(pair.holds, pair.asks, second)
    reviewing.answer(second, request, asked[0], "Two teams, said on the second laptop.")
    meet(second, pair.holds, pair.asks)
    reviewing.answer(pair.asks, request, asked[1], "Until June, said on the first laptop.")
    meet(pair.asks, pair.holds, second)
    meet(pair.asks, pair.holds, second)
    state = require_state(pair.holds, request)
    assert [question.answer is not None for question in state.questions] == [True, True]
    assert {question.answered.by.id for question in state.questions if question.answered} == {
        pair.asks.profile.official.id
    }
    assert state.faults == ()
    for session in (pair.holds, pair.asks, second):
        chains = devices(session, request)
        for own in (pair.asks, second):
            places = chains[own.device.device]
            assert places == list(range(1, len(places) + 1))
        assert all(line.evidence is not None for line in viewing.history(session, request))


def test_a_backup_of_the_first_laptop_brings_its_history_and_the_first_goes_on(tmp_path: Path) -> None:
    folders = Path(tempfile.mkdtemp(dir=tmp_path))
    pair = two_desks(lambda name, stores, clock: folder_world(folders / name, stores=stores, clock=clock, seed=name))
    request = received_request(pair, sample=False)
    pair.asks.vault.backup(tmp_path / "copy.dsavault")
    # What the first laptop says after the copy was made is at the place in its chain that the copy would take next.
    question = reviewing.ask(pair.holds, request, QuestionId(""), "Who reads it?")
    meet(pair.holds, pair.asks)
    reviewing.answer(pair.asks, request, question.id, "Two teams, said on the first laptop.")
    world = folder_world(folders / "second", stores=pair.stores, clock=pair.clock, seed="second laptop")
    second = beside(pair, world, tmp_path / "copy.dsavault")
    keeping_cards.import_card(pair.asks, second.card_bytes)
    keeping_cards.import_card(pair.holds, second.card_bytes)
    assert viewing.view(second, request).title
    other = reviewing.ask(pair.holds, request, QuestionId(""), "Until when?")
    meet(pair.holds, second, pair.asks, pair.holds)
    reviewing.answer(second, request, other.id, "Until June, said on the second laptop.")
    meet(second, pair.holds, pair.asks)
    state = require_state(pair.holds, request)
    assert [each.answer is not None for each in state.questions] == [True, True]
    assert state.faults == ()
    assert len(devices(pair.holds, request)) == 3


def test_what_the_second_laptop_sends_is_believed_before_its_card_was_carried(pair: Pair) -> None:
    """Each delivery has the newest card with it, signed by the organisation's key that partners hold."""
    request = received_request(pair, sample=False)
    second = beside(pair)
    keeping_cards.import_card(second, pair.holds.card_bytes)
    recovering.give_back(pair.holds, REQUESTER.id)
    question = reviewing.ask(pair.holds, request, QuestionId(""), "Who reads it?")
    meet(pair.holds, second)
    reviewing.answer(second, request, question.id, "Two teams.")
    meet(second, pair.holds)
    assert require_state(pair.holds, request).questions[-1].answer is not None


def test_a_colleagues_second_laptop_is_let_in_as_the_same_person(pair: Pair) -> None:
    first = Desk(memory_world(stores=pair.stores, clock=pair.clock, seed="huw"))
    first.first_run(REQUESTER, "Huw Rees", "Lawyer", passphrase=PASSPHRASE, joining=True)
    first.take(
        admitting.accept(first.session, admitting.admit(pair.asks, admitting.apply(first.session), roles=["legal"]))
    )
    world = memory_world(stores=pair.stores, clock=pair.clock, seed="huw's second")
    done = recovering.restore(world, kit("huw"), passphrase=PASSPHRASE, card=pair.asks.card_bytes, beside=True)
    assert done.must_apply
    standing = admitting.standing_of(pair.asks.card, admitting.read_application(admitting.apply(done.session)))
    assert (standing.namesake, standing.laptops, standing.roles) == (None, 1, ("legal",))
    second = admitting.accept(
        done.session, admitting.admit(pair.asks, admitting.apply(done.session), roles=standing.roles)
    )
    mine = [entry for entry in pair.asks.card.officials if entry.official.id == second.profile.official.id]
    assert [bool(entry.until) for entry in mine] == [False, False]
    assert {entry.device for entry in mine} == {first.session.device.device, second.device.device}


def test_without_the_kit_the_same_name_is_another_person_and_the_standing_says_so(pair: Pair) -> None:
    first = Desk(memory_world(stores=pair.stores, clock=pair.clock, seed="without"))
    first.first_run(REQUESTER, "Priya Shah", "Regional analyst", passphrase=PASSPHRASE, joining=True)
    application = admitting.read_application(admitting.apply(first.session))
    standing = admitting.standing_of(pair.asks.card, application)
    assert standing.namesake == pair.asks.profile.official
    assert standing.laptops == 0
    assert first.session.profile.official.id != pair.asks.profile.official.id
    admitting.admit(pair.asks, admitting.apply(first.session))
    rotating.remove_official(pair.asks, first.session.device.device)
    again = Desk(memory_world(stores=pair.stores, clock=pair.clock, seed="again"))
    again.first_run(REQUESTER, "Someone Else", "Analyst", passphrase=PASSPHRASE, joining=True)
    assert admitting.standing_of(
        pair.asks.card, admitting.read_application(admitting.apply(again.session))
    ) == admitting.Standing(None, 0, ())


def test_our_own_card_is_taken_in_only_when_it_is_a_newer_one_under_the_same_key(pair: Pair) -> None:
    before = pair.asks.card_bytes
    second = beside(pair)
    keeping_cards.import_card(pair.asks, second.card_bytes)
    for older in (before, second.card_bytes):
        with pytest.raises(CardError, match="card-own"):
            keeping_cards.import_card(pair.asks, older)
    forger = Desk(memory_world(stores=pair.stores, clock=pair.clock, seed="forger"))
    forger.first_run(REQUESTER, "Mallory", "Nobody", passphrase=PASSPHRASE)
    with pytest.raises(CardError, match="card-own"):
        keeping_cards.import_card(pair.asks, forger.session.card_bytes)
