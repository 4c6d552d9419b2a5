"""What positions in chains tell: what the other side has, what it has not, and that this vault is an older copy of itself.

A receipt names the position that it answers and repeats those just before it, so a receipt that a store lost is made good by the next. An own
position that is missing among later ones was lost on the way, and is made sure of again.
"""

from __future__ import annotations

import json
from datetime import datetime, timedelta

from dsadesk.bundle.manifest import Ack
from dsadesk.bundle.unseal import OpenedBundle
from dsadesk.codec.events import parse_time, time_text
from dsadesk.domain.ids import BoxId, DeviceId
from dsadesk.errors import RuleError
from dsadesk.ports import DeliveryState, OutboxItem
from dsadesk.services.session import Session
from dsadesk.sync.orders import Key

REPEATED = 8
"""How many positions a receipt names at most."""
OVERDUE_AFTER = timedelta(days=7)
LOST_AFTER = timedelta(hours=1)
MADE_SURE_EVERY = timedelta(days=1)
MADE_SURE_AT_ONCE = 16
_HELD, _FORKED, _MADE_SURE, _LOOKED = "held.", "forked.", "made-sure.", "made-sure-looked"


def hold_position(session: Session, opened: OpenedBundle) -> None:
    """Remembers a position that was taken in, among the last ones of its chain."""
    name = _HELD + f"{opened.addressee.box}.{opened.manifest.sender.device}"
    kept = json.loads(session.vault.settings.read(name) or b"[]")
    kept = [*kept, [opened.addressee.seq, opened.manifest_sha256]][-REPEATED:]
    session.vault.settings.write(name, json.dumps(kept).encode())


def acks_for(session: Session, box: BoxId, device: DeviceId) -> tuple[Ack, ...]:
    """The last positions of a device's chain to our inbox that we hold, as a receipt names them."""
    kept = json.loads(session.vault.settings.read(_HELD + f"{box}.{device}") or b"[]")
    return tuple(Ack(box=box, device=device, seq=seq, manifest_sha256=digest) for seq, digest in kept)


def take_acks(session: Session, opened: OpenedBundle) -> None:
    """Marks our own deliveries that the other side's signed positions cover.

    A position beyond what we remember, or one that we remember otherwise, shows that this vault is an older copy: it has sent more than it
    knows. Nothing more is then sent to that inbox, because one position would get two contents.
    """
    now, box = session.world.clock.now(), opened.sender_card.box
    ours = [ack for ack in opened.manifest.acks if ack.device == session.device.device and ack.box == box]
    if not ours:
        return
    covered = {(ack.seq, ack.manifest_sha256) for ack in ours}
    sent = [item for item in session.vault.outbox.all() if item.box == box]
    for item in sent:
        if (item.seq, item.manifest_sha256) in covered and item.state is not DeliveryState.DELIVERED:
            session.vault.outbox.mark(item.id, item.box, DeliveryState.DELIVERED, now)
            session.changes.flag("outbox")
    # A former device of this vault had the same numbers, so one place may rightly be remembered with more than one content.
    remembered = {item.seq for item in sent}
    known = {(item.seq, item.manifest_sha256) for item in sent}
    is_otherwise = any(ack.seq in remembered and (ack.seq, ack.manifest_sha256) not in known for ack in ours)
    if is_otherwise or max(ack.seq for ack in ours) > _last_position(session, box):
        session.vault.settings.write(_fork_name(session, box), time_text(now).encode())


def require_newest_copy(session: Session, box: BoxId) -> None:
    """Refuses to send into an inbox whose owner holds more of ours than we remember. Raises: RuleError("older-copy")."""
    if session.vault.settings.read(_fork_name(session, box)) is not None:
        raise RuleError("older-copy")


def overdue(session: Session, now: datetime) -> tuple[OutboxItem, ...]:
    """What has lain in a store for a week without a signed position from the other side, oldest first. Receipts are not waited for."""
    return tuple(item for item in session.vault.outbox.all() if is_overdue(session, item, now))


def is_overdue(session: Session, item: OutboxItem, now: datetime) -> bool:
    """Whether a delivery has lain in a store for a week without a signed position from the other side."""
    return (
        item.state is DeliveryState.COMMITTED
        and item.kind != "receipt"
        and item.org != session.profile.organisation.id
        and now - item.changed_at >= OVERDUE_AFTER
    )


def to_make_sure_of(session: Session, now: datetime) -> tuple[Key, ...]:
    """Deliveries that the other side has not, though it has had later ones for an hour: a store may have lost them. Each once a day.

    Looked for at most once an hour, because it reads all that was ever sent.
    """
    looked = session.vault.settings.read(_LOOKED)
    if looked is not None and timedelta(0) <= now - parse_time(looked.decode()) < LOST_AFTER:
        return ()
    session.vault.settings.write(_LOOKED, time_text(now).encode())
    newest: dict[BoxId, int] = {}
    items = session.vault.outbox.all()
    for item in items:
        if item.state is DeliveryState.DELIVERED and now - item.changed_at >= LOST_AFTER:
            newest[item.box] = max(newest.get(item.box, 0), item.seq)
    found = [
        (item.id, item.box)
        for item in items
        if item.state is DeliveryState.COMMITTED
        and item.kind != "receipt"
        and item.seq < newest.get(item.box, 0)
        and _is_due(session, item, now)
    ]
    return tuple(found[:MADE_SURE_AT_ONCE])


def note_made_sure(session: Session, key: Key, now: datetime) -> None:
    """Remembers that a delivery was made sure of now."""
    session.vault.settings.write(_sure_name(key), time_text(now).encode())


def _is_due(session: Session, item: OutboxItem, now: datetime) -> bool:
    last = session.vault.settings.read(_sure_name((item.id, item.box)))
    return last is None or now - parse_time(last.decode()) >= MADE_SURE_EVERY


def _last_position(session: Session, box: BoxId) -> int:
    kept = session.vault.settings.read(f"chain.{box}.{session.device.device}")
    return int(kept.split()[0]) if kept else 0


def _fork_name(session: Session, box: BoxId) -> str:
    return f"{_FORKED}{box}.{session.device.device}"


def _sure_name(key: Key) -> str:
    return f"{_MADE_SURE}{key[0]}.{key[1]}"
