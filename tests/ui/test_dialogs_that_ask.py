"""What is asked in front of a page: which file, and whether it is really to be done."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QFileDialog, QLineEdit, QWidget

from dsadesk.ui.views.choose_file import choose_file, choose_files, choose_folder, choose_place
from dsadesk.ui.views.confirm_dialog import ConfirmDialog
from dsadesk.ui.views.fitted_dialog import FittedDialog
from dsadesk.ui.widgets.text import Text


@pytest.fixture
def window(qtbot):
    shown = QWidget()
    qtbot.addWidget(shown)
    shown.show()
    return shown


@pytest.fixture
def taken():
    return []


def choose(window, *files):
    (chooser,) = window.findChildren(QFileDialog)
    chooser.setDirectory(str(files[0].parent))
    if len(files) == 1:
        chooser.selectFile(str(files[0]))
    else:
        chooser.findChild(QLineEdit).setText(" ".join(f'"{file.name}"' for file in files))
    chooser.accept()
    return chooser


def files_in(folder, *names):
    found = [folder / name for name in names]
    for file in found:
        file.write_text("a")
    return found


def test_a_file_that_is_there_is_handed_on_and_the_chooser_is_gone(window, taken, tmp_path, qtbot):
    (file,) = files_in(tmp_path, "card.dsacard")
    choose_file(window, "Open the card", taken.append, ["Cards (*.dsacard)", "All files (*)"])
    chooser = choose(window, file)
    assert taken == [file]
    assert chooser.nameFilters() == ["Cards (*.dsacard)", "All files (*)"]
    assert chooser.windowTitle() == "Open the card"
    qtbot.waitUntil(lambda: not window.findChildren(QFileDialog))


def test_only_a_file_that_is_there_can_be_opened(window, taken):
    choose_file(window, "Open the card", taken.append)
    (chooser,) = window.findChildren(QFileDialog)
    assert chooser.fileMode() is QFileDialog.FileMode.ExistingFile
    assert chooser.acceptMode() is QFileDialog.AcceptMode.AcceptOpen


def test_a_chooser_that_is_closed_hands_nothing_on(window, taken, qtbot):
    choose_file(window, "Open the card", taken.append)
    window.findChildren(QFileDialog)[0].reject()
    qtbot.waitUntil(lambda: not window.findChildren(QFileDialog))
    assert taken == []


def test_several_files_are_handed_on_together(window, taken, tmp_path):
    files = files_in(tmp_path, "a.csv", "b.csv")
    choose_files(window, "Attach a sample", taken.append)
    choose(window, *files)
    assert [sorted(each) for each in taken] == [files]


def test_a_folder_is_handed_on(window, taken, tmp_path):
    choose_folder(window, "Export to a folder", taken.append)
    choose(window, tmp_path / "")
    assert taken == [tmp_path]


@pytest.mark.parametrize(("suffix", "saved"), [("", "backup"), (".dsavault", "backup.dsavault")])
def test_a_new_file_has_the_suffix_that_belongs_to_it(window, taken, tmp_path, suffix, saved):
    choose_place(window, "Make a backup", "backup", taken.append, suffix=suffix)
    choose(window, tmp_path / "backup")
    assert taken == [tmp_path / saved]


@pytest.mark.parametrize("look", ["danger", "primary"])
def test_only_the_button_that_does_it_confirms(window, taken, look):
    def ask():
        dialog = ConfirmDialog(
            "Remove it?", "It is deleted.", safe="Keep it", action="Remove it", look=look, parent=window
        )
        dialog.confirmed.connect(lambda: taken.append(True))
        dialog.open()
        return dialog

    QTest.keyClick(ask(), Qt.Key.Key_Escape)
    assert taken == []
    dialog = ask()
    assert dialog.button.isDefault() is (look == "primary")
    dialog.button.click()
    assert taken == [True]


def test_a_dialog_that_grows_keeps_its_buttons_on_the_screen(window, qtbot):
    dialog = FittedDialog("Plain English", "", safe="Close", parent=window)
    dialog.open()
    qtbot.waitExposed(dialog)
    room = dialog.screen().availableGeometry()
    dialog.move(dialog.x(), room.bottom() - dialog.height() - 20)
    before = dialog.height()
    for number in range(8):
        dialog.body.addWidget(Text(f"Thing {number} that could be plainer.", "body"))
    dialog.fit_soon()
    qtbot.waitUntil(lambda: dialog.height() > before + 100 and dialog._scroll.verticalScrollBar().maximum() == 0)
    qtbot.waitUntil(lambda: dialog.frameGeometry().bottom() <= room.bottom())
    assert dialog.frameGeometry().top() >= room.top()
    dialog.reject()


def test_a_dialog_that_is_long_from_the_start_has_its_buttons_on_the_screen(window, qtbot):
    """Qt places it by the size that it would like to have, before its words are broken into lines."""
    dialog = FittedDialog("Where should others send to?", "", safe="Cancel", parent=window)
    room = dialog.screen().availableGeometry()
    window.move(0, room.bottom() - window.height())
    for number in range(60):
        dialog.body.addWidget(Text(f"A sentence, number {number}, that takes more than one line of it. " * 3, "body"))
    dialog.open()
    qtbot.waitExposed(dialog)
    assert dialog.frameGeometry().bottom() <= room.bottom()
    assert dialog.frameGeometry().top() >= room.top()
    dialog.reject()
