from __future__ import annotations

import datetime as dt
import string

import pytest

from dsadesk.errors import AnswersError
from dsadesk.questions.check import Finding, check, check_answers_file
from dsadesk.questions.sentences import CODES, say, say_refusal, say_together
from tests.unit.questions.small_sets import parsed, question

TODAY = dt.date(2026, 11, 22)
KINDS = ("text", "long", "choice", "checks", "yesno", "date", "number", "confirm", "repeat", "organisation")


@pytest.mark.parametrize("kind", KINDS)
def test_a_missing_answer_is_said_for_every_kind_of_question(kind: str) -> None:
    (finding,) = check(parsed(question("one.a", kind)), {}, TODAY)
    assert say(finding).startswith("“The question one.a?” ")
    assert say(finding).endswith(".")


LIMITS = {"min_rows": 3, "max_rows": 3, "rows_with": [{"column": "kind", "value": "blue"}]}
SET = parsed(
    question("one.words", limits={"max_words": 1}),
    question("one.chars", limits={"max_chars": 1}),
    question("one.hard", limits={"max_words": 99, "reading_age": 9}),
    question("one.small", "number", limits={"lowest": 5}),
    question("one.large", "number", limits={"highest": 5}),
    question("one.future", "date", limits={"future": True}),
    question("one.past", "date", limits={"past": True}),
    question("one.early", "date", limits={"after": "one.past"}),
    question("one.late", "date", limits={"within_months": 2}),
    question("one.alone", "checks"),
    question("one.table", "repeat", limits=LIMITS),
    question("one.many", "repeat", limits={"max_rows": 1}),
    question("one.confirm", "confirm"),
    question("one.stop", "yesno", stops=[{"when": {"question": "one.stop", "is": True}, "say": {"en": "Stop {now}."}}]),
    question("one.malformed"),
    question("one.waits", prerequisites=["one.malformed"]),
)
ROW = {"kind": "red", "note": "x"}
WRONG = {
    "one.words": "two words",
    "one.chars": "ab",
    "one.hard": "Comprehensive organisational interoperability",
    "one.small": 1,
    "one.large": 1234,
    "one.future": "2026-03-02",
    "one.past": "2027-03-02",
    "one.early": "2027-03-01",
    "one.late": "2028-01-01",
    "one.alone": ["red", "none"],
    "one.table": [{"kind": "red", "email": "x"}, {"kind": "red", "note": "x" * 30}],
    "one.many": [ROW, ROW],
    "one.confirm": False,
    "one.stop": True,
    "one.malformed": 7,
}


def test_every_code_has_a_sentence_and_every_field_in_it_is_there() -> None:
    findings = check(SET, WRONG, TODAY)  # type: ignore[arg-type]
    missing = check(parsed(question("one.a")), {}, TODAY)
    assert {finding.code for finding in (*findings, *missing)} == CODES
    said = [say(finding) for finding in findings]
    assert all(sentence.endswith(".") and sentence[0] in "“ISTE" for sentence in said), said
    assert "“The question one.future?” must be in the future. 2 March 2026 is not." in said
    assert "In “The question one.table?”, row 1 has nothing under “Note”." in said
    assert "“The question one.table?” needs a row where “Kind” is “Blue”." in said
    assert "Stop {now}." in said


def test_what_is_said_of_one_table_is_said_in_one_sentence() -> None:
    def lacks(row: int, column: str) -> Finding:
        return Finding("one.table", "one", "must", "cell-missing", {"label": "What?", "row": row, "column": column})

    def wants(kind: str) -> Finding:
        return Finding("one.table", "one", "must", "row-missing", {"label": "What?", "column": "Kind", "wanted": kind})

    def said(*findings: Finding) -> list[str]:
        return [sentence for _, sentence in say_together(findings)]

    assert said(lacks(1, "Why"), lacks(1, "Level"), lacks(1, "Note")) == [
        "In “What?”, row 1 has nothing under “Why”, “Level” and “Note”."
    ]
    assert said(lacks(2, "Why"), lacks(2, "Level"), lacks(5, "Why")) == [
        "In “What?”, 2 rows still lack something, 3 answers in all. The first is “Why” in row 2."
    ]
    assert said(wants("Red"), wants("Blue")) == ["“What?” says nothing yet about “Red” and “Blue”."]
    alone = [lacks(1, "Why"), wants("Red"), Finding("one.b", "one", "must", "confirm-not-given", {"label": "B"})]
    assert said(*alone) == [say(each) for each in alone]


def test_an_unknown_code_is_still_a_sentence() -> None:
    assert say(Finding("one.a", "one", "must", "new-code", {"label": "Title"})) == "“Title” needs a look."


def test_braces_in_a_label_are_only_letters() -> None:
    found = parsed(question("one.a", label={"en": "What is {label.__class__}?"}))
    assert "{label.__class__}" in say(check(found, {}, TODAY)[0])


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"[]", "The answers file has no names with answers. It should look like {“purpose.aim”: “…”}."),
        (b"{,}", "The answers file is not JSON. The fault is near line 1, column 2."),
        (b"[[[[[[[[[]]]]]]]]]", "The answers file has lists inside lists more than 8 deep."),
        (b'{"\xff', "The answers file is not UTF-8 text. The first byte that does not fit is number 2."),
        (b"x" * 5_000_000, "The answers file is larger than 4194304 bytes."),
    ],
)
def test_a_file_that_cannot_be_used_gets_one_sentence(data: bytes, said: str) -> None:
    with pytest.raises(AnswersError) as refused:
        check_answers_file(SET, data)
    assert say_refusal(refused.value) == (said,)


def test_each_problem_in_a_file_gets_its_sentence() -> None:
    data = b'{"x.y": 1, "one.words": 2, "one.alone": ["red", "red"], "one.table": [{"size": "1"}], "x.y": 1}'
    with pytest.raises(AnswersError) as refused:
        check_answers_file(SET, data)
    assert say_refusal(refused.value) == (
        "x.y stands more than once.",
        "x.y is not a question in this set.",
        "one.words cannot be used. Expected text.",
        "one.alone[1] repeats a choice.",
        "one.table[0].size is not a column of this table. Expected one of the columns: kind, note, day, count, email.",
    )


def test_no_sentence_needs_a_field_that_could_be_code() -> None:
    assert all(code == code.lower() and set(code) <= set(string.ascii_lowercase + "-") for code in CODES)
