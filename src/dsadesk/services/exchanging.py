"""Sending what is sealed and taking in what arrives. Both may be cut off at any instant and simply run again."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import BinaryIO

from dsadesk import age
from dsadesk.bundle.card import read_card, recipient_of
from dsadesk.bundle.container import BundleFile, Parcel, write_container
from dsadesk.bundle.manifest import Ack, FileEntry
from dsadesk.bundle.trust import Evidence
from dsadesk.bundle.unseal import OpenedBundle, OpenedEvent, open_object, unseal
from dsadesk.domain.events import RequestReceived, RequestSubmitted
from dsadesk.domain.ids import BoxId, BundleId, ObjectId, OrganisationId, RequestId
from dsadesk.domain.request import fold
from dsadesk.errors import (
    BundleError,
    CardError,
    ContentsError,
    DamagedVaultError,
    DsadeskError,
    RuleError,
    StoreError,
    TrustError,
)
from dsadesk.ports import AttachedSample, ChainHead, DeliveryState, OutboxItem, QuarantinedBundle, Transport
from dsadesk.services.agreeing import check_agreement_event
from dsadesk.services.keeping_keys import ARRIVED_IN_BUNDLE, address_of, pin_card
from dsadesk.services.projecting import project
from dsadesk.services.reading import read_event, state_of
from dsadesk.services.session import STORE, Session
from dsadesk.services.speaking import deliver, say, stored_event
from dsadesk.sync.commit import hash_name
from dsadesk.sync.engine import Sender
from dsadesk.sync.receive import Arrival, IncompleteError, StoreParcel, arrivals


@dataclass(frozen=True)
class Problem:
    """Something that could not be sent or taken in now: what, and the error that says why."""

    about: str
    error: DsadeskError


@dataclass(frozen=True)
class TakenIn:
    """A bundle that passed every door."""

    bundle: BundleId
    request: RequestId
    kind: str
    evidence: Evidence
    event_types: tuple[str, ...]
    warnings: tuple[str, ...] = ()


@dataclass
class Exchange:
    """What one round of sending and fetching did."""

    sent: list[OutboxItem] = field(default_factory=list)
    taken: list[TakenIn] = field(default_factory=list)
    quarantined: list[QuarantinedBundle] = field(default_factory=list)
    incomplete: list[str] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)


Progress = Callable[[OutboxItem], None]


def exchange(session: Session, progress: Progress = lambda _: None) -> Exchange:
    """Sends everything that waits, takes in everything that has come, and sends what that called for."""
    done = Exchange()
    send_all(session, done, progress)
    fetch(session, done)
    if done.taken:
        send_all(session, done, progress)
    return done


# ---------------------------------------------------------------- sending


def send_all(session: Session, done: Exchange, progress: Progress = lambda _: None) -> Exchange:
    """Sends every unfinished item, oldest first. A store that fails stops its own items and no others."""
    failed: set[OrganisationId] = set()
    for item in session.vault.outbox.unfinished():
        if item.org in failed:
            continue
        try:
            done.sent.append(send(session, item, progress))
        except DsadeskError as error:
            failed.add(item.org)
            done.problems.append(Problem(item.org, error))
    return done


def send(session: Session, item: OutboxItem, progress: Progress = lambda _: None) -> OutboxItem:
    """Sends one item. Raises: StoreError, RuleError("no-address")."""
    try:
        transport = transport_of(session, item.org)
    except StoreError as error:
        session.vault.outbox.mark(item.id, item.box, item.state, session.world.clock.now(), error.code)
        raise
    sender = Sender(
        session.vault, transport, lambda it: _recipients(session, it), session.world.clock, session.world.entropy
    )
    sent = sender.send(item.id, item.box, progress)
    session.changes.flag("outbox")
    if item.request is not None:
        project(session, item.request, state_of(session, item.request))
    return sent


def transport_of(session: Session, org: OrganisationId) -> Transport:
    """The transport to an organisation's inbox. The store that was first met at an address is the only one taken for it later.

    Raises: RuleError("no-address"), StoreError.
    """
    address = address_of(session, org)
    name = STORE + address
    known = session.vault.settings.read(name)
    transport = session.world.open_transport(address, known.decode() if known else "")
    if known is None:
        session.vault.settings.write(name, transport.store_id().encode())
    return transport


def _recipients(session: Session, item: OutboxItem) -> Sequence[age.Recipient]:
    pinned = session.vault.cards.get(item.org)
    if pinned is None:
        raise RuleError("no-card", org=item.org)
    return (recipient_of(read_card(pinned.envelope)),)


def export_bundle(session: Session, item: OutboxItem, sink: BinaryIO) -> None:
    """Writes a sealed item as one `.dsabundle` file, for a stick or an e-mail."""
    opened: list[BinaryIO] = []
    try:
        parts = []
        for entry in item.objects:
            handle = session.vault.objects.open(entry.object)
            opened.append(handle)
            parts.append((entry.header, handle, entry.payload_size))
        write_container(sink, item.sealed, parts)
    finally:
        for handle in opened:
            handle.close()


# ---------------------------------------------------------------- taking in


def fetch(session: Session, done: Exchange) -> Exchange:
    """Takes in everything new in our inbox. What stops at a door goes to quarantine with its evidence."""
    try:
        transport = transport_of(session, session.profile.organisation.id)
        for arrival in arrivals(session.vault, transport, session.box):
            _take_arrival(session, transport, arrival, done)
    except DsadeskError as error:
        done.problems.append(Problem(session.profile.organisation.id, error))
    return done


def _take_arrival(session: Session, transport: Transport, arrival: Arrival, done: Exchange) -> None:
    try:
        taken = take_in(session, StoreParcel(arrival, transport, session.identities))
    except IncompleteError:
        done.incomplete.append(arrival.name)
        return
    except BundleError as error:
        done.quarantined.append(_quarantine(session, error, arrival.data, arrival.name))
    else:
        if taken is not None:
            done.taken.append(taken)
    session.vault.inbox.mark_looked_at(arrival.box, arrival.name, session.world.clock.now())


def import_bundle(session: Session, handle: BinaryIO, source: str) -> TakenIn | None:
    """Takes in a `.dsabundle` file. None when it was taken in before.

    Raises: BundleError; the bundle then lies in quarantine.
    """
    parcel = BundleFile(handle)
    try:
        return take_in(session, parcel)
    except BundleError as error:
        _quarantine(session, error, parcel.sealed, source)
        raise


def take_in(session: Session, parcel: Parcel) -> TakenIn | None:
    """Brings a parcel through the doors and keeps what it carries, in one transaction.

    None when it is our own or was taken in before. Raises: BundleError, IncompleteError, DiskFullError.
    """
    opened = unseal(
        parcel.sealed,
        box=session.box,
        identities=session.identities,
        directory=session.directory,
        now=session.world.clock.now(),
    )
    manifest = opened.manifest
    if manifest.sender.device == session.device.device or session.vault.inbox.has_seen(manifest.id):
        return None
    warnings = _check_chain(session, opened)
    keys = {entry.n: _keep_object(session, parcel, entry) for entry in manifest.files}
    with session.vault.transaction():
        _keep(session, opened, keys)
        _acknowledge_ours(session, opened)
        _answer(session, opened)
        project(session, manifest.request, state_of(session, manifest.request))
    session.changes.request(manifest.request)
    return TakenIn(
        bundle=manifest.id,
        request=manifest.request,
        kind=manifest.kind,
        evidence=opened.evidence,
        event_types=tuple(entry.event.type for entry in opened.events),
        warnings=(*opened.evidence.warnings, *warnings),
    )


def _check_chain(session: Session, opened: OpenedBundle) -> tuple[str, ...]:
    """Compares the position with the last one seen. Raises: TrustError("two-contents") for the same position with other bytes."""
    to, device = opened.addressee, opened.manifest.sender.device
    head = session.vault.inbox.chain_head(to.box, device)
    if head is None:
        return () if to.seq == 1 else ("gap",)
    if to.seq == head.seq and opened.manifest_sha256 != head.manifest_sha256:
        raise TrustError("two-contents", org=opened.manifest.sender.org, device=device, seq=to.seq)
    if to.seq == head.seq + 1 and to.prev != head.manifest_sha256:
        raise TrustError("chain-broken", org=opened.manifest.sender.org, device=device, seq=to.seq)
    return ("gap",) if to.seq > head.seq + 1 else ()


def _keep_object(session: Session, parcel: Parcel, entry: FileEntry) -> bytes:
    """Copies an object's encrypted payload into the vault and checks it against the signed manifest. Returns its file key."""
    objects = session.vault.objects
    if not objects.has(entry.object):
        writer = objects.create()
        try:
            with parcel.payload(entry.n) as payload:
                shutil.copyfileobj(payload, writer.file, 1024 * 1024)
            writer.file.flush()
            writer.file.seek(0)
            open_object(entry, parcel.header(entry.n), writer.file, session.identities)
            writer.commit(entry.object)
        finally:
            writer.abort()
    with objects.open(entry.object) as kept:
        return open_object(entry, parcel.header(entry.n), kept, session.identities)


