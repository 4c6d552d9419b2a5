"""Makes the rows that lists show, from drafts, events and deliveries. Everything here can be rebuilt."""

from __future__ import annotations

from datetime import datetime

from dsadesk.bundle.card import read_card
from dsadesk.codec.events import parse_time
from dsadesk.domain.ids import RequestId
from dsadesk.domain.lifecycle import FINAL, Fact, Stage, row_for, waits_for
from dsadesk.domain.marking import Marking
from dsadesk.domain.organisation import Side
from dsadesk.domain.request import RequestState
from dsadesk.domain.sign_off import may_give
from dsadesk.ports import DeliveryState, Draft, ListGroup, RequestRow
from dsadesk.services.reading import review_state, state_of
from dsadesk.services.session import Session

_AGREED = frozenset({Stage.SIGNED, Stage.ACTIVE, Stage.SUSPENDED, Stage.AMENDING, Stage.RENEWING, Stage.EXPIRING})
MARKED = "marking.highest"
SIGN_OFF_DETAIL = "sign-off:"
_GONE = frozenset({DeliveryState.COMMITTED, DeliveryState.DELIVERED})


def shown_stage(session: Session, state: RequestState) -> Stage:
    """The stage with what only this laptop knows: a sealed request that the store has acknowledged is sent."""
    if state.stage is Stage.SEALED and state.side_of(session.profile.organisation.id) is Side.REQUESTER:
        items = session.vault.outbox.bundles_of_request(state.id)
        requests = [item for item in items if item.kind == "request" and item.org == state.supplier.id]
        row = row_for(Stage.SEALED, Fact.DELIVERED, Side.REQUESTER)
        if requests and requests[-1].state in _GONE and row is not None:
            return row.to
    return state.stage


def turn(state: RequestState) -> Side | None:
    """Whose turn it is. In the agreement's stages it is whoever has not signed the text that lies there."""
    agreement = state.agreement
    if state.stage in (Stage.DRAFTING_AGREEMENT, Stage.AMENDING, Stage.RENEWING) and agreement is not None:
        return Side.SUPPLIER if agreement.signed_by(state.requester.id) else Side.REQUESTER
    if state.stage is Stage.AGREED_IN_PRINCIPLE:
        return Side.SUPPLIER
    if state.stage is Stage.SIGNED:
        return Side.SUPPLIER
    return waits_for(state.stage)


def project(session: Session, request: RequestId, state: RequestState | None) -> RequestRow | None:
    """Writes the row of a request as it now stands."""
    if state is not None:
        note_marking(session, state.submission.marking)
    row = _row_of_state(session, state) if state is not None else _row_of_draft(session, request)
    if row is None:
        row = _row_of_review(session, request)
    if row is None:
        session.vault.projections.remove(request)
    else:
        session.vault.projections.put(row)
    session.changes.request(request)
    return row


def _row_of_draft(session: Session, request: RequestId) -> RequestRow | None:
    draft = session.vault.drafts.get(request)
    return None if draft is None else row_of_draft(draft)


def _row_of_review(session: Session, review: RequestId) -> RequestRow | None:
    """The row of a draft that a colleague asked us to sign off; None where it is not ours to answer, or sealed by now."""
    state = review_state(session, review)
    card = session.vault.cards.get(session.profile.organisation.id)
    own = read_card(card.envelope).official_of(session.device.device) if card is not None else None
    if state is None or own is None or own.until or session.vault.drafts.get(state.draft_of) is not None:
        return None
    latest = {ask.body.area: ask for ask in state.asks if may_give(own.roles, ask.body.area)}
    if not latest:
        return None
    sealed = state_of(session, state.draft_of)
    if sealed is not None and sealed.submission.version >= max(ask.body.draft.version for ask in latest.values()):
        return None
    waits = [ask for ask in latest.values() if not state.over(ask.body.area, ask.digest)]
    newest = [*latest.values(), *waits][-1]
    draft = newest.body.draft
    note_marking(session, draft.marking)
    return RequestRow(
        request=review,
        reference=draft.reference,
        title=draft.title,
        counterpart=newest.event.by.name,
        side=Side.SUPPLIER,
        stage=Stage.READY,
        group=ListGroup.NEEDS_YOU if waits else ListGroup.CLOSED,
        needs_you=bool(waits),
        updated_at=max(
            parse_time(event.at) for event in (*(a.event for a in state.asks), *(g.event for g in state.answers))
        ),
        detail=SIGN_OFF_DETAIL + newest.body.area,
    )


def note_marking(session: Session, marking: Marking) -> None:
    """Remembers that this desk holds something marked so. It is not forgotten: lists, searches and backups may still show it."""
    if marking is not Marking.OFFICIAL and session.vault.settings.read(MARKED) is None:
        session.vault.settings.write(MARKED, marking.value.encode())


def highest_marking(session: Session) -> Marking:
    """The highest marking of anything that this desk has held, for pages that show several things at once."""
    kept = session.vault.settings.read(MARKED)
    return Marking(kept.decode()) if kept is not None else Marking.OFFICIAL


def is_sign_off(row: RequestRow) -> bool:
    """Whether a row is a draft that a colleague asked us to sign off."""
    return row.detail.startswith(SIGN_OFF_DETAIL)


def row_of_draft(draft: Draft, *, ready: bool = False) -> RequestRow:
    """The row of a draft."""
    return RequestRow(
        request=draft.request,
        reference=draft.reference,
        title=draft.title,
        counterpart=draft.supplier_name,
        side=Side.REQUESTER,
        stage=Stage.READY if ready else Stage.DRAFT,
        group=ListGroup.READY if ready else ListGroup.DRAFTS,
        needs_you=False,
        updated_at=draft.updated_at,
    )


def _row_of_state(session: Session, state: RequestState) -> RequestRow:
    own = session.profile.organisation.id
    side = state.side_of(own) or Side.REQUESTER
    stage = shown_stage(session, state)
    ours = turn(state) is side and stage not in FINAL
    counterpart = state.supplier if side is Side.REQUESTER else state.requester
    return RequestRow(
        request=state.id,
        reference=state.submission.reference,
        title=state.submission.title,
        counterpart=counterpart.name,
        side=side,
        stage=stage,
        group=_group(stage, ours=ours),
        needs_you=ours,
        updated_at=_last_change(state),
        detail=f"{len(state.open_questions)}" if state.open_questions else "",
    )


def _group(stage: Stage, *, ours: bool) -> ListGroup:
    if stage in FINAL:
        return ListGroup.CLOSED
    if stage in _AGREED and not ours:
        return ListGroup.AGREED
    if stage is Stage.SEALED:
        return ListGroup.READY
    return ListGroup.NEEDS_YOU if ours else ListGroup.SENT


def _last_change(state: RequestState) -> datetime:
    return max(parse_time(line.event.at) for line in state.history)


def rebuild(session: Session) -> int:
    """Writes every row anew and says how many."""
    requests = {draft.request for draft in session.vault.drafts.all()} | set(session.vault.events.requests())
    with session.vault.transaction():
        for request in requests:
            project(session, request, state_of(session, request))
    return len(requests)
