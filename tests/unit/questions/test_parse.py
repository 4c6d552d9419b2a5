from __future__ import annotations

import copy
import json
from typing import Any

import pytest

from dsadesk.errors import InputError
from dsadesk.questions.model import Look
from dsadesk.questions.parse import parse_pack, parse_set
from tests.unit.questions.small_sets import COLOURS, SMALL_PACK, parsed, question, set_shape

PACKS = {"legal": parse_pack(json.dumps(SMALL_PACK).encode())}


def refusal_of(shape: object) -> InputError:
    with pytest.raises(InputError) as refused:
        parse_set(json.dumps(shape).encode(), PACKS)
    return refused.value


def test_a_set_is_read_whole() -> None:
    found = parsed(
        question("one.title", key=True, sources=["ICO"], formerly=["old.title"]),
        question("one.basis", "choice", options=None, options_from="legal:bases"),
        question("one.rows", "repeat", when={"question": "one.basis", "is": "task"}),
    )
    assert (found.id, found.version, str(found.released)) == ("small", "1.0.0", "2026-11-20")
    title, basis, rows = found.questions()
    assert (title.section_id, title.codes, title.key, title.formerly) == ("one", ("B1",), True, ("old.title",))
    assert [option.value for option in basis.options] == ["task", "none"]
    assert basis.options[1].alone
    assert rows.when == Look("one.basis", "is", ("task",))
    assert found.question("one.rows") is rows
    assert found.question("two.rows") is None
    assert found.order.index("one.basis") < found.order.index("one.rows")


def test_a_named_condition_stands_for_what_it_says() -> None:
    found = parsed(
        question("one.a", "yesno"),
        question("one.b", when={"condition": "both"}),
        conditions={"yes": {"question": "one.a", "is": True}, "both": {"not": {"condition": "yes"}}},
    )
    assert found.index["one.b"].when is not None
    assert found.order == ("one.a", "one.b")


def without(shape: dict[str, Any], name: str) -> dict[str, Any]:
    return {key: value for key, value in shape.items() if key != name}


A = question("one.a", "choice")
YES = question("one.yes", "yesno")
TABLE = question("one.table", "repeat")
DAY = question("one.day", "date")


@pytest.mark.parametrize(
    ("shape", "path"),
    [
        ([], ""),
        ({}, ""),
        (set_shape(A, format="dsadesk-questions/2"), "format"),
        (set_shape(A) | {"surprise": 1}, ""),
        (set_shape(A, released="20 November 2026"), "released"),
        (set_shape(A, seconds={"text": 1.5}), "seconds[...]"),
        (set_shape(A, seconds={"essay": 1}), "seconds"),
        (set_shape(question("one.a", "essay")), "sections[0].questions[0].type"),
        (set_shape(question("one.a", surprise=1)), "sections[0].questions[0]"),
        (set_shape(question("one.a", label="Title")), "sections[0].questions[0].label"),
        (set_shape(question("one.a", label={"en": "Title", "fr": "Titre"})), "sections[0].questions[0].label"),
        (set_shape(question("one.a", required="sometimes")), "sections[0].questions[0].required"),
        (set_shape(question("one.a", required=None)), "sections[0].questions[0].required"),
        (set_shape(without(question("one.a"), "why")), "sections[0].questions[0]"),
        (set_shape(question("one.a", limits={"max_words": 2.5})), "sections[0].questions[0].limits.max_words"),
        (set_shape(question("one.a", when={"question": "one.b", "equals": 1})), "sections[0].questions[0].when"),
        (set_shape(question("one.a", "repeat", columns=[{"id": "x", "type": "yesno", "label": {"en": "X"}}])), "sections[0].questions[0].columns[0].type"),
    ],
)  # fmt: skip
def test_a_wrong_shape_is_refused_with_its_path(shape: object, path: str) -> None:
    error = refusal_of(shape)
    assert (error.code, error.fields["path"]) == ("shape-wrong", path)
    assert error.fields["problem"]


HERE = "sections[0].questions[0]"
NEXT = "sections[0].questions[1]"


