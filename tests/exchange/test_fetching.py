"""What is fetched before anything is believed: how much, how often, and what a store's refusal is taken for."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from datetime import timedelta

import pytest

from dsadesk.errors import StoreRefusedError
from dsadesk.ports import Transport
from dsadesk.services import exchanging, holding, retrying
from dsadesk.services.exchanging import Exchange
from dsadesk.sync import receive
from dsadesk.sync.commit import (
    MAX_COMMIT_BYTES,
    MAX_PARTS,
    ObjectRef,
    PartRef,
    build_commit,
    hash_name,
    name_of_part,
    open_part_list,
    parse_commit,
    part_name,
)
from dsadesk.sync.delivery import references, where_manifest_lies
from dsadesk.transports.memory import LossyTransport
from tests.exchange.test_engine import INBOX, arrived_once, big_request, commits, through
from tests.support.desks import Pair, two_desks

PIECE = 1 << 18


class Counting:
    """A store that notes what was asked of it."""

    def __init__(self, inner: Transport) -> None:
        self._inner = inner
        self.asked: Counter[str] = Counter()
        self.given = 0

    def __getattr__(self, name: str) -> object:
        return getattr(self._inner, name)

    def get(self, name: str, limit: int) -> bytes:
        self.asked[name] += 1
        data = self._inner.get(name, limit)
        self.given += len(data)
        return data


class Refusing:
    """A store that refuses one object, whose name is known later."""

    name = ""

    def __init__(self, inner: Transport, error: StoreRefusedError) -> None:
        self._inner = inner
        self._error = error

    def __getattr__(self, name: str) -> object:
        return getattr(self._inner, name)

    def get(self, name: str, limit: int) -> bytes:
        if name == self.name:
            raise self._error
        return self._inner.get(name, limit)


class Copied(bytes):
    """Bytes that count what is copied out of them."""

    total = 0

    def __getitem__(self, key: object) -> bytes:  # type: ignore[override]
        found = Copied(super().__getitem__(key))  # type: ignore[index]
        Copied.total += len(found)
        return found


def commit_naming(pair: Pair, parts: list[PartRef], later: int = 0, objects: tuple[ObjectRef, ...] = ()) -> str:
    """Puts a commit into the supplier's inbox that says that its manifest lies in these parts."""
    session, day = pair.holds, pair.clock.now()
    name, data = build_commit(
        session.box,
        day + timedelta(seconds=later),
        day=day,
        manifest=parts,
        objects=objects,
        recipients=[session.identities[0].recipient],
        entropy=session.world.entropy.token,
    )
    pair.stores.open(INBOX).put(name, data)
    return name


def junk(pair: Pair, size: int = PIECE) -> list[PartRef]:
    """Two parts of a manifest that is none."""
    pieces = [bytes([n]) * size for n in range(2)]
    for data in pieces:
        pair.stores.open(INBOX).put(part_name(pair.holds.box, pair.clock.now(), data), data)
    return [PartRef(hash_name(data, 52), size) for data in pieces]


def parts_of(pair: Pair) -> tuple[list[PartRef], dict[str, list[str]]]:
    """The manifest's parts of what was sent, and the names of the parts of the manifest and of the objects."""
    name = commits(pair)[0]
    commit = parse_commit(name, pair.stores.open(INBOX).get(name, MAX_COMMIT_BYTES))
    listing = open_part_list(commit, pair.holds.identities)
    objects = [part for reference in listing.objects for part in reference.parts]
    names = {
        kind: [name_of_part(commit.box, listing.day, part.hash) for part in parts]
        for kind, parts in (("manifest", listing.manifest), ("object", objects))
    }
    return list(listing.manifest), names


def sent(pair: Pair) -> dict[str, list[str]]:
    """Sends a large request. Returns the names of its parts."""
    exchanging.send_all(pair.asks, Exchange())
    return parts_of(pair)[1]


