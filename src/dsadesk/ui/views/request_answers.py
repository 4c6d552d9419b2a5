"""The answers of a request, a section at a time: each in words, with what to look at and what was asked about it."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import QEvent, Qt, QTimer, Signal
from PySide6.QtGui import QKeySequence, QResizeEvent, QShortcut
from PySide6.QtWidgets import QBoxLayout, QFrame, QHBoxLayout, QVBoxLayout, QWidget
from shiboken6 import isValid

from dsadesk.ui import theme
from dsadesk.ui.actions import keys_of
from dsadesk.ui.fitting import Fitting
from dsadesk.ui.i18n import counted, translate
from dsadesk.ui.presenters.request_shown import AnswerSection, Decision, Glance, ShownAnswer, ShownRequest, Talk
from dsadesk.ui.theme import Space
from dsadesk.ui.views.link_line import LinkLine
from dsadesk.ui.views.reading import ReadingColumn
from dsadesk.ui.views.request_sections import ReadList, ReadSection
from dsadesk.ui.views.request_tables import TextTable
from dsadesk.ui.vocabulary import Tone
from dsadesk.ui.widgets.button import Button
from dsadesk.ui.widgets.card import Card
from dsadesk.ui.widgets.controls import DropDown
from dsadesk.ui.widgets.glyph import Glyph
from dsadesk.ui.widgets.key_value_table import KeyValueTable
from dsadesk.ui.widgets.pill import Pill
from dsadesk.ui.widgets.text import Text

GLANCE = "glance"
_SECTIONS_WIDTH = 232
_READING_WIDTH = 400

Shown = Glance | AnswerSection


class AnswersPane(QWidget):
    """The sections at the left, the answers of one of them at the right."""

    ask_wanted = Signal(str)  # the id of a question
    reply_wanted = Signal(str)  # the id of a Talk
    letter_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._request: ShownRequest | None = None
        self._fitting = Fitting(self, self._fit)
        self._section = GLANCE
        self._content: Shown | None = None
        self._blocks: dict[str, AnswerBlock] = {}
        self._list = ReadList(translate("Request", "Sections"))
        self._list.section_chosen.connect(self.go_to_section)
        self._side = QFrame()
        self._side.setProperty("look", "side")
        side = QVBoxLayout(self._side)
        side.setContentsMargins(Space.SMALL, Space.LARGE, Space.SMALL, Space.SMALL)
        side.addWidget(self._list)
        self._picker = DropDown(translate("Request", "Section"), (), empty=translate("Request", "Go to a section"))
        self._picker.activated.connect(lambda: self.go_to_section(self._picker.value()))
        self._picker_line = QWidget()
        line = QVBoxLayout(self._picker_line)
        line.setContentsMargins(Space.GUTTER, Space.MEDIUM, Space.GUTTER - 4, 0)
        line.addWidget(self._picker)
        self._page = ReadingColumn()
        self._turning = QBoxLayout(QBoxLayout.Direction.LeftToRight, self)
        self._turning.setContentsMargins(0, 0, 0, 0)
        self._turning.setSpacing(0)
        self._turning.addWidget(self._side)
        self._turning.addWidget(self._picker_line)
        self._turning.addWidget(self._page, 1)
        self._fitting.now()
        for action, step in (("section.next", 1), ("section.previous", -1)):
            shortcut = QShortcut(QKeySequence(keys_of(action)), self)
            shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
            shortcut.activated.connect(lambda step=step: self.step(step))

    def show_request(self, shown: ShownRequest) -> None:
        """Show the answers. A section that reads as before is left alone."""
        if self._request is not None and shown.request != self._request.request:
            self._section = GLANCE
        self._request = shown
        sections = [ReadSection(GLANCE, translate("Request", "At a glance"))]
        sections += [ReadSection(each.id, each.title, each.to_look_at) for each in shown.sections]
        if self._section not in {each.id for each in sections}:
            self._section = GLANCE
        self._list.show_sections(sections)
        self._list.select(self._section)
        self._fill_picker(sections)
        self._show_section()

    def go_to_section(self, section: str) -> None:
        """Show a section from its top."""
        if section and section != self._section:
            self._section = section
            self._list.select(section)
            self._picker.choose(section)
            self._show_section()

    def go_to_answer(self, question: str) -> None:
        """Show the section of an answer, and bring the answer into view."""
        for section in self._request.sections if self._request is not None else ():
            if question in {answer.id for answer in section.answers}:
                self.go_to_section(section.id)
        self._page.finish()
        block = self._blocks.get(question)
        if block is not None:
            block.take_focus()
            # The room for what was just built is known a moment later.
            QTimer.singleShot(0, self, lambda: self._page.reveal(block) if isValid(block) else None)

    def step(self, step: int) -> None:
        """Go to the next section, or to the one before."""
        places = [GLANCE, *(each.id for each in self._request.sections)] if self._request is not None else [GLANCE]
        target = places.index(self._section) + step
        if 0 <= target < len(places):
            self.go_to_section(places[target])
            self.focus_first()

    def focus_first(self) -> None:
        """Put the keyboard on the title of the section."""
        title = self._page.findChild(Text, "section-title")
        if title is not None:
            title.setFocus(Qt.FocusReason.OtherFocusReason)

    def section(self) -> str:
        """Return the id of the section that is shown."""
        return self._section

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Turn the list of sections into a drop-down list where there is no room beside the answers."""
        super().resizeEvent(event)
        self._fitting.now()

    def changeEvent(self, event: QEvent) -> None:
        """Look again at the room when the text grows."""
        super().changeEvent(event)
        if event.type() is QEvent.Type.StyleChange:
            self._fitting.soon()

    def _fit(self) -> None:
        beside = self.width() >= theme.px(_SECTIONS_WIDTH + _READING_WIDTH)
        self._side.setVisible(beside)
        self._side.setFixedWidth(theme.px(_SECTIONS_WIDTH))
        self._picker_line.setVisible(not beside)
        across, down = QBoxLayout.Direction.LeftToRight, QBoxLayout.Direction.TopToBottom
        self._turning.setDirection(across if beside else down)

    def _fill_picker(self, sections: list[ReadSection]) -> None:
        self._picker.clear()
        for each in sections:
            self._picker.addItem(each.title, each.id)
        self._picker.choose(self._section)

    def _show_section(self) -> None:
        shown = self._request
        if shown is None:
            return
        section = next((each for each in shown.sections if each.id == self._section), None)
        content: Shown = shown.glance if section is None else section
        if content == self._content:
            return
        is_same_place = type(content) is type(self._content) and getattr(content, "id", "") == getattr(
            self._content, "id", ""
        )
        scrolled = self._page.verticalScrollBar().value() if is_same_place else 0
        self._content = content
        self._page.setUpdatesEnabled(False)
        self._page.clear()
        self._blocks = {}
        if isinstance(content, Glance):
            self._show_glance(content)
        else:
            self._add_title(content.title)
            self._page.add_in_turn([partial(self._block, answer) for answer in content.answers])
        self._page.add_in_turn([partial(self._next, shown)])
        self._page.setUpdatesEnabled(True)
        if scrolled:
            QTimer.singleShot(0, self._page, lambda: self._page.verticalScrollBar().setValue(scrolled))

    def _show_glance(self, glance: Glance) -> None:
        self._add_title(translate("Request", "At a glance"))
        if glance.decision is not None:
            self._page.add(decision_card(glance.decision, self.letter_wanted.emit))
        if glance.is_for_supplier:
            self._page.add(self._flags(glance))
        self._page.add(KeyValueTable(translate("Request", "Who asks whom"), glance.facts))
        if glance.sign_offs:
            self._page.add(self._sign_offs(glance))
        self._page.add_in_turn([partial(self._block, answer) for answer in glance.answers])

    def _sign_offs(self, glance: Glance) -> QWidget:
        card = Card(translate("Request", "Signed off by the requester's specialists"), icon_name="stamp")
        card.add(KeyValueTable(translate("Request", "Sign-offs"), glance.sign_offs))
        return card

    def _flags(self, glance: Glance) -> QWidget:
        if not glance.flags:
            words = translate("Request", "No answer is flagged for a closer look.")
            return _line("circle-check", "good", Text(words, "text"))
        title = counted(translate("Request", "Look at {n} thing first|Look at {n} things first"), len(glance.flags))
        card = Card(title, icon_name="eye", shade="warn")
        for flag in glance.flags:
            link = LinkLine(flag.sentence)
            link.setAccessibleDescription(flag.question)
            link.clicked.connect(lambda _=False, question=flag.id: self.go_to_answer(question))
            card.add(link)
        return card

    def _add_title(self, title: str) -> None:
        text = Text(title, "title", heading=True)
        text.setObjectName("section-title")
        text.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self._page.add(text)

    def _block(self, answer: ShownAnswer) -> QWidget:
        block = AnswerBlock(answer, self.ask_wanted.emit, self.reply_wanted.emit, self.go_to_answer)
        self._blocks[answer.id] = block
        return block

    def _next(self, shown: ShownRequest) -> QWidget:
        """The way to the next section, at the end of this one."""
        places = [(GLANCE, ""), *((each.id, each.title) for each in shown.sections)]
        here = [place for place, _ in places].index(self._section)
        foot = QWidget()
        row = QHBoxLayout(foot)
        row.setContentsMargins(0, 0, 0, 0)
        if here + 1 < len(places):
            words = translate("Request", "Next: {section}", section=places[here + 1][1])
            button = Button(words, icon_name="arrow-right")
            button.clicked.connect(lambda: self.step(1))
            row.addWidget(button)
        row.addStretch(1)
        return foot


