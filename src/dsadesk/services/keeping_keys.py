"""Making, opening and keeping a vault and its keys, and knowing whose keys others' are.

The vault's data key is random. It is wrapped in up to three ways, each an age file in the vault's header: to a secret in the operating
system's key store, by a passphrase, and to the recovery seed. The recovery seed is 24 words; every key of the person who made the vault
is derived from it, so the words alone bring the keys back, and with the vault's files they open the vault.

A copy of the data key lies inside the vault, where only the data key itself reaches it. An open vault can so be given another way in
without asking for the one that it was opened by, and no session ever holds the key (docs/adr/0012).
"""

from __future__ import annotations

import contextlib
import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta

import msgspec

from dsadesk import age
from dsadesk.bundle.card import Card, CardOfficial, InboxAddress, keeps_officials, read_card, sign_card
from dsadesk.bundle.identity import (
    SEED_BYTES,
    Identity,
    derive,
    identity_from_seed,
    inbox_from_seeds,
    seed_to_words,
    words_to_seed,
)
from dsadesk.bundle.names import is_shown_name
from dsadesk.codec.events import time_text
from dsadesk.domain.ids import OrganisationId, PersonId, parse_organisation_id
from dsadesk.domain.organisation import Official, Organisation
from dsadesk.errors import CardError, InputError, KeyStoreError, RuleError, VaultError, WrongKeyError
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
DATA_KEY = "key.data"
OLDER_INBOX_SEEDS = "seed.inbox.older"
CARD_LIFE = timedelta(days=365)
ADMIN_ROLES = ("admin", "signatory", "decider")
CHECK_METHODS = ("in-person", "phone", "introducer")
INTRODUCER = "introducer"
REFUSED = "refused"
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
    if len(passphrase.strip()) < MINIMUM_PASSPHRASE:
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
    for name in (official_name, post, organisation.name):
        if not is_shown_name(name.strip()):
            raise InputError("name-unfit", name=name[:120])
    organisation = Organisation(parse_organisation_id(organisation.id), organisation.name.strip())
    if world.place.exists():
        raise RuleError("vault-exists")
    seed = world.entropy.token(SEED_BYTES)
    official = Official(person_of(seed), official_name.strip(), post.strip())
    profile = Profile(organisation=organisation, official=official)

    def fill(vault: Vault) -> None:
        vault.settings.write(DEVICE_SEED, derive(seed, "device"))
        if not joining:
            vault.settings.write(ORGANISATION_SEED, derive(seed, "organisation"))
            vault.settings.write(INBOX_SEED, derive(seed, "inbox"))
            issue_card(open_session(world, vault))

    return FirstRun(make_vault(world, profile, seed, passphrase, fill), Secret(seed_to_words(seed)))


def make_vault(
    world: World, profile: Profile, seed: bytes, passphrase: str | None, fill: Callable[[Vault], None]
) -> Session:
    """Makes a vault that the words of `seed`, and the passphrase or the key store, open. `fill` puts the keys in.

    Raises: InputError("passphrase-short"), KeyStoreError, VaultError, RuleError("vault-exists").
    """
    data_key, vault_id = world.entropy.token(SEED_BYTES), world.entropy.token(16).hex()
    wraps, backend = [_wrap_recovery(world, seed, data_key)], ""
    if passphrase is None:
        wraps.append(_wrap_key_store(world, vault_id, data_key))
        backend = world.secrets.backend
    else:
        wraps.append(_wrap_passphrase(world, passphrase, data_key))
    try:
        vault = world.place.create(VaultHeader(id=vault_id, wraps=tuple(wraps), backend=backend), data_key)
    except BaseException:
        if passphrase is None:
            with contextlib.suppress(KeyStoreError):
                world.secrets.delete(_secret_name(vault_id))
        raise
    try:
        with vault.transaction():
            vault.settings.write(PROFILE, msgspec.json.encode(profile))
            vault.settings.write(DATA_KEY, data_key)
            fill(vault)
        return opened(world, vault)
    except BaseException:
        vault.close()
        raise


def person_of(seed: bytes) -> PersonId:
    """The person who holds a recovery seed, under the same name after every restoring."""
    return PersonId(derive(seed, "person")[:16].hex())


def recovery_kit(world: World, words: Secret[str], passphrase: str) -> bytes:
    """The words as an armored age file that the passphrase opens, with any age program or with ours.

    Raises: InputError("passphrase-short").
    """
    check_passphrase(passphrase)
    recipient = age.ScryptRecipient(_one_spelling(passphrase), world.settings.work_factor)
    return age.armor(age.encrypt(words.reveal().encode() + b"\n", (recipient,), world.entropy.token))


