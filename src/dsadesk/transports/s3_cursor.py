"""Where a listing of commits begins when a store is polled: a place among the names, which begin with a day and a time. Pure.

A name may become visible later than its time says: its writer took a while, or the listing lags. So the place stays ten minutes behind the
store's clock, and never passes the newest name that was seen, whatever that clock says. While nothing comes it stays where it is.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

LATENESS = timedelta(minutes=10)

_VERSION = "1 "
_PLACE = re.compile(r"[0-9]{8}/[0-9]{13}\Z")
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_PLACE_LENGTH = 22
_BEHIND = "."
"""Sorts behind the `-` that follows a time."""


def place_of(cursor: str) -> str:
    """What names are listed after, "" for all. It sorts behind every name of its millisecond. A cursor that is not ours counts as none."""
    place = cursor.removeprefix(_VERSION)
    return f"{place}{_BEHIND}" if cursor.startswith(_VERSION) and _PLACE.match(place) else ""


def next_cursor(cursor: str, names: Sequence[str], store_time: datetime | None) -> str:
    """The cursor after a look that found these names, given without their prefix and sorted. Names of another form never move it."""
    places = [name[:_PLACE_LENGTH] for name in names if _PLACE.match(name[:_PLACE_LENGTH])]
    if not places or store_time is None:
        return cursor
    return max(cursor if place_of(cursor) else "", _VERSION + min(max(places), _place_at(store_time - LATENESS)))


def _place_at(time: datetime) -> str:
    return f"{time.astimezone(UTC):%Y%m%d}/{(time - _EPOCH) // timedelta(milliseconds=1):013d}"
