"""Making, opening and keeping a vault and its keys, and knowing whose keys others' are.

The vault's data key is random. It is wrapped in up to three ways, each an age file in the vault's header: to a secret in the operating
system's key store, by a passphrase, and to the recovery seed. The recovery seed is 24 words; every key of the person who made the vault
is derived from it, so the words alone bring the keys back, and with the vault's files they open the vault.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

import msgspec

from dsadesk import age
from dsadesk.bundle.card import Card, CardOfficial, InboxAddress, read_card, sign_card
from dsadesk.bundle.identity import (
    SEED_BYTES,
    Identity,
    derive,
    identity_from_seed,
    inbox_from_seeds,
    seed_to_words,
    words_to_seed,
)
from dsadesk.codec.events import time_text
from dsadesk.domain.ids import OrganisationId, PersonId, parse_organisation_id, uuid7
from dsadesk.domain.organisation import Official, Organisation
from dsadesk.errors import CardError, InputError, KeyStoreError, RuleError, WrongKeyError
from dsadesk.ports import CardCheck, KeyStoreState, KeyWrap, PinnedCard, Vault, VaultHeader
from dsadesk.secret import Secret
from dsadesk.services.session import (
    ADDRESS,
    DEVICE_SEED,
    INBOX_SEED,
    ORGANISATION_SEED,
    PROFILE,
    STORE,
    Profile,
    Session,
    World,
    open_session,
)

KEYRING, PASSPHRASE, RECOVERY = "keyring", "passphrase", "recovery"
OLDER_INBOX_SEEDS = "seed.inbox.older"
CARD_LIFE = timedelta(days=365)
CHECK_METHODS = ("in-person", "phone", "introducer")
ARRIVED_BY_FILE, ARRIVED_IN_BUNDLE = "file", "bundle"
MINIMUM_PASSPHRASE = 12
_KIT_WORK_FACTOR_LIMIT = 20


@dataclass(frozen=True)
class FirstRun:
    """A new vault, unlocked, and the words that open it again. The words are shown once and never stored in clear."""

    session: Session
    words: Secret[str]


def check_passphrase(passphrase: str, again: str | None = None) -> None:
    """Raises: InputError("passphrase-short", least) or InputError("passphrase-differs")."""
    if len(passphrase) < MINIMUM_PASSPHRASE:
        raise InputError("passphrase-short", least=MINIMUM_PASSPHRASE)
    if again is not None and passphrase != again:
        raise InputError("passphrase-differs")


def first_run(
    world: World,
    organisation: Organisation,
    official_name: str,
    post: str,
    *,
    passphrase: str | None,
    joining: bool = False,
) -> FirstRun:
    """Makes a vault with an identity, and an organisation's keys and card unless the official joins one that has them.

    Without a passphrase the vault opens by the operating system's key store, which must work.
    Raises: InputError, KeyStoreError, VaultError, RuleError("vault-exists").
    """
    if not official_name.strip() or not post.strip() or not organisation.name.strip():
        raise InputError("name-missing")
    organisation = Organisation(parse_organisation_id(organisation.id), organisation.name.strip())
    if world.place.exists():
        raise RuleError("vault-exists")
    now, token = world.clock.now(), world.entropy.token
    seed, data_key, vault_id = token(32), token(32), token(16).hex()
    wraps = [_wrap_recovery(world, seed, data_key)]
    if passphrase is None:
        wraps.append(_wrap_key_store(world, vault_id, data_key))
    else:
        check_passphrase(passphrase)
        wraps.append(_wrap_passphrase(world, passphrase, data_key))
    header = VaultHeader(id=vault_id, wraps=tuple(wraps), backend=world.secrets.backend if passphrase is None else "")
    vault = world.place.create(header, data_key)
    official = Official(PersonId(uuid7(int(now.timestamp() * 1000), token(10))), official_name.strip(), post.strip())
    profile = Profile(organisation=organisation, official=official)
    with vault.transaction():
        vault.settings.write(PROFILE, msgspec.json.encode(profile))
        vault.settings.write(DEVICE_SEED, derive(seed, "device"))
        if not joining:
            vault.settings.write(ORGANISATION_SEED, derive(seed, "organisation"))
            vault.settings.write(INBOX_SEED, derive(seed, "inbox"))
        session = open_session(world, vault)
        if not joining:
            issue_card(session, inboxes=())
    return FirstRun(opened(world, vault), Secret(seed_to_words(seed)))


def recovery_kit(world: World, words: Secret[str], passphrase: str) -> bytes:
    """The words as an armored age file that the passphrase opens, with any age program or with ours.

    Raises: InputError("passphrase-short").
    """
    check_passphrase(passphrase)
    recipient = age.ScryptRecipient(passphrase, world.settings.work_factor)
    return age.armor(age.encrypt(words.reveal().encode() + b"\n", (recipient,), world.entropy.token))


def words_of_kit(kit: bytes, passphrase: str) -> Secret[str]:
    """The words in a recovery kit. Raises: InputError("kit-unreadable") or InputError("kit-passphrase")."""
    try:
        plain = age.decrypt(age.dearmor(kit), (age.ScryptIdentity(passphrase, _KIT_WORK_FACTOR_LIMIT),), limit=4096)
    except age.NoMatchError as error:
        raise InputError("kit-passphrase") from error
    except age.AgeError as error:
        raise InputError("kit-unreadable", why=error.code) from error
    return Secret(plain.decode("utf-8", "replace").strip())


# ---------------------------------------------------------------- opening


def opened(world: World, vault: Vault) -> Session:
    """The session of an open vault, with every key that its inbox has had. Raises: RuleError("vault-unfinished")."""
    session = open_session(world, vault)
    if session.inbox is not None:
        session.inbox = inbox_from_seeds(inbox_seeds(vault), session.card.box)
    return session


def inbox_seeds(vault: Vault) -> tuple[bytes, ...]:
    """The seeds of the inbox's keys that this vault holds, newest first."""
    kept = (vault.settings.read(INBOX_SEED) or b"") + (vault.settings.read(OLDER_INBOX_SEEDS) or b"")
    return tuple(kept[start : start + SEED_BYTES] for start in range(0, len(kept), SEED_BYTES))


