"""The page of a sealed or received request, for either side: what stands there, and what a click on it means."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Protocol

from dsadesk.domain.events import Event
from dsadesk.domain.ids import EventId, RequestId
from dsadesk.ports import Draft
from dsadesk.services import attaching, drafting, reviewing
from dsadesk.services.changes import Changes
from dsadesk.services.papers import Paper
from dsadesk.services.reading import require_state
from dsadesk.services.session import Session
from dsadesk.services.wording import Explanation
from dsadesk.ui.presenters.decide import Act, Form, KeptWords, Values, is_blank, sealed_sentence
from dsadesk.ui.presenters.form import entries, kept_value
from dsadesk.ui.presenters.frame import Frame, Page, Place
from dsadesk.ui.presenters.request_look import look
from dsadesk.ui.presenters.request_shown import Go, ShownRequest, Talk
from dsadesk.ui.presenters.samples import PREVIEW_ROWS
from dsadesk.ui.presenters.sign_off import review_place
from dsadesk.ui.vocabulary import QuestionSpec

LANGUAGE = "en"
REPLY = "reply:"


class Tab(StrEnum):
    """The parts of the page."""

    ANSWERS = "answers"
    SAMPLES = "samples"
    QUESTIONS = "questions"
    HISTORY = "history"
    DELIVERIES = "deliveries"


@dataclass(frozen=True)
class Unsaid:
    """Something that somebody began to write and did not say."""

    act: Act
    about: str
    sentence: str


@dataclass(frozen=True)
class ReplyForm:
    """What a reply is made with: the answer asked about as a question to answer anew, where there is one, and what was typed before."""

    talk: Talk
    spec: QuestionSpec | None
    kind: str
    value: Any
    typed: Values


class RequestPage(Protocol):
    """What the presenter asks of the page."""

    def show_request(self, shown: ShownRequest) -> None:
        """Show the request as it stands."""

    def show_replies(self, forms: Sequence[ReplyForm]) -> None:
        """Offer a reply to each question that is open to one."""

    def show_unsaid(self, unsaid: Sequence[Unsaid]) -> None:
        """Remind of what was begun and not said."""

    def show_nothing(self) -> None:
        """Show an empty page while a request is on its way to it."""

    def show_tab(self, tab: Tab, part: str = "") -> None:
        """Go to a part of the page, and to an answer or a question in it."""

    def show_error(self, explanation: Explanation | None) -> None:
        """Say what went wrong, or take it back."""

    def show_notice(self, sentence: str, action: str) -> None:
        """Say what was done; `action` offers to send it."""

    def show_rows(self, n: int, name: str, rows: Sequence[Sequence[str]]) -> None:
        """Show the first rows of a sample."""

    def open_form(self, form: Form, words: KeptWords, about: str) -> None:
        """Open the form of an act."""

    def open_paper(self, request: RequestId, which: Paper) -> None:
        """Open a paper about the request, to read and to save."""


class RequestPresenter:
    """Shows one request and does what its buttons say."""

    def __init__(self, view: RequestPage, frame: Frame) -> None:
        self._view = view
        self._frame = frame
        self._request: RequestId | None = None
        self._shown: ShownRequest | None = None
        self._words: KeptWords | None = None
        self._forms: dict[EventId, ReplyForm] = {}
        self._asked = 0

    @property
    def shown(self) -> ShownRequest | None:
        """The request on the page now."""
        return self._shown

    def open(self, request: RequestId, part: str = "") -> None:
        """Show a request. `part` is a tab, an act to begin, or the id of a question."""
        if request != self._request:
            self._request, self._shown, self._words = request, None, None
            self._view.show_nothing()
        self._load(part)

    def refresh(self, changes: Changes) -> None:
        """Show it anew when it changed, or when something of it went out."""
        if self._request is not None and (self._request in changes.requests or changes.outbox or changes.cards):
            self._load("")

    def do(self, step: str, about: str = "") -> None:
        """Do what a button or an entry of the menu says."""
        if step in {act.value for act in Act}:
            self.begin(Act(step), about)
            return
        moves: dict[str, Callable[[], None]] = {
            Go.ASSESS: self._assess,
            Go.REPLY: lambda: self._view.show_tab(Tab.QUESTIONS),
            Go.REVISE: self._revise,
            Go.EDITOR: lambda: self._go(Page.EDITOR),
            Go.AGREEMENT: lambda: self._go(Page.AGREEMENT),
            Go.EXCHANGE: lambda: self._go(Page.EXCHANGE),
            Go.LETTER: lambda: self._open_paper(Paper.LETTER),
            Go.PAPER: lambda: self._open_paper(Paper.REQUEST),
        }
        moves[step]()

    def begin(self, act: Act, about: str = "") -> None:
        """Open the form of an act, about an answer where `about` names its question."""
        if self._shown is not None and self._words is not None:
            self._view.open_form(self._shown.form(act, about), self._words, about)

    def look_at_partner(self) -> None:
        """Go to the other side's key."""
        if self._shown is not None:
            self._frame.go(Place(Page.PARTNERS, org=self._shown.counterpart))

    def said(self, event: Event) -> None:
        """Note that a form was said: it is sealed, and waits to be sent."""
        self._done(event)

    def left_form(self) -> None:
        """Note that a form was closed, with or without words in it."""
        if self._shown is not None:
            self._view.show_unsaid(self._unsaid(self._shown))

    # ------------------------------------------------------------ replies

    def keep_reply(self, asked: EventId, text: str, revised: Any = None) -> None:
        """Keep what is typed as a reply."""
        if self._words is not None:
            self._words.keep(REPLY + asked, {"text": text, "revised": revised})

    def reply(self, asked: EventId, text: str, revised: Any = None) -> bool:
        """Reply, with a new answer where `revised` is one; return whether there was something to say."""
        form = self._forms.get(asked)
        if self._request is None or self._words is None or form is None or not text.strip():
            return False
        request, session, words = self._request, self._frame.desk.session, self._words
        value = kept_value(form.kind, revised)
        self.keep_reply(asked, text, revised)

        def done(event: Event) -> None:
            words.drop(REPLY + asked)
            self._done(event)

        self._frame.work(lambda: reviewing.answer(session, request, asked, text, value), done, self._failed)
        return True

    def settle(self, done: Callable[[bool], None]) -> None:
        """Say when everything that was to be kept is kept. What was asked of the vault is done in the order of asking."""

        def failed(explanation: Explanation) -> None:
            self._failed(explanation)
            done(False)

        self._frame.work(lambda: None, lambda _: done(True), failed)

    # ------------------------------------------------------------ samples, history, deliveries

    def preview(self, n: int) -> None:
        """Show the first rows of a sample, decrypted in memory only."""
        shown = self._shown
        sample = next((each for each in shown.samples if each.n == n), None) if shown is not None else None
        if shown is None or sample is None:
            return
        session, request = self._frame.desk.session, shown.request
        self._frame.work(
            lambda: attaching.preview(session, request, n, PREVIEW_ROWS),
            lambda rows: self._view.show_rows(n, sample.name, rows),
            self._failed,
        )

    def join(self) -> None:
        """Join lines of events that were made apart."""
        if self._request is not None:
            request, session = self._request, self._frame.desk.session
            self._frame.work(lambda: reviewing.join_heads(session, request), self._done, self._failed)

    # ------------------------------------------------------------ inside

    def _load(self, part: str) -> None:
        if self._request is None:
            return
        request, session = self._request, self._frame.desk.session
        self._asked += 1
        asked = self._asked

        def work() -> tuple[ShownRequest | None, tuple[ReplyForm, ...]] | Place:
            elsewhere = review_place(session, request)
            if elsewhere is not None:
                return elsewhere
            shown = look(session, request)
            return shown, reply_forms(session, shown) if shown is not None else ()

        def done(found: tuple[ShownRequest | None, tuple[ReplyForm, ...]] | Place) -> None:
            if asked != self._asked:
                return
            if isinstance(found, Place):
                self._frame.go(found)
            else:
                self._show(request, *found, part)

        self._frame.work(work, done, self._failed)

    def _show(self, request: RequestId, shown: ShownRequest | None, forms: tuple[ReplyForm, ...], part: str) -> None:
        if shown is None:
            self._frame.go(Place(Page.EDITOR, request=request))
            return
        if self._words is None:
            self._words = KeptWords(self._frame, request, shown.kept, self._failed)
        self._shown = shown
        self._forms = {form.talk.id: form for form in forms}
        self._view.show_replies(forms)
        self._view.show_request(shown)
        self._view.show_unsaid(self._unsaid(shown))
        self._open_part(shown, part)

    def _open_part(self, shown: ShownRequest, part: str) -> None:
        if part in {tab.value for tab in Tab}:
            self._view.show_tab(Tab(part))
        elif part in {act.value for act in Act} and part in _offered(shown):
            self.begin(Act(part))
        elif part and shown.answer(part) is not None:
            self._view.show_tab(Tab.ANSWERS, part)

    def _unsaid(self, shown: ShownRequest) -> tuple[Unsaid, ...]:
        """The forms that have words in them and may still be said."""
        found = []
        allowed = _offered(shown)
        for key in self._words.keys if self._words is not None else ():
            name, _, about = key.partition(":")
            if name in allowed and name in {act.value for act in Act}:
                found.append(Unsaid(Act(name), about, _unsaid_sentence(shown, Act(name), about)))
        return tuple(found)

    def _assess(self) -> None:
        if self._request is not None:
            request, session = self._request, self._frame.desk.session
            self._frame.work(lambda: reviewing.start_assessment(session, request), self._done, self._failed)

    def _revise(self) -> None:
        if self._request is not None:
            request, session = self._request, self._frame.desk.session

            def done(_: Draft) -> None:
                self._go(Page.EDITOR)

            self._frame.work(lambda: drafting.revise(session, request), done, self._failed)

    def _open_paper(self, which: Paper) -> None:
        if self._request is not None:
            self._view.open_paper(self._request, which)

    def _go(self, page: Page) -> None:
        self._frame.go(Place(page, request=self._request))

    def _done(self, event: Event) -> None:
        sentence = sealed_sentence(event)
        self._view.show_error(None)
        self._view.show_notice(sentence, "Send and fetch")
        self._frame.announce(sentence)

    def _failed(self, explanation: Explanation) -> None:
        self._view.show_error(explanation)
        self._frame.announce(explanation.what)


