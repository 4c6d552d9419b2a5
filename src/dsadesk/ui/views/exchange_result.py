"""What came of sending and fetching: a title and a line for each thing, with what to mind and where it leads."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from dsadesk.ui.i18n import translate
from dsadesk.ui.presenters.exchange import ExchangeResult, ResultLine
from dsadesk.ui.theme import TONE_ICONS, Space
from dsadesk.ui.widgets.button import Button
from dsadesk.ui.widgets.card import Card
from dsadesk.ui.widgets.glyph import Glyph
from dsadesk.ui.widgets.text import Text


class ResultCard(QWidget):
    """The result of the last exchange, or no room."""

    line_chosen = Signal(object)  # a ResultLine that leads somewhere

    def __init__(self, *, closable: bool = False, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._closable = closable
        self._result: ExchangeResult | None = None
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self.hide()

    def result(self) -> ExchangeResult | None:
        """Return what is shown."""
        return self._result

    def show_result(self, result: ExchangeResult | None) -> None:
        """Show a result in place of the one before."""
        self._result = result
        while (item := self._column.takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                widget.hide()
                widget.deleteLater()
        self.setVisible(result is not None)
        if result is None:
            return
        card = Card(result.title, icon_name=TONE_ICONS[result.tone], shade=result.tone.value)
        for line in result.lines:
            card.add(self._line(line))
        if self._closable:
            close = Button(translate("Exchange", "Put this away"), "link", icon_name="x", small=True)
            close.clicked.connect(lambda: self.show_result(None))
            card.column.addWidget(close, 0, Qt.AlignmentFlag.AlignLeft)
        self._column.addWidget(card)

    def _line(self, line: ResultLine) -> QWidget:
        box = QWidget()
        row = QHBoxLayout(box)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(Space.SMALL)
        row.addWidget(Glyph(TONE_ICONS[line.tone], line.tone.value, size=17), 0, Qt.AlignmentFlag.AlignTop)
        words = QVBoxLayout()
        words.setSpacing(Space.HAIR)
        words.addWidget(Text(line.sentence, "strong"))
        if line.details:
            words.addWidget(Text(line.details, "text"))
        if line.request is not None or line.page is not None:
            go = (
                translate("Exchange", "Open the request")
                if line.request
                else translate("Exchange", "See what was held back")
            )
            link = Button(go, "link", icon_name="arrow-right", small=True)
            link.setAccessibleName(f"{go}: {line.sentence}")
            link.clicked.connect(lambda: self.line_chosen.emit(line))
            words.addWidget(link, 0, Qt.AlignmentFlag.AlignLeft)
        row.addLayout(words, 1)
        return box
