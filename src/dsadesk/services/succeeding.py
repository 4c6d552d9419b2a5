"""A fresh device in the place of one that must not speak again: after a loss, a restored backup, or a salvage (docs/adr/0013).

Its copy of its own chains may be behind what it has sent since, and two contents at one place in a chain look like fraud.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from msgspec.structs import replace

from dsadesk.bundle.card import CardOfficial, read_card
from dsadesk.bundle.identity import Identity, derive, identity_from_seed
from dsadesk.codec.events import time_text
from dsadesk.domain.roles import ADMIN
from dsadesk.services.keeping_cards import ADMIN_ROLES, issue_card, own_entry
from dsadesk.services.session import DEVICE_SEED, Session, World

IsMine = Callable[[CardOfficial], bool]
SINCE_EVER = "1970-01-01T00:00:00Z"
"""For a device of which it is no longer known since when it signed."""


def take_fresh_device(session: Session, seed: bytes, is_mine: IsMine) -> tuple[CardOfficial, ...]:
    """Puts a new device in the old one's place, on the card too where this laptop holds the organisation's key.

    `is_mine` says which entries of the card end with it. Returns those; without the organisation's key nothing ends here, and whoever
    uses the vault has to apply to a colleague again.
    """
    before, fresh = session.device, fresh_device_seed(session.world, seed)
    try:
        with session.vault.transaction():
            session.vault.settings.write(DEVICE_SEED, fresh)
            session.device = identity_from_seed(fresh)
            if session.organisation is None:
                return ()
            officials, ended = succession(session, _officials_before(session, before), is_mine)
            issue_card(session, officials=officials, least_version=version_beyond_doubt(session.world))
            return ended
    except BaseException:
        session.device = before
        raise


def succeed_own_device(session: Session) -> tuple[CardOfficial, ...]:
    """The same for this vault's own device alone, whose seed lies in the vault."""
    old = session.device.device
    return take_fresh_device(
        session, session.vault.settings.read(DEVICE_SEED) or b"", lambda entry: entry.device == old
    )


def _officials_before(session: Session, before: Identity) -> Sequence[CardOfficial]:
    """Who stands on our card; where a salvage could not bring it back, the device before this one is all that is known."""
    pinned = session.vault.cards.get(session.profile.organisation.id)
    if pinned is not None:
        return read_card(pinned.envelope).officials
    keys = before.signing.public
    official = session.profile.official
    return (CardOfficial(official=official, device=keys.device, keys=keys, roles=ADMIN_ROLES, since=SINCE_EVER),)


def succession(
    session: Session, officials: Sequence[CardOfficial], is_mine: IsMine
) -> tuple[tuple[CardOfficial, ...], tuple[CardOfficial, ...]]:
    """The officials of the next card: this device after those before it, of which those that are `is_mine` end now; and those that ended."""
    now = time_text(session.world.clock.now())
    gone = tuple(replace(e, until=now) for e in officials if is_mine(e) and not e.until)
    kept = {entry.device: entry for entry in (*officials, *gone)}
    roles = gone[-1].roles if gone else _roles_beside(session, officials)
    return (*kept.values(), own_entry(session, roles)), gone


def _roles_beside(session: Session, officials: Sequence[CardOfficial]) -> tuple[str, ...]:
    """What a further laptop of somebody may say: what their others may, and `admin` because it holds the organisation's key."""
    mine = [entry for entry in officials if entry.official.id == session.profile.official.id and not entry.until]
    return tuple(dict.fromkeys((ADMIN, *(role for entry in mine for role in entry.roles)))) if mine else ADMIN_ROLES


def fresh_device_seed(world: World, seed: bytes) -> bytes:
    """Never the same twice: whoever restores twice from one sheet would otherwise have two laptops with one key."""
    return derive(seed, f"device/{world.entropy.token(32).hex()}")


def version_beyond_doubt(world: World) -> int:
    """A version above all that partners may hold, of which this laptop may not know: the time in seconds, which no count reaches."""
    return int(world.clock.now().timestamp())
