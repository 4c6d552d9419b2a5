"""What keeps the form quick: only what is in sight is made before it is drawn, and a letter lays out nothing but its field."""

from __future__ import annotations

from contextlib import contextmanager

import pytest
from PySide6.QtCore import QCoreApplication, QEvent, QEventLoop, QObject, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QPlainTextEdit, QWidget

from dsadesk.domain.ids import QuestionId
from dsadesk.services import drafting, reusing
from dsadesk.ui.presenters.frame import Page, Place
from dsadesk.ui.views import question_form
from dsadesk.ui.views.question_block import QuestionBlock
from dsadesk.ui.vocabulary import Tone
from dsadesk.ui.widgets.answers import LongText
from dsadesk.ui.widgets.button import Button
from dsadesk.ui.widgets.text import Text
from tests.support.desks import SUPPLIER, two_desks
from tests.ui.audit import clipped
from tests.ui.windows import window_over

AIM, ITEMS, LEAST = "purpose.aim", "data.items", "least.steps"
ROWS = [{"name": f"Field {n}", "meaning": "What it says"} for n in range(30)]


class Noted(QObject):
    """Notes the events of some kinds that widgets get."""

    def __init__(self, widgets, *kinds) -> None:
        super().__init__()
        self.kinds, self.seen = kinds, []
        self._widgets = list(widgets)
        for each in self._widgets:
            each.installEventFilter(self)

    def eventFilter(self, watched, event):  # noqa: N802
        if event.type() in self.kinds:
            self.seen.append((type(watched).__name__, event.type().name))
        return False


@pytest.fixture
def pair():
    return two_desks()


@contextmanager
def written(pair, tmp_path):
    draft = drafting.start(pair.asks, title="Matched", supplier=SUPPLIER.id)
    reusing.apply_template(pair.asks, draft, "2-matched-records")
    drafting.save_answer(pair.asks, draft.request, QuestionId(ITEMS), ROWS)
    drafting.save_answer(pair.asks, draft.request, QuestionId(AIM), "We help people in Wales.")
    with window_over(pair.requester, tmp_path) as shown:
        shown.window.activateWindow()
        shown.request = draft.request
        shown.go(Place(Page.EDITOR, request=draft.request, part="purpose"))
        shown.editor = shown.page("requests")._editor
        shown.form = shown.editor._form
        yield shown


@pytest.fixture
def resting(pair, tmp_path):
    """The section that follows is made while nothing else is to be done."""
    with written(pair, tmp_path) as shown:
        yield shown


@pytest.fixture
def writing(pair, tmp_path, monkeypatch):
    """Only sections that somebody goes to are made."""
    monkeypatch.setattr(question_form.QuestionForm, "make_ahead", lambda *_: None)
    with written(pair, tmp_path) as shown:
        yield shown


def items(shown):
    return shown.form._page.blocks[ITEMS].question


def until_painted(shown, widget):
    noted = Noted([widget], QEvent.Type.Paint)
    while not noted.seen:
        QCoreApplication.processEvents()


def until_whole(shown, qtbot):
    qtbot.waitUntil(lambda: shown.form._page.is_whole)
    shown.settle()


def test_of_a_long_table_only_the_rows_in_sight_are_made_before_it_is_drawn(writing, monkeypatch, qtbot):
    monkeypatch.setattr(question_form, "_UNSEEN_MILLISECONDS", 600_000)
    writing.window.setUpdatesEnabled(False)
    writing.editor._presenter.choose_section("data")
    page, table = writing.form._page, items(writing)
    made = len(table._rows)
    assert 1 <= made <= 8
    assert len(page.findChildren(QWidget)) < 120
    for _ in range(10):
        QCoreApplication.processEvents()
    assert (len(table._rows), list(page.blocks)) == (made, [ITEMS])
    writing.window.setUpdatesEnabled(True)
    until_whole(writing, qtbot)
    assert len(table._rows) == len(ROWS)


def test_a_section_that_nobody_sees_is_made_all_the_same(writing, monkeypatch, qtbot):
    writing.window.setUpdatesEnabled(False)
    writing.editor._presenter.choose_section("data")
    until_whole(writing, qtbot)
    assert len(items(writing)._rows) == len(ROWS)


def test_everything_is_in_its_place_before_anything_is_drawn(writing):
    form = writing.form
    for section in ("data", "purpose", "data"):
        before = form._head.height()
        writing.editor._presenter.choose_section(section)
        width = form.holder.width()
        assert form._head.height() == form._head.heightForWidth(width) != before
        assert form._page.y() == form._head.height() + form.column.spacing()
        assert form.widget().height() == form.widget().heightForWidth(form.viewport().width())


