"""Words broken into lines for the lists that are painted."""

from __future__ import annotations

from functools import lru_cache

from PySide6.QtCore import Qt
from PySide6.QtGui import QFont, QFontMetricsF, QTextLayout, QTextOption

from dsadesk.ui.theme import font_at
from dsadesk.ui.widgets.text import plain


def broken(text: str, font: QFont, width: float, limit: int) -> tuple[str, ...]:
    """Break a text in the house font into at most so many lines of this width; the last one ends in an ellipsis if there is more."""
    return _broken(text, font.pixelSize(), font.weight(), max(1, int(width)), limit)


@lru_cache(maxsize=2048)
def _broken(text: str, pixels: int, weight: QFont.Weight, width: int, limit: int) -> tuple[str, ...]:
    font = font_at(pixels, weight)
    flat = " ".join(plain(text).split())
    layout = QTextLayout(flat, font)
    layout.setTextOption(_wrapping())
    starts: list[int] = []
    layout.beginLayout()
    while (line := layout.createLine()).isValid() and len(starts) <= limit:
        line.setLineWidth(width)
        starts.append(line.textStart())
    layout.endLayout()
    if len(starts) <= limit:
        ends = [*starts[1:], len(flat)]
        return tuple(flat[start:end].strip() for start, end in zip(starts, ends, strict=True)) or ("",)
    kept = [flat[starts[number] : starts[number + 1]].strip() for number in range(limit - 1)]
    last = QFontMetricsF(font).elidedText(flat[starts[limit - 1] :], Qt.TextElideMode.ElideRight, width)
    return (*kept, last)


def _wrapping() -> QTextOption:
    option = QTextOption()
    option.setWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
    return option
