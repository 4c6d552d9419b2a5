"""A store whose keeper is against us, laptops that die between any two steps, and what must hold all the same.

The laptops run the real services and the real engine, step by step over a vault in memory. Whatever an honest laptop puts is written down, so
that the store can be made honest again: then everything that was said must arrive, once, and be known to have arrived.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from copy import copy
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cache
from typing import Any

from dsadesk.domain.ids import EventId, RequestId
from dsadesk.errors import StoreError, StoreFullError, StoreMissingError, StoreRefusedError, StoreUnreachableError
from dsadesk.host.memory import FixedClock, SeededEntropy
from dsadesk.ports import DeliveryState
from dsadesk.services import exchanging, keeping_cards, keeping_keys, retrying, reviewing
from dsadesk.services.exchanging import Exchange
from dsadesk.services.session import Session
from dsadesk.storage.memory import MemoryVault
from dsadesk.sync.commit import parse_commit
from dsadesk.transports.memory import MemoryTransport
from tests.support.deliveries import parts_named
from tests.support.desks import Stores, memory_world, received_request, second_laptop, two_desks

REQUESTERS_INBOX, SUPPLIERS_INBOX = "inbox-of-requester", "inbox-of-supplier"
LAPTOPS = ("first", "second", "supplier")


class Killed(BaseException):
    """The laptop's power went."""


class Fuse:
    """Counts steps, and cuts the power at some of them."""

    def __init__(self) -> None:
        self.steps = 0
        self._at: frozenset[int] = frozenset()

    def set(self, *at: int) -> None:
        self.steps, self._at = 0, frozenset(at)

    def step(self) -> None:
        self.steps += 1
        if self.steps in self._at:
            raise Killed


class HostileStore(MemoryTransport):
    """Does whatever its keeper wants. `honest` is what laptops have put into it, whatever it shows."""

    def __init__(self, address: str, fuse: Fuse, clock: FixedClock) -> None:
        super().__init__(address)
        self._fuse = fuse
        self._clock = clock
        self.honest: dict[str, bytes] = {}
        self.hidden: set[str] = set()
        self.fault: StoreError | None = None
        self.is_full = False
        self.lost_answers = 0
        self.time_is_off_by = timedelta(0)
        self.on_commit: Callable[[str, bytes], None] = lambda name, data: None

    @contextmanager
    def _op(self) -> Iterator[None]:
        self._fuse.step()
        if self.fault is not None:
            raise self.fault
        yield
        self._fuse.step()

    def check(self) -> None:
        """Reached, or not."""
        if self.fault is not None:
            raise self.fault

    def put(self, name: str, data: bytes) -> None:
        with self._op():
            if self.is_full:
                raise StoreFullError("store-full", address=self.address)
            assert self.honest.get(name, data) == data, f"I3: {name} was written with two contents"
            if "/n/" in name:
                self.on_commit(name, data)
            super().put(name, data)
            self.honest[name] = data
        if self.lost_answers:
            self.lost_answers -= 1
            raise StoreUnreachableError("answer-lost")

    def get(self, name: str, limit: int) -> bytes:
        with self._op():
            if name in self.hidden:
                raise StoreMissingError("object-missing", name=name)
            return super().get(name, limit)

    def has(self, name: str) -> bool:
        with self._op():
            return name not in self.hidden and super().has(name)

    def list(self, prefix: str, after: str = "") -> tuple[str, ...]:
        with self._op():
            return tuple(name for name in super().list(prefix, after) if name not in self.hidden)

    def poll(self, prefix: str, cursor: str) -> tuple[tuple[str, ...], str]:
        return self.list(prefix), ""

    def store_time(self) -> datetime | None:
        return self._clock.now() + self.time_is_off_by

    # ------------------------------------------------------------ what its keeper does

    def names(self, kind: str = "") -> list[str]:
        """What lies here, the oldest first."""
        return [name for name in self._objects if kind in name]

    def show(self, name: str, data: bytes) -> None:
        """Shows other bytes under a name, or any under a new one."""
        self._objects[name] = data

    def drop(self, name: str) -> None:
        if len(self._objects) > 2:
            self._objects.pop(name, None)

    def become_honest(self) -> None:
        """Shows all that was put into it, and nothing else, to everybody."""
        self._objects = dict(self.honest)
        self.hidden.clear()
        self.fault, self.is_full, self.lost_answers, self.time_is_off_by = None, False, 0, timedelta(0)


