"""Days and times in words. What is shown is the reader's own zone, which comes in with `now` or by itself."""

from __future__ import annotations

from datetime import UTC, date, datetime, tzinfo

from dsadesk.documents.wording import long_date as day_words
from dsadesk.questions.values import parse_date

_WHEN = ("today at {time}", "yesterday at {time}", "{day}")
_ON = ("today at {time}", "yesterday at {time}", "on {day}")


def long_date(day: date, zone: tzinfo | None = None) -> str:
    """A day as 2 March 2026. A moment is the day that it is in `zone`, or in its own zone when none is given."""
    if isinstance(day, datetime) and zone is not None:
        day = _in_zone(day, zone)
    return day_words(day)


def clock_words(at: datetime) -> str:
    """The time of day as 9:41am, 4pm, midday, midnight."""
    if at.minute == 0 and at.hour in (0, 12):
        return "midday" if at.hour else "midnight"
    minutes = f":{at.minute:02}" if at.minute else ""
    return f"{at.hour % 12 or 12}{minutes}{'am' if at.hour < 12 else 'pm'}"


def when(at: datetime, now: datetime, zone: tzinfo | None = None) -> str:
    """A moment as "today at 9:41am", "yesterday at 4pm" or "2 March 2026", in `zone` or else in the zone of `now`."""
    return _WHEN[_days_ago(at, now, zone)].format(**_day_and_time(at, now, zone))


def on(at: datetime, now: datetime, zone: tzinfo | None = None) -> str:
    """As `when`, to stand after a verb: "today at 9:41am", "yesterday at 4pm", "on 2 March 2026"."""
    return _ON[_days_ago(at, now, zone)].format(**_day_and_time(at, now, zone))


def day_of(text: str) -> str:
    """The day that a text in ISO form begins with, as 2 March 2026; "" when it does not begin with one."""
    day = parse_date(text[:10])
    return "" if day is None else day_words(day)


def _days_ago(at: datetime, now: datetime, zone: tzinfo | None) -> int:
    """0 for today, 1 for yesterday, 2 for any other day."""
    here = zone if zone is not None else now.tzinfo
    if here is None:
        raise ValueError("a time needs its zone")
    days = (_in_zone(now, here).date() - _in_zone(at, here).date()).days
    return days if days in (0, 1) else 2


def _day_and_time(at: datetime, now: datetime, zone: tzinfo | None) -> dict[str, str]:
    local = _in_zone(at, zone or now.tzinfo or UTC)
    return {"day": day_words(local), "time": clock_words(local)}


def _in_zone(at: datetime, zone: tzinfo) -> datetime:
    if at.tzinfo is None:
        raise ValueError("a time needs its zone")
    return at.astimezone(zone)
