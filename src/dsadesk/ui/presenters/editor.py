"""Writing a request: answers that save themselves, questions that come and go, and what is still missing.

What the page shows is the truth while someone types; every change is handed to the writer as it is made. The page says "Saved" only of what is on
disk. An answer that could not be saved is tried again with the next one, and the page says so until it is saved.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from dsadesk.domain.events import RequestReturned
from dsadesk.domain.ids import RequestId
from dsadesk.domain.lifecycle import Stage
from dsadesk.domain.organisation import Side
from dsadesk.ports import Draft
from dsadesk.questions.model import Question, QuestionSet
from dsadesk.questions.proofing import Proof, language_of
from dsadesk.questions.upgrade import set_aside
from dsadesk.questions.visible import View
from dsadesk.services import drafting
from dsadesk.services.changes import Changes
from dsadesk.services.reading import require_draft, state_of
from dsadesk.services.session import Session
from dsadesk.services.viewing import answer_lines
from dsadesk.services.wording import Explanation, clock_words, stage_words, tone_of
from dsadesk.ui.presenters.editor_page import EditorPage, Header, SectionForm
from dsadesk.ui.presenters.editor_saving import AnswerWriter
from dsadesk.ui.presenters.files import read_file
from dsadesk.ui.presenters.finding import Found, find
from dsadesk.ui.presenters.form import (
    CHECK,
    SAMPLES,
    Entry,
    Problem,
    Way,
    entries,
    guidance,
    kept_value,
    problems,
    way,
)
from dsadesk.ui.presenters.frame import Frame, Page, Place
from dsadesk.ui.presenters.new_request import partners
from dsadesk.ui.presenters.proofing import Proofreader, Wanted, asked_in, is_prose, remarks_of, texts_of
from dsadesk.ui.presenters.set_aside import SetAside, told
from dsadesk.ui.presenters.undo import UndoLog
from dsadesk.ui.presenters.whole_draft import WholeDraft, judge, passages
from dsadesk.ui.vocabulary import Option, Tone


@dataclass(frozen=True)
class _Loaded:
    draft: Draft
    answers: dict[str, Any]
    suppliers: tuple[Option, ...]
    samples: int
    returned: RequestReturned | None
    questions: QuestionSet


class EditorPresenter:
    """Shows one draft and keeps it saved."""

    def __init__(self, view: EditorPage, frame: Frame) -> None:
        self._view = view
        self._frame = frame
        self._draft: Draft | None = None
        self._set: QuestionSet | None = None
        self._answers: dict[str, Any] = {}
        self._suppliers: tuple[Option, ...] = ()
        self._samples = 0
        self._status = ("Draft", Tone.NEUTRAL)
        self._section = ""
        self._focus = ""
        self._named = False  # whether the problems of this section are shown
        self._seen: View | None = None  # the question set as these answers make it, until they change
        self._how_far: Way | None = None
        self._is_behind = False  # whether the page has to be brought in line when the typing pauses
        self._says_saved = False
        self._has_error = False
        self._proofs: dict[str, Proof] = {}
        self._log = UndoLog()
        self._writer = AnswerWriter(frame, self._written)
        self.proofreader = Proofreader(frame)

    @property
    def request(self) -> RequestId | None:
        """The draft on the page."""
        return self._draft.request if self._draft else None

    @property
    def section(self) -> str:
        """The section on the page."""
        return self._section

    @property
    def focus(self) -> str:
        """The question that has the keyboard, or had it last."""
        return self._focus

    # ------------------------------------------------------------ coming and going

    def open(self, request: RequestId, part: str = "") -> None:
        """Show a draft at a section, at a question, or where its writer should go on."""
        if self._draft is not None and self._draft.request == request:
            self._go_to(part or self._section)
            return
        self.flush()
        session = self._frame.desk.session

        def done(loaded: _Loaded) -> None:
            self._show(loaded)
            self._go_to(part or self._where_to_begin())

        def failed(explanation: Explanation) -> None:
            self._view.show_error(explanation)

        self._frame.work(lambda: _load(session, request), done, failed)

    def refresh(self, changes: Changes) -> None:
        """Follow what others changed: partners to choose from, samples. What is being typed is never touched."""
        draft = self._draft
        if draft is None or not (changes.cards or draft.request in changes.requests):
            return
        session = self._frame.desk.session

        def look() -> tuple[tuple[Option, ...], int, QuestionSet]:
            now = session.vault.drafts.get(draft.request)
            questions = drafting.question_set(session, now.supplier if now is not None else None)
            return _suppliers(session), len(session.vault.samples.of_request(draft.request)), questions

        def done(found: tuple[tuple[Option, ...], int, QuestionSet]) -> None:
            questions = found[2]
            is_other = questions.version != self._questions.version
            if is_other:
                self._set, self._seen = questions, None
                self._view.show_set_aside(len(self.set_aside()))
            if is_other or (found[0], found[1]) != (self._suppliers, self._samples):
                self._suppliers, self._samples = found[0], found[1]
                self._writer.know_suppliers(self._suppliers)
                self._how_far = None
                self._follow()

        self._frame.work(look, done, self._view.show_error)

    def settle(self, done: Callable[[bool], None]) -> None:
        """Save what is not saved, then say whether everything is."""
        self.flush()
        self._writer.settle(done)

    def tell_others(self) -> None:
        """Have lists and other pages follow what was written. They need not follow every letter: the vault's thread has better things to do."""
        self._frame.tell()

    def choose_section(self, section: str) -> None:
        """Go to a section that was chosen in the list."""
        if section != self._section:
            self.flush()
            self._go_to(section)

    def open_part(self, question: str) -> None:
        """Go to the section of a question, if it is another one."""
        asked = self._questions.question(question)
        if asked is not None and asked.section_id != self._section:
            self.flush()
            self._go_to(question)
        elif asked is not None:
            self.focused(question)

    def open_question(self, question: str) -> None:
        """Go to a question and put the keyboard there."""
        self.flush()
        self._go_to(question)

    def label_of(self, question: str) -> str:
        """Return what a question asks, or nothing."""
        asked = self._questions.question(question)
        return asked.label.in_language(self._language) if asked is not None else ""

    def step(self, by: int) -> None:
        """Go to a section before or after this one."""
        order = [section.id for section in self._way().sections]
        if self._section in order:
            self.choose_section(order[max(0, min(len(order) - 1, order.index(self._section) + by))])

    def carry_on(self) -> None:
        """Save and go on; where something is missing, name it first, and go on when asked again."""
        self.flush()
        missing = self._missing_here()
        if missing and not self._named:
            self._named = True
            self._view.show_problems(missing)
            some = "1 answer is" if len(missing) == 1 else f"{len(missing)} answers are"
            self._frame.announce(f"{some} missing in this section.")
            return
        self.step(1)

    def discard(self) -> None:
        """Throw the draft away; the page has asked."""
        draft, session = self._draft, self._frame.desk.session
        if draft is None:
            return
        self._writer.drop()

        def done(_: None) -> None:
            self.close()
            self._frame.announce("The draft is deleted.")
            self._frame.go(Place(Page.REQUESTS, part="list"))

        self._frame.work(lambda: drafting.discard(session, draft.request), done, self._view.show_error)

    def close(self) -> None:
        """Let go of the draft, because it is sealed or thrown away."""
        self._draft = None
        self._answers = {}
        self._writer.turn_to(None, ())
        self._log.clear()
        self._proofs = {}
        self._seen, self._how_far, self._is_behind = None, None, False
        self._section = ""

    # ------------------------------------------------------------ answering

    def changed(self, question: str, value: Any) -> None:
        """Take a new answer and hand it to the writer."""
        asked, before = self._questions.question(question), self._answers.get(question)
        kept = kept_value(asked.kind if asked else "", value)
        self._log.record({question: before}, {question: kept}, self._frame.desk.world.clock.now())
        # Another letter of a text decides neither which questions apply nor how far a section is: only what is said of it follows, at a pause.
        if isinstance(before, str) and isinstance(kept, str) and asked is not None and not asked.options:
            self._is_behind = True
            self._take(question, kept, types_on=True)
        elif _is_within_cells(asked, before, kept):
            # What follows from the words in a table follows at a pause: it is seldom anything, and looking for it takes longer than drawing a letter.
            self._is_behind = True
            self._take(question, kept)
        else:
            self._take(question, kept)
            self._catch_up()
        self._view.save_soon()

    def undo(self) -> None:
        """Take the last change back, wherever in the draft it was."""
        step = self._log.undo()
        if step is None:
            self._frame.announce("There is nothing to undo.")
        else:
            self._put(step.before, "Undone")

    def redo(self) -> None:
        """Make the change again that was taken back last."""
        step = self._log.redo()
        if step is None:
            self._frame.announce("There is nothing to do again.")
        else:
            self._put(step.after, "Done again")

    def take_all(self, answers: Mapping[str, Any], done: str) -> None:
        """Take several answers at once, as one step that can be undone. None takes an answer back."""
        new = {name: value for name, value in answers.items() if value != self._answers.get(name)}
        if new:
            before = {name: self._answers.get(name) for name in new}
            self._log.record(before, new, self._frame.desk.world.clock.now())
            self._put(new, done)

    def focused(self, question: str) -> None:
        """Follow the keyboard to a question: guide, and save what was left."""
        if question != self._focus:
            self._focus = question
            self._guide()
            self.flush()

    def flush(self) -> None:
        """Bring page, lists and vault in line. The page may leave at once: saving goes on by itself."""
        if self._is_behind:
            self._catch_up()
        self._writer.push()
        if self._writer.is_durable and self._draft is not None and not self._says_saved:
            self._say_saved(self._draft)

    def save_now(self) -> None:
        """Save and say so."""
        self.settle(lambda saved: self._frame.announce("Everything is saved." if saved else "Not saved."))

    def load_answers(self, file: Path) -> None:
        """Take in the answers of a file, all or none."""
        draft, session = self._draft, self._frame.desk.session
        if draft is None:
            return

        def load() -> int:
            return drafting.load_answers(session, draft.request, read_file(file))

        def done(count: int) -> None:
            section = self._section
            self._frame.announce(f"{count} answers were taken in.")
            self._draft = None
            self.open(draft.request, section)

        self.flush()
        self._frame.work(load, done, self._view.show_error)

    @property
    def questions(self) -> QuestionSet:
        """The questions that the draft on the page is asked."""
        return self._questions

    def set_aside(self) -> tuple[SetAside, ...]:
        """Return the answers that no question asks for any more, in words."""
        return told(set_aside(self._answers, self._questions))

    @property
    def answers(self) -> Mapping[str, Any]:
        """The answers as they stand on the page."""
        return dict(self._answers)

    # ------------------------------------------------------------ reading

    def proofread(
        self, question: str, text: str, then: Callable[[Proof], None], *, column: str = "", is_line: bool = False
    ) -> None:
        """Read a text of an answer for plain English and spelling. What is no prose is read as an empty text."""
        asked = self._questions.question(question)
        age = asked.limits.reading_age if asked is not None else None
        if not is_prose(asked, column):
            text = ""

        def done(found: Proof) -> None:
            then(found)
            if found.text == self._answers.get(question):
                self._proofs[question] = found
                if question == self._focus:
                    self._guide()

        wanted = Wanted(text, asked_in(asked, self._language), age, is_line)
        self.proofreader.read(wanted, done, others=texts_of(self._answers))

    def read_whole(self, then: Callable[[WholeDraft], None]) -> None:
        """Read every text of the draft as it stands on the page."""
        self.flush()
        texts = passages(self._asked(), self._answers, self._language)

        def done(found: tuple[Proof, ...]) -> None:
            then(judge(texts, found, is_spelt=self.proofreader.is_spelt))

        self.proofreader.read_all([each.wanted for each in texts], done, others=texts_of(self._answers))

    def language_of(self, question: str, text: str) -> str:
        """Return the language that an answer is spelt in."""
        return language_of(text, asked_in(self._questions.question(question), self._language))

    def find(self, words: str) -> tuple[Found, ...]:
        """Return where words stand in this request, in what is on the page as in what is saved."""
        return find(self._questions, self._asked(), self._answers, words, self._language)

    def section_title(self, section: str) -> str:
        """Return what a section is called."""
        return next((each.title for each in self._way().sections if each.id == section), "")

    def section_after(self) -> str:
        """Return the section with questions that follows the one on the page, or nothing."""
        if self._draft is None:
            return ""
        order = [each.id for each in self._way().sections if each.id not in {SAMPLES, CHECK}]
        later = order[order.index(self._section) + 1 :] if self._section in order else []
        return later[0] if later else ""

    def entries_of(self, section: str) -> tuple[Entry, ...]:
        """Return the questions of a section as they are now."""
        return entries(self._asked(), self._answers, section, self._language, self._suppliers)

    # ------------------------------------------------------------ looking

    def preview(self) -> None:
        """Show the request as a reader will see it."""
        self.flush()
        if self._draft is not None:
            self._view.show_preview(answer_lines(self._questions, self._answers), self._header(self._draft))

    def ask_discard(self) -> None:
        """Have the page ask whether to throw the draft away."""
        if self._draft is not None:
            self._view.ask_discard(self._draft.title, len(self._answers), self._samples)

    # ------------------------------------------------------------ within

    @property
    def _questions(self) -> QuestionSet:
        return self._set or drafting.question_set(self._frame.desk.session)

    @property
    def _language(self) -> str:
        return self._frame.desk.world.settings.language

    def _show(self, loaded: _Loaded) -> None:
        draft, returned = loaded.draft, loaded.returned
        self._draft, self._answers, self._set = draft, loaded.answers, loaded.questions
        self._suppliers, self._samples = loaded.suppliers, loaded.samples
        self._section = self._focus = ""
        self._seen, self._how_far, self._is_behind = None, None, False
        self._named = False
        self._proofs = {}
        self._log.clear()
        self._writer.turn_to(draft.request, loaded.suppliers)
        self.proofreader.start(lambda: None)
        stage = Stage.RETURNED if returned else Stage.DRAFT
        self._status = (
            ("New version", Tone.WARN)
            if returned
            else (stage_words(stage, Side.REQUESTER), Tone(tone_of(stage, Side.REQUESTER)))
        )
        self._view.show_error(None)
        self._view.show_header(self._header(draft))
        self._view.show_returned(returned.reasons if returned else "", returned.changes if returned else ())
        self._view.show_set_aside(len(self.set_aside()))
        self._say_saved(draft)

    def _header(self, draft: Draft) -> Header:
        own = self._frame.desk.session.profile.organisation.name
        status, tone = self._status
        to = draft.supplier_name or "a supplier you have not chosen yet"
        return Header(draft.reference, status, tone, draft.marking.value, draft.title, f"{own} to {to}")

    def _go_to(self, part: str) -> None:
        question = self._questions.question(part)
        section = question.section_id if question else part
        known = [each.id for each in self._way().sections]
        if section not in known:
            section = known[0]
        self._section, self._focus, self._named = section, "", False
        self._view.show_way(self._way())
        self._view.show_problems(())
        if section == SAMPLES:
            self._view.show_guidance(None)
            self._view.show_samples()
        elif section == CHECK:
            self._view.show_guidance(None)
            self.settle(lambda _: self._view.show_check())
        else:
            self._show_section(section, part if question else "")

    def _show_section(self, section: str, focus: str) -> None:
        found = self._entries()
        title, lead = next((each.title, each.lead) for each in self._questions.sections if each.id == section)
        order = [each.id for each in self._way().sections]
        form = SectionForm(
            id=section,
            title=title.in_language(self._language),
            lead=lead.in_language(self._language),
            entries=found,
            # Of those with questions, as the list at the left counts them.
            place=f"Section {order.index(section) + 1} of {self._way().total}",
            is_first=order.index(section) == 0,
        )
        self._focus = focus or (found[0].spec.id if found else "")
        self._view.show_section(form, focus)
        self._guide()
        self._show_unsaved()

    def _entries(self) -> tuple[Entry, ...]:
        return self.entries_of(self._section)

    def _asked(self) -> View:
        if self._seen is None:
            self._seen = View(self._questions, self._answers)
        return self._seen

    def _way(self) -> Way:
        if self._how_far is None:
            self._how_far = way(self._questions, self._answers, self._language, self._samples)
        return self._how_far

    def _where_to_begin(self) -> str:
        """The first section that is not done, else the last page."""
        return next((each.id for each in self._way().sections if each.state.value in {"todo", "part"}), CHECK)

    def _missing_here(self) -> tuple[Problem, ...]:
        today = self._frame.desk.world.clock.now().date()
        found = problems(self._questions, self._answers, today, must=True)
        return tuple(each for each in found if each.section == self._section)

    def _follow(self) -> None:
        """Bring the page in line with the answers."""
        self._view.show_way(self._way())
        if self._section not in {SAMPLES, CHECK, ""}:
            self._view.show_entries(self._entries())
            if self._named:
                self._view.show_problems(self._missing_here())

    def _catch_up(self) -> None:
        self._is_behind = False
        if self._how_far is None or self._seen is None:
            self._follow()
        elif self._named:
            self._view.show_problems(self._missing_here())
        self._guide()

    def _guide(self) -> None:
        question = self._questions.question(self._focus)
        if question is None:
            self._view.show_guidance(None)
            return
        read, said = self._proofs.get(question.id), None
        if read is not None and question.id in self._answers:
            said = remarks_of(read, question.limits.reading_age, is_spelt=self.proofreader.is_spelt)
        self._view.show_guidance(guidance(self._asked(), question, self._answers, self._language, said))

    def _take(self, question: str, kept: Any, *, types_on: bool = False) -> None:
        if kept is None:
            self._answers.pop(question, None)
        else:
            self._answers[question] = kept
        if not types_on:
            self._seen = self._how_far = None
        if self._says_saved:
            self._says_saved = False
            self._view.show_saved("Saving…", Tone.NEUTRAL)
        self._writer.give(question, kept)

    def _put(self, answers: Mapping[str, Any], done: str) -> None:
        """Give answers that nobody types now, and go to where the first of them stands."""
        for question, value in answers.items():
            self._take(question, value)
            self._proofs.pop(question, None)
        order = [question.id for question in self._questions.questions() if question.id in answers]
        first = self._questions.question(order[0]) if order else None
        if first is None:
            return
        if first.section_id != self._section or len(answers) > 1:
            self._go_to(first.id)
        else:
            self._catch_up()
            shown = next((each for each in self._entries() if each.spec.id == first.id), None)
            if shown is not None:
                self._view.put_answer(first.id, shown.value)
        self._view.save_soon()
        what = first.label.in_language(self._language) if len(answers) == 1 else f"{len(answers)} answers"
        self._frame.announce(f"{done}: {what}")

    def _written(self, request: RequestId, draft: Draft | None) -> None:
        if self._draft is None or self._draft.request != request:
            return
        if draft is not None:
            is_renamed = self._header(draft) != self._header(self._draft)
            self._draft = draft
            if is_renamed:
                self._view.show_header(self._header(draft))
                self._frame.tell()
        if self._writer.failures or self._has_error:
            self._show_unsaved()
        if self._writer.is_durable and not self._is_behind:
            self._say_saved(self._draft)

    def _show_unsaved(self) -> None:
        unsaved = self._writer.failures
        self._has_error = bool(unsaved)
        if not unsaved:
            self._view.show_error(None)
            return
        self._says_saved = False
        some = "One answer is" if len(unsaved) == 1 else f"{len(unsaved)} answers are"
        self._view.show_saved(f"{some} not saved", Tone.BAD)
        why = next(iter(unsaved.values()))
        kept = "What you typed stays on this page and is tried again with every change."
        self._view.show_error(Explanation(what=why.what, todo=f"{why.todo} {kept}".strip(), details=why.details))

    def _say_saved(self, draft: Draft) -> None:
        self._says_saved = True
        at = clock_words(draft.updated_at.astimezone())
        self._view.show_saved(f"Saved and encrypted on this computer at {at}", Tone.NEUTRAL)