@pytest.mark.parametrize("waiting", [False, True])
def test_many_small_commits_that_name_the_same_parts_have_them_fetched_once(waiting: bool) -> None:
    pair = two_desks()
    parts = junk(pair)
    if waiting:
        parts.append(PartRef(hash_name(b"never comes", 52), 5))
    for n in range(10):
        commit_naming(pair, parts, later=n)
    store = through(pair, Counting)
    done = exchanging.fetch(pair.holds, Exchange())
    exchanging.fetch(pair.holds, Exchange())
    exchanging.fetch(pair.holds, Exchange())
    assert isinstance(store, Counting)
    assert [count for name, count in store.asked.items() if name.endswith(tuple(part.hash for part in parts[:2]))] == [
        1,
        1,
    ]
    assert len(done.incomplete) == (10 if waiting else 0)
    assert [held.door for held in done.quarantined] == ([] if waiting else ["decrypt"] * 10)


def test_small_commits_of_which_each_names_the_parts_and_one_of_its_own_are_refused() -> None:
    pair = two_desks()
    for n in range(10):
        commit_naming(pair, [*junk(pair), PartRef(hash_name(b"%d" % n, 52), 5)], later=n)
    done = exchanging.fetch(pair.holds, Exchange())
    assert [held.code for held in done.quarantined] == ["part-list"] * 9
    assert len(done.incomplete) == 1


def test_a_manifest_that_no_key_opens_is_not_kept_and_its_commit_is() -> None:
    pair = two_desks()
    name = commit_naming(pair, junk(pair))
    (held,) = exchanging.fetch(pair.holds, Exchange()).quarantined
    assert held.door == "decrypt"
    assert holding.evidence(pair.holds, held.id) == pair.stores.open(INBOX).get(name, MAX_COMMIT_BYTES)


def test_what_names_the_manifest_of_a_delivery_and_not_its_objects_is_refused_and_the_delivery_comes_in() -> None:
    pair = two_desks()
    request = big_request(pair)
    exchanging.send_all(pair.asks, Exchange())
    copied = commit_naming(pair, parts_of(pair)[0], later=60)
    done = exchanging.fetch(pair.holds, Exchange())
    assert [taken.request for taken in done.taken] == [request]
    assert [(held.code, held.source) for held in done.quarantined] == [("object-missing", copied)]


def test_a_delivery_of_which_another_named_the_parts_before_comes_in_when_it_is_checked_again() -> None:
    pair = two_desks()
    request = big_request(pair)
    exchanging.send_all(pair.asks, Exchange())
    (honest,) = commits(pair)
    commit_naming(pair, [*parts_of(pair)[0], PartRef(hash_name(b"one more", 52), 8)], later=-60)
    done = exchanging.fetch(pair.holds, Exchange())
    assert not done.taken
    (held,) = [each for each in done.quarantined if each.source == honest]
    taken = retrying.retry_quarantine(pair.holds, held.id)
    assert taken is not None
    assert taken.request == request


def test_what_was_named_is_forgotten_before_it_fills_the_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(receive, "MAX_NAMED", 3)
    named = receive.Named()
    first, second = ((PartRef(hash_name(b"%d" % n, 52), 1),) for n in range(2))
    named.claim("a", first)
    for n in range(9):
        named.claim(f"b{n}", (PartRef(hash_name(b"b%d" % n, 52), 1), PartRef(hash_name(b"c%d" % n, 52), 1)))
    named.claim("c", second)
    assert len(named._first) <= 3


@pytest.mark.parametrize("kind", ["manifest", "object"])
def test_what_waits_for_a_part_asks_for_that_part_first_and_for_nothing_else_until_it_comes(kind: str) -> None:
    pair = two_desks()
    request = big_request(pair)
    missing = sent(pair)[kind][-1]
    hidden = LossyTransport(pair.stores.open(INBOX), hidden=(missing,))
    store = Counting(hidden)
    pair.stores.by_address[INBOX] = store  # type: ignore[assignment]
    assert exchanging.fetch(pair.holds, Exchange()).incomplete
    store.asked.clear()
    assert exchanging.fetch(pair.holds, Exchange()).incomplete
    assert {name for name in store.asked if "/p/" in name} == {missing}
    hidden.hidden.clear()
    store.asked.clear()
    arrived_once(pair, request)
    assert store.asked[missing] == 1


