"""Drives an engine with threads: one messenger, and for each connection a thread with a transport of its own. The only threads of `sync`.

The messenger is the caller's thread. It takes outcomes to the engine and orders back to the connections; the engine itself is used by
`post`, where the vault is. A connection's thread knows orders and outcomes and nothing of the vault.
"""

from __future__ import annotations

import threading
from dataclasses import dataclass, field, replace

from dsadesk.errors import DsadeskError, TransferStoppedError
from dsadesk.ports import Parts, Pulse, Transport
from dsadesk.sync.controls import CANCELLED, Controls
from dsadesk.sync.engine import Engine
from dsadesk.sync.office import Turn
from dsadesk.sync.orders import Greet, Key, Order, Outcome, Purpose, PutCommit, PutPart, Route, perform
from dsadesk.sync.pace import Valve
from dsadesk.sync.posting import Post
from dsadesk.sync.silence import Silence
from dsadesk.sync.stepping import Connect, Report

REPORT_SECONDS = 0.1
LOOK_ROUND_SECONDS = 5.0
LISTEN_SECONDS = 0.25
SLEPT_SECONDS = 15.0
GRACE_SECONDS = 0.03
"""How long a cancelled run waits for connections to end. A write to a dead share ends when the system lets it; nobody waits for that."""


@dataclass
class _Switchboard:
    """What the messenger and the connections share, behind one door."""

    door: threading.Condition = field(default_factory=threading.Condition)
    outcomes: list[Outcome] = field(default_factory=list)
    crashes: list[BaseException] = field(default_factory=list)
    is_nudged: bool = False

    def nudge(self) -> None:
        with self.door:
            self.is_nudged = True
            self.door.notify_all()


class _Connection:
    """A thread that carries out one order at a time to one store."""

    def __init__(self, board: _Switchboard, connect: Connect, pulse: Pulse, valve: Valve) -> None:
        self._board = board
        self._connect = connect
        self._pulse = pulse
        self._valve = valve
        self._transport: Transport | None = None
        self._route: Route | None = None
        self._is_ended = False
        self._began_at = 0.0
        self.order: Order | None = None
        self.thread = threading.Thread(target=self._run, name="transfer", daemon=True)
        self.thread.start()

    def give(self, order: Order) -> None:
        """Gives it an order; it has none now."""
        with self._board.door:
            self._valve.open()
            self._began_at = self._pulse.elapsed()
            self.order = order
            self._board.door.notify_all()

    @property
    def moved_at(self) -> float:
        """When it last moved something, or was given what it does now."""
        return max(self._began_at, self._valve.moved_at)

    @property
    def heard_at(self) -> float:
        """When the other side last said anything while it was being greeted."""
        return self._valve.heard_at

    def cut(self) -> None:
        """Drops the connection, as if the line had been cut: what it carries is given anew."""
        with self._board.door:
            transport = self._transport
        if transport is not None:
            transport.close()

    def stop(self, reason: str) -> None:
        """Has the order that it carries out come to nothing, at once."""
        with self._board.door:
            if self.order is None:
                return
            self._valve.shut(reason)
            transport = self._transport
        if transport is not None:
            transport.close()

    def end(self) -> None:
        """Lets the thread go."""
        with self._board.door:
            self._is_ended = True
            self._board.door.notify_all()
        self.stop(CANCELLED)

    def _run(self) -> None:
        try:
            while (order := self._next()) is not None:
                outcome = self._carry_out(order)
                with self._board.door:
                    if self._valve.is_shut and outcome.error is not None:
                        outcome = replace(outcome, error=TransferStoppedError(self._valve.reason))
                    self.order = None
                    self._board.outcomes.append(outcome)
                    self._board.door.notify_all()
        except BaseException as error:  # noqa: BLE001 - the messenger raises it where the run was begun
            with self._board.door:
                self._board.crashes.append(error)
                self._board.door.notify_all()
        finally:
            if self._transport is not None:
                self._transport.close()

    def _next(self) -> Order | None:
        with self._board.door:
            while self.order is None and not self._is_ended:
                self._board.door.wait()
            return None if self._is_ended else self.order

    def _carry_out(self, order: Order) -> Outcome:
        began = self._pulse.elapsed()
        try:
            self._valve.pass_on(0)  # it may have been stopped before it began
            outcome = perform(order, self._to(order.route))
        except DsadeskError as error:
            outcome = Outcome(order=order, error=error)
        if outcome.error is not None and self._transport is not None:
            self._transport.close()  # nobody knows what state a connection is in after a fault
        return replace(outcome, began=began, ended=self._pulse.elapsed())

    def _to(self, route: Route) -> Transport:
        known = self._transport
        if known is not None and (self._route == route or self._has_met(route, known)):
            self._route = route
            return known
        if known is not None:
            known.close()
        fresh = self._connect(route, self._valve)
        with self._board.door:
            self._transport, self._route = fresh, route
        return fresh

    def _has_met(self, route: Route, known: Transport) -> bool:
        """Whether this is the connection that met the store for the first time: it goes on where it was."""
        met = self._route
        if met is None or met.is_known or (met.address, met.access) != (route.address, route.access):
            return False
        return known.store_id() == route.expected_id


