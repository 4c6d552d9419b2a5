"""Saying something about a request: decide, sign, keep, seal and put in the outbox, all at once or not at all."""

from __future__ import annotations

from collections.abc import Sequence

from dsadesk import age
from dsadesk.bundle.card import Card
from dsadesk.bundle.manifest import Ack
from dsadesk.bundle.proving import EVENT_TYPE
from dsadesk.bundle.seal import Destination, SampleToSeal, SealedBundle, seal
from dsadesk.bundle.signature import sign_envelope
from dsadesk.bundle.unseal import open_event, unseal
from dsadesk.codec.events import SCHEMA, encode_event, time_text, type_name
from dsadesk.domain.decide import decide
from dsadesk.domain.events import Body, Event
from dsadesk.domain.ids import BoxId, EventId, OrganisationId, RequestId, uuid7
from dsadesk.domain.organisation import Side
from dsadesk.domain.request import RequestState
from dsadesk.errors import RuleError
from dsadesk.ports import AttachedSample, DeliveryState, OutboxItem, OutboxObject, StoredEvent
from dsadesk.services.giving_roles import require_role
from dsadesk.services.keeping_cards import partner_card
from dsadesk.services.projecting import project
from dsadesk.services.reading import require_state, state_of
from dsadesk.services.session import Session


def say(session: Session, request: RequestId, body: Body, acks: Sequence[Ack] = ()) -> Event:
    """Says something about a request and puts it in the outbox for the other side.

    Raises: RuleError when the rules say no, CardError when the other side cannot be sealed to.
    """
    state = require_state(session, request)
    side = state.side_of(session.profile.organisation.id)
    if side is None:
        raise RuleError("not-a-party", org=session.profile.organisation.id)
    counterpart = state.supplier if side is Side.REQUESTER else state.requester
    with session.vault.transaction():
        event = sign_event(session, request, state, body)
        deliver(session, request, kind="reply", counterpart=counterpart.id, events=(event,), samples=(), acks=acks)
        project(session, request, state_of(session, request))
    return event


def sign_event(session: Session, request: RequestId, state: RequestState | None, body: Body) -> Event:
    """Decides, signs and keeps an event. Raises: RuleError."""
    body = decide(state, body, session.profile.organisation.id)
    return record(session, request, body, after=state.heads if state else ())


def record(session: Session, request: RequestId, body: Body, *, after: Sequence[EventId]) -> Event:
    """Signs and keeps an event that was decided. Opened again at once, as the receiver will."""
    profile, now = session.profile, session.world.clock.now()
    require_role(session, type(body))
    last = session.vault.events.last_of_device(request, session.device.device)
    event = Event(
        id=EventId(uuid7(int(now.timestamp() * 1000), session.world.entropy.token(10))),
        request=request,
        type=type_name(body),
        schema=SCHEMA,
        at=time_text(now),
        by=profile.official,
        org=profile.organisation.id,
        device=session.device.device,
        seq=1 if last is None else last.seq + 1,
        prev="" if last is None else last.sha256,
        after=tuple(sorted(after)),
        body=body,
    )
    payload = encode_event(event)
    envelope = sign_envelope(EVENT_TYPE, payload, session.device.signing)
    signed = open_event(envelope, directory=session.directory, introduced=None, now=now, request=request).event
    session.vault.events.append((stored_event(signed, envelope),))
    session.changes.request(request)
    return signed


def stored_event(event: Event, envelope: bytes) -> StoredEvent:
    """An event as the vault keeps it."""
    return StoredEvent(
        id=event.id,
        request=event.request,
        type=event.type,
        at=event.at,
        org=event.org,
        device=event.device,
        seq=event.seq,
        sha256=event.sha256,
        envelope=envelope,
    )


