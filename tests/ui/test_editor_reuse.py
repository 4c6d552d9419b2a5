"""What stands beside a draft: comments, earlier versions, answers of other requests, templates; by keyboard."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit, QPlainTextEdit
from shiboken6 import isValid

from dsadesk.domain.ids import QuestionId
from dsadesk.services import commenting, drafting, question_packs, reusing
from dsadesk.ui import theme
from dsadesk.ui.presenters.frame import Page, Place
from dsadesk.ui.views.comments import CommentsDialog
from dsadesk.ui.views.copy_answers import CopyAnswersDialog
from dsadesk.ui.views.fields_dialog import FieldsDialog
from dsadesk.ui.views.link_line import LinkLine
from dsadesk.ui.views.new_request import NewRequestDialog
from dsadesk.ui.views.set_aside import SetAsideDialog
from dsadesk.ui.views.versions import DifferenceCard, VersionsDialog
from dsadesk.ui.widgets.button import Button
from dsadesk.ui.widgets.text import Text
from tests.support.desks import ROOT, SUPPLIER, sealed_request, two_desks
from tests.ui.audit import clipped, small_targets, unnamed
from tests.ui.windows import window_over

CTRL = Qt.KeyboardModifier.ControlModifier
AIM = QuestionId("purpose.aim")


@pytest.fixture
def pair():
    return two_desks()


@pytest.fixture
def draft(pair):
    made = drafting.start(pair.asks, title="Bathing water", supplier=SUPPLIER.id).request
    drafting.save_answer(pair.asks, made, AIM, "We help people in Wales.")
    pair.clock.advance(3600)
    drafting.save_answer(pair.asks, made, AIM, "We help swimmers in Wales.")
    drafting.save_answer(pair.asks, made, QuestionId("about.others"), True)
    return made


@pytest.fixture
def writing(pair, draft, tmp_path):
    with window_over(pair.requester, tmp_path, size=(1600, 900)) as shown:
        shown.window.activateWindow()
        shown.go(Place(Page.EDITOR, request=draft, part="purpose.aim"))
        shown.editor = shown.page("requests")._editor
        yield shown


def keys(shown, key):
    field = shown.editor._form.questions()[AIM].findChild(QPlainTextEdit)
    shown.window.activateWindow()
    assert QTest.qWaitForWindowActive(shown.window)
    field.setFocus()
    QTest.keyClick(field, key, CTRL)
    shown.settle()


def dialog(shown, kind):
    found = next(each for each in shown.window.findChildren(kind) if each.isVisible())
    assert isinstance(found, kind)
    return found


def button(holder, words):
    return next(each for each in holder.findChildren(Button) if each.said() == words and not each.isHidden())


def test_a_comment_is_written_shown_beside_dealt_with_and_removed(pair, draft, writing):
    keys(writing, Qt.Key.Key_M)
    asked = dialog(writing, FieldsDialog)
    asked.findChild(QPlainTextEdit).setPlainText("Say which beaches.")
    name = asked.findChild(QLineEdit)
    assert name.text() == "Priya Shah"
    name.clear()
    button(asked, "Add the comment").click()
    writing.settle()
    assert asked.isVisible()
    name.setText("Gwen")
    button(asked, "Add the comment").click()
    writing.settle()
    assert [(each.author, each.question) for each in commenting.comments(pair.asks, draft)] == [("Gwen", AIM)]
    beside = [text.said() for text in writing.editor._guidance._comments.findChildren(Text)]
    assert "Say which beaches." in beside
    assert any(said.startswith("Gwen, 2 March 2026 at ") for said in beside)
    keys(writing, Qt.Key.Key_M)
    listed = dialog(writing, CommentsDialog)
    button(listed, "Dealt with").click()
    writing.settle()
    assert commenting.comments(pair.asks, draft)[0].is_done
    assert "Say which beaches." not in [
        text.said() for text in writing.editor._guidance._comments.findChildren(Text) if text.isVisible()
    ]
    button(listed, "Remove").click()
    writing.settle()
    assert commenting.comments(pair.asks, draft) == ()


def test_a_comment_leads_to_its_question(pair, draft, writing):
    commenting.add(pair.asks, draft, QuestionId("outputs.audience"), "Gwen", "Who?")
    commenting.add(pair.asks, draft, AIM, "Gwen", "Fine.")
    writing.editor._extras._presenter._look()
    writing.settle()
    keys(writing, Qt.Key.Key_M)
    listed = dialog(writing, CommentsDialog)
    links = [each for each in listed.findChildren(LinkLine) if each.isVisible()]
    assert [each.said() for each in links] == ["What are you trying to do?", "What will you produce, and for whom?"]
    links[1].click()
    writing.settle()
    assert writing.editor._presenter.section == "outputs"


def test_two_versions_stand_side_by_side_and_an_answer_is_brought_back_and_undone(pair, draft, writing):
    keys(writing, Qt.Key.Key_H)
    compared = dialog(writing, VersionsDialog)
    cards = compared.findChildren(DifferenceCard)
    assert len(cards) == 2
    areas = [area.toPlainText() for area in cards[1].findChildren(QPlainTextEdit)]
    assert areas == ["We help people in Wales.", "We help swimmers in Wales."]
    said = [area.accessibleDescription() for area in cards[1].findChildren(QPlainTextEdit)]
    assert said == ["Only here: people", "Only here: swimmers"]
    button(cards[1], "Bring this answer back").click()
    writing.settle()
    assert pair.asks.vault.drafts.answers(draft)["purpose.aim"] == "We help people in Wales."
    assert len([each for each in compared.findChildren(DifferenceCard) if each.isVisible()]) == 1
    compared.reject()
    writing.editor._presenter.undo()
    writing.settle()
    assert pair.asks.vault.drafts.answers(draft)["purpose.aim"] == "We help swimmers in Wales."


def test_a_draft_without_an_earlier_version_says_so_and_offers_nothing_to_choose(pair, writing):
    new = drafting.start(pair.asks, title="School meals").request
    writing.go(Place(Page.EDITOR, request=new, part="purpose"))
    keys(writing, Qt.Key.Key_H)
    compared = dialog(writing, VersionsDialog)
    assert "There is no earlier version to compare with yet." in [text.said() for text in compared.findChildren(Text)]
    assert compared._picks == {}
    compared.reject()


def test_everything_is_brought_back_at_once_and_undone_at_once(pair, draft, writing):
    keys(writing, Qt.Key.Key_H)
    compared = dialog(writing, VersionsDialog)
    button(compared, "Bring all of them back").click()
    writing.settle()
    answers = pair.asks.vault.drafts.answers(draft)
    assert answers == {"about.title": "Bathing water", "purpose.aim": "We help people in Wales."}
    assert "These two are the same." in [text.said() for text in compared.findChildren(Text)]
    compared.reject()
    writing.editor._presenter.undo()
    writing.settle()
    assert pair.asks.vault.drafts.answers(draft)["about.others"] is True


def test_answers_of_an_earlier_request_are_copied_but_for_those_given_here(pair, draft, writing):
    sealed = sealed_request(pair, sample=False)
    writing.editor._head.copy_wanted.emit()
    writing.settle()
    copied = dialog(writing, CopyAnswersDialog)
    copied._presenter.choose(sealed)
    writing.settle()
    assert not copied._cards["purpose.aim"].isChecked()
    assert copied._cards["purpose.help"].isChecked()
    assert "about.title" not in copied._cards
    many = len(copied._chosen())
    button(copied, f"Copy {many} answers").click()
    writing.settle()
    answers = pair.asks.vault.drafts.answers(draft)
    assert answers["purpose.aim"] == "We help swimmers in Wales."
    assert answers["purpose.help"] == reusing.answers_of(pair.asks, sealed)["purpose.help"]
    writing.editor._presenter.undo()
    writing.settle()
    assert "purpose.help" not in pair.asks.vault.drafts.answers(draft)


def test_a_template_is_saved_and_a_request_begun_from_it(pair, draft, writing):
    writing.editor._head.template_wanted.emit()
    asked = dialog(writing, FieldsDialog)
    button(asked, "Save the template").click()
    writing.settle()
    assert asked.isVisible()
    asked.findChildren(QLineEdit)[0].setText("Beaches")
    button(asked, "Save the template").click()
    writing.settle()
    assert not isValid(asked) or not asked.isVisible()
    writing.page("requests").start_new()
    writing.settle()
    new = dialog(writing, NewRequestDialog)
    own = next(each for each in reusing.templates(pair.asks) if each.own)
    new._template.set_value(own.id)
    new._on_template_chosen(own.id)
    assert not new._remove.isHidden()
    new._title.set_value("Another")
    new._start.click()
    writing.settle()
    begun = next(each for each in pair.asks.vault.drafts.all() if each.title == "Another")
    assert pair.asks.vault.drafts.answers(begun.request)["purpose.aim"] == "We help swimmers in Wales."


def test_the_tab_key_goes_down_the_new_request_before_it_comes_to_the_buttons(writing):
    writing.page("requests").start_new()
    writing.settle()
    new = dialog(writing, NewRequestDialog)
    title = new._title.fields()[0]
    title.setFocus()
    wanted = [*new._supplier.fields(), *new._template.fields(), new._start, new._safe]
    passed = []
    for _ in wanted:
        QTest.keyClick(QApplication.focusWidget(), Qt.Key.Key_Tab)
        passed.append(QApplication.focusWidget())
    assert passed == wanted


def test_a_template_of_ones_own_can_be_removed_where_it_is_offered(pair, draft, writing):
    reusing.save_template(pair.asks, draft, "Beaches")
    writing.page("requests").start_new()
    writing.settle()
    new = dialog(writing, NewRequestDialog)
    own = reusing.templates(pair.asks)[0]
    new._template.set_value(own.id)
    new._on_template_chosen(own.id)
    new._remove.click()
    writing.settle()
    assert not any(each.own for each in reusing.templates(pair.asks))
    assert own.id not in [each.value for each in new._template.spec.options]


@pytest.mark.parametrize("scale", [100, 200])
@pytest.mark.parametrize("opened", ["comments", "versions", "copy"])
def test_the_dialogs_are_named_and_large_enough_and_nothing_is_clipped(wear, pair, writing, opened, scale):
    draft = writing.editor._presenter.request
    wear(theme.Theme.LIGHT, scale)
    commenting.add(pair.asks, draft, AIM, "Gwen", "Say which beaches you mean, and why these.")
    sealed = sealed_request(pair, sample=False)
    extras = writing.editor._extras
    extras._presenter._look()
    writing.settle()
    {"comments": extras.open_comments, "versions": extras.open_versions, "copy": extras.open_copying}[opened]()
    writing.settle()
    shown = writing.dialog()
    if isinstance(shown, CopyAnswersDialog):
        shown._presenter.choose(sealed)
        writing.settle()
    for check in (unnamed, clipped, small_targets):
        assert check(shown) == []


def test_answers_that_are_no_longer_asked_are_shown_and_can_be_copied(pair, tmp_path):
    pack = (ROOT / "tests/data/questions/environment-agency.json").read_bytes()
    question_packs.take_pack(pair.asks, question_packs.sign_pack(pair.holds, pack))
    made = drafting.start(pair.asks, title="x", supplier=SUPPLIER.id).request
    drafting.save_answer(pair.asks, made, QuestionId("own.environment_agency.sites"), "Gull Point")
    with window_over(pair.requester, tmp_path, size=(1600, 900)) as shown:
        shown.go(Place(Page.EDITOR, request=made, part="purpose"))
        editor = shown.page("requests")._editor
        assert editor._aside.said() == ""
        question_packs.drop_pack(pair.asks, SUPPLIER.id)
        shown.go(Place(Page.REQUESTS))
        editor._frame.tell()
        shown.settle()
        assert editor._aside.said() == "1 answer is no longer asked for"
        editor._aside.action_chosen.emit()
        dialog = editor._extras.dialog
        assert isinstance(dialog, SetAsideDialog)
        dialog.buttons[0].click()
        assert QApplication.clipboard().text() == "Gull Point"
        for check in (unnamed, clipped, small_targets):
            assert check(dialog) == []
        dialog.reject()
    assert pair.asks.vault.drafts.answers(made)["own.environment_agency.sites"] == "Gull Point"


def test_a_draft_whose_answers_all_have_questions_says_so(pair, draft, tmp_path):
    with window_over(pair.requester, tmp_path, size=(1600, 900)) as shown:
        shown.go(Place(Page.EDITOR, request=draft, part="purpose"))
        editor = shown.page("requests")._editor
        assert not editor._aside.isVisible()
        editor._extras.open_set_aside()
        assert editor._extras.dialog.buttons == []
        editor._extras.dialog.reject()
