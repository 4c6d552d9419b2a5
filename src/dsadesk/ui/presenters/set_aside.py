"""Answers that no question asks for any more: kept in the draft, not sealed, and shown so that they can be copied to where they belong."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class SetAside:
    """One such answer. Its question is gone, so all that is known of it is its name."""

    name: str
    text: str


def told(answers: Mapping[str, Any]) -> tuple[SetAside, ...]:
    """Return these answers in words, by the names of their questions."""
    return tuple(SetAside(name, _words(value)) for name, value in sorted(answers.items()) if _words(value))


def _words(value: Any) -> str:
    match value:
        case bool():
            return "Yes" if value else "No"
        case str() | int():
            return str(value).strip()
        case list():
            return "\n".join(part for part in map(_words, value) if part)
        case dict():
            return "; ".join(f"{name}: {words}" for name, cell in value.items() if (words := _words(cell)))
    return ""
