"""Organisation cards: signing and renewing ours, pinning others', and how each is known.

A card is pinned with the key that signed it. Another key for the same organisation is flagged and never taken by itself.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

from dsadesk.bundle.card import Card, CardOfficial, InboxAddress, keeps_officials, read_card, sign_card
from dsadesk.bundle.identity import Identity
from dsadesk.codec.events import time_text
from dsadesk.domain.ids import OrganisationId
from dsadesk.domain.roles import ADMIN, DECIDER, SIGNATORY
from dsadesk.errors import CardError, InputError, RuleError
from dsadesk.ports import CardCheck, PinnedCard
from dsadesk.services.session import ADDRESS, STORE, Session

CARD_LIFE = timedelta(days=365)
DECISION_HOLDS = timedelta(days=30)
ADMIN_ROLES = (ADMIN, SIGNATORY, DECIDER)
CHECK_METHODS = ("in-person", "phone", "introducer")
INTRODUCER = "introducer"
REFUSED = "refused"
ARRIVED_BY_FILE, ARRIVED_IN_BUNDLE = "file", "bundle"


def issue_card(
    session: Session,
    *,
    inboxes: Sequence[InboxAddress] | None = None,
    officials: Sequence[CardOfficial] | None = None,
    least_version: int = 1,
) -> Card:
    """Signs a new version of our organisation's card and pins it. What is not given stays as it was on the card before.

    Raises: RuleError("not-admin" | "not-admitted"), CardError.
    """
    organisation = require_admin(session)
    inbox, now = session.require_inbox(), session.world.clock.now()
    pinned = session.vault.cards.get(session.profile.organisation.id)
    before = None if pinned is None else read_card(pinned.envelope)
    if officials is None:
        officials = (own_entry(session),) if before is None else before.officials
    if inboxes is None:
        inboxes = () if before is None else before.inboxes
    card = Card(
        v=1,
        org=session.profile.organisation,
        version=max(least_version, 1 if before is None else before.version + 1),
        issued=time_text(now),
        expires=time_text(now + CARD_LIFE),
        keys=organisation.signing.public,
        x25519=str(inbox.x25519.recipient),
        hybrid=str(inbox.hybrid.recipient),
        inboxes=tuple(inboxes),
        officials=tuple(officials),
    )
    pin_card(session, card, sign_card(card, organisation.signing), arrived="")
    return card


def own_entry(session: Session, roles: tuple[str, ...] = ADMIN_ROLES) -> CardOfficial:
    """This laptop as our card names it."""
    return CardOfficial(
        official=session.profile.official,
        device=session.device.device,
        keys=session.device.signing.public,
        roles=roles,
        since=time_text(session.world.clock.now()),
    )


def require_admin(session: Session) -> Identity:
    """The organisation's own key. Raises: RuleError("not-admin") on a device that does not hold it."""
    if session.organisation is None:
        raise RuleError("not-admin", org=session.profile.organisation.id)
    return session.organisation


def set_inbox_address(session: Session, address: str) -> Card:
    """Says where our inbox lies: for this laptop, and on the next version of our card when this laptop holds its key and it says another.

    Raises: RuleError("no-card"), CardError.
    """
    with session.vault.transaction():
        session.vault.settings.write(ADDRESS + session.profile.organisation.id, address.encode())
        session.vault.settings.remove(
            STORE + address
        )  # a person chose it anew: the store that lies there now is the one meant
        is_said = any(place.address == address for place in session.card.inboxes[:1])
        if session.organisation is None or is_said:
            return session.card
        others = tuple(place for place in session.card.inboxes if place.address != address)
        return issue_card(session, inboxes=(InboxAddress.at(address), *others))


def set_partner_address(session: Session, org: OrganisationId, address: str) -> None:
    """Says where this laptop reaches another organisation's inbox, whatever its card says. Raises: RuleError("no-card", org)."""
    if session.vault.cards.get(org) is None:
        raise RuleError("no-card", org=org)
    session.vault.settings.write(ADDRESS + org, address.encode())
    session.vault.settings.remove(STORE + address)


def address_of(session: Session, org: OrganisationId) -> str:
    """Where an organisation's inbox is reached from here. Raises: RuleError("no-address", org)."""
    own = session.vault.settings.read(ADDRESS + org)
    if own is not None:
        return own.decode()
    pinned = session.vault.cards.get(org)
    if pinned is not None:
        for place in read_card(pinned.envelope).inboxes:
            return place.address
    raise RuleError("no-address", org=org)


def card_names(session: Session) -> Callable[[str], str]:
    """Gives an organisation's name by its identifier, as far as cards tell; else the identifier itself."""
    names = {str(card.org): card.name for card in session.vault.cards.all()}
    return lambda org: names.get(org, org)


