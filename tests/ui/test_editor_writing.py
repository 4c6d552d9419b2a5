"""Writing with help: marks under words, suggestions, finding, undoing, all by keyboard."""

from __future__ import annotations

from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QContextMenuEvent, QTextCursor
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMenu, QPlainTextEdit

from dsadesk.host.spelling import ProcessSpeller
from dsadesk.questions.proofing import Kind
from dsadesk.resources import path
from dsadesk.services import drafting, spelling
from dsadesk.ui import theme
from dsadesk.ui.presenters.frame import Page, Place
from dsadesk.ui.views.link_line import LinkLine
from dsadesk.ui.views.whole_draft import WholeDraftDialog
from tests.support.desks import ANSWERS, SUPPLIER, memory_world, two_desks
from tests.ui.audit import clipped, small_targets, unnamed
from tests.ui.windows import window_over

CTRL, SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier
HARD = "Interdepartmental operationalisation necessitates comprehensive administrative harmonisation."


@pytest.fixture(scope="module")
def speller():
    made = ProcessSpeller(path("dictionaries"))
    yield made
    made.close()


@pytest.fixture
def pair(speller):
    return two_desks(lambda name, s, c: replace(memory_world(stores=s, clock=c, seed=name), speller=speller))


@pytest.fixture
def draft(pair):
    made = drafting.start(pair.asks, title="Bathing water", supplier=SUPPLIER.id).request
    drafting.load_answers(pair.asks, made, ANSWERS.read_bytes())
    return made


@pytest.fixture
def writing(pair, draft, tmp_path):
    with window_over(pair.requester, tmp_path, size=(1600, 900)) as shown:
        shown.window.activateWindow()
        shown.go(Place(Page.EDITOR, request=draft, part="purpose"))
        shown.editor = shown.page("requests")._editor
        yield shown


def area(shown, question):
    return shown.editor._form.questions()[question].findChild(QPlainTextEdit)


def write(shown, question, text):
    field = area(shown, question)
    field.setFocus()
    field.selectAll()
    field.insertPlainText(text)
    return field


def marks(shown, field):
    return shown.editor._proof.marked(field).marks()


def read(shown, qtbot, field, *found):
    qtbot.waitUntil(lambda: [mark.found for mark in marks(shown, field)] == list(found))


def menu(shown):
    return next((each for each in shown.window.findChildren(QMenu) if each.isVisible()), None)


def said(shown):
    lines = shown.editor._guidance._check._lines
    return [line._remark.sentence for line in lines if not line.isHidden()]


def test_what_could_be_plainer_is_marked_after_a_pause_and_said_beside(writing, qtbot):
    field = write(writing, "purpose.help", "We recieve the UPRN in order to help. ")
    read(writing, qtbot, field, "recieve", "UPRN", "in order to")
    qtbot.waitUntil(lambda: "Check the spelling of “recieve”" in said(writing))
    assert "For “in order to”, try: to" in said(writing)
    assert "Say what “UPRN” means the first time" in said(writing)


def test_an_acronym_that_another_answer_explains_is_not_marked(writing, qtbot):
    write(writing, "purpose.aim", "We use the unique property reference number (UPRN). ")
    field = write(writing, "purpose.help", "The UPRN helps us to recieve it. ")
    read(writing, qtbot, field, "recieve")


def test_the_word_that_is_being_typed_is_not_marked_until_it_ends(writing, qtbot):
    field = write(writing, "purpose.help", "We wrogn and recie")
    read(writing, qtbot, field, "wrogn")
    QTest.keyClicks(field, "ve it")
    read(writing, qtbot, field, "wrogn", "recieve")


def test_marks_move_with_the_text_before_anything_is_read_again(writing, qtbot):
    field = write(writing, "purpose.help", "We recieve it. ")
    read(writing, qtbot, field, "recieve")
    field.moveCursor(QTextCursor.MoveOperation.Start)
    QTest.keyClicks(field, "abc ")
    (mark,) = marks(writing, field)
    assert field.toPlainText()[mark.start : mark.end] == "recieve"


