"""Questions as widgets: the kinds of answer, their plain descriptions, and the one call that makes the widget for a description.

Values: long, short and choice are texts; checks a list of texts; yesno a bool or None; date YYYY-MM-DD or nothing; number an int or None;
confirm a bool; repeat a list of rows, each a dictionary of texts.
"""

from __future__ import annotations

from typing import Any

from PySide6.QtWidgets import QWidget

from dsadesk.ui.vocabulary import Answer, Column, Kind, Option, QuestionSpec
from dsadesk.ui.widgets.answers import Checks, Choice, Confirm, DateField, LongText, Number, Pick, ShortText, YesNo
from dsadesk.ui.widgets.question import Question
from dsadesk.ui.widgets.repeat_table import RepeatTable
from dsadesk.ui.widgets.set_rows import SetRows

__all__ = [
    "Answer",
    "Checks",
    "Choice",
    "Column",
    "Confirm",
    "DateField",
    "Kind",
    "LongText",
    "Number",
    "Option",
    "Pick",
    "Question",
    "QuestionSpec",
    "RepeatTable",
    "SetRows",
    "ShortText",
    "YesNo",
    "build",
]

_KINDS: dict[Kind, type[Question[Any]]] = {
    Kind.LONG: LongText,
    Kind.SHORT: ShortText,
    Kind.CHOICE: Choice,
    Kind.CHECKS: Checks,
    Kind.YESNO: YesNo,
    Kind.DATE: DateField,
    Kind.NUMBER: Number,
    Kind.CONFIRM: Confirm,
    Kind.REPEAT: RepeatTable,
}


def build(spec: QuestionSpec, parent: QWidget | None = None) -> Question[Any]:
    """Make the widget for a question."""
    return SetRows(spec, parent=parent) if spec.set_rows else _KINDS[spec.kind](spec, parent=parent)
