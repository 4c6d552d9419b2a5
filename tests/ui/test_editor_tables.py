"""The table of data items filled from a file, and the journey of the data drawn, in a window."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible
from PySide6.QtTest import QTest

from dsadesk.domain.ids import QuestionId
from dsadesk.questions.flow import FLOW
from dsadesk.services import drafting, reusing
from dsadesk.ui import theme
from dsadesk.ui.presenters.filling import ITEMS
from dsadesk.ui.presenters.form import CHECK
from dsadesk.ui.presenters.frame import Page, Place
from dsadesk.ui.views.fill_items import FillItemsDialog
from dsadesk.ui.views.link_line import LinkLine
from dsadesk.ui.widgets.button import Button
from tests.support.desks import SAMPLE, two_desks
from tests.ui.audit import clipped, small_targets, unnamed
from tests.ui.windows import window_over

ROWS = [
    {"from": "Council", "to": "Agency", "what": "The list of homes", "how": "sealed bundle"},
    {"from": "Agency", "to": "Agency", "what": "Matching", "how": ""},
]


@pytest.fixture
def pair():
    return two_desks()


@pytest.fixture
def writing(pair, tmp_path):
    draft = drafting.start(pair.asks, title="Matched")
    reusing.apply_template(pair.asks, draft, "2-matched-records")
    drafting.save_answer(pair.asks, draft.request, QuestionId(FLOW), ROWS)
    with window_over(pair.requester, tmp_path, size=(1600, 900)) as shown:
        shown.window.activateWindow()
        shown.go(Place(Page.EDITOR, request=draft.request, part=FLOW))
        shown.editor = shown.page("requests")._editor
        shown.request = draft.request
        yield shown


def block(shown, question):
    return shown.editor._form.block(question)


def test_the_journey_is_drawn_and_follows_its_table(writing):
    picture = block(writing, FLOW).picture
    assert picture.diagram.isVisible()
    assert picture.diagram.flow().parties == ("Council", "Agency")
    interface = QAccessible.queryAccessibleInterface(picture.diagram)
    assert interface.text(QAccessible.Text.Name)
    assert interface.text(QAccessible.Text.Description).startswith("Step 1, from Council to Agency: The list of homes")
    image = picture.diagram.grab().toImage()
    colours = {image.pixelColor(x, y).name() for x in range(0, image.width(), 3) for y in range(0, image.height(), 3)}
    assert theme.colour("brand").name() in colours
    table = block(writing, FLOW).question
    table._rows[1].removed.emit()
    assert len(picture.diagram.flow().steps) == 1
    assert "Matching" not in picture.words.said()
    writing.editor._presenter.undo()
    assert len(block(writing, FLOW).picture.diagram.flow().steps) == 2


def test_where_there_is_no_room_the_journey_is_told_in_words(writing, wear):
    wear(theme.Theme.LIGHT, 200)
    writing.window.resize(800, 700)
    writing.settle()
    writing.settle()
    picture = block(writing, FLOW).picture
    picture.resize(150, 400)
    assert picture.diagram.isHidden()
    assert "Step 1" in picture.words.said()


def test_the_table_is_filled_from_the_headings_of_a_file(pair, writing):
    writing.go(Place(Page.EDITOR, request=writing.request, part=ITEMS))
    fill = next(each for each in block(writing, ITEMS).findChildren(Button) if each.said().startswith("Fill from"))
    fill.setFocus()
    QTest.keyClick(fill, Qt.Key.Key_Return)
    dialog = next(each for each in writing.window.findChildren(FillItemsDialog))
    dialog.open_file(SAMPLE)
    writing.settle()
    names = SAMPLE.read_text("utf-8").splitlines()[0].split(",")
    assert [card.accessibleName() for card in dialog._cards] == names
    dialog._cards[0].click()
    assert dialog._take.said() == f"Add {len(names) - 1} rows"
    dialog._take.click()
    writing.settle()
    rows = pair.asks.vault.drafts.answers(writing.request)[ITEMS]
    assert [row["name"] for row in rows] == names[1:]
    table = block(writing, ITEMS).question
    assert table.value() == rows
    assert writing.window.focusWidget() is table._rows[0].part("meaning").fields()[0]


def follow(writing, begins):
    for kind, words in ((Button, "Show "), (LinkLine, begins)):
        link = next(each for each in writing.editor.findChildren(kind) if each.said().startswith(words))
        link.setFocus()
        QTest.keyClick(link, Qt.Key.Key_Space)
        writing.settle()
    return writing.window.focusWidget()


def test_what_is_missing_leads_to_its_question_and_into_the_row_that_lacks_it(writing):
    presenter = writing.editor._presenter
    presenter.take_all({ITEMS: [{"name": "UPN"}, {"name": "Forename"}]}, "Added")
    presenter.choose_section(CHECK)
    writing.settle()
    holder = follow(writing, "In “Which data items")
    assert holder is block(writing, ITEMS).question._rows[0].part("meaning").fields()[0]
    presenter.choose_section(CHECK)
    writing.settle()
    holder = follow(writing, "“Which places should it cover?”")
    assert holder is block(writing, "data.place").question.fields()[0]


@pytest.mark.parametrize("scale", [100, 200])
def test_the_dialog_and_the_drawing_are_named_and_nothing_is_clipped(wear, writing, scale):
    wear(theme.Theme.LIGHT, scale)
    writing.settle()
    for check in (unnamed, clipped, small_targets):
        assert check(block(writing, FLOW)) == []
    writing.editor._extras.open_filling()
    dialog = writing.editor._extras.dialog
    dialog.open_file(SAMPLE)
    writing.settle()
    for check in (unnamed, clipped, small_targets):
        assert check(dialog) == []
