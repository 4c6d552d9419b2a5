"""Seals: signs and encrypts in one act. There is no way to do the one without the other."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Callable, Sequence
from datetime import datetime

from msgspec import Struct

from dsadesk import age
from dsadesk.bundle.card import Card, recipient_of
from dsadesk.bundle.identity import Identity
from dsadesk.bundle.manifest import PAYLOAD_TYPE, VERSION, Ack, Addressee, FileEntry, Manifest, Sender, reader_id
from dsadesk.bundle.signature import sign_envelope
from dsadesk.codec import canonical
from dsadesk.codec.events import time_text
from dsadesk.domain.ids import BundleId, ObjectId, OrganisationId, RequestId
from dsadesk.errors import CardError


class Destination(Struct, frozen=True, kw_only=True):
    """An inbox to seal for, with the next position in our chain to it."""

    card: Card
    seq: int
    prev: str


class SampleToSeal(Struct, frozen=True, kw_only=True):
    """An encrypted object to send along. Only its age header is made anew; the payload stays as it lies."""

    object: ObjectId
    payload_size: int
    name: str
    media: str
    size: int
    sha256: str
    file_key: bytes

    def __repr__(self) -> str:
        return f"SampleToSeal({self.object})"


class SealedBundle(Struct, frozen=True, kw_only=True):
    """The sealed manifest as an age file, and an age header for each object's payload."""

    id: BundleId
    manifest: Manifest
    manifest_sha256: str
    sealed: bytes
    headers: tuple[bytes, ...]


def seal(
    *,
    kind: str,
    request: RequestId,
    events: Sequence[bytes],
    samples: Sequence[SampleToSeal],
    own_card: bytes,
    own_org: OrganisationId,
    own_recipient: age.HybridRecipient,
    signer: Identity,
    destinations: Sequence[Destination],
    now: datetime,
    entropy: Callable[[int], bytes],
    acks: Sequence[Ack] = (),
) -> SealedBundle:
    """Seals signed events and samples for one or more inboxes, and for ourselves to read again.

    The cost does not depend on the samples' sizes. Raises: CardError("card-expired", org) for an inbox whose card has run out.
    """
    for destination in destinations:
        if destination.card.is_expired(now):
            raise CardError("card-expired", org=destination.card.org.id, expires=destination.card.expires)
    recipients = {destination.card.hybrid: recipient_of(destination.card) for destination in destinations}
    recipients[str(own_recipient)] = own_recipient
    manifest = Manifest(
        v=VERSION,
        kind=kind,
        id=BundleId(entropy(16).hex()),
        request=request,
        created=time_text(now),
        sender=Sender(org=own_org, device=signer.device, kid=signer.signing.public.ids),
        to=tuple(
            Addressee(org=d.card.org.id, rid=reader_id(d.card.hybrid), box=d.card.box, seq=d.seq, prev=d.prev)
            for d in destinations
        ),
        readers=tuple(sorted(reader_id(text) for text in recipients)),
        events=tuple(base64.b64encode(event).decode() for event in events),
        card=base64.b64encode(own_card).decode(),
        files=tuple(
            FileEntry(
                n=n,
                object=sample.object,
                payload_size=sample.payload_size,
                name=sample.name,
                media=sample.media,
                size=sample.size,
                sha256=sample.sha256,
            )
            for n, sample in enumerate(samples, 1)
        ),
        acks=tuple(acks),
    )
    payload = canonical.encode(manifest)
    everyone = tuple(recipients.values())
    return SealedBundle(
        id=manifest.id,
        manifest=manifest,
        manifest_sha256=hashlib.sha256(payload).hexdigest(),
        sealed=age.encrypt(sign_envelope(PAYLOAD_TYPE, payload, signer.signing), everyone, entropy),
        headers=tuple(age.wrap(sample.file_key, everyone, entropy) for sample in samples),
    )
