"""Keeps a row of a form as large as what is in it when that changes later: the mark of a problem, a text that grows.

Qt works out the room for a style sheet's border when a widget is first shown, and a text's height before it is as wide as it will be.
"""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication, QDynamicPropertyChangeEvent, QEvent, QObject, QTimer
from PySide6.QtWidgets import QWidget
from shiboken6 import isValid

from dsadesk.ui.widgets.answers import TextArea
from dsadesk.ui.widgets.form_row import FormRow

_PROBLEM = b"problem"
_SLACK = 4  # lines are a little higher than their spacing; without it the last one brings a scroll bar


def keep_fitting(row: FormRow) -> None:
    """Watch a row, and the long texts in it."""
    fitting = _RowFitting(row)
    row.installEventFilter(fitting)
    for area in row.findChildren(TextArea):
        area.installEventFilter(fitting)
        area.document().documentLayout().documentSizeChanged.connect(lambda _, area=area: _grow_soon(area))


class _RowFitting(QObject):
    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if isinstance(event, QDynamicPropertyChangeEvent) and bytes(event.propertyName().data()) == _PROBLEM:
            if isinstance(watched, FormRow):
                QTimer.singleShot(0, watched, lambda: _measure_again(watched))
        elif event.type() is QEvent.Type.Resize and isinstance(watched, TextArea):
            _grow_soon(watched)
        return False


def _grow_soon(area: TextArea) -> None:
    QTimer.singleShot(0, area, lambda: _grow(area))


def _grow(area: TextArea) -> None:
    if isValid(area):
        area.setMinimumHeight(area.sizeHint().height() + _SLACK)


def _measure_again(row: QWidget) -> None:
    if isValid(row):
        QCoreApplication.sendEvent(row, QEvent(QEvent.Type.StyleChange))
