"""Closing the dialog that a page has open when the page goes away, as it does when the desk is locked."""

from __future__ import annotations

from PySide6.QtCore import QEvent
from shiboken6 import isValid

from dsadesk.ui.widgets.dialog import Dialog


def leave_dialog(dialog: Dialog | None, event: QEvent) -> None:
    """Close a dialog by its safe answer, unless only the window was hidden, as when it is minimised."""
    if dialog is not None and not event.spontaneous() and isValid(dialog) and dialog.isVisible():
        dialog.reject()
