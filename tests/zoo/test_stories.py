"""Attacks of more than one step: each bundle is sound in itself, or fails for a reason that must not spread."""

from __future__ import annotations

import hashlib
import io
from collections.abc import Callable
from pathlib import Path

import pytest

from dsadesk.bundle.card import InboxAddress
from dsadesk.bundle.seal import Destination, SealedBundle
from dsadesk.codec.events import time_text
from dsadesk.domain.events import AgreementSigned
from dsadesk.domain.request import Effect
from dsadesk.errors import BundleError, StoreUnreachableError
from dsadesk.ports import DeliveryState, Transport
from dsadesk.services import exchanging, keeping_cards, reviewing, taking_in, viewing
from dsadesk.services.exchanging import Exchange
from dsadesk.services.reading import read_event, require_state
from dsadesk.services.taking_in import TakenIn
from dsadesk.sync.receive import IncompleteError
from dsadesk.transports.memory import MemoryTransport
from tests.support.desks import REQUESTER, SUPPLIER, Pair, folder_world, memory_world, received_request, two_desks
from tests.support.events import REQUEST
from tests.support.parties import sample
from tests.zoo import contents
from tests.zoo.kit import LATER, Kit, described
from tests.zoo.manifests import as_party

INBOX = "inbox-of-supplier"
OTHER = sample(b"site,ecoli\nB,99\n", "other.csv")


@pytest.fixture(params=["memory", "folders"])
def pair(request: pytest.FixtureRequest, tmp_path: Path) -> Pair:
    make: Callable[..., Pair] = two_desks
    if request.param == "memory":
        return make()
    return make(lambda name, stores, clock: folder_world(tmp_path / name, stores=stores, clock=clock, seed=name))


def take(pair: Pair, data: bytes) -> TakenIn | None:
    return taking_in.import_bundle(pair.holds, io.BytesIO(data), "story")


def after(kit: Kit, before: SealedBundle, **changes: object) -> SealedBundle:
    """The next delivery of the sender's laptop."""
    to = Destination(card=kit.receiver, seq=before.manifest.to[0].seq + 1, prev=before.manifest_sha256)
    return kit.bundle(**({"destinations": (to,)} | changes))


# ---------------------------------------------------------------- believed wrongly


def test_a_submission_that_the_rules_do_not_allow_leaves_the_samples_as_they_were(pair: Pair) -> None:
    """A requester who swaps a sample under a request that is being assessed."""
    kit = Kit.of(pair)
    take(pair, kit.file(bundle=kit.fixed))
    before = pair.holds.vault.samples.of_request(REQUEST)
    body = kit.submitted(samples=(described(OTHER),), version=2)
    second = after(kit, kit.fixed, events=(kit.event(body, after=(kit.submission(),)),), samples=(OTHER.entry,))
    assert take(pair, kit.file(bundle=second, objects=[kit.object(second, OTHER)])) is not None
    assert [line.effect for line in require_state(pair.holds, REQUEST).history].count(Effect.CROSSED) == 1
    assert pair.holds.vault.samples.of_request(REQUEST) == before


def test_an_old_submission_that_is_sent_again_does_not_bring_its_old_samples_back(pair: Pair) -> None:
    """Version 1 with its sample, after version 2 has been submitted with another."""
    kit = Kit.of(pair)
    take(pair, kit.file(bundle=kit.fixed))
    returned = reviewing.give_back(pair.holds, REQUEST, "Another sample, please.", [])
    body = kit.submitted(samples=(described(OTHER),), version=2)
    heads = {"after": (returned.id,)}
    event = kit.event(body, after=(kit.submission(),), change=heads)
    second = after(kit, kit.fixed, events=(event,), samples=(OTHER.entry,))
    take(pair, kit.file(bundle=second, objects=[kit.object(second, OTHER)]))
    now = pair.holds.vault.samples.of_request(REQUEST)
    assert [one.name for one in now] == ["other.csv"]
    (first,) = [one for one in pair.holds.vault.events.of_request(REQUEST) if one.type == "RequestSubmitted"][:1]
    third = after(kit, second, events=(first.envelope,))
    assert take(pair, kit.file(bundle=third)) is not None
    assert pair.holds.vault.samples.of_request(REQUEST) == now


