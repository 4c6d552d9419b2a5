"""Letting others in: colleagues into our organisation, and other organisations on the word of a partner.

A newcomer's laptop makes an *application* (its public keys, signed by themselves). An official who holds the organisation's key answers
with a *pass*: the new card and the inbox keys, encrypted to the newcomer alone. Both are files, carried however people trust.

An *introduction* is another organisation's card, signed by an official of a partner who has compared its words. It counts where the
partner's own words were compared in person, and never goes on to a third.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeVar

import msgspec
from msgspec import UNSET, Struct

from dsadesk import age
from dsadesk.bundle.card import Card, CardOfficial, read_card
from dsadesk.bundle.identity import SEED_BYTES, VerifyingKeys, fingerprint_words, identity_from_seed
from dsadesk.bundle.names import is_shown_name
from dsadesk.bundle.signature import Envelope, parse_envelope, require_pair, sign_envelope
from dsadesk.bundle.trust import HowKnown, KnownCard, Signer, find_signer, judge
from dsadesk.codec import canonical
from dsadesk.codec.base64_text import decode_base64, encode_base64
from dsadesk.codec.events import parse_time, time_text
from dsadesk.domain.ids import DeviceId, OrganisationId
from dsadesk.domain.organisation import Official
from dsadesk.domain.roles import DRAFTER
from dsadesk.errors import CardError, ContentsError, InputError, RuleError, SignatureError, TrustError
from dsadesk.ports import CardCheck, PinnedCard
from dsadesk.services.giving_roles import check_roles, roles_of
from dsadesk.services.keeping_cards import ADMIN_ROLES, INTRODUCER, issue_card, pin_card, require_admin
from dsadesk.services.keeping_keys import inbox_seeds, keep_inbox_seeds, opened
from dsadesk.services.session import ORGANISATION_SEED, Session

APPLICATION_TYPE = "application/vnd.dsadesk.application.v1+json"
PASS_TYPE = "application/vnd.dsadesk.pass.v1+json"  # noqa: S105 - a media type
INTRODUCTION_TYPE = "application/vnd.dsadesk.introduction.v1+json"
VERSION = 1
MEMBER = "member."
"""Before a device's name: the recipient that a pass for it is encrypted to."""
DIRECT_METHODS = ("in-person", "phone")
_MAX_BYTES = 4 * 1024 * 1024
T = TypeVar("T", bound=Struct)


class Application(Struct, frozen=True, kw_only=True):
    """What a newcomer says of themselves."""

    v: int
    org: OrganisationId
    official: Official
    keys: VerifyingKeys
    hybrid: str

    @property
    def words(self) -> tuple[str, ...]:
        """The words to compare with the newcomer before letting them in."""
        return fingerprint_words(self.keys.fingerprint)


class Member(Struct, frozen=True, kw_only=True):
    """A colleague's device, and the recipient that passes for it are encrypted to."""

    device: DeviceId
    hybrid: str


class Pass(Struct, frozen=True, kw_only=True):
    """What a newcomer is given: the card, the inbox's keys, and what only those get who are to administer the keys."""

    v: int
    card: str
    inbox_seed: str
    older_inbox_seeds: tuple[str, ...] = ()
    organisation_seed: str = ""
    members: tuple[Member, ...] = ()

    def __repr__(self) -> str:
        return "Pass(…)"


class Introduction(Struct, frozen=True, kw_only=True):
    """A partner's official vouches for another organisation's card. `introducer` is the card of the partner."""

    v: int
    org: OrganisationId
    device: DeviceId
    at: str
    method: str
    compared: str
    introducer: str
    card: str


# ---------------------------------------------------------------- colleagues


def apply(session: Session) -> bytes:
    """Makes this laptop's application as a file."""
    application = Application(
        v=VERSION,
        org=session.profile.organisation.id,
        official=session.profile.official,
        keys=session.device.signing.public,
        hybrid=str(session.device.hybrid.recipient),
    )
    return sign_envelope(APPLICATION_TYPE, canonical.encode(application), session.device.signing)


