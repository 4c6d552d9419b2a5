"""What the page of partners shows: our own card, every partner's with how its key is known, and a newcomer's application."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from dsadesk.bundle.card import Card as OrganisationCard
from dsadesk.bundle.card import read_card
from dsadesk.bundle.identity import fingerprint_words
from dsadesk.bundle.trust import Evidence, HowKnown, KnownCard
from dsadesk.codec.events import parse_time
from dsadesk.domain.ids import OrganisationId
from dsadesk.domain.roles import DRAFTER
from dsadesk.errors import CardError, DsadeskError, RuleError
from dsadesk.ports import NO_ACCESS, CardCheck, PinnedCard
from dsadesk.questions.pack import QuestionPack
from dsadesk.services import admitting, question_packs, rotating, stores
from dsadesk.services.admitting import DIRECT_METHODS
from dsadesk.services.giving_roles import GIVEN_ROLES
from dsadesk.services.keeping_cards import address_of
from dsadesk.services.key_history import FormerKey, KeyHistory, TurnedDownKey, key_history
from dsadesk.services.session import ADDRESS, Session
from dsadesk.services.wording import (
    Explanation,
    card_notice_sentence,
    how_known_sentence,
    long_date,
    plain,
    spelled,
)
from dsadesk.services.wording import on as said_on
from dsadesk.services.wording.cards import check_words
from dsadesk.services.wording.officials import ROLE_WORDS, standing_sentences
from dsadesk.ui.presenters.files import read_file
from dsadesk.ui.vocabulary import Card, Tone


@dataclass(frozen=True)
class ShownOfficial:
    """Somebody on a card: who, what they may do, since when, and until when where that is over or near."""

    name: str
    facts: str
    person: str = ""
    is_gone: bool = False
    device: str = ""
    roles: tuple[str, ...] = ()


@dataclass(frozen=True)
class OwnShown:
    """Our own card. Without `is_admitted` there is none yet on this laptop."""

    org: OrganisationId
    name: str
    words: tuple[str, ...]
    spelled: str
    fingerprint: str
    facts: tuple[tuple[str, str], ...]
    inbox: str
    officials: tuple[ShownOfficial, ...]
    is_admin: bool
    is_admitted: bool
    warning: str
    can_renew: bool


@dataclass(frozen=True)
class KeyShown:
    """A key of a partner beside the one that is believed now: its words, and what was decided about it by whom, how and when."""

    title: str
    words: tuple[str, ...]
    spelled: str
    facts: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class PartnerShown:
    """One partner, and how its key is known."""

    org: OrganisationId
    name: str
    words: tuple[str, ...]
    spelled: str
    fingerprint: str
    how: str
    how_tone: Tone
    checks: tuple[tuple[str, str], ...]
    history: tuple[KeyShown, ...]
    facts: tuple[tuple[str, str], ...]
    officials: tuple[ShownOfficial, ...]
    address: str
    card_address: str
    gets_in: bool
    is_compared: bool
    is_expired: bool
    changed_words: tuple[str, ...]
    changed_spelled: str
    can_vouch: bool

    @property
    def has_changed(self) -> bool:
        """Whether another key came in under this name, and nobody here has decided about it."""
        return bool(self.changed_words)


@dataclass(frozen=True)
class PartnersShown:
    """The whole page."""

    own: OwnShown
    partners: tuple[PartnerShown, ...]
    cards: tuple[Card, ...]

    def partner(self, org: OrganisationId | None) -> PartnerShown | None:
        """Return a partner by its identifier."""
        return next((each for each in self.partners if each.org == org), None)


@dataclass(frozen=True)
class ApplicationShown:
    """Somebody who wants to be let in, the words to compare with them, what to mind, and what they may say on laptops of theirs before."""

    name: str
    post: str
    words: tuple[str, ...]
    spelled: str
    file: Path
    warnings: tuple[str, ...] = ()
    facts: tuple[str, ...] = ()
    roles: tuple[str, ...] = ()


@dataclass(frozen=True)
class NewKeyShown:
    """A card with another key than the one that we hold, and the words to compare before it is believed."""

    org: OrganisationId
    name: str
    words: tuple[str, ...]
    spelled: str
    file: Path


def look(session: Session) -> PartnersShown:
    """Make the page: our own card, every partner's, and the list of both."""
    now = session.world.clock.now().astimezone()
    own = _own(session, now)
    partners = [_partner(session, card, now) for card in session.vault.cards.all() if card.org != own.org]
    partners.sort(key=lambda each: (not each.has_changed, each.name.casefold()))
    cards = [Card(own.name, "Your own card", *_own_pill(own))]
    cards += [Card(each.name, each.org, *_pill(each)) for each in partners]
    return PartnersShown(own, tuple(partners), tuple(cards))


