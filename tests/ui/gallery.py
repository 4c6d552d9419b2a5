"""Draws every widget in every theme to PNG files, to be looked at: `python tests/ui/gallery.py <folder>`."""

from __future__ import annotations

import os
import sys
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
sys.path.insert(0, str(Path(__file__).parents[2]))

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QFrame, QHBoxLayout, QProgressBar, QVBoxLayout, QWidget

from dsadesk.ui import theme
from dsadesk.ui.theme import Theme
from dsadesk.ui.vocabulary import Tone
from dsadesk.ui.widgets.banner import Banner
from dsadesk.ui.widgets.button import Button
from dsadesk.ui.widgets.card import Card
from dsadesk.ui.widgets.flow import Flow
from dsadesk.ui.widgets.focus_ring import FocusRing
from dsadesk.ui.widgets.glyph import Glyph
from dsadesk.ui.widgets.pill import Pill
from dsadesk.ui.widgets.scroll_column import ScrollColumn
from dsadesk.ui.widgets.search_field import SearchField
from dsadesk.ui.widgets.segmented_filter import SegmentedFilter
from dsadesk.ui.widgets.text import Text
from dsadesk.ui.widgets.timeline import Timeline
from tests.ui import examples

LOOKS = ((Theme.LIGHT, 100), (Theme.DARK, 100), (Theme.CONTRAST, 100), (Theme.LIGHT, 150), (Theme.LIGHT, 200))


def parts_page() -> QWidget:
    """Return a page of the parts that stand alone."""
    page = QWidget()
    across = QHBoxLayout(page)
    across.setContentsMargins(28, 24, 28, 24)
    across.setSpacing(28)
    for fill in (_left_parts, _right_parts):
        column = QVBoxLayout()
        column.setSpacing(16)
        fill(column)
        column.addStretch(1)
        across.addLayout(column, 1)
    return page


def _left_parts(column: QVBoxLayout) -> None:
    column.addWidget(Text("Parts", "display", heading=True))
    column.addWidget(_row([Pill(tone.value.capitalize(), tone) for tone in Tone]))
    looks = (
        ("Seal and send", "primary", ""),
        ("New request", "brand", "plus"),
        ("Preview", "plain", "eye"),
        ("Delete", "danger", "trash-2"),
    )
    column.addWidget(_row([Button(words, look, icon_name=name) for words, look, name in looks]))
    off = [
        Button("Check and seal", icon_name="lock"),
        Button("Read the guidance", "link"),
        Button("Copy the reference", "icon", icon_name="copy"),
    ]
    off[0].setEnabled(False)
    column.addWidget(_row(off))
    column.addWidget(examples.EXAMPLES["banner"]())
    column.addWidget(Banner("Sealed on 2 March 2026 and unchanged since.", Tone.GOOD))
    column.addWidget(examples.EXAMPLES["banner with details"]())
    column.addWidget(Banner("The seal is broken. Do not use this bundle.", Tone.BAD, action="See why"))
    column.addWidget(SearchField("Search requests"))
    column.addWidget(SegmentedFilter("Show", examples.SEGMENTS))
    column.addWidget(examples.facts_card())


def _right_parts(column: QVBoxLayout) -> None:
    column.addWidget(Text("What has happened", "subtitle", heading=True))
    column.addWidget(Timeline("History", examples.EVENTS))
    column.addWidget(examples.nothing_here())
    column.addWidget(examples.status_strip())


def _row(widgets: list[QWidget]) -> QWidget:
    row = QWidget()
    flow = Flow(row)
    for widget in widgets:
        flow.addWidget(widget)
    return row


def questions_page(first: int, last: int) -> QWidget:
    """Return a page of questions; the repeated one has a row open."""
    page = ScrollColumn()
    page.add(Text("Questions", "title", heading=True))
    for place in range(first, last):
        is_repeated = place == len(examples.QUESTIONS) - 1
        page.add(examples.open_row() if is_repeated else examples.question(place))
    return page