@pytest.mark.parametrize("kind", ["manifest", "object", "commit"])
def test_a_store_that_does_not_let_us_read_is_a_problem_and_what_lies_there_is_not_said_to_be_altered(
    kind: str,
) -> None:
    pair = two_desks()
    request = big_request(pair)
    names = {**sent(pair), "commit": commits(pair)}
    good = pair.stores.open(INBOX)
    error = StoreRefusedError("access-refused", address="far")
    store = through(pair, lambda inner: Refusing(inner, error))  # type: ignore[arg-type,return-value]
    store.name = names[kind][0]  # type: ignore[attr-defined]
    done = exchanging.fetch(pair.holds, Exchange())
    assert [problem.error for problem in done.problems] == [error]
    assert not done.quarantined
    pair.stores.by_address[INBOX] = good
    arrived_once(pair, request)


@pytest.mark.parametrize("code", ["object-too-large", "link-in-store"])
@pytest.mark.parametrize(
    ("kind", "said"), [("manifest", "part-altered"), ("object", "part-altered"), ("commit", "commit-hash")]
)
def test_what_cannot_be_ours_is_held_back_and_ends_no_round(code: str, kind: str, said: str) -> None:
    pair = two_desks()
    big_request(pair)
    names = {**sent(pair), "commit": commits(pair)}
    store = through(pair, lambda inner: Refusing(inner, StoreRefusedError(code, name="x")))  # type: ignore[arg-type,return-value]
    store.name = names[kind][0]  # type: ignore[attr-defined]
    done = exchanging.fetch(pair.holds, Exchange())
    assert not done.problems
    assert [held.code for held in done.quarantined] == [said]


def test_a_large_part_is_copied_once_however_it_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Copied, "total", 0)
    part = Copied(bytes(PIECE))
    reader: Callable[[str, int], bytes] = lambda name, length: part  # noqa: E731
    parts = receive._Parts([("part", len(part))], reader)
    assert parts.read() == bytes(part)
    assert Copied.total <= len(part)


def test_a_commit_holds_the_names_of_as_many_parts_as_there_may_be() -> None:
    pair = two_desks()
    parts = tuple(PartRef(hash_name(b"%d" % n, 52), 1_000_000) for n in range(MAX_PARTS - 1))
    large = ObjectRef(n=1, header="AAAA", size=sum(part.length for part in parts), parts=parts)
    name = commit_naming(pair, [PartRef(hash_name(b"manifest", 52), 10)], objects=(large,))
    data = pair.stores.open(INBOX).get(name, MAX_COMMIT_BYTES)
    assert open_part_list(parse_commit(name, data), pair.holds.identities).objects == (large,)


def test_the_same_bundle_from_two_laptops_of_an_office_is_taken_in_once_and_alarms_nobody() -> None:
    """Both hold what was sealed, and cut it alike; each makes a commit of its own."""
    pair = two_desks()
    request = big_request(pair)
    exchanging.send_all(pair.asks, Exchange())
    store = through(pair, Counting)
    item = pair.asks.vault.outbox.all()[0]
    name, data = build_commit(
        item.box,
        pair.clock.now() + timedelta(minutes=1),
        day=item.created_at,
        manifest=where_manifest_lies(item),
        objects=references(item, lambda n, size: b""),
        recipients=[identity.recipient for identity in pair.holds.identities[:1]],
        entropy=pair.asks.world.entropy.token,
    )
    store.put(name, data)
    done = exchanging.fetch(pair.holds, Exchange())
    assert [taken.request for taken in done.taken] == [request]
    assert not done.quarantined + done.incomplete
    assert store.asked[item.parts[0].name] == 1