def words_of_kit(kit: bytes, passphrase: str) -> Secret[str]:
    """The words in a recovery kit. Raises: InputError("kit-unreadable") or InputError("kit-passphrase")."""
    try:
        plain = age.decrypt(age.dearmor(kit), (_passphrase_identity(passphrase),), limit=4096)
    except age.NoMatchError as error:
        raise InputError("kit-passphrase") from error
    except age.AgeError as error:
        raise InputError("kit-unreadable", why=error.code) from error
    return Secret(plain.decode("utf-8", "replace").strip())


# ---------------------------------------------------------------- opening


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
    return _unlock(world, _unwrap(wrap, age.X25519Identity(secret), "other-secret"))


def unlock_with_passphrase(world: World, passphrase: str) -> Session:
    """Opens the vault by its passphrase. Raises: WrongKeyError("passphrase"), RuleError("no-passphrase"), VaultError."""
    wrap = _wrap_of(world.place.header(), PASSPHRASE)
    if wrap is None:
        raise RuleError("no-passphrase")
    return _unlock(world, _unwrap(wrap, _passphrase_identity(passphrase), "passphrase"))


def unlock_with_words(world: World, words: str) -> Session:
    """Opens the vault by its 24 recovery words. Raises: InputError, WrongKeyError("recovery-words"), VaultError."""
    return _unlock(world, key_from_words(world.place.header(), words))


def key_from_words(header: VaultHeader, words: str) -> bytes:
    """The data key of a header, by the recovery words. Raises: InputError, WrongKeyError("recovery-words"), RuleError("no-recovery")."""
    wrap = _wrap_of(header, RECOVERY)
    if wrap is None:
        raise RuleError("no-recovery")
    return _unwrap(wrap, identity_from_seed(words_to_seed(words)).hybrid, "recovery-words")


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


def keep_inbox_seeds(vault: Vault, seeds: Sequence[bytes]) -> None:
    """Keeps the seeds of the inbox's keys, newest first and each once."""
    newest, *older = dict.fromkeys(seeds)
    vault.settings.write(INBOX_SEED, newest)
    vault.settings.write(OLDER_INBOX_SEEDS, b"".join(older))


def _unlock(world: World, data_key: bytes) -> Session:
    vault = world.place.open(data_key)
    try:
        if vault.settings.read(DATA_KEY) != data_key:
            with contextlib.suppress(VaultError):  # a full disk must not keep anybody out
                vault.settings.write(DATA_KEY, data_key)
        return opened(world, vault)
    except BaseException:
        vault.close()
        raise


# ---------------------------------------------------------------- ways in


def change_passphrase(session: Session, old: str, new: str) -> None:
    """Puts a passphrase in place of the one before, which must be given.

    Raises: InputError("passphrase-short"), WrongKeyError("passphrase"), RuleError("no-passphrase"), VaultError.
    """
    check_passphrase(new)
    wrap = _wrap_of(_header(session), PASSPHRASE)
    if wrap is None:
        raise RuleError("no-passphrase")
    _unwrap(wrap, _passphrase_identity(old), "passphrase")
    use_passphrase(session, new)


def use_passphrase(session: Session, passphrase: str) -> None:
    """Makes a passphrase a way into this vault, in place of another one if there was one.

    Raises: InputError("passphrase-short"), RuleError("open-again"), VaultError.
    """
    data_key = _data_key(session)
    wrap = _wrap_passphrase(session.world, passphrase, data_key)
    if _unwrap(wrap, _passphrase_identity(passphrase), "passphrase") != data_key:
        raise WrongKeyError("passphrase")
    _put_wraps(session, _header(session), wrap)


def use_key_store(session: Session) -> None:
    """Makes the operating system's key store a way into this vault.

    A secret that lies there under this vault's name is used and not replaced, so that no other copy of the vault is shut out.
    Raises: KeyStoreError, RuleError("open-again"), VaultError.
    """
    header, secrets = _header(session), session.world.secrets
    wrap = _wrap_key_store(session.world, header.id, _data_key(session))
    _put_wraps(session, replace(header, backend=secrets.backend), wrap)


def stop_using_key_store(session: Session) -> bool:
    """Takes the key store away as a way in. False when the header no longer names it but its secret could not be removed.

    Raises: KeyStoreError("not-used"), RuleError("last-way-in"), VaultError.
    """
    header = _header(session)
    if _wrap_of(header, KEYRING) is None:
        raise KeyStoreError("not-used")
    if _wrap_of(header, PASSPHRASE) is None:
        raise RuleError("last-way-in")
    _drop_wrap(session, replace(header, backend=""), KEYRING)
    try:
        session.world.secrets.delete(_secret_name(header.id))
    except KeyStoreError:
        return False
    return True


