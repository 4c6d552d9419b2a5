"""Saying something about a request by a form: asking, deciding, withdrawing, and what happens to an agreement in force.

What is typed into a form is kept in the vault as it is typed, so that neither Escape nor a power cut loses it. It goes when it is said.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Protocol

from dsadesk.domain.events import (
    AmendmentDropped,
    AmendmentProposed,
    Body,
    Event,
    RenewalProposed,
    SharingClosed,
    SharingResumed,
    SharingStarted,
    SharingSuspended,
)
from dsadesk.domain.ids import QuestionId, RequestId
from dsadesk.domain.lifecycle import Fact
from dsadesk.services import reviewing
from dsadesk.services.session import Session
from dsadesk.services.speaking import say
from dsadesk.services.wording import Explanation
from dsadesk.ui.presenters.frame import Frame
from dsadesk.ui.vocabulary import Column, Kind, QuestionSpec

Values = Mapping[str, Any]

_KEPT = "words."


class Act(StrEnum):
    """What can be said by a form."""

    ASK = "ask"
    REMARK = "remark"
    RETURN = "return"
    APPROVE = "approve"
    REJECT = "reject"
    REFER = "refer"
    WITHDRAW = "withdraw"
    START = "start"
    SUSPEND = "suspend"
    RESUME = "resume"
    AMEND = "amend"
    DROP = "drop"
    RENEW = "renew"
    CLOSE = "close"


FACT_OF: Mapping[Act, Fact] = {
    Act.ASK: Fact.ASKED,
    Act.RETURN: Fact.RETURNED,
    Act.APPROVE: Fact.APPROVED,
    Act.REJECT: Fact.REJECTED,
    Act.REFER: Fact.REFERRED,
    Act.WITHDRAW: Fact.WITHDRAWN,
    Act.START: Fact.STARTED,
    Act.SUSPEND: Fact.SUSPENDED,
    Act.RESUME: Fact.RESUMED,
    Act.AMEND: Fact.AMENDMENT_PROPOSED,
    Act.DROP: Fact.DROPPED,
    Act.RENEW: Fact.RENEWAL_PROPOSED,
    Act.CLOSE: Fact.CLOSED,
}
"""What each act means for the stage. A remark moves nothing and may always be made."""


@dataclass(frozen=True)
class Form:
    """One act as a form: what it means, what it asks, and what its button says. `is_final` ends the request or the sharing."""

    act: Act
    title: str
    sentence: str
    button: str
    fields: tuple[QuestionSpec, ...]
    quote: str = ""
    quoted: str = ""
    is_final: bool = False


class FormPage(Protocol):
    """What the presenter asks of the dialog."""

    def show_form(self, form: Form, values: Values) -> None:
        """Show a form with what was typed before."""

    def show_problems(self, problems: Mapping[str, str]) -> None:
        """Name what is missing, by field, in the order of the fields."""

    def show_busy(self, *, busy: bool) -> None:
        """Take no second press while the first is being sealed."""

    def show_error(self, explanation: Explanation | None) -> None:
        """Say why it could not be said; what was typed stays."""

    def said(self, event: Event) -> None:
        """Close: it is said, sealed and kept for sending."""


class KeptWords:
    """What somebody has begun to write about one request, by form. Changes go to the vault at once."""

    def __init__(
        self, frame: Frame, request: RequestId, words: Mapping[str, Values], failed: Callable[[Explanation], None]
    ) -> None:
        self._frame = frame
        self._request = request
        self._words = {key: dict(values) for key, values in words.items()}
        self._failed = failed

    @property
    def request(self) -> RequestId:
        """The request that the words are about."""
        return self._request

    @property
    def keys(self) -> tuple[str, ...]:
        """The forms that have words in them."""
        return tuple(self._words)

    def of(self, key: str) -> Values:
        """What was typed into a form."""
        return dict(self._words.get(key, {}))

    def keep(self, key: str, values: Values) -> None:
        """Keep what is typed into a form now; nothing is kept of an empty one."""
        typed = {field: value for field, value in values.items() if not is_blank(value)}
        if typed == self._words.get(key, {}):
            return
        if typed:
            self._words[key] = typed
        else:
            self._words.pop(key, None)
        self._write()

    def drop(self, key: str) -> None:
        """Forget the words of a form, because they are said."""
        if self._words.pop(key, None) is not None:
            self._write()

    def _write(self) -> None:
        session, request, words = self._frame.desk.session, self._request, json.dumps(self._words)
        name, is_empty = _KEPT + request, not self._words

        def write() -> None:
            if is_empty:
                session.vault.settings.remove(name)
            else:
                session.vault.settings.write(name, words.encode())

        self._frame.work(write, lambda _: None, self._failed)


def read_kept(session: Session, request: RequestId) -> dict[str, dict[str, Any]]:
    """Return what was typed about a request and not said."""
    data = session.vault.settings.read(_KEPT + request)
    found = json.loads(data) if data else {}
    return {str(key): dict(values) for key, values in found.items()}


def key_of(act: Act, about: str = "") -> str:
    """Return the name of a form's words: the act, and the answer that it is about."""
    return f"{act.value}:{about}" if about else act.value


