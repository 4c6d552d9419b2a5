"""What the strip says of sending and fetching, with or without a link: what waits, what moves, what could be reached, when the next try is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from dsadesk.errors import RuleError
from dsadesk.services.delivering import Deliverer, Lately
from dsadesk.services.wording import count_words, duration_words, size_words, when
from dsadesk.sync.shown import Going, Shown
from dsadesk.ui.vocabulary import StatusItem, Tone

EXCHANGE = "exchange"


@dataclass(frozen=True, kw_only=True)
class Sending:
    """What is known of the deliveries that wait: how many, since when, how many were refused or are left for later, and when one last went.

    `worse` is how many stores do less than they did.
    """

    waiting: int = 0
    failed: int = 0
    left: int = 0
    oldest: datetime | None = None
    last_sent: datetime | None = None
    worse: int = 0


@dataclass(frozen=True, kw_only=True)
class Outlook:
    """How it is with the stores, as of now. `next_look_in` is seconds, None when nothing is planned."""

    lately: Lately
    shown: tuple[Shown, ...] = ()
    next_look_in: float | None = None
    is_paused: bool = False
    is_offline: bool = False
    is_automatic: bool = False
    poll_seconds: float = 0.0


NOTHING_YET = Outlook(lately=Lately())


def outlook_of(deliverer: Deliverer, *, is_offline: bool) -> Outlook:
    """How it is now. It reads what the work has put there, and may be called on any thread."""
    return Outlook(
        lately=deliverer.lately,
        shown=deliverer.shown,
        next_look_in=deliverer.next_look_in,
        is_paused=deliverer.controls.is_paused,
        is_offline=is_offline,
        is_automatic=deliverer.is_automatic,
        poll_seconds=deliverer.poll_seconds,
    )


def outlook_sentence(outlook: Outlook, now: datetime) -> str:
    """What goes on by itself, and how it is with our inbox, for the page; the strip says the same in fewer words."""
    minutes = round(outlook.poll_seconds / 60)
    parts = [
        f"It sends by itself, and looks for news every {count_words(minutes, 'minute', '# minutes')}."
        if outlook.is_automatic
        else "It sends and looks for news when you press the button. In the settings you can have it go on by itself."
    ]
    if outlook.is_offline:
        parts.append("This computer seems to be offline; it tries all the same, and at once when a network comes.")
    inbox = _inbox(replace(outlook, is_offline=False), now)
    if inbox is not None:
        parts.append(f"{inbox.text}.")
    if outlook.is_automatic and outlook.lately.fault is None and outlook.next_look_in is not None:
        parts.append(f"The next look is in {duration_words(outlook.next_look_in)}.")
    return " ".join(parts)


def status_items(sending: Sending, now: datetime, outlook: Outlook = NOTHING_YET) -> tuple[StatusItem, ...]:
    """What the strip says, in the order of what matters."""
    items = []
    if sending.failed:
        said = count_words(sending.failed, "# delivery has not gone through", "# deliveries have not gone through")
        items.append(StatusItem(said, "triangle-alert", Tone.BAD))
    items.append(_moving(outlook) or _waiting(sending, now, outlook))
    if sending.left:
        items.append(StatusItem(f"{sending.left:,} left for later", "clock"))
    if (inbox := _inbox(outlook, now)) is not None:
        items.append(inbox)
    if sending.worse:
        said = count_words(sending.worse, "A place does less than it did", "# places do less than they did")
        items.append(StatusItem(said, "hard-drive", Tone.WARN))
    items.append(StatusItem("Send and fetch", action=EXCHANGE))
    return tuple(items)


def _moving(outlook: Outlook) -> StatusItem | None:
    moving = [each for each in outlook.shown if each.going is Going.MOVING]
    if not outlook.lately.is_sending or not moving:
        return None
    done, total = sum(each.done for each in moving), sum(each.total for each in moving)
    said = f"Sending: {size_words(done)} of {size_words(total)}"
    left = _seconds_left(moving)
    return StatusItem(f"{said}, about {duration_words(left)} left" if left is not None else said, "send", Tone.INFO)


def _seconds_left(moving: Sequence[Shown]) -> float | None:
    rate = sum(each.rate for each in moving)
    return sum(each.total - each.done for each in moving) / rate if rate > 0 else None


def _waiting(sending: Sending, now: datetime, outlook: Outlook) -> StatusItem:
    if sending.oldest is None:
        if sending.last_sent is None:
            return StatusItem("Nothing waits to be sent", "send")
        if outlook.lately.fault is not None or outlook.is_offline:  # what is said of the inbox needs the room
            return StatusItem("Nothing waits", "circle-check", Tone.GOOD)
        return StatusItem(f"Nothing waits. Last sent {when(sending.last_sent, now)}", "circle-check", Tone.GOOD)
    since = when(sending.oldest, now)
    said = (
        f"1 sealed delivery waits to be sent since {since}"
        if sending.waiting == 1
        else f"{sending.waiting:,} sealed deliveries wait to be sent, the oldest since {since}"
    )
    lately = outlook.lately
    if outlook.is_paused:
        return StatusItem(f"{said}. Sending is paused", "send", Tone.WARN)
    if lately.tried_at is not None and lately.problems:
        return StatusItem(f"{said}. The try {when(lately.tried_at, now)} did not get through", "send", Tone.WARN)
    return StatusItem(said, "send", Tone.INFO)


def _inbox(outlook: Outlook, now: datetime) -> StatusItem | None:
    """When our inbox was last looked at, whether it could be reached, and when it is looked at next."""
    lately = outlook.lately
    if lately.looked_at is None or isinstance(lately.fault, RuleError):
        return StatusItem("This computer seems to be offline", "cloud-off") if outlook.is_offline else None
    at = when(lately.looked_at, now)
    following = _next(outlook)
    if lately.fault is not None:
        return StatusItem(f"Your inbox could not be reached {at}{following}", "cloud-off", Tone.WARN)
    came = ""
    if lately.came_at is not None:
        last = when(lately.came_at, now)
        came = ", with news" if last == at else f", last news {last}"
    if outlook.is_offline:
        return StatusItem(f"This computer seems to be offline. Your inbox was reached {at}{came}", "cloud-off")
    return StatusItem(f"Your inbox was reached {at}{came}", "cloud", Tone.GOOD)


def _next(outlook: Outlook) -> str:
    if outlook.lately.is_looking:
        return ". Trying again now"
    if outlook.next_look_in is not None:
        return f". Next try in {duration_words(outlook.next_look_in)}"
    return "" if outlook.is_automatic else ". It is tried again when you press Send and fetch"
