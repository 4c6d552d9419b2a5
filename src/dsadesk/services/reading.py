"""Reading what the vault keeps of a request."""

from __future__ import annotations

from dsadesk.bundle.proving import EVENT_TYPE
from dsadesk.bundle.sign_off import digest_of_draft
from dsadesk.bundle.signature import parse_envelope
from dsadesk.codec.events import MAX_EVENT_BYTES, decode_event
from dsadesk.domain.events import Event
from dsadesk.domain.ids import RequestId
from dsadesk.domain.request import RequestState, fold
from dsadesk.domain.sign_off import Review, fold_review
from dsadesk.errors import RuleError
from dsadesk.ports import Draft, StoredEvent
from dsadesk.services.session import Session


def read_event(stored: StoredEvent) -> Event:
    """The event in a stored envelope. Its signatures were checked before it was stored. Raises: ContentsError."""
    envelope = parse_envelope(stored.envelope, payload_type=EVENT_TYPE, max_bytes=2 * MAX_EVENT_BYTES)
    return decode_event(envelope.payload)


def state_of(session: Session, request: RequestId) -> RequestState | None:
    """A request as its events stand, or None for a draft."""
    return fold(read_event(stored) for stored in session.vault.events.of_request(request))


def review_state(session: Session, review: RequestId) -> Review | None:
    """The conversation about a draft's sign-offs, by its own id; None when there is none."""
    return fold_review((read_event(stored) for stored in session.vault.events.of_request(review)), digest_of_draft)


def require_state(session: Session, request: RequestId) -> RequestState:
    """A request that was sealed or received. Raises: RuleError("no-such-request")."""
    state = state_of(session, request)
    if state is None:
        raise RuleError("no-such-request", request=request)
    return state


def require_draft(session: Session, request: RequestId) -> Draft:
    """A draft. Raises: RuleError("no-such-draft"), RuleError("already-sealed")."""
    draft = session.vault.drafts.get(request)
    if draft is None:
        code = "already-sealed" if session.vault.events.of_request(request) else "no-such-draft"
        raise RuleError(code, request=request)
    return draft


def find_request(session: Session, name: str) -> RequestId:
    """A request by its id, its reference, or an unambiguous beginning of either.

    Raises: RuleError("no-such-request" | "ambiguous-request").
    """
    rows = session.vault.projections.rows(session.vault.projections.ids())
    rows = tuple(
        row for row in rows if not row.detail.startswith("sign-off:")
    )  # those have an id and commands of their own
    wanted = name.strip().lower()
    exact = [row.request for row in rows if wanted in (row.request.lower(), row.reference.lower())]
    found = exact or [
        row.request
        for row in rows
        if (wanted and row.request.startswith(wanted)) or row.reference.lower().startswith(wanted)
    ]
    if not found:
        raise RuleError("no-such-request", request=name[:80])
    if len(found) > 1:
        raise RuleError("ambiguous-request", request=name[:80], count=len(found))
    return found[0]