class Laptop:
    """A vault that outlives its sessions. Each change that is written by itself, and each transaction, is a step before and after it."""

    def __init__(self, world: Any, tables: dict[str, Any], objects: dict[Any, bytes], fuse: Fuse) -> None:
        self.world = world
        self.vault = MemoryVault()
        self.vault._tables.restore({name: copy(value) for name, value in tables.items()})
        self.vault._objects._kept.update(objects)
        self._fuse = fuse
        self._depth = 0
        self._make_breakable()
        self.session: Session = keeping_keys.opened(world, self.vault)

    def reopen(self) -> None:
        """Starts again after the power went, or in the morning."""
        self.session = keeping_keys.opened(self.world, self.vault)

    @property
    def own(self) -> str:
        return self.session.profile.organisation.id

    def events(self, request: RequestId) -> dict[EventId, bytes]:
        return {event.id: event.envelope for event in self.vault.events.of_request(request)}

    def _make_breakable(self) -> None:
        inner = self.vault.transaction

        @contextmanager
        def transaction() -> Iterator[None]:
            with self._step(), inner():
                yield

        self.vault.transaction = transaction  # type: ignore[method-assign]
        for port, acts in (("settings", ("write", "remove")), ("inbox", ("mark_looked_at", "quarantine"))):
            for act in acts:
                self._wrap(getattr(self.vault, port), act)

    def _wrap(self, port: Any, act: str) -> None:
        inner = getattr(port, act)

        def wrapped(*given: Any) -> Any:
            with self._step():
                return inner(*given)

        setattr(port, act, wrapped)

    @contextmanager
    def _step(self) -> Iterator[None]:
        if self._depth == 0:
            self._fuse.step()
        self._depth += 1
        try:
            yield
        finally:
            self._depth -= 1
        if self._depth == 0:
            self._fuse.step()


@dataclass
class Prepared:
    """Two laptops of one office and one of another, in the middle of a conversation."""

    request: RequestId
    tables: dict[str, dict[str, Any]]
    objects: dict[str, dict[Any, bytes]]
    stores: dict[str, dict[str, bytes]]
    at: datetime


@cache
def prepared() -> Prepared:
    pair = two_desks()
    colleague = second_laptop(pair, pair.requester, "colleague")
    keeping_cards.import_card(colleague.session, pair.holds.card_bytes)
    request = received_request(pair, sample=False)
    exchanging.exchange(colleague.session)
    pair.carry()
    exchanging.exchange(colleague.session)
    vaults: dict[str, Any] = {
        "first": pair.asks.vault,
        "second": colleague.session.vault,
        "supplier": pair.holds.vault,
    }
    return Prepared(
        request=request,
        tables={name: vault._tables.snapshot() for name, vault in vaults.items()},
        objects={name: dict(vault._objects._kept) for name, vault in vaults.items()},
        stores={address: dict(store._objects) for address, store in pair.stores.by_address.items()},  # type: ignore[attr-defined]
        at=pair.clock.now(),
    )


_RUNS = itertools.count()