def _keep(session: Session, opened: OpenedBundle, keys: dict[int, bytes]) -> None:
    vault, manifest = session.vault, opened.manifest
    try:
        pin_card(session, opened.sender_card, opened.sender_card_bytes, arrived=ARRIVED_IN_BUNDLE)
    except CardError as error:
        raise TrustError("key-changed", **error.fields) from error
    _check_parties(session, opened)
    for entry in opened.events:
        check_agreement_event(session, entry.event, opened)
        try:
            vault.events.append((stored_event(entry.event, entry.envelope),))
        except DamagedVaultError as error:
            raise ContentsError("event-rewritten", event=entry.event.id) from error
        if isinstance(entry.event.body, RequestSubmitted):
            _keep_samples(session, entry, manifest.files, keys)
    vault.inbox.mark_seen(manifest.id, manifest.sender.org, session.world.clock.now())
    head = vault.inbox.chain_head(opened.addressee.box, manifest.sender.device)
    if head is None or opened.addressee.seq > head.seq:
        position = ChainHead(seq=opened.addressee.seq, manifest_sha256=opened.manifest_sha256)
        vault.inbox.move_chain_head(opened.addressee.box, manifest.sender.device, position)


def _check_parties(session: Session, opened: OpenedBundle) -> None:
    """Refuses events about a request that is not between the sender and us, so that nobody can speak into another's conversation.

    Raises: ContentsError("not-our-request" | "sender-not-a-party" | "party-name").
    """
    own, sender = session.profile.organisation.id, opened.manifest.sender.org
    for entry in opened.events:
        body = entry.event.body
        if not isinstance(body, RequestSubmitted) or body.requester.id != sender:
            continue
        if body.requester.name != opened.evidence.org.name:
            raise ContentsError("party-name", event=entry.event.id, name=body.requester.name[:120])
    known = state_of(session, opened.manifest.request)
    events = [read_event(stored) for stored in session.vault.events.of_request(opened.manifest.request)]
    state = known or fold([*events, *(entry.event for entry in opened.events)])
    if state is None:
        return
    if state.side_of(own) is None:
        raise ContentsError("not-our-request", org=sender)
    if state.side_of(sender) is None:
        raise ContentsError("sender-not-a-party", org=sender)


