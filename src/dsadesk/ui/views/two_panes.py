"""A list at the left and what is open at the right; where there is no room for both, one of them with a way back."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QSize, Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLayout, QStackedWidget, QVBoxLayout, QWidget

from dsadesk.ui import theme
from dsadesk.ui.fitting import Fitting
from dsadesk.ui.theme import Space
from dsadesk.ui.widgets.button import Button
from dsadesk.ui.widgets.text import Text

LIST_WIDTH = 304
_PAGE_WIDTH = 560
_NO_LIMIT = 16_777_215


class Pane(QFrame):
    """The left pane: a title that the keyboard can rest on, buttons, and what is put under them."""

    def __init__(self, title: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("look", "pane")
        self.column = QVBoxLayout(self)
        self.column.setContentsMargins(0, Space.LARGE, 1, 0)
        self.column.setSpacing(Space.SMALL + 2)
        self.title = Text(title, "heading", wrap=False, heading=True)
        self.title.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self._top = QHBoxLayout()
        self._top.setContentsMargins(Space.LARGE, 0, Space.MEDIUM, 0)
        self._top.setSpacing(Space.SMALL)
        self._top.addWidget(self.title)
        self._top.addStretch(1)
        self.column.addLayout(self._top)

    def add_button(self, button: Button) -> None:
        """Put a button beside the title."""
        self._top.addWidget(button)

    def add_line(self, part: QWidget | QLayout) -> None:
        """Put something under the title, set in from the edges."""
        line = QHBoxLayout()
        line.setContentsMargins(Space.MEDIUM, 0, Space.MEDIUM, 0)
        if isinstance(part, QWidget):
            line.addWidget(part)
        else:
            line.addLayout(part)
        self.column.addLayout(line)

    def add_list(self, part: QWidget) -> None:
        """Put a list under all that, from edge to edge."""
        self.column.addWidget(part, 1)


class NothingHere(QWidget):
    """Why a list is empty."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        column = QVBoxLayout(self)
        column.setContentsMargins(Space.GUTTER, Space.GUTTER, Space.GUTTER, 0)
        column.setSpacing(Space.SMALL)
        self._title, self._sentence = Text("", "strong"), Text("", "hint")
        for text in (self._title, self._sentence):
            text.setAlignment(Qt.AlignmentFlag.AlignHCenter)
            column.addWidget(text)
        self.hide()

    def say(self, title: str, sentence: str) -> None:
        """Say why, or nothing."""
        self._title.setText(title)
        self._sentence.setText(sentence)
        self.setVisible(bool(title))

    def said(self) -> str:
        """Return the title."""
        return self._title.said()


class TwoPanes(QWidget):
    """Both panes. `open` shows a page at the right, `close_page` goes back to the list where only one is seen."""

    went_back = Signal()

    def __init__(self, pane: QWidget, back: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._pane = pane
        self._fitting = Fitting(self, self._fit)
        self._page_only = False
        self.pages = QStackedWidget()
        self._back = Button(back, "link", icon_name="arrow-left")
        self._back.clicked.connect(self._on_back_clicked)
        self._back_line = QFrame()
        self._back_line.setProperty("look", "header")
        line = QHBoxLayout(self._back_line)
        line.setContentsMargins(Space.GUTTER - 4, Space.HAIR, Space.GUTTER, Space.HAIR)
        line.addWidget(self._back)
        line.addStretch(1)
        self._right = QWidget()
        column = QVBoxLayout(self._right)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self._back_line)
        column.addWidget(self.pages, 1)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        row.addWidget(pane)
        row.addWidget(self._right, 1)
        self._fitting.now()

    @property
    def shows_both(self) -> bool:
        """Whether there is room for the list and the page."""
        return self.width() >= theme.px(LIST_WIDTH + _PAGE_WIDTH)

    @property
    def shows_page(self) -> bool:
        """Whether what is at the right is in sight, beside the list or in its place."""
        return self._right.isVisibleTo(self)

    def show_page(self, page: QWidget, *, opened: bool = True) -> None:
        """Show a page at the right. One that was not `opened` by anybody does not take the place of the list."""
        if self.pages.indexOf(page) < 0:
            self.pages.addWidget(page)
        self.pages.setCurrentWidget(page)
        self._page_only = opened
        self._fitting.now()

    def open_page(self) -> None:
        """Show the page that is at the right, in place of the list where only one of both is seen."""
        self._page_only = True
        self._fitting.now()

    def close_page(self) -> None:
        """Go back to the list where only one of both is seen."""
        self._page_only = False
        self._fitting.now()

    def minimumSizeHint(self) -> QSize:
        """Return a size at which everything can still be reached."""
        return QSize(theme.px(360), 200)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Show both, or one of them."""
        super().resizeEvent(event)
        self._fitting.now()

    def changeEvent(self, event: QEvent) -> None:
        """Grow with the text."""
        super().changeEvent(event)
        if event.type() is QEvent.Type.StyleChange:
            self._fitting.soon()

    def _fit(self) -> None:
        both = self.shows_both
        alone = not both and self._page_only
        self._pane.setVisible(not alone)
        self._right.setVisible(both or alone)
        self._back_line.setVisible(alone)
        if both:
            self._pane.setFixedWidth(theme.px(LIST_WIDTH))
        else:
            self._pane.setMinimumWidth(0)
            self._pane.setMaximumWidth(_NO_LIMIT)

    def _on_back_clicked(self) -> None:
        self.close_page()
        self.went_back.emit()
