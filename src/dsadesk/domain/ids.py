"""The names that things go by. Each is a string with a type of its own, so that one cannot stand in for another."""

from __future__ import annotations

import re
from typing import NewType

from dsadesk.errors import InputError

RequestId = NewType("RequestId", str)
EventId = NewType("EventId", str)
OrganisationId = NewType("OrganisationId", str)
PersonId = NewType("PersonId", str)
DeviceId = NewType("DeviceId", str)
QuestionId = NewType("QuestionId", str)
ObjectId = NewType("ObjectId", str)
BundleId = NewType("BundleId", str)
KeyId = NewType("KeyId", str)
BoxId = NewType("BoxId", str)

_UUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}\Z")
_ORGANISATION = re.compile(r"[a-z0-9][a-z0-9-]{1,98}[a-z0-9]\Z")


def uuid7(at_milliseconds: int, randomness: bytes) -> str:
    """Makes a UUID of version 7 from a Unix time in milliseconds and ten random bytes.

    Source: RFC 9562, section 5.7.
    """
    if len(randomness) != 10:
        raise ValueError("ten random bytes make a UUIDv7")
    value = (at_milliseconds & (1 << 48) - 1) << 80
    value |= 0x7 << 76 | (int.from_bytes(randomness[:2], "big") & 0xFFF) << 64
    value |= 0b10 << 62 | int.from_bytes(randomness[2:], "big") & (1 << 62) - 1
    text = f"{value:032x}"
    return f"{text[:8]}-{text[8:12]}-{text[12:16]}-{text[16:20]}-{text[20:]}"


def is_uuid7(text: str) -> bool:
    """Says whether the text is a UUIDv7 in its lower-case form."""
    return _UUID.match(text) is not None


def parse_organisation_id(text: str) -> OrganisationId:
    """Reads a register identifier: lower-case letters, digits and hyphens, 3 to 100 characters.

    Raises: InputError("organisation-id").
    """
    if _ORGANISATION.match(text) is None:
        raise InputError("organisation-id", value=text[:120])
    return OrganisationId(text)
