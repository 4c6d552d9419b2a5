"""An answer of rows, such as the data items asked for: each row a small form that opens in place."""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QAccessible, QKeySequence, QShortcut
from PySide6.QtWidgets import QVBoxLayout, QWidget

from dsadesk.ui.i18n import counted, long_date, translate
from dsadesk.ui.theme import Space
from dsadesk.ui.vocabulary import Column, Kind, Option, QuestionSpec, Row
from dsadesk.ui.widgets.accessible import announce, give_role
from dsadesk.ui.widgets.answers import DateField, LongText, Number, Pick, ShortText
from dsadesk.ui.widgets.button import Button
from dsadesk.ui.widgets.card import Card
from dsadesk.ui.widgets.flow import Flow
from dsadesk.ui.widgets.question import Question
from dsadesk.ui.widgets.text import Text, plain

_YES, _NO = "yes", "no"
_MOST_NAMED = 3


class RepeatTable(Question[list[dict[str, str]]]):
    """Rows to add, edit in place, move and remove; a row removed by mistake can be put back.

    After `begin` the rows are made one by one, from the top; what stands under them comes with the last, so that nothing in sight moves.
    """

    row_opened = Signal(object)  # the QWidget that the row's fields are in

    def __init__(self, spec: QuestionSpec, *, look: str = "subtitle", parent: QWidget | None = None) -> None:
        super().__init__(spec, look=look, parent=parent)
        give_role(self, QAccessible.Role.Grouping)
        self.setAccessibleName(self.label.said())
        for column in spec.columns:
            if column.kind not in _COLUMN_KINDS:
                raise ValueError(column.kind)
        self._rows: list[_RowCard] = []
        self._to_come: list[dict[str, str]] = []
        self._removed: tuple[int, dict[str, str]] | None = None
        self._last = []
        self._stack = QVBoxLayout()
        self._stack.setSpacing(Space.SMALL)
        self.column.addLayout(self._stack)
        self._foot = QWidget(self)
        buttons = Flow(self._foot)
        self._add = Button(self._add_words(), icon_name="plus", parent=self._foot)
        self._put_back = Button("", "link", icon_name="undo-2", parent=self._foot)
        self._put_back.hide()
        buttons.addWidget(self._add)
        buttons.addWidget(self._put_back)
        self.column.addWidget(self._foot)
        self._add.clicked.connect(self._on_add_clicked)
        self._put_back.clicked.connect(self._on_put_back_clicked)

    def value(self) -> list[dict[str, str]]:
        """Return the rows."""
        return [row.value() for row in self._rows] + [dict(each) for each in self._to_come]

    def put(self, value: list[dict[str, str]]) -> None:
        """Show these rows, all folded."""
        for row in self._rows:
            self._drop(row)
        self._rows, self._to_come = [], list(value)
        self._forget_removed()
        self._say_add()
        self._foot.show()
        self.finish()

    @property
    def is_whole(self) -> bool:
        """Whether every row is there."""
        return not self._to_come

    def begin(self, value: list[dict[str, str]]) -> None:
        """Take these rows and make none of them yet."""
        self._to_come = [dict(each) for each in value]
        self._last = self.value()
        self._say_add()
        self._foot.setVisible(not value)

    def add_next(self) -> None:
        """Make one more row."""
        row = self._insert(len(self._rows), self._to_come.pop(0))
        row.set_place(len(self._rows) - 1, self._total())
        if self.isVisible():
            row.show()  # a layout would do so at the next turn of the loop
        if not self._to_come:
            self._foot.show()

    def finish(self) -> None:
        """Make every row that is to come, and show it, so that the keyboard can be put there now."""
        while self._to_come:
            self.add_next()

    def part_height(self, width: int) -> int:
        """Return the height of the last row and the gap above it; before there is one, of the words above the table."""
        if self._rows:
            return self._rows[-1].heightForWidth(width) + self._stack.spacing()
        return self.words_height(width)

    def take_focus(self) -> None:
        """Put the keyboard on what the first unfinished row still lacks, where every row is whole on the first, where there is none on the button that adds one."""
        self.finish()
        row = self._unfinished()
        if row is not None:
            row.open(at=row.lacking()[0].id)
        elif self._rows:
            self._rows[0].take_focus()
        else:
            super().take_focus()

    def fields(self) -> list[QWidget]:
        """Return the button that adds a row."""
        return [self._add]

    def stops(self) -> list[QWidget]:
        """Return what the Tab key stops at, in the order in which it stands."""
        return [stop for row in self._rows for stop in row.stops()] + [self._add, self._put_back]

    def edit(self, place: int) -> None:
        """Open one row, with the keyboard in its first field."""
        self.finish()
        self._rows[place].open()

    def cell(self, place: int, column: str) -> Question[object] | None:
        """Open one row and return the question of one of its columns."""
        self.finish()
        if not 0 <= place < len(self._rows):
            return None
        self._rows[place].open()
        return self._rows[place].part(column)

    def _unfinished(self, after: _RowCard | None = None) -> _RowCard | None:
        """The first row that lacks something, of all or of those after one."""
        rows = self._rows if after is None else self._rows[self._rows.index(after) + 1 :]
        return next((row for row in rows if row.lacking()), None)

    def _add_words(self) -> str:
        word = self.spec.row_word or translate("RepeatTable", "row")
        return (
            translate("RepeatTable", "Add another {word}", word=word)
            if self._total()
            else translate("RepeatTable", "Add a {word}", word=word)
        )

    def _total(self) -> int:
        return len(self._rows) + len(self._to_come)

    def _say_add(self) -> None:
        if self._add.said() != self._add_words():
            self._add.set_words(self._add_words())

    def _insert(self, place: int, value: Row) -> _RowCard:
        row = _RowCard(self.spec, value, self)
        row.changed.connect(self.tell)
        row.opened.connect(self.row_opened)
        row.removed.connect(lambda: self._on_row_removed(row))
        row.moved.connect(lambda step: self._on_row_moved(row, step))
        row.next_wanted.connect(lambda: self._on_next_wanted(row))
        row.opened.connect(lambda _: row.lead_on(self._unfinished(row)))
        _stand_before(self._rows[place].stops()[0] if place < len(self._rows) else self._add, row.stops(), row)
        self._rows.insert(place, row)
        self._stack.insertWidget(place, row)
        return row

    def _drop(self, row: _RowCard) -> None:
        self._stack.removeWidget(row)
        row.hide()
        row.deleteLater()

    def _number_rows(self) -> None:
        for place, row in enumerate(self._rows):
            row.set_place(place, len(self._rows))
        self._say_add()

    def _forget_removed(self) -> None:
        self._removed = None
        self._put_back.hide()

    def _on_add_clicked(self) -> None:
        self.finish()
        row = self._insert(len(self._rows), {})
        self._forget_removed()
        self._number_rows()
        row.show()
        row.open()
        self.tell()

    def _on_row_removed(self, row: _RowCard) -> None:
        self.finish()
        place = self._rows.index(row)
        self._removed = (place, row.value())
        words = translate("RepeatTable", "Put back {name}", name=row.name())
        self._rows.remove(row)
        self._drop(row)
        self._number_rows()
        self._put_back.set_words(words)
        self._put_back.show()
        announce(self, translate("RepeatTable", "Removed {name}", name=row.name()))
        if self._rows:
            self._rows[min(place, len(self._rows) - 1)].take_focus()
        else:
            self._add.setFocus()
        self.tell()

    def _on_put_back_clicked(self) -> None:
        if self._removed is not None:
            row = self._insert(*self._removed)
            self._forget_removed()
            self._number_rows()
            row.show()
            row.take_focus()
            self.tell()

    def _on_next_wanted(self, row: _RowCard) -> None:
        following = self._unfinished(row)
        if row.close_up():
            if following is not None:
                following.open(at=following.lacking()[0].id)
            else:  # it was removed meanwhile, or is whole by now
                row.take_focus()

    def _on_row_moved(self, row: _RowCard, step: int) -> None:
        self.finish()
        place = self._rows.index(row)
        target = place + step
        if not 0 <= target < len(self._rows):
            return
        self._rows.insert(target, self._rows.pop(place))
        self._stack.removeWidget(row)
        self._stack.insertWidget(target, row)
        self._keep_tab_order()
        self._forget_removed()
        self._number_rows()
        row.focus_move(step)
        announce(
            self,
            translate(
                "RepeatTable", "{name} is now {n} of {total}", name=row.title(), n=target + 1, total=len(self._rows)
            ),
        )
        self.tell()

    def _keep_tab_order(self) -> None:
        for before, after in pairwise(self.stops()):
            QWidget.setTabOrder(before, after)


