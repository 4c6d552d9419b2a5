"""The rail of pages down the left side of the window."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QAccessible, QEnterEvent, QFont, QFontMetricsF, QKeyEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton, QButtonGroup, QSizePolicy, QVBoxLayout, QWidget

from dsadesk.ui import icons, theme
from dsadesk.ui.i18n import translate
from dsadesk.ui.theme import Size
from dsadesk.ui.vocabulary import NavEntry
from dsadesk.ui.widgets.accessible import give_role
from dsadesk.ui.widgets.glyph import Glyph
from dsadesk.ui.widgets.text import plain

_WIDTH = 96
_HEIGHT = 68
_LOW = 30
_ICON = 24
_MARK = 30
_BAR = 4
_STEPS = {Qt.Key.Key_Down: 1, Qt.Key.Key_Right: 1, Qt.Key.Key_Up: -1, Qt.Key.Key_Left: -1}


class NavRail(QWidget):
    """Pages to choose from. One is chosen always; the arrow keys move between them, Enter and Space choose."""

    page_chosen = Signal(str)  # the id of a NavEntry

    def __init__(
        self,
        entries: Sequence[NavEntry],
        foot: Sequence[NavEntry] = (),
        *,
        mark: str = "file-lock",
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        give_role(self, QAccessible.Role.PageTabList)
        self.setAccessibleName(translate("NavRail", "Pages"))
        self._entries = {entry.id: _NavButton(entry, self) for entry in (*entries, *foot)}
        self._group = QButtonGroup(self)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 14, 0, 10)
        column.setSpacing(2)
        column.addWidget(Glyph(mark, "nav_ink", size=_MARK, stroke=1.75), 0, Qt.AlignmentFlag.AlignHCenter)
        column.addSpacing(16)
        for entry in entries:
            column.addWidget(self._entries[entry.id])
        column.addStretch(1)
        for entry in foot:
            column.addWidget(self._entries[entry.id])
        for button in self._entries.values():
            self._group.addButton(button)
            button.clicked.connect(self._on_button_clicked)
        self.setFixedWidth(theme.px(_WIDTH))
        self.select(entries[0].id)

    def current(self) -> str:
        """Return the id of the chosen page."""
        return next(entry_id for entry_id, button in self._entries.items() if button.isChecked())

    def select(self, entry_id: str) -> None:
        """Show this page as the chosen one, without a signal."""
        self._entries[entry_id].setChecked(True)
        for button in self._entries.values():
            button.setFocusPolicy(Qt.FocusPolicy.StrongFocus if button.isChecked() else Qt.FocusPolicy.ClickFocus)

    def set_badge(self, entry_id: str, count: int, spoken: str = "") -> None:
        """Show a count on an entry, read out as `spoken`; none when it is nought."""
        self._entries[entry_id].set_badge(count, spoken)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Move with the arrow keys, Home and End."""
        buttons = list(self._entries.values())
        here = next((place for place, button in enumerate(buttons) if button.hasFocus()), None)
        if here is None:
            super().keyPressEvent(event)
        elif event.key() in _STEPS:
            step = _STEPS[Qt.Key(event.key())]
            buttons[(here + step) % len(buttons)].setFocus(Qt.FocusReason.TabFocusReason)
        elif event.key() == Qt.Key.Key_Home:
            buttons[0].setFocus(Qt.FocusReason.TabFocusReason)
        elif event.key() == Qt.Key.Key_End:
            buttons[-1].setFocus(Qt.FocusReason.TabFocusReason)
        else:
            super().keyPressEvent(event)

    def changeEvent(self, event: QEvent) -> None:
        """Grow with the text."""
        super().changeEvent(event)
        if event.type() is QEvent.Type.StyleChange:
            self.setFixedWidth(theme.px(_WIDTH))

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Fill the rail."""
        painter = QPainter(self)
        painter.fillRect(self.rect(), theme.colour("nav"))
        painter.setPen(QPen(theme.colour("nav_line"), 1))
        painter.drawLine(self.rect().topRight(), self.rect().bottomRight())

    def _on_button_clicked(self) -> None:
        self.select(self.current())
        self.page_chosen.emit(self.current())


class _NavButton(QAbstractButton):
    """One page of the rail: icon over label, with a bar at the left when chosen."""

    def __init__(self, entry: NavEntry, parent: QWidget) -> None:
        super().__init__(parent)
        icons.icon(entry.icon)
        give_role(self, QAccessible.Role.PageTab)
        self._entry = entry
        self._count = 0
        self.setCheckable(True)
        self.setAccessibleDescription(plain(entry.description))
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Maximum)

    def said(self) -> str:
        return plain(self._entry.label)

    def set_badge(self, count: int, spoken: str) -> None:
        name = f"{self.said()}, {plain(spoken or str(count))}" if count else ""
        if (count, name) != (self._count, self.accessibleName()):
            self._count = count
            self.setAccessibleName(name)
            self.update()

    def sizeHint(self) -> QSize:
        return QSize(theme.px(_WIDTH), theme.px(_HEIGHT))

    def minimumSizeHint(self) -> QSize:
        return QSize(theme.px(_WIDTH), theme.px(_LOW))

    def enterEvent(self, event: QEnterEvent) -> None:
        super().enterEvent(event)
        self.update()

    def leaveEvent(self, event: QEvent) -> None:
        super().leaveEvent(event)
        self.update()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter}:
            self.click()
        elif event.key() in _STEPS:
            event.ignore()  # the rail moves the focus; Qt would choose at once
        else:
            super().keyPressEvent(event)

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        chosen = self.isChecked()
        lively = chosen or self.underMouse()
        shade = "nav_ink" if lively else "nav_ink2"
        if lively:
            painter.fillRect(self.rect().adjusted(0, 0, -1, 0), theme.colour("nav_sel"))
        if chosen:
            painter.fillRect(0, 0, _BAR, self.height(), theme.colour("nav_mark"))
        side = theme.px(_ICON)
        line = theme.px(20)
        middle = self.width() / 2
        # On a low screen with large text there is room for the words only.
        has_icon = self.height() >= side + line + theme.px(6)
        top = (self.height() - side - line) / 2 - theme.px(2)
        label = QRectF(_BAR, (self.height() - line) / 2, self.width() - 2 * _BAR, line)
        if self._count and not has_icon:
            label.setRight(self._beside().left())
        if has_icon:
            icons.paint(painter, self._entry.icon, QRectF(middle - side / 2, top, side, side), shade, stroke=1.9)
            label.moveTop(top + side + theme.px(4))
        painter.setFont(theme.font(Size.CAPTION, QFont.Weight.DemiBold if chosen else QFont.Weight.Medium))
        painter.setPen(theme.colour(shade))
        painter.drawText(label, Qt.AlignmentFlag.AlignCenter, self.said())
        if self._count:
            over = self._badge_at(middle + side / 2 - theme.px(6), top - theme.px(6))
            self._paint_badge(painter, over if has_icon else self._beside())

    def _beside(self) -> QRectF:
        """Where the badge stands when there is room for the words only: beside them, and never over them."""
        box = self._badge_at(0, (self.height() - theme.px(18)) / 2)
        box.moveRight(self.width() - theme.px(2))
        return box

    def _badge_at(self, left: float, top: float) -> QRectF:
        metrics = QFontMetricsF(theme.font(Size.CAPTION, QFont.Weight.Bold))
        return QRectF(
            left, top, max(theme.px(18), metrics.horizontalAdvance(self._badge()) + theme.px(8)), theme.px(18)
        )

    def _badge(self) -> str:
        return str(self._count) if self._count < 100 else "99+"

    def _paint_badge(self, painter: QPainter, box: QRectF) -> None:
        painter.setFont(theme.font(Size.CAPTION, QFont.Weight.Bold))
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.colour("badge"))
        painter.drawRoundedRect(box, box.height() / 2, box.height() / 2)
        painter.setPen(theme.colour("on_badge"))
        painter.drawText(box, Qt.AlignmentFlag.AlignCenter, self._badge())