def test_a_signature_that_comes_before_its_text_counts_only_when_it_holds(pair: Pair) -> None:
    kit = Kit.of(pair)
    false = contents.pair_over(kit)(b"{}")
    submission, drafted, signing = contents.conversation(kit, lambda _: false)
    first = kit.bundle(events=(submission,))
    second = after(kit, first, events=(signing,), samples=(), kind="reply")
    third = after(kit, second, events=(drafted,), samples=(), kind="reply")
    take(pair, kit.file(bundle=first))
    with pytest.raises(IncompleteError):
        take(pair, kit.file(bundle=second, objects=[]))
    assert take(pair, kit.file(bundle=third, objects=[])) is not None
    with pytest.raises(BundleError, match="agreement-signature"):
        take(pair, kit.file(bundle=second, objects=[]))
    bodies = [read_event(stored).body for stored in pair.holds.vault.events.of_request(REQUEST)]
    assert not [body for body in bodies if isinstance(body, AgreementSigned)]


def test_a_signature_that_a_store_shows_before_its_text_is_taken_in_with_it(pair: Pair) -> None:
    kit = Kit.of(pair)
    submission, drafted, signing = contents.conversation(kit, contents.pair_over(kit))
    first = kit.bundle(events=(submission,))
    second = after(kit, first, events=(drafted,), samples=(), kind="reply")
    third = after(kit, second, events=(signing,), samples=(), kind="reply")
    store = pair.stores.open(INBOX)
    for n, (made, refs) in enumerate(((first, kit.refs(first)), (third, []), (second, []))):
        for name, data in kit.commit(made.sealed, refs, at=kit.now + n * LATER).items():
            store.put(name, data)
    done = exchanging.fetch(pair.holds, Exchange())
    assert [taken.bundle for taken in done.taken] == [first.id, second.id, third.id]
    assert not done.incomplete


def test_a_reader_cannot_use_up_the_id_of_a_bundle_that_is_still_on_its_way(pair: Pair) -> None:
    """Somebody who was sent the same bundle knows its id, and sends one of his own under it first."""
    kit = Kit.of(pair)
    raw = kit.raw(kit.fixed)
    theirs = kit.bundle(
        events=(),
        samples=(),
        kind="receipt",
        own_card=kit.stranger.card_bytes,
        own_org=kit.stranger.card.org.id,
        own_recipient=kit.stranger.organisation.hybrid.recipient,
        signer=kit.stranger.device,
    )
    squatter = kit.raw(theirs) | {"id": raw["id"]}
    envelope = kit.envelope(squatter, by=kit.stranger)
    assert take(pair, kit.file(kit.encrypted(envelope), objects=[])) is not None
    assert take(pair, kit.file(bundle=kit.fixed)) is not None


def test_a_late_delivery_fills_its_gap_and_a_later_one_cannot(pair: Pair) -> None:
    kit = Kit.of(pair)
    second = after(kit, kit.fixed, events=(kit.event(after=(kit.submission(),)),), samples=(), kind="reply")
    third = after(kit, second, events=(), samples=(), kind="receipt")
    take(pair, kit.file(bundle=kit.fixed))
    late = take(pair, kit.file(bundle=third, objects=[]))
    assert late is not None
    assert "gap" in late.warnings
    filled = take(pair, kit.file(bundle=second, objects=[]))
    assert filled is not None
    assert "gap" not in filled.warnings
    again = after(kit, kit.fixed, events=(), samples=(), kind="receipt")
    with pytest.raises(BundleError, match="two-contents"):
        take(pair, kit.file(bundle=again, objects=[]))


def test_acknowledgements_by_another_organisation_deliver_nothing(pair: Pair) -> None:
    """Only the owner of an inbox can say what reached it."""
    received_request(pair, sample=False)
    (item,) = [one for one in pair.holds.vault.outbox.all() if one.kind == "reply"]
    pair.holds.vault.outbox.mark(item.id, item.box, DeliveryState.COMMITTED, pair.clock.now())
    kit = Kit.of(pair)
    ack = {
        "box": item.box,
        "device": pair.holds.device.device,
        "seq": item.seq,
        "manifest_sha256": item.manifest_sha256,
    }
    theirs = kit.bundle(
        kind="receipt",
        events=(),
        samples=(),
        own_card=kit.stranger.card_bytes,
        own_org=kit.stranger.card.org.id,
        own_recipient=kit.stranger.organisation.hybrid.recipient,
        signer=kit.stranger.device,
    )
    envelope = kit.envelope(kit.raw(theirs) | {"acks": [ack]}, by=kit.stranger)
    assert take(pair, kit.file(kit.encrypted(envelope), objects=[])) is not None
    found = pair.holds.vault.outbox.get(item.id, item.box)
    assert found is not None
    assert found.state is DeliveryState.COMMITTED


