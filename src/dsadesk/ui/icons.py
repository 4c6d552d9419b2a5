"""Icons: line drawings from resources, drawn in the colours of the theme at whatever size and density is asked for."""

from __future__ import annotations

from functools import cache, lru_cache

from PySide6.QtCore import QByteArray, QPoint, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QIcon, QIconEngine, QPainter, QPixmap
from PySide6.QtSvg import QSvgRenderer

from dsadesk.resources import path
from dsadesk.ui import theme

STROKE = 2.0
_MOST_DRAWN = 16


def icon(name: str, shade: str = "ink", *, checked: str = "", stroke: float = STROKE) -> QIcon:
    """Return an icon in the colour of a token, and of the token `checked` when it is on.

    Raises:
        KeyError: there is no such icon.
    """
    _drawing(name)
    return _icon(name, shade, checked or shade, stroke)


def paint(painter: QPainter, name: str, rect: QRectF, shade: str = "ink", *, stroke: float = STROKE) -> None:
    """Draw an icon into a rectangle.

    Raises:
        KeyError: there is no such icon.
    """
    _renderer(name, theme.colour(shade).name(), stroke).render(painter, rect)


def names() -> tuple[str, ...]:
    """Return the names of all icons that ship."""
    return tuple(sorted(file.stem for file in path("icons").glob("*.svg")))


class _ThemedEngine(QIconEngine):
    """Draws one icon anew for each size, density, state and theme."""

    def __init__(self, name: str, shade: str, checked: str, stroke: float) -> None:
        super().__init__()
        self._name, self._shade, self._checked, self._stroke = name, shade, checked, stroke
        self._drawn: dict[
            tuple[str, int, int], QPixmap
        ] = {}  # by colour and size: a button asks each time it is painted

    def paint(self, painter: QPainter, rect: QRect, mode: QIcon.Mode, state: QIcon.State) -> None:
        shade = self._shade_in(mode, state)
        # A box wider than tall leaves a gap after the drawing: style sheets know no gap between icon and text.
        side = min(rect.width(), rect.height())
        top = rect.top() + (rect.height() - side) / 2
        paint(painter, self._name, QRectF(rect.left(), top, side, side), shade, stroke=self._stroke)

    def pixmap(self, size: QSize, mode: QIcon.Mode, state: QIcon.State) -> QPixmap:
        key = (theme.colour(self._shade_in(mode, state)).name(), size.width(), size.height())
        drawn = self._drawn.get(key)
        if drawn is None:
            drawn = QPixmap(size)
            drawn.fill(Qt.GlobalColor.transparent)
            painter = QPainter(drawn)
            self.paint(painter, QRect(QPoint(0, 0), size), mode, state)
            painter.end()
            if len(self._drawn) >= _MOST_DRAWN:
                self._drawn.clear()
            self._drawn[key] = drawn
        return drawn

    def _shade_in(self, mode: QIcon.Mode, state: QIcon.State) -> str:
        if mode is QIcon.Mode.Disabled:
            return "disabled"
        return self._checked if state is QIcon.State.On else self._shade

    def clone(self) -> QIconEngine:
        return _kept(_ThemedEngine(self._name, self._shade, self._checked, self._stroke))


_ENGINES: list[QIconEngine] = []


def _kept(engine: QIconEngine) -> QIconEngine:
    # Qt owns an engine's C++ half and does not hold its Python half, which must live as long.
    _ENGINES.append(engine)
    return engine


@cache
def _icon(name: str, shade: str, checked: str, stroke: float) -> QIcon:
    return QIcon(_kept(_ThemedEngine(name, shade, checked, stroke)))


@cache
def _drawing(name: str) -> str:
    file = path("icons", f"{name}.svg")
    if not file.is_file():
        raise KeyError(name)
    return file.read_text(encoding="utf-8")


@lru_cache(maxsize=512)
def _renderer(name: str, colour: str, stroke: float) -> QSvgRenderer:
    drawing = _drawing(name).replace("currentColor", colour).replace('stroke-width="2"', f'stroke-width="{stroke:g}"')
    return QSvgRenderer(QByteArray(drawing.encode()))
