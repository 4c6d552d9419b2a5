"""Drafting: answers that only this laptop has seen, saved as they are typed."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from dsadesk.domain.events import Dataset
from dsadesk.domain.ids import OrganisationId, QuestionId, RequestId, uuid7
from dsadesk.domain.lifecycle import Fact, row_for
from dsadesk.domain.marking import Marking, parse_marking
from dsadesk.domain.organisation import Side
from dsadesk.errors import AnswersError, NotAllowedInStageError, RuleError
from dsadesk.ports import Draft
from dsadesk.questions.check import Finding, Flag, check, check_answers_file, red_flags
from dsadesk.questions.model import Question, QuestionSet
from dsadesk.questions.upgrade import Carried, carry_over
from dsadesk.questions.values import misfits
from dsadesk.questions.visible import Progress, progress
from dsadesk.services import commenting
from dsadesk.services.projecting import note_marking, project, row_of_draft
from dsadesk.services.question_packs import question_set_for
from dsadesk.services.reading import require_draft, require_state
from dsadesk.services.session import WITHOUT, Session

TITLE_CODE, MARKING_CODE = "B1", "Z8"
ABOVE = "above"
"""The answer that the data is marked above what this program may hold."""
_UNTITLED = "Untitled request"


def question_set(session: Session, supplier: OrganisationId | None = None) -> QuestionSet:
    """The question set that drafts of this version are written with, and the supplier's own questions where they are held."""
    return question_set_for(session, supplier)


def coded(questions: QuestionSet, code: str) -> Question | None:
    """The question that carries a code of the bank, like "B1"."""
    return next((question for question in questions.questions() if code in question.codes), None)


def start(
    session: Session, *, supplier: OrganisationId | None = None, dataset: Dataset | None = None, title: str = ""
) -> Draft:
    """Starts a request, from a catalogue record or from nothing."""
    now, questions = session.world.clock.now(), question_set(session)
    request = RequestId(uuid7(int(now.timestamp() * 1000), session.world.entropy.token(10)))
    pinned = session.vault.cards.get(supplier) if supplier else None
    draft = Draft(
        request=request,
        reference=_reference(session, request),
        title=title.strip() or (dataset.title[:80] if dataset else _UNTITLED),
        supplier=supplier,
        supplier_name=pinned.name if pinned else "",
        dataset=dataset,
        question_set=f"{questions.id}/{questions.version}",
        marking=Marking.OFFICIAL,
        created_at=now,
        updated_at=now,
    )
    with session.vault.transaction():
        session.vault.drafts.put(draft)
        question = coded(questions, TITLE_CODE)
        if question is not None and draft.title != _UNTITLED:
            session.vault.drafts.save_answer(request, QuestionId(question.id), draft.title, now)
        project(session, request, None)
    return draft


def save_answer(session: Session, request: RequestId, question: QuestionId, value: Any) -> Draft:
    """Saves one answer as it stands, finished or not. None clears it. Validation never stops saving.

    Nor does a marking above OFFICIAL: it stops samples, sign-offs and sealing (`require_marking`), and what was written stays.
    Raises: AnswersError("answer-unknown" | "answer-misfit") for what no question could hold, RuleError("no-such-draft" | "already-sealed").
    """
    draft, now = require_draft(session, request), session.world.clock.now()
    questions = question_set(session, draft.supplier)
    asked = questions.question(question)
    if asked is None:
        raise AnswersError("answer-unknown", question=question)
    if value is not None:
        wrong = misfits(asked, value)
        if wrong:
            raise AnswersError("answer-misfit", question=question, path=wrong[0].path, expected=wrong[0].expected)
    changed = replace(_with_own_fields(draft, asked, value), updated_at=now)
    with session.vault.transaction():
        session.vault.drafts.save_answer(request, question, value, now)
        if (changed.title, changed.marking) != (draft.title, draft.marking):
            session.vault.drafts.put(changed)
            note_marking(session, changed.marking)
        session.vault.projections.put(row_of_draft(changed))
    session.changes.request(request)
    return changed


def load_answers(session: Session, request: RequestId, data: bytes) -> int:
    """Takes the answers of a file into a draft, all or none, and says how many.

    Raises: AnswersError that lists every problem; the draft is then as it was.
    """
    answers = check_answers_file(question_set(session, require_draft(session, request).supplier), data)
    with session.vault.transaction():
        for question, value in answers.items():
            save_answer(session, request, QuestionId(question), value)
    return len(answers)


def partner_name(session: Session, supplier: OrganisationId) -> str:
    """Returns the name of an organisation that can be asked. Raises: RuleError("no-card" | "same-party")."""
    pinned = session.vault.cards.get(supplier)
    if pinned is None:
        raise RuleError("no-card", org=supplier)
    if supplier == session.profile.organisation.id:
        raise RuleError("same-party", org=supplier)
    return pinned.name


