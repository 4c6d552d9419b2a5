"""An organisation's card: who it is, its keys, its inbox, and the officials who sign for it. Signed by the organisation's own key."""

from __future__ import annotations

import functools
from collections.abc import Sequence
from datetime import datetime

import msgspec
from msgspec import UNSET, Struct, UnsetType
from msgspec.structs import replace

from dsadesk.age import AgeError, HybridRecipient, X25519Recipient, parse_recipient
from dsadesk.bundle.identity import SigningKeys, VerifyingKeys, box_id
from dsadesk.bundle.names import is_one_line, is_shown_name
from dsadesk.bundle.signature import parse_envelope, require_pair, sign_envelope
from dsadesk.codec import canonical
from dsadesk.codec.events import parse_time
from dsadesk.domain.ids import BoxId, DeviceId, OrganisationId, parse_organisation_id
from dsadesk.domain.organisation import Official, Organisation
from dsadesk.errors import CardError, ContentsError, InputError, SignatureError

PAYLOAD_TYPE = "application/vnd.dsadesk.card.v1+json"
VERSION = 1
MAX_BYTES = 1024 * 1024
MAX_OFFICIALS = 200
MAX_INBOXES = 20
MAX_ROLES = 20
MAX_ADDRESS = 2000

_KINDS = (("https://", "webdav"), ("http://", "webdav"), ("s3+", "s3"), ("sftp://", "sftp"))


class InboxAddress(Struct, frozen=True, kw_only=True):
    """A place where the organisation's inbox can be reached. `kind` is folder, webdav, s3 or sftp."""

    kind: str
    address: str

    @staticmethod
    def at(address: str) -> InboxAddress:
        """An address with the kind that it begins with."""
        kind = next((kind for start, kind in _KINDS if address.startswith(start)), "folder")
        return InboxAddress(kind=kind, address=address)


class FormerRole(Struct, frozen=True, kw_only=True):
    """A role that an official no longer has. What was said in it until then stays valid."""

    role: str
    until: str


class CardOfficial(Struct, frozen=True, kw_only=True):
    """An official's device as the organisation vouches for it. After `until` its signatures no longer count."""

    official: Official
    device: DeviceId
    keys: VerifyingKeys
    roles: tuple[str, ...]
    since: str
    until: str = ""
    former_roles: tuple[FormerRole, ...] | UnsetType = UNSET

    @property
    def ended_roles(self) -> tuple[FormerRole, ...]:
        """The roles that they no longer have."""
        return () if isinstance(self.former_roles, UnsetType) else self.former_roles

    def roles_at(self, at: datetime) -> frozenset[str]:
        """The roles that they had at a time."""
        return frozenset({*self.roles, *(each.role for each in self.ended_roles if at <= parse_time(each.until))})


class Card(Struct, frozen=True, kw_only=True):
    """What an organisation says of itself."""

    v: int
    org: Organisation
    version: int
    issued: str
    expires: str
    keys: VerifyingKeys
    x25519: str
    hybrid: str
    inboxes: tuple[InboxAddress, ...]
    officials: tuple[CardOfficial, ...]

    @property
    def box(self) -> BoxId:
        """The name of the organisation's inbox."""
        return box_id(self.fingerprint)

    @property
    def fingerprint(self) -> str:
        """The fingerprint of the organisation's own key."""
        return self.keys.fingerprint

    def official_of(self, device: DeviceId) -> CardOfficial | None:
        """The official whose device this is, whether still in post or not."""
        return next((official for official in self.officials if official.device == device), None)

    def is_expired(self, now: datetime) -> bool:
        """Whether the card may no longer be sealed to."""
        return now > parse_time(self.expires)


def with_roles(entry: CardOfficial, roles: Sequence[str], at: str) -> CardOfficial:
    """An official with these roles from a time on. A role that is taken away is remembered with that time."""
    gone = tuple(FormerRole(role=role, until=at) for role in entry.roles if role not in roles)
    former = (*entry.ended_roles, *gone)
    return replace(entry, roles=tuple(dict.fromkeys(roles)), former_roles=former or UNSET)


def keeps_officials(old: Card, new: Card) -> bool:
    """Whether a newer card still names every device of the older one, with the same keys, person, end, and the roles that it had.

    A card may end an official or a role and never forget or revive an official: what was signed must stay provable for ever.
    """
    later = {entry.device: entry for entry in new.officials}
    return all(entry.device in later and _continues(entry, later[entry.device]) for entry in old.officials)


