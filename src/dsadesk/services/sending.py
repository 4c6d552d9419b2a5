"""Where sealed bundles go, and what has to be so before they go there: the services' side of the sending engine."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence

from dsadesk import age
from dsadesk.bundle.card import read_card, recipient_of
from dsadesk.bundle.trust import HowKnown
from dsadesk.domain.ids import OrganisationId
from dsadesk.errors import CardError, RuleError
from dsadesk.ports import DeliveryState, OutboxItem
from dsadesk.services.keeping_cards import address_of
from dsadesk.services.projecting import project
from dsadesk.services.reading import state_of
from dsadesk.services.receipts import note_made_sure, require_newest_copy
from dsadesk.services.session import ADDRESS, STORE, Session
from dsadesk.services.stores import access_of
from dsadesk.sync.engine import Engine
from dsadesk.sync.orders import Key, Route
from dsadesk.sync.stepping import Connect


def engine_for(
    session: Session,
    *,
    patience: float | None = None,
    choose: Callable[[OutboxItem], bool] = lambda _: True,
    mend: Collection[Key] = (),
) -> Engine:
    """An engine for one run of sending. It is used where the vault is; see `sync.engine`."""
    world = session.world
    return Engine(
        session.vault,
        SessionOffice(session),
        world.clock,
        world.entropy,
        patience=world.patience if patience is None else patience,
        choose=choose,
        mend=mend,
    )


def connector(session: Session) -> Connect:
    """Opens stores for whoever carries bytes. It does not touch the vault."""
    open_transport = session.world.open_transport
    return lambda route, flow: open_transport(route.address, route.expected_id, route.access, flow)


class SessionOffice:
    """Implements the engine's `Office` over a session."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def route(self, item: OutboxItem) -> Route:
        """Where an item goes.

        Raises: RuleError("no-address" | "older-copy"), CardError("card-key-pending") until someone decides about a new key.
        """
        _require_met(self._session, item)
        require_newest_copy(self._session, item.box)
        pinned = self._session.vault.cards.get(item.org)
        if pinned is not None and pinned.changed_to:
            raise CardError("card-key-pending", org=item.org)
        return route_to(self._session, item.org)

    def met(self, route: Route, store_id: str) -> None:
        """Remembers the store that was first met at an address, as the only one to be taken for it later."""
        if self._session.vault.settings.read(STORE + route.address) is None:
            self._session.vault.settings.write(STORE + route.address, store_id.encode())

    def recipients(self, item: OutboxItem) -> Sequence[age.Recipient]:
        """The inbox that an item goes to. Raises: RuleError("no-card"), CardError."""
        pinned = self._session.vault.cards.get(item.org)
        if pinned is None:
            raise RuleError("no-card", org=item.org)
        return (recipient_of(read_card(pinned.envelope)),)

    def sent(self, item: OutboxItem) -> None:
        """Shows it in the lists, or notes that it was made sure of."""
        if item.state is DeliveryState.COMMITTED:
            note_made_sure(self._session, (item.id, item.box), self._session.world.clock.now())
            return
        self._session.changes.flag("outbox")
        if item.request is not None:
            project(self._session, item.request, state_of(self._session, item.request))


def route_to(session: Session, org: OrganisationId) -> Route:
    """The way to an organisation's inbox. Raises: RuleError("no-address")."""
    address = address_of(session, org)
    known = session.vault.settings.read(STORE + address)
    return Route(
        address=address,
        expected_id=known.decode() if known else "",
        access=access_of(session, address),
        is_known=known is not None,
    )


def _require_met(session: Session, item: OutboxItem) -> None:
    """Answers go out by themselves, so a distant address that a stranger's card names is not opened until somebody has looked at them.

    It may be a trap: merely opening a share tells its keeper who did, and on Windows with what password hash.
    Raises: RuleError("no-address").
    """
    known = session.directory.known(item.org)
    is_stranger = known is not None and known.how is HowKnown.INTRODUCED_ITSELF
    by_card = is_stranger and session.vault.settings.read(ADDRESS + item.org) is None
    if by_card and _is_distant(address_of(session, item.org)):
        raise RuleError("no-address", org=item.org)


def _is_distant(address: str) -> bool:
    """Whether an address names another machine: a share (UNC), a URL, or an automatic mount."""
    return address.replace("\\", "/").startswith(("//", "/net/")) or "://" in address
