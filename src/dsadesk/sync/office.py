"""What the engine asks of the services, what it is told that a person wants, and what it answers a driver with."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Protocol

from dsadesk import age
from dsadesk.ports import OutboxItem
from dsadesk.sync.orders import Key, Order, Route


class Office(Protocol):
    """What the engine asks of the services. Called where the vault may be used, inside a transaction."""

    def route(self, item: OutboxItem) -> Route:
        """Where an item goes. Raises: DsadeskError when it may not be sent now, which stops this item and its like only."""
        ...

    def met(self, route: Route, store_id: str) -> None:
        """A store of which no id was known answered with this one."""
        ...

    def recipients(self, item: OutboxItem) -> Sequence[age.Recipient]:
        """Who may read the list of parts. Raises: DsadeskError."""
        ...

    def sent(self, item: OutboxItem) -> None:
        """An item's commit is in its store; one that was there before, and says so by its state, was made sure of."""
        ...


@dataclass(frozen=True)
class Wishes:
    """What a person wants. `cancelled` items are left alone for this run; `look_again` takes in what was sealed meanwhile."""

    paused: Collection[Key] = ()
    cancelled: Collection[Key] = ()
    all_paused: bool = False
    all_cancelled: bool = False
    poked: bool = False
    look_again: bool = False


NO_WISHES = Wishes()


@dataclass(frozen=True)
class Turn:
    """Orders to carry out, and in how many seconds more can be done though none of them ends; None for never."""

    orders: tuple[Order, ...]
    wait: float | None
    is_over: bool