def test_what_is_drawn_first_fills_the_room_and_nothing_in_it_moves_when_the_rest_comes(writing, qtbot):
    writing.editor._presenter.choose_section("data")
    table, view = items(writing), writing.form.viewport()
    until_painted(writing, writing.form._title)
    first = [row for row in table._rows if row.isVisible()]
    places = [row.mapTo(view, row.rect().topLeft()).y() for row in first]
    last = first[-1]
    assert last.mapTo(view, last.rect().bottomLeft()).y() >= view.height() - 1
    assert all(row._title.said() and row._summary.said() for row in first)
    while not writing.form._page.is_whole:
        QCoreApplication.processEvents(QEventLoop.ProcessEventsFlag.AllEvents, 1)
        assert clipped(writing.form._page) == []
        assert [row.mapTo(view, row.rect().topLeft()).y() for row in first] == places
    until_whole(writing, qtbot)
    assert [row.mapTo(view, row.rect().topLeft()).y() for row in first] == places
    assert writing.form.verticalScrollBar().value() == 0


def test_a_table_whose_rows_are_to_come_has_all_of_its_answer(writing):
    writing.editor._presenter.choose_section("data")
    table = items(writing)
    assert not table.is_whole
    assert [row["name"] for row in table.value()] == [row["name"] for row in ROWS]
    assert not table._foot.isVisibleTo(writing.form)
    field = table.cell(25, "name")
    assert field.value() == "Field 25"
    assert table.is_whole


@pytest.mark.parametrize("parts", [0, 1, 2, 3, 5, 100])
def test_a_section_that_was_begun_ahead_fills_the_room_when_somebody_goes_there(resting, parts, qtbot, monkeypatch):
    until_whole(resting, qtbot)
    form, presenter = resting.form, resting.editor._presenter
    form.forget()
    presenter._section = ""
    monkeypatch.setattr(question_form.QuestionForm, "_go_on", lambda _: None)
    presenter.choose_section("purpose")
    form.make_ahead("data", presenter.entries_of("data"))
    ahead = form._pages["data"]
    for _ in range(parts):
        if not ahead.is_whole:
            ahead._add_part()
    presenter.choose_section("data")
    assert form._page is ahead
    assert form._page.height() == form._page.heightForWidth(form._page.width()) >= form._room().height()
    assert form.widget().height() == form.widget().heightForWidth(form.viewport().width())
    assert clipped(form._page) == []
    assert [row["name"] for row in items(resting).value()] == [row["name"] for row in ROWS]


def test_the_section_that_follows_is_made_at_rest_and_is_brought_in_line_when_somebody_goes_there(resting, qtbot):
    presenter, form = resting.editor._presenter, resting.form
    following = presenter.section_after()
    qtbot.waitUntil(lambda: form.keeps(following) and form._ahead is None)
    page = form._pages[following]
    assert not page.isVisible()
    assert page.is_whole
    asked, text = next(
        (name, each.question) for name, each in page.blocks.items() if isinstance(each.question, LongText)
    )
    presenter._take(asked, "Written elsewhere meanwhile.")
    presenter.choose_section(following)
    assert form._page is page
    assert page.blocks[asked].question is text
    assert text.value() == "Written elsewhere meanwhile."


def test_no_section_is_made_ahead_while_somebody_types(resting, qtbot, monkeypatch):
    presenter, form = resting.editor._presenter, resting.form
    until_whole(resting, qtbot)
    form.forget()
    presenter._section = ""
    monkeypatch.setattr(question_form, "_NO_LETTER_MILLISECONDS", 600_000)
    presenter.choose_section("purpose")
    form._on_answered(AIM, "We help people in England.")
    while form._ahead is None:
        QCoreApplication.processEvents()
    ahead = form._ahead
    for _ in range(30):
        QCoreApplication.processEvents()
    assert (form._ahead, ahead.blocks) == (ahead, {})
    form._typed.invalidate()
    form._soon.start(0)
    qtbot.waitUntil(lambda: form._ahead is None)
    assert ahead.is_whole


def test_whoever_goes_to_a_row_that_is_not_made_yet_gets_there(writing):
    writing.editor._presenter.choose_section("data")
    table = items(writing)
    writing.form.select(ITEMS, 0, 5, row=28, column="name")
    writing.settle()
    holder = QApplication.focusWidget()
    assert table._rows[28].isAncestorOf(holder)
    assert holder.selectedText() == "Field"