def test_welsh_is_spelt_as_welsh(writing, qtbot):
    text = "Rydym yn gofyn am y data hwn er mwyn i bobl gael dŵr glan. Mae hyn yn helpu pawb yng Nghymru, xyzq. "
    field = write(writing, "purpose.help", text)
    read(writing, qtbot, field, "xyzq")
    qtbot.waitUntil(lambda: "Checked as Welsh. There is no reading age for Welsh" in said(writing))


def test_a_public_summary_that_is_too_hard_names_its_sentences_and_a_click_goes_there(writing, qtbot):
    text = f"We keep people safe at the sea. {HARD} We tell them which beach is clean. "
    field = write(writing, "purpose.summary", text)
    qtbot.waitUntil(lambda: any(mark.kind is Kind.HARD for mark in marks(writing, field)))
    qtbot.waitUntil(lambda: any(sentence.startswith("Reads at age ") for sentence in said(writing)))
    links = [each for each in writing.editor._guidance.findChildren(LinkLine) if not each.isHidden()]
    link = next(each for each in links if each.said().startswith("Reads at age "))
    link.setFocus()
    QTest.keyClick(link, Qt.Key.Key_Return)
    assert field.textCursor().selectedText() == HARD
    assert writing.window.focusWidget() is field


def test_f7_goes_from_mark_to_mark_and_round(writing, qtbot):
    field = write(writing, "purpose.aim", "We recieve it. Wrogn. ")
    read(writing, qtbot, field, "recieve", "Wrogn")
    field.moveCursor(QTextCursor.MoveOperation.Start)
    QTest.keyClick(field, Qt.Key.Key_F7)
    assert field.textCursor().selectedText() == "recieve"
    QTest.keyClick(field, Qt.Key.Key_F7)
    assert field.textCursor().selectedText() == "Wrogn"
    QTest.keyClick(field, Qt.Key.Key_F7, SHIFT)
    assert field.textCursor().selectedText() == "recieve"


def test_f7_shows_the_mark_that_it_goes_to(writing, qtbot):
    form = writing.editor._form
    first = write(writing, "purpose.aim", "Wrogn. ")
    read(writing, qtbot, first, "Wrogn")
    last = write(writing, "purpose.not_for", "We recieve it. ")
    read(writing, qtbot, last, "recieve")
    form.verticalScrollBar().setValue(form.verticalScrollBar().maximum())
    assert first.visibleRegion().isEmpty()
    QTest.keyClick(last, Qt.Key.Key_F7)
    assert writing.window.focusWidget() is first
    assert not first.visibleRegion().isEmpty()


@pytest.mark.qt_log_ignore("This plugin does not support")
def test_a_suggestion_is_chosen_by_keyboard_and_saved(pair, draft, writing, qtbot):
    field = write(writing, "purpose.help", "We recieve it. ")
    read(writing, qtbot, field, "recieve")
    cursor = field.textCursor()
    cursor.setPosition(5)
    field.setTextCursor(cursor)
    QTest.keyClick(field, Qt.Key.Key_Period, CTRL)
    qtbot.waitUntil(lambda: menu(writing) is not None)
    shown = menu(writing)
    assert shown.activeAction().text() == "receive"
    QTest.keyClick(shown, Qt.Key.Key_Return)
    assert field.toPlainText() == "We receive it. "
    writing.settle()
    assert pair.asks.vault.drafts.answers(draft)["purpose.help"] == "We receive it. "


@pytest.mark.qt_log_ignore("This plugin does not support")
def test_a_word_is_added_to_the_dictionary_of_the_vault(pair, writing, qtbot):
    field = write(writing, "purpose.help", "The Afancod swim. ")
    read(writing, qtbot, field, "Afancod")
    rect = field.cursorRect(_cursor_at(field, 6))
    event = QContextMenuEvent(
        QContextMenuEvent.Reason.Mouse, rect.center(), field.viewport().mapToGlobal(rect.center())
    )
    QApplication.sendEvent(field.viewport(), event)
    qtbot.waitUntil(lambda: menu(writing) is not None)
    shown = menu(writing)
    words = [action.text() for action in shown.actions()]
    assert "Add “Afancod” to my dictionary" in words
    assert not any("Undo" in word for word in words)
    next(action for action in shown.actions() if "Afancod" in action.text()).trigger()
    shown.close()
    read(writing, qtbot, field)
    assert spelling.own_words(pair.asks) == {"Afancod"}
    QApplication.sendEvent(field.viewport(), event)
    qtbot.waitUntil(lambda: menu(writing) is not None)
    again = menu(writing)
    out = next(action for action in again.actions() if action.text() == "Take “Afancod” out of my dictionary")
    out.trigger()
    again.close()
    read(writing, qtbot, field, "Afancod")
    assert spelling.own_words(pair.asks) == frozenset()


