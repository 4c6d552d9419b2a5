"""The outbox in words: the order in which it goes, how far each delivery is, what holds it up, what comes next."""

from __future__ import annotations

import pytest

from dsadesk.errors import StoreUnreachableError
from dsadesk.services import exchanging, reviewing
from dsadesk.services.delivering import Lately
from dsadesk.services.exchanging import Exchange, Problem
from dsadesk.services.leaving import leave_for_later, left_for_later, send_after_all
from dsadesk.sync.shown import Going, Shown
from dsadesk.ui.presenters.outbox import MOST_WAITING, facts_of, motions_of
from dsadesk.ui.vocabulary import Tone
from tests.exchange.test_engine import big_request
from tests.support.desks import PASSPHRASE, SUPPLIER, received_request, sealed_request, two_desks

KEY = ("bundle", "box")


@pytest.fixture
def pair():
    return two_desks()


def motion(going, **told):
    shown = Shown(
        key=KEY,
        org=SUPPLIER.id,
        kind="request",
        going=going,
        **{"done": 3 * 2**20, "total": 12 * 2**20, "rate": 0.0, "seconds_left": None, **told},
    )
    return motions_of((shown,), is_sending=True, all_paused=False).get(KEY)


def test_small_deliveries_stand_first_as_they_go_first(pair):
    big_request(pair)
    pair.clock.advance(60)
    sealed_request(pair, sample=False)
    first, second = facts_of(pair.asks).waiting
    assert (pair.asks.vault.outbox.get(*first.key).objects, bool(pair.asks.vault.outbox.get(*second.key).objects)) == (
        (),
        True,
    )


def test_what_moves_says_how_much_is_there_how_fast_and_how_long(pair):
    told = motion(Going.MOVING, rate=52 * 1024.0, seconds_left=600.0)
    assert told.sentence == "3MB of 12MB in the store, 52KB a second, about 10 minutes left."
    assert told.permille == 250


def test_what_waits_says_why_and_when_it_is_tried_again():
    assert "turn" in motion(Going.WAITING).sentence
    told = motion(Going.WAITING, why="no-link", tries_again_in=4.0)
    assert told.sentence.endswith("It is tried again within a minute.")
    assert told.tone is Tone.WARN


def test_what_is_paused_says_that_it_goes_on_from_there():
    told = motion(Going.PAUSED)
    assert told.sentence == "Paused with 3MB of 12MB in the store. It goes on from there."
    assert told.is_paused


def test_when_all_is_paused_no_delivery_is_offered_to_go_on_alone():
    shown = Shown(
        key=KEY, org=SUPPLIER.id, kind="request", going=Going.PAUSED, done=0, total=1, rate=0.0, seconds_left=None
    )
    assert not motions_of((shown,), is_sending=True, all_paused=True)[KEY].is_paused


def test_what_stopped_and_what_was_told_by_an_earlier_run_is_left_to_the_vault():
    assert motion(Going.STOPPED) is None
    assert motions_of((), is_sending=False, all_paused=False) == {}


def test_what_is_left_for_later_is_not_sent_until_somebody_says_so(pair):
    sealed_request(pair, sample=False)
    sealed_request(pair, sample=False)
    left = facts_of(pair.asks).waiting[0].key
    leave_for_later(pair.asks, left)
    assert len(exchanging.send_all(pair.asks, Exchange()).sent) == 1
    (item,) = facts_of(pair.asks).waiting
    assert (item.key, item.status, item.is_left) == (left, "Left for later", True)
    send_after_all(pair.asks, left)
    assert len(exchanging.send_all(pair.asks, Exchange()).sent) == 1
    assert facts_of(pair.asks).waiting == ()


def test_what_is_left_stays_left_when_the_vault_is_opened_again(pair):
    sealed_request(pair, sample=False)
    key = facts_of(pair.asks).waiting[0].key
    leave_for_later(pair.asks, key)
    pair.requester.lock()
    pair.requester.unlock_with_passphrase(PASSPHRASE)
    assert left_for_later(pair.requester.session) == {key}


def test_a_delivery_that_nobody_confirms_says_whom_to_ring(pair):
    sealed_request(pair, sample=False)
    exchanging.send_all(pair.asks, Exchange())
    assert facts_of(pair.asks).sent[0].following == "Their confirmation comes when they next fetch and you do."
    pair.clock.advance(5 * 86_400)
    assert facts_of(pair.asks).sent[0].following.startswith("Nothing was heard for 5 days. Ring them")


def test_what_nobody_confirmed_for_a_week_stands_first_is_marked_and_is_counted(pair, monkeypatch):
    monkeypatch.setattr("dsadesk.ui.presenters.outbox.MOST_SENT", 1)
    old = sealed_request(pair, sample=False)
    exchanging.send_all(pair.asks, Exchange())
    pair.clock.advance(6 * 86_400)
    new = sealed_request(pair, sample=False)
    exchanging.send_all(pair.asks, Exchange())
    facts = facts_of(pair.asks)
    assert [item.request for item in facts.sent] == [new]
    assert "confirmed" not in facts.summary
    pair.clock.advance(86_400)
    facts = facts_of(pair.asks)
    assert [item.request for item in facts.sent] == [old, new]
    assert [(item.status, item.tone) for item in facts.sent] == [("Not confirmed", Tone.WARN), ("Sent", Tone.INFO)]
    assert facts.sent[0].following.startswith("Nothing was heard for 7 days. Ring them")
    assert facts.summary.endswith("1 delivery that was sent has not been confirmed for a week.")
    for session in (pair.holds, pair.asks):
        exchanging.exchange(session)
    assert "confirmed" not in facts_of(pair.asks).summary


def test_a_delivered_request_says_what_became_of_it(pair):
    request = received_request(pair, sample=False)
    reviewing.start_assessment(pair.holds, request)
    pair.carry()
    assert facts_of(pair.asks).sent[0].following == "The request now: Being assessed."


def test_what_stands_in_the_way_is_said_once_for_each_cause_with_what_to_do(pair):
    fault = StoreUnreachableError("no-link")
    lately = Lately(fault=fault, problems=(Problem(SUPPLIER.id, fault), Problem(SUPPLIER.id, fault)))
    problems = facts_of(pair.asks, lately).problems
    assert [line.sentence.partition(":")[0] for line in problems] == ["Sending to Environment Agency", "Fetching"]
    assert all(line.details for line in problems)
    assert facts_of(pair.asks).problems == ()


def test_of_a_long_outbox_the_first_are_shown_and_the_others_counted(pair, monkeypatch):
    monkeypatch.setattr("dsadesk.ui.presenters.outbox.MOST_WAITING", 1)
    for _ in range(3):
        sealed_request(pair, sample=False)
    facts = facts_of(pair.asks)
    assert (len(facts.waiting), facts.more) == (1, 2)
    assert facts.summary.startswith("3 sealed deliveries")
    assert MOST_WAITING == 50
