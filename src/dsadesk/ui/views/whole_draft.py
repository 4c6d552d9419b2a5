"""What could be plainer in the whole request, in one list: the public summary first, each line a way to its place."""

from __future__ import annotations

from collections.abc import Callable
from itertools import groupby

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from dsadesk.ui.i18n import counted, translate
from dsadesk.ui.presenters.finding import Found
from dsadesk.ui.presenters.whole_draft import Fault, WholeDraft
from dsadesk.ui.theme import Space
from dsadesk.ui.views.fitted_dialog import FittedDialog
from dsadesk.ui.views.link_line import LinkLine
from dsadesk.ui.vocabulary import Tone
from dsadesk.ui.widgets.banner import Banner
from dsadesk.ui.widgets.card import Card
from dsadesk.ui.widgets.text import Text

MOST_SHOWN = 200


class WholeDraftDialog(FittedDialog):
    """The list. A line that is chosen closes it."""

    place_chosen = Signal(object)  # Found

    def __init__(self, title_of: Callable[[str], str], parent: QWidget | None = None) -> None:
        super().__init__(
            translate("WholeDraft", "Plain English in the whole request"),
            translate("WholeDraft", "Only the public summary has to be put right before you seal. The rest is advice."),
            safe=translate("WholeDraft", "Close"),
            parent=parent,
        )
        self._title_of = title_of
        self._list = QWidget()
        self._rows = QVBoxLayout(self._list)
        self._rows.setContentsMargins(0, 0, 0, 0)
        self._rows.setSpacing(Space.MEDIUM)
        self._rows.addWidget(Text(translate("WholeDraft", "Reading…"), "lead"))
        self.body.addWidget(self._list)

    def show_found(self, found: WholeDraft) -> None:
        """Show what was found."""
        while (item := self._rows.takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                widget.hide()
                widget.deleteLater()
        for age in found.ages:
            self._rows.addWidget(Banner(age.sentence, Tone.GOOD if age.is_good else Tone.WARN))
        self._rows.addWidget(Text(_how_many(found), "body"))
        if not found.is_spelt:
            self._rows.addWidget(Text(translate("WholeDraft", "Spelling is not checked now."), "meta"))
        shown = found.faults[:MOST_SHOWN]
        for _, faults in groupby(shown, key=lambda fault: fault.place.question):
            self._rows.addWidget(self._card(tuple(faults)))
        rest = len(found.faults) - len(shown)
        if rest:
            words = translate("WholeDraft", "{n} more are shown when these are put right.", n=rest)
            self._rows.addWidget(Text(words, "meta"))
        first = self._list.findChild(LinkLine)
        if first is not None:
            first.setFocus()
        self.fit_soon()

    def _card(self, faults: tuple[Fault, ...]) -> Card:
        place = faults[0].place
        card = Card(place.label)
        card.add(Text(self._title_of(place.section), "meta"))
        for fault in faults:
            sentence = fault.sentence
            if fault.place.row >= 0:
                sentence = translate("WholeDraft", "Row {n}: {sentence}", n=fault.place.row + 1, sentence=sentence)
            link = LinkLine(sentence)
            link.clicked.connect(lambda _=False, where=fault.place: self._go(where))
            card.add(link)
        return card

    def _go(self, place: Found) -> None:
        self.accept()
        self.place_chosen.emit(place)


def _how_many(found: WholeDraft) -> str:
    if not found.texts:
        return translate("WholeDraft", "Nothing is written yet.")
    if not found.faults:
        return translate("WholeDraft", "Nothing that we know of could be plainer.")
    words = translate("WholeDraft", "{n} thing could be plainer|{n} things could be plainer")
    return counted(words, len(found.faults))