@pytest.mark.parametrize(
    ("shape", "code", "path"),
    [
        (set_shape(A, id="Small Set"), "id-malformed", "id"),
        (set_shape(A, version="1.0"), "version-malformed", "version"),
        (set_shape(A, sections=[]), "section-empty", "sections"),
        (set_shape(), "section-empty", "sections[0]"),
        (set_shape(A, sections=set_shape(A)["sections"] * 2), "id-twice", "sections[1].id"),
        (set_shape(A, sections=[set_shape(A)["sections"][0] | {"id": "One"}]), "id-malformed", "sections[0].id"),
        (set_shape(A, question("one.a")), "id-twice", f"{NEXT}.id"),
        (set_shape(question("title")), "id-malformed", f"{HERE}.id"),
        (set_shape(question("one.Title")), "id-malformed", f"{HERE}.id"),
        (set_shape(question("one.a", codes=["b1"])), "code-malformed", f"{HERE}.codes"),
        (set_shape(question("one.a", sources=["DEA"])), "source-unknown", f"{HERE}.sources"),
        (set_shape(question("one.a", label={"en": " "})), "text-missing", f"{HERE}.label"),
        (set_shape(without(question("one.a"), "hint")), "text-missing", f"{HERE}.hint"),
        (set_shape(question("one.a", limits={})), "limit-missing", f"{HERE}.limits"),
        (set_shape(question("one.a", limits={"max_words": 9, "lowest": 0})), "limit-misplaced", f"{HERE}.limits"),
        (set_shape(question("one.a", "yesno", limits={"lowest": 0})), "limit-misplaced", f"{HERE}.limits"),
        (set_shape(question("one.a", "date", limits={"future": True, "past": True})), "limit-misplaced", f"{HERE}.limits"),
        (set_shape(question("one.a", "choice", options=None)), "options-misplaced", f"{HERE}.options"),
        (set_shape(question("one.a", "choice", options=[])), "options-misplaced", f"{HERE}.options"),
        (set_shape(question("one.a", "text", options=COLOURS)), "options-misplaced", f"{HERE}.options"),
        (set_shape(question("one.a", "choice", options_from="legal:bases")), "options-misplaced", f"{HERE}.options_from"),
        (set_shape(question("one.a", "choice", options=None, options_from="legal:gates")), "list-unknown", f"{HERE}.options_from"),
        (set_shape(question("one.a", "choice", options=None, options_from="clauses:bases")), "list-unknown", f"{HERE}.options_from"),
        (set_shape(question("one.a", "choice", options=[COLOURS[0], COLOURS[0]])), "id-twice", f"{HERE}.options[1].value"),
        (set_shape(question("one.a", "choice", options=[{"value": "Red", "label": {"en": "Red"}}])), "id-malformed", f"{HERE}.options[0].value"),
        (set_shape(question("one.a", "repeat", columns=[])), "columns-misplaced", f"{HERE}.columns"),
        (set_shape(question("one.a", "text", columns=[{"id": "x", "type": "text", "label": {"en": "X"}}])), "columns-misplaced", f"{HERE}.columns"),
        (set_shape(question("one.a", "repeat", columns=[{"id": "x", "type": "text", "label": {"en": "X"}}] * 2)), "id-twice", f"{HERE}.columns[1].id"),
        (set_shape(question("one.a", "repeat", columns=[{"id": "x y", "type": "text", "label": {"en": "X"}}])), "id-malformed", f"{HERE}.columns[0].id"),
        (set_shape(question("one.a", "repeat", columns=[{"id": "x", "type": "choice", "label": {"en": "X"}}])), "options-misplaced", f"{HERE}.columns[0].options"),
        (set_shape(question("one.a", "repeat", limits={"rows_with": [{"column": "x", "value": "red"}]})), "column-unknown", f"{HERE}.limits.rows_with"),
        (set_shape(question("one.a", "repeat", limits={"rows_with": [{"column": "kind", "value": "green"}]})), "option-unknown", f"{HERE}.limits.rows_with"),
        (set_shape(A, seconds={"text": 60}), "seconds-missing", "seconds.choice"),
        (set_shape(A, seconds={"choice": 0}), "seconds-missing", "seconds"),
        (set_shape(A, question("one.b", prerequisites=["one.c"])), "question-unknown", f"{NEXT}.prerequisites"),
        (set_shape(question("one.b", prerequisites=["one.a"]), A), "prerequisite-later", f"{HERE}.prerequisites"),
        (set_shape(DAY, question("one.b", "date", limits={"after": "one.c"})), "question-unknown", f"{NEXT}.limits.after"),
        (set_shape(A, question("one.b", "date", limits={"after": "one.a"})), "condition-kind", f"{NEXT}.limits.after"),
        (set_shape(A, question("one.b", formerly=["one.a"])), "id-twice", "one.b.formerly"),
        (set_shape(question("one.a", formerly=["x.y"]), question("one.b", formerly=["x.y"])), "id-twice", "one.b.formerly"),
    ],
)  # fmt: skip
def test_a_broken_rule_is_refused_with_its_path(shape: object, code: str, path: str) -> None:
    error = refusal_of(shape)
    assert (error.code, error.fields["path"]) == (code, path)


