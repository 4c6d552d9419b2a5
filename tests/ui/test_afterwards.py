"""What can wait comes after the drawing."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication, QTimer
from PySide6.QtWidgets import QWidget

from dsadesk.ui.afterwards import Afterwards


class Drawn(QWidget):
    """Notes that it was drawn."""

    def __init__(self, order: list[str]) -> None:
        super().__init__()
        self._order = order

    def paintEvent(self, _event: object) -> None:  # noqa: N802  # Qt's name
        self._order.append("drawn")


def test_it_comes_after_what_was_to_be_drawn_by_then_and_in_turn(qtbot) -> None:
    order: list[str] = []
    shown, afterwards = Drawn(order), Afterwards()
    qtbot.addWidget(shown)
    shown.show()
    qtbot.waitUntil(lambda: bool(order))
    QCoreApplication.processEvents()
    order.clear()
    shown.update()
    afterwards.soon(lambda: order.append("first"))
    afterwards.soon(lambda: order.append("second"))
    QTimer.singleShot(0, shown, lambda: order.append("a timer"))
    qtbot.waitUntil(lambda: len(order) == 4)
    assert [each for each in order if each != "a timer"] == ["drawn", "first", "second"]


def test_what_is_asked_for_meanwhile_has_its_own_turn(qtbot) -> None:
    order: list[str] = []
    afterwards = Afterwards()

    def first() -> None:
        order.append("first")
        afterwards.soon(lambda: order.append("second"))

    afterwards.soon(first)
    qtbot.waitUntil(lambda: order == ["first", "second"])
