"""Keys that change: ours, on purpose, and others', by surprise.

Ours change by new versions of our card under the organisation's own key. Seeds of the inbox's keys are derived from the organisation's seed
with a number, so that whoever has the recovery words of the founder, or administers the keys, finds every one of them again. Others' keys
are believed anew only after a person compared them; until then nothing is sealed to that organisation.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from msgspec.structs import replace

from dsadesk.age import HybridIdentity
from dsadesk.bundle.card import Card, CardOfficial, read_card, recipient_of
from dsadesk.bundle.identity import derive, fingerprint_words, inbox_from_seeds
from dsadesk.codec.events import parse_time, time_text
from dsadesk.domain.ids import DeviceId, OrganisationId
from dsadesk.domain.organisation import Organisation
from dsadesk.errors import CardError, InputError, RuleError
from dsadesk.ports import CardCheck, PinnedCard
from dsadesk.services.admitting import DIRECT_METHODS, make_pass, recipient_of_member
from dsadesk.services.keeping_cards import REFUSED, issue_card, refused_keys, require_admin
from dsadesk.services.keeping_keys import inbox_seeds, keep_inbox_seeds
from dsadesk.services.session import ORGANISATION_SEED, Session

ENDS_SOON = timedelta(days=30)
GENERATIONS = 1000
"""How often an inbox may change its keys; at once a week this is nineteen years."""


@dataclass(frozen=True)
class Passes:
    """New passes for colleagues, each to be carried to them, and the colleagues who must apply again because none could be made."""

    made: tuple[tuple[CardOfficial, bytes], ...]
    must_apply: tuple[CardOfficial, ...]


@dataclass(frozen=True)
class Leaving:
    """An official's device that no longer signs for us, and what follows from it.

    `held_key` says that they held the organisation's own key: they could still sign cards in its name, so it has to be replaced.
    """

    official: CardOfficial
    card: Card
    passes: Passes
    held_key: bool


@dataclass(frozen=True)
class CardNotice:
    """A card that has run out or soon will. `code` is own-card-ends, own-card-ended, their-card-ends or their-card-ended."""

    code: str
    org: Organisation
    expires: str


@dataclass(frozen=True)
class ChangedKey:
    """Another key that came for an organisation, beside the one that is believed."""

    org: OrganisationId
    name: str
    known: str
    new: str

    @property
    def known_words(self) -> tuple[str, ...]:
        """The words of the key that is believed."""
        return fingerprint_words(self.known)

    @property
    def new_words(self) -> tuple[str, ...]:
        """The words to compare with someone there."""
        return fingerprint_words(self.new)


# ---------------------------------------------------------------- our own keys


def inbox_seed(organisation_seed: bytes, generation: int) -> bytes:
    """The seed of the inbox's keys after so many changes."""
    return derive(organisation_seed, f"inbox/{generation}")


def generation_of(organisation_seed: bytes, card: Card) -> int:
    """How often the inbox on a card has changed its keys; 0 for the keys that it began with."""
    public = recipient_of(card).public
    return next((n for n in range(1, GENERATIONS) if _public(inbox_seed(organisation_seed, n)) == public), 0)


def _public(seed: bytes) -> bytes:
    return HybridIdentity(derive(seed, "age-mlkem768x25519")).recipient.public


def rotate_inbox(session: Session) -> Card:
    """Gives the inbox new keys, on a new version of our card. Everything that was sealed to the old ones stays readable.

    Colleagues read on with a new pass: `passes_for_members`. Raises: RuleError("not-admin").
    """
    return _change_inbox(session, session.card.officials)


def remove_official(session: Session, device: DeviceId) -> Leaving:
    """Ends an official's device: what it signed until now stays valid, what it signs later is refused, and the inbox gets new keys.

    Raises: RuleError("not-admin" | "own-device" | "already-left"), InputError("no-such-device").
    """
    require_admin(session)
    entry = session.card.official_of(device)
    if entry is None:
        raise InputError("no-such-device", device=device[:40])
    if device == session.device.device:
        raise RuleError("own-device")
    if entry.until:
        raise RuleError("already-left", official=entry.official.name, until=entry.until)
    ended = replace(entry, until=time_text(session.world.clock.now()))
    card = _change_inbox(session, [ended if each.device == device else each for each in session.card.officials])
    return Leaving(ended, card, passes_for_members(session), held_key="admin" in entry.roles)


