from __future__ import annotations

import re

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QFont, QFontInfo, QPalette
from PySide6.QtWidgets import QApplication, QLabel, QLineEdit

from dsadesk.resources import path
from dsadesk.ui import theme
from dsadesk.ui.theme import TABLES, Size, Theme
from dsadesk.ui.vocabulary import Tone

GROUNDS = ("bg", "canvas", "surface", "tint", "sunken", "sel")
TEXT_PAIRS = [
    *[(ink, ground) for ink in ("ink", "ink2", "ink3") for ground in GROUNDS],
    *[(ink, ground) for ink in ("brand", "brand_hover") for ground in ("bg", "canvas", "surface", "tint")],
    *[("disabled", ground) for ground in ("bg", "surface", "sunken")],
    *[("bad", ground) for ground in ("bg", "surface", "canvas", "tint")],
    *[(tone.value, f"{tone}_soft") for tone in Tone],
    *[("ink", f"{tone}_soft") for tone in Tone],
    ("purple", "bg"),
    ("on_brand", "brand"),
    ("on_brand", "brand_hover"),
    ("on_good", "good"),
    ("on_good", "good_hover"),
    ("on_bad", "bad"),
    ("on_bad", "bad_hover"),
    ("nav_ink", "nav"),
    ("nav_ink2", "nav"),
    ("nav_ink", "nav_sel"),
    ("on_badge", "badge"),
    ("bg", "ink"),
]
MARK_PAIRS = [
    *[(line, ground) for line in ("field_line", "line2") for ground in ("bg", "canvas", "surface", "tint", "sunken")],
    *[("brand", ground) for ground in GROUNDS],
    *[(tone.value, ground) for tone in Tone for ground in ("bg", "canvas", "surface")],
    ("good", "sunken"),
    ("ink2", "sel"),
    ("field_line", "sel"),
    ("nav_mark", "nav_sel"),
    ("badge", "nav"),
    ("badge", "nav_sel"),
    ("focus", "focus_ink"),
]
REAL_THEMES = list(TABLES)


def luminance(colour: str) -> float:
    def linear(part: float) -> float:
        return part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4

    made = QColor(colour)
    return 0.2126 * linear(made.redF()) + 0.7152 * linear(made.greenF()) + 0.0722 * linear(made.blueF())


def ratio(one: str, other: str) -> float:
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def too_faint(look: Theme, pairs: list[tuple[str, str]], least: float) -> list[str]:
    table = TABLES[look]
    found = {pair: ratio(table[pair[0]], table[pair[1]]) for pair in pairs}
    return [f"{ink} on {ground}: {value:.2f}" for (ink, ground), value in found.items() if value < least]


@pytest.mark.parametrize("look", REAL_THEMES)
def test_text_is_strong_enough_on_every_ground_it_is_used_on(look):
    assert too_faint(look, TEXT_PAIRS, 7.0 if look is Theme.CONTRAST else 4.5) == []


@pytest.mark.parametrize("look", REAL_THEMES)
def test_marks_and_field_borders_are_strong_enough_to_be_seen(look):
    assert too_faint(look, MARK_PAIRS, 3.0) == []


@pytest.mark.parametrize("look", REAL_THEMES)
def test_one_of_the_two_colours_of_the_focus_ring_is_seen_on_every_ground(look):
    table = TABLES[look]
    for ground in (*GROUNDS, "nav", "nav_sel"):
        assert max(ratio(table["focus"], table[ground]), ratio(table["focus_ink"], table[ground])) >= 3, ground


def test_all_themes_define_the_same_colours():
    assert {frozenset(table) for table in TABLES.values()} == {frozenset(theme.LIGHT)}


def test_every_colour_of_the_tables_is_used():
    sources = [path("styles", "theme.qss").read_text(encoding="utf-8")]
    folder = path().parent / "src" / "dsadesk" / "ui"
    sources += [file.read_text(encoding="utf-8") for file in folder.rglob("*.py") if file.name != "theme.py"]
    words = set(re.findall(r"\w+", " ".join(sources))) | {
        f"{tone}_{part}" for tone in Tone for part in ("soft", "line")
    }
    words |= {tone.value for tone in Tone}
    assert set(theme.LIGHT) - words == set()


