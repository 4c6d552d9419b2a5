"""The data key of a vault, wrapped for each way in: the key store's secret, a passphrase, the recovery words."""

from __future__ import annotations

import unicodedata

from dsadesk import age
from dsadesk.bundle.identity import identity_from_seed
from dsadesk.errors import InputError, KeyStoreError, WrongKeyError
from dsadesk.ports import Argon2id, KeyStoreState, KeyWrap, VaultHeader
from dsadesk.services.session import World

KEYRING, PASSPHRASE, RECOVERY = "keyring", "passphrase", "recovery"
MINIMUM_PASSPHRASE = 12
_KIT_WORK_FACTOR_LIMIT = 20
_SALT_BYTES, _ITERATIONS, _LANES = 16, 3, 4  # with 64 MiB the second choice of RFC 9106, section 4


def check_passphrase(passphrase: str, again: str | None = None) -> None:
    """Raises: InputError("passphrase-short", least) or InputError("passphrase-differs")."""
    if len(passphrase.strip()) < MINIMUM_PASSPHRASE:
        raise InputError("passphrase-short", least=MINIMUM_PASSPHRASE)
    if again is not None and passphrase != again:
        raise InputError("passphrase-differs")


def secret_name(vault_id: str) -> str:
    """The name under which the key store keeps a vault's secret."""
    return f"vault-{vault_id}"


def wrap_of(header: VaultHeader, kind: str) -> KeyWrap | None:
    """A header's wrap of one kind."""
    return next((wrap for wrap in header.wraps if wrap.kind == kind), None)


def unwrap(wrap: KeyWrap, identity: age.Identity, code: str) -> bytes:
    """The data key. Raises: WrongKeyError(code)."""
    try:
        return age.decrypt(age.dearmor(wrap.sealed.encode()), (identity,), limit=64)
    except age.AgeError as error:
        raise WrongKeyError(code) from error


def _sealed(world: World, data_key: bytes, recipient: age.Recipient) -> str:
    return age.armor(age.encrypt(data_key, (recipient,), world.entropy.token)).decode()


def wrap_recovery(world: World, seed: bytes, data_key: bytes) -> KeyWrap:
    """Wraps the data key to the recovery seed's own recipient."""
    return KeyWrap(kind=RECOVERY, sealed=_sealed(world, data_key, identity_from_seed(seed).hybrid.recipient))


def wrap_passphrase(world: World, passphrase: str, data_key: bytes) -> KeyWrap:
    """Wraps the data key by a passphrase, which Argon2id makes dear to guess (docs/adr/0024). Raises: InputError("passphrase-short")."""
    check_passphrase(passphrase)
    cost = argon2_cost(world)
    recipient = _argon2_identity(passphrase, cost).recipient
    return KeyWrap(kind=PASSPHRASE, sealed=_sealed(world, data_key, recipient), cost=cost)


def identity_for(wrap: KeyWrap, passphrase: str) -> age.Identity:
    """What a passphrase makes to open a wrap. A vault of before Argon2id has a passphrase-locked age file, and opens as ever."""
    if wrap.cost is None:
        return passphrase_identity(passphrase)
    return _argon2_identity(passphrase, wrap.cost)


def argon2_cost(world: World) -> Argon2id:
    """A fresh salt, and what a guess costs on this computer."""
    memory_kib = max(8 * _LANES, 1 << (world.settings.work_factor - 2))
    return Argon2id(salt=world.entropy.token(_SALT_BYTES), iterations=_ITERATIONS, lanes=_LANES, memory_kib=memory_kib)


def argon2_bytes(text: str, cost: Argon2id) -> bytes:
    """The 32 bytes that Argon2id makes of a text."""
    from cryptography.hazmat.primitives.kdf import argon2

    made = argon2.Argon2id(
        salt=cost.salt, length=32, iterations=cost.iterations, lanes=cost.lanes, memory_cost=cost.memory_kib
    )
    return bytes(made.derive(one_spelling(text).encode()))


def _argon2_identity(passphrase: str, cost: Argon2id) -> age.X25519Identity:
    return age.X25519Identity(argon2_bytes(passphrase, cost))


def wrap_key_store(world: World, vault_id: str, data_key: bytes) -> KeyWrap:
    """Wraps the data key to the secret that the key store has for this vault, or to a new one, once it has been read back."""
    require_key_store(world)
    name = secret_name(vault_id)
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


def passphrase_identity(passphrase: str) -> age.ScryptIdentity:
    """What opens a file that a passphrase locked."""
    return age.ScryptIdentity(one_spelling(passphrase), _KIT_WORK_FACTOR_LIMIT)


def one_spelling(passphrase: str) -> str:
    """The same letters as the same bytes, whatever keyboard they came from: ŵ can be typed as one character or as two."""
    return unicodedata.normalize("NFC", passphrase)
