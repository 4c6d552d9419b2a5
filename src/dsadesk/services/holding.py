"""What stopped at a door: kept with the evidence, up to a limit, and a changed key put before a person once."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import BinaryIO

from dsadesk.domain.ids import OrganisationId
from dsadesk.errors import BundleError, RuleError, TrustError
from dsadesk.ports import QuarantinedBundle
from dsadesk.services.keeping_cards import decided_lately
from dsadesk.services.session import Session
from dsadesk.sync.commit import commit_prefix

RELEASED = "released."
"""Before a quarantined bundle's id: when it passed the doors after all."""
MAX_QUARANTINED_BYTES = 64 * 1024 * 1024
MAX_HELD_BYTES = 1024 * 1024 * 1024
"""Of all bundles together; what comes after is kept by its evidence alone."""
MAX_HELD = 2000
"""Bundles; what comes after is counted and not kept at all."""
TURNED_AWAY = "turned-away"
"""How many came after there was no more room."""


@dataclass(frozen=True)
class Content:
    """What is kept of a bundle that stopped at a door: its bytes unless there are too many, its hash and its size."""

    kept: bytes
    sha256: bytes
    size: int

    @staticmethod
    def of(data: bytes) -> Content:
        """All of it."""
        return Content(data, hashlib.sha256(data).digest(), len(data))

    @staticmethod
    def read(handle: BinaryIO) -> Content:
        """A file, from its start."""
        handle.seek(0)
        start = handle.read(MAX_QUARANTINED_BYTES + 1)
        digest, size = hashlib.sha256(start), len(start)
        while batch := handle.read(1024 * 1024):
            digest.update(batch)
            size += len(batch)
        return Content(start if size <= MAX_QUARANTINED_BYTES else b"", digest.digest(), size)


def hold(session: Session, error: BundleError, content: Content, source: str) -> QuarantinedBundle:
    """Keeps a bundle that stopped at a door with its evidence, as far as there is room. A changed key is flagged until someone decides."""
    error = _put_before_a_person(session, error)
    source = source[-300:].encode("utf-8", "replace").decode()
    held = QuarantinedBundle(
        id=_told_apart_by(session, content, source),
        door=error.door,
        code=error.code,
        fields=dict(error.fields),
        size=content.size,
        sha256=content.sha256.hex(),
        source=source,
        at=session.world.clock.now(),
    )
    kept = session.vault.inbox.quarantined()
    if len(kept) < MAX_HELD:
        taken = sum(each.size for each in kept if each.size <= MAX_QUARANTINED_BYTES)
        has_room = taken + len(content.kept) <= MAX_HELD_BYTES
        session.vault.inbox.quarantine(held, content.kept if has_room else b"")
    else:
        session.vault.settings.write(TURNED_AWAY, str(turned_away(session) + 1).encode())
    # Objects that were copied before a later door closed belong to nothing.
    session.vault.objects.sweep(session.vault.samples.object_ids())
    session.changes.flag("quarantine")
    return held


def _told_apart_by(session: Session, content: Content, source: str) -> str:
    """A file that came twice is one, whatever it is called.

    In an inbox each name is a delivery of its own, although a store may show the same bytes under several: each is taken through the doors
    again by its name.
    """
    if content.size and not source.startswith(commit_prefix(session.box)):
        return content.sha256.hex()
    return hashlib.sha256(source.encode() + b"\0" + content.sha256).hexdigest()


def held_back(session: Session) -> tuple[QuarantinedBundle, ...]:
    """What stopped at a door and has not passed since, newest first."""
    settings = session.vault.settings
    return tuple(each for each in session.vault.inbox.quarantined() if settings.read(RELEASED + each.id) is None)


def turned_away(session: Session) -> int:
    """How many bundles stopped at a door after there was no more room to keep any."""
    return int(session.vault.settings.read(TURNED_AWAY) or b"0")


def evidence(session: Session, held_id: str) -> bytes:
    """A bundle in quarantine as it came, its manifest in it wherever that lay, for whoever looks into it.

    Raises: RuleError("no-such-bundle" | "quarantine-not-kept"), DamagedVaultError("object-missing").
    """
    content = session.vault.inbox.quarantined_content(held_id)
    if not content:
        raise RuleError("quarantine-not-kept")
    return content


def discard(session: Session, held_id: str) -> None:
    """Throws a bundle in quarantine away, because a person says so. Raises: RuleError("no-such-bundle")."""
    with session.vault.transaction():
        session.vault.inbox.drop_quarantined(held_id)
        session.vault.settings.remove(RELEASED + held_id)
        session.vault.settings.remove(TURNED_AWAY)
    session.changes.flag("quarantine")


def _put_before_a_person(session: Session, error: BundleError) -> BundleError:
    """Flags another key of a partner, so that delivery stops until someone decides (docs/adr/0023).

    Once somebody has decided against one, further keys that nobody vouches for do not stop delivery for a while: whoever can write to
    an inbox could otherwise stop its owner from writing to a partner, again and again. One that waits is not put in another's place.
    """
    if not isinstance(error, TrustError) or error.code != "key-changed":
        return error
    org = OrganisationId(str(error.fields.get("org", "")))
    pinned = session.vault.cards.get(org)
    if pinned is None or pinned.changed_to:
        return error
    if decided_lately(pinned, session.world.clock.now()):
        return TrustError("key-doubted", **error.fields)
    session.vault.cards.flag_change(org, str(error.fields.get("now", "")))
    session.changes.flag("cards")
    return error
