"""Rows of a form whose hint comes after the row is made.

A row that is given its hint at once shows it for an instant as a window of its own, before the hint has its place: the screen flickers, and
the window that is typed in loses the keyboard.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from dsadesk.ui.vocabulary import QuestionSpec
from dsadesk.ui.widgets.answers import Pick
from dsadesk.ui.widgets.form_row import FormRow
from dsadesk.ui.widgets.question import Question
from dsadesk.ui.widgets.questions import build
from dsadesk.ui.widgets.text import Text

_HINT_PLACE = 1


def quiet_question(spec: QuestionSpec) -> Question[Any]:
    """Make the widget for a question."""
    question = build(replace(spec, hint=""))
    question.spec = spec
    give_hint(question, spec.hint)
    return question


def quiet_pick(spec: QuestionSpec) -> Pick:
    """Make a drop-down list for a question with one choice."""
    pick = Pick(replace(spec, hint=""), look="subtitle")
    pick.spec = spec
    give_hint(pick, spec.hint)
    return pick


def quiet_row(label: str, hint: str) -> FormRow:
    """Make a row for a field."""
    row = FormRow(label)
    give_hint(row, hint)
    return row


def give_hint(row: FormRow, hint: str) -> None:
    """Put the hint under the label, and into what assistive technology says of the fields."""
    item = row.column.itemAt(_HINT_PLACE)
    text = item.widget() if item is not None else None
    if isinstance(text, Text) and hint:
        text.setText(hint)
        text.show()
        for field in row.problem_fields():
            row.describe(field)
        if row.accessibleName():
            row.describe(row)
