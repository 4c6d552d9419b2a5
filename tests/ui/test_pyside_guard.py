"""PySide6 6.12.0 on Python 3.11 drops one reference to None with every void call, until the process aborts."""

from __future__ import annotations

import sys

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QFont, QImage, QPainter, QPen

CALLS = 5_000
NOISE = 100


class Speaker(QObject):
    said = Signal(bool)


def test_calls_that_return_nothing_keep_their_references(qapp):
    font, image = QFont(), QImage(16, 16, QImage.Format.Format_ARGB32)
    painter = QPainter(image)
    pen = QPen()
    before = sys.getrefcount(None)
    for _ in range(CALLS):
        font.setPixelSize(12)
        painter.setPen(pen)
        painter.drawRoundedRect(0, 0, 8, 8, 2, 2)
    after = sys.getrefcount(None)
    painter.end()
    assert abs(after - before) < NOISE


def test_signals_keep_the_references_of_what_they_carry(qapp):
    speaker, heard = Speaker(), []
    speaker.said.connect(heard.append)
    before = sys.getrefcount(True)
    for _ in range(CALLS):
        speaker.said.emit(True)
        heard.clear()
    assert abs(sys.getrefcount(True) - before) < NOISE
