"""What stopped at a door: how much is kept, what is tried again, and who is known by a mere receipt."""

from __future__ import annotations

import dataclasses
import io

import pytest

from dsadesk.domain.ids import OrganisationId
from dsadesk.domain.organisation import Organisation
from dsadesk.errors import ContainerError, DecryptError, RuleError
from dsadesk.services import (
    admitting,
    attaching,
    drafting,
    exchanging,
    holding,
    keeping_cards,
    retrying,
    rotating,
    sealing,
    viewing,
)
from dsadesk.services.desk import Desk
from dsadesk.services.exchanging import Exchange
from dsadesk.services.holding import Content
from dsadesk.services.speaking import deliver
from dsadesk.sync.commit import commit_prefix, manifest_within, parse_commit, with_manifest
from tests.exchange.test_engine import big_request
from tests.support.desks import (
    ANSWERS,
    PASSPHRASE,
    REQUESTER,
    SUPPLIER,
    Pair,
    memory_world,
    received_request,
    sealed_request,
    two_desks,
)


@pytest.fixture
def pair() -> Pair:
    return two_desks()


def test_content_is_kept_up_to_a_limit_for_all_together_and_evidence_beyond_it(
    pair: Pair, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(holding, "MAX_HELD_BYTES", 100)
    for n in range(4):
        holding.hold(pair.holds, DecryptError("damaged"), Content.of(bytes([n]) * 40), f"{n}.dsabundle")
    kept = [pair.holds.vault.inbox.quarantined_content(each.id) for each in holding.held_back(pair.holds)]
    assert sorted(len(content) for content in kept) == [0, 0, 40, 40]
    first, *_, last = sorted(holding.held_back(pair.holds), key=lambda each: each.source)
    assert holding.evidence(pair.holds, first.id) == bytes([0]) * 40
    with pytest.raises(RuleError, match="quarantine-not-kept"):
        holding.evidence(pair.holds, last.id)


def test_records_are_kept_up_to_a_limit_and_the_rest_is_counted(pair: Pair, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(holding, "MAX_HELD", 3)
    for n in range(5):
        holding.hold(pair.holds, DecryptError("damaged"), Content.of(bytes([n])), f"{n}.dsabundle")
    assert (len(holding.held_back(pair.holds)), holding.turned_away(pair.holds)) == (3, 2)
    holding.discard(pair.holds, holding.held_back(pair.holds)[0].id)
    assert (len(holding.held_back(pair.holds)), holding.turned_away(pair.holds)) == (2, 0)
    with pytest.raises(RuleError, match="no-such-bundle"):
        holding.discard(pair.holds, "nothing")


def without_a_part(pair: Pair) -> None:
    """A request with a sample whose parts the store has lost."""
    draft = drafting.start(pair.asks, title="Bathing water results")
    drafting.address_to(pair.asks, draft.request, SUPPLIER.id)
    drafting.load_answers(pair.asks, draft.request, ANSWERS.read_bytes())
    rows = b"".join(b"%d,%d\n" % (n, n * n) for n in range(100_000))
    attaching.attach(pair.asks, draft.request, io.BytesIO(b"a,b\n" + rows), "large.csv")
    sealing.seal_request(pair.asks, draft.request)
    exchanging.send_all(pair.asks, Exchange())
    store = pair.stores.open("inbox-of-supplier")
    for name in store.list("dsa1"):
        if not name.startswith(commit_prefix(pair.holds.box)):
            store.delete(name)


def show(pair: Pair, name: str, data: bytes) -> None:
    """Has the store show other bytes under a name."""
    store = pair.stores.open("inbox-of-supplier")
    store.delete(name)
    store.put(name, data)


def test_a_delivery_whose_part_never_comes_is_waited_for_and_then_held_back(pair: Pair) -> None:
    without_a_part(pair)
    assert exchanging.fetch(pair.holds, Exchange()).incomplete
    pair.clock.advance(exchanging.WAIT.total_seconds() - 1)
    assert exchanging.fetch(pair.holds, Exchange()).incomplete
    pair.clock.advance(1)
    (held,) = exchanging.fetch(pair.holds, Exchange()).quarantined
    assert (held.door, held.code) == ("container", "never-completed")
    done = exchanging.fetch(pair.holds, Exchange())
    assert (done.incomplete, done.quarantined) == ([], [])


def test_what_was_held_back_is_taken_from_what_was_kept_where_the_store_has_lost_the_manifest_since(
    pair: Pair,
) -> None:
    request = big_request(pair)
    exchanging.send_all(pair.asks, Exchange())
    store = pair.stores.open("inbox-of-supplier")
    sealed = pair.asks.vault.outbox.all()[0].sealed
    lies = {name: store.get(name, 1 << 30) for name in store.list("dsa1/") if "/p/" in name}
    of_manifest = [name for name, data in lies.items() if data in sealed]
    (of_sample,) = lies.keys() - set(of_manifest)
    show(pair, of_sample, lies[of_sample][:-1] + b"?")
    (held,) = exchanging.fetch(pair.holds, Exchange()).quarantined
    assert held.code == "part-altered"
    show(pair, of_sample, lies[of_sample])
    store.delete(of_manifest[0])
    taken = retrying.retry_quarantine(pair.holds, held.id)
    assert taken is not None
    assert taken.request == request


def test_the_manifest_of_another_delivery_is_not_taken_for_the_one_that_the_store_has_lost(pair: Pair) -> None:
    big_request(pair)
    exchanging.send_all(pair.asks, Exchange())
    store = pair.stores.open("inbox-of-supplier")
    (name,) = store.list(commit_prefix(pair.holds.box))
    commit = parse_commit(name, store.get(name, 1 << 23))
    kept = with_manifest(commit, b"sealed")
    assert manifest_within(name, kept) == b"sealed"
    assert manifest_within(name, kept + b"?") == b""
    assert manifest_within(name, store.get(name, 1 << 23)) == b""
    assert manifest_within(name, b"") == b""


def test_a_part_is_not_waited_for_without_end(pair: Pair) -> None:
    arrival = exchanging.Arrival(pair.holds.box, "dsa1/name", b"commit")
    assert exchanging._give_up(pair.holds, arrival, 0) is None
    given_up = exchanging._give_up(pair.holds, arrival, exchanging.MAX_WAITING)
    assert isinstance(given_up, ContainerError)
    assert given_up.code == "too-many-waiting"
    pair.clock.advance(exchanging.WAIT.total_seconds())
    given_up = exchanging._give_up(pair.holds, arrival, 0)
    assert given_up is not None
    assert given_up.code == "never-completed"


def test_a_stranger_is_not_pinned_by_a_mere_receipt(pair: Pair) -> None:
    treasury = Organisation(OrganisationId("hm-treasury"), "HM Treasury")
    stranger = Desk(memory_world(stores=pair.stores, clock=pair.clock, seed="stranger"))
    stranger.first_run(treasury, "Mallory", "Nobody", passphrase=PASSPHRASE)
    keeping_cards.set_inbox_address(stranger.session, "inbox-of-stranger")
    keeping_cards.import_card(stranger.session, pair.holds.card_bytes)
    request = received_request(pair, sample=False)
    deliver(stranger.session, request, kind="receipt", counterpart=SUPPLIER.id, events=(), samples=())
    exchanging.send_all(stranger.session, Exchange())
    exchanging.fetch(pair.holds, Exchange())
    assert pair.holds.vault.cards.get(treasury.id) is None
    real = Desk(memory_world(stores=pair.stores, clock=pair.clock, seed="real"))
    real.first_run(treasury, "A. Person", "Director", passphrase=PASSPHRASE)
    assert keeping_cards.import_card(pair.holds, real.session.card_bytes).fingerprint == real.session.card.fingerprint


def test_what_no_key_opened_is_taken_in_after_a_pass_brought_one(pair: Pair) -> None:
    laptop = Desk(memory_world(stores=pair.stores, clock=pair.clock, seed="laptop"))
    laptop.first_run(SUPPLIER, "Owain Hughes", "Analyst", passphrase=PASSPHRASE, joining=True)
    given = admitting.admit(pair.holds, admitting.apply(laptop.session))
    laptop.take(admitting.accept(laptop.session, given))
    rotating.rotate_inbox(pair.holds)
    keeping_cards.import_card(pair.asks, pair.holds.card_bytes)
    request = sealed_request(pair, sample=False)
    exchanging.send_all(pair.asks, Exchange())
    (held,) = exchanging.fetch(laptop.session, Exchange()).quarantined
    assert held.code == "not-for-us"
    laptop.take(admitting.accept(laptop.session, rotating.passes_for_members(pair.holds).made[0][1]))
    assert retrying.retry_held(laptop.session, {"not-for-us"}) == 1
    assert viewing.view(laptop.session, request).title
    assert holding.held_back(laptop.session) == ()
    assert retrying.retry_held(laptop.session, {"not-for-us"}) == 0
    assert REQUESTER.id in {card.org for card in laptop.session.vault.cards.all()}
    assert dataclasses.asdict(held)["code"] == "not-for-us"
