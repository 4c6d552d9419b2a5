"""The outbox as a page shows it: each delivery with where it is, why it waits, how long it takes and what comes next."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from dsadesk.domain.ids import RequestId
from dsadesk.errors import CardError, DsadeskError, RuleError
from dsadesk.ports import DeliveryState, OutboxItem, RequestRow
from dsadesk.services.delivering import Lately
from dsadesk.services.exchanging import Problem
from dsadesk.services.keeping_cards import address_of, card_names, partner_card
from dsadesk.services.leaving import left_for_later
from dsadesk.services.receipts import is_overdue
from dsadesk.services.session import Session
from dsadesk.services.wording import (
    count_words,
    delivery_tone,
    delivery_words,
    duration_words,
    explain,
    kind_words,
    plain,
    problem_words,
    size_words,
    stage_words,
    unheard_sentence,
)
from dsadesk.services.wording import on as said_on
from dsadesk.sync.delivery import bytes_total, journal_of
from dsadesk.sync.orders import Key
from dsadesk.sync.plan import rides_inside, urgency
from dsadesk.sync.shown import Going, Shown
from dsadesk.ui.presenters.delivery_words import where_words, whom_words
from dsadesk.ui.presenters.exchange_words import ResultLine, problem_lines, worse_lines
from dsadesk.ui.vocabulary import Tone

MOST_WAITING, MOST_SENT = 50, 30
_LONG = timedelta(days=3)
_GONE = frozenset({DeliveryState.COMMITTED, DeliveryState.DELIVERED})


@dataclass(frozen=True)
class WaitingItem:
    """One delivery as the page shows it. `why` says what keeps it from going, where something does, and `following` what comes next."""

    key: Key
    title: str
    whom: str
    status: str
    tone: Tone
    sentence: str
    why: str
    request: RequestId | None
    following: str = ""
    is_left: bool = False
    can_leave: bool = False


@dataclass(frozen=True)
class ItemMotion:
    """How far a delivery is at this moment. `permille` is how much of it the store has, None when no bar is shown."""

    key: Key
    status: str
    tone: Tone
    sentence: str
    permille: int | None
    is_paused: bool


@dataclass(frozen=True)
class ExchangeFacts:
    """What the page shows before anything is pressed. `more` says how many wait that are not shown."""

    waiting: tuple[WaitingItem, ...]
    sent: tuple[WaitingItem, ...]
    summary: str
    inbox: str
    has_inbox: bool
    can_set_inbox: bool
    is_admitted: bool
    more: int = 0
    problems: tuple[ResultLine, ...] = ()


# ---------------------------------------------------------------- what the vault knows


def facts_of(session: Session, lately: Lately | None = None) -> ExchangeFacts:
    """Return what waits, in the order in which it goes, and what went: first what nobody confirmed for a week, then the newest.

    With `lately`, what the last tries met with too.
    """
    now = session.world.clock.now().astimezone()
    unfinished = sorted(session.vault.outbox.unfinished(), key=_order)
    gone = [item for item in session.vault.outbox.all() if item.state in _GONE and item.kind != "receipt"]
    late = [item for item in gone if is_overdue(session, item, now)]
    newest = sorted(gone, key=lambda item: item.changed_at, reverse=True)[:MOST_SENT]
    shown = {(item.id, item.box): item for item in (*late[:MOST_SENT], *newest)}
    first = unfinished[:MOST_WAITING]
    rows = _rows(session, [*first, *shown.values()])
    inbox = _own_address(session)
    return ExchangeFacts(
        waiting=tuple(_waiting(session, item, rows, now) for item in first),
        sent=tuple(_waiting(session, item, rows, now) for item in shown.values()),
        summary=_summary(
            [item for item in unfinished if (item.id, item.box) not in left_for_later(session)], newest, len(late), now
        ),
        inbox=inbox,
        has_inbox=bool(inbox),
        can_set_inbox=session.organisation is not None,
        is_admitted=session.inbox is not None,
        more=len(unfinished) - len(first),
        problems=(*(_problems(session, lately) if lately is not None else ()), *worse_lines(session)),
    )


def _order(item: OutboxItem) -> tuple[int, datetime]:
    """Small ones first, as they are sent; the oldest first among equals."""
    return urgency(bytes_total(item), rides_inside=rides_inside(journal_of(item).objects)), item.created_at


def _problems(session: Session, lately: Lately) -> list[ResultLine]:
    own, fault = session.profile.organisation.id, lately.fault
    # Where no inbox was chosen yet, the page offers to choose one.
    mine = [] if fault is None or fault.code == "no-address" else [Problem(own, fault)]
    return problem_lines(session, [*lately.problems, *mine])


def _waiting(session: Session, item: OutboxItem, rows: Mapping[RequestId, RequestRow], now: datetime) -> WaitingItem:
    row = rows.get(item.request) if item.request is not None else None
    is_left = (item.id, item.box) in left_for_later(session)
    status, tone = delivery_words(item.state), Tone(delivery_tone(item.state))
    if is_left:
        status, tone = "Left for later", Tone.NEUTRAL
    elif is_overdue(session, item, now):
        status, tone = "Not confirmed", Tone.WARN
    return WaitingItem(
        key=(item.id, item.box),
        title=f"{kind_words(item.kind)}: {plain(row.title, 120)}" if row is not None else kind_words(item.kind),
        whom=whom_words(session, item.org),
        status=status,
        tone=tone,
        sentence=where_words(session, item, now),
        why="" if is_left else _why(session, item),
        request=item.request,
        following=_following(session, item, row, now, is_left=is_left),
        is_left=is_left,
        can_leave=item.state not in _GONE,
    )


def _following(session: Session, item: OutboxItem, row: RequestRow | None, now: datetime, *, is_left: bool) -> str:
    """What comes next, where that is not said by its state."""
    if is_left:
        return "It stays here until you press Send it after all."
    if item.state is DeliveryState.DELIVERED:
        if item.kind == "request" and row is not None:
            return f"The request now: {stage_words(row.stage, row.side)}."
        return ""
    if item.state is not DeliveryState.COMMITTED or item.org == session.profile.organisation.id:
        return ""
    passed = now - item.changed_at
    if passed < _LONG:
        return "Their confirmation comes when they next fetch and you do."
    return unheard_sentence(item, now)


def _why(session: Session, item: OutboxItem) -> str:
    """What will keep an item from going when it is tried now, as far as can be told without trying."""
    if item.state in _GONE:
        return ""
    try:
        partner_card(session, item.org)
        address_of(session, item.org)
    except (RuleError, CardError) as error:
        said = explain(error, own=session.profile.organisation.id, name_of=card_names(session))
        return f"{said.what} {said.todo}"
    return ""


def _rows(session: Session, items: Sequence[OutboxItem]) -> dict[RequestId, RequestRow]:
    wanted = {item.request for item in items if item.request is not None}
    return {row.request: row for row in session.vault.projections.rows(sorted(wanted))}


def _own_address(session: Session) -> str:
    try:
        return address_of(session, session.profile.organisation.id)
    except DsadeskError:
        return ""


def _summary(unfinished: Sequence[OutboxItem], gone: Sequence[OutboxItem], late: int, now: datetime) -> str:
    said = _what_waits(unfinished, gone, now)
    if not late:
        return said
    many = count_words(late, "# delivery that was sent has", "# deliveries that were sent have")
    return f"{said} {many} not been confirmed for a week."


def _what_waits(unfinished: Sequence[OutboxItem], gone: Sequence[OutboxItem], now: datetime) -> str:
    if unfinished:
        waits = count_words(
            len(unfinished), "# sealed delivery waits to be sent", "# sealed deliveries wait to be sent"
        )
        return f"{waits}, the oldest sealed {said_on(min(item.created_at for item in unfinished), now)}."
    if gone:
        return f"Nothing waits to be sent. The last delivery went {said_on(gone[0].changed_at, now)}."
    return "Nothing waits to be sent."


# ---------------------------------------------------------------- what moves


def motions_of(shown: Sequence[Shown], *, is_sending: bool, all_paused: bool) -> dict[Key, ItemMotion]:
    """Put how far each delivery is into words. What ended, or does not go on now, is left to what the vault knows of it."""
    if not is_sending:
        return {}
    moved = (_motion(each, all_paused=all_paused) for each in shown)
    return {each.key: each for each in moved if each is not None}


def _motion(shown: Shown, *, all_paused: bool) -> ItemMotion | None:
    far = f"{size_words(shown.done)} of {size_words(shown.total)}"
    permille = shown.done * 1000 // max(1, shown.total)
    match shown.going:
        case Going.SENT:
            return ItemMotion(shown.key, "Sent", Tone.GOOD, "It is in the store.", None, is_paused=False)
        case Going.STOPPED:
            return None
        case Going.PAUSED:
            sentence = f"Paused with {far} in the store. It goes on from there."
            return ItemMotion(shown.key, "Paused", Tone.WARN, sentence, permille, is_paused=not all_paused)
        case Going.MOVING:
            return ItemMotion(shown.key, "Being sent", Tone.INFO, _moving(shown, far), permille, is_paused=False)
        case Going.WAITING:
            sentence = _waits(shown)
            tone = Tone.WARN if shown.why else Tone.INFO
            return ItemMotion(shown.key, "Waiting", tone, sentence, permille if shown.done else None, is_paused=False)


def _moving(shown: Shown, far: str) -> str:
    parts = [f"{far} in the store"]
    if shown.rate >= 1:
        parts.append(f"{size_words(round(shown.rate))} a second")
    if shown.seconds_left is not None:
        parts.append(f"about {duration_words(shown.seconds_left)} left")
    return ", ".join(parts) + "."


def _waits(shown: Shown) -> str:
    if not shown.why:
        return "It waits for its turn: smaller deliveries go first."
    again = (
        f" It is tried again within {duration_words(shown.tries_again_in)}." if shown.tries_again_in is not None else ""
    )
    return problem_words(shown.why) + again