def ways_in(world: World) -> tuple[str, ...]:
    """The ways that this vault's header offers: `keyring`, `passphrase`, `recovery`. Raises: VaultError."""
    return tuple(wrap.kind for wrap in world.place.header().wraps)


def unlock_with_key_store(world: World) -> Session:
    """Opens the vault by the operating system's key store.

    Raises: KeyStoreError with its state as code ("locked", "no-backend", "item-missing", "backend-changed", …), WrongKeyError("other-secret"),
    VaultError. Nothing is changed by a failure.
    """
    header = world.place.header()
    wrap = _wrap_of(header, KEYRING)
    if wrap is None:
        raise KeyStoreError("not-used")
    secret = world.secrets.read(_secret_name(header.id))
    if secret is None:
        changed = bool(header.backend) and header.backend != world.secrets.backend
        code = "backend-changed" if changed else "item-missing"
        raise KeyStoreError(code, before=header.backend, now=world.secrets.backend)
    data_key = _unwrap(wrap, age.X25519Identity(secret), "other-secret")
    return opened(world, world.place.open(data_key))


def unlock_with_passphrase(world: World, passphrase: str) -> Session:
    """Opens the vault by its passphrase. Raises: WrongKeyError("passphrase"), RuleError("no-passphrase"), VaultError."""
    wrap = _wrap_of(world.place.header(), PASSPHRASE)
    if wrap is None:
        raise RuleError("no-passphrase")
    data_key = _unwrap(wrap, age.ScryptIdentity(passphrase, _KIT_WORK_FACTOR_LIMIT), "passphrase")
    return opened(world, world.place.open(data_key))


def unlock_with_words(world: World, words: str) -> Session:
    """Opens the vault by its 24 recovery words. Raises: InputError, WrongKeyError("recovery-words"), VaultError."""
    wrap = _wrap_of(world.place.header(), RECOVERY)
    if wrap is None:
        raise RuleError("no-recovery")
    identity = identity_from_seed(words_to_seed(words)).hybrid
    return opened(world, world.place.open(_unwrap(wrap, identity, "recovery-words")))


# ---------------------------------------------------------------- cards


def issue_card(
    session: Session, *, inboxes: tuple[InboxAddress, ...], officials: tuple[CardOfficial, ...] = ()
) -> Card:
    """Signs a new version of our organisation's card and pins it."""
    organisation = require_admin(session)
    inbox, now = session.require_inbox(), session.world.clock.now()
    pinned = session.vault.cards.get(session.profile.organisation.id)
    me = CardOfficial(
        official=session.profile.official,
        device=session.device.device,
        keys=session.device.signing.public,
        roles=("admin", "signatory", "decider"),
        since=time_text(now),
    )
    card = Card(
        v=1,
        org=session.profile.organisation,
        version=1 if pinned is None else pinned.version + 1,
        issued=time_text(now),
        expires=time_text(now + CARD_LIFE),
        keys=organisation.signing.public,
        x25519=str(inbox.x25519.recipient),
        hybrid=str(inbox.hybrid.recipient),
        inboxes=inboxes,
        officials=officials or (me,),
    )
    pin_card(session, card, sign_card(card, organisation.signing), arrived="")
    return card


