"""The first start in a window."""

from __future__ import annotations

from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QImage, QPdfWriter
from PySide6.QtTest import QTest

from dsadesk.bundle.identity import seed_to_words
from dsadesk.ports import KeyStoreState
from dsadesk.services.desk import Desk
from dsadesk.ui.presenters.first_run import Step
from dsadesk.ui.widgets.button import Button
from dsadesk.ui.widgets.form_row import FormRow
from dsadesk.ui.widgets.text import Text
from tests.support.desks import PASSPHRASE, REQUESTER, memory_world
from tests.ui import audit
from tests.ui.windows import window_over


@pytest.fixture
def start(tmp_path):
    world = memory_world()
    desk = Desk(world)
    with window_over(desk, tmp_path) as shown:
        shown.desk, shown.world = desk, world
        shown.first = shown.page("first-run")
        yield shown


def press(shown, words):
    step = shown.first._steps[shown.first._presenter.step]
    next(b for b in step.findChildren(Button) if b.said() == words).click()
    shown.settle()


def fill_in(shown):
    press(shown, "Set up this computer")
    for name, text in (("organisation", "Public Health Wales"), ("name", "Priya Shah"), ("post", "Analyst")):
        field = shown.first.who.line(name)
        field.setFocus()
        QTest.keyClicks(field, text)


def to_the_words(shown):
    fill_in(shown)
    press(shown, "Continue")
    shown.first.opening.how.set_value("passphrase")
    shown.first.opening._on_how_changed()
    for name in ("passphrase", "again"):
        shown.first.opening.line(name).setText(PASSPHRASE)
    press(shown, "Make my vault")
    return shown.first.kit.words


def test_a_bad_place_for_the_vault_is_said_before_anything_is_made(tmp_path):
    desk = Desk(replace(memory_world(), placement="network-folder"))
    with window_over(desk, tmp_path) as shown:
        welcome = shown.page("first-run").welcome
        assert welcome.placement.isVisible()
        assert welcome.placement.said().startswith("The vault's folder lies on the network.")
        assert "start it with a folder on this computer's own disk" in welcome.placement.said()


def test_a_good_place_for_the_vault_is_not_talked_about(start):
    assert not start.first.welcome.placement.said()


def test_the_whole_first_start_by_keyboard(start):
    start.window.focusWidget()
    fill_in(start)
    assert start.first.who.line("identifier").text() == "public-health-wales"
    QTest.keyClick(start.first.who.line("post"), Qt.Key.Key_Return)
    start.settle()
    assert start.first._presenter.step is Step.OPENING
    press(start, "Make my vault")
    assert start.first._presenter.step is Step.KIT
    words = start.first.kit.words
    assert len(words) == 24
    press(start, "I have written them down")
    proofs = start.first.prove.proofs
    assert start.window.focusWidget() is proofs._lines[0]
    for line, place in zip(proofs._lines, start.first._presenter._places, strict=True):
        QTest.keyClicks(line, words[place - 1])
    QTest.keyClick(proofs._lines[1], Qt.Key.Key_Return)
    start.settle()
    assert start.first._presenter.step is Step.DONE
    press(start, "Go to my desk")
    assert start.page("requests").isVisible()


def test_the_words_leave_the_screen_once_they_are_proved(start):
    words = to_the_words(start)
    shown = {text.said() for text in start.first.findChildren(Text)}
    assert set(words) <= shown
    start.first._presenter.have_written_down()
    start.first._presenter.prove([words[place - 1] for place in start.first._presenter._places])
    start.settle()
    assert start.first.kit.words == ()
    assert not set(words) & {text.said() for text in start.first.findChildren(Text)}


def test_the_tab_key_goes_from_the_last_word_to_the_button_that_checks_them(start):
    to_the_words(start)
    for _ in range(2):  # the second time the fields are made anew
        start.first._presenter.have_written_down()
        start.settle()
        lines = start.first.prove.proofs._lines
        lines[0].setFocus()
        QTest.keyClick(lines[0], Qt.Key.Key_Tab)
        assert lines[1].hasFocus()
        QTest.keyClick(lines[1], Qt.Key.Key_Tab)
        focused = start.window.focusWidget()
        assert isinstance(focused, Button)
        assert focused.text() == "Check the words"
        start.first._presenter.back()
        start.settle()


def test_a_wrong_word_is_said_at_its_field_after_the_fields_were_made_anew(start, qtbot):
    to_the_words(start)
    for _ in range(2):
        start.first._presenter.have_written_down()
        start.settle()
        (line, _other) = start.first.prove.proofs._lines
        line.setText("wrong")
        press(start, "Check the words")
        rows = list(start.first.prove.rows.values())
        assert rows[0].problem()
        assert start.window.focusWidget() is line
        start.first._presenter.back()
        start.settle()
    qtbot.waitUntil(lambda: len(start.first.prove.proofs.findChildren(FormRow)) == 2)


def test_closing_the_window_before_the_words_are_proved_asks_to_stay(start):
    to_the_words(start)
    start.window.close()
    start.settle()
    assert start.window.isVisible()
    assert start.dialog().windowTitle() == "Your recovery words are not kept yet"
    start.dialog().reject()


def test_problems_stand_at_their_fields_and_the_keyboard_goes_to_the_first(start):
    press(start, "Set up this computer")
    press(start, "Continue")
    assert start.first.who.rows["organisation"].problem() == "Give the name of your organisation"
    assert start.window.focusWidget() is start.first.who.line("organisation")


