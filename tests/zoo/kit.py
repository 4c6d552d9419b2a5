"""What a hostile sender, carrier or store has to work with: real keys of a known organisation and of a stranger, and tools to forge with.

Nothing here goes through the doors; that is the business of test_zoo.py.
"""

from __future__ import annotations

import functools
import hashlib
import io
import zipfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from msgspec.structs import replace

from dsadesk import age
from dsadesk.bundle.card import Card, sign_card
from dsadesk.bundle.container import MIMETYPE, README
from dsadesk.bundle.manifest import PAYLOAD_TYPE
from dsadesk.bundle.proving import EVENT_TYPE
from dsadesk.bundle.seal import Destination, SealedBundle, seal
from dsadesk.bundle.signature import parse_envelope, pre_authentication, seal_envelope, sign_envelope
from dsadesk.bundle.unseal import MAX_SEALED_BYTES
from dsadesk.codec import canonical
from dsadesk.codec.base64_text import encode_base64
from dsadesk.codec.events import encode_event, time_text
from dsadesk.domain.events import Body, Event, RemarkMade, RequestSubmitted, Sample, Signature
from dsadesk.domain.ids import DeviceId, EventId, ObjectId, OrganisationId, uuid7
from dsadesk.domain.organisation import Official, Organisation
from dsadesk.sync.commit import ObjectRef, PartRef, build_commit, hash_name, part_name
from tests.support.desks import REQUESTER, SUPPLIER, Pair
from tests.support.events import REQUEST, submitted
from tests.support.parties import EncryptedSample, Party, party, sample, stream

Store = dict[str, bytes]
"""What lies in a store, by name."""
Raw = dict[str, Any]


@dataclass(frozen=True)
class Case:
    """A hostile bundle: its name, what is wrong with it, and where it must stop.

    `door` is one of the six doors, `success` (nothing happens), `success-with-warning` or `incomplete` (waited for). `first` are bundles that
    are delivered before it and taken in.
    """

    name: str
    wrong: str
    door: str
    code: str
    build: Callable[[Kit], bytes | Store]
    first: tuple[Callable[[Kit], bytes | Store], ...] = ()


CASES: dict[str, Case] = {}


def add(name: str, wrong: str, door: str, code: str, build: Callable[[Kit], bytes | Store], **more: Any) -> None:
    """Puts a case into the zoo."""
    assert name not in CASES, name
    CASES[name] = Case(name, wrong, door, code, build, **more)


def case(
    door: str, code: str, **more: Any
) -> Callable[[Callable[[Kit], bytes | Store]], Callable[[Kit], bytes | Store]]:
    """Puts a function into the zoo: its name is the case's, its docstring says what is wrong."""

    def register(build: Callable[[Kit], bytes | Store]) -> Callable[[Kit], bytes | Store]:
        add(build.__name__, str(build.__doc__), door, code, build, **more)
        return build

    return register


