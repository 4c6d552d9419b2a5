"""What the vault keeps of the trials of stores: how each came out, which are due, what became worse since, and what was left lying there."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta

import msgspec
from msgspec import Struct

from dsadesk.services.session import ADDRESS, STORE, STORE_CHECK, STORE_LEFT, Session
from dsadesk.services.store_findings import Diagnosis, Finding, Level
from dsadesk.services.stores import is_own_inbox, kept_addresses, known_stores
from dsadesk.services.wording.stores import finding_sentences

CHECK_EVERY = timedelta(days=7)
CHECK_AT_ANY_COST = timedelta(days=28)
"""A store that was not tried for so long is tried over a link that costs, too."""
_CHECKED = "store-checked"
_ORDER = [each.value for each in Level]


class KeptCheck(Struct, frozen=True, kw_only=True):
    """What the vault keeps of the last time that a store was tried.

    `faults` has the level of what was not fine; None in what earlier versions kept. `worse` has the sentences for what became worse by
    itself, until it is better or a person tries the store.
    """

    at: datetime
    level: str
    cursor: str = ""
    faults: dict[str, str] | None = None
    worse: dict[str, str] = {}


def last_check(session: Session, address: str) -> KeptCheck | None:
    """When a store was last tried and how that came out."""
    kept = session.vault.settings.read(STORE_CHECK + address)
    try:
        return msgspec.json.decode(kept, type=KeptCheck) if kept else None
    except msgspec.MsgspecError:
        return None


def keep_check(session: Session, found: Diagnosis, *, by_itself: bool = False) -> tuple[str, ...]:
    """Keeps how a trial came out, and gives what became worse since the last. A trial that was cut off changes nothing."""
    if found.is_cut_off:
        return ()
    before = last_check(session, found.address)
    faults = {each.about: each for each in found.findings if each.level is not Level.FINE}
    new = {about: " ".join(finding_sentences(each)) for about, each in faults.items() if _is_worse(each, before)}
    still = {about: said for about, said in (before.worse if before else {}).items() if about in faults}
    check = KeptCheck(
        at=found.at,
        level=found.level.value,
        cursor=found.cursor,
        faults={about: each.level.value for about, each in faults.items()},
        worse={**still, **new} if by_itself else {},
    )
    with session.vault.transaction():
        session.vault.settings.write(STORE_CHECK + found.address, msgspec.json.encode(check))
        _write_checked(session, _checked(session) | {found.address})
    session.changes.flag("outbox")
    return tuple(new.values())


def _is_worse(finding: Finding, before: KeptCheck | None) -> bool:
    """Whether it is worse than at the last time. Of a store that was never tried, only what makes it useless is news."""
    if before is None:
        return finding.level is Level.UNUSABLE
    was = before.level if before.faults is None else before.faults.get(finding.about, Level.FINE.value)
    return was not in _ORDER or _ORDER.index(finding.level) > _ORDER.index(was)


def forget_check(session: Session, address: str) -> None:
    """Forgets what was kept of the trials of a store."""
    with session.vault.transaction():
        session.vault.settings.remove(STORE_CHECK + address)
        session.vault.settings.remove(STORE_LEFT + address)
        _write_checked(session, _checked(session) - {address})


def due_stores(session: Session, *, is_costly: bool = False) -> tuple[str, ...]:
    """The addresses of stores in use that were not tried for a week, or never; on a link that costs, only those not tried for four.

    A clock that was put back makes all due. In use is what a person chose or what was met before: an address on a card that a stranger
    sent may be a trap, and is not opened for this. What is kept of stores that nobody knows any more is forgotten.
    """
    now, known = session.world.clock.now(), [store.address for store in known_stores(session)]
    for gone in _checked(session).difference(known):
        forget_check(session, gone)
    every = CHECK_AT_ANY_COST if is_costly else CHECK_EVERY
    used = _used(session)
    checks = {address: last_check(session, address) for address in known if address in used}
    return tuple(each for each, check in checks.items() if check is None or not timedelta(0) <= now - check.at < every)


def worse_stores(session: Session) -> Mapping[str, tuple[str, ...]]:
    """What became worse by itself and was not looked at since, by the address of the store."""
    known = {store.address for store in known_stores(session)}
    checks = {address: last_check(session, address) for address in sorted(_checked(session) & known)}
    return {address: tuple(check.worse.values()) for address, check in checks.items() if check and check.worse}


def left_in(session: Session, address: str) -> tuple[str, ...]:
    """The names of what trials wrote in a store and did not remove yet."""
    kept = session.vault.settings.read(STORE_LEFT + address)
    return tuple(msgspec.json.decode(kept, type=list[str])) if kept else ()


def note_left(session: Session, address: str, names: tuple[str, ...]) -> None:
    """Notes what a trial is about to write, before it does, and what it could not remove."""
    if names:
        session.vault.settings.write(STORE_LEFT + address, msgspec.json.encode(names))
    else:
        session.vault.settings.remove(STORE_LEFT + address)


def _used(session: Session) -> frozenset[str]:
    chosen = set(kept_addresses(session))
    for store in known_stores(session):
        met = session.vault.settings.read(STORE + store.address) is not None
        by_hand = any(session.vault.settings.read(ADDRESS + org) is not None for org in store.orgs)
        if met or by_hand or is_own_inbox(session, store.address):
            chosen.add(store.address)
    return frozenset(chosen)


def _checked(session: Session) -> frozenset[str]:
    kept = session.vault.settings.read(_CHECKED)
    return frozenset(msgspec.json.decode(kept, type=list[str])) if kept else frozenset()


def _write_checked(session: Session, addresses: frozenset[str]) -> None:
    session.vault.settings.write(_CHECKED, msgspec.json.encode(sorted(addresses)))
