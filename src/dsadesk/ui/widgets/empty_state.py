"""What a page says when there is nothing on it yet, and what to do about it."""

from __future__ import annotations

from PySide6.QtCore import QEvent, Qt
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from dsadesk.ui import theme
from dsadesk.ui.theme import Space
from dsadesk.ui.widgets.button import Button
from dsadesk.ui.widgets.flow import Flow
from dsadesk.ui.widgets.glyph import Glyph
from dsadesk.ui.widgets.text import Text

_WIDTH = 460
_MUCH = 100


class EmptyState(QWidget):
    """An icon, a title, a sentence and the ways on, in the middle of an empty page. `column` takes a checklist."""

    def __init__(
        self,
        icon_name: str,
        title: str,
        sentence: str,
        actions: tuple[Button, ...] = (),
        *,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(Space.GUTTER, Space.GUTTER, Space.GUTTER, Space.GUTTER)
        self._middle = QWidget()
        self.column = QVBoxLayout(self._middle)
        self.column.setContentsMargins(0, 0, 0, 0)
        self.column.setSpacing(Space.SMALL)
        self.column.addWidget(Glyph(icon_name, "ink3", size=44, stroke=1.5), 0, Qt.AlignmentFlag.AlignHCenter)
        self.column.addSpacing(Space.SMALL)
        for words in (Text(title, "heading", heading=True), Text(sentence, "lead")):
            words.setAlignment(Qt.AlignmentFlag.AlignHCenter)
            self.column.addWidget(words)
        if actions:
            self.column.addSpacing(Space.SMALL)
            self.column.addWidget(_centred(actions), 0, Qt.AlignmentFlag.AlignHCenter)
        outer.addStretch(2)
        # Stretches, because a layout that aligns would ask for the height of the whole width.
        across = QHBoxLayout()
        across.addStretch(1)
        across.addWidget(self._middle, _MUCH)
        across.addStretch(1)
        outer.addLayout(across)
        outer.addStretch(3)
        self._fit()

    def changeEvent(self, event: QEvent) -> None:
        """Grow with the text."""
        super().changeEvent(event)
        if event.type() is QEvent.Type.StyleChange:
            self._fit()

    def _fit(self) -> None:
        self._middle.setMaximumWidth(theme.px(_WIDTH))


def _centred(actions: tuple[Button, ...]) -> QWidget:
    row = QWidget()
    flow = Flow(row, spacing=Space.MEDIUM)
    for button in actions:
        flow.addWidget(button)
    return row
