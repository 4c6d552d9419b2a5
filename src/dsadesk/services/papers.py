"""Papers about a request: the letter that says the decision, and the request itself to read through. They are made anew each time and kept nowhere."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from dsadesk.codec.events import parse_time
from dsadesk.documents import html, markdown
from dsadesk.documents.decision import Decision, decision_letter, decision_of
from dsadesk.documents.layout import Document
from dsadesk.documents.request_paper import request_paper, submission_paper
from dsadesk.documents.wording import Language
from dsadesk.domain.events import Event
from dsadesk.domain.ids import RequestId
from dsadesk.domain.request import RequestState
from dsadesk.services import signing_off
from dsadesk.services.drafting import question_set
from dsadesk.services.printing import as_pdf
from dsadesk.services.reading import require_draft, require_state
from dsadesk.services.session import Session
from dsadesk.services.wording.sign_offs import area_name, carried_words, missing_words_of, standing_sentence


class Paper(StrEnum):
    """Which paper: of a draft as it stands, of a request that was sealed, or of the decision about it."""

    DRAFT = "draft"
    REQUEST = "request"
    LETTER = "decision-letter"


@dataclass(frozen=True)
class PaperFiles:
    """A paper in every form, with the names of its files, which begin with its marking."""

    document: Document
    files: tuple[tuple[str, str, bytes], ...]
    """For each file the end of its name, its name, and what is in it."""


def paper(session: Session, request: RequestId, which: Paper) -> Document:
    """A paper as it would be saved now. Raises: RuleError("no-such-draft" | "no-such-request" | "no-decision")."""
    if which is Paper.DRAFT:
        return _of_draft(session, request)
    state = require_state(session, request)
    return _letter(session, state) if which is Paper.LETTER else _of_request(session, state)


def paper_files(session: Session, request: RequestId, which: Paper) -> PaperFiles:
    """Renders a paper. Raises: as `paper`, InputError("pdf-not-made")."""
    document, made_at = paper(session, request, which), _made_at(session, request, which)
    contents = {
        "pdf": as_pdf(session.world.library, document, made_at=made_at),
        "html": html.render(document),
        "md": markdown.render(document),
    }
    named = [(suffix, paper_name(document, which, suffix), data) for suffix, data in contents.items()]
    return PaperFiles(document, tuple(named))


def paper_name(document: Document, which: Paper, suffix: str) -> str:
    """A name for a file of a paper: its marking first, then the reference and what it is."""
    what = f"{which.value}-{document.version}" if which is Paper.REQUEST else which.value
    return "-".join(part for part in (document.marking.value, document.reference, f"{what}.{suffix}") if part)


def has_letter(state: RequestState) -> bool:
    """Whether there is a decision to write a letter about."""
    return decision_of(state) is not None


def has_letter_on(event: Event) -> bool:
    """Whether an event is a decision that a letter is written about."""
    return isinstance(event.body, Decision)


def _made_at(session: Session, request: RequestId, which: Paper) -> datetime:
    """When a paper counts as made: a letter when it was decided, so that both sides save the same file; any other now."""
    event = decision_of(require_state(session, request)) if which is Paper.LETTER else None
    return parse_time(event.at) if event is not None else session.world.clock.now().replace(microsecond=0)


def _letter(session: Session, state: RequestState) -> Document:
    return decision_letter(state, question_set(session, state.supplier.id))


def _of_draft(session: Session, request: RequestId) -> Document:
    draft = require_draft(session, request)
    areas = [area for area in signing_off.areas(session, request) if area.is_needed or area.asked]
    said = [
        (
            area_name(area.area),
            standing_sentence(
                area.standing,
                asked=area.last_asked,
                statement=area.given.statement if area.given else None,
                lacks_role=area.lacks_role,
                named=area.named,
                is_needed=area.is_needed,
            ),
        )
        for area in areas
    ]
    return request_paper(
        signing_off.applicable_answers(session, request),
        question_set(session, draft.supplier),
        title=draft.title,
        reference=draft.reference,
        marking=draft.marking,
        requester=session.profile.organisation.name,
        supplier=draft.supplier_name,
        printed_on=session.world.clock.now().date(),
        dataset=draft.dataset,
        samples=tuple(map(signing_off.sample_of, session.vault.samples.of_request(request))),
        sign_offs=said,
        language=_language(session),
    )


def _of_request(session: Session, state: RequestState) -> Document:
    submission, by = state.submission, state.submission_event.by
    said = [
        carried_words(each, sealed_by=by, has_role=signing_off.had_role(session, each))
        for each in submission.sign_offs or ()
    ]
    return submission_paper(
        submission,
        question_set(session, state.supplier.id),
        printed_on=session.world.clock.now().date(),
        answers=state.answers,
        sign_offs=[*said, *(missing_words_of(each) for each in submission.unsigned or ())],
        language=_language(session),
    )


def _language(session: Session) -> Language:
    return "cy" if session.world.settings.language == "cy" else "en"