def address_to(session: Session, request: RequestId, supplier: OrganisationId) -> Draft:
    """Says who is asked. Raises: RuleError("no-card" | "same-party")."""
    draft = replace(
        require_draft(session, request),
        supplier=supplier,
        supplier_name=partner_name(session, supplier),
        updated_at=session.world.clock.now(),
    )
    with session.vault.transaction():
        session.vault.drafts.put(draft)
        project(session, request, None)
    return draft


def findings(session: Session, request: RequestId) -> tuple[Finding, ...]:
    """What is missing or wrong, in the order of where to go."""
    draft = require_draft(session, request)
    answers = session.vault.drafts.answers(request)
    return check(question_set(session, draft.supplier), answers, session.world.clock.now().date())


def flags(session: Session, request: RequestId) -> tuple[Flag, ...]:
    """What a supplier will look at twice."""
    return red_flags(
        question_set(session, require_draft(session, request).supplier), session.vault.drafts.answers(request)
    )


def how_far(session: Session, request: RequestId) -> Progress:
    """How much of the form is answered, by section."""
    return progress(
        question_set(session, require_draft(session, request).supplier), session.vault.drafts.answers(request)
    )


def bring_up_to_date(session: Session, request: RequestId) -> Carried:
    """Moves the answers of a draft to the places that questions of new versions have for them, and says what found none.

    Nothing is removed: what was moved or set aside stays under its old name as well, and is not sealed. Raises: RuleError("no-such-draft").
    """
    draft, now = require_draft(session, request), session.world.clock.now()
    questions = question_set(session, draft.supplier)
    answers = session.vault.drafts.answers(request)
    carried = carry_over(answers, questions)
    missing = [moved for moved in carried.moved if moved.new_id not in answers]
    label = f"{questions.id}/{questions.version}"
    if missing or draft.question_set != label:
        with session.vault.transaction():
            for moved in missing:
                session.vault.drafts.save_answer(request, QuestionId(moved.new_id), moved.value, now)
            session.vault.drafts.put(replace(draft, question_set=label))
    return carried


def revise(session: Session, request: RequestId) -> Draft:
    """Opens a request that was returned for a new version. The sealed one stays as it is.

    Raises: NotAllowedInStageError when it was not returned.
    """
    state, now = require_state(session, request), session.world.clock.now()
    existing = session.vault.drafts.get(request)
    if existing is not None:
        return existing
    if row_for(state.stage, Fact.SUBMITTED, Side.REQUESTER) is None:
        raise NotAllowedInStageError("not-in-stage", action="Revise", stage=state.stage.value)
    submission = state.submission
    draft = Draft(
        request=request,
        reference=submission.reference,
        title=submission.title,
        supplier=submission.supplier.id,
        supplier_name=submission.supplier.name,
        dataset=submission.dataset if isinstance(submission.dataset, Dataset) else None,
        question_set=submission.question_set,
        marking=submission.marking,
        created_at=now,
        updated_at=now,
    )
    with session.vault.transaction():
        session.vault.drafts.put(draft)
        for question, value in state.answers.items():
            session.vault.drafts.save_answer(request, QuestionId(question), value, now)
        project(session, request, state)
    return draft


def discard(session: Session, request: RequestId) -> None:
    """Throws a draft away, with its samples. Raises: RuleError("no-such-draft" | "already-sealed")."""
    require_draft(session, request)
    sealed = bool(session.vault.events.of_request(request))
    with session.vault.transaction():
        session.vault.drafts.discard(request)
        session.vault.settings.remove(WITHOUT + request)
        commenting.remove_all(session, request)
        if not sealed:
            for sample in session.vault.samples.of_request(request):
                session.vault.samples.remove(request, sample.n)
            session.vault.projections.remove(request)
    session.vault.objects.sweep(session.vault.samples.object_ids())
    session.changes.request(request)


def _with_own_fields(draft: Draft, question: Question, value: Any) -> Draft:
    """A draft whose title and marking follow the answers that ask for them."""
    if TITLE_CODE in question.codes and isinstance(value, str):
        return replace(draft, title=value.strip()[:120] or _UNTITLED)
    if MARKING_CODE in question.codes and isinstance(value, str):
        return replace(draft, marking=_marking(value))
    return draft


def _marking(value: str) -> Marking:
    """The marking of a draft. Where the answer is above what we may carry, the draft is kept with the most care that there is here."""
    try:
        return parse_marking(value.replace("_", "-"))
    except RuleError:
        return Marking.OFFICIAL_SENSITIVE


def require_marking(session: Session, request: RequestId) -> None:
    """Refuses to take in, pass on or seal anything of a draft whose data is above OFFICIAL. What was written stays as it is.

    Raises: RuleError("marking-too-high").
    """
    question = coded(question_set(session), MARKING_CODE)
    value = session.vault.drafts.answers(request).get(question.id) if question is not None else None
    if isinstance(value, str) and value == ABOVE:
        raise RuleError("marking-too-high", marking="SECRET")


def _reference(session: Session, request: RequestId) -> str:
    """DSR, the year, and six characters of the id: unique enough to read out, and never used to look anything up across laptops."""
    return f"DSR-{session.world.clock.now():%Y}-{request[-6:].upper()}"
