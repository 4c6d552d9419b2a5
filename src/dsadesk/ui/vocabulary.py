"""The plain data that presenters, models and widgets share: tones, states, roles, questions.

It is free of Qt, so that a presenter can say "warn" and a model can name a role without knowing what draws it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import IntEnum, StrEnum

_QT_USER_ROLE = 0x0100


class Tone(StrEnum):
    """What a pill, banner or event feels like. Words always say the same thing; the colour only helps."""

    NEUTRAL = "neutral"
    INFO = "info"
    GOOD = "good"
    WARN = "warn"
    BAD = "bad"
    PURPLE = "purple"


class CardRole(IntEnum):
    """The item roles that a card list reads, beside the display role (title) and the accessible text role."""

    TITLE = _QT_USER_ROLE + 1
    SUBTITLE = _QT_USER_ROLE + 2
    PILL = _QT_USER_ROLE + 3
    TONE = _QT_USER_ROLE + 4
    META = _QT_USER_ROLE + 5


class SectionState(StrEnum):
    """How far a section of a form is."""

    DONE = "done"
    PART = "part"
    TODO = "todo"
    LOCKED = "locked"


@dataclass(frozen=True)
class Section:
    """One entry of a section list."""

    id: str
    title: str
    state: SectionState = SectionState.TODO


@dataclass(frozen=True)
class NavEntry:
    """One page that the navigation rail leads to."""

    id: str
    label: str
    icon: str
    description: str = ""


@dataclass(frozen=True)
class Segment:
    """One choice of a segmented filter."""

    id: str
    label: str


@dataclass(frozen=True)
class TimelineEntry:
    """One event as a timeline shows it."""

    when: str
    who: str
    sentence: str
    tone: Tone = Tone.NEUTRAL
    details: str = ""


@dataclass(frozen=True)
class StatusItem:
    """One fact in the status strip; with an `action` it is a button that reports this name."""

    text: str
    icon: str = ""
    tone: Tone = Tone.NEUTRAL
    action: str = ""


class Kind(StrEnum):
    """What an answer is made of."""

    LONG = "long"
    SHORT = "short"
    CHOICE = "choice"
    CHECKS = "checks"
    YESNO = "yesno"
    DATE = "date"
    NUMBER = "number"
    CONFIRM = "confirm"
    REPEAT = "repeat"


@dataclass(frozen=True)
class Option:
    """One thing that may be chosen."""

    value: str
    label: str
    hint: str = ""


@dataclass(frozen=True)
class Column:
    """One part of each row of a repeated answer. `required` is what a row is not whole without."""

    id: str
    label: str
    kind: Kind = Kind.SHORT
    options: tuple[Option, ...] = ()
    hint: str = ""
    required: bool = False


@dataclass(frozen=True)
class QuestionSpec:
    """All a question widget needs to know. `row_word` is what one row of a repeated answer is called; `set_rows` are the rows where they are given."""

    id: str
    kind: Kind
    label: str
    hint: str = ""
    options: tuple[Option, ...] = ()
    max_words: int | None = None
    max_chars: int | None = None
    columns: tuple[Column, ...] = ()
    required: bool = True
    row_word: str = ""
    set_rows: tuple[Option, ...] = ()


Row = Mapping[str, str]
Answer = str | bool | int | list[str] | list[dict[str, str]] | None


@dataclass(frozen=True)
class Card:
    """One row of a card list, for lists short enough to be held whole."""

    title: str
    subtitle: str = ""
    pill: str = ""
    tone: Tone = field(default=Tone.NEUTRAL)
    meta: str = ""

    def spoken(self) -> str:
        """Read the card as one line, the way a screen reader should say it."""
        return ". ".join(part for part in (self.title, self.subtitle, self.pill, self.meta) if part)
