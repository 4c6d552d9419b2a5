"""Making, opening and keeping a vault and its keys.

The vault's data key is random. It is wrapped in up to three ways, each an age file in the vault's header: to a secret in the operating
system's key store, by a passphrase, and to the recovery seed. The recovery seed is 24 words; every key of the person who made the vault
is derived from it, so the words alone bring the keys back, and with the vault's files they open the vault.

A copy of the data key lies inside the vault, where only the data key itself reaches it. An open vault can so be given another way in
without asking for the one that it was opened by, and no session ever holds the key (docs/adr/0012).
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import msgspec

from dsadesk import age
from dsadesk.bundle.identity import (
    SEED_BYTES,
    box_id,
    derive,
    identity_from_seed,
    inbox_from_seeds,
    seed_to_words,
    words_to_seed,
)
from dsadesk.bundle.names import is_shown_name
from dsadesk.domain.ids import BoxId, PersonId, parse_organisation_id
from dsadesk.domain.organisation import Official, Organisation
from dsadesk.errors import InputError, KeyStoreError, RuleError, VaultError, WrongKeyError
from dsadesk.ports import KeyWrap, Vault, VaultHeader
from dsadesk.secret import Secret
from dsadesk.services.keeping_cards import issue_card
from dsadesk.services.rehearsing import keep_digests, note_opened
from dsadesk.services.session import (
    DEVICE_SEED,
    INBOX_SEED,
    ORGANISATION_SEED,
    PROFILE,
    Profile,
    Session,
    World,
    open_session,
)
from dsadesk.services.succeeding import succeed_own_device
from dsadesk.services.wrapping_keys import (
    KEYRING,
    PASSPHRASE,
    RECOVERY,
    check_passphrase,
    identity_for,
    one_spelling,
    passphrase_identity,
    secret_name,
    unwrap,
    wrap_key_store,
    wrap_of,
    wrap_passphrase,
    wrap_recovery,
)

DATA_KEY = "key.data"
OLDER_INBOX_SEEDS = "seed.inbox.older"


@dataclass(frozen=True)
class FirstRun:
    """A new vault, unlocked, and the words that open it again. The words are shown once and never stored in clear."""

    session: Session
    words: Secret[str]


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
        keep_digests(world, vault, seed, shown=True)

    return FirstRun(make_vault(world, profile, seed, passphrase, fill), Secret(seed_to_words(seed)))


def make_vault(
    world: World, profile: Profile, seed: bytes, passphrase: str | None, fill: Callable[[Vault], None]
) -> Session:
    """Makes a vault that the words of `seed`, and the passphrase or the key store, open. `fill` puts the keys in.

    Raises: InputError("passphrase-short"), KeyStoreError, VaultError, RuleError("vault-exists").
    """
    data_key, vault_id = world.entropy.token(SEED_BYTES), world.entropy.token(16).hex()
    wraps, backend = [wrap_recovery(world, seed, data_key)], ""
    if passphrase is None:
        wraps.append(wrap_key_store(world, vault_id, data_key))
        backend = world.secrets.backend
    else:
        wraps.append(wrap_passphrase(world, passphrase, data_key))
    try:
        vault = world.place.create(VaultHeader(id=vault_id, wraps=tuple(wraps), backend=backend), data_key)
    except BaseException:
        if passphrase is None:
            with contextlib.suppress(KeyStoreError):
                world.secrets.delete(secret_name(vault_id))
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
    recipient = age.ScryptRecipient(one_spelling(passphrase), world.settings.work_factor)
    return age.armor(age.encrypt(words.reveal().encode() + b"\n", (recipient,), world.entropy.token))


def words_of_kit(kit: bytes, passphrase: str) -> Secret[str]:
    """The words in a recovery kit. Raises: InputError("kit-unreadable") or InputError("kit-passphrase")."""
    try:
        plain = age.decrypt(age.dearmor(kit), (passphrase_identity(passphrase),), limit=4096)
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
    return unlock(world, key_from_key_store(world, world.place.header()))


def unlock_with_passphrase(world: World, passphrase: str) -> Session:
    """Opens the vault by its passphrase. Raises: WrongKeyError("passphrase"), RuleError("no-passphrase"), VaultError."""
    return unlock(world, key_from_passphrase(world.place.header(), passphrase))


def unlock_with_words(world: World, words: str) -> Session:
    """Opens the vault by its 24 recovery words. Raises: InputError, WrongKeyError("recovery-words"), VaultError."""
    session = unlock(world, key_from_words(world.place.header(), words))
    note_opened(session, words)
    return session


def key_from_key_store(world: World, header: VaultHeader) -> bytes:
    """The data key of a header, by the key store. Raises: KeyStoreError, WrongKeyError("other-secret")."""
    wrap = wrap_of(header, KEYRING)
    if wrap is None:
        raise KeyStoreError("not-used")
    secret = world.secrets.read(secret_name(header.id))
    if secret is None:
        changed = bool(header.backend) and header.backend != world.secrets.backend
        code = "backend-changed" if changed else "item-missing"
        raise KeyStoreError(code, before=header.backend, now=world.secrets.backend)
    return unwrap(wrap, age.X25519Identity(secret), "other-secret")


def key_from_passphrase(header: VaultHeader, passphrase: str) -> bytes:
    """The data key of a header, by the passphrase. Raises: RuleError("no-passphrase"), WrongKeyError("passphrase")."""
    wrap = wrap_of(header, PASSPHRASE)
    if wrap is None:
        raise RuleError("no-passphrase")
    return unwrap(wrap, identity_for(wrap, passphrase), "passphrase")


def key_from_words(header: VaultHeader, words: str) -> bytes:
    """The data key of a header, by the recovery words. Raises: InputError, WrongKeyError("recovery-words"), RuleError("no-recovery")."""
    wrap = wrap_of(header, RECOVERY)
    if wrap is None:
        raise RuleError("no-recovery")
    return unwrap(wrap, identity_from_seed(words_to_seed(words)).hybrid, "recovery-words")


def opened(world: World, vault: Vault) -> Session:
    """The session of an open vault, with every key that its inbox has had. Raises: RuleError("vault-unfinished")."""
    session = open_session(world, vault)
    if session.inbox is not None:
        box = _own_box(session)
        session.inbox = None if box is None else inbox_from_seeds(inbox_seeds(vault), box)
    return session


def _own_box(session: Session) -> BoxId | None:
    """The inbox's name, by our card; or by the organisation's own key where a salvage could not bring the card back."""
    if session.vault.cards.get(session.profile.organisation.id) is not None:
        return session.card.box
    return None if session.organisation is None else box_id(session.organisation.signing.public.fingerprint)


def inbox_seeds(vault: Vault) -> tuple[bytes, ...]:
    """The seeds of the inbox's keys that this vault holds, newest first."""
    kept = (vault.settings.read(INBOX_SEED) or b"") + (vault.settings.read(OLDER_INBOX_SEEDS) or b"")
    return tuple(kept[start : start + SEED_BYTES] for start in range(0, len(kept), SEED_BYTES))


