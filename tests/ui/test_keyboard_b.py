"""What an accessibility review would look for on the pages of the conversation: names, plain text, room, targets, order."""

from __future__ import annotations

from functools import partial

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from dsadesk.domain.ids import QuestionId
from dsadesk.errors import CardError, DecryptError
from dsadesk.services import agreeing, discovering, holding, keeping_cards, reviewing
from dsadesk.services.desk import Desk
from dsadesk.services.holding import Content
from dsadesk.ui import theme
from dsadesk.ui.presenters.decide import Act
from dsadesk.ui.presenters.frame import Page, Place
from dsadesk.ui.presenters.request import Tab
from dsadesk.ui.views.reading import ReadingColumn
from tests.support.desks import PASSPHRASE, REQUESTER, ROOT, SUPPLIER, memory_world, received_request, two_desks
from tests.ui import audit
from tests.ui.windows import window_over

LOOKS = [(theme.Theme.LIGHT, 100), (theme.Theme.LIGHT, 200)]
CHECKS = (audit.unnamed, audit.rich, audit.clipped, audit.small_targets)


def faults(widget):
    return {check.__name__: found for check in CHECKS if (found := check(widget))}


def written_out(shown):
    """Texts come a piece at a time; wait for the last."""
    for column in shown.window.findChildren(ReadingColumn):
        column.finish()
    shown.settle()


@pytest.fixture(scope="module")
def asked():
    """A request with a sample, a question and a partner's key that changed."""
    pair = two_desks()
    request = received_request(pair)
    reviewing.ask(pair.holds, request, QuestionId("purpose.aim"), "Which beaches are in the pilot?")
    pair.carry()
    return pair, request


@pytest.fixture(scope="module")
def agreed():
    pair = two_desks()
    request = received_request(pair, sample=False)
    reviewing.approve(pair.holds, request, "It protects swimmers.", ["Name the source."])
    agreeing.draft(pair.holds, request)
    agreeing.sign_agreement(pair.holds, request)
    pair.carry()
    discovering.import_catalogue(
        pair.asks, (ROOT / "tests/data/catalogue/invented-datasets.csv").read_bytes(), "invented-datasets.csv"
    )
    other = two_desks(lambda name, stores, clock: memory_world(stores=stores, clock=clock, seed=f"other {name}"))
    with pytest.raises(CardError):
        keeping_cards.import_card(pair.asks, other.holds.card_bytes)
    return pair, request


@pytest.mark.parametrize(("look", "percent"), LOOKS)
def test_every_part_of_a_request_can_be_read_reached_and_hit_by_the_requester(asked, tmp_path, wear, look, percent):
    pair, request = asked
    wear(look, percent)
    with window_over(pair.requester, tmp_path) as shown:
        look_everywhere(shown, request)


@pytest.mark.parametrize(("look", "percent"), LOOKS)
def test_every_part_of_a_request_can_be_read_reached_and_hit_by_the_supplier(asked, tmp_path, wear, look, percent):
    pair, request = asked
    wear(look, percent)
    with window_over(pair.supplier, tmp_path) as shown:
        look_everywhere(shown, request)


def look_everywhere(shown, request):
    shown.go(Place(Page.REQUEST, request=request))
    for tab in Tab:
        shown.go(Place(Page.REQUEST, request=request, part=tab))
        written_out(shown)
        assert faults(shown.window) == {}, tab
    page = shown.page("requests")._request
    for section in page._presenter.shown.sections:
        page.show_tab(Tab.ANSWERS, section.answers[0].id)
        written_out(shown)
        assert faults(shown.window) == {}, section.title


@pytest.mark.parametrize(("look", "percent"), LOOKS)
def test_every_form_of_a_request_can_be_read_and_hit(asked, tmp_path, wear, look, percent):
    pair, request = asked
    wear(look, percent)
    with window_over(pair.supplier, tmp_path) as shown:
        shown.go(Place(Page.INBOX, request=request))
        page = shown.page("inbox").request
        for act in Act:
            page._presenter.begin(act)
            shown.settle()
            assert faults(shown.dialog()) == {}, act
            shown.dialog().reject()
            shown.settle()


@pytest.mark.parametrize(("look", "percent"), LOOKS)
def test_the_other_pages_can_be_read_reached_and_hit(agreed, tmp_path, wear, look, percent):
    pair, request = agreed
    wear(look, percent)
    with window_over(pair.requester, tmp_path) as shown:
        for place in (
            Place(Page.INBOX),
            Place(Page.INBOX, part="held"),
            Place(Page.AGREEMENTS),
            Place(Page.AGREEMENTS, request=request),
            Place(Page.AGREEMENT, request=request),
            Place(Page.CATALOGUE),
            Place(Page.PARTNERS),
            Place(Page.PARTNERS, org=REQUESTER.id),
            Place(Page.PARTNERS, org=SUPPLIER.id),
            Place(Page.EXCHANGE),
        ):
            shown.go(place)
            written_out(shown)
            assert faults(shown.window) == {}, place
        shown.page("catalogue")._presenter.choose(0)
        shown.go(Place(Page.CATALOGUE))
        assert faults(shown.window) == {}
        shown.go(Place(Page.EXCHANGE))
        shown.page("exchange").go.click()
        shown.settle()
        assert faults(shown.window) == {}


