"""The stages of a request as rows: who may say what, when, and where it leads. The drawing in docs/states is made from these rows.

Two kinds of row. An *event* row is moved by a signed event, so both sides see the same. A *local* row is what only this laptop
knows (is the draft complete, has the store acknowledged the bundle); it is shown, and never signed or sent.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import NamedTuple

from dsadesk.domain.organisation import Side


class Stage(StrEnum):
    """Where a request stands."""

    DRAFT = "draft"
    READY = "ready"
    SEALED = "sealed"
    SENT = "sent"
    RECEIVED = "received"
    ASSESSING = "assessing"
    CLARIFYING = "clarifying"
    RETURNED = "returned"
    AGREED_IN_PRINCIPLE = "agreed-in-principle"
    DRAFTING_AGREEMENT = "drafting-agreement"
    SIGNED = "signed"
    ACTIVE = "active"
    SUSPENDED = "suspended"
    AMENDING = "amending"
    RENEWING = "renewing"
    EXPIRING = "expiring"
    CLOSED = "closed"
    REJECTED = "rejected"
    WITHDRAWN = "withdrawn"
    REFERRED = "referred"


class Fact(StrEnum):
    """What an event means for the stage. Most are one event type; an answer or a signature may also be the last one awaited."""

    COMPLETED = "draft completed"
    REOPENED = "draft reopened"
    DELIVERED = "store acknowledged"
    SUBMITTED = "request submitted"
    RECEIVED = "request received"
    ASSESSMENT_STARTED = "assessment started"
    ASKED = "question asked"
    ANSWERED = "question answered"
    ALL_ANSWERED = "last open question answered"
    RETURNED = "request returned"
    APPROVED = "request approved"
    REJECTED = "request rejected"
    REFERRED = "request referred"
    WITHDRAWN = "request withdrawn"
    DRAFTED = "agreement drafted"
    SIGNED = "agreement signed"
    ALL_SIGNED = "agreement signed by all"
    STARTED = "sharing started"
    SUSPENDED = "sharing suspended"
    RESUMED = "sharing resumed"
    AMENDMENT_PROPOSED = "amendment proposed"
    DROPPED = "amendment dropped"
    RENEWAL_PROPOSED = "renewal proposed"
    EXPIRY_NOTICED = "expiry noticed"
    CLOSED = "sharing closed"


class Row(NamedTuple):
    """In stage `at`, a `fact` said by one of `sides` leads to stage `to`. `local` rows are never events."""

    at: Stage
    fact: Fact
    sides: frozenset[Side]
    to: Stage
    local: bool = False


_ASKS = frozenset({Side.REQUESTER})
_HOLDS = frozenset({Side.SUPPLIER})
_EITHER = frozenset(Side)
_S, _F = Stage, Fact


def _rows() -> tuple[Row, ...]:
    rows = [
        Row(_S.DRAFT, _F.COMPLETED, _ASKS, _S.READY, local=True),
        Row(_S.READY, _F.REOPENED, _ASKS, _S.DRAFT, local=True),
        Row(_S.SEALED, _F.DELIVERED, _ASKS, _S.SENT, local=True),
        Row(_S.READY, _F.SUBMITTED, _ASKS, _S.SEALED),
        Row(_S.RETURNED, _F.SUBMITTED, _ASKS, _S.SEALED),
        Row(_S.RECEIVED, _F.ASSESSMENT_STARTED, _HOLDS, _S.ASSESSING),
        Row(_S.CLARIFYING, _F.ANSWERED, _ASKS, _S.CLARIFYING),
        Row(_S.CLARIFYING, _F.ALL_ANSWERED, _ASKS, _S.ASSESSING),
        Row(_S.AGREED_IN_PRINCIPLE, _F.DRAFTED, _EITHER, _S.DRAFTING_AGREEMENT),
        Row(_S.SIGNED, _F.STARTED, _HOLDS, _S.ACTIVE),
        Row(_S.ACTIVE, _F.SUSPENDED, _EITHER, _S.SUSPENDED),
        Row(_S.SUSPENDED, _F.RESUMED, _EITHER, _S.ACTIVE),
        Row(_S.ACTIVE, _F.AMENDMENT_PROPOSED, _EITHER, _S.AMENDING),
        Row(_S.ACTIVE, _F.EXPIRY_NOTICED, _EITHER, _S.EXPIRING),
    ]
    rows += [Row(at, _F.RENEWAL_PROPOSED, _EITHER, _S.RENEWING) for at in (_S.ACTIVE, _S.EXPIRING)]
    for at in (_S.RECEIVED, _S.ASSESSING, _S.CLARIFYING):
        rows += [
            Row(at, _F.ASKED, _HOLDS, _S.CLARIFYING),
            Row(at, _F.RETURNED, _HOLDS, _S.RETURNED),
            Row(at, _F.APPROVED, _HOLDS, _S.AGREED_IN_PRINCIPLE),
            Row(at, _F.REFERRED, _HOLDS, _S.REFERRED),
        ]
    for at in (_S.RECEIVED, _S.ASSESSING, _S.CLARIFYING, _S.RETURNED, _S.AGREED_IN_PRINCIPLE, _S.DRAFTING_AGREEMENT):
        rows += [Row(at, _F.REJECTED, _HOLDS, _S.REJECTED), Row(at, _F.WITHDRAWN, _ASKS, _S.WITHDRAWN)]
    for at in (_S.SEALED, _S.SENT):
        rows += [Row(at, _F.RECEIVED, _HOLDS, _S.RECEIVED), Row(at, _F.WITHDRAWN, _ASKS, _S.WITHDRAWN)]
    for at, done in ((_S.DRAFTING_AGREEMENT, _S.SIGNED), (_S.AMENDING, _S.ACTIVE), (_S.RENEWING, _S.ACTIVE)):
        rows += [
            Row(at, _F.DRAFTED, _EITHER, at),
            Row(at, _F.SIGNED, _EITHER, at),
            Row(at, _F.ALL_SIGNED, _EITHER, done),
        ]
    rows += [Row(at, _F.DROPPED, _EITHER, _S.ACTIVE) for at in (_S.AMENDING, _S.RENEWING)]
    rows += [Row(at, _F.CLOSED, _EITHER, _S.CLOSED) for at in (_S.ACTIVE, _S.SUSPENDED, _S.EXPIRING)]
    return tuple(rows)


ROWS: tuple[Row, ...] = _rows()
TRANSITIONS: Mapping[tuple[Stage, Fact], Row] = {(row.at, row.fact): row for row in ROWS}

FINAL: frozenset[Stage] = frozenset({Stage.CLOSED, Stage.REJECTED, Stage.WITHDRAWN, Stage.REFERRED})


def row_for(stage: Stage, fact: Fact, side: Side) -> Row | None:
    """The row that lets `side` say `fact` in `stage`, or None when the rules do not."""
    row = TRANSITIONS.get((stage, fact))
    return row if row is not None and side in row.sides else None


def facts_open_to(stage: Stage, side: Side) -> frozenset[Fact]:
    """What `side` may say next by a signed event."""
    return frozenset(row.fact for row in ROWS if row.at is stage and side in row.sides and not row.local)


def waits_for(stage: Stage) -> Side | None:
    """Whose turn it is, where the stage says so."""
    return {
        Stage.DRAFT: Side.REQUESTER,
        Stage.READY: Side.REQUESTER,
        Stage.SEALED: Side.SUPPLIER,
        Stage.SENT: Side.SUPPLIER,
        Stage.RECEIVED: Side.SUPPLIER,
        Stage.ASSESSING: Side.SUPPLIER,
        Stage.CLARIFYING: Side.REQUESTER,
        Stage.RETURNED: Side.REQUESTER,
    }.get(stage)


def mermaid() -> str:
    """The rows as a Mermaid state diagram; dashed names in brackets are local rows."""
    lines = ["stateDiagram-v2", "    [*] --> draft"]
    for row in ROWS:
        who = "" if row.sides == _EITHER else f" ({next(iter(row.sides)).value})"
        note = " [this laptop only]" if row.local else ""
        lines.append(f"    {_node(row.at)} --> {_node(row.to)}: {row.fact.value}{who}{note}")
    lines += [f"    {_node(stage)} --> [*]" for stage in Stage if stage in FINAL]
    return "\n".join(lines) + "\n"


def _node(stage: Stage) -> str:
    return stage.value.replace("-", "_")
