"""The store that our own inbox lies in: how it is opened, first met, and kept open between two looks."""

from __future__ import annotations

from dsadesk.ports import NO_ACCESS, Flow, Readies, StoreAccess, Transport
from dsadesk.services.sending import route_to
from dsadesk.services.session import STORE, KeptConnection, Session
from dsadesk.sync.commit import inbox_places
from dsadesk.sync.controls import Controls
from dsadesk.sync.posting import Post


def inbox_store(session: Session, post: Post, controls: Controls, *, is_theirs: bool) -> KeptConnection:
    """The store of our own inbox. A connection is kept between two looks, because making one costs more than looking.

    Whoever brings controls gets one that obeys them; without, any will do.
    """
    route, kept = post(lambda: route_to(session, session.profile.organisation.id)), session.kept
    if kept is not None and kept.address == route.address and (not is_theirs or kept.valve.belongs_to(controls.pacer)):
        return kept
    session.let_go()
    valve = controls.pacer.valve()
    fresh = KeptConnection(route.address, open_inbox(session, post, valve), valve)
    if "://" in route.address:
        session.kept = fresh
    return fresh


def prepare_inbox(session: Session, address: str, access: StoreAccess = NO_ACCESS) -> None:
    """Makes a place into a store, or takes the store that it already is, with the folders of our inbox in it.

    Whoever sends first may be far away: there each folder that is missing costs a round trip. May be called from any thread.
    Raises: StoreError.
    """
    transport = session.world.prepare_store(address, access)
    try:
        if isinstance(transport, Readies):
            for place in inbox_places(session.box):
                transport.ready(place)
    finally:
        transport.close()


def open_inbox(session: Session, post: Post, flow: Flow | None) -> Transport:
    """A connection of its own to the store of our inbox. The store that was first met there is the only one taken for it later."""
    route = post(lambda: route_to(session, session.profile.organisation.id))
    transport = session.world.open_transport(route.address, route.expected_id, route.access, flow)
    if not route.is_known:
        store_id = transport.store_id()
        post(lambda: session.vault.settings.write(STORE + route.address, store_id.encode()))
    return transport