def test_a_computer_without_a_key_store_asks_for_a_passphrase(start):
    start.world.secrets.state = KeyStoreState.NO_BACKEND
    fill_in(start)
    press(start, "Continue")
    assert not start.first.opening.how.isVisible()
    assert start.first.opening.secret.isVisible()
    assert start.first.opening.again.isVisible()
    start.first.opening.line("passphrase").setText("too short")
    assert start.first.opening.strength.said().startswith("Too short")


def test_the_sheet_with_the_words_can_be_printed(start, tmp_path):
    to_the_words(start)
    file = tmp_path / "sheet.pdf"
    writer = QPdfWriter(str(file))
    start.first.kit.print_on(writer)
    del writer
    assert file.read_bytes().startswith(b"%PDF")
    assert file.stat().st_size > 2_000


def test_the_sheet_is_black_on_white_whatever_the_theme(start, qapp):
    from PySide6.QtGui import QPainter

    from dsadesk.ui.views.recovery_sheet import draw_sheet

    words = to_the_words(start)
    image = QImage(800, 1130, QImage.Format.Format_RGB32)
    image.fill(Qt.GlobalColor.white)
    painter = QPainter(image)
    draw_sheet(painter, words, "Public Health Wales")
    painter.end()
    colours = {image.pixel(x, y) & 0xFFFFFF for x in range(0, 800, 3) for y in range(0, 1130, 3)}
    assert 0xFFFFFF in colours
    assert min(colours) < 0x404040
    assert all(abs((c >> 16) - (c & 0xFF)) < 8 for c in colours)


def test_the_checklist_leads_to_the_pages(start):
    words = to_the_words(start)
    start.first._presenter.have_written_down()
    start.first._presenter.prove([words[place - 1] for place in start.first._presenter._places])
    start.settle()
    press(start, "New request")
    assert start.page("requests").isVisible()
    assert start.dialog() is not None


def test_who_uses_another_laptop_already_is_told_so_and_asked_what_becomes_of_it(start):
    first = Desk(memory_world(seed="first"))
    words = first.first_run(REQUESTER, "Priya Shah", "Analyst", passphrase=PASSPHRASE).words.reveal()
    fill_in(start)
    hints = " ".join(text.said() for text in start.first.who.kind.findChildren(Text))
    assert "or you would be two people" in hints
    assert "both are you" in hints
    start.first.who.kind.set_value("return")
    press(start, "Continue")
    page = start.first._steps[Step.RETURN]
    assert not any(check(page) for check in (audit.unnamed, audit.rich, audit.clipped))
    start.first.coming_back.typed_words.setPlainText(words)
    press(start, "Continue")
    assert start.first._presenter.step is Step.RETURN
    assert start.first.coming_back.other.problem()
    start.first.coming_back.other.set_value("beside")
    assert start.first.coming_back.founder.value() == ""
    press(start, "Continue")
    assert start.first.coming_back.founder.problem()
    assert start.window.focusWidget() in start.first.coming_back.founder.fields()
    start.first.coming_back.founder.set_value("colleague")
    press(start, "Continue")
    assert start.first._presenter.step is Step.RETURN
    assert "any colleague" in start.first.coming_back.founder.problem()
    start.first.coming_back.founder.set_value("founder")
    press(start, "Continue")
    start.first.opening.how.set_value("passphrase")
    start.first.opening._on_how_changed()
    for name in ("passphrase", "again"):
        start.first.opening.line(name).setText(PASSPHRASE)
    press(start, "Make my vault")
    assert start.first._presenter.step is Step.DONE
    assert "This laptop is you as well" in start.first._steps[Step.DONE].notice.said()
    assert not any(entry.until for entry in start.desk.session.card.officials)


@pytest.mark.parametrize("given", ["card", "backup"])
def test_who_gives_a_card_or_a_backup_is_not_asked_who_set_dsadesk_up(start, tmp_path, given):
    first = Desk(memory_world(seed="first"))
    first.first_run(REQUESTER, "Priya Shah", "Analyst", passphrase=PASSPHRASE)
    fill_in(start)
    start.first.who.kind.set_value("return")
    press(start, "Continue")
    assert start.first.coming_back.founder.isVisible()
    file = tmp_path / given
    file.write_bytes(first.session.card_bytes)
    getattr(start.first._presenter, f"take_{given}")(file)
    start.settle()
    assert not start.first.coming_back.founder.isVisible()


def test_what_has_a_problem_is_brought_into_view_on_a_low_window(start):
    start.window.resize(1366, 768)
    fill_in(start)
    start.first.who.kind.set_value("return")
    press(start, "Continue")
    page = start.first._steps[Step.RETURN]

    def is_seen(row):
        top = row.mapTo(page.viewport(), row.rect().topLeft()).y()
        return top >= 0 and top + row.height() <= page.viewport().height()

    start.first.coming_back.typed_words.setPlainText(seed_to_words(bytes(32)))
    start.first.coming_back.other.set_value("lost")
    start.first.coming_back.founder.set_value("colleague")
    assert not is_seen(start.first.coming_back.founder)
    press(start, "Continue")
    assert is_seen(start.first.coming_back.founder)
    start.first.coming_back.typed_words.setPlainText("abandon")
    press(start, "Continue")
    assert is_seen(start.first.coming_back.rows["words"])


def test_joining_colleagues_shows_the_words_to_read_out(start):
    fill_in(start)
    start.first.who.kind.set_value("join")
    press(start, "Continue")
    press(start, "Make my vault")
    words = start.first.kit.words
    start.first._presenter.have_written_down()
    start.first._presenter.prove([words[place - 1] for place in start.first._presenter._places])
    start.settle()
    assert start.first._presenter.step is Step.JOIN
    assert len(start.first.join.own_words.said().split()) == 8
    press(start, "Go on without it for now")
    assert start.first._presenter.step is Step.DONE
