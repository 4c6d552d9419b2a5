"""Every hostile bundle of the zoo stops at its door, nothing of it is believed, and it lies in quarantine once."""

from __future__ import annotations

import contextlib
import functools
import hashlib
import io
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from dsadesk.errors import BundleError
from dsadesk.ports import DeliveryState
from dsadesk.services import exchanging, taking_in
from dsadesk.services.exchanging import Exchange
from dsadesk.services.holding import MAX_QUARANTINED_BYTES
from dsadesk.services.taking_in import TakenIn
from dsadesk.sync.receive import IncompleteError
from dsadesk.transports.memory import MemoryTransport
from tests.support.desks import REQUESTER, Pair, two_desks
from tests.support.events import REQUEST
from tests.zoo.kit import Case, Kit, Store
from tests.zoo.make import ZOO, write

INBOX = "inbox-of-supplier"
REFUSED = [case for case in ZOO if case.door in ("container", "decrypt", "manifest", "signature", "trust", "contents")]
OTHERS = [case for case in ZOO if case not in REFUSED]


def believed(pair: Pair, kit: Kit) -> dict[str, Any]:
    """Everything that a bundle could have changed, but for the quarantine."""
    vault = pair.holds.vault
    return {
        "events": (vault.events.count(), vault.events.head()),
        "cards": [(card.org, card.version, card.fingerprint, card.checks) for card in vault.cards.all()],
        "samples": vault.samples.of_request(REQUEST),
        "objects": vault.check(),
        "chain": vault.inbox.chain_head(kit.receiver.box, kit.sender.device.device),
        "rows": vault.projections.rows(vault.projections.ids()),
        "outbox": vault.outbox.all(),
    }


def deliver(pair: Pair, made: bytes | Store, source: str) -> TakenIn | Exchange | None:
    """Hands over a bundle by the way that it is made for. Raises: BundleError for a file."""
    if isinstance(made, bytes):
        return taking_in.import_bundle(pair.holds, io.BytesIO(made), source)
    store = pair.stores.open(INBOX)
    for name, data in made.items():
        store.put(name, data)
    return exchanging.fetch(pair.holds, Exchange())


class UndoneError(Exception):
    """Ends a scene."""


@functools.cache
def desks() -> tuple[Pair, Kit]:
    """Two desks that every scene begins from."""
    pair = two_desks()
    return pair, Kit.of(pair)


@contextlib.contextmanager
def scene(case: Case) -> Iterator[tuple[Pair, Kit]]:
    """The desks after the honest deliveries that a case builds on; afterwards the receiver's vault is as it was."""
    pair, kit = desks()
    pair.stores.by_address[INBOX] = MemoryTransport(INBOX)
    with contextlib.suppress(UndoneError), pair.holds.vault.transaction():
        for n, honest in enumerate(case.first):
            got = deliver(pair, honest(kit), f"honest-{n}")
            assert isinstance(got, TakenIn) or (isinstance(got, Exchange) and len(got.taken) == 1)
        yield pair, kit
        raise UndoneError
    pair.holds.vault.objects.sweep(frozenset())


@pytest.mark.parametrize("case", REFUSED, ids=[case.name for case in REFUSED])
def test_it_stops_at_its_door_and_nothing_of_it_is_believed(case: Case) -> None:
    with scene(case) as (pair, kit):
        _stops(case, pair, kit)


def _stops(case: Case, pair: Pair, kit: Kit) -> None:
    before = believed(pair, kit)
    made = case.build(kit)
    for _ in range(2):
        if isinstance(made, bytes):
            with pytest.raises(BundleError) as caught:
                deliver(pair, made, case.name)
            assert (caught.value.door, caught.value.code) == (case.door, case.code), caught.value
        else:
            done = deliver(pair, made, case.name)
            assert isinstance(done, Exchange)
            assert not done.taken
            assert not done.problems
    assert believed(pair, kit) == before
    held = pair.holds.vault.inbox.quarantined()
    assert [(one.door, one.code) for one in held] == [(case.door, case.code)], held
    if isinstance(made, bytes):
        assert (held[0].size, held[0].sha256) == (len(made), hashlib.sha256(made).hexdigest())
        assert held[0].source == case.name


