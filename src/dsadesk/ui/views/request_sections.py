"""The sections of what is read: a list to go through, with a count where something wants attention."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import (
    QRectF,
    QSize,
    Qt,
)
from PySide6.QtGui import QFont, QFontMetricsF, QPainter, QPen
from PySide6.QtWidgets import QListView, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from dsadesk.ui import theme
from dsadesk.ui.i18n import counted, translate
from dsadesk.ui.theme import Size, Space
from dsadesk.ui.widgets.lines import broken
from dsadesk.ui.widgets.outline import PART, Index, Outline, height_of, is_chosen, paint_box, paint_title, strong
from dsadesk.ui.widgets.text import plain

_HEIGHT = 40
_LINES = 3
_SIDE = 12
_BADGE = 34


@dataclass(frozen=True)
class ReadSection:
    """One entry: its name, and how many things in it want attention."""

    id: str
    title: str
    count: int = 0


class ReadList(Outline):
    """Sections to go to. Beside a title stands how many things in it want attention."""

    def __init__(self, name: str, *, parent: QWidget | None = None) -> None:
        super().__init__(name, _spoken, parent)
        self.setItemDelegate(_ReadDelegate(self))

    def show_sections(self, sections: Sequence[ReadSection]) -> None:
        """Show these sections; the current one stays current if it is still there."""
        self.show_parts(sections)


class _ReadDelegate(QStyledItemDelegate):
    def __init__(self, view: QListView) -> None:
        super().__init__(view)
        self._view = view

    def sizeHint(self, _option: QStyleOptionViewItem, index: Index) -> QSize:
        section: ReadSection = index.data(PART)
        lines = len(broken(section.title, strong(), self._width(section), _LINES))
        return QSize(theme.px(120), height_of(lines, _HEIGHT))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        section: ReadSection = index.data(PART)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        box = paint_box(painter, option)
        painter.setFont(theme.font(Size.TEXT, QFont.Weight.DemiBold if is_chosen(option) else QFont.Weight.Medium))
        painter.setPen(theme.colour("ink"))
        lines = broken(section.title, strong(), self._width(section), _LINES)
        paint_title(painter, box, lines, left=theme.px(_SIDE), width=self._width(section))
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


def _spoken(section: ReadSection, _number: int, _total: int) -> str:
    if not section.count:
        return plain(section.title)
    count = counted(translate("ReadList", "{n} thing to look at|{n} things to look at"), section.count)
    return f"{plain(section.title)}, {count}"
