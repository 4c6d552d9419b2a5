"""The first start, step by step, on one page without the rail."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QPagedPaintDevice
from PySide6.QtPrintSupport import QPrintDialog, QPrinter
from PySide6.QtWidgets import (
    QDialog,
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QLineEdit,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)
from shiboken6 import isValid

from dsadesk.secret import Secret
from dsadesk.services.changes import Changes
from dsadesk.services.wording import Explanation
from dsadesk.services.wording.fingerprints import spelled
from dsadesk.ui import theme
from dsadesk.ui.clipboard import guard
from dsadesk.ui.i18n import counted, translate
from dsadesk.ui.presenters.first_run import FirstRunPresenter, Opening, Step, Who, strength
from dsadesk.ui.presenters.first_steps import FirstStep
from dsadesk.ui.presenters.frame import Frame, Place
from dsadesk.ui.theme import Space, set_look
from dsadesk.ui.views.centred import centre
from dsadesk.ui.views.choose_file import choose_file, choose_place
from dsadesk.ui.views.damage import choose_backup
from dsadesk.ui.views.first_steps import FirstStepList
from dsadesk.ui.views.notice import Notice
from dsadesk.ui.views.passphrase_row import PassphraseRow
from dsadesk.ui.views.recovery_sheet import paint_sheet
from dsadesk.ui.views.shares_dialog import SharesDialog
from dsadesk.ui.views.tab_order import tab_through
from dsadesk.ui.vocabulary import Kind, Option, QuestionSpec, Tone
from dsadesk.ui.widgets.answers import Choice, TextArea
from dsadesk.ui.widgets.button import Button
from dsadesk.ui.widgets.card import Card
from dsadesk.ui.widgets.dialog import Dialog
from dsadesk.ui.widgets.flow import Flow
from dsadesk.ui.widgets.form_row import FormRow
from dsadesk.ui.widgets.glyph import Glyph
from dsadesk.ui.widgets.scroll_column import ScrollColumn
from dsadesk.ui.widgets.text import Text

_NEW, _JOIN, _RETURN = "new", "join", "return"
_LOST, _BESIDE = "lost", "beside"
_FOUNDER, _COLLEAGUE = "founder", "colleague"
_KEY_STORE, _PASSPHRASE = "key-store", "passphrase"
_WORD_COLUMNS = 4


class FirstRunView(QWidget):
    """Leads through the first start."""

    def __init__(self, frame: Frame, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._presenter = FirstRunPresenter(self, frame)
        self._frame = frame
        self._words: tuple[str, ...] = ()
        self._dialog: Dialog | None = None
        self.setProperty("look", "page")
        self._fields: dict[str, FormRow] = {}
        self._where = Text("", "caption")
        self._notice = Notice()
        self._busy = Text("", "meta")
        self._stack = QStackedWidget()
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.setSpacing(0)
        outer.addWidget(self._stack, 1)
        self._steps: dict[Step, _StepPage] = {
            Step.WELCOME: self._welcome(),
            Step.WHO: self._who(),
            Step.RETURN: self._return(),
            Step.OPENING: self._opening(),
            Step.KIT: self._kit(),
            Step.PROVE: self._prove(),
            Step.JOIN: self._join(),
            Step.DONE: self._done(),
        }
        for page in self._steps.values():
            self._stack.addWidget(page)

    # ------------------------------------------------------------ a page's duties

    def show_place(self, _place: Place) -> None:
        """Show the step that the desk is at."""
        self._presenter.start()

    def refresh(self, _changes: Changes) -> None:
        """Nothing in the vault changes what this page says."""

    def focus_first(self) -> None:
        """Put the keyboard on the title of the step."""
        self._steps[self._presenter.step].focus_first()

    def settle(self, done: Callable[[bool], None]) -> None:
        """Do not let go while the words would be lost."""
        done(not self._presenter.holds_unproved_words)

    def explain_words(self) -> None:
        """Say why the window stays open."""
        title = translate("FirstRun", "Your recovery words are not kept yet")
        sentence = translate(
            "FirstRun",
            "They are shown only once. Without them nobody can open this vault when the computer or its key store fails.",
        )
        self._dialog = Dialog(title, sentence, safe=translate("FirstRun", "Go back to the words"), parent=self.window())
        self._dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._dialog.open()

    # ------------------------------------------------------------ what the presenter asks

    def show_step(self, step: Step, number: int, total: int) -> None:
        """Show a step."""
        page = self._steps[step]
        page.where.setText(translate("FirstRun", "Step {n} of {total}", n=number, total=total) if number else "")
        page.where.setVisible(bool(number))
        self._stack.setCurrentWidget(page)
        page.verticalScrollBar().setValue(0)
        page.focus_first()

    def show_identifier(self, identifier: str) -> None:
        """Fill in the identifier that the name suggests."""
        field = self._line("identifier")
        if field.text() != identifier:
            field.setText(identifier)

    def show_problems(self, problems: Mapping[str, str]) -> None:
        """Say what is wrong, by field; the keyboard goes to the first."""
        first = True
        asked = {"other": self._other, "founder": self._founder}
        for name, question in asked.items():
            question.show_problem(problems.get(name, ""))
        if problems and not problems.keys() - asked.keys():
            question = next(question for name, question in asked.items() if name in problems)
            question.take_focus()
            self._reveal(question)
        for name, row in self._fields.items():
            row.show_problem(problems.get(name, ""))
            if name in problems and first:
                first = False
                for field in row.problem_fields():
                    field.setFocus(Qt.FocusReason.OtherFocusReason)
                self._reveal(row)

    def show_opening(self, opening: Opening) -> None:
        """Say what this computer's key store can do."""
        page = self._steps[Step.OPENING]
        page.notice.say(opening.sentence, Tone.GOOD if opening.works else Tone.WARN, details=opening.todo)
        self._how.setVisible(opening.works)
        self._again.setVisible(not opening.works)
        self._how.set_value(_KEY_STORE if opening.works else _PASSPHRASE)
        self._on_how_changed()

    def show_words(self, words: Sequence[str]) -> None:
        """Show the 24 words, or take them off."""
        self._words = tuple(words)
        self._grid.show_words(words)
        self._proofs.clear()

    def show_split(self, words: Secret[str]) -> None:
        """Open the dialog that splits the words in three."""
        self._dialog = SharesDialog(
            self._frame, words, self._line("organisation").text(), done=self._on_split_done, parent=self.window()
        )
        self._dialog.open()

    def show_kit_saved(self, sentence: str) -> None:
        """Say that the locked copy is saved."""
        self._kit_notice.say(sentence, Tone.GOOD)
        for name in ("kit-passphrase", "kit-again"):
            self._line(name).clear()

    def ask_words(self, places: Sequence[int]) -> None:
        """Ask for the words with these numbers."""
        self._proofs.ask(places)
        self._fields |= self._proofs.rows()
        self._proofs.focus_first()

    def show_application(self, words: Sequence[str], saved: str) -> None:
        """Show what a colleague will compare."""
        self._own_words.setText(" ".join(words))
        self._own_words.setAccessibleName(spelled(tuple(words)))
        if saved:
            self._steps[Step.JOIN].notice.say(
                translate("FirstRun", "The application is saved as {name}", name=saved),
                Tone.GOOD,
                details=translate(
                    "FirstRun",
                    "Send it to your colleague. When they send you a pass, open it here or later from Settings.",
                ),
            )

    def show_card(self, name: str) -> None:
        """Say which card was taken."""
        self._card_name.setText(translate("FirstRun", "The card {name} is taken.", name=name))
        self._card_name.show()
        self._founder.setVisible(self._presenter.has_to_ask_who_founded)

    def show_backup(self, name: str) -> None:
        """Say which backup was taken."""
        self._backup_name.setText(translate("FirstRun", "The backup {name} is taken.", name=name))
        self._backup_name.show()
        self._founder.setVisible(self._presenter.has_to_ask_who_founded)

    def show_restored(self, ended: int, *, beside: bool) -> None:
        """Say that the vault is back, or that this laptop now stands beside another."""
        page = self._steps[self._presenter.step]
        applies = self._presenter.step is Step.JOIN
        if beside:
            said, first = (
                translate("FirstRun", "This laptop is you as well"),
                translate("FirstRun", "Your other laptop goes on as it is."),
            )
            then = translate(
                "FirstRun",
                "Save your new card under Partners, take it in on your other laptop, and send it to your partners.",
            )
        else:
            said, first = translate("FirstRun", "Your keys are back"), _ended_words(ended)
            then = translate(
                "FirstRun",
                "Send your new card to your partners and ask each to give your history back: their copies fill this vault again.",
            )
        if applies:
            then = translate("FirstRun", "A colleague has to let this laptop in once, as below.")
        page.notice.say(said, Tone.GOOD, details=f"{first}\n{then}".strip())

    def show_done(self, steps: Sequence[FirstStep]) -> None:
        """Show what to do next."""
        self._next.show_steps(steps)

    def show_busy(self, sentence: str) -> None:
        """Say what is being done."""
        page = self._steps[self._presenter.step]
        page.busy.setText(sentence)
        page.set_busy(busy=bool(sentence))

    def show_error(self, explanation: Explanation | None) -> None:
        """Say what went wrong."""
        page = self._steps[self._presenter.step]
        page.notice.explain(explanation)
        if explanation is not None:
            page.reveal(page.notice)

    # ------------------------------------------------------------ the steps

    def _welcome(self) -> _StepPage:
        page = _StepPage(translate("FirstRun", "Welcome to your data sharing desk"), mark="file-lock")
        for icon_name, sentence in (
            (
                "pen-line",
                translate(
                    "FirstRun", "Here you write requests for data, answer those of others, and sign what you agree."
                ),
            ),
            (
                "lock",
                translate(
                    "FirstRun",
                    "Everything is encrypted on this computer, and what leaves it can be read only by the organisation it is for.",
                ),
            ),
            (
                "cloud-off",
                translate(
                    "FirstRun",
                    "You never need a network: requests travel by a shared folder, a stick or a file, whenever you choose.",
                ),
            ),
        ):
            page.add(_sentence(icon_name, sentence))
        page.add(
            Text(translate("FirstRun", "Setting up takes about five minutes. Have a pen and paper ready."), "hint")
        )
        begin = page.add_action(translate("FirstRun", "Set up this computer"), "primary")
        begin.clicked.connect(self._presenter.begin)
        return page

    def _who(self) -> _StepPage:
        page = _StepPage(
            translate("FirstRun", "Who are you?"),
            translate("FirstRun", "This stands on your organisation's card and under everything you sign."),
        )
        self._kind = Choice(
            QuestionSpec(
                "kind",
                Kind.CHOICE,
                translate("FirstRun", "Is your organisation already using dsadesk?"),
                options=(
                    Option(
                        _NEW,
                        translate("FirstRun", "No, I am the first"),
                        translate("FirstRun", "This computer makes the organisation's keys and card."),
                    ),
                    Option(
                        _JOIN,
                        translate("FirstRun", "Yes, I am joining colleagues"),
                        translate(
                            "FirstRun",
                            "One of them lets you in with a small file. If you use dsadesk on another laptop, take the next answer, or you would be two people.",
                        ),
                    ),
                    Option(
                        _RETURN,
                        translate("FirstRun", "Yes, and I have used it before on another laptop"),
                        translate(
                            "FirstRun",
                            "For a second laptop, or one in the place of a lost one. Your recovery kit makes sure that both are you: have your 24 words, or two shares of them, at hand.",
                        ),
                    ),
                ),
            )
        )
        self._kind.set_value(_NEW)
        page.add(self._kind)
        for name, label, hint in (
            (
                "organisation",
                translate("FirstRun", "Name of your organisation"),
                translate("FirstRun", "As the public knows it."),
            ),
            (
                "identifier",
                translate("FirstRun", "Its identifier"),
                translate(
                    "FirstRun",
                    "Small letters, numbers and hyphens, as in your government's register of organisations. Colleagues must use exactly the same.",
                ),
            ),
            ("name", translate("FirstRun", "Your name"), ""),
            (
                "post",
                translate("FirstRun", "Your post"),
                translate("FirstRun", "For example, Deputy Director for Health Protection."),
            ),
        ):
            page.add(self._row(name, label, hint))
        self._line("organisation").textEdited.connect(self._presenter.named)
        self._line("identifier").textEdited.connect(self._presenter.identified)
        go = page.add_action(translate("FirstRun", "Continue"), "primary")
        go.clicked.connect(self._on_who_clicked)
        page.add_action(translate("FirstRun", "Back")).clicked.connect(self._presenter.back)
        for name in ("organisation", "identifier", "name", "post"):
            self._line(name).returnPressed.connect(self._on_who_clicked)
        return page

    def _return(self) -> _StepPage:
        page = _StepPage(
            translate("FirstRun", "Your recovery words"),
            translate(
                "FirstRun",
                "They show that you are the same person as on your other laptop. This one gets a key of its own to sign with.",
            ),
        )
        row = FormRow(
            translate("FirstRun", "The words from your paper"),
            translate(
                "FirstRun",
                "All 24 in order, with spaces between; or two of your three shares, first the 33 words of one and then those of the other. Capital letters do not matter.",
            ),
        )
        self._typed_words = TextArea()
        guard().watch(self._typed_words)
        row.set_field(self._typed_words)
        self._fields["words"] = row
        page.add(row)
        self._other = Choice(
            QuestionSpec(
                "other",
                Kind.CHOICE,
                translate("FirstRun", "What about your other laptop?"),
                options=(
                    Option(
                        _LOST,
                        translate("FirstRun", "I no longer use it"),
                        translate(
                            "FirstRun", "It is lost, broken or given back. What it signs from now on is refused."
                        ),
                    ),
                    Option(
                        _BESIDE,
                        translate("FirstRun", "I go on using it too"),
                        translate(
                            "FirstRun", "Both are you. Each signs with a key of its own, and both read your inbox."
                        ),
                    ),
                ),
            ),
            look="strong",
        )
        page.add(self._other)
        kept = Card(
            translate("FirstRun", "A backup of the other laptop, if you have one"), icon_name="save", shade="brand"
        )
        kept.add(
            Text(
                translate(
                    "FirstRun",
                    "It brings your drafts, requests and agreements as they were then. On a laptop that you still have, make one under Settings.",
                ),
                "hint",
            )
        )
        open_backup = Button(translate("FirstRun", "Open the backup…"))
        open_backup.clicked.connect(lambda: choose_backup(self.window(), self._presenter.take_backup))
        kept.column.addWidget(open_backup, 0, Qt.AlignmentFlag.AlignLeft)
        self._backup_name = Text("", "hint")
        self._backup_name.hide()
        kept.add(self._backup_name)
        page.add(kept)
        card = Card(
            translate("FirstRun", "Your organisation's newest card, if you have no backup"),
            icon_name="users",
            shade="brand",
        )
        card.add(
            Text(
                translate(
                    "FirstRun",
                    "With it your colleagues and your inbox stay as they were. Any partner or colleague has it; the administrator or a colleague saves it under Partners with “Save your card as a file…” and sends it to you.",
                ),
                "hint",
            )
        )
        choose = Button(translate("FirstRun", "Open the card…"))
        choose.clicked.connect(self._on_card_clicked)
        card.column.addWidget(choose, 0, Qt.AlignmentFlag.AlignLeft)
        self._card_name = Text("", "hint")
        card.add(self._card_name)
        self._card_name.hide()
        page.add(card)
        self._founder = _who_founded()
        page.add(self._founder)
        page.add_action(translate("FirstRun", "Continue"), "primary").clicked.connect(self._on_words_clicked)
        page.add_action(translate("FirstRun", "Back")).clicked.connect(self._presenter.back)
        return page

    def _opening(self) -> _StepPage:
        page = _StepPage(
            translate("FirstRun", "How should your vault open?"),
            translate("FirstRun", "The vault is the encrypted place on this computer where your requests are kept."),
        )
        self._again = Button(
            translate("FirstRun", "Look at the key store again"), "link", icon_name="refresh-cw", small=True
        )
        self._again.clicked.connect(self._presenter.look_at_key_store)
        self._again.hide()
        page.add(self._again, left=True)
        self._how = Choice(
            QuestionSpec(
                "how",
                Kind.CHOICE,
                translate("FirstRun", "Open it"),
                options=(
                    Option(
                        _KEY_STORE,
                        translate("FirstRun", "By itself, with this computer's key store"),
                        translate("FirstRun", "You sign in to the computer; the vault opens with it."),
                    ),
                    Option(
                        _PASSPHRASE,
                        translate("FirstRun", "With a passphrase that I type each time"),
                        translate("FirstRun", "Better on a computer that others use too."),
                    ),
                ),
            )
        )
        self._how.changed.connect(self._on_how_changed)
        self._how.hide()
        page.add(self._how)
        self._secret = QWidget()
        column = QVBoxLayout(self._secret)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(Space.QUESTION)
        self._strength = Text("", "hint")
        first = self._secret_row(
            "passphrase",
            translate("FirstRun", "Passphrase"),
            translate(
                "FirstRun",
                "At least 12 characters. Four or five words that have nothing to do with each other are easy to remember and hard to guess.",
            ),
        )
        first.column.addWidget(self._strength)
        column.addWidget(first)
        column.addWidget(self._secret_row("again", translate("FirstRun", "The same passphrase again"), ""))
        self._line("passphrase").textChanged.connect(self._on_passphrase_changed)
        self._secret.hide()
        page.add(self._secret)
        make = page.add_action(translate("FirstRun", "Make my vault"), "primary")
        make.clicked.connect(self._on_make_clicked)
        self._line("again").returnPressed.connect(self._on_make_clicked)
        page.add_action(translate("FirstRun", "Back")).clicked.connect(self._presenter.back)
        return page

    def _kit(self) -> _StepPage:
        page = _StepPage(
            translate("FirstRun", "Write down these 24 words"),
            translate(
                "FirstRun",
                "They open the vault when the computer, its key store or your memory fails. They are shown only now. Whoever has them can open everything.",
            ),
        )
        self._grid = _WordGrid()
        page.add(self._grid)
        buttons = QWidget()
        flow = Flow(buttons, spacing=Space.MEDIUM)
        printing = Button(translate("FirstRun", "Print the sheet…"), icon_name="printer")
        printing.clicked.connect(self._on_print_clicked)
        flow.addWidget(printing)
        page.add(buttons)
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
        page.add(three)
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
        card.add(self._secret_row("kit-passphrase", translate("FirstRun", "Passphrase for the file"), ""))
        card.add(self._secret_row("kit-again", translate("FirstRun", "The same again"), ""))
        save = Button(translate("FirstRun", "Save the locked file…"), icon_name="save")
        save.clicked.connect(self._on_save_kit_clicked)
        card.column.addWidget(save, 0, Qt.AlignmentFlag.AlignLeft)
        self._kit_notice = Notice()
        card.add(self._kit_notice)
        page.add(card)
        written = page.add_action(translate("FirstRun", "I have written them down"), "primary")
        written.clicked.connect(self._presenter.have_written_down)
        return page

    def _prove(self) -> _StepPage:
        page = _StepPage(
            translate("FirstRun", "Show that you have them"),
            translate("FirstRun", "Type two of the words from your paper."),
        )
        check = page.add_action(translate("FirstRun", "Check the words"), "primary")
        check.clicked.connect(self._on_prove_clicked)
        page.add_action(translate("FirstRun", "See the words again")).clicked.connect(self._presenter.back)
        self._proofs = _Proofs(self._on_prove_clicked, before=check)
        page.add(self._proofs)
        return page

    def _join(self) -> _StepPage:
        page = _StepPage(
            translate("FirstRun", "Ask a colleague to let you in"),
            translate(
                "FirstRun",
                "Until then you can write drafts. To seal and to read what comes in, you need your organisation's pass.",
            ),
        )
        first = Card(translate("FirstRun", "1. Save your application and send it"), icon_name="download", shade="brand")
        first.add(
            Text(
                translate(
                    "FirstRun",
                    "Send it to a colleague who looks after your organisation's keys, by e-mail or by hand. There is nothing secret in it.",
                ),
                "hint",
            )
        )
        save = Button(translate("FirstRun", "Save the application…"), "brand")
        save.clicked.connect(self._on_save_application_clicked)
        first.column.addWidget(save, 0, Qt.AlignmentFlag.AlignLeft)
        page.add(first)
        second = Card(translate("FirstRun", "2. Read them these words"), icon_name="phone", shade="brand")
        second.add(
            Text(translate("FirstRun", "By phone or in person, so that they know it is you and nobody else."), "hint")
        )
        self._own_words = Text("", "subtitle")
        self._own_words.let_copy()
        second.add(self._own_words)
        page.add(second)
        third = Card(
            translate("FirstRun", "3. Open the pass that they send back"), icon_name="key-round", shade="brand"
        )
        third.add(Text(translate("FirstRun", "Only this computer can open it."), "hint"))
        pass_button = Button(translate("FirstRun", "Open the pass…"), "brand")
        pass_button.clicked.connect(self._on_open_pass_clicked)
        third.column.addWidget(pass_button, 0, Qt.AlignmentFlag.AlignLeft)
        page.add(third)
        page.add_action(translate("FirstRun", "Go on without it for now")).clicked.connect(self._presenter.later)
        return page

    def _done(self) -> _StepPage:
        page = _StepPage(
            translate("FirstRun", "Your desk is ready"),
            translate(
                "FirstRun",
                "What comes next, in the order that most people take. The list stays on the Requests page until you have a request.",
            ),
            mark="circle-check",
        )
        self._next = FirstStepList(translate("FirstRun", "Before your first request"))
        self._next.step_chosen.connect(self._presenter.go_to)
        page.add(self._next)
        page.add_action(translate("FirstRun", "Go to my desk"), "primary").clicked.connect(self._presenter.finish)
        return page

    # ------------------------------------------------------------ within

    def _row(self, name: str, label: str, hint: str) -> FormRow:
        row = FormRow(label, hint)
        row.set_field(QLineEdit())
        self._fields[name] = row
        return row

    def _secret_row(self, name: str, label: str, hint: str) -> FormRow:
        row = PassphraseRow(label, hint)
        self._fields[name] = row
        return row

    def _line(self, name: str) -> QLineEdit:
        field = self._fields[name].problem_fields()[0]
        if not isinstance(field, QLineEdit):
            raise TypeError(name)
        return field

    def _on_who_clicked(self) -> None:
        texts = {name: self._line(name).text() for name in ("organisation", "identifier", "name", "post")}
        self._presenter.say_who(
            Who(**texts, joining=self._kind.value() == _JOIN, returning=self._kind.value() == _RETURN)
        )

    def _reveal(self, row: QWidget) -> None:
        """Scroll to what has a problem, once the sentence has its place: on a low window it is far from the button."""
        page = self._steps[self._presenter.step]
        QTimer.singleShot(0, page, lambda: page.reveal(row) if isValid(row) else None)

    def _on_words_clicked(self) -> None:
        other, founder = self._other.value(), self._founder.value()
        self._presenter.say_words(
            self._typed_words.toPlainText(),
            beside=None if not other else other == _BESIDE,
            founder=None if not founder else founder == _FOUNDER,
        )

    def _on_card_clicked(self) -> None:
        title = translate("FirstRun", "Open your organisation's card")
        choose_file(self.window(), title, self._presenter.take_card)

    def _on_how_changed(self, _value: object = None) -> None:
        self._secret.setVisible(self._how.value() == _PASSPHRASE)

    def _on_passphrase_changed(self, text: str) -> None:
        judged = strength(text)
        self._strength.setText(judged.sentence)
        set_look(self._strength, look="problem" if judged.tone is Tone.BAD else "hint")

    def _on_make_clicked(self) -> None:
        if self._how.value() == _KEY_STORE:
            self._presenter.make(passphrase=None)
        else:
            self._presenter.make(passphrase=self._line("passphrase").text(), again=self._line("again").text())

    def _on_save_kit_clicked(self) -> None:
        passphrase, again = self._line("kit-passphrase").text(), self._line("kit-again").text()
        choose_place(
            self.window(),
            translate("FirstRun", "Save the locked file"),
            "recovery-kit.age",
            lambda file: self._presenter.save_kit(file, passphrase, again),
        )

    def _on_split_done(self) -> None:
        self._split_notice.say(translate("FirstRun", "Three shares are on paper and checked."), Tone.GOOD)

    def _on_save_application_clicked(self) -> None:
        choose_place(
            self.window(),
            translate("FirstRun", "Save the application"),
            "application.dsapplication",
            self._presenter.save_application,
        )

    def _on_open_pass_clicked(self) -> None:
        choose_file(self.window(), translate("FirstRun", "Open the pass"), self._presenter.open_pass)

    def _on_prove_clicked(self) -> None:
        self._presenter.prove(self._proofs.answers())

    def _on_print_clicked(self) -> None:
        printer = QPrinter(QPrinter.PrinterMode.HighResolution)
        asking = QPrintDialog(printer, self.window())
        asking.setWindowTitle(translate("FirstRun", "Print the recovery words"))
        asking.accepted.connect(lambda: self.print_on(printer))
        asking.finished.connect(asking.deleteLater)
        QDialog.open(asking)

    def print_on(self, device: QPagedPaintDevice) -> None:
        """Print the sheet with the words."""
        paint_sheet(device, self._words, self._line("organisation").text())


