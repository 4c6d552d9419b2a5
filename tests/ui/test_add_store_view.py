"""Adding a place for deliveries as widgets: only what its kind asks for, what was tried line by line, and nothing kept unasked."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit

from dsadesk.services.keeping_cards import address_of
from dsadesk.ui.presenters.add_store import FIELDS, Purpose, StoreForm, StoreKind, own_purpose
from dsadesk.ui.views.add_store_dialog import AddStoreDialog
from tests.support.desks import REQUESTER, SUPPLIER, two_desks
from tests.ui import audit
from tests.unit.ui.frames import inline_frame
from tests.unit.ui.test_add_store import real_world


@pytest.fixture
def pair():
    return two_desks(real_world)


@pytest.fixture
def opened(qtbot, pair):
    def open_it(form=None, *, own=True):
        frame, _ = inline_frame(pair.requester)
        purpose = own_purpose(frame) if own else Purpose(SUPPLIER.id, SUPPLIER.name, is_own=False)
        dialog = AddStoreDialog(frame, purpose, form)
        qtbot.addWidget(dialog)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose, on=False)
        dialog.open()
        QApplication.processEvents()
        return dialog

    return open_it


def settle():
    for _ in range(5):
        QApplication.processEvents()


@pytest.mark.parametrize("kind", list(StoreKind))
def test_only_the_fields_of_the_kind_are_seen(opened, kind):
    dialog = opened()
    dialog.kind.set_value(kind.value)
    dialog._on_kind_changed()
    seen = {name for name, row in dialog.rows.items() if not row.isHidden()}
    assert seen == set(FIELDS[kind])
    assert dialog.own_key.isHidden() is (kind is not StoreKind.FILES)
    assert dialog.more.isHidden() is (kind is StoreKind.FOLDER)


def test_the_offices_own_ways_are_asked_for_on_wish(opened):
    dialog = opened(StoreForm(StoreKind.WEB, {}))
    assert dialog.rows["proxy"].isHidden()
    dialog.more.setChecked(True)
    assert not dialog.rows["proxy"].isHidden()
    assert not dialog.rows["authority"].isHidden()


@pytest.mark.parametrize("kind", list(StoreKind))
def test_everything_has_a_name_and_a_place_for_the_keyboard(opened, kind):
    dialog = opened(StoreForm(kind, {}))
    dialog.more.setChecked(True)
    settle()
    assert audit.unnamed(dialog) == []
    assert audit.rich(dialog) == []
    assert audit.small_targets(dialog) == []


def test_secrets_are_hidden_while_they_are_typed(opened):
    dialog = opened(StoreForm(StoreKind.BUCKET, {}))
    for name in ("secret", "proxy-secret"):
        assert dialog.lines[name].echoMode() is QLineEdit.EchoMode.Password


def test_what_is_missing_is_said_at_its_field_and_the_keyboard_goes_there(opened):
    dialog = opened(StoreForm(StoreKind.BUCKET, {"server": "https://s3.example.org"}))
    dialog.try_button.click()
    assert dialog.rows["bucket"].problem() == "Enter the name of the bucket"
    assert dialog.focusWidget() is dialog.lines["bucket"]


def test_a_folder_is_tried_line_by_line_and_kept_by_one_more_press(opened, pair, tmp_path: Path):
    dialog = opened()
    said = []
    dialog.kept.connect(said.append)
    QTest.keyClicks(dialog.lines["folder"], str(tmp_path / "inbox"))
    assert dialog.keep_button.isHidden()
    QTest.keyClick(dialog.lines["folder"], Qt.Key.Key_Return)
    settle()
    assert "It takes what is written." in dialog.results.said
    assert dialog.focusWidget() is dialog.keep_button
    assert dialog.try_button.property("look") == "plain"  # one way on is enough
    assert address_of(pair.asks, REQUESTER.id) == "inbox-of-requester"
    QTest.keyClick(dialog.keep_button, Qt.Key.Key_Return)
    assert said
    assert address_of(pair.asks, REQUESTER.id) == str(tmp_path / "inbox")
    assert not dialog.isVisible()


def test_another_address_is_another_place_and_has_to_be_tried_anew(opened, tmp_path: Path):
    dialog = opened()
    dialog.lines["folder"].setText(str(tmp_path / "inbox"))
    dialog.try_button.click()
    settle()
    QTest.keyClicks(dialog.lines["folder"], "2")
    assert dialog.keep_button.isHidden()
    assert dialog.results.said == []


def test_escape_keeps_nothing(opened, pair, tmp_path: Path):
    dialog = opened()
    dialog.lines["folder"].setText(str(tmp_path / "inbox"))
    dialog.try_button.click()
    settle()
    QTest.keyClick(dialog, Qt.Key.Key_Escape)
    assert not dialog.isVisible()
    assert address_of(pair.asks, REQUESTER.id) == "inbox-of-requester"


def test_a_partners_place_out_of_reach_is_offered_to_be_kept_for_later(opened, pair):
    dialog = opened(StoreForm(StoreKind.WEB, {"server": "https://localhost:9", "user": "office"}), own=False)
    dialog.try_button.click()
    settle()
    assert dialog.keep_button.said() == "Keep it, and try when it is needed"
    dialog.keep_button.click()
    assert address_of(pair.asks, SUPPLIER.id) == "https://localhost:9"


def test_what_was_filled_in_and_left_is_there_again_and_says_so(opened):
    dialog = opened(StoreForm(StoreKind.FILES, {}))
    assert dialog.resumed.isHidden()
    for name, text in (("server", "files.example.gov.uk"), ("path", "/srv/inbox"), ("secret", "tops3cret")):
        QTest.keyClicks(dialog.lines[name], text)
    QTest.keyClick(dialog, Qt.Key.Key_Escape)
    again = opened()
    assert not again.resumed.isHidden()
    assert again.form().kind is StoreKind.FILES
    assert (again.lines["server"].text(), again.lines["secret"].text()) == ("files.example.gov.uk", "")
    assert again.focusWidget() is again.lines["user"]


def test_what_somebody_filled_in_meanwhile_stays(opened):
    dialog = opened()
    QTest.keyClicks(dialog.lines["folder"], "/mnt/stick")
    dialog.resume(StoreForm(StoreKind.WEB, {"server": "https://files.example"}))
    assert dialog.form() == StoreForm(StoreKind.FOLDER, {"folder": "/mnt/stick"})
    assert dialog.resumed.isHidden()


def is_seen(dialog, part):
    """Whether the end of a part stands between the upper edge and the buttons."""
    end = part.mapTo(dialog._scroll.viewport(), part.rect().bottomLeft()).y()
    return 0 < end <= dialog._scroll.viewport().height()


def test_what_came_of_the_trial_is_seen_and_the_keyboard_tries_again(opened, qtbot):
    dialog = opened(StoreForm(StoreKind.WEB, {"server": "https://localhost:9", "user": "office"}))
    dialog.more.setChecked(True)
    dialog.resize(dialog.width(), 420)
    dialog.try_button.click()
    qtbot.waitUntil(lambda: is_seen(dialog, dialog.error))
    assert dialog.focusWidget() is dialog.try_button


@pytest.mark.parametrize(("user", "first"), [("", "user"), ("office", "secret")])
def test_a_place_that_is_known_opens_at_what_is_missing_and_shows_it(opened, qtbot, user, first):
    dialog = opened(StoreForm(StoreKind.WEB, {"server": "https://files.example.org/in", "user": user}), own=False)
    assert dialog.focusWidget() is dialog.lines[first]
    qtbot.waitUntil(lambda: is_seen(dialog, dialog.lines[first]))
