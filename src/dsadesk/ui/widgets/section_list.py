"""The sections of a form and how far each is."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import (
    QPointF,
    QRectF,
    QSize,
    Qt,
)
from PySide6.QtGui import QFont, QPainter, QPen
from PySide6.QtWidgets import QListView, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from dsadesk.ui import icons, theme
from dsadesk.ui.i18n import translate
from dsadesk.ui.theme import Size, Space
from dsadesk.ui.vocabulary import Section, SectionState
from dsadesk.ui.widgets.lines import broken
from dsadesk.ui.widgets.outline import PART, Index, Outline, height_of, is_chosen, paint_box, paint_title, strong
from dsadesk.ui.widgets.text import plain

_HEIGHT = 42
_LINES = 2
_MARK = 18
_LEFT = 38


class SectionList(Outline):
    """Sections to go to. Each has its mark, and the screen reader hears the words for it."""

    def __init__(self, name: str, *, parent: QWidget | None = None) -> None:
        super().__init__(name, _spoken, parent)
        self.setItemDelegate(_SectionDelegate(self))

    def show_sections(self, sections: Sequence[Section]) -> None:
        """Show these sections; the current one stays current if it is still there."""
        self.show_parts(sections)


class _SectionDelegate(QStyledItemDelegate):
    def __init__(self, view: QListView) -> None:
        super().__init__(view)
        self._view = view

    def sizeHint(self, _option: QStyleOptionViewItem, index: Index) -> QSize:
        lines = len(broken(_section(index).title, strong(), self._width(), _LINES))
        return QSize(theme.px(120), height_of(lines, _HEIGHT))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        section = _section(index)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        box = paint_box(painter, option)
        side = theme.px(_MARK)
        mark = QRectF(box.left() + theme.px(9), box.center().y() - side / 2, side, side)
        _paint_mark(painter, mark, section.state)
        self._paint_title(painter, box, section, chosen=is_chosen(option))
        painter.restore()

    def _width(self) -> float:
        return self._view.viewport().width() - 2 * Space.SMALL - theme.px(_LEFT)

    def _paint_title(self, painter: QPainter, box: QRectF, section: Section, *, chosen: bool) -> None:
        locked = section.state is SectionState.LOCKED
        weight = QFont.Weight.DemiBold if chosen else QFont.Weight.Normal if locked else QFont.Weight.Medium
        painter.setFont(theme.font(Size.TEXT, weight))
        painter.setPen(theme.colour("ink3" if locked else "ink"))
        lines = broken(section.title, strong(), self._width(), _LINES)
        paint_title(painter, box, lines, left=theme.px(_LEFT), width=self._width())


def _section(index: Index) -> Section:
    section = index.data(PART)
    if not isinstance(section, Section):
        raise TypeError(section)
    return section


def _spoken(section: Section, number: int, total: int) -> str:
    place = translate("SectionList", "{n} of {total}", n=number, total=total)
    return f"{place}, {plain(section.title)}, {_state_words(section.state)}"


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
