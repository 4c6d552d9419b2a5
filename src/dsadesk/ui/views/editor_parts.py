"""The parts of the editor round the form: the head with title and buttons, the sections at the left, the foot, and the reader's preview."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal, SignalInstance
from PySide6.QtGui import QKeySequence, QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QFrame, QHBoxLayout, QMenu, QProgressBar, QSizePolicy, QVBoxLayout, QWidget

from dsadesk.domain.lifecycle import Stage
from dsadesk.domain.organisation import Side
from dsadesk.services.viewing import AnswerLine
from dsadesk.services.wording import stage_words, tone_of
from dsadesk.ui import theme
from dsadesk.ui.actions import keys_of
from dsadesk.ui.i18n import counted, translate
from dsadesk.ui.presenters.editor_page import Header
from dsadesk.ui.presenters.form import Way
from dsadesk.ui.theme import Space, set_look
from dsadesk.ui.views.fitted_dialog import FittedDialog
from dsadesk.ui.vocabulary import Tone
from dsadesk.ui.widgets.button import Button
from dsadesk.ui.widgets.flow import Flow
from dsadesk.ui.widgets.glyph import Glyph
from dsadesk.ui.widgets.key_value_table import KeyValueTable
from dsadesk.ui.widgets.pill import Pill
from dsadesk.ui.widgets.section_list import SectionList
from dsadesk.ui.widgets.text import SteadyText, Text

SECTIONS_WIDTH = 232
PAPER = "paper"
_TITLE_WIDTH = 300


class EditorHead(QFrame):
    """Reference, status, marking, title, parties and whether all is saved; at the right what can be done."""

    guidance_wanted = Signal()
    preview_wanted = Signal()
    check_wanted = Signal()
    load_wanted = Signal()
    undo_wanted = Signal()
    redo_wanted = Signal()
    find_wanted = Signal()
    whole_wanted = Signal()
    versions_wanted = Signal()
    comments_wanted = Signal()
    copy_wanted = Signal()
    template_wanted = Signal()
    paper_wanted = Signal()
    aside_wanted = Signal()
    discard_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("look", "header")
        outer = QVBoxLayout(self)
        outer.setContentsMargins(Space.GUTTER, Space.MEDIUM, Space.GUTTER - 4, Space.MEDIUM)
        outer.setSpacing(Space.TIGHT)
        self._reference = Text("", "eyebrow", wrap=False)
        self._reference.let_copy()
        self._status, self._marking = Pill(""), Pill("", Tone.INFO)
        self._marking.setAccessibleDescription(translate("Editor", "Marking"))
        line = QHBoxLayout()
        line.setSpacing(Space.SMALL + 2)
        for each in (self._reference, self._status, self._marking):
            line.addWidget(each)
        line.addStretch(1)
        self._menu = Button(translate("Editor", "More"), icon_name="chevron-down", small=True)
        self._menu.clicked.connect(lambda: self._show_menu(self._menu, everything=True))
        self._menu.hide()
        line.addWidget(self._menu)
        outer.addLayout(line)
        self.title = Text("", "title", heading=True)
        self._turning = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        self._turning.setSpacing(Space.SMALL)
        self._turning.addWidget(self.title, 1)
        self._actions = self._buttons()
        self._turning.addWidget(self._actions, 0, Qt.AlignmentFlag.AlignTop)
        outer.addLayout(self._turning)
        facts = QWidget()
        flow = Flow(facts, spacing=Space.LARGE, row_spacing=Space.HAIR)
        self._parties = Text("", "meta", wrap=False)
        self._parties_line, _ = _fact(flow, "building-2", self._parties)
        self._saved = SteadyText("meta", wrap=False)
        _, self._saved_mark = _fact(flow, "lock", self._saved)
        outer.addWidget(facts)
        self._is_compact = self._is_sealed = False

    def show_header(self, header: Header) -> None:
        """Show what the draft is."""
        self._is_sealed = False
        self._offer()
        self._reference.setText(header.reference)
        self._status.show_status(header.status, header.tone)
        self._marking.show_status(header.marking, Tone.WARN if "SENSITIVE" in header.marking else Tone.INFO)
        if self.title.said() != header.title:
            self.title.setText(header.title)
        self._parties.setText(header.parties)

    def show_saved(self, sentence: str, tone: Tone) -> None:
        """Say whether all is saved."""
        is_well = tone is Tone.NEUTRAL
        self._saved_mark.set_icon("lock" if is_well else "circle-alert", "ink2" if is_well else tone.value)
        self._saved.show_text(sentence, "meta")

    def show_sealed(self, *, is_sent: bool, is_on_its_way: bool = False) -> None:
        """Say that this is no draft any more."""
        stage = Stage.SENT if is_sent else Stage.SEALED
        words = translate("Editor", "Being sent") if is_on_its_way else stage_words(stage, Side.REQUESTER)
        self._status.show_status(words, Tone(tone_of(stage, Side.REQUESTER)))
        self._is_sealed = True
        self._offer()
        self.show_saved(translate("Editor", "Signed, encrypted and kept on this computer"), Tone.NEUTRAL)

    def saved(self) -> str:
        """Return what is said of saving."""
        return self._saved.said()

    def set_guidance_shown(self, *, shown: bool) -> None:
        """Say on the button what it will do."""
        words = translate("Editor", "Hide guidance") if shown else translate("Editor", "Guidance")
        self._guidance.setAccessibleName(words)
        self._guidance.set_words(translate("Editor", "Guidance"))

    def set_compact(self, *, compact: bool) -> None:
        """Leave the room to the form where the page is low: the buttons go into a menu, and who asks whom into the preview."""
        if compact is not self._is_compact:
            self._is_compact = compact
            self._parties_line.setVisible(not compact)
            set_look(self.title, look="subtitle" if compact else "title")
            self._offer()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Put the buttons under the title where they would squeeze it."""
        super().resizeEvent(event)
        narrow = event.size().width() < self._actions.sizeHint().width() + theme.px(_TITLE_WIDTH)
        down, across = QBoxLayout.Direction.TopToBottom, QBoxLayout.Direction.LeftToRight
        self._turning.setDirection(down if narrow else across)

    def _buttons(self) -> QWidget:
        box = QWidget()
        flow = Flow(box, spacing=Space.SMALL)
        self._guidance = Button(translate("Editor", "Guidance"), icon_name="book-open")
        preview = Button(translate("Editor", "Preview"), icon_name="eye")
        self._check = Button(translate("Editor", "Check and seal"), icon_name="lock")
        self._more = Button(translate("Editor", "More"), icon_name="chevron-down")
        self._guidance.clicked.connect(self.guidance_wanted)
        preview.clicked.connect(self.preview_wanted)
        self._check.clicked.connect(self.check_wanted)
        self._more.clicked.connect(lambda: self._show_menu(self._more, everything=False))
        for button in (self._guidance, preview, self._check, self._more):
            flow.addWidget(button)
        return box

    def _offer(self) -> None:
        self._actions.setVisible(not self._is_compact and not self._is_sealed)
        self._menu.setVisible(self._is_compact and not self._is_sealed)

    def _show_menu(self, button: Button, *, everything: bool) -> None:
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        if everything:
            _add_row(menu, translate("Editor", "&Guidance"), self.guidance_wanted, "guidance")
            _add_row(menu, translate("Editor", "&Preview"), self.preview_wanted, "preview")
            _add_row(menu, translate("Editor", "&Check and seal"), self.check_wanted, "check")
            menu.addSeparator()
        rows = (
            (translate("Editor", "&Undo"), self.undo_wanted, "undo"),
            (translate("Editor", "&Redo"), self.redo_wanted, "redo"),
            (translate("Editor", "&Find in this request"), self.find_wanted, "search"),
            (translate("Editor", "Plain &English in the whole request…"), self.whole_wanted, "marks"),
            None,
            (translate("Editor", "Co&mments…"), self.comments_wanted, "comments"),
            (translate("Editor", "Earlier &versions…"), self.versions_wanted, "versions"),
            (translate("Editor", "Cop&y answers from an earlier request…"), self.copy_wanted, ""),
            (translate("Editor", "Answers &no longer asked…"), self.aside_wanted, ""),
            (translate("Editor", "Save as a &template…"), self.template_wanted, ""),
            (translate("Editor", "S&ave as a paper…"), self.paper_wanted, ""),
            (translate("Editor", "&Load answers from a file…"), self.load_wanted, ""),
        )
        for row in rows:
            if row is None:
                menu.addSeparator()
            else:
                _add_row(menu, *row)
        menu.addSeparator()
        _add_row(menu, translate("Editor", "&Delete this draft…"), self.discard_wanted)
        menu.popup(button.mapToGlobal(button.rect().bottomLeft()))


