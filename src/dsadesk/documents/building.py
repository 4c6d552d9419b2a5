"""Makes blocks from text of any length, so that no answer can be too long or too empty for the tree."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime

from dsadesk.documents.layout import (
    MAX_ITEMS,
    MAX_LINE,
    MAX_ROWS,
    MAX_STEPS,
    MAX_TEXT,
    Bullets,
    Facts,
    Journey,
    Paragraph,
    Quote,
    Table,
)
from dsadesk.documents.wording import Language, clean, long_date

_SHORTENED = " … (shortened here)"
_EMPTY_LINES = re.compile(r"\n\s*\n")


def line(text: str, otherwise: str = "–") -> str:  # noqa: RUF001 - a dash stands for nothing
    """The text as one line that is neither empty nor too long."""
    text = clean(text, one_line=True) or otherwise
    return text if len(text) <= MAX_LINE else text[: MAX_LINE - 1].rstrip() + "…"


def clipped(text: str) -> str:
    """The text, cut with a note where it is longer than a cell may be."""
    text = clean(text)
    return text if len(text) <= MAX_TEXT else text[: MAX_TEXT - len(_SHORTENED)].rstrip() + _SHORTENED


def paragraphs(text: str) -> Iterator[Paragraph]:
    """One paragraph for each part between empty lines; a part that is too long becomes several."""
    yield from (Paragraph(part) for part in _parts(text))


def quotes(text: str) -> Iterator[Quote]:
    """The text as it was said."""
    yield from (Quote(part) for part in _parts(text))


def _parts(text: str) -> Iterator[str]:
    for part in _EMPTY_LINES.split(clean(text)):
        for start in range(0, len(part), MAX_TEXT):
            piece = clean(part[start : start + MAX_TEXT])
            if piece:
                yield piece


def bullets(items: Iterable[str]) -> Iterator[Bullets]:
    """The items that say something, as lists that are not too long."""
    told = [text for text in map(clipped, items) if text]
    yield from (Bullets(tuple(told[start : start + MAX_ITEMS])) for start in range(0, len(told), MAX_ITEMS))


def facts(rows: Iterable[tuple[str, str]]) -> Iterator[Facts]:
    """The pairs that say something."""
    told = [(line(label), text) for label, text in ((label, clipped(text)) for label, text in rows) if text]
    yield from (Facts(tuple(told[start : start + MAX_ITEMS])) for start in range(0, len(told), MAX_ITEMS))


def table(caption: str, columns: Sequence[str], rows: Iterable[Sequence[str]]) -> Iterator[Table]:
    """A table without the columns that are blank in every row, or nothing when there is no row. The first column always stays."""
    cells = [[clipped(cell) for cell in row] for row in rows]
    kept = [place for place in range(len(columns)) if place == 0 or any(row[place] for row in cells)]
    heads = tuple(line(columns[place]) for place in kept)
    for start in range(0, len(cells), MAX_ROWS):
        body = tuple(tuple(row[place] for place in kept) for row in cells[start : start + MAX_ROWS])
        yield Table(line(caption), heads, body)


def journey(caption: str, steps: Sequence[Sequence[str]]) -> Iterator[Journey]:
    """The steps as a drawing, where there are whole ones and not more than can be read; each has from, to, what and how."""
    whole = [tuple(line(cell, "") for cell in step) for step in steps if step[0].strip() and step[1].strip()]
    if 0 < len(whole) <= MAX_STEPS:
        made = Journey(line(caption), tuple((start, end, what, how) for start, end, what, how in whole))
        if made.flow().can_be_drawn:
            yield made


def day_of(at: str, language: Language = "en") -> str:
    """The day of an event's time in words, or the time as it stands when it is none."""
    try:
        return long_date(datetime.fromisoformat(at).date(), language)
    except ValueError:
        return line(at)


def size_in_words(size: int) -> str:
    """A file's size as people say it."""
    for unit, factor in (("GB", 10**9), ("MB", 10**6), ("kB", 10**3)):
        if size >= factor:
            tenths = size * 10 // factor
            return f"{tenths // 10}.{tenths % 10} {unit}"
    return f"{size} bytes"
