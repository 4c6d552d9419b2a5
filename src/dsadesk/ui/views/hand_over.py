"""The wizard that puts a delivery on a stick: choose where, see it written, read what to do with the file."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import QButtonGroup, QProgressBar, QVBoxLayout, QWidget

from dsadesk.domain.ids import BoxId, BundleId
from dsadesk.services.wording import Explanation
from dsadesk.ui.i18n import translate
from dsadesk.ui.presenters.frame import Frame
from dsadesk.ui.presenters.hand_over import HandedOver, HandOverPresenter, StickShown, SticksShown
from dsadesk.ui.theme import Space
from dsadesk.ui.views.choose_file import choose_folder
from dsadesk.ui.views.fitted_dialog import FittedDialog
from dsadesk.ui.views.notice import Notice
from dsadesk.ui.vocabulary import Option
from dsadesk.ui.widgets.button import Button
from dsadesk.ui.widgets.controls import RadioOption
from dsadesk.ui.widgets.key_value_table import KeyValueTable
from dsadesk.ui.widgets.text import Text

_LOOK_MS = 2000
_TICK_MS = 200
_STEPS = 1000


class HandOverDialog(FittedDialog):
    """Choosing, writing and the last page, in one dialog that cannot be closed while a stick is written to: it is stopped first."""

    def __init__(self, frame: Frame, bundle: BundleId, box: BoxId, parent: QWidget | None = None) -> None:
        title = translate("HandOver", "Put the delivery on a stick")
        super().__init__(title, "", safe=translate("HandOver", "Cancel"), parent=parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._presenter = HandOverPresenter(self, frame, bundle, box)
        self._error = Notice()
        self._choosing = _Choosing(self)
        self._bar = QProgressBar()
        self._bar.setTextVisible(False)
        self._bar.setAccessibleName(translate("HandOver", "Progress"))
        self._working, self._far = Text("", "strong"), Text("", "hint")
        for part in (self._error, self._choosing, self._working, self._bar, self._far):
            self.body.addWidget(part)
        self._write = Button(translate("HandOver", "Write it there"), "primary", icon_name="usb")
        self._write.setDefault(True)
        self._elsewhere = Button(translate("HandOver", "Choose a folder…"), icon_name="folder-open")
        for button in (self._write, self._elsewhere):
            self._actions.removeWidget(self._safe)
            self._actions.addWidget(button)
            self._actions.addWidget(self._safe)
        QWidget.setTabOrder(self._write, self._elsewhere)
        QWidget.setTabOrder(self._elsewhere, self._safe)
        self._is_writing = False
        self._looks, self._ticks = self._timer(_LOOK_MS), self._timer(_TICK_MS)
        self._looks.timeout.connect(self._presenter.look)
        self._ticks.timeout.connect(self._presenter.tick)
        self._write.clicked.connect(self._on_write_clicked)
        self._elsewhere.clicked.connect(self._on_elsewhere_clicked)
        self._choosing.chosen.connect(lambda: self._write.setEnabled(self._choosing.folder() is not None))
        self.show_writing("")
        self._write.setEnabled(False)
        self._presenter.look()
        self._looks.start()

    # ------------------------------------------------------------ what the presenter asks

    def show_sticks(self, shown: SticksShown) -> None:
        """Show the sticks to choose from."""
        self._choosing.show_sticks(shown)
        self._write.setEnabled(self._choosing.folder() is not None and not self._is_writing)
        # What was asked for has come: the keyboard goes from the safe answer to the first thing to do.
        first = self._write if self._write.isEnabled() else self._choosing.first() or self._elsewhere
        self.start_at(first)
        if self.focusWidget() is self._safe and not self._is_writing:
            first.setFocus(Qt.FocusReason.OtherFocusReason)
        self._fit_to_contents()

    def show_writing(self, sentence: str) -> None:
        """Say that it is being written, or that it no longer is."""
        self._is_writing = bool(sentence)
        for part in (self._working, self._bar, self._far):
            part.setVisible(self._is_writing)
        self._choosing.setVisible(not self._is_writing)
        self._working.setText(sentence)
        self._far.setText("")
        self._bar.setRange(0, 0)
        self._write.setEnabled(not self._is_writing and self._choosing.folder() is not None)
        self._elsewhere.setEnabled(not self._is_writing)
        self._safe.set_words(translate("HandOver", "Stop writing") if sentence else translate("HandOver", "Cancel"))
        if self._is_writing:
            self._ticks.start()
        else:
            self._ticks.stop()
        self._fit_to_contents()

    def show_progress(self, done: int, total: int, sentence: str) -> None:
        """Show how far it is."""
        # A bar counts in 32 bits; a thousandth is as fine as it is wide.
        self._bar.setRange(0, _STEPS if done < total else 0)
        self._bar.setValue(done * _STEPS // total)
        self._far.setText(sentence)

    def show_error(self, explanation: Explanation | None) -> None:
        """Say what went wrong, and let something else be chosen."""
        self._error.explain(explanation)
        self._fit_to_contents()

    def show_handed_over(self, done: HandedOver) -> None:
        """Say what was written and what to do with it."""
        self._looks.stop()
        for part in (self._choosing, self._write, self._elsewhere):
            part.hide()
        title = translate("HandOver", "The delivery is written and read back")
        self.setWindowTitle(title)
        self.body.addWidget(Text(title, "subtitle", heading=True))
        facts = (
            (translate("HandOver", "File"), done.name),
            (translate("HandOver", "In"), done.folder),
            (translate("HandOver", "Size"), done.size),
            (translate("HandOver", "SHA-256"), done.sha256),
        )
        self.body.addWidget(KeyValueTable(title, facts))
        for sentence in done.todo:
            self.body.addWidget(Text(sentence, "text"))
        self._safe.set_words(translate("HandOver", "Close"))
        self._safe.setFocus(Qt.FocusReason.OtherFocusReason)
        self._fit_to_contents()

    # ------------------------------------------------------------ within

    def write_to(self, folder: Path) -> None:
        """Write the delivery into a folder."""
        self._presenter.write_to(folder)

    def reject(self) -> None:
        """While it is being written, stop that; else close."""
        if self._is_writing:
            self._presenter.stop()
        else:
            super().reject()

    def _fit_to_contents(self) -> None:
        """Take the room of what is now in it, when Qt has given that its place."""
        QTimer.singleShot(0, self, self._take_room)
        self.fit_soon()

    def _timer(self, milliseconds: int) -> QTimer:
        timer = QTimer(self)
        timer.setInterval(milliseconds)
        return timer

    def _on_write_clicked(self) -> None:
        folder = self._choosing.folder()
        if folder is not None:
            self.write_to(folder)

    def _on_elsewhere_clicked(self) -> None:
        choose_folder(self, translate("HandOver", "Choose the folder that the delivery is written to"), self.write_to)


class _Choosing(QWidget):
    """The sticks that are plugged in, as options; the only one that is ready is chosen already."""

    chosen = Signal()

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._rows: list[tuple[StickShown, RadioOption]] = []
        self._group = QButtonGroup(self)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(Space.SMALL)
        self._sentence, self._size = Text("", "text"), Text("", "hint")
        self._options = QVBoxLayout()
        self._options.setSpacing(Space.SMALL)
        column.addWidget(self._sentence)
        column.addLayout(self._options)
        column.addWidget(self._size)

    def show_sticks(self, shown: SticksShown) -> None:
        """Show these in place of those before; what was chosen stays chosen while it is there."""
        before = self.folder()
        for _, option in self._rows:
            self._group.removeButton(option)
            self._options.removeWidget(option)
            option.hide()
            option.deleteLater()
        self._sentence.setText(shown.sentence)
        self._size.setText(translate("HandOver", "The delivery takes {size}.", size=shown.size))
        ready = [stick for stick in shown.sticks if stick.is_ready]
        stays = before in {stick.folder for stick in ready}
        self._rows = [(stick, self._option(stick)) for stick in shown.sticks]
        for stick, option in self._rows:
            option.setChecked(stick in ready and (stick.folder == before or (not stays and len(ready) == 1)))
        self.chosen.emit()

    def folder(self) -> Path | None:
        """Return the folder of the stick that is chosen."""
        return next((stick.folder for stick, option in self._rows if option.isChecked()), None)

    def first(self) -> QWidget | None:
        """Return the first stick that can be chosen."""
        return next((option for stick, option in self._rows if stick.is_ready), None)

    def _option(self, stick: StickShown) -> RadioOption:
        option = RadioOption(Option(str(stick.folder), stick.name, stick.sentence))
        option.setEnabled(stick.is_ready)
        option.toggled.connect(self.chosen)
        self._group.addButton(option)
        self._options.addWidget(option)
        option.show()  # at once, so that the keyboard can go there
        return option
