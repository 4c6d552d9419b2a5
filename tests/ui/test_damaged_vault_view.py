"""A damaged vault, a backup, and every state of the key store, in the window: nothing on the page deletes anything."""

from __future__ import annotations

import dataclasses

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from dsadesk.host.memory import FixedClock, MemorySecretStore
from dsadesk.ports import KeyStoreState
from dsadesk.services import drafting
from dsadesk.services.desk import Desk
from dsadesk.ui.views.fields_dialog import FieldsDialog
from tests.support.desks import PASSPHRASE, REQUESTER, Stores, folder_world
from tests.ui import audit
from tests.ui.windows import window_over

CHECKS = (audit.unnamed, audit.rich, audit.clipped, audit.small_targets)


def files(folder):
    return {path.relative_to(folder): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


@pytest.fixture
def desk(tmp_path):
    """A locked desk over a vault in a folder, with one draft."""
    made = Desk(folder_world(tmp_path / "vault", stores=Stores(), clock=FixedClock(), seed="desk"))
    made.words = made.first_run(REQUESTER, "Priya Shah", "Analyst", passphrase=PASSPHRASE).words.reveal()
    drafting.start(made.session, title="Bathing water")
    made.session.vault.backup(tmp_path / "kept.dsavault")
    made.lock()
    return made


def damage(tmp_path):
    data = bytearray((tmp_path / "vault" / "cases.db").read_bytes())
    data[100] ^= 0xFF
    (tmp_path / "vault" / "cases.db").write_bytes(data)


def open_with(page, text):
    QTest.keyClicks(page._field, text)
    QTest.keyClick(page._field, Qt.Key.Key_Return)


def test_a_damaged_vault_is_no_wrong_passphrase_and_is_salvaged_by_the_way_in_that_was_tried(desk, tmp_path):
    damage(tmp_path)
    with window_over(desk, tmp_path / "w") as shown:
        page = shown.page("unlock")
        open_with(page, PASSPHRASE)
        shown.settle()
        assert page._title.text() == "Your vault is damaged"
        assert not page._row.problem()
        assert shown.window.focusWidget() is page._damage.restore
        assert not any(check(page) for check in CHECKS)
        page._damage.salvage.click()
        shown.settle()
        assert page._mended.isVisible()
        assert "came back" in page._mended.said.text()
        assert "vault-damaged-" in page._mended.aside.text().replace("\u200b", "")
        assert not any(check(page) for check in CHECKS)
        page._mended.go_on.click()
        shown.settle()
        assert [each.title for each in desk.session.vault.drafts.all()] == ["Bathing water"]
        assert shown.page("requests") is not None
        desk.lock()


def test_a_wrong_passphrase_is_not_called_damage(desk, tmp_path):
    with window_over(desk, tmp_path / "w") as shown:
        page = shown.page("unlock")
        open_with(page, "something else entirely")
        shown.settle()
        assert page._row.problem()
        assert not page._damage.isVisible()


@pytest.mark.parametrize("lost", ["header", "first page"])
def test_a_backup_is_restored_where_the_vault_does_not_open(desk, tmp_path, lost):
    if lost == "header":
        (tmp_path / "vault" / "vault.json").write_bytes(b"{")
    else:
        damage(tmp_path)
    with window_over(desk, tmp_path / "w") as shown:
        page = shown.page("unlock")
        if lost == "first page":
            open_with(page, PASSPHRASE)
            shown.settle()
        assert page._damage.restore.isVisible()
        assert page._damage.salvage.isEnabled() is (lost == "first page")
        page.ask_what_opens(tmp_path / "kept.dsavault")
        dialog = shown.dialog()
        assert isinstance(dialog, FieldsDialog)
        dialog._rows["passphrase"].field.setText("not the one that it had")
        dialog._act.click()
        shown.settle()
        assert dialog._rows["passphrase"].problem()
        dialog._rows["passphrase"].field.setText(PASSPHRASE)
        dialog._act.click()
        shown.settle()
        assert shown.dialog() is None
        assert "vault-before-restoring-" in page._mended.aside.text().replace("\u200b", "")
        page._mended.go_on.click()
        shown.settle()
        assert [each.title for each in desk.session.vault.drafts.all()] == ["Bathing water"]
        desk.lock()


def test_the_words_open_a_backup_too(desk, tmp_path):
    with window_over(desk, tmp_path / "w") as shown:
        page = shown.page("unlock")
        page.ask_what_opens(tmp_path / "kept.dsavault")
        dialog = shown.dialog()
        dialog._rows["words"].problem_fields()[0].setPlainText(desk.words)
        dialog._act.click()
        shown.settle()
        assert page._mended.isVisible()
        desk.lock()


STATES = [state.value for state in KeyStoreState if state is not KeyStoreState.WORKS]


@pytest.mark.parametrize("state", [*STATES, "item-missing", "backend-changed", "other-secret"])
def test_whatever_the_key_store_says_escape_and_the_x_change_nothing(tmp_path, state):
    world = folder_world(tmp_path / "vault", stores=Stores(), clock=FixedClock(), seed="desk")
    made = Desk(world)
    made.first_run(REQUESTER, "Priya Shah", "Analyst", passphrase=None)
    made.lock()
    store = (
        MemorySecretStore(KeyStoreState(state))
        if state in STATES
        else MemorySecretStore(backend="another" if state == "backend-changed" else "memory")
    )
    if state == "other-secret":
        store.write(f"vault-{world.place.header().id}", bytes(32))
    broken = Desk(dataclasses.replace(world, secrets=store))
    before = files(tmp_path / "vault")
    with window_over(broken, tmp_path / "w") as shown:
        page = shown.page("unlock")
        assert page._notice.said(), "each state has a sentence"
        assert page._words.isVisible(), "the words are offered at once"
        QTest.keyClick(shown.window, Qt.Key.Key_Escape)
        page._on_fresh_clicked()
        QTest.keyClick(shown.dialog(), Qt.Key.Key_Escape)
        shown.settle()
        page._on_fresh_clicked()
        shown.dialog().close()
        shown.settle()
        shown.window.close()
        shown.settle()
    assert files(tmp_path / "vault") == before
    assert sorted(path.name for path in tmp_path.iterdir() if path.name.startswith("vault")) == ["vault"]


def test_the_eight_states_have_eight_different_sentences(tmp_path):
    from dsadesk.errors import KeyStoreError, WrongKeyError
    from dsadesk.services.wording import explain

    errors = [
        KeyStoreError(state, before="one", now="another") for state in (*STATES, "item-missing", "backend-changed")
    ]
    said = {explain(error).what for error in (*errors, WrongKeyError("other-secret"))}
    assert len(said) == len(STATES) + 3 == 8
