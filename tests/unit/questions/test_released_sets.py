from __future__ import annotations

import datetime as dt
import json
import re
from collections.abc import Iterator
from typing import Any

import pytest

from dsadesk.questions.check import check
from dsadesk.questions.conditions import looks_in
from dsadesk.questions.model import Answer, Question, QuestionSet, Text
from dsadesk.questions.readability import assess
from dsadesk.questions.visible import View, applicable, progress
from tests.unit.questions.small_sets import ANSWERS, released_set

NAMES = ("core", "assessment", "after")
OLDEST_READER = 14
LONGEST_SENTENCE = 25
HARDER_THAN_THAT: frozenset[str] = frozenset()
"""Questions whose own words need an older reader, with a reason each. None so far."""

BASE: dict[str, Answer] = {
    "about.kind": "new",
    "about.others": False,
    "about.nations": ["england"],
    "least.published": "no",
    "least.contains": ["none"],
    "least.way": "aggregate",
    "least.rhythm": "one_off",
    "legal.power": "statute",
    "setting.method": "bundle",
    "openness.publish": "yes",
}
PERSONAL: dict[str, Answer] = {
    **BASE,
    "least.contains": ["personal"],
    "least.way": "identifiable",
    "linking.any": False,
}
EVERYTHING: dict[str, Answer] = {
    **PERSONAL,
    "least.contains": ["personal", "special", "criminal", "children", "deceased", "confidential"],
    "linking.any": True,
    "legal.gateway": "dea_s35",
    "about.kind": "renew",
    "about.others": True,
    "about.urgent": True,
    "about.nations": ["england", "wales"],
    "least.published": "partly",
    "least.rhythm": "repeated",
    "purpose.decisions": True,
    "purpose.pilot": True,
    "data.sample": "real",
    "people.opt_out": "none",
    "people.consulted": "no",
    "people.contact": True,
    "legal.confidence": "consent",
    "protection.roles": [{"party": "A", "role": "joint"}],
    "protection.basis": "public_task",
    "protection.special_condition": "substantial_public_interest",
    "protection.law_enforcement": True,
    "protection.dpia_triggers": ["children"],
    "protection.dpia_status": "done",
    "protection.residual": "high",
    "protection.automated": ["train"],
    "protection.outside_uk": True,
    "setting.removable": True,
    "setting.back": True,
    "outputs.onward": True,
    "openness.publish": "delay",
}  # fmt: skip


def texts(question: Question) -> Iterator[Text]:
    yield from (text for text in (question.label, question.hint, question.why, question.example) if text is not None)
    for option in (*question.options, *(each for column in question.columns for each in column.options)):
        yield from (text for text in (option.label, option.hint, option.note) if text is not None)
    for column in question.columns:
        yield from (text for text in (column.label, column.hint) if text is not None)
    for saying in (*question.red_flags, *question.stops):
        yield saying.say


@pytest.fixture(scope="module", params=NAMES)
def any_set(request: pytest.FixtureRequest) -> QuestionSet:
    return released_set(request.param)


def test_every_set_that_ships_can_be_read(any_set: QuestionSet) -> None:
    assert any_set.version == "1.0.0"
    assert any_set.released == dt.date(2026, 11, 20)


def test_every_question_says_why_and_gives_a_hint_or_an_example(any_set: QuestionSet) -> None:
    for question in any_set.questions():
        assert question.why.en.endswith("."), question.id
        assert question.hint is not None, question.id
        assert 1 <= assess(question.why.en).sentences <= 2, question.id


def test_every_question_that_is_typed_shows_a_good_answer(any_set: QuestionSet) -> None:
    typed = [question for question in any_set.questions() if question.kind in {"text", "long", "repeat"}]
    assert [question.id for question in typed if question.example is None] == []


def test_every_example_keeps_within_the_limits_of_its_question(any_set: QuestionSet) -> None:
    for question in any_set.questions():
        if question.example is not None and question.kind in {"text", "long"}:
            limits, example = question.limits, question.example.en
            assert limits.max_words is None or len(example.split()) <= limits.max_words, question.id
            assert limits.max_chars is None or len(example) <= limits.max_chars, question.id
            assert limits.reading_age is None or assess(example).age <= limits.reading_age, question.id


def test_every_question_names_its_source_and_its_place_in_the_bank(any_set: QuestionSet) -> None:
    assert [question.id for question in any_set.questions() if not question.sources or not question.codes] == []


