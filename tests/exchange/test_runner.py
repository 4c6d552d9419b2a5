"""Several connections at once: what overtakes what, what stops what, and how a person stops it. Doors are held shut; nothing races."""

from __future__ import annotations

import io
import threading
from collections.abc import Callable
from dataclasses import dataclass, field

import pytest

from dsadesk.domain.events import RequestWithdrawn
from dsadesk.domain.ids import RequestId
from dsadesk.errors import StoreError, StoreMissingError, StoreRefusedError, StoreUnreachableError, TransferStoppedError
from dsadesk.host.clock import SystemPulse
from dsadesk.ports import DeliveryState, Flow, Parts
from dsadesk.services import attaching, drafting, exchanging, keeping_cards, sealing, speaking
from dsadesk.services.exchanging import Exchange
from dsadesk.sync import runner, silence
from dsadesk.sync.controls import Controls
from dsadesk.sync.orders import Key, Remedy
from dsadesk.sync.policy import SLOW_CONNECTIONS, Link
from dsadesk.sync.runner import Runner
from dsadesk.sync.shown import Going, Shown
from dsadesk.transports.memory import MemoryTransport
from tests.support.desks import ANSWERS, SUPPLIER, Pair, memory_world, sealed_request, two_desks

LONG = 60.0
INBOX = "inbox-of-supplier"
BIG = b"site,ecoli\n" + b"".join(b"UK%06d,%d\n" % (n, n % 300) for n in range(40_000))


@dataclass
class Server:
    """A store with doors: a call for which `held` says yes waits until the doors open or its connection is closed."""

    store: MemoryTransport = field(default_factory=lambda: MemoryTransport(INBOX))
    held: Callable[[str], bool] = lambda _: False
    fail: Callable[[str], StoreError | None] = lambda _: None
    greet: Callable[[Connection], None] = lambda _: None
    door: threading.Condition = field(default_factory=threading.Condition)
    waiting: list[str] = field(default_factory=list)
    puts: list[str] = field(default_factory=list)
    threads: set[int] = field(default_factory=set)
    connections: int = 0
    closed: int = 0

    def open_doors(self) -> None:
        with self.door:
            self.held = lambda _: False
            self.door.notify_all()

    def until(self, what: Callable[[], bool]) -> None:
        with self.door:
            assert self.door.wait_for(what, LONG)


class Connection:
    """One connection to a server."""

    parts = Parts.HTTP

    def __init__(self, server: Server, flow: Flow | None) -> None:
        self._server = server
        self._flow = flow
        self._is_closed = False
        with server.door:
            server.connections += 1

    def __getattr__(self, name: str):
        return getattr(self._server.store, name)

    def check(self) -> None:
        with self._server.door:
            self._server.greet(self)
        self._server.store.check()

    def put(self, name: str, data: bytes) -> None:
        server = self._server
        with server.door:
            server.threads.add(threading.get_ident())
            self._is_closed = False
            if server.held(name):
                server.waiting.append(name)
                server.door.notify_all()
                server.door.wait_for(lambda: self._is_closed or not server.held(name), LONG)
                server.waiting.remove(name)
                if self._is_closed:
                    raise StoreUnreachableError("store-unreachable", address=INBOX)
            error = server.fail(name)
            if error is not None:
                raise error
            if self._flow is not None:
                self._flow.pass_on(len(data))
            server.store.put(name, data)
            server.puts.append(name)
            server.door.notify_all()

    def close(self) -> None:
        with self._server.door:
            self._is_closed = True
            self._server.closed += 1
            self._server.door.notify_all()


def desks(servers: dict[str, Server]) -> Pair:
    def open_transport(address, expected_id="", access=None, flow=None):
        return Connection(servers.setdefault(address, Server()), flow)

    def world(name, stores, clock):
        made = memory_world(stores=stores, clock=clock, seed=name, open_transport=open_transport)
        object.__setattr__(made, "drive", Runner())
        object.__setattr__(made, "pulse", SystemPulse())
        return made

    return two_desks(world)


def big_request(pair: Pair, title: str = "Large sample") -> RequestId:
    draft = drafting.start(pair.asks, title=title)
    drafting.address_to(pair.asks, draft.request, SUPPLIER.id)
    drafting.load_answers(pair.asks, draft.request, ANSWERS.read_bytes())
    attaching.attach(pair.asks, draft.request, io.BytesIO(BIG), "large.csv")
    sealing.seal_request(pair.asks, draft.request)
    return draft.request


def sent_before(pair: Pair, server: Server) -> RequestId:
    """A request that has reached the store, so that there is something small to say of it; the store forgets that it came."""
    request = sealed_request(pair, sample=False)
    assert Run(pair).end().sent
    server.puts.clear()
    return request


