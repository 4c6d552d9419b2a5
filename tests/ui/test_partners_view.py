"""Partners as widgets: nothing about a key is recorded by accident, and a changed key is loud."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from dsadesk.ports import StoreAccess
from dsadesk.services import keeping_cards, stores
from dsadesk.services.desk import Desk
from dsadesk.ui.presenters.frame import Page, Place
from dsadesk.ui.presenters.partners_shown import ApplicationShown
from dsadesk.ui.views.partners import PartnersView
from dsadesk.ui.views.partners_dialogs import AdmitDialog, CompareDialog, KeepKeyDialog
from dsadesk.ui.views.partners_words import WordsCard
from dsadesk.ui.widgets.banner import Banner
from dsadesk.ui.widgets.button import Button
from dsadesk.ui.widgets.text import Text
from tests.support.desks import PASSPHRASE, REQUESTER, SUPPLIER, memory_world, two_desks
from tests.ui import audit
from tests.ui.test_inbox_view import drop
from tests.unit.ui.frames import inline_frame


@pytest.fixture
def pair():
    return two_desks()


class Opened:
    def __init__(self, qtbot, desk, place=None, size=(1270, 700)):
        self.frame, self.seen = inline_frame(desk)
        self.view = PartnersView(self.frame)
        qtbot.addWidget(self.view)
        self.view.resize(*size)
        self.view.show()
        self.view.show_place(place or Place(Page.PARTNERS))
        self.listen()

    def listen(self):
        while self.seen.changes:
            self.view.refresh(self.seen.changes.pop(0))

    @property
    def partner(self):
        return self.view._shown.partner(SUPPLIER.id)

    @property
    def banners(self):
        QApplication.processEvents()  # a layout shows what it is given at the next turn of the loop
        return [banner.accessibleName() for banner in self.view.findChildren(Banner) if banner.isVisibleTo(self.view)]


def other_card(folder):
    other = two_desks(lambda name, stores, clock: memory_world(stores=stores, clock=clock, seed=f"other {name}"))
    file = folder / "other.dsacard"
    file.write_bytes(other.holds.card_bytes)
    return file


def test_the_words_are_read_out_with_their_numbers(qtbot, pair):
    page = Opened(qtbot, pair.requester)
    card = page.view.own.findChild(WordsCard)
    assert len(card.words()) == 8
    assert card.accessibleName().startswith(f"Word 1, {card.words()[0]}.")
    assert card.focusPolicy() & Qt.FocusPolicy.TabFocus


def test_words_stand_by_fours_or_by_twos(qtbot):
    card = WordsCard(("a", "b", "c", "d", "e", "f", "g", "h"), "spelled")
    qtbot.addWidget(card)
    card.resize(600, 100)
    card.show()
    assert card._grid.itemAtPosition(0, 3) is not None
    card.resize(240, 200)
    assert card._grid.itemAtPosition(0, 2) is None
    assert card._grid.itemAtPosition(3, 1) is not None


def test_a_comparison_needs_both_answers_and_escape_records_nothing(qtbot, pair):
    page = Opened(qtbot, pair.requester, Place(Page.PARTNERS, org=SUPPLIER.id))
    before = page.partner.checks
    page.view.partner.check_wanted.emit()
    dialog = page.view.dialog()
    assert isinstance(dialog, CompareDialog)
    dialog.button.click()
    assert dialog.isVisible()
    assert dialog.method.problem()
    assert dialog.whom.problem()
    dialog.method.set_value("in-person")
    dialog.button.click()
    assert dialog.isVisible()
    QTest.keyClick(dialog, Qt.Key.Key_Escape)
    assert page.partner.checks == before
    page.view.partner.check_wanted.emit()
    dialog = page.view.dialog()
    dialog.method.set_value("in-person")
    dialog.whom.set_value("Gwen Ellis, head of data")
    dialog.button.click()
    page.listen()
    assert page.partner.checks[-1] == ("Words compared in person", "Priya Shah, today at 9am. Gwen Ellis, head of data")


def test_a_changed_key_is_loud_on_its_page_and_on_every_other(qtbot, pair, tmp_path):
    page = Opened(qtbot, pair.requester)
    assert drop(page.view, [other_card(tmp_path)])
    page.listen()
    assert any("A card with another key came in the name of Environment Agency." in each for each in page.banners)
    page.view._presenter.choose(REQUESTER.id)
    assert any("The key of 1 partner has changed" in each for each in page.banners)
    page.view._alarm.action_chosen.emit()
    assert page.view.panes.pages.currentWidget() is page.view.partner


def test_keeping_the_known_key_is_confirmed(qtbot, pair, tmp_path):
    page = Opened(qtbot, pair.requester)
    page.view.import_card(other_card(tmp_path))
    page.view.partner.keep_wanted.emit()
    dialog = page.view.dialog()
    assert isinstance(dialog, KeepKeyDialog)
    assert not dialog.button.isDefault()
    dialog.reject()
    assert page.partner.has_changed
    page.view.partner.keep_wanted.emit()
    page.view.dialog().button.click()
    page.listen()
    assert not page.partner.has_changed


def test_a_new_key_offers_no_hearsay(qtbot, pair, tmp_path):
    page = Opened(qtbot, pair.requester)
    file = other_card(tmp_path)
    page.view.import_card(file)
    page.view.read_new_key(SUPPLIER.id, file)
    dialog = page.view.dialog()
    assert [option.value for option in dialog.method.spec.options] == ["phone", "in-person"]
    dialog.method.set_value("phone")
    dialog.whom.set_value("Gwen Ellis")
    dialog.button.click()
    page.listen()
    assert not page.partner.has_changed
    assert page.partner.is_compared
    (former,) = page.partner.history
    assert any(text.said() == former.title for text in page.view.partner.findChildren(Text))
    assert any(text.accessibleName() == former.spelled for text in page.view.partner.findChildren(Text))
    assert not any(check(page.view.partner) for check in (audit.unnamed, audit.rich, audit.clipped))


def test_a_colleague_is_let_in_only_after_their_words_were_confirmed(qtbot, pair, tmp_path):
    laptop = Desk(memory_world(stores=pair.stores, clock=pair.clock, seed="newcomer"))
    laptop.first_run(REQUESTER, "Dafydd Rees", "Analyst", passphrase=PASSPHRASE, joining=True)
    theirs = Opened(qtbot, laptop)
    assert any("has to let this laptop in" in each for each in theirs.banners)
    theirs.view.save_application(tmp_path / "a.dsapplication")
    ours = Opened(qtbot, pair.requester)
    assert drop(ours.view, [tmp_path / "a.dsapplication"])
    dialog = ours.view.dialog()
    assert isinstance(dialog, AdmitDialog)
    assert dialog.words.words() == theirs.view.own.words.words()
    assert not dialog.button.isEnabled()
    dialog.same.click()
    assert dialog.button.isEnabled()
    assert dialog.roles.value() == ["drafter"]
    dialog.roles.set_value([])
    dialog.button.click()
    assert dialog.isVisible()
    assert dialog.roles.problem()
    asked = []
    dialog.admitted.connect(lambda admin, roles: asked.append((admin, roles)))
    dialog.roles.set_value(["drafter", "signatory"])
    dialog.button.click()
    assert asked == [(False, ["drafter", "signatory"])]
    who = ApplicationShown("Dafydd Rees", "Analyst", (), "", tmp_path / "a.dsapplication")
    ours.view.admit(who, tmp_path / "p.dsapass", admin=False, roles=["drafter"])
    ours.listen()
    assert drop(theirs.view, [tmp_path / "p.dsapass"])
    theirs.listen()
    assert theirs.view._shown.own.is_admitted


def test_the_list_opens_by_keyboard(qtbot, pair):
    page = Opened(qtbot, pair.requester)
    page.view.list.setFocus()
    page.view.list.setCurrentIndex(page.view._model.index(1))
    QTest.keyClick(page.view.list, Qt.Key.Key_Return)
    assert page.view.panes.pages.currentWidget() is page.view.partner
    assert page.view.focusWidget() is page.view.partner._title


def test_a_page_that_is_left_leaves_no_dialog_behind(qtbot, pair):
    page = Opened(qtbot, pair.requester, Place(Page.PARTNERS, org=SUPPLIER.id, part="check"))
    dialog = page.view.dialog()
    assert dialog.isVisible()
    page.view.hide()
    assert not dialog.isVisible()


def test_a_narrow_page_shows_the_partner_with_a_way_back(qtbot, pair):
    page = Opened(qtbot, pair.requester, size=(640, 700))
    assert page.view._pane.isVisible()
    page.view._on_chosen(page.view._model.index(1))
    assert not page.view._pane.isVisible()
    assert page.view.partner.isVisible()
    page.view.panes._back.click()
    assert page.view._pane.isVisible()


def test_after_a_comparison_the_keyboard_stays_with_the_partner(qtbot, pair):
    page = Opened(qtbot, pair.requester, Place(Page.PARTNERS, org=SUPPLIER.id))
    page.view.activateWindow()
    QTest.qWaitForWindowActive(page.view)
    compare = next(b for b in page.view.partner.findChildren(Button) if b.said().startswith("Compare the words"))
    compare.setFocus()
    compare.click()
    page.view.dialog().compared.emit("phone", "B. Holder, whom I know")
    page.view.dialog().reject()
    page.listen()
    qtbot.waitUntil(lambda: not page.view.dialog().isVisible())
    assert page.partner.is_compared
    assert page.view.focusWidget() is page.view.partner._title


@pytest.mark.parametrize(
    ("address", "asked"),
    [("S:\\inbox", "Say where it is on this laptop…"), ("https://files.example/in", "Say how this laptop gets in…")],
)
def test_what_is_asked_of_an_inbox_fits_what_it_is(qtbot, pair, address, asked):
    keeping_cards.set_partner_address(pair.asks, SUPPLIER.id, address)
    page = Opened(qtbot, pair.requester, Place(Page.PARTNERS, org=SUPPLIER.id))
    assert asked in [button.said() for button in page.view.partner.findChildren(Button)]


def test_a_partners_server_that_lets_us_in_asks_for_nothing_more(qtbot, pair):
    address = "https://files.example/in"
    keeping_cards.set_partner_address(pair.asks, SUPPLIER.id, address)
    stores.keep_store(pair.asks, address, StoreAccess(user="office", secret="s"))
    page = Opened(qtbot, pair.requester, Place(Page.PARTNERS, org=SUPPLIER.id))
    assert "Change how this laptop gets in…" in [button.said() for button in page.view.partner.findChildren(Button)]
