from __future__ import annotations

import json
import os
import re
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dsadesk.codec import canonical
from dsadesk.documents import html, markdown
from dsadesk.documents.agreement import draft_agreement
from dsadesk.documents.agreement_type import AgreementType
from dsadesk.documents.layout import Callout, Document, Facts, Heading, Paragraph, Quote, Table, from_tree, to_tree
from dsadesk.domain.events import QuestionAnswered, QuestionAsked, RequestApproved, RequestReceived
from dsadesk.domain.ids import PersonId, QuestionId
from dsadesk.domain.organisation import Official, Side
from dsadesk.questions.model import Question
from dsadesk.questions.parse import parse_pack, parse_set
from dsadesk.questions.visible import View
from dsadesk.resources import path
from tests.unit.documents import pdf_ua
from tests.unit.documents.documents import NASTY, make_pdf, text_of_pdf
from tests.unit.documents.states import (
    DRAFTED_ON,
    Story,
    agreement_for,
    answers,
    bathing_water,
    core,
    fuel_poverty,
    standing_terms,
)

SNAPSHOTS = Path(__file__).parents[2] / "snapshots" / "documents"
UPDATES = os.environ.get("DSADESK_UPDATE_SNAPSHOTS") == "1"
PEOPLE = {
    Side.REQUESTER: Official(PersonId("p1"), "Tom Adeyemi", "Manager"),
    Side.SUPPLIER: Official(PersonId("p2"), "Peter Okafor", "Head of Revenues"),
}


def _told(given: dict[str, Any], **submission: Any) -> Story:
    return Story(given, "Aldershire County Council", "Wenlow District Council", PEOPLE, **submission)


def _text(made: Document) -> str:
    return markdown.render(made).decode()


def _section(made: Document, title: str) -> list[Any]:
    blocks, inside = [], False
    for block in made.blocks:
        if isinstance(block, Heading) and block.level == 1:
            inside = block.text == title
        elif inside:
            blocks.append(block)
    return blocks


@pytest.mark.parametrize(("name", "tell"), [("bathing-water", bathing_water), ("fuel-poverty", fuel_poverty)])
def test_the_agreement_reads_as_it_did_when_a_person_last_read_it_whole(name, tell):
    made = markdown.render(agreement_for(tell()))
    place = SNAPSHOTS / f"agreement-{name}.md"
    if UPDATES:
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(made)
    assert made.decode() == place.read_text("utf-8"), "read the change, then run with DSADESK_UPDATE_SNAPSHOTS=1"


@pytest.mark.parametrize("tell", [bathing_water, fuel_poverty])
def test_the_agreement_passes_every_rule_as_pdf_and_carries_the_signed_bytes(tell):
    made = agreement_for(tell())
    signed = canonical.encode(to_tree(made))
    data = make_pdf(made, attachment=signed)
    assert pdf_ua.faults(data) == set()
    assert pdf_ua.attached(data) == {"agreement.json": signed}
    assert from_tree(json.loads(signed)) == made


def test_the_same_request_gives_the_same_text():
    assert agreement_for(fuel_poverty()) == agreement_for(fuel_poverty())


def test_the_parties_are_those_who_signed_the_event_whatever_the_answers_say():
    given = answers("fuel-poverty") | {"about.organisation": "Somebody Else", "about.supplier": "A Third Body"}
    text = _text(agreement_for(_told(given)))
    assert "The requester, Aldershire County Council, asks the supplier, Wenlow District Council, for data." in text
    assert "Somebody Else" not in text
    assert "A Third Body" not in text


def test_what_the_request_does_not_say_is_said_in_its_section():
    unsaid = {"running.incident", "running.review"}
    silent = {name: value for name, value in answers("fuel-poverty").items() if name not in unsaid}
    gaps = [
        block.text
        for block in _section(agreement_for(_told(silent)), "Running this agreement")
        if isinstance(block, Callout)
    ]
    dashed = (
        "The request does not say, and the parties have yet to settle:\n"
        "\N{EN DASH} When will you look at it again together?\n\N{EN DASH} Who is told if something goes wrong?"
    )
    assert gaps == [dashed]


def test_an_empty_request_has_every_section_and_names_what_is_missing():
    made = agreement_for(_told({}))
    titles = [block.text for block in made.blocks if isinstance(block, Heading) and block.level == 1]
    full = [
        block.text for block in agreement_for(fuel_poverty()).blocks if isinstance(block, Heading) and block.level == 1
    ]
    assert titles == full
    assert made.title == "Untitled request"
    gaps = "\n".join(block.text for block in made.blocks if isinstance(block, Callout) and block.tone == "gap")
    for question in (
        "about.people", "purpose.aim", "purpose.not_for", "benefits.table", "legal.power", "legal.gateway", "data.items", "risks.table",
        "setting.method", "keeping.until", "outputs.onward", "running.end", "running.review",
    ):  # fmt: skip
        asked = core().question(question)
        assert asked is not None
        assert asked.label.en in gaps, question


