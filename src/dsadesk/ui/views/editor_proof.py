"""Reads the texts of the section while somebody writes in them, one at a time, after the typing pauses; and leads from mark to mark."""

from __future__ import annotations

import re
from dataclasses import dataclass

from PySide6.QtCore import QObject, QPoint, QRect, Qt, QTimer, Signal
from PySide6.QtGui import QTextCursor
from PySide6.QtWidgets import QApplication, QLineEdit, QMenu, QPlainTextEdit, QWidget
from shiboken6 import isValid

from dsadesk.questions.proofing import Kind, Mark, Proof
from dsadesk.services.wording import Explanation
from dsadesk.ui.i18n import translate
from dsadesk.ui.presenters.editor import EditorPresenter
from dsadesk.ui.presenters.proofing import words_of
from dsadesk.ui.widgets.accessible import announce
from dsadesk.ui.widgets.marked_line import MarkedLine
from dsadesk.ui.widgets.marked_text import MarkedText
from dsadesk.ui.widgets.scroll_column import ScrollColumn
from dsadesk.ui.widgets.text import button_text, place_in_qt, plain

_PAUSE_MILLISECONDS = 300
_MOST_LETTERS = 20_000  # of a longer text only what is in sight is read


Field = QPlainTextEdit | QLineEdit


@dataclass
class _Field:
    question: str
    column: str
    widget: Field
    marked: MarkedText | MarkedLine
    read: str | None = None  # None while it has to be read

    def text(self) -> str:
        return self.widget.toPlainText() if isinstance(self.widget, QPlainTextEdit) else self.widget.text()


