"""A supplier's own questions: signed, taken in, asked only of their own requests, answered, sealed, read, and upgraded with nothing lost."""

from __future__ import annotations

import json

import pytest

from dsadesk.bundle.signature import sign_envelope
from dsadesk.domain.ids import OrganisationId, QuestionId
from dsadesk.errors import CardError, InputError, RuleError
from dsadesk.services import drafting, question_packs, reusing, sealing, signing_off, viewing
from dsadesk.services.question_packs import PACK_TYPE
from tests.support.desks import ANSWERS, ROOT, SUPPLIER, two_desks

PACK = (ROOT / "tests/data/questions/environment-agency.json").read_bytes()
LICENCE, SITES = QuestionId("own.environment_agency.licence"), QuestionId("own.environment_agency.sites")


@pytest.fixture
def pair():
    return two_desks()


def changed(**more):
    return json.dumps(json.loads(PACK) | more).encode()


def asked(pair):
    draft = drafting.start(pair.asks, title="x", supplier=SUPPLIER.id)
    drafting.load_answers(pair.asks, draft.request, ANSWERS.read_bytes())
    return draft.request


def test_a_suppliers_questions_are_asked_of_requests_to_them_and_stop_the_seal_until_answered(pair):
    question_packs.take_pack(pair.asks, question_packs.sign_pack(pair.holds, PACK))
    request = asked(pair)
    far = drafting.how_far(pair.asks, request)
    assert [section.title for section in far.sections][-2:] == [
        "Questions of the Environment Agency",
        "Assurance and declaration",
    ]
    with pytest.raises(RuleError, match="findings"):
        sealing.seal_request(pair.asks, request)
    drafting.save_answer(pair.asks, request, LICENCE, "ogl")
    body = sealing.seal_request(pair.asks, request)
    assert body.question_set == "core/1.0.0+environment-agency/1.0.0"
    pair.carry()
    lines = viewing.view(pair.holds, request).answers
    assert ("Under which licence will you publish?", "Open Government Licence") in [
        (line.question, line.answer) for line in lines
    ]


def test_a_request_to_somebody_else_is_asked_nothing_of_it(pair):
    question_packs.take_pack(pair.asks, question_packs.sign_pack(pair.holds, PACK))
    draft = drafting.start(pair.asks, title="x")
    with pytest.raises(Exception, match="answer-unknown"):
        drafting.save_answer(pair.asks, draft.request, LICENCE, "ogl")


def test_a_newer_version_moves_and_keeps_every_answer_of_a_draft(pair):
    question_packs.take_pack(pair.asks, question_packs.sign_pack(pair.holds, PACK))
    request = asked(pair)
    drafting.save_answer(pair.asks, request, LICENCE, "ogl")
    drafting.save_answer(pair.asks, request, SITES, "Gull Point")
    newer = json.loads(PACK) | {"version": "1.1.0"}
    section = newer["sections"][0]
    section["questions"] = [section["questions"][1] | {"id": "own.environment_agency.visits", "formerly": [SITES]}]
    question_packs.take_pack(pair.asks, question_packs.sign_pack(pair.holds, json.dumps(newer).encode()))
    carried = drafting.bring_up_to_date(pair.asks, request)
    assert [(moved.old_id, moved.new_id) for moved in carried.moved] == [(SITES, "own.environment_agency.visits")]
    assert dict(carried.orphaned) == {LICENCE: "ogl"}
    kept = pair.asks.vault.drafts.answers(request)
    assert kept["own.environment_agency.visits"] == kept[SITES] == "Gull Point"
    assert kept[LICENCE] == "ogl"
    assert LICENCE not in sealing.seal_request(pair.asks, request).answers


def test_a_draft_of_an_older_core_set_keeps_answers_that_no_question_takes_any_more(pair):
    request = asked(pair)
    now = pair.clock.now()
    pair.asks.vault.drafts.save_answer(request, QuestionId("gone.question"), "Kept.", now)
    assert dict(drafting.bring_up_to_date(pair.asks, request).orphaned) == {"gone.question": "Kept."}
    assert pair.asks.vault.drafts.answers(request)["gone.question"] == "Kept."


