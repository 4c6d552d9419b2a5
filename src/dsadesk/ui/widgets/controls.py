"""The controls that Qt draws too small, in one piece or not at all: option cards and drop-down lists."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QPoint, QRectF, QSize, Qt
from PySide6.QtGui import QEnterEvent, QPainter, QPaintEvent, QPen, QWheelEvent
from PySide6.QtWidgets import (
    QAbstractButton,
    QCheckBox,
    QComboBox,
    QRadioButton,
    QSizePolicy,
    QStyledItemDelegate,
    QVBoxLayout,
    QWidget,
)

from dsadesk.ui import icons, theme
from dsadesk.ui.theme import OPTION_HEIGHT, RADIUS, Space, set_look
from dsadesk.ui.vocabulary import Option
from dsadesk.ui.widgets.text import Text, plain

_MARK = 24
_LEFT = 14
_TOP = 10


class _OptionFace:
    """How an option looks: a card as wide as the column, with a mark, a wrapping label and a hint. The whole card is the target."""

    def __init__(self, button: QAbstractButton, option: Option) -> None:
        self._button = button
        button.setAccessibleName(plain(option.label))
        button.setAccessibleDescription(plain(option.hint))
        button.setCursor(Qt.CursorShape.PointingHandCursor)
        self._label = Text(option.label, "option", parent=button)
        self._column = QVBoxLayout(button)
        self._column.setSpacing(Space.HAIR)
        self._column.addWidget(self._label)
        if option.hint:
            self._column.addWidget(Text(option.hint, "hint", parent=button))
        for label in button.findChildren(Text):
            label.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Minimum)
        policy.setHeightForWidth(True)
        button.setSizePolicy(policy)
        button.toggled.connect(self._on_toggled)
        self.fit()

    def fit(self) -> None:
        """Grow with the text."""
        left = _LEFT + theme.px(_MARK) + theme.px(12)
        self._column.setContentsMargins(left, theme.px(_TOP), Space.LARGE, theme.px(_TOP))
        self._label.setMinimumHeight(theme.px(_MARK))
        self._button.setMinimumHeight(theme.px(OPTION_HEIGHT))

    def size(self) -> QSize:
        return self._column.sizeHint()

    def minimum(self) -> QSize:
        return self._column.totalMinimumSize()

    def mark(self) -> QRectF:
        """Return where the mark goes: beside the first line of the label."""
        side = theme.px(_MARK)
        return QRectF(_LEFT, self._label.geometry().top() or theme.px(_TOP), side, side)

    def paint_frame(self, painter: QPainter) -> None:
        chosen = self._button.isChecked()
        line = "brand" if chosen else "line2" if self._button.underMouse() else "line"
        painter.setPen(QPen(theme.colour(line), 1))
        painter.setBrush(theme.colour("sel" if chosen else "surface"))
        painter.drawRoundedRect(QRectF(self._button.rect()).adjusted(0.5, 0.5, -0.5, -0.5), RADIUS, RADIUS)

    def _on_toggled(self, chosen: bool) -> None:  # noqa: FBT001  # the signal's shape
        set_look(self._label, on=chosen)


class RadioOption(QRadioButton):
    """One of several options of which one holds."""

    def __init__(self, option: Option, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._face = _OptionFace(self, option)

    def sizeHint(self) -> QSize:
        """Return the size that the label and hint want."""
        return self._face.size()

    def minimumSizeHint(self) -> QSize:
        """Return the size that the label and hint need."""
        return self._face.minimum()

    def hitButton(self, place: QPoint) -> bool:
        """Take a press anywhere on the card."""
        return self.rect().contains(place)

    def changeEvent(self, event: QEvent) -> None:
        """Grow with the text."""
        super().changeEvent(event)
        if event.type() is QEvent.Type.StyleChange:
            self._face.fit()

    def enterEvent(self, event: QEnterEvent) -> None:
        """Show that it can be pressed."""
        super().enterEvent(event)
        self.update()

    def leaveEvent(self, event: QEvent) -> None:
        """Stop showing that it can be pressed."""
        super().leaveEvent(event)
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw the card and the ring with its dot."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._face.paint_frame(painter)
        mark = self._face.mark().adjusted(1, 1, -1, -1)
        painter.setPen(QPen(theme.colour("brand" if self.isChecked() else "field_line"), 2))
        painter.setBrush(theme.colour("surface"))
        painter.drawEllipse(mark)
        if self.isChecked():
            inset = mark.width() * 0.22
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(theme.colour("brand"))
            painter.drawEllipse(mark.adjusted(inset, inset, -inset, -inset))


class CheckOption(QCheckBox):
    """One of several options of which any may hold."""

    def __init__(self, option: Option, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._face = _OptionFace(self, option)

    def sizeHint(self) -> QSize:
        """Return the size that the label and hint want."""
        return self._face.size()

    def minimumSizeHint(self) -> QSize:
        """Return the size that the label and hint need."""
        return self._face.minimum()

    def hitButton(self, place: QPoint) -> bool:
        """Take a press anywhere on the card."""
        return self.rect().contains(place)

    def changeEvent(self, event: QEvent) -> None:
        """Grow with the text."""
        super().changeEvent(event)
        if event.type() is QEvent.Type.StyleChange:
            self._face.fit()

    def enterEvent(self, event: QEnterEvent) -> None:
        """Show that it can be pressed."""
        super().enterEvent(event)
        self.update()

    def leaveEvent(self, event: QEvent) -> None:
        """Stop showing that it can be pressed."""
        super().leaveEvent(event)
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw the card and the box with its tick."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._face.paint_frame(painter)
        mark = self._face.mark().adjusted(1, 1, -1, -1)
        chosen = self.isChecked()
        painter.setPen(QPen(theme.colour("brand" if chosen else "field_line"), 2))
        painter.setBrush(theme.colour("brand" if chosen else "surface"))
        painter.drawRoundedRect(mark, 4, 4)
        if chosen:
            inset = mark.width() * 0.12
            icons.paint(painter, "check", mark.adjusted(inset, inset, -inset, -inset), "on_brand", stroke=3.5)


class DropDown(QComboBox):
    """A drop-down list. The wheel scrolls the page and never changes the choice unseen."""

    def __init__(self, name: str, options: tuple[Option, ...], *, empty: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(plain(name))
        self.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.setMinimumContentsLength(12)
        self.setItemDelegate(QStyledItemDelegate(self))  # the one that heeds the style sheet
        self.addItem(plain(empty), "")
        for option in options:
            self.addItem(plain(option.label), option.value)

    def value(self) -> str:
        """Return the value chosen, or nothing."""
        return str(self.currentData() or "")

    def choose(self, value: str) -> None:
        """Choose a value. One that is not on the list is put there, so that it is not lost."""
        if self.findData(value) < 0:
            self.addItem(plain(value), value)
        self.setCurrentIndex(self.findData(value))

    def showPopup(self) -> None:
        """Open the list, as wide as its longest words."""
        view = self.view()
        words = view.sizeHintForColumn(0) + view.verticalScrollBar().sizeHint().width() + 2 * Space.SMALL
        view.setMinimumWidth(min(words, self.screen().availableGeometry().width()))
        super().showPopup()

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Leave the wheel to the page."""
        event.ignore()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the field, then the arrow."""
        super().paintEvent(event)
        side = theme.px(18)
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        place = QRectF(self.width() - side - theme.px(10), (self.height() - side) / 2, side, side)
        icons.paint(painter, "chevron-down", place, "ink" if self.isEnabled() else "disabled")