def keep_inbox_seeds(vault: Vault, seeds: Sequence[bytes]) -> None:
    """Keeps the seeds of the inbox's keys, newest first and each once."""
    newest, *older = dict.fromkeys(seeds)
    vault.settings.write(INBOX_SEED, newest)
    vault.settings.write(OLDER_INBOX_SEEDS, b"".join(older))


def unlock(world: World, data_key: bytes, *, succeed: bool = True) -> Session:
    """Opens the vault by its data key. One that was restored or salvaged takes a fresh device first, unless the caller sees to that.

    Raises: VaultError, CardError.
    """
    vault = world.place.open(data_key)
    try:
        if vault.settings.read(DATA_KEY) != data_key:
            with contextlib.suppress(VaultError):  # a full disk must not keep anybody out
                vault.settings.write(DATA_KEY, data_key)
        session = opened(world, vault)
        if succeed and world.place.header().needs_fresh_device:
            succeed_own_device(session)
            settle_device(world)
    except BaseException:
        vault.close()
        raise
    return session


def settle_device(world: World) -> None:
    """Notes that a restored or salvaged vault has its fresh device. Raises: VaultError."""
    header = world.place.header()
    if header.needs_fresh_device:
        world.place.write_header(replace(header, needs_fresh_device=False))


# ---------------------------------------------------------------- ways in