def pin_card(session: Session, card: Card, envelope: bytes, *, arrived: str) -> PinnedCard:
    """Keeps a card. A key that differs from the pinned one is flagged and refused; an older version changes nothing.

    Raises: CardError("card-key-changed", org, now, before), CardError("card-key-refused" | "card-forgets", org).
    """
    now, cards = session.world.clock.now(), session.vault.cards
    known = cards.get(card.org.id)
    if known is not None and known.fingerprint != card.fingerprint:
        if card.fingerprint in refused_keys(known):
            raise CardError("card-key-refused", org=card.org.id)
        cards.flag_change(card.org.id, card.fingerprint)
        session.changes.flag("cards")
        raise CardError("card-key-changed", org=card.org.id, now=card.fingerprint, before=known.fingerprint)
    if known is not None and known.version >= card.version:
        return known
    if known is not None and not keeps_officials(read_card(known.envelope), card):
        raise CardError("card-forgets", org=card.org.id)
    pinned = PinnedCard(
        org=card.org.id,
        name=card.org.name,
        fingerprint=card.fingerprint,
        version=card.version,
        envelope=envelope,
        first_seen_at=known.first_seen_at if known else now,
        updated_at=now,
    )
    cards.put(pinned)
    if known is None and arrived:
        cards.add_check(card.org.id, CardCheck(method=arrived, by=session.profile.official.name, at=now))
    session.changes.flag("cards")
    return cards.get(card.org.id) or pinned


def import_card(session: Session, data: bytes) -> PinnedCard:
    """Takes in another organisation's card from a file, or a newer version of our own that another laptop of ours made.

    Raises: CardError("card-unreadable" | "card-altered" | "card-expired" | "card-own" | "card-key-changed" | …).
    """
    card = read_card(data)
    if card.org.id == session.profile.organisation.id and not _is_newer(session, card):
        raise CardError("card-own", org=card.org.id)
    if card.is_expired(session.world.clock.now()):
        raise CardError("card-expired", org=card.org.id, expires=card.expires)
    return pin_card(session, card, data, arrived=ARRIVED_BY_FILE)


def _is_newer(session: Session, card: Card) -> bool:
    """Whether this is a later version of the card that we hold, under the same key."""
    known = session.vault.cards.get(card.org.id)
    return known is not None and known.fingerprint == card.fingerprint and known.version < card.version


def check_card(session: Session, org: OrganisationId, method: str, note: str = "") -> None:
    """Records that this official compared an organisation's fingerprint words with someone there.

    Raises: InputError("check-method"), RuleError("no-card"), CardError("card-key-pending") while it is not clear which words they were.
    """
    pinned = session.vault.cards.get(org)
    if pinned is None:
        raise RuleError("no-card", org=org)
    if pinned.changed_to:
        raise CardError("card-key-pending", org=org)
    check = comparison(session, method, note)
    session.vault.cards.add_check(org, check)
    session.changes.flag("cards")


def comparison(session: Session, method: str, note: str) -> CardCheck:
    """That this official compares a key now. Raises: InputError("check-method")."""
    if method not in CHECK_METHODS:
        raise InputError("check-method", method=method, allowed=CHECK_METHODS)
    by = session.profile.official.name
    return CardCheck(method=method, by=by, at=session.world.clock.now(), note=note.strip())


def refused_keys(pinned: PinnedCard) -> frozenset[str]:
    """The fingerprints that somebody here decided against for an organisation: the first word of what was noted then."""
    return frozenset(check.note.partition(" ")[0] for check in pinned.checks if check.method == REFUSED)


def decided_lately(pinned: PinnedCard, now: datetime) -> bool:
    """Whether somebody here decided against another key of an organisation not long ago, and so that the one we know holds."""
    return any(check.method == REFUSED and now - check.at < DECISION_HOLDS for check in pinned.checks)


def partner_card(session: Session, org: OrganisationId) -> Card:
    """The card that we may seal to.

    Raises: RuleError("no-card"), CardError("card-key-pending") while a changed key waits for a decision, CardError("card-expired", org)
    for their card or for our own.
    """
    pinned = session.vault.cards.get(org)
    if pinned is None:
        raise RuleError("no-card", org=org)
    if pinned.changed_to:
        raise CardError("card-key-pending", org=org)
    now = session.world.clock.now()
    for card in (read_card(pinned.envelope), session.card):
        if card.is_expired(now):
            raise CardError("card-expired", org=card.org.id, expires=card.expires)
    return read_card(pinned.envelope)
