"""Unseals through ordered doors: decrypt → manifest → signatures → trust → contents. Behind each, less has to be believed.

(The door before these, the container, is where the bytes came from: `container.py` for a file, `sync.commit` for a store.) What fails is
raised as the door's own error with fields; what passes comes with evidence.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from datetime import datetime
from typing import BinaryIO

from msgspec import Struct
from msgspec.structs import replace

from dsadesk import age
from dsadesk.bundle.card import Card, read_card
from dsadesk.bundle.manifest import (
    MAX_MANIFEST_BYTES,
    PAYLOAD_TYPE,
    Addressee,
    FileEntry,
    Manifest,
    parse_manifest,
    reader_id,
)
from dsadesk.bundle.names import is_file_name
from dsadesk.bundle.objects import open_named
from dsadesk.bundle.proving import EVENT_TYPE, prove_author
from dsadesk.bundle.sign_off import check_submission
from dsadesk.bundle.signature import Envelope, parse_envelope, require_pair
from dsadesk.bundle.trust import Directory, Evidence, HowKnown, KnownCard, RememberingDirectory, find_signer, judge
from dsadesk.codec.base64_text import decode_base64
from dsadesk.codec.events import MAX_EVENT_BYTES, decode_event, parse_time
from dsadesk.domain.events import Event, RequestSubmitted, SignOffAsked
from dsadesk.domain.ids import BoxId
from dsadesk.errors import (
    CardError,
    ContentsError,
    DecryptError,
    Field,
    ManifestError,
    SignatureError,
    TrustError,
)

MAX_SEALED_BYTES = 3 * MAX_MANIFEST_BYTES


class OpenedEvent(Struct, frozen=True, kw_only=True):
    """An event whose signatures held, with the evidence for its author and the exact envelope."""

    event: Event
    evidence: Evidence
    envelope: bytes


class OpenedBundle(Struct, frozen=True, kw_only=True):
    """A bundle that passed the doors up to its events. Its objects are checked one by one with `open_object`."""

    manifest: Manifest
    manifest_sha256: str
    addressee: Addressee
    evidence: Evidence
    events: tuple[OpenedEvent, ...]
    sender_card: Card
    sender_card_bytes: bytes


def unseal(
    sealed: bytes,
    *,
    box: BoxId,
    identities: Sequence[age.Identity],
    directory: Directory,
    now: datetime,
) -> OpenedBundle:
    """Opens a sealed manifest that arrived in one of our inboxes.

    Raises: DecryptError, ManifestError, SignatureError, TrustError, ContentsError; whichever door it stopped at.
    """
    envelope_bytes = _decrypt(sealed, identities)
    envelope = _envelope(envelope_bytes)
    manifest = parse_manifest(envelope.payload)
    addressee = manifest.addressee_of(box)
    if addressee is None:
        raise ManifestError("forwarded", org=manifest.sender.org)
    directory = RememberingDirectory(directory)
    introduced, card_bytes = _introduced(manifest, now)
    signer = find_signer(manifest.sender.org, manifest.sender.device, directory, introduced)
    if signer.official.keys.ids != manifest.sender.kid:
        raise SignatureError("signer-keys", org=manifest.sender.org)
    require_pair(envelope, signer.official.keys)
    evidence = judge(signer, parse_time(manifest.created), now)
    if _has_other_readers(manifest, introduced.card):
        evidence = replace(evidence, warnings=(*evidence.warnings, "other-readers"))
    return OpenedBundle(
        manifest=manifest,
        manifest_sha256=hashlib.sha256(envelope.payload).hexdigest(),
        addressee=addressee,
        evidence=evidence,
        events=tuple(_event(text, manifest, directory, introduced, now) for text in manifest.events),
        sender_card=introduced.card,
        sender_card_bytes=card_bytes,
    )


def open_object(entry: FileEntry, header: bytes, payload: BinaryIO, identities: Sequence[age.Identity]) -> bytes:
    """Checks an object against the signed manifest by decrypting all of it to nowhere, and returns its file key. `payload` is seekable.

    Raises: ContentsError("object-header" | "object-size" | "object-altered" | "object-plaintext", n, name).
    """
    fields: dict[str, Field] = {"n": entry.n, "name": entry.name}
    try:
        parsed, length = age.parse_header(header)
        if length != len(header):
            raise ContentsError("object-header", **fields)
        file_key = age.unwrap(parsed, identities)
    except age.AgeError as error:
        raise ContentsError("object-header", **fields) from error
    if age.payload_size(entry.size) != entry.payload_size:
        raise ContentsError("object-size", **fields)
    try:
        info = open_named(payload, entry.object, file_key, limit=entry.size)
    except age.AgeError as error:
        raise ContentsError("object-altered", **fields) from error
    if info is None or info.plain_size != entry.size:
        raise ContentsError("object-altered", **fields)
    if info.plain_sha256 is None or info.plain_sha256.hex() != entry.sha256:
        raise ContentsError("object-plaintext", **fields)
    return file_key


def _decrypt(sealed: bytes, identities: Sequence[age.Identity]) -> bytes:
    if len(sealed) > MAX_SEALED_BYTES:
        raise DecryptError("too-large", size=len(sealed), limit=MAX_SEALED_BYTES)
    try:
        return age.decrypt(sealed, identities, limit=MAX_SEALED_BYTES)
    except age.NoMatchError as error:
        raise DecryptError("not-for-us") from error
    except age.AgeError as error:
        raise DecryptError("damaged", why=error.code) from error


def _envelope(data: bytes) -> Envelope:
    try:
        return parse_envelope(data, payload_type=PAYLOAD_TYPE, max_bytes=MAX_SEALED_BYTES)
    except SignatureError as error:
        raise ManifestError(error.code, **error.fields) from error


def _has_other_readers(manifest: Manifest, card: Card) -> bool:
    """Whether the sender says that somebody may read it who is neither an addressee nor the sender's own inbox."""
    return not set(manifest.readers) <= {reader_id(card.hybrid), *(to.rid for to in manifest.to)}


