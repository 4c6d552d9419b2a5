"""Delivery over stores that fail, forget, hide and alter: it arrives exactly once, or both sides know that it has not."""

from __future__ import annotations

import hashlib
import io
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from dsadesk.bootstrap import open_transport
from dsadesk.domain.ids import OrganisationId, RequestId
from dsadesk.domain.lifecycle import Stage
from dsadesk.domain.organisation import Organisation
from dsadesk.errors import (
    CardError,
    StoreError,
    StoreFullError,
    StoreMissingError,
    StoreReadOnlyError,
    StoreUnreachableError,
)
from dsadesk.ports import DeliveryState, Transport
from dsadesk.services import (
    attaching,
    drafting,
    exchanging,
    handing_over,
    holding,
    keeping_cards,
    sealing,
    speaking,
    taking_in,
    viewing,
)
from dsadesk.services.desk import Desk
from dsadesk.services.exchanging import Exchange
from dsadesk.services.reading import read_event
from dsadesk.sync import plan
from dsadesk.sync.commit import MAGIC, hash_name, parse_commit
from dsadesk.sync.delivery import journal_of
from dsadesk.transports.folder import FolderTransport
from dsadesk.transports.memory import FaultyTransport, LossyTransport, MemoryTransport
from tests.support.desks import ANSWERS, PASSPHRASE, SUPPLIER, Pair, memory_world, sealed_request, two_desks

BIG = b"site,ecoli\n" + b"".join(b"UK%06d,%d\n" % (n, n % 300) for n in range(9_000))
INBOX = "inbox-of-supplier"


def big_request(pair: Pair) -> RequestId:
    """A sealed request whose sample is too large to ride inside the commit."""
    draft = drafting.start(pair.asks, title="Large sample")
    drafting.address_to(pair.asks, draft.request, SUPPLIER.id)
    drafting.load_answers(pair.asks, draft.request, ANSWERS.read_bytes())
    attaching.attach(pair.asks, draft.request, io.BytesIO(BIG), "large.csv")
    sealing.seal_request(pair.asks, draft.request)
    assert not plan.rides_inside(journal_of(pair.asks.vault.outbox.unfinished()[0]).objects)
    return draft.request


def through(pair: Pair, wrap: Callable[[Transport], Transport]) -> Transport:
    """Puts a wrapper round the supplier's inbox."""
    wrapped = wrap(pair.stores.open(INBOX))
    pair.stores.by_address[INBOX] = wrapped
    return wrapped


def commits(pair: Pair) -> list[str]:
    return [name for name in pair.stores.open(INBOX).list("dsa1/") if "/n/" in name]


def arrived_once(pair: Pair, request: RequestId) -> None:
    done = exchanging.fetch(pair.holds, Exchange())
    assert not done.quarantined
    assert not done.problems
    assert [taken.request for taken in done.taken] == [request]
    assert viewing.view(pair.holds, request).stage is Stage.RECEIVED
    assert not exchanging.fetch(pair.holds, Exchange()).taken


@pytest.mark.parametrize(
    "error", [StoreUnreachableError("no-link"), StoreFullError("store-full"), StoreReadOnlyError("store-read-only")]
)
@pytest.mark.parametrize("size", ["inside", "parts"])
def test_a_failure_of_any_call_while_sending_is_mended_by_sending_again(error: StoreError, size: str) -> None:
    fail_at = told = 0
    while True:
        fail_at += 1
        pair = two_desks()
        request = sealed_request(pair) if size == "inside" else big_request(pair)
        good = pair.stores.open(INBOX)
        faulty = FaultyTransport(good, fail_at, error)
        pair.stores.by_address[INBOX] = faulty
        done = exchanging.send_all(pair.asks, Exchange())
        if faulty.calls < fail_at:
            assert not done.problems
            break
        item = pair.asks.vault.outbox.all()[0]
        if done.problems:
            told += 1
            assert [problem.error for problem in done.problems] == [error]
            assert item.state in (DeliveryState.QUEUED, DeliveryState.UNKNOWN)
            assert item.problem == error.code
        else:
            # It struck a connection that was one more than there had to be.
            assert item.state is DeliveryState.COMMITTED
        pair.stores.by_address[INBOX] = good
        assert not exchanging.send_all(pair.asks, Exchange()).problems
        arrived_once(pair, request)
    assert told > 2


