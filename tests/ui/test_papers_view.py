"""Papers through the window's own pages: the decision letter on both sides, the request as it was sealed, and a draft."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QFileDialog, QLabel

from dsadesk.domain.ids import QuestionId
from dsadesk.services import drafting, reviewing
from dsadesk.ui import theme
from dsadesk.ui.presenters.frame import Page, Place
from dsadesk.ui.presenters.request_shown import Go
from dsadesk.ui.views.editor import EditorView
from dsadesk.ui.views.editor_parts import PreviewDialog
from dsadesk.ui.views.papers import PaperDialog
from dsadesk.ui.views.request import RequestView
from dsadesk.ui.views.saved_files import SavedFilesDialog
from dsadesk.ui.widgets.button import Button
from tests.support.desks import SUPPLIER, received_request, two_desks
from tests.ui.windows import window_over


@pytest.fixture
def pair():
    return two_desks()


def said(widget):
    return [label.said() for label in widget.findChildren(QLabel) if hasattr(label, "said")]


def names_in(folder):
    return sorted(path.name for path in folder.iterdir())


def choose(shown, folder):
    """Choose a folder in the chooser that stands open."""
    chooser = shown.dialog()
    assert isinstance(chooser, QFileDialog)
    chooser.fileSelected.emit(str(folder))
    chooser.reject()
    shown.settle()


@pytest.mark.parametrize(("side", "page"), [("supplier", Page.INBOX), ("requester", Page.REQUEST)])
def test_either_side_reads_the_decision_letter_from_the_card_of_the_decision_and_saves_it(
    qtbot, pair, tmp_path, side, page
):
    request = received_request(pair, sample=False)
    reviewing.approve(pair.holds, request, "It protects swimmers.", ["Name us as the source."])
    pair.carry()
    folder = tmp_path / "saved"
    folder.mkdir()
    with window_over(getattr(pair, side), tmp_path) as shown:
        shown.go(Place(page, request=request))
        view = next(each for each in shown.window.findChildren(RequestView) if each.isVisible())
        button = next(each for each in view.answers.findChildren(Button) if each.said() == "Read the decision letter")
        button.click()
        shown.settle()
        dialog = shown.dialog()
        assert isinstance(dialog, PaperDialog)
        words = said(dialog)
        assert any(each.startswith("OFFICIAL · DSR-") for each in words)
        assert "It protects swimmers." in words
        assert "Name us as the source." in words
        dialog.button.click()
        shown.settle()
        choose(shown, folder)
        told = shown.dialog()
        assert isinstance(told, SavedFilesDialog)
        assert any("not encrypted" in each for each in said(told))
        told.reject()
    assert [name.rpartition("-decision-letter.")[2] for name in names_in(folder)] == ["html", "md", "pdf"]
    assert all(name.startswith("OFFICIAL-DSR-") for name in names_in(folder))


def test_a_long_letter_is_read_to_its_end_by_keyboard_from_its_button(qtbot, pair, tmp_path):
    request = received_request(pair, sample=False)
    reviewing.approve(pair.holds, request, "It protects swimmers.", [f"Condition {n}." for n in range(60)])
    with window_over(pair.supplier, tmp_path) as shown:
        shown.go(Place(Page.INBOX, request=request))
        view = next(each for each in shown.window.findChildren(RequestView) if each.isVisible())
        view._presenter.do(Go.LETTER)
        shown.settle()
        dialog = shown.dialog()
        bar = dialog._scroll.verticalScrollBar()
        qtbot.waitUntil(lambda: bar.maximum() > 0)
        QTest.keyClick(dialog.button, Qt.Key.Key_PageDown)
        assert 0 < bar.value() < bar.maximum()
        QTest.keyClick(dialog.button, Qt.Key.Key_End)
        assert bar.value() == bar.maximum()
        QTest.keyClick(dialog.button, Qt.Key.Key_Home)
        assert bar.value() == 0
        dialog.reject()


def test_with_large_text_a_letter_is_no_wider_than_the_screen(qtbot, pair, tmp_path):
    request = received_request(pair, sample=False)
    reviewing.approve(pair.holds, request, "It protects swimmers.")
    app = QApplication.instance()
    with window_over(pair.supplier, tmp_path) as shown:
        shown.go(Place(Page.INBOX, request=request))
        view = next(each for each in shown.window.findChildren(RequestView) if each.isVisible())
        view._presenter.do(Go.LETTER)
        shown.settle()
        dialog = shown.dialog()
        assert dialog.minimumWidth() == theme.px(720)
        room = dialog.screen().availableGeometry().width()
        theme.apply(app, theme.Theme.LIGHT, 150)
        try:
            assert theme.px(720) > room
            assert dialog.minimumWidth() <= max(room, theme.px(520))
        finally:
            theme.apply(app, theme.Theme.LIGHT, 100)
        dialog.reject()


def test_an_undecided_request_offers_no_letter_and_is_saved_as_a_paper_from_the_menu(qtbot, pair, tmp_path):
    request = received_request(pair, sample=False)
    folder = tmp_path / "saved"
    folder.mkdir()
    with window_over(pair.supplier, tmp_path) as shown:
        shown.go(Place(Page.INBOX, request=request))
        view = next(each for each in shown.window.findChildren(RequestView) if each.isVisible())
        steps = view.head._head.more
        assert Go.LETTER not in {step.id for step in steps}
        menu = view.head.menu_of(steps)
        next(entry for entry in menu.actions() if entry.text().startswith("Save the request as a paper")).trigger()
        shown.settle()
        choose(shown, folder)
        shown.dialog().reject()
    assert [name.rpartition("-request-1.")[2] for name in names_in(folder)] == ["html", "md", "pdf"]


def test_a_folder_that_cannot_be_written_to_is_said_on_the_page(qtbot, pair, tmp_path):
    request = received_request(pair, sample=False)
    with window_over(pair.supplier, tmp_path) as shown:
        shown.go(Place(Page.INBOX, request=request))
        view = next(each for each in shown.window.findChildren(RequestView) if each.isVisible())
        view._presenter.do(Go.PAPER)
        choose(shown, tmp_path / "not there")
        assert "request-1.pdf" in view._error.said()
        assert shown.dialog() is None


def test_a_draft_is_saved_as_a_paper_from_its_preview_with_what_was_just_typed_and_its_marking(qtbot, pair, tmp_path):
    draft = drafting.start(pair.asks, supplier=SUPPLIER.id, title="Bathing water")
    drafting.save_answer(pair.asks, draft.request, QuestionId("about.title"), "Bathing water")
    drafting.save_answer(pair.asks, draft.request, QuestionId("about.marking"), "official_sensitive")
    folder = tmp_path / "saved"
    folder.mkdir()
    with window_over(pair.requester, tmp_path) as shown:
        shown.go(Place(Page.EDITOR, request=draft.request, part="purpose.aim"))
        view = next(each for each in shown.window.findChildren(EditorView) if each.isVisible())
        view._presenter.changed("purpose.aim", "To warn swimmers at Gull Point.")
        view._presenter.preview()
        shown.settle()
        dialog = shown.dialog()
        assert isinstance(dialog, PreviewDialog)
        dialog.button.click()
        shown.settle()
        choose(shown, folder)
        shown.dialog().reject()
    names = names_in(folder)
    assert [name.rpartition("-draft.")[2] for name in names] == ["html", "md", "pdf"]
    assert all(name.startswith("OFFICIAL-SENSITIVE-DSR-") for name in names)
    text = (folder / names[1]).read_text("utf-8")
    assert "To warn swimmers at Gull Point." in text
    assert text.count("**Marking: OFFICIAL-SENSITIVE**") == 2