def change_passphrase(session: Session, old: str, new: str) -> None:
    """Puts a passphrase in place of the one before, which must be given.

    Raises: InputError("passphrase-short"), WrongKeyError("passphrase"), RuleError("no-passphrase"), VaultError.
    """
    check_passphrase(new)
    wrap = wrap_of(_header(session), PASSPHRASE)
    if wrap is None:
        raise RuleError("no-passphrase")
    unwrap(wrap, identity_for(wrap, old), "passphrase")
    use_passphrase(session, new)


def use_passphrase(session: Session, passphrase: str) -> None:
    """Makes a passphrase a way into this vault, in place of another one if there was one.

    Raises: InputError("passphrase-short"), RuleError("open-again"), VaultError.
    """
    data_key = _data_key(session)
    wrap = wrap_passphrase(session.world, passphrase, data_key)
    if unwrap(wrap, identity_for(wrap, passphrase), "passphrase") != data_key:
        raise WrongKeyError("passphrase")
    _put_wraps(session, _header(session), wrap)


def use_key_store(session: Session) -> None:
    """Makes the operating system's key store a way into this vault.

    A secret that lies there under this vault's name is used and not replaced, so that no other copy of the vault is shut out.
    Raises: KeyStoreError, RuleError("open-again"), VaultError.
    """
    header, secrets = _header(session), session.world.secrets
    wrap = wrap_key_store(session.world, header.id, _data_key(session))
    _put_wraps(session, replace(header, backend=secrets.backend), wrap)


def stop_using_key_store(session: Session) -> bool:
    """Takes the key store away as a way in. False when the header no longer names it but its secret could not be removed.

    Raises: KeyStoreError("not-used"), RuleError("last-way-in"), VaultError.
    """
    header = _header(session)
    if wrap_of(header, KEYRING) is None:
        raise KeyStoreError("not-used")
    if wrap_of(header, PASSPHRASE) is None:
        raise RuleError("last-way-in")
    _drop_wrap(session, replace(header, backend=""), KEYRING)
    try:
        session.world.secrets.delete(secret_name(header.id))
    except KeyStoreError:
        return False
    return True


def stop_using_passphrase(session: Session) -> None:
    """Takes the passphrase away as a way in, once the key store has been seen to open the vault.

    Raises: RuleError("no-passphrase" | "last-way-in"), KeyStoreError, WrongKeyError("other-secret"), VaultError.
    """
    header = _header(session)
    wrap = wrap_of(header, KEYRING)
    if wrap_of(header, PASSPHRASE) is None:
        raise RuleError("no-passphrase")
    if wrap is None:
        raise RuleError("last-way-in")
    secret = session.world.secrets.read(secret_name(header.id))
    if secret is None:
        raise KeyStoreError("item-missing")
    unwrap(wrap, age.X25519Identity(secret), "other-secret")
    _drop_wrap(session, header, PASSPHRASE)


def drop_foreign_key_store(session: Session) -> None:
    """Takes a way in by the key store out of the header when this computer's key store does not open it. Raises: VaultError."""
    header = _header(session)
    wrap = wrap_of(header, KEYRING)
    if wrap is None:
        return
    try:
        secret = session.world.secrets.read(secret_name(header.id))
        if secret is not None:
            unwrap(wrap, age.X25519Identity(secret), "other-secret")
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
