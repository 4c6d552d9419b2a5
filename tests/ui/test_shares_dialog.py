"""Splitting the words in a window: from the first start, from the settings, and back again from two shares."""

from __future__ import annotations

import pytest
from PySide6.QtGui import QPageSize, QPdfWriter

from dsadesk.bundle.identity import words_to_seed
from dsadesk.secret import Secret
from dsadesk.services import splitting
from dsadesk.services.desk import Desk
from dsadesk.ui import theme
from dsadesk.ui.presenters.frame import Page, Place
from dsadesk.ui.views.shares_dialog import SharesDialog
from dsadesk.ui.widgets.button import Button
from tests.support.desks import PASSPHRASE, REQUESTER, memory_world
from tests.ui import audit
from tests.ui.windows import window_over


@pytest.fixture
def made():
    desk = Desk(memory_world())
    words = desk.first_run(REQUESTER, "Priya Shah", "Analyst", passphrase=PASSPHRASE).words.reveal()
    return desk, words


def type_back(dialog):
    for n, place in enumerate(dialog._presenter._places, 1):
        dialog._rows[f"share-{n}"].problem_fields()[0].setText(dialog._presenter.words_of(n)[place - 1])


def open_from_settings(shown, words):
    shown.go(Place(Page.SETTINGS))
    shown.page("settings").vault.split.click()
    shown.settle()
    asked = shown.dialog()
    asked._rows["words"].problem_fields()[0].setPlainText(words)
    asked._act.click()
    shown.settle()
    return shown.dialog()


def test_the_settings_ask_for_the_words_and_then_for_one_word_of_each_sheet(made, tmp_path):
    desk, words = made
    with window_over(desk, tmp_path) as shown:
        dialog = open_from_settings(shown, words)
        assert isinstance(dialog, SharesDialog)
        shares = [dialog._presenter.words_of(n) for n in (1, 2, 3)]
        assert words_to_seed(" ".join((*shares[0], *shares[2]))) == words_to_seed(words)
        assert dialog._sheets[1][0].hasFocus()
        stops = [dialog._sheets[1][0], *audit.tab_stops(dialog)]
        fields = [row.problem_fields()[0] for row in dialog._rows.values()]
        order = [*(each for pair in dialog._sheets.values() for each in pair), *fields, dialog._act, dialog._safe]
        places = [stops.index(each) for each in order]
        assert places == sorted(places)
        dialog._act.click()
        shown.settle()
        assert shown.dialog() is dialog
        assert dialog._rows["share-1"].problem()
        type_back(dialog)
        dialog._act.click()
        shown.settle()
        assert shown.dialog() is None
        assert "three shares are on paper" in shown.page("settings")._notice.said()


def test_words_of_another_vault_are_not_split(made, tmp_path):
    desk, _ = made
    other = Desk(memory_world(seed="other"))
    words = other.first_run(REQUESTER, "Gwen", "Owner", passphrase=PASSPHRASE).words.reveal()
    with window_over(desk, tmp_path) as shown:
        dialog = open_from_settings(shown, words)
        assert not isinstance(dialog, SharesDialog)
        assert "another vault" in dialog._rows["words"].problem()
        dialog.reject()


def test_the_first_start_offers_it_beside_the_words(tmp_path):
    with window_over(Desk(memory_world()), tmp_path) as shown:
        page = shown.page("first-run")
        page._presenter.begin()
        page.who.line("organisation").setText(REQUESTER.name)
        page.who.line("identifier").setText(REQUESTER.id)
        page.who.line("name").setText("Priya Shah")
        page.who.line("post").setText("Analyst")
        page.who._on_continue_clicked()
        shown.settle()
        page._presenter.make(passphrase=PASSPHRASE, again=PASSPHRASE)
        shown.settle()
        next(each for each in page.findChildren(Button) if each.said() == "Split them in three…").click()
        shown.settle()
        dialog = shown.dialog()
        assert isinstance(dialog, SharesDialog)
        type_back(dialog)
        dialog._act.click()
        shown.settle()
        assert "on paper and checked" in page.kit._split_notice.said()
        assert page._presenter.holds_unproved_words


def test_two_shares_open_a_locked_desk(made, tmp_path):
    desk, words = made
    shares = splitting.split(Secret(words))
    desk.lock()
    with window_over(desk, tmp_path) as shown:
        page = shown.page("unlock")
        page._presenter.try_words(" ".join(shares[0].words))
        shown.settle()
        assert "one alone opens nothing" in page._words_row.problem()
        page._presenter.try_words("\n".join(" ".join(share.words) for share in shares[:2]))
        shown.settle()
        assert desk.is_open


def test_a_share_is_printed_on_one_page(made, tmp_path, qapp):
    del qapp
    from dsadesk.ui.views.recovery_sheet import paint_share

    _, words = made
    target = tmp_path / "share.pdf"
    writer = QPdfWriter(str(target))
    writer.setPageSize(QPageSize(QPageSize.PageSizeId.A4))
    share = splitting.split(Secret(words))[0]
    paint_share(writer, share.words, share.number, REQUESTER.name)
    del writer
    assert target.read_bytes().startswith(b"%PDF-")


@pytest.mark.parametrize("percent", [100, 200])
def test_it_can_be_read_and_hit(made, tmp_path, wear, percent):
    desk, words = made
    wear(theme.Theme.LIGHT, percent)
    with window_over(desk, tmp_path) as shown:
        dialog = open_from_settings(shown, words)
        for check in (audit.unnamed, audit.rich, audit.clipped, audit.small_targets):
            assert not check(dialog), check
        dialog.reject()


def test_locking_closes_it_and_forgets_the_shares(made, tmp_path):
    desk, words = made
    with window_over(desk, tmp_path) as shown:
        dialog = open_from_settings(shown, words)
        presenter = dialog._presenter
        shown.page("settings").lock_wanted.emit()
        shown.settle()
        assert not desk.is_open
        assert shown.dialog() is None
        assert presenter.words_of(1) == ()
