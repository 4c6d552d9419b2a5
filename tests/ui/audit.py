"""What an accessibility review looks for, as functions that return what they found wrong."""

from __future__ import annotations

from collections.abc import Iterator

from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible, QAccessibleInterface
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QAbstractButton,
    QApplication,
    QCheckBox,
    QComboBox,
    QLabel,
    QLineEdit,
    QPlainTextEdit,
    QRadioButton,
    QWidget,
)

from dsadesk.ui import theme
from dsadesk.ui.widgets.controls import CheckOption, RadioOption

MUST_HAVE_NAMES = {
    QAccessible.Role.Button,
    QAccessible.Role.CheckBox,
    QAccessible.Role.ComboBox,
    QAccessible.Role.EditableText,
    QAccessible.Role.Heading,
    QAccessible.Role.List,
    QAccessible.Role.ListItem,
    QAccessible.Role.PageTab,
    QAccessible.Role.PageTabList,
    QAccessible.Role.RadioButton,
}
NEVER_NAMED = {QAccessible.Role.Window, QAccessible.Role.ScrollBar}


def walk(node: QAccessibleInterface) -> Iterator[QAccessibleInterface]:
    """Give every node below this one, and this one."""
    yield node
    for place in range(node.childCount()):
        child = node.child(place)
        if child is not None and child.isValid():
            yield from walk(child)


def nodes(widget: QWidget) -> list[QAccessibleInterface]:
    """Return what a screen reader sees of a widget."""
    return [node for node in walk(QAccessible.queryAccessibleInterface(widget)) if not node.state().invisible]


def names(widget: QWidget, role: QAccessible.Role) -> list[str]:
    """Return the names of all nodes with this role."""
    return [node.text(QAccessible.Text.Name) for node in nodes(widget) if node.role() is role]


def unnamed(widget: QWidget) -> list[str]:
    """Return what can be used and has no name."""
    return [
        f"{node.role().name} {type(node.object()).__name__}"
        for node in nodes(widget)
        if (node.role() in MUST_HAVE_NAMES or node.state().focusable)
        and node.role() not in NEVER_NAMED
        and not node.text(QAccessible.Text.Name).strip()
    ]


def rich(widget: QWidget) -> list[str]:
    """Return the labels that would read their text as markup."""
    return [label.text() for label in widget.findChildren(QLabel) if label.textFormat() is not Qt.TextFormat.PlainText]


def clipped(widget: QWidget) -> list[str]:
    """Return the words that do not fit where they stand."""
    found = []
    for label in widget.findChildren(QLabel):
        if label.isVisible() and label.text():
            needed = label.heightForWidth(label.width()) if label.wordWrap() else label.sizeHint().height()
            too_wide = label.sizeHint().width() if not label.wordWrap() else label.minimumSizeHint().width()
            if needed > label.height() + 1 or too_wide > label.width() + 1:
                found.append(f"{label.text()[:40]!r} has {label.size().toTuple()}, needs {too_wide} x {needed}")
    buttons = [
        button for button in widget.findChildren(QAbstractButton) if button.isVisible() and button.layout() is None
    ]
    fields = [field for field in widget.findChildren(QLineEdit) if field.isVisible()]
    return [
        *found,
        *[f"button {each.text()!r}" for each in buttons if each.width() < each.minimumSizeHint().width()],
        *[f"field {each.accessibleName()!r}" for each in fields if each.height() < each.fontMetrics().height()],
    ]


def small_targets(widget: QWidget) -> list[str]:
    """Return what is too small to hit: 24 pixels for everything, 42 for options."""
    found = []
    for target in [*widget.findChildren(QWidget), widget]:
        if not target.isVisible() or not isinstance(
            target, QAbstractButton | QLineEdit | QPlainTextEdit | QComboBox | QCheckBox | QRadioButton
        ):
            continue
        least = theme.OPTION_HEIGHT if isinstance(target, RadioOption | CheckOption) else 24
        if target.height() < least or target.width() < 24:
            found.append(f"{type(target).__name__} {target.accessibleName()!r} {target.size().toTuple()}")
    return found


def tab_stops(window: QWidget) -> list[QWidget]:
    """Return the widgets that the Tab key stops at, from wherever the keyboard is now."""
    stops: list[QWidget] = []
    for _ in range(200):
        QTest.keyClick(QApplication.focusWidget() or window, Qt.Key.Key_Tab)
        here = QApplication.focusWidget()
        if here is None or here in stops:
            break
        stops.append(here)
    return stops
