"""What an answer says in words, for the screen, the agreement and the printed page."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from dsadesk.questions.model import Answer, Option, Question
from dsadesk.questions.values import is_answered, parse_date

_MONTHS = {
    "en": (
        "January", "February", "March", "April", "May", "June",
        "July", "August", "September", "October", "November", "December",
    ),
    "cy": (
        "Ionawr", "Chwefror", "Mawrth", "Ebrill", "Mai", "Mehefin",
        "Gorffennaf", "Awst", "Medi", "Hydref", "Tachwedd", "Rhagfyr",
    ),
}  # fmt: skip
_YES_NO = {"en": ("Yes", "No"), "cy": ("Ie", "Na")}


def words(question: Question, value: Answer, language: str = "en") -> str:
    """Return the answer in words. What a question cannot take is shown as it stands, never dropped."""
    match value:
        case bool():
            yes, no = _YES_NO.get(language, _YES_NO["en"])
            return yes if value else no
        case int():
            return f"{value:,}"
        case str():
            return (
                day_in_words(value, language) if question.kind == "date" else _label(question.options, value, language)
            )
        case list():
            if question.kind == "repeat":
                return "\n".join(_row_in_words(row) for row in rows(question, value, language))
            return "; ".join(_label(question.options, str(item), language) for item in value)


def rows(question: Question, value: Answer, language: str = "en") -> tuple[dict[str, str], ...]:
    """Return the rows of a table as column label to words, in the order of the columns, blank rows and cells left out."""
    found: list[dict[str, str]] = []
    for row in value if isinstance(value, list) else ():
        if not isinstance(row, dict):
            continue
        described: dict[str, str] = {}
        for column in question.columns:
            cell = str(row.get(column.id, "")).strip()
            if cell and column.kind == "date":
                described[column.label.in_language(language)] = day_in_words(cell, language)
            elif cell:
                described[column.label.in_language(language)] = _label(column.options, cell, language)
        unknown = {name: str(cell) for name, cell in row.items() if question.column(name) is None and is_answered(cell)}
        if described or unknown:
            found.append(described | unknown)
    return tuple(found)


def day_in_words(text: str, language: str = "en") -> str:
    """Return a day written YYYY-MM-DD as `2 March 2026`, and anything else as it stands."""
    day = parse_date(text)
    return text if day is None else date_in_words(day, language)


def date_in_words(day: dt.date, language: str = "en") -> str:
    """Return a day as `2 March 2026`."""
    return f"{day.day} {_MONTHS.get(language, _MONTHS['en'])[day.month - 1]} {day.year}"


def _label(options: Sequence[Option], value: str, language: str) -> str:
    return next((option.label.in_language(language) for option in options if option.value == value), value)


def _row_in_words(row: dict[str, str]) -> str:
    return "; ".join(f"{label}: {cell}" for label, cell in row.items())