def _own(session: Session, now: datetime) -> OwnShown:
    organisation = session.profile.organisation
    pinned = session.vault.cards.get(organisation.id)
    if pinned is None or session.inbox is None:
        words = fingerprint_words(session.device.signing.public.fingerprint)
        return OwnShown(
            org=organisation.id,
            name=plain(organisation.name),
            words=words,
            spelled=spelled(words),
            fingerprint=session.device.signing.public.fingerprint,
            facts=(("Register identifier", organisation.id),),
            inbox="",
            officials=(),
            is_admin=False,
            is_admitted=False,
            warning="",
            can_renew=False,
        )
    card = read_card(pinned.envelope)
    words = fingerprint_words(card.fingerprint)
    return OwnShown(
        org=organisation.id,
        name=plain(card.org.name),
        words=words,
        spelled=spelled(words),
        fingerprint=card.fingerprint,
        facts=(*_card_facts(card, now), *_pack_facts(session, organisation.id)),
        inbox=_address(session, organisation.id),
        officials=_officials(card, now),
        is_admin=session.organisation is not None,
        is_admitted=True,
        warning=_own_warning(session, pinned, now),
        can_renew=session.organisation is not None and _ends_soon(session, now),
    )


def _own_warning(session: Session, pinned: PinnedCard, now: datetime) -> str:
    if pinned.changed_to:
        return "Another key has come for your own organisation. Tell whoever looks after its key at once."
    notices = [each for each in rotating.card_notices(session, now) if each.org.id == pinned.org]
    return card_notice_sentence(notices[0].code, notices[0].org.name, notices[0].expires) if notices else ""


def _ends_soon(session: Session, now: datetime) -> bool:
    own = session.profile.organisation.id
    return any(each.org.id == own for each in rotating.card_notices(session, now))


def _partner(session: Session, pinned: PinnedCard, now: datetime) -> PartnerShown:
    card = read_card(pinned.envelope)
    known = session.directory.known(pinned.org)
    words = fingerprint_words(pinned.fingerprint)
    changed = fingerprint_words(pinned.changed_to) if pinned.changed_to else ()
    is_compared = known is not None and known.how is HowKnown.CHECKED
    own_address = session.vault.settings.read(ADDRESS + pinned.org)
    address = own_address.decode() if own_address is not None else ""
    places = (address,) if address else tuple(place.address for place in card.inboxes)
    return PartnerShown(
        org=pinned.org,
        name=plain(pinned.name),
        words=words,
        spelled=spelled(words),
        fingerprint=pinned.fingerprint,
        how=how_known_sentence(_evidence(known), now) if known is not None else "",
        how_tone=Tone.GOOD if is_compared else Tone.WARN,
        checks=tuple(check_words(each, now) for each in sorted(pinned.checks, key=_at)),
        history=_history(key_history(session, pinned.org), now),
        facts=(
            *_card_facts(card, now),
            *_pack_facts(session, card.org.id),
            ("Known here since", long_date(pinned.first_seen_at.astimezone())),
        ),
        officials=_officials(card, now),
        address=address,
        gets_in=any(stores.access_of(session, place) != NO_ACCESS for place in places),
        card_address=", ".join(place.address for place in card.inboxes),
        is_compared=is_compared,
        is_expired=card.is_expired(now),
        changed_words=changed,
        changed_spelled=spelled(changed),
        can_vouch=not changed and any(each.method in DIRECT_METHODS for each in pinned.checks),
    )


def _history(history: KeyHistory, now: datetime) -> tuple[KeyShown, ...]:
    """The keys that were believed before, then those that were turned down, newest first."""
    return (*(_former(key, now) for key in history.former), *(_turned_down(key, now) for key in history.turned_down))


def _former(key: FormerKey, now: datetime) -> KeyShown:
    words = fingerprint_words(key.fingerprint)
    since, until = long_date(key.since.astimezone()), long_date(key.until.astimezone())
    facts = [check_words(each, now) for each in sorted(key.checks, key=_at)]
    if key.replaced_by is not None:
        how, said = check_words(key.replaced_by, now)
        facts.append(("Another key took its place", f"{how}: {said}"))
    facts.append(
        ("What was signed under it", "What they signed before it was replaced stays proved; nothing later does.")
    )
    return KeyShown(f"Believed from {since} to {until}", words, spelled(words), tuple(facts))


def _turned_down(key: TurnedDownKey, now: datetime) -> KeyShown:
    words = fingerprint_words(key.fingerprint)
    said = f"{plain(key.by)}, {said_on(key.at, now)}. {plain(key.why, 300)}".strip()
    title = f"Turned down on {long_date(key.at.astimezone())}"
    return KeyShown(title, words, spelled(words), (("It was not theirs", said),))


