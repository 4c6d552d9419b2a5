"""One small class for each kind of answer that is not repeated."""

from __future__ import annotations

import re
from datetime import date

from PySide6.QtCore import QEvent, QMimeData, QSize, Qt, QTimer
from PySide6.QtGui import QAccessible, QFocusEvent, QKeyEvent, QResizeEvent, QTextCursor
from PySide6.QtWidgets import QButtonGroup, QHBoxLayout, QLineEdit, QPlainTextEdit, QSizePolicy, QVBoxLayout, QWidget

from dsadesk.ui import theme
from dsadesk.ui.i18n import counted, translate
from dsadesk.ui.theme import Space
from dsadesk.ui.vocabulary import Option, QuestionSpec
from dsadesk.ui.widgets.accessible import give_role
from dsadesk.ui.widgets.controls import CheckOption, DropDown, RadioOption
from dsadesk.ui.widgets.question import Question
from dsadesk.ui.widgets.text import SteadyText, Text, place_in_qt, plain

_WHOLE_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")
_FEWEST_LINES = 4
_LINES_AT_A_TIME = 3  # a field that grows lays the page out; with each new line that would be felt while writing
_MOST_LINES = 16
_SLACK = 4  # lines are a little higher than their spacing; without it the last one brings a scroll bar


class TextArea(QPlainTextEdit):
    """A field of several lines that grows with what is in it. Pasting keeps plain text only, Tab goes on."""

    def __init__(self, *, lines: int = _FEWEST_LINES, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._lines = lines
        self.setTabChangesFocus(True)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        # Not at once: a change of height in the middle of laying out the text, or the page, lays it out again.
        self._growing = QTimer(self)
        self._growing.setSingleShot(True)
        self._growing.setInterval(0)
        self._growing.timeout.connect(self._grow)
        self.document().documentLayout().documentSizeChanged.connect(self._on_size_changed)
        self._offer_scrolling()

    def sizeHint(self) -> QSize:
        """Return the height of the text, within bounds."""
        more = max(0, int(self.document().size().height()) - self._lines)
        room = self._lines + -(-more // _LINES_AT_A_TIME) * _LINES_AT_A_TIME
        lines = max(self._lines, min(_MOST_LINES, room))
        frame = 2 * (self.document().documentMargin() + Space.SMALL) + _SLACK
        return QSize(theme.px(240), int(lines * self.fontMetrics().lineSpacing() + frame))

    def minimumSizeHint(self) -> QSize:
        """Return the height of the text, and a width to write in."""
        return QSize(theme.px(120), self.sizeHint().height())

    def insertFromMimeData(self, source: QMimeData) -> None:
        """Paste words and nothing else."""
        self.insertPlainText(plain(source.text()))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Grow when the text goes on in more lines at another width."""
        super().resizeEvent(event)
        if event.size().width() != event.oldSize().width():
            self._growing.start()

    def changeEvent(self, event: QEvent) -> None:
        """Grow with the text."""
        super().changeEvent(event)
        if event.type() is QEvent.Type.StyleChange:
            self._growing.start()

    def _on_size_changed(self) -> None:
        if self.sizeHint().height() != self.minimumHeight():
            self._growing.start()
        else:
            self._offer_scrolling()

    def _grow(self) -> None:
        self.setMinimumHeight(self.sizeHint().height())
        self._offer_scrolling()

    def _offer_scrolling(self) -> None:
        # A field about to grow is for a moment too small. A bar that came and went would break the lines anew, twice.
        is_full = self.document().size().height() > max(self._lines, _MOST_LINES)
        policy = Qt.ScrollBarPolicy.ScrollBarAsNeeded if is_full else Qt.ScrollBarPolicy.ScrollBarAlwaysOff
        if self.verticalScrollBarPolicy() is not policy:
            self.setVerticalScrollBarPolicy(policy)


class LongText(Question[str]):
    """Several sentences, with a count of the words or characters left."""

    def __init__(
        self, spec: QuestionSpec, *, look: str = "subtitle", lines: int = _FEWEST_LINES, parent: QWidget | None = None
    ) -> None:
        super().__init__(spec, look=look, parent=parent)
        self._area = TextArea(lines=lines, parent=self)
        self.set_field(self._area)
        self._count = SteadyText("count", self)
        self._count.setVisible(bool(spec.max_words or spec.max_chars))
        self.column.addWidget(self._count)
        self._area.textChanged.connect(self._on_text_changed)
        self._last = ""
        self._count_again()

    def value(self) -> str:
        """Return the text."""
        return plain(self._area.toPlainText())

    @property
    def area(self) -> TextArea:
        """The field."""
        return self._area

    def put(self, value: str) -> None:
        """Write the text. Where there is one, only what differs is written, and the cursor goes there."""
        new, old = plain(value), self._area.toPlainText()
        if not old:
            self._area.setPlainText(new)
            return
        start, end = _difference(old, new)
        cursor = self._area.textCursor()
        cursor.setPosition(place_in_qt(old, start))
        cursor.setPosition(place_in_qt(old, len(old) - end), QTextCursor.MoveMode.KeepAnchor)
        cursor.insertText(new[start : len(new) - end])
        self._area.setTextCursor(cursor)

    def count_words(self) -> str:
        """Return the sentence under the field."""
        return self._count.said()

    def _on_text_changed(self) -> None:
        self._count_again()
        self.tell()

    def _count_again(self) -> None:
        text = self.value()
        sentences, over = [], False
        if self.spec.max_words:
            left = self.spec.max_words - len(text.split())
            sentences.append(_words_left(left))
            over = left < 0
        if self.spec.max_chars:
            left = self.spec.max_chars - len(text)
            sentences.append(_characters_left(left))
            over = over or left < 0
        self._count.show_text(" ".join(sentences), "problem" if over else "count")


class ShortText(Question[str]):
    """One line."""

    def __init__(self, spec: QuestionSpec, *, look: str = "subtitle", parent: QWidget | None = None) -> None:
        super().__init__(spec, look=look, parent=parent)
        self._line = QLineEdit(self)
        self.set_field(self._line)
        self._line.textChanged.connect(self.tell)
        self._last = ""

    @property
    def line(self) -> QLineEdit:
        """The field."""
        return self._line

    def value(self) -> str:
        """Return the text."""
        return plain(self._line.text())

    def put(self, value: str) -> None:
        """Write the text."""
        self._line.setText(plain(value))


class Number(Question[int | None]):
    """A whole number. What is typed stays; it is no number until it is one."""

    def __init__(self, spec: QuestionSpec, *, look: str = "subtitle", parent: QWidget | None = None) -> None:
        super().__init__(spec, look=look, parent=parent)
        self._line = QLineEdit(self)
        self._line.setMaxLength(20)
        self._line.setProperty("look", "number")
        self.set_field(self._line)
        self._line.textChanged.connect(self._on_text_changed)
        self._line.editingFinished.connect(self.look_again)

    def value(self) -> int | None:
        """Return the number, or nothing."""
        typed = self._line.text().strip().replace(",", "").replace(" ", "").replace("\u00a0", "")
        return int(typed) if typed.isascii() and typed.isdecimal() else None

    def put(self, value: int | None) -> None:
        """Write the number."""
        self._line.setText("" if value is None else str(value))

    def own_problem(self) -> str:
        """Say so when what is typed is no whole number."""
        if not self._line.text().strip() or self.value() is not None:
            return ""
        return translate("Number", "Enter a whole number, like 1200")

    def _on_text_changed(self) -> None:
        self.tell()
        if self.problem():
            self.look_again()


class DateField(Question[str]):
    """A day, a month and a year. A half-typed date stays on the screen as it was typed and is said to be unfinished."""

    def __init__(self, spec: QuestionSpec, *, look: str = "subtitle", parent: QWidget | None = None) -> None:
        super().__init__(spec, look=look, parent=parent)
        give_role(self, QAccessible.Role.Grouping)
        self.setAccessibleName(self.label.said())
        row = QHBoxLayout()
        row.setSpacing(Space.MEDIUM)
        parts = (
            (translate("DateField", "Day"), 2),
            (translate("DateField", "Month"), 2),
            (translate("DateField", "Year"), 4),
        )
        self._parts = tuple(self._part(row, *part) for part in parts)
        row.addStretch(1)
        self.column.addLayout(row)
        self.label.setBuddy(self._parts[0])
        self._last = ""
        self._describe()

    def value(self) -> str:
        """Return YYYY-MM-DD, or nothing when there is no whole date."""
        day, month, year = (part.text().strip() for part in self._parts)
        if not all(text.isascii() and text.isdecimal() for text in (day, month, year)) or len(year) != 4:
            return ""
        try:
            return date(int(year), int(month), int(day)).isoformat()
        except ValueError:
            return ""

    def put(self, value: str) -> None:
        """Write the date."""
        year, month, day = value.split("-") if _WHOLE_DATE.fullmatch(value) else ("", "", "")
        for part, text in zip(self._parts, (day.lstrip("0"), month.lstrip("0"), year), strict=True):
            part.setText(text)

    def clear(self) -> None:
        """Empty the fields, whatever was typed."""
        for part in self._parts:
            part.clear()
        self.look_again()

    def typed(self) -> tuple[str, str, str]:
        """Return day, month and year as they were typed."""
        day, month, year = (part.text() for part in self._parts)
        return day, month, year

    def own_problem(self) -> str:
        """Say so when a date is begun and none."""
        if self.value() or not any(part.text().strip() for part in self._parts):
            return ""
        if all(part.text().strip() for part in self._parts):
            return translate("DateField", "Enter a real date, like 27 3 2027")
        return translate("DateField", "Enter a day, a month and a year")

    def problem_fields(self) -> list[QWidget]:
        """Return the three fields."""
        return list(getattr(self, "_parts", ()))

    def _part(self, row: QHBoxLayout, name: str, length: int) -> QLineEdit:
        field = _DatePart(self)
        field.setMaxLength(length)
        field.setProperty("look", "year" if length == 4 else "day")
        field.setAccessibleName(f"{self.label.said()}: {name}")
        label = Text(name, "hint", parent=self)
        label.setBuddy(field)
        column = QVBoxLayout()
        column.setSpacing(Space.TIGHT)
        column.addWidget(label)
        column.addWidget(field)
        row.addLayout(column)
        field.textChanged.connect(self._on_part_changed)
        return field

    def _on_part_changed(self) -> None:
        self.tell()
        if self.problem():
            self.look_again()


class _DatePart(QLineEdit):
    """One field of a date: leaving the last of the three is the time to say what is wrong."""

    def __init__(self, question: DateField) -> None:
        super().__init__(question)
        self._question = question

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        if self.window().focusWidget() not in self._question.problem_fields():
            self._question.look_again()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        super().keyPressEvent(event)
        if event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter}:
            self._question.look_again()


class Choice(Question[str]):
    """One of several options, as cards. A value that is on no card is kept until another is chosen."""

    def __init__(self, spec: QuestionSpec, *, look: str = "subtitle", parent: QWidget | None = None) -> None:
        super().__init__(spec, look=look, parent=parent)
        give_role(self, QAccessible.Role.Grouping)
        self.setAccessibleName(self.label.said())
        self._group = QButtonGroup(self)
        self._cards = {option.value: RadioOption(option, self) for option in spec.options}
        self._unknown = ""
        self._last = ""
        for card in self._cards.values():
            self._group.addButton(card)
            self.column.addWidget(card)
            card.clicked.connect(self._on_card_clicked)
        if self._cards:
            self.label.setBuddy(next(iter(self._cards.values())))

    def value(self) -> str:
        """Return the value chosen, or nothing."""
        return next((value for value, card in self._cards.items() if card.isChecked()), self._unknown)

    def put(self, value: str) -> None:
        """Choose a value."""
        self._unknown = "" if value in self._cards else value
        self._group.setExclusive(False)
        for own, card in self._cards.items():
            card.setChecked(own == value)
        self._group.setExclusive(True)

    def fields(self) -> list[QWidget]:
        """Return the chosen card, or the first."""
        chosen = self._group.checkedButton()
        return [chosen] if chosen is not None else list(self._cards.values())

    def _on_card_clicked(self) -> None:
        self._unknown = ""
        self.tell()


class YesNo(Question[bool | None]):
    """Yes, no, or not answered."""

    def __init__(self, spec: QuestionSpec, *, look: str = "subtitle", parent: QWidget | None = None) -> None:
        super().__init__(spec, look=look, parent=parent)
        give_role(self, QAccessible.Role.Grouping)
        self.setAccessibleName(self.label.said())
        self._group = QButtonGroup(self)
        words = (translate("YesNo", "Yes"), translate("YesNo", "No"))
        self._cards = {yes: RadioOption(Option("", word), self) for yes, word in zip((True, False), words, strict=True)}
        row = QHBoxLayout()
        row.setSpacing(Space.SMALL)
        for card in self._cards.values():
            self._group.addButton(card)
            row.addWidget(card)
            card.clicked.connect(self.tell)
        self.column.addLayout(row)
        self.label.setBuddy(self._cards[True])

    def value(self) -> bool | None:
        """Return yes, no or nothing."""
        return next((yes for yes, card in self._cards.items() if card.isChecked()), None)

    def put(self, value: bool | None) -> None:  # noqa: FBT001  # the answer is a bool
        """Choose yes, no or neither."""
        self._group.setExclusive(False)
        for yes, card in self._cards.items():
            card.setChecked(yes is value)
        self._group.setExclusive(True)

    def fields(self) -> list[QWidget]:
        """Return the chosen card, or the first."""
        chosen = self._group.checkedButton()
        return [chosen] if chosen is not None else list(self._cards.values())


class Checks(Question[list[str]]):
    """Any of several options, as cards. Values that are on no card are kept."""

    def __init__(self, spec: QuestionSpec, *, look: str = "subtitle", parent: QWidget | None = None) -> None:
        super().__init__(spec, look=look, parent=parent)
        give_role(self, QAccessible.Role.Grouping)
        self.setAccessibleName(self.label.said())
        self._cards = {option.value: CheckOption(option, self) for option in spec.options}
        self._unknown: list[str] = []
        self._last = []
        for card in self._cards.values():
            self.column.addWidget(card)
            card.clicked.connect(self.tell)
        if self._cards:
            self.label.setBuddy(next(iter(self._cards.values())))

    def value(self) -> list[str]:
        """Return the values chosen, in the order of the options."""
        return [value for value, card in self._cards.items() if card.isChecked()] + self._unknown

    def put(self, value: list[str]) -> None:
        """Choose values."""
        self._unknown = [each for each in value if each not in self._cards]
        for own, card in self._cards.items():
            card.setChecked(own in value)

    def fields(self) -> list[QWidget]:
        """Return the cards."""
        return list(self._cards.values())


class Confirm(Question[bool]):
    """One thing to tick. The words on the card are the option's, or the question itself."""

    def __init__(self, spec: QuestionSpec, *, look: str = "subtitle", parent: QWidget | None = None) -> None:
        super().__init__(spec, look=look, parent=parent)
        give_role(self, QAccessible.Role.Grouping)
        self.setAccessibleName(self.label.said())
        option = spec.options[0] if spec.options else Option("", spec.label)
        self._card = CheckOption(option, self)
        self._last = False
        self.label.setVisible(bool(spec.options))
        self.label.setBuddy(self._card)
        self.column.addWidget(self._card)
        self._card.clicked.connect(self.tell)

    def value(self) -> bool:
        """Return whether it is ticked."""
        return self._card.isChecked()

    def put(self, value: bool) -> None:  # noqa: FBT001  # the answer is a bool
        """Tick it or not."""
        self._card.setChecked(value)

    def fields(self) -> list[QWidget]:
        """Return the card."""
        return [self._card]


class Pick(Question[str]):
    """One of several options from a drop-down list, where cards would take too much room."""

    def __init__(self, spec: QuestionSpec, *, look: str = "strong", parent: QWidget | None = None) -> None:
        super().__init__(spec, look=look, parent=parent)
        self._list = DropDown(self.label.said(), spec.options, empty=translate("Pick", "Choose one"), parent=self)
        self.set_field(self._list)
        self._list.activated.connect(self.tell)
        self._last = ""

    def value(self) -> str:
        """Return the value chosen, or nothing."""
        return self._list.value()

    def put(self, value: str) -> None:
        """Choose a value."""
        self._list.choose(value)


def _difference(old: str, new: str) -> tuple[int, int]:
    """Return how many letters two texts share at their beginning, and how many at their end."""
    shorter = min(len(old), len(new))
    start = next((n for n in range(shorter) if old[n] != new[n]), shorter)
    end = next((n for n in range(shorter - start) if old[-1 - n] != new[-1 - n]), shorter - start)
    return start, end


def _words_left(left: int) -> str:
    if left >= 0:
        return counted(translate("LongText", "You have {n} word left|You have {n} words left"), left)
    return counted(translate("LongText", "You have {n} word too many|You have {n} words too many"), -left)


def _characters_left(left: int) -> str:
    if left >= 0:
        return counted(translate("LongText", "You have {n} character left|You have {n} characters left"), left)
    return counted(translate("LongText", "You have {n} character too many|You have {n} characters too many"), -left)
