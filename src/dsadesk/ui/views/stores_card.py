"""Settings: the places that bundles go to and come from; each can be tried again, its way in changed, or forgotten."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from dsadesk.services.wording import Explanation
from dsadesk.ui.i18n import translate
from dsadesk.ui.presenters.frame import Frame
from dsadesk.ui.presenters.stores import StoreShown, StoresPresenter
from dsadesk.ui.theme import Space
from dsadesk.ui.views.add_store_dialog import AddStoreDialog
from dsadesk.ui.views.confirm_dialog import ConfirmDialog
from dsadesk.ui.views.notice import Notice
from dsadesk.ui.vocabulary import Tone
from dsadesk.ui.widgets.button import Button
from dsadesk.ui.widgets.card import Card
from dsadesk.ui.widgets.dialog import Dialog
from dsadesk.ui.widgets.flow import Flow
from dsadesk.ui.widgets.pill import Pill
from dsadesk.ui.widgets.text import Text


class StoresCard(Card):
    """The list of places."""

    def __init__(self, frame: Frame, parent: QWidget | None = None) -> None:
        super().__init__(
            translate("Stores", "Places for deliveries"), icon_name="hard-drive", shade="brand", parent=parent
        )
        self._frame = frame
        self._presenter = StoresPresenter(self, frame)
        self._dialog: Dialog | None = None
        self._shown: tuple[StoreShown, ...] = ()
        self.notice, self._busy = Notice(), Text("", "hint")
        self._busy.hide()
        self._none = Text(translate("Stores", "None is known yet."), "hint")
        self._list = QWidget()
        self._column = QVBoxLayout(self._list)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(Space.MEDIUM)
        for part in (self.notice, self._none, self._list, self._busy):
            self.add(part)

    def load(self) -> None:
        """Show the places as they are."""
        self._presenter.load()

    def show_stores(self, found: Sequence[StoreShown]) -> None:
        """Show these places."""
        self._none.setVisible(not found)
        if tuple(found) == self._shown:
            return
        self._shown = tuple(found)
        while (item := self._column.takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                widget.hide()
                widget.deleteLater()
        for store in found:
            self._column.addWidget(self._row(store))

    def show_trying(self, address: str) -> None:
        """Say that a place is being tried."""
        self._busy.setText(translate("Stores", "Trying {address}…", address=address) if address else "")
        self._busy.setVisible(bool(address))
        self._list.setEnabled(not address)

    def show_verdict(self, sentence: str, tone: Tone, details: str) -> None:
        """Say how a trial came out."""
        self.notice.say(sentence, tone, details=details)

    def show_error(self, explanation: Explanation) -> None:
        """Say what went wrong."""
        self.notice.explain(explanation)

    def dialog(self) -> Dialog | None:
        """Return the dialog opened last."""
        return self._dialog

    def _row(self, store: StoreShown) -> QWidget:
        row = QWidget()
        column = QVBoxLayout(row)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(Space.TIGHT)
        head = QHBoxLayout()
        head.setSpacing(Space.MEDIUM)
        address = Text(store.address, "strong")
        address.let_copy()
        head.addWidget(address, 1)
        head.addWidget(Pill(store.status, store.tone), 0, Qt.AlignmentFlag.AlignTop)
        column.addLayout(head)
        column.addWidget(Text(f"{store.whose}. {store.tried}", "meta"))
        buttons = QWidget()
        flow = Flow(buttons, spacing=Space.LARGE)

        def link(words: str, icon: str) -> Button:
            button = Button(words, "link", icon_name=icon, small=True)
            button.setAccessibleName(f"{words.rstrip('…')}: {store.address}")
            flow.addWidget(button)
            return button

        check = link(translate("Stores", "Check again"), "list-checks")
        check.clicked.connect(lambda: self._presenter.check(store.address))
        if store.purpose is not None:
            change = link(translate("Stores", "Change access…"), "key-round")
            change.clicked.connect(lambda: self._change(store))
        if store.can_forget:
            forget = link(translate("Stores", "Forget…"), "trash-2")
            forget.clicked.connect(lambda: self._ask_forget(store))
        column.addWidget(buttons)
        return row

    def _change(self, store: StoreShown) -> None:
        if store.purpose is None:
            return
        dialog = AddStoreDialog(self._frame, store.purpose, store.form, self.window())
        dialog.kept.connect(self._on_kept)
        self._dialog = dialog
        dialog.open()

    def _on_kept(self, sentence: str) -> None:
        self.notice.say(sentence, Tone.GOOD)
        self.load()

    def _ask_forget(self, store: StoreShown) -> None:
        dialog = ConfirmDialog(
            translate("Stores", "Forget how to get in?"),
            translate(
                "Stores",
                "The name, password or key for {address} are removed from this laptop, and which store lies there. What waits for it stays in the outbox.",
                address=store.address,
            ),
            safe=translate("Stores", "Keep it"),
            action=translate("Stores", "Forget it"),
            parent=self.window(),
        )
        dialog.confirmed.connect(lambda: self._presenter.forget(store.address))
        self._dialog = dialog
        dialog.open()
