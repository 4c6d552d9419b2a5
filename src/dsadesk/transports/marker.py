"""The marker of a store: an object of a known name that says which store this is. docs/formats/store.md has its form."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from dsadesk.errors import StoreMissingError, StoreRefusedError

MARKER_VERSION = 1
MAX_MARKER_BYTES = 4096

_STORE_ID = re.compile(r"[a-z0-9][a-z0-9-]{7,63}\Z")


@dataclass(frozen=True, kw_only=True)
class StoreMarker:
    """What a store says of itself: which it is and when it was made."""

    id: str
    made: str

    @staticmethod
    def new(store_id: str, made_at: datetime) -> StoreMarker:
        """The marker of a store that is being made. Raises: StoreRefusedError("store-id-invalid")."""
        if _STORE_ID.match(store_id) is None:
            raise StoreRefusedError("store-id-invalid", id=store_id[:80])
        if made_at.tzinfo is None:
            raise ValueError("the time a store was made is aware")
        return StoreMarker(id=store_id, made=made_at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"))

    def to_bytes(self) -> bytes:
        """The marker as it lies in the store."""
        return json.dumps({"v": MARKER_VERSION, "id": self.id, "made": self.made}, separators=(",", ":")).encode()

    @staticmethod
    def parse(data: bytes, about: Mapping[str, str]) -> StoreMarker:
        """Reads a marker; `about` goes into the error. Raises: StoreMissingError("marker-damaged" | "marker-newer")."""
        try:
            content = json.loads(data if len(data) <= MAX_MARKER_BYTES else b"")
            version, store_id, made = content["v"], content["id"], content["made"]
        except (ValueError, KeyError, TypeError, RecursionError):
            raise StoreMissingError("marker-damaged", **about) from None
        if isinstance(version, int) and version > MARKER_VERSION:
            raise StoreMissingError("marker-newer", version=version, **about)
        if version != MARKER_VERSION or not isinstance(made, str) or not isinstance(store_id, str):
            raise StoreMissingError("marker-damaged", **about)
        if _STORE_ID.match(store_id) is None:
            raise StoreMissingError("marker-damaged", **about)
        return StoreMarker(id=store_id, made=made[:40])


def require_store(marker: StoreMarker, expected_id: str | None, about: Mapping[str, str]) -> StoreMarker:
    """The marker, when it is of the store that is meant. Raises: StoreMissingError("other-store")."""
    if expected_id not in (None, marker.id):
        raise StoreMissingError("other-store", found=marker.id, **about)
    return marker
