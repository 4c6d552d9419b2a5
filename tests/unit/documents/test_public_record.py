from __future__ import annotations

import csv
import io
import json
from typing import Any

import pytest

from dsadesk.documents import html, markdown, record_data
from dsadesk.documents.layout import to_tree
from dsadesk.documents.nameless import AN_ADDRESS, AN_OFFICIAL, Nameless
from dsadesk.documents.public_record import public_record, record_document
from dsadesk.domain.events import RequestApproved, RequestReceived, RequestRejected
from dsadesk.domain.ids import PersonId
from dsadesk.domain.organisation import Official, Side
from dsadesk.errors import RuleError
from tests.unit.documents import pdf_ua
from tests.unit.documents.documents import make_pdf
from tests.unit.documents.states import DRAFTED_ON, Story, answers, bathing_water, core, fuel_poverty

DECIDER = Official(PersonId("p9"), "Siân Ŵyn", "Information Asset Owner")
APPROVED = RequestApproved(conditions=(), reasons="Siân Ŵyn has read it.", decided_by=DECIDER)


def story(given: dict[str, Any], body: Any = APPROVED) -> Story:
    told = Story(
        given,
        "Aldershire County Council",
        "Wenlow District Council",
        {
            Side.REQUESTER: Official(PersonId("p1"), "Tom Adeyemi", "Manager"),
            Side.SUPPLIER: Official(PersonId("p2"), "Dafydd Rees", "Governance Officer"),
        },
    )
    told.say(Side.SUPPLIER, "2026-11-04T10:00:00Z", RequestReceived(submission=told.events[0].id))
    if body is not None:
        told.say(Side.SUPPLIER, "2026-11-16T10:00:00Z", body)
    return told


def text_of(told: Story, **how: bool) -> str:
    record = public_record(told.state(), core(), **how)
    return markdown.render(record_document(record, written_on=DRAFTED_ON)).decode()


def test_it_says_who_what_why_by_what_law_with_what_gain_and_risk_and_until_when():
    text = text_of(fuel_poverty())
    for said in (
        "Aldershire County Council",
        "Wenlow District Council",
        "Some people cannot afford to heat their homes.",
        "Records that name or identify people",
        "Public task",
        "Digital Economy Act 2017, section 35",
        "National Health Service Act 2006, section 2B",
        "Help for people in fuel poverty",
        "Risk of not sharing",
        "The people in the data",
        "31 May 2028",
        "by phone, by letter or at any library",
    ):
        assert said in text, said
    assert text.count("**Marking: OFFICIAL**") == 2


@pytest.mark.parametrize("details", [False, True])
@pytest.mark.parametrize("name", ["fuel-poverty", "pupils-education-and-care", "vaccination-outbreak"])
def test_no_official_is_named_in_any_form(name: str, details: bool):
    given = answers(name)
    given["purpose.summary"] = "Ask Tom Adeyemi or sara.lindqvist@aldershire.example. " + given["purpose.summary"]
    if given.get("openness.publish") == "exempt":
        given["openness.publish"] = "yes"
    told = story(given)
    record = public_record(told.state(), core(), details=details, now=True)
    document = record_document(record, written_on=DRAFTED_ON)
    names = {row["name"] for row in given["about.people"]} | {"Tom Adeyemi", "Dafydd Rees", "Siân Ŵyn"}
    names |= {row["accepter"] for row in given["risks.table"]} | {row["name"] for row in given["assurance.reviews"]}
    everything = (
        html.render(document).decode()
        + markdown.render(document).decode()
        + record_data.as_json(record, "x").decode()
        + record_data.as_csv(record).decode()
    )
    assert [each for each in names if each.casefold() in everything.casefold()] == []
    assert "@aldershire" not in everything.replace("\\@", "@")
    assert AN_OFFICIAL in record.summary
    assert AN_ADDRESS in record.summary