def _cursor_at(field, place):
    cursor = field.textCursor()
    cursor.setPosition(place)
    return cursor


def test_a_desk_without_dictionaries_says_so_and_still_reads(tmp_path, qtbot):
    pair = two_desks()
    made = drafting.start(pair.asks, title="Bathing water").request
    with window_over(pair.requester, tmp_path, size=(1600, 900)) as shown:
        shown.go(Place(Page.EDITOR, request=made, part="purpose"))
        shown.editor = shown.page("requests")._editor
        field = write(shown, "purpose.aim", "We recieve it in order to help. ")
        read(shown, qtbot, field, "in order to")
        qtbot.waitUntil(lambda: "Spelling is not checked now" in said(shown))


def test_words_are_found_by_keyboard_across_sections(writing):
    field = area(writing, "purpose.aim")
    field.setFocus()
    QTest.keyClick(field, Qt.Key.Key_F, CTRL)
    bar = writing.editor._find
    assert bar.isVisible()
    QTest.keyClicks(bar.field, "swimmers")
    QTest.keyClick(bar.field, Qt.Key.Key_Return)
    first = bar.found()[0]
    assert bar.said().startswith(f"1 of {len(bar.found())}, in ")
    assert writing.editor._presenter.section == first.section
    writing.settle()
    for _ in bar.found():
        QTest.keyClick(writing.window.focusWidget(), Qt.Key.Key_F3)
        writing.settle()
    assert writing.editor._presenter.section == first.section
    QTest.keyClick(writing.window.focusWidget(), Qt.Key.Key_F, CTRL)
    QTest.keyClick(bar.field, Qt.Key.Key_Escape)
    assert not bar.isVisible()


def test_what_was_found_is_not_said_of_another_request(pair, writing):
    other = drafting.start(pair.asks, title="School meals").request
    writing.editor.focus_search()
    bar = writing.editor._find
    QTest.keyClicks(bar.field, "water")
    QTest.keyClick(bar.field, Qt.Key.Key_Return)
    writing.settle()
    assert bar.isVisible()
    assert bar.found()
    writing.go(Place(Page.EDITOR, request=other))
    assert not bar.isVisible()
    writing.editor.focus_search()
    assert (bar.field.text(), bar.said(), bar.found()) == ("", "", ())


def test_words_in_a_table_are_found_in_their_row(writing):
    writing.editor.focus_search()
    bar = writing.editor._find
    answers = writing.editor._presenter._answers["data.items"]
    word = answers[1]["why"].split()[-1].strip(".")
    QTest.keyClicks(bar.field, word)
    QTest.keyClick(bar.field, Qt.Key.Key_Return)
    place = next(n for n, each in enumerate(bar.found()) if each.row == 1 and each.column == "why")
    for _ in range(place):
        bar.step(1)
    writing.settle()
    holder = writing.window.focusWidget()
    chosen = holder.textCursor().selectedText() if isinstance(holder, QPlainTextEdit) else holder.selectedText()
    assert chosen.casefold() == word.casefold()


def test_ctrl_f_in_the_list_looks_for_requests(writing):
    requests = writing.page("requests")
    requests._pane.list.setFocus()
    QTest.keyClick(requests._pane.list, Qt.Key.Key_F, CTRL)
    assert writing.window.focusWidget() is requests._pane.search


