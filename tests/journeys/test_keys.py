"""An office loses a laptop, then a colleague, then a partner's trust, and the conversation goes on with every signature provable."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from dsadesk.bundle.identity import seed_to_words
from dsadesk.domain.ids import QuestionId, RequestId
from dsadesk.domain.lifecycle import Stage
from dsadesk.errors import CardError
from dsadesk.host.memory import FixedClock
from dsadesk.services import admitting, agreeing, exchanging, keeping_cards, recovering, reviewing, rotating, viewing
from dsadesk.services.desk import Desk
from dsadesk.services.reading import read_event, require_state
from dsadesk.services.session import Session, World
from tests.support.desks import (
    PASSPHRASE,
    REQUESTER,
    SUPPLIER,
    Pair,
    Stores,
    folder_world,
    memory_world,
    received_request,
    second_laptop,
    two_desks,
)


class Office:
    """Both sides, and a way to make further laptops for either."""

    def __init__(self, tmp_path: Path, kind: str) -> None:
        self._tmp_path, self._kind = tmp_path, kind
        self.pair: Pair = two_desks(self._world)

    def _world(self, name: str, stores: Stores, clock: FixedClock) -> World:
        if self._kind == "memory":
            return memory_world(stores=stores, clock=clock, seed=name)
        return folder_world(self._tmp_path / name, stores=stores, clock=clock, seed=name)

    def laptop(self, name: str) -> World:
        return self._world(name, self.pair.stores, self.pair.clock)

    @staticmethod
    def words(name: str) -> str:
        """The words of the vault that was made with this seed: they are the first thing drawn from it."""
        return seed_to_words(memory_world(seed=name).entropy.token(32))


@pytest.fixture(params=["memory", "folders"])
def office(request: pytest.FixtureRequest, tmp_path: Path) -> Office:
    return Office(tmp_path, request.param)


def carry(pair: Pair, *sessions: Session, rounds: int = 3) -> None:
    for _ in range(rounds):
        pair.clock.advance(60)
        for session in sessions:
            done = exchanging.exchange(session)
            assert not done.problems, [(each.about, each.error.code) for each in done.problems]
            assert not done.quarantined, [(held.door, held.code) for held in done.quarantined]


def no_place_was_used_twice(*sessions: Session) -> None:
    for session in sessions:
        events = [read_event(stored) for stored in session.vault.events.all()]
        places = Counter((event.request, event.device, event.seq) for event in events)
        assert max(places.values()) == 1


def everything_is_proven(request: RequestId, *sessions: Session) -> None:
    for session in sessions:
        assert all(line.evidence is not None for line in viewing.history(session, request))
        assert not require_state(session, request).faults


def test_an_office_that_lost_its_laptop_comes_back_from_words_and_signs_the_agreement(office: Office) -> None:
    pair = office.pair
    colleague = second_laptop(pair, pair.supplier, "Owain Hughes", office.laptop("colleague"))
    request = received_request(pair)
    exchanging.exchange(colleague.session)
    question = reviewing.ask(pair.holds, request, QuestionId(""), "Which teams?")
    carry(pair, pair.asks, pair.holds, colleague.session)

    lost = pair.holds.device.device
    pair.supplier.lock()
    held = pair.asks.vault.cards.get(SUPPLIER.id)
    assert held is not None
    laptop = Desk(office.laptop("replacement"))
    restored = recovering.restore(laptop.world, office.words("supplier"), passphrase=PASSPHRASE, card=held.envelope)
    back = laptop.take(restored.session)
    assert [entry.device for entry in restored.ended] == [lost]
    exchanging.fetch(back, exchanging.Exchange())
    assert len(viewing.view(back, request).samples) == 1, "the sample lay in the inbox"

    # The colleague's laptop is on the card still; only a new pass has to wait for a new application.
    keeping_cards.pin_card(colleague.session, back.card, back.card_bytes, arrived="")
    (must_apply,) = rotating.passes_for_members(back).must_apply
    assert must_apply.official.name == "Owain Hughes"
    given = admitting.admit(back, admitting.apply(colleague.session))
    colleague.take(admitting.accept(colleague.session, given))

    keeping_cards.import_card(pair.asks, back.card_bytes)
    assert recovering.give_back(pair.asks, SUPPLIER.id).requests == (request,)
    carry(pair, pair.asks, back, colleague.session)
    assert require_state(back, request).open_questions[0].body.text == "Which teams?"

    reviewing.answer(pair.asks, request, question.id, "Two coastal teams.")
    carry(pair, pair.asks, back, colleague.session)
    reviewing.approve(back, request, "It protects swimmers.", ["Name the source."])
    agreeing.draft(back, request)
    agreeing.sign_agreement(back, request)
    carry(pair, pair.asks, back, colleague.session)
    agreeing.sign_agreement(pair.asks, request)
    carry(pair, pair.asks, back, colleague.session)

    sessions = (pair.asks, back, colleague.session)
    states = [require_state(session, request) for session in sessions]
    assert states[0] == states[1] == states[2]
    assert states[0].stage is Stage.SIGNED
    assert {viewing.history_digest(session, request) for session in sessions} == {viewing.history_digest(back, request)}
    everything_is_proven(request, *sessions)
    no_place_was_used_twice(*sessions)
    signers = {event.by.name for event in map(read_event, back.vault.events.all()) if event.org == SUPPLIER.id}
    assert "Gwen Ellis" in signers


def test_a_colleague_leaves_and_neither_side_loses_a_word(office: Office) -> None:
    pair = office.pair
    leaver = second_laptop(pair, pair.supplier, "Owain Hughes", office.laptop("leaver"))
    stays = second_laptop(pair, pair.supplier, "Sian Price", office.laptop("stays"))
    request = received_request(pair)
    carry(pair, pair.asks, pair.holds, leaver.session, stays.session)
    reviewing.ask(leaver.session, request, QuestionId(""), "Asked while in post.")
    carry(pair, leaver.session, pair.asks, pair.holds, stays.session)

    leaving = rotating.remove_official(pair.holds, leaver.session.device.device)
    ((_, new_pass),) = leaving.passes.made
    stays.take(admitting.accept(stays.session, new_pass))
    reviewing.remark(pair.holds, request, "Owain Hughes has moved on.")
    carry(pair, pair.holds, pair.asks, stays.session)

    question = require_state(pair.asks, request).questions[0]
    pair.clock.advance(60)
    reviewing.answer(pair.asks, request, question.asked.id, "Two coastal teams.")
    carry(pair, pair.asks, pair.holds, stays.session)
    pair.clock.advance(60)
    seen = exchanging.fetch(leaver.session, exchanging.Exchange())
    assert {held.code for held in seen.quarantined} == {"not-for-us"}, (
        "a leaver reads nothing that is sealed from now on"
    )
    assert require_state(leaver.session, request).questions[0].answer is None

    sessions = (pair.asks, pair.holds, stays.session)
    states = [require_state(session, request) for session in sessions]
    assert states[0] == states[1] == states[2]
    assert states[0].questions[0].answer is not None
    everything_is_proven(request, *sessions)


def test_a_partner_who_lost_everything_is_believed_again_after_a_visit(office: Office) -> None:
    """No laptop, no words, no backup: a new key under the old name, which nobody believes until two people have met."""
    pair = office.pair
    request = received_request(pair)
    pair.requester.lock()
    anew = Desk(office.laptop("anew"))
    anew.first_run(REQUESTER, "Priya Shah", "Regional analyst", passphrase=PASSPHRASE)
    keeping_cards.set_inbox_address(anew.session, "inbox-of-requester")
    keeping_cards.import_card(anew.session, pair.holds.card_bytes)
    with pytest.raises(CardError, match="card-key-changed"):
        keeping_cards.import_card(pair.holds, anew.session.card_bytes)
    with pytest.raises(CardError, match="card-key-pending"):
        reviewing.ask(pair.holds, request, QuestionId(""), "Are you still there?")

    rotating.accept_new_key(pair.holds, anew.session.card_bytes, "in-person", "At their office, with her pass shown")
    recovering.give_back(pair.holds, REQUESTER.id)
    exchanging.send_all(pair.holds, exchanging.Exchange())
    done = exchanging.fetch(anew.session, exchanging.Exchange())
    assert not done.quarantined
    known = pair.holds.directory.known(REQUESTER.id)
    assert known is not None
    assert (known.check_method, known.check_note) == ("in-person", "At their office, with her pass shown")
