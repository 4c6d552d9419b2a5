"""The form of a draft: sections at the left, questions in the middle, guidance at the right. Every change is saved by itself."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from PySide6.QtCore import QEvent, Qt, QTimer, Signal
from PySide6.QtGui import QKeySequence, QResizeEvent, QShortcut
from PySide6.QtWidgets import QApplication, QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from dsadesk.domain.ids import RequestId
from dsadesk.services.changes import Changes
from dsadesk.services.papers import Paper
from dsadesk.services.viewing import AnswerLine
from dsadesk.services.wording import Explanation
from dsadesk.ui import theme
from dsadesk.ui.actions import keys_of
from dsadesk.ui.fitting import Fitting
from dsadesk.ui.i18n import counted, translate
from dsadesk.ui.preferences import Preferences
from dsadesk.ui.presenters.editor import EditorPresenter
from dsadesk.ui.presenters.editor_page import Header, SectionForm
from dsadesk.ui.presenters.finding import Found
from dsadesk.ui.presenters.form import CHECK, SAMPLES, Entry, Guidance, Problem, Way
from dsadesk.ui.presenters.frame import Frame, Page, Place
from dsadesk.ui.presenters.seal import Sealed
from dsadesk.ui.theme import Space
from dsadesk.ui.views import guidance as guidance_view
from dsadesk.ui.views.choose_file import choose_file
from dsadesk.ui.views.confirm_dialog import ConfirmDialog
from dsadesk.ui.views.editor_extras import EditorExtras
from dsadesk.ui.views.editor_parts import PAPER, SECTIONS_WIDTH, EditorFoot, EditorHead, PreviewDialog, SectionPane
from dsadesk.ui.views.editor_proof import EditorProof
from dsadesk.ui.views.find_bar import FindBar
from dsadesk.ui.views.guidance import GuidancePane
from dsadesk.ui.views.notice import Notice
from dsadesk.ui.views.papers import Papers
from dsadesk.ui.views.question_form import QuestionForm
from dsadesk.ui.views.samples import SamplesPanel
from dsadesk.ui.views.seal import SealView
from dsadesk.ui.vocabulary import Tone
from dsadesk.ui.widgets.dialog import Dialog

_PAUSE_MILLISECONDS = 250
_LONGEST_MILLISECONDS = 1_000
_REST_MILLISECONDS = 1_500
_FORM_WIDTH = 400
_LOW = 460
_REDO_TOO = "Ctrl+Shift+Z"


class EditorView(QWidget):
    """Shows one draft."""

    request_shown = Signal(object)  # RequestId

    def __init__(self, frame: Frame, preferences: Preferences, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._frame = frame
        self._preferences = preferences
        self._presenter = EditorPresenter(self, frame)
        self._fitting = Fitting(self, self._fit)
        self._wants_guidance = preferences.shows_guidance
        self._has_guidance = False
        self._shows_sections = False
        self._is_sealed = False
        self._form_of: RequestId | None = None  # whose sections the form keeps
        self._gone_to = ""  # the part of a draft that was asked for last
        self._dialog: Dialog | None = None
        self._pause = QTimer(self)
        self._pause.setSingleShot(True)
        self._pause.setInterval(_PAUSE_MILLISECONDS)
        self._longest = QTimer(self)
        self._longest.setSingleShot(True)
        self._longest.setInterval(_LONGEST_MILLISECONDS)
        self._rest = QTimer(self)
        self._rest.setSingleShot(True)
        self._rest.setInterval(_REST_MILLISECONDS)
        self._rest.timeout.connect(self._presenter.tell_others)
        for timer in (self._pause, self._longest):
            timer.timeout.connect(self._on_paused)
        self._head = EditorHead()
        self._sections = SectionPane()
        self._form = QuestionForm()
        self._foot = EditorFoot()
        self._guidance = GuidancePane()
        self._notice = Notice(margins=(Space.GUTTER, Space.MEDIUM, Space.GUTTER, 0))
        self._returned = Notice(margins=(Space.GUTTER, Space.MEDIUM, Space.GUTTER, 0))
        self._aside = Notice(margins=(Space.GUTTER, Space.MEDIUM, Space.GUTTER, 0))
        self._extras = EditorExtras(frame, self._presenter, self._guidance, self)
        self.papers = Papers(frame, self)
        self._samples: SamplesPanel | None = None
        self._seal: SealView | None = None
        self._proof = EditorProof(self._presenter, self)
        self._find = FindBar(self._presenter.find, self._presenter.section_title)
        self._middle = QStackedWidget()
        self._middle.addWidget(self._form)
        self._lay_out()
        self._connect()

    # ------------------------------------------------------------ a page's duties

    def show_place(self, place: Place) -> None:
        """Show a draft at a part of it."""
        self._gone_to = place.part
        if place.request is not None:
            if place.request != self._presenter.request:
                self._find.forget()
            self._presenter.open(place.request, place.part)

    def refresh(self, changes: Changes) -> None:
        """Follow changes made elsewhere; what is being typed is left alone."""
        self._presenter.refresh(changes)
        if self._samples is not None and self._presenter.section == SAMPLES:
            self._samples.refresh(changes)
        if self._seal is not None and (self._presenter.section == CHECK or self._is_sealed):
            self._seal.refresh(changes)

    def focus_first(self) -> None:
        """Put the keyboard on the title of the section, unless it is in the question that was gone to."""
        if self._gone_to and self._form.question_of(self.window().focusWidget()) == self._gone_to:
            return
        if self._presenter.section == SAMPLES and self._samples is not None:
            self._samples.focus_first()
        elif self._presenter.section == CHECK and self._seal is not None:
            self._seal.focus_first()
        else:
            self._form.focus_title()

    def settle(self, done: Callable[[bool], None]) -> None:
        """Save what is not saved, then say whether everything is."""
        self._pause.stop()
        self._presenter.settle(done)

    # ------------------------------------------------------------ what the presenter asks

    def show_header(self, header: Header) -> None:
        """Show the head of the page."""
        self._is_sealed = False
        self._head.show_header(header)

    def show_way(self, way: Way) -> None:
        """Show how far each section is."""
        self._sections.show_way(way, self._presenter.section)

    def show_section(self, form: SectionForm, focus: str) -> None:
        """Show a section from its top."""
        goes_along = self._whether_keyboard_goes_along()
        self._show_sections(shown=False)
        if self._presenter.request != self._form_of:
            self._form_of = self._presenter.request
            self._form.forget()
        self._form.show_section(form.id, form.title, form.lead, form.entries)
        self._proof.look_again()  # an acronym may be explained elsewhere by now
        self._foot.show_place(form.place, is_first=form.is_first)
        self._foot.set_named(named=False)
        self._foot.show()
        self._middle.setCurrentWidget(self._form)
        self._fitting.now()
        if focus:
            self._form.go_to(focus)
        elif goes_along():
            self._form.focus_title()

    def show_entries(self, entries: Sequence[Entry]) -> None:
        """Bring the questions in line."""
        self._form.show_entries(entries)

    def show_samples(self) -> None:
        """Show the samples."""
        if self._samples is None:
            self._samples = SamplesPanel(self._frame)
            self._middle.addWidget(self._samples)
        if self._presenter.request is not None:
            self._samples.show_request(self._presenter.request)
        self._foot.show_place("", is_first=False)
        self._foot.set_named(named=False)
        self._show_instead(self._samples, foot=True)

    def show_check(self) -> None:
        """Show the last page."""
        if self._seal is None:
            self._seal = SealView(self._frame)
            self._seal.sealed.connect(self._on_sealed)
            self._seal.whole_wanted.connect(self._extras.open_whole)
            self._middle.addWidget(self._seal)
        if self._presenter.request is not None:
            self._seal.show_request(self._presenter.request)
        self._show_instead(self._seal, foot=False)

    def show_guidance(self, guidance: Guidance | None) -> None:
        """Show what to say beside a question."""
        self._has_guidance = guidance is not None
        if guidance is not None:
            self._guidance.show_guidance(guidance)
            self._extras.follow()
        self._fitting.now()

    def show_problems(self, problems: Sequence[Problem]) -> None:
        """Name what is missing."""
        self._form.show_problems(problems)
        self._foot.set_named(named=bool(problems))

    def show_saved(self, sentence: str, tone: Tone) -> None:
        """Say whether all is saved."""
        self._head.show_saved(sentence, tone)

    def show_returned(self, reasons: str, changes: Sequence[str]) -> None:
        """Say why the supplier sent the request back."""
        if not reasons:
            self._returned.clear()
            return
        lines = "\n".join([reasons, *(f"• {change}" for change in changes)])
        self._returned.say(translate("Editor", "The supplier returned this request"), Tone.WARN, details=lines)

    def show_set_aside(self, count: int) -> None:
        """Say that answers are no longer asked for, with a way to them; Close takes the line away until the draft is opened again."""
        if not count:
            self._aside.clear()
            return
        words = translate("Editor", "{n} answer is no longer asked for|{n} answers are no longer asked for")
        self._aside.say(
            counted(words, count),
            Tone.INFO,
            action=translate("Editor", "Show them"),
            dismissal=translate("Editor", "Close"),
        )

    def show_error(self, explanation: Explanation | None) -> None:
        """Say what went wrong."""
        action = translate("Editor", "Try again") if self._presenter.request is not None else ""
        self._notice.explain(explanation, action=action)

    def show_preview(self, lines: Sequence[AnswerLine], header: Header) -> None:
        """Show the request as a reader will see it."""
        dialog = PreviewDialog(lines, header, self.window())
        dialog.answered.connect(lambda answer: self.save_paper() if answer == PAPER else None)
        self._dialog = dialog
        dialog.open()

    def ask_discard(self, title: str, answers: int, samples: int) -> None:
        """Ask before the draft is thrown away."""
        has = counted(translate("Editor", "{n} answer|{n} answers"), answers)
        if samples:
            has = f"{has}, {counted(translate('Editor', '{n} sample|{n} samples'), samples)}"
        sentence = translate(
            "Editor", "“{title}” will be deleted: {has}. It cannot be brought back.", title=title, has=has
        )
        dialog = ConfirmDialog(
            translate("Editor", "Delete this draft?"),
            sentence,
            safe=translate("Editor", "Keep the draft"),
            action=translate("Editor", "Delete the draft"),
            parent=self.window(),
        )
        dialog.confirmed.connect(self._presenter.discard)
        self._dialog = dialog
        dialog.open()

    def save_soon(self) -> None:
        """Bring the page in line when the typing pauses, or after a second of it."""
        if not self._longest.isActive():
            self._longest.start()
        self._pause.start()
        self._rest.start()

    def put_answer(self, question: str, value: Any) -> None:
        """Show another answer."""
        self._form.put(question, value)
        self._proof.look_again()

    # ------------------------------------------------------------ within

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Give the form its room first, then the sections, then the guidance."""
        super().resizeEvent(event)
        self._fitting.now()

    def changeEvent(self, event: QEvent) -> None:
        """Share out the room anew when the text grows."""
        super().changeEvent(event)
        if event.type() is QEvent.Type.StyleChange:
            self._fitting.soon()

    def load_answers(self, file: Path) -> None:
        """Take in the answers of a file."""
        self._presenter.load_answers(file)

    def save_paper(self) -> None:
        """Have it chosen where the draft is saved as a paper, with every answer as it stands on the page."""
        if self._presenter.request is not None:
            self._presenter.flush()
            self.papers.open(self._presenter.request, Paper.DRAFT)

    def _lay_out(self) -> None:
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.setSpacing(0)
        outer.addWidget(self._head)
        row = QHBoxLayout()
        row.setSpacing(0)
        outer.addLayout(row, 1)
        row.addWidget(self._sections)
        self._page = QWidget()
        middle = QVBoxLayout(self._page)
        middle.setContentsMargins(0, 0, 0, 0)
        middle.setSpacing(0)
        middle.addWidget(self._notice)
        middle.addWidget(self._returned)
        middle.addWidget(self._aside)
        middle.addWidget(self._find)
        middle.addWidget(self._middle, 1)
        middle.addWidget(self._foot)
        row.addWidget(self._page, 1)
        row.addWidget(self._guidance)

    def _connect(self) -> None:
        presenter = self._presenter
        self._head.guidance_wanted.connect(self._on_guidance_wanted)
        self._head.preview_wanted.connect(presenter.preview)
        self._head.check_wanted.connect(lambda: presenter.choose_section(CHECK))
        self._head.load_wanted.connect(self._on_load_wanted)
        self._head.undo_wanted.connect(presenter.undo)
        self._head.redo_wanted.connect(presenter.redo)
        self._head.find_wanted.connect(self.focus_search)
        self._head.whole_wanted.connect(self._extras.open_whole)
        self._extras.place_chosen.connect(self._on_found_chosen)
        self._head.aside_wanted.connect(self._extras.open_set_aside)
        self._aside.action_chosen.connect(self._extras.open_set_aside)
        self._aside.dismissed.connect(self._aside.clear)
        self._head.versions_wanted.connect(self._extras.open_versions)
        self._head.comments_wanted.connect(self._extras.open_comments)
        self._head.copy_wanted.connect(self._extras.open_copying)
        self._head.template_wanted.connect(self._extras.open_template)
        self._head.paper_wanted.connect(self.save_paper)
        self.papers.failed.connect(self.show_error)
        self._extras.failed.connect(self.show_error)
        self._head.discard_wanted.connect(presenter.ask_discard)
        self._sections.section_chosen.connect(self._on_section_chosen)
        self._sections.list.clicked.connect(lambda: self._show_sections(shown=False))
        self._sections.list.activated.connect(self._on_section_activated)
        self._form.answered.connect(presenter.changed)
        self._form.rested.connect(self._on_form_rested)
        self._form.fill_wanted.connect(self._extras.open_filling)
        self._form.field_made.connect(self._proof.watch)
        self._proof.failed.connect(self.show_error)
        self._guidance.place_chosen.connect(self._on_place_chosen)
        self._find.place_chosen.connect(self._on_found_chosen)
        self._find.closed.connect(self._on_find_closed)
        self._form.partners_wanted.connect(lambda: self._frame.go(Place(Page.PARTNERS)))
        self._foot.continue_wanted.connect(presenter.carry_on)
        self._foot.back_wanted.connect(lambda: presenter.step(-1))
        self._foot.sections_wanted.connect(lambda: self._show_sections(shown=not self._shows_sections))
        self._notice.action_chosen.connect(presenter.flush)
        app = QApplication.instance()
        if isinstance(app, QApplication):
            app.focusChanged.connect(self._on_focus_changed)
        for action, act in (
            ("save", presenter.save_now),
            ("continue", presenter.carry_on),
            ("section.next", lambda: presenter.step(1)),
            ("section.previous", lambda: presenter.step(-1)),
            ("undo", presenter.undo),
            ("redo", presenter.redo),
            ("find.next", lambda: self._on_find_step(1)),
            ("find.previous", lambda: self._on_find_step(-1)),
            ("mark.next", lambda: self._proof.step(1)),
            ("mark.previous", lambda: self._proof.step(-1)),
            ("marks", self._extras.open_whole),
            ("suggest", self._proof.suggest_here),
            ("comments", self._extras.open_comments),
            ("versions", self._extras.open_versions),
            ("guidance", self._on_guidance_wanted),
            ("preview", presenter.preview),
            ("check", lambda: presenter.choose_section(CHECK)),
        ):
            shortcut = QShortcut(QKeySequence(keys_of(action)), self)
            shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
            shortcut.activated.connect(act)
        redo_too = QShortcut(QKeySequence(_REDO_TOO), self)
        redo_too.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        redo_too.activated.connect(presenter.redo)

    def focus_search(self) -> None:
        """Look for words in this request."""
        self._find.open()

    def has_keyboard(self) -> bool:
        """Say whether the keyboard is in this page."""
        holder: QWidget | None = self.window().focusWidget()
        return holder is not None and self.isAncestorOf(holder)

    def _on_paused(self) -> None:
        self._pause.stop()
        self._longest.stop()
        self._presenter.flush()

    def _on_form_rested(self) -> None:
        name = self._presenter.section_after()
        if name and not self._form.keeps(name):
            self._form.make_ahead(name, self._presenter.entries_of(name))

    def _on_place_chosen(self, start: int, end: int) -> None:
        self._form.select(self._presenter.focus, start, end - start)

    def _on_found_chosen(self, found: Found) -> None:
        self._presenter.open_part(found.question)
        self._form.select(found.question, found.start, found.length, row=found.row, column=found.column)

    def _on_find_step(self, by: int) -> None:
        if self._find.isVisible():
            self._find.step(by)
        else:
            self.focus_search()

    def _on_find_closed(self) -> None:
        if self._presenter.focus:
            self._form.go_to(self._presenter.focus)

    def _has_keyboard(self) -> bool:
        holder: QWidget | None = self.window().focusWidget()
        return holder is None or self.isAncestorOf(holder)

    def _whether_keyboard_goes_along(self) -> Callable[[], bool]:
        """Ask before a page of the draft is hidden, which sends the keyboard anywhere, whether it goes along to the next.

        Whoever goes through the sections by the arrow keys stays in their list, where that stays in sight.
        """
        had_it, was_choosing = self._has_keyboard(), self.window().focusWidget() is self._sections.list
        return lambda: had_it and not (was_choosing and self._sections.list.isVisible())

    def _show_instead(self, page: QWidget, *, foot: bool) -> None:
        goes_along = self._whether_keyboard_goes_along()
        self._show_sections(shown=False)
        self._foot.setVisible(foot)
        self._middle.setCurrentWidget(page)
        self._fitting.now()
        if goes_along():
            self.focus_first()

    def _show_sections(self, *, shown: bool) -> None:
        self._shows_sections = shown
        self._fitting.now()
        if shown:
            self._sections.list.setFocus(Qt.FocusReason.OtherFocusReason)

    def _fit(self) -> None:
        width = self.width()
        beside = theme.px(SECTIONS_WIDTH) + theme.px(_FORM_WIDTH)
        room_for_sections = width >= beside
        room_for_guidance = width >= beside + theme.px(guidance_view.WIDTH)
        instead = self._shows_sections and not room_for_sections
        self._sections.setVisible((room_for_sections or instead) and not self._is_sealed)
        if room_for_sections:
            self._sections.setFixedWidth(theme.px(SECTIONS_WIDTH))
        else:
            self._sections.setMinimumWidth(0)
            self._sections.setMaximumWidth(16_777_215)
        self._page.setVisible(not instead)
        self._guidance.setVisible(room_for_guidance and self._wants_guidance and self._has_guidance)
        self._foot.offer_sections(offered=not room_for_sections)
        self._head.set_compact(compact=self.height() < theme.px(_LOW))
        self._head.set_guidance_shown(shown=not self._guidance.isHidden())

    def _on_section_chosen(self, section: str) -> None:
        self._pause.stop()
        self._presenter.choose_section(section)
        self._show_sections(shown=False)

    def _on_sealed(self, sealed: Sealed) -> None:
        """Take away what belongs to a draft: there is none any more."""
        self._presenter.close()
        self._form.forget()
        self._head.show_sealed(is_sent=sealed.is_sent, is_on_its_way=sealed.is_on_its_way)
        self._is_sealed = True
        self._fitting.now()

    def _on_section_activated(self) -> None:
        self._show_sections(shown=False)
        self.focus_first()

    def _on_focus_changed(self, _old: QWidget | None, new: QWidget | None) -> None:
        question = self._form.question_of(new) if new is not None and self._form.isAncestorOf(new) else ""
        if question:
            self._presenter.focused(question)

    def _on_guidance_wanted(self) -> None:
        """Show the guidance beside the form, or in front of it where there is no room."""
        room = self.width() >= theme.px(SECTIONS_WIDTH) + theme.px(_FORM_WIDTH) + theme.px(guidance_view.WIDTH)
        if room:
            self._wants_guidance = not self._wants_guidance
            self._preferences.shows_guidance = self._wants_guidance
            self._fitting.now()
            return
        dialog = Dialog(translate("Editor", "Guidance"), "", safe=translate("Editor", "Close"), parent=self.window())
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        guidance = GuidancePane()
        guidance.show_guidance(self._guidance.shown())
        guidance.setMinimumHeight(theme.px(320))
        guidance.setFixedWidth(theme.px(460))
        dialog.body.addWidget(guidance)
        self._dialog = dialog
        dialog.open()

    def _on_load_wanted(self) -> None:
        choose_file(
            self.window(),
            translate("Editor", "Load answers"),
            self.load_answers,
            [translate("Editor", "Answers (*.json)"), translate("Editor", "All files (*)")],
        )
