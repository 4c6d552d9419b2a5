"""Taking in a bundle: through the doors, its objects copied and checked, and kept in one transaction with the answer that it calls for."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import BinaryIO

from dsadesk.bundle.chain import Chain, gaps_from_bytes, gaps_to_bytes
from dsadesk.bundle.container import BundleFile, Parcel
from dsadesk.bundle.manifest import SIGN_OFF, Ack, FileEntry
from dsadesk.bundle.trust import Evidence
from dsadesk.bundle.unseal import OpenedBundle, OpenedEvent, open_object, unseal
from dsadesk.domain.events import Event, RequestReceived, RequestSubmitted, SignOffAsked, SignOffGiven
from dsadesk.domain.ids import BoxId, BundleId, DeviceId, ObjectId, RequestId
from dsadesk.domain.request import fold
from dsadesk.domain.sign_off import review_of
from dsadesk.errors import (
    BundleError,
    CardError,
    ContentsError,
    DamagedVaultError,
    ManifestError,
    RuleError,
    TrustError,
)
from dsadesk.ports import AttachedSample, ChainHead, ObjectWriter
from dsadesk.services.agreement_text import check_agreement_event
from dsadesk.services.holding import Content, hold
from dsadesk.services.keeping_cards import ARRIVED_IN_BUNDLE, pin_card
from dsadesk.services.projecting import project
from dsadesk.services.reading import read_event, review_state, state_of
from dsadesk.services.receipts import acks_for, hold_position, take_acks
from dsadesk.services.session import Session
from dsadesk.services.sign_off_events import check_sign_off_event
from dsadesk.services.speaking import deliver, say, stored_event
from dsadesk.sync.posting import Post, on_the_spot


@dataclass(frozen=True)
class TakenIn:
    """A bundle that passed every door."""

    bundle: BundleId
    request: RequestId
    kind: str
    evidence: Evidence
    event_types: tuple[str, ...]
    warnings: tuple[str, ...] = ()


def import_bundle(session: Session, handle: BinaryIO, source: str) -> TakenIn | None:
    """Takes in a `.dsabundle` file. None when it was taken in before.

    Raises: BundleError; the file then lies in quarantine, or only its hash when it is larger than 64 MiB.
    """
    try:
        return take_in(session, BundleFile(handle))
    except BundleError as error:
        hold(session, error, Content.read(handle), source)
        raise


def take_in(session: Session, parcel: Parcel, post: Post = on_the_spot) -> TakenIn | None:
    """Brings a parcel through the doors and keeps what it carries, in one transaction. The vault is only used by `post`.

    None when it is our own or was taken in before. Raises: BundleError, IncompleteError, DiskFullError.
    """
    opened = post(lambda: _look_into(session, parcel))
    if opened is None:
        return None
    copies = _Copies(session, post)
    try:
        for entry in opened.manifest.files:
            copies.fetch(parcel, entry)
        return post(lambda: _take_opened(session, opened, copies))
    finally:
        copies.close()


def _look_into(session: Session, parcel: Parcel) -> OpenedBundle | None:
    """Takes a parcel through the doors before its objects. None when there is nothing new in it."""
    opened = unseal(
        parcel.sealed,
        box=session.box,
        identities=session.identities,
        directory=session.directory,
        now=session.world.clock.now(),
    )
    if opened.addressee.org != session.profile.organisation.id:
        # An inbox and its organisation are one; a sender who names them apart means somebody else.
        raise ManifestError("forwarded", org=opened.manifest.sender.org)
    parcel.require(opened.manifest.files)
    if _is_known(session, opened):
        return None
    _check_chain(session, opened)
    return opened


def _is_known(session: Session, opened: OpenedBundle) -> bool:
    """Whether it is our own, or was taken in before, perhaps by another way while its objects were fetched."""
    own = opened.manifest.sender.device == session.device.device
    return own or session.vault.inbox.has_seen(_seen_as(opened))


def _take_opened(session: Session, opened: OpenedBundle, copies: _Copies) -> TakenIn | None:
    if _is_known(session, opened):
        return None
    manifest = opened.manifest
    chain, warnings = _check_chain(session, opened)
    keys = copies.keep()
    with session.vault.transaction():
        _keep(session, opened, keys)
        _keep_chain(session, opened, chain)
        hold_position(session, opened)
        take_acks(session, opened)
        _answer(session, opened)
        project(session, manifest.request, state_of(session, manifest.request))
        if manifest.sender.org == session.profile.organisation.id:
            _project_sign_offs(session, opened)
    session.changes.request(manifest.request)
    return TakenIn(
        bundle=manifest.id,
        request=manifest.request,
        kind=manifest.kind,
        evidence=opened.evidence,
        event_types=tuple(entry.event.type for entry in opened.events),
        warnings=(*opened.evidence.warnings, *warnings),
    )


def _project_sign_offs(session: Session, opened: OpenedBundle) -> None:
    """Shows anew what a colleague's bundle changed beside its own request: the draft that was signed off, or the question that a seal ended."""
    review = review_of(opened.manifest.request)
    if review_state(session, review) is not None:
        project(session, review, None)
    for entry in opened.events:
        if isinstance(entry.event.body, SignOffGiven):
            session.changes.request(entry.event.body.statement.request)


