"""Brings sealed bundles to their stores: many at once, over several connections, resumable after any instant.

The engine is one object used where the vault is used, by one thread at a time, in short turns: it takes what came of earlier orders, writes
the journal, and gives the next orders. It does nothing over a network, starts no thread and never waits; `runner` and `stepping` drive it.

Invariants (docs/formats/store.md): a commit is visible only after all its parts were acknowledged (I1); nothing is sent that is not
journalled, and a retry repeats the same bytes (I2); no name is ever written with two contents (I3).
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import replace

from dsadesk.errors import (
    DamagedVaultError,
    DsadeskError,
    StoreError,
    StoreRefusedError,
    TransferStoppedError,
    VaultError,
)
from dsadesk.ports import Clock, DeliveryState, Entropy, OutboxItem, Vault
from dsadesk.sync.commit import build_commit
from dsadesk.sync.delivery import Delivery, Out, bytes_acknowledged, bytes_total, references, where_manifest_lies
from dsadesk.sync.office import NO_WISHES, Office, Turn, Wishes
from dsadesk.sync.orders import Greet, Key, Order, Outcome, Purpose, PutCommit, PutPart, Remedy, Route, remedy_of
from dsadesk.sync.policy import Link
from dsadesk.sync.shown import Going, Shown, Trouble, group
from dsadesk.sync.standing import Standing

MOST_AT_ONCE = 16
"""Connections over all stores together."""


class Engine:
    """One run of sending. `patience` is for how many seconds after its last success a store is tried again that fails for a while."""

    def __init__(
        self,
        vault: Vault,
        office: Office,
        clock: Clock,
        entropy: Entropy,
        *,
        patience: float = 0.0,
        choose: Callable[[OutboxItem], bool] = lambda _: True,
        mend: Collection[Key] = (),
    ) -> None:
        """`choose` says which unfinished items are sent; `mend` names items that were sent and are made sure of."""
        self._vault = vault
        self._office = office
        self._clock = clock
        self._entropy = entropy
        self._patience = patience
        self._choose = choose
        self._mend = tuple(mend)
        self._stores: dict[str, Standing] = {}
        self._deliveries: dict[Key, Delivery] = {}
        self._queue: list[Delivery] = []
        self._sent: list[Key] = []
        self._is_loaded = False
        self._wishes = NO_WISHES

    # ------------------------------------------------------------ what a driver asks

    def turn(self, now: float, outcomes: Sequence[Outcome] = (), wishes: Wishes = NO_WISHES) -> Turn:
        """Journals what came of orders and gives the next ones. `now` is of the pulse. Raises: VaultError; the run is then at its end."""
        self._wishes = wishes
        with self._vault.transaction():
            for outcome in outcomes:
                self._settle(outcome, now)
            if not self._is_loaded or self._wishes.look_again:
                self._load(now)
            if self._wishes.poked:
                for store in self._stores.values():
                    store.back_off.poke()
            self._leave_cancelled()
            orders = self._orders(now)
        return Turn(orders, self._wait(now), self._is_over())

    @property
    def sent(self) -> tuple[Key, ...]:
        """What reached its store in this run, in that order."""
        return tuple(self._sent)

    @property
    def troubles(self) -> tuple[Trouble, ...]:
        """What did not, by cause; what somebody stopped is no trouble."""
        faults = [
            (each.item, each.fault, each.remedy)
            for each in self._deliveries.values()
            if each.going is Going.STOPPED and each.fault is not None and each.remedy is not Remedy.STOPPED
        ]
        return group(faults)

    def shown(self, now: float) -> tuple[Shown, ...]:
        """How far each item of this run is, the next to go first."""
        return tuple(self._show(each, now) for each in sorted(self._deliveries.values(), key=lambda it: it.order))

    def close(self) -> None:
        """Lets go of the files that are still open. The run is over, however far it came."""
        for delivery in self._deliveries.values():
            delivery.close()

    # ------------------------------------------------------------ beginning

    def _load(self, now: float) -> None:
        """Takes in what waits in the outbox. What stopped in this run is tried anew: somebody may have mended what stopped it."""
        self._is_loaded = True
        wanted = [item for item in self._vault.outbox.unfinished() if self._choose(item)]
        wanted += [item for key in self._mend if (item := self._vault.outbox.get(*key)) and _is_sent(item)]
        routes: dict[tuple[str, str], Route | DsadeskError] = {}
        for item in wanted:
            known = self._deliveries.get((item.id, item.box))
            if known is not None and (known.going is not Going.STOPPED or known.in_flight):
                continue
            delivery = Delivery(item, known.order[1] if known else len(self._deliveries))
            self._deliveries[delivery.key] = delivery
            where = (item.org, item.box)
            if where not in routes:
                routes[where] = self._route_of(item)
            self._enter(delivery, routes[where], now)
        self._queue.sort(key=lambda each: each.order)

    def _route_of(self, item: OutboxItem) -> Route | DsadeskError:
        try:
            return self._office.route(item)
        except DsadeskError as error:
            if isinstance(error, VaultError):
                raise
            return error

    def _enter(self, delivery: Delivery, found: Route | DsadeskError, now: float) -> None:
        if not isinstance(found, Route):
            self._stop(delivery, found, Remedy.NEEDS_YOU)
            return
        store = self._stores.setdefault(found.address, Standing(found, now))
        if store.has_given_up:
            store.has_given_up, store.last_good = False, now
            store.back_off.poke()
        if not store.in_flight:
            store.route = found
        delivery.store = found.address
        self._queue.append(delivery)

    # ------------------------------------------------------------ what came of orders

    def _settle(self, outcome: Outcome, now: float) -> None:
        order, error = outcome.order, outcome.error
        store = self._stores[order.route.address]
        if isinstance(order, Greet) and order.purpose is not Purpose.MEET:
            store.answered(outcome, now)
            if error is None and order.purpose is Purpose.WARM:
                self._know(outcome, order, store)
            return
        store.in_flight -= 1
        store.is_greeting &= not isinstance(order, Greet)
        delivery = self._deliveries[order.key] if isinstance(order, PutPart | PutCommit) else None
        if delivery is not None:
            delivery.in_flight -= 1
        if delivery is not None and self._is_settled(delivery, order):
            pass  # another copy arrived before
        elif error is None:
            store.back_off.success()
            store.last_good, store.problem = now, None
            self._keep(outcome, store, now)
        else:
            self._miss(outcome, error, store, now)
        if delivery is not None and delivery.is_over and not delivery.in_flight:
            delivery.close()

    @staticmethod
    def _is_settled(delivery: Delivery, order: Order) -> bool:
        return not delivery.ended(order) if isinstance(order, PutPart) else delivery.going is Going.SENT

    def _keep(self, outcome: Outcome, store: Standing, now: float) -> None:
        order = outcome.order
        if isinstance(order, Greet):
            store.answered(outcome, now)
            self._know(outcome, order, store)
        elif isinstance(order, PutPart) and outcome.part is not None:
            delivery = self._deliveries[order.key]
            if order.known is None:
                self._vault.outbox.record_part(*order.key, outcome.part)
            delivery.acknowledge(outcome.part, now)
            if store.link is not None:
                if outcome.was_cut:
                    store.link.failed(now, outcome.began)
                store.link.acknowledged(order.range.length, outcome.ended - outcome.began, now)
        elif isinstance(order, PutCommit):
            self._finish(self._deliveries[order.key])

    def _know(self, outcome: Outcome, order: Greet, store: Standing) -> None:
        """The store that answered first at an address is the only one that is taken for it from now on."""
        if not store.route.is_known:
            self._office.met(order.route, outcome.store_id)
            store.route = replace(order.route, expected_id=outcome.store_id, is_known=True)

    def _finish(self, delivery: Delivery) -> None:
        if not delivery.mends:
            self._vault.outbox.mark(*delivery.key, DeliveryState.COMMITTED, self._clock.now())
        self._office.sent(delivery.item)
        self._sent.append(delivery.key)
        delivery.end(Going.SENT)

    def _miss(self, outcome: Outcome, error: DsadeskError, store: Standing, now: float) -> None:
        """An order came to nothing: who is stopped by that, and for how long."""
        order, remedy = outcome.order, remedy_of(error)
        if isinstance(order, PutPart | PutCommit):
            delivery = self._deliveries[order.key]
            delivery.take_back(order)
            if remedy is Remedy.STOPPED and isinstance(order, PutCommit):
                self._mark(delivery, DeliveryState.UNKNOWN, error.code)
            if remedy is Remedy.NEVER:
                self._refuse(delivery, order, error)
                return
        if remedy is not Remedy.STOPPED:
            self._fail(store, error, remedy, now, outcome.began)

    def _refuse(self, delivery: Delivery, order: PutPart | PutCommit, error: DsadeskError) -> None:
        """The store, or our own disk, says no to one item. Others are not stopped by that."""
        is_taken = isinstance(error, StoreRefusedError) and error.code == "name-taken"
        if is_taken and isinstance(order, PutPart) and order.known is None and delivery.cut_otherwise(order.range):
            return
        if not delivery.is_over:
            self._stop(delivery, error, Remedy.NEVER)

    def _fail(self, store: Standing, error: DsadeskError, remedy: Remedy, now: float, began: float) -> None:
        """A store cannot be used now: wait and try again, or leave it for this run."""
        jitter = self._entropy.token(1)[0] / 255
        if store.link is None or store.link.failed(now, began):
            store.back_off.fault(now, jitter)
        store.problem = error
        if remedy is Remedy.AGAIN and now - store.last_good < self._patience:
            return
        store.has_given_up, store.greeted_at = True, None
        for delivery in self._of(store):
            self._stop(delivery, error, Remedy.NEEDS_YOU if remedy is Remedy.NEVER else remedy)

    def _stop(self, delivery: Delivery, error: DsadeskError, remedy: Remedy) -> None:
        """Ends an item's part in this run and says why in the journal."""
        state = delivery.item.state
        if state is DeliveryState.SENDING:
            # A lost reply leaves the outcome open: the next run finds the same name with the same bytes, or nothing, and goes on.
            state = DeliveryState.FAILED if remedy is Remedy.NEVER else DeliveryState.UNKNOWN
        if isinstance(error, StoreError) or state is not delivery.item.state:
            self._mark(delivery, state, error.code)
        delivery.end(Going.STOPPED, error, remedy)

    def _mark(self, delivery: Delivery, state: DeliveryState, problem: str = "") -> None:
        if not delivery.mends:
            self._vault.outbox.mark(*delivery.key, state, self._clock.now(), problem)
            delivery.change(state=state)

    def _leave_cancelled(self) -> None:
        for key in self._wishes.cancelled:
            delivery = self._deliveries.get(key)
            if delivery is not None and not delivery.is_over:
                delivery.end(Going.STOPPED, TransferStoppedError("cancelled"), Remedy.STOPPED)

    # ------------------------------------------------------------ the next orders

    def _orders(self, now: float) -> tuple[Order, ...]:
        """Small events go before samples, in every store and over all of them."""
        if self._wishes.all_paused or self._wishes.all_cancelled:
            return ()
        self._queue = [each for each in self._queue if not each.is_over]
        orders: list[Order] = []
        room = MOST_AT_ONCE - sum(store.in_flight + store.extra for store in self._stores.values())
        for delivery in self._queue:
            store = self._stores[delivery.store]
            while room > 0 and self._may_go(delivery, store, now):
                order = self._next(delivery, store, now)
                if order is None:
                    break
                orders.append(order)
                store.in_flight += 1
                room -= 1
            if delivery.left and not delivery.is_over:
                extra = store.extra_greetings(delivery.item, room, now)
                orders += extra
                room -= len(extra)
            if room <= 0:
                break
        return tuple(orders)

    def _may_go(self, delivery: Delivery, store: Standing, now: float) -> bool:
        is_held = delivery.is_over or delivery.key in self._wishes.paused
        return not is_held and not store.has_given_up and store.free > 0 and now >= store.back_off.not_before

    def _next(self, delivery: Delivery, store: Standing, now: float) -> Order | None:
        if store.greeted_at is None or store.link is None:
            return None if store.in_flight else store.greet()
        try:
            return (
                self._next_part(delivery, store, store.link, now)
                or self._late(delivery, store, store.link, now)
                or self._next_commit(delivery, store, now)
            )
        except DsadeskError as error:
            # What is wrong with one item, a missing card or a damaged object, is no reason to stop the others.
            if isinstance(error, VaultError) and not _is_about_an_object(error):
                raise
            self._stop(delivery, error, Remedy.NEVER if isinstance(error, VaultError) else Remedy.NEEDS_YOU)
            return None

    def _next_part(self, delivery: Delivery, store: Standing, link: Link, now: float) -> PutPart | None:
        most = link.part_bytes(delivery.left, delivery.least_part)
        order = delivery.next_part(most, store.route, self._vault.objects.open)
        if order is not None:
            delivery.began(order, now)
            self._begin(delivery, now)
        return order

    def _late(self, delivery: Delivery, store: Standing, link: Link, now: float) -> Order | None:
        """What keeps all else waiting at the end, once more: over another connection it may get through at once."""
        late = delivery.last_out()
        if late is None or self._repeats_at(late, store, link, now) > now:
            return None
        if late.range is None:
            return self._commit(delivery, store, now)
        order = delivery.repeat(late.range, store.route, self._vault.objects.open)
        delivery.began(order, now)
        self._begin(delivery, now)
        return order

    @staticmethod
    def _repeats_at(late: Out, store: Standing, link: Link, now: float) -> float:
        return link.repeats_at(late.size, late.began, late.copies, store.in_flight, now)

    def _next_commit(self, delivery: Delivery, store: Standing, now: float) -> Order | None:
        if delivery.awaits_parts or delivery.commit_is_out:
            return None
        item = delivery.item
        if not item.commit_name:
            if store.is_greeting:
                return None  # it is about to tell its time
            if store.is_time_due(now):
                return store.greet()
            self._fix_commit(delivery, store, now)
        return self._commit(delivery, store, now)

    def _commit(self, delivery: Delivery, store: Standing, now: float) -> PutCommit:
        item = delivery.item
        self._begin(delivery, now)
        delivery.commit_began(now)
        return PutCommit(
            route=store.route, key=delivery.key, name=item.commit_name, data=item.commit, known=delivery.mends
        )

    def _fix_commit(self, delivery: Delivery, store: Standing, now: float) -> None:
        """Makes the commit's name and bytes once. Its time is the store's: a laptop's clock may be wrong by years."""
        item = delivery.item

        def read(n: int, size: int) -> bytes:
            return delivery.payload(n, self._vault.objects.open).read_at(0, size)

        name, data = build_commit(
            item.box,
            store.time_at(now) or self._clock.now(),
            day=item.created_at,
            manifest=where_manifest_lies(item),
            objects=references(item, read),
            recipients=self._office.recipients(item),
            entropy=self._entropy.token,
        )
        self._vault.outbox.fix_commit(item.id, item.box, name, data)
        delivery.change(commit_name=name, commit=data)

    def _begin(self, delivery: Delivery, now: float) -> None:
        delivery.rate.start(now)
        delivery.in_flight += 1
        delivery.going = Going.MOVING
        if delivery.item.state is not DeliveryState.SENDING:
            self._mark(delivery, DeliveryState.SENDING)

    # ------------------------------------------------------------ what can be told

    def _of(self, store: Standing) -> Iterator[Delivery]:
        address = store.route.address
        return (each for each in self._deliveries.values() if each.store == address and not each.is_over)

    def _wait(self, now: float) -> float | None:
        """How long until more can be done that something waits for: a store tried again, or a late part sent once more."""
        waits = []
        for store in self._stores.values():
            if store.has_given_up:
                continue
            if store.back_off.not_before > now and any(True for _ in self._of(store)):
                waits.append(store.back_off.not_before - now)
            elif store.link is not None and store.free > 0:
                ends = [each.last_out() for each in self._of(store) if not each.left and self._may_go(each, store, now)]
                waits += [self._repeats_at(each, store, store.link, now) - now for each in ends if each is not None]
        return min((max(0.0, wait) for wait in waits if wait != float("inf")), default=None)

    def _is_over(self) -> bool:
        if any(store.is_greeting for store in self._stores.values()):
            return False
        if any(each.in_flight for each in self._deliveries.values() if each.going is not Going.SENT):
            return False
        return self._wishes.all_cancelled or all(each.is_over for each in self._deliveries.values())

    def _show(self, delivery: Delivery, now: float) -> Shown:
        store = self._stores.get(delivery.store)
        total = bytes_total(delivery.item)
        done = total if delivery.going is Going.SENT or delivery.mends else bytes_acknowledged(delivery.item)
        rate = delivery.rate.at(now)
        going, why, again = delivery.going, "", None
        if delivery.fault is not None:
            why = delivery.fault.code
        elif not delivery.is_over:
            going = Going.MOVING if delivery.in_flight else Going.WAITING
            if self._wishes.all_paused or delivery.key in self._wishes.paused:
                going = Going.PAUSED
            elif store is not None and store.problem is not None:
                why, again = store.problem.code, max(0.0, store.back_off.not_before - now)
        left = (total - done) / rate if going is Going.MOVING and rate > 0 else None
        return Shown(
            key=delivery.key,
            org=delivery.item.org,
            kind=delivery.item.kind,
            going=going,
            done=done,
            total=total,
            rate=rate,
            seconds_left=left,
            why=why,
            tries_again_in=again,
        )


def _is_about_an_object(error: VaultError) -> bool:
    return isinstance(error, DamagedVaultError) and error.code == "object-missing"


def _is_sent(item: OutboxItem) -> bool:
    return item.state is DeliveryState.COMMITTED
