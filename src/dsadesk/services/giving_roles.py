"""What each official may say for our organisation, as its card has it: writing, deciding, signing agreements, and signing off by area.

Roles are a person's: all their laptops have the same. Only `admin` belongs to a laptop, because the organisation's own key lies there.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from dsadesk.bundle.card import Card, CardOfficial, read_card, with_roles
from dsadesk.codec.events import time_text
from dsadesk.domain.events import Body
from dsadesk.domain.ids import PersonId
from dsadesk.domain.organisation import Official
from dsadesk.domain.roles import ADMIN, DECIDER, DRAFTER, SIGNATORY, role_needed_for
from dsadesk.domain.sign_off import Area
from dsadesk.errors import InputError, RuleError
from dsadesk.services.keeping_cards import issue_card, require_admin
from dsadesk.services.session import Session

SAYING = (DRAFTER, DECIDER, SIGNATORY)
GIVEN_ROLES = (*SAYING, *(area.value for area in Area))
"""What one who administers the keys can give and take. `admin` goes with the organisation's own key."""


def check_roles(roles: Sequence[str]) -> None:
    """Refuses what is not a role to give. Raises: InputError("no-such-role")."""
    unknown = next((role for role in roles if role not in GIVEN_ROLES), None)
    if unknown is not None or not roles:
        raise InputError("no-such-role", role=(unknown or "")[:40])


def set_roles(session: Session, chosen: Mapping[PersonId, Sequence[str]]) -> Card:
    """Says what these officials may say from now on, on one new version of our card. What was said before stays valid.

    Raises: RuleError("not-admin" | "no-such-official"), InputError("no-such-role").
    """
    require_admin(session)
    officials, now = session.card.officials, time_text(session.world.clock.now())
    in_post = {entry.official.id for entry in officials if not entry.until}
    for person, roles in chosen.items():
        check_roles(roles)
        if person not in in_post:
            raise RuleError("no-such-official", name=str(person)[:80])

    def changed(entry: CardOfficial) -> CardOfficial:
        roles = None if entry.until else chosen.get(entry.official.id)
        if roles is None:
            return entry
        return with_roles(entry, (*(role for role in entry.roles if role not in GIVEN_ROLES), *roles), now)

    card = issue_card(session, officials=[changed(entry) for entry in officials])
    session.changes.flag("cards")
    return card


def roles_of(card: Card, person: PersonId) -> tuple[str, ...]:
    """What an official may say, on any of their laptops, in the order in which roles are listed."""
    held = {role for entry in card.officials if entry.official.id == person and not entry.until for role in entry.roles}
    return tuple(role for role in (ADMIN, *GIVEN_ROLES) if role in held)


@dataclass(frozen=True)
class OwnSay:
    """What whoever is at this laptop may say. `roles` is None while no card names them."""

    roles: tuple[str, ...] | None

    def lacks(self, kind: type[Body]) -> str:
        """The role that is lacking to say something of this kind, "" when none is."""
        return "" if self.roles is None else role_needed_for(self.roles, kind)


def own_say(session: Session) -> OwnSay:
    """What our card lets whoever is at this laptop say."""
    pinned = session.vault.cards.get(session.profile.organisation.id)
    entry = None if pinned is None else read_card(pinned.envelope).official_of(session.device.device)
    return OwnSay(None if entry is None else entry.roles)


def require_role(session: Session, kind: type[Body]) -> None:
    """Refuses what our card does not name this official for. Raises: RuleError("role-missing", reason)."""
    lacking = own_say(session).lacks(kind)
    if lacking:
        raise RuleError("role-missing", reason=lacking)


def who_has(session: Session, role: str) -> tuple[Official, ...]:
    """The officials of ours who have a role now, each once."""
    found = {e.official.id: e.official for e in session.card.officials if role in e.roles and not e.until}
    return tuple(found.values())