def _add_row(menu: QMenu, words: str, wanted: SignalInstance, action: str = "") -> None:
    """A row of a menu, with the keys that do the same. The window has the shortcut; here it is only shown."""
    row = menu.addAction(words)
    row.triggered.connect(wanted)
    if action:
        row.setShortcut(QKeySequence(keys_of(action)))
        row.setShortcutContext(Qt.ShortcutContext.WidgetShortcut)
        row.setShortcutVisibleInContextMenu(True)


class SectionPane(QFrame):
    """The sections of the form and how far each is."""

    section_chosen = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("look", "side")
        column = QVBoxLayout(self)
        column.setContentsMargins(Space.SMALL, Space.LARGE, Space.SMALL, Space.SMALL)
        column.setSpacing(Space.SMALL)
        head = QVBoxLayout()
        head.setContentsMargins(Space.MEDIUM, 0, Space.MEDIUM, Space.TIGHT)
        head.setSpacing(Space.SMALL)
        self._done = Text("", "caption")
        self._bar = QProgressBar()
        self._bar.setTextVisible(False)
        self._bar.setAccessibleName(translate("Editor", "Sections complete"))
        self._left = Text("", "count")
        head.addWidget(self._done)
        head.addWidget(self._bar)
        head.addWidget(self._left)
        column.addLayout(head)
        self.list = SectionList(translate("Editor", "Sections"))
        self.list.section_chosen.connect(self.section_chosen)
        column.addWidget(self.list, 1)

    def show_way(self, way: Way, current: str) -> None:
        """Show how far each section is."""
        self._done.setText(translate("Editor", "{n} of {total} sections complete", n=way.done, total=way.total))
        self._bar.setRange(0, max(1, way.total))
        self._bar.setValue(way.done)
        count = translate("Editor", "{n} of {total} questions", n=way.answered, total=way.questions)
        left = counted(translate("Editor", "about {n} minute left|about {n} minutes left"), way.minutes_left)
        self._left.setText(f"{count}, {left}" if way.minutes_left else translate("Editor", "Every section is answered"))
        self.list.show_sections(way.sections)
        if current != self.list.current():
            self.list.select(current)


