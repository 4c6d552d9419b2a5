"""What an official may say for their organisation, by the roles that its card gives them.

The roles are those of the people who share data (`docs/design.md`): whoever drafts, decides, signs, and looks after the keys.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping

from dsadesk.domain.events import AgreementSigned, Body, RequestApproved, RequestRejected
from dsadesk.domain.sign_off import BODIES

ADMIN, SIGNATORY, DECIDER, DRAFTER = "admin", "signatory", "decider", "drafter"
WRITING = frozenset({ADMIN, SIGNATORY, DECIDER, DRAFTER})
"""Who has none of these may read and say nothing."""
NEEDED: Mapping[type[Body], str] = {AgreementSigned: SIGNATORY, RequestApproved: DECIDER, RequestRejected: DECIDER}
"""What only some may say. Everything else may be said by whoever writes."""


def role_needed(roles: Collection[str], body: Body) -> str:
    """The role that is lacking to say this, "" when none is."""
    return role_needed_for(roles, type(body))


def role_needed_for(roles: Collection[str], kind: type[Body]) -> str:
    """The role that is lacking to say something of this kind, "" when none is."""
    if kind in BODIES:
        return ""  # who may sign off what is asked by domain/sign_off
    needed = NEEDED.get(kind)
    if needed is not None:
        return "" if needed in roles else needed
    return "" if WRITING & set(roles) else DRAFTER
