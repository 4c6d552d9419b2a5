from __future__ import annotations

import gc

import pytest
from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QIcon, QImage, QPainter, QPixmap

from dsadesk.resources import path
from dsadesk.ui import icons, theme
from dsadesk.ui.theme import TABLES


def drawn(picture: QImage) -> set[str]:
    """Return the colours of the opaque pixels."""
    pixels = ((x, y) for y in range(picture.height()) for x in range(picture.width()))
    return {picture.pixelColor(x, y).name() for x, y in pixels if picture.pixelColor(x, y).alpha() == 255}


def is_near(one: str, other: str) -> bool:
    """Say whether two colours are the same but for the rounding where strokes cross."""
    pairs = zip(QColor(one).getRgb(), QColor(other).getRgb(), strict=True)
    return all(abs(a - b) <= 2 for a, b in pairs)


@pytest.mark.parametrize("look", list(TABLES))
def test_every_icon_is_drawn_in_the_colour_of_the_theme(wear, look):
    wear(look)
    assert len(icons.names()) >= 60
    for name in icons.names():
        picture = icons.icon(name, "brand").pixmap(QSize(24, 24)).toImage()
        colours = drawn(picture)
        assert colours, name
        assert all(is_near(colour, TABLES[look]["brand"]) for colour in colours), name


def test_an_icon_made_before_follows_a_change_of_theme(wear):
    icon = icons.icon("lock", "ink")
    assert drawn(icon.pixmap(24, 24).toImage()) == {TABLES[theme.Theme.LIGHT]["ink"]}
    wear(theme.Theme.DARK)
    assert drawn(icon.pixmap(24, 24).toImage()) == {TABLES[theme.Theme.DARK]["ink"]}


def test_an_icon_follows_state_and_mode(qapp):
    icon = icons.icon("lock", "ink", checked="brand")
    on = icon.pixmap(QSize(24, 24), QIcon.Mode.Normal, QIcon.State.On).toImage()
    off = icon.pixmap(QSize(24, 24), QIcon.Mode.Disabled, QIcon.State.Off).toImage()
    assert drawn(on) == {theme.colour("brand").name()}
    assert drawn(off) == {theme.colour("disabled").name()}


def test_an_icon_is_drawn_at_the_density_of_the_screen(qapp):
    pixmap = icons.icon("lock").pixmap(QSize(24, 24), 2.0)
    assert pixmap.size() == QSize(48, 48)
    assert pixmap.devicePixelRatio() == 2.0
    assert len(drawn(pixmap.toImage())) == 1


def test_a_wide_icon_box_keeps_the_drawing_at_its_left_end(qapp):
    picture = icons.icon("circle").pixmap(QSize(40, 20)).toImage()
    assert drawn(picture.copy(0, 0, 20, 20))
    assert not drawn(picture.copy(22, 0, 18, 20))


@pytest.mark.parametrize("name", ["no-such-icon", "", "../styles/theme"])
def test_an_unknown_icon_is_refused_at_once(qapp, name):
    with pytest.raises(KeyError):
        icons.icon(name)
    painter = QPainter(image := QImage(8, 8, QImage.Format.Format_ARGB32))
    try:
        with pytest.raises(KeyError):
            icons.paint(painter, name, QRectF(0, 0, 8, 8))
    finally:
        painter.end()
    assert not image.isNull()


def test_an_icon_outlives_its_maker_and_can_be_copied_apart(qapp):
    copies = []
    for _ in range(50):
        copy = QIcon(icons.icon("lock", "brand"))
        copy.addPixmap(QPixmap(3, 3))
        copies.append(copy)
    gc.collect()
    assert all(drawn(copy.pixmap(24, 24).toImage()) == {theme.colour("brand").name()} for copy in copies)


def test_no_icon_refers_to_anything_outside_itself():
    for file in path("icons").glob("*.svg"):
        text = file.read_text(encoding="utf-8")
        assert "href" not in text, file.name
        assert "<script" not in text, file.name
        assert text.count("http") == text.count("http://www.w3.org/2000/svg"), file.name


@pytest.mark.parametrize(
    ("licence", "words"),
    [
        (("icons", "LICENCE-lucide.txt"), "ISC License"),
        (("fonts", "LICENCE-atkinson-hyperlegible-next.txt"), "SIL OPEN FONT LICENSE"),
    ],
)
def test_what_others_made_ships_with_its_licence(licence, words):
    assert words in path(*licence).read_text(encoding="utf-8")


def test_transparent_stays_transparent(qapp):
    picture = icons.icon("check").pixmap(24, 24).toImage()
    assert picture.pixelColor(0, 0) == QColor(Qt.GlobalColor.transparent)
