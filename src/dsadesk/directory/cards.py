"""A directory made of pinned cards: keys are believed as far as a person compared them, and how they came is never forgotten."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from dsadesk.bundle.card import read_card
from dsadesk.bundle.trust import HowKnown, KnownCard
from dsadesk.domain.ids import OrganisationId
from dsadesk.ports import CardCheck, Cards, PinnedCard

_DIRECT = frozenset({"in-person", "phone"})
_INTRODUCED = "introducer"
_BY_FILE = "file"
_REFUSED = "refused"


class CardDirectory:
    """The cards of a vault as a `bundle.trust.Directory`."""

    def __init__(self, cards: Cards, own: OrganisationId) -> None:
        self._cards = cards
        self._own = own

    def known(self, org: OrganisationId) -> KnownCard | None:
        """The card that this vault holds for an organisation, with the comparison that says most of it.

        The newest comparison by a person here stands before any introduction by a partner. Keys that somebody refused are named: what
        was noted of a refusal begins with the key's fingerprint.
        """
        pinned = self._cards.get(org)
        return None if pinned is None else self._known(pinned)

    def former(self, org: OrganisationId) -> tuple[KnownCard, ...]:
        """The cards of keys that were believed before, newest first, each with when another took its place."""
        found, replaced_at = [], None
        for pinned in (*filter(None, (self._cards.get(org),)), *self._cards.former(org)):
            if replaced_at is not None:
                found.append(self._known(pinned, replaced_at))
            replaced_at = pinned.first_seen_at
        return tuple(found)

    def _known(self, pinned: PinnedCard, replaced_at: datetime | None = None) -> KnownCard:
        compared = _strongest(pinned.checks)
        return KnownCard(
            card=read_card(pinned.envelope),
            how=self._how(pinned.org, compared, pinned.checks),
            first_seen_at=pinned.first_seen_at,
            check_method=compared.method if compared else "",
            check_by=compared.by if compared else "",
            check_at=compared.at if compared else None,
            check_note=compared.note if compared else "",
            changed_to=pinned.changed_to if replaced_at is None else "",
            replaced_at=replaced_at,
            refused=tuple(check.note.partition(" ")[0] for check in pinned.checks if check.method == _REFUSED),
        )

    def _how(self, org: OrganisationId, compared: CardCheck | None, checks: Sequence[CardCheck]) -> HowKnown:
        if org == self._own:
            return HowKnown.OURS
        if compared is not None:
            return HowKnown.CHECKED
        return HowKnown.IMPORTED if any(check.method == _BY_FILE for check in checks) else HowKnown.INTRODUCED_ITSELF


def _strongest(checks: Sequence[CardCheck]) -> CardCheck | None:
    for methods in (_DIRECT, {_INTRODUCED}):
        found = [check for check in checks if check.method in methods]
        if found:
            return max(found, key=lambda check: check.at)
    return None
