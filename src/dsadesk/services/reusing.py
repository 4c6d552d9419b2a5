"""Beginning with what was written before: answers of an earlier request, and templates, ours and this person's own."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal

import msgspec
from msgspec import Struct

from dsadesk.domain.ids import QuestionId, RequestId
from dsadesk.domain.organisation import Side
from dsadesk.errors import RuleError
from dsadesk.ports import Draft, RequestRow
from dsadesk.questions.model import QuestionSet, Text
from dsadesk.questions.values import is_answered, misfits
from dsadesk.services import drafting
from dsadesk.services.reading import state_of
from dsadesk.services.session import Session

OWN_TEMPLATES = "templates"
MAX_TEMPLATES = 100
MAX_TITLE = 80
_NEVER_KINDS = frozenset({"date", "confirm"})
_NEVER_CODES = frozenset({"A1", "A8", "B1", "P", "Z3"})


class Template(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Answers to begin with. `own` says that this person saved it."""

    format: Literal["dsadesk-template/1"] = "dsadesk-template/1"
    id: str
    title: Text
    about: Text
    answers: dict[str, Any]
    own: bool = False


def earlier_requests(session: Session, but: RequestId) -> tuple[RequestRow, ...]:
    """Our own other requests, newest change first."""
    ids = session.vault.projections.ids(side=Side.REQUESTER)
    return tuple(row for row in session.vault.projections.rows(ids) if row.request != but)


def answers_of(session: Session, request: RequestId, *, into: RequestId | None = None) -> dict[str, Any]:
    """The answers of a request that can be used in another: those that this set of questions can hold and that are not about that one alone.

    Dates, confirmations, sign-offs, the title and the supplier belong to one request only. With a draft to copy `into`, a supplier's own
    questions are known too where both were asked by the same version of its pack.
    """
    state, target = state_of(session, request), session.vault.drafts.get(into) if into is not None else None
    answers = session.vault.drafts.answers(request) or (dict(state.answers) if state is not None else {})
    core = drafting.question_set(session)
    questions = drafting.question_set(session, target.supplier) if target is not None else core
    is_same_pack = _pack(_label_of(session, request)) == _pack(f"{questions.id}/{questions.version}")
    return _reusable(questions if is_same_pack else core, answers)


def _label_of(session: Session, request: RequestId) -> str:
    """Which questions a request answers: those that it was sealed with, or those that its draft is asked now."""
    draft, state = session.vault.drafts.get(request), state_of(session, request)
    if draft is not None:
        questions = drafting.question_set(session, draft.supplier)
        return f"{questions.id}/{questions.version}"
    return state.submission.question_set if state is not None else ""


def _pack(label: str) -> str:
    """The supplier's pack and its version in the name of a question set, or nothing."""
    return label.partition("+")[2]


def templates(session: Session) -> tuple[Template, ...]:
    """Every template: this person's own by title, then those that ship."""
    own = sorted(_own(session), key=lambda template: template.title.en.casefold())
    return (*own, *(msgspec.json.decode(data, type=Template) for data in session.world.library.templates()))


def save_template(session: Session, request: RequestId, title: str, about: str = "") -> Template:
    """Keeps the answers of a draft as a template, in place of an own one of that title. Raises: RuleError("templates-full" | "template-untitled")."""
    name = title.strip()[:MAX_TITLE]
    if not name:
        raise RuleError("template-untitled")
    kept = [each for each in _own(session) if each.title.en.casefold() != name.casefold()]
    if len(kept) >= MAX_TEMPLATES:
        raise RuleError("templates-full", limit=MAX_TEMPLATES)
    number = session.world.entropy.token(8).hex()
    made = Template(
        id=f"own-{number}",
        title=Text(en=name),
        about=Text(en=about.strip()[:300]),
        answers=answers_of(session, request),
        own=True,
    )
    _write(session, [*kept, made])
    return made


def remove_template(session: Session, template: str) -> None:
    """Throws away a template of this person's own. Removing twice is fine."""
    _write(session, [each for each in _own(session) if each.id != template])


def apply_template(session: Session, draft: Draft, template: str) -> Draft:
    """Puts a template's answers into a draft that has none there. Raises: RuleError("no-such-template")."""
    found = next((each for each in templates(session) if each.id == template), None)
    if found is None:
        raise RuleError("no-such-template")
    questions, there = drafting.question_set(session), session.vault.drafts.answers(draft.request)
    with session.vault.transaction():
        for name, value in _reusable(questions, found.answers).items():
            if name not in there:
                draft = drafting.save_answer(session, draft.request, QuestionId(name), value)
    return draft


def _reusable(questions: QuestionSet, answers: Mapping[str, Any]) -> dict[str, Any]:
    kept = {}
    for name, value in answers.items():
        question = questions.question(name)
        if question is None or not is_answered(value) or misfits(question, value):
            continue
        if question.kind not in _NEVER_KINDS and not _NEVER_CODES & set(question.codes):
            kept[name] = value
    return kept


def _own(session: Session) -> list[Template]:
    kept = session.vault.settings.read(OWN_TEMPLATES)
    return msgspec.json.decode(kept, type=list[Template]) if kept else []


def _write(session: Session, own: list[Template]) -> None:
    session.vault.settings.write(OWN_TEMPLATES, msgspec.json.encode(own))
