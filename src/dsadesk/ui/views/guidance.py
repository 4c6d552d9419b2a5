"""What stands beside the form: why a question is asked, what a good answer is, and how plain the answer reads."""

from __future__ import annotations

from PySide6.QtCore import QEvent, Qt
from PySide6.QtWidgets import QFrame, QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from dsadesk.ui import theme
from dsadesk.ui.i18n import translate
from dsadesk.ui.presenters.form import Guidance, Remark
from dsadesk.ui.theme import Space
from dsadesk.ui.widgets.card import Card
from dsadesk.ui.widgets.glyph import Glyph
from dsadesk.ui.widgets.text import Text

WIDTH = 276
_PAD = 20


class GuidancePane(QFrame):
    """The tinted column at the right."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("look", "guide")
        self.setAccessibleName(translate("Guidance", "Guidance"))
        outer = QVBoxLayout(self)
        outer.setContentsMargins(1, 0, 0, 0)
        scroll = QScrollArea()
        scroll.setWidgetResizable(True)
        scroll.setFrameShape(QFrame.Shape.NoFrame)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        scroll.viewport().setAutoFillBackground(False)
        body = QWidget()
        body.setAutoFillBackground(False)
        scroll.setWidget(body)
        outer.addWidget(scroll)
        column = QVBoxLayout(body)
        column.setContentsMargins(_PAD, _PAD, _PAD, _PAD)
        column.setSpacing(Space.SMALL + 2)
        self._shown = Guidance("", "")
        self._why = Text("", "text")
        self._example = Text("", "text")
        self._example_title = _title("lightbulb", translate("Guidance", "A good answer"))
        self._example_box = QFrame()
        self._example_box.setProperty("look", "inset")
        inset = QVBoxLayout(self._example_box)
        inset.setContentsMargins(Space.MEDIUM + 2, Space.SMALL + 2, Space.MEDIUM, Space.MEDIUM)
        inset.addWidget(self._example)
        self._check = _Lines(translate("Guidance", "Plain English check"), "spell-check", "good")
        self._flags = _Lines(translate("Guidance", "The supplier will look at this"), "eye", "warn")
        column.addWidget(_title("book-open", translate("Guidance", "Why we ask")))
        column.addWidget(self._why)
        column.addSpacing(Space.SMALL)
        column.addWidget(self._example_title)
        column.addWidget(self._example_box)
        column.addSpacing(Space.SMALL)
        column.addWidget(self._check)
        column.addWidget(self._flags)
        column.addStretch(1)
        self._fit()

    def shown(self) -> Guidance:
        """Return what is shown."""
        return self._shown

    def show_guidance(self, guidance: Guidance) -> None:
        """Show what to say beside a question."""
        self._shown = guidance
        self._why.setText(guidance.why)
        self._example.setText(guidance.example)
        for part in (self._example_title, self._example_box):
            part.setVisible(bool(guidance.example))
        self._check.show_remarks(guidance.remarks)
        self._flags.show_remarks(tuple(Remark(is_good=False, sentence=flag) for flag in guidance.flags))

    def changeEvent(self, event: QEvent) -> None:
        """Grow with the text."""
        super().changeEvent(event)
        if event.type() is QEvent.Type.StyleChange:
            self._fit()

    def _fit(self) -> None:
        self.setFixedWidth(theme.px(WIDTH))


class _Lines(Card):
    """A card of short lines, each with a mark; hidden when there is none. Lines are reused, because they change with every key."""

    def __init__(self, title: str, icon_name: str, shade: str) -> None:
        super().__init__(title, icon_name=icon_name, shade=shade)
        self._lines: list[tuple[QWidget, Glyph, Text]] = []
        self.hide()

    def show_remarks(self, remarks: tuple[Remark, ...]) -> None:
        while len(self._lines) < len(remarks):
            self._lines.append(self._line())
        for number, (line, mark, text) in enumerate(self._lines):
            line.setVisible(number < len(remarks))
            if number < len(remarks):
                remark = remarks[number]
                mark.set_icon(
                    "circle-check" if remark.is_good else "triangle-alert", "good" if remark.is_good else "warn"
                )
                if text.said() != remark.sentence:
                    text.setText(remark.sentence)
        self.setVisible(bool(remarks))

    def _line(self) -> tuple[QWidget, Glyph, Text]:
        line = QWidget()
        row = QHBoxLayout(line)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(Space.SMALL)
        mark, text = Glyph("circle-check", "good", size=16), Text("", "meta")
        row.addWidget(mark, 0, Qt.AlignmentFlag.AlignTop)
        row.addWidget(text, 1)
        self.add(line)
        return line, mark, text


def _title(icon_name: str, words: str) -> QWidget:
    line = QWidget()
    row = QHBoxLayout(line)
    row.setContentsMargins(0, 0, 0, 0)
    row.setSpacing(Space.SMALL)
    row.addWidget(Glyph(icon_name, "brand", size=20))
    row.addWidget(Text(words, "subtitle", heading=True), 1)
    return line
