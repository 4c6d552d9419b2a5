"""A document from its tree, as widgets: headings that can be gone to, paragraphs, tables and facts. All of it is plain text."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout, QWidget

from dsadesk.documents.layout import (
    Block,
    Bullets,
    Callout,
    Document,
    Facts,
    Heading,
    Journey,
    Paragraph,
    Quote,
    Table,
)
from dsadesk.ui.theme import Space
from dsadesk.ui.views.request_tables import TextTable
from dsadesk.ui.vocabulary import Tone
from dsadesk.ui.widgets.banner import Banner
from dsadesk.ui.widgets.flow_diagram import FlowPicture
from dsadesk.ui.widgets.key_value_table import KeyValueTable
from dsadesk.ui.widgets.text import Text

_LOOKS = {1: "heading", 2: "subtitle", 3: "strong"}
_TONES = {"note": Tone.INFO, "warning": Tone.WARN, "gap": Tone.WARN}


def chapters(document: Document) -> tuple[tuple[str, tuple[Block, ...]], ...]:
    """Return the document by its main headings; what stands before the first has none."""
    parts: list[tuple[str, list[Block]]] = [("", [])]
    for block in document.blocks:
        if isinstance(block, Heading) and block.level == 1:
            parts.append((block.text, []))
        parts[-1][1].append(block)
    return tuple((title, tuple(blocks)) for title, blocks in parts if blocks)


class Chapter(QWidget):
    """One main heading with everything under it."""

    def __init__(self, blocks: Sequence[Block], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(Space.SMALL + 2)
        self._heading: Text | None = None
        for block in blocks:
            widget = made(block)
            if isinstance(block, Heading):
                if self._heading is not None:
                    column.addSpacing(Space.SMALL)
                elif isinstance(widget, Text):
                    self._heading = widget
                    widget.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
            column.addWidget(widget)

    def take_focus(self) -> None:
        """Put the keyboard on the heading."""
        if self._heading is not None:
            self._heading.setFocus(Qt.FocusReason.OtherFocusReason)


def made(block: Block) -> QWidget:
    """Return a block as a widget."""
    match block:
        case Heading(level=level, text=text):
            return Text(text, _LOOKS[level], heading=True)
        case Paragraph(text=text):
            return _paragraph(text)
        case Bullets(items=items):
            return _bullets(items)
        case Table(caption=caption, columns=columns, rows=rows):
            return _captioned(caption, TextTable(caption, columns, rows))
        case Facts(rows=facts):
            return KeyValueTable(facts[0][0], facts)
        case Journey() as journey:
            return _drawn(journey)
        case Quote(text=text):
            return _quote(text)
        case Callout(tone=tone, text=text):
            return Banner(text, _TONES[tone])


def _paragraph(text: str) -> Text:
    words = Text(text, "body")
    words.let_copy()
    return words


def _bullets(items: Sequence[str]) -> QWidget:
    box = QWidget()
    column = QVBoxLayout(box)
    column.setContentsMargins(0, 0, 0, 0)
    column.setSpacing(Space.TIGHT)
    for item in items:
        row = QHBoxLayout()
        row.setSpacing(Space.SMALL)
        row.addWidget(Text("•", "body", wrap=False), 0, Qt.AlignmentFlag.AlignTop)
        row.addWidget(_paragraph(item), 1)
        column.addLayout(row)
    return box


def _captioned(caption: str, table: QWidget) -> QWidget:
    box = QWidget()
    column = QVBoxLayout(box)
    column.setContentsMargins(0, Space.TIGHT, 0, Space.SMALL)
    column.setSpacing(Space.SMALL)
    column.addWidget(Text(caption, "meta"))
    column.addWidget(table)
    return box


def _drawn(journey: Journey) -> QWidget:
    picture = FlowPicture()
    picture.show_flow(journey.flow())
    return _captioned(journey.caption, picture)


def _quote(text: str) -> QWidget:
    box = QFrame()
    box.setProperty("look", "inset")
    column = QVBoxLayout(box)
    column.setContentsMargins(Space.MEDIUM + 2, Space.TIGHT, 0, Space.TIGHT)
    column.addWidget(_paragraph(text))
    return box
