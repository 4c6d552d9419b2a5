from __future__ import annotations

import msgspec

from dsadesk.domain.events import (
    AgreementSigned,
    AssessmentStarted,
    HeadsJoined,
    QuestionAnswered,
    QuestionAsked,
    RemarkMade,
    RequestApproved,
    RequestReceived,
    RequestRejected,
    RequestReturned,
    RequestWithdrawn,
    UnknownBody,
)
from dsadesk.domain.ids import EventId, OrganisationId, QuestionId
from dsadesk.domain.lifecycle import Stage
from dsadesk.domain.organisation import Organisation
from dsadesk.domain.request import Effect, RequestState, fold, linearise
from tests.support.events import DWP, GWEN, PRIYA, VOA, Pen, Table, agreement, submitted


def state_of(table: Table) -> RequestState:
    state = fold(table.events)
    assert state is not None
    return state


def received() -> Table:
    table = Table()
    sent = table.asks(submitted())
    table.holds(RequestReceived(submission=sent.id))
    return table


def approved() -> Table:
    table = received()
    table.holds(RequestApproved(conditions=("Delete after a year",), reasons="It helps people.", decided_by=GWEN))
    return table


def signed(table: Table, drafted: EventId, who: Pen, org: OrganisationId) -> AgreementSigned:
    del who, org
    return AgreementSigned(agreement=drafted, sha256=f"{1:064x}", signatory=PRIYA, signatures=())


def test_nothing_is_no_request() -> None:
    assert fold([]) is None


def test_a_submission_seals_the_request() -> None:
    table = Table()
    table.asks(submitted())
    assert state_of(table).stage is Stage.SEALED


def test_the_whole_conversation_reaches_a_signed_agreement() -> None:
    table = received()
    table.holds(AssessmentStarted())
    asked = table.holds(QuestionAsked(question=QuestionId("purpose.aim"), text="Which homes?"))
    assert state_of(table).stage is Stage.CLARIFYING
    table.asks(QuestionAnswered(asked=asked.id, text="All of them.", answer="Every home in Wales."))
    state = state_of(table)
    assert state.stage is Stage.ASSESSING
    assert state.answers["purpose.aim"] == "Every home in Wales."
    assert state.submission.answers["purpose.aim"] == "Find homes that cost most to heat."
    table.holds(RequestApproved(conditions=(), reasons="Yes.", decided_by=GWEN))
    drafted = table.holds(agreement())
    table.asks(signed(table, drafted.id, table.requester, DWP.id))
    assert state_of(table).stage is Stage.DRAFTING_AGREEMENT
    table.holds(signed(table, drafted.id, table.supplier, VOA.id))
    assert state_of(table).stage is Stage.SIGNED
    assert not state_of(table).faults


def test_clarifying_ends_only_when_every_question_has_its_reply() -> None:
    table = received()
    first = table.holds(QuestionAsked(question=QuestionId(""), text="One?"))
    second = table.holds(QuestionAsked(question=QuestionId(""), text="Two?"))
    table.asks(QuestionAnswered(asked=second.id, text="2"))
    assert state_of(table).stage is Stage.CLARIFYING
    table.asks(QuestionAnswered(asked=first.id, text="1"))
    assert state_of(table).stage is Stage.ASSESSING


def test_two_laptops_that_answer_apart_are_two_heads_until_someone_joins_them() -> None:
    table = received()
    first = table.holds(QuestionAsked(question=QuestionId(""), text="One?"))
    second = table.holds(QuestionAsked(question=QuestionId(""), text="Two?"))
    other = Pen(PRIYA, DWP.id, "f" * 32)
    here = table.requester.write(QuestionAnswered(asked=first.id, text="1"), (second.id,))
    there = other.write(QuestionAnswered(asked=second.id, text="2"), (second.id,), n=5)
    table.events += [here, there]
    state = state_of(table)
    assert set(state.heads) == {here.id, there.id}
    assert state.stage is Stage.ASSESSING
    assert not state.open_questions
    table.events.append(table.requester.write(HeadsJoined(), (here.id, there.id)))
    assert len(state_of(table).heads) == 1


def test_a_withdrawal_that_crosses_an_approval_is_shown_and_decided_alike_everywhere() -> None:
    table = received()
    seen = table.events[-1].id
    approval = table.supplier.write(RequestApproved(conditions=(), reasons="Yes.", decided_by=GWEN), (seen,))
    withdrawal = table.requester.write(RequestWithdrawn(reasons="No longer needed."), (seen,))
    one, other = fold([*table.events, approval, withdrawal]), fold([withdrawal, approval, *table.events])
    assert one == other
    assert one is not None
    assert one.stage is Stage.WITHDRAWN


