"""The look: one table of colours a theme, type sizes, spacing, and the one call that gives them to the application.

Colours are named by what they are for. Text on each ground it is used on has a contrast of 4.5 or more (7 in high contrast), marks and
field borders 3 or more (WCAG 2.2, 1.4.3, 1.4.6 and 1.4.11); a test holds every pair. `line` is decoration: nothing is told by it alone.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from enum import IntEnum, StrEnum
from functools import cache

from PySide6.QtCore import QCoreApplication, QEvent, QObject, Qt
from PySide6.QtGui import QColor, QFont, QFontDatabase, QPalette, QStyleHints
from PySide6.QtWidgets import QApplication, QWidget

from dsadesk.resources import path
from dsadesk.ui.sweeping import held_off
from dsadesk.ui.vocabulary import Tone


class Theme(StrEnum):
    """The looks on offer. `SYSTEM` follows what the operating system says now and later."""

    LIGHT = "light"
    DARK = "dark"
    CONTRAST = "contrast"
    SYSTEM = "system"


class Size(IntEnum):
    """The type sizes in pixels at 100 %."""

    CAPTION = 13
    SMALL = 14
    TEXT = 15
    BODY = 16
    SUBTITLE = 18
    HEADING = 21
    TITLE = 24
    DISPLAY = 26


class Space(IntEnum):
    """The distances of the 8 pixel grid. They do not grow with the text, so that large text gets the room."""

    HAIR = 2
    TIGHT = 4
    SMALL = 8
    MEDIUM = 12
    LARGE = 16
    GUTTER = 28
    QUESTION = 26


FAMILY = "Atkinson Hyperlegible Next"
COLUMN_WIDTH = 660
OPTION_HEIGHT = 42
RADIUS = 6
SCALES = range(100, 201)

LIGHT: Mapping[str, str] = {
    "bg": "#ffffff",
    "canvas": "#f3f5f8",
    "surface": "#ffffff",
    "tint": "#f4f8fb",
    "sunken": "#eef1f4",
    "ink": "#0b0c0c",
    "ink2": "#484949",
    "ink3": "#5b5f64",
    "line": "#d5d9de",
    "line2": "#7d858d",
    "field_line": "#5b6269",
    "brand": "#1a65a6",
    "brand_hover": "#14507f",
    "on_brand": "#ffffff",
    "nav": "#0f2940",
    "nav_ink": "#ffffff",
    "nav_ink2": "#c3d0dc",
    "nav_sel": "#1f4668",
    "nav_mark": "#6cc4ff",
    "nav_line": "#0f2940",
    "badge": "#ffdd00",
    "on_badge": "#0b0c0c",
    "good": "#0f7a52",
    "good_hover": "#0b5c3e",
    "on_good": "#ffffff",
    "good_shadow": "#083d29",
    "good_soft": "#e3f3ec",
    "good_line": "#e3f3ec",
    "warn": "#8a4b00",
    "warn_soft": "#fdf0dc",
    "warn_line": "#fdf0dc",
    "bad": "#b5282a",
    "bad_hover": "#8e1e20",
    "on_bad": "#ffffff",
    "bad_shadow": "#5c1213",
    "bad_soft": "#fbe9e8",
    "bad_line": "#fbe9e8",
    "info": "#1a65a6",
    "info_soft": "#e8f1f8",
    "info_line": "#e8f1f8",
    "purple": "#54319f",
    "purple_soft": "#eeeaf6",
    "purple_line": "#eeeaf6",
    "neutral": "#484949",
    "neutral_soft": "#eef1f4",
    "neutral_line": "#eef1f4",
    "focus": "#ffdd00",
    "focus_ink": "#0b0c0c",
    "sel": "#e8f1f8",
    "sel_line": "#e8f1f8",
    "disabled": "#666d75",
}
DARK: Mapping[str, str] = {
    "bg": "#14191e",
    "canvas": "#0f1317",
    "surface": "#171d23",
    "tint": "#1b232b",
    "sunken": "#1f262d",
    "ink": "#f1f4f6",
    "ink2": "#c0c8cf",
    "ink3": "#a3adb6",
    "line": "#2e3841",
    "line2": "#6b7784",
    "field_line": "#8793a0",
    "brand": "#7cc0f5",
    "brand_hover": "#a4d4fa",
    "on_brand": "#08131d",
    "nav": "#0a1219",
    "nav_ink": "#ffffff",
    "nav_ink2": "#b3c0cb",
    "nav_sel": "#1b3347",
    "nav_mark": "#6cc4ff",
    "nav_line": "#2e3841",
    "badge": "#ffdd00",
    "on_badge": "#0b0c0c",
    "good": "#5fd19f",
    "good_hover": "#86e0b8",
    "on_good": "#04150d",
    "good_shadow": "#2b8a60",
    "good_soft": "#163428",
    "good_line": "#163428",
    "warn": "#f2b45c",
    "warn_soft": "#3a2a12",
    "warn_line": "#3a2a12",
    "bad": "#ff8f88",
    "bad_hover": "#ffb3ae",
    "on_bad": "#1d0605",
    "bad_shadow": "#b3534d",
    "bad_soft": "#3d1c1c",
    "bad_line": "#3d1c1c",
    "info": "#7cc0f5",
    "info_soft": "#1b3347",
    "info_line": "#1b3347",
    "purple": "#c3adf5",
    "purple_soft": "#2c2344",
    "purple_line": "#2c2344",
    "neutral": "#c0c8cf",
    "neutral_soft": "#1f262d",
    "neutral_line": "#2e3841",
    "focus": "#ffdd00",
    "focus_ink": "#0b0c0c",
    "sel": "#1b3347",
    "sel_line": "#1b3347",
    "disabled": "#84909b",
}
CONTRAST: Mapping[str, str] = {
    "bg": "#000000",
    "canvas": "#000000",
    "surface": "#000000",
    "tint": "#000000",
    "sunken": "#000000",
    "ink": "#ffffff",
    "ink2": "#ffffff",
    "ink3": "#ffffff",
    "line": "#ffffff",
    "line2": "#ffffff",
    "field_line": "#ffffff",
    "brand": "#ffff00",
    "brand_hover": "#ffffff",
    "on_brand": "#000000",
    "nav": "#000000",
    "nav_ink": "#ffffff",
    "nav_ink2": "#ffffff",
    "nav_sel": "#003366",
    "nav_mark": "#ffff00",
    "nav_line": "#ffffff",
    "badge": "#ffff00",
    "on_badge": "#000000",
    "good": "#00ff66",
    "good_hover": "#ffffff",
    "on_good": "#000000",
    "good_shadow": "#ffffff",
    "good_soft": "#000000",
    "good_line": "#00ff66",
    "warn": "#ffd166",
    "warn_soft": "#000000",
    "warn_line": "#ffd166",
    "bad": "#ffb0b0",
    "bad_hover": "#ffffff",
    "on_bad": "#000000",
    "bad_shadow": "#ffffff",
    "bad_soft": "#000000",
    "bad_line": "#ffb0b0",
    "info": "#66d9ff",
    "info_soft": "#000000",
    "info_line": "#66d9ff",
    "purple": "#e0b3ff",
    "purple_soft": "#000000",
    "purple_line": "#e0b3ff",
    "neutral": "#ffffff",
    "neutral_soft": "#000000",
    "neutral_line": "#ffffff",
    "focus": "#ffdd00",
    "focus_ink": "#000000",
    "sel": "#003366",
    "sel_line": "#ffffff",
    "disabled": "#bbbbbb",
}
TABLES: Mapping[Theme, Mapping[str, str]] = {Theme.LIGHT: LIGHT, Theme.DARK: DARK, Theme.CONTRAST: CONTRAST}
TONE_ICONS: Mapping[Tone, str] = {
    Tone.NEUTRAL: "info",
    Tone.INFO: "info",
    Tone.GOOD: "circle-check",
    Tone.WARN: "triangle-alert",
    Tone.BAD: "circle-alert",
    Tone.PURPLE: "send",
}

_ROLES: Mapping[QPalette.ColorRole, str] = {
    QPalette.ColorRole.Window: "bg",
    QPalette.ColorRole.WindowText: "ink",
    QPalette.ColorRole.Base: "surface",
    QPalette.ColorRole.AlternateBase: "tint",
    QPalette.ColorRole.Text: "ink",
    QPalette.ColorRole.Button: "surface",
    QPalette.ColorRole.ButtonText: "ink",
    QPalette.ColorRole.BrightText: "bad",
    QPalette.ColorRole.Highlight: "brand",
    QPalette.ColorRole.HighlightedText: "on_brand",
    QPalette.ColorRole.Link: "brand",
    QPalette.ColorRole.LinkVisited: "purple",
    QPalette.ColorRole.ToolTipBase: "ink",
    QPalette.ColorRole.ToolTipText: "bg",
    QPalette.ColorRole.PlaceholderText: "ink3",
    QPalette.ColorRole.Accent: "brand",
    QPalette.ColorRole.Mid: "line",
    QPalette.ColorRole.Midlight: "sunken",
    QPalette.ColorRole.Dark: "line2",
    QPalette.ColorRole.Light: "surface",
    QPalette.ColorRole.Shadow: "ink",
}


class _Now:
    """What the application looks like now."""

    theme = Theme.LIGHT
    scale_percent = 100
    fonts_loaded = False
    follower: _Follower | None = None


class _Follower(QObject):
    """Puts the look on again when the operating system changes its mind."""

    def __init__(self, app: QApplication, ask: Callable[[QStyleHints], Theme]) -> None:
        super().__init__(app)
        self._app, self._ask = app, ask
        app.styleHints().colorSchemeChanged.connect(self._on_system_changed)
        app.styleHints().accessibility().contrastPreferenceChanged.connect(self._on_system_changed)

    def stop(self) -> None:
        """Follow no more."""
        self._app.styleHints().colorSchemeChanged.disconnect(self._on_system_changed)
        self._app.styleHints().accessibility().contrastPreferenceChanged.disconnect(self._on_system_changed)
        self.deleteLater()

    def _on_system_changed(self) -> None:
        wanted = self._ask(self._app.styleHints())
        if wanted is not _Now.theme:
            _put_on(self._app, wanted, _Now.scale_percent)


def system_theme(hints: QStyleHints) -> Theme:
    """Return the theme that the operating system asks for now."""
    return choose_theme(hints.colorScheme(), hints.accessibility().contrastPreference())


@held_off()
def apply(
    app: QApplication, theme: Theme, scale_percent: int = 100, *, ask: Callable[[QStyleHints], Theme] = system_theme
) -> None:
    """Give the application this look: Fusion, palette, font and style sheet. With `SYSTEM`, `ask` says which, now and later.

    Raises:
        ValueError: the text scale is not from 100 to 200.
    """
    if scale_percent not in SCALES:
        raise ValueError(scale_percent)
    if _Now.follower is not None:
        _Now.follower.stop()
        _Now.follower = None
    hints = app.styleHints()
    if theme is Theme.SYSTEM:
        hints.unsetColorScheme()
        _Now.follower = _Follower(app, ask)
        _put_on(app, ask(hints), scale_percent)
        return
    # Tells the platform which title bar goes with the window.
    hints.setColorScheme(Qt.ColorScheme.Light if theme is Theme.LIGHT else Qt.ColorScheme.Dark)
    _put_on(app, theme, scale_percent)


def choose_theme(scheme: Qt.ColorScheme, contrast: Qt.ContrastPreference) -> Theme:
    """Return the theme for what a system says about colour and contrast; contrast weighs more."""
    if contrast is Qt.ContrastPreference.HighContrast:
        return Theme.CONTRAST
    return Theme.DARK if scheme is Qt.ColorScheme.Dark else Theme.LIGHT


def theme() -> Theme:
    """Return the theme worn now, never `SYSTEM`."""
    return _Now.theme


def scale_percent() -> int:
    """Return the text scale in force."""
    return _Now.scale_percent


def colour(token: str) -> QColor:
    """Return the colour that a token has in the theme worn now."""
    return _colour(_Now.theme, token)


def px(size: float) -> int:
    """Return a size grown with the text."""
    return max(1, round(size * _Now.scale_percent / 100))


def font(size: int, weight: QFont.Weight = QFont.Weight.Normal) -> QFont:
    """Return the house font in one of the type sizes, grown with the text."""
    return QFont(font_at(px(size), weight))


def style_sheet(theme: Theme, scale_percent: int, template: str) -> str:
    """Fill a style sheet template: `@token@` is a colour, `@px16@` a grown size, `@size_body@` a grown type size.

    Raises:
        KeyError: the template names something that is none of these.
    """
    table = TABLES[theme]

    def fill(match: re.Match[str]) -> str:
        name = match.group(1)
        if name in table:
            return table[name]
        if name.startswith("size_"):
            return f"{round(Size[name.removeprefix('size_').upper()] * scale_percent / 100)}px"
        if not re.fullmatch(r"px\d+", name):
            raise KeyError(name)
        return f"{round(int(name.removeprefix('px')) * scale_percent / 100)}px"

    return re.sub(r"@(\w+)@", fill, template)


def set_look(widget: QWidget, **properties: str | bool) -> None:
    """Set dynamic properties that the style sheet reads, let it read them again, and tell the widget: its room may be another."""
    if all(widget.property(name) == value for name, value in properties.items()):
        return
    for name, value in properties.items():
        widget.setProperty(name, value)
    if not widget.testAttribute(Qt.WidgetAttribute.WA_WState_Polished):
        return  # the style sheet reads them when it is first shown
    widget.style().unpolish(widget)
    widget.style().polish(widget)
    QCoreApplication.sendEvent(widget, QEvent(QEvent.Type.StyleChange))
    widget.updateGeometry()
    widget.update()


@cache
def _colour(theme: Theme, token: str) -> QColor:
    return QColor(TABLES[theme][token])


@cache
def font_at(pixels: int, weight: QFont.Weight) -> QFont:
    """Return the house font at a size in pixels. It is shared: do not change it."""
    made = QFont(FAMILY)
    made.setPixelSize(pixels)
    made.setWeight(weight)
    made.setHintingPreference(QFont.HintingPreference.PreferNoHinting)
    return made


@held_off()
def _put_on(app: QApplication, theme: Theme, scale_percent: int) -> None:
    _Now.theme = theme
    _Now.scale_percent = scale_percent
    if not _Now.fonts_loaded:
        _load_fonts()
        _Now.fonts_loaded = True
    sheet = style_sheet(theme, scale_percent, path("styles", "theme.qss").read_text(encoding="utf-8"))
    if not app.styleSheet():
        app.setStyle("Fusion")
    app.setPalette(_palette(TABLES[theme]))
    app.setFont(font(Size.TEXT))
    app.setStyleSheet(sheet)


def _load_fonts() -> None:
    for file in sorted(path("fonts").glob("*.ttf")):
        QFontDatabase.addApplicationFont(str(file))


def _palette(table: Mapping[str, str]) -> QPalette:
    palette = QPalette()
    for role, token in _ROLES.items():
        palette.setColor(role, QColor(table[token]))
    for role in (QPalette.ColorRole.WindowText, QPalette.ColorRole.Text, QPalette.ColorRole.ButtonText):
        palette.setColor(QPalette.ColorGroup.Disabled, role, QColor(table["disabled"]))
    return palette