def deliver(
    session: Session,
    request: RequestId,
    *,
    kind: str,
    counterpart: OrganisationId,
    events: Sequence[Event],
    samples: Sequence[AttachedSample],
    acks: Sequence[Ack] = (),
) -> SealedBundle:
    """Seals events and samples for the other side, and for our own inbox when colleagues read it too, and journals them.

    `counterpart` may be our own organisation: then only colleagues can open it. What was sealed is opened again before it counts. Raises: CardError, RuleError("no-card").
    """
    own = session.card
    cards = [own if counterpart == own.org.id else partner_card(session, counterpart)]
    if len(own.officials) > 1 and kind != "receipt" and cards != [own]:
        cards.append(own)
    envelopes = {stored.id: stored.envelope for stored in session.vault.events.of_request(request)}
    bundle = seal(
        kind=kind,
        request=request,
        events=[envelopes[event.id] for event in events],
        samples=[_to_seal(session, sample) for sample in samples],
        own_card=session.card_bytes,
        own_org=session.profile.organisation.id,
        own_recipient=session.require_inbox().hybrid.recipient,
        signer=session.device,
        destinations=[_destination(session, card) for card in cards],
        now=session.world.clock.now(),
        entropy=session.world.entropy.token,
        acks=acks,
    )
    _reopen(session, bundle, samples)
    _journal(session, bundle, cards, samples)
    return bundle


def _to_seal(session: Session, sample: AttachedSample) -> SampleToSeal:
    return SampleToSeal(
        object=sample.object,
        payload_size=session.vault.objects.size(sample.object),
        name=sample.name,
        media=sample.media,
        size=sample.size,
        sha256=sample.sha256,
        file_key=sample.file_key,
    )


def _destination(session: Session, card: Card) -> Destination:
    """The next place in this device's own chain to an inbox. Another device of ours, and this vault under a former key, have chains of their own."""
    kept = session.vault.settings.read(_chain_name(session, card.box))
    if kept is None:
        return Destination(card=card, seq=1, prev="")
    seq, prev = kept.decode().split()
    return Destination(card=card, seq=int(seq) + 1, prev=prev)


def _chain_name(session: Session, box: BoxId) -> str:
    return f"chain.{box}.{session.device.device}"


def _reopen(session: Session, bundle: SealedBundle, samples: Sequence[AttachedSample]) -> None:
    """Opens our own copy through the same doors as the receiver; what does not open was not sealed."""
    inbox = session.require_inbox()
    box = bundle.manifest.to[0].box
    opened = unseal(
        bundle.sealed, box=box, identities=(inbox.hybrid,), directory=session.directory, now=session.world.clock.now()
    )
    for entry, header, sample in zip(opened.manifest.files, bundle.headers, samples, strict=True):
        parsed, _ = age.parse_header(header)
        if age.unwrap(parsed, (inbox.hybrid,)) != sample.file_key or not session.vault.objects.has(entry.object):
            raise RuleError("seal-not-verified", name=entry.name)


def _journal(session: Session, bundle: SealedBundle, cards: Sequence[Card], samples: Sequence[AttachedSample]) -> None:
    now = session.world.clock.now()
    objects = tuple(
        OutboxObject(n=n, object=sample.object, header=header, payload_size=session.vault.objects.size(sample.object))
        for n, (sample, header) in enumerate(zip(samples, bundle.headers, strict=True), 1)
    )
    for card, to in zip(cards, bundle.manifest.to, strict=True):
        session.vault.outbox.put(
            OutboxItem(
                id=bundle.id,
                box=to.box,
                org=card.org.id,
                request=bundle.manifest.request,
                kind=bundle.manifest.kind,
                seq=to.seq,
                manifest_sha256=bundle.manifest_sha256,
                sealed=bundle.sealed,
                objects=objects,
                state=DeliveryState.QUEUED,
                created_at=now,
                changed_at=now,
            )
        )
        session.vault.settings.write(_chain_name(session, to.box), f"{to.seq} {bundle.manifest_sha256}".encode())
    session.changes.flag("outbox")