@pytest.mark.parametrize(
    ("condition", "code"),
    [
        ({}, "condition-form"),
        ({"all": []}, "condition-form"),
        ({"any": []}, "condition-form"),
        ({"question": "one.a"}, "condition-form"),
        ({"is": "red"}, "condition-form"),
        ({"question": "one.a", "is": "red", "in": ["red"]}, "condition-form"),
        ({"question": "one.a", "is": "red", "condition": "x"}, "condition-form"),
        ({"not": {"question": "one.a", "is": "red"}, "any": []}, "condition-form"),
        ({"all": [{"question": "one.a", "is": "red"}], "column": "kind"}, "condition-form"),
        ({"condition": "nowhere"}, "condition-unnamed"),
        ({"question": "one.z", "is": "red"}, "question-unknown"),
        ({"all": [{"any": [{"not": {"question": "one.z", "answered": True}}]}]}, "question-unknown"),
        ({"question": "one.a", "is": "green"}, "option-unknown"),
        ({"question": "one.a", "is": True}, "option-unknown"),
        ({"question": "one.a", "in": ["red", "green"]}, "option-unknown"),
        ({"question": "one.a", "includes": "red"}, "condition-kind"),
        ({"question": "one.yes", "is": "yes"}, "condition-kind"),
        ({"question": "one.yes", "in": ["yes"]}, "condition-kind"),
        ({"question": "one.day", "is": "2026-01-01"}, "condition-kind"),
        ({"question": "one.table", "includes": "red"}, "column-unknown"),
        ({"question": "one.table", "column": "size", "includes": "red"}, "column-unknown"),
        ({"question": "one.table", "column": "kind", "is": "red"}, "column-unknown"),
        ({"question": "one.table", "column": "kind", "includes": "green"}, "option-unknown"),
        ({"question": "one.table", "column": "note", "includes": "red"}, "option-unknown"),
        ({"question": "one.a", "column": "kind", "is": "red"}, "column-unknown"),
        ({"question": "one.table", "column": "kind", "answered": True}, "condition-form"),
    ],
)
@pytest.mark.parametrize("place", ["when", "required", "red_flags", "stops", "limits"])
def test_a_meaningless_condition_is_refused_wherever_it_stands(place: str, condition: object, code: str) -> None:
    last = question("one.last", "repeat")
    if place in {"when", "required"}:
        last[place] = condition
    elif place == "limits":
        last["limits"] = {"rows_with": [{"column": "kind", "value": "red", "when": condition}]}
    else:
        last[place] = [{"when": condition, "say": {"en": "Look."}}]
    error = refusal_of(set_shape(A, YES, TABLE, DAY, last))
    assert error.code == code
    assert str(error.fields["path"]).startswith(f"sections[0].questions[4].{place}")


@pytest.mark.parametrize(
    "circle",
    [
        [("one.a", "one.a")],
        [("one.a", "one.b"), ("one.b", "one.a")],
        [("one.a", "one.b"), ("one.b", "one.c"), ("one.c", "one.a")],
    ],
)
def test_conditions_that_go_round_in_a_circle_are_refused(circle: list[tuple[str, str]]) -> None:
    questions = [question(at, when={"question": on, "answered": True}) for at, on in circle]
    error = refusal_of(set_shape(*questions))
    assert error.code == "condition-cycle"
    assert set(error.fields["circle"]) == {at for at, _ in circle}  # type: ignore[arg-type]


def test_a_condition_may_look_at_a_later_question() -> None:
    found = parsed(question("one.a", when={"question": "one.b", "is": True}), question("one.b", "yesno"))
    assert found.order == ("one.b", "one.a")


def test_a_named_condition_may_not_use_one_below_it() -> None:
    shape = set_shape(YES, conditions={"a": {"condition": "b"}, "b": {"question": "one.yes", "is": True}})
    assert refusal_of(shape).code == "condition-unnamed"


def test_a_key_that_stands_twice_is_refused() -> None:
    text = json.dumps(set_shape(A)).replace('"id": "small"', '"id": "small", "id": "large"')
    with pytest.raises(InputError) as refused:
        parse_set(text.encode(), PACKS)
    assert (refused.value.code, refused.value.fields["path"]) == ("key-twice", "id")


def test_a_pack_is_read_whole() -> None:
    pack = parse_pack(json.dumps(SMALL_PACK).encode())
    bases = pack.list_named("bases")
    assert bases is not None
    assert bases.entry("task") == bases.entries[0]
    assert bases.entry("nothing") is None
    assert pack.list_named("gates") is None


@pytest.mark.parametrize(
    ("change", "code", "path"),
    [
        ({"format": "dsadesk-legal/2"}, "shape-wrong", "format"),
        ({"id": "UK law"}, "id-malformed", "id"),
        ({"notice": {"en": ""}}, "text-missing", "notice"),
        ({"dated": "November"}, "shape-wrong", "dated"),
        ({"lists": SMALL_PACK["lists"] * 2}, "id-twice", "lists[1].name"),
        ({"lists": [SMALL_PACK["lists"][0] | {"name": "Bases"}]}, "id-malformed", "lists[0].name"),
        ({"lists": [SMALL_PACK["lists"][0] | {"entries": []}]}, "options-misplaced", "lists[0].entries"),
        ({"lists": [SMALL_PACK["lists"][0] | {"entries": SMALL_PACK["lists"][0]["entries"] * 2}]}, "id-twice", "lists[0].entries[2].value"),
    ],
)  # fmt: skip
def test_a_broken_pack_is_refused_with_its_path(change: dict[str, Any], code: str, path: str) -> None:
    with pytest.raises(InputError) as refused:
        parse_pack(json.dumps(copy.deepcopy(SMALL_PACK) | change).encode())
    assert (refused.value.code, refused.value.fields["path"]) == (code, path)


def test_a_pack_without_a_law_behind_an_entry_is_refused() -> None:
    broken = copy.deepcopy(SMALL_PACK)
    del broken["lists"][0]["entries"][0]["law"]
    with pytest.raises(InputError) as refused:
        parse_pack(json.dumps(broken).encode())
    assert refused.value.fields["path"] == "lists[0].entries[0]"
