"""The form in a window: typing, saving, questions that come and go under the hands of whoever types."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDropEvent, QGuiApplication, QKeySequence
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QPlainTextEdit, QTableView

from dsadesk.errors import DiskFullError
from dsadesk.services import drafting, reviewing
from dsadesk.ui import theme
from dsadesk.ui.presenters.frame import Page, Place
from dsadesk.ui.views import editor as editor_view
from dsadesk.ui.views import samples
from dsadesk.ui.views.link_line import LinkLine
from dsadesk.ui.widgets.banner import Banner
from dsadesk.ui.widgets.button import Button
from dsadesk.ui.widgets.text import Text
from tests.support.desks import ANSWERS, ROOT, SAMPLE, SUPPLIER, received_request, two_desks
from tests.ui.audit import tab_stops
from tests.ui.windows import window_over


@pytest.fixture
def pair():
    return two_desks()


@pytest.fixture
def draft(pair):
    return drafting.start(pair.asks, title="Bathing water", supplier=SUPPLIER.id).request


@pytest.fixture
def writing(pair, draft, tmp_path):
    with window_over(pair.requester, tmp_path) as shown:
        shown.window.activateWindow()
        shown.go(Place(Page.EDITOR, request=draft, part="purpose"))
        shown.editor = shown.page("requests")._editor
        yield shown


def questions(shown):
    return shown.editor._form.questions()


def area(shown, question):
    return questions(shown)[question].findChild(QPlainTextEdit)


class FullDisk:
    """Drafts on a disk that is full until there is room again."""

    def __init__(self, drafts):
        self._drafts = drafts
        self.is_full = True

    def save_answer(self, *arguments):
        if self.is_full:
            raise DiskFullError("disk-full")
        self._drafts.save_answer(*arguments)

    def __getattr__(self, name):
        return getattr(self._drafts, name)


def test_typing_is_saved_within_a_third_of_a_second_of_a_pause(pair, draft, writing, qtbot):
    field = area(writing, "purpose.aim")
    QTest.keyClicks(field, "Safer swimming.")
    assert writing.editor._pause.interval() <= 300
    qtbot.waitUntil(lambda: pair.asks.vault.drafts.answers(draft).get("purpose.aim") == "Safer swimming.")
    qtbot.waitUntil(lambda: writing.editor._head.saved().startswith("Saved and encrypted on this computer at "))


def test_typing_without_a_pause_is_on_disk_before_the_page_is_brought_in_line(pair, draft, writing):
    field = area(writing, "purpose.aim")
    QTest.keyClicks(field, "abc")
    assert writing.editor._pause.isActive()
    assert writing.editor._head.saved() == "Saving…"
    writing.settle()
    assert pair.asks.vault.drafts.answers(draft)["purpose.aim"] == "abc"


def test_a_stretch_of_typing_does_not_keep_the_page_behind_for_ever(writing):
    field = area(writing, "purpose.aim")
    QTest.keyClicks(field, "a")
    left = writing.editor._longest.remainingTime()
    QTest.keyClicks(field, "b")
    assert writing.editor._longest.remainingTime() <= left <= 1_100


def test_going_to_another_field_saves_what_was_typed(pair, draft, writing):
    field = area(writing, "purpose.aim")
    field.setFocus()
    QTest.keyClicks(field, "Safer swimming.")
    area(writing, "purpose.help").setFocus()
    writing.settle()
    assert pair.asks.vault.drafts.answers(draft)["purpose.aim"] == "Safer swimming."


def test_a_question_that_appears_leaves_the_keyboard_and_the_cursor_where_they_are(writing):
    writing.go(Place(Page.EDITOR, request=writing.editor._presenter.request, part="about"))
    others = questions(writing)["about.others"]
    yes = others._cards[True]
    yes.setFocus()
    yes.click()
    assert "about.other_orgs" in questions(writing)
    assert writing.window.focusWidget() is yes
    order = list(questions(writing))
    assert order.index("about.other_orgs") == order.index("about.others") + 1
    layout = writing.editor._form._page.layout()
    shown = [layout.itemAt(n).widget() for n in range(layout.count())]
    assert [block.question.spec.id for block in shown] == order


def test_the_tab_key_comes_to_a_question_that_appeared_in_its_place(writing):
    writing.go(Place(Page.EDITOR, request=writing.editor._presenter.request, part="about"))
    others = questions(writing)["about.others"]
    others._cards[True].setFocus()
    others._cards[True].click()
    appeared = questions(writing)["about.other_orgs"]
    after = list(questions(writing))[list(questions(writing)).index("about.other_orgs") + 1]
    writing.settle()
    stops = tab_stops(writing.window)
    first = next(n for n, stop in enumerate(stops) if appeared.isAncestorOf(stop))
    then = next(n for n, stop in enumerate(stops) if questions(writing)[after].isAncestorOf(stop))
    assert first == 0
    assert then > first


def test_what_is_typed_in_a_field_is_never_put_there_again_by_the_program(writing):
    field = area(writing, "purpose.aim")
    field.setFocus()
    QTest.keyClicks(field, "Safer swimming")
    cursor = field.textCursor()
    cursor.setPosition(3)
    field.setTextCursor(cursor)
    QTest.keyClicks(field, "x")
    writing.editor._presenter.flush()
    writing.settle()
    assert field.toPlainText() == "Safxer swimming"
    assert field.textCursor().position() == 4
    assert area(writing, "purpose.aim") is field


def test_the_guidance_beside_the_form_follows_the_keyboard(writing, qtbot):
    writing.window.resize(1920, 1080)
    first = area(writing, "purpose.aim")
    first.setFocus()
    QTest.keyClicks(first, "We utilise it.")
    guide = writing.editor._guidance
    assert guide.isVisible()
    qtbot.waitUntil(lambda: any("utilise" in remark.sentence for remark in guide.shown().remarks))
    questions(writing)["purpose.not_for"].take_focus()
    assert guide.shown().question == "What will you not use it for?"
    QTest.keyClick(writing.window.focusWidget(), Qt.Key.Key_G, Qt.KeyboardModifier.ControlModifier)
    assert not guide.isVisible()


def test_guidance_opens_in_front_where_there_is_no_room_beside(writing):
    writing.window.resize(900, 768)
    writing.editor._on_guidance_wanted()
    assert writing.dialog() is not None
    writing.dialog().reject()


def test_save_and_continue_names_the_gaps_and_a_click_goes_to_one(writing):
    writing.editor._foot._continue.click()
    form = writing.editor._form
    links = form._problems.findChildren(LinkLine)
    assert len(links) > 3
    assert writing.window.focusWidget() is form._problems
    assert writing.editor._foot._continue.said() == "Continue without them"
    links[1].click()
    writing.settle()
    assert questions(writing)["purpose.help"].isAncestorOf(writing.window.focusWidget())
    assert questions(writing)["purpose.help"].problem()
    QTest.keyClicks(writing.window.focusWidget(), "It shows where to swim.")
    assert not questions(writing)["purpose.help"].problem()
    writing.editor._foot._continue.click()
    assert writing.editor._presenter.section == "data"


def test_the_sections_lead_to_each_other_by_keys_and_clicks(writing):
    editor = writing.editor
    listed = editor._sections.list
    listed.setFocus()
    QTest.keyClick(listed, Qt.Key.Key_Down)
    assert editor._presenter.section == "data"
    assert writing.window.focusWidget() is listed
    QTest.keyClick(listed, Qt.Key.Key_PageUp, Qt.KeyboardModifier.ControlModifier)
    assert editor._presenter.section == "purpose"
    editor._foot._back.click()
    assert editor._presenter.section == "least"


def test_a_full_disk_is_said_on_the_page_and_trying_again_saves(pair, draft, writing):
    disk = FullDisk(pair.asks.vault.drafts)
    pair.asks.vault.drafts = disk
    field = area(writing, "purpose.aim")
    QTest.keyClicks(field, "Not lost.")
    writing.editor._presenter.flush()
    writing.settle()
    assert field.toPlainText() == "Not lost."
    assert writing.editor._head.saved() == "One answer is not saved"
    banner = writing.editor._notice.findChild(Banner)
    assert "disk" in banner.accessibleName().lower()
    disk.is_full = False
    banner.findChild(Button).click()
    writing.settle()
    assert pair.asks.vault.drafts.answers(draft)["purpose.aim"] == "Not lost."
    assert writing.editor._notice.isHidden()


def test_the_marking_and_the_title_stand_in_the_head_and_in_the_window(writing):
    writing.go(Place(Page.EDITOR, request=writing.editor._presenter.request, part="about"))
    questions(writing)["about.marking"]._cards["official_sensitive"].click()
    writing.editor._presenter.flush()
    writing.settle()
    assert writing.editor._head._marking.said() == "OFFICIAL-SENSITIVE"
    writing.go(Place(Page.EDITOR, request=writing.editor._presenter.request))
    assert writing.window.windowTitle().startswith("Bathing water \u2013 OFFICIAL-SENSITIVE \u2013 Priya Shah")


def test_a_marking_that_may_not_be_carried_stops_with_its_reason(writing):
    writing.go(Place(Page.EDITOR, request=writing.editor._presenter.request, part="about"))
    marking = questions(writing)["about.marking"]
    marking._cards["above"].click()
    writing.editor._presenter.flush()
    writing.settle()
    stops = [banner.accessibleName() for banner in marking.parentWidget().findChildren(Banner)]
    assert any("may not carry anything above OFFICIAL" in stop for stop in stops)
    assert marking.value() == "above"


def test_a_long_answer_is_shown_whole(pair, draft, writing):
    drafting.load_answers(pair.asks, draft, ANSWERS.read_bytes())
    writing.editor._presenter._draft = None
    writing.go(Place(Page.EDITOR, request=draft, part="purpose"))
    field = area(writing, "purpose.aim")
    writing.settle()
    assert len(field.toPlainText()) > 200
    assert field.verticalScrollBar().maximum() == 0


def test_the_preview_reads_as_the_supplier_will(writing):
    QTest.keyClicks(area(writing, "purpose.aim"), "Safer swimming.")
    writing.editor._head.preview_wanted.emit()
    dialog = writing.dialog()
    said = [label.text() for label in dialog.findChildren(type(writing.editor._head.title))]
    assert "Safer swimming." in said
    assert any("OFFICIAL" in text for text in said)
    dialog.reject()


def test_deleting_is_asked_sized_and_not_the_default(pair, draft, writing):
    writing.editor._presenter.ask_discard()
    dialog = writing.dialog()
    assert "1 answer" in " ".join(label.text() for label in dialog.findChildren(type(writing.editor._head.title)))
    QTest.keyClick(dialog, Qt.Key.Key_Escape)
    writing.settle()
    assert pair.asks.vault.drafts.get(draft) is not None
    writing.editor._presenter.ask_discard()
    dialog = writing.dialog()
    next(b for b in dialog.findChildren(Button) if b.said() == "Delete the draft").click()
    writing.settle()
    assert pair.asks.vault.drafts.get(draft) is None
    assert writing.page("requests")._pages.currentWidget() is not writing.editor


def test_answers_are_loaded_from_a_file_and_refused_with_every_reason(writing):
    writing.editor.load_answers(ROOT / "tests/data/answers/broken.json")
    writing.settle()
    assert writing.editor._notice.said()
    writing.editor.load_answers(ANSWERS)
    writing.settle()
    assert questions(writing)["purpose.aim"].value()
    assert not writing.editor._notice.said()


def test_a_returned_request_shows_the_reasons_above_the_form(pair, tmp_path):
    request = received_request(pair)
    reviewing.start_assessment(pair.holds, request)
    reviewing.give_back(pair.holds, request, "Ask for less.", ("Drop the names",))
    pair.carry()
    drafting.revise(pair.asks, request)
    with window_over(pair.requester, tmp_path) as shown:
        shown.go(Place(Page.EDITOR, request=request))
        editor = shown.page("requests")._editor
        assert "Ask for less." in editor._returned.said()
        assert "Drop the names" in editor._returned.said()


def test_low_and_narrow_windows_leave_the_room_to_the_form(writing, wear, qtbot):
    editor = writing.editor
    assert editor._sections.isVisible()
    wear(theme.Theme.LIGHT, 200)
    qtbot.waitUntil(lambda: not editor._sections.isVisible())
    writing.settle()
    assert not editor._guidance.isVisible()
    assert editor._foot._sections.isVisible()
    editor._foot._sections.click()
    assert editor._sections.isVisible()
    assert not editor._page.isVisible()
    editor._sections.list.activated.emit(editor._sections.list.currentIndex())
    assert editor._page.isVisible()


@pytest.mark.parametrize("scale", [100, 200])
def test_the_keyboard_goes_along_to_every_page_of_the_draft(writing, wear, scale):
    wear(theme.Theme.LIGHT, scale)
    writing.settle()
    editor = writing.editor

    def titled() -> str:
        writing.settle()
        holder = writing.window.focusWidget()
        return holder.said() if isinstance(holder, Text) else repr(holder)

    editor._form.focus_title()
    for section, title in (("check", "Check and seal"), ("samples", "Sample data"), ("data", "Data items")):
        editor._presenter.choose_section(section)
        assert titled() == title
    if not editor._sections.isVisible():
        editor._foot._sections.click()
        assert writing.window.focusWidget() is editor._sections.list
        editor._sections.list.activated.emit(editor._sections.list.currentIndex())
        assert titled() == "Data items"
    else:
        editor._sections.list.setFocus()
        editor._presenter.choose_section("check")
        writing.settle()
        assert writing.window.focusWidget() is editor._sections.list


def test_sections_that_lose_their_room_while_they_are_being_shown_are_not_seen(writing, monkeypatch):
    monkeypatch.setattr(editor_view, "_FORM_WIDTH", 500)
    editor, pane = writing.editor, writing.page("requests")._pane
    editor._sections.hide()
    pane.setFixedWidth(1000)  # not laid out yet: showing the sections does that
    editor._fitting.now()
    assert not editor._sections.isVisible()
    assert editor._foot._sections.isVisible()


# ---------------------------------------------------------------- samples


def test_a_sample_is_attached_by_dropping_it(pair, draft, writing):
    writing.go(Place(Page.EDITOR, request=draft, part="samples"))
    panel = writing.editor._samples
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(SAMPLE))])
    drop = QDropEvent(
        QPointF(QPoint(5, 5)),
        Qt.DropAction.CopyAction,
        data,
        Qt.MouseButton.LeftButton,
        Qt.KeyboardModifier.NoModifier,
    )
    panel.dropEvent(drop)
    writing.settle()
    assert [sample.name for sample in pair.asks.vault.samples.of_request(draft)] == [SAMPLE.name]
    table = panel.findChild(QTableView)
    assert table.model().index(0, 0).data() == "site_id"
    states = {section.id: section.state.value for section in writing.editor._presenter._way().sections}
    assert states["samples"] == "done"


def test_a_sample_is_attached_by_pasting_a_copied_file(pair, draft, writing):
    writing.go(Place(Page.EDITOR, request=draft, part="samples"))
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(SAMPLE))])
    QGuiApplication.clipboard().setMimeData(data)
    QTest.keySequence(writing.editor._samples, QKeySequence(QKeySequence.StandardKey.Paste))
    # What lies there when the program ends, this platform puts away after Python has ended.
    QGuiApplication.clipboard().clear()
    writing.settle()
    assert pair.asks.vault.samples.of_request(draft)


def test_the_clipboard_is_looked_at_only_to_paste_and_may_hold_nothing(draft, writing, monkeypatch):
    class Held:
        looked = 0

        def mimeData(self):  # noqa: N802  # Qt's name
            self.looked += 1

    held = Held()
    monkeypatch.setattr(samples.QGuiApplication, "clipboard", lambda: held)
    writing.go(Place(Page.EDITOR, request=draft, part="samples"))
    QTest.keyClick(writing.editor._samples, Qt.Key.Key_A)
    assert held.looked == 0
    QTest.keySequence(writing.editor._samples, QKeySequence(QKeySequence.StandardKey.Paste))
    assert held.looked == 1


def test_a_refused_sample_says_why_and_leaves_nothing(pair, draft, writing):
    writing.go(Place(Page.EDITOR, request=draft, part="samples"))
    panel = writing.editor._samples
    panel.attach([ROOT / "tests/data/samples/broken-renamed-zip.csv"])
    writing.settle()
    assert panel._notice.said()
    assert pair.asks.vault.samples.of_request(draft) == ()


def test_the_first_rows_open_in_front_and_removing_is_asked(pair, draft, writing):
    writing.go(Place(Page.EDITOR, request=draft, part="samples"))
    panel = writing.editor._samples
    panel.attach([Path(SAMPLE)])
    writing.settle()
    buttons = {button.said(): button for button in panel._list.findChildren(Button)}
    buttons["Look at the first rows"].click()
    writing.settle()
    assert writing.dialog().findChild(QTableView).model().rowCount() == 50
    writing.dialog().reject()
    writing.settle()
    buttons["Remove…"].click()
    dialog = writing.dialog()
    QTest.keyClick(dialog, Qt.Key.Key_Escape)
    writing.settle()
    assert pair.asks.vault.samples.of_request(draft)
    buttons["Remove…"].click()
    next(b for b in writing.dialog().findChildren(Button) if b.said() == "Remove the sample").click()
    writing.settle()
    assert pair.asks.vault.samples.of_request(draft) == ()