def read_application(data: bytes) -> Application:
    """Reads an application and checks that its own key signed it. Raises: CardError("application-unreadable" | "application-altered")."""
    try:
        envelope = parse_envelope(data, payload_type=APPLICATION_TYPE, max_bytes=_MAX_BYTES)
        application = _decoded(envelope, Application)
        application.keys.raw()
        fits = isinstance(age.parse_recipient(application.hybrid), age.HybridRecipient)
    except (age.AgeError, SignatureError, canonical.CanonicalError, msgspec.ValidationError, InputError) as error:
        raise CardError("application-unreadable") from error
    who = application.official
    if application.v != VERSION or not fits or not all(map(is_shown_name, (who.id, who.name, who.post))):
        raise CardError("application-unreadable")
    try:
        require_pair(envelope, application.keys)
    except SignatureError as error:
        raise CardError("application-altered") from error
    return application


def admit(session: Session, data: bytes, *, admin: bool = False, roles: Sequence[str] = (DRAFTER,)) -> bytes:
    """Lets a newcomer in: a new version of our card with their device and roles on it, and a pass that only they can open.

    Raises: CardError("application-other-person" | …), RuleError("not-admin" | "other-organisation" | "device-left"),
    InputError("no-such-role").
    """
    require_admin(session)
    check_roles(roles)
    application = read_application(data)
    if application.org != session.profile.organisation.id:
        raise RuleError("other-organisation", org=application.org)
    card = session.card
    before = card.official_of(application.keys.device)
    if before is not None and before.until:
        raise RuleError("device-left", official=before.official.name, until=before.until)
    who = application.official
    if any(entry.official.id == who.id and entry.official.name != who.name for entry in card.officials):
        raise CardError("application-other-person", name=who.name)
    newcomer = CardOfficial(
        official=who,
        device=application.keys.device,
        keys=application.keys,
        roles=tuple(dict.fromkeys((*_given(roles, admin=admin), *(before.roles if before else ())))),
        former_roles=UNSET if before is None else before.former_roles,
        since=time_text(session.world.clock.now()) if before is None else before.since,
    )
    kept = tuple(official for official in card.officials if official.device != newcomer.device)
    with session.vault.transaction():
        remember_member(session, Member(device=newcomer.device, hybrid=application.hybrid))
        issue_card(session, officials=(*kept, newcomer))
    return make_pass(session, newcomer, application.hybrid)


def _given(roles: Sequence[str], *, admin: bool) -> tuple[str, ...]:
    return (*ADMIN_ROLES, *(role for role in roles if role != DRAFTER)) if admin else tuple(roles)


@dataclass(frozen=True)
class Standing:
    """How an applicant stands to our card. `namesake` is somebody of the same name with other recovery words: two people for everybody.

    `laptops` is how many laptops of the same person are on the card already, and `roles` what they may say there.
    """

    namesake: Official | None
    laptops: int
    roles: tuple[str, ...]


def standing_of(card: Card, application: Application) -> Standing:
    """How an applicant stands to the people on our card who have not left."""
    who = application.official
    in_post = [entry for entry in card.officials if not entry.until and entry.device != application.keys.device]
    alike = (
        entry.official
        for entry in in_post
        if entry.official.id != who.id and is_same_name(entry.official.name, who.name)
    )
    laptops = sum(entry.official.id == who.id for entry in in_post)
    return Standing(next(alike, None), laptops, roles_of(card, who.id))


def is_same_name(one: str, other: str) -> bool:
    """Whether two names are one to a reader: letters written in another way, capitals and spaces do not count."""
    return _folded(one) == _folded(other)


def _folded(name: str) -> str:
    return " ".join(unicodedata.normalize("NFKC", name).casefold().split())


def remember_member(session: Session, member: Member) -> None:
    """Keeps the recipient that passes for a colleague's device are encrypted to."""
    session.vault.settings.write(MEMBER + member.device, member.hybrid.encode())


def recipient_of_member(session: Session, device: DeviceId) -> str:
    """The recipient that passes for a colleague's device are encrypted to; "" when this laptop does not know it."""
    return (session.vault.settings.read(MEMBER + device) or b"").decode()