def _change_inbox(session: Session, officials: Sequence[CardOfficial]) -> Card:
    require_admin(session)
    organisation_seed, (current, *_) = session.vault.settings.read(ORGANISATION_SEED) or b"", inbox_seeds(session.vault)
    generation = next((n for n in range(1, GENERATIONS) if inbox_seed(organisation_seed, n) == current), 0)
    new = inbox_seed(organisation_seed, generation + 1)
    before = session.inbox
    try:
        with session.vault.transaction():
            keep_inbox_seeds(session.vault, (new, *inbox_seeds(session.vault)))
            session.inbox = inbox_from_seeds(inbox_seeds(session.vault), session.card.box)
            return issue_card(session, officials=officials)
    except BaseException:
        session.inbox = before
        raise


def passes_for_members(session: Session) -> Passes:
    """A new pass for each colleague in post. Made again at any time, they say the same. Raises: RuleError("not-admin")."""
    require_admin(session)
    made, must_apply = [], []
    for entry in session.card.officials:
        if entry.until or entry.device == session.device.device:
            continue
        hybrid = recipient_of_member(session, entry.device)
        if hybrid:
            made.append((entry, make_pass(session, entry, hybrid)))
        else:
            must_apply.append(entry)
    return Passes(tuple(made), tuple(must_apply))


def renew_card(session: Session) -> Card:
    """A new version of our card that says the same for another year. Raises: RuleError("not-admin")."""
    return issue_card(session)


def card_notices(session: Session, now: datetime) -> tuple[CardNotice, ...]:
    """Which cards have run out or will within a month, ours first, then others' by name."""
    own = session.profile.organisation.id
    cards = [read_card(pinned.envelope) for pinned in session.vault.cards.all()]
    notices = []
    for card in sorted(cards, key=lambda each: each.org.id != own):
        if parse_time(card.expires) - now < ENDS_SOON:
            whose = "own" if card.org.id == own else "their"
            code = f"{whose}-card-ended" if card.is_expired(now) else f"{whose}-card-ends"
            notices.append(CardNotice(code, card.org, card.expires))
    return tuple(notices)


# ---------------------------------------------------------------- others' keys


def changed_key(session: Session, org: OrganisationId) -> ChangedKey | None:
    """The other key that came for an organisation and waits for a decision. Raises: RuleError("no-card")."""
    pinned = _pinned(session, org)
    return ChangedKey(org, pinned.name, pinned.fingerprint, pinned.changed_to) if pinned.changed_to else None


def accept_new_key(session: Session, data: bytes, method: str, note: str = "") -> PinnedCard:
    """Believes an organisation's new key after comparing its words with someone there. What was compared of the old one lapses.

    Raises: InputError("check-method"), CardError("card-own" | "card-expired" | "card-other-key" | …), RuleError("no-card" |
    "no-changed-key" | "same-key").
    """
    if method not in DIRECT_METHODS:
        raise InputError("check-method", method=method, allowed=DIRECT_METHODS)
    card, now = read_card(data), session.world.clock.now()
    if card.org.id == session.profile.organisation.id:
        raise CardError("card-own", org=card.org.id)
    pinned = _pinned(session, card.org.id)
    if card.fingerprint == pinned.fingerprint:
        raise RuleError("same-key", org=card.org.id)
    if card.fingerprint != pinned.changed_to and card.fingerprint not in refused_keys(pinned):
        raise CardError("card-other-key", org=card.org.id) if pinned.changed_to else RuleError("no-changed-key")
    if card.is_expired(now):
        raise CardError("card-expired", org=card.org.id, expires=card.expires)
    session.vault.cards.replace_key(
        PinnedCard(
            org=card.org.id,
            name=card.org.name,
            fingerprint=card.fingerprint,
            version=card.version,
            envelope=data,
            first_seen_at=now,
            updated_at=now,
            checks=(CardCheck(method=method, by=session.profile.official.name, at=now, note=note.strip()),),
        )
    )
    session.changes.flag("cards")
    return _pinned(session, card.org.id)


def refuse_new_key(session: Session, org: OrganisationId, note: str = "") -> None:
    """Stays with the key that is believed. The other one is remembered as refused, so that it does not stop delivery again.

    Raises: RuleError("no-card" | "no-changed-key").
    """
    pinned = _pinned(session, org)
    if not pinned.changed_to:
        raise RuleError("no-changed-key")
    by, at = session.profile.official.name, session.world.clock.now()
    check = CardCheck(method=REFUSED, by=by, at=at, note=f"{pinned.changed_to} {note.strip()}".strip())
    with session.vault.transaction():
        session.vault.cards.add_check(org, check)
        session.vault.cards.flag_change(org, "")
    session.changes.flag("cards")


def _pinned(session: Session, org: OrganisationId) -> PinnedCard:
    pinned = session.vault.cards.get(org)
    if pinned is None:
        raise RuleError("no-card", org=org)
    return pinned