def _introduced(manifest: Manifest, now: datetime) -> tuple[KnownCard, bytes]:
    try:
        raw = decode_base64(manifest.card)
        card = read_card(raw)
    except ValueError as error:
        raise ManifestError("card", org=manifest.sender.org) from error
    except CardError as error:
        raise ManifestError("card", org=manifest.sender.org, why=error.code) from error
    if card.org.id != manifest.sender.org:
        raise TrustError("card-of-another", org=manifest.sender.org, card=card.org.id)
    return KnownCard(card=card, how=HowKnown.INTRODUCED_ITSELF, first_seen_at=now), raw


def _event(text: str, manifest: Manifest, directory: Directory, introduced: KnownCard, now: datetime) -> OpenedEvent:
    try:
        envelope_bytes = decode_base64(text)
    except ValueError as error:
        raise ContentsError("event-encoding") from error
    opened = open_event(envelope_bytes, directory=directory, introduced=introduced, now=now, request=manifest.request)
    # Checked on arrival only: a post or a name may change later on the card, and what was said before stays as it was said.
    if opened.event.by != opened.evidence.official:
        raise ContentsError("event-author", event=opened.event.id, why="other-name")
    body = opened.event.body
    draft = body.draft if isinstance(body, SignOffAsked) else body
    if isinstance(draft, RequestSubmitted) and not all(is_file_name(sample.name) for sample in draft.samples):
        raise ContentsError("event-body", type=opened.event.type, why="sample name")
    if isinstance(body, RequestSubmitted) and body.sign_offs:
        envelope = parse_envelope(envelope_bytes, payload_type=EVENT_TYPE, max_bytes=2 * MAX_EVENT_BYTES)
        check_submission(
            envelope.payload,
            body,
            request=opened.event.request,
            directory=directory,
            introduced=introduced,
            event=opened.event.id,
        )
    return opened


def open_event(
    envelope_bytes: bytes, *, directory: Directory, introduced: KnownCard | None, now: datetime, request: str
) -> OpenedEvent:
    """Checks one signed event by itself, as it arrives or is made.

    Raises: ContentsError("event-envelope" | "event-other-request" | "event-signature" | "event-author" | …).
    """
    try:
        envelope = parse_envelope(envelope_bytes, payload_type=EVENT_TYPE, max_bytes=2 * MAX_EVENT_BYTES)
    except SignatureError as error:
        raise ContentsError("event-envelope", why=error.code) from error
    event = decode_event(envelope.payload)
    if event.request != request:
        raise ContentsError("event-other-request", event=event.id)
    evidence = prove_author(event, envelope, directory=directory, introduced=introduced, now=now)
    return OpenedEvent(event=event, evidence=evidence, envelope=envelope_bytes)