@pytest.mark.parametrize("look", REAL_THEMES)
@pytest.mark.parametrize("scale", [100, 150, 200])
def test_the_style_sheet_is_filled_in_completely(look, scale):
    filled = theme.style_sheet(look, scale, path("styles", "theme.qss").read_text(encoding="utf-8"))
    assert "@" not in filled
    assert filled.count("{") == filled.count("}")


def test_type_sizes_in_the_style_sheet_grow_with_the_text():
    assert (
        theme.style_sheet(Theme.LIGHT, 150, "font-size: @size_body@; width: @px10@") == "font-size: 24px; width: 15px"
    )


@pytest.mark.parametrize("template", ["@nonsense@", "@size_huge@", "@pxs@"])
def test_a_style_sheet_that_names_something_unknown_is_refused(template):
    with pytest.raises(KeyError):
        theme.style_sheet(Theme.LIGHT, 100, template)


def test_an_unknown_colour_is_refused(qapp):
    with pytest.raises(KeyError):
        theme.colour("mauve")


@pytest.mark.parametrize("scale", [0, 99, 201])
def test_a_text_scale_out_of_bounds_is_refused(qapp, scale):
    with pytest.raises(ValueError, match=str(scale)):
        theme.apply(qapp, Theme.LIGHT, scale)


@pytest.mark.parametrize("look", REAL_THEMES)
def test_a_theme_reaches_palette_font_and_widgets(qapp, wear, qtbot, look):
    wear(look, 150)
    field = QLineEdit()
    qtbot.addWidget(field)
    field.ensurePolished()
    assert qapp.palette().color(QPalette.ColorRole.Window) == QColor(TABLES[look]["bg"])
    assert qapp.palette().color(QPalette.ColorGroup.Disabled, QPalette.ColorRole.Text) == QColor(
        TABLES[look]["disabled"]
    )
    assert field.font().pixelSize() == 24
    assert theme.theme() is look
    assert theme.scale_percent() == 150


def test_all_weights_of_the_house_font_are_there(qapp):
    for weight in (QFont.Weight.Normal, QFont.Weight.Medium, QFont.Weight.DemiBold, QFont.Weight.Bold):
        info = QFontInfo(theme.font(Size.BODY, weight))
        assert info.family() == theme.FAMILY
        assert info.weight() == weight.value


def test_text_on_screen_follows_a_change_of_scale(wear, qtbot):
    label = QLabel("words")
    qtbot.addWidget(label)
    label.show()
    before = label.sizeHint().height()
    wear(Theme.LIGHT, 200)
    assert label.sizeHint().height() >= 2 * before - 2


@pytest.mark.parametrize(
    ("scheme", "contrast", "wanted"),
    [
        (Qt.ColorScheme.Unknown, Qt.ContrastPreference.NoPreference, Theme.LIGHT),
        (Qt.ColorScheme.Light, Qt.ContrastPreference.NoPreference, Theme.LIGHT),
        (Qt.ColorScheme.Dark, Qt.ContrastPreference.NoPreference, Theme.DARK),
        (Qt.ColorScheme.Light, Qt.ContrastPreference.HighContrast, Theme.CONTRAST),
        (Qt.ColorScheme.Dark, Qt.ContrastPreference.HighContrast, Theme.CONTRAST),
    ],
)
def test_contrast_weighs_more_than_colour_in_what_a_system_asks_for(scheme, contrast, wanted):
    assert theme.choose_theme(scheme, contrast) is wanted


def test_the_look_follows_the_system_only_while_asked_to(qapp, wear):
    says = [Theme.DARK]
    theme.apply(qapp, Theme.SYSTEM, 120, ask=lambda _: says[0])
    assert theme.theme() is Theme.DARK
    says[0] = Theme.CONTRAST
    qapp.styleHints().colorSchemeChanged.emit(Qt.ColorScheme.Dark)
    assert theme.theme() is Theme.CONTRAST
    assert theme.scale_percent() == 120
    theme.apply(qapp, Theme.LIGHT)
    says[0] = Theme.DARK
    qapp.styleHints().colorSchemeChanged.emit(Qt.ColorScheme.Dark)
    assert theme.theme() is Theme.LIGHT


def test_the_system_is_asked_through_qt(qapp):
    assert theme.system_theme(QApplication.styleHints()) in REAL_THEMES
