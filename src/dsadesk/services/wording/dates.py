"""Days and times in words. What is shown is the reader's own zone, which comes in with `now` or by itself."""

from __future__ import annotations

from datetime import date, datetime, tzinfo

from dsadesk.documents.wording import long_date as day_words


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
    return _told(at, now, zone, "today at {time}", "yesterday at {time}", "{day}")


def on(at: datetime, now: datetime, zone: tzinfo | None = None) -> str:
    """As `when`, to stand after a verb: "today at 9:41am", "yesterday at 4pm", "on 2 March 2026"."""
    return _told(at, now, zone, "today at {time}", "yesterday at {time}", "on {day}")


def day_of(text: str) -> str:
    """The day that a text in ISO form begins with, as 2 March 2026; "" when it does not begin with one."""
    try:
        return day_words(date.fromisoformat(text[:10]))
    except ValueError:
        return ""


def _told(at: datetime, now: datetime, zone: tzinfo | None, today: str, yesterday: str, other: str) -> str:
    here = zone if zone is not None else now.tzinfo
    if here is None:
        raise ValueError("a time needs its zone")
    local, local_now = _in_zone(at, here), _in_zone(now, here)
    days = (local_now.date() - local.date()).days
    if days == 0:
        return today.format(time=clock_words(local))
    if days == 1:
        return yesterday.format(time=clock_words(local))
    return other.format(day=day_words(local))


def _in_zone(at: datetime, zone: tzinfo) -> datetime:
    if at.tzinfo is None:
        raise ValueError("a time needs its zone")
    return at.astimezone(zone)
