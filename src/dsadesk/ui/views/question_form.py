"""The form: the questions of a section as widgets, which come and go without disturbing the one that has the keyboard."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import QCoreApplication, QElapsedTimer, QEvent, QKeyCombination, QObject, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent, QKeySequence, QTextCursor
from PySide6.QtWidgets import QLineEdit, QPlainTextEdit, QVBoxLayout, QWidget
from shiboken6 import isValid

from dsadesk.ui.i18n import translate
from dsadesk.ui.presenters.form import Entry, Problem
from dsadesk.ui.theme import Space
from dsadesk.ui.views.link_line import LinkLine
from dsadesk.ui.views.question_block import QuestionBlock
from dsadesk.ui.views.section_page import SectionPage, put_value
from dsadesk.ui.views.tab_order import tab_through
from dsadesk.ui.vocabulary import Tone
from dsadesk.ui.widgets.answers import LongText, ShortText
from dsadesk.ui.widgets.banner import Banner
from dsadesk.ui.widgets.question import Question
from dsadesk.ui.widgets.repeat_table import RepeatTable
from dsadesk.ui.widgets.scroll_column import ScrollColumn, keep_room_for_bar
from dsadesk.ui.widgets.set_rows import SetRows
from dsadesk.ui.widgets.text import Text, place_in_qt

_BUDGET_MILLISECONDS = 6
_UNSEEN_MILLISECONDS = 100  # for a form that is not drawn, because its window is not in sight
_SETTLED_MILLISECONDS = 400
_AHEAD_MILLISECONDS = 4
_NO_LETTER_MILLISECONDS = 400  # so long has nobody typed when a section is made ahead
_MOST_PAGES = 20
_REDO_TOO = QKeyCombination(Qt.KeyboardModifier.ControlModifier, Qt.Key.Key_Y)


class QuestionForm(ScrollColumn):
    """The questions of one section under its title. Sections that were shown before are kept, so that going back costs little."""

    answered = Signal(str, object)  # the question's id, the new value
    partners_wanted = Signal()
    fill_wanted = Signal()
    rested = Signal()  # all that was to be made is there; there is time to make a section ahead
    field_made = Signal(
        str, object, str
    )  # the question's id, a QPlainTextEdit or QLineEdit that a text is typed in, the column of a table

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent=parent)
        keep_room_for_bar(self)
        self._keys = _DraftKeys(self)
        self._pages: dict[str, SectionPage] = {}  # by section; the one that was shown last is the last
        self._page: SectionPage | None = None
        self._ahead: SectionPage | None = None  # which nobody has been to yet, while parts of it are to come
        self._typed = QElapsedTimer()
        self._left_over: list[QWidget] = []
        self._soon = QTimer(self)
        self._soon.setSingleShot(True)
        self._paint = _Paint(self)
        self._paint.came.connect(lambda: self._soon.start(0))
        self._soon.timeout.connect(self._go_on)
        self._wanted = ""  # the question that somebody goes to, while the room for it settles
        self._settling = QTimer(self)
        self._settling.setSingleShot(True)
        self._settling.setInterval(_SETTLED_MILLISECONDS)
        self.verticalScrollBar().rangeChanged.connect(self._on_range_changed)
        self._title = Text("", "title", heading=True)
        self._title.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self._lead = Text("", "lead")
        self._problems = ProblemList()
        self._problems.chosen.connect(self.go_to)
        self._head = QWidget()
        column = QVBoxLayout(self._head)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(Space.SMALL - 2)
        column.addWidget(self._title)
        column.addWidget(self._lead)
        self.add(self._head)
        self.add(self._problems)

    def questions(self) -> dict[str, Question[Any]]:
        """Return the widgets by question, in order."""
        return {name: block.question for name, block in self._whole().items()}

    def block(self, question: str) -> QuestionBlock | None:
        """Return a question of this section with what stands under it."""
        return self._whole().get(question)

    def forget(self) -> None:
        """Keep no section: another draft is shown, or none."""
        for page in self._pages.values():
            self._drop(page)
        self._pages, self._page, self._ahead = {}, None, None

    def show_section(self, name: str, title: str, lead: str, entries: Sequence[Entry]) -> None:
        """Show a section from its top."""
        self.setUpdatesEnabled(False)
        self._title.setText(title)
        self._lead.setText(lead)
        self._problems.show_problems(())
        # The title may need another line; the page is put under it as it is now.
        self._activate(self._head)
        page = self._pages.pop(name, None)
        if page is not self._page:
            self._leave()
        if page is None:
            # What is in sight is there at once; the rest follows while it is read.
            page = self._made_page()
            page.begin(entries, self._room())
        else:
            self._ahead = self._ahead if page is not self._ahead else None
            self._left_over += page.show_again(entries)
        self._pages[name] = self._page = page
        page.show()
        # Of what was begun out of sight: added to a page that is shown, a part tells the boxes round it that they are higher.
        page.fill(self._room())
        self._lay_out_now()
        self.verticalScrollBar().setValue(0)
        self.setUpdatesEnabled(True)
        self._go_on_once_painted()

    def make_ahead(self, name: str, entries: Sequence[Entry]) -> None:
        """Make a section that somebody may go to next, out of sight, a little at a time and not while somebody types."""
        if self._ahead is None and not self.keeps(name) and len(self._pages) < _MOST_PAGES:
            self._ahead = self._pages[name] = self._made_page()
            self._ahead.begin_ahead(entries, self.holder.width())
            self._soon.start(0)

    def keeps(self, name: str) -> bool:
        """Say whether a section is there, or being made."""
        return name in self._pages

    def show_entries(self, entries: Sequence[Entry]) -> None:
        """Bring the questions in line. Those that stay keep what is typed in them and the keyboard."""
        if self._page is not None:
            self._left_over += self._page.follow(entries)
            self._soon.start(0)

    def show_problems(self, problems: Sequence[Problem]) -> None:
        """Name what is missing, at the top and at each question."""
        said = {problem.question: problem.sentence for problem in reversed(problems)}
        for name, block in (self._whole() if problems else self._there()).items():
            block.question.show_problem(said.get(name, ""))
        was_shown = not self._problems.isHidden()
        self._problems.show_problems(problems)
        if problems and not was_shown:
            self.verticalScrollBar().setValue(0)
            self._problems.setFocus(Qt.FocusReason.OtherFocusReason)

    def go_to(self, question: str) -> None:
        """Put the keyboard where this question is answered."""
        block = self.block(question)
        if block is not None:
            block.question.take_focus()
            # The room for what was just built is known a moment later, and texts above still grow to their lines.
            self._wanted = question
            self._settling.start()
            QTimer.singleShot(0, self, self._reveal)

    def put(self, question: str, value: Any) -> None:
        """Show another answer, and put the keyboard there."""
        block = self.block(question)
        if block is not None:
            put_value(block, value)
            self.go_to(question)

    def select(self, question: str, start: int, length: int, *, row: int = -1, column: str = "") -> None:
        """Put the keyboard where words stand in an answer, and choose them."""
        block = self.block(question)
        if block is None:
            return
        asked: Question[Any] | None = block.question
        if row >= 0 and isinstance(asked, RepeatTable | SetRows):
            asked = asked.cell(row, column)
        if isinstance(asked, LongText):
            text, cursor = asked.area.toPlainText(), asked.area.textCursor()
            cursor.setPosition(place_in_qt(text, min(start, len(text))))
            cursor.setPosition(place_in_qt(text, min(start + length, len(text))), QTextCursor.MoveMode.KeepAnchor)
            asked.area.setTextCursor(cursor)
        elif isinstance(asked, ShortText):
            asked.line.setSelection(place_in_qt(asked.line.text(), start), length)
        if asked is None:
            self.go_to(question)
            return
        asked.take_focus()
        shown = asked
        QTimer.singleShot(0, self, lambda: self.reveal(shown) if isValid(shown) else None)

    def focus_title(self) -> None:
        """Put the keyboard on the title, from where reading begins."""
        self._title.setFocus(Qt.FocusReason.OtherFocusReason)

    def question_of(self, widget: QWidget | None) -> str:
        """Return the question that a widget belongs to, or nothing."""
        each = widget
        while each is not None and each is not self:
            if isinstance(each, QuestionBlock):
                return each.question.spec.id
            each = each.parentWidget()
        return ""

    # ------------------------------------------------------------ within

    def _lay_out_now(self) -> None:
        """Put everything in its place now: left to itself, Qt may draw once before it does, with new questions squeezed into the old height."""
        body = self.widget()
        if body is not None:
            self._activate(body)
            # By this the scroll area asks how high the body is now.
            QCoreApplication.sendEvent(self, QEvent(QEvent.Type.LayoutRequest))

    @staticmethod
    def _activate(widget: QWidget) -> None:
        layout = widget.layout()
        if layout is not None:
            layout.activate()

    def _room(self) -> QSize:
        """Return how wide the column is, and how much of its height is in sight under the title."""
        width = self.holder.width()
        return QSize(width, self.viewport().height() - self._head.heightForWidth(width) - self.column.spacing())

    def _go_on_once_painted(self) -> None:
        if self._page is not None:
            self._paint.await_of(self._page)
        self._soon.start(_UNSEEN_MILLISECONDS)

    def _there(self) -> dict[str, QuestionBlock]:
        return self._page.blocks if self._page is not None else {}

    def _whole(self) -> dict[str, QuestionBlock]:
        """Have every question there, because somebody asks for one that may not be in sight."""
        if self._page is not None and not self._page.is_whole:
            self._page.finish()
            self._lay_out_now()
        return self._there()

    def _made_page(self) -> SectionPage:
        page = SectionPage(self._problems, self.holder)
        page.made.connect(self._on_block_made)
        self.add(page)
        if len(self._pages) >= _MOST_PAGES:
            self._drop(self._pages.pop(next(iter(self._pages))))
        return page

    def _leave(self) -> None:
        """Put the section away that is shown."""
        page, self._page = self._page, None
        if page is None:
            return
        holder: QWidget | None = self.window().focusWidget()
        if holder is not None and page.isAncestorOf(holder):
            # Hiding what has the keyboard would send it on through every page.
            self.focus_title()
        page.hide()

    def _drop(self, page: SectionPage) -> None:
        self._ahead = self._ahead if page is not self._ahead else None
        page.hide()
        self.column.removeWidget(page)
        self._left_over += [page, *page.blocks.values()]
        self._go_on_once_painted()

    def _go_on(self) -> None:
        """Make what is to come, then take away what is left over: a little at a time, so that a key is never kept waiting."""
        if self._page is not None and not self._page.is_whole:
            self._page.go_on(_BUDGET_MILLISECONDS)
            self._lay_out_now()
        elif self._left_over:
            self._left_over.pop().deleteLater()
        elif self._ahead is not None:
            self._go_on_ahead(self._ahead)
            return
        if self._left_over or self._ahead is not None or (self._page is not None and not self._page.is_whole):
            self._soon.start(0)
        elif self._page is not None:
            self.rested.emit()

    def _go_on_ahead(self, page: SectionPage) -> None:
        if self._typed.isValid() and self._typed.elapsed() < _NO_LETTER_MILLISECONDS:
            self._soon.start(_NO_LETTER_MILLISECONDS)
            return
        if page.is_whole:
            self._ahead = None
            page.make_ready()
            self.rested.emit()
        else:
            page.go_on(_AHEAD_MILLISECONDS)
            self._soon.start(0)

    def _reveal(self) -> None:
        block = self._there().get(self._wanted)
        if block is None or not isValid(block):
            return
        self.reveal(block)
        holder: QWidget | None = self.window().focusWidget()
        if holder is not None and block.isAncestorOf(holder):
            self.reveal(holder)

    def _on_range_changed(self) -> None:
        if self._settling.isActive():
            self._reveal()

    def _on_block_made(self, block: QuestionBlock) -> None:
        name = block.question.spec.id
        block.question.changed.connect(lambda value: self._on_answered(name, value))
        block.partners_wanted.connect(self.partners_wanted)
        block.fill_wanted.connect(self.fill_wanted)
        if isinstance(block.question, RepeatTable):
            block.question.row_opened.connect(lambda form: self._on_row_opened(name, form))
        else:
            self._take_fields(name, block)

    def _on_answered(self, question: str, value: Any) -> None:
        self._typed.start()
        self.answered.emit(question, value)

    def _on_row_opened(self, question: str, form: QWidget) -> None:
        self._take_fields(question, form)
        QTimer.singleShot(0, self, lambda: self.reveal(form) if isValid(form) else None)

    def _take_fields(self, question: str, holder: QWidget) -> None:
        """Let the keys that undo go to the whole draft, and tell of the fields that texts are typed in."""
        for each in holder.findChildren(QWidget):
            if isinstance(each, QPlainTextEdit | QLineEdit):
                each.installEventFilter(self._keys)
            if isinstance(each, QPlainTextEdit):
                each.setUndoRedoEnabled(False)
            if isinstance(each, LongText):
                self.field_made.emit(question, each.area, each.spec.id)
            elif isinstance(each, ShortText):
                self.field_made.emit(question, each.line, each.spec.id)


class _DraftKeys(QObject):
    """Keeps the keys that undo and redo from the fields, which know only themselves."""

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:
        if event.type() is QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent):
            undoing = event.matches(QKeySequence.StandardKey.Undo) or event.matches(QKeySequence.StandardKey.Redo)
            if undoing or event.keyCombination() == _REDO_TOO:
                event.ignore()
                return True
        return False


class _Paint(QObject):
    """Waits for the next paint of one widget."""

    came = Signal()

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._awaited: QWidget | None = None

    def await_of(self, widget: QWidget) -> None:
        if self._awaited is not None and isValid(self._awaited):
            self._awaited.removeEventFilter(self)
        self._awaited = widget
        widget.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() is QEvent.Type.Paint:
            watched.removeEventFilter(self)
            self._awaited = None
            self.came.emit()
        return False


class ProblemList(QWidget):
    """What is missing, in order, each a way to where it is."""

    chosen = Signal(str)  # the question's id

    def __init__(self, title: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._title = title
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(Space.TIGHT)
        self._shown: tuple[Problem, ...] = ()
        self.hide()

    def show_problems(self, problems: Sequence[Problem]) -> None:
        """Show these; none takes no room."""
        if tuple(problems) == self._shown:
            return
        self._shown = tuple(problems)
        while (item := self._column.takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                widget.hide()
                widget.deleteLater()
        self.setVisible(bool(problems))
        if not problems:
            return
        some = (
            translate("ProblemList", "One thing is missing here")
            if len(problems) == 1
            else translate("ProblemList", "{n} things are missing here", n=len(problems))
        )
        banner = Banner(
            self._title or some,
            Tone.WARN,
            details=translate(
                "ProblemList", "You can go on and come back. Before the request is sealed they have to be there."
            ),
        )
        self.setAccessibleName(some)
        self._column.addWidget(banner)
        for problem in problems:
            link = LinkLine(problem.sentence)
            link.clicked.connect(lambda _=False, question=problem.question: self.chosen.emit(question))
            self._column.addWidget(link)
        tab_through([self, *self.findChildren(LinkLine)[-len(problems) :]])