def stop_using_passphrase(session: Session) -> None:
    """Takes the passphrase away as a way in, once the key store has been seen to open the vault.

    Raises: RuleError("no-passphrase" | "last-way-in"), KeyStoreError, WrongKeyError("other-secret"), VaultError.
    """
    header = _header(session)
    wrap = _wrap_of(header, KEYRING)
    if _wrap_of(header, PASSPHRASE) is None:
        raise RuleError("no-passphrase")
    if wrap is None:
        raise RuleError("last-way-in")
    secret = session.world.secrets.read(_secret_name(header.id))
    if secret is None:
        raise KeyStoreError("item-missing")
    _unwrap(wrap, age.X25519Identity(secret), "other-secret")
    _drop_wrap(session, header, PASSPHRASE)


def drop_foreign_key_store(session: Session) -> None:
    """Takes a way in by the key store out of the header when this computer's key store does not open it. Raises: VaultError."""
    header = _header(session)
    wrap = _wrap_of(header, KEYRING)
    if wrap is None:
        return
    try:
        secret = session.world.secrets.read(_secret_name(header.id))
        if secret is not None:
            _unwrap(wrap, age.X25519Identity(secret), "other-secret")
            return
    except (KeyStoreError, WrongKeyError):
        pass
    _drop_wrap(session, replace(header, backend=""), KEYRING)


def _header(session: Session) -> VaultHeader:
    header = session.world.place.header()
    if header.id != session.vault.id:
        raise RuleError("other-vault")
    return header


def _data_key(session: Session) -> bytes:
    data_key = session.vault.settings.read(DATA_KEY)
    if data_key is None:
        raise RuleError("open-again")
    return data_key


def _put_wraps(session: Session, header: VaultHeader, wrap: KeyWrap) -> None:
    others = tuple(other for other in header.wraps if other.kind != wrap.kind)
    session.world.place.write_header(replace(header, wraps=(*others, wrap)))


def _drop_wrap(session: Session, header: VaultHeader, kind: str) -> None:
    session.world.place.write_header(replace(header, wraps=tuple(w for w in header.wraps if w.kind != kind)))


# ---------------------------------------------------------------- cards


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
    """Says where our inbox lies: for this laptop, and on the next version of our card when this laptop holds its key.

    Raises: RuleError("no-card"), CardError.
    """
    with session.vault.transaction():
        session.vault.settings.write(ADDRESS + session.profile.organisation.id, address.encode())
        session.vault.settings.remove(
            STORE + address
        )  # a person chose it anew: the store that lies there now is the one meant
        if session.organisation is None:
            return session.card
        others = tuple(place for place in session.card.inboxes if place.address != address)
        return issue_card(session, inboxes=(InboxAddress(kind="folder", address=address), *others))


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
    check_passphrase(passphrase)
    recipient = age.ScryptRecipient(_one_spelling(passphrase), world.settings.work_factor)
    return KeyWrap(kind=PASSPHRASE, sealed=_sealed(world, data_key, recipient))


def _wrap_key_store(world: World, vault_id: str, data_key: bytes) -> KeyWrap:
    """Wraps the data key to the secret that the key store has for this vault, or to a new one, once it has been read back."""
    require_key_store(world)
    name = _secret_name(vault_id)
    if world.secrets.read(name) is None:
        world.secrets.write(name, world.entropy.token(32))
    secret = world.secrets.read(name)
    if secret is None:
        raise KeyStoreError("fails", backend=world.secrets.backend)
    return KeyWrap(kind=KEYRING, sealed=_sealed(world, data_key, age.X25519Identity(secret).recipient))


def require_key_store(world: World) -> None:
    """Raises: KeyStoreError with the state as its code unless the key store works."""
    state = world.secrets.probe()
    if state is not KeyStoreState.WORKS:
        raise KeyStoreError(state.value, backend=world.secrets.backend)


def _passphrase_identity(passphrase: str) -> age.ScryptIdentity:
    return age.ScryptIdentity(_one_spelling(passphrase), _KIT_WORK_FACTOR_LIMIT)


def _one_spelling(passphrase: str) -> str:
    """The same letters as the same bytes, whatever keyboard they came from: ŵ can be typed as one character or as two."""
    return unicodedata.normalize("NFC", passphrase)