@dataclass
class Offices:
    """Three laptops and two stores, each time anew from the same conversation."""

    fuse: Fuse = field(default_factory=Fuse)
    was_tampered_with: bool = False
    last_steps: int = 0

    def __post_init__(self) -> None:
        base = prepared()
        self.request = base.request
        self.clock = FixedClock(base.at)
        self.stores = Stores()
        for address, objects in base.stores.items():
            store = HostileStore(address, self.fuse, self.clock)
            store._objects, store.honest = dict(objects), dict(objects)
            store.on_commit = self._on_commit(store)
            self.stores.by_address[address] = store
        run = next(_RUNS)
        self.laptops = {
            name: Laptop(
                memory_world(stores=self.stores, clock=self.clock, seed=f"{name} {run}"),
                base.tables[name],
                base.objects[name],
                self.fuse,
            )
            for name in LAPTOPS
        }
        for laptop in self.laptops.values():
            object.__setattr__(laptop.world, "entropy", SeededEntropy(f"{id(laptop)} {run}"))

    @property
    def all_stores(self) -> tuple[HostileStore, HostileStore]:
        found = [self.stores.by_address[address] for address in (REQUESTERS_INBOX, SUPPLIERS_INBOX)]
        return found[0], found[1]  # type: ignore[return-value]

    def _on_commit(self, store: HostileStore) -> Callable[[str, bytes], None]:
        def check(name: str, data: bytes) -> None:
            commit = parse_commit(name, data)
            for laptop in self.laptops.values():
                if laptop.session.box == commit.box:
                    for part in parts_named(name, data, laptop.session.identities):
                        assert part in store.honest, "I1: a commit is visible before its parts"

        return check

    # ------------------------------------------------------------ what laptops do, until they die

    def until_killed(self, name: str, act: Callable[[Laptop], object], *at: int) -> bool:
        """Does something and cuts the power at these steps of it. Says whether it came to that; the laptop is then started again."""
        laptop = self.laptops[name]
        self.fuse.set(*at)
        try:
            act(laptop)
        except Killed:
            laptop._depth = 0
            laptop.reopen()
            return True
        finally:
            self.last_steps = self.fuse.steps
            self.fuse.set()
        return False

    def say(self, name: str, *at: int) -> None:
        """Somebody makes a remark."""
        self.clock.advance(1)
        self.until_killed(name, lambda laptop: reviewing.remark(laptop.session, self.request, "As agreed."), *at)

    def send(self, name: str, *at: int) -> None:
        self.clock.advance(1)
        self.until_killed(name, lambda laptop: exchanging.send_all(laptop.session, Exchange()), *at)

    def fetch(self, name: str, *at: int) -> None:
        self.clock.advance(1)
        self.until_killed(name, self._fetch, *at)

    def _fetch(self, laptop: Laptop) -> None:
        done = exchanging.fetch(laptop.session, Exchange())
        if not self.was_tampered_with:
            assert not done.quarantined, f"honest deliveries were held back: {[held.code for held in done.quarantined]}"

    # ------------------------------------------------------------ what must hold

    def check(self) -> None:
        """At any time: nobody has what nobody said, and what is called delivered is there."""
        said: dict[EventId, bytes] = {}
        for laptop in self.laptops.values():
            for event, envelope in laptop.events(self.request).items():
                assert said.setdefault(event, envelope) == envelope
        readers: dict[str, list[Laptop]] = {}
        for laptop in self.laptops.values():
            readers.setdefault(laptop.session.box, []).append(laptop)
        for laptop in self.laptops.values():
            for item in laptop.vault.outbox.all():
                if item.state is DeliveryState.DELIVERED:
                    seen = [each.vault.inbox.has_seen(item.manifest_sha256) for each in readers[item.box]]
                    assert any(seen), "I5: called delivered, and nobody has it"

    def mend_and_check(self) -> None:
        """The stores become honest. Then everything that was said arrives everywhere, and everybody knows."""
        for store in self.all_stores:
            store.become_honest()
        self.clock.advance(8 * 24 * 3600)
        for laptop in self.laptops.values():
            laptop.reopen()
        for _ in range(3):
            for name, laptop in self.laptops.items():
                self.fetch(name)
                for held in laptop.vault.inbox.quarantined():
                    self._release(laptop, held.id, held.source)
                self.send(name)
        self.check()
        first, *others = (set(laptop.events(self.request)) for laptop in self.laptops.values())
        assert all(other == first for other in others), "lost: something said has not arrived"
        for laptop in self.laptops.values():
            assert not laptop.vault.outbox.unfinished()
            for item in laptop.vault.outbox.all():
                if item.kind != "receipt" and item.org != laptop.own:
                    assert item.state is DeliveryState.DELIVERED, "arrived, and its sender does not know"
            gaps = [name for name in laptop.vault._tables.settings if name.startswith("gaps.")]
            assert not gaps, "a position of a chain is missing for ever"

    def _release(self, laptop: Laptop, held: str, source: str) -> None:
        """What was held back while the store lied is looked at again: a person would press the button."""
        inbox = self.all_stores[0 if laptop.own == self.laptops["first"].own else 1]
        if source in inbox.honest:
            retrying.retry_quarantine(laptop.session, held)


def refusals() -> tuple[StoreError, ...]:
    """What a store may answer instead of doing something."""
    return (
        StoreUnreachableError("no-link"),
        StoreMissingError("folder-missing", address="gone"),
        StoreFullError("store-full", address="full"),
        StoreRefusedError("object-too-large", name="x"),
    )