def test_an_answer_that_a_reply_changed_stands_as_changed():
    text = _text(agreement_for(fuel_poverty()))
    assert "The requester keeps the data until 31 March 2028." in text
    assert "30 April 2028" not in text
    assert "With that reply the answer became: 31 March 2028." in text


def test_questions_and_replies_are_part_of_it_with_who_and_when():
    blocks = _section(agreement_for(fuel_poverty()), "Questions and replies")
    assert Quote("One winter ends in March. Why do you need April?") in blocks
    assert (
        Paragraph("The supplier asked on 5 November 2026 (Dafydd Ŷnyr Rees, Information Governance Officer):") in blocks
    )
    assert Quote("Nobody. There is one letter, and silence is an answer.") in blocks
    assert Heading(2, "Question 2: The request as a whole") in blocks


def test_a_question_without_a_reply_is_a_gap():
    story = _told(answers("fuel-poverty"))
    story.say(Side.SUPPLIER, "2026-11-04T10:00:00Z", RequestReceived(submission=story.events[0].id))
    story.say(Side.SUPPLIER, "2026-11-05T10:00:00Z", QuestionAsked(question=QuestionId("purpose.aim"), text="Why?"))
    assert Callout("gap", "The requester has not replied to this question.") in agreement_for(story).blocks


def test_conditions_are_numbered_and_count_before_answers():
    blocks = _section(agreement_for(fuel_poverty()), "The supplier's decision and conditions")
    texts = [block.text for block in blocks if isinstance(block, Paragraph)]
    assert "Condition 1: The list is deleted by 31 March 2028 and we receive the certificate within two weeks." in texts
    assert any("the condition counts" in text for text in texts)
    assert (
        texts[0]
        == "The supplier agreed in principle on 16 November 2026. The decision was taken by Peter Okafor, Head of Revenues."
    )
    assert Quote("The need is clear, the list is short and the letter is fair. Two conditions keep it so.") in blocks


def test_a_decision_without_conditions_says_so():
    blocks = _section(agreement_for(bathing_water()), "The supplier's decision and conditions")
    assert Paragraph("The supplier set no conditions.") in blocks
    assert not any("the condition counts" in getattr(block, "text", "") for block in blocks)


def test_a_request_that_is_not_approved_says_so():
    assert Paragraph("The supplier has not yet agreed in principle.") in agreement_for(_told({})).blocks


def test_samples_are_listed_with_their_check_values():
    blocks = _section(agreement_for(bathing_water()), "Samples that the supplier could look at")
    (table,) = [block for block in blocks if isinstance(block, Table)]
    assert table.rows == (
        (
            "Ŵyn sampling points (made up).csv",
            "Made up",
            "14.8 kB",
            "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
        ),
    )


def test_risks_of_sharing_and_of_not_sharing_stand_apart_and_say_who_accepts_them():
    tables = [block for block in agreement_for(fuel_poverty()).blocks if isinstance(block, Table)]
    captions = {table.caption: table for table in tables}
    assert len(captions["Risks of sharing"].rows) == 2
    assert len(captions["Risks of not sharing"].rows) == 1
    assert "Accepted by Peter Okafor" in captions["Risks of sharing"].rows[1][4]


def test_benefits_name_the_group_and_the_nation():
    tables = {block.caption: block for block in agreement_for(bathing_water()).blocks if isinstance(block, Table)}
    assert [row[0] for row in tables["Benefits"].rows] == ["A community\nWales", "A public service\nThe whole UK"]


def test_every_standing_term_is_traced_to_its_source():
    made = agreement_for(fuel_poverty())
    traced = {block.caption: block for block in made.blocks if isinstance(block, Table)}[
        "What the standing terms stand on"
    ]
    numbers = {number for row in traced.rows for number in row[0].split(", ")}
    said = dict(
        line.split(" ", 1) for line in _text(made).replace("\\", "").split("\n") if re.match(r"\d+\.\d+ ", line)
    )
    standing = {clause.text for clause in standing_terms().clauses}
    assert {number for number, text in said.items() if text in standing} == numbers
    assert len(numbers) > 25


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({}, AgreementType.DEA_INFORMATION_SHARING),
        ({"legal.gateway": "common_law"}, AgreementType.RECIPROCAL_SHARING),
        ({"legal.gateway": "common_law", "setting.back": False}, AgreementType.ONE_OFF_USAGE),
        ({"legal.gateway": "common_law", "setting.back": False, "least.rhythm": "repeated"}, AgreementType.ONE_WAY_SHARING),
        ({"legal.gateway": "common_law", "least.way": "in_place"}, AgreementType.ACCESS_IN_PLACE),
        (
            {"protection.roles": [{"party": "Wenlow District Council", "role": "processor"}, {"party": "we", "role": "controller"}]},
            AgreementType.PROCESSOR_CONTRACT,
        ),
    ],
)  # fmt: skip
def test_the_title_is_that_of_the_type(change, expected):
    made = agreement_for(_told(answers("fuel-poverty") | change))
    assert made.subtitle == standing_terms().terms_of(expected).title


def test_an_answer_to_a_question_that_does_not_apply_has_no_say():
    given = answers("bathing-water") | {"legal.gateway": "dea_s35", "protection.outside_uk": True}
    made = agreement_for(_told(given))
    assert made.subtitle == "One-way data sharing agreement"
    assert "Digital Economy Act" not in _text(made)