def _load(session: Session, request: RequestId) -> _Loaded:
    drafting.bring_up_to_date(session, request)
    draft, state = require_draft(session, request), state_of(session, request)
    closing = state.closing if state is not None else None
    return _Loaded(
        draft=draft,
        answers=session.vault.drafts.answers(request),
        suppliers=_suppliers(session),
        samples=len(session.vault.samples.of_request(request)),
        returned=closing if isinstance(closing, RequestReturned) else None,
        questions=drafting.question_set(session, draft.supplier),
    )


def _is_within_cells(asked: Question | None, before: object, after: object) -> bool:
    """Whether a table has the rows that it had and only words in them are others."""
    if asked is None or not isinstance(before, list) or not isinstance(after, list) or len(before) != len(after):
        return False
    typed = {column.id for column in asked.columns if column.kind in {"text", "long"}}
    rows = zip(before, after, strict=True)
    return all(
        {name for name in {*old, *new} if old.get(name) != new.get(name)} <= typed
        for old, new in rows
        if isinstance(old, dict) and isinstance(new, dict)
    )


def _suppliers(session: Session) -> tuple[Option, ...]:
    """Return partners as answers: by name, and where two have one name, with the register's identifier."""
    found = partners(session)
    names = [option.label for option in found]
    return tuple(
        Option(name, name, option.value)
        for option in found
        for name in (option.label if names.count(option.label) == 1 else f"{option.label} ({option.value})",)
    )
