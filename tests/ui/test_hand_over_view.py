"""The wizard that puts a delivery on a stick, as widgets: what is chosen already, what cannot be, and by keyboard alone."""

from __future__ import annotations

from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from dsadesk.ports import RemovableDrive
from dsadesk.ui.views.hand_over import HandOverDialog
from dsadesk.ui.widgets.controls import RadioOption
from dsadesk.ui.widgets.text import Text
from tests.support.desks import sealed_request, two_desks
from tests.ui.audit import clipped, rich, small_targets, unnamed
from tests.unit.ui.frames import held_frame, inline_frame


def stick(folder, name="STICK", *, free=1 << 30, is_read_only=False):
    return RemovableDrive(folder=folder, name=name, free=free, size=1 << 31, is_read_only=is_read_only)


class Opened:
    def __init__(self, qtbot, pair, sticks, *, held=False):
        self.sticks = sticks
        pair.asks.world = replace(pair.asks.world, removable_drives=lambda: tuple(self.sticks))
        self.lane = None
        if held:
            frame, self.seen, self.lane = held_frame(pair.requester)
        else:
            frame, self.seen = inline_frame(pair.requester)
        item = pair.asks.vault.outbox.unfinished()[0]
        self.view = HandOverDialog(frame, item.id, item.box)
        qtbot.addWidget(self.view)
        self.view.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose, on=False)
        self.view.open()
        if self.lane:
            self.lane.run()

    @property
    def options(self):
        QApplication.processEvents()
        return [each for each in self.view.findChildren(RadioOption) if each.isVisibleTo(self.view)]

    @property
    def said(self):
        QApplication.processEvents()
        return [each.said() for each in self.view.findChildren(Text) if each.isVisibleTo(self.view)]


@pytest.fixture
def pair():
    made = two_desks()
    sealed_request(made)
    return made


def test_without_a_stick_only_a_folder_can_be_chosen(qtbot, pair):
    page = Opened(qtbot, pair, [])
    assert not page.options
    assert not page.view._write.isEnabled()
    assert page.view._elsewhere.isEnabled()
    assert any("No stick is plugged in" in said for said in page.said)


def test_the_only_stick_is_chosen_already_and_return_writes(qtbot, pair, tmp_path):
    page = Opened(qtbot, pair, [stick(tmp_path)])
    assert [option.isChecked() for option in page.options] == [True]
    page.view._write.setFocus()
    QTest.keyClick(page.view._write, Qt.Key.Key_Return)
    (file,) = tmp_path.iterdir()
    assert file.name in page.said
    assert any("Have the system eject the stick" in said for said in page.said)
    assert page.view._safe.said() == "Close"
    assert not page.view._looks.isActive()


def test_of_several_none_is_chosen_and_those_that_will_not_do_cannot_be(qtbot, pair, tmp_path):
    sticks = [stick(tmp_path, "A"), stick(tmp_path / "b", "B"), stick(tmp_path / "c", "C", is_read_only=True)]
    page = Opened(qtbot, pair, sticks)
    assert [option.isEnabled() for option in page.options] == [True, True, False]
    assert not page.view._write.isEnabled()
    page.options[0].setChecked(True)
    assert page.view._write.isEnabled()


def test_a_stick_that_is_plugged_in_shows_by_itself_and_the_choice_stays(qtbot, pair, tmp_path):
    page = Opened(qtbot, pair, [stick(tmp_path, "A")])
    page.sticks.append(stick(tmp_path / "b", "B"))
    page.view._looks.timeout.emit()
    assert [(option.accessibleName(), option.isChecked()) for option in page.options] == [("A", True), ("B", False)]
    page.sticks.pop(0)
    page.view._looks.timeout.emit()
    assert [(option.accessibleName(), option.isChecked()) for option in page.options] == [("B", True)]


def test_while_it_is_written_escape_stops_the_writing_and_only_then_closes(qtbot, pair, tmp_path):
    page = Opened(qtbot, pair, [stick(tmp_path)], held=True)
    page.view._write.click()
    assert page.view._bar.isVisible()
    assert page.view._safe.said() == "Stop writing"
    assert not page.view._elsewhere.isEnabled()
    QTest.keyClick(page.view, Qt.Key.Key_Escape)
    assert page.view.isVisible()
    page.lane.run()
    assert list(tmp_path.iterdir()) == []
    assert "stopped" in page.view._error.said()
    assert page.view._write.isEnabled()
    QTest.keyClick(page.view, Qt.Key.Key_Escape)
    assert not page.view.isVisible()


def test_a_stick_that_went_is_explained_and_another_can_be_chosen(qtbot, pair, tmp_path):
    page = Opened(qtbot, pair, [stick(tmp_path / "gone")])
    page.view._write.click()
    assert page.view._error.said()
    assert page.view.isVisible()
    page.view.write_to(tmp_path)
    assert not page.view._error.said()
    assert len(list(tmp_path.iterdir())) == 1


def test_every_control_has_a_name(qtbot, pair, tmp_path):
    page = Opened(qtbot, pair, [stick(tmp_path, "A"), stick(tmp_path / "c", "C", free=1)])
    for _ in range(2):
        for _ in range(4):
            QApplication.processEvents()
        assert not [*unnamed(page.view), *rich(page.view), *clipped(page.view), *small_targets(page.view)]
        page.view.write_to(tmp_path)


def test_the_keyboard_goes_to_the_first_thing_to_do_and_not_to_the_way_out(qtbot, pair, tmp_path):
    page = Opened(qtbot, pair, [stick(tmp_path)], held=True)
    assert page.view.focusWidget() is page.view._write
    page = Opened(qtbot, pair, [stick(tmp_path, "A"), stick(tmp_path / "b", "B")], held=True)
    assert page.view.focusWidget() is page.options[0]
    page = Opened(qtbot, pair, [], held=True)
    assert page.view.focusWidget() is page.view._elsewhere