class _RowCard(Card):
    """One row: folded it says what is in it, open it is a form."""

    changed = Signal()
    opened = Signal(object)  # the form
    removed = Signal()
    moved = Signal(int)  # -1 up, 1 down
    next_wanted = Signal()  # this row is done, and the keyboard goes to the next that is not

    def __init__(self, spec: QuestionSpec, value: Row, parent: QWidget) -> None:
        super().__init__(parent=parent)
        give_role(self, QAccessible.Role.Grouping)
        self._spec = spec
        self._value = dict(value)
        self._name = ""
        self._heading = ""
        self._form: QWidget | None = None
        self._next: Button | None = None
        self._title = Text("", "strong", parent=self)
        self._summary = Text("", "hint", parent=self)
        self.add(self._title)
        self.add(self._summary)
        self._buttons = QWidget(self)
        flow = Flow(self._buttons, spacing=Space.MEDIUM, row_spacing=Space.TIGHT)
        self._edit = self._button(flow, "pen-line", self._on_edit_clicked)
        self._up = self._button(flow, "arrow-up", lambda: self.moved.emit(-1))
        self._down = self._button(flow, "arrow-down", lambda: self.moved.emit(1))
        self._remove = self._button(flow, "trash-2", self.removed.emit)
        self.add(self._buttons)
        for keys, step in (("Alt+Up", -1), ("Alt+Down", 1)):
            shortcut = QShortcut(QKeySequence(keys), self, context=Qt.ShortcutContext.WidgetWithChildrenShortcut)
            shortcut.activated.connect(lambda step=step: self.moved.emit(step))

    def sizeHint(self) -> QSize:
        return self.column.sizeHint()

    def value(self) -> dict[str, str]:
        return dict(self._value)

    def title(self) -> str:
        first = self._spec.columns[0]
        return _shown(first, self._value.get(first.id, "")) or self._heading

    def name(self) -> str:
        return self._name

    def set_place(self, place: int, total: int) -> None:
        word = self._spec.row_word or translate("RepeatTable", "row")
        self._name = translate("RepeatTable", "{word} {n}", word=word, n=place + 1)
        self._heading = self._name[:1].upper() + self._name[1:]
        self._up.setEnabled(place > 0)
        self._down.setEnabled(place < total - 1)
        self._say()

    def lacking(self) -> list[Column]:
        """The columns that this row is not whole without and that are empty. A row in which nothing is said lacks nothing."""
        if not any(text.strip() for text in self._value.values()):
            return []
        return [each for each in self._spec.columns if each.required and not self._value.get(each.id, "").strip()]

    def open(self, at: str = "") -> None:
        if self._form is None:
            self._form = self._made_form()
            _stand_before(self._edit, self._fields(), self._form)
            self.column.insertWidget(2, self._form)
            self._form.show()
            self.opened.emit(self._form)
        self._say()
        (self.part(at) or self._questions()[0]).take_focus()

    def lead_on(self, following: _RowCard | None) -> None:
        """Offer, under the open form, to go on with another row."""
        if self._form is None or following is None:
            return
        words = translate("RepeatTable", "Next: {name}", name=following.name())
        self._next = Button(words, "link", icon_name="arrow-right", small=True, parent=self._form)
        self._next.setAccessibleName(
            translate(
                "RepeatTable", "Done with {name}. Next: {other}", name=self.name(), other=following.accessibleName()
            )
        )
        self._next.clicked.connect(self.next_wanted)
        column = self._form.layout()
        if isinstance(column, QVBoxLayout):
            column.addWidget(self._next, 0, Qt.AlignmentFlag.AlignLeft)
        self._next.show()
        _stand_before(self._edit, [self._next], self._next)

    def take_focus(self) -> None:
        self._edit.setFocus()

    def focus_move(self, step: int) -> None:
        """Keep the keyboard on the button that moved the row, or on its twin at the end of the way."""
        wanted, other = (self._up, self._down) if step < 0 else (self._down, self._up)
        if wanted.isEnabled():
            wanted.setFocus()
        else:
            other.setFocus()

    def stops(self) -> list[QWidget]:
        """Return what the Tab key stops at, in order."""
        return [
            *self._fields(),
            *([self._next] if self._next is not None else []),
            self._edit,
            self._up,
            self._down,
            self._remove,
        ]

    def part(self, column: str) -> Question[object] | None:
        return next((each for each in self._questions() if each.spec.id == column), None)

    def _fields(self) -> list[QWidget]:
        return [field for question in self._questions() for field in question.fields()]

    def _questions(self) -> list[Question[object]]:
        return [] if self._form is None else self._form.findChildren(Question)

    def _button(self, flow: Flow, icon_name: str, act: Callable[[], object]) -> Button:
        button = Button("", "link", icon_name=icon_name, small=True, parent=self._buttons)
        button.clicked.connect(act)
        flow.addWidget(button)
        return button

    def _on_edit_clicked(self) -> None:
        if self._form is None:
            self.open()
        elif self.close_up():
            self._edit.setFocus()

    def close_up(self) -> bool:
        """Fold the form, unless something in it is half typed."""
        if self._form is None:
            return True
        unfinished = next((each for each in self._questions() if each.own_problem()), None)
        if unfinished is not None:
            unfinished.look_again()
            unfinished.take_focus()
            return False
        self.column.removeWidget(self._form)
        self._form.hide()
        self._form.deleteLater()
        self._form = self._next = None
        self._say()
        return True

    def _made_form(self) -> QWidget:
        form = QWidget(self)
        column = QVBoxLayout(form)
        column.setContentsMargins(0, Space.TIGHT, 0, Space.SMALL)
        column.setSpacing(Space.LARGE)
        for each in self._spec.columns:
            question = _made(each, form)
            _fill(question, self._value.get(each.id, ""))
            question.changed.connect(lambda value, each=each: self._on_part_changed(each, value))
            column.addWidget(question)
        return form

    def _on_part_changed(self, column: Column, value: object) -> None:
        self._value[column.id] = "" if value is None else str(value)
        if column is self._spec.columns[0]:
            self._say()  # what is in the other columns is summed up when the row is folded
        self.changed.emit()

    def _say(self) -> None:
        """Put all words of the row in line with what is in it."""
        opened = self._form is not None
        title = self.title()
        self.setAccessibleName(f"{self._heading}: {title}" if title != self._heading else self._heading)
        self._title.setText(self.accessibleName())
        self._summary.setText(_summary(self._spec.columns, self._value, self.lacking()))
        self._summary.setVisible(not opened)
        edit = translate("RepeatTable", "Done") if opened else translate("RepeatTable", "Edit")
        words = (
            (self._edit, edit),
            (self._up, translate("RepeatTable", "Move up")),
            (self._down, translate("RepeatTable", "Move down")),
            (self._remove, translate("RepeatTable", "Remove")),
        )
        self._edit.set_icon("check" if opened else "pen-line")
        for button, word in words:
            button.set_words(word)
            button.setAccessibleName(f"{word}: {self.accessibleName()}")


