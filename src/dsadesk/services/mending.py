"""A vault that is damaged, and a backup put back: what can be read is brought back, the rest is named, and nothing is deleted.

Whatever is put in place takes a fresh device: it may lack what the old one has said since (docs/adr/0013).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from dsadesk.errors import RuleError
from dsadesk.ports import Salvaged, VaultHeader
from dsadesk.services.keeping_keys import key_from_key_store, key_from_passphrase, key_from_words, unlock
from dsadesk.services.projecting import rebuild
from dsadesk.services.session import Session, World

Way = Callable[[VaultHeader], bytes]
"""Gives the data key of a header, or raises why not."""


@dataclass(frozen=True)
class Mended:
    """A vault that is back and open. `aside` is where the one before it lies now.

    Without `signs` this laptop cannot sign until a colleague lets it in again.
    """

    session: Session
    aside: Path | None

    @property
    def signs(self) -> bool:
        """Whether the card names the fresh device, because this laptop holds the organisation's key."""
        return self.session.organisation is not None


def by_key_store(world: World) -> Way:
    """By this computer's key store."""
    return lambda header: key_from_key_store(world, header)


def by_passphrase(passphrase: str) -> Way:
    """By the passphrase."""
    return lambda header: key_from_passphrase(header, passphrase)


def by_words(words: str) -> Way:
    """By the 24 recovery words."""
    return lambda header: key_from_words(header, words)


def salvage(world: World, way: Way) -> tuple[Mended, Salvaged]:
    """Brings what can be read of a damaged vault into a new one in its place. The damaged one is renamed aside, and left as it is.

    Raises: as the way in; VaultError and its kinds, when nothing was moved; RuleError("salvage-without-keys", aside).
    """
    data_key = way(world.place.header())
    found, aside = world.place.salvage(data_key, f"damaged-{_stamp(world)}")
    try:
        session = unlock(world, data_key)
    except RuleError as error:
        if error.code != "vault-unfinished":
            raise
        raise RuleError("salvage-without-keys", aside=aside.name) from error
    rebuild(session)
    return Mended(session, aside), found


def restore_backup(world: World, backup: Path, way: Way) -> Mended:
    """Puts a backup in place, once a way in has been seen to open it. A vault that lies here is renamed aside.

    Raises: as the way in; VaultMissingError, DamagedVaultError, NewerVaultError, VaultBusyError, DiskFullError; then nothing was moved.
    """
    data_key = way(world.place.header_of_backup(backup))
    aside = world.place.restore(backup, f"before-restoring-{_stamp(world)}")
    return Mended(unlock(world, data_key), aside)


def _stamp(world: World) -> str:
    return f"{world.clock.now():%Y%m%d-%H%M%S}"