class AnswerBlock(QWidget):
    """One question with its answer in words."""

    def __init__(
        self,
        answer: ShownAnswer,
        ask: Callable[[str], None],
        reply: Callable[[str], None],
        read: Callable[[str], None],
    ) -> None:
        super().__init__()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(Space.SMALL - 2)
        self._question = Text(answer.question, "strong", heading=True)
        self._question.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        head = QHBoxLayout()
        head.setSpacing(Space.MEDIUM)
        head.addWidget(self._question, 1)
        if answer.is_revised:
            head.addWidget(Pill(translate("Request", "Revised in a reply"), Tone.INFO), 0, Qt.AlignmentFlag.AlignTop)
        column.addLayout(head)
        if answer.answer:
            said = Text(answer.answer, "body")
            said.let_copy()
            column.addWidget(said)
        if answer.rows:
            column.addSpacing(Space.TIGHT)
            column.addWidget(TextTable(answer.question, answer.heading, answer.rows))
        if answer.reads_on:
            button = Button(translate("Request", "Read it in full"), "link", icon_name="arrow-right", small=True)
            button.setAccessibleName(translate("Request", "Read it in full: {question}", question=answer.question))
            button.clicked.connect(lambda: read(answer.id))
            column.addWidget(button, 0, Qt.AlignmentFlag.AlignLeft)
        for flag in answer.flags:
            column.addWidget(_line("triangle-alert", "warn", Text(flag, "text")))
        for talk in answer.talks:
            column.addWidget(_talk_inset(talk, reply))
        if answer.can_ask:
            button = Button(translate("Request", "Ask about this answer"), "link", small=True)
            button.setAccessibleName(
                translate("Request", "Ask about this answer: {question}", question=answer.question)
            )
            button.set_icon("message-circle-question")
            button.clicked.connect(lambda: ask(answer.id))
            column.addWidget(button, 0, Qt.AlignmentFlag.AlignLeft)

    def take_focus(self) -> None:
        """Put the keyboard on the question."""
        self._question.setFocus(Qt.FocusReason.OtherFocusReason)


