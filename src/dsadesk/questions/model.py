"""What a question set is once it has been read: frozen values, every reference resolved. Nothing here reads or judges."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from typing import Literal

from msgspec import Struct

Kind = Literal["text", "long", "choice", "checks", "yesno", "date", "number", "confirm", "repeat", "organisation"]
CellKind = Literal["text", "long", "choice", "date", "number", "email"]
Requirement = Literal["always", "advised", "never"]
Operator = Literal["is", "includes", "in", "answered"]

Answer = str | bool | int | list[str] | list[dict[str, str]]
"""Text, choice and date are strings (a date is YYYY-MM-DD), checks a list of strings, a table a list of rows."""

Answers = Mapping[str, Answer]
"""Question id to value. A value may still be malformed: an old draft is read, not refused."""

Plain = str | bool | int


class Text(Struct, frozen=True, forbid_unknown_fields=True):
    """A text in English, with its Welsh beside it where there is one."""

    en: str
    cy: str = ""

    def in_language(self, language: str) -> str:
        """Return the Welsh for `cy` where it exists, and the English otherwise."""
        return self.cy if language == "cy" and self.cy else self.en


class Option(Struct, frozen=True, forbid_unknown_fields=True):
    """One thing that can be chosen. `alone` excludes all others; `note` is shown once it is chosen."""

    value: str
    label: Text
    hint: Text | None = None
    note: Text | None = None
    alone: bool = False


class Column(Struct, frozen=True):
    """One column of a table. Every cell is a string, whatever its kind."""

    id: str
    label: Text
    kind: CellKind
    required: bool
    max_chars: int
    hint: Text | None = None
    options: tuple[Option, ...] = ()


class Look(Struct, frozen=True):
    """A condition that looks at one answer, or at one column of a table."""

    question: str
    operator: Operator
    values: tuple[Plain, ...]
    column: str = ""


class All(Struct, frozen=True):
    """A condition that holds when each part holds."""

    parts: tuple[Condition, ...]


class Either(Struct, frozen=True):
    """A condition that holds when at least one part holds."""

    parts: tuple[Condition, ...]


class Negation(Struct, frozen=True):
    """A condition that holds when its part does not."""

    part: Condition


Condition = All | Either | Negation | Look


class RowNeed(Struct, frozen=True):
    """A row that a table must have: at least one with this value in this column, perhaps only under a condition.

    `formerly` is the id of the question that asked for the rest of the row before there was a table.
    """

    column: str
    value: str
    when: Condition | None = None
    formerly: str = ""


class Limits(Struct, frozen=True):
    """What an answer may not exceed. A field that is None sets no limit."""

    max_words: int | None = None
    max_chars: int | None = None
    lowest: int | None = None
    highest: int | None = None
    future: bool = False
    past: bool = False
    after: str | None = None
    within_months: int | None = None
    min_rows: int | None = None
    max_rows: int | None = None
    rows_with: tuple[RowNeed, ...] = ()
    reading_age: int | None = None


class Saying(Struct, frozen=True):
    """A sentence that is said when a condition holds."""

    when: Condition
    say: Text


class Question(Struct, frozen=True):
    """One question: what is asked, why, of whom, and what to tell the supplier about the answer."""

    id: str
    section_id: str
    codes: tuple[str, ...]
    kind: Kind
    label: Text
    why: Text
    required: Requirement | Condition
    limits: Limits
    hint: Text | None = None
    example: Text | None = None
    options: tuple[Option, ...] = ()
    columns: tuple[Column, ...] = ()
    when: Condition | None = None
    prerequisites: tuple[str, ...] = ()
    red_flags: tuple[Saying, ...] = ()
    stops: tuple[Saying, ...] = ()
    sources: tuple[str, ...] = ()
    formerly: tuple[str, ...] = ()
    key: bool = False

    def option(self, value: object) -> Option | None:
        """Return the option with this value, or None."""
        return next((option for option in self.options if option.value == value), None)

    def column(self, column_id: str) -> Column | None:
        """Return the column with this id, or None."""
        return next((column for column in self.columns if column.id == column_id), None)

    @property
    def has_set_rows(self) -> bool:
        """Whether the rows of the table are given: two columns, a text for each option of the first that is needed."""
        if self.kind != "repeat" or len(self.columns) != 2 or self.columns[1].kind not in {"text", "long"}:
            return False
        needed = {need.value for need in self.limits.rows_with if need.column == self.columns[0].id}
        return bool(needed) and needed == {option.value for option in self.columns[0].options}


class Section(Struct, frozen=True):
    """A page of questions, in the order in which a person would write them."""

    id: str
    title: Text
    lead: Text
    questions: tuple[Question, ...]


class Source(Struct, frozen=True, forbid_unknown_fields=True):
    """Where a question comes from: a law, a code of practice, a form that is in use."""

    id: str
    title: str
    url: str


class SignOffNeed(Struct, frozen=True):
    """A specialist's sign-off that the answers call for: in which area, when, and why."""

    area: str
    when: Condition
    why: Text


class QuestionSet(Struct, frozen=True):
    """A released set of questions. `order` names every question after those that decide whether it applies."""

    id: str
    version: str
    title: Text
    released: dt.date
    sections: tuple[Section, ...]
    sources: tuple[Source, ...]
    seconds: Mapping[str, int]
    index: Mapping[str, Question]
    order: tuple[str, ...]
    sign_offs: tuple[SignOffNeed, ...] = ()

    def questions(self) -> Iterator[Question]:
        """Yield every question in the order of the form."""
        for section in self.sections:
            yield from section.questions

    def question(self, question_id: str) -> Question | None:
        """Return the question with this id, or None."""
        return self.index.get(question_id)


class LegalEntry(Struct, frozen=True, forbid_unknown_fields=True):
    """One lawful basis, gateway, opt-out or trigger, with the law that it stands on. `force` is what a gateway does."""

    value: str
    label: Text
    law: str
    url: str
    hint: Text | None = None
    note: Text | None = None
    force: Literal["", "permissive", "mandatory", "not-a-power"] = ""
    nations: tuple[Literal["england", "wales", "scotland", "northern_ireland"], ...] = ()
    alone: bool = False


class LegalList(Struct, frozen=True, forbid_unknown_fields=True):
    """A named list of entries, in the order in which they are offered."""

    name: str
    title: Text
    source: str
    url: str
    entries: tuple[LegalEntry, ...]

    def entry(self, value: str) -> LegalEntry | None:
        """Return the entry with this value, or None."""
        return next((entry for entry in self.entries if entry.value == value), None)


class LegalPack(Struct, frozen=True, forbid_unknown_fields=True):
    """A dated collection of legal lists that an organisation can replace. It is not legal advice and says so."""

    format: Literal["dsadesk-legal/1"]
    id: str
    title: Text
    dated: dt.date
    notice: Text
    lists: tuple[LegalList, ...]

    def list_named(self, name: str) -> LegalList | None:
        """Return the list with this name, or None."""
        return next((entry for entry in self.lists if entry.name == name), None)