def _seen_as(opened: OpenedBundle) -> BundleId:
    """What a bundle is remembered by: the hash of what was signed. Its id alone could be used first by somebody who had read it."""
    return BundleId(opened.manifest_sha256)


def _check_chain(session: Session, opened: OpenedBundle) -> tuple[Chain, tuple[str, ...]]:
    """Puts the bundle in its place among those of its device. Raises: TrustError("two-contents" | "chain-broken")."""
    to, sender = opened.addressee, opened.manifest.sender
    head = session.vault.inbox.chain_head(to.box, sender.device)
    kept = session.vault.settings.read(_gaps_name(to.box, sender.device))
    gaps = gaps_from_bytes(kept) if kept else ()
    chain = Chain(seq=head.seq, manifest_sha256=head.manifest_sha256, gaps=gaps) if head else Chain()
    warnings = ("gap",) if to.seq > chain.seq + 1 else ()
    return chain.with_next(to, opened.manifest_sha256, sender), warnings


def _keep_chain(session: Session, opened: OpenedBundle, chain: Chain) -> None:
    box, device = opened.addressee.box, opened.manifest.sender.device
    session.vault.inbox.move_chain_head(box, device, ChainHead(seq=chain.seq, manifest_sha256=chain.manifest_sha256))
    if chain.gaps:
        session.vault.settings.write(_gaps_name(box, device), gaps_to_bytes(chain.gaps))
    else:
        session.vault.settings.remove(_gaps_name(box, device))


def _gaps_name(box: BoxId, device: DeviceId) -> str:
    return f"gaps.{box}.{device}"


class _Copies:
    """The objects of a bundle, copied from where it lies to where the vault keeps such, and checked against the signed manifest."""

    def __init__(self, session: Session, post: Post) -> None:
        self._session = session
        self._post = post
        self._writers: list[tuple[ObjectId, ObjectWriter]] = []
        self._keys: dict[int, bytes] = {}

    def fetch(self, parcel: Parcel, entry: FileEntry) -> None:
        """Copies an object's encrypted payload, unless the vault has it, and checks it. Raises: BundleError, IncompleteError, StoreError."""
        objects, header, identities = self._session.vault.objects, parcel.header(entry.n), self._session.identities
        known = self._post(lambda: objects.open(entry.object) if objects.has(entry.object) else None)
        if known is not None:
            with known:
                self._keys[entry.n] = open_object(entry, header, known, identities)
            return
        writer = self._post(objects.create)
        self._writers.append((entry.object, writer))
        with parcel.payload(entry.n) as payload:
            _copy(payload, writer.file, entry)
        writer.file.flush()
        writer.file.seek(0)
        self._keys[entry.n] = open_object(entry, header, writer.file, identities)

    def keep(self) -> dict[int, bytes]:
        """Gives every copy its name in the vault. Returns the objects' file keys by number."""
        for name, writer in self._writers:
            writer.commit(name)
        return self._keys

    def close(self) -> None:
        """Removes what was copied and not kept."""
        for _, writer in self._writers:
            writer.abort()


def _copy(source: BinaryIO, sink: BinaryIO, entry: FileEntry) -> None:
    """Copies as many bytes as were signed for, and not one more. Raises: ContentsError("object-size")."""
    left = entry.payload_size
    while chunk := source.read(min(left + 1, 1024 * 1024)):
        left -= len(chunk)
        if left < 0:
            raise ContentsError("object-size", n=entry.n, name=entry.name)
        sink.write(chunk)