def _ended_words(ended: int) -> str:
    forms = translate(
        "FirstRun", "{n} lost computer no longer signs for you.|{n} lost computers no longer sign for you."
    )
    return counted(forms, ended) if ended else ""


class _StepPage(ScrollColumn):
    """One step: where it stands, a title, a lead, what belongs to it, and the buttons."""

    def __init__(self, title: str, lead: str = "", *, mark: str = "") -> None:
        super().__init__(width=680)
        centre(self)
        head = QWidget()
        column = QVBoxLayout(head)
        column.setContentsMargins(0, Space.GUTTER, 0, 0)
        column.setSpacing(Space.SMALL)
        if mark:
            column.addWidget(Glyph(mark, "brand", size=44, stroke=1.5))
            column.addSpacing(Space.TIGHT)
        self.where = Text("", "caption")
        self.where.hide()
        self._title = Text(title, "display", heading=True)
        self._title.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        column.addWidget(self.where)
        column.addWidget(self._title)
        if lead:
            column.addWidget(Text(lead, "lead"))
        self.add(head)
        self.notice = Notice()
        self.add(self.notice)
        self._foot = QWidget()
        self._actions = Flow(self._foot, spacing=Space.MEDIUM)
        self.busy = Text("", "meta", wrap=False)
        self.column.insertWidget(self.column.count() - 1, self._foot)
        self._actions.addWidget(self.busy)
        self._buttons: list[Button] = []

    def add(self, widget: QWidget, *, left: bool = False) -> None:
        """Put a widget above the buttons."""
        place = self.column.count() - (2 if hasattr(self, "_foot") else 1)
        if left:
            self.column.insertWidget(place, widget, 0, Qt.AlignmentFlag.AlignLeft)
        else:
            self.column.insertWidget(place, widget)

    def add_action(self, words: str, look: str = "plain") -> Button:
        """Put a button at the foot."""
        button = Button(words, look)
        self._actions.removeWidget(self.busy)
        self._actions.addWidget(button)
        self._actions.addWidget(self.busy)
        self._buttons.append(button)
        return button

    def set_busy(self, *, busy: bool) -> None:
        """Let nobody press twice."""
        for button in self._buttons:
            button.setEnabled(not busy)

    def focus_first(self) -> None:
        """Put the keyboard on the title."""
        self._title.setFocus(Qt.FocusReason.OtherFocusReason)


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


def _who_founded() -> Choice:
    """The question that stands while there is neither a backup nor a card."""
    return Choice(
        QuestionSpec(
            "founder",
            Kind.CHOICE,
            translate("FirstRun", "Without a backup or the card: who set dsadesk up for your organisation?"),
            options=(
                Option(
                    _FOUNDER,
                    translate("FirstRun", "I set it up"),
                    translate("FirstRun", "Your words make the organisation's key again, the same as before."),
                ),
                Option(
                    _COLLEAGUE,
                    translate("FirstRun", "A colleague let me in"),
                    translate(
                        "FirstRun",
                        "Then you need the card. Without it you would make another key in your organisation's name.",
                    ),
                ),
            ),
        ),
        look="strong",
    )


def _sentence(icon_name: str, words: str) -> QWidget:
    line = QFrame()
    row = QHBoxLayout(line)
    row.setContentsMargins(0, 0, 0, 0)
    row.setSpacing(Space.LARGE)
    row.addWidget(Glyph(icon_name, "brand", size=24), 0, Qt.AlignmentFlag.AlignTop)
    row.addWidget(Text(words, "body"), 1)
    return line


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
