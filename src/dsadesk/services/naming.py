"""What files are called that leave the vault: the marking first, so that whoever sees the name knows how to handle it."""

from __future__ import annotations

from dsadesk.bundle.container import SUFFIX
from dsadesk.domain.ids import RequestId
from dsadesk.domain.marking import Marking
from dsadesk.ports import OutboxItem
from dsadesk.services.reading import review_state, state_of
from dsadesk.services.session import Session


def marking_and_reference(session: Session, request: RequestId) -> tuple[Marking, str]:
    """The marking and reference of a draft, a request, or the conversation about a draft. OFFICIAL and "" where there is none."""
    draft = session.vault.drafts.get(request)
    if draft is not None:
        return draft.marking, draft.reference
    state = state_of(session, request)
    if state is not None:
        return state.submission.marking, state.submission.reference
    review = review_state(session, request)
    if review is not None:
        asked = review.asks[-1].body.draft
        return asked.marking, asked.reference
    return Marking.OFFICIAL, ""


def file_name(session: Session, request: RequestId, rest: str) -> str:
    """A name for a file about a request: marking, reference, and what it is."""
    marking, reference = marking_and_reference(session, request)
    return "-".join(part for part in (marking.value, reference, rest) if part)


def record_name(session: Session, request: RequestId, suffix: str) -> str:
    """A name for a file of the public record. Whatever the request is marked, its record is OFFICIAL: it is for everyone."""
    _, reference = marking_and_reference(session, request)
    return "-".join(part for part in (Marking.OFFICIAL.value, reference, f"public-record.{suffix}") if part)


def delivery_name(session: Session, item: OutboxItem) -> str:
    """A name for a sealed delivery as a file."""
    rest = f"{item.id[:8]}{SUFFIX}"
    return file_name(session, item.request, rest) if item.request is not None else f"{Marking.OFFICIAL.value}-{rest}"
