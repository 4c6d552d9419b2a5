"""Canonical JSON: the only bytes that are signed or hashed.

The profile is RFC 8785 (JCS) narrowed so that every correct JSON library gives the same bytes: objects with printable ASCII keys,
strings, booleans, integers below 2^53, arrays. No null, no fraction, no duplicate key, at most 32 levels. What breaks the profile is
refused on the way out and on the way in.
"""

from __future__ import annotations

import json
from typing import Any, NoReturn

import msgspec

from dsadesk.errors import InputError

MAX_DEPTH = 32
MAX_INTEGER = (1 << 53) - 1
MAX_VALUES = 2_000_000
"""How many commas and opening brackets a text may have: a few megabytes of `[[],[],…` would otherwise fill the memory when read."""

_encoder = msgspec.json.Encoder(order="sorted")
_REFUSED = object()


class CanonicalError(InputError):
    """Bytes or values that are not canonical JSON of our profile."""


def encode(value: Any) -> bytes:
    """Encodes a value as canonical JSON. Structs become objects; unset fields are left out.

    Raises: CanonicalError("null" | "fraction" | "integer-too-large" | "key-not-ascii" | "too-deep" | "not-json" | "not-unicode").
    """
    plain = msgspec.to_builtins(value, str_keys=True)
    _check(plain, 0)
    try:
        return _encoder.encode(plain)
    except (UnicodeEncodeError, TypeError, ValueError) as error:
        raise CanonicalError("not-unicode") from error


def decode(data: bytes, *, max_bytes: int) -> Any:
    """Decodes canonical JSON.

    Raises: CanonicalError("too-large" | "not-json" | "too-deep" | "duplicate-key" | "fraction" | "null" | … | "not-canonical").
    """
    if len(data) > max_bytes:
        raise CanonicalError("too-large", size=len(data), limit=max_bytes)
    values = sum(data.count(mark) for mark in (b",", b"[", b"{")) if len(data) > MAX_VALUES else 0
    if values > MAX_VALUES:
        raise CanonicalError("too-large", size=values, limit=MAX_VALUES)
    value = _decode_canonical(data)
    if value is not _REFUSED:
        return value
    value = decode_loose(data)
    if encode(value) != data:
        raise CanonicalError("not-canonical")
    return value


def _decode_canonical(data: bytes) -> Any:
    """The value of bytes that are canonical, in a third of the time; `_REFUSED` for all others, which `decode_loose` then names.

    A key that stands twice, another order or spacing, and another spelling all show when the value is written again.
    """
    try:
        value = msgspec.json.decode(data)
        _check(value, 0)
        return value if _encoder.encode(value) == data else _REFUSED
    except (msgspec.DecodeError, CanonicalError, ValueError, RecursionError):
        return _REFUSED


def decode_loose(data: bytes) -> Any:
    """Decodes JSON of our profile in any spacing and key order; duplicate keys, fractions and deep nesting are still refused.

    Raises: CanonicalError as `decode`, but for "not-canonical".
    """
    try:
        value = json.loads(
            data.decode("utf-8"),
            object_pairs_hook=_pairs,
            parse_float=_refuse_fraction,
            parse_constant=_refuse_fraction,
        )
    except (UnicodeDecodeError, json.JSONDecodeError) as error:
        raise CanonicalError("not-json") from error
    except RecursionError as error:
        raise CanonicalError("too-deep") from error
    except ValueError as error:  # an integer with thousands of digits
        raise CanonicalError("integer-too-large") from error
    _check(value, 0)
    if b"\\u" in data:
        _check_text(value)
    return value


def _check_text(value: Any) -> None:
    """Refuses half a character, which an escape can name and no text can hold."""
    try:
        json.dumps(value, ensure_ascii=False).encode()
    except UnicodeEncodeError as error:
        raise CanonicalError("not-unicode") from error


def _pairs(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for key, value in pairs:
        if key in found:
            raise CanonicalError("duplicate-key", key=key[:80])
        found[key] = value
    return found


def _refuse_fraction(text: str) -> NoReturn:
    raise CanonicalError("fraction", value=text[:40])


def _check(value: Any, depth: int) -> None:
    if depth > MAX_DEPTH:
        raise CanonicalError("too-deep")
    match value:
        case bool() | str():
            return
        case int():
            if abs(value) > MAX_INTEGER:
                raise CanonicalError("integer-too-large")
        case dict():
            _check_keys(value)
            for item in value.values():
                if type(item) is not str:  # most of them, and a call for each takes longer than all else here
                    _check(item, depth + 1)
        case list() | tuple():
            for item in value:
                if type(item) is not str:
                    _check(item, depth + 1)
        case None:
            raise CanonicalError("null")
        case _:
            raise CanonicalError("fraction" if isinstance(value, float) else "not-json", type=type(value).__name__)


def _check_keys(value: dict[Any, Any]) -> None:
    for key in value:
        if not isinstance(key, str) or not (key.isascii() and key.isprintable()):
            raise CanonicalError("key-not-ascii", key=str(key)[:80])
