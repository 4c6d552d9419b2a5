"""Two laptops of one office: a draft is asked about, signed off, changed, signed off again, sealed, and checked by the supplier."""

from __future__ import annotations

import io

import pytest
from msgspec.structs import replace

from dsadesk.bundle.sign_off import check_statement, sign_statement
from dsadesk.codec.events import time_text
from dsadesk.domain.events import SignOff, SignOffGiven
from dsadesk.domain.ids import QuestionId
from dsadesk.domain.sign_off import Standing, review_of
from dsadesk.errors import RuleError
from dsadesk.ports import ListGroup
from dsadesk.services import (
    attaching,
    drafting,
    exchanging,
    giving_roles,
    handing_over,
    sealing,
    signing_off,
    taking_in,
    viewing,
)
from dsadesk.services.reading import require_state, review_state
from dsadesk.services.speaking import deliver, record
from tests.support.desks import ROOT, SAMPLE, SUPPLIER, second_laptop, two_desks

ANSWERS = ROOT / "tests/data/answers/fuel-poverty.json"
REASON = {"legal": "Counsel is on leave until March.", "security": "Same system as last year."}


@pytest.fixture
def office():
    pair = two_desks()
    colleague = second_laptop(pair, pair.requester, "Huw Rees")
    person = colleague.session.profile.official.id
    giving_roles.set_roles(pair.asks, {person: ["drafter", "decider", "signatory", "data_protection"]})
    draft = drafting.start(pair.asks, title="Council tax bands", supplier=SUPPLIER.id)
    drafting.load_answers(pair.asks, draft.request, ANSWERS.read_bytes())
    drafting.save_answer(pair.asks, draft.request, QuestionId("assurance.reviews"), None)
    return pair, colleague, person, draft.request


def meet(pair, colleague):
    pair.clock.advance(60)
    exchanging.exchange(pair.asks)
    exchanging.exchange(colleague.session)
    exchanging.exchange(pair.asks)


def area_of(session, request, area="data_protection"):
    return next(each for each in signing_off.areas(session, request) if each.area == area)


def answer(colleague, request, outcome="granted", **words):
    (asked, *_) = signing_off.asked_of_us(colleague.session, review_of(request))
    return signing_off.give(colleague.session, asked.review, asked.ask.event.id, outcome, **words)


def test_a_colleague_reads_the_draft_signs_it_off_and_the_supplier_sees_a_signature_that_holds(office):
    pair, colleague, person, request = office
    with SAMPLE.open("rb") as source:
        attaching.attach(pair.asks, request, source, SAMPLE.name)
    signing_off.ask(pair.asks, request, "data_protection", person, "Please look at the retention answer, Huw.")
    assert area_of(pair.asks, request).standing is Standing.WAITING
    meet(pair, colleague)
    (row,) = colleague.session.vault.projections.rows(colleague.session.vault.projections.ids())
    assert (row.group, row.counterpart) == (ListGroup.NEEDS_YOU, "Priya Shah")
    (asked,) = signing_off.asked_of_us(colleague.session, review_of(request))
    assert asked.is_mine
    assert asked.draft.answers["about.nations"] == ["england"]
    assert attaching.preview(colleague.session, review_of(request), 1, 2)
    answer(colleague, request, "conditions", conditions=["Delete by June."], remark="Between us: their DPIA is thin.")
    meet(pair, colleague)
    state = area_of(pair.asks, request)
    assert state.standing is Standing.GRANTED
    assert state.covered.conditions == ("Delete by June.",)

    body = sealing.seal_request(pair.asks, request, without=REASON)
    pair.carry()
    meet(pair, colleague)
    received = require_state(pair.holds, request).submission
    (statement,) = received.sign_offs
    assert statement == body.sign_offs[0]
    evidence = check_statement(
        statement, directory=pair.holds.directory, introduced=None, signed_by=received.requester.id, event=""
    )
    assert evidence.official.name == "Huw Rees"
    assert {each.area: each.state for each in received.unsigned} == {"legal": "not-asked", "security": "not-asked"}
    assert signing_off.has_role(pair.holds, statement)
    stored = b"".join(event.envelope for event in pair.holds.vault.events.all())
    assert b"retention answer" not in stored
    assert b"DPIA is thin" not in stored
    assert not viewing.history(pair.holds, request)[0].problem
    assert not require_state(pair.holds, request).faults
    assert colleague.session.vault.projections.get(review_of(request)) is None


