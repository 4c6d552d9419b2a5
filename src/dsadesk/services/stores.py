"""The stores that this vault knows: how to get in at each address and which store was met there."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import quote

import msgspec

from dsadesk.domain.ids import OrganisationId
from dsadesk.errors import RuleError
from dsadesk.ports import NO_ACCESS, StoreAccess
from dsadesk.services.keeping_cards import address_of
from dsadesk.services.session import (
    ADDRESS,
    STORE,
    STORE_ACCESS,
    STORE_BEGUN,
    STORE_CHECK,
    STORE_LEFT,
    STORES,
    Session,
)


@dataclass(frozen=True, kw_only=True)
class KnownStore:
    """A store as a list shows it: what lets us in is told without its secrets, and `orgs` are those whose inboxes lie there."""

    address: str
    store_id: str
    user: str
    has_secret: bool
    orgs: tuple[OrganisationId, ...]


@dataclass(frozen=True, kw_only=True)
class BegunStore:
    """A place that somebody filled in and could not keep yet: its keeper may take days to let this laptop's key in.

    `typed` has no secrets, `host_keys` are the server's keys that a person compared, and `beside` is the address that was known then.
    """

    kind: str
    typed: Mapping[str, str] = field(repr=False)
    host_keys: tuple[str, ...] = ()
    beside: str = ""


def begun_store(session: Session, org: OrganisationId) -> BegunStore | None:
    """What was begun for an organisation's inbox, if anything was."""
    kept = session.vault.settings.read(STORE_BEGUN + org)
    return msgspec.json.decode(kept, type=BegunStore) if kept else None


def keep_begun(session: Session, org: OrganisationId, begun: BegunStore | None) -> None:
    """Remembers what was begun for an organisation's inbox, or that nothing is."""
    if begun is None:
        session.vault.settings.remove(STORE_BEGUN + org)
    else:
        session.vault.settings.write(STORE_BEGUN + org, msgspec.json.encode(begun))


def access_of(session: Session, address: str) -> StoreAccess:
    """What lets us in at an address: nothing, unless something was kept for it."""
    kept = session.vault.settings.read(STORE_ACCESS + _spelt(address))
    return msgspec.json.decode(kept, type=StoreAccess) if kept else NO_ACCESS


def keep_store(session: Session, address: str, access: StoreAccess, store_id: str = "") -> None:
    """Remembers how to get in at an address, and which store is the one meant there."""
    with session.vault.transaction():
        _keep_addresses(session, {*_addresses(session), _spelt(address)})
        session.vault.settings.write(STORE_ACCESS + _spelt(address), msgspec.json.encode(access))
        if store_id:
            session.vault.settings.write(STORE + address, store_id.encode())
    session.let_go()


def forget_store(session: Session, address: str) -> None:
    """Forgets how to get in at an address, which store lies there and how it came out when it was tried. What waits stays in the outbox.

    Raises: RuleError("no-such-store").
    """
    if not is_kept(session, address):
        raise RuleError("no-such-store", address=address)
    with session.vault.transaction():
        _keep_addresses(session, _addresses(session) - {_spelt(address)})
        session.vault.settings.remove(STORE_ACCESS + _spelt(address))
        for kept in (STORE, STORE_CHECK, STORE_LEFT):
            session.vault.settings.remove(kept + address)
            session.vault.settings.remove(kept + _spelt(address))
    session.let_go()


def known_stores(session: Session) -> tuple[KnownStore, ...]:
    """Every store that something was kept for or an inbox lies in, by address."""
    orgs: dict[str, list[OrganisationId]] = {address: [] for address in _addresses(session)}
    for card in session.vault.cards.all():
        try:
            orgs.setdefault(_spelt(address_of(session, card.org)), []).append(card.org)
        except RuleError:
            continue  # no address is known for it
    return tuple(_known(session, address, tuple(orgs[address])) for address in sorted(orgs))


def kept_addresses(session: Session) -> frozenset[str]:
    """The addresses that something was kept for: those that can be forgotten."""
    return frozenset(_addresses(session))


def is_kept(session: Session, address: str) -> bool:
    """Whether something was kept for an address."""
    return _spelt(address) in _addresses(session)


def is_own_inbox(session: Session, address: str) -> bool:
    """Whether our own inbox lies at an address."""
    own = session.vault.settings.read(ADDRESS + session.profile.organisation.id)
    return own is not None and _spelt(own.decode()) == _spelt(address)


def proxy_with_login(address: str, user: str, password: str) -> str:
    """A proxy's address with the name and password for it, as `StoreAccess.proxy` has them."""
    place = address.rpartition("://")[2].rpartition("@")[2]
    return f"http://{quote(user, safe='')}:{quote(password, safe='')}@{place}"


def _known(session: Session, address: str, orgs: tuple[OrganisationId, ...]) -> KnownStore:
    access, store = access_of(session, address), session.vault.settings.read(STORE + address)
    return KnownStore(
        address=address,
        store_id=store.decode() if store else "",
        user=access.user,
        has_secret=bool(access.secret or access.key),
        orgs=orgs,
    )


def _addresses(session: Session) -> set[str]:
    kept = session.vault.settings.read(STORES)
    return set(msgspec.json.decode(kept, type=list[str])) if kept else set()


def _keep_addresses(session: Session, addresses: set[str]) -> None:
    session.vault.settings.write(STORES, msgspec.json.encode(sorted(addresses)))


def _spelt(address: str) -> str:
    """One spelling for the ways in which one address is written: a slash at its end says nothing."""
    return address.rstrip("/") or address
