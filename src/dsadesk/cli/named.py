"""What is named on the command line: a request, and the questions of a form."""

from __future__ import annotations

from collections.abc import Callable

from dsadesk.cli.output import Context
from dsadesk.domain.ids import OrganisationId, RequestId
from dsadesk.services import drafting
from dsadesk.services.reading import find_request
from dsadesk.services.session import Session


def request_id_of(context: Context, name: str) -> RequestId:
    """The request that was named; see `find_request`. Raises: RuleError."""
    return find_request(context.session, name)


def label_of(session: Session, supplier: OrganisationId | None = None) -> Callable[[str], str]:
    """What an organisation's form calls a question, by its id; the id where it has none of that name."""
    questions = drafting.question_set(session, supplier)

    def label(question: str) -> str:
        found = questions.question(question)
        return found.label.en if found else question

    return label