class EditorProof(QObject):
    """Watches the fields that the form makes. `failed` says why a word could not be added to the dictionary."""

    failed = Signal(object)  # Explanation

    def __init__(self, presenter: EditorPresenter, parent: QWidget) -> None:
        super().__init__(parent)
        self._presenter = presenter
        self._fields: list[_Field] = []
        self._is_reading = False
        self._pause = QTimer(self)
        self._pause.setSingleShot(True)
        self._pause.setInterval(_PAUSE_MILLISECONDS)
        self._pause.timeout.connect(self._read_next)

    def watch(self, question: str, widget: Field, column: str = "") -> None:
        """Read a field of this question, or of a column of its table, from now on, as long as it is there."""
        marked = MarkedText(widget) if isinstance(widget, QPlainTextEdit) else MarkedLine(widget)
        field = _Field(question, column, widget, marked)
        self._fields.append(field)
        widget.textChanged.connect(lambda: self._on_changed(field))
        widget.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        widget.customContextMenuRequested.connect(lambda place: self._on_menu_wanted(widget, place))
        self._pause.start()

    def look_again(self) -> None:
        """Read everything anew: the dictionary has changed."""
        for field in self._fields:
            field.read = None
        self._pause.start()

    def marked(self, widget: QWidget) -> MarkedText | MarkedLine | None:
        """Return the marks of a field."""
        return next((field.marked for field in self._there() if field.widget is widget), None)

    def step(self, by: int) -> None:
        """Go to the next mark in this section, or the one before, and say what it is about."""
        places = [(field, mark) for field in self._there() for mark in field.marked.marks()]
        if not places:
            announce(self._window(), translate("Proof", "Nothing is marked in this section."))
            return
        place = self._next(places, by)
        field, mark = places[place]
        field.widget.setFocus()
        _choose(field.widget, mark.start, mark.end)
        _bring_into_view(field.widget)
        said = translate("Proof", "{n} of {total}: {words}", n=place + 1, total=len(places), words=words_of(mark))
        announce(field.widget, said)

    def suggest_here(self) -> None:
        """Offer what could be written at the cursor in place of what is marked there."""
        area = QApplication.focusWidget()
        if isinstance(area, QPlainTextEdit | QLineEdit) and self.marked(area) is not None:
            self._on_menu_wanted(area, _under_cursor(area))

    # ------------------------------------------------------------ within

    def _window(self) -> QWidget:
        parent = self.parent()
        return parent if isinstance(parent, QWidget) else QWidget()

    def _there(self) -> list[_Field]:
        self._fields = [field for field in self._fields if isValid(field.widget)]
        return [field for field in self._fields if field.widget.isVisible()]

    def _on_changed(self, field: _Field) -> None:
        field.read = None
        self._pause.start()

    def _read_next(self) -> None:
        if self._is_reading:
            return
        holder = QApplication.focusWidget()
        waiting = [field for field in self._there() if field.read is None]
        if not waiting:
            return
        field = min(waiting, key=lambda each: each.widget is not holder)
        whole = field.text()
        text, start = _in_sight(field.widget, whole)
        self._is_reading = True
        self._presenter.proofread(
            field.question,
            plain(text),
            lambda found: self._show(field, whole, start, found),
            column=field.column,
            is_line=isinstance(field.widget, QLineEdit),
        )

    def _show(self, field: _Field, whole: str, start: int, found: Proof) -> None:
        self._is_reading = False
        if isValid(field.widget):
            if field.text() == whole:
                field.read = whole
                self._mark(field, start, found)
            QTimer.singleShot(0, self, self._read_next)
        else:
            self._pause.start()

    def _mark(self, field: _Field, start: int, found: Proof) -> None:
        whole = field.text()
        marks = [
            Mark(
                place_in_qt(whole, each.start + start),
                place_in_qt(whole, each.end + start),
                each.kind,
                each.found,
                each.instead,
                each.size,
            )
            for each in found.marks
        ]
        field.marked.show_marks(marks, but_at=_cursor_at(field.widget) if field.widget.hasFocus() else -1)

    def _next(self, places: list[tuple[_Field, Mark]], by: int) -> int:
        holder = QApplication.focusWidget()
        inside = [n for n, (field, _) in enumerate(places) if field.widget is holder]
        if not inside or not isinstance(holder, QPlainTextEdit | QLineEdit):
            return 0 if by > 0 else len(places) - 1
        start, end = _chosen(holder)
        if by > 0:
            later = [n for n in inside if places[n][1].start >= end]
            return later[0] if later else (inside[-1] + 1) % len(places)
        sooner = [n for n in inside if places[n][1].end <= start]
        return sooner[-1] if sooner else (inside[0] - 1) % len(places)

    def _on_menu_wanted(self, area: Field, place: QPoint) -> None:
        marked = self.marked(area)
        at = _place_at(area, place)
        start, end = _chosen(area)
        if start == end:
            _choose(area, at, at)
        mark = marked.mark_at(at) if marked is not None else None
        shown_at = (area.viewport() if isinstance(area, QPlainTextEdit) else area).mapToGlobal(place)
        if mark is None or mark.kind is not Kind.SPELLING:
            self._open_menu(area, mark, (), shown_at)
            return
        word, language = mark.found, "cy" if self._language(area) == "cy" else "en"
        reader = self._presenter.proofreader
        reader.suggest(word, language, lambda found: self._open_menu(area, mark, found, shown_at))

    def _language(self, area: Field) -> str:
        field = next((field for field in self._there() if field.widget is area), None)
        return self._presenter.language_of(field.question, field.text()) if field is not None else "en"

    def _open_menu(self, area: Field, mark: Mark | None, suggestions: tuple[str, ...], at: QPoint) -> None:
        if not isValid(area) or not area.isVisible():
            return
        menu = QMenu(area)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        if mark is not None:
            for each in (mark.instead,) if mark.kind is Kind.AVOID else suggestions:
                menu.addAction(button_text(each)).triggered.connect(lambda _=False, word=each: _write(area, mark, word))
            if menu.isEmpty():
                menu.addAction(button_text(words_of(mark))).setEnabled(False)
            if mark.kind is Kind.SPELLING:
                words = translate("Proof", "Add “{word}” to my dictionary", word=plain(mark.found))
                menu.addAction(button_text(words)).triggered.connect(lambda: self._add(mark.found))
            menu.addSeparator()
        elif (own := self._own_word(area)) is not None:
            words = translate("Proof", "Take “{word}” out of my dictionary", word=own)
            menu.addAction(button_text(words)).triggered.connect(lambda: self._forget(own))
            menu.addSeparator()
        standard = area.createStandardContextMenu()
        standard.setParent(menu)
        for action in standard.actions():
            # Undo and redo of the whole draft stand in the editor's own menu.
            if action.objectName() not in {"edit-undo", "edit-redo"}:
                menu.addAction(action)
        menu.popup(at)
        first = next((action for action in menu.actions() if action.isEnabled() and not action.isSeparator()), None)
        if first is not None:
            menu.setActiveAction(first)

    def _own_word(self, area: Field) -> str | None:
        """Return the word at the cursor if this person added it."""
        word = _word_at_cursor(area)
        return word if word in self._presenter.proofreader.own_words else None

    def _forget(self, word: str) -> None:
        def done() -> None:
            announce(self._window(), translate("Proof", "“{word}” is no longer in your dictionary.", word=plain(word)))
            self.look_again()

        self._presenter.proofreader.forget(word, done, self._on_failed)

    def _add(self, word: str) -> None:
        def done() -> None:
            announce(self._window(), translate("Proof", "“{word}” is in your dictionary.", word=plain(word)))
            self.look_again()

        self._presenter.proofreader.add(word, done, self._on_failed)

    def _on_failed(self, explanation: Explanation) -> None:
        self.failed.emit(explanation)