def make_pass(session: Session, colleague: CardOfficial, hybrid: str) -> bytes:
    """A pass to our card and our inbox as they now are, which only this colleague's device can open. Raises: RuleError("not-admin")."""
    organisation = require_admin(session)
    newest, *older = [encode_base64(seed) for seed in inbox_seeds(session.vault)]
    given = Pass(
        v=VERSION,
        card=encode_base64(session.card_bytes),
        inbox_seed=newest,
        older_inbox_seeds=tuple(older),
    )
    if "admin" in colleague.roles:
        seed = session.vault.settings.read(ORGANISATION_SEED) or b""
        given = msgspec.structs.replace(given, organisation_seed=encode_base64(seed), members=_members(session))
    envelope = sign_envelope(PASS_TYPE, canonical.encode(given), organisation.signing)
    return age.armor(age.encrypt(envelope, (age.parse_recipient(hybrid),), session.world.entropy.token))


def _members(session: Session) -> tuple[Member, ...]:
    devices = [entry.device for entry in session.card.officials if not entry.until]
    known = [Member(device=device, hybrid=recipient_of_member(session, device)) for device in devices]
    own = Member(device=session.device.device, hybrid=str(session.device.hybrid.recipient))
    return (own, *(member for member in known if member.hybrid and member.device != own.device))


def accept(session: Session, data: bytes) -> Session:
    """Takes a pass and returns the session with the organisation's inbox open to it. Keys that came before are kept beside it.

    Nothing is kept of a pass whose keys are not those of the card in it, or that is older than what is here.
    Raises: CardError("pass-unreadable" | "pass-altered" | "pass-without-you"), RuleError("other-organisation" | "older-card").
    """
    given, envelope, card = _open_pass(session, data)
    try:
        require_pair(envelope, card.keys)
        seeds = [decode_base64(seed) for seed in (given.inbox_seed, *given.older_inbox_seeds)]
        organisation = decode_base64(given.organisation_seed)
        fits = _fits(card, seeds, organisation)
    except (SignatureError, ValueError) as error:
        raise CardError("pass-altered") from error
    if not fits:
        raise CardError("pass-altered")
    if card.org.id != session.profile.organisation.id:
        raise RuleError("other-organisation", org=card.org.id)
    own = card.official_of(session.device.device)
    if own is None or own.until:
        raise CardError("pass-without-you", org=card.org.id)
    pinned = session.vault.cards.get(card.org.id)
    if pinned is not None and pinned.version > card.version:
        raise RuleError("older-card", org=card.org.id)
    with session.vault.transaction():
        pin_card(session, card, decode_base64(given.card), arrived="")
        keep_inbox_seeds(session.vault, (*seeds, *inbox_seeds(session.vault)))
        if organisation:
            session.vault.settings.write(ORGANISATION_SEED, organisation)
            for member in given.members:
                remember_member(session, member)
    return opened(session.world, session.vault)


def _open_pass(session: Session, data: bytes) -> tuple[Pass, Envelope, Card]:
    try:
        envelope_bytes = age.decrypt(age.dearmor(data), (session.device.hybrid,), limit=_MAX_BYTES)
        envelope = parse_envelope(envelope_bytes, payload_type=PASS_TYPE, max_bytes=_MAX_BYTES)
        given = _decoded(envelope, Pass)
        card_bytes = decode_base64(given.card)
    except (age.AgeError, SignatureError, canonical.CanonicalError, msgspec.ValidationError, ValueError) as error:
        raise CardError("pass-unreadable") from error
    return given, envelope, read_card(card_bytes)


def _fits(card: Card, seeds: list[bytes], organisation: bytes) -> bool:
    """Whether the keys that a pass gives are those that its card names."""
    if any(len(seed) != SEED_BYTES for seed in seeds) or len(organisation) not in (0, SEED_BYTES):
        return False
    if str(identity_from_seed(seeds[0]).hybrid.recipient) != card.hybrid:
        return False
    return not organisation or identity_from_seed(organisation).signing.public == card.keys


# ---------------------------------------------------------------- organisations that a partner vouches for


