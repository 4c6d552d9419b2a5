"""A directory made of pinned cards: keys are believed as far as a person compared them, and how they came is never forgotten."""

from __future__ import annotations

from dsadesk.bundle.card import read_card
from dsadesk.bundle.trust import HowKnown, KnownCard
from dsadesk.domain.ids import OrganisationId
from dsadesk.ports import CardCheck, Cards

_COMPARED = frozenset({"in-person", "phone", "introducer"})
_BY_FILE = "file"


class CardDirectory:
    """The cards of a vault as a `bundle.trust.Directory`."""

    def __init__(self, cards: Cards, own: OrganisationId) -> None:
        self._cards = cards
        self._own = own

    def known(self, org: OrganisationId) -> KnownCard | None:
        """The card that this vault holds for an organisation, with the newest comparison by a person."""
        pinned = self._cards.get(org)
        if pinned is None:
            return None
        compared = [check for check in pinned.checks if check.method in _COMPARED]
        newest = max(compared, key=lambda check: check.at, default=None)
        return KnownCard(
            card=read_card(pinned.envelope),
            how=self._how(org, newest, pinned.checks),
            first_seen_at=pinned.first_seen_at,
            check_method=newest.method if newest else "",
            check_by=newest.by if newest else "",
            check_at=newest.at if newest else None,
            changed_to=pinned.changed_to,
        )

    def _how(self, org: OrganisationId, compared: CardCheck | None, checks: tuple[CardCheck, ...]) -> HowKnown:
        if org == self._own:
            return HowKnown.OURS
        if compared is not None:
            return HowKnown.CHECKED
        return HowKnown.IMPORTED if any(check.method == _BY_FILE for check in checks) else HowKnown.INTRODUCED_ITSELF