class Run:
    """`send_all` on a thread of its own; the test is the window."""

    def __init__(self, pair: Pair, *, patience: float = LONG) -> None:
        self.controls = Controls(pair.asks.world.pulse)
        self.done = Exchange()
        self.shown: tuple[Shown, ...] = ()
        self.crash: BaseException | None = None
        self._pair, self._patience = pair, patience
        self.thread = threading.Thread(target=self._run, daemon=True)
        self.thread.start()

    def _run(self) -> None:
        try:
            exchanging.send_all(
                self._pair.asks, self.done, self._report, controls=self.controls, patience=self._patience
            )
        except BaseException as error:  # noqa: BLE001 - raised again by the test's thread
            self.crash = error

    def _report(self, shown: tuple[Shown, ...]) -> None:
        self.shown = shown

    def end(self) -> Exchange:
        self.thread.join(LONG)
        assert not self.thread.is_alive()
        if self.crash is not None:
            raise self.crash
        return self.done


def is_part(name: str) -> bool:
    return "/p/" in name


def is_commit(name: str) -> bool:
    return "/n/" in name


def key_of(pair: Pair, request: RequestId) -> Key:
    item = pair.asks.vault.outbox.bundles_of_request(request)[0]
    return item.id, item.box


def test_a_large_sample_goes_over_several_connections_and_its_commit_after_all_of_it() -> None:
    server = Server(held=is_part)
    pair = desks({INBOX: server})
    request = big_request(pair)
    run = Run(pair)
    server.until(lambda: len(server.waiting) == SLOW_CONNECTIONS)
    server.open_doors()
    assert not run.end().problems
    assert len(server.threads) >= SLOW_CONNECTIONS
    assert [is_commit(name) for name in server.puts].index(True) == len(server.puts) - 1
    assert threading.get_ident() not in server.threads
    arrived = exchanging.fetch(pair.holds, Exchange())
    assert [taken.request for taken in arrived.taken] == [request]
    with attaching.open_sample(pair.holds, request, 1) as plain:
        assert plain.read() == BIG


def test_small_events_overtake_a_large_sample_that_is_under_way() -> None:
    server = Server()
    pair = desks({INBOX: server})
    small = sent_before(pair, server)
    server.held = is_part
    large = big_request(pair)
    run = Run(pair)
    server.until(lambda: len(server.waiting) == SLOW_CONNECTIONS)
    speaking.say(pair.asks, small, RequestWithdrawn(reasons="Not needed any more"))
    run.controls.poke()
    with server.door:
        first = server.waiting[0]
        server.held = lambda name: is_part(name) and name != first  # one connection comes free
        server.door.notify_all()
    server.until(lambda: any(is_commit(name) for name in server.puts))
    server.open_doors()
    done = run.end()
    assert [item.request for item in done.sent] == [small, large]


def test_a_store_that_fails_stops_its_own_items_and_no_others() -> None:
    broken = Server(fail=lambda name: StoreMissingError("folder-missing", address="gone"))
    working = Server()
    servers = {INBOX: broken, "inbox-of-requester": working}
    pair = desks(servers)
    stuck = sealed_request(pair, sample=False)
    keeping_cards.set_partner_address(pair.asks, SUPPLIER.id, "elsewhere")
    run = Run(pair)
    assert not run.end().problems
    keeping_cards.set_partner_address(pair.asks, SUPPLIER.id, INBOX)
    assert stuck
    again = sealed_request(pair, sample=False)
    done = Run(pair).end()
    assert [(p.about, p.error.code) for p in done.problems] == [(SUPPLIER.id, "folder-missing")]
    assert pair.asks.vault.outbox.bundles_of_request(again)[0].problem == "folder-missing"


def test_one_cause_is_said_once_however_many_items_it_stops() -> None:
    pair = desks({INBOX: Server(fail=lambda _: StoreMissingError("folder-missing", address="gone"))})
    for _ in range(3):
        sealed_request(pair, sample=False)
    done = Run(pair).end()
    assert [problem.error.code for problem in done.problems] == ["folder-missing"]


def test_an_item_that_the_store_refuses_for_ever_does_not_stop_the_next() -> None:
    server = Server()
    pair = desks({INBOX: server})
    first, second = sealed_request(pair, sample=False), sealed_request(pair, sample=False)
    refused: list[str] = []

    def fail(name: str) -> StoreError | None:
        if not refused and is_commit(name):
            refused.append(name)
        return StoreRefusedError("name-taken", name=name) if name in refused else None

    server.fail = fail
    done = Run(pair).end()
    states = {request: pair.asks.vault.outbox.bundles_of_request(request)[0].state for request in (first, second)}
    assert sorted(states.values()) == [DeliveryState.COMMITTED, DeliveryState.FAILED]
    assert len(done.sent) == 1