def test_a_change_after_the_sign_off_shows_that_it_no_longer_covers_and_asking_again_mends_it(office):
    pair, colleague, person, request = office
    signing_off.ask(pair.asks, request, "data_protection", person)
    meet(pair, colleague)
    answer(colleague, request)
    meet(pair, colleague)
    drafting.save_answer(pair.asks, request, QuestionId("people.how_many"), 4000)
    assert area_of(pair.asks, request).standing is Standing.CHANGED
    drafting.save_answer(pair.asks, request, QuestionId("people.how_many"), 3000)
    assert area_of(pair.asks, request).standing is Standing.GRANTED
    drafting.save_answer(pair.asks, request, QuestionId("people.how_many"), 4000)
    signing_off.ask(pair.asks, request, "data_protection", person)
    meet(pair, colleague)
    assert colleague.session.vault.projections.get(review_of(request)).needs_you
    answer(colleague, request)
    assert not colleague.session.vault.projections.get(review_of(request)).needs_you
    meet(pair, colleague)
    assert area_of(pair.asks, request).covered is not None


def test_the_declarations_come_after_the_sign_offs_and_do_not_undo_them(office):
    pair, colleague, person, request = office
    signing_off.ask(pair.asks, request, "data_protection", person)
    meet(pair, colleague)
    answer(colleague, request)
    meet(pair, colleague)
    drafting.save_answer(pair.asks, request, QuestionId("assurance.owner"), None)
    assert area_of(pair.asks, request).covered is not None


def test_sealing_says_which_sign_offs_are_missing_and_takes_a_reason_that_the_supplier_reads(office):
    pair, _, _, request = office
    drafting.load_answers(
        pair.asks, request, ANSWERS.read_bytes()
    )  # the form names a data protection officer, unsigned
    with pytest.raises(RuleError) as refused:
        sealing.seal_request(pair.asks, request)
    assert refused.value.code == "sign-offs-missing"
    assert set(refused.value.fields["areas"]) <= {"legal", "security"}
    sealing.seal_request(pair.asks, request, without=REASON)


def test_a_refusal_goes_with_its_reason_to_the_asker_and_without_it_to_the_supplier(office):
    pair, colleague, person, request = office
    signing_off.ask(pair.asks, request, "data_protection", person)
    meet(pair, colleague)
    with pytest.raises(RuleError, match="sign-off-words"):
        answer(colleague, request, "refused")
    answer(colleague, request, "refused", remark="The basis is wrong.")
    meet(pair, colleague)
    state = area_of(pair.asks, request)
    assert state.standing is Standing.REFUSED
    assert state.given.body.remark == "The basis is wrong."
    drafting.load_answers(pair.asks, request, ANSWERS.read_bytes())
    with pytest.raises(RuleError, match="sign-offs-missing"):
        sealing.seal_request(pair.asks, request, without=REASON)
    reasons = REASON | {"data_protection": "The commissioner agreed by letter."}
    body = sealing.seal_request(pair.asks, request, without=reasons)
    assert not body.sign_offs
    assert {each.area: each.state for each in body.unsigned}["data_protection"] == "refused"


def test_asking_somebody_whose_role_is_not_on_the_card_is_refused(office):
    pair, _, person, request = office
    with pytest.raises(RuleError, match="sign-off-no-role"):
        signing_off.ask(pair.asks, request, "legal", person)


def test_a_colleague_who_lost_the_role_no_longer_covers_the_draft(office):
    pair, colleague, person, request = office
    signing_off.ask(pair.asks, request, "data_protection", person)
    meet(pair, colleague)
    answer(colleague, request)
    giving_roles.set_roles(pair.asks, {person: ["drafter", "decider", "signatory"]})
    meet(pair, colleague)
    state = area_of(pair.asks, request)
    assert state.lacks_role
    assert state.covered is None
    assert signing_off.had_role(pair.asks, state.given.statement)


def test_a_question_and_its_answer_travel_as_files_when_the_office_shares_no_folder(office):
    pair, colleague, person, request = office
    event = signing_off.ask(pair.asks, request, "data_protection", person)
    sink = io.BytesIO()
    (item,) = exchanging.deliveries(pair.asks, event.request)
    handing_over.export_bundle(pair.asks, item, sink)
    taken = taking_in.import_bundle(colleague.session, io.BytesIO(sink.getvalue()), "ask.dsabundle")
    assert taken.event_types == ("SignOffAsked",)
    given, back = answer(colleague, request), io.BytesIO()
    (reply,) = exchanging.deliveries(colleague.session, given.request)
    handing_over.export_bundle(colleague.session, reply, back)
    taking_in.import_bundle(pair.asks, io.BytesIO(back.getvalue()), "given.dsabundle")
    assert area_of(pair.asks, request).covered is not None
    assert review_state(pair.asks, event.request).crossed == ()


