"""Help: what the program is and is not, its shortcuts, and what helpers will ask for."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QWidget

from dsadesk import __version__
from dsadesk.services.changes import Changes
from dsadesk.ui.actions import listed
from dsadesk.ui.crash import describe_machine
from dsadesk.ui.i18n import translate
from dsadesk.ui.presenters.frame import Frame, Place
from dsadesk.ui.views.dialogs import ShortcutsDialog
from dsadesk.ui.widgets.button import Button
from dsadesk.ui.widgets.card import Card
from dsadesk.ui.widgets.key_value_table import KeyValueTable
from dsadesk.ui.widgets.scroll_column import ScrollColumn
from dsadesk.ui.widgets.text import Text


class AboutView(ScrollColumn):
    """Explains the program in a few cards."""

    def __init__(self, frame: Frame, parent: QWidget | None = None) -> None:
        super().__init__(width=720, parent=parent)
        self._frame = frame
        self._title = Text(translate("About", "Help"), "title", heading=True)
        self._title.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.add(self._title)
        for icon_name, title, sentences in _CARDS:
            card = Card(translate("About", title), icon_name=icon_name, shade="brand")
            for sentence in sentences:
                card.add(Text(translate("About", sentence), "text"))
            self.add(card)
        keys = Card(translate("About", "Keyboard shortcuts"), icon_name="list-checks", shade="brand")
        _, rows = listed()[0]
        keys.add(KeyValueTable(translate("About", "Keyboard shortcuts"), [(shown, words) for words, shown in rows]))
        keys.column.addWidget(
            self._button(translate("About", "See all shortcuts"), self._on_keys_clicked), 0, Qt.AlignmentFlag.AlignLeft
        )
        self.add(keys)
        support = Card(translate("About", "For whoever helps you"), icon_name="message-square", shade="brand")
        support.add(Text(translate("About", "Version {version}", version=__version__), "strong"))
        machine = Text(describe_machine(), "hint")
        machine.let_copy()
        support.add(machine)
        support.column.addWidget(
            self._button(translate("About", "Copy this"), self._on_copy_clicked), 0, Qt.AlignmentFlag.AlignLeft
        )
        self.add(support)

    def show_place(self, _place: Place) -> None:
        """There is one way to show it."""

    def refresh(self, _changes: Changes) -> None:
        """Nothing in the vault changes what this page says."""

    def focus_first(self) -> None:
        """Put the keyboard on the title."""
        self._title.setFocus(Qt.FocusReason.OtherFocusReason)

    @staticmethod
    def _button(words: str, act: Callable[[], None]) -> Button:
        button = Button(words)
        button.clicked.connect(act)
        return button

    def _on_keys_clicked(self) -> None:
        ShortcutsDialog(self.window()).open()

    def _on_copy_clicked(self) -> None:
        QGuiApplication.clipboard().setText(describe_machine())
        self._frame.announce(translate("About", "Copied."))


_CARDS = (
    (
        "file-text",
        "From a wish to an agreement",
        (
            "1. Write a request. It saves itself, and nobody else sees it.",
            "2. Check and seal it. From then on it cannot be changed, and only the supplier can open it.",
            "3. Send it: through a shared folder, a stick, or a file that you hand over.",
            "4. Answer questions. When both sides agree, both sign the same text.",
        ),
    ),
    (
        "shield-check",
        "What is protected",
        (
            (
                "Everything on this computer lies in one encrypted vault. What travels is signed by you and encrypted for the receiver; "
                "whoever runs the folder, the drive or the network on the way can read nothing and change nothing unseen."
            ),
            "It does not protect against someone who sits at your unlocked computer, or who has your recovery words.",
            "It may hold OFFICIAL and OFFICIAL-SENSITIVE, and nothing above.",
        ),
    ),
    (
        "key-round",
        "If you cannot get in",
        (
            (
                "The 24 recovery words open the vault when nothing else does. A backup opens with them too. "
                "Nobody else can open it for you: there is no other key."
            ),
        ),
    ),
)
