"""How this person likes the window: a small file in the configuration folder, outside every vault, with nothing of anyone in it."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QByteArray, QSettings

from dsadesk.ui.theme import SCALES, Theme

TEXT_STEPS = (100, 115, 130, 150, 175, 200)
IDLE_MINUTES = (5, 10, 15, 30, 60)
POLL_MINUTES = (0, 1, 5, 15, 60)
"""How often it looks for news by itself; 0 for never."""
KILOBYTES = (0, 32, 128, 512, 2048)
"""The most that it sends and fetches in a second, in KB of 1,024 bytes; 0 for as much as goes."""
_IDLE = 15
_POLL = 5


class Preferences:
    """Choices that outlive the window. What cannot be read counts as not chosen."""

    def __init__(self, file: Path) -> None:
        self._kept = QSettings(str(file), QSettings.Format.IniFormat)

    @property
    def theme(self) -> Theme:
        """The look; at first that of the operating system."""
        said = str(self._kept.value("look/theme", ""))
        return next((theme for theme in Theme if theme.value == said), Theme.SYSTEM)

    @theme.setter
    def theme(self, theme: Theme) -> None:
        self._kept.setValue("look/theme", theme.value)

    @property
    def text_percent(self) -> int:
        """The size of the text."""
        return self._number("look/text", 100, SCALES)

    @text_percent.setter
    def text_percent(self, percent: int) -> None:
        self._kept.setValue("look/text", percent)

    @property
    def idle_minutes(self) -> int:
        """How long nobody may touch the window before the vault locks."""
        return self._number("lock/minutes", _IDLE, IDLE_MINUTES)

    @idle_minutes.setter
    def idle_minutes(self, minutes: int) -> None:
        self._kept.setValue("lock/minutes", minutes)

    @property
    def poll_minutes(self) -> int:
        """How many minutes lie between two looks for news; 0 when it sends and looks only when asked."""
        return self._number("exchange/minutes", _POLL, POLL_MINUTES)

    @poll_minutes.setter
    def poll_minutes(self, minutes: int) -> None:
        self._kept.setValue("exchange/minutes", minutes)

    @property
    def kilobytes(self) -> int:
        """The most that it sends and fetches in a second, in KB; 0 for as much as goes."""
        return self._number("exchange/kilobytes", 0, KILOBYTES)

    @kilobytes.setter
    def kilobytes(self, kilobytes: int) -> None:
        self._kept.setValue("exchange/kilobytes", kilobytes)

    @property
    def bytes_per_second(self) -> float | None:
        """The limit as the engine takes it; None for none."""
        return 1024.0 * self.kilobytes or None

    @property
    def shows_guidance(self) -> bool:
        """Whether the form has its guidance beside it where there is room."""
        return str(self._kept.value("editor/guidance", "true")) == "true"

    @shows_guidance.setter
    def shows_guidance(self, shown: bool) -> None:
        self._kept.setValue("editor/guidance", "true" if shown else "false")

    @property
    def geometry(self) -> QByteArray:
        """Where the window was; empty at first."""
        kept = self._kept.value("window/geometry", QByteArray())
        return kept if isinstance(kept, QByteArray) else QByteArray()

    @geometry.setter
    def geometry(self, geometry: QByteArray) -> None:
        self._kept.setValue("window/geometry", geometry)

    def _number(self, name: str, usual: int, allowed: tuple[int, ...] | range) -> int:
        said = str(self._kept.value(name, usual))
        return int(said) if said.isdecimal() and int(said) in allowed else usual