class EditorFoot(QFrame):
    """Save and continue, back, and where one is."""

    continue_wanted = Signal()
    back_wanted = Signal()
    sections_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("look", "footer")
        policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        row = QHBoxLayout(self)
        row.setContentsMargins(Space.GUTTER, Space.MEDIUM, Space.GUTTER - 4, Space.MEDIUM)
        row.setSpacing(Space.MEDIUM)
        buttons = QWidget()
        flow = Flow(buttons, spacing=Space.MEDIUM)
        self._continue = Button(translate("Editor", "Save and continue"), "primary")
        self._back = Button(translate("Editor", "Back"))
        self._sections = Button(translate("Editor", "Sections"), icon_name="list-checks")
        self._sections.hide()
        self._place = Text("", "meta", wrap=False)
        self._continue.clicked.connect(self.continue_wanted)
        self._back.clicked.connect(self.back_wanted)
        self._sections.clicked.connect(self.sections_wanted)
        for button in (self._continue, self._back, self._sections):
            flow.addWidget(button)
        row.addWidget(buttons, 1)
        row.addWidget(self._place)

    def show_place(self, place: str, *, is_first: bool) -> None:
        """Say which section this is."""
        self._place.setText(place)
        self._back.setEnabled(not is_first)

    def set_named(self, *, named: bool) -> None:
        """Say that going on leaves something missing behind."""
        words = translate("Editor", "Continue without them") if named else translate("Editor", "Save and continue")
        if self._continue.said() != words:
            self._continue.set_words(words)

    def offer_sections(self, *, offered: bool) -> None:
        """Offer the sections as a button where they have no column of their own."""
        self._sections.setVisible(offered)


class PreviewDialog(FittedDialog):
    """The request as its reader will see it."""

    def __init__(self, lines: Sequence[AnswerLine], header: Header, parent: QWidget | None = None) -> None:
        sentence = f"{header.marking} · {header.reference} · {header.parties}"
        super().__init__(header.title, sentence, safe=translate("Editor", "Close the preview"), parent=parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.widen(720)
        if not lines:
            self.body.addWidget(Text(translate("Editor", "Nothing is answered yet."), "lead"))
        sections: dict[str, list[tuple[str, str]]] = {}
        for line in lines:
            rows = "\n\n".join("\n".join(f"{name}: {cell}" for name, cell in row.items()) for row in line.table)
            sections.setdefault(line.section, []).append((line.question, rows or line.answer))
        for section, facts in sections.items():
            self.body.addSpacing(Space.SMALL)
            self.body.addWidget(Text(section, "subtitle", heading=True))
            self.body.addWidget(KeyValueTable(section, facts))
        self.button = self.add_action(PAPER, translate("Editor", "Save as a paper…"), look="plain")
        self.button.set_icon("printer")


def _fact(flow: Flow, icon_name: str, text: QWidget) -> tuple[QWidget, Glyph]:
    """Put an icon and a text into a line of facts, and return both as one, and the icon."""
    line = QWidget()
    row = QHBoxLayout(line)
    row.setContentsMargins(0, 0, 0, 0)
    row.setSpacing(Space.SMALL - 1)
    glyph = Glyph(icon_name, "ink2", size=16)
    row.addWidget(glyph)
    row.addWidget(text)
    flow.addWidget(line)
    return line, glyph
