"""The sections of a form and how far each is."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import (
    QAbstractListModel,
    QItemSelectionModel,
    QModelIndex,
    QPersistentModelIndex,
    QPointF,
    QRectF,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import QFont, QPainter, QPen, QResizeEvent
from PySide6.QtWidgets import QListView, QStyle, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from dsadesk.ui import icons, theme
from dsadesk.ui.i18n import translate
from dsadesk.ui.theme import Size, Space
from dsadesk.ui.vocabulary import Section, SectionState
from dsadesk.ui.widgets.lines import broken
from dsadesk.ui.widgets.text import plain

_Index = QModelIndex | QPersistentModelIndex
_SECTION = Qt.ItemDataRole.UserRole
_HEIGHT = 42
_LINE = 20
_LINES = 2
_MARK = 18
_LEFT = 38


class SectionList(QListView):
    """Sections to go to. Each has its mark, and the screen reader hears the words for it."""

    section_chosen = Signal(str)  # the id of a Section

    def __init__(self, name: str, *, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._model = _SectionModel(self)
        self.setAccessibleName(plain(name))
        self.setModel(self._model)
        self.setItemDelegate(_SectionDelegate(self))
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

    def show_sections(self, sections: Sequence[Section]) -> None:
        """Show these sections; the current one stays current if it is still there."""
        here = self.current()
        if self._model.keeps_ids(sections):
            self._model.update(sections)
            return
        self._model.replace(sections)
        self.select(here)

    def current(self) -> str:
        """Return the id of the current section, or nothing."""
        index = self.currentIndex()
        return self._model.section(index).id if index.isValid() else ""

    def select(self, section_id: str) -> None:
        """Make this section the current one, without a signal."""
        index = self._model.find(section_id)
        blocked = self.blockSignals(True)
        self.selectionModel().setCurrentIndex(index, QItemSelectionModel.SelectionFlag.ClearAndSelect)
        self.blockSignals(blocked)

    def _on_current_changed(self, index: QModelIndex, _before: QModelIndex) -> None:
        if index.isValid():
            self.section_chosen.emit(self._model.section(index).id)


class _SectionModel(QAbstractListModel):
    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._sections: tuple[Section, ...] = ()

    def keeps_ids(self, sections: Sequence[Section]) -> bool:
        return [each.id for each in sections] == [each.id for each in self._sections]

    def update(self, sections: Sequence[Section]) -> None:
        before, self._sections = self._sections, tuple(sections)
        for row, (old, new) in enumerate(zip(before, self._sections, strict=True)):
            if old != new:
                self.dataChanged.emit(self.index(row), self.index(row))

    def replace(self, sections: Sequence[Section]) -> None:
        self.beginResetModel()
        self._sections = tuple(sections)
        self.endResetModel()

    def section(self, index: _Index) -> Section:
        return self._sections[index.row()]

    def find(self, section_id: str) -> QModelIndex:
        for row, section in enumerate(self._sections):
            if section.id == section_id:
                return self.index(row)
        return QModelIndex()

    def rowCount(self, parent: _Index | None = None) -> int:
        return 0 if parent is not None and parent.isValid() else len(self._sections)

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if not index.isValid():
            return None
        section = self.section(index)
        if role == _SECTION:
            return section
        if role == Qt.ItemDataRole.DisplayRole:
            return plain(section.title)
        if role == Qt.ItemDataRole.AccessibleTextRole:
            place = translate("SectionList", "{n} of {total}", n=index.row() + 1, total=len(self._sections))
            return f"{place}, {plain(section.title)}, {_state_words(section.state)}"
        return None


class _SectionDelegate(QStyledItemDelegate):
    def __init__(self, view: QListView) -> None:
        super().__init__(view)
        self._view = view

    def sizeHint(self, _option: QStyleOptionViewItem, index: _Index) -> QSize:
        lines = len(broken(_section(index).title, _strong(), self._width(), _LINES))
        return QSize(theme.px(120), theme.px(_HEIGHT + _LINE * (lines - 1)))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: _Index) -> None:
        section = _section(index)
        box = QRectF(option.rect).adjusted(Space.SMALL, 1, -Space.SMALL, -1)
        chosen = bool(option.state & QStyle.StateFlag.State_Selected)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if chosen or option.state & QStyle.StateFlag.State_MouseOver:
            painter.setPen(QPen(theme.colour("sel_line" if chosen else "sunken"), 1))
            painter.setBrush(theme.colour("sel" if chosen else "sunken"))
            painter.drawRoundedRect(box.adjusted(0.5, 0.5, -0.5, -0.5), theme.RADIUS, theme.RADIUS)
        side = theme.px(_MARK)
        mark = QRectF(box.left() + theme.px(9), box.center().y() - side / 2, side, side)
        _paint_mark(painter, mark, section.state)
        self._paint_title(painter, box, section, chosen=chosen)
        painter.restore()

    def _width(self) -> float:
        return self._view.viewport().width() - 2 * Space.SMALL - theme.px(_LEFT)

    def _paint_title(self, painter: QPainter, box: QRectF, section: Section, *, chosen: bool) -> None:
        locked = section.state is SectionState.LOCKED
        weight = QFont.Weight.DemiBold if chosen else QFont.Weight.Normal if locked else QFont.Weight.Medium
        painter.setFont(theme.font(Size.TEXT, weight))
        painter.setPen(theme.colour("ink3" if locked else "ink"))
        lines = broken(section.title, _strong(), self._width(), _LINES)
        line = theme.px(_LINE)
        y = box.center().y() - line * len(lines) / 2
        for number, words in enumerate(lines):
            place = QRectF(box.left() + theme.px(_LEFT), y + number * line, self._width() + theme.px(4), line)
            painter.drawText(place, Qt.AlignmentFlag.AlignVCenter, words)


def _section(index: _Index) -> Section:
    section = index.data(_SECTION)
    if not isinstance(section, Section):
        raise TypeError(section)
    return section


def _state_words(state: SectionState) -> str:
    return {
        SectionState.DONE: translate("SectionList", "complete"),
        SectionState.PART: translate("SectionList", "started"),
        SectionState.TODO: translate("SectionList", "not started"),
        SectionState.LOCKED: translate("SectionList", "cannot start yet"),
    }[state]


def _paint_mark(painter: QPainter, box: QRectF, state: SectionState) -> None:
    if state is SectionState.LOCKED:
        icons.paint(painter, "lock", box, "ink3")
    elif state is SectionState.DONE:
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.colour("good"))
        painter.drawEllipse(box)
        inset = box.width() / 6
        icons.paint(painter, "check", box.adjusted(inset, inset, -inset, -inset), "on_good", stroke=3.5)
    else:
        started = state is SectionState.PART
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(theme.colour("brand" if started else "line2"), 2))
        painter.drawEllipse(box.adjusted(1, 1, -1, -1))
        if started:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(theme.colour("brand"))
            painter.drawPie(_square(box.center(), box.width() - 8), 90 * 16, -180 * 16)


def _square(middle: QPointF, side: float) -> QRectF:
    return QRectF(middle.x() - side / 2, middle.y() - side / 2, side, side)


def _strong() -> QFont:
    return theme.font(Size.TEXT, QFont.Weight.DemiBold)
