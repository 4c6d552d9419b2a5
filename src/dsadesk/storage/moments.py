"""Times as whole microseconds since 1970 in UTC, so that they sort as numbers and come back exactly."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


def to_stored(at: datetime) -> int:
    """A time as it is stored. Raises: ValueError for a time without a zone."""
    if at.tzinfo is None:
        raise ValueError("a time needs its zone")
    return (at - _EPOCH) // _MICROSECOND


def from_stored(value: int) -> datetime:
    """The time that was stored, in UTC."""
    return _EPOCH + value * _MICROSECOND