def _write(area: Field, mark: Mark, word: str) -> None:
    """Put a word in place of what is marked, if it still stands there."""
    _choose(area, mark.start, mark.end)
    if isinstance(area, QLineEdit):
        if area.selectedText() == mark.found:
            area.insert(word)
            area.setFocus()
        return
    cursor = area.textCursor()
    if cursor.selectedText() == mark.found:
        cursor.insertText(word)
        area.setTextCursor(cursor)
        area.setFocus()


def _bring_into_view(widget: QWidget) -> None:
    around = widget.parentWidget()
    while around is not None and not isinstance(around, ScrollColumn):
        around = around.parentWidget()
    if around is not None:
        around.reveal(widget)


def _choose(area: Field, start: int, end: int) -> None:
    if isinstance(area, QLineEdit):
        if start == end:
            area.setCursorPosition(start)
        else:
            area.setSelection(start, end - start)
        return
    cursor = area.textCursor()
    cursor.setPosition(start)
    cursor.setPosition(end, QTextCursor.MoveMode.KeepAnchor)
    area.setTextCursor(cursor)


def _chosen(area: Field) -> tuple[int, int]:
    if isinstance(area, QPlainTextEdit):
        return area.textCursor().selectionStart(), area.textCursor().selectionEnd()
    start = area.selectionStart() if area.hasSelectedText() else area.cursorPosition()
    return start, start + len(area.selectedText())


def _cursor_at(area: Field) -> int:
    return area.textCursor().position() if isinstance(area, QPlainTextEdit) else area.cursorPosition()


def _place_at(area: Field, place: QPoint) -> int:
    if not area.rect().contains(place):
        return _cursor_at(area)
    return (
        area.cursorForPosition(place).position() if isinstance(area, QPlainTextEdit) else area.cursorPositionAt(place)
    )


def _under_cursor(area: Field) -> QPoint:
    if isinstance(area, QPlainTextEdit):
        return area.cursorRect().bottomLeft()
    rect: QRect = area.inputMethodQuery(Qt.InputMethodQuery.ImCursorRectangle)
    return rect.center()


def _word_at_cursor(area: Field) -> str:
    if isinstance(area, QPlainTextEdit):
        cursor = area.textCursor()
        if not cursor.hasSelection():
            cursor.select(QTextCursor.SelectionType.WordUnderCursor)
        return cursor.selectedText()
    if area.hasSelectedText():
        return area.selectedText()
    text, at = area.text(), area.cursorPosition()
    before, after = re.search(r"[^\W\d_]*$", text[:at]), re.match(r"[^\W\d_]*", text[at:])
    return (before.group() if before else "") + (after.group() if after else "")


def _in_sight(widget: Field, whole: str) -> tuple[str, int]:
    if len(whole) <= _MOST_LETTERS or not isinstance(widget, QPlainTextEdit):
        return whole, 0
    start = widget.firstVisibleBlock().position()
    end = widget.cursorForPosition(widget.viewport().rect().bottomRight()).block()
    return whole[start : min(end.position() + end.length(), start + _MOST_LETTERS)], start
