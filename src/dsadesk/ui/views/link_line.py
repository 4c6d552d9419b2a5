"""A sentence that leads somewhere. Unlike a button's words it goes on in the next line where it does not fit."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QEnterEvent, QFont, QFontMetrics, QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QAbstractButton, QSizePolicy, QWidget

from dsadesk.ui import icons, theme
from dsadesk.ui.theme import Size
from dsadesk.ui.widgets.text import plain

_ICON = 18
_GAP = 8
_PAD = 4
_FLAGS = Qt.TextFlag.TextWordWrap | Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop


class LinkLine(QAbstractButton):
    """An icon and a wrapping, underlined sentence. Enter and Space follow it."""

    def __init__(self, sentence: str, icon_name: str = "arrow-right", *, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        icons.icon(icon_name)
        self._sentence = plain(sentence)
        self._icon = icon_name
        self.setAccessibleName(self._sentence)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)

    def said(self) -> str:
        """Return the sentence."""
        return self._sentence

    def set_sentence(self, sentence: str) -> None:
        """Say something else."""
        if plain(sentence) != self._sentence:
            self._sentence = plain(sentence)
            self.setAccessibleName(self._sentence)
            self.updateGeometry()
            self.update()

    def hasHeightForWidth(self) -> bool:
        """Say that the height follows from the width."""
        return True

    def heightForWidth(self, width: int) -> int:
        """Return the height of the lines at this width."""
        room = QRect(0, 0, max(40, width - self._left()), 10_000)
        height = QFontMetrics(self._font()).boundingRect(room, _FLAGS, self._sentence).height()
        return max(height, theme.px(_ICON)) + 2 * theme.px(_PAD)

    def sizeHint(self) -> QSize:
        """Return the size of one line, no wider than a column."""
        width = min(QFontMetrics(self._font()).horizontalAdvance(self._sentence) + 4, theme.px(theme.COLUMN_WIDTH))
        return QSize(self._left() + width, self.heightForWidth(self._left() + width))

    def minimumSizeHint(self) -> QSize:
        """Return a width at which the words can still be read."""
        return QSize(theme.px(160), theme.px(_ICON) + 2 * theme.px(_PAD))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Follow on Enter too."""
        if event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter}:
            self.click()
        else:
            super().keyPressEvent(event)

    def enterEvent(self, event: QEnterEvent) -> None:
        """Show that it leads somewhere."""
        super().enterEvent(event)
        self.update()

    def leaveEvent(self, event: QEvent) -> None:
        """Stop showing it."""
        super().leaveEvent(event)
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw the icon and the lines."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        shade = "disabled" if not self.isEnabled() else "brand_hover" if self.underMouse() else "brand"
        font = self._font()
        line = QFontMetrics(font).height()
        side, pad = theme.px(_ICON), theme.px(_PAD)
        icons.paint(painter, self._icon, QRectF(0, pad + (line - side) / 2, side, side), shade)
        painter.setFont(font)
        painter.setPen(theme.colour(shade))
        room = QRect(self._left(), pad, self.width() - self._left(), self.height() - pad)
        painter.drawText(room, _FLAGS, self._sentence)

    @staticmethod
    def _left() -> int:
        return theme.px(_ICON + _GAP)

    @staticmethod
    def _font() -> QFont:
        font = theme.font(Size.TEXT, QFont.Weight.Medium)
        font.setUnderline(True)
        return font