def test_of_a_sensitive_request_only_what_was_meant_for_the_public_is_said_unless_both_agreed():
    given = answers("fuel-poverty")
    assert given["about.marking"] == "official_sensitive"
    free = [given["purpose.aim"], given["risks.table"][0]["risk"], given["benefits.table"][0]["change"], "single_adult"]
    text, whole = text_of(story(given)), text_of(story(given), details=True)
    for each in free:
        assert each[:40] not in text.replace("\\", ""), each
        assert each[:40] in whole.replace("\\", ""), each
    assert "OFFICIAL-SENSITIVE. You can ask" in text
    assert "OFFICIAL-SENSITIVE" not in whole
    assert not public_record(story(given).state(), core()).is_whole


def test_of_an_official_request_everything_in_it_is_said():
    record = public_record(bathing_water().state(), core())
    assert record.is_whole
    assert record.items
    assert dict(record.why)["What it is for"].startswith("We want people who swim")


def test_what_is_refused_is_recorded_as_refused():
    refused = RequestRejected(reasons="No.", decided_by=DECIDER)
    record = public_record(story(answers("fuel-poverty"), refused).state(), core())
    assert record.status == "Refused. No data is shared"


@pytest.mark.parametrize(("publish", "code"), [("exempt", "record-exempt"), ("delay", "record-delayed")])
def test_what_may_not_be_published_is_not(publish: str, code: str):
    told = story(answers("fuel-poverty") | {"openness.publish": publish, "openness.publish_why": "An inquiry."})
    with pytest.raises(RuleError) as caught:
        public_record(told.state(), core())
    assert caught.value.code == code


def test_what_was_put_off_is_published_when_the_reason_is_gone():
    told = story(answers("fuel-poverty") | {"openness.publish": "delay", "openness.publish_why": "An inquiry."})
    assert "An inquiry" not in text_of(told, now=True)


def test_what_is_not_decided_has_no_record():
    with pytest.raises(RuleError) as caught:
        public_record(story(answers("fuel-poverty"), None).state(), core())
    assert caught.value.code == "no-decision"


def test_answers_that_fit_no_question_make_no_trouble():
    odd = {"least.way": ["x"], "risks.table": "none", "benefits.table": [{"who": 7}], "about.people": {"a": 1}}
    document = record_document(public_record(story(odd).state(), core()), written_on=DRAFTED_ON)
    assert to_tree(document)["kind"] == "record"


def test_the_json_has_dates_for_machines_and_says_what_its_names_mean():
    record = public_record(fuel_poverty().state(), core())
    read = json.loads(record_data.as_json(record, "0192f000-0000-7000-8000-00000000abcd"))
    assert read["id"] == "urn:uuid:0192f000-0000-7000-8000-00000000abcd"
    assert (read["ends"], read["kept_until"]) == ("2028-05-31", "2028-03-31")
    assert read["@context"]["law"] == "https://w3id.org/dpv#hasLegalBasis"
    assert set(read["@context"]) - {"starts"} <= set(read) | {"purpose"}
    assert not any(value in ("", [], {}, None) for value in read.values())


def test_the_csv_is_one_line_in_which_nothing_is_a_formula():
    given = answers("fuel-poverty") | {"about.title": "=1+1"}
    record = public_record(story(given).state(), core())
    rows = list(csv.reader(io.StringIO(record_data.as_csv(record).decode())))
    assert len(rows) == 2
    assert len(rows[0]) == len(rows[1]) == len(record_data.FIELDS)
    line = dict(zip(*rows, strict=True))
    assert line["name"] == "'=1+1"
    assert line["end_date"] == "2028-05-31"
    assert line["controllers"] == "Aldershire County Council; Wenlow District Council"


def test_names_are_taken_out_whole_and_in_any_case():
    nameless = Nameless(frozenset({"Ann Lee", "Ann Lee-Jones", "Al"}))
    assert nameless.without_names("ANN LEE-JONES, Ann Lee and Joann Leeds at al") == (
        f"{AN_OFFICIAL}, {AN_OFFICIAL} and Joann Leeds at al"
    )


def test_the_pdf_is_tagged_and_holds_the_record_for_machines():
    record = public_record(fuel_poverty().state(), core())
    data = record_data.as_json(record, "x")
    made = make_pdf(record_document(record, written_on=DRAFTED_ON), attachment=data)
    assert pdf_ua.faults(made) == set()
    assert pdf_ua.attached(made) == {"record.json": data}
