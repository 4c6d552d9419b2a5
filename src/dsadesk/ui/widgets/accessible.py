"""What assistive technology is told where Qt would say something else or nothing: roles, and announcements."""

from __future__ import annotations

from typing import Protocol, runtime_checkable

from PySide6.QtCore import QObject
from PySide6.QtGui import QAccessible, QAccessibleActionInterface, QAccessibleAnnouncementEvent, QAccessibleInterface
from PySide6.QtWidgets import QAbstractButton, QAccessibleWidget, QWidget

_ROLE = "accessibleRole"


@runtime_checkable
class Spoken(Protocol):
    """A widget that knows the words it shows."""

    def said(self) -> str:
        """Return the words."""


class _Given(QAccessibleWidget):
    """A widget with a role that Qt would not have given it."""

    def __init__(self, widget: QWidget, role: QAccessible.Role) -> None:
        super().__init__(widget, role)

    def text(self, kind: QAccessible.Text) -> str:
        widget = self.widget()
        if kind is QAccessible.Text.Name and isinstance(widget, Spoken):
            return widget.accessibleName() or widget.said()
        return super().text(kind)


class _GivenButton(_Given):
    """A button with a role that Qt would not have given it: it can still be pressed, and a chosen one says so."""

    def state(self) -> QAccessible.State:
        state = super().state()
        button = self.widget()
        if isinstance(button, QAbstractButton) and button.isCheckable():
            state.selectable = True
            state.selected = button.isChecked()
        return state

    def actionNames(self) -> list[str]:
        return [QAccessibleActionInterface.pressAction(), *super().actionNames()]

    def doAction(self, name: str) -> None:
        button = self.widget()
        if name == QAccessibleActionInterface.pressAction() and isinstance(button, QAbstractButton):
            button.click()
        else:
            super().doAction(name)


class _Factory:
    """Installed once, on the first widget that needs it."""

    installed = False

    @staticmethod
    def make(_class_name: str, found: QObject) -> QAccessibleInterface | None:
        role = found.property(_ROLE) if isinstance(found, QWidget) else None
        if role is None or not isinstance(found, QWidget):
            return None
        maker = _GivenButton if isinstance(found, QAbstractButton) else _Given
        return maker(found, QAccessible.Role(role))


def give_role(widget: QWidget, role: QAccessible.Role) -> None:
    """Have a widget announced as this role. Call it before the widget is given its words."""
    if not _Factory.installed:
        QAccessible.installFactory(_Factory.make)
        _Factory.installed = True
    widget.setProperty(_ROLE, role.value)


def announce(widget: QWidget, sentence: str) -> None:
    """Have a sentence read out without moving the focus, for "Saved" and its like."""
    event = QAccessibleAnnouncementEvent(widget, sentence)
    event.setPoliteness(QAccessible.AnnouncementPoliteness.Polite)
    QAccessible.updateAccessibility(event)
