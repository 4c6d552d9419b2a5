"""Numbers as people write them: sizes and counts."""

from __future__ import annotations

_UNITS = ("KB", "MB", "GB", "TB")
_STEP = 1024


def size_words(size: int) -> str:
    """A number of bytes as 1 byte, 812 bytes, 48KB, 1.5MB. A unit is 1,024 of the one before, as file managers count."""
    if size < _STEP:
        return count_words(size, "# byte", "# bytes")
    amount = float(size)
    for unit in _UNITS:
        amount /= _STEP
        if round(amount, 1) < _STEP or unit == _UNITS[-1]:
            return f"{amount:,.1f}".removesuffix(".0") + unit
    raise AssertionError  # pragma: no cover - the last unit takes every size


def duration_words(seconds: float) -> str:
    """A time that nobody knows exactly, rounded up: "a minute", "12 minutes", "3 hours"."""
    minutes = -(-int(seconds) // 60)
    if minutes <= 1:
        return "a minute"
    return f"{minutes} minutes" if minutes < 90 else count_words(-(-minutes // 60), "# hour", "# hours")


def count_words(n: int, one: str, many: str) -> str:
    """The form for the number, with the number where it has `#`: "# question", "# questions"."""
    return (one if n == 1 else many).replace("#", f"{n:,}")
