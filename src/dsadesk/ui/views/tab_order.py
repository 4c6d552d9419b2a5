"""The order in which the Tab key goes through widgets. Qt puts what is made late last; a page puts it where it stands."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget


def tab_through(stops: Sequence[QWidget]) -> None:
    """Have the Tab key go through these one after the other."""
    for before, after in pairwise(stops):
        QWidget.setTabOrder(before, after)


def tab_stops(widget: QWidget) -> list[QWidget]:
    """Return what the Tab key stops at within a widget, in the order in which it was made."""
    within = [each for each in widget.findChildren(QWidget) if each.focusPolicy() & Qt.FocusPolicy.TabFocus]
    return [widget, *within] if widget.focusPolicy() & Qt.FocusPolicy.TabFocus else within


def last_tab_stop(widget: QWidget) -> QWidget:
    """Return the stop of a widget that the Tab key comes to last, as it goes now through the window."""
    if widget.findChild(QWidget) is None:
        return widget
    # Backwards, because what is asked for mostly stands near the end: hundreds of widgets are before it.
    window = widget.window()
    each = window.previousInFocusChain()
    while each is not None and each is not window:
        if each.focusPolicy() & Qt.FocusPolicy.TabFocus and (each is widget or widget.isAncestorOf(each)):
            return each
        each = each.previousInFocusChain()
    return widget