class Runner:
    """A `Drive` with threads. One object serves any number of runs, one after the other or at once."""

    def __call__(self, engine: Engine, connect: Connect, post: Post, report: Report, controls: Controls) -> None:
        """Carries out the run. Cancelling ends it within about a tenth of a second, whatever a store does. Raises: VaultError."""
        _Run(engine, connect, post, report, controls).carry_out()


class _Run:
    def __init__(self, engine: Engine, connect: Connect, post: Post, report: Report, controls: Controls) -> None:
        self._engine = engine
        self._connect = connect
        self._post = post
        self._report = report
        self._controls = controls
        self._pulse = controls.pulse
        self._board = _Switchboard()
        self._connections: dict[str, list[_Connection]] = {}
        self._reported_at = float("-inf")
        self._looked_round_at = self._pulse.elapsed()
        self._silences: dict[str, Silence] = {}
        self._probes: dict[str, list[_Connection]] = {}

    def carry_out(self) -> None:
        forget = self._controls.listen(self._on_wish)
        try:
            while not self._turn().is_over:
                if self._controls.is_cancelled and not self._end_soon():
                    return
        finally:
            forget()
            for connection in self._all():
                connection.end()
            self._join()
            self._engine.close()

    def _join(self) -> None:
        """Sees the connections off; what hangs is left behind."""
        end = self._pulse.elapsed() + GRACE_SECONDS
        for connection in self._all():
            connection.thread.join(max(0.0, end - self._pulse.elapsed()))

    def _turn(self) -> Turn:
        outcomes, now, wishes = self._take(), self._pulse.elapsed(), self._controls.wishes()
        is_due = now - self._reported_at >= REPORT_SECONDS

        def work() -> Turn:
            turn = self._engine.turn(now, outcomes, wishes)
            self._shown = self._engine.shown(now) if is_due or turn.is_over else None
            return turn

        turn = self._post(work)
        if self._shown is not None:
            self._reported_at = now
            self._report(self._shown)
        for order in turn.orders:
            self._give(order)
        if not turn.is_over:
            self._wait(turn.wait)
        return turn

    def _give(self, order: Order) -> None:
        there = self._connections.setdefault(order.route.address, [])
        idle = next((each for each in there if each.order is None and each.thread.is_alive()), None)
        if idle is None:
            idle = self._connection()
            there.append(idle)
        idle.give(order)

    def _connection(self) -> _Connection:
        return _Connection(self._board, self._connect, self._pulse, self._controls.pacer.valve())

    def _take(self) -> tuple[Outcome, ...]:
        with self._board.door:
            if self._board.crashes:
                raise self._board.crashes[0]
            outcomes, self._board.outcomes = tuple(self._board.outcomes), []
            self._board.is_nudged = False
        return tuple(each for each in outcomes if not self._heard(each))

    # ------------------------------------------------------------ dead lines

    def _heard(self, outcome: Outcome) -> bool:
        """Learns from what came of an order. True when it was one of our own."""
        order = outcome.order
        where = order.route.address
        if isinstance(order, Greet) and order.purpose is Purpose.PROBE:
            self._bury(where, is_well=outcome.error is None)
            # From here on it is a connection like the others.
            probes = self._probes[where]
            self._connections[where] += [each for each in probes if each.order is None]
            self._probes[where] = [each for each in probes if each.order is not None]
            return True
        if outcome.parts not in (None, Parts.FOLDER):
            self._silences.setdefault(where, Silence())
        if outcome.error is None and where in self._silences:
            self._silences[where].arrived()
        return False

    def _bury(self, where: str, *, is_well: bool) -> None:
        there = self._connections[where]
        at_work = [each.moved_at for each in there if each.order is not None]
        since = self._silences[where].answered(at_work, is_well=is_well)
        for connection in there:
            if since is not None and connection.moved_at < since:
                connection.cut()

    def _listen(self) -> None:
        """Makes one connection more to a store to which nothing moves."""
        now = self._pulse.elapsed()
        for where, silence in self._silences.items():
            at_work = [each for each in self._connections[where] if each.order is not None]
            order = at_work[0].order if at_work else None
            if silence.is_remarkable([each.moved_at for each in at_work], now) and order is not None:
                probe = self._connection()
                self._probes.setdefault(where, []).append(probe)
                probe.give(Greet(route=order.route, purpose=Purpose.PROBE))

    def _heard_from(self) -> list[str]:
        """The stores that said something to the one connection more: that is known before the greeting is over."""
        heard = []
        for where, probes in self._probes.items():
            asked_at = self._silences[where].asked_at
            # What an earlier one was told answers no question that came later.
            if asked_at is not None and any(each.heard_at >= asked_at for each in probes):
                heard.append(where)
        return heard

    def _wait(self, seconds: float | None) -> None:
        """Until something came, somebody wished something, or a store may be tried again; and looks up whether the machine slept."""
        end = float("inf") if seconds is None else self._pulse.elapsed() + seconds
        if self._shown is None:
            end = min(
                end, self._reported_at + REPORT_SECONDS
            )  # a part may take long: what this turn began is told before it ends
        board = self._board
        with board.door:
            while not (board.outcomes or board.is_nudged or board.crashes) and (now := self._pulse.elapsed()) < end:
                self._pulse.wait(board.door, min(end - now, LISTEN_SECONDS if self._silences else LOOK_ROUND_SECONDS))
                self._listen()
                has_slept, answering = self._has_slept(), self._heard_from()
                if has_slept or answering:
                    break
            else:
                return
        for where in answering:
            self._bury(where, is_well=True)
        if has_slept:
            self._controls.wake()

    def _has_slept(self) -> bool:
        before, self._looked_round_at = self._looked_round_at, self._pulse.elapsed()
        return self._looked_round_at - before > LOOK_ROUND_SECONDS + SLEPT_SECONDS

    def _end_soon(self) -> bool:
        """Gives what is under way a moment to end. False when something does not: then the run ends without it, as if it had been killed."""
        end = self._pulse.elapsed() + GRACE_SECONDS
        with self._board.door:
            while any(each.order is not None for each in self._all()):
                left = end - self._pulse.elapsed()
                if left <= 0:
                    return False
                self._pulse.wait(self._board.door, left)
        return True

    def _on_wish(self, reason: str, key: Key | None) -> None:
        if reason:
            for connection in self._all():
                order = connection.order
                if key is None or (isinstance(order, PutPart | PutCommit) and order.key == key):
                    connection.stop(reason)
        self._board.nudge()

    def _all(self) -> list[_Connection]:
        there = [each for group in list(self._connections.values()) for each in group]
        return [*there, *(each for group in list(self._probes.values()) for each in group)]