def test_an_event_of_a_stranger_has_no_effect() -> None:
    table = received()
    stranger = Pen(GWEN, OrganisationId("hm-treasury"), "a" * 32)
    table.events.append(stranger.write(RequestRejected(reasons="No.", decided_by=GWEN), (table.events[-1].id,)))
    state = state_of(table)
    assert state.stage is Stage.RECEIVED
    assert (state.history[-1].effect, state.history[-1].reason) == (Effect.CROSSED, "not-a-party")


def test_the_requester_cannot_approve_their_own_request() -> None:
    table = received()
    table.asks(RequestApproved(conditions=(), reasons="We like it.", decided_by=PRIYA))
    assert state_of(table).stage is Stage.RECEIVED
    assert state_of(table).history[-1].reason == "not-in-stage"


def test_a_submission_cannot_change_the_parties() -> None:
    table = received()
    table.holds(RequestReturned(reasons="Say more."))
    treasury = Organisation(OrganisationId("hm-treasury"), "HM Treasury")
    table.asks(submitted(version=2, supplier=treasury))
    state = state_of(table)
    assert state.stage is Stage.RETURNED
    assert state.history[-1].reason == "other-parties"


def test_a_returned_request_comes_back_as_a_new_version() -> None:
    table = received()
    table.holds(RequestReturned(reasons="Say more.", changes=("Purpose",)))
    table.asks(submitted(version=2, supersedes=table.events[0].id, answers={"purpose.aim": "More."}))
    state = state_of(table)
    assert state.stage is Stage.SEALED
    assert len(state.submissions) == 2
    assert state.answers == {"purpose.aim": "More."}


def test_a_new_text_of_the_agreement_voids_the_signatures_of_the_old() -> None:
    table = approved()
    first = table.holds(agreement())
    table.asks(signed(table, first.id, table.requester, DWP.id))
    second = table.holds(agreement(2))
    state = state_of(table)
    assert state.agreement is not None
    assert state.agreement.event == second.id
    assert not state.agreement.signatures
    table.holds(signed(table, first.id, table.supplier, VOA.id))
    assert state_of(table).history[-1].reason == "other-agreement"


def test_an_agreement_signed_twice_by_one_side_is_not_signed_by_both() -> None:
    table = approved()
    first = table.holds(agreement())
    table.asks(signed(table, first.id, table.requester, DWP.id))
    table.asks(signed(table, first.id, table.requester, DWP.id))
    assert state_of(table).stage is Stage.DRAFTING_AGREEMENT
    assert state_of(table).history[-1].reason == "already-signed"


def test_an_event_whose_predecessor_is_missing_waits_and_is_not_lost() -> None:
    table = received()
    late = table.holds(RemarkMade(text="Hello"))
    after = table.holds(RemarkMade(text="Again"), late.id)
    known = [event for event in table.events if event.id != late.id]
    state = fold(known)
    assert state is not None
    assert [event.id for event in state.waiting] == [after.id]
    assert [(fault.kind, fault.seq) for fault in state.faults] == [("gap", late.seq)]
    assert fold([*known, late]) == state_of(table)


def test_an_unknown_type_of_event_is_kept_and_moves_nothing() -> None:
    table = received()
    table.holds(UnknownBody(content={"later": "version"}))
    state = state_of(table)
    assert state.stage is Stage.RECEIVED
    assert state.history[-1].effect is Effect.NOTED


def test_a_reply_after_the_decision_is_still_kept() -> None:
    table = received()
    asked = table.holds(QuestionAsked(question=QuestionId(""), text="Why?"))
    table.holds(RequestApproved(conditions=(), reasons="Urgent.", decided_by=GWEN))
    table.asks(QuestionAnswered(asked=asked.id, text="Because."))
    state = state_of(table)
    assert state.stage is Stage.AGREED_IN_PRINCIPLE
    assert state.questions[0].answer is not None


def test_two_officials_may_both_acknowledge() -> None:
    table = received()
    colleague = Pen(GWEN, VOA.id, "9" * 32)
    table.events.append(colleague.write(RequestReceived(submission=table.events[0].id), (table.events[0].id,)))
    assert all(line.effect is not Effect.CROSSED for line in state_of(table).history)


def test_a_cloned_laptop_that_reuses_a_number_is_named() -> None:
    table = received()
    clone = Pen(PRIYA, DWP.id, table.requester.device)
    clone.seq, clone.prev = 0, ""
    table.events.append(clone.write(RemarkMade(text="I am the copy"), (table.events[-1].id,), n=7))
    assert ("fork", 1) in [(fault.kind, fault.seq) for fault in state_of(table).faults]


def test_a_cycle_of_predecessors_waits_for_ever_and_harms_nothing() -> None:
    table = received()
    one = table.requester.write(RemarkMade(text="a"), (table.events[-1].id,))
    two = table.requester.write(RemarkMade(text="b"), (one.id,))
    looped = msgspec.structs.replace(one, after=(two.id,))
    ordered, waiting = linearise([*table.events, looped, two])
    assert len(ordered) == 2
    assert {event.id for event in waiting} == {one.id, two.id}