def window_page() -> QWidget:
    """Return a page put together as the editor is."""
    window = QWidget()
    down = QVBoxLayout(window)
    down.setContentsMargins(0, 0, 0, 0)
    down.setSpacing(0)
    across = QHBoxLayout()
    across.setSpacing(0)
    for part in (examples.nav_rail(), _list_pane(), _section_pane()):
        across.addWidget(part)
    across.addWidget(questions_page(0, 4), 1)
    across.addWidget(_guide())
    down.addLayout(across, 1)
    down.addWidget(examples.status_strip())
    FocusRing(window)
    return window


def _pane(look: str, width: int, margins: tuple[int, int, int, int]) -> tuple[QFrame, QVBoxLayout]:
    pane = QFrame()
    pane.setProperty("look", look)
    pane.setFixedWidth(theme.px(width))
    column = QVBoxLayout(pane)
    column.setContentsMargins(*margins)
    column.setSpacing(10)
    return pane, column


def _list_pane() -> QWidget:
    pane, column = _pane("pane", 316, (0, 16, 0, 0))
    head = QVBoxLayout()
    head.setContentsMargins(12, 0, 12, 0)
    top = QHBoxLayout()
    top.addWidget(Text("Requests", "heading", wrap=False, heading=True), 1)
    top.addWidget(Button("New request", "brand", icon_name="plus", small=True))
    head.addLayout(top)
    head.addWidget(SearchField("Search requests"))
    head.addWidget(SegmentedFilter("Show", examples.SEGMENTS))
    column.addLayout(head)
    column.addWidget(examples.card_list(), 1)
    return pane


def _section_pane() -> QWidget:
    pane, column = _pane("side", 232, (12, 18, 12, 12))
    column.addWidget(Text("2 of 7 sections complete", "caption"))
    bar = QProgressBar()
    bar.setRange(0, 7)
    bar.setValue(2)
    bar.setTextVisible(False)
    column.addWidget(bar)
    column.addWidget(examples.section_list(), 1)
    return pane


def _guide() -> QWidget:
    pane, column = _pane("guide", 280, (22, 22, 20, 20))
    row = QHBoxLayout()
    row.addWidget(Glyph("book-open", "brand", size=20))
    row.addWidget(Text("Why we ask", "subtitle", heading=True), 1)
    column.addLayout(row)
    column.addWidget(Text("Personal data may be shared only if a law allows it. The reviewer looks at this first."))
    inset = QFrame()
    inset.setProperty("look", "inset")
    QVBoxLayout(inset).addWidget(Text("We will use section 35 to find homes in fuel poverty."))
    column.addWidget(inset)
    check = Card("Plain English check", icon_name="spell-check", shade="good")
    for words in ("Reading age 12", "Longest sentence is 20 words"):
        line = QHBoxLayout()
        line.addWidget(Glyph("circle-check", "good", size=16), 0, Qt.AlignmentFlag.AlignTop)
        line.addWidget(Text(words, "meta"), 1)
        check.column.addLayout(line)
    column.addWidget(check)
    column.addStretch(1)
    return pane


def draw(folder: Path) -> None:
    """Draw all pages in all themes, and one theme at large text."""
    app = QApplication.instance() or QApplication([])
    folder.mkdir(parents=True, exist_ok=True)
    for look, scale in LOOKS:
        theme.apply(app, look, scale)
        pages = {
            "parts": (parts_page(), 1180, 980 if scale < 150 else 1180),
            "questions-1": (questions_page(0, 5), 760, 1180),
            "questions-2": (questions_page(5, 9), 760, 1260),
            "window": (window_page(), 1440, 900),
            "dialog": (examples.dialog(), 560, 240),
        }
        for name, (page, width, height) in pages.items():
            page.resize(width, height * scale // 100)
            page.show()
            if name == "window":
                page.findChildren(SearchField)[0].setFocus(Qt.FocusReason.TabFocusReason)
            app.processEvents()
            app.processEvents()
            page.grab().save(str(folder / f"{name}-{look}-{scale}.png"))
            page.close()
            page.deleteLater()


if __name__ == "__main__":
    draw(Path(sys.argv[1]))
