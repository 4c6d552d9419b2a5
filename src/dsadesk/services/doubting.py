"""A history that is not as it was left: said by the record outside the database, and taken as it is only by a person who says so."""

from __future__ import annotations

from dsadesk.errors import RuleError
from dsadesk.ports import VaultProblem
from dsadesk.services.session import Session

_TAKEN = frozenset({"rolled-back", "history-differs"})
_NOTED = frozenset({"anchor-missing", "anchor-damaged"})


def doubts(session: Session) -> tuple[VaultProblem, ...]:
    """What is said against the history of the open vault; nothing when it is as it was left."""
    return tuple(each for each in session.vault.open_problems if each.code in _TAKEN | _NOTED)


def needs_a_decision(problem: VaultProblem) -> bool:
    """Whether somebody has to take the history as it is. The other doubts are said and pass by themselves."""
    return problem.code in _TAKEN


def accept_history(session: Session, *, confirmed: bool) -> tuple[VaultProblem, ...]:
    """Takes the history as it is and returns what was said against it; the record that disagreed is kept aside. Nothing where nothing was.

    Raises: RuleError("history-unconfirmed", why) unless a person has confirmed it, DamagedVaultError, DiskFullError, VaultError.
    """
    found = doubts(session)
    if not found:
        return ()
    if not confirmed:
        raise RuleError("history-unconfirmed", why=found[0].detail)
    session.vault.accept_history()
    session.changes.flag("vault")
    return found
