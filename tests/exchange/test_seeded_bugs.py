"""The proofs can fail: each bug that the protocol is made against is put into the real code, and a proof must find it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import msgspec
import pytest

from dsadesk import age
from dsadesk.errors import DsadeskError
from dsadesk.ports import DeliveryState
from dsadesk.services import exchanging, speaking
from dsadesk.sync import commit, delivery, receive, stepping
from dsadesk.sync.engine import Engine
from dsadesk.sync.orders import Order, Outcome, PutCommit, PutPart, perform
from tests.exchange.test_crashes import play, single_kills
from tests.exchange.test_engine import big_request
from tests.exchange.test_hostile_store import any_deed
from tests.support.adversary import Offices
from tests.support.deliveries import parts_named
from tests.support.desks import two_desks

Patch = Callable[[pytest.MonkeyPatch], None]


def commit_before_its_parts(patch: pytest.MonkeyPatch) -> None:
    """Parts are called acknowledged before they are sent, and follow the commit."""
    late: list[tuple[PutPart, Any]] = []

    def hasty(order: Order, transport: Any) -> Outcome:
        if isinstance(order, PutPart):
            done = perform(order, _Nowhere())
            late.append((order, transport))
            return done
        outcome = perform(order, transport)
        if isinstance(order, PutCommit):
            for part, where in late:
                if part.key == order.key:
                    perform(part, where)
        return outcome

    patch.setattr(stepping, "perform", hasty)


class _Nowhere:
    def put(self, name: str, data: bytes) -> None:
        """Says that it was sent."""


def cursor_moved_outside_the_transaction(patch: pytest.MonkeyPatch) -> None:
    """A delivery is noted as looked at before it is taken in."""
    take = exchanging._take_arrival

    def hasty(session: Any, transport: Any, arrival: Any, done: Any, post: Any, **more: Any) -> None:
        session.vault.inbox.mark_looked_at(arrival.box, arrival.name, session.world.clock.now())
        take(session, transport, arrival, done, post, **more)

    patch.setattr(exchanging, "_take_arrival", hasty)


def name_not_bound_to_content(patch: pytest.MonkeyPatch) -> None:
    """A commit is read under whatever name the store shows it by, as if neither hash nor time stood in it."""
    look, open_list = receive.parse_commit, receive.open_part_list

    def trusting(name: str, data: bytes) -> commit.Commit:
        with pytest.MonkeyPatch.context() as inner:
            inner.setattr(commit, "hash_name", lambda data, length: name.rsplit("-", 1)[-1])
            return look(name, data)

    def careless(found: commit.Commit, identities: Any) -> commit.PartList:
        try:
            plain = age.decrypt(found.part_list, identities, limit=commit.MAX_COMMIT_BYTES)
        except age.AgeError:
            return open_list(found, identities)
        time = commit.canonical.decode(plain, max_bytes=commit.MAX_COMMIT_BYTES)["time"]
        return open_list(msgspec.structs.replace(found, time=time), identities)

    patch.setattr(receive, "parse_commit", trusting)
    patch.setattr(receive, "open_part_list", careless)


def two_chains_of_one_device(patch: pytest.MonkeyPatch) -> None:
    """The place in the chain is kept outside the transaction that seals, so that a crash in between gives one place twice."""
    kept: dict[tuple[int, str], Any] = {}
    place = speaking._destination

    def forgetful(session: Any, card: Any) -> Any:
        key = (id(session), card.box)
        kept.setdefault(key, place(session, card))
        return kept[key]

    patch.setattr(speaking, "_destination", forgetful)


def acknowledged_without_a_receipt(patch: pytest.MonkeyPatch) -> None:
    """A delivery is called delivered as soon as it is in the store."""
    finish = Engine._finish

    def hasty(self: Engine, each: delivery.Delivery) -> None:
        finish(self, each)
        self._vault.outbox.mark(*each.key, DeliveryState.DELIVERED, self._clock.now())

    patch.setattr(Engine, "_finish", hasty)


def made_anew_at_every_try(patch: pytest.MonkeyPatch) -> None:
    """A retry makes the commit again instead of repeating it."""
    start = delivery.Delivery.__init__

    def forgetful(self: delivery.Delivery, item: Any, number: int) -> None:
        start(self, replace(item, commit_name="", commit=b""), number)

    patch.setattr(delivery.Delivery, "__init__", forgetful)


def with_a_sample() -> None:
    """A request whose sample goes in parts: its commit must come after them."""
    offices = Offices()
    pair = two_desks()
    big_request(pair)
    store = offices.all_stores[1]
    store.on_commit = lambda name, data: _check_parts(pair, store, name, data)
    pair.stores.by_address["inbox-of-supplier"] = store
    exchanging.send_all(pair.asks, exchanging.Exchange())


def _check_parts(pair: Any, store: Any, name: str, data: bytes) -> None:
    for part in parts_named(name, data, pair.holds.identities):
        assert part in store.honest, "I1: a commit is visible before its parts"


def any_crash() -> None:
    play({})
    for number, step in single_kills():
        play({number: step})


BUGS: tuple[tuple[Patch, Callable[[], None], str], ...] = (
    (commit_before_its_parts, with_a_sample, "I1"),
    (cursor_moved_outside_the_transaction, any_crash, "lost"),
    (name_not_bound_to_content, any_deed, "lost"),
    (two_chains_of_one_device, any_crash, "two-contents"),
    (acknowledged_without_a_receipt, any_crash, "I5"),
    (made_anew_at_every_try, any_crash, "lost"),
)


@pytest.mark.parametrize(("bug", "proof", "said"), BUGS, ids=lambda each: getattr(each, "__name__", None))
def test_a_seeded_bug_is_found(
    bug: Patch, proof: Callable[[], None], said: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    bug(monkeypatch)
    with pytest.raises((AssertionError, DsadeskError), match=said):
        proof()


def test_without_a_bug_the_sample_arrives_after_its_parts() -> None:
    with_a_sample()