def _stand_before(stop: QWidget, made: list[QWidget], holder: QWidget) -> None:
    """Have the Tab key come to what was just made, in a holder, before it comes to this stop. Qt puts what is made late last."""
    before = stop.previousInFocusChain()
    while before is not None and before is not stop and not _is_before(before, stop, holder):
        before = before.previousInFocusChain()
    if before is not None and before is not stop:
        for earlier, later in pairwise([before, *made]):
            QWidget.setTabOrder(earlier, later)


def _is_before(each: QWidget, stop: QWidget, holder: QWidget) -> bool:
    # The list of a drop-down is a window of its own, and in the chain all the same.
    is_stop = bool(each.focusPolicy() & Qt.FocusPolicy.TabFocus) and each.window() is stop.window()
    return is_stop and each is not holder and not holder.isAncestorOf(each)


def _made(column: Column, parent: QWidget) -> Question[str] | Question[int | None]:
    options = column.options
    if column.kind is Kind.YESNO:
        options = (Option(_YES, translate("YesNo", "Yes")), Option(_NO, translate("YesNo", "No")))
    spec = QuestionSpec(column.id, column.kind, column.label, column.hint, options=options)
    return _COLUMN_KINDS[column.kind](spec, look="strong", parent=parent)


def _fill(question: Question[str] | Question[int | None], text: str) -> None:
    if isinstance(question, Number):
        question.set_value(int(text) if text.isdecimal() else None)
    else:
        question.set_value(text)  # type: ignore[arg-type]  # all but numbers are texts