def test_a_part_whose_name_is_taken_by_other_bytes_is_cut_otherwise_and_arrives() -> None:
    """A drive that was pulled too soon shows a name with fewer bytes, and the name stays taken."""
    server = Server()
    pair = desks({INBOX: server})
    request = big_request(pair)
    taken: list[str] = []

    def fail(name: str) -> StoreError | None:
        if is_part(name) and not taken:
            taken.append(name)
        return StoreRefusedError("name-taken", name=name) if name in taken else None

    server.fail = fail
    assert not Run(pair).end().problems
    assert [t.request for t in exchanging.fetch(pair.holds, Exchange()).taken] == [request]


def test_a_temporary_fault_is_tried_again_within_the_run() -> None:
    server = Server()
    pair = desks({INBOX: server})
    request = big_request(pair)
    faults = iter(range(6))
    server.fail = lambda _: StoreUnreachableError("no-link") if next(faults, None) is not None else None
    assert not Run(pair).end().problems
    assert [t.request for t in exchanging.fetch(pair.holds, Exchange()).taken] == [request]


def test_patience_ends_and_the_journal_says_why() -> None:
    server = Server(fail=lambda _: StoreUnreachableError("no-link"))
    pair = desks({INBOX: server})
    sealed_request(pair, sample=False)
    done = Run(pair, patience=0.0).end()
    item = pair.asks.vault.outbox.all()[0]
    assert [problem.error.code for problem in done.problems] == ["no-link"]
    assert (item.state, item.problem) == (DeliveryState.UNKNOWN, "no-link")


def test_cancelling_ends_the_run_though_the_store_hangs() -> None:
    server = Server(held=lambda _: True)
    pair = desks({INBOX: server})
    request = big_request(pair)
    run = Run(pair)
    server.until(lambda: len(server.waiting) == SLOW_CONNECTIONS)
    run.controls.cancel()
    assert not run.end().problems
    server.open_doors()
    assert pair.asks.vault.outbox.all()[0].state is DeliveryState.SENDING
    assert [item.request for item in Run(pair).end().sent] == [request]


def test_a_store_that_never_answers_does_not_hold_up_the_end() -> None:
    class Deaf(Connection):
        def close(self) -> None:
            """A write to a dead share does not end when somebody wants it to."""

    server = Server(held=lambda _: True)
    pair = desks({INBOX: server})
    object.__setattr__(pair.asks.world, "open_transport", lambda a, e="", x=None, flow=None: Deaf(server, flow))
    big_request(pair)
    run = Run(pair)
    server.until(lambda: len(server.waiting) == SLOW_CONNECTIONS)
    run.controls.cancel()
    run.end()
    server.open_doors()


def test_a_paused_item_waits_and_the_others_go_on_and_it_goes_on_when_resumed() -> None:
    server = Server()
    pair = desks({INBOX: server})
    small = sent_before(pair, server)
    server.held = is_part
    large = big_request(pair)
    run = Run(pair)
    server.until(lambda: len(server.waiting) == SLOW_CONNECTIONS)
    run.controls.pause(key_of(pair, large))
    server.until(lambda: not server.waiting)
    speaking.say(pair.asks, small, RequestWithdrawn(reasons="Not needed any more"))
    run.controls.poke()
    server.until(lambda: any(is_commit(name) for name in server.puts))
    assert not any(is_part(name) for name in server.puts)
    assert run.thread.is_alive()
    server.open_doors()
    run.controls.resume(key_of(pair, large))
    assert [item.request for item in run.end().sent] == [small, large]


def test_a_paused_run_has_no_connection_and_says_that_it_is_paused() -> None:
    server = Server(held=is_part)
    pair = desks({INBOX: server})
    big_request(pair)
    run = Run(pair)
    server.until(lambda: len(server.waiting) == SLOW_CONNECTIONS)
    run.controls.pause()
    server.until(lambda: not server.waiting)
    server.open_doors()
    run.controls.resume()
    assert len(run.end().sent) == 1


def test_waking_drops_what_is_stale_and_tries_again_at_once() -> None:
    server = Server(held=is_part)
    pair = desks({INBOX: server})
    big_request(pair)
    run = Run(pair)
    server.until(lambda: len(server.waiting) == SLOW_CONNECTIONS)
    stale = list(server.waiting)
    run.controls.wake()
    server.until(lambda: len(server.waiting) == SLOW_CONNECTIONS and stale != [])
    server.open_doors()
    assert not run.end().problems


def test_progress_counts_what_the_store_acknowledged_and_nothing_else() -> None:
    server = Server(held=is_part)
    pair = desks({INBOX: server})
    request = big_request(pair)
    run = Run(pair)
    server.until(lambda: len(server.waiting) == SLOW_CONNECTIONS)
    assert all(each.done == 0 for each in run.shown)
    server.open_doors()
    run.end()
    last = run.shown[-1]
    assert (last.key, last.going, last.done) == (key_of(pair, request), Going.SENT, last.total)