def test_ctrl_z_in_a_field_undoes_the_last_change_of_the_draft(pair, draft, writing):
    aim, use = area(writing, "purpose.aim"), area(writing, "purpose.help")
    before = aim.toPlainText(), use.toPlainText()
    aim.setFocus()
    aim.moveCursor(QTextCursor.MoveOperation.End)
    QTest.keyClicks(aim, " One.")
    use.setFocus()
    use.moveCursor(QTextCursor.MoveOperation.End)
    QTest.keyClicks(use, " Two.")
    QTest.keyClick(use, Qt.Key.Key_Z, CTRL)
    assert use.toPlainText() == before[1]
    QTest.keyClick(use, Qt.Key.Key_Z, CTRL)
    assert aim.toPlainText() == before[0]
    assert writing.window.focusWidget() is aim
    QTest.keyClick(aim, Qt.Key.Key_Y, CTRL)
    assert aim.toPlainText() == f"{before[0]} One."
    QTest.keyClick(aim, Qt.Key.Key_Z, CTRL | SHIFT)
    assert use.toPlainText() == f"{before[1]} Two."
    writing.settle()
    assert pair.asks.vault.drafts.answers(draft)["purpose.help"] == f"{before[1]} Two."


def test_undoing_writes_only_what_differs_and_leaves_the_cursor_there(writing):
    field = write(writing, "purpose.aim", "One two three. " * 20)
    cursor = field.textCursor()
    cursor.setPosition(8)
    field.setTextCursor(cursor)
    writing.editor._presenter._log.clear()
    QTest.keyClicks(field, "xyz")
    QTest.keyClick(field, Qt.Key.Key_Z, CTRL)
    assert field.toPlainText() == "One two three. " * 20
    assert field.textCursor().position() == 8


@pytest.mark.parametrize("scale", [100, 200])
def test_the_find_bar_and_the_marks_are_named_large_enough_and_not_clipped(wear, writing, qtbot, scale):
    wear(theme.Theme.LIGHT, scale)
    field = write(writing, "purpose.help", "We recieve the UPRN in order to help. ")
    writing.editor.focus_search()
    writing.editor._find.field.setText("we")
    read(writing, qtbot, field, "recieve", "UPRN", "in order to")
    writing.settle()
    for check in (unnamed, clipped, small_targets):
        assert check(writing.editor) == []


def whole(shown, qtbot):
    QTest.keyClick(shown.window.focusWidget(), Qt.Key.Key_F7, CTRL)
    dialog = shown.editor._extras.dialog
    assert isinstance(dialog, WholeDraftDialog)
    qtbot.waitUntil(lambda: len(dialog._list.findChildren(LinkLine)) > 0, timeout=10_000)
    return dialog


def test_one_list_leads_to_every_place_of_the_draft_with_the_summary_first(pair, draft, writing, qtbot):
    write(writing, "purpose.summary", f"We keep people safe. {HARD} ")
    writing.editor._presenter.changed("outputs.audience", "A map in order to help.")
    writing.settle()
    dialog = whole(writing, qtbot)
    links = dialog._list.findChildren(LinkLine)
    assert links[0].said().startswith("Reads at age ")
    assert writing.window.focusWidget() is not None
    said_there = [link.said() for link in links]
    later = next(link for link in links if link.said() == "For “in order to”, try: to")
    assert said_there.index(later.said()) > 0
    QTest.keyClick(later, Qt.Key.Key_Return)
    writing.settle()
    assert writing.editor._presenter.section == "outputs"
    field = area(writing, "outputs.audience")
    assert writing.window.focusWidget() is field
    assert field.textCursor().selectedText() == "in order to"


def test_the_list_leads_into_the_row_of_a_table(writing, qtbot):
    rows = [dict(row) for row in writing.editor._presenter._answers["data.items"]]
    rows[1]["why"] = "To recieve it"
    writing.editor._presenter.changed("data.items", rows)
    dialog = whole(writing, qtbot)
    (link,) = [each for each in dialog._list.findChildren(LinkLine) if each.said().startswith("Row 2: ")]
    assert link.said() == "Row 2: Check the spelling of “recieve”"
    QTest.keyClick(link, Qt.Key.Key_Return)
    writing.settle()
    holder = writing.window.focusWidget()
    chosen = holder.textCursor().selectedText() if isinstance(holder, QPlainTextEdit) else holder.selectedText()
    assert chosen == "recieve"


@pytest.mark.parametrize("question", ["least.steps", "setting.format", "outputs.onward"])
def test_whoever_goes_to_a_question_sees_it(pair, draft, tmp_path, qtbot, question):
    with window_over(pair.requester, tmp_path, size=(1366, 768)) as shown:
        shown.window.activateWindow()
        shown.go(Place(Page.EDITOR, request=draft, part="purpose"))
        shown.go(Place(Page.EDITOR, request=draft, part=question))
        asked = shown.page("requests")._editor._form.questions()[question]
        qtbot.waitUntil(lambda: not asked.label.visibleRegion().isEmpty(), timeout=10_000)


