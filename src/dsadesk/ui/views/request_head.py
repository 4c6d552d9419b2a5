"""The head of a request's page: what it is, where it stands, who acts next, and what can be done."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeySequence, QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QFrame, QHBoxLayout, QMenu, QSizePolicy, QVBoxLayout, QWidget

from dsadesk.ui import theme
from dsadesk.ui.i18n import translate
from dsadesk.ui.presenters.request_shown import Head, Step
from dsadesk.ui.theme import Space, set_look
from dsadesk.ui.vocabulary import Tone
from dsadesk.ui.widgets.button import Button, GraveButton
from dsadesk.ui.widgets.flow import Flow
from dsadesk.ui.widgets.glyph import Glyph
from dsadesk.ui.widgets.pill import Pill
from dsadesk.ui.widgets.text import Text, button_text

PRIMARY_KEYS, DECIDE_KEYS, MORE_KEYS = "Alt+N", "Alt+D", "Alt+M"
_NARROW = 640


class RequestHead(QFrame):
    """Reference, status, marking, title and parties; the sentence that says what happens now; at the right what can be done."""

    step_chosen = Signal(str)  # the id of a Step

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("look", "header")
        policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        self._head: Head | None = None
        self._is_compact = False
        outer = QVBoxLayout(self)
        outer.setContentsMargins(Space.GUTTER, Space.MEDIUM, Space.GUTTER - 4, Space.MEDIUM)
        outer.setSpacing(Space.TIGHT)
        self._reference = Text("", "eyebrow", wrap=False)
        self._reference.let_copy()
        self._status, self._marking = Pill(""), Pill("", Tone.INFO)
        self._marking.setAccessibleDescription(translate("Request", "Marking"))
        line = QWidget()
        flow = Flow(line, spacing=Space.SMALL + 2, row_spacing=Space.TIGHT)
        for each in (self._reference, self._status, self._marking):
            flow.addWidget(each)
        outer.addWidget(line)
        self.title = Text("", "title", heading=True)
        self.title.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self._turning = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        self._turning.setSpacing(Space.SMALL)
        self._turning.addWidget(self.title, 1)
        self._turning.addWidget(self._buttons(), 0, Qt.AlignmentFlag.AlignTop)
        outer.addLayout(self._turning)
        self._parties_line, self._parties = _fact("building-2", "meta")
        sentence_line, self._sentence = _fact("arrow-right", "text")
        outer.addWidget(self._parties_line)
        outer.addWidget(sentence_line)
        self._note_line, self._note = _fact("lock", "text")
        self._note_line.hide()
        outer.addWidget(self._note_line)

    def show_head(self, head: Head) -> None:
        """Show where the request stands."""
        if head == self._head:
            return
        self._head = head
        self._reference.setText(head.reference)
        self._status.show_status(head.status, head.tone)
        self._marking.show_status(head.marking, Tone.WARN if "SENSITIVE" in head.marking else Tone.INFO)
        self.title.setText(head.title)
        self._parties.setText(head.parties)
        self._sentence.setText(head.sentence)
        self._note.setText("\n".join(head.notes))
        self._note_line.setVisible(bool(head.notes) and not self._is_compact)
        for button, is_pressing in ((self._primary, True), (self._aside, False)):
            step = head.primary if head.primary is not None and head.primary.pressing is is_pressing else None
            button.setVisible(step is not None)
            if step is not None:
                button.set_words(step.words)
                button.set_icon(step.icon)
                button.setShortcut(QKeySequence(PRIMARY_KEYS))
        self._decide.setVisible(bool(head.decisions))
        said = ", ".join(button_text(step.words) for step in head.decisions)
        self._decide.setAccessibleName(translate("Request", "Decide: {choices}", choices=said))
        self._more.setVisible(bool(head.more))

    def focus_title(self) -> None:
        """Put the keyboard on the title, from where reading begins."""
        self.title.setFocus(Qt.FocusReason.OtherFocusReason)

    def set_compact(self, *, compact: bool) -> None:
        """Leave more of a low page to what is read: a smaller title, no line of parties, and what is left to others said further down."""
        self._is_compact = compact
        self._note_line.setVisible(self._head is not None and bool(self._head.notes) and not compact)
        look = "subtitle" if compact else "title"
        if self.title.property("look") != look:
            set_look(self.title, look=look)
            self._parties_line.setVisible(not compact)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Put the buttons under the title where they would squeeze it."""
        super().resizeEvent(event)
        narrow = event.size().width() < theme.px(_NARROW)
        down, across = QBoxLayout.Direction.TopToBottom, QBoxLayout.Direction.LeftToRight
        self._turning.setDirection(down if narrow else across)

    def menu_of(self, steps: tuple[Step, ...]) -> QMenu:
        """Return a menu of things to do. What ends the request stands apart."""
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        lasting, ends = [step for step in steps if not step.ends], [step for step in steps if step.ends]
        for group in (lasting, ends):
            if group and menu.actions():
                menu.addSeparator()
            for step in group:
                entry = menu.addAction(button_text(step.words) + ("…" if step.asks else ""))
                entry.triggered.connect(lambda _=False, name=step.id: self.step_chosen.emit(name))
        return menu

    def _buttons(self) -> QWidget:
        box = QWidget()
        flow = Flow(box, spacing=Space.SMALL)
        self._more = Button(translate("Request", "More"), icon_name="chevron-down")
        self._decide = Button(translate("Request", "Decide"), "brand", icon_name="gavel")
        self._primary, self._aside = GraveButton("", "primary"), GraveButton("")
        self._primary.clicked.connect(self._on_primary_clicked)
        self._aside.clicked.connect(self._on_primary_clicked)
        self._decide.clicked.connect(lambda: self._open_menu(self._decide))
        self._more.clicked.connect(lambda: self._open_menu(self._more))
        self._decide.setShortcut(QKeySequence(DECIDE_KEYS))
        self._more.setShortcut(QKeySequence(MORE_KEYS))
        self._more.setAccessibleName(translate("Request", "More that can be done"))
        for button in (self._primary, self._aside, self._decide, self._more):
            flow.addWidget(button)
        return box

    def _on_primary_clicked(self) -> None:
        if self._head is not None and self._head.primary is not None:
            self.step_chosen.emit(self._head.primary.id)

    def _open_menu(self, button: Button) -> None:
        if self._head is not None:
            menu = self.menu_of(self._head.decisions if button is self._decide else self._head.more)
            menu.popup(button.mapToGlobal(button.rect().bottomLeft()))


def _fact(icon_name: str, look: str) -> tuple[QWidget, Text]:
    line = QWidget()
    row = QHBoxLayout(line)
    row.setContentsMargins(0, 0, 0, 0)
    row.setSpacing(Space.SMALL - 1)
    text = Text("", look)
    row.addWidget(Glyph(icon_name, "ink2", size=16), 0, Qt.AlignmentFlag.AlignTop)
    row.addWidget(text, 1)
    return line, text
