"""Proves who said the events of a request: by their signatures, or by a later event of the same device that is signed and names them by hash.

An event holds the SHA-256 of its device's event before it, so two signatures over the newest speak for all before it. docs/formats/events.md
says why that is as good as checking each, what it leaves out, and when each is checked.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime

from msgspec import Struct

from dsadesk.bundle.signature import Envelope, parse_envelope, require_pair
from dsadesk.bundle.trust import (
    Directory,
    Evidence,
    KnownCard,
    RememberingDirectory,
    Signer,
    find_former_signer,
    find_signer,
    judge,
)
from dsadesk.codec.events import MAX_EVENT_BYTES, parse_time
from dsadesk.domain.events import Event
from dsadesk.domain.ids import DeviceId, EventId, OrganisationId
from dsadesk.domain.roles import role_needed
from dsadesk.errors import ContentsError, SignatureError, TrustError

EVENT_TYPE = "application/vnd.dsadesk.event.v1+json"
MAX_ENVELOPE_BYTES = 2 * MAX_EVENT_BYTES

Link = tuple[OrganisationId, DeviceId, int, str]
"""An event as the next of its device names it: organisation, device, number and hash."""


class Proof(Struct, frozen=True, kw_only=True):
    """What is known of an event's author. Without evidence `problem` says why. `is_signature_checked`: by its own signatures, now."""

    evidence: Evidence | None
    problem: str = ""
    is_signature_checked: bool = False


def prove_author(
    event: Event, envelope: Envelope, *, directory: Directory, introduced: KnownCard | None, now: datetime
) -> Evidence:
    """Checks an event's own signatures and who made them. Raises: ContentsError("event-signature" | "event-author")."""

    def find(org: OrganisationId, device: DeviceId) -> Signer:
        return find_signer(org, device, directory, introduced)

    return _Prover(find, now).by_signature(event, lambda: envelope)


def prove_all(
    events: Iterable[Event],
    envelope_of: Callable[[EventId], bytes],
    *,
    directory: Directory,
    now: datetime,
    every: bool = False,
) -> dict[EventId, Proof]:
    """Proves the events of one request, each decoded from the envelope that `envelope_of` gives.

    They were kept, so a key that was believed before proves them too. An event that a later one of the same device names by hash is proved with that one, if that one is; `every` has each signature checked.
    """
    cards = RememberingDirectory(directory)
    prover = _Prover(lambda org, device: find_former_signer(org, device, cards), now)
    named: set[Link] = set()
    proofs: dict[EventId, Proof] = {}
    # From the newest to the oldest of each device, so that whoever can speak for an event has been looked at before it.
    for event in sorted(events, key=lambda event: event.seq, reverse=True):
        is_named = not every and (event.org, event.device, event.seq, event.sha256) in named
        try:
            if is_named:
                evidence = prover.by_name(event)
            else:
                evidence = prover.by_signature(event, lambda event=event: _envelope(event, envelope_of))  # type: ignore[misc]
        except ContentsError as error:
            proofs[event.id] = Proof(evidence=None, problem=str(error.fields.get("why", error.code)))
            continue
        proofs[event.id] = Proof(evidence=evidence, is_signature_checked=not is_named)
        named.add((event.org, event.device, event.seq - 1, event.prev))
    return proofs


def _envelope(event: Event, envelope_of: Callable[[EventId], bytes]) -> Envelope:
    try:
        return parse_envelope(envelope_of(event.id), payload_type=EVENT_TYPE, max_bytes=MAX_ENVELOPE_BYTES)
    except SignatureError as error:
        raise ContentsError("event-envelope", event=event.id, why=error.code) from error


class _Prover:
    """One moment, and one way to find who signs for a device, to prove events by."""

    def __init__(self, find: Callable[[OrganisationId, DeviceId], Signer], now: datetime) -> None:
        self._find = find
        self._now = now

    def by_signature(self, event: Event, envelope: Callable[[], Envelope]) -> Evidence:
        """By the event's own pair of signatures. Raises: ContentsError."""
        try:
            signer = self._signer(event)
            require_pair(envelope(), signer.official.keys)
        except SignatureError as error:
            raise ContentsError("event-signature", event=event.id, why=error.code) from error
        return self._judged(event, signer)

    def by_name(self, event: Event) -> Evidence:
        """By a proved event of the same device that names this one's bytes. Raises: ContentsError."""
        return self._judged(event, self._signer(event))

    def _signer(self, event: Event) -> Signer:
        try:
            return self._find(OrganisationId(event.org), event.device)
        except TrustError as error:
            raise ContentsError("event-author", event=event.id, why=error.code) from error

    def _judged(self, event: Event, signer: Signer) -> Evidence:
        try:
            evidence = judge(signer, parse_time(event.at), self._now)
        except TrustError as error:
            raise ContentsError("event-author", event=event.id, why=error.code) from error
        if event.by.id != signer.official.official.id:
            raise ContentsError("event-author", event=event.id, why="other-official")
        lacking = role_needed(signer.official.roles_at(parse_time(event.at)), event.body)
        if lacking:
            raise ContentsError("event-author", event=event.id, why="role-missing", role=lacking)
        return evidence
