"""Two organisations with keys and cards, for tests of what travels between them. Everything is derived from fixed seeds."""

from __future__ import annotations

import hashlib
import io
import itertools
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from msgspec.structs import replace

from dsadesk import age
from dsadesk.bundle.card import Card, CardOfficial, sign_card
from dsadesk.bundle.identity import Identity, identity_from_seed
from dsadesk.bundle.objects import object_name
from dsadesk.bundle.proving import EVENT_TYPE
from dsadesk.bundle.seal import Destination, SampleToSeal, SealedBundle, seal
from dsadesk.bundle.signature import sign_envelope
from dsadesk.bundle.trust import HowKnown, KnownCard
from dsadesk.codec.events import encode_event, time_text
from dsadesk.domain.events import Body, Event, RemarkMade
from dsadesk.domain.ids import EventId, OrganisationId, PersonId, uuid7
from dsadesk.domain.organisation import Official, Organisation
from tests.support.events import REQUEST

NOW = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)


def stream(name: str) -> Callable[[int], bytes]:
    """Bytes that look random and are the same each time."""
    numbers = itertools.count()

    def token(size: int) -> bytes:
        block = b""
        while len(block) < size:
            block += hashlib.sha256(f"{name}/{next(numbers)}".encode()).digest()
        return block[:size]

    return token


@dataclass(frozen=True)
class Party:
    """An organisation with one official."""

    organisation: Identity
    device: Identity
    official: Official
    card: Card

    @property
    def card_bytes(self) -> bytes:
        return sign_card(self.card, self.organisation.signing)

    def with_card(self, **changes: object) -> Party:
        return Party(self.organisation, self.device, self.official, replace(self.card, **changes))


def party(org: str, name: str, person: str, *, salt: str = "") -> Party:
    organisation = identity_from_seed(hashlib.sha256(f"{org}{salt}/organisation".encode()).digest())
    device = identity_from_seed(hashlib.sha256(f"{org}{salt}/{person}".encode()).digest())
    official = Official(PersonId(f"person-{person}"), person, "Analyst")
    card = Card(
        v=1,
        org=Organisation(OrganisationId(org), name),
        version=1,
        issued=time_text(NOW - timedelta(days=30)),
        expires=time_text(NOW + timedelta(days=300)),
        keys=organisation.signing.public,
        x25519=str(organisation.x25519.recipient),
        hybrid=str(organisation.hybrid.recipient),
        inboxes=(),
        officials=(
            CardOfficial(
                official=official,
                device=device.device,
                keys=device.signing.public,
                roles=("admin",),
                since=time_text(NOW - timedelta(days=30)),
            ),
        ),
    )
    return Party(organisation, device, official, card)


DWP = party("department-for-work-pensions", "Department for Work and Pensions", "Priya Shah")
VOA = party("valuation-office-agency", "Valuation Office Agency", "Gwen Ellis")
MALLORY = party("hm-treasury", "HM Treasury", "Mallory")


class Known:
    """A directory of the cards that are given."""

    def __init__(self, *parties: Party, how: HowKnown = HowKnown.CHECKED, changed_to: str = "") -> None:
        self._cards = {p.card.org.id: p.card for p in parties}
        self._how, self._changed_to = how, changed_to

    def former(self, org: OrganisationId) -> tuple[KnownCard, ...]:
        del org
        return ()

    def known(self, org: OrganisationId) -> KnownCard | None:
        card = self._cards.get(org)
        if card is None:
            return None
        return KnownCard(card=card, how=self._how, first_seen_at=NOW - timedelta(days=9), changed_to=self._changed_to)


def signed_event(author: Party, body: Body | None = None, **changes: object) -> bytes:
    """An event in its envelope, signed by an official."""
    fields: dict[str, object] = {
        "id": EventId(uuid7(1_700_000_000_500, b"abcdefghij")),
        "request": REQUEST,
        "type": type(body or RemarkMade(text="")).__name__,
        "schema": 1,
        "at": time_text(NOW),
        "by": author.official,
        "org": author.card.org.id,
        "device": author.device.device,
        "seq": 1,
        "prev": "",
        "after": (),
        "body": body or RemarkMade(text="A plain remark with a ŵ in it."),
    }
    event = Event(**(fields | changes))  # type: ignore[arg-type]
    return sign_envelope(EVENT_TYPE, encode_event(event), author.device.signing)


@dataclass(frozen=True)
class EncryptedSample:
    """A sample as the vault keeps it: payload and file key."""

    payload: bytes
    entry: SampleToSeal


def sample(plain: bytes = b"site,ecoli\nA,12\n", name: str = "sample.csv") -> EncryptedSample:
    token = stream(f"sample/{name}/{len(plain)}")
    file_key, nonce, sink = token(16), token(16), io.BytesIO()
    info = age.encrypt_payload(file_key, nonce, io.BytesIO(plain), sink, sha256=True)
    assert info.plain_sha256 is not None
    entry = SampleToSeal(
        object=object_name(file_key, nonce, info.plain_size, info.plain_sha256),
        payload_size=len(sink.getvalue()),
        name=name,
        media="text/csv",
        size=info.plain_size,
        sha256=info.plain_sha256.hex(),
        file_key=file_key,
    )
    return EncryptedSample(sink.getvalue(), entry)


def sealed(
    sender: Party = DWP,
    receiver: Party = VOA,
    *,
    seq: int = 1,
    prev: str = "",
    samples: tuple[EncryptedSample, ...] = (),
    **changes: object,
) -> SealedBundle:
    """A bundle from one to the other, with one event."""
    fields: dict[str, object] = {
        "kind": "request",
        "request": REQUEST,
        "events": (signed_event(sender),),
        "samples": [s.entry for s in samples],
        "own_card": sender.card_bytes,
        "own_org": sender.card.org.id,
        "own_recipient": sender.organisation.hybrid.recipient,
        "signer": sender.device,
        "destinations": (Destination(card=receiver.card, seq=seq, prev=prev),),
        "now": NOW,
        "entropy": stream("bundle"),
    }
    return seal(**(fields | changes))  # type: ignore[arg-type]
