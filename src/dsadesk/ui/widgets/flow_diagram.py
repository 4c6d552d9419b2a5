"""The journey of the data, drawn: a column for each party, an arrow for each step. What it shows stands in words in its description."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QAccessible, QFont, QFontMetricsF, QPainter, QPaintEvent, QPen, QPolygonF, QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QVBoxLayout, QWidget

from dsadesk.questions.flow import Flow, FlowStep, in_words
from dsadesk.ui import theme
from dsadesk.ui.fitting import Fitting
from dsadesk.ui.i18n import translate
from dsadesk.ui.theme import Size, Space
from dsadesk.ui.widgets.accessible import give_role
from dsadesk.ui.widgets.lines import broken
from dsadesk.ui.widgets.text import Text, plain

_PAD, _GAP = 12, 10
_LEAST_COLUMN = 110
_HEAD_LINES, _STEP_LINES = 3, 6
_ARROW = 8
_LOOP = 26


class FlowPicture(QWidget):
    """The drawing with its words under it; the words alone where there is no room to draw."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._fitting = Fitting(self, self._fit)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(Space.SMALL)
        self.diagram = FlowDiagram(self)
        self.words = Text("", "hint", parent=self)
        column.addWidget(self.diagram)
        column.addWidget(self.words)
        self.hide()

    def show_flow(self, flow: Flow) -> None:
        """Show this, or nothing where there is no whole step."""
        self.diagram.show_flow(flow)
        self.words.setText("\n".join(in_words(flow)))
        self.setVisible(bool(flow.steps))
        self._fitting.now()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Draw where there is room."""
        super().resizeEvent(event)
        self._fitting.now()

    def _fit(self) -> None:
        flow = self.diagram.flow()
        room = self.width() >= theme.px(_LEAST_COLUMN) * len(flow.parties)
        self.diagram.setVisible(flow.can_be_drawn and room)


class FlowDiagram(QWidget):
    """Draws a flow as wide as there is room; a screen reader is told every step."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._flow = Flow((), ())
        give_role(self, QAccessible.Role.Graphic)
        self.setAccessibleName(translate("FlowDiagram", "The journey of the data, drawn"))
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Minimum)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)

    def show_flow(self, flow: Flow) -> None:
        """Draw this."""
        if flow != self._flow:
            self._flow = flow
            self.setAccessibleDescription(plain(" ".join(in_words(flow))))
            self.updateGeometry()
            self.update()

    def flow(self) -> Flow:
        """Return what is drawn."""
        return self._flow

    def hasHeightForWidth(self) -> bool:
        """Say that the height follows from the width."""
        return True

    def heightForWidth(self, width: int) -> int:
        """Return the height at this width."""
        heads, steps = self._lay_out(width)
        return round(heads + sum(height for _, height in steps) + 2 * theme.px(_PAD))

    def sizeHint(self) -> QSize:
        """Return a size at which it can be read."""
        width = theme.px(_LEAST_COLUMN) * max(2, len(self._flow.parties))
        return QSize(width, self.heightForWidth(width))

    def minimumSizeHint(self) -> QSize:
        """Return the least width; the height follows from the width given."""
        return QSize(theme.px(160), theme.px(60))

    def changeEvent(self, event: QEvent) -> None:
        """Grow with the text and wear new colours."""
        super().changeEvent(event)
        if event.type() is QEvent.Type.StyleChange:
            self.updateGeometry()
            self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw the parties, their lines, and the steps."""
        if not self._flow.parties:
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        heads, steps = self._lay_out(self.width())
        top = theme.px(_PAD)
        self._paint_parties(painter, top, heads)
        y = top + heads
        for (lines, height), step in zip(steps, self._flow.steps, strict=True):
            self._paint_step(painter, step, lines, y, height)
            y += height

    # ------------------------------------------------------------ within

    def _column(self, width: float) -> float:
        return width / max(1, len(self._flow.parties))

    def _x(self, place: int) -> float:
        return (place + 0.5) * self._column(self.width())

    def _lay_out(self, width: int) -> tuple[float, list[tuple[tuple[str, ...], float]]]:
        """Return the height of the heads, and for each step its lines and its height."""
        column = self._column(width)
        bold, small = QFontMetricsF(_bold()), QFontMetricsF(_small())
        room = column - 2 * theme.px(_GAP)
        most = max((len(broken(name, _bold(), room, _HEAD_LINES)) for name in self._flow.parties), default=1)
        heads = most * bold.height() + 2 * theme.px(_GAP)
        steps = []
        for step in self._flow.steps:
            wide = max(abs(step.end - step.start) * column, column) - 2 * theme.px(_GAP)
            lines = broken(_words(step), _small(), wide, _STEP_LINES)
            arrow = theme.px(_LOOP) if step.start == step.end else theme.px(_ARROW)
            steps.append((lines, len(lines) * small.height() + arrow + 2 * theme.px(_GAP)))
        return heads, steps

    def _paint_parties(self, painter: QPainter, top: float, heads: float) -> None:
        column, gap = self._column(self.width()), theme.px(_GAP)
        for place, name in enumerate(self._flow.parties):
            box = QRectF(place * column + gap / 2, top, column - gap, heads - gap)
            painter.setPen(QPen(theme.colour("line2"), 1, Qt.PenStyle.DashLine))
            painter.drawLine(QPointF(self._x(place), box.bottom()), QPointF(self._x(place), self.height() - top))
            painter.setPen(QPen(theme.colour("brand"), 1.5))
            painter.setBrush(theme.colour("surface"))
            painter.drawRoundedRect(box, 5, 5)
            painter.setPen(theme.colour("ink"))
            painter.setFont(_bold())
            lines = broken(name, _bold(), column - 2 * gap, _HEAD_LINES)
            painter.drawText(box, Qt.AlignmentFlag.AlignCenter, "\n".join(lines))

    def _paint_step(self, painter: QPainter, step: FlowStep, lines: tuple[str, ...], y: float, height: float) -> None:
        gap = theme.px(_GAP)
        left, right = sorted((self._x(step.start), self._x(step.end)))
        if step.start == step.end:
            half = self._column(self.width()) / 2
            left, right = left - half, right + half
        words_height = len(lines) * QFontMetricsF(_small()).height()
        box = QRectF(left + gap, y + gap / 2, right - left - 2 * gap, words_height)
        # The words stand on the page's own colour, so that no party's line runs through them.
        painter.fillRect(box, self.palette().window())
        painter.setPen(theme.colour("ink"))
        painter.setFont(_small())
        painter.drawText(box, Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignTop, "\n".join(lines))
        painter.setPen(QPen(theme.colour("brand"), 2))
        if step.start == step.end:
            self._paint_loop(painter, self._x(step.start), box.bottom() + gap / 2)
        else:
            line = y + height - gap
            painter.drawLine(QPointF(self._x(step.start), line), QPointF(self._x(step.end), line))
            _paint_head(painter, QPointF(self._x(step.end), line), 1 if step.end > step.start else -1)

    def _paint_loop(self, painter: QPainter, x: float, y: float) -> None:
        """Draw an arrow that comes back to where it began."""
        side, drop = theme.px(_LOOP), theme.px(_LOOP) * 0.6
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawPolyline(
            QPolygonF([QPointF(x, y), QPointF(x + side, y), QPointF(x + side, y + drop), QPointF(x, y + drop)])
        )
        _paint_head(painter, QPointF(x, y + drop), -1)


def _paint_head(painter: QPainter, tip: QPointF, way: int) -> None:
    long, wide = theme.px(_ARROW) * way, theme.px(_ARROW) * 0.6
    painter.setBrush(theme.colour("brand"))
    painter.drawPolygon(
        QPolygonF([tip, QPointF(tip.x() - long, tip.y() - wide), QPointF(tip.x() - long, tip.y() + wide)])
    )


def _words(step: FlowStep) -> str:
    what = step.what or translate("FlowDiagram", "data")
    return plain(f"{step.number}. {what} ({step.how})" if step.how else f"{step.number}. {what}")


def _bold() -> QFont:
    return theme.font(Size.SMALL, QFont.Weight.DemiBold)


def _small() -> QFont:
    return theme.font(Size.SMALL)