def _keep(session: Session, opened: OpenedBundle, keys: dict[int, bytes]) -> None:
    vault, manifest = session.vault, opened.manifest
    if _has_a_reason_to_be_known(session, opened):
        # A key is pinned for a reason: a mere receipt could otherwise be the first to speak under anybody's name.
        try:
            pin_card(session, opened.sender_card, opened.sender_card_bytes, arrived=ARRIVED_IN_BUNDLE)
        except CardError as error:
            raise TrustError("key-changed", **error.fields) from error
    _check_parties(session, opened)
    for entry in opened.events:
        check_agreement_event(session, entry.event, opened)
        check_sign_off_event(session, entry.event, manifest.kind)
        try:
            vault.events.append((stored_event(entry.event, entry.envelope),))
        except DamagedVaultError as error:
            raise ContentsError("event-rewritten", event=entry.event.id) from error
    state = state_of(session, manifest.request)
    # A submission out of turn has no effect, and one that came before has had it: neither may put its samples in place of others.
    counts = {state.submission_event.id, *(event.id for event in state.waiting)} if state else set()
    for entry in opened.events:
        if entry.event.id in counts or isinstance(entry.event.body, SignOffAsked):
            _keep_samples(session, entry, manifest.files, keys)
    vault.inbox.mark_seen(_seen_as(opened), manifest.sender.org, session.world.clock.now())


def _has_a_reason_to_be_known(session: Session, opened: OpenedBundle) -> bool:
    """Whether the sender's card is one that we hold, or they bring a request, or have a part in one that we know."""
    org = opened.manifest.sender.org
    if session.vault.cards.get(org) is not None:
        return True
    known = state_of(session, opened.manifest.request)
    if known is not None and known.side_of(org) is not None:
        return True
    return any(isinstance(entry.event.body, RequestSubmitted) for entry in opened.events)


def _check_parties(session: Session, opened: OpenedBundle) -> None:
    """Refuses events about a request that is not between the sender and us, so that nobody can speak into another's conversation.

    Raises: ContentsError("not-our-request" | "sender-not-a-party" | "party-name").
    """
    own, sender = session.profile.organisation.id, opened.manifest.sender.org
    if opened.manifest.kind == SIGN_OFF:
        if sender != own:
            raise ContentsError("sign-off-stranger", org=sender)
        return
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
        if any(isinstance(entry.event.body, RequestSubmitted) for entry in opened.events):
            raise ContentsError("sender-not-a-party", org=sender)
        return  # the submission is still on its way
    if state.side_of(own) is None:
        raise ContentsError("not-our-request", org=sender)
    if state.side_of(sender) is None:
        raise ContentsError("sender-not-a-party", org=sender)


def _keep_samples(session: Session, entry: OpenedEvent, files: Sequence[FileEntry], keys: dict[int, bytes]) -> None:
    body = entry.event.body.draft if isinstance(entry.event.body, SignOffAsked) else entry.event.body
    if not isinstance(body, RequestSubmitted):
        return
    by_object = {file.object: file for file in files}
    for sample in body.samples:
        file = by_object.get(sample.object)
        if file is None or (file.sha256, file.size, file.name) != (sample.sha256, sample.size, sample.name):
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


def _answer(session: Session, opened: OpenedBundle) -> None:
    """Says that it arrived: by an event for a submission, else by a receipt. Receipts are never answered."""
    manifest = opened.manifest
    if manifest.kind == "receipt" or manifest.sender.org == session.profile.organisation.id:
        return
    if session.vault.cards.get(manifest.sender.org) is None:
        return  # whom we do not know, and who asks for nothing, is told nothing
    acks = acks_for(session, opened.addressee.box, manifest.sender.device)
    submissions = [entry.event for entry in opened.events if isinstance(entry.event.body, RequestSubmitted)]
    try:
        if not (submissions and _say_received(session, manifest.request, submissions[-1], acks)):
            deliver(
                session,
                manifest.request,
                kind="receipt",
                counterpart=manifest.sender.org,
                events=(),
                samples=(),
                acks=acks,
            )
    except CardError:
        # We cannot seal to them now (their card has run out); what they sent is kept all the same.
        session.changes.flag("cards")


def _say_received(session: Session, request: RequestId, submission: Event, acks: Sequence[Ack]) -> bool:
    """Says that a submission arrived. False when the rules do not allow it, as when a colleague has said so already."""
    try:
        say(session, request, RequestReceived(submission=submission.id), acks=acks)
    except RuleError:
        return False
    return True