@pytest.mark.parametrize(("look", "percent"), LOOKS)
def test_the_dialogs_about_keys_and_agreements_can_be_read_and_hit(agreed, tmp_path, wear, look, percent):
    pair, request = agreed
    wear(look, percent)
    card = tmp_path / "card.dsacard"
    other = two_desks(lambda name, stores, clock: memory_world(stores=stores, clock=clock, seed=f"other {name}"))
    card.write_bytes(other.holds.card_bytes)
    laptop = Desk(memory_world(stores=pair.stores, clock=pair.clock, seed="newcomer"))
    laptop.first_run(REQUESTER, "Dafydd Rees", "Analyst", passphrase=PASSPHRASE, joining=True)
    with window_over(laptop, tmp_path / "laptop") as shown:
        shown.go(Place(Page.PARTNERS))
        assert faults(shown.window) == {}
        shown.page("partners").save_application(tmp_path / "a.dsapplication")
        shown.settle()
    with window_over(pair.requester, tmp_path) as shown:
        shown.go(Place(Page.PARTNERS, org=SUPPLIER.id))
        partners = shown.page("partners")
        openers = [
            lambda: partners._with_partner(partners.ask_check),
            lambda: partners._with_partner(partners._on_keep_wanted),
            lambda: partners.read_new_key(SUPPLIER.id, card),
            lambda: partners.read_application(tmp_path / "a.dsapplication"),
            partners.ask_inbox,
            partners.ask_roles,
            partners.ask_leave,
            partners.ask_rotate,
        ]
        holding.hold(pair.asks, DecryptError("damaged"), Content.of(b"x"), "x.dsabundle")
        pair.asks.changes.flag("quarantine")
        shown.go(Place(Page.INBOX, part="held"))
        inbox = shown.page("inbox")
        openers.append(lambda: inbox._on_discard_held_wanted(inbox._held[0]))
        shown.go(Place(Page.SETTINGS))
        settings = shown.page("settings")
        openers += [settings.vault._on_accept_history_wanted, settings.vault._on_restore_clicked]
        shown.go(Place(Page.AGREEMENT, request=request))
        agreement = shown.page("agreement")
        openers += [partial(agreement._presenter.do, step) for step in ("sign", "draft-anew")]
        openers.append(lambda: agreement.export(tmp_path))
        for number, opener in enumerate(openers):
            opener()
            shown.settle()
            assert faults(shown.dialog()) == {}, number
            shown.dialog().reject()
            shown.settle()


def test_the_tab_key_goes_through_a_request_in_the_order_of_reading(asked, tmp_path, wear):
    pair, request = asked
    with window_over(pair.requester, tmp_path) as shown:
        shown.go(Place(Page.REQUEST, request=request))
        page = shown.page("requests")._request
        assert page.head.title.hasFocus()
        stops = [stop for stop in audit.tab_stops(shown.window) if page.isAncestorOf(stop)]
        names = [stop.accessibleName() or getattr(stop, "said", lambda: "")() for stop in stops]
        assert names[0] == "Reply to the question"
        assert names.index("Reply to the question") < names.index("Answers") < names.index("Sections")
        assert names.index("Sections") < names.index("At a glance")


def test_a_question_is_asked_and_sealed_by_keyboard_alone(asked, tmp_path, wear):
    pair, request = asked
    with window_over(pair.supplier, tmp_path) as shown:
        shown.go(Place(Page.INBOX, request=request))
        page = shown.page("inbox").request
        page.head.title.setFocus()
        before = len(page._presenter.shown.talks)
        page._presenter.begin(Act.ASK, "purpose.aim")
        shown.settle()
        dialog = shown.dialog()
        for letter in "Why?":
            QTest.keyClick(QApplication.focusWidget(), letter)
        QTest.keyClick(QApplication.focusWidget(), Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
        shown.settle()
        assert shown.dialog() is None
        assert dialog is not None
        assert len(page._presenter.shown.talks) == before + 1
        assert shown.window.focusWidget() is page.head.title


def test_the_arrow_keys_go_through_the_tabs_of_a_request(asked, tmp_path, wear):
    pair, request = asked
    with window_over(pair.supplier, tmp_path) as shown:
        shown.go(Place(Page.INBOX, request=request))
        page = shown.page("inbox").request
        page.tabs.focus_current()
        seen = []
        for _ in Tab:
            seen.append(page.tabs.current())
            QTest.keyClick(shown.window.focusWidget(), Qt.Key.Key_Right)
            shown.settle()
        assert seen == list(Tab)
        assert page.tabs.current() == Tab.ANSWERS
        QTest.keyClick(shown.window.focusWidget(), Qt.Key.Key_4, Qt.KeyboardModifier.AltModifier)
        assert page.tabs.current() == Tab.HISTORY
