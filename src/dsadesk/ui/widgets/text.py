"""Words on the screen, which are never markup."""

from __future__ import annotations

import html
import re

from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible, QContextMenuEvent, QFocusEvent, QGuiApplication, QKeyEvent, QKeySequence
from PySide6.QtWidgets import QLabel, QMenu, QSizePolicy, QWidget

from dsadesk.ui.i18n import translate
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


def _with_joints(run: re.Match[str]) -> str:
    letters = run.group()
    return _JOINT.join(letters[start : start + _PIECE] for start in range(0, len(letters), _PIECE))
