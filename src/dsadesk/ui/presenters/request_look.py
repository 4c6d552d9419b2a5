"""Makes the page of a sealed or received request from the vault in one go."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from itertools import groupby

from msgspec import UNSET

from dsadesk.bundle.identity import fingerprint_words
from dsadesk.codec.events import parse_time
from dsadesk.domain.events import AgreementSigned, Body, Event, RemarkMade, RequestApproved, RequestRejected
from dsadesk.domain.ids import EventId, OrganisationId, QuestionId, RequestId
from dsadesk.domain.lifecycle import Fact, Stage
from dsadesk.domain.organisation import Side
from dsadesk.domain.request import Effect, Question, RequestState
from dsadesk.ports import AttachedSample
from dsadesk.questions import describe
from dsadesk.questions.check import red_flags
from dsadesk.questions.model import QuestionSet
from dsadesk.services import viewing
from dsadesk.services.drafting import TITLE_CODE, question_set
from dsadesk.services.giving_roles import OwnSay, own_say, who_has
from dsadesk.services.papers import has_letter, has_letter_on
from dsadesk.services.session import Session
from dsadesk.services.signing_off import had_role
from dsadesk.services.viewing import AnswerLine, RequestView, VerifiedLine
from dsadesk.services.wording import (
    answer_text,
    count_words,
    event_sentence,
    evidence_sentences,
    fault_sentence,
    line_details,
    plain,
    sample_warning_sentence,
    spelled,
    stage_sentence,
    stage_words,
    tone_of,
    unproven_sentence,
    verdict,
    when,
)
from dsadesk.services.wording import on as said_on
from dsadesk.services.wording.officials import lacking_sentence
from dsadesk.services.wording.sign_offs import carried_words, missing_words_of
from dsadesk.ui.presenters.decide import FACT_OF, Act, read_kept
from dsadesk.ui.presenters.delivery_words import shown_delivery
from dsadesk.ui.presenters.new_request import OWN_CODE, SUPPLIER_CODE
from dsadesk.ui.presenters.request_shown import (
    AnswerSection,
    Decision,
    Flagged,
    Glance,
    Go,
    Head,
    ShownAnswer,
    ShownHistory,
    ShownRequest,
    Step,
    Talk,
)
from dsadesk.ui.presenters.samples import ShownSample
from dsadesk.ui.presenters.samples import shown as shown_sample
from dsadesk.ui.vocabulary import TimelineEntry, Tone

_DECISIONS = (Act.APPROVE, Act.RETURN, Act.REJECT, Act.REFER)
_TURNS = {Act.REJECT, Act.REFER, Act.WITHDRAW, Act.CLOSE}
_SHORT = 300
_SENT_OFF = frozenset({Stage.SEALED, Stage.SENT})
_AGREEMENT = frozenset(
    {
        Stage.AGREED_IN_PRINCIPLE,
        Stage.DRAFTING_AGREEMENT,
        Stage.SIGNED,
        Stage.ACTIVE,
        Stage.SUSPENDED,
        Stage.AMENDING,
        Stage.RENEWING,
        Stage.EXPIRING,
    }
)
_MOVED_TONES: Mapping[str, Tone] = {
    "RequestSubmitted": Tone.PURPLE,
    "QuestionAsked": Tone.WARN,
    "RequestReturned": Tone.WARN,
    "RequestApproved": Tone.GOOD,
    "RequestRejected": Tone.BAD,
    "AgreementSigned": Tone.GOOD,
    "SharingStarted": Tone.GOOD,
    "SharingSuspended": Tone.WARN,
}


def look(session: Session, request: RequestId) -> ShownRequest | None:
    """Make the page of a request, or nothing while it is only a draft. Raises: RuleError("no-such-request" | "no-such-draft")."""
    view = viewing.view(session, request)
    if view.state is None:
        return None
    state = view.state
    questions = question_set(session, state.supplier.id)
    now = session.world.clock.now().astimezone()
    label = _label_of(questions)
    say = own_say(session)
    may_write = not say.lacks(RemarkMade)
    talks = {talk.id: talk for talk in _talks(state, view.side, questions, now, may_write=may_write)}
    flagged: dict[str, list[str]] = {}
    for flag in red_flags(questions, state.answers):
        flagged.setdefault(flag.question_id, []).append(flag.sentence)
    for_supplier = view.side is Side.SUPPLIER
    can_ask = Fact.ASKED in view.open_facts and may_write
    counterpart = (state.supplier if view.side is Side.REQUESTER else state.requester).id
    sections = _sections(view, flagged if for_supplier else {}, talks, can_ask=can_ask)
    deliveries = tuple(shown_delivery(session, item, now) for item in reversed(view.deliveries))
    head = _head(session, view, state, say)
    return ShownRequest(
        request=request,
        side=view.side,
        head=head,
        glance=_with_notes(
            replace(_glance(view, state, sections, _keys(questions), now), sign_offs=_sign_offs(session, state)), head
        ),
        sections=sections,
        samples=tuple(_sample(sample) for sample in view.samples),
        talks=tuple(sorted(talks.values(), key=lambda talk: not talk.is_open)),
        history=_history(session, view, state, label, now),
        deliveries=deliveries,
        waiting=sum(delivery.waits for delivery in deliveries),
        them=plain(view.counterpart),
        counterpart=counterpart,
        alarm=_alarm(session, counterpart),
        kept=read_kept(session, request),
    )


def _alarm(session: Session, counterpart: OrganisationId) -> str:
    """What stops everything that could be said to the other side, or nothing."""
    card = session.vault.cards.get(counterpart)
    if card is None or not card.changed_to:
        return ""
    return f"The key of {plain(card.name)} has changed. Nothing is sealed for them until you decide about it."


# ---------------------------------------------------------------- the head


def _head(session: Session, view: RequestView, state: RequestState, say: OwnSay) -> Head:
    allowed = _steps(view)
    lacking = {act: role for act in allowed if (role := say.lacks(_SAID.get(act, RemarkMade)))}
    steps = {act: step for act, step in allowed.items() if act not in lacking}
    may_write, may_sign = not say.lacks(RemarkMade), not say.lacks(AgreementSigned)
    primary = _primary(view, state, may_sign=may_sign, may_write=may_write)
    decisions = tuple(steps[act] for act in _DECISIONS if act in steps)
    shown = {primary.id if primary else "", *(step.id for step in decisions)}
    return Head(
        reference=view.reference,
        marking=view.marking,
        status=stage_words(view.stage, view.side),
        tone=Tone(tone_of(view.stage, view.side)),
        title=view.title,
        parties=f"{plain(state.requester.name)} to {plain(state.supplier.name)}",
        sentence=stage_sentence(view.stage, view.side, view.counterpart),
        primary=primary,
        decisions=decisions,
        more=(*(step for step in steps.values() if step.id not in shown), *_papers(state)),
        notes=tuple(lacking_sentence(role, who_has(session, role)) for role in dict.fromkeys(lacking.values())),
    )


_SAID: Mapping[Act, type[Body]] = {Act.APPROVE: RequestApproved, Act.REJECT: RequestRejected}
"""The acts that only some may say; what any other says may be said by whoever may make a remark."""


_WORDS: Mapping[Act, tuple[str, str]] = {
    Act.ASK: ("Ask about the whole request", "message-circle-question"),
    Act.APPROVE: ("Agree in principle", "circle-check"),
    Act.RETURN: ("Return for changes", "undo-2"),
    Act.REJECT: ("Refuse", "ban"),
    Act.REFER: ("Refer elsewhere", "arrow-up-right"),
    Act.WITHDRAW: ("Withdraw the request", "x"),
    Act.START: ("Say that sharing has started", "check"),
    Act.SUSPEND: ("Pause the sharing", "clock"),
    Act.RESUME: ("Go on with the sharing", "refresh-cw"),
    Act.AMEND: ("Propose a change", "pen-line"),
    Act.DROP: ("Drop the proposal", "x"),
    Act.RENEW: ("Propose to renew", "refresh-cw"),
    Act.CLOSE: ("Close the sharing", "archive"),
    Act.REMARK: ("Make a remark", "message-square"),
}


def _steps(view: RequestView) -> dict[Act, Step]:
    """Every act that the rules allow now, in the order of the menu."""
    allowed = [act for act in _WORDS if act is Act.REMARK or FACT_OF[act] in view.open_facts]
    return {act: Step(act.value, *_WORDS[act], ends=act in _TURNS) for act in allowed}


def _papers(state: RequestState) -> tuple[Step, ...]:
    """What can be read and saved as a paper."""
    letter = Step(Go.LETTER, "Read the decision letter", "mail", pressing=False)
    request = Step(Go.PAPER, "Save the request as a paper", "printer", pressing=False)
    return (letter, request) if has_letter(state) else (request,)


def _primary(view: RequestView, state: RequestState, *, may_sign: bool, may_write: bool) -> Step | None:
    """The next step of this side that whoever is here may take, or nothing while others act."""
    if not may_write:
        return Step(Go.AGREEMENT, "Open the agreement", "handshake", pressing=False) if state.agreement else None
    if view.draft is not None:
        return Step(Go.EDITOR, "Go on with the new version", "file-pen-line")
    if view.side is Side.REQUESTER:
        if state.open_questions:
            many = len(state.open_questions) > 1
            return Step(Go.REPLY, "Reply to the questions" if many else "Reply to the question", "message-square")
        if view.stage is Stage.RETURNED:
            return Step(Go.REVISE, "Make a new version", "file-pen-line")
        if view.stage in _SENT_OFF:
            return Step(Go.EXCHANGE, "Send and fetch", "send")
    elif Fact.ASSESSMENT_STARTED in view.open_facts:
        return Step(Go.ASSESS, "Start the assessment", "gavel")
    if view.stage in _AGREEMENT:
        return _agreement_step(view, state, may_sign=may_sign)
    return None


def _agreement_step(view: RequestView, state: RequestState, *, may_sign: bool) -> Step:
    agreement = state.agreement
    own = state.requester.id if view.side is Side.REQUESTER else state.supplier.id
    if view.stage is Stage.SIGNED and Fact.STARTED in view.open_facts:
        return Step(Act.START.value, *_WORDS[Act.START])
    if view.stage is Stage.AGREED_IN_PRINCIPLE or agreement is None:
        return Step(Go.AGREEMENT, "Draft the agreement", "handshake")
    if may_sign and Fact.SIGNED in view.open_facts and not agreement.signed_by(own):
        return Step(Go.AGREEMENT, "Read and sign the agreement", "stamp")
    return Step(Go.AGREEMENT, "Open the agreement", "handshake", pressing=False)


# ---------------------------------------------------------------- answers


def _sections(
    view: RequestView, flags: Mapping[str, Sequence[str]], talks: Mapping[EventId, Talk], *, can_ask: bool
) -> tuple[AnswerSection, ...]:
    return tuple(
        AnswerSection(title, title, tuple(_answer(line, flags, talks, can_ask=can_ask) for line in lines))
        for title, lines in groupby(view.answers, key=lambda line: line.section)
    )


def _answer(
    line: AnswerLine, flags: Mapping[str, Sequence[str]], talks: Mapping[EventId, Talk], *, can_ask: bool
) -> ShownAnswer:
    heading = tuple(dict.fromkeys(label for row in line.table for label in row))
    return ShownAnswer(
        id=QuestionId(line.question_id),
        question=line.question,
        answer=line.answer,
        heading=heading,
        rows=tuple(tuple(row.get(label, "") for label in heading) for row in line.table),
        is_revised=line.revised,
        flags=tuple(flags.get(line.question_id, ())),
        talks=tuple(talks[question.asked.id] for question in line.asked),
        can_ask=can_ask,
    )


def _glance(
    view: RequestView, state: RequestState, sections: Sequence[AnswerSection], keys: frozenset[str], now: datetime
) -> Glance:
    answers = [answer for section in sections for answer in section.answers]
    sealed = parse_time(state.submission_event.at)
    by = state.submission_event.by
    facts = [
        ("Asked by", f"{plain(by.name)}, {plain(by.post)}, {plain(state.requester.name)}"),
        ("Asked of", plain(state.supplier.name)),
        ("Sealed", _upper(when(sealed, now))),
    ]
    if state.submission.version > 1:
        facts.append(("Version", str(state.submission.version)))
    if state.submission.dataset is not UNSET:
        facts.append(("Dataset", plain(state.submission.dataset.title, 160)))
    return Glance(
        decision=_decision(state, now),
        flags=tuple(Flagged(answer.id, answer.question, flag) for answer in answers for flag in answer.flags),
        is_for_supplier=view.side is Side.SUPPLIER,
        facts=tuple(facts),
        answers=tuple(_in_short(answer) for answer in answers if answer.id in keys),
    )


def _with_notes(glance: Glance, head: Head) -> Glance:
    """The first page of the answers says what is left to others, too: where the page is low, the head does not."""
    return replace(glance, facts=(*glance.facts, *(("Left to others", note) for note in head.notes)))


def _sign_offs(session: Session, state: RequestState) -> tuple[tuple[str, str], ...]:
    """What the requester's specialists said, and where none did."""
    submission, by = state.submission, state.submission_event.by
    signed = [
        carried_words(each, sealed_by=by, has_role=had_role(session, each)) for each in submission.sign_offs or ()
    ]
    return (*signed, *(missing_words_of(each) for each in submission.unsigned or ()))


