"""The dialog that splits the recovery words: three sheets to print or to save, and one word of each to type back."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial

from PySide6.QtCore import Qt
from PySide6.QtPrintSupport import QPrintDialog, QPrinter
from PySide6.QtWidgets import QDialog, QLineEdit, QVBoxLayout, QWidget

from dsadesk.bundle.shares import SHARES
from dsadesk.secret import Secret
from dsadesk.services.wording import Explanation
from dsadesk.ui.clipboard import guard
from dsadesk.ui.i18n import translate
from dsadesk.ui.presenters.frame import Frame
from dsadesk.ui.presenters.shares import SharesPresenter, field
from dsadesk.ui.theme import Space
from dsadesk.ui.views.choose_file import choose_place
from dsadesk.ui.views.fields_dialog import FieldsDialog
from dsadesk.ui.views.notice import Notice
from dsadesk.ui.views.recovery_sheet import paint_share
from dsadesk.ui.views.tab_order import tab_through
from dsadesk.ui.vocabulary import Tone
from dsadesk.ui.widgets.button import Button
from dsadesk.ui.widgets.flow import Flow
from dsadesk.ui.widgets.form_row import FormRow
from dsadesk.ui.widgets.text import Text


class SharesDialog(FieldsDialog):
    """Shows no word of a share: they go to paper. Leaving forgets them; what is on paper goes on working."""

    def __init__(
        self, frame: Frame, words: Secret[str], owner: str, *, done: Callable[[], None], parent: QWidget | None = None
    ) -> None:
        rows = {field(n): _row(n) for n in range(1, SHARES + 1)}
        super().__init__(
            translate("Shares", "Split the words in three"),
            translate(
                "Shares",
                "Any two of the three sheets open everything; one alone tells nothing. Give them to three people, or put them in three places. "
                "Print each, then type one word of each from the paper.",
            ),
            rows,
            words=translate("Shares", "Check the words"),
            done=lambda typed: self._presenter.prove([typed[name] for name in rows]),
            parent=parent,
        )
        self._owner, self._finished = owner, done
        self._set_name = Text("", "hint")
        self._notice = Notice()
        self._sheets: dict[int, tuple[Button, Button]] = {}
        for place, each in enumerate((self._set_name, self._buttons(), self._notice), 2):
            self.body.insertWidget(place, each)
        self._act.setEnabled(False)
        buttons = [each for pair in self._sheets.values() for each in pair]
        tab_through([*buttons, *(row.problem_fields()[0] for row in rows.values()), self._act, self._safe])
        self._presenter = SharesPresenter(self, frame)
        self.finished.connect(self._presenter.let_go)
        self._presenter.start(words)

    # ------------------------------------------------------------ what the presenter asks

    def show_shares(self, set_name: str, places: Sequence[int]) -> None:
        """Offer a sheet for each share, and ask for a word of each."""
        self._set_name.setText(
            translate(
                "Shares", "All three begin with the words “{name}”, so that you know them together.", name=set_name
            )
        )
        for number, place in enumerate(places, 1):
            label = translate("Shares", "Share {n}: word number {place}", n=number, place=place)
            self._rows[field(number)].relabel(label, "")
        for buttons in self._sheets.values():
            for each in buttons:
                each.setEnabled(True)
        self._act.setEnabled(True)
        self._sheets[1][0].setFocus(Qt.FocusReason.OtherFocusReason)
        self.fit_soon()

    def show_saved(self, sentence: str) -> None:
        """Say that a sheet is saved."""
        self._notice.say(sentence, Tone.WARN)
        self.fit_soon()

    def show_error(self, explanation: Explanation) -> None:
        """Say what went wrong."""
        self._notice.explain(explanation)
        self.fit_soon()

    def show_done(self) -> None:
        """Close: all three are on paper."""
        self._finished()
        self.accept()

    # ------------------------------------------------------------ within

    def print_on(self, number: int, printer: QPrinter) -> None:
        """Print the sheet of one share."""
        paint_share(printer, self._presenter.words_of(number), number, self._owner)

    def _buttons(self) -> QWidget:
        held = QWidget()
        column = QVBoxLayout(held)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(Space.SMALL)
        for number in range(1, SHARES + 1):
            line = QWidget()
            flow = Flow(line, spacing=Space.MEDIUM)
            printing = Button(translate("Shares", "Print share {n}…", n=number), icon_name="printer", small=True)
            printing.clicked.connect(partial(self._on_print_clicked, number))
            saving = Button(translate("Shares", "Save share {n} as a PDF…", n=number), icon_name="save", small=True)
            saving.clicked.connect(partial(self._on_save_clicked, number))
            self._sheets[number] = (printing, saving)
            for each in (printing, saving):
                each.setEnabled(False)
                flow.addWidget(each)
            column.addWidget(line)
        return held

    def _on_print_clicked(self, number: int) -> None:
        printer = QPrinter(QPrinter.PrinterMode.HighResolution)
        asking = QPrintDialog(printer, self)
        asking.setWindowTitle(translate("Shares", "Print share {n}", n=number))
        asking.accepted.connect(partial(self.print_on, number, printer))
        asking.finished.connect(asking.deleteLater)
        QDialog.open(asking)

    def _on_save_clicked(self, number: int) -> None:
        choose_place(
            self,
            translate("Shares", "Save share {n}", n=number),
            self._presenter.suggest(number),
            partial(self._presenter.save, number),
        )


def _row(number: int) -> FormRow:
    row = FormRow(translate("Shares", "Share {n}", n=number))
    line = QLineEdit()
    line.setInputMethodHints(Qt.InputMethodHint.ImhSensitiveData | Qt.InputMethodHint.ImhNoPredictiveText)
    guard().watch(line)
    row.set_field(line)
    return row