@pytest.mark.parametrize("lost", [1, 2])
def test_a_lost_answer_leads_to_no_second_delivery(lost: int) -> None:
    pair = two_desks()
    request = big_request(pair)
    through(pair, lambda inner: LossyTransport(inner, lost_acks=(lost,)))
    done = exchanging.send_all(pair.asks, Exchange())
    assert [problem.error.code for problem in done.problems] == ["answer-lost"]
    assert pair.asks.vault.outbox.all()[0].state is DeliveryState.UNKNOWN
    assert not exchanging.send_all(pair.asks, Exchange()).problems
    assert len(commits(pair)) == 1
    arrived_once(pair, request)


def test_a_failure_of_any_call_while_fetching_is_mended_by_fetching_again() -> None:
    fail_at = 0
    while True:
        fail_at += 1
        pair = two_desks()
        request = big_request(pair)
        exchanging.send_all(pair.asks, Exchange())
        good = pair.stores.open(INBOX)
        faulty = FaultyTransport(good, fail_at, StoreUnreachableError("no-link"))
        pair.stores.by_address[INBOX] = faulty
        done = exchanging.fetch(pair.holds, Exchange())
        if faulty.calls < fail_at:
            break
        assert not done.quarantined
        pair.stores.by_address[INBOX] = good
        arrived_once(pair, request)
    assert fail_at > 3


def test_a_part_that_is_not_visible_yet_is_waited_for_and_is_no_alarm() -> None:
    pair = two_desks()
    request = big_request(pair)
    exchanging.send_all(pair.asks, Exchange())
    part = next(name for name in pair.stores.open(INBOX).list("dsa1/") if "/p/" in name)
    hidden = LossyTransport(pair.stores.open(INBOX), hidden=(part,))
    pair.stores.by_address[INBOX] = hidden
    done = exchanging.fetch(pair.holds, Exchange())
    assert len(done.incomplete) == 1
    assert not done.quarantined
    assert not done.taken
    hidden.hidden.clear()
    arrived_once(pair, request)


def test_the_commit_is_visible_only_after_all_its_parts() -> None:
    pair = two_desks()
    big_request(pair)
    order: list[str] = []

    class Watching(MemoryTransport):
        def put(self, name: str, data: bytes) -> None:
            order.append("commit" if "/n/" in name else "part")
            super().put(name, data)

    pair.stores.by_address[INBOX] = Watching(INBOX)
    exchanging.send_all(pair.asks, Exchange())
    assert order == ["part", "part", "commit"], "manifest, sample, and what names them"


def tampered(pair: Pair, change: Callable[[str, bytes], tuple[str, bytes] | None]) -> None:
    """Replaces the store by one whose keeper changed what lies in it."""
    old, new = pair.stores.open(INBOX), MemoryTransport(INBOX)
    for name in old.list("dsa1/"):
        changed = change(name, old.get(name, 1 << 30))
        if changed is not None:
            new.put(*changed)
    pair.stores.by_address[INBOX] = new


def test_what_is_held_back_is_kept_with_its_manifest_wherever_that_lay() -> None:
    pair = two_desks()
    big_request(pair)
    exchanging.send_all(pair.asks, Exchange())
    sealed = pair.asks.vault.outbox.all()[0].sealed
    tampered(pair, lambda name, data: (name, data if data == sealed or "/n/" in name else data[:-1] + b"?"))
    (held,) = exchanging.fetch(pair.holds, Exchange()).quarantined
    kept = holding.evidence(pair.holds, held.id)
    assert held.code == "part-altered"
    assert kept.startswith(MAGIC + len(sealed).to_bytes(4, "big") + sealed)
    assert commits(pair)[0].endswith(
        hash_name(kept.replace(sealed, b"").replace(kept[len(MAGIC) : len(MAGIC) + 4], bytes(4), 1), 32)
    )


@pytest.mark.parametrize("where", ["commit", "part"])
@pytest.mark.parametrize("at", [0, 30, 2000, -1])
def test_a_store_that_flips_a_bit_is_found_out(where: str, at: int) -> None:
    pair = two_desks()
    big_request(pair)
    exchanging.send_all(pair.asks, Exchange())
    marker = "/n/" if where == "commit" else "/p/"

    def flip(name: str, data: bytes) -> tuple[str, bytes]:
        if marker not in name:
            return name, data
        broken = bytearray(data)
        broken[at] ^= 1
        return name, bytes(broken)

    tampered(pair, flip)
    done = exchanging.fetch(pair.holds, Exchange())
    assert not done.taken
    assert [held.door for held in done.quarantined] == ["container"]
    assert len(pair.holds.vault.inbox.quarantined()) == 1
    assert not exchanging.fetch(pair.holds, Exchange()).quarantined, "the same bundle is not reported twice"