class DecidePresenter:
    """Fills one form, checks it, and says it."""

    def __init__(self, view: FormPage, frame: Frame, words: KeptWords, about: str = "") -> None:
        self._view = view
        self._frame = frame
        self._words = words
        self._about = about
        self._form: Form | None = None
        self._is_said = False

    def open(self, form: Form) -> None:
        """Show the form."""
        self._form = form
        self._view.show_form(form, self._words.of(key_of(form.act, self._about)))

    def keep(self, values: Values) -> None:
        """Keep what is typed. Called when the typing pauses and when the dialog closes."""
        if self._form is not None and not self._is_said:
            self._words.keep(key_of(self._form.act, self._about), values)

    def submit(self, values: Values) -> None:
        """Say it, when nothing is missing."""
        form = self._form
        if form is None:
            return
        self.keep(values)
        missing = problems(form, values)
        self._view.show_problems(missing)
        if missing:
            self._frame.announce(next(iter(missing.values())))
            return
        self._view.show_error(None)
        self._view.show_busy(busy=True)
        session, request, about = self._frame.desk.session, self._words.request, self._about

        def done(event: Event) -> None:
            self._is_said = True
            self._words.drop(key_of(form.act, about))
            self._view.said(event)

        def failed(explanation: Explanation) -> None:
            self._view.show_busy(busy=False)
            self._view.show_error(explanation)
            self._frame.announce(explanation.what)

        self._frame.work(lambda: perform(session, request, form.act, values, about), done, failed)


_SEALED: Mapping[str, str] = {
    "AssessmentStarted": "You have begun to assess the request.",
    "QuestionAsked": "Your question is sealed.",
    "QuestionAnswered": "Your reply is sealed.",
    "RemarkMade": "Your remark is sealed.",
    "RequestReturned": "The request is returned for changes.",
    "RequestApproved": "Your decision is sealed.",
    "RequestRejected": "Your refusal is sealed.",
    "RequestReferred": "Your referral is sealed.",
    "RequestWithdrawn": "Your withdrawal is sealed.",
    "AgreementDrafted": "The agreement is generated and sealed.",
    "AgreementSigned": "Your signature is sealed.",
    "HeadsJoined": "Both lines of events are joined.",
    "SharingClosed": "The certificate is sealed.",
}


def sealed_sentence(event: Event) -> str:
    """Say what was sealed, and that it has not left yet."""
    return f"{_SEALED.get(event.type, 'It is sealed.')} It is sent by itself, or when you press “Send and fetch”."


# ---------------------------------------------------------------- the forms


def form_of(act: Act, them: str, *, about: str = "", answer: str = "") -> Form:
    """Return the form of an act. `about` is the question whose answer it concerns, `answer` that answer in words."""
    if act is Act.ASK:
        return _ask(them, about, answer)
    return _FORMS[act](them)


def problems(form: Form, values: Values) -> dict[str, str]:
    """Return what is missing, by field."""
    return {
        field.id: _MISSING.get(field.id, "Fill this in")
        for field in form.fields
        if field.required and is_blank(values.get(field.id))
    }


