"""Going from section to section: what was shown is kept, what changed meanwhile is seen, and nothing of one draft is left in another."""

from __future__ import annotations

import pytest
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLineEdit, QPlainTextEdit
from shiboken6 import isValid

from dsadesk.services import drafting
from dsadesk.ui.presenters.form import SAMPLES
from dsadesk.ui.presenters.frame import Page, Place
from dsadesk.ui.views import question_form
from dsadesk.ui.widgets.answers import DateField
from tests.support.desks import SAMPLE, SUPPLIER, two_desks
from tests.ui.windows import window_over

AIM = "purpose.aim"


@pytest.fixture
def pair():
    return two_desks()


@pytest.fixture
def drafts(pair):
    return [drafting.start(pair.asks, title=f"Request {n}", supplier=SUPPLIER.id).request for n in range(2)]


@pytest.fixture
def writing(pair, drafts, tmp_path):
    with window_over(pair.requester, tmp_path) as shown:
        shown.window.activateWindow()
        shown.go(Place(Page.EDITOR, request=drafts[0], part="purpose"))
        shown.editor = shown.page("requests")._editor
        yield shown


def field(shown, question):
    return shown.editor._form.questions()[question].findChild(QPlainTextEdit)


def go(shown, section):
    shown.editor._presenter.choose_section(section)
    shown.settle()


def test_a_section_that_was_shown_is_kept(writing):
    area = field(writing, AIM)
    go(writing, "about")
    assert not area.isVisible()
    go(writing, "purpose")
    assert field(writing, AIM) is area
    assert area.isVisible()


def test_a_section_that_is_kept_shows_what_was_changed_meanwhile(pair, drafts, writing):
    area = field(writing, AIM)
    QTest.keyClicks(area, "One")
    go(writing, "about")
    writing.editor._presenter._take(AIM, "Two")
    go(writing, "purpose")
    assert area.toPlainText() == "Two"
    assert pair.asks.vault.drafts.answers(drafts[0])[AIM] == "Two"


def test_a_section_that_is_kept_names_no_problems_from_before(writing):
    writing.editor._presenter.carry_on()
    asked = writing.editor._form.questions()[AIM]
    assert asked.problem()
    go(writing, "about")
    go(writing, "purpose")
    assert not asked.problem()


def test_a_section_left_before_all_of_it_was_there_goes_on_where_it_was(writing, monkeypatch):
    monkeypatch.setattr(question_form, "_BUDGET_MILLISECONDS", 0)
    form = writing.editor._form
    writing.editor._presenter.choose_section("setting")
    page = form._page
    begun = list(page.blocks)
    assert not page.is_whole
    writing.editor._presenter.choose_section("purpose")
    writing.editor._presenter.choose_section("setting")
    assert form._page is page
    asked = [entry.spec.id for entry in writing.editor._presenter._entries()]
    assert list(form.questions()) == asked
    assert asked[: len(begun)] == begun


def test_another_draft_has_sections_of_its_own(drafts, writing, qtbot):
    go(writing, "about")
    asked = next(each for each in questions(writing).values() if isinstance(each, DateField))
    day = asked.findChild(QLineEdit)
    QTest.keyClicks(day, "7")
    writing.go(Place(Page.EDITOR, request=drafts[1], part="about"))
    other = questions(writing)[asked.spec.id]
    assert other is not asked
    assert other.typed() == ("", "", "")
    qtbot.waitUntil(lambda: not isValid(day))


def test_no_more_sections_are_kept_than_the_form_says(writing, monkeypatch, qtbot):
    monkeypatch.setattr(question_form, "_MOST_PAGES", 2)
    area = field(writing, AIM)
    for section in ("about", "least"):
        go(writing, section)
    assert list(writing.editor._form._pages) == ["about", "least"]
    qtbot.waitUntil(lambda: not isValid(area))


def test_a_letter_is_handed_over_once_it_is_drawn_and_at_once_when_the_page_must_settle(pair, drafts, writing):
    handed = []
    writer = writing.editor._presenter._writer
    hand_over = writer._hand_over
    writer._hand_over = lambda: (handed.append(dict(writer._waiting)), hand_over())
    QTest.keyClicks(field(writing, AIM), "a")
    assert not handed
    assert not writer.is_durable
    saved = []
    writing.editor.settle(saved.append)
    assert handed[0] == {AIM: "a"}
    writing.settle()
    assert saved == [True]
    assert pair.asks.vault.drafts.answers(drafts[0])[AIM] == "a"


def test_the_card_of_a_sample_stays_when_another_is_attached(drafts, writing, tmp_path):
    writing.go(Place(Page.EDITOR, request=drafts[0], part=SAMPLES))
    panel = writing.editor._samples
    panel.attach([SAMPLE])
    writing.settle()
    first = panel._shown[0]
    assert first.is_whole
    other = tmp_path / "other.csv"
    other.write_bytes(SAMPLE.read_bytes())
    panel.attach([other])
    writing.settle()
    assert panel._shown[0] is first
    assert [card.sample.name for card in panel._shown] == [SAMPLE.name, "other.csv"]
    assert all(card.is_whole for card in panel._shown)


def questions(shown):
    return shown.editor._form.questions()


def test_a_row_that_was_just_added_is_in_sight_with_its_first_field(writing, qtbot):
    form = writing.editor._form
    go(writing, "about")
    table = form.questions()["about.people"]
    form.reveal(table._add)
    writing.settle()
    table._add.click()
    field = table._rows[-1].stops()[0]
    assert writing.window.focusWidget() is field
    qtbot.waitUntil(lambda: field.mapTo(form.viewport(), field.rect().bottomLeft()).y() < form.viewport().height())
    assert field.mapTo(form.viewport(), field.rect().topLeft()).y() > 0
