"""Settings: colleagues who join, or being let in oneself."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QVBoxLayout, QWidget

from dsadesk.ui.i18n import translate
from dsadesk.ui.presenters.settings import OwnFacts, SettingsPresenter
from dsadesk.ui.theme import Space
from dsadesk.ui.widgets.button import Button
from dsadesk.ui.widgets.card import Card
from dsadesk.ui.widgets.text import Text


class ColleaguesCard(Card):
    """Letting a colleague in, for who looks after the keys; asking to be let in, for who is not. Nobody else sees it."""

    def __init__(self, presenter: SettingsPresenter, parent: QWidget | None = None) -> None:
        super().__init__(translate("Settings", "Colleagues"), icon_name="users", shade="brand", parent=parent)
        self._let_in = QWidget()
        column = QVBoxLayout(self._let_in)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(Space.SMALL)
        column.addWidget(
            Text(
                translate(
                    "Settings",
                    "A colleague who joins sends you an application. You compare eight words with them and send back a pass.",
                ),
                "hint",
            )
        )
        read = Button(translate("Settings", "Open an application…"), icon_name="user-check")
        read.clicked.connect(presenter.let_in)
        column.addWidget(read, 0, Qt.AlignmentFlag.AlignLeft)
        self.add(self._let_in)
        self._join = QWidget()
        joining = QVBoxLayout(self._join)
        joining.setContentsMargins(0, 0, 0, 0)
        joining.setSpacing(Space.SMALL)
        joining.addWidget(
            Text(
                translate(
                    "Settings",
                    "Your organisation has not let this computer in yet. You can draft; sealing and reading what comes in wait for a pass.",
                ),
                "hint",
            )
        )
        join = Button(translate("Settings", "Ask to be let in"), "primary")
        join.clicked.connect(presenter.join)
        joining.addWidget(join, 0, Qt.AlignmentFlag.AlignLeft)
        self.add(self._join)
        self.hide()

    def show_facts(self, facts: OwnFacts) -> None:
        """Show what this person can do."""
        self._join.setVisible(not facts.is_admitted)
        self._let_in.setVisible(facts.is_admin)
        self.setVisible(facts.is_admin or not facts.is_admitted)
