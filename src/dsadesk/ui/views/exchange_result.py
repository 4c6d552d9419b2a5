"""What came of sending and fetching: a title and a line for each thing, with what to mind and where it leads."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from dsadesk.ui.i18n import translate
from dsadesk.ui.presenters.exchange_words import ExchangeResult, ResultLine
from dsadesk.ui.presenters.frame import Page
from dsadesk.ui.theme import TONE_ICONS, Space
from dsadesk.ui.vocabulary import Tone
from dsadesk.ui.widgets.button import Button
from dsadesk.ui.widgets.card import Card
from dsadesk.ui.widgets.glyph import Glyph
from dsadesk.ui.widgets.text import Text

_FEW = 4


class ResultCard(QWidget):
    """The result of the last exchange, or no room. A brief one says the most pressing things and can be put away."""

    line_chosen = Signal(object)  # a ResultLine that leads somewhere

    def __init__(self, *, brief: bool = False, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._brief = brief
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
        seen = result.lines[:_FEW] if self._brief else result.lines
        for line in seen:
            card.add(self._line(line))
        if len(seen) < len(result.lines):
            more = translate("Exchange", "{n} more are in the list.", n=len(result.lines) - len(seen))
            card.add(Text(more, "meta"))
        if self._brief:
            close = Button(translate("Exchange", "Put this away"), "link", icon_name="x", small=True)
            close.clicked.connect(lambda: self.show_result(None))
            card.column.addWidget(close, 0, Qt.AlignmentFlag.AlignLeft)
        self._column.addWidget(card)

    @staticmethod
    def _leads_to(line: ResultLine) -> str:
        if line.request:
            return translate("Exchange", "Open the request")
        if line.page is Page.SETTINGS:
            return translate("Exchange", "See the places for deliveries")
        return translate("Exchange", "See what was held back")

    def _line(self, line: ResultLine) -> QWidget:
        box = QWidget()
        row = QHBoxLayout(box)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(Space.SMALL)
        row.addWidget(Glyph(TONE_ICONS[line.tone], line.tone.value, size=17), 0, Qt.AlignmentFlag.AlignTop)
        words = QVBoxLayout()
        words.setSpacing(Space.HAIR)
        words.addWidget(Text(line.sentence, "strong"))
        if line.details and not (self._brief and line.tone is Tone.GOOD):
            words.addWidget(Text(line.details, "text"))
        if line.request is not None or line.page is not None:
            go = self._leads_to(line)
            link = Button(go, "link", icon_name="arrow-right", small=True)
            link.setAccessibleName(f"{go}: {line.sentence}")
            link.clicked.connect(lambda: self.line_chosen.emit(line))
            words.addWidget(link, 0, Qt.AlignmentFlag.AlignLeft)
        row.addLayout(words, 1)
        return box
