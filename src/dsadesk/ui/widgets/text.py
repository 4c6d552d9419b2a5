"""Words on the screen, which are never markup."""

from __future__ import annotations

import html
import re

from PySide6.QtCore import QEvent, QSize, Qt
from PySide6.QtGui import (
    QAccessible,
    QContextMenuEvent,
    QFocusEvent,
    QGuiApplication,
    QKeyEvent,
    QKeySequence,
    QResizeEvent,
)
from PySide6.QtWidgets import QLabel, QMenu, QSizePolicy, QWidget

from dsadesk.ui.i18n import translate
from dsadesk.ui.theme import set_look
from dsadesk.ui.widgets.accessible import give_role

# Controls but the line feed, marks and overrides of writing direction, zero-width space, byte order mark, lone surrogates, invisible tags.
_UNSEEN = re.compile(
    "[\x00-\x09\x0b-\x1f\x7f-\x9f\u061c\u200b\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff\ud800-\udfff\U000e0000-\U000e007f]"
)
# A run of letters longer than a narrow column gets places to break at that are not seen: digests, addresses, paths.
_LONG_RUN = re.compile(r"\S{25,}")
_JOINT = "\u200b"
_PIECE = 8
_BACK_AGAIN = {Qt.FocusReason.ActiveWindowFocusReason, Qt.FocusReason.PopupFocusReason}
_LINE_ENDS = re.compile("\r\n?|[\u0085\u2028\u2029]")


def plain(text: str) -> str:
    """Return the text without what cannot be seen or what turns the writing round; a tab becomes a space."""
    return _UNSEEN.sub("", _LINE_ENDS.sub("\n", text).replace("\t", " "))


def place_in_qt(text: str, place: int) -> int:
    """Return a place in a text as Qt counts it: a letter outside the first plane is two."""
    return place if text.isascii() else len(text[:place].encode("utf-16-le", "surrogatepass")) // 2


def tooltip(text: str) -> str:
    """Return a tooltip that shows exactly this text, whatever it looks like."""
    return f"<span>{html.escape(plain(text))}</span>" if text else ""


def button_text(text: str) -> str:
    """Return a button's text, in which an ampersand is an ampersand."""
    return plain(text).replace("&", "&&")


class Text(QLabel):
    """Plain text in one of the looks of the style sheet; a heading is announced as one."""

    def __init__(
        self,
        text: str = "",
        look: str = "text",
        *,
        wrap: bool = True,
        heading: bool = False,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._said = ""
        self._has_joints = False
        self.was_reached = False
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setTextInteractionFlags(Qt.TextInteractionFlag.NoTextInteraction)
        self.setWordWrap(wrap)
        self.setProperty("look", look)
        if heading:
            give_role(self, QAccessible.Role.Heading)
        if wrap:
            self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
        self.setText(text)

    def setText(self, text: str) -> None:
        """Show this text as it is."""
        self._said = plain(text)
        shown = _LONG_RUN.sub(_with_joints, self._said) if self.wordWrap() else self._said
        # A label with a buddy takes an ampersand for a shortcut.
        super().setText(shown.replace("&", "&&") if self.buddy() is not None else shown)
        if self._has_joints or shown != self._said:
            self._has_joints = shown != self._said
            self.setAccessibleName(self._said if self._has_joints else "")

    def setBuddy(self, buddy: QWidget) -> None:
        """Name this widget by the text."""
        super().setBuddy(buddy)
        self.setText(self._said)

    def said(self) -> str:
        """Return the text as a person reads it."""
        return self._said

    def let_copy(self) -> None:
        """Let the mouse select the text, for references and fingerprints."""
        self.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Note whether a person came here. A page puts the keyboard on its heading for those who listen, which is nothing to look at."""
        if event.reason() not in _BACK_AGAIN:
            self.was_reached = event.reason() is not Qt.FocusReason.OtherFocusReason
        super().focusInEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Copy what is selected, without the joints."""
        if event.matches(QKeySequence.StandardKey.Copy) and self.hasSelectedText():
            self._copy()
        else:
            super().keyPressEvent(event)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """Offer to copy what is selected."""
        if not self.hasSelectedText():
            event.ignore()
            return
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.addAction(translate("Text", "Copy")).triggered.connect(self._copy)
        menu.popup(event.globalPos())

    def _copy(self) -> None:
        QGuiApplication.clipboard().setText(self.selectedText().replace(_JOINT, ""))


class SteadyText(QWidget):
    """A text that changes while somebody types. What stands round it is laid out again only when it needs more room, or another height."""

    def __init__(self, look: str, parent: QWidget | None = None, *, wrap: bool = True) -> None:
        super().__init__(parent)
        self.text = Text("", look, wrap=wrap, parent=self)
        self._widest = 0
        policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
        policy.setHeightForWidth(wrap)
        self.setSizePolicy(policy)

    def said(self) -> str:
        """Return the text as a person reads it."""
        return self.text.said()

    def show_text(self, text: str, look: str) -> None:
        """Show this text in this look."""
        if self.text.said() != text:
            self.text.setText(text)
        set_look(self.text, look=look)
        if self.text.wordWrap():
            fits = self.text.heightForWidth(self.width()) == self.height()
        else:
            fits = self.text.sizeHint().width() <= self.width()
        if not fits:
            self.updateGeometry()

    def sizeHint(self) -> QSize:
        """Return the size that the text wants; where it does not wrap, as much as it wanted at any time."""
        hint = self.text.sizeHint()
        if self.text.wordWrap():
            return hint
        self._widest = max(self._widest, hint.width())
        return QSize(self._widest, hint.height())

    def minimumSizeHint(self) -> QSize:
        """Return the size that the text needs."""
        return self.text.minimumSizeHint() if self.text.wordWrap() else self.sizeHint()

    def heightForWidth(self, width: int) -> int:
        """Return the height of the text at this width."""
        return self.text.heightForWidth(width) if self.text.wordWrap() else -1

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Give the text all the room."""
        super().resizeEvent(event)
        self.text.resize(event.size())

    def changeEvent(self, event: QEvent) -> None:
        """Grow with the text."""
        super().changeEvent(event)
        if event.type() is QEvent.Type.StyleChange:
            self._widest = 0
            self.updateGeometry()


def _with_joints(run: re.Match[str]) -> str:
    letters = run.group()
    return _JOINT.join(letters[start : start + _PIECE] for start in range(0, len(letters), _PIECE))