def _keep_samples(session: Session, entry: OpenedEvent, files: Sequence[FileEntry], keys: dict[int, bytes]) -> None:
    body = entry.event.body
    if not isinstance(body, RequestSubmitted):
        return
    by_object = {file.object: file for file in files}
    for sample in body.samples:
        file = by_object.get(sample.object)
        if file is None or (file.sha256, file.size) != (sample.sha256, sample.size):
            raise ContentsError("sample-missing", n=sample.n, name=sample.name)
        session.vault.samples.put(
            AttachedSample(
                request=entry.event.request,
                n=sample.n,
                name=sample.name,
                media=sample.media,
                size=sample.size,
                sha256=sample.sha256,
                object=ObjectId(sample.object),
                file_key=keys[file.n],
                kind=sample.kind,
                profile=sample.profile,
            )
        )


def _acknowledge_ours(session: Session, opened: OpenedBundle) -> None:
    """Marks our own deliveries that the other side's signed positions cover."""
    now, box = session.world.clock.now(), opened.sender_card.box
    for ack in opened.manifest.acks:
        if ack.device != session.device.device or ack.box != box:
            continue
        for item in session.vault.outbox.all():
            if (item.box, item.seq, item.manifest_sha256) == (ack.box, ack.seq, ack.manifest_sha256):
                session.vault.outbox.mark(item.id, item.box, DeliveryState.DELIVERED, now)
                session.changes.flag("outbox")


def _answer(session: Session, opened: OpenedBundle) -> None:
    """Says that it arrived: by an event for a submission, else by a receipt. Receipts are never answered."""
    manifest = opened.manifest
    if manifest.kind == "receipt" or manifest.sender.org == session.profile.organisation.id:
        return
    ack = Ack(
        box=opened.addressee.box,
        device=manifest.sender.device,
        seq=opened.addressee.seq,
        manifest_sha256=opened.manifest_sha256,
    )
    submissions = [entry.event for entry in opened.events if isinstance(entry.event.body, RequestSubmitted)]
    try:
        if submissions:
            say(session, manifest.request, RequestReceived(submission=submissions[-1].id), acks=(ack,))
        else:
            _send_receipt(session, manifest.request, manifest.sender.org, ack)
    except RuleError:
        _send_receipt(session, manifest.request, manifest.sender.org, ack)
    except CardError:
        # We cannot seal to them now (their card has run out); what they sent is kept all the same.
        session.changes.flag("cards")


def _send_receipt(session: Session, request: RequestId, org: OrganisationId, ack: Ack) -> None:
    deliver(session, request, kind="receipt", counterpart=org, events=(), samples=(), acks=(ack,))


def _quarantine(session: Session, error: BundleError, content: bytes, source: str) -> QuarantinedBundle:
    if isinstance(error, TrustError) and error.code == "key-changed":
        session.vault.cards.flag_change(
            OrganisationId(str(error.fields.get("org", ""))), str(error.fields.get("now", ""))
        )
        session.changes.flag("cards")
    digest = hash_name(content, 52)
    held = QuarantinedBundle(
        id=digest,
        door=error.door,
        code=error.code,
        fields=dict(error.fields),
        size=len(content),
        sha256=digest,
        source=source,
        at=session.world.clock.now(),
    )
    session.vault.inbox.quarantine(held, content)
    session.changes.flag("quarantine")
    return held


def deliveries(session: Session, request: RequestId) -> tuple[OutboxItem, ...]:
    """What was sealed for a request, oldest first."""
    return session.vault.outbox.bundles_of_request(request)


def box_of(session: Session) -> BoxId:
    """The name of our inbox in a store."""
    return session.box
