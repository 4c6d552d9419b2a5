"""The first start: the 24 recovery words, shown once, and asked for again from the paper."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import Qt
from PySide6.QtGui import QPagedPaintDevice
from PySide6.QtPrintSupport import QPrintDialog, QPrinter
from PySide6.QtWidgets import QDialog, QGridLayout, QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from dsadesk.ui import theme
from dsadesk.ui.i18n import translate
from dsadesk.ui.presenters.first_run import FirstRunPresenter
from dsadesk.ui.theme import Space
from dsadesk.ui.views.choose_file import choose_place
from dsadesk.ui.views.first_run_page import StepPage
from dsadesk.ui.views.notice import Notice
from dsadesk.ui.views.recovery_sheet import paint_sheet
from dsadesk.ui.views.tab_order import tab_through
from dsadesk.ui.vocabulary import Tone
from dsadesk.ui.widgets.button import Button
from dsadesk.ui.widgets.card import Card
from dsadesk.ui.widgets.flow import Flow
from dsadesk.ui.widgets.form_row import FormRow
from dsadesk.ui.widgets.text import Text

_WORD_COLUMNS = 4


class KitPage(StepPage):
    """Shows the words, and offers to print, split or lock them. `owner` is the name of the organisation on the sheet."""

    def __init__(self, presenter: FirstRunPresenter, owner: Callable[[], str]) -> None:
        super().__init__(
            translate("FirstRun", "Write down these 24 words"),
            translate(
                "FirstRun",
                "They open the vault when the computer, its key store or your memory fails. They are shown only now. Whoever has them can open everything.",
            ),
        )
        self._presenter = presenter
        self._owner = owner
        self.words: tuple[str, ...] = ()
        self._grid = _WordGrid()
        self.add(self._grid)
        buttons = QWidget()
        flow = Flow(buttons, spacing=Space.MEDIUM)
        printing = Button(translate("FirstRun", "Print the sheet…"), icon_name="printer")
        printing.clicked.connect(self._on_print_clicked)
        flow.addWidget(printing)
        self.add(buttons)
        self._add_splitting()
        self._add_locked_copy()
        written = self.add_action(translate("FirstRun", "I have written them down"), "primary")
        written.clicked.connect(self._presenter.have_written_down)

    def show_words(self, words: Sequence[str]) -> None:
        """Show the 24 words, or take them off."""
        self.words = tuple(words)
        self._grid.show_words(words)

    def show_kit_saved(self, sentence: str) -> None:
        """Say that the locked copy is saved."""
        self._kit_notice.say(sentence, Tone.GOOD)
        for name in ("kit-passphrase", "kit-again"):
            self.line(name).clear()

    def show_split(self) -> None:
        """Say that the shares are made."""
        self._split_notice.say(translate("FirstRun", "Three shares are on paper and checked."), Tone.GOOD)

    def _add_splitting(self) -> None:
        three = Card(translate("FirstRun", "Split them in three too, if you like"), icon_name="users", shade="brand")
        three.add(
            Text(
                translate(
                    "FirstRun",
                    "Three sheets for three people or places: any two of them do what the 24 words do, and one alone tells nothing.",
                ),
                "hint",
            )
        )
        split = Button(translate("FirstRun", "Split them in three…"), icon_name="users")
        split.clicked.connect(self._presenter.split)
        three.column.addWidget(split, 0, Qt.AlignmentFlag.AlignLeft)
        self._split_notice = Notice()
        three.add(self._split_notice)
        self.add(three)

    def _add_locked_copy(self) -> None:
        card = Card(translate("FirstRun", "Keep a locked copy too, if you like"), icon_name="file-lock", shade="brand")
        card.add(
            Text(
                translate(
                    "FirstRun",
                    "A small file with the words, locked by a passphrase of its own. Keep it on a stick or with your records team, not on this computer.",
                ),
                "hint",
            )
        )
        card.add(self.make_secret("kit-passphrase", translate("FirstRun", "Passphrase for the file"), ""))
        card.add(self.make_secret("kit-again", translate("FirstRun", "The same again"), ""))
        save = Button(translate("FirstRun", "Save the locked file…"), icon_name="save")
        save.clicked.connect(self._on_save_kit_clicked)
        card.column.addWidget(save, 0, Qt.AlignmentFlag.AlignLeft)
        self._kit_notice = Notice()
        card.add(self._kit_notice)
        self.add(card)

    def _on_save_kit_clicked(self) -> None:
        passphrase, again = self.line("kit-passphrase").text(), self.line("kit-again").text()
        choose_place(
            self.window(),
            translate("FirstRun", "Save the locked file"),
            "recovery-kit.age",
            lambda file: self._presenter.save_kit(file, passphrase, again),
        )

    def _on_print_clicked(self) -> None:
        printer = QPrinter(QPrinter.PrinterMode.HighResolution)
        asking = QPrintDialog(printer, self.window())
        asking.setWindowTitle(translate("FirstRun", "Print the recovery words"))
        asking.accepted.connect(lambda: self.print_on(printer))
        asking.finished.connect(asking.deleteLater)
        QDialog.open(asking)

    def print_on(self, device: QPagedPaintDevice) -> None:
        """Print the sheet with the words."""
        paint_sheet(device, self.words, self._owner())


class ProvePage(StepPage):
    """Asks for some of the words."""

    def __init__(self, presenter: FirstRunPresenter) -> None:
        super().__init__(
            translate("FirstRun", "Show that you have them"),
            translate("FirstRun", "Type two of the words from your paper."),
        )
        self._presenter = presenter
        check = self.add_action(translate("FirstRun", "Check the words"), "primary")
        check.clicked.connect(self._on_prove_clicked)
        self.add_action(translate("FirstRun", "See the words again")).clicked.connect(self._presenter.back)
        self.proofs = _Proofs(self._on_prove_clicked, before=check)
        self.add(self.proofs)

    def ask_words(self, places: Sequence[int]) -> None:
        """Ask for the words with these numbers."""
        self.proofs.ask(places)
        self.rows = self.proofs.rows()
        self.proofs.focus_first()

    def forget(self) -> None:
        """Take the fields and what was typed in them away."""
        self.proofs.clear()
        self.rows = {}

    def _on_prove_clicked(self) -> None:
        self._presenter.prove(self.proofs.answers())


class _WordGrid(Card):
    """The 24 words with their numbers, down the columns as on the sheet."""

    def __init__(self) -> None:
        super().__init__()
        self._grid = QGridLayout()
        self._grid.setHorizontalSpacing(Space.LARGE)
        self._grid.setVerticalSpacing(Space.SMALL)
        self.column.addLayout(self._grid)
        self.setAccessibleName(translate("FirstRun", "Recovery words"))

    def show_words(self, words: Sequence[str]) -> None:
        while (item := self._grid.takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                for text in widget.findChildren(Text):
                    text.setText("")  # a word is gone before the widget that showed it
                    text.setAccessibleName("")
                widget.hide()
                widget.deleteLater()
        columns = _WORD_COLUMNS if theme.scale_percent() <= 130 else 2
        rows = -(-len(words) // columns)
        for number, word in enumerate(words):
            column, row = divmod(number, rows)
            self._grid.addWidget(_numbered(number + 1, word), row, column)


class _Proofs(QWidget):
    """The fields for the words that are asked for. The Tab key goes on from the last of them to the widget that they stand before."""

    def __init__(self, entered: Callable[[], None], *, before: QWidget) -> None:
        super().__init__()
        self._entered = entered
        self._before = before
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(Space.QUESTION)
        self._rows: dict[str, FormRow] = {}
        self._lines: list[QLineEdit] = []

    def ask(self, places: Sequence[int]) -> None:
        self.clear()
        for place in places:
            row = FormRow(translate("FirstRun", "Word number {n}", n=place))
            line = QLineEdit()
            line.returnPressed.connect(self._entered)
            row.set_field(line)
            self._column.addWidget(row)
            self._rows[f"word-{place}"] = row
            self._lines.append(line)
        first = self._before.previousInFocusChain()
        tab_through([*([first] if first is not None else []), *self._lines, self._before])

    def clear(self) -> None:
        for row in self._rows.values():
            row.hide()
            row.deleteLater()
        self._rows, self._lines = {}, []

    def rows(self) -> dict[str, FormRow]:
        return dict(self._rows)

    def answers(self) -> list[str]:
        return [line.text() for line in self._lines]

    def focus_first(self) -> None:
        if self._lines:
            self._lines[0].setFocus(Qt.FocusReason.OtherFocusReason)


def _numbered(number: int, word: str) -> QWidget:
    cell = QWidget()
    row = QHBoxLayout(cell)
    row.setContentsMargins(0, 0, 0, 0)
    row.setSpacing(Space.SMALL)
    place = Text(f"{number}", "count", wrap=False)
    place.setMinimumWidth(theme.px(20))
    place.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
    said = Text(word, "subtitle", wrap=False)
    said.setAccessibleName(translate("FirstRun", "Word {n}: {word}", n=number, word=word))
    row.addWidget(place)
    row.addWidget(said, 1)
    return cell