def is_blank(value: Any) -> bool:
    """Say whether a field has nothing in it."""
    if isinstance(value, str):
        return not value.strip()
    if isinstance(value, list):
        return all(is_blank(each) for row in value for each in (row.values() if isinstance(row, dict) else (row,)))
    return value is None


def perform(session: Session, request: RequestId, act: Act, values: Values, about: str = "") -> Event:
    """Say it: decide, sign, seal and put in the outbox. Raises: RuleError, CardError."""
    reasons = str(values.get("reasons", ""))
    match act:
        case Act.ASK:
            return reviewing.ask(session, request, QuestionId(about), str(values.get("text", "")))
        case Act.REMARK:
            return reviewing.remark(session, request, str(values.get("text", "")))
        case Act.RETURN:
            return reviewing.give_back(session, request, reasons, _texts(values.get("changes")))
        case Act.APPROVE:
            return reviewing.approve(session, request, reasons, _texts(values.get("conditions")))
        case Act.REJECT:
            return reviewing.reject(session, request, reasons, str(values.get("alternatives", "")))
        case Act.REFER:
            return reviewing.refer(session, request, reasons, str(values.get("owner", "")))
        case Act.WITHDRAW:
            return reviewing.withdraw(session, request, reasons)
        case _:
            return say(session, request, _sharing(act, values))


def _sharing(act: Act, values: Values) -> Body:
    reasons, note = str(values.get("reasons", "")).strip(), str(values.get("note", "")).strip()
    bodies: Mapping[Act, Callable[[], Body]] = {
        Act.START: lambda: SharingStarted(note=note),
        Act.SUSPEND: lambda: SharingSuspended(reasons=reasons),
        Act.RESUME: lambda: SharingResumed(note=note),
        Act.AMEND: lambda: AmendmentProposed(reasons=reasons),
        Act.DROP: lambda: AmendmentDropped(reasons=reasons),
        Act.RENEW: lambda: RenewalProposed(reasons=reasons),
        Act.CLOSE: lambda: SharingClosed(certificate=str(values.get("certificate", "")).strip()),
    }
    return bodies[act]()


def _texts(rows: Any) -> Sequence[str]:
    return [str(text) for row in rows or () for text in row.values()]


_MISSING: Mapping[str, str] = {
    "text": "Write what you want to say",
    "reasons": "Give your reasons",
    "owner": "Name the organisation that holds the data",
    "certificate": "Say what happened to the data",
}


def _reasons(label: str, them: str, *, required: bool = True) -> QuestionSpec:
    hint = f"You must give reasons. {them} reads them, and they stay in the history." if required else ""
    return QuestionSpec("reasons", Kind.LONG, label, hint, required=required)


def _rows(field: str, label: str, hint: str, word: str) -> QuestionSpec:
    column = Column(field, f"{word[:1].upper()}{word[1:]}", Kind.LONG)
    return QuestionSpec(field, Kind.REPEAT, label, hint, columns=(column,), required=False, row_word=word)


def _note() -> QuestionSpec:
    return QuestionSpec("note", Kind.LONG, "Is there anything to add?", required=False)


def _ask(them: str, about: str, answer: str) -> Form:
    field = QuestionSpec("text", Kind.LONG, "Your question", "Ask one thing. Say what you need to know, and why.")
    return Form(
        Act.ASK,
        "Ask about this answer" if about else "Ask about the whole request",
        f"{them} sees your question beside the answer and replies to it. You can decide before the reply comes."
        if about
        else f"{them} sees your question and replies to it. You can decide before the reply comes.",
        "Seal the question",
        (field,),
        quote=answer,
        quoted=about,
    )


def _remark(them: str) -> Form:
    field = QuestionSpec("text", Kind.LONG, "Your remark")
    return Form(
        Act.REMARK,
        "Make a remark",
        f"You and {them} can both read it. Nothing changes by it, and nobody has to reply.",
        "Seal the remark",
        (field,),
    )


def _return(them: str) -> Form:
    changes = _rows("changes", "What has to change?", "One thing in each entry, so that none is missed.", "change")
    return Form(
        Act.RETURN,
        "Return the request for changes",
        f"{them} changes the answers and seals a new version for you. This version stays in the history.",
        "Seal and return it",
        (_reasons("Why do you return it?", them), changes),
    )


