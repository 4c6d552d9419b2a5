"""What is known of a signer, as evidence in fields: who, how we know, since when, what to mind. Never a bare yes."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Protocol

from msgspec import Struct
from msgspec.structs import replace

from dsadesk.bundle.card import Card, CardOfficial, keeps_officials
from dsadesk.codec.events import parse_time
from dsadesk.domain.ids import DeviceId, OrganisationId
from dsadesk.domain.organisation import Official, Organisation
from dsadesk.errors import TrustError


class HowKnown(StrEnum):
    """How we came to believe that a key belongs to an organisation."""

    OURS = "ours"
    CHECKED = "checked"
    IMPORTED = "imported"
    INTRODUCED_ITSELF = "introduced-itself"


class KnownCard(Struct, frozen=True, kw_only=True):
    """A card as our directory holds it. The check fields are of the newest comparison by a person, empty when there was none.

    `check_note` is what they noted, and of an introduction who vouched. `changed_to` is a key that waits for a decision, `refused` are
    those that somebody decided against. `replaced_at` stands on a card that was believed before: when another key took its place.
    """

    card: Card
    how: HowKnown
    first_seen_at: datetime
    check_method: str = ""
    check_by: str = ""
    check_at: datetime | None = None
    check_note: str = ""
    changed_to: str = ""
    refused: tuple[str, ...] = ()
    replaced_at: datetime | None = None


class Directory(Protocol):
    """Who is who, as far as this laptop knows."""

    def known(self, org: OrganisationId) -> KnownCard | None:
        """The card that we hold for an organisation."""
        ...

    def former(self, org: OrganisationId) -> tuple[KnownCard, ...]:
        """The cards of keys that were believed before, newest first. They prove what was kept then, and nothing that arrives."""
        ...


class RememberingDirectory:
    """A directory that is asked for each organisation once, so that all of a bundle, or of a history, is judged by the same cards."""

    def __init__(self, directory: Directory) -> None:
        self._directory = directory
        self._known: dict[OrganisationId, KnownCard | None] = {}
        self._former: dict[OrganisationId, tuple[KnownCard, ...]] = {}

    def known(self, org: OrganisationId) -> KnownCard | None:
        """The card that the directory held when it was first asked."""
        if org not in self._known:
            self._known[org] = self._directory.known(org)
        return self._known[org]

    def former(self, org: OrganisationId) -> tuple[KnownCard, ...]:
        """The cards of keys that were believed before, as the directory held them when it was first asked."""
        if org not in self._former:
            self._former[org] = self._directory.former(org)
        return self._former[org]


class Evidence(Struct, frozen=True, kw_only=True):
    """Who signed, how that is known, since when, and what to mind."""

    org: Organisation
    official: Official
    device: DeviceId
    fingerprint: str
    how: HowKnown
    known_since: datetime
    check_method: str = ""
    check_by: str = ""
    check_at: datetime | None = None
    check_note: str = ""
    replaced_at: datetime | None = None
    warnings: tuple[str, ...] = ()


class Signer(Struct, frozen=True, kw_only=True):
    """An official on a card that we hold or were given."""

    known: KnownCard
    official: CardOfficial


def find_signer(org: OrganisationId, device: DeviceId, directory: Directory, introduced: KnownCard | None) -> Signer:
    """Finds the keys that an organisation's device signs with: in our directory first, in a card that came along only for strangers.

    Raises: TrustError("signer-unknown" | "signer-not-on-card" | "key-changed" | "key-refused" | "card-forgets", org).
    """
    known = directory.known(org)
    if known is not None and introduced is not None and introduced.card.org.id == org:
        if introduced.card.fingerprint != known.card.fingerprint:
            code = "key-refused" if introduced.card.fingerprint in known.refused else "key-changed"
            raise TrustError(code, org=org, now=introduced.card.fingerprint, before=known.card.fingerprint)
        if introduced.card.version > known.card.version:
            if not keeps_officials(known.card, introduced.card):
                raise TrustError("card-forgets", org=org)
            # A newer card under the key that we already hold brings new officials; how well we know the key is unchanged.
            known = replace(known, card=introduced.card)
    if known is None:
        known = introduced if introduced is not None and introduced.card.org.id == org else None
    if known is None:
        raise TrustError("signer-unknown", org=org)
    official = known.card.official_of(device)
    if official is None:
        raise TrustError("signer-not-on-card", org=org, device=device)
    return Signer(known=known, official=official)


def find_former_signer(org: OrganisationId, device: DeviceId, directory: Directory) -> Signer:
    """Finds the keys of a device, also on cards that were believed before. For what is kept already, never for what arrives.

    Raises: TrustError("signer-unknown" | "signer-not-on-card", org).
    """
    try:
        return find_signer(org, device, directory, None)
    except TrustError:
        for known in directory.former(org):
            official = known.card.official_of(device)
            if official is not None:
                return Signer(known=known, official=official)
        raise


def judge(signer: Signer, signed_at: datetime, now: datetime) -> Evidence:
    """Turns a signer whose signatures held into evidence.

    Raises: TrustError("signer-left", org, official) when the claimed time lies after the official's key ended.
    """
    card, official = signer.known.card, signer.official
    warnings = []
    if official.until:
        if signed_at > parse_time(official.until):
            raise TrustError("signer-left", org=card.org.id, official=official.official.name, until=official.until)
        warnings.append("signer-left-since")
    if signer.known.replaced_at is not None:
        warnings.append("key-replaced")
    elif card.is_expired(now):
        warnings.append("card-expired")
    if signer.known.changed_to:
        warnings.append("key-change-pending")
    if signer.known.how in (HowKnown.IMPORTED, HowKnown.INTRODUCED_ITSELF):
        warnings.append("not-checked")
    return Evidence(
        org=card.org,
        official=official.official,
        device=official.device,
        fingerprint=card.fingerprint,
        how=signer.known.how,
        known_since=signer.known.first_seen_at,
        check_method=signer.known.check_method,
        check_by=signer.known.check_by,
        check_at=signer.known.check_at,
        check_note=signer.known.check_note,
        replaced_at=signer.known.replaced_at,
        warnings=tuple(warnings),
    )
