"""The agreement that a request amounts to: its answers, decision and conversation in plain English, with the standing terms that fit.

Nothing is invented. What an agreement needs and the request does not say is printed as a gap, and every answer that counts appears:
in its section, or else among the other answers near the end. Which bytes are signed is written down in docs/formats/agreement.md.
"""

from __future__ import annotations

from datetime import date

from dsadesk.documents.agreement_writer import Writer
from dsadesk.documents.building import line
from dsadesk.documents.clauses import Clauses
from dsadesk.documents.layout import Document
from dsadesk.documents.sections import data, handling, law, opening, purpose, record, running
from dsadesk.domain.request import RequestState
from dsadesk.questions.model import QuestionSet

SECTIONS = (
    opening.in_short,
    opening.parties,
    purpose.purpose,
    law.law,
    data.data,
    data.people,
    handling.movement,
    handling.security,
    handling.keeping,
    handling.outputs,
    running.risks,
    record.decision,
    running.running,
    record.conversation,
    record.samples,
    record.other_answers,
    record.about,
)
"""What writes each section, in the order of the agreement. `other_answers` takes what none before it has used."""


def draft_agreement(
    state: RequestState, questions: QuestionSet, *, version: int, drafted_on: date, clauses: Clauses
) -> Document:
    """The text for both parties to sign. The same state, questions, clauses, version and day give the same text."""
    writer = Writer(state, questions, clauses, version, drafted_on)
    for write in SECTIONS:
        write(writer)
    submission = state.submission
    return Document(
        kind="agreement",
        title=line(submission.title, "Untitled request"),
        subtitle=clauses.terms_of(writer.type).title,
        reference=line(submission.reference, ""),
        version=version,
        marking=submission.marking,
        language="en",
        blocks=tuple(writer.blocks),
    )
