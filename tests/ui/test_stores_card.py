"""The list of places in the settings, over real folders: tried again, changed, forgotten."""

from __future__ import annotations

import pytest

from dsadesk.bootstrap import open_transport, prepare_store
from dsadesk.host.clock import SystemPulse
from dsadesk.host.entropy import SystemEntropy
from dsadesk.ports import NO_ACCESS
from dsadesk.services import stores
from dsadesk.services.keeping_cards import set_inbox_address
from dsadesk.ui.views.add_store_dialog import AddStoreDialog
from dsadesk.ui.views.stores_card import StoresCard
from dsadesk.ui.widgets.button import Button
from tests.support.desks import two_desks
from tests.unit.ui.frames import inline_frame


@pytest.fixture
def opened(qtbot, tmp_path):
    pair = two_desks()
    session = pair.asks
    folder = tmp_path / "inbox"
    prepare_store(str(folder), session.world.clock, SystemEntropy()).close()
    object.__setattr__(session.world, "open_transport", open_transport)
    object.__setattr__(session.world, "pulse", SystemPulse())
    set_inbox_address(session, str(folder))
    stores.keep_store(session, str(folder), NO_ACCESS)
    frame, _ = inline_frame(pair.requester)
    card = StoresCard(frame)
    qtbot.addWidget(card)
    card.show()
    card.load()
    return card, session, folder


def button(card, name):
    return next(each for each in card.findChildren(Button) if each.accessibleName() == name and each.isVisibleTo(card))


def test_a_place_is_listed_with_whose_it_is_and_tried_again(opened):
    card, _, folder = opened
    store = next(each for each in card._shown if each.address == str(folder))
    assert (store.whose, store.status) == ("Your inbox", "Not tried yet")
    button(card, f"Check again: {folder}").click()
    store = next(each for each in card._shown if each.address == str(folder))
    assert store.status in {"Fine", "Can live with"}
    assert store.tried.startswith("Tried today")
    assert card.notice.said()


def test_a_place_that_is_gone_says_so_when_it_is_tried_and_is_not_judged(opened):
    card, _, folder = opened
    folder.rename(folder.with_name("elsewhere"))
    button(card, f"Check again: {folder}").click()
    store = next(each for each in card._shown if each.address == str(folder))
    assert store.status == "Not tried yet"
    assert "could not be reached" in card.notice.said()


def test_changing_the_way_in_opens_the_form_as_it_was_filled_in(opened):
    card, _, folder = opened
    button(card, f"Change access: {folder}").click()
    dialog = card.dialog()
    assert isinstance(dialog, AddStoreDialog)
    assert dialog.form()["folder"] == str(folder)
    dialog.reject()


def test_forgetting_asks_first_and_takes_the_way_in_away(opened):
    card, session, folder = opened
    assert str(folder) in stores.kept_addresses(session)
    button(card, f"Forget: {folder}").click()
    card.dialog().reject()
    assert str(folder) in stores.kept_addresses(session)
    button(card, f"Forget: {folder}").click()
    card.dialog().button.click()
    assert str(folder) not in stores.kept_addresses(session)
