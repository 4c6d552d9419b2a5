"""Buttons whose words are data, with an icon that follows the theme."""

from __future__ import annotations

from PySide6.QtCore import QDeadlineTimer, QEvent, QSize, Qt
from PySide6.QtGui import QKeyEvent, QMouseEvent, QShowEvent
from PySide6.QtWidgets import QApplication, QPushButton, QWidget

from dsadesk.ui import theme
from dsadesk.ui.icons import icon
from dsadesk.ui.widgets.text import button_text, plain, tooltip

_SHADES = {
    "primary": "on_good",
    "brand": "on_brand",
    "danger": "on_bad",
    "link": "brand",
    "strip": "brand",
    "icon": "ink2",
}
_ICON_SIDE = 18
_ICON_GAP = 6
_LEAST_SEEN_MS = 1_000


class Button(QPushButton):
    """A push button in one of the looks `plain`, `primary`, `brand`, `danger`, `link`, `strip` and `icon`."""

    def __init__(
        self, text: str, look: str = "plain", *, icon_name: str = "", small: bool = False, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._look = look
        self._small = small
        self._stand_in: QWidget | None = None  # what Qt gave the keyboard to when this button was turned off
        self._icon_name = ""
        self._pressed_at = 0  # in the milliseconds of mouse events
        self.setProperty("look", look)
        self.setProperty("small", small)
        self.setAutoDefault(False)
        if look in {"link", "strip"}:
            self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.set_words(text)
        if icon_name:
            self.set_icon(icon_name)

    def set_words(self, text: str) -> None:
        """Show these words; a button that is only an icon has them as its name and tooltip."""
        if self._look == "icon":
            self.setAccessibleName(plain(text))
            self.setToolTip(tooltip(text))
        else:
            self.setText(button_text(text))

    def said(self) -> str:
        """Return the words as a person reads them."""
        return self.accessibleName() if self._look == "icon" else self.text().replace("&&", "&")

    def set_icon(self, name: str) -> None:
        """Show this icon before the words."""
        if name == self._icon_name:
            return  # Qt would lay out the row of buttons again
        self._icon_name = name
        self.setIcon(icon(name, _SHADES.get(self._look, "ink")))
        self._fit_icon()

    def setEnabled(self, enabled: bool) -> None:  # noqa: FBT001  # as Qt has it
        """Offer it or not. A button that is off while its work is done gets the keyboard back, unless somebody took it elsewhere."""
        had_keyboard = self.window().focusWidget() is self
        super().setEnabled(enabled)
        holder: QWidget | None = self.window().focusWidget()
        if not enabled:
            self._stand_in = holder if had_keyboard else self._stand_in
        elif self._stand_in is not None:
            if holder is self._stand_in and self.isVisible():
                self.setFocus(Qt.FocusReason.OtherFocusReason)
            self._stand_in = None

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Note that a press began here."""
        self._pressed_at = event.timestamp()
        super().mousePressEvent(event)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """Take the second half of a double click only where the first was: else it was meant for what lay at this spot before."""
        since = event.timestamp() - self._pressed_at
        if self._pressed_at and since <= 2 * QApplication.doubleClickInterval():
            super().mouseDoubleClickEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Let Enter press the button as the space bar does: in Qt it does so only in dialogs, and people expect it everywhere."""
        if event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter} and not event.isAutoRepeat():
            self.click()
            return
        super().keyPressEvent(event)

    def changeEvent(self, event: QEvent) -> None:
        """Let the icon grow with the text."""
        super().changeEvent(event)
        if event.type() is QEvent.Type.StyleChange:
            self._fit_icon()

    def _fit_icon(self) -> None:
        side = theme.px(_ICON_SIDE - 2 if self._small else _ICON_SIDE)
        wide = side if self._look == "icon" else side + theme.px(_ICON_GAP)
        if self.iconSize() != QSize(wide, side):
            self.setIconSize(QSize(wide, side))


class GraveButton(Button):
    """A button for what cannot be taken back. It takes no click that began before anybody can have read it.

    A page or dialog that opens at a click has its buttons under the pointer, and the second half of a double click would press one of them.
    So a press counts only once the button, with these words, has been there for a second, or for two double clicks where the system has slow
    ones. The keyboard is not held up: no key opens a page and presses what is on it.
    """

    def __init__(self, text: str, look: str = "plain", *, icon_name: str = "", parent: QWidget | None = None) -> None:
        self._seen = QDeadlineTimer()
        super().__init__(text, look, icon_name=icon_name, parent=parent)

    def set_words(self, text: str) -> None:
        """Show these words, which have to be read anew if they are others."""
        if text != self.said():
            self._seen.setRemainingTime(_moment())
        super().set_words(text)

    def showEvent(self, event: QShowEvent) -> None:
        """Be there from now on."""
        super().showEvent(event)
        self._seen.setRemainingTime(_moment())

    def is_ready(self) -> bool:
        """Say whether it has been there long enough for a press to be meant."""
        return self.isVisible() and self._seen.hasExpired()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Take a press that is meant."""
        if self.is_ready():
            super().mousePressEvent(event)


def _moment() -> int:
    return max(_LEAST_SEEN_MS, 2 * QApplication.doubleClickInterval())
