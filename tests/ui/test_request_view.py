"""The page of a request as widgets: nothing typed is lost, nothing is said twice, and what has not changed is left alone."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QStackedWidget, QTableView

from dsadesk.domain.ids import QuestionId
from dsadesk.errors import CardError
from dsadesk.services import exchanging, keeping_cards, reviewing
from dsadesk.services.changes import Changes
from dsadesk.services.exchanging import Exchange
from dsadesk.services.reading import require_state
from dsadesk.ui.presenters.decide import Act
from dsadesk.ui.presenters.frame import Page, Place
from dsadesk.ui.presenters.request import Tab
from dsadesk.ui.views.decide import DecideDialog
from dsadesk.ui.views.hand_over import HandOverDialog
from dsadesk.ui.views.request import RequestView
from dsadesk.ui.views.request_answers import AnswerBlock
from dsadesk.ui.views.request_tables import TextTable
from dsadesk.ui.widgets.banner import Banner
from dsadesk.ui.widgets.repeat_table import RepeatTable
from tests.support.desks import PASSPHRASE, memory_world, received_request, sealed_request, second_laptop, two_desks
from tests.ui.windows import window_over
from tests.unit.ui.frames import inline_frame

AIM = QuestionId("purpose.aim")


@pytest.fixture
def pair():
    return two_desks()


@pytest.fixture
def request_(pair):
    return received_request(pair)


class Opened:
    """The page of one side, told of its own changes."""

    def __init__(self, qtbot, pair, request, *, side="supplier", size=(970, 690)):
        self.pair, self.request = pair, request
        self.frame, self.seen = inline_frame(getattr(pair, side))
        self.view = RequestView(self.frame)
        qtbot.addWidget(self.view)
        self.view.resize(*size)
        self.view.show()
        self.view.show_place(Place(Page.REQUEST, request=request))
        self.qtbot = qtbot

    def listen(self):
        while self.seen.changes:
            self.view.refresh(self.seen.changes.pop(0))

    def begin(self, act, about=""):
        self.view._presenter.begin(act, about)
        dialog = self.view.dialog()
        assert isinstance(dialog, DecideDialog)
        return dialog

    @property
    def banners(self):
        QApplication.processEvents()  # a layout shows what it is given at the next turn of the loop
        return [banner.accessibleName() for banner in self.view.findChildren(Banner) if banner.isVisibleTo(self.view)]


def test_what_is_left_to_others_is_said_in_the_head_and_on_a_low_page_further_down(qtbot, pair, request_):
    laptop = second_laptop(pair, pair.supplier, "Owain Hughes", roles=("drafter",))
    exchanging.fetch(laptop.session, Exchange())
    host, view = QStackedWidget(), RequestView(inline_frame(laptop)[0])
    host.addWidget(view)
    qtbot.addWidget(host)
    host.resize(970, 690)
    host.show()
    view.show_place(Place(Page.REQUEST, request=request_))
    head = view.head
    assert "Gwen Ellis" in head._note.said()
    assert head._note_line.isVisible()
    assert head._decide.accessibleName() == "Decide: Return for changes, Refer elsewhere"
    assert {entry.text() for entry in head.menu_of(head._head.decisions).actions()} == {
        "Return for changes\u2026",
        "Refer elsewhere\u2026",
        "",
    }
    host.resize(970, 400)
    QApplication.processEvents()
    assert not head._note_line.isVisible()
    facts = dict(view._presenter.shown.glance.facts)
    assert facts["Left to others"] == head._note.said()
    everyone = Opened(qtbot, pair, request_)
    assert not everyone.view.head._note_line.isVisible()


def test_a_low_page_leaves_what_waits_to_the_strip_and_the_tab_and_says_what_was_just_done(qtbot, pair):
    request = sealed_request(pair, sample=False)
    host, view = QStackedWidget(), RequestView(inline_frame(pair.requester)[0])
    host.addWidget(view)
    qtbot.addWidget(host)
    host.resize(970, 690)
    host.show()
    view.show_place(Place(Page.REQUEST, request=request))
    assert "has not left this computer" in view._done.said()
    host.resize(970, 400)
    qtbot.waitUntil(lambda: view.height() == 400)
    assert not view._done.said()
    view.show_notice("Your remark is sealed.", "Send and fetch")
    host.resize(970, 420)
    qtbot.waitUntil(lambda: view.height() == 420)
    assert view._done.said() == "Your remark is sealed."


def test_escape_keeps_what_was_typed_and_the_page_brings_it_to_mind(qtbot, pair, request_):
    page = Opened(qtbot, pair, request_)
    dialog = page.begin(Act.REJECT)
    dialog.questions()["reasons"]._area.setPlainText("Not ours to give")
    QTest.keyClick(dialog, Qt.Key.Key_Escape)
    assert not dialog.isVisible()
    assert any("You began to refuse the request" in banner for banner in page.banners)
    page.view._begun.action_chosen.emit()
    assert page.view.dialog().questions()["reasons"].value() == "Not ours to give"


def test_closing_the_dialog_by_its_corner_keeps_what_was_typed(qtbot, pair, request_):
    page = Opened(qtbot, pair, request_)
    dialog = page.begin(Act.APPROVE)
    dialog.questions()["conditions"].set_value([{"conditions": "Name the source."}])
    dialog.close()
    again = page.begin(Act.APPROVE)
    assert again.questions()["conditions"].value() == [{"conditions": "Name the source."}]


def test_a_form_that_lacks_reasons_stays_open_and_says_where(qtbot, pair, request_):
    page = Opened(qtbot, pair, request_)
    dialog = page.begin(Act.APPROVE)
    dialog._button.click()
    assert dialog.isVisible()
    assert dialog.questions()["reasons"].problem() == "Give your reasons"
    assert dialog.focusWidget() is dialog.questions()["reasons"]._area
    dialog.questions()["reasons"]._area.setPlainText("It is fair.")
    assert dialog.questions()["reasons"].problem() == ""


def test_a_failure_is_said_in_the_dialog_and_the_words_stay(qtbot, pair, request_):
    page = Opened(qtbot, pair, request_)
    other = two_desks(lambda name, stores, clock: memory_world(stores=stores, clock=clock, seed=f"other {name}"))
    with pytest.raises(CardError):
        keeping_cards.import_card(pair.holds, other.asks.card_bytes)
    dialog = page.begin(Act.APPROVE)
    dialog.questions()["reasons"]._area.setPlainText("It is fair.")
    dialog._button.click()
    assert dialog.isVisible()
    assert "another key" in dialog._notice.said()
    assert dialog.questions()["reasons"].value() == "It is fair."
    assert dialog._button.isEnabled()
    assert require_state(pair.holds, request_).approval is None


def test_a_decision_closes_the_dialog_and_says_what_happens_next(qtbot, pair, request_):
    page = Opened(qtbot, pair, request_)
    dialog = page.begin(Act.APPROVE)
    dialog.questions()["reasons"]._area.setPlainText("It is fair.")
    dialog._button.click()
    page.listen()
    assert not dialog.isVisible()
    assert any("Your decision is sealed." in banner for banner in page.banners)
    assert page.view.head._status.said() == "Agreed in principle"
    page.view._done.action_chosen.emit()
    assert page.seen.places == [Place(Page.EXCHANGE)]


def test_what_ends_a_request_is_no_default_button(qtbot, pair, request_):
    page = Opened(qtbot, pair, request_)
    assert not page.begin(Act.REJECT)._button.isDefault()
    page.view.dialog().reject()
    assert page.begin(Act.ASK)._button.isDefault()


def test_the_menu_of_decisions_sets_apart_what_cannot_be_taken_back(qtbot, pair, request_):
    page = Opened(qtbot, pair, request_)
    menu = page.view.head.menu_of(page.view._presenter.shown.head.decisions)
    words = [action.text() if not action.isSeparator() else "-" for action in menu.actions()]
    assert words == ["Agree in principle…", "Return for changes…", "-", "Refuse…", "Refer elsewhere…"]
    chosen = []
    page.view.head.step_chosen.connect(chosen.append)
    menu.actions()[3].trigger()
    assert chosen == ["reject"]
    assert page.view.dialog()._form.act is Act.REJECT


def test_a_reply_that_is_being_typed_survives_news(qtbot, pair, request_):
    reviewing.ask(pair.holds, request_, AIM, "Which beaches?")
    pair.carry()
    page = Opened(qtbot, pair, request_, side="requester")
    page.view.show_tab(Tab.QUESTIONS)
    box = next(iter(page.view.talks.boxes().values()))
    box.write("The two at Wes")
    reviewing.ask(pair.holds, request_, QuestionId("data.items"), "All six?")
    pair.carry()
    page.view.refresh(Changes(requests=frozenset({request_})))
    texts = [box.typed()[0] for box in page.view.talks.boxes().values()]
    assert sorted(texts) == ["", "The two at Wes"]


def test_news_of_something_else_leaves_the_box_alone(qtbot, pair, request_):
    reviewing.ask(pair.holds, request_, AIM, "Which beaches?")
    pair.carry()
    page = Opened(qtbot, pair, request_, side="requester")
    page.view.show_tab(Tab.QUESTIONS)
    box = next(iter(page.view.talks.boxes().values()))
    page.view.refresh(Changes(requests=frozenset({request_}), outbox=True))
    assert next(iter(page.view.talks.boxes().values())) is box


def test_a_table_is_answered_anew_with_the_widget_of_the_form(qtbot, pair, request_):
    reviewing.ask(pair.holds, request_, QuestionId("data.items"), "All six?")
    pair.carry()
    page = Opened(qtbot, pair, request_, side="requester")
    page.view.show_tab(Tab.QUESTIONS)
    box = next(iter(page.view.talks.boxes().values()))
    assert isinstance(box._answer, RepeatTable)
    assert box._answer.isHidden()
    box._wants.click()
    assert not box._answer.isHidden()
    assert len(box._answer.value()) == 6
    box.write("Five will do.")
    box._answer._rows[5]._remove.click()
    box._send.click()
    page.listen()
    assert len(require_state(pair.asks, request_).answers["data.items"]) == 5
    assert page.view.talks.boxes() == {}


def test_an_empty_reply_says_so_at_the_field(qtbot, pair, request_):
    reviewing.ask(pair.holds, request_, AIM, "Which beaches?")
    pair.carry()
    page = Opened(qtbot, pair, request_, side="requester")
    page.view.head._primary.click()
    assert page.view.tabs.current() == Tab.QUESTIONS
    box = next(iter(page.view.talks.boxes().values()))
    box._send.click()
    assert box._text.problem() == "Write your reply"
    assert require_state(pair.asks, request_).open_questions


def test_answers_that_read_as_before_are_left_alone(qtbot, pair, request_):
    page = Opened(qtbot, pair, request_)
    page.view.answers.go_to_answer(AIM)
    before = page.view.answers._blocks[AIM]
    reviewing.remark(pair.holds, request_, "Noted.")
    page.view.refresh(Changes(requests=frozenset({request_})))
    assert page.view.answers._blocks[AIM] is before
    reviewing.ask(pair.holds, request_, AIM, "Which?")
    page.view.refresh(Changes(requests=frozenset({request_})))
    assert page.view.answers._blocks[AIM] is not before
    assert page.view.answers.section() == "Purpose and value"


def test_an_answer_is_asked_about_where_it_stands(qtbot, pair, request_):
    page = Opened(qtbot, pair, request_)
    page.view.show_tab(Tab.ANSWERS, AIM)
    block = page.view.answers._blocks[AIM]
    assert isinstance(block, AnswerBlock)
    page.view.answers.ask_wanted.emit(AIM)
    assert page.view.dialog()._form.quoted == "What are you trying to do?"


def test_a_narrow_page_has_its_sections_in_a_list_that_drops_down(qtbot, pair, request_):
    page = Opened(qtbot, pair, request_)
    host = QStackedWidget()
    qtbot.addWidget(host)
    host.addWidget(page.view)
    host.resize(970, 690)
    host.show()
    assert not page.view.answers._side.isHidden()
    host.resize(520, 690)
    qtbot.waitUntil(lambda: page.view.width() == 520)
    assert page.view.answers._side.isHidden()
    assert not page.view.answers._picker_line.isHidden()
    page.view.answers._picker.choose("Data items")
    page.view.answers._picker.activated.emit(0)
    assert page.view.answers.section() == "Data items"
    page.view.setParent(None)


def test_a_table_turns_into_records_where_it_is_narrow_and_stays_whole(qtbot):
    heading = ("Item", "Why", "How long")
    table = TextTable("Items", heading, [("UPRN", "It links", "A year"), ("Postcode", "It checks", "A month")])
    qtbot.addWidget(table)
    table.resize(600, 200)
    table.show()
    table.resize(200, 400)
    qtbot.waitUntil(lambda: table._is_wide is False)
    said = [label.said() for label in table.findChildren(object) if hasattr(label, "said")]
    assert {"UPRN", "Postcode", "It links", "A month"} <= set(said)


def test_a_large_table_is_shown_as_a_view(qtbot):
    rows = [(f"Item {n}", "why", "x", "y") for n in range(400)]
    table = TextTable("Items", ("Item", "Why", "X", "Y"), rows)
    qtbot.addWidget(table)
    assert table.findChild(QTableView).model().rowCount() == 400


def test_a_sample_is_opened_in_its_card_and_closed_again(qtbot, pair, request_):
    page = Opened(qtbot, pair, request_)
    page.view.show_tab(Tab.SAMPLES)
    card = page.view.samples._cards[1]
    assert card._rows is None
    card._button.click()
    assert card._rows is not None
    assert card._button.said() == "Close the sample"
    card._button.click()
    assert card._rows is None


def test_a_delivery_is_handed_over_by_the_wizard_under_the_requests_reference(qtbot, pair, tmp_path):
    request = sealed_request(pair, sample=False)
    page = Opened(qtbot, pair, request, side="requester")
    delivery = page.view._presenter.shown.deliveries[0]
    page.view.deliveries.save_wanted.emit(delivery.id, delivery.box)
    dialog = page.view.dialog()
    assert isinstance(dialog, HandOverDialog)
    dialog.write_to(tmp_path)
    (file,) = tmp_path.iterdir()
    assert page.view._presenter.shown.head.reference in file.name
    dialog.reject()


def test_a_changed_key_stands_at_the_head_of_the_request(qtbot, pair, request_):
    other = two_desks(lambda name, stores, clock: memory_world(stores=stores, clock=clock, seed=f"other {name}"))
    with pytest.raises(CardError):
        keeping_cards.import_card(pair.holds, other.asks.card_bytes)
    page = Opened(qtbot, pair, request_)
    assert any("The key of Public Health Wales has changed" in banner for banner in page.banners)
    page.view._alarm.action_chosen.emit()
    assert page.seen.places[-1].page is Page.PARTNERS


def test_locking_closes_the_dialog_and_keeps_the_words(tmp_path, pair, request_):
    with window_over(pair.supplier, tmp_path) as shown:
        shown.go(Place(Page.INBOX, request=request_))
        page = shown.page("inbox").request
        page._presenter.begin(Act.REJECT)
        shown.settle()
        shown.dialog().questions()["reasons"]._area.setPlainText("Not ours")
        shown.window.lock()
        shown.settle()
        assert shown.dialog() is None
        assert not pair.supplier.is_open
        pair.supplier.unlock_with_passphrase(PASSPHRASE)
        shown.go(Place(Page.INBOX, request=request_))
        page = shown.page("inbox").request
        assert [each.act for each in page._unsaid] == [Act.REJECT]


def test_the_window_is_named_by_the_marking_of_the_request(tmp_path, pair, request_):
    with window_over(pair.supplier, tmp_path) as shown:
        shown.go(Place(Page.INBOX, request=request_))
        assert "OFFICIAL" in shown.window.windowTitle()
        assert "Bathing water" in shown.window.windowTitle()
