"""Looking for words in the request that is open: a line above the form, and a place at a time."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout, QWidget

from dsadesk.ui.i18n import translate
from dsadesk.ui.presenters.finding import MOST_FOUND, Found
from dsadesk.ui.theme import Space
from dsadesk.ui.widgets.accessible import announce
from dsadesk.ui.widgets.button import Button
from dsadesk.ui.widgets.search_field import SearchField
from dsadesk.ui.widgets.text import Text


class FindBar(QFrame):
    """A search, how many places there are, and ways to the next and the one before. Escape closes it."""

    place_chosen = Signal(object)  # Found
    closed = Signal()

    def __init__(
        self, find: Callable[[str], Sequence[Found]], title_of: Callable[[str], str], parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._find, self._title_of = find, title_of
        self._found: tuple[Found, ...] = ()
        self._at = -1
        self._words = ""
        self.setProperty("look", "header")
        outer = QVBoxLayout(self)
        outer.setContentsMargins(Space.GUTTER, Space.SMALL, Space.MEDIUM, Space.SMALL)
        outer.setSpacing(Space.HAIR)
        row = QHBoxLayout()
        row.setSpacing(Space.SMALL)
        self.field = _FindField(translate("FindBar", "Find in this request"))
        self.field.searched.connect(self._on_searched)
        self.field.left.connect(self.leave)
        self.field.went.connect(self.step)
        self._before = Button(translate("FindBar", "The place before"), "icon", icon_name="chevron-up")
        self._next = Button(translate("FindBar", "The next place"), "icon", icon_name="chevron-down")
        close = Button(translate("FindBar", "Close the search"), "icon", icon_name="x")
        self._before.clicked.connect(lambda: self.step(-1))
        self._next.clicked.connect(lambda: self.step(1))
        close.clicked.connect(self.leave)
        row.addWidget(self.field, 1)
        for each in (self._before, self._next, close):
            row.addWidget(each)
        outer.addLayout(row)
        self._said = Text("", "meta")
        self._said.hide()
        outer.addWidget(self._said)
        self._offer()
        self.hide()

    def open(self) -> None:
        """Show it, with the keyboard in the search and what was looked for before chosen."""
        self.show()
        self.field.selectAll()
        self.field.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def leave(self) -> None:
        """Close it."""
        self.hide()
        self.closed.emit()

    def forget(self) -> None:
        """Close it, and forget what was found: it was in another request."""
        self.hide()
        self._found, self._at, self._words = (), -1, ""
        self.field.clear()
        self._say()
        self._offer()

    def step(self, by: int) -> None:
        """Go to another place, round the end. The request is looked through anew: it may have changed."""
        self._look(self.field.text())
        if not self._found:
            announce(self, translate("FindBar", "Nothing found"))
            return
        self._at = (self._at + by) % len(self._found) if self._at >= 0 or by > 0 else len(self._found) - 1
        self._say()
        found = self._found[self._at]
        self.place_chosen.emit(found)
        announce(self, f"{self._said.said()}. {found.label}: {found.snippet}")

    def found(self) -> tuple[Found, ...]:
        """Return every place."""
        return self._found

    def said(self) -> str:
        """Return what is said of the places."""
        return self._said.said()

    def _on_searched(self, words: str) -> None:
        if words == self._words:
            return  # Enter came before the pause
        self._at = -1
        self._look(words)
        self._say()

    def _look(self, words: str) -> None:
        if words.strip() != self._words:
            self._words, self._at = words.strip(), -1
        self._found = tuple(self._find(words))
        self._at = min(self._at, len(self._found) - 1)
        self._offer()

    def _offer(self) -> None:
        for each in (self._before, self._next):
            each.setEnabled(bool(self._found))

    def _say(self) -> None:
        total = len(self._found)
        if not self.field.text().strip():
            sentence = ""
        elif not total:
            sentence = translate("FindBar", "Nothing found")
        elif self._at < 0:
            more = translate("FindBar", "{n} places or more", n=total) if total >= MOST_FOUND else ""
            one = translate("FindBar", "1 place. Enter goes there")
            sentence = more or (
                one if total == 1 else translate("FindBar", "{n} places. Enter goes to the first", n=total)
            )
        else:
            section = self._title_of(self._found[self._at].section)
            sentence = translate(
                "FindBar", "{n} of {total}, in {section}", n=self._at + 1, total=total, section=section
            )
        self._said.setText(sentence)
        self._said.setVisible(bool(sentence))
        self.field.setAccessibleDescription(sentence)


class _FindField(SearchField):
    left = Signal()
    went = Signal(int)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.left.emit()
        elif event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter}:
            self.went.emit(-1 if event.modifiers() & Qt.KeyboardModifier.ShiftModifier else 1)
        else:
            super().keyPressEvent(event)