def _in_short(answer: ShownAnswer) -> ShownAnswer:
    """An answer as the first page has it: a table by the names of its rows, and no buttons to ask."""
    if not answer.rows:
        return replace(answer, can_ask=False)
    names = "; ".join(row[0] for row in answer.rows if row and row[0])
    said = f"{count_words(len(answer.rows), '# entry', '# entries')}: {names}"
    return replace(answer, answer=plain(said, _SHORT), heading=(), rows=(), can_ask=False, reads_on=True)


def _keys(questions: QuestionSet) -> frozenset[str]:
    """The questions that sum a request up, but for those that the head of the page answers."""
    said = {TITLE_CODE, OWN_CODE, SUPPLIER_CODE}
    return frozenset(each.id for each in questions.questions() if each.key and not said & set(each.codes))


def _decision(state: RequestState, now: datetime) -> Decision | None:
    """The newest event that decided something, unless a new version was sealed after it."""
    names = {
        "RequestApproved": ("Agreed in principle", Tone.GOOD),
        "RequestReturned": ("Returned for changes", Tone.WARN),
        "RequestRejected": ("Refused", Tone.BAD),
        "RequestReferred": ("Referred elsewhere", Tone.NEUTRAL),
        "RequestWithdrawn": ("Withdrawn", Tone.NEUTRAL),
        "SharingClosed": ("Closed", Tone.NEUTRAL),
    }
    for line in reversed(state.history):
        if line.effect is not Effect.MOVED:
            continue
        if line.event.type == "RequestSubmitted":
            return None
        if line.event.type in names:
            title, tone = names[line.event.type]
            has_letter = has_letter_on(line.event)
            return Decision(title, tone, _said(line.event, now), line_details(line, str), has_letter)
    return None


