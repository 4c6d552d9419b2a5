"""The inbox as widgets: browsing, fetching, dropping files, and what was held back."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtTest import QTest

from dsadesk.errors import BundleError, DecryptError
from dsadesk.services import exchanging, handing_over, holding, taking_in
from dsadesk.services.holding import Content
from dsadesk.ui.presenters.frame import Page, Place
from dsadesk.ui.views.inbox import InboxView
from dsadesk.ui.widgets.text import Text
from tests.support.desks import received_request, sealed_request, two_desks
from tests.ui import audit
from tests.ui.windows import window_over
from tests.unit.ui.frames import inline_frame

CHECKS = (audit.unnamed, audit.rich, audit.clipped, audit.small_targets)


@pytest.fixture
def pair():
    return two_desks()


class Opened:
    def __init__(self, qtbot, desk, size=(1270, 700)):
        self.frame, self.seen = inline_frame(desk)
        self.view = InboxView(self.frame)
        qtbot.addWidget(self.view)
        self.view.resize(*size)
        self.view.show()
        self.view.show_place(Place(Page.INBOX))

    def listen(self):
        while self.seen.changes:
            self.view.refresh(self.seen.changes.pop(0))


def file_of(pair, folder, name="x.dsabundle"):
    file = folder / name
    with file.open("wb") as sink:
        handing_over.export_bundle(pair.asks, pair.asks.vault.outbox.unfinished()[0], sink)
    return file


def dropped(files):
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(file)) for file in files])
    return data


def drop(view, files):
    data = dropped(files)
    enter = QDragEnterEvent(
        QPoint(5, 5), Qt.DropAction.CopyAction, data, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    )
    enter.ignore()
    view.dragEnterEvent(enter)
    if enter.isAccepted():
        event = QDropEvent(
            QPointF(5, 5), Qt.DropAction.CopyAction, data, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
        )
        view.dropEvent(event)
    return enter.isAccepted()


def test_fetching_lists_what_came_and_can_be_put_away(qtbot, pair):
    sealed_request(pair, sample=False)
    exchanging.exchange(pair.asks)
    page = Opened(qtbot, pair.supplier)
    assert page.view._nothing.isVisible()
    page.view.fetch.click()
    page.listen()
    assert page.view._model.rowCount() == 1
    assert not page.view._nothing.isVisible()
    assert page.view._result.result().title == "1 came in"
    page.view._result.show_result(None)
    assert not page.view._result.isVisible()


def test_a_file_can_be_dropped_and_other_files_cannot(qtbot, pair, tmp_path):
    request = sealed_request(pair, sample=False)
    file = file_of(pair, tmp_path)
    other = tmp_path / "notes.txt"
    other.write_text("x")
    page = Opened(qtbot, pair.supplier)
    assert not drop(page.view, [other])
    assert drop(page.view, [file, other])
    assert page.seen.places[-1].request == request


def test_what_was_held_back_is_a_warning_beside_the_requests_and_a_page(qtbot, pair, tmp_path):
    sealed_request(pair, sample=False)
    stranger = two_desks()
    page = Opened(qtbot, stranger.requester)
    page.view.open_file(file_of(pair, tmp_path))
    page.listen()
    assert page.view._error.said()
    assert page.view._warning.isVisible()
    page.view._warning.action_chosen.emit()
    assert page.view.filter.current() == "held"
    assert page.view.panes.pages.currentWidget() is page.view._held_page
    assert page.view._held_page.shown.todo
    page.view.filter._segments["requests"].click()
    assert page.view.panes.pages.currentWidget() is page.view._none


def held_desk(pair, folder):
    """Somebody to whom two deliveries for others were given as files."""
    for _ in range(2):
        sealed_request(pair, sample=False)
    stranger = two_desks()
    for n, item in enumerate(pair.asks.vault.outbox.unfinished()[:2]):
        file = folder / f"{n}.dsabundle"
        with file.open("wb") as sink:
            handing_over.export_bundle(pair.asks, item, sink)
        with file.open("rb") as handle, pytest.raises(BundleError):
            taking_in.import_bundle(stranger.asks, handle, file.name)
        stranger.clock.advance(60)
    return stranger.requester


def test_what_was_held_back_is_saved_exactly_as_it_came(pair, tmp_path):
    with window_over(held_desk(pair, tmp_path), tmp_path) as shown:
        shown.go(Place(Page.INBOX, part="held"))
        page = shown.page("inbox")
        held = page._held_page.shown
        page.save_held(held, tmp_path / held.file_name)
        shown.settle()
        came = (tmp_path / dict(held.facts)["Came from"]).read_bytes()
        assert (tmp_path / held.file_name).read_bytes() == came
        assert page._result.result().title.startswith("The delivery is saved as held-back-")
        page.save_held(held, tmp_path / "no folder" / "x.dsabundle")
        shown.settle()
        assert "x.dsabundle" in page._error.said()


def test_throwing_away_is_asked_first_says_what_is_lost_and_goes_on_to_the_next(pair, tmp_path):
    desk = held_desk(pair, tmp_path)
    with window_over(desk, tmp_path) as shown:
        shown.go(Place(Page.INBOX, part="held"))
        page = shown.page("inbox")
        first, second = page._held
        for answer in ("escape", "do"):
            page._held_page.buttons["discard"].click()
            dialog = shown.dialog()
            assert not any(check(dialog) for check in CHECKS)
            assert any("stays where it is" in text.said() for text in dialog.findChildren(Text))
            if answer == "escape":
                QTest.keyClick(dialog, Qt.Key.Key_Escape)
            else:
                dialog.button.click()
            shown.settle()
        assert holding.held_back(desk.session)[0].id == second.id
        assert page._held_page.shown.id == second.id
        assert shown.window.focusWidget() is page.held_list
        page._held_presenter.discard(first)
        shown.settle()
        assert "no bundle" in page._error.said()
        page._held_presenter.discard(second)
        shown.settle()
        assert page.panes.pages.currentWidget() is page._none
        assert page._nothing_held.said() == "Nothing was held back"


def test_a_delivery_is_checked_again_when_a_person_says_so_and_one_that_fails_again_stays(pair, tmp_path):
    sealed_request(pair, sample=False)
    with file_of(pair, tmp_path).open("rb") as handle:
        holding.hold(pair.holds, DecryptError("not-for-us"), Content.read(handle), "x.dsabundle")
    holding.hold(pair.holds, DecryptError("damaged"), Content(b"", bytes(32), 9), "y.dsabundle")
    with window_over(pair.supplier, tmp_path) as shown:
        shown.go(Place(Page.INBOX, part="held"))
        page = shown.page("inbox")
        for held in page._held:
            page._held_page.show_held(held)
            page._held_page.buttons["retry"].click()
            shown.settle()
        assert page._result.result().title == "The delivery is taken in"
        (left,) = holding.held_back(pair.holds)
        assert left.source == "y.dsabundle"
        page.save_held(page._held[0], tmp_path / "y.dsabundle")
        shown.settle()
        assert "Only the evidence" in page._error.said()
        assert not (tmp_path / "y.dsabundle").exists()


def test_enter_opens_a_request_and_takes_the_keyboard_there(tmp_path, pair):
    request = received_request(pair, sample=False)
    with window_over(pair.supplier, tmp_path) as shown:
        shown.go(Place(Page.INBOX))
        view = shown.page("inbox")
        view.list.setFocus()
        view.list.setCurrentIndex(view._model.index(0))
        QTest.keyClick(view.list, Qt.Key.Key_Return)
        shown.settle()
        assert view._opened == request
        assert view.request.head.title.hasFocus()
        assert "OFFICIAL" in shown.window.windowTitle()


def test_the_arrow_keys_open_requests_and_stay_in_the_list(tmp_path, pair, qtbot):
    first, second = received_request(pair, sample=False), received_request(pair, sample=False)
    with window_over(pair.supplier, tmp_path) as shown:
        shown.go(Place(Page.INBOX))
        view = shown.page("inbox")
        view.list.setFocus()
        QTest.keyClick(view.list, Qt.Key.Key_Down)
        QTest.keyClick(view.list, Qt.Key.Key_Down)
        qtbot.waitUntil(lambda: view._opened == first)
        shown.settle()
        assert view.list.hasFocus()
        assert view._opened != second


def test_a_narrow_window_shows_the_list_or_the_request_with_a_way_back(qtbot, pair):
    request = received_request(pair, sample=False)
    page = Opened(qtbot, pair.supplier, size=(640, 700))
    assert page.view._pane.isVisible()
    page.view.show_place(Place(Page.INBOX, request=request))
    assert not page.view._pane.isVisible()
    assert page.view.request.isVisible()
    page.view.panes._back.click()
    assert page.view._pane.isVisible()
    page.view.resize(1270, 700)
    assert page.view._pane.isVisible()
    assert page.view.request.isVisible()


def test_the_search_has_its_shortcut(tmp_path, pair):
    with window_over(pair.supplier, tmp_path) as shown:
        shown.go(Place(Page.INBOX))
        QTest.keyClick(shown.window, Qt.Key.Key_F, Qt.KeyboardModifier.ControlModifier)
        assert shown.page("inbox").search.hasFocus()