def test_our_own_words_can_be_read_at_fourteen(any_set: QuestionSet) -> None:
    too_hard = {
        question.id: found.age
        for question in any_set.questions()
        if (found := assess("\n".join(text.en for text in (question.label, question.hint, question.why) if text))).age
        > OLDEST_READER
    }
    assert set(too_hard) == HARDER_THAN_THAT & set(any_set.index), too_hard
    assert [section.id for section in any_set.sections if assess(section.lead.en).age > OLDEST_READER] == []


def test_our_own_sentences_are_short_and_free_of_words_to_avoid(any_set: QuestionSet) -> None:
    for question in any_set.questions():
        for text in texts(question):
            found = assess(text.en)
            assert found.longest_sentence_words <= LONGEST_SENTENCE, (question.id, found.longest_sentence)
            assert found.avoid == (), question.id


def test_our_own_words_use_one_apostrophe_and_no_stray_spaces(any_set: QuestionSet) -> None:
    for question in any_set.questions():
        for text in texts(question):
            assert text.en == text.en.strip(), question.id
            assert not re.search(r"\N{RIGHT SINGLE QUOTATION MARK}|  | [,.;:?]", text.en), question.id


def test_section_ids_and_question_ids_are_the_ones_that_drafts_rely_on(core_set: QuestionSet) -> None:
    assert [section.id for section in core_set.sections] == [
        "about", "least", "purpose", "data", "people", "legal", "protection", "benefits",
        "risks", "linking", "setting", "outputs", "keeping", "running", "openness", "assurance",
    ]  # fmt: skip
    assert len(core_set.index) == 157


def test_the_whole_question_bank_is_asked(core_set: QuestionSet) -> None:
    bank = {
        *(f"Z{n}" for n in range(1, 9)), *(f"A{n}" for n in range(1, 13)), *(f"B{n}" for n in range(1, 11)),
        *(f"C{n}" for n in range(1, 11)), *(f"D{n}" for n in range(1, 10)), *(f"E{n}" for n in range(1, 9)),
        *(f"F{n}" for n in range(1, 10)), "G", "G2", "H", *(f"I{n}" for n in range(1, 7)),
        *(f"J{n}" for n in range(1, 11)), *(f"K{n}" for n in range(1, 7)), *(f"L{n}" for n in range(1, 7)),
        *(f"M{n}" for n in range(1, 7)), *(f"N{n}" for n in range(1, 11)), *(f"O{n}" for n in range(1, 5)), "P",
    }  # fmt: skip
    assert {code for question in core_set.questions() for code in question.codes} == bank
    assert {code for name in ("assessment", "after") for q in released_set(name).questions() for code in q.codes} == {
        "Q",
        "R",
    }


def test_a_request_for_data_about_no_one_has_about_35_questions(core_set: QuestionSet) -> None:
    found = applicable(core_set, BASE)
    assert 32 <= len(found) <= 40
    assert {"people", "protection", "linking", "keeping"}.isdisjoint(question.section_id for question in found)


def test_a_request_for_personal_data_has_about_60_questions(core_set: QuestionSet) -> None:
    counts = [
        len(applicable(core_set, {**PERSONAL, "least.way": way})) for way in ("check", "pseudonymised", "identifiable")
    ]
    assert all(54 <= count <= 62 for count in counts), counts
    assert counts == sorted(counts)


def test_a_real_request_for_personal_data_stays_near_60(core_set: QuestionSet) -> None:
    whole = json.loads((ANSWERS / "fuel-poverty.json").read_bytes())["answers"]
    assert len(applicable(core_set, whole)) <= 66


def test_special_data_that_is_joined_brings_up_every_module(core_set: QuestionSet) -> None:
    found = {question.id for question in applicable(core_set, EVERYTHING)}
    left_out = set(core_set.index) - found
    assert left_out == {"legal.gateway_other", "protection.dpia_not_needed"}
    rest = {**EVERYTHING, "legal.gateway": "other", "protection.dpia_status": "not_needed"}
    assert left_out <= {question.id for question in applicable(core_set, rest)}


def test_every_question_of_the_other_sets_can_come_up() -> None:
    after = released_set("after")
    (form,) = (question for question in after.questions() if question.id == "after.form")
    seen = {q.id for option in form.options for q in applicable(after, {"after.form": option.value})}
    assert seen == set(after.index)
    assessment = released_set("assessment")
    seen = {
        question.id
        for outcome in ("approve_with_conditions", "return")
        for question in applicable(
            assessment, {"decision.outcome": outcome, "intake.ours": False, "options.alternatives": ["aggregate"]}
        )
    }
    assert seen == set(assessment.index)