def line_of(shown, question):
    shown.go(Place(Page.EDITOR, request=shown.editor._presenter.request, part=question))
    shown.settle()
    line = shown.editor._form.questions()[question].line
    line.setFocus()
    line.selectAll()
    return line


def test_a_field_of_one_line_is_marked_and_its_marks_move(writing, qtbot):
    line = line_of(writing, "about.title")
    line.insert("Beaches of Wenlow that recieve rain ")
    read(writing, qtbot, line, "recieve")
    line.setCursorPosition(0)
    QTest.keyClicks(line, "Two ")
    (mark,) = marks(writing, line)
    assert line.text()[mark.start : mark.end] == "recieve"
    line.setSelection(mark.start, 3)
    QTest.keyClicks(line, "x")
    assert marks(writing, line) == ()


def test_the_mark_of_a_line_is_seen(writing, qtbot):
    line = line_of(writing, "about.title")
    line.insert("Beaches that recieve rain ")
    line.setCursorPosition(0)
    before = line.grab().toImage()
    read(writing, qtbot, line, "recieve")
    after = line.grab().toImage()
    changed = [
        x for x in range(after.width()) if any(before.pixel(x, y) != after.pixel(x, y) for y in range(after.height()))
    ]
    metrics = line.fontMetrics()
    width = metrics.horizontalAdvance("recieve")
    assert abs(changed[-1] - changed[0] - width) <= 6
    start = line.inputMethodQuery(Qt.InputMethodQuery.ImCursorRectangle).x() + metrics.horizontalAdvance(
        "Beaches that "
    )
    assert abs(changed[0] - start) <= 8


@pytest.mark.qt_log_ignore("This plugin does not support")
def test_a_suggestion_is_chosen_in_a_line_by_keyboard(pair, draft, writing, qtbot):
    line = line_of(writing, "about.title")
    line.insert("Beaches that recieve rain")
    read(writing, qtbot, line, "recieve")
    line.setCursorPosition(0)
    QTest.keyClick(line, Qt.Key.Key_F7)
    assert line.selectedText() == "recieve"
    QTest.keyClick(line, Qt.Key.Key_Period, CTRL)
    qtbot.waitUntil(lambda: menu(writing) is not None, timeout=10_000)
    shown = menu(writing)
    assert shown.activeAction().text() == "receive"
    QTest.keyClick(shown, Qt.Key.Key_Return)
    assert line.text() == "Beaches that receive rain"
    writing.settle()
    assert pair.asks.vault.drafts.answers(draft)["about.title"] == "Beaches that receive rain"


@pytest.mark.parametrize("scale", [100, 200])
def test_the_list_is_named_large_enough_and_not_clipped(wear, writing, qtbot, scale):
    wear(theme.Theme.LIGHT, scale)
    write(writing, "purpose.summary", f"We keep people safe. {HARD} We recieve it in order to help. ")
    dialog = whole(writing, qtbot)
    writing.settle()
    for check in (unnamed, clipped, small_targets):
        assert check(dialog) == []


@pytest.mark.qt_log_ignore("This plugin does not support")
def test_the_menu_shows_the_keys_that_do_the_same_and_they_go_on_working(writing):
    before = area(writing, "purpose.aim").toPlainText()
    write(writing, "purpose.aim", "We help.")
    writing.editor._head._show_menu(writing.editor._head._more, everything=True)
    shown = {row.text().replace("&", ""): row.shortcut().toString() for row in menu(writing).actions()}
    assert shown["Preview"] == "Ctrl+P"
    assert shown["Undo"] == "Ctrl+Z"
    assert shown["Find in this request"] == "Ctrl+F"
    assert shown["Delete this draft…"] == ""
    QTest.keyClick(menu(writing), Qt.Key.Key_Escape)
    field = area(writing, "purpose.aim")
    field.setFocus()
    QTest.keyClick(field, Qt.Key.Key_Z, CTRL)
    assert field.toPlainText() == before
    QTest.keyClick(field, Qt.Key.Key_F, CTRL)
    assert writing.editor._find.isVisible()
