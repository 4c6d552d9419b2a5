"""How a partner's key came to be believed: the keys before it, those that were turned down, and who decided, how and when."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise

from dsadesk.domain.ids import OrganisationId
from dsadesk.errors import RuleError
from dsadesk.ports import CardCheck, PinnedCard
from dsadesk.services.keeping_cards import REFUSED
from dsadesk.services.session import Session


@dataclass(frozen=True)
class FormerKey:
    """A key that was believed from one time to another, what was recorded of it, and how the one in its place was compared.

    `replaced_by` is the first that was recorded of the next key; None only where nothing was.
    """

    fingerprint: str
    since: datetime
    until: datetime
    checks: tuple[CardCheck, ...]
    replaced_by: CardCheck | None


@dataclass(frozen=True)
class TurnedDownKey:
    """A key that came in a partner's name and that somebody here decided against, with what they noted."""

    fingerprint: str
    by: str
    at: datetime
    why: str


@dataclass(frozen=True)
class KeyHistory:
    """The keys of a partner beside the one that is believed now, newest first."""

    former: tuple[FormerKey, ...]
    turned_down: tuple[TurnedDownKey, ...]


def key_history(session: Session, org: OrganisationId) -> KeyHistory:
    """The keys that an organisation had here before, and those that were turned down. Raises: RuleError("no-card", org)."""
    current = session.vault.cards.get(org)
    if current is None:
        raise RuleError("no-card", org=org)
    pins = (current, *session.vault.cards.former(org))
    former = tuple(_former(pin, later) for later, pin in pairwise(pins))
    refusals = [check for pin in pins for check in pin.checks if check.method == REFUSED]
    turned_down = sorted((_turned_down(check) for check in refusals), key=lambda key: key.at, reverse=True)
    return KeyHistory(former, tuple(turned_down))


def _former(pin: PinnedCard, later: PinnedCard) -> FormerKey:
    checks = tuple(check for check in pin.checks if check.method != REFUSED)
    first = min(later.checks, key=lambda check: check.at, default=None)
    return FormerKey(pin.fingerprint, pin.first_seen_at, later.first_seen_at, checks, first)


def _turned_down(check: CardCheck) -> TurnedDownKey:
    """What was noted of a refusal begins with the key's fingerprint."""
    fingerprint, _, why = check.note.partition(" ")
    return TurnedDownKey(fingerprint, check.by, check.at, why)
