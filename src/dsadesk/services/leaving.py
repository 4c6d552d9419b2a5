"""Deliveries that somebody leaves for later: they stay sealed in the outbox and are not sent until that is taken back."""

from __future__ import annotations

import msgspec

from dsadesk.errors import RuleError
from dsadesk.services.session import LEFT, Session
from dsadesk.sync.orders import Key


def left_for_later(session: Session) -> frozenset[Key]:
    """Which deliveries are left for later. Read once for each opening of the vault; used where the vault is."""
    if session.left is None:
        kept = session.vault.settings.read(LEFT)
        session.left = frozenset(msgspec.json.decode(kept, type=list[Key])) if kept else frozenset()
    return session.left


def leave_for_later(session: Session, key: Key) -> None:
    """Leaves a delivery for later. One that is being sent has to be cancelled as well. Raises: RuleError("no-such-bundle")."""
    if session.vault.outbox.get(*key) is None:
        raise RuleError("no-such-bundle", bundle=key[0])
    _keep(session, left_for_later(session) | {key})


def send_after_all(session: Session, key: Key) -> None:
    """Takes that back: it is sent with the next run."""
    _keep(session, left_for_later(session) - {key})


def _keep(session: Session, left: frozenset[Key]) -> None:
    waiting = frozenset((item.id, item.box) for item in session.vault.outbox.unfinished())
    session.vault.settings.write(LEFT, msgspec.json.encode(sorted(left & waiting)))
    session.left = left & waiting
    session.changes.flag("outbox")
