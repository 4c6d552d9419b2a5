"""The sections of what is read: a list to go through, with a count where something wants attention."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import (
    QAbstractListModel,
    QItemSelectionModel,
    QModelIndex,
    QPersistentModelIndex,
    QRectF,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import QFont, QFontMetricsF, QPainter, QPen, QResizeEvent
from PySide6.QtWidgets import QListView, QStyle, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from dsadesk.ui import theme
from dsadesk.ui.i18n import counted, translate
from dsadesk.ui.theme import Size, Space
from dsadesk.ui.widgets.lines import broken
from dsadesk.ui.widgets.text import plain

_Index = QModelIndex | QPersistentModelIndex
_ITEM = Qt.ItemDataRole.UserRole
_HEIGHT = 40
_LINE = 20
_LINES = 3
_SIDE = 12
_BADGE = 34


@dataclass(frozen=True)
class ReadSection:
    """One entry: its name, and how many things in it want attention."""

    id: str
    title: str
    count: int = 0


class ReadList(QListView):
    """Sections to go to, by arrow keys or by mouse."""

    section_chosen = Signal(str)  # the id of a ReadSection

    def __init__(self, name: str, *, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._model = _ReadModel(self)
        self.setAccessibleName(plain(name))
        self.setModel(self._model)
        self.setItemDelegate(_ReadDelegate(self))
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollMode(QListView.ScrollMode.ScrollPerPixel)
        self.setResizeMode(QListView.ResizeMode.Adjust)
        self.setMouseTracking(True)
        self.setEditTriggers(QListView.EditTrigger.NoEditTriggers)
        self.selectionModel().currentChanged.connect(self._on_current_changed)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Break the titles anew at another width."""
        super().resizeEvent(event)
        if event.size().width() != event.oldSize().width():
            self.scheduleDelayedItemsLayout()

    def show_sections(self, sections: Sequence[ReadSection]) -> None:
        """Show these sections; the current one stays current if it is still there."""
        here = self.current()
        self._model.replace(sections)
        self.select(here)

    def current(self) -> str:
        """Return the id of the current section, or nothing."""
        index = self.currentIndex()
        return self._model.at(index).id if index.isValid() else ""

    def select(self, section_id: str) -> None:
        """Make this section the current one, without a signal."""
        blocked = self.blockSignals(True)
        index = self._model.find(section_id)
        self.selectionModel().setCurrentIndex(index, QItemSelectionModel.SelectionFlag.ClearAndSelect)
        self.blockSignals(blocked)

    def _on_current_changed(self, index: QModelIndex, _before: QModelIndex) -> None:
        if index.isValid():
            self.section_chosen.emit(self._model.at(index).id)


class _ReadModel(QAbstractListModel):
    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._sections: tuple[ReadSection, ...] = ()

    def replace(self, sections: Sequence[ReadSection]) -> None:
        if [each.id for each in sections] == [each.id for each in self._sections]:
            self._sections = tuple(sections)
            if sections:
                self.dataChanged.emit(self.index(0), self.index(len(sections) - 1))
            return
        self.beginResetModel()
        self._sections = tuple(sections)
        self.endResetModel()

    def at(self, index: _Index) -> ReadSection:
        return self._sections[index.row()]

    def find(self, section_id: str) -> QModelIndex:
        return next(
            (self.index(row) for row, each in enumerate(self._sections) if each.id == section_id), QModelIndex()
        )

    def rowCount(self, parent: _Index | None = None) -> int:
        return 0 if parent is not None and parent.isValid() else len(self._sections)

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if not index.isValid():
            return None
        section = self.at(index)
        if role == _ITEM:
            return section
        if role == Qt.ItemDataRole.DisplayRole:
            return plain(section.title)
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return ", ".join(part for part in (plain(section.title), _spoken(section.count)) if part)
        return None


class _ReadDelegate(QStyledItemDelegate):
    def __init__(self, view: QListView) -> None:
        super().__init__(view)
        self._view = view

    def sizeHint(self, _option: QStyleOptionViewItem, index: _Index) -> QSize:
        section: ReadSection = index.data(_ITEM)
        lines = len(broken(section.title, _strong(), self._width(section), _LINES))
        return QSize(theme.px(120), theme.px(_HEIGHT + _LINE * (lines - 1)))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: _Index) -> None:
        section: ReadSection = index.data(_ITEM)
        box = QRectF(option.rect).adjusted(Space.SMALL, 1, -Space.SMALL, -1)
        chosen = bool(option.state & QStyle.StateFlag.State_Selected)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if chosen or option.state & QStyle.StateFlag.State_MouseOver:
            painter.setPen(QPen(theme.colour("sel_line" if chosen else "sunken"), 1))
            painter.setBrush(theme.colour("sel" if chosen else "sunken"))
            painter.drawRoundedRect(box.adjusted(0.5, 0.5, -0.5, -0.5), theme.RADIUS, theme.RADIUS)
        painter.setFont(theme.font(Size.TEXT, QFont.Weight.DemiBold if chosen else QFont.Weight.Medium))
        painter.setPen(theme.colour("ink"))
        lines = broken(section.title, _strong(), self._width(section), _LINES)
        line = theme.px(_LINE)
        y = box.center().y() - line * len(lines) / 2
        for number, words in enumerate(lines):
            place = QRectF(box.left() + theme.px(_SIDE), y + number * line, self._width(section) + theme.px(4), line)
            painter.drawText(place, Qt.AlignmentFlag.AlignVCenter, words)
        if section.count:
            _paint_count(painter, box, section.count)
        painter.restore()

    def _width(self, section: ReadSection) -> float:
        badge = theme.px(_BADGE) if section.count else 0
        return self._view.viewport().width() - 2 * Space.SMALL - theme.px(_SIDE + 8) - badge


def _paint_count(painter: QPainter, box: QRectF, count: int) -> None:
    painter.setFont(theme.font(Size.CAPTION, QFont.Weight.Bold))
    words = str(count)
    height = theme.px(20)
    width = max(float(height), QFontMetricsF(painter.font()).horizontalAdvance(words) + theme.px(12))
    place = QRectF(box.right() - width - theme.px(8), box.center().y() - height / 2, width, height)
    painter.setPen(QPen(theme.colour("warn_line"), 1))
    painter.setBrush(theme.colour("warn_soft"))
    painter.drawRoundedRect(place.adjusted(0.5, 0.5, -0.5, -0.5), height / 2, height / 2)
    painter.setPen(theme.colour("warn"))
    painter.drawText(place, Qt.AlignmentFlag.AlignCenter, words)


def _spoken(count: int) -> str:
    if not count:
        return ""
    return counted(translate("ReadList", "{n} thing to look at|{n} things to look at"), count)


def _strong() -> QFont:
    return theme.font(Size.TEXT, QFont.Weight.DemiBold)