@pytest.mark.parametrize("case", OTHERS, ids=[case.name for case in OTHERS])
def test_it_does_no_more_than_it_may(case: Case) -> None:
    with scene(case) as (pair, kit):
        _does_no_more(case, pair, kit)


def _does_no_more(case: Case, pair: Pair, kit: Kit) -> None:
    before = believed(pair, kit)
    made = case.build(kit)
    if case.door == "incomplete":
        if isinstance(made, bytes):
            with pytest.raises(IncompleteError):
                deliver(pair, made, case.name)
        else:
            done = deliver(pair, made, case.name)
            assert isinstance(done, Exchange)
            assert len(done.incomplete) == 1
        assert believed(pair, kit) | {"objects": before["objects"]} == before, (
            "what came whole may lie there until the rest comes"
        )
    else:
        got = deliver(pair, made, case.name)
        taken = got.taken[0] if isinstance(got, Exchange) and got.taken else got
        warnings = taken.warnings if isinstance(taken, TakenIn) else ()
        assert warnings == ((case.code,) if case.code else ())
        if case.first and not case.code:
            assert not isinstance(taken, TakenIn), "what came before is not taken in twice"
            assert believed(pair, kit) == before
    assert not pair.holds.vault.inbox.quarantined()
    assert not [item for item in pair.holds.vault.outbox.all() if item.state is DeliveryState.DELIVERED]


def test_a_key_that_changed_is_flagged_and_stays_unbelieved() -> None:
    case = next(case for case in ZOO if case.code == "key-changed")
    pair = two_desks()
    kit = Kit.of(pair)
    with pytest.raises(BundleError):
        deliver(pair, case.build(kit), case.name)
    card = pair.holds.vault.cards.get(REQUESTER.id)
    assert card is not None
    assert card.fingerprint == kit.sender.card.fingerprint
    assert card.changed_to not in ("", card.fingerprint)


def test_a_hostile_bundle_keeps_none_behind_it_from_coming_in() -> None:
    """A store full of them, and one honest delivery that is the last to be looked at."""
    pair = two_desks()
    kit = Kit.of(pair)
    store = pair.stores.open(INBOX)
    hostile = [case for case in REFUSED if case.name.startswith(("commit_", "list_"))]
    for case in hostile:
        made = case.build(kit)
        assert isinstance(made, dict)
        for name, data in made.items():
            store.put(name, data)
    for name, data in kit.commit(kit.fixed.sealed, kit.refs(kit.fixed), at=kit.now.replace(year=2027)).items():
        store.put(name, data)
    done = exchanging.fetch(pair.holds, Exchange())
    assert [taken.request for taken in done.taken] == [REQUEST]
    assert len(done.quarantined) == len(hostile) > 20


def test_a_large_file_leaves_only_its_hash_in_quarantine() -> None:
    pair = two_desks()
    data = b"no bundle " * (MAX_QUARANTINED_BYTES // 10 + 1)
    with pytest.raises(BundleError):
        taking_in.import_bundle(pair.holds, io.BytesIO(data), "large.dsabundle")
    held = pair.holds.vault.inbox.quarantined()
    assert [(one.size, one.sha256) for one in held] == [(len(data), hashlib.sha256(data).hexdigest())]


def test_a_file_name_that_is_no_text_does_not_lose_the_evidence() -> None:
    pair = two_desks()
    with pytest.raises(BundleError):
        taking_in.import_bundle(pair.holds, io.BytesIO(b"x"), "caf\udce9.dsabundle")
    assert [one.source for one in pair.holds.vault.inbox.quarantined()] == ["caf?.dsabundle"]


def test_the_zoo_has_something_for_every_door() -> None:
    doors = Counter(case.door for case in ZOO)
    assert len(ZOO) >= 60
    assert set(doors) == {
        "container", "decrypt", "manifest", "signature", "trust", "contents", "success", "success-with-warning", "incomplete",
    }  # fmt: skip
    assert all(case.wrong for case in ZOO)
    assert len({case.wrong for case in ZOO}) > 150


@pytest.mark.soak
def test_the_zoo_can_be_written_to_a_folder(tmp_path: Path) -> None:
    assert write(tmp_path) == len(ZOO)
    assert len(list(tmp_path.glob("*.txt"))) == len(ZOO)