@dataclass
class Kit:
    """The sender is known to the receiver and compared; the stranger is not known at all."""

    sender: Party
    inbox: tuple[age.Identity, ...]
    receiver: Card
    now: datetime
    stranger: Party = field(default_factory=lambda: party("hm-treasury", "HM Treasury", "Mallory"))
    token: Callable[[int], bytes] = field(default_factory=lambda: stream("zoo"))

    @staticmethod
    def of(pair: Pair) -> Kit:
        """The requester of a pair as the sender, its supplier as the receiver."""
        asks = pair.asks
        assert asks.organisation is not None
        sender = Party(asks.organisation, asks.device, asks.profile.official, asks.card)
        return Kit(sender, asks.identities, pair.holds.card, pair.clock.now())

    # ------------------------------------------------------------ cards

    @functools.cached_property
    def own_card(self) -> bytes:
        """The sender's card as it is."""
        return self.sender.card_bytes

    def card(self, **changes: object) -> bytes:
        """A newer card of the sender, signed by its organisation."""
        card = replace(self.sender.card, version=self.sender.card.version + 1, **changes)
        return sign_card(card, self.sender.organisation.signing)

    def forged_card(self, change: Callable[[Raw], None]) -> bytes:
        """A newer card that `sign_card` would refuse to make."""
        raw: Raw = canonical.decode_loose(canonical.encode(self.sender.card))
        change(raw)
        kind = "application/vnd.dsadesk.card.v1+json"
        return sign_envelope(kind, canonical.encode(raw), self.sender.organisation.signing)

    def official(self, **changes: object) -> Card:
        """The sender's card with its one official changed."""
        entry = replace(self.sender.card.officials[0], **changes)
        return replace(self.sender.card, version=self.sender.card.version + 1, officials=(entry,))

    # ------------------------------------------------------------ events

    def event(
        self,
        body: Body | None = None,
        *,
        by: Party | None = None,
        after: Sequence[bytes] = (),
        change: Mapping[str, object] | None = None,
    ) -> bytes:
        """An event in its envelope that follows `after`, which are envelopes of the same author, the last of them its predecessor."""
        author = by or self.sender
        events = [canonical.decode_loose(payload_of(envelope, EVENT_TYPE)) for envelope in after]
        body = body or RemarkMade(text="Good morning.")
        salt = hashlib.sha256(canonical.encode([str(body), len(events), author.card.org.id])).digest()[:10]
        fields: dict[str, Any] = {
            "id": EventId(uuid7(1_772_442_000_000 + len(events), salt)),
            "request": REQUEST,
            "type": type(body).__name__,
            "schema": 1,
            "at": time_text(self.now),
            "by": author.official,
            "org": author.card.org.id,
            "device": author.device.device,
            "seq": len(events) + 1,
            "prev": hashlib.sha256(payload_of(after[-1], EVENT_TYPE)).hexdigest() if after else "",
            "after": tuple(EventId(event["id"]) for event in events[-1:]),
            "body": body,
        }
        payload = encode_event(Event(**(fields | dict(change or {}))))
        return sign_envelope(EVENT_TYPE, payload, author.device.signing)

    def forged_event(self, change: Callable[[Raw], None]) -> bytes:
        """A submission whose payload was changed before it was signed."""
        raw: Raw = canonical.decode_loose(payload_of(self.submission(), EVENT_TYPE))
        change(raw)
        return sign_envelope(EVENT_TYPE, canonical.encode(raw), self.sender.device.signing)

    def submitted(self, made: EncryptedSample | None = None, **changes: object) -> RequestSubmitted:
        """What a submission says: the requester asks the supplier, with one sample."""
        return submitted(
            **({"requester": REQUESTER, "supplier": SUPPLIER, "samples": (described(made or sample()),)} | changes)
        )

    def submission(self, made: EncryptedSample | None = None, **changes: object) -> bytes:
        """A submission as a signed event."""
        return self.event(self.submitted(made, **changes))

    # ------------------------------------------------------------ manifests

    def bundle(self, **changes: object) -> SealedBundle:
        """A bundle as the program makes it: one submission with one sample."""
        fields: dict[str, Any] = {
            "kind": "request",
            "request": REQUEST,
            "events": (self.submission(),),
            "samples": (sample().entry,),
            "own_card": self.own_card,
            "own_org": self.sender.card.org.id,
            "own_recipient": recipient(self.sender.card),
            "signer": self.sender.device,
            "destinations": (Destination(card=self.receiver, seq=1, prev=""),),
            "now": self.now,
            "entropy": self.token,
        }
        return seal(**(fields | changes))

    @functools.cached_property
    def fixed(self) -> SealedBundle:
        """One bundle, the same each time."""
        return self.bundle()

    def raw(self, bundle: SealedBundle | None = None) -> Raw:
        """A manifest as plain values."""
        value: Raw = canonical.decode_loose(canonical.encode((bundle or self.bundle()).manifest))
        return value

    def envelope(self, payload: bytes | Raw, *, by: Party | None = None, kind: str = PAYLOAD_TYPE) -> bytes:
        """A payload signed by a device."""
        data = payload if isinstance(payload, bytes) else canonical.encode(payload)
        return sign_envelope(kind, data, (by or self.sender).device.signing)

    def signatures(self, payload: bytes, kind: str = PAYLOAD_TYPE, by: Party | None = None) -> list[Signature]:
        """The pair that a device makes over a payload."""
        envelope = sign_envelope(kind, payload, (by or self.sender).device.signing)
        return list(parse_envelope(envelope, payload_type=kind, max_bytes=MAX_SEALED_BYTES).signatures)

    def encrypted(self, envelope: bytes) -> bytes:
        """An envelope as an age file for the receiver and the sender."""
        return age.encrypt(envelope, (recipient(self.receiver), recipient(self.sender.card)), self.token)

    # ------------------------------------------------------------ as a file

    def file(
        self, sealed: bytes | None = None, objects: Sequence[bytes] | None = None, bundle: SealedBundle | None = None
    ) -> bytes:
        """A bundle file."""
        made = bundle or self.bundle()
        data = [self.object(made)] if objects is None else objects
        return zipped(members(sealed or made.sealed, data))

    def object(self, bundle: SealedBundle, made: EncryptedSample | None = None) -> bytes:
        """The first object of a bundle: its header and the payload."""
        return bundle.headers[0] + (made or sample()).payload

    def with_manifest(self, change: Callable[[Raw], None]) -> bytes:
        """A bundle file whose manifest was changed before its sender signed it."""
        raw = self.raw()
        change(raw)
        return self.file(self.encrypted(self.envelope(raw)))

    def with_events(self, *events: bytes, **changes: object) -> bytes:
        """A bundle file with other events."""
        return self.file(bundle=self.bundle(events=events, **changes))

    def with_card(self, card: bytes) -> bytes:
        """A bundle file that brings another card of the sender."""

        def change(raw: Raw) -> None:
            raw["card"] = encode_base64(card)

        return self.with_manifest(change)

    def with_signatures(self, change: Callable[[list[Signature]], Sequence[Signature]]) -> bytes:
        """A bundle file whose signatures were changed after signing."""
        payload = canonical.encode(self.raw())
        envelope = seal_envelope(PAYLOAD_TYPE, payload, change(self.signatures(payload)))
        return self.file(self.encrypted(envelope))

    def flipped(self, change: Callable[[Raw], None]) -> bytes:
        """A bundle file whose manifest was changed after its sender had signed it."""
        raw = self.raw()
        before = self.signatures(canonical.encode(raw))
        change(raw)
        return self.file(self.encrypted(seal_envelope(PAYLOAD_TYPE, canonical.encode(raw), before)))

    # ------------------------------------------------------------ in a store

    def refs(self, bundle: SealedBundle, made: EncryptedSample | None = None) -> list[ObjectRef]:
        """The objects of a bundle as a commit lists them, in line."""
        payload = (made or sample()).payload
        return [
            ObjectRef(n=1, header=encode_base64(bundle.headers[0]), size=len(payload), inline=encode_base64(payload))
        ]

    def parted(self, bundle: SealedBundle, made: EncryptedSample, size: int = 40_000) -> tuple[list[ObjectRef], Store]:
        """The same with the payload in parts."""
        parts, store = self.cut(made.payload, size)
        header = encode_base64(bundle.headers[0])
        return [ObjectRef(n=1, header=header, size=len(made.payload), parts=parts)], store

    def cut(self, whole: bytes, size: int) -> tuple[tuple[PartRef, ...], Store]:
        """Bytes in parts of a size, and the parts as they lie in the receiver's inbox."""
        pieces = [whole[offset : offset + size] for offset in range(0, len(whole), size)]
        store = {part_name(self.receiver.box, self.now, piece): piece for piece in pieces}
        return tuple(PartRef(hash_name(piece, 52), len(piece)) for piece in pieces), store

    def commit(
        self, manifest: bytes | Sequence[PartRef], objects: Sequence[ObjectRef], *, at: datetime | None = None
    ) -> Store:
        """A commit in the receiver's inbox."""
        name, data = build_commit(
            self.receiver.box,
            at or self.now,
            day=self.now,
            manifest=manifest,
            objects=objects,
            recipients=(recipient(self.receiver),),
            entropy=self.token,
        )
        return {name: data}


