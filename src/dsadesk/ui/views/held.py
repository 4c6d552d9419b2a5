"""A delivery that was held back, as a page, and the dialog that asks before it is thrown away."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QWidget

from dsadesk.ui.i18n import translate
from dsadesk.ui.presenters.held import HeldBack
from dsadesk.ui.theme import Space
from dsadesk.ui.views.confirm_dialog import ConfirmDialog
from dsadesk.ui.views.reading import ReadingColumn
from dsadesk.ui.vocabulary import Tone
from dsadesk.ui.widgets.banner import Banner
from dsadesk.ui.widgets.button import Button
from dsadesk.ui.widgets.flow import Flow
from dsadesk.ui.widgets.key_value_table import KeyValueTable
from dsadesk.ui.widgets.text import Text


class HeldPage(ReadingColumn):
    """A delivery that was held back: at which check, why, what to do, and what can be done with it here."""

    retry_wanted = Signal(object)  # HeldBack
    save_wanted = Signal(object)  # HeldBack
    discard_wanted = Signal(object)  # HeldBack

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent=parent)
        self._shown: HeldBack | None = None
        self._title: Text | None = None
        self.buttons: dict[str, Button] = {}

    @property
    def shown(self) -> HeldBack | None:
        """The delivery on the page."""
        return self._shown

    def show_held(self, held: HeldBack) -> None:
        """Show one."""
        if held == self._shown:
            return
        self._shown = held
        self.clear()
        self._title = Text(held.title, "title", heading=True)
        self._title.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.add(self._title)
        self.add(Banner(held.what, Tone.BAD, details=held.todo))
        self.add(self._actions(held))
        self.add(KeyValueTable(held.title, held.facts))
        note = translate(
            "Inbox", "It stays here as evidence, encrypted as it came. Nothing in it has been opened or believed."
        )
        self.add(Text(note, "hint"))

    def focus_first(self) -> None:
        """Put the keyboard on the title."""
        if self._title is not None:
            self._title.setFocus(Qt.FocusReason.OtherFocusReason)

    def _actions(self, held: HeldBack) -> QWidget:
        box = QWidget()
        flow = Flow(box, spacing=Space.MEDIUM)
        for name, words, icon_name, signal in (
            ("retry", translate("Inbox", "Check it again"), "refresh-cw", self.retry_wanted),
            ("save", translate("Inbox", "Save it as evidence…"), "save", self.save_wanted),
            ("discard", translate("Inbox", "Throw it away…"), "x", self.discard_wanted),
        ):
            button = Button(words, icon_name=icon_name)
            button.clicked.connect(lambda _=False, signal=signal: signal.emit(held))
            self.buttons[name] = button
            flow.addWidget(button)
        return box


class DiscardDialog(ConfirmDialog):
    """Asks before a delivery and its evidence are thrown away, and says what is lost."""

    def __init__(self, held: HeldBack, parent: QWidget | None = None) -> None:
        sentence = translate(
            "Inbox",
            "The delivery and the record of why it was stopped are deleted from this computer for good, and nobody can look into it here any more. {lost}",
            lost=held.lost,
        )
        title = translate("Inbox", "Throw this delivery away?")
        super().__init__(
            title,
            sentence,
            safe=translate("Inbox", "Keep it"),
            action=translate("Inbox", "Throw it away"),
            parent=parent,
        )
        hint = translate(
            "Inbox", "If you think that somebody meant harm, save it as evidence first and tell your security adviser."
        )
        self.body.addWidget(Text(hint, "hint"))
