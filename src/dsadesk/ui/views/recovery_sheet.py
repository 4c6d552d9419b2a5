"""The sheet of paper with the 24 words, or with one share of them. It goes to a printer and nowhere else."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QFont, QPagedPaintDevice, QPainter

from dsadesk.ui import theme
from dsadesk.ui.i18n import translate

_COLUMNS = 3
_MARGIN = 0.08


def paint_sheet(device: QPagedPaintDevice, words: Sequence[str], owner: str) -> None:
    """Draw the sheet on paper."""
    painter = QPainter(device)
    draw_sheet(painter, words, owner)
    painter.end()


def paint_share(device: QPagedPaintDevice, words: Sequence[str], number: int, owner: str) -> None:
    """Draw the sheet of one of the three shares on paper."""
    painter = QPainter(device)
    title = translate("Sheet", "Share {n} of 3", n=number)
    _draw(painter, words, title=title, owner=owner, warning=_share_warning())
    painter.end()


def draw_sheet(painter: QPainter, words: Sequence[str], owner: str) -> None:
    """Draw the words in numbered columns on one page, in black on white whatever the theme."""
    warning = translate(
        "Sheet",
        "These 24 words open the vault when nothing else does, and bring back every key in it. Whoever has them can read and "
        "sign everything. Keep this sheet where you keep what must not be lost, away from the computer. "
        "Never photograph or copy it.",
    )
    _draw(painter, words, title=translate("Sheet", "Recovery words"), owner=owner, warning=warning)


def _share_warning() -> str:
    return translate(
        "Sheet",
        "Any two of the three shares open the vault when nothing else does, and bring back every key in it. One alone opens nothing. "
        "Whoever has two can read and sign everything: never keep two in one place. The other two begin with the same two words. "
        "Never photograph or copy this sheet.",
    )


def _draw(painter: QPainter, words: Sequence[str], *, title: str, owner: str, warning: str) -> None:
    page = QRectF(painter.viewport())
    unit = page.width() / 100
    box = page.adjusted(page.width() * _MARGIN, page.width() * _MARGIN, -page.width() * _MARGIN, 0)
    painter.setPen(Qt.GlobalColor.black)
    y = _line(painter, box, box.top(), title, unit * 4.2, bold=True)
    y = _line(painter, box, y, owner, unit * 2.2)
    y = _line(painter, box, y + unit * 1.5, warning, unit * 2.0) + unit * 4
    rows = -(-len(words) // _COLUMNS)
    width, height = box.width() / _COLUMNS, unit * 5
    for number, word in enumerate(words):
        column, row = divmod(number, rows)
        place = QRectF(box.left() + column * width, y + row * height, width - unit * 2, height)
        _font(painter, unit * 2.0, bold=False)
        painter.drawText(place, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, f"{number + 1}")
        _font(painter, unit * 2.8, bold=True)
        painter.drawText(place.adjusted(unit * 5, 0, 0, 0), Qt.AlignmentFlag.AlignVCenter, word)
        painter.drawLine(place.bottomLeft(), place.bottomRight())


def _line(painter: QPainter, box: QRectF, y: float, text: str, size: float, *, bold: bool = False) -> float:
    """Draw wrapped text and return where it ends."""
    _font(painter, size, bold=bold)
    room = QRectF(box.left(), y, box.width(), box.height())
    flags = Qt.TextFlag.TextWordWrap | Qt.AlignmentFlag.AlignLeft
    drawn = painter.boundingRect(room, flags, text)
    painter.drawText(room, flags, text)
    return drawn.bottom() + size * 0.4


def _font(painter: QPainter, size: float, *, bold: bool) -> None:
    font = QFont(theme.FAMILY)
    font.setPixelSize(max(1, round(size)))
    font.setWeight(QFont.Weight.Bold if bold else QFont.Weight.Normal)
    painter.setFont(font)
