"""Publishing: the record of a decided request for everyone, as files. Nothing is sent anywhere: people put it where their register is."""

from __future__ import annotations

from dataclasses import dataclass

from dsadesk.documents import html, markdown, record_data
from dsadesk.documents.public_record import PUBLISH, public_record, record_document
from dsadesk.domain.ids import RequestId
from dsadesk.domain.marking import Marking
from dsadesk.services.drafting import question_set
from dsadesk.services.printing import as_pdf
from dsadesk.services.reading import require_state
from dsadesk.services.session import Session


@dataclass(frozen=True)
class RecordFiles:
    """A public record in every form. `is_whole` is false where parts of a sensitive request were held back."""

    html: bytes
    pdf: bytes
    markdown: bytes
    json: bytes
    csv: bytes
    is_whole: bool

    def by_suffix(self) -> dict[str, bytes]:
        """The files by the end of their names."""
        return {"html": self.html, "pdf": self.pdf, "md": self.markdown, "json": self.json, "csv": self.csv}


@dataclass(frozen=True)
class Consent:
    """What has to be said before a record is made: `details`, that a sensitive request says more; `now`, that a delay is over."""

    details: bool
    now: bool


def consent_wanted(session: Session, request: RequestId) -> Consent:
    """What somebody has to decide about the record of this request."""
    state = require_state(session, request)
    is_sensitive = state.submission.marking is not Marking.OFFICIAL
    return Consent(details=is_sensitive, now=state.answers.get(PUBLISH) == "delay")


def record_files(session: Session, request: RequestId, *, details: bool = False, now: bool = False) -> RecordFiles:
    """Renders the public record. `details`: both sides agreed to publish more of a sensitive request; `now`: what it was put off for is over.

    Raises: RuleError("no-decision" | "record-exempt" | "record-delayed").
    """
    state, made_at = require_state(session, request), session.world.clock.now().replace(microsecond=0)
    record = public_record(state, question_set(session, state.supplier.id), details=details, now=now)
    document = record_document(record, written_on=made_at.date())
    data = record_data.as_json(record, request)
    return RecordFiles(
        html=html.render(document),
        pdf=as_pdf(session.world.library, document, made_at=made_at, attachment=data),
        markdown=markdown.render(document),
        json=data,
        csv=record_data.as_csv(record),
        is_whole=record.is_whole,
    )
