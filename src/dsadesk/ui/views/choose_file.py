"""Having a file or a folder chosen, in the chooser of the computer. Whoever closes it chooses nothing, and nothing is done."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from PySide6.QtWidgets import QFileDialog, QWidget

Take = Callable[[Path], None]


def choose_file(window: QWidget, title: str, take: Take, filters: Sequence[str] = ()) -> None:
    """Have one file chosen that is there. A filter is what Qt takes: words, and the patterns in brackets behind them."""
    chooser = QFileDialog(window, title)
    chooser.setFileMode(QFileDialog.FileMode.ExistingFile)
    _filter(chooser, filters)
    _open(chooser, take)


def choose_files(window: QWidget, title: str, take: Callable[[list[Path]], None], filters: Sequence[str] = ()) -> None:
    """Have any number of files chosen that are there; filters as for one."""
    chooser = QFileDialog(window, title)
    chooser.setFileMode(QFileDialog.FileMode.ExistingFiles)
    _filter(chooser, filters)
    chooser.filesSelected.connect(lambda names: take([Path(name) for name in names]))
    _show(chooser)


def choose_folder(window: QWidget, title: str, take: Take) -> None:
    """Have a folder chosen that is there."""
    chooser = QFileDialog(window, title)
    chooser.setFileMode(QFileDialog.FileMode.Directory)
    chooser.setOption(QFileDialog.Option.ShowDirsOnly)
    _open(chooser, take)


def choose_place(window: QWidget, title: str, name: str, take: Take, *, suffix: str = "") -> None:
    """Have it chosen where a file is saved. `name` is suggested; `suffix` is put behind a name that has none."""
    chooser = QFileDialog(window, title)
    chooser.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
    chooser.setDefaultSuffix(suffix.lstrip("."))
    chooser.selectFile(name)
    _open(chooser, take)


def _filter(chooser: QFileDialog, filters: Sequence[str]) -> None:
    if filters:
        chooser.setNameFilters(filters)


def _open(chooser: QFileDialog, take: Take) -> None:
    chooser.fileSelected.connect(lambda name: take(Path(name)))
    _show(chooser)


def _show(chooser: QFileDialog) -> None:
    chooser.finished.connect(chooser.deleteLater)
    chooser.open()