def _at(check: CardCheck) -> datetime:
    return check.at


def _evidence(known: KnownCard) -> Evidence:
    """What is known of a card, in the form that the sentences about signatures take."""
    official = known.card.officials[0]
    return Evidence(
        org=known.card.org,
        official=official.official,
        device=official.device,
        fingerprint=known.card.fingerprint,
        how=known.how,
        known_since=known.first_seen_at,
        check_method=known.check_method,
        check_by=known.check_by,
        check_at=known.check_at,
        check_note=known.check_note,
    )


def pack_words(pack: QuestionPack) -> str:
    """A pack of questions by its title, version and number."""
    count = "1 question" if pack.count == 1 else f"{pack.count} questions"
    return f"“{plain(pack.title.en)}”, version {pack.version}: {count}"


def _pack_facts(session: Session, org: OrganisationId) -> tuple[tuple[str, str], ...]:
    pack = question_packs.pack_of(session, org)
    return () if pack is None else (("Questions of their own", f"{pack_words(pack)}."),)


def _card_facts(card: OrganisationCard, now: datetime) -> tuple[tuple[str, str], ...]:
    ends = long_date(parse_time(card.expires).astimezone())
    runs = f"It ran out on {ends}" if card.is_expired(now) else f"It is valid until {ends}"
    return (("Register identifier", card.org.id), ("Card", f"Version {card.version}. {runs}."))


def _officials(card: OrganisationCard, now: datetime) -> tuple[ShownOfficial, ...]:
    made = []
    for each in card.officials:
        roles = ", ".join(ROLE_WORDS.get(role, plain(role)) for role in each.roles)
        since = long_date(parse_time(each.since).astimezone())
        parts = [plain(each.official.post), roles, f"since {since}"]
        if each.until:
            gone = parse_time(each.until)
            parts.append(f"{'left' if gone <= now else 'leaves'} on {long_date(gone.astimezone())}")
        facts = ". ".join(_upper(part) for part in parts if part) + "."
        made.append(
            ShownOfficial(plain(each.official.name), facts, each.official.id, bool(each.until), each.device, each.roles)
        )
    return tuple(made)


def _own_pill(own: OwnShown) -> tuple[str, Tone]:
    if own.warning:
        return "Look at this", Tone.BAD
    if not own.is_admitted:
        return "Not let in yet", Tone.WARN
    return ("No inbox yet", Tone.WARN) if not own.inbox else ("Ready", Tone.GOOD)


def _pill(partner: PartnerShown) -> tuple[str, Tone]:
    if partner.has_changed:
        return "Key changed", Tone.BAD
    if partner.is_expired:
        return "Card has run out", Tone.BAD
    return ("Words compared", Tone.GOOD) if partner.is_compared else ("Not compared yet", Tone.WARN)


def _address(session: Session, org: OrganisationId) -> str:
    try:
        return address_of(session, org)
    except DsadeskError:
        return ""


def _upper(words: str) -> str:
    return words[:1].upper() + words[1:]


# ---------------------------------------------------------------- when a key has changed


def other_key(session: Session, org: OrganisationId, file: Path) -> NewKeyShown | Explanation:
    """Look at a card that should have another key than the one we hold; explain where it has not. Raises: RuleError, CardError."""
    card, known = read_card(read_file(file)), session.vault.cards.get(org)
    if known is None:
        raise RuleError("no-card", org=org)
    if card.org.id != org:
        name, theirs = plain(known.name), plain(card.org.name)
        return Explanation(f"This is the card of {theirs}, not of {name}.", f"Ask {name} for their newest card.")
    if card.fingerprint == known.fingerprint:
        return Explanation(
            "This card has the key that you already know.",
            "If they say that their key has not changed, go on with the key that you know.",
        )
    if card.is_expired(session.world.clock.now()):
        raise CardError("card-expired", org=org, expires=card.expires)
    words = fingerprint_words(card.fingerprint)
    return NewKeyShown(org, plain(card.org.name), words, spelled(words), file)


# ---------------------------------------------------------------- when somebody wants to be let in


def application_shown(session: Session, file: Path) -> ApplicationShown:
    """Look at an application, and at how whoever made it stands to our card. Raises: CardError, RuleError."""
    found = admitting.read_application(read_file(file))
    standing = admitting.standing_of(session.card, found)
    sentences = standing_sentences(standing)
    return ApplicationShown(
        name=plain(found.official.name),
        post=plain(found.official.post),
        words=found.words,
        spelled=spelled(found.words),
        file=file,
        warnings=sentences[:1] if standing.namesake is not None else (),
        facts=sentences if standing.namesake is None else sentences[1:],
        roles=tuple(role for role in standing.roles if role in GIVEN_ROLES) or (DRAFTER,),
    )
