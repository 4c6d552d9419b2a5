"""The questions of one section, one under the other. They stay when another section is shown, and are brought in line when it is shown again."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from PySide6.QtCore import QElapsedTimer, QSize, Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget
from shiboken6 import isValid

from dsadesk.questions.flow import FLOW
from dsadesk.ui.presenters.form import Entry
from dsadesk.ui.theme import Space
from dsadesk.ui.views.question_block import QuestionBlock
from dsadesk.ui.views.tab_order import last_tab_stop, tab_through
from dsadesk.ui.widgets.scroll_column import Column


class SectionPage(Column):
    """A column of questions. What is in sight is made at once; the rest is made when `go_on` is called, or when somebody asks for it."""

    made = Signal(object)  # QuestionBlock

    def __init__(self, above: QWidget, parent: QWidget) -> None:
        super().__init__(parent)
        self.hide()
        self._above = above
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(Space.QUESTION)
        self._to_come: list[Entry] = []
        self._unfinished: QuestionBlock | None = None  # the last block, while rows of its table are to come
        self._last_stop: QWidget | None = None  # of the blocks that were added, while some are to come
        self.blocks: dict[str, QuestionBlock] = {}

    @property
    def is_whole(self) -> bool:
        """Whether every question is there."""
        return not self._to_come and self._unfinished is None

    def begin(self, entries: Sequence[Entry], room: QSize) -> None:
        """Make as much as fills a room of this size in pixels: whole questions, and of a table as many rows."""
        self.begin_ahead(entries, room.width())
        self.fill(room)

    def begin_ahead(self, entries: Sequence[Entry], width: int) -> None:
        """Take what is to be made, at a width in pixels, and make nothing yet."""
        self._to_come = list(entries)
        # Words are broken into lines at the width that they will have, and at no other.
        self.resize(width, self.height())

    def fill(self, room: QSize) -> None:
        """Make as much as fills a room of this size in pixels, beside what is there."""
        used = self.heightForWidth(room.width()) if self.blocks and not self.is_whole else 0
        while not self.is_whole and used <= room.height():
            used += self._add_part().part_height(room.width())

    def go_on(self, milliseconds: int) -> None:
        """Make more until so much time is spent."""
        spent = QElapsedTimer()
        spent.start()
        while not self.is_whole and spent.elapsed() < milliseconds:
            self._add_part()

    def make_ready(self) -> None:
        """Put everything in its place out of sight, which is otherwise done when it is shown."""
        self.resize(self.width(), self.heightForWidth(self.width()))
        for each in (self, *self.findChildren(QWidget)):
            layout = each.layout()
            if layout is not None and not each.isHidden():
                layout.setGeometry(each.contentsRect())

    def finish(self) -> None:
        """Make everything that is to come."""
        while not self.is_whole:
            self._add_part()

    def show_again(self, entries: Sequence[Entry]) -> list[QWidget]:
        """Bring the questions that are there in line, with the answers as they are now and no problems. Return what is left over."""
        there = len(self.blocks)
        if list(self.blocks) == [entry.spec.id for entry in entries[:there]]:
            self._to_come = list(entries[there:])
            entries = entries[:there]
        else:
            self.finish()
        left_over = self._follow(entries)
        for entry in entries:
            block = self.blocks[entry.spec.id]
            block.question.show_problem("")
            put_value(block, entry.value)
        return left_over

    def follow(self, entries: Sequence[Entry]) -> list[QWidget]:
        """Bring the questions in line and return what is left over. Those that stay keep what is typed in them and the keyboard."""
        self.finish()
        return self._follow(entries)

    def _add_part(self) -> QuestionBlock:
        block = self._unfinished
        if block is None:
            block = self._add_next()
        else:
            block.add_next()
        self._unfinished = None if block.is_whole else block
        if block.is_whole:
            stops = block.stops()
            self._last_stop = stops[-1] if stops else self._last_stop
        return block

    def _add_next(self) -> QuestionBlock:
        block = self._made(self._to_come.pop(0))
        block.resize(self.width(), block.height())
        self._column.addWidget(block)
        # A block that was just made has its stops in their order: going round the whole window for the last of them takes too long.
        last = self._last_stop
        tab_through([last if last is not None and isValid(last) else last_tab_stop(self._above), *block.stops()])
        if self.isVisible():
            block.show()
        return block

    def _follow(self, entries: Sequence[Entry]) -> list[QWidget]:
        wanted = {entry.spec.id for entry in entries}
        left_over: list[QWidget] = [self._taken_out(name) for name in list(self.blocks) if name not in wanted]
        order: dict[str, QuestionBlock] = {}
        before: QuestionBlock | None = None
        for place, entry in enumerate(entries):
            block = self.blocks.get(entry.spec.id)
            if block is not None and not block.follow(entry):
                left_over.append(self._taken_out(entry.spec.id))
                block = self._put(replace(entry, value=block.question.value()), place, before)
            elif block is None:
                block = self._put(entry, place, before)
            order[entry.spec.id] = block
            before = block
        self.blocks = order
        return left_over

    def _put(self, entry: Entry, place: int, before: QuestionBlock | None) -> QuestionBlock:
        """Make a block at a place, where the Tab key comes to it after the one that it stands under."""
        block = self._made(entry)
        block.finish()
        self._column.insertWidget(place, block)
        last = last_tab_stop(before if before is not None else self._above)
        tab_through([last, *block.stops()])
        return block

    def _made(self, entry: Entry) -> QuestionBlock:
        block = QuestionBlock(entry, self)
        self.blocks[entry.spec.id] = block
        self.made.emit(block)
        return block

    def _taken_out(self, name: str) -> QuestionBlock:
        block = self.blocks.pop(name)
        if block is self._unfinished:
            self._unfinished = None
        self._column.removeWidget(block)
        block.hide()
        return block


def put_value(block: QuestionBlock, value: Any) -> None:
    """Show another answer in a block, and what is drawn of it."""
    block.question.set_value(value)
    if block.question.spec.id == FLOW:
        block.draw(value)
