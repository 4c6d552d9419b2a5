"""Settings: how often it sends and looks for news by itself, and how much of the line it may take."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from dsadesk.services.wording import size_words
from dsadesk.ui.i18n import counted, translate
from dsadesk.ui.preferences import KILOBYTES, POLL_MINUTES, Preferences
from dsadesk.ui.theme import Space
from dsadesk.ui.vocabulary import Segment
from dsadesk.ui.widgets.card import Card
from dsadesk.ui.widgets.segmented_filter import SegmentedFilter
from dsadesk.ui.widgets.text import Text


class ExchangeSettings(Card):
    """What goes on by itself."""

    changed = Signal()

    def __init__(self, preferences: Preferences, parent: QWidget | None = None) -> None:
        super().__init__(
            translate("Settings", "Sending and fetching"), icon_name="refresh-cw", shade="brand", parent=parent
        )
        self._preferences = preferences
        self.minutes = SegmentedFilter(
            translate("Settings", "How often it looks for news"), [Segment(str(n), _often(n)) for n in POLL_MINUTES]
        )
        self.minutes.select(str(preferences.poll_minutes))
        self.minutes.segment_chosen.connect(self._on_minutes_chosen)
        self.limit = SegmentedFilter(
            translate("Settings", "The most that goes over the line"), [Segment(str(n), _much(n)) for n in KILOBYTES]
        )
        self.limit.select(str(preferences.kilobytes))
        self.limit.segment_chosen.connect(self._on_limit_chosen)
        self.add(Text(translate("Settings", "How often it looks for news"), "strong"))
        self.add(
            Text(
                translate(
                    "Settings",
                    "While the vault is open it sends what is sealed and looks into your inbox by itself. "
                    "A look that finds nothing costs about a kilobyte.",
                ),
                "hint",
            )
        )
        self.add(self.minutes)
        self.column.addSpacing(Space.SMALL)
        self.add(Text(translate("Settings", "The most that goes over the line"), "strong"))
        self.add(
            Text(
                translate(
                    "Settings",
                    "Leave room for others on a slow line. It takes effect at once, for sending and fetching together.",
                ),
                "hint",
            )
        )
        self.add(self.limit)

    def _on_minutes_chosen(self, value: str) -> None:
        self._preferences.poll_minutes = int(value)
        self.changed.emit()

    def _on_limit_chosen(self, value: str) -> None:
        self._preferences.kilobytes = int(value)
        self.changed.emit()


def _often(minutes: int) -> str:
    if not minutes:
        return translate("Settings", "Only when I ask")
    if minutes == 60:
        return translate("Settings", "Hourly")
    return counted(translate("Settings", "{n} minute|{n} minutes"), minutes)


def _much(kilobytes: int) -> str:
    if not kilobytes:
        return translate("Settings", "No limit")
    return translate("Settings", "{size} a second", size=size_words(1024 * kilobytes))
