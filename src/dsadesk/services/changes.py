"""What a call touched, so that a view knows whether to draw again."""

from __future__ import annotations

import threading
from dataclasses import dataclass, field

from dsadesk.domain.ids import RequestId


@dataclass(frozen=True)
class Changes:
    """The requests that changed, and whether cards, the outbox, the catalogue, the quarantine or what is in doubt about the vault did."""

    requests: frozenset[RequestId] = frozenset()
    cards: bool = False
    outbox: bool = False
    catalogue: bool = False
    quarantine: bool = False
    vault: bool = False

    def __bool__(self) -> bool:
        return bool(self.requests) or any((self.cards, self.outbox, self.catalogue, self.quarantine, self.vault))


@dataclass
class ChangeLog:
    """Collects changes until someone takes them, perhaps on another thread."""

    _requests: set[RequestId] = field(default_factory=set)
    _flags: set[str] = field(default_factory=set)
    _door: threading.Lock = field(default_factory=threading.Lock)

    def request(self, request: RequestId) -> None:
        """A request changed."""
        with self._door:
            self._requests.add(request)

    def flag(self, name: str) -> None:
        """Cards, the outbox, the catalogue, the quarantine or the vault changed."""
        with self._door:
            self._flags.add(name)

    def take(self) -> Changes:
        """Everything since the last time, once."""
        with self._door:
            requests, flags = frozenset(self._requests), frozenset(self._flags)
            self._requests.clear()
            self._flags.clear()
        return Changes(
            requests=requests,
            cards="cards" in flags,
            outbox="outbox" in flags,
            catalogue="catalogue" in flags,
            quarantine="quarantine" in flags,
            vault="vault" in flags,
        )