def test_a_store_that_shows_a_commit_under_another_name_is_found_out() -> None:
    pair = two_desks()
    sealed_request(pair, sample=False)
    exchanging.send_all(pair.asks, Exchange())

    def rename(name: str, data: bytes) -> tuple[str, bytes]:
        folder, _, last = name.rpartition("/")
        return (f"{folder}/{int(last[:13]) + 1:013d}{last[13:]}" if "/n/" in name else name), data

    tampered(pair, rename)
    done = exchanging.fetch(pair.holds, Exchange())
    assert [held.code for held in done.quarantined] == ["part-list-time"]


def test_a_store_that_replays_a_bundle_changes_nothing() -> None:
    pair = two_desks()
    request = sealed_request(pair, sample=False)
    exchanging.send_all(pair.asks, Exchange())
    name = commits(pair)[0]
    data = pair.stores.open(INBOX).get(name, 1 << 30)
    arrived_once(pair, request)
    day_later = name.replace(name.split("/")[-2], "20991231")
    pair.stores.open(INBOX).put(day_later, data)
    done = exchanging.fetch(pair.holds, Exchange())
    assert not done.taken
    assert len(pair.holds.vault.events.of_request(request)) == 2


def test_a_bundle_put_into_another_inbox_is_refused_there() -> None:
    pair, other = two_desks(), two_desks()
    sealed_request(pair, sample=False)
    exchanging.send_all(pair.asks, Exchange())
    name = commits(pair)[0]
    data = pair.stores.open(INBOX).get(name, 1 << 30)
    moved = name.replace(name.split("/")[1], other.asks.box)
    other.stores.open("inbox-of-requester").put(moved, data)
    done = exchanging.fetch(other.asks, Exchange())
    assert not done.taken
    assert [held.door for held in done.quarantined] == ["decrypt"]


def test_a_missing_inbox_stops_its_own_items_and_says_so() -> None:
    pair = two_desks()
    request = sealed_request(pair, sample=False)

    class Gone(MemoryTransport):
        def check(self) -> None:
            raise StoreMissingError("folder-missing", address="gone")

    pair.stores.by_address[INBOX] = Gone(INBOX)
    done = exchanging.send_all(pair.asks, Exchange())
    assert [problem.error.code for problem in done.problems] == ["folder-missing"]
    assert viewing.view(pair.asks, request).stage is Stage.SEALED
    pair.stores.by_address[INBOX] = MemoryTransport(INBOX)
    exchanging.send_all(pair.asks, Exchange())
    arrived_once(pair, request)


def test_what_lies_in_the_store_tells_no_names() -> None:
    pair = two_desks()
    big_request(pair)
    exchanging.send_all(pair.asks, Exchange())
    store = pair.stores.open(INBOX)
    for name in store.list("dsa1/"):
        data = store.get(name, 1 << 30)
        for secret in (b"Priya", b"Bathing", b"public-health", b"environment-agency", b"UK000123", b"large.csv"):
            assert secret not in data
            assert secret.decode().lower() not in name
        if "/n/" in name:
            assert parse_commit(name, data).part_list
        else:
            assert hashlib.sha256(data).digest()


def test_a_bundle_file_brings_the_same_as_a_store() -> None:
    pair = two_desks()
    request = big_request(pair)
    sink = io.BytesIO()
    handing_over.export_bundle(pair.asks, pair.asks.vault.outbox.all()[0], sink)
    sink.seek(0)
    taken = taking_in.import_bundle(pair.holds, sink, "request.dsabundle")
    assert taken is not None
    assert taken.request == request
    with attaching.open_sample(pair.holds, request, 1) as plain:
        assert plain.read() == BIG
    exchanging.send_all(pair.asks, Exchange())
    assert not exchanging.fetch(pair.holds, Exchange()).taken, "the same bundle by another way is not taken in twice"


def test_nobody_can_speak_into_a_conversation_that_is_not_theirs() -> None:
    """A third organisation that learnt a request's id cannot add to it, nor claim to have begun it."""
    pair = two_desks()
    request = sealed_request(pair, sample=False)
    pair.carry()
    before = viewing.history_digest(pair.holds, request)
    stranger = Desk(memory_world(stores=pair.stores, clock=pair.clock, seed="stranger"))
    stranger.first_run(
        Organisation(OrganisationId("hm-treasury"), "HM Treasury"), "Mallory", "Analyst", passphrase=PASSPHRASE
    )
    keeping_cards.set_inbox_address(stranger.session, "inbox-of-stranger")
    keeping_cards.import_card(stranger.session, pair.holds.card_bytes)
    theirs = drafting.start(stranger.session, title="Mine now")
    theirs = drafting.address_to(stranger.session, theirs.request, SUPPLIER.id)
    copied = replace(theirs, request=request)
    stranger.session.vault.drafts.put(copied)
    drafting.load_answers(stranger.session, request, ANSWERS.read_bytes())
    sealing.seal_request(stranger.session, request)
    exchanging.send_all(stranger.session, Exchange())
    done = exchanging.fetch(pair.holds, Exchange())
    assert [(held.door, held.code) for held in done.quarantined] == [("contents", "sender-not-a-party")]
    assert viewing.history_digest(pair.holds, request) == before


