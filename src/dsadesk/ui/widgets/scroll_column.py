"""A page that scrolls, with one column no wider than can be read."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QPoint, QSize, Qt
from PySide6.QtGui import QPaintEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QScrollArea, QScrollBar, QVBoxLayout, QWidget

from dsadesk.ui import theme
from dsadesk.ui.theme import Space

_NARROWEST = 360


class Column(QWidget):
    """A widget in a column, which gives it a width and asks for the height at that width alone."""

    def sizeHint(self) -> QSize:
        """Return the size that the parts want. Qt would lay all words out once more for the height at the width wished for, which nobody asks for."""
        layout = self.layout()
        return layout.sizeHint() if layout is not None else super().sizeHint()


class Scrolled(Column):
    """What is scrolled: as high as its words need at its width. The greater height that Qt guesses without a width is left out."""

    def minimumSizeHint(self) -> QSize:
        """Return no height where the width says what it is."""
        hint, layout = super().minimumSizeHint(), self.layout()
        return QSize(hint.width(), 1) if layout is not None and layout.hasHeightForWidth() else hint


class _QuietBar(QScrollBar):
    """A scroll bar that draws nothing where there is nothing to scroll."""

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the handle if it can be moved."""
        if self.maximum() > self.minimum():
            super().paintEvent(event)


def keep_room_for_bar(area: QScrollArea) -> None:
    """Give what is scrolled one width, whether there is something to scroll or not: words are broken into lines once, and nothing moves sideways."""
    area.setVerticalScrollBar(_QuietBar(area))
    area.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOn)


class ScrollColumn(QScrollArea):
    """One column of widgets that scrolls downwards only; what gets the keyboard comes into view."""

    def __init__(self, *, width: int = theme.COLUMN_WIDTH, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._width = width
        self.setProperty("look", "column")
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        body = Scrolled(self)
        outer = QHBoxLayout(body)
        outer.setContentsMargins(Space.GUTTER, 24, 20, Space.GUTTER)
        self.holder = Column(body)
        self.column = QVBoxLayout(self.holder)
        self.column.setContentsMargins(0, 0, 0, 0)
        self.column.setSpacing(Space.QUESTION)
        outer.addWidget(self.holder, 1)
        outer.addStretch(0)
        self.setWidget(body)
        self.column.addStretch(1)
        self._fit()

    def add(self, widget: QWidget) -> None:
        """Put a widget at the end of the column."""
        self.column.insertWidget(self.column.count() - 1, widget)

    def reveal(self, widget: QWidget) -> None:
        """Scroll so far that this widget is seen, as after an error far down the page; of one that is too high, its top."""
        if widget.height() > self.viewport().height():
            above = widget.mapTo(self.viewport(), QPoint(0, 0)).y()
            bar = self.verticalScrollBar()
            bar.setValue(bar.value() + above - Space.GUTTER)
        else:
            self.ensureWidgetVisible(widget, 0, Space.GUTTER)

    def clear(self) -> None:
        """Take everything out and delete it."""
        while self.column.count() > 1:
            item = self.column.takeAt(0)
            if item is not None and (widget := item.widget()) is not None:
                widget.hide()
                widget.deleteLater()
        self.verticalScrollBar().setValue(0)

    def changeEvent(self, event: QEvent) -> None:
        """Grow with the text."""
        super().changeEvent(event)
        if event.type() is QEvent.Type.StyleChange:
            self._fit()

    def _fit(self) -> None:
        self.holder.setMaximumWidth(theme.px(self._width))
        self.setMinimumWidth(theme.px(_NARROWEST))
