"""An unlocked vault with the person who unlocked it: what every use case works on."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import msgspec
from msgspec import Struct

from dsadesk import age
from dsadesk.bundle.card import Card, read_card
from dsadesk.bundle.identity import Identity, identity_from_seed
from dsadesk.bundle.trust import Directory
from dsadesk.domain.ids import BoxId, BundleId, OrganisationId
from dsadesk.domain.organisation import Official, Organisation
from dsadesk.errors import RuleError
from dsadesk.ports import (
    Clock,
    Entropy,
    ExportFile,
    Inspector,
    Library,
    OpenTransport,
    PrepareStore,
    Pulse,
    RemovableDrives,
    SecretStore,
    Speller,
    Transport,
    Vault,
    VaultPlace,
)
from dsadesk.services.changes import ChangeLog
from dsadesk.services.trials import OneAtATime
from dsadesk.settings import Settings
from dsadesk.sync.pace import Valve
from dsadesk.sync.stepping import Drive, PassingTime, step_by_step

PROFILE = "profile"
DEVICE_SEED = "seed.device"
ORGANISATION_SEED = "seed.organisation"
INBOX_SEED = "seed.inbox"
ADDRESS = "address."
STORE = "store."
STORES = "stores"
STORE_ACCESS = "store-access."
STORE_CHECK = "store-check."
STORE_LEFT = "store-left."
"""Before an address: what a trial of the store there wrote and did not remove yet."""
STORE_BEGUN = "store-begun."
"""Before an organisation: the place for its inbox that was filled in and not kept yet."""
BOOKMARK = "bookmark."
QUESTIONS = "questions."
"""Before an organisation: its own questions, as they are signed."""
LEFT = "outbox.left"
"""Which deliveries are left for later."""
WITHOUT = "without."
"""Before a request: the reasons to seal it without sign-offs, kept while it is a draft."""


class Profile(Struct, frozen=True, kw_only=True):
    """Who this vault belongs to."""

    organisation: Organisation
    official: Official


@dataclass(frozen=True)
class World:
    """Everything outside the core, chosen once in the composition root."""

    settings: Settings
    clock: Clock
    entropy: Entropy
    secrets: SecretStore
    place: VaultPlace
    library: Library
    inspector: Inspector
    directory_of: Callable[[Vault, OrganisationId], Directory]
    open_transport: OpenTransport
    prepare_store: PrepareStore
    mark_as_foreign: Callable[[Path], bool]
    export_file: ExportFile
    removable_drives: RemovableDrives
    speller: Speller | None = None
    pulse: Pulse = field(default_factory=PassingTime)
    drive: Drive = step_by_step
    patience: float = 0.0
    """For how many seconds a store that fails for a while is tried again, since it last did something."""
    placement: str = ""
    """Why the vault's folder is a bad place for it: "network-folder", "synced-folder", or "" where nothing speaks against it."""


@dataclass(frozen=True)
class KeptConnection:
    """A connection to a store that outlives a look, and the valve that its bytes pass."""

    address: str
    transport: Transport
    valve: Valve


@dataclass
class Session:
    """An open vault, its owner, and the keys in it. `inbox` is None until the official's organisation has let them in.

    `looked` holds the bookmarks of inboxes that were looked through since the vault was opened; `kept` is the connection to our own inbox,
    kept from one look to the next. `left` is what is left for later, None until it was read. `trials`
    keeps a store from being tried twice at once.
    """

    world: World
    vault: Vault
    profile: Profile
    device: Identity
    organisation: Identity | None
    inbox: Identity | None
    changes: ChangeLog = field(default_factory=ChangeLog)
    looked: set[str] = field(default_factory=set)
    kept: KeptConnection | None = None
    left: frozenset[tuple[BundleId, BoxId]] | None = None
    trials: OneAtATime = field(default_factory=OneAtATime)

    @property
    def directory(self) -> Directory:
        """Who is who, as this vault knows it."""
        return self.world.directory_of(self.vault, self.profile.organisation.id)

    @property
    def card_bytes(self) -> bytes:
        """Our own organisation's card as it is signed. Raises: RuleError("no-card")."""
        pinned = self.vault.cards.get(self.profile.organisation.id)
        if pinned is None:
            raise RuleError("no-card", org=self.profile.organisation.id)
        return pinned.envelope

    @property
    def card(self) -> Card:
        """Our own organisation's card. Raises: RuleError("no-card")."""
        return read_card(self.card_bytes)

    @property
    def box(self) -> BoxId:
        """Our inbox. Raises: RuleError("not-admitted")."""
        return self.require_inbox().box

    def require_inbox(self) -> Identity:
        """The inbox keys. Raises: RuleError("not-admitted") before the organisation has let this device in."""
        if self.inbox is None:
            raise RuleError("not-admitted", org=self.profile.organisation.id)
        return self.inbox

    def let_go(self) -> None:
        """Drops the kept connection. Twice is fine."""
        if self.kept is not None:
            self.kept.transport.close()
        self.kept = None

    @property
    def identities(self) -> tuple[age.Identity, ...]:
        """Everything that may open what is sent to us."""
        mine = (self.device.hybrid, self.device.x25519)
        return mine if self.inbox is None else (self.inbox.hybrid, self.inbox.x25519, *mine)


def open_session(world: World, vault: Vault) -> Session:
    """Reads the owner and the keys out of an open vault, and removes what a crash left half-done beside it.

    Raises: RuleError("vault-unfinished") when first run was cut off.
    """
    vault.objects.sweep(vault.samples.object_ids())
    profile, seed = vault.settings.read(PROFILE), vault.settings.read(DEVICE_SEED)
    if profile is None or seed is None:
        raise RuleError("vault-unfinished")
    organisation, inbox = vault.settings.read(ORGANISATION_SEED), vault.settings.read(INBOX_SEED)
    return Session(
        world=world,
        vault=vault,
        profile=msgspec.json.decode(profile, type=Profile),
        device=identity_from_seed(seed),
        organisation=identity_from_seed(organisation) if organisation else None,
        inbox=identity_from_seed(inbox) if inbox else None,
    )
