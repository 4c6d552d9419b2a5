"""What stands beside the form: why a question is asked, what a good answer is, and how plain the answer reads."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QSize, Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from dsadesk.ui import theme
from dsadesk.ui.i18n import translate
from dsadesk.ui.presenters.comments import Remarked
from dsadesk.ui.presenters.form import Guidance, Remark
from dsadesk.ui.theme import Space
from dsadesk.ui.views.comments import CommentsCard
from dsadesk.ui.views.link_line import LinkLine
from dsadesk.ui.widgets.card import Card
from dsadesk.ui.widgets.glyph import Glyph
from dsadesk.ui.widgets.scroll_column import Column, keep_room_for_bar
from dsadesk.ui.widgets.text import Text

WIDTH = 276
_PAD = 20
_BAR = 12  # how wide a scroll bar is, as the style sheet has it


class GuidancePane(QFrame):
    """The tinted column at the right."""

    place_chosen = Signal(int, int)  # from where to where in the answer
    comments_wanted = Signal()

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
        keep_room_for_bar(scroll)
        body = Column()
        scroll.setWidget(body)
        body.setAutoFillBackground(False)  # now: the area fills what it is given
        outer.addWidget(scroll)
        column = QVBoxLayout(body)
        column.setContentsMargins(_PAD, _PAD, _PAD - _BAR, _PAD)
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
        self._check.place_chosen.connect(self.place_chosen)
        self._flags = _Lines(translate("Guidance", "The supplier will look at this"), "eye", "warn")
        column.addWidget(_title("book-open", translate("Guidance", "Why we ask")))
        column.addWidget(self._why)
        column.addSpacing(Space.SMALL)
        column.addWidget(self._example_title)
        column.addWidget(self._example_box)
        column.addSpacing(Space.SMALL)
        column.addWidget(self._check)
        column.addWidget(self._flags)
        self._comments = CommentsCard()
        self._comments.wanted.connect(self.comments_wanted)
        self._comments.hide()
        column.addWidget(self._comments)
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

    def show_comments(self, here: Sequence[Remarked]) -> None:
        """Show what colleagues say about the question."""
        self._comments.show_comments(here)
        self._comments.show()

    def changeEvent(self, event: QEvent) -> None:
        """Grow with the text."""
        super().changeEvent(event)
        if event.type() is QEvent.Type.StyleChange:
            self._fit()

    def _fit(self) -> None:
        self.setFixedWidth(theme.px(WIDTH))


class _Lines(Card):
    """A card of short lines, each with a mark, or a way to the place it is about; hidden when there is none.

    Lines are reused, because they change while somebody types.
    """

    place_chosen = Signal(int, int)

    def __init__(self, title: str, icon_name: str, shade: str) -> None:
        super().__init__(title, icon_name=icon_name, shade=shade)
        self._lines: list[_Line] = []
        self.hide()

    def sizeHint(self) -> QSize:
        return self.column.sizeHint()

    def show_remarks(self, remarks: tuple[Remark, ...]) -> None:
        while len(self._lines) < len(remarks):
            line = _Line()
            line.place_chosen.connect(self.place_chosen)
            self.add(line)
            self._lines.append(line)
        for number, line in enumerate(self._lines):
            line.setVisible(number < len(remarks))
            if number < len(remarks):
                line.show_remark(remarks[number])
        self.setVisible(bool(remarks))


class _Line(QWidget):
    place_chosen = Signal(int, int)

    def __init__(self) -> None:
        super().__init__()
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(Space.SMALL)
        self._remark = Remark(is_good=True, sentence="")
        self._glyph, self._text = Glyph("circle-check", "good", size=16), Text("", "meta")
        self._link = LinkLine("", "triangle-alert")
        self._link.clicked.connect(lambda: self.place_chosen.emit(self._remark.start, self._remark.end))
        self._link.hide()
        row.addWidget(self._glyph, 0, Qt.AlignmentFlag.AlignTop)
        row.addWidget(self._text, 1)
        row.addWidget(self._link, 1)

    def show_remark(self, remark: Remark) -> None:
        if remark == self._remark:
            return
        self._remark = remark
        leads = remark.start >= 0
        self._glyph.setVisible(not leads)
        self._text.setVisible(not leads)
        self._link.setVisible(leads)
        if leads:
            self._link.set_sentence(remark.sentence)
            return
        shade = "good" if remark.is_good else "warn"
        self._glyph.set_icon("circle-check" if remark.is_good else "triangle-alert", shade)
        self._text.setText(remark.sentence)


def _title(icon_name: str, words: str) -> QWidget:
    line = QWidget()
    row = QHBoxLayout(line)
    row.setContentsMargins(0, 0, 0, 0)
    row.setSpacing(Space.SMALL)
    row.addWidget(Glyph(icon_name, "brand", size=20))
    row.addWidget(Text(words, "subtitle", heading=True), 1)
    return line
