"""Events ↔ the canonical bytes that are signed. Unknown types and unknown fields are kept in those bytes and named when decoded."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

import msgspec
from msgspec import Struct

from dsadesk.codec import canonical
from dsadesk.domain.events import (
    BODIES,
    Body,
    Event,
    QuestionAnswered,
    RequestSubmitted,
    SignOff,
    SignOffAsked,
    SignOffGiven,
    UnknownBody,
)
from dsadesk.domain.ids import DeviceId, EventId, OrganisationId, RequestId, is_uuid7
from dsadesk.domain.organisation import Official
from dsadesk.domain.sign_off import MAX_CONDITIONS
from dsadesk.errors import ContentsError

VERSION = 1
MAX_EVENT_BYTES = 4 * 1024 * 1024
MAX_AFTER = 64
MAX_SAMPLES = 100
MAX_SIGN_OFFS = 20
SCHEMA = 1
"""The schema number of every body known today; a body with a higher number is kept as unknown."""

_BY_NAME: Mapping[str, type[Body]] = {body.__name__: body for body in BODIES}
_TIME = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}Z\Z")
_TYPE = re.compile(r"[A-Z][A-Za-z0-9]{0,63}\Z")
_ENVELOPE_FIELDS = frozenset(
    {"v", "id", "request", "type", "schema", "at", "by", "org", "device", "seq", "prev", "after", "body"}
)


class _Wire(Struct, frozen=True, kw_only=True):
    v: int
    id: str
    request: str
    type: str
    schema: int
    at: str
    by: Official
    org: str
    device: str
    seq: int
    prev: str
    after: tuple[str, ...]
    body: dict[str, Any]


def type_name(body: Body) -> str:
    """The wire name of a body."""
    return type(body).__name__


def time_text(at: datetime) -> str:
    """An aware time as UTC text to the second, as formats here write it."""
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def parse_time(text: str) -> datetime:
    """Reads a time as formats here write it. Raises: ContentsError("time")."""
    if _TIME.match(text) is None:
        raise ContentsError("time", value=text[:40])
    try:
        return datetime.fromisoformat(text[:-1]).replace(tzinfo=UTC)
    except ValueError as error:
        raise ContentsError("time", value=text[:40]) from error


def encode_event(event: Event) -> bytes:
    """The canonical bytes of an event, to be signed."""
    body = event.body.content if isinstance(event.body, UnknownBody) else event.body
    return canonical.encode(
        {
            "v": VERSION,
            "id": event.id,
            "request": event.request,
            "type": event.type,
            "schema": event.schema,
            "at": event.at,
            "by": event.by,
            "org": event.org,
            "device": event.device,
            "seq": event.seq,
            "prev": event.prev,
            "after": sorted(event.after),
            "body": body,
        }
    )


def decode_event(payload: bytes) -> Event:
    """Reads the bytes that were signed.

    Raises: ContentsError with code "event-json", "event-version", "event-fields", "event-id", "event-body" or "time".
    """
    try:
        raw = canonical.decode(payload, max_bytes=MAX_EVENT_BYTES)
    except canonical.CanonicalError as error:
        raise ContentsError("event-json", why=error.code) from error
    if not isinstance(raw, dict):
        raise ContentsError("event-json", why="not-an-object")
    if raw.get("v") != VERSION:
        raise ContentsError("event-version", version=str(raw.get("v"))[:20])
    try:
        wire = msgspec.convert(raw, _Wire, strict=True)
    except msgspec.ValidationError as error:
        raise ContentsError("event-fields", why=str(error)[:200]) from error
    _check_wire(wire)
    body = _body(wire)
    unknown = sorted(set(raw) - _ENVELOPE_FIELDS)
    if not isinstance(body, UnknownBody):
        unknown += _unknown("body", wire.body, msgspec.to_builtins(body))
    return Event(
        id=EventId(wire.id),
        request=RequestId(wire.request),
        type=wire.type,
        schema=wire.schema,
        at=wire.at,
        by=wire.by,
        org=OrganisationId(wire.org),
        device=DeviceId(wire.device),
        seq=wire.seq,
        prev=wire.prev,
        after=tuple(EventId(parent) for parent in wire.after),
        body=body,
        sha256=hashlib.sha256(payload).hexdigest(),
        unknown_fields=tuple(unknown),
    )


def _check_wire(wire: _Wire) -> None:
    if _TYPE.match(wire.type) is None or wire.schema < 1:
        raise ContentsError("event-fields", why="type")
    if not is_uuid7(wire.id) or not is_uuid7(wire.request) or not all(is_uuid7(parent) for parent in wire.after):
        raise ContentsError("event-id")
    if len(wire.after) > MAX_AFTER or list(wire.after) != sorted(set(wire.after)) or wire.id in wire.after:
        raise ContentsError("event-after")
    if wire.seq < 1 or (wire.prev == "") != (wire.seq == 1) or (wire.prev and not _is_sha256(wire.prev)):
        raise ContentsError("event-chain", seq=wire.seq)
    parse_time(wire.at)


def _body(wire: _Wire) -> Body:
    known = _BY_NAME.get(wire.type)
    if known is None or wire.schema > SCHEMA:
        return UnknownBody(content=wire.body)
    try:
        body: Body = msgspec.convert(wire.body, known, strict=True)
    except msgspec.ValidationError as error:
        raise ContentsError("event-body", type=wire.type, why=str(error)[:200]) from error
    _check_body(body)
    return body


def _check_body(body: Body) -> None:
    """Refuses what fits the types and cannot be meant: whoever reads answers and samples relies on their shape."""
    match body:
        case RequestSubmitted():
            for question, answer in body.answers.items():
                if not _is_answer(answer):
                    raise ContentsError("event-body", type=type_name(body), why=f"answer {question[:80]}")
            numbers = [sample.n for sample in body.samples]
            if len(numbers) > MAX_SAMPLES or len(set(numbers)) != len(numbers) or any(n < 1 for n in numbers):
                raise ContentsError("event-body", type=type_name(body), why="sample numbers")
            for sample in body.samples:
                if not _is_sha256(sample.object) or not _is_sha256(sample.sha256) or sample.size < 0:
                    raise ContentsError("event-body", type=type_name(body), why="sample digests")
            _check_sign_offs(body)
        case SignOffAsked():
            _check_body(body.draft)
            if not is_uuid7(body.draft_of):
                raise ContentsError("event-body", type=type_name(body), why="draft")
        case SignOffGiven():
            _check_statement(body, body.statement)
        case QuestionAnswered(answer=answer) if answer is not msgspec.UNSET and not _is_answer(answer):
            raise ContentsError("event-body", type=type_name(body), why="answer")
        case _:
            return


def _check_sign_offs(body: RequestSubmitted) -> None:
    statements = body.sign_offs or ()
    areas = [*(each.area for each in statements), *(each.area for each in body.unsigned or ())]
    if len(areas) > MAX_SIGN_OFFS or len(set(areas)) != len(areas):
        raise ContentsError("event-body", type=type_name(body), why="sign-offs")
    for statement in statements:
        _check_statement(body, statement)


def _check_statement(body: Body, statement: SignOff) -> None:
    is_whole = is_uuid7(statement.request) and _is_sha256(statement.digest) and len(statement.signatures) == 2
    if not is_whole or len(statement.conditions) > MAX_CONDITIONS:
        raise ContentsError("event-body", type=type_name(body), why="sign-off")
    parse_time(statement.at)


def _is_answer(value: Any) -> bool:
    """Whether a value has one of the shapes of an answer (`domain.events.Answers`)."""
    if isinstance(value, list):
        is_checks = all(isinstance(item, str) for item in value)
        return is_checks or all(
            isinstance(row, dict) and all(isinstance(cell, str) for cell in row.values()) for row in value
        )
    return isinstance(value, str | int | bool)


def _unknown(path: str, given: Any, understood: Any) -> list[str]:
    if isinstance(given, dict) and isinstance(understood, dict):
        found = [f"{path}.{name}" for name in sorted(set(given) - set(understood))]
        for name in sorted(set(given) & set(understood)):
            found += _unknown(f"{path}.{name}", given[name], understood[name])
        return found
    if isinstance(given, list) and isinstance(understood, list | tuple):
        return [
            line
            for n, (a, b) in enumerate(zip(given, understood, strict=False))
            for line in _unknown(f"{path}[{n}]", a, b)
        ]
    return []


def _is_sha256(text: str) -> bool:
    return re.fullmatch(r"[0-9a-f]{64}", text) is not None
