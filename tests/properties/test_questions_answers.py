from __future__ import annotations

import datetime as dt
import json
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from dsadesk.errors import AnswersError
from dsadesk.questions.check import check, check_answers_file, red_flags
from dsadesk.questions.describe import rows, words
from dsadesk.questions.model import Column, Question
from dsadesk.questions.readability import assess
from dsadesk.questions.sentences import CODES, say, say_refusal
from dsadesk.questions.upgrade import carry_over
from dsadesk.questions.values import misfits
from dsadesk.questions.visible import applicable, progress
from tests.unit.questions.small_sets import parsed, question, released_set

CORE = released_set("core")
RENAMED = parsed(
    *(question(f"new.q{number}", formerly=[f"old.q{number}", f"older.q{number}"]) for number in range(5)),
    question("old.kept", "choice"),
)

DAYS = st.dates(dt.date(2020, 1, 1), dt.date(2035, 12, 31))
TEXTS = st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=40)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)


def cells(column: Column) -> st.SearchStrategy[str]:
    match column.kind:
        case "choice":
            return st.sampled_from([option.value for option in column.options])
        case "date":
            return DAYS.map(dt.date.isoformat)
        case "number":
            return st.integers(0, 10**9).map(str)
        case _:
            return TEXTS


def values(found: Question) -> st.SearchStrategy[Any]:
    match found.kind:
        case "choice":
            return st.sampled_from([option.value for option in found.options])
        case "checks":
            return st.lists(st.sampled_from([option.value for option in found.options]), unique=True)
        case "yesno" | "confirm":
            return st.booleans()
        case "number":
            return st.integers(-(2**53) + 1, 2**53 - 1)
        case "date":
            return DAYS.map(dt.date.isoformat)
        case "repeat":
            return st.lists(st.fixed_dictionaries({}, optional={c.id: cells(c) for c in found.columns}), max_size=3)
        case _:
            return TEXTS


FITTING = st.fixed_dictionaries({}, optional={found.id: values(found) for found in CORE.questions()})
ANYTHING = st.dictionaries(st.sampled_from([*CORE.index, "gone.a", "gone.b"]), JSON, max_size=12)


def outcome(data: bytes) -> tuple[dict[str, Any], AnswersError | None]:
    """Return what an answers file holds, or why it is refused."""
    try:
        return check_answers_file(CORE, data), None
    except AnswersError as error:
        return {}, error


@settings(max_examples=60, deadline=None)
@given(FITTING, DAYS)
def test_answers_that_fit_are_taken_in_unchanged_and_every_finding_has_its_sentence(
    answers: dict[str, Any], today: dt.date
) -> None:
    assert check_answers_file(CORE, json.dumps(answers).encode()) == answers
    found = check(CORE, answers, today)
    assert {each.code for each in found} <= CODES
    assert all(say(each) for each in found)
    order = [each.id for each in applicable(CORE, answers)]
    at = [order.index(each.question_id) for each in found]
    assert at == sorted(at)
    assert {flag.question_id for flag in red_flags(CORE, answers)} <= set(order)
    for question_id, value in answers.items():
        assert isinstance(words(CORE.index[question_id], value), str)
        rows(CORE.index[question_id], value)


MISSING = {"answer-missing", "answer-earlier-first", "confirm-not-given", "too-few-rows", "row-missing", "cell-missing"}


@settings(max_examples=60, deadline=None)
@given(FITTING)
def test_nothing_required_is_missing_exactly_where_progress_says_done(answers: dict[str, Any]) -> None:
    found = progress(CORE, answers)
    missing = {
        each.section_id
        for each in check(CORE, answers, dt.date(2026, 11, 22))
        if each.severity == "must" and each.code in MISSING
    }
    for section in found.sections:
        if section.state == "done":
            assert section.id not in missing
        assert section.answered <= section.total
    assert found.minutes_left > 0 or found.answered == found.total


@settings(max_examples=150, deadline=None)
@given(ANYTHING)
def test_a_draft_of_any_json_can_be_looked_at_without_falling_over(answers: dict[str, Any]) -> None:
    applicable(CORE, answers)
    progress(CORE, answers)
    red_flags(CORE, answers)
    assert all(say(each) for each in check(CORE, answers, dt.date(2026, 11, 22)))


@settings(max_examples=150, deadline=None)
@given(ANYTHING)
def test_an_answers_file_is_taken_whole_or_refused_whole(answers: dict[str, Any]) -> None:
    taken, error = outcome(json.dumps(answers).encode())
    if error is None:
        assert taken == answers
        assert all(not misfits(CORE.index[key], value) for key, value in answers.items())
    else:
        assert all(say_refusal(error))
        assert any(key not in CORE.index or misfits(CORE.index[key], value) for key, value in answers.items())


@settings(max_examples=200, deadline=None)
@given(st.binary(max_size=200))
def test_any_bytes_are_read_or_refused_with_a_reason(data: bytes) -> None:
    taken, error = outcome(data)
    assert taken == {} if error is None else all(say_refusal(error))


OLD_IDS = st.sampled_from(
    [*RENAMED.index, *(f"old.q{number}" for number in range(6)), *(f"older.q{number}" for number in range(6)), "gone.a"]
)


@settings(max_examples=200, deadline=None)
@given(st.dictionaries(OLD_IDS, TEXTS | st.sampled_from(["red", "blue"]) | JSON, max_size=14))
def test_no_answer_is_ever_lost_when_the_set_changes(answers: dict[str, Any]) -> None:
    carried = carry_over(answers, RENAMED)
    moved = {each.old_id: each.value for each in carried.moved}
    assert {**carried.kept, **moved, **carried.orphaned} == answers
    assert len(carried.kept) + len(moved) + len(carried.orphaned) == len(answers)
    assert len({each.new_id for each in carried.moved} | set(carried.kept)) == len(carried.moved) + len(carried.kept)
    assert all(not misfits(RENAMED.index[key], value) for key, value in carried.answers().items())


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=400))
def test_any_text_can_be_assessed(text: str) -> None:
    found = assess(text)
    assert (found.words == 0) is (found.age == 0)
    assert found.sentences <= found.words
    assert found.longest_sentence_words <= found.words
    assert found.longest_sentence in text
    assert all(text[each.start :].startswith(each.found) for each in found.avoid)
