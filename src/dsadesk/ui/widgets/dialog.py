"""A question or a piece of work that stands in front of the page. Escape, the X and leaving it are always the safe answer."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QKeyEvent, QShowEvent
from PySide6.QtWidgets import QAbstractSlider, QDialog, QFrame, QScrollArea, QSizePolicy, QVBoxLayout, QWidget

from dsadesk.ui import theme
from dsadesk.ui.theme import Space
from dsadesk.ui.widgets.button import Button, GraveButton
from dsadesk.ui.widgets.flow import Flow
from dsadesk.ui.widgets.focus_ring import FocusRing
from dsadesk.ui.widgets.scroll_column import Scrolled
from dsadesk.ui.widgets.text import Text, plain

_WIDTH = 520
_MOVES: Mapping[int, QAbstractSlider.SliderAction] = {
    Qt.Key.Key_PageDown: QAbstractSlider.SliderAction.SliderPageStepAdd,
    Qt.Key.Key_PageUp: QAbstractSlider.SliderAction.SliderPageStepSub,
    Qt.Key.Key_End: QAbstractSlider.SliderAction.SliderToMaximum,
    Qt.Key.Key_Home: QAbstractSlider.SliderAction.SliderToMinimum,
}
_FRAME = 60


class Dialog(QDialog):
    """A title, a sentence, a body and buttons that say what they do. It is opened with `open()` and answers by signal."""

    answered = Signal(str)  # the name of the action chosen, or `SAFE`

    SAFE = ""

    def __init__(self, title: str, sentence: str, *, safe: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(plain(title))
        self.setAccessibleName(plain(title))
        self._answer = self.SAFE
        self._first: QWidget | None = None
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.setSpacing(0)
        self._scroll = QScrollArea()
        self._scroll.setProperty("look", "column")
        self._scroll.setWidgetResizable(True)
        self._scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        inner = Scrolled()
        self._scroll.setWidget(inner)
        held = QVBoxLayout(inner)
        held.setContentsMargins(0, 0, 0, 0)
        self.body = QVBoxLayout()
        held.addLayout(self.body)
        held.addStretch(0)
        self.body.setContentsMargins(Space.GUTTER, 24, Space.GUTTER, 24)
        self.body.setSpacing(Space.MEDIUM)
        self.body.addWidget(Text(title, "heading", heading=True))
        if sentence:
            self.body.addWidget(Text(sentence, "body"))
        outer.addWidget(self._scroll, 1)
        self._foot = foot = QFrame()
        foot.setProperty("look", "footer")
        self._actions = Flow(foot, spacing=Space.MEDIUM)
        self._actions.setContentsMargins(Space.GUTTER, Space.MEDIUM, Space.GUTTER, Space.MEDIUM)
        policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
        policy.setHeightForWidth(True)
        foot.setSizePolicy(policy)
        outer.addWidget(foot)
        self._safe = Button(safe)
        self._safe.clicked.connect(self.reject)
        self._actions.addWidget(self._safe)
        self._ring = FocusRing(self)
        self.finished.connect(self._on_finished)
        self._fit()

    def add_action(self, name: str, words: str, *, look: str = "primary") -> Button:
        """Add a button that closes the dialog with this answer. A `danger` button is never the default."""
        button = GraveButton(words, look)
        button.clicked.connect(lambda: self._choose(name))
        self._actions.removeWidget(self._safe)
        self._actions.addWidget(button)
        self._actions.addWidget(self._safe)
        QWidget.setTabOrder(button, self._safe)
        if look != "danger":
            button.setDefault(True)
            self._first = self._first or button
        return button

    def start_at(self, field: QWidget) -> None:
        """Open with the keyboard in this field."""
        self._first = field

    def answer(self) -> str:
        """Return the action chosen, or `SAFE` while none is."""
        return self._answer

    def showEvent(self, event: QShowEvent) -> None:
        """Put the keyboard on the first field, else on the first action that harms nothing, else on the safe one."""
        super().showEvent(event)
        if not event.spontaneous():
            self._take_room()
        (self._first or self._safe).setFocus(Qt.FocusReason.TabFocusReason)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Let a long text be read from the buttons: Page Up and Page Down scroll it, Home and End go to its ends."""
        bar = self._scroll.verticalScrollBar()
        move = _MOVES.get(event.key())
        if move is None or bar.maximum() == 0:
            super().keyPressEvent(event)
        else:
            bar.triggerAction(move)

    def changeEvent(self, event: QEvent) -> None:
        """Grow with the text."""
        super().changeEvent(event)
        if event.type() is QEvent.Type.StyleChange:
            self._fit()

    def _fit(self) -> None:
        self.setMinimumWidth(theme.px(_WIDTH))

    def _take_room(self) -> None:
        """Be as high as the words need, and no higher than the screen: then the body scrolls."""
        width = max(self.width(), self.minimumWidth())
        needed = self.body.totalHeightForWidth(width) + self._foot.heightForWidth(width)
        self.resize(width, min(needed + 1, self.screen().availableGeometry().height() - _FRAME))
        self._stay_on_screen()

    def _stay_on_screen(self) -> None:
        """Move up as far as growing took the foot with its buttons below the screen."""
        room = self.screen().availableGeometry()
        below = self.frameGeometry().bottom() - room.bottom()
        if below > 0:
            self.move(self.x(), max(room.top(), self.y() - below))

    def _choose(self, name: str) -> None:
        self._answer = name
        self.accept()

    def _on_finished(self) -> None:
        self.answered.emit(self._answer)