@functools.cache
def recipient(card: Card) -> age.HybridRecipient:
    """The recipient on a card."""
    return age.HybridRecipient.parse(card.hybrid)


def described(made: EncryptedSample, **changes: object) -> Sample:
    """A sample as a submission names it."""
    entry = made.entry
    fields: dict[str, Any] = {
        "n": 1,
        "name": entry.name,
        "media": entry.media,
        "size": entry.size,
        "sha256": entry.sha256,
        "object": ObjectId(entry.object),
    }
    return Sample(**(fields | changes))


def payload_of(envelope: bytes, kind: str) -> bytes:
    """What an envelope holds."""
    return parse_envelope(envelope, payload_type=kind, max_bytes=MAX_SEALED_BYTES).payload


def signed_bytes(payload: bytes, kind: str = PAYLOAD_TYPE) -> bytes:
    """What a signature is made over."""
    return pre_authentication(kind, payload)


def members(sealed: bytes, objects: Sequence[bytes]) -> list[tuple[str, bytes]]:
    """The members of a bundle file."""
    numbered = [(f"a/{n:04d}.age", data) for n, data in enumerate(objects, 1)]
    return [("mimetype", MIMETYPE), ("README.txt", README), ("m.age", sealed), *numbered]


def zipped(entries: Sequence[tuple[str, bytes]], **changes: Any) -> bytes:
    """A ZIP of stored members, written by the standard library as our writer would. `changes` are set on every member."""
    sink = io.BytesIO()
    with zipfile.ZipFile(sink, "w") as archive:
        for name, data in entries:
            archive.writestr(member(name, **changes), data)
    return sink.getvalue()


def member(name: str, **changes: Any) -> zipfile.ZipInfo:
    """A member as our writer describes it, but for `changes`."""
    info = zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))
    info.external_attr = 0o100600 << 16
    info.create_system = 3
    for attribute, value in changes.items():
        setattr(info, attribute, value)
    return info


def patched(data: bytes, at: int, new: bytes) -> bytes:
    """Some bytes written over others."""
    return data[:at] + new + data[at + len(new) :]


def colleague_of(sender: Party) -> Party:
    """A second official of the sender's organisation, who is on no card yet."""
    other = party(sender.card.org.id, sender.card.org.name, "Dafydd Rees", salt="colleague")
    return Party(sender.organisation, other.device, other.official, sender.card)


def renamed(organisation: Organisation, name: str) -> Organisation:
    """An organisation under another name."""
    return Organisation(organisation.id, name)


def someone(name: str = "Somebody else") -> Official:
    """An official who is on nobody's card."""
    return party("another-council", "Another Council", name).official


LATER = timedelta(hours=1)
OTHER_DEVICE = DeviceId("0" * 32)
OTHER_ORGANISATION = Organisation(OrganisationId("another-council"), "Another Council")