def test_the_vault_is_used_by_the_thread_of_its_owner_only() -> None:
    """The owner's thread is the one that `post` runs work on; the connections' threads use transports alone."""
    server = Server()
    pair = desks({INBOX: server})
    big_request(pair)
    users: set[int] = set()
    vault = pair.asks.vault

    class Watched:
        def __init__(self, inner: object) -> None:
            self._inner = inner

        def __getattr__(self, name: str):
            users.add(threading.get_ident())
            return getattr(self._inner, name)

    for port in ("outbox", "settings", "cards", "objects", "events", "projections"):
        setattr(vault, port, Watched(getattr(vault, port)))
    exchanging.send_all(pair.asks, Exchange())
    assert users == {threading.get_ident()}
    assert server.threads
    assert not users & server.threads


def test_a_bug_in_a_connection_is_raised_where_the_run_was_begun() -> None:
    def bug(_: str) -> StoreError | None:
        raise ZeroDivisionError

    pair = desks({INBOX: Server(fail=bug)})
    sealed_request(pair, sample=False)
    with pytest.raises(ZeroDivisionError):
        Run(pair).end()


@pytest.mark.parametrize("last", [is_part, is_commit], ids=["part", "commit"])
def test_what_is_last_and_hangs_goes_over_another_connection_and_nobody_waits_for_the_first(last) -> None:
    """Over a line that loses much one connection often hangs long after all the others are done."""
    stuck: dict[str, int] = {}

    def held(name: str) -> bool:
        if last(name) and not stuck:
            stuck[name] = threading.get_ident()
        return stuck.get(name) == threading.get_ident()

    server = Server(held=held)
    pair = desks({INBOX: server})
    request = big_request(pair)
    assert not Run(pair).end().problems
    assert stuck.keys() <= set(server.puts)
    assert [taken.request for taken in exchanging.fetch(pair.holds, Exchange()).taken] == [request]


def test_connections_that_died_without_a_word_are_found_out_by_one_more_and_dropped(monkeypatch) -> None:
    """An address translator that forgot them swallows what they send; their own timers would take half a minute each."""
    monkeypatch.setattr(silence, "QUIET_SECONDS", 0.2)
    monkeypatch.setattr(runner, "LISTEN_SECONDS", 0.05)
    server = Server()
    server.held = lambda name: is_part(name) and server.closed < SLOW_CONNECTIONS
    pair = desks({INBOX: server})
    request = big_request(pair)
    assert not Run(pair).end().problems
    assert server.closed >= SLOW_CONNECTIONS
    assert [taken.request for taken in exchanging.fetch(pair.holds, Exchange()).taken] == [request]


def test_the_first_word_over_the_one_more_is_enough_to_know_that_the_others_are_dead(monkeypatch) -> None:
    """Far away the rest of its greeting takes as long again as making a connection."""
    monkeypatch.setattr(silence, "QUIET_SECONDS", 0.2)
    monkeypatch.setattr(runner, "LISTEN_SECONDS", 0.05)
    server = Server()

    def greet(connection: Connection) -> None:
        if len(server.waiting) == SLOW_CONNECTIONS:
            connection._flow.sign_of_life()
            assert server.door.wait_for(lambda: server.closed >= SLOW_CONNECTIONS, LONG)

    server.greet = greet
    server.held = lambda name: is_part(name) and server.closed < SLOW_CONNECTIONS
    pair = desks({INBOX: server})
    big_request(pair)
    assert not Run(pair).end().problems
    assert server.closed >= SLOW_CONNECTIONS


def test_a_cut_that_a_carrier_mended_by_itself_counts_for_the_size_of_parts(monkeypatch) -> None:
    """Else a link that is cut every minute looks like one that never is, and every cut takes large parts with it."""
    counted: list[bool] = []
    failed = Link.failed
    monkeypatch.setattr(Link, "failed", lambda self, *when: counted.append(True) or failed(self, *when))
    monkeypatch.setattr(Connection, "cuts", lambda self: 1, raising=False)
    pair = desks({INBOX: Server()})
    big_request(pair)
    assert not Run(pair).end().problems
    assert counted


def test_faults_are_sorted_by_what_mends_them() -> None:
    from dsadesk.sync.orders import remedy_of

    assert remedy_of(StoreUnreachableError("x")) is Remedy.AGAIN
    assert remedy_of(StoreMissingError("x")) is Remedy.NEEDS_YOU
    assert remedy_of(StoreRefusedError("x")) is Remedy.NEVER
    assert remedy_of(TransferStoppedError("x")) is Remedy.STOPPED