def test_a_supplier_s_own_question_is_among_the_other_answers():
    raw = json.loads(path("questions", "core", "1.0.0.json").read_bytes())
    raw["sections"][0]["questions"].append(
        {
            "id": "own.flood_zone",
            "codes": [],
            "hint": {"en": "See the map."},
            "type": "text",
            "label": {"en": "Which flood zone?"},
            "why": {"en": "We bill by zone."},
            "required": "always",
            "limits": {"max_chars": 100},
        }
    )
    legal = parse_pack(path("legal", "uk-2026-11.json").read_bytes())
    longer = parse_set(json.dumps(raw).encode(), {"legal": legal})
    state = _told(answers("fuel-poverty") | {"own.flood_zone": "Zone 3b"}).state()
    made = draft_agreement(state, longer, version=1, drafted_on=DRAFTED_ON, clauses=standing_terms())
    assert _section(made, "Other answers that are part of this agreement") == [
        Facts((("Which flood zone?", "Zone 3b"),))
    ]


def _answer_to(question: Question, pick: int) -> Any:
    """An answer with a mark in it that can be found again, choosing options by `pick`."""
    mark = f"MARK {question.id.replace('.', ' ').replace('_', ' ')}"
    match question.kind:
        case "text" | "long" | "organisation":
            return mark
        case "choice":
            return question.options[pick % len(question.options)].value
        case "checks":
            usual = [option.value for option in question.options if not option.alone]
            return usual if pick % 2 == 0 else [question.options[pick % len(question.options)].value]
        case "yesno":
            return pick % 2 == 0
        case "confirm":
            return True
        case "date":
            return "2027-03-02"
        case "number":
            return 12
        case "repeat":
            return [
                {
                    column.id: column.options[(pick + row) % len(column.options)].value
                    if column.options
                    else {"date": "2027-03-02", "number": "7", "email": "a@b.example"}.get(
                        column.kind, f"{mark} {column.id}"
                    )
                    for column in question.columns
                }
                for row in range(max(2, (question.limits.min_rows or 0)))
            ]


def _everything_answered(pick: int) -> dict[str, Any]:
    given: dict[str, Any] = {"least.contains": ["personal", "special", "criminal", "children"]} if pick < 4 else {}
    while True:
        new = {q.id: _answer_to(q, pick) for q in View(core(), given).questions if q.id not in given}
        if not new:
            return given
        given |= new


@pytest.mark.parametrize("pick", range(8))
def test_no_answer_is_lost_on_the_way_into_the_agreement(pick):
    given = _everything_answered(pick)
    made = agreement_for(_told(given))
    text = re.sub(r"\s+", " ", html.render(made).decode())
    assert "Other answers" not in text
    left_out = {"about.title", "about.organisation", "about.supplier"}
    for question in View(core(), given).questions:
        if question.id in left_out or question.kind not in {"text", "long", "repeat"}:
            continue
        mark = f"MARK {question.id.replace('.', ' ').replace('_', ' ')}"
        wanted = (
            [f"{mark} {c.id}" for c in question.columns if c.kind in {"text", "long"}] if question.columns else [mark]
        )
        for words in wanted:
            assert words in text, words


def test_no_answer_can_become_markup(tmp_path: Path):
    given = {
        name: NASTY if isinstance(value, str) and " " in value else value
        for name, value in answers("fuel-poverty").items()
    }
    story = _told(given, title=NASTY, reference=NASTY)
    story.say(Side.SUPPLIER, "2026-11-04T10:00:00Z", RequestReceived(submission=story.events[0].id))
    asked = story.say(Side.SUPPLIER, "2026-11-05T10:00:00Z", QuestionAsked(question=QuestionId(NASTY), text=NASTY))
    story.say(Side.REQUESTER, "2026-11-06T10:00:00Z", QuestionAnswered(asked=asked, text=NASTY))
    story.say(
        Side.SUPPLIER,
        "2026-11-07T10:00:00Z",
        RequestApproved(conditions=(NASTY,), reasons=NASTY, decided_by=Official(PersonId("p"), NASTY, NASTY)),
    )
    made = agreement_for(story)
    assert b"<script>" not in html.render(made)
    said = re.sub(r"\s+", " ", text_of_pdf(make_pdf(made), tmp_path))
    assert said.count("<script>eight</script>") > 20


JUNK = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=30),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)


@settings(max_examples=40, suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(st.data())
def test_no_submission_can_keep_the_agreement_from_being_drawn_up(data):
    ids = data.draw(
        st.lists(st.sampled_from([question.id for question in core().questions()]), max_size=12, unique=True)
    )
    given = (
        answers("fuel-poverty")
        | {name: data.draw(JUNK) for name in ids}
        | {data.draw(st.text(max_size=9)): data.draw(JUNK)}
    )
    text = data.draw(st.text(max_size=40))
    made = agreement_for(Story(given, text, text, PEOPLE, title=text, reference=text))
    assert from_tree(to_tree(made)) == made
