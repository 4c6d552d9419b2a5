"""What a call touched, so that a view knows whether to draw again."""

from __future__ import annotations

from dataclasses import dataclass, field

from dsadesk.domain.ids import RequestId


@dataclass(frozen=True)
class Changes:
    """The requests that changed, and whether cards, the outbox, the catalogue or the quarantine did."""

    requests: frozenset[RequestId] = frozenset()
    cards: bool = False
    outbox: bool = False
    catalogue: bool = False
    quarantine: bool = False

    def __bool__(self) -> bool:
        return bool(self.requests) or self.cards or self.outbox or self.catalogue or self.quarantine


@dataclass
class ChangeLog:
    """Collects changes until someone takes them."""

    _requests: set[RequestId] = field(default_factory=set)
    _flags: set[str] = field(default_factory=set)

    def request(self, request: RequestId) -> None:
        """A request changed."""
        self._requests.add(request)

    def flag(self, name: str) -> None:
        """Cards, the outbox, the catalogue or the quarantine changed."""
        self._flags.add(name)

    def take(self) -> Changes:
        """Everything since the last time, once."""
        changes = Changes(
            requests=frozenset(self._requests),
            cards="cards" in self._flags,
            outbox="outbox" in self._flags,
            catalogue="catalogue" in self._flags,
            quarantine="quarantine" in self._flags,
        )
        self._requests.clear()
        self._flags.clear()
        return changes