# ---------------------------------------------------------------- colleagues who cheat


def forged(colleague, request, **changes):
    """An answer that a colleague's laptop would not make, said all the same."""
    session = colleague.session
    (asked, *_) = signing_off.asked_of_us(session, review_of(request)) or [None]
    question = asked.ask if asked else review_state(session, review_of(request)).asks[-1]
    statement = SignOff(
        area=question.body.area,
        request=request,
        digest=question.digest,
        outcome="granted",
        conditions=(),
        by=session.profile.official,
        org=session.profile.organisation.id,
        device=session.device.device,
        at=time_text(session.world.clock.now()),
    )
    body = SignOffGiven(
        asked=question.event.id, statement=sign_statement(replace(statement, **changes), session.device)
    )
    event = record(session, review_of(request), body, after=review_state(session, review_of(request)).heads)
    deliver(
        session,
        event.request,
        kind="sign-off",
        counterpart=session.profile.organisation.id,
        events=(event,),
        samples=(),
    )
    return event


def test_a_sign_off_for_another_draft_is_crossed_and_covers_nothing(office):
    pair, colleague, person, request = office
    signing_off.ask(pair.asks, request, "data_protection", person)
    first = review_state(pair.asks, review_of(request)).asks[0].digest
    drafting.save_answer(pair.asks, request, QuestionId("people.how_many"), 4000)
    signing_off.ask(pair.asks, request, "data_protection", person)
    meet(pair, colleague)
    forged(colleague, request, digest=first)
    meet(pair, colleague)
    state = review_state(pair.asks, review_of(request))
    assert [each.reason for each in state.crossed] == ["other-draft"]
    assert area_of(pair.asks, request).standing is Standing.WAITING


def test_a_sign_off_by_somebody_without_the_role_goes_nowhere(office):
    pair, _, person, request = office
    clerk = second_laptop(pair, pair.requester, "Alun Price")
    signing_off.ask(pair.asks, request, "data_protection", person)
    meet(pair, clerk)
    assert clerk.session.vault.projections.ids() == ()
    question = review_state(clerk.session, review_of(request)).asks[0]
    with pytest.raises(RuleError, match="sign-off-no-role"):
        signing_off.give(clerk.session, review_of(request), question.event.id, "granted")
    forged(clerk, request)
    meet(pair, clerk)
    state = area_of(pair.asks, request)
    assert state.standing is Standing.GRANTED
    assert state.lacks_role
    assert state.covered is None


def test_a_statement_of_a_colleague_in_anothers_event_is_refused_at_the_door(office):
    pair, colleague, person, request = office
    signing_off.ask(pair.asks, request, "data_protection", person)
    meet(pair, colleague)
    forged(colleague, request, by=pair.asks.profile.official)
    pair.clock.advance(60)
    exchanging.exchange(colleague.session)
    done = exchanging.exchange(pair.asks)
    assert [each.code for each in done.quarantined] == ["sign-off-signature"]


def test_a_question_that_is_delivered_twice_is_one_question(office):
    pair, colleague, person, request = office
    event = signing_off.ask(pair.asks, request, "data_protection", person)
    sink = io.BytesIO()
    (item,) = exchanging.deliveries(pair.asks, event.request)
    handing_over.export_bundle(pair.asks, item, sink)
    taking_in.import_bundle(colleague.session, io.BytesIO(sink.getvalue()), "ask.dsabundle")
    assert taking_in.import_bundle(colleague.session, io.BytesIO(sink.getvalue()), "ask.dsabundle") is None
    assert len(signing_off.asked_of_us(colleague.session, event.request)) == 1


def test_whoever_lacks_the_role_cannot_undo_what_somebody_with_it_has_said(office):
    pair, colleague, person, request = office
    clerk = second_laptop(pair, pair.requester, "Alun Price")
    signing_off.ask(pair.asks, request, "data_protection", person)
    meet(pair, colleague)
    meet(pair, clerk)
    answer(colleague, request)
    meet(pair, colleague)
    forged(clerk, request)
    meet(pair, clerk)
    assert area_of(pair.asks, request).covered.by.name == "Huw Rees"