def test_a_request_to_someone_else_is_refused_and_blocks_nothing() -> None:
    pair = two_desks()
    other = Desk(memory_world(stores=pair.stores, clock=pair.clock, seed="other"))
    other.first_run(Organisation(OrganisationId("hm-treasury"), "HM Treasury"), "Mal", "Analyst", passphrase=PASSPHRASE)
    keeping_cards.import_card(pair.asks, other.session.card_bytes)
    draft = drafting.start(pair.asks, title="For the Treasury")
    drafting.address_to(pair.asks, draft.request, OrganisationId("hm-treasury"))
    drafting.load_answers(pair.asks, draft.request, ANSWERS.read_bytes())
    sealing.seal_request(pair.asks, draft.request)
    events = pair.asks.vault.events.of_request(draft.request)
    with pair.asks.vault.transaction():
        speaking.deliver(
            pair.asks,
            draft.request,
            kind="request",
            counterpart=SUPPLIER.id,
            events=tuple(read_event(stored) for stored in events),
            samples=(),
        )
    good = sealed_request(pair, sample=False)
    keeping_cards.set_partner_address(pair.asks, OrganisationId("hm-treasury"), "inbox-of-treasury")
    exchanging.send_all(pair.asks, Exchange())
    done = exchanging.fetch(pair.holds, Exchange())
    assert [held.code for held in done.quarantined] == ["not-our-request"]
    assert [taken.request for taken in done.taken] == [good]


def test_another_store_at_the_same_place_is_not_taken_for_the_one_meant(tmp_path: Path) -> None:
    """Two sticks that turn up under one drive letter."""
    pair = two_desks(
        lambda name, stores, clock: memory_world(stores=stores, clock=clock, seed=name, open_transport=open_transport)
    )
    place = tmp_path / "stick"
    place.mkdir()
    FolderTransport.prepare(place, "the-first-stick", pair.clock.now())
    keeping_cards.set_partner_address(pair.asks, SUPPLIER.id, str(place))
    request = sealed_request(pair, sample=False)
    assert not exchanging.send_all(pair.asks, Exchange()).problems
    place.rename(tmp_path / "unplugged")
    place.mkdir()
    FolderTransport.prepare(place, "the-other-stick", pair.clock.now())
    later = sealed_request(pair, sample=False)
    done = exchanging.send_all(pair.asks, Exchange())
    assert [problem.error.code for problem in done.problems] == ["other-store"]
    assert not [path for path in place.rglob("*") if path.is_file() and path.name != "store.json"]
    assert viewing.view(pair.asks, later).stage is Stage.SEALED
    assert viewing.view(pair.asks, request).stage is Stage.SENT


def test_a_write_protected_stick_can_still_be_received_from(tmp_path: Path) -> None:
    class Protected(FolderTransport):
        def check(self) -> None:
            super().check()
            raise StoreReadOnlyError("store-read-only", address=self.address, reason="switch")

    pair = two_desks()
    FolderTransport.prepare(tmp_path, "a-stick-with-a-switch", pair.clock.now())
    pair.stores.by_address[INBOX] = FolderTransport(tmp_path)
    request = sealed_request(pair, sample=False)
    exchanging.send_all(pair.asks, Exchange())
    pair.stores.by_address[INBOX] = Protected(tmp_path)
    assert [taken.request for taken in exchanging.fetch(pair.holds, Exchange()).taken] == [request]


def test_nothing_is_sent_to_a_partner_whose_changed_key_waits_for_a_decision() -> None:
    pair = two_desks()
    request = sealed_request(pair, sample=False)
    other = two_desks(lambda name, stores, clock: memory_world(stores=stores, clock=clock, seed=f"other {name}"))
    with pytest.raises(CardError, match="card-key-changed"):
        keeping_cards.import_card(pair.asks, other.holds.card_bytes)
    done = exchanging.send_all(pair.asks, Exchange())
    assert [problem.error.code for problem in done.problems] == ["card-key-pending"]
    assert not commits(pair)
    pair.asks.vault.cards.flag_change(SUPPLIER.id, "")
    exchanging.send_all(pair.asks, Exchange())
    arrived_once(pair, request)