def decision_card(decision: Decision, read: Callable[[], None]) -> Card:
    """Return what was decided as a card, with a way to the letter that says it."""
    icons = {Tone.GOOD: "circle-check", Tone.WARN: "undo-2", Tone.BAD: "ban"}
    card = Card(decision.title, icon_name=icons.get(decision.tone, "info"), shade=decision.tone.value)
    card.add(Text(decision.said, "meta"))
    if decision.facts:
        card.add(KeyValueTable(decision.title, decision.facts))
    if decision.has_letter:
        button = Button(translate("Request", "Read the decision letter"), "link", icon_name="mail", small=True)
        button.clicked.connect(lambda _=False: read())
        card.column.addWidget(button, 0, Qt.AlignmentFlag.AlignLeft)
    return card


def _talk_inset(talk: Talk, reply: Callable[[str], None]) -> QWidget:
    box = QFrame()
    box.setProperty("look", "inset")
    column = QVBoxLayout(box)
    column.setContentsMargins(Space.MEDIUM + 2, Space.TIGHT, 0, Space.TIGHT)
    column.setSpacing(Space.HAIR)
    column.addWidget(Text(talk.asked, "meta"))
    column.addWidget(Text(talk.text, "text"))
    if talk.is_open and not talk.can_reply:
        column.addWidget(Text(translate("Request", "No reply yet."), "meta"))
    if talk.can_reply:
        button = Button(translate("Request", "Reply to this question"), "link", icon_name="message-square", small=True)
        button.setAccessibleName(translate("Request", "Reply to this question: {said}", said=talk.text))
        button.clicked.connect(lambda: reply(talk.id))
        column.addWidget(button, 0, Qt.AlignmentFlag.AlignLeft)
    if talk.reply:
        column.addSpacing(Space.TIGHT)
        column.addWidget(Text(talk.replied, "meta"))
        column.addWidget(Text(talk.reply, "text"))
    return box


def _line(icon_name: str, shade: str, text: Text) -> QWidget:
    line = QWidget()
    row = QHBoxLayout(line)
    row.setContentsMargins(0, 0, 0, 0)
    row.setSpacing(Space.SMALL)
    row.addWidget(Glyph(icon_name, shade, size=17), 0, Qt.AlignmentFlag.AlignTop)
    row.addWidget(text, 1)
    return line
