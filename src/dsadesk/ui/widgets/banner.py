"""One sentence across a page that somebody should see, with one way on, and a way to put it off where that does no harm."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QAccessible, QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QFrame, QHBoxLayout, QVBoxLayout, QWidget

from dsadesk.ui import theme
from dsadesk.ui.theme import TONE_ICONS, Space
from dsadesk.ui.vocabulary import Tone
from dsadesk.ui.widgets.accessible import give_role
from dsadesk.ui.widgets.button import Button
from dsadesk.ui.widgets.glyph import Glyph
from dsadesk.ui.widgets.text import Text, plain

_NARROW = 380


class Banner(QFrame):
    """A tinted strip with an icon, a sentence and at most two buttons: the way on, and not now."""

    action_chosen = Signal()
    dismissed = Signal()

    def __init__(
        self,
        sentence: str,
        tone: Tone = Tone.INFO,
        *,
        action: str = "",
        dismissal: str = "",
        details: str = "",
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        give_role(self, QAccessible.Role.AlertMessage)
        self.setProperty("look", "banner")
        self.setProperty("tone", tone.value)
        self.setAccessibleName(plain(sentence))
        row = QHBoxLayout(self)
        row.setContentsMargins(Space.MEDIUM, Space.MEDIUM, Space.MEDIUM, Space.MEDIUM)
        row.setSpacing(Space.MEDIUM)
        # Beside a button the first line stands as high as the words in the button.
        drop = Space.TIGHT if action else 0
        mark = QVBoxLayout()
        mark.setContentsMargins(0, drop, 0, 0)
        mark.addWidget(Glyph(TONE_ICONS[tone], tone.value, size=20, parent=self))
        mark.addStretch(1)
        row.addLayout(mark)
        words = QVBoxLayout()
        words.setContentsMargins(0, drop, 0, 0)
        words.setSpacing(Space.HAIR)
        words.addWidget(Text(sentence, "strong" if details else "text", parent=self))
        if details:
            words.addWidget(Text(details, "text", parent=self))
        words.addStretch(1)
        self._turning = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        self._turning.setSpacing(Space.SMALL)
        self._turning.addLayout(words, 1)
        row.addLayout(self._turning, 1)
        buttons = [
            (said, signal) for said, signal in ((action, self.action_chosen), (dismissal, self.dismissed)) if said
        ]
        beside = QHBoxLayout()
        beside.setSpacing(Space.SMALL)
        for said, signal in buttons:
            button = Button(said, small=True, parent=self)
            button.clicked.connect(signal)
            beside.addWidget(button, 0, Qt.AlignmentFlag.AlignTop)
        if buttons:
            beside.addStretch(1)
            self._turning.addLayout(beside)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Put the button under the sentence where it would squeeze it."""
        super().resizeEvent(event)
        narrow = event.size().width() < theme.px(_NARROW)
        down, across = QBoxLayout.Direction.TopToBottom, QBoxLayout.Direction.LeftToRight
        self._turning.setDirection(down if narrow else across)