LADDER = ("result", "in_place", "check", "aggregate", "anonymised", "pseudonymised", "identifiable")


@pytest.mark.parametrize("step", range(len(LADDER)))
def test_each_step_down_the_ladder_asks_why_every_step_above_would_not_do(core_set: QuestionSet, step: int) -> None:
    answers: dict[str, Answer] = {"least.published": "no", "least.way": LADDER[step]}
    view, question = View(core_set, answers), core_set.index["least.steps"]
    assert (question in view.questions) is (step > 0)
    assert view.rows_asked(question) == LADDER[:step]
    rows = [{"step": above, "why": "It would not do."} for above in LADDER[:step]]
    assert step == 0 or view.is_required(question)
    for left_out in range(step):
        some: list[dict[str, str]] = rows[:left_out] + rows[left_out + 1 :]
        found = check(core_set, {**answers, "least.steps": some}, dt.date(2026, 11, 22))
        wanted = "row-missing" if some else "answer-missing"
        assert wanted in {each.code for each in found if each.question_id == "least.steps"}
        assert not View(core_set, {**answers, "least.steps": some}).is_answered(question)
    if step:
        whole = {**answers, "least.steps": rows}
        assert [
            each for each in check(core_set, whole, dt.date(2026, 11, 22)) if each.question_id == "least.steps"
        ] == []
        assert View(core_set, whole).is_answered(question)


def test_what_can_be_had_already_is_the_first_thing_that_would_not_do(core_set: QuestionSet) -> None:
    view = View(core_set, {"least.published": "partly", "least.way": "result"})
    assert view.rows_asked(core_set.index["least.steps"]) == ("published",)


def test_a_reason_for_a_step_that_is_not_asked_about_now_is_not_sealed(core_set: QuestionSet) -> None:
    rows = [{"step": "result", "why": "a"}, {"step": "pseudonymised", "why": "b"}]
    view = View(core_set, {"least.published": "no", "least.way": "in_place", "least.steps": rows})
    assert view.as_asked(core_set.index["least.steps"]) == rows[:1]


def test_each_step_says_what_one_would_get(core_set: QuestionSet) -> None:
    assert all(option.hint is not None for option in core_set.index["least.steps"].columns[0].options)


def test_the_ladder_runs_from_the_least_movement_to_the_most(core_set: QuestionSet) -> None:
    assert tuple(option.value for option in core_set.index["least.way"].options) == LADDER


def test_both_kinds_of_risk_have_to_be_there_with_someone_who_accepts_them(core_set: QuestionSet) -> None:
    table = core_set.index["risks.table"]
    assert {need.value for need in table.limits.rows_with} == {"sharing", "not_sharing"}
    required = {column.id for column in table.columns if column.required}
    assert {"kind", "risk", "carrier", "accepter", "residual"} <= required


@pytest.mark.parametrize(
    ("answers", "question_id"),
    [
        ({"about.marking": "above"}, "about.marking"),
        ({"legal.power": "unsure"}, "legal.power"),
        ({"least.published": "not_looked"}, "least.published"),
        ({"least.contains": ["personal"], "data.sample": "real"}, "data.sample"),
    ],
)
def test_what_must_not_be_sent_is_stopped(core_set: QuestionSet, answers: Any, question_id: str) -> None:
    found = check(core_set, answers, dt.date(2026, 11, 22))
    assert [each.question_id for each in found if each.code == "stopped"] == [question_id]


def test_a_real_sample_can_be_attached_where_the_law_already_allows_it(core_set: QuestionSet) -> None:
    answers: dict[str, Answer] = {
        "least.contains": ["personal"], "data.sample": "real", "data.sample_lawful": True,
    }  # fmt: skip
    assert "stopped" not in {each.code for each in check(core_set, answers, dt.date(2026, 11, 22))}


def test_the_key_parts_for_a_summary_are_marked(core_set: QuestionSet) -> None:
    key = [question.id for question in core_set.questions() if question.key]
    assert {"about.title", "purpose.aim", "purpose.summary", "least.way", "data.items", "running.end"} <= set(key)
    assert len(key) <= 20


def test_an_empty_request_starts_below_an_hour(core_set: QuestionSet) -> None:
    assert 30 <= progress(core_set, BASE).minutes_left <= 60


def test_no_condition_looks_at_a_text(any_set: QuestionSet) -> None:
    for question in any_set.questions():
        for look in looks_in(question.when) if question.when is not None else ():
            assert any_set.index[look.question].kind in {"choice", "checks", "yesno", "confirm", "repeat"}