def _approve(them: str) -> Form:
    hint = "Each condition becomes part of the agreement."
    return Form(
        Act.APPROVE,
        "Agree in principle",
        f"This is a yes, and not yet the agreement. Next, you or {them} draft the agreement and both of you sign it.",
        "Seal the decision",
        (_reasons("Why do you agree?", them), _rows("conditions", "On which conditions?", hint, "condition")),
    )


def _reject(them: str) -> Form:
    hint = "Open data, figures that are published already, another organisation to ask."
    alternatives = QuestionSpec("alternatives", Kind.LONG, "What else could they do?", hint, required=False)
    return Form(
        Act.REJECT,
        "Refuse the request",
        f"This ends the request and cannot be taken back. {them} can start a new one.",
        "Seal the refusal",
        (_reasons("Why do you refuse?", them), alternatives),
        is_final=True,
    )


def _refer(them: str) -> Form:
    owner = QuestionSpec(
        "owner", Kind.SHORT, "Who holds the data?", "The name of the organisation, and whom to ask there."
    )
    return Form(
        Act.REFER,
        "Refer the request elsewhere",
        f"This ends the request here and cannot be taken back. {them} learns whom to ask instead.",
        "Seal the referral",
        (owner, _reasons("Why are you not the right organisation?", them)),
        is_final=True,
    )


def _withdraw(them: str) -> Form:
    return Form(
        Act.WITHDRAW,
        "Withdraw the request",
        f"This ends the request and cannot be taken back. {them} stops work on it. You can start a new one.",
        "Seal the withdrawal",
        (_reasons("Why do you withdraw it?", them),),
        is_final=True,
    )


def _start(them: str) -> Form:
    return Form(
        Act.START,
        "Say that sharing has started",
        f"Say this once the first data has gone to {them}. From then on the agreement is in force.",
        "Seal and start",
        (_note(),),
    )


def _suspend(them: str) -> Form:
    return Form(
        Act.SUSPEND,
        "Pause the sharing",
        f"No more data goes until you or {them} say that it goes on. The agreement stays as it is.",
        "Seal and pause",
        (_reasons("Why do you pause it?", them),),
    )


def _resume(them: str) -> Form:
    return Form(
        Act.RESUME,
        "Go on with the sharing",
        f"This ends the pause, and {them} is told.",
        "Seal and go on",
        (_note(),),
    )


def _amend(them: str) -> Form:
    return Form(
        Act.AMEND,
        "Propose to change the agreement",
        f"The agreement holds as it is until you and {them} have both signed a new text.",
        "Seal the proposal",
        (_reasons("What should change, and why?", them),),
    )


def _drop(them: str) -> Form:
    return Form(
        Act.DROP,
        "Drop the proposal",
        f"The agreement with {them} stands as it was.",
        "Seal and drop it",
        (_reasons("Why do you drop it?", them, required=False),),
    )


def _renew(them: str) -> Form:
    return Form(
        Act.RENEW,
        "Propose to renew the agreement",
        f"The agreement holds as it is until you and {them} have both signed a new text.",
        "Seal the proposal",
        (_reasons("Until when, and why?", them),),
    )


def _close(them: str) -> Form:
    hint = (
        f"Say which copies were destroyed or given back, how, by whom and when. {them} keeps this as the certificate."
    )
    certificate = QuestionSpec("certificate", Kind.LONG, "What happened to the data?", hint)
    return Form(
        Act.CLOSE,
        "Close the sharing",
        "This ends the agreement and cannot be taken back.",
        "Seal the certificate",
        (certificate,),
        is_final=True,
    )


_FORMS: Mapping[Act, Callable[[str], Form]] = {
    Act.REMARK: _remark,
    Act.RETURN: _return,
    Act.APPROVE: _approve,
    Act.REJECT: _reject,
    Act.REFER: _refer,
    Act.WITHDRAW: _withdraw,
    Act.START: _start,
    Act.SUSPEND: _suspend,
    Act.RESUME: _resume,
    Act.AMEND: _amend,
    Act.DROP: _drop,
    Act.RENEW: _renew,
    Act.CLOSE: _close,
}