def introduce(session: Session, org: OrganisationId) -> bytes:
    """Vouches for another organisation's card, as a file for a partner.

    Raises: CardError("card-own" | "card-key-pending"), RuleError("no-card"), RuleError("not-compared") unless somebody here compared
    its words with someone there.
    """
    if org == session.profile.organisation.id:
        raise CardError("card-own", org=org)
    pinned = session.vault.cards.get(org)
    if pinned is None:
        raise RuleError("no-card", org=org)
    if pinned.changed_to:
        raise CardError("card-key-pending", org=org)
    compared = [check for check in pinned.checks if check.method in DIRECT_METHODS]
    if not compared:
        raise RuleError("not-compared", org=org)
    newest = max(compared, key=lambda check: check.at)
    introduction = Introduction(
        v=VERSION,
        org=session.profile.organisation.id,
        device=session.device.device,
        at=time_text(session.world.clock.now()),
        method=newest.method,
        compared=time_text(newest.at),
        introducer=encode_base64(session.card_bytes),
        card=encode_base64(pinned.envelope),
    )
    return sign_envelope(INTRODUCTION_TYPE, canonical.encode(introduction), session.device.signing)


def import_introduction(session: Session, data: bytes) -> PinnedCard:
    """Takes in the card that a partner vouches for, with who vouched and when it was taken in.

    Raises: CardError("introduction-unreadable" | "introduction-altered" | "introduction-untrusted" | "card-own" | "card-expired" |
    "card-key-changed" | …), RuleError("no-card" | "introducer-not-met").
    """
    try:
        envelope = parse_envelope(data, payload_type=INTRODUCTION_TYPE, max_bytes=_MAX_BYTES)
        said = _decoded(envelope, Introduction)
        at = parse_time(said.at)
        own_card, card_bytes = decode_base64(said.introducer), decode_base64(said.card)
    except (SignatureError, ContentsError, canonical.CanonicalError, msgspec.ValidationError, ValueError) as error:
        raise CardError("introduction-unreadable") from error
    if said.v != VERSION or said.method not in DIRECT_METHODS:
        raise CardError("introduction-unreadable")
    signer = _introducer(session, said, read_card(own_card))
    try:
        require_pair(envelope, signer.official.keys)
        judge(signer, at, session.world.clock.now())
    except SignatureError as error:
        raise CardError("introduction-altered", org=said.org) from error
    except TrustError as error:
        raise CardError("introduction-untrusted", org=said.org) from error
    card = read_card(card_bytes)
    if card.org.id in (session.profile.organisation.id, said.org):
        raise CardError("card-own", org=card.org.id)
    if card.is_expired(session.world.clock.now()):
        raise CardError("card-expired", org=card.org.id, expires=card.expires)
    who = f"{signer.official.official.name}, {signer.known.card.org.name}"
    check = CardCheck(
        method=INTRODUCER, by=session.profile.official.name, at=session.world.clock.now(), note=f"{who} ({said.org})"
    )
    # Not in one transaction: a key that turns out to have changed must stay flagged when this is refused for it.
    pin_card(session, signer.known.card, own_card, arrived="")
    pinned = pin_card(session, card, card_bytes, arrived="")
    if pinned.changed_to:
        raise CardError("card-key-pending", org=card.org.id)
    session.vault.cards.add_check(card.org.id, check)
    session.changes.flag("cards")
    return session.vault.cards.get(card.org.id) or pinned


def _introducer(session: Session, said: Introduction, own_card: Card) -> Signer:
    """The official who vouches, by keys that somebody here compared in person."""
    pinned = session.vault.cards.get(said.org)
    if pinned is None:
        raise RuleError("no-card", org=said.org)
    if pinned.changed_to:
        raise CardError("card-key-pending", org=said.org)
    if not any(check.method == "in-person" for check in pinned.checks):
        raise RuleError("introducer-not-met", org=said.org)
    now = session.world.clock.now()
    came_along = KnownCard(card=own_card, how=HowKnown.INTRODUCED_ITSELF, first_seen_at=now)
    try:
        return find_signer(said.org, said.device, session.directory, came_along)
    except TrustError as error:
        raise CardError("introduction-untrusted", org=said.org) from error


def _decoded(envelope: Envelope, kind: type[T]) -> T:
    raw = canonical.decode(envelope.payload, max_bytes=_MAX_BYTES)
    return msgspec.convert(raw, kind, strict=True)
