"""The parts of a page as a list to go through, by arrow keys or by mouse. What stands beside a title is the affair of each kind of list."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Protocol

from PySide6.QtCore import (
    QAbstractListModel,
    QItemSelectionModel,
    QModelIndex,
    QPersistentModelIndex,
    QRectF,
    Qt,
    QTimer,
    Signal,
)
from PySide6.QtGui import QFont, QPainter, QPen, QResizeEvent
from PySide6.QtWidgets import QListView, QStyle, QStyleOptionViewItem, QWidget

from dsadesk.ui import theme
from dsadesk.ui.theme import Size, Space
from dsadesk.ui.widgets.text import plain

Index = QModelIndex | QPersistentModelIndex
PART = Qt.ItemDataRole.UserRole
_LINE = 20


class Part(Protocol):
    """A part of a page: its id is told when it is gone to."""

    @property
    def id(self) -> str:
        """What tells it from the others."""

    @property
    def title(self) -> str:
        """What stands in the list."""


Speak = Callable[[Any, int, int], str]
"""What a screen reader says of a part, of its number, and of how many there are."""


class Outline(QListView):
    """Parts to go to. A part that is shown again stays the current one."""

    section_chosen = Signal(str)  # the id of a part

    def __init__(self, name: str, speak: Speak, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._model = _OutlineModel(speak, self)
        self.setAccessibleName(plain(name))
        self.setModel(self._model)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollMode(QListView.ScrollMode.ScrollPerPixel)
        self.setResizeMode(QListView.ResizeMode.Adjust)
        self.setMouseTracking(True)
        self.setEditTriggers(QListView.EditTrigger.NoEditTriggers)
        self.selectionModel().currentChanged.connect(self._on_current_changed)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Break the titles anew at another width, and keep the current part in sight."""
        super().resizeEvent(event)
        if event.size().width() != event.oldSize().width():
            self.scheduleDelayedItemsLayout()
        QTimer.singleShot(0, self, self._show_current)

    def current(self) -> str:
        """Return the id of the current part, or nothing."""
        index = self.currentIndex()
        return self._model.part(index).id if index.isValid() else ""

    def select(self, part_id: str) -> None:
        """Make this part the current one, without a signal."""
        index = self._model.find(part_id)
        blocked = self.blockSignals(True)
        self.selectionModel().setCurrentIndex(index, QItemSelectionModel.SelectionFlag.ClearAndSelect)
        self.blockSignals(blocked)

    def show_parts(self, parts: Sequence[Part]) -> None:
        """Show these parts; the current one stays current if it is still there."""
        here = self.current()
        if self._model.keeps_ids(parts):
            self._model.update(parts)
            return
        self._model.replace(parts)
        self.select(here)

    def _show_current(self) -> None:
        if self.currentIndex().isValid():
            self.scrollTo(self.currentIndex())

    def _on_current_changed(self, index: QModelIndex, _before: QModelIndex) -> None:
        if index.isValid():
            self.section_chosen.emit(self._model.part(index).id)


class _OutlineModel(QAbstractListModel):
    def __init__(self, speak: Speak, parent: QWidget) -> None:
        super().__init__(parent)
        self._speak = speak
        self._parts: tuple[Part, ...] = ()

    def keeps_ids(self, parts: Sequence[Part]) -> bool:
        return [each.id for each in parts] == [each.id for each in self._parts]

    def update(self, parts: Sequence[Part]) -> None:
        before, self._parts = self._parts, tuple(parts)
        for row, (old, new) in enumerate(zip(before, self._parts, strict=True)):
            if old != new:
                self.dataChanged.emit(self.index(row), self.index(row))

    def replace(self, parts: Sequence[Part]) -> None:
        self.beginResetModel()
        self._parts = tuple(parts)
        self.endResetModel()

    def part(self, index: Index) -> Part:
        return self._parts[index.row()]

    def find(self, part_id: str) -> QModelIndex:
        return next((self.index(row) for row, each in enumerate(self._parts) if each.id == part_id), QModelIndex())

    def rowCount(self, parent: Index | None = None) -> int:
        return 0 if parent is not None and parent.isValid() else len(self._parts)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if not index.isValid():
            return None
        part = self.part(index)
        if role == PART:
            return part
        if role == Qt.ItemDataRole.DisplayRole:
            return plain(part.title)
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return self._speak(part, index.row() + 1, len(self._parts))
        return None


def height_of(lines: int, least: int) -> int:
    """How high a line of the list is whose title has so many lines; `least` is the height at one, both at 100 % text."""
    return theme.px(least + _LINE * (lines - 1))


def strong() -> QFont:
    """The font that titles are broken by: the widest that they are painted in."""
    return theme.font(Size.TEXT, QFont.Weight.DemiBold)


def paint_box(painter: QPainter, option: QStyleOptionViewItem) -> QRectF:
    """Paint what lies behind a line that is chosen or under the mouse, and return where the line is."""
    box = QRectF(option.rect).adjusted(Space.SMALL, 1, -Space.SMALL, -1)
    chosen = is_chosen(option)
    if chosen or option.state & QStyle.StateFlag.State_MouseOver:
        painter.setPen(QPen(theme.colour("sel_line" if chosen else "sunken"), 1))
        painter.setBrush(theme.colour("sel" if chosen else "sunken"))
        painter.drawRoundedRect(box.adjusted(0.5, 0.5, -0.5, -0.5), theme.RADIUS, theme.RADIUS)
    return box


def is_chosen(option: QStyleOptionViewItem) -> bool:
    """Whether the line is the current one."""
    return bool(option.state & QStyle.StateFlag.State_Selected)


def paint_title(painter: QPainter, box: QRectF, lines: Sequence[str], *, left: float, width: float) -> None:
    """Paint the lines of a title in the middle of its box, in the painter's font and colour."""
    line = theme.px(_LINE)
    y = box.center().y() - line * len(lines) / 2
    for number, words in enumerate(lines):
        place = QRectF(box.left() + left, y + number * line, width + theme.px(4), line)
        painter.drawText(place, Qt.AlignmentFlag.AlignVCenter, words)
