"""What all question widgets have in common."""

from __future__ import annotations

from typing import Generic, TypeVar

from PySide6.QtCore import QSize, Signal
from PySide6.QtWidgets import QWidget

from dsadesk.ui.i18n import translate
from dsadesk.ui.vocabulary import QuestionSpec
from dsadesk.ui.widgets.form_row import FormRow
from dsadesk.ui.widgets.text import plain

V = TypeVar("V")


class Question(FormRow, Generic[V]):
    """A question with its answer.

    `changed` follows what a person does and carries the new value; `set_value` is silent, and leaves alone what already says the
    same. A problem that the widget finds itself stands until it is mended; one given from outside goes before it.
    """

    changed = Signal(object)  # the new value

    def __init__(self, spec: QuestionSpec, *, look: str = "subtitle", parent: QWidget | None = None) -> None:
        super().__init__(_label(spec), spec.hint, look=look, parent=parent)
        self.spec = spec
        self.setObjectName(spec.id)
        self._given_problem = ""
        self._silent = False
        self._last: V | None = None

    def sizeHint(self) -> QSize:
        """Return the size that the parts want. How high they are at the width that the column gives is asked for apart."""
        return self.column.sizeHint()

    @property
    def is_whole(self) -> bool:
        """Whether every part is there. Only a table is made in parts."""
        return True

    def begin(self, value: V) -> None:
        """Show an answer for the first time. What has parts makes them one by one, each time `add_next` is called."""
        self.set_value(value)

    def add_next(self) -> None:
        """Make one more part."""

    def finish(self) -> None:
        """Make every part that is to come."""

    def value(self) -> V:
        """Return the answer."""
        raise NotImplementedError

    def set_value(self, value: V) -> None:
        """Show an answer, without a signal."""
        if value != self.value():
            self._silent = True
            self.put(value)
            self._silent = False
        self._last = self.value()
        self.look_again()

    def put(self, value: V) -> None:
        """Write an answer into the fields."""
        raise NotImplementedError

    def own_problem(self) -> str:
        """Return what the widget itself finds wrong, as a sentence, or nothing."""
        return ""

    def show_problem(self, sentence: str) -> None:
        """Say what is wrong with the answer, or take it back."""
        self._given_problem = plain(sentence)
        self.look_again()

    def look_again(self) -> None:
        """Show the problem that stands now."""
        super().show_problem(self._given_problem or self.own_problem())

    def take_focus(self) -> None:
        """Put the keyboard where answering begins."""
        for field in self.fields():
            field.setFocus()
            return

    def fields(self) -> list[QWidget]:
        """Return the widgets to answer with, in order."""
        return self.problem_fields()

    def tell(self) -> None:
        """Report the value if a person has changed it."""
        value = self.value()
        if not self._silent and value != self._last:
            self._last = value
            self.changed.emit(value)


def _label(spec: QuestionSpec) -> str:
    return spec.label if spec.required else translate("Question", "{label} (optional)", label=spec.label)
