"""Asking before something is done. Escape, the X and leaving the dialog do nothing."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QWidget

from dsadesk.ui.views.fitted_dialog import FittedDialog
from dsadesk.ui.views.reading import trim

_DO = "do"


class ConfirmDialog(FittedDialog):
    """Says what will be done and what is lost by it, and has two buttons: `action` does it, `safe` leaves things as they are."""

    confirmed = Signal()

    def __init__(
        self,
        title: str,
        sentence: str,
        *,
        safe: str,
        action: str,
        look: str = "danger",
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(title, sentence, safe=safe, parent=parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        trim(self._scroll)
        self.button = self.add_action(_DO, action, look=look)
        self.answered.connect(lambda answer: self.confirmed.emit() if answer == _DO else None)
