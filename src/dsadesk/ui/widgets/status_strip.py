"""The strip at the foot of the window: what is going on, in words."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QAccessible
from PySide6.QtWidgets import QBoxLayout, QFrame, QHBoxLayout, QSizePolicy, QWidget

from dsadesk.ui.theme import Space
from dsadesk.ui.vocabulary import StatusItem, Tone
from dsadesk.ui.widgets.accessible import give_role
from dsadesk.ui.widgets.button import Button
from dsadesk.ui.widgets.flow import Flow
from dsadesk.ui.widgets.glyph import Glyph
from dsadesk.ui.widgets.text import Text, plain


class StatusStrip(QFrame):
    """Facts on the left and on the right; where they do not fit in one line, those on the right stand under the others."""

    action_chosen = Signal(str)  # the action of a StatusItem

    def __init__(self, name: str, *, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        give_role(self, QAccessible.Role.StatusBar)
        self.setAccessibleName(plain(name))
        self.setProperty("look", "status")
        self._shown: tuple[tuple[StatusItem, ...], ...] = ()
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(Space.LARGE, 7, Space.LARGE, 7)
        self._row.setSpacing(Space.LARGE)
        self._left = _side(QSizePolicy.Policy.Expanding)
        self._right = _side(QSizePolicy.Policy.Preferred)
        self._row.addWidget(self._left, 1)
        self._row.addWidget(self._right, 0)

    def show_items(self, left: Sequence[StatusItem], right: Sequence[StatusItem] = ()) -> None:
        """Show these facts in place of those before. The same facts again disturb nothing, not even the keyboard."""
        shown = (tuple(left), tuple(right))
        if shown == self._shown:
            return
        self._shown = shown
        for side, items in ((self._left, left), (self._right, right)):
            self._fill(side, items)

    def event(self, event: QEvent) -> bool:
        """Stand the two sides beside each other or one under the other, as there is room."""
        if event.type() in {QEvent.Type.Resize, QEvent.Type.LayoutRequest}:
            self._turn()
        return super().event(event)

    def _turn(self) -> None:
        margins = self._row.contentsMargins()
        room = self.width() - margins.left() - margins.right() - Space.LARGE
        fits = self._left.sizeHint().width() + self._right.sizeHint().width() <= room
        direction = QBoxLayout.Direction.LeftToRight if fits else QBoxLayout.Direction.TopToBottom
        if direction is not self._row.direction():
            self._row.setDirection(direction)
            self._row.setSpacing(Space.LARGE if fits else Space.TIGHT)

    def _fill(self, side: QWidget, items: Sequence[StatusItem]) -> None:
        flow = side.layout()
        if flow is None:
            return
        while (item := flow.takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                widget.hide()
                widget.deleteLater()
        for status in items:
            flow.addWidget(self._made(status))

    def _made(self, status: StatusItem) -> QWidget:
        if status.action:
            button = Button(status.text, "strip", icon_name=status.icon)
            button.clicked.connect(lambda: self.action_chosen.emit(status.action))
            return button
        fact = QWidget()
        fact.setProperty("look", "fact")
        row = QHBoxLayout(fact)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(Space.SMALL)
        if status.icon:
            shade = "ink2" if status.tone is Tone.NEUTRAL else status.tone.value
            row.addWidget(Glyph(status.icon, shade, size=17), 0, Qt.AlignmentFlag.AlignVCenter)
        row.addWidget(Text(status.text, "meta", wrap=False))
        return fact


def _side(across: QSizePolicy.Policy) -> QWidget:
    side = QWidget()
    policy = QSizePolicy(across, QSizePolicy.Policy.Minimum)
    policy.setHeightForWidth(True)
    side.setSizePolicy(policy)
    Flow(side, spacing=Space.LARGE, row_spacing=Space.TIGHT)
    return side