def test_an_older_or_other_file_of_the_same_version_is_refused(pair):
    question_packs.take_pack(pair.asks, question_packs.sign_pack(pair.holds, changed(version="1.2.0")))
    older = sign_envelope(PACK_TYPE, PACK, pair.holds.organisation.signing)
    with pytest.raises(RuleError, match="older-questions"):
        question_packs.take_pack(pair.asks, older)


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"org": "public-health-wales"}, "id-not-own"),
        ({"conditions": {"x": {"question": "no.such", "is": "y"}}, "sections": []}, "section-empty"),
        ({"version": "one"}, "version-malformed"),
        ({"more": 1}, "shape-wrong"),
    ],
)
def test_a_pack_that_breaks_the_form_is_refused(pair, change, code):
    with pytest.raises(InputError) as refused:
        question_packs.sign_pack(pair.holds, changed(**change))
    assert refused.value.code == code


def test_a_pack_cannot_take_the_place_of_our_questions(pair):
    pack = json.loads(PACK)
    pack["sections"][0]["questions"][0]["id"] = "purpose.aim"
    with pytest.raises(InputError, match="id-not-own"):
        question_packs.sign_pack(pair.holds, json.dumps(pack).encode())
    pack["sections"][0]["questions"][0] |= {"id": LICENCE, "formerly": ["purpose.aim"]}
    with pytest.raises(InputError, match="id-not-own"):
        question_packs.sign_pack(pair.holds, json.dumps(pack).encode())


def test_questions_that_somebody_else_signed_are_refused(pair):
    forged = sign_envelope(PACK_TYPE, PACK, pair.asks.organisation.signing)
    with pytest.raises(CardError, match="questions-altered"):
        question_packs.take_pack(pair.asks, forged)
    with pytest.raises(CardError, match="questions-unreadable"):
        question_packs.take_pack(pair.asks, PACK)
    stranger = (
        json.dumps(json.loads(PACK) | {"org": "hm-treasury"}).replace("environment_agency", "hm_treasury").encode()
    )
    with pytest.raises(RuleError, match="no-card"):
        question_packs.take_pack(pair.asks, sign_envelope(PACK_TYPE, stranger, pair.asks.organisation.signing))


def test_only_whoever_holds_the_organisations_key_signs_and_only_for_their_own(pair):
    with pytest.raises(RuleError, match="other-organisation"):
        question_packs.sign_pack(pair.asks, PACK)


def test_dropping_a_pack_stops_its_questions_and_keeps_the_answers(pair):
    question_packs.take_pack(pair.asks, question_packs.sign_pack(pair.holds, PACK))
    request = asked(pair)
    drafting.save_answer(pair.asks, request, LICENCE, "ogl")
    assert question_packs.drop_pack(pair.asks, OrganisationId("environment-agency"))
    assert LICENCE not in signing_off.applicable_answers(pair.asks, request)
    assert pair.asks.vault.drafts.answers(request)[LICENCE] == "ogl"


def test_answers_to_a_pack_are_copied_where_the_same_version_of_it_is_asked(pair):
    question_packs.take_pack(pair.asks, question_packs.sign_pack(pair.holds, PACK))
    earlier = asked(pair)
    drafting.save_answer(pair.asks, earlier, LICENCE, "ogl")
    to_them = drafting.start(pair.asks, title="y", supplier=SUPPLIER.id).request
    to_nobody = drafting.start(pair.asks, title="z").request
    assert reusing.answers_of(pair.asks, earlier, into=to_them)[LICENCE] == "ogl"
    assert LICENCE not in reusing.answers_of(pair.asks, earlier, into=to_nobody)
    assert LICENCE not in reusing.answers_of(pair.asks, earlier)
    sealing.seal_request(pair.asks, earlier)
    assert reusing.answers_of(pair.asks, earlier, into=to_them)[LICENCE] == "ogl"
    newer = json.dumps(json.loads(PACK) | {"version": "1.1.0"}).encode()
    question_packs.take_pack(pair.asks, question_packs.sign_pack(pair.holds, newer))
    taken = reusing.answers_of(pair.asks, earlier, into=to_them)
    assert LICENCE not in taken
    assert "purpose.aim" in taken