def _continues(old: CardOfficial, new: CardOfficial) -> bool:
    ended = {(each.role, each.until) for each in new.ended_roles}
    remembers = set(old.roles) <= {*new.roles, *(role for role, _ in ended)}
    remembers = remembers and {(each.role, each.until) for each in old.ended_roles} <= ended
    same = old.keys == new.keys and old.official.id == new.official.id and remembers
    return same and (not old.until or "" < new.until <= old.until)


def sign_card(card: Card, keys: SigningKeys) -> bytes:
    """The card as a signed file. Raises: as `read_card`, so that no card is made that others would refuse."""
    data = sign_envelope(PAYLOAD_TYPE, canonical.encode(card), keys)
    read_card(data)
    return data


@functools.lru_cache(maxsize=32)
def read_card(data: bytes) -> Card:
    """Reads a card and checks that the key it names signed all of it. Says nothing of whose key that is.

    The same bytes give the same card, so the last few are remembered: a history asks for its parties' cards at every event.
    Raises: CardError("card-unreadable" | "card-version" | "card-fields" | "card-altered").
    """
    try:
        envelope = parse_envelope(data, payload_type=PAYLOAD_TYPE, max_bytes=MAX_BYTES)
        raw = canonical.decode(envelope.payload, max_bytes=MAX_BYTES)
    except (SignatureError, canonical.CanonicalError) as error:
        raise CardError("card-unreadable", why=error.code) from error
    if not isinstance(raw, dict) or raw.get("v") != VERSION:
        raise CardError("card-version")
    try:
        card = msgspec.convert(raw, Card, strict=True)
        _check(card)
    except (msgspec.ValidationError, AgeError, InputError, ContentsError) as error:
        raise CardError("card-fields") from error
    try:
        require_pair(envelope, card.keys)
    except SignatureError as error:
        raise CardError("card-altered", why=error.code) from error
    return card


def recipient_of(card: Card) -> HybridRecipient:
    """The post-quantum recipient of the organisation's inbox. Raises: CardError("card-fields")."""
    return _hybrid(card.hybrid)


@functools.lru_cache(maxsize=256)
def _hybrid(text: str) -> HybridRecipient:
    """Two thousand letters take a while to read, and the same few are asked for at every sealing."""
    recipient = parse_recipient(text)
    if not isinstance(recipient, HybridRecipient) or str(recipient) != text:
        raise CardError("card-fields")
    return recipient


def _check(card: Card) -> None:
    parse_organisation_id(OrganisationId(card.org.id))
    if parse_time(card.expires) <= parse_time(card.issued) or card.version < 1 or not is_shown_name(card.org.name):
        raise CardError("card-fields")
    if not 1 <= len(card.officials) <= MAX_OFFICIALS or len(card.inboxes) > MAX_INBOXES:
        raise CardError("card-fields")
    for inbox in card.inboxes:
        if not is_shown_name(inbox.kind) or not 0 < len(inbox.address) <= MAX_ADDRESS or not is_one_line(inbox.address):
            raise CardError("card-fields")
    card.keys.raw()
    for official in card.officials:
        _check_official(official)
    if len({official.device for official in card.officials}) != len(card.officials):
        raise CardError("card-fields")
    classic = parse_recipient(card.x25519)
    # A manifest names a recipient by the hash of its spelling, so there may be no second one.
    if not isinstance(classic, X25519Recipient) or str(classic) != card.x25519:
        raise CardError("card-fields")
    recipient_of(card)


def _check_official(entry: CardOfficial) -> None:
    who = entry.official
    if entry.keys.device != entry.device or not all(is_shown_name(text) for text in (who.id, who.name, who.post)):
        raise CardError("card-fields")
    if len(entry.roles) > MAX_ROLES or not all(is_shown_name(role) for role in entry.roles):
        raise CardError("card-fields")
    if len(entry.ended_roles) > MAX_ROLES or not all(is_shown_name(each.role) for each in entry.ended_roles):
        raise CardError("card-fields")
    for each in entry.ended_roles:
        parse_time(each.until)
    parse_time(entry.since)
    if entry.until:
        parse_time(entry.until)