# ---------------------------------------------------------------- questions


def _talks(
    state: RequestState, side: Side, questions: QuestionSet, now: datetime, *, may_write: bool
) -> tuple[Talk, ...]:
    label = _label_of(questions)
    made = (_talk(question, side, questions, label, now) for question in reversed(state.questions))
    return tuple(talk if may_write else replace(talk, can_reply=False) for talk in made)


def _talk(question: Question, side: Side, questions: QuestionSet, label: Callable[[str], str], now: datetime) -> Talk:
    about, reply = question.body.question, question.answer
    changed = ""
    if reply is not None and reply.answer is not UNSET:
        known = questions.question(about)
        changed = describe.words(known, reply.answer) if known is not None else answer_text(reply.answer)
    return Talk(
        id=question.asked.id,
        about=about,
        about_words=plain(label(about), 160) if about else "",
        asked=_said(question.asked, now),
        text=plain(question.body.text, 4000, keep_lines=True),
        replied=_said(question.answered, now) if question.answered is not None else "",
        reply=plain(reply.text, 4000, keep_lines=True) if reply is not None else "",
        changed=changed,
        is_open=question.is_open,
        can_reply=question.is_open and side is Side.REQUESTER,
    )


def _said(event: Event, now: datetime) -> str:
    return f"{plain(event.by.name)}, {said_on(parse_time(event.at), now)}"


