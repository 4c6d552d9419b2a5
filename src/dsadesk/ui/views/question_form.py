"""A section of the form: its questions as widgets, which come and go without disturbing the one that has the keyboard."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from PySide6.QtCore import QElapsedTimer, QEvent, QKeyCombination, QObject, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent, QKeySequence, QTextCursor
from PySide6.QtWidgets import QLineEdit, QPlainTextEdit, QVBoxLayout, QWidget
from shiboken6 import isValid

from dsadesk.questions.flow import FLOW, flow_of
from dsadesk.ui.i18n import translate
from dsadesk.ui.presenters.filling import ITEMS
from dsadesk.ui.presenters.form import Entry, Problem
from dsadesk.ui.theme import Space
from dsadesk.ui.views.link_line import LinkLine
from dsadesk.ui.views.tab_order import last_tab_stop, tab_stops, tab_through
from dsadesk.ui.vocabulary import Kind, Tone
from dsadesk.ui.widgets.answers import LongText, Pick, ShortText
from dsadesk.ui.widgets.banner import Banner
from dsadesk.ui.widgets.button import Button
from dsadesk.ui.widgets.flow_diagram import FlowPicture
from dsadesk.ui.widgets.question import Question
from dsadesk.ui.widgets.questions import build
from dsadesk.ui.widgets.repeat_table import RepeatTable
from dsadesk.ui.widgets.scroll_column import ScrollColumn
from dsadesk.ui.widgets.set_rows import SetRows
from dsadesk.ui.widgets.text import Text, place_in_qt

_MOST_CARDS = 6
_BUDGET_MILLISECONDS = 6
_REDO_TOO = QKeyCombination(Qt.KeyboardModifier.ControlModifier, Qt.Key.Key_Y)


class QuestionForm(ScrollColumn):
    """The questions of one section under its title."""

    answered = Signal(str, object)  # the question's id, the new value
    focused = Signal(str)  # the question's id
    partners_wanted = Signal()
    fill_wanted = Signal()
    field_made = Signal(
        str, object, str
    )  # the question's id, a QPlainTextEdit or QLineEdit that a text is typed in, the column of a table

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent=parent)
        self._keys = _DraftKeys(self)
        self._blocks: dict[str, QuestionBlock] = {}
        self._to_come: list[Entry] = []
        self._last_stop: QWidget | None = None  # of the blocks that were added, while some are to come
        self._soon = QTimer(self)
        self._soon.setSingleShot(True)
        self._soon.setInterval(0)
        self._soon.timeout.connect(self._go_on)
        self._title = Text("", "title", heading=True)
        self._title.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self._lead = Text("", "lead")
        self._problems = ProblemList()
        self._problems.chosen.connect(self.go_to)
        head = QWidget()
        column = QVBoxLayout(head)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(Space.SMALL - 2)
        column.addWidget(self._title)
        column.addWidget(self._lead)
        self.add(head)
        self.add(self._problems)

    def questions(self) -> dict[str, Question[Any]]:
        """Return the widgets by question, in order."""
        self._finish()
        return {name: block.question for name, block in self._blocks.items()}

    def show_section(self, title: str, lead: str, entries: Sequence[Entry]) -> None:
        """Show another section from its top."""
        self.setUpdatesEnabled(False)
        for block in self._blocks.values():
            self._drop(block)
        self._blocks = {}
        self._title.setText(title)
        self._lead.setText(lead)
        self._problems.show_problems(())
        # What is in sight is there at once; the rest follows while it is read.
        self._to_come, self._last_stop = list(entries), None
        room, used = self.viewport().height(), 0
        while self._to_come and used <= room:
            used += self._add_next().sizeHint().height()
        self.verticalScrollBar().setValue(0)
        self.setUpdatesEnabled(True)
        if self._to_come:
            self._soon.start()

    def show_entries(self, entries: Sequence[Entry]) -> None:
        """Bring the questions in line. Those that stay keep what is typed in them and the keyboard."""
        self._finish()
        wanted = {entry.spec.id: entry for entry in entries}
        for name in [name for name in self._blocks if name not in wanted]:
            self._drop(self._blocks.pop(name))
        before: QuestionBlock | None = None
        order: dict[str, QuestionBlock] = {}
        for place, entry in enumerate(entries):
            block = self._blocks.get(entry.spec.id)
            if block is not None and not block.follow(entry):
                made = self._made(replace(entry, value=block.question.value()))
                self._drop(block)
                block = self._put(made, place, before)
            elif block is None:
                block = self._put(self._made(entry), place, before)
            order[entry.spec.id] = block
            before = block
        self._blocks = order

    def show_problems(self, problems: Sequence[Problem]) -> None:
        """Name what is missing, at the top and at each question."""
        if problems:
            self._finish()
        said = {problem.question: problem.sentence for problem in reversed(problems)}
        for name, block in self._blocks.items():
            block.question.show_problem(said.get(name, ""))
        was_shown = not self._problems.isHidden()
        self._problems.show_problems(problems)
        if problems and not was_shown:
            self.verticalScrollBar().setValue(0)
            self._problems.setFocus(Qt.FocusReason.OtherFocusReason)

    def go_to(self, question: str) -> None:
        """Put the keyboard where this question is answered."""
        self._finish()
        block = self._blocks.get(question)
        if block is not None:
            block.question.take_focus()
            # The room for what was just built is known a moment later.
            QTimer.singleShot(0, self, lambda: self._reveal(question))

    def put(self, question: str, value: Any) -> None:
        """Show another answer, and put the keyboard there."""
        self._finish()
        block = self._blocks.get(question)
        if block is not None:
            block.question.set_value(value)
            if question == FLOW:
                block.draw(value)
            self.go_to(question)

    def select(self, question: str, start: int, length: int, *, row: int = -1, column: str = "") -> None:
        """Put the keyboard where words stand in an answer, and choose them."""
        self._finish()
        block = self._blocks.get(question)
        if block is None:
            return
        asked: Question[Any] | None = block.question
        if row >= 0 and isinstance(asked, RepeatTable | SetRows):
            asked = asked.cell(row, column)
        if isinstance(asked, LongText):
            text, cursor = asked.area.toPlainText(), asked.area.textCursor()
            cursor.setPosition(place_in_qt(text, min(start, len(text))))
            cursor.setPosition(place_in_qt(text, min(start + length, len(text))), QTextCursor.MoveMode.KeepAnchor)
            asked.area.setTextCursor(cursor)
        elif isinstance(asked, ShortText):
            asked.line.setSelection(place_in_qt(asked.line.text(), start), length)
        if asked is None:
            self.go_to(question)
            return
        asked.take_focus()
        shown = asked
        QTimer.singleShot(0, self, lambda: self.reveal(shown) if isValid(shown) else None)

    def focus_title(self) -> None:
        """Put the keyboard on the title, from where reading begins."""
        self._title.setFocus(Qt.FocusReason.OtherFocusReason)

    def question_of(self, widget: QWidget | None) -> str:
        """Return the question that a widget belongs to, or nothing."""
        each = widget
        while each is not None and each is not self:
            if isinstance(each, QuestionBlock):
                return each.question.spec.id
            each = each.parentWidget()
        return ""

    def _add_next(self) -> QuestionBlock:
        block = self._made(self._to_come.pop(0))
        self.add(block)
        stops = tab_stops(block)
        # A block that was just made has its stops in their order: going round the whole window for the last of them takes too long.
        last = self._last_stop
        tab_through([last if last is not None and isValid(last) else last_tab_stop(self._problems), *stops])
        self._last_stop = stops[-1] if stops else self._last_stop
        return block

    def _go_on(self) -> None:
        spent = QElapsedTimer()
        spent.start()
        while self._to_come and spent.elapsed() < _BUDGET_MILLISECONDS:
            self._add_next()
        if self._to_come:
            self._soon.start()

    def _finish(self) -> None:
        """Have every question there, because somebody asks for one that may not be in sight."""
        self._soon.stop()
        while self._to_come:
            self._add_next()

    def _reveal(self, question: str) -> None:
        block = self._blocks.get(question)
        if block is not None and isValid(block):
            self.reveal(block)

    def _made(self, entry: Entry) -> QuestionBlock:
        block = QuestionBlock(entry, self.holder)
        name = entry.spec.id
        block.question.changed.connect(lambda value: self.answered.emit(name, value))
        block.partners_wanted.connect(self.partners_wanted)
        block.fill_wanted.connect(self.fill_wanted)
        self._blocks[name] = block
        if isinstance(block.question, RepeatTable):
            block.question.row_opened.connect(lambda form: self._take_fields(name, form))
        else:
            self._take_fields(name, block)
        return block

    def _take_fields(self, question: str, holder: QWidget) -> None:
        """Let the keys that undo go to the whole draft, and tell of the fields that texts are typed in."""
        for each in holder.findChildren(QWidget):
            if isinstance(each, QPlainTextEdit | QLineEdit):
                each.installEventFilter(self._keys)
            if isinstance(each, QPlainTextEdit):
                each.setUndoRedoEnabled(False)
            if isinstance(each, LongText):
                self.field_made.emit(question, each.area, each.spec.id)
            elif isinstance(each, ShortText):
                self.field_made.emit(question, each.line, each.spec.id)

    def _put(self, block: QuestionBlock, place: int, before: QuestionBlock | None) -> QuestionBlock:
        self.column.insertWidget(place + 2, block)  # under the title and the problems
        self._keep_tab_order(before, block)
        return block

    def _drop(self, block: QuestionBlock) -> None:
        self.column.removeWidget(block)
        block.hide()
        block.deleteLater()

    def _keep_tab_order(self, before: QuestionBlock | None, block: QuestionBlock) -> None:
        """Have the Tab key come to a block after the one that it stands under."""
        last = last_tab_stop(before) if before is not None else last_tab_stop(self._problems)
        tab_through([last, *tab_stops(block)])


class _DraftKeys(QObject):
    """Keeps the keys that undo and redo from the fields, which know only themselves."""

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:
        if event.type() is QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent):
            undoing = event.matches(QKeySequence.StandardKey.Undo) or event.matches(QKeySequence.StandardKey.Redo)
            if undoing or event.keyCombination() == _REDO_TOO:
                event.ignore()
                return True
        return False


class QuestionBlock(QWidget):
    """One question with what its answer calls for under it."""

    partners_wanted = Signal()
    fill_wanted = Signal()

    def __init__(self, entry: Entry, parent: QWidget) -> None:
        super().__init__(parent)
        self._entry = entry
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(Space.SMALL)
        self.question = _widget(entry, self)
        self.question.set_value(entry.value)
        self._column.addWidget(self.question)
        if entry.is_supplier and not entry.spec.options:
            self._column.addWidget(
                Text(
                    translate(
                        "QuestionForm",
                        "You have no partners yet. Take in the card of the organisation that holds the data; then you can choose it here.",
                    ),
                    "text",
                    parent=self,
                )
            )
        if entry.is_supplier:
            link = Button(translate("QuestionForm", "Add a partner"), "link", icon_name="users", parent=self)
            link.clicked.connect(self.partners_wanted)
            self._column.addWidget(link, 0, Qt.AlignmentFlag.AlignLeft)
        if entry.spec.id == ITEMS:
            words = translate("QuestionForm", "Fill from a file or the catalogue…")
            fill = Button(words, icon_name="file-spreadsheet", parent=self)
            fill.clicked.connect(self.fill_wanted)
            self._column.addWidget(fill, 0, Qt.AlignmentFlag.AlignLeft)
        if entry.spec.id == FLOW:
            self.picture = FlowPicture(self)
            self._column.addWidget(self.picture)
            self.question.changed.connect(self.draw)
            self.draw(entry.value)
        self._said: list[QWidget] = []
        self._say()

    def draw(self, rows: Sequence[Mapping[str, str]]) -> None:
        """Draw the journey of the data as its table has it now."""
        self.picture.show_flow(flow_of(rows))

    def follow(self, entry: Entry) -> bool:
        """Take what changed about the question; say no when it has to be made anew."""
        old = self._entry
        if replace(entry.spec, required=True) != replace(old.spec, required=True):
            return False
        if entry.spec.required != old.spec.required:
            spec = entry.spec
            label = spec.label if spec.required else translate("Question", "{label} (optional)", label=spec.label)
            self.question.label.setText(label)
        self._entry = entry
        if (entry.notes, entry.stops) != (old.notes, old.stops):
            self._say()
        return True

    def _say(self) -> None:
        for each in self._said:
            self._column.removeWidget(each)
            each.hide()
            each.deleteLater()
        self._said = [Banner(note, Tone.INFO, parent=self) for note in self._entry.notes]
        self._said += [Banner(stop, Tone.BAD, parent=self) for stop in self._entry.stops]
        for each in self._said:
            self._column.addWidget(each)


class ProblemList(QWidget):
    """What is missing, in order, each a way to where it is."""

    chosen = Signal(str)  # the question's id

    def __init__(self, title: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._title = title
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(Space.TIGHT)
        self._shown: tuple[Problem, ...] = ()
        self.hide()

    def show_problems(self, problems: Sequence[Problem]) -> None:
        """Show these; none takes no room."""
        if tuple(problems) == self._shown:
            return
        self._shown = tuple(problems)
        while (item := self._column.takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                widget.hide()
                widget.deleteLater()
        self.setVisible(bool(problems))
        if not problems:
            return
        some = (
            translate("ProblemList", "One thing is missing here")
            if len(problems) == 1
            else translate("ProblemList", "{n} things are missing here", n=len(problems))
        )
        banner = Banner(
            self._title or some,
            Tone.WARN,
            details=translate(
                "ProblemList", "You can go on and come back. Before the request is sealed they have to be there."
            ),
        )
        self.setAccessibleName(some)
        self._column.addWidget(banner)
        for problem in problems:
            link = LinkLine(problem.sentence)
            link.clicked.connect(lambda _=False, question=problem.question: self.chosen.emit(question))
            self._column.addWidget(link)
        tab_through([self, *self.findChildren(LinkLine)[-len(problems) :]])


def _widget(entry: Entry, parent: QWidget) -> Question[Any]:
    if entry.spec.kind is Kind.CHOICE and (entry.is_supplier and len(entry.spec.options) > _MOST_CARDS):
        return Pick(entry.spec, look="subtitle", parent=parent)
    return build(entry.spec, parent)
