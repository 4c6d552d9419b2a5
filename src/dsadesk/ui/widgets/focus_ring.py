"""The ring round whatever has the keyboard: yellow outside, dark inside, so that it is seen on every ground."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, QRect, QRectF, Qt, QTimer
from PySide6.QtGui import QGuiApplication, QPainter, QPaintEvent, QPen, QRegion
from PySide6.QtWidgets import QAbstractItemView, QApplication, QComboBox, QLineEdit, QPlainTextEdit, QWidget
from shiboken6 import isValid

from dsadesk.ui import theme
from dsadesk.ui.widgets.text import Text

_TYPED_IN = (QLineEdit, QPlainTextEdit, QComboBox)
_MOVES = {QEvent.Type.Move, QEvent.Type.Resize, QEvent.Type.Show, QEvent.Type.Hide}
_REACH = 5
_EDGE = 8  # how far inwards the ring is drawn, its corners included


class FocusRing(QWidget):
    """An overlay of one window. Fields always wear the ring, other widgets when the mouse did not bring the focus, texts when a person did."""

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self._window = window
        self._target: QWidget | None = None
        self._by_keyboard = False
        self._watched: list[QWidget] = []
        self._soon = QTimer(self)
        self._soon.setSingleShot(True)
        self._soon.setInterval(0)
        self._soon.timeout.connect(self._place)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setAttribute(Qt.WidgetAttribute.WA_NoSystemBackground)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.hide()
        app = QApplication.instance()
        if isinstance(app, QApplication):
            app.focusChanged.connect(self._on_focus_changed)
        self._on_focus_changed(None, QApplication.focusWidget())

    def target(self) -> QWidget | None:
        """Return the widget that wears the ring now."""
        return self._target if self.isVisibleTo(self._window) else None

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:
        """Follow the focused widget and the widgets that hold it; no other widget is watched."""
        if event.type() in _MOVES:
            self._soon.start()
        return False

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw both rings."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        outline = QRectF(self.rect())
        painter.setPen(QPen(theme.colour("focus"), 3))
        painter.drawRoundedRect(outline.adjusted(1.5, 1.5, -1.5, -1.5), 7, 7)
        painter.setPen(QPen(theme.colour("focus_ink"), 2))
        painter.drawRoundedRect(outline.adjusted(4, 4, -4, -4), 5, 5)

    def _on_focus_changed(self, _old: QWidget | None, new: QWidget | None) -> None:
        for widget in self._watched:
            if isValid(widget):
                widget.removeEventFilter(self)
        self._watched = []
        self._target = None
        self._by_keyboard = QGuiApplication.mouseButtons() == Qt.MouseButton.NoButton
        if new is not None and new is not self._window and new.window() is self._window:
            self._target = new
            self._watch(new)
        self._place()

    def _watch(self, widget: QWidget) -> None:
        each: QWidget | None = widget
        while each is not None and each is not self._window:
            each.installEventFilter(self)
            self._watched.append(each)
            each = each.parentWidget()

    def _place(self) -> None:
        target = self._target
        if target is None or not isValid(target) or not target.isVisible():
            self.hide()
            return
        if not self._by_keyboard and not isinstance(target, _TYPED_IN):
            self.hide()
            return
        if isinstance(target, Text) and not target.was_reached:
            self.hide()
            return
        place = self._round(target)
        if place.isEmpty():
            self.hide()
            return
        self.setGeometry(place)
        # What changes within the ring, as each letter does, is not drawn through it.
        within = self.rect().adjusted(_EDGE, _EDGE, -_EDGE, -_EDGE)
        self.setMask(QRegion(self.rect()) - QRegion(within))
        self.show()
        self.raise_()
        self.update()

    def _round(self, target: QWidget) -> QRect:
        if isinstance(target, QAbstractItemView):
            return QRect(target.mapTo(self._window, target.rect().topLeft()), target.size()).intersected(
                self._window.rect()
            )
        seen = target.visibleRegion().boundingRect()
        if seen.isEmpty():
            return QRect()
        place = QRect(target.mapTo(self._window, seen.topLeft()), seen.size())
        return place.adjusted(-_REACH, -_REACH, _REACH, _REACH).intersected(self._window.rect())