# ---------------------------------------------------------------- history


def _history(
    session: Session, view: RequestView, state: RequestState, label: Callable[[str], str], now: datetime
) -> ShownHistory:
    lines = viewing.history(session, view.request)
    digest = viewing.history_digest(session, view.request)
    faults = [(fault.kind, fault_sentence(fault)) for fault in state.faults]
    gaps = [sentence for kind, sentence in faults if kind == "gap"]
    if state.waiting:
        many = len(state.waiting)
        waits = "1 entry waits" if many == 1 else f"{many} entries wait"
        gaps.append(f"{waits} for something that was said before and has not arrived.")
    words = fingerprint_words(digest)
    return ShownHistory(
        entries=tuple(_entry(line, state, label, now) for line in reversed(lines)),
        words=words,
        digest=digest,
        spelled=spelled(words),
        has_parted=view.has_parted,
        can_join=view.has_parted,
        alarms=tuple(sentence for kind, sentence in faults if kind != "gap"),
        gaps=tuple(gaps),
    )


def _entry(line: VerifiedLine, state: RequestState, label: Callable[[str], str], now: datetime) -> TimelineEntry:
    event, judged = line.event, verdict(line.evidence, line.problem)
    evidence = evidence_sentences(line.evidence, now) if line.evidence else (unproven_sentence(line.problem),)
    details = [f"{name}: {text}" for name, text in line_details(line.line, label)]
    crossed = line.effect is Effect.CROSSED
    said = event_sentence(event, state, label)
    return TimelineEntry(
        when=_upper(when(parse_time(event.at), now)),
        who=f"Signature: {judged.word[:1].lower()}{judged.word[1:]}",
        sentence=f"{said} It had no effect." if crossed else said,
        tone=_tone(line, Tone(judged.tone)),
        details="\n".join([*details, *([""] if details else []), *evidence]),
    )


def _tone(line: VerifiedLine, judged: Tone) -> Tone:
    if judged is Tone.BAD:
        return Tone.BAD
    if line.effect is Effect.CROSSED or line.evidence is None:
        return Tone.WARN
    if line.effect is Effect.NOTED:
        return Tone.NEUTRAL
    return _MOVED_TONES.get(line.event.type, Tone.INFO)


# ---------------------------------------------------------------- samples and deliveries


def _sample(sample: AttachedSample) -> ShownSample:
    warnings = [sample_warning_sentence(str(warning)) for warning in sample.profile.get("warnings", ())]
    return replace(shown_sample(sample), warnings=tuple(warnings))


def _label_of(questions: QuestionSet) -> Callable[[str], str]:
    def label(question: str) -> str:
        found = questions.question(question)
        return found.label.en if found is not None else question

    return label


def _upper(words: str) -> str:
    return words[:1].upper() + words[1:]