def _shown(column: Column, value: str) -> str:
    if column.kind is Kind.DATE:
        return long_date(value)
    if column.kind is Kind.YESNO:
        return {_YES: translate("YesNo", "Yes"), _NO: translate("YesNo", "No")}.get(value, value)
    return next((option.label for option in column.options if option.value == value), value)


def _summary(columns: tuple[Column, ...], value: Row, lacking: list[Column]) -> str:
    shown = [(column.label, _shown(column, value.get(column.id, ""))) for column in columns[1:]]
    lines = [f"{label} {words}" if label.endswith("?") else f"{label}: {words}" for label, words in shown if words]
    if lacking:
        lines.append(_still(lacking))
    if lines:
        return plain("\n".join(lines))
    return "" if value.get(columns[0].id) else translate("RepeatTable", "Nothing filled in yet")


def _still(lacking: list[Column]) -> str:
    """What a row lacks, in a line: a few by name."""
    named = [f"“{each.label}”" for each in lacking[:_MOST_NAMED]]
    if more := len(lacking) - len(named):
        named.append(counted(translate("RepeatTable", "{n} more|{n} more"), more))
    return translate("RepeatTable", "Still to fill in: {names}", names=", ".join(named))


_COLUMN_KINDS: dict[Kind, type[LongText | ShortText | Pick | DateField | Number]] = {
    Kind.SHORT: ShortText,
    Kind.LONG: LongText,
    Kind.CHOICE: Pick,
    Kind.YESNO: Pick,
    Kind.DATE: DateField,
    Kind.NUMBER: Number,
}
