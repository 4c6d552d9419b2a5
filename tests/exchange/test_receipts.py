"""What positions in chains tell: lost receipts are made good, lost deliveries are made sure of, an older copy of a vault falls silent."""

from __future__ import annotations

import pytest

from dsadesk.errors import RuleError, TrustError
from dsadesk.ports import DeliveryState
from dsadesk.services import exchanging, keeping_keys, receipts, reviewing
from dsadesk.services.exchanging import Exchange
from tests.support.adversary import Fuse, Laptop, Offices
from tests.support.desks import memory_world

DAY = 24 * 3600


def delivered(laptop: Laptop) -> list[bool]:
    """Whether each remark of a laptop to the other office is known to have arrived, oldest first."""
    items = [item for item in laptop.vault.outbox.all() if item.kind == "reply" and item.org != laptop.own]
    return [item.state is DeliveryState.DELIVERED for item in items]


def test_a_receipt_that_a_store_lost_is_made_good_by_the_next() -> None:
    offices = Offices()
    store = offices.all_stores[0]
    for n in range(2):
        for act, name in (("say", "first"), ("send", "first"), ("fetch", "supplier"), ("send", "supplier")):
            getattr(offices, act)(name)
        if n == 0:
            store.drop(store.names("/n/")[-1])
    offices.fetch("first")
    assert delivered(offices.laptops["first"]) == [True, True]


def test_a_delivery_that_a_store_lost_is_put_there_again() -> None:
    offices = Offices()
    store = offices.all_stores[1]
    for n in range(2):
        offices.say("first")
        offices.send("first")
        if n == 0:
            lost = store.names("/n/")[-1]
            store.drop(lost)
    for act, name in (("fetch", "supplier"), ("send", "supplier"), ("fetch", "first")):
        getattr(offices, act)(name)
    assert delivered(offices.laptops["first"]) == [False, True]
    offices.send("first")
    assert lost not in store.names()
    offices.clock.advance(2 * 3600)
    offices.send("first")
    assert lost in store.names()
    for act, name in (("fetch", "supplier"), ("send", "supplier"), ("fetch", "first")):
        getattr(offices, act)(name)
    assert delivered(offices.laptops["first"]) == [True, True]


def test_a_store_that_has_it_is_not_sent_it_again() -> None:
    offices = Offices()
    store = offices.all_stores[1]
    for n in range(2):
        offices.say("first")
        offices.send("first")
        if n == 0:
            store.hidden.add(store.names("/n/")[-1])
    for act, name in (("fetch", "supplier"), ("send", "supplier"), ("fetch", "first")):
        getattr(offices, act)(name)
    store.hidden.clear()
    puts: list[str] = []
    store.on_commit = lambda name, data: puts.append(name)
    offices.clock.advance(2 * 3600)
    offices.send("first")
    assert not puts


def test_what_nobody_confirmed_for_a_week_is_overdue_and_receipts_are_not_waited_for() -> None:
    offices = Offices()
    laptop = offices.laptops["first"]
    offices.say("first")
    offices.send("first")
    now = laptop.world.clock.now
    assert not receipts.overdue(laptop.session, now())
    offices.clock.advance(7 * DAY)
    assert [item.kind for item in receipts.overdue(laptop.session, now())] == ["reply"]
    for act, name in (("fetch", "supplier"), ("send", "supplier"), ("fetch", "first")):
        getattr(offices, act)(name)
    assert not receipts.overdue(laptop.session, now())
    offices.clock.advance(30 * DAY)
    assert not receipts.overdue(offices.laptops["supplier"].session, now())


def older_copy(offices: Offices) -> Laptop:
    """The first laptop as it was before it said something that the other side has confirmed."""
    laptop = offices.laptops["first"]
    tables, objects = laptop.vault._tables.snapshot(), dict(laptop.vault._objects._kept)
    for act, name in (("say", "first"), ("send", "first"), ("fetch", "supplier"), ("send", "supplier")):
        getattr(offices, act)(name)
    world = memory_world(stores=offices.stores, clock=offices.clock, seed="restored from a copy")
    return Laptop(world, tables, objects, Fuse())


def test_an_older_copy_of_a_vault_learns_that_it_is_one_and_sends_nothing_more_there() -> None:
    offices = Offices()
    copy = older_copy(offices)
    reviewing.remark(copy.session, offices.request, "Something else at the same place.")
    before = offices.all_stores[1].names()
    done = exchanging.exchange(copy.session)
    assert "older-copy" in [problem.error.code for problem in done.problems]
    assert offices.all_stores[1].names() == before
    with pytest.raises(RuleError, match="older-copy"):
        receipts.require_newest_copy(copy.session, offices.laptops["supplier"].session.box)


def test_an_older_copy_that_sends_all_the_same_is_found_out_by_the_other_side() -> None:
    offices = Offices()
    copy = older_copy(offices)
    reviewing.remark(copy.session, offices.request, "Something else at the same place.")
    exchanging.send_all(copy.session, Exchange())
    done = exchanging.fetch(offices.laptops["supplier"].session, Exchange())
    assert [(held.door, held.code) for held in done.quarantined] == [(TrustError.door, "two-contents")]


def test_the_same_request_from_two_laptops_is_one_record_and_both_know_that_it_arrived() -> None:
    offices = Offices()
    for name in ("first", "second"):
        offices.say(name)
        offices.send(name)
    offices.mend_and_check()
    assert delivered(offices.laptops["first"]) == [True]
    assert delivered(offices.laptops["second"]) == [True]
    assert keeping_keys.opened(offices.laptops["second"].world, offices.laptops["second"].vault).inbox is not None
