"""The parts of a page to choose from, side by side under its head."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QEvent, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QAccessible, QEnterEvent, QFont, QFontMetricsF, QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QAbstractButton, QButtonGroup, QFrame, QSizePolicy, QWidget

from dsadesk.ui import theme
from dsadesk.ui.theme import Size, Space
from dsadesk.ui.widgets.accessible import give_role
from dsadesk.ui.widgets.flow import Flow
from dsadesk.ui.widgets.text import plain

_HEIGHT = 42
_BAR = 3
_SIDE = 12
_STEPS = {Qt.Key.Key_Right: 1, Qt.Key.Key_Down: 1, Qt.Key.Key_Left: -1, Qt.Key.Key_Up: -1}


@dataclass(frozen=True)
class TabItem:
    """One part of a page: its name, and a count where one says something, read out as `spoken`."""

    id: str
    label: str
    count: int = 0
    spoken: str = ""


class TabRow(QFrame):
    """Tabs, in more rows where the text is large. The arrow keys move between them and choose."""

    tab_chosen = Signal(str)  # the id of a TabItem

    def __init__(self, name: str, items: Sequence[TabItem], *, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("look", "header")
        give_role(self, QAccessible.Role.PageTabList)
        self.setAccessibleName(plain(name))
        self._group = QButtonGroup(self)
        self._tabs = {item.id: _Tab(item, self) for item in items}
        flow = Flow(self, spacing=Space.SMALL, row_spacing=0)
        flow.setContentsMargins(Space.GUTTER - _SIDE, 0, Space.GUTTER - _SIDE, 0)
        policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        for tab in self._tabs.values():
            self._group.addButton(tab)
            flow.addWidget(tab)
            tab.clicked.connect(self._on_tab_clicked)
        self.select(items[0].id)

    def current(self) -> str:
        """Return the id of the tab that is shown."""
        return next(tab_id for tab_id, tab in self._tabs.items() if tab.isChecked())

    def select(self, tab_id: str) -> None:
        """Show this tab as the chosen one, without a signal."""
        self._tabs[tab_id].setChecked(True)
        for tab in self._tabs.values():
            tab.setFocusPolicy(Qt.FocusPolicy.StrongFocus if tab.isChecked() else Qt.FocusPolicy.ClickFocus)

    def show_items(self, items: Sequence[TabItem]) -> None:
        """Show other counts on the same tabs."""
        for item in items:
            self._tabs[item.id].show_item(item)

    def focus_current(self) -> None:
        """Put the keyboard on the chosen tab."""
        self._tabs[self.current()].setFocus(Qt.FocusReason.OtherFocusReason)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Move with the arrow keys, Home and End, and choose what is moved to."""
        tabs, holder = list(self._tabs.values()), self.window().focusWidget()
        here = next((place for place, tab in enumerate(tabs) if tab is holder), None)
        if here is None:
            super().keyPressEvent(event)
            return
        key = event.key()
        if key in _STEPS:
            target = tabs[(here + _STEPS[Qt.Key(key)]) % len(tabs)]
        elif key in {Qt.Key.Key_Home, Qt.Key.Key_End}:
            target = tabs[0 if key == Qt.Key.Key_Home else -1]
        else:
            super().keyPressEvent(event)
            return
        target.click()
        target.setFocus(Qt.FocusReason.TabFocusReason)

    def _on_tab_clicked(self) -> None:
        self.select(self.current())
        self.tab_chosen.emit(self.current())


class _Tab(QAbstractButton):
    """One tab: its name, its count, and a bar under the chosen one."""

    def __init__(self, item: TabItem, parent: QWidget) -> None:
        super().__init__(parent)
        give_role(self, QAccessible.Role.PageTab)
        self.setCheckable(True)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self._item = item
        self.show_item(item)

    def said(self) -> str:
        return plain(self._item.label)

    def show_item(self, item: TabItem) -> None:
        self._item = item
        spoken = item.spoken or str(item.count)
        self.setAccessibleName(f"{self.said()}, {plain(spoken)}" if item.count else self.said())
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        width = QFontMetricsF(_strong()).horizontalAdvance(self.said()) + theme.px(2 * _SIDE) + self._badge_width()
        return QSize(int(width) + 2, theme.px(_HEIGHT))

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in _STEPS:
            event.ignore()  # the row moves; Qt would choose without saying so
        elif event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter}:
            self.click()
        else:
            super().keyPressEvent(event)

    def enterEvent(self, event: QEnterEvent) -> None:
        super().enterEvent(event)
        self.update()

    def leaveEvent(self, event: QEvent) -> None:
        super().leaveEvent(event)
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        chosen, lively = self.isChecked(), self.underMouse()
        painter.setFont(_strong() if chosen else theme.font(Size.TEXT, QFont.Weight.Medium))
        painter.setPen(theme.colour("ink" if chosen or lively else "ink2"))
        left = theme.px(_SIDE)
        words = QFontMetricsF(_strong()).horizontalAdvance(self.said())
        place = QRectF(left, 0, words + 2, self.height() - _BAR)
        painter.drawText(place, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, self.said())
        if self._item.count:
            self._paint_count(painter, left + words + theme.px(6))
        if chosen or lively:
            bar = QRectF(0, self.height() - _BAR, self.width(), _BAR)
            painter.fillRect(bar, theme.colour("brand" if chosen else "line2"))

    def _badge_width(self) -> float:
        if not self._item.count:
            return 0
        return QFontMetricsF(_small()).horizontalAdvance(str(self._item.count)) + theme.px(20)

    def _paint_count(self, painter: QPainter, left: float) -> None:
        painter.setFont(_small())
        height = theme.px(20)
        width = max(float(height), self._badge_width() - theme.px(6))
        box = QRectF(left, (self.height() - _BAR - height) / 2, width, height)
        painter.setPen(theme.colour("neutral_line"))
        painter.setBrush(theme.colour("neutral_soft"))
        painter.drawRoundedRect(box.adjusted(0.5, 0.5, -0.5, -0.5), height / 2, height / 2)
        painter.setPen(theme.colour("neutral"))
        painter.drawText(box, Qt.AlignmentFlag.AlignCenter, str(self._item.count))


def _strong() -> QFont:
    return theme.font(Size.TEXT, QFont.Weight.DemiBold)


def _small() -> QFont:
    return theme.font(Size.CAPTION, QFont.Weight.DemiBold)
