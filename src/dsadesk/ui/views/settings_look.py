"""Settings: what one person likes on this computer, which is how the window looks and when it locks."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QWidget

from dsadesk.ui.i18n import translate
from dsadesk.ui.preferences import IDLE_MINUTES, TEXT_STEPS, Preferences
from dsadesk.ui.theme import Space, Theme
from dsadesk.ui.vocabulary import Kind, Option, QuestionSpec, Segment
from dsadesk.ui.widgets.answers import Choice
from dsadesk.ui.widgets.button import Button
from dsadesk.ui.widgets.card import Card
from dsadesk.ui.widgets.segmented_filter import SegmentedFilter
from dsadesk.ui.widgets.text import Text


class LookCard(Card):
    """The colours and the size of the text."""

    changed = Signal()

    def __init__(self, preferences: Preferences, parent: QWidget | None = None) -> None:
        super().__init__(translate("Settings", "How it looks"), icon_name="sun", shade="brand", parent=parent)
        self._preferences = preferences
        theme_choice = Choice(
            QuestionSpec(
                "theme",
                Kind.CHOICE,
                translate("Settings", "Colours"),
                options=(
                    Option(Theme.SYSTEM.value, translate("Settings", "As the computer is set")),
                    Option(Theme.LIGHT.value, translate("Settings", "Light")),
                    Option(Theme.DARK.value, translate("Settings", "Dark")),
                    Option(Theme.CONTRAST.value, translate("Settings", "High contrast")),
                ),
            ),
            look="strong",
        )
        theme_choice.set_value(self._preferences.theme.value)
        theme_choice.changed.connect(self._on_theme_chosen)
        sizes = SegmentedFilter(
            translate("Settings", "Size of the text"), [Segment(str(step), f"{step} %") for step in TEXT_STEPS]
        )
        if self._preferences.text_percent in TEXT_STEPS:
            sizes.select(str(self._preferences.text_percent))
        sizes.segment_chosen.connect(self._on_size_chosen)
        self.add(theme_choice)
        self.column.addSpacing(Space.SMALL)
        self.add(Text(translate("Settings", "Size of the text"), "strong"))
        self.add(sizes)

    def _on_theme_chosen(self, value: object) -> None:
        self._preferences.theme = Theme(str(value))
        self.changed.emit()

    def _on_size_chosen(self, value: str) -> None:
        self._preferences.text_percent = int(value)
        self.changed.emit()


class LockingCard(Card):
    """When the desk locks by itself, and locking it now."""

    lock_wanted = Signal()

    def __init__(self, preferences: Preferences, parent: QWidget | None = None) -> None:
        super().__init__(translate("Settings", "When it locks"), icon_name="lock", shade="brand", parent=parent)
        self._preferences = preferences
        self.add(
            Text(
                translate("Settings", "The vault is closed when nobody has touched the window for so many minutes."),
                "hint",
            )
        )
        minutes = SegmentedFilter(
            translate("Settings", "Minutes until it locks"),
            [Segment(str(n), translate("Settings", "{n} min", n=n)) for n in IDLE_MINUTES],
        )
        minutes.select(str(self._preferences.idle_minutes))
        minutes.segment_chosen.connect(self._on_minutes_chosen)
        self.add(minutes)
        lock = Button(translate("Settings", "Lock now"), icon_name="lock")
        lock.clicked.connect(self.lock_wanted)
        self.column.addSpacing(Space.SMALL)
        self.column.addWidget(lock, 0, Qt.AlignmentFlag.AlignLeft)

    def _on_minutes_chosen(self, value: str) -> None:
        self._preferences.idle_minutes = int(value)