def require_admin(session: Session) -> Identity:
    """The organisation's own key. Raises: RuleError("not-admin") on a device that does not hold it."""
    if session.organisation is None:
        raise RuleError("not-admin", org=session.profile.organisation.id)
    return session.organisation


def set_inbox_address(session: Session, address: str) -> Card:
    """Says where our inbox lies: on the next version of our card, and for this laptop. Raises: RuleError("not-admin")."""
    session.vault.settings.write(ADDRESS + session.profile.organisation.id, address.encode())
    session.vault.settings.remove(
        STORE + address
    )  # a person chose it anew: the store that lies there now is the one meant
    card = session.card
    others = tuple(place for place in card.inboxes if place.address != address)
    return issue_card(
        session, inboxes=(InboxAddress(kind="folder", address=address), *others), officials=card.officials
    )


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

    Raises: CardError("card-key-changed", org, now, before).
    """
    now, cards = session.world.clock.now(), session.vault.cards
    known = cards.get(card.org.id)
    if known is not None and known.fingerprint != card.fingerprint:
        cards.flag_change(card.org.id, card.fingerprint)
        session.changes.flag("cards")
        raise CardError("card-key-changed", org=card.org.id, now=card.fingerprint, before=known.fingerprint)
    if known is not None and known.version >= card.version:
        return known
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
    """Takes in another organisation's card from a file.

    Raises: CardError("card-unreadable" | "card-altered" | "card-expired" | "card-own" | "card-key-changed" | …).
    """
    card = read_card(data)
    if card.org.id == session.profile.organisation.id:
        raise CardError("card-own", org=card.org.id)
    if card.is_expired(session.world.clock.now()):
        raise CardError("card-expired", org=card.org.id, expires=card.expires)
    return pin_card(session, card, data, arrived=ARRIVED_BY_FILE)


def check_card(session: Session, org: OrganisationId, method: str, note: str = "") -> None:
    """Records that this official compared an organisation's fingerprint words with someone there.

    Raises: InputError("check-method"), RuleError("no-card").
    """
    if method not in CHECK_METHODS:
        raise InputError("check-method", method=method, allowed=CHECK_METHODS)
    if session.vault.cards.get(org) is None:
        raise RuleError("no-card", org=org)
    by = session.profile.official.name
    check = CardCheck(method=method, by=by, at=session.world.clock.now(), note=note)
    session.vault.cards.add_check(org, check)
    session.changes.flag("cards")


def partner_card(session: Session, org: OrganisationId) -> Card:
    """The card that we may seal to.

    Raises: RuleError("no-card"), CardError("card-key-pending") while a changed key waits for a decision, CardError("card-expired").
    """
    pinned = session.vault.cards.get(org)
    if pinned is None:
        raise RuleError("no-card", org=org)
    if pinned.changed_to:
        raise CardError("card-key-pending", org=org)
    card = read_card(pinned.envelope)
    if card.is_expired(session.world.clock.now()):
        raise CardError("card-expired", org=org, expires=card.expires)
    return card


# ---------------------------------------------------------------- wraps


def _secret_name(vault_id: str) -> str:
    return f"vault-{vault_id}"


def _wrap_of(header: VaultHeader, kind: str) -> KeyWrap | None:
    return next((wrap for wrap in header.wraps if wrap.kind == kind), None)


def _unwrap(wrap: KeyWrap, identity: age.Identity, code: str) -> bytes:
    try:
        return age.decrypt(age.dearmor(wrap.sealed.encode()), (identity,), limit=64)
    except age.AgeError as error:
        raise WrongKeyError(code) from error


def _sealed(world: World, data_key: bytes, recipient: age.Recipient) -> str:
    return age.armor(age.encrypt(data_key, (recipient,), world.entropy.token)).decode()


def _wrap_recovery(world: World, seed: bytes, data_key: bytes) -> KeyWrap:
    return KeyWrap(kind=RECOVERY, sealed=_sealed(world, data_key, identity_from_seed(seed).hybrid.recipient))


def _wrap_passphrase(world: World, passphrase: str, data_key: bytes) -> KeyWrap:
    recipient = age.ScryptRecipient(passphrase, world.settings.work_factor)
    return KeyWrap(kind=PASSPHRASE, sealed=_sealed(world, data_key, recipient))


def _wrap_key_store(world: World, vault_id: str, data_key: bytes) -> KeyWrap:
    state = world.secrets.probe()
    if state is not KeyStoreState.WORKS:
        raise KeyStoreError(state.value, backend=world.secrets.backend)
    secret = world.entropy.token(32)
    world.secrets.write(_secret_name(vault_id), secret)
    return KeyWrap(kind=KEYRING, sealed=_sealed(world, data_key, age.X25519Identity(secret).recipient))
