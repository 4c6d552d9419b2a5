"""A row of a few choices of which one holds, to narrow a list."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QPoint, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QAccessible, QEnterEvent, QFont, QFontMetrics, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QButtonGroup, QRadioButton, QSizePolicy, QWidget

from dsadesk.ui import theme
from dsadesk.ui.theme import Size
from dsadesk.ui.vocabulary import Segment
from dsadesk.ui.widgets.accessible import give_role
from dsadesk.ui.widgets.flow import Flow
from dsadesk.ui.widgets.text import plain

_HEIGHT = 32


class SegmentedFilter(QWidget):
    """Segments side by side, in more rows where the text is large. They are radio buttons: the arrow keys choose."""

    segment_chosen = Signal(str)  # the id of a Segment

    def __init__(self, name: str, segments: Sequence[Segment], *, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        give_role(self, QAccessible.Role.Grouping)
        self.setAccessibleName(plain(name))
        self._segments = {segment.id: _SegmentButton(segment, self) for segment in segments}
        group = QButtonGroup(self)
        row = Flow(self, spacing=2, row_spacing=2, equal=True)
        row.setContentsMargins(3, 3, 3, 3)
        for button in self._segments.values():
            group.addButton(button)
            row.addWidget(button)
            button.clicked.connect(self._on_button_clicked)
        policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        self.select(segments[0].id)

    def current(self) -> str:
        """Return the id of the chosen segment."""
        return next(segment_id for segment_id, button in self._segments.items() if button.isChecked())

    def select(self, segment_id: str) -> None:
        """Show this segment as chosen, without a signal."""
        self._segments[segment_id].setChecked(True)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw the trough."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(theme.colour("line"), 1))
        painter.setBrush(theme.colour("sunken"))
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), theme.RADIUS, theme.RADIUS)

    def _on_button_clicked(self) -> None:
        self.segment_chosen.emit(self.current())


class _SegmentButton(QRadioButton):
    """One segment."""

    def __init__(self, segment: Segment, parent: QWidget) -> None:
        super().__init__(parent)
        self._label = plain(segment.label)
        self.setAccessibleName(self._label)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        width = QFontMetrics(self._font()).horizontalAdvance(self._label)
        return QSize(width + theme.px(16), theme.px(_HEIGHT))

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def hitButton(self, place: QPoint) -> bool:
        return self.rect().contains(place)

    def enterEvent(self, event: QEnterEvent) -> None:
        super().enterEvent(event)
        self.update()

    def leaveEvent(self, event: QEvent) -> None:
        super().leaveEvent(event)
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if self.isChecked():
            painter.setPen(QPen(theme.colour("line2"), 1))
            painter.setBrush(theme.colour("surface"))
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), 4, 4)
        painter.setFont(self._font() if self.isChecked() else theme.font(Size.SMALL, QFont.Weight.Medium))
        painter.setPen(theme.colour("ink" if self.isChecked() or self.underMouse() else "ink2"))
        painter.drawText(self.rect(), Qt.AlignmentFlag.AlignCenter, self._label)

    @staticmethod
    def _font() -> QFont:
        return theme.font(Size.SMALL, QFont.Weight.DemiBold)