def _offered(shown: ShownRequest) -> set[str]:
    """What can be done now, by the rules of the stage and by what our card names this person for."""
    return {step.id for step in (shown.head.primary, *shown.head.decisions, *shown.head.more) if step}


def reply_forms(session: Session, shown: ShownRequest) -> tuple[ReplyForm, ...]:
    """Return what is needed to reply to each question that is open to us."""
    talks = [talk for talk in shown.talks if talk.can_reply]
    if not talks:
        return ()
    state = require_state(session, shown.request)
    questions, answers = drafting.question_set(session, state.supplier.id), state.answers
    made = []
    for talk in talks:
        question = questions.question(talk.about)
        found = entries(questions, answers, question.section_id, LANGUAGE) if question is not None else ()
        entry = next((each for each in found if each.spec.id == talk.about and not each.is_supplier), None)
        typed = shown.kept.get(REPLY + talk.id, {})
        made.append(
            ReplyForm(
                talk=talk,
                spec=entry.spec if entry is not None else None,
                kind=question.kind if question is not None else "",
                value=entry.value if entry is not None else None,
                typed={field: value for field, value in typed.items() if not is_blank(value)},
            )
        )
    return tuple(made)


def _unsaid_sentence(shown: ShownRequest, act: Act, about: str) -> str:
    form = shown.form(act, about)
    title = f"{form.title[:1].lower()}{form.title[1:]}"
    return f"You began to {title}. What you wrote is kept on this computer, and nobody else has seen it."
