from __future__ import annotations

import pytest

from dsadesk.domain.decide import decide
from dsadesk.domain.events import (
    AgreementSigned,
    Body,
    HeadsJoined,
    QuestionAnswered,
    QuestionAsked,
    RemarkMade,
    RequestApproved,
    RequestReceived,
    RequestRejected,
    RequestReturned,
    RequestWithdrawn,
)
from dsadesk.domain.ids import EventId, OrganisationId, QuestionId
from dsadesk.domain.organisation import Organisation
from dsadesk.domain.request import fold
from dsadesk.errors import NotAllowedInStageError, RuleError
from tests.support.events import DWP, GWEN, PRIYA, VOA, Table, agreement, submitted

YES = RequestApproved(conditions=(), reasons="Yes.", decided_by=GWEN)


def table(*held: Body) -> Table:
    made = Table()
    first = made.asks(submitted())
    made.holds(RequestReceived(submission=first.id))
    for body in held:
        made.holds(body)
    return made


@pytest.mark.parametrize(
    ("body", "org", "code"),
    [
        (RequestApproved(conditions=(), reasons=" ", decided_by=GWEN), VOA.id, "reasons-missing"),
        (RequestRejected(reasons="", decided_by=GWEN), VOA.id, "reasons-missing"),
        (RequestReturned(reasons=""), VOA.id, "reasons-missing"),
        (QuestionAsked(question=QuestionId(""), text="  "), VOA.id, "text-missing"),
        (RemarkMade(text=""), DWP.id, "text-missing"),
        (RemarkMade(text="Hello"), OrganisationId("hm-treasury"), "not-a-party"),
        (QuestionAnswered(asked=EventId("none"), text="So."), DWP.id, "no-such-question"),
        (
            AgreementSigned(agreement=EventId("none"), sha256="", signatory=PRIYA, signatures=()),
            DWP.id,
            "other-agreement",
        ),
        (YES, DWP.id, "not-in-stage"),
        (RequestWithdrawn(reasons="No longer."), VOA.id, "not-in-stage"),
        (agreement(), VOA.id, "not-in-stage"),
        (submitted(version=2), DWP.id, "not-in-stage"),
    ],
)
def test_what_the_rules_forbid_is_refused_by_name(body: Body, org: OrganisationId, code: str) -> None:
    with pytest.raises(RuleError) as caught:
        decide(fold(table().events), body, org)
    assert caught.value.code == code


def test_nothing_can_be_said_of_a_draft_but_its_submission() -> None:
    with pytest.raises(NotAllowedInStageError):
        decide(None, YES, VOA.id)
    assert decide(None, submitted(), DWP.id) == submitted()


def test_only_the_requester_submits_and_not_to_itself() -> None:
    with pytest.raises(RuleError, match="not-a-party"):
        decide(None, submitted(), VOA.id)
    with pytest.raises(RuleError, match="same-party"):
        decide(None, submitted(supplier=Organisation(DWP.id, "The same")), DWP.id)


def test_a_returned_request_cannot_be_approved() -> None:
    with pytest.raises(NotAllowedInStageError) as caught:
        decide(fold(table(RequestReturned(reasons="More.")).events), YES, VOA.id)
    assert caught.value.fields == {"action": "RequestApproved", "stage": "returned"}


def test_a_question_is_answered_once() -> None:
    made = table()
    asked = made.holds(QuestionAsked(question=QuestionId(""), text="Why?"))
    made.asks(QuestionAnswered(asked=asked.id, text="So."))
    with pytest.raises(RuleError, match="already-answered"):
        decide(fold(made.events), QuestionAnswered(asked=asked.id, text="Again."), DWP.id)


def test_a_remark_and_a_join_are_always_allowed_to_the_parties() -> None:
    state = fold(table(YES).events)
    assert decide(state, RemarkMade(text="Good."), DWP.id)
    assert decide(state, HeadsJoined(), VOA.id)


def test_an_agreement_is_signed_once_by_each_party() -> None:
    made = table(YES)
    drafted = made.holds(agreement())
    sign = AgreementSigned(agreement=drafted.id, sha256=f"{1:064x}", signatory=PRIYA, signatures=())
    made.asks(sign)
    state = fold(made.events)
    with pytest.raises(RuleError, match="already-signed"):
        decide(state, sign, DWP.id)
    assert decide(state, sign, VOA.id) == sign


def test_a_new_text_needs_a_higher_version() -> None:
    made = table(YES)
    made.holds(agreement(2))
    with pytest.raises(RuleError, match="agreement-version"):
        decide(fold(made.events), agreement(2), VOA.id)