def test_the_tab_key_goes_through_the_rows_as_they_stand_and_then_to_what_is_under_them(writing, qtbot):
    writing.editor._presenter.choose_section("data")
    until_whole(writing, qtbot)
    table = items(writing)
    table._rows[27].open()
    writing.settle()
    words = []
    table._rows[26]._remove.setFocus()
    for _ in range(40):
        QTest.keyClick(QApplication.focusWidget(), Qt.Key.Key_Tab)
        holder = QApplication.focusWidget()
        words.append(holder.accessibleName() or (holder.said() if isinstance(holder, Button) else ""))
        if words[-1].startswith("Fill from"):
            break
    fields = len(table._rows[27]._fields())
    assert words[0] == "Field"
    assert words[fields : fields + 2] == [
        "Done with data item 28. Next: Data item 29: Field 28",
        "Done: Data item 28: Field 27",
    ]
    assert words[fields + 5 :] == [
        *(f"{word}: Data item 29: Field 28" for word in ("Edit", "Move up", "Move down", "Remove")),
        *(f"{word}: Data item 30: Field 29" for word in ("Edit", "Move up", "Remove")),
        "Add another data item",
        "Fill from a file or the catalogue…",
    ]


def test_words_of_questions_are_broken_into_lines_at_one_width(writing, monkeypatch, qtbot):
    asked: dict[Text, set[int]] = {}

    def noted(text, width):
        asked.setdefault(text, set()).add(width)
        return super(Text, text).heightForWidth(width)

    monkeypatch.setattr(Text, "heightForWidth", noted, raising=False)
    writing.editor._presenter.choose_section("data")
    until_painted(writing, writing.form._title)
    until_whole(writing, qtbot)
    labels = [block.question.label for block in writing.form._page.blocks.values()]
    assert {label: len(asked[label]) for label in labels} == dict.fromkeys(labels, 1)


def test_the_form_is_as_wide_whether_there_is_something_to_scroll_or_not(writing, qtbot):
    until_whole(writing, qtbot)
    wide = writing.form.holder.width()
    assert writing.form.verticalScrollBar().maximum() > 0
    for block in list(writing.form._page.blocks.values()):
        block.hide()
    writing.settle()
    assert writing.form.verticalScrollBar().maximum() == 0
    assert writing.form.holder.width() == wide


@pytest.mark.parametrize("question", [AIM, LEAST])
def test_typing_lays_out_no_question_and_no_head(writing, qtbot, question):
    writing.editor._presenter.open_question(question)
    until_whole(writing, qtbot)
    asked = writing.form.questions()[question]
    area = asked.findChild(QPlainTextEdit)
    QTest.keyClicks(area, "one ")  # the first letter may bring a question, the first change says "Saving…"
    writing.settle()
    qtbot.waitUntil(lambda: not writing.editor._pause.isActive())
    writing.settle()
    others = [writing.form._page, writing.editor._head, writing.form.holder]
    others += [each for each in writing.form._page.findChildren(QWidget) if isinstance(each, QuestionBlock | LongText)]
    noted = Noted(others, QEvent.Type.LayoutRequest, QEvent.Type.Resize, QEvent.Type.Move)
    for letters in ("t", "w", "o", " ", "t"):
        QTest.keyClicks(area, letters)
        for _ in range(3):
            QCoreApplication.processEvents()
    assert noted.seen == []


def test_the_words_left_follow_each_word_and_have_room_when_they_become_a_problem(writing, qtbot):
    writing.editor._presenter.open_question(AIM)
    until_whole(writing, qtbot)
    asked = writing.form.questions()[AIM]
    before = asked.count_words()
    QTest.keyClicks(asked.area, "more words ")
    assert asked.count_words() != before
    asked.area.setPlainText("word " * (asked.spec.max_words + 5))
    qtbot.waitUntil(lambda: asked._count.height() == asked._count.text.heightForWidth(asked._count.width()))
    assert asked.count_words() == "You have 5 words too many"
    assert asked._count.text.property("look") == "problem"


def test_saying_that_it_is_saved_moves_nothing_in_the_head(writing):
    head = writing.editor._head
    head.show_saved("Saved and encrypted on this computer at 12:34", Tone.NEUTRAL)
    writing.settle()
    noted = Noted([head], QEvent.Type.LayoutRequest)
    for sentence in ("Saving…", "Saved and encrypted on this computer at 12:35"):
        head.show_saved(sentence, Tone.NEUTRAL)
        for _ in range(3):
            QCoreApplication.processEvents()
        assert head.saved() == sentence
    assert noted.seen == []
    head.show_saved("One answer is not saved, and this is a much longer sentence than it ever was before", Tone.BAD)
    writing.settle()
    assert noted.seen
    assert head._saved.text.width() >= head._saved.text.sizeHint().width()