# ---------------------------------------------------------------- what must not block


def test_a_bundle_that_cannot_be_answered_keeps_none_behind_it_from_coming_in(pair: Pair) -> None:
    """A second submission, which the rules do not allow to be received again, under a card that has run out since."""
    kit = Kit.of(pair)
    take(pair, kit.file(bundle=kit.fixed))
    past = kit.card(issued=time_text(kit.now - 2 * LATER), expires=time_text(kit.now - LATER))
    event = kit.event(kit.submitted(version=2), after=(kit.submission(),))
    second = after(kit, kit.fixed, events=(event,), own_card=past)
    third = after(kit, second, events=(), samples=(), kind="receipt", own_card=past)
    store = pair.stores.open(INBOX)
    for n, (made, objects) in enumerate(((second, kit.refs(second)), (third, []))):
        for name, data in kit.commit(made.sealed, objects, at=kit.now + n * LATER).items():
            store.put(name, data)
    done = exchanging.fetch(pair.holds, Exchange())
    assert not done.problems
    assert [taken.bundle for taken in done.taken] == [second.id, third.id]


def test_a_part_that_never_comes_leaves_what_came_after_it_alone(pair: Pair) -> None:
    kit = Kit.of(pair)
    large = sample(b"site,ecoli\nA,12\n" * 8_000, "large.csv")
    first = kit.bundle(samples=(large.entry,), events=(kit.submission(large),))
    refs, parts = kit.parted(first, large)
    second = after(kit, first, events=(), samples=(), kind="receipt")
    store = pair.stores.open(INBOX)
    for name, data in (kit.commit(first.sealed, refs) | kit.commit(second.sealed, [], at=kit.now + LATER)).items():
        store.put(name, data)
    done = exchanging.fetch(pair.holds, Exchange())
    assert (len(done.incomplete), [taken.bundle for taken in done.taken]) == (1, [second.id])
    assert done.taken[0].warnings == ("gap",)
    for name, data in parts.items():
        store.put(name, data)
    assert [taken.bundle for taken in exchanging.fetch(pair.holds, Exchange()).taken] == [first.id]


# ---------------------------------------------------------------- what must not leak


@pytest.mark.parametrize(
    "address", [r"\\mallory.example\share", "//mallory.example/share", "https://mallory.example/", "/net/mallory/x"]
)
def test_a_strangers_share_is_not_opened_by_itself(address: str) -> None:
    """Answers go out by themselves. To open a share is to tell its keeper who did, with a password hash on some systems."""
    opened: list[str] = []

    def open_transport(where: str, *_: object) -> Transport:
        opened.append(where)
        if where == address:
            raise StoreUnreachableError("no-link")
        return stores.setdefault(where, MemoryTransport(where))

    stores: dict[str, Transport] = {}
    pair = two_desks(
        lambda name, shared, clock: memory_world(stores=shared, clock=clock, seed=name, open_transport=open_transport)
    )
    kit = Kit.of(pair)
    kit.stranger = kit.stranger.with_card(inboxes=(InboxAddress(kind="folder", address=address),))
    taken = take(pair, as_party(kit.stranger, kit))
    assert taken is not None
    done = exchanging.exchange(pair.holds)
    assert address not in opened
    assert [problem.error.code for problem in done.problems] == ["no-address"]
    keeping_cards.check_card(pair.holds, kit.stranger.card.org.id, "phone", "Spoke to Mallory")
    assert [problem.error.code for problem in exchanging.exchange(pair.holds).problems] == ["no-link"]
    assert address in opened, "once somebody has looked at them, their address is used"


def test_what_lies_in_quarantine_is_the_whole_file(pair: Pair) -> None:
    kit = Kit.of(pair)
    data = kit.file() + b"\0"
    with pytest.raises(BundleError):
        take(pair, data)
    (held,) = pair.holds.vault.inbox.quarantined()
    assert (held.id, held.sha256, held.size) == (hashlib.sha256(data).hexdigest(),) * 2 + (len(data),)


def test_the_history_says_of_each_event_who_signed_it(pair: Pair) -> None:
    kit = Kit.of(pair)
    take(pair, kit.file(bundle=kit.fixed))
    lines = viewing.history(pair.holds, REQUEST)
    assert {line.evidence.org.id for line in lines if line.evidence} == {REQUESTER.id, SUPPLIER.id}
