"""A place on a page for one sentence that somebody should see: an error and what to do about it, or that something is done."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from dsadesk.services.wording import Explanation
from dsadesk.ui.vocabulary import Tone
from dsadesk.ui.widgets.accessible import announce
from dsadesk.ui.widgets.banner import Banner


class Notice(QWidget):
    """Holds one banner, or takes no room."""

    action_chosen = Signal()
    dismissed = Signal()

    def __init__(self, *, margins: tuple[int, int, int, int] = (0, 0, 0, 0), parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(*margins)
        self._said = ""
        self.hide()

    def said(self) -> str:
        """Return the sentence that is shown."""
        return self._said

    def explain(self, explanation: Explanation | None, *, action: str = "", tone: Tone = Tone.BAD) -> None:
        """Say what went wrong and what to do now; nothing takes it back."""
        if explanation is None:
            self.clear()
        else:
            details = "\n".join(part for part in (explanation.todo, *explanation.details) if part)
            self.say(explanation.what, tone, details=details, action=action)

    def say(self, sentence: str, tone: Tone, *, details: str = "", action: str = "", dismissal: str = "") -> None:
        """Show a sentence in place of the one before."""
        if sentence + details == self._said:
            return
        self._empty()
        banner = Banner(sentence, tone, details=details, action=action, dismissal=dismissal)
        banner.action_chosen.connect(self.action_chosen)
        banner.dismissed.connect(self.dismissed)
        self._column.addWidget(banner)
        self._said = sentence + details
        self.show()
        announce(self, f"{sentence} {details}".strip())

    def clear(self) -> None:
        """Say nothing."""
        if self._said:
            self._empty()
            self.hide()

    def _empty(self) -> None:
        self._said = ""
        while (item := self._column.takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                widget.hide()
                widget.deleteLater()
